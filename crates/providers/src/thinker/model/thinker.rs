//! The thinker of one conversation that asks language models.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::sync::mpsc;
use voice::{
    conversation::EndCause,
    script::ScriptRun,
    thinker::{Decision, Expected, Heard, ThinkRequest, TurnId},
};

use super::{
    backend::{Backend, Delta, Item},
    chain::{Chain, Opened, Round},
    failure::{ModelFailure, short},
    memory::Memory,
    prompt::{self, GO_ON, Message, Prompt, ToolCall, ToolRound, ToolSpec},
    settings::{ModelThinkerSettings, TransferFunction},
    speech::{Act, Speech},
    tools::Toolbox,
};
use crate::port::{Called, DETAIL_CHARS_MAX, Noted, Outcome, Step, Thinker, Thought, Thoughts};

/// Orders that may wait; a newer question makes an older one void.
const ORDERS_MAX: usize = 32;

/// Rounds of tools in one answer.
const ROUNDS_MAX: usize = 6;

/// Back ends that may break off in one answer.
const BREAKS_MAX: usize = 2;

/// Rounds of tools that are remembered.
const MEMORY_MAX: usize = 50;

/// The function by which a model ends the call, as the vendor names it.
const CALL_END: &str = "call_end";

/// One conversation's thinker that asks language models.
#[derive(Debug)]
pub struct ModelThinker(mpsc::Sender<Order>);

#[derive(Debug)]
enum Order {
    Ask(Box<ThinkRequest>),
    Stop(TurnId),
}

impl ModelThinker {
    /// Nothing is asked before the first question; MCP servers are connected to at once. Must be
    /// called within a tokio runtime.
    ///
    /// # Panics
    ///
    /// Panics without a back end.
    pub fn new(
        client: reqwest::Client,
        settings: ModelThinkerSettings,
        thoughts: Thoughts,
    ) -> Self {
        let (orders, inbox) = mpsc::channel(ORDERS_MAX);
        let talk = Talk::new(client, settings, thoughts);
        tokio::spawn(run(talk, inbox));
        Self(orders)
    }

    fn order(&self, order: Order) {
        if self.0.try_send(order).is_err() {
            tracing::warn!("a language model is asked faster than it can be told");
        }
    }
}

impl Thinker for ModelThinker {
    fn ask(&mut self, request: ThinkRequest) {
        self.order(Order::Ask(Box::new(request)));
    }

    fn stop(&mut self, turn: TurnId) {
        self.order(Order::Stop(turn));
    }
}

/// Answers until nobody asks any more.
async fn run(mut talk: Talk, mut inbox: mpsc::Receiver<Order>) {
    let mut next = inbox.recv().await;
    while let Some(order) = next {
        next = match order {
            Order::Stop(_) => inbox.recv().await,
            Order::Ask(request) => {
                tokio::select! {
                    newer = void(&mut inbox, request.turn) => newer,
                    () = talk.answer(&request) => inbox.recv().await,
                }
            }
        };
    }
}

/// The order that makes the answer to `turn` void; `None` when the conversation is over.
async fn void(inbox: &mut mpsc::Receiver<Order>, turn: TurnId) -> Option<Order> {
    loop {
        match inbox.recv().await? {
            Order::Stop(stopped) if stopped != turn => {}
            order => return Some(order),
        }
    }
}

/// What a thinker knows of its conversation.
struct Talk {
    settings: ModelThinkerSettings,
    thoughts: Thoughts,
    chain: Chain,
    tools: Arc<Toolbox>,
    specs: Option<Vec<ToolSpec>>,
    memory: Arc<Mutex<Vec<ToolRound>>>,
    n_fillers: usize,
    /// What was given to remember last.
    remembered: Option<String>,
}

/// How one back end's answer ended.
struct Streamed {
    calls: Vec<ToolCall>,
    wants_human: bool,
    /// Why it broke off, and which back end.
    broke: Option<(usize, ModelFailure)>,
}

impl Talk {
    fn new(
        client: reqwest::Client,
        mut settings: ModelThinkerSettings,
        thoughts: Thoughts,
    ) -> Self {
        let backends = std::mem::take(&mut settings.backends)
            .into_iter()
            .map(|backend| Backend::new(client.clone(), backend, settings.dify.clone()))
            .collect();
        let (http, mcp) = (
            std::mem::take(&mut settings.tools),
            std::mem::take(&mut settings.mcp),
        );
        let chain = Chain::new(backends, settings.failover_after);
        let recalled = settings.recalled.take();
        let memory = recalled.as_deref().and_then(Memory::read);
        let memory = memory.unwrap_or_default();
        memory.give_back(&chain);
        Self {
            chain,
            tools: Arc::new(Toolbox::new(client, http, mcp)),
            specs: None,
            memory: Arc::new(Mutex::new(memory.rounds())),
            n_fillers: 0,
            remembered: recalled,
            settings,
            thoughts,
        }
    }

