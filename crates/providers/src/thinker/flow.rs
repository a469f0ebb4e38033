//! A flow as a thinker: asks the APIs of its nodes, the clock, and a language model for what words
//! mean.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Instant,
};

use serde_json::{Value, json};
use tokio::sync::mpsc;
use voice::{
    flow::{FlowInput, FlowOutput, FlowPlace, FlowRun, LocalTime, Slot},
    thinker::{Decision, ThinkRequest, TurnId},
};

use super::model::{Reader, tools::HttpTool};
use crate::port::{
    Called, DETAIL_CHARS_MAX, Moved, Noted, Outcome, Step, Thinker, Thought, Thoughts,
};

/// Questions that may wait; a newer one makes an older one void.
const QUESTIONS_MAX: usize = 16;

/// Tells the time in an IANA time zone; `None` for a zone that nobody knows.
pub type Clock = Arc<dyn Fn(&str) -> Option<LocalTime> + Send + Sync>;

/// What a flow's thinker is made of.
pub struct FlowSettings {
    /// Whether it gives its place to remember: nobody asks another one in its place otherwise.
    pub remembers: bool,
    /// What another thinker gave to remember, to go on in its place.
    pub recalled: Option<String>,
    /// One caller's way through the flow.
    pub run: FlowRun,
    /// The APIs by the names of their nodes.
    pub apis: BTreeMap<String, HttpTool>,
    /// The clock on the wall.
    pub clock: Clock,
    /// Who finds out what words mean; `None`: nobody.
    pub reader: Option<Reader>,
    /// What branches mean, by node, in their order: name and meaning.
    pub meanings: BTreeMap<String, Vec<(String, String)>>,
}

/// One conversation's flow.
#[derive(Debug)]
pub struct FlowThinker(mpsc::Sender<ThinkRequest>);

impl FlowThinker {
    /// Nothing is asked before the first question. Must be called within a tokio runtime.
    pub fn new(client: reqwest::Client, mut settings: FlowSettings, thoughts: Thoughts) -> Self {
        if let Some(place) = settings.recalled.take().as_deref().and_then(read_place) {
            settings.run.go_on_at(place);
        }
        let (questions, inbox) = mpsc::channel(QUESTIONS_MAX);
        let talk = FlowTalk {
            client,
            settings,
            thoughts,
        };
        tokio::spawn(talk.run(inbox));
        Self(questions)
    }
}

impl Thinker for FlowThinker {
    fn ask(&mut self, request: ThinkRequest) {
        if self.0.try_send(request).is_err() {
            tracing::warn!("a flow is asked faster than it can be told");
        }
    }
}

struct FlowTalk {
    client: reqwest::Client,
    settings: FlowSettings,
    thoughts: Thoughts,
}

impl FlowTalk {
    /// Answers one question after the other. An answer is always gone through to its end, also
    /// when nobody waits for it any more: what an API was asked has happened.
    async fn run(mut self, mut inbox: mpsc::Receiver<ThinkRequest>) {
        while let Some(request) = inbox.recv().await {
            self.answer(&request).await;
        }
    }

    async fn answer(&mut self, request: &ThinkRequest) {
        let turn = request.turn;
        self.settings.run.handle(FlowInput::Asked(request));
        let mut waiting = VecDeque::new();
        loop {
            while let Some(output) = self.settings.run.poll() {
                match output {
                    FlowOutput::Decide(decision) => self.decide(turn, decision).await,
                    FlowOutput::Moved(to) => self.thoughts.note(
                        turn,
                        Noted::Moved(Moved {
                            node: to.node,
                            kind: to.kind,
                            branch: to.branch,
                            tags: to.tags,
                        }),
                    ),
                    FlowOutput::Done => {
                        self.remember(turn).await;
                        let step = Step::Done;
                        self.thoughts.put(Thought { turn, step }).await;
                    }
                    asked @ (FlowOutput::CallApi { .. }
                    | FlowOutput::TellTime(_)
                    | FlowOutput::Understand { .. }) => waiting.push_back(asked),
                }
            }
            match waiting.pop_front() {
                Some(asked) => self.carry_out(turn, asked).await,
                None => return,
            }
        }
    }

    /// Gives the place to remember.
    async fn remember(&self, turn: TurnId) {
        if let Some(place) = self
            .settings
            .run
            .place()
            .filter(|_| self.settings.remembers)
        {
            let FlowPlace {
                node,
                n_tries,
                variables,
            } = place;
            let place = json!({"node": node, "n_tries": n_tries, "variables": variables});
            let step = Step::Remember(place.to_string());
            self.thoughts.put(Thought { turn, step }).await;
        }
    }

    async fn decide(&self, turn: TurnId, decision: Decision) {
        let last = false;
        let step = Step::Decision { decision, last };
        self.thoughts.put(Thought { turn, step }).await;
    }

    async fn carry_out(&mut self, turn: TurnId, asked: FlowOutput) {
        match asked {
            FlowOutput::CallApi {
                node,
                inputs,
                waits,
            } => {
                let calling = self.call(turn, &node, inputs);
                if waits {
                    let fields = calling.await;
                    self.settings.run.handle(FlowInput::ApiAnswered(fields));
                } else {
                    tokio::spawn(calling);
                }
            }
            FlowOutput::TellTime(zone) => {
                let time = (self.settings.clock)(&zone);
                self.settings.run.handle(FlowInput::Clock(time));
            }
            FlowOutput::Understand {
                node,
                words,
                missing,
            } => {
                let input = self.understand(turn, &node, &words, &missing).await;
                self.settings.run.handle(input);
            }
            FlowOutput::Decide(_) | FlowOutput::Moved(_) | FlowOutput::Done => {}
        }
    }

    /// Asks an API; its fields as texts, or `None` if it has no answer.
    fn call(
        &self,
        turn: TurnId,
        node: &str,
        inputs: BTreeMap<String, String>,
    ) -> impl Future<Output = Option<BTreeMap<String, String>>> + Send + 'static {
        let api = self.settings.apis.get(node).cloned();
        let (client, thoughts) = (self.client.clone(), self.thoughts.clone());
        async move {
            let api = api?;
            let since = Instant::now();
            let arguments = inputs
                .into_iter()
                .map(|(name, value)| (name, Value::from(value)));
            let arguments = arguments.collect();
            let answer = api.call(&client, &arguments).await;
            let cut = |text: &str| text.chars().take(DETAIL_CHARS_MAX).collect::<String>();
            thoughts.note(
                turn,
                Noted::Called(Called {
                    tool: api.name.clone(),
                    arguments: cut(&Value::Object(arguments).to_string()),
                    outcome: match &answer {
                        Ok(_) => Outcome::Answered,
                        Err(why) => Outcome::Failed(why.clone()),
                    },
                    answer: answer.as_deref().map(cut).unwrap_or_default(),
                    took: since.elapsed(),
                }),
            );
            let fields: Value = serde_json::from_str(&answer.ok()?).ok()?;
            Some(texts(fields))
        }
    }

    async fn understand(
        &self,
        turn: TurnId,
        node: &str,
        words: &str,
        missing: &[Slot],
    ) -> FlowInput<'static> {
        let nothing = FlowInput::Understood {
            branch: None,
            slots: BTreeMap::new(),
            reply: None,
        };
        let Some(reader) = &self.settings.reader else {
            return nothing;
        };
        let meanings = self
            .settings
            .meanings
            .get(node)
            .map_or(&[][..], Vec::as_slice);
        let Some(read) = reader
            .read(turn, &self.thoughts, words, meanings, missing)
            .await
        else {
            return nothing;
        };
        let named = read["branch"].as_str();
        FlowInput::Understood {
            branch: meanings
                .iter()
                .position(|(name, _)| Some(name.as_str()) == named),
            slots: texts(read["slots"].clone()),
            reply: read["reply"]
                .as_str()
                .filter(|text| !text.trim().is_empty())
                .map(ToOwned::to_owned),
        }
    }
}

/// A place as it was written down.
fn read_place(text: &str) -> Option<FlowPlace> {
    let mut place: Value = serde_json::from_str(text).ok()?;
    Some(FlowPlace {
        node: place["node"].as_str()?.to_owned(),
        n_tries: u32::try_from(place["n_tries"].as_u64()?).ok()?,
        variables: texts(place["variables"].take()),
    })
}

/// The fields of an object as texts; what is neither text, number nor truth is JSON.
fn texts(fields: Value) -> BTreeMap<String, String> {
    let Value::Object(fields) = fields else {
        return BTreeMap::new();
    };
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, text(value)?)))
        .collect()
}