    async fn answer(&mut self, request: &ThinkRequest) {
        let turn = request.turn;
        if let Some(decisions) = self.written(request) {
            return self.thoughts.put_all(turn, decisions);
        }
        let thoughts = self.thoughts.clone();
        let medium = self.settings.medium;
        let mut speech = Speech::new(turn, &thoughts, medium);
        let filler = self.filler();
        let has_spoken = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let filling = async {
            let Some((after, line)) = filler else {
                return std::future::pending().await;
            };
            tokio::time::sleep(after).await;
            if !has_spoken.load(std::sync::atomic::Ordering::Relaxed) {
                Speech::new(turn, &thoughts, medium).say(line, true).await;
            }
            std::future::pending::<()>().await;
        };
        let done = tokio::select! {
            done = self.rounds(request, &mut speech, &has_spoken) => done,
            () = filling => return,
        };
        self.remember(turn).await;
        let step = match done {
            Ok(decision) => Step::Decision {
                decision,
                last: true,
            },
            Err(why) => Step::Failed { why },
        };
        thoughts.put(Thought { turn, step }).await;
    }

    /// Gives what is to be remembered, if it is not what was given before.
    async fn remember(&mut self, turn: TurnId) {
        if !self.settings.remembers {
            return;
        }
        let memory = Memory::of(&self.chain, &self.memory()).text();
        if memory != self.remembered {
            self.remembered.clone_from(&memory);
            let step = Step::Remember(memory.unwrap_or_default());
            self.thoughts.put(Thought { turn, step }).await;
        }
    }

    /// What is said without asking a model.
    fn written(&mut self, request: &ThinkRequest) -> Option<Vec<Decision>> {
        let settings = &mut self.settings;
        let is_written = match request.heard {
            Heard::Start => !settings.greets,
            // Somebody waits for an answer: without a greeting the model goes on.
            Heard::TakenOver => {
                let script = settings.script.as_ref();
                !settings.greets && script.is_some_and(ScriptRun::greets)
            }
            Heard::Silence { .. } => settings.prompts_silence,
            Heard::Unclear => settings.prompts_unclear,
            Heard::TransferFailed => return self.transfer_failed(),
            Heard::Utterance(_)
            | Heard::Digits(_)
            | Heard::AgentRefused(_)
            | Heard::Instruction(_) => false,
        };
        let script = settings.script.as_mut().filter(|_| is_written)?;
        let listen = Decision::Listen(Expected {
            phrases: settings.phrases.clone(),
            keys: Vec::new(),
            dictation: None,
            gather: None,
        });
        let is_words = |decision: &Decision| !matches!(decision, Decision::Listen(_));
        let mut decisions: Vec<Decision> =
            script.think(request).into_iter().filter(is_words).collect();
        decisions.push(listen);
        Some(decisions)
    }

    fn transfer_failed(&self) -> Option<Vec<Decision>> {
        let failed = &self.settings.transfer_failed;
        if failed.go_on {
            return None;
        }
        let line = failed.say.clone().or_else(|| self.settings.goodbye.clone());
        let say = line.map(|line| Decision::Say {
            line,
            interruptible: false,
        });
        let cause = EndCause::TransferFailed;
        Some(
            say.into_iter()
                .chain([Decision::HangUp { cause }])
                .collect(),
        )
    }

    fn filler(&mut self) -> Option<(Duration, voice::line::Line)> {
        let filler = self.settings.filler.as_ref()?;
        let line = filler
            .lines
            .get(self.n_fillers % filler.lines.len().max(1))?
            .clone();
        self.n_fillers += 1;
        Some((filler.after, line))
    }

    /// Asks until there is an answer without tools. Gives the last decision.
    async fn rounds(
        &mut self,
        request: &ThinkRequest,
        speech: &mut Speech<'_>,
        has_spoken: &std::sync::atomic::AtomicBool,
    ) -> Result<Decision, String> {
        let (mut n_rounds, mut n_breaks, mut without) = (0, 0, None);
        // What was told before the tools' last round.
        let mut n_told = 0;
        let specs = self.specs().await;
        let mut until = Instant::now() + self.settings.answer_max;
        loop {
            let broken_off = without.map(|_| &speech.told()[n_told..]);
            let prompt = self.prompt(request, specs.clone(), broken_off);
            let round = Round {
                turn: request.turn,
                thoughts: &self.thoughts,
                prompt: Arc::new(prompt),
                until,
                without,
            };
            let opened = match self.chain.open(&round).await {
                Ok(opened) => opened,
                // The caller has heard something: better than to begin anew.
                Err(why) if !speech.told().is_empty() => {
                    tracing::info!(why, "an answer remains a half one");
                    return Ok(self.listen());
                }
                Err(why) => return Err(why),
            };
            self.remember(request.turn).await;
            let streamed = self.stream(opened, speech, has_spoken).await;
            if let Some((backend, why)) = streamed.broke {
                n_breaks += 1;
                let may_go_on =
                    speech.told().is_empty() || !self.chain.backend(backend).keeps_history();
                if n_breaks > BREAKS_MAX || !may_go_on {
                    return if speech.told().is_empty() {
                        Err(why.to_string())
                    } else {
                        Ok(self.listen())
                    };
                }
                without = Some(backend);
                until = Instant::now() + self.settings.answer_max;
                continue;
            }
            if let Some(act) = speech.act() {
                return Ok(act.decision(self.first_target()));
            }
            if streamed.wants_human {
                return Ok(Act::Transfer(None).decision(self.first_target()));
            }
            if streamed.calls.is_empty() || n_rounds >= ROUNDS_MAX {
                return Ok(self.listen());
            }
            if let Some(last) = self.functions(request.turn, &streamed.calls, speech).await {
                return Ok(last);
            }
            n_rounds += 1;
            let said = speech.told()[n_told..].trim().to_owned();
            n_told = speech.told().len();
            self.call_tools(request, said, streamed.calls).await;
            (without, until) = (None, Instant::now() + self.settings.answer_max);
        }
    }

    /// Tells what a back end says until its end.
    async fn stream(
        &mut self,
        opened: Opened,
        speech: &mut Speech<'_>,
        has_spoken: &std::sync::atomic::AtomicBool,
    ) -> Streamed {
        let Opened { mut attempt, first } = opened;
        let backend = attempt.backend;
        let mut streamed = Streamed {
            calls: Vec::new(),
            wants_human: false,
            broke: None,
        };
        let mut delta = first;
        let mut is_over = delta.is_none();
        loop {
            match delta.take() {
                Some(Delta::Text(text)) => speech.push(&text).await,
                Some(Delta::Replace(text)) => speech.replace(&text).await,
                Some(Delta::Calls(calls)) => streamed.calls = calls,
                Some(Delta::Human) => streamed.wants_human = true,
                Some(Delta::Calling) | None => {}
            }
            if !speech.told().is_empty() {
                has_spoken.store(true, std::sync::atomic::Ordering::Relaxed);
            }
            if is_over {
                break;
            }
            match attempt.next().await {
                Item::Delta(next) => delta = Some(next),
                Item::End(Ok(())) => is_over = true,
                Item::End(Err(why)) => {
                    self.chain.failed(attempt, &why);
                    speech.flush().await;
                    streamed.broke = Some((backend, why));
                    return streamed;
                }
            }
        }
        attempt.answered();
        speech.flush().await;
        streamed
    }

    /// Carries out the functions that are ours; the first one that ends the answer wins.
    async fn functions(
        &self,
        turn: TurnId,
        calls: &[ToolCall],
        speech: &Speech<'_>,
    ) -> Option<Decision> {
        for call in calls {
            if call.name == CALL_END && self.settings.call_end.is_some() {
                self.called(turn, call, Duration::ZERO, &Ok(String::new()));
                if let Some(line) = self
                    .settings
                    .goodbye
                    .clone()
                    .filter(|_| speech.told().is_empty())
                {
                    speech.say(line, false).await;
                }
                return Some(Decision::HangUp {
                    cause: EndCause::FunctionCalled,
                });
            }
            let transfers = &self.settings.transfers;
            if let Some(transfer) = transfers.iter().find(|transfer| transfer.name == call.name) {
                self.called(turn, call, Duration::ZERO, &Ok(String::new()));
                if let Some(line) = &transfer.say {
                    speech.say(line.clone(), false).await;
                }
                return Some(Decision::hand_over(transfer.target.clone()));
            }
        }
        None
    }

    /// Calls tools, all at once. They go on when nobody wants the answer any more: what they do is
    /// done, and the next question knows of it.
    async fn call_tools(&self, request: &ThinkRequest, said: String, calls: Vec<ToolCall>) {
        let place = {
            let mut memory = self.memory();
            if memory.len() >= MEMORY_MAX {
                return;
            }
            memory.push(ToolRound {
                turn: request.turn,
                said,
                at: request.history.len(),
                answers: vec![None; calls.len()],
                calls: calls.clone(),
            });
            memory.len() - 1
        };
        let tasks: Vec<_> = calls
            .into_iter()
            .enumerate()
            .map(|(idx, call)| {
                let (tools, memory) = (Arc::clone(&self.tools), Arc::clone(&self.memory));
                let (thoughts, turn) = (self.thoughts.clone(), request.turn);
                tokio::spawn(async move {
                    let since = Instant::now();
                    let answer = tools.call(&call.name, &call.arguments).await;
                    note_call(&thoughts, turn, &call, since.elapsed(), &answer);
                    let text = answer.unwrap_or_else(|why| format!("Error: {why}"));
                    let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
                    memory[place].answers[idx] = Some(text);
                })
            })
            .collect();
        for task in tasks {
            if let Err(panic) = task.await {
                tracing::error!(%panic, "a tool has ended badly");
            }
        }
    }

    fn called(
        &self,
        turn: TurnId,
        call: &ToolCall,
        took: Duration,
        answer: &Result<String, String>,
    ) {
        note_call(&self.thoughts, turn, call, took, answer);
    }

    /// What a back end is asked; with what another one said before it broke off.
    fn prompt(
        &self,
        request: &ThinkRequest,
        tools: Vec<ToolSpec>,
        broken_off: Option<&str>,
    ) -> Prompt {
        let is_chinese = self.settings.is_chinese;
        let mut messages = prompt::messages(request, &self.memory(), is_chinese);
        if let Some(told) = broken_off.map(str::trim).filter(|told| !told.is_empty()) {
            messages.push(Message::Assistant {
                text: told.to_owned(),
                calls: Vec::new(),
            });
            messages.push(Message::User(GO_ON.to_owned()));
        }
        Prompt {
            system: self.settings.prompt.clone(),
            messages,
            tools,
            query: prompt::query(request, is_chinese),
            is_invoked: matches!(request.heard, Heard::Instruction(_)),
        }
    }

    /// Ours and the tools', fetched once.
    async fn specs(&mut self) -> Vec<ToolSpec> {
        if self.specs.is_none() {
            let mut specs: Vec<ToolSpec> = self
                .settings
                .call_end
                .iter()
                .map(|description| ToolSpec {
                    name: CALL_END.to_owned(),
                    description: description.clone(),
                    parameters: json!({"type": "object", "properties": {}}),
                })
                .collect();
            specs.extend(self.settings.transfers.iter().map(transfer_spec));
            specs.extend(self.tools.specs().await);
            self.specs = Some(specs);
        }
        self.specs.clone().unwrap_or_default()
    }

    fn listen(&self) -> Decision {
        Decision::Listen(Expected {
            phrases: self.settings.phrases.clone(),
            keys: Vec::new(),
            dictation: None,
            gather: None,
        })
    }

    fn first_target(&self) -> Option<&str> {
        let first = self.settings.transfers.first();
        first.map(|transfer| transfer.target.as_str())
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Vec<ToolRound>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A function that hands the caller over, with the reasons that reports can count.
fn transfer_spec(transfer: &TransferFunction) -> ToolSpec {
    ToolSpec {
        name: transfer.name.clone(),
        description: transfer.description.clone(),
        parameters: json!({
            "type": "object",
            "properties": {
                "reason": {
                    "type": "string",
                    "enum": ["caller_asked", "cannot_help", "complaint", "payment", "technical", "other"],
                    "description": "Why the caller is handed over.",
                },
                "summary": {
                    "type": "string",
                    "description": "What the next person needs to know, in one sentence.",
                },
            },
            "required": ["reason"],
        }),
    }
}

fn note_call(
    thoughts: &Thoughts,
    turn: TurnId,
    call: &ToolCall,
    took: Duration,
    answer: &Result<String, String>,
) {
    let cut = |text: &str| text.chars().take(DETAIL_CHARS_MAX).collect::<String>();
    let called = Called {
        tool: short(&call.name),
        arguments: cut(&compact(&call.arguments)),
        outcome: match answer {
            Ok(_) => Outcome::Answered,
            Err(why) => Outcome::Failed(short(why)),
        },
        answer: answer.as_deref().map(cut).unwrap_or_default(),
        took,
    };
    thoughts.note(turn, Noted::Called(called));
}

/// JSON in one line, with sorted keys; anything else as it is.
fn compact(arguments: &str) -> String {
    serde_json::from_str::<Value>(arguments)
        .map_or_else(|_| arguments.to_owned(), |value| value.to_string())
}
