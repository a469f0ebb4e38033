//! One call in virtual time: the machine of a simulated caller and the machine of a conversation,
//! with neighbors of a set pace.
//!
//! Both machines are those of real calls. What stands between them is simplified: a detector that
//! notices speech after 60 ms and silence after 200 ms, a recognizer that understands every word, a
//! speaker and a player that are never out of breath. Nothing waits, so a call takes a millisecond.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::ensure;
use app::{agent_document, shell::call::end_cause};
use voice::{
    conversation::{self, Conversation, Note},
    line::Variables,
    reply::SpanId,
    script::ScriptRun,
    thinker::AgentRefusal,
};

use super::{
    chance::Chance,
    judge::{Line, Outcome, Who},
    scenario::Scenario,
};
use crate::phone::{
    Script,
    behavior::{self, Behavior},
    script::Step,
};

/// The detector's minimum of voice, and of silence (`media::vad`).
const VOICE_MIN_MS: u64 = 60;
const SILENCE_MIN_MS: u64 = 200;

/// Samples a ms.
const SAMPLES_PER_MS: u64 = 8;

/// Between the beginnings of two pressed keys.
const KEY_MS: u64 = 200;

/// What a played file takes; its sound has no words.
const FILE_MS: u64 = 2000;

/// More than any call needs; machines that run in circles end here.
const STEPS_MAX: usize = 100_000;

/// The longest call.
const CALL_MAX: Duration = Duration::from_secs(4 * 3600);

/// How fast a call's neighbors are, ms.
#[derive(Clone, Copy, Debug)]
struct Pace {
    recognizer: u64,
    thinker: u64,
    speaker: u64,
    agent_char: u64,
    caller_char: u64,
}

impl Pace {
    fn of(chance: &mut Chance) -> Self {
        Self {
            recognizer: chance.between(80, 250),
            thinker: chance.between(0, 20),
            speaker: chance.between(10, 120),
            agent_char: chance.between(50, 75),
            caller_char: chance.between(50, 80),
        }
    }
}

/// Runs call `n` of a seed to its end.
///
/// # Errors
///
/// Fails when the agent's definition does not parse, or the call does not end.
pub fn rehearse(scenario: &Scenario, seed: u64, n: u32) -> anyhow::Result<Outcome> {
    let agent = agent_document::parse(&scenario.definition)?;
    let variables: Variables = scenario.variables.clone().into_iter().collect();
    let settings = agent.settings(&variables);
    let start = Instant::now();
    let mut call = Call {
        start,
        now: start,
        answered: None,
        pace: Pace::of(&mut Chance::of(seed, n)),
        script: Arc::clone(&scenario.caller),
        behavior: Behavior::new(Arc::clone(&scenario.caller), start),
        conversation: Conversation::new(settings),
        run: ScriptRun::new(Arc::new(agent.script.clone()), &variables),
        queue: BTreeMap::new(),
        n_queued: 0,
        clips: BTreeMap::new(),
        playing: None,
        far_speaks: false,
        outcome: Outcome::default(),
        is_over: false,
    };
    call.run()?;
    let mut outcome = call.outcome;
    outcome.lines.sort_by_key(|line| line.from_ms);
    Ok(outcome)
}

/// What will happen.
#[derive(Debug)]
enum Event {
    ToAgent(conversation::Input),
    ToCaller(behavior::Input),
    /// What the caller said is understood now.
    Understood(String, u32),
    /// The agent may have been silent long enough.
    AgentQuiet(Instant),
    /// A stretch of the caller's speech is noticed to be over.
    CallerQuiet {
        last_voice: Instant,
        words: String,
    },
}

struct Call {
    start: Instant,
    now: Instant,
    answered: Option<Instant>,
    pace: Pace,
    script: Arc<Script>,
    behavior: Behavior,
    conversation: Conversation,
    run: ScriptRun,
    queue: BTreeMap<(Instant, u64), Event>,
    n_queued: u64,
    clips: BTreeMap<SpanId, u64>,
    playing: Option<(SpanId, Instant)>,
    far_speaks: bool,
    outcome: Outcome,
    is_over: bool,
}

impl Call {
    fn run(&mut self) -> anyhow::Result<()> {
        self.caller(behavior::Input::Timeout);
        for _ in 0..STEPS_MAX {
            if self.is_over {
                return Ok(());
            }
            self.step()?;
            ensure!(
                self.now - self.start < CALL_MAX,
                "the call does not end in four hours"
            );
        }
        anyhow::bail!("the call runs in circles")
    }

    /// The next thing that happens by itself or was queued; what was queued first, first.
    fn step(&mut self) -> anyhow::Result<()> {
        let queued = self.queue.first_key_value().map(|((at, _), _)| *at);
        let agent = self.conversation.poll_timeout().map(|(at, _)| at);
        let caller = self.behavior.poll_timeout().map(|(at, _)| at);
        let next = [queued, agent, caller].into_iter().flatten().min();
        let Some(next) = next else {
            // Nobody has answered, and nobody will.
            "not_answered".clone_into(&mut self.outcome.cause);
            self.is_over = true;
            return Ok(());
        };
        self.now = self.now.max(next);
        if queued == Some(next) {
            let (_, event) = self.queue.pop_first().expect("an event is queued");
            self.happen(event);
        } else if agent == Some(next) {
            self.agent(conversation::Input::Timeout);
        } else {
            self.caller(behavior::Input::Timeout);
        }
        Ok(())
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::ToAgent(input) => self.agent(input),
            Event::ToCaller(input) => self.caller(input),
            Event::Understood(text, utterance) => {
                self.agent(conversation::Input::Recognized { utterance, text });
            }
            Event::AgentQuiet(last_voice) => {
                if self.far_speaks && self.playing.is_none() {
                    self.far_speaks = false;
                    self.caller(behavior::Input::SpeechStopped { last_voice });
                }
            }
            Event::CallerQuiet { last_voice, words } => {
                let utterance = self.conversation.utterance();
                let recognizer = self.pace.recognizer;
                self.queue(recognizer, Event::Understood(words, utterance));
                self.agent(conversation::Input::SpeechStopped { last_voice });
            }
        }
    }

    fn caller(&mut self, input: behavior::Input) {
        self.behavior.handle(input, self.now);
        while let Some(output) = self.behavior.poll() {
            match output {
                behavior::Output::Ring => {}
                behavior::Output::PickUp => {
                    self.answered = Some(self.now);
                    self.queue(0, Event::ToCaller(behavior::Input::Up));
                    let answered = self.now;
                    self.queue(0, Event::ToAgent(conversation::Input::Started { answered }));
                }
                behavior::Output::Refuse(status) => {
                    let cause = if status == 486 { "busy" } else { "rejected" };
                    self.over(cause);
                }
                behavior::Output::Begin { step_idx } => self.begin(step_idx),
                behavior::Output::HangUp => {
                    self.queue(0, Event::ToAgent(conversation::Input::CallerHungUp));
                }
            }
        }
    }

    fn begin(&mut self, step_idx: usize) {
        let step = self.script.steps[step_idx].clone();
        let ms = match &step {
            Step::Press(keys) => {
                self.press(keys);
                return;
            }
            Step::Say(text) | Step::StartSaying(text) => {
                text.chars().count() as u64 * self.pace.caller_char
            }
            Step::BeepMs(ms) => *ms,
            Step::Play(_) => FILE_MS,
            Step::WaitMs(_)
            | Step::WaitForSilenceMs(_)
            | Step::WaitForSpeechMs(_)
            | Step::HangUp => 0,
        };
        let words = match step {
            Step::Say(text) | Step::StartSaying(text) => text,
            Step::BeepMs(_) => {
                self.queue(ms, Event::ToAgent(conversation::Input::Beep));
                String::new()
            }
            _ => String::new(),
        };
        let (first_voice, last_voice) = (self.now, self.after(ms));
        // What is over before the detector is sure was never speech.
        if ms > VOICE_MIN_MS {
            let started = conversation::Input::SpeechStarted { first_voice };
            self.queue(VOICE_MIN_MS, Event::ToAgent(started));
            let lasting = self.conversation.settings().manners.barge_in_min;
            let lasting_ms = u64::try_from(lasting.as_millis()).unwrap_or(u64::MAX);
            if ms >= lasting_ms {
                let lasts = conversation::Input::SpeechLasts;
                self.queue(lasting_ms, Event::ToAgent(lasts));
            }
            let quiet = Event::CallerQuiet { last_voice, words };
            self.queue(ms + SILENCE_MIN_MS, quiet);
        }
        self.queue(ms, Event::ToCaller(behavior::Input::SoundEnded));
    }

    fn press(&mut self, keys: &str) {
        let mut at = 0;
        for key in keys.chars() {
            at += KEY_MS;
            self.queue(at, Event::ToAgent(conversation::Input::Digit(key)));
        }
        self.queue(at, Event::ToCaller(behavior::Input::SoundEnded));
    }

    fn agent(&mut self, input: conversation::Input) {
        if let conversation::Input::ClipEnded { span, .. } = &input {
            self.playing.take_if(|(playing, _)| playing == span);
            let ended = self.now;
            self.queue(SILENCE_MIN_MS, Event::AgentQuiet(ended));
        }
        let is_hang_up = matches!(input, conversation::Input::CallerHungUp);
        self.conversation.handle(input, self.now);
        while let Some(output) = self.conversation.poll() {
            self.carry_out(output);
        }
        if is_hang_up && !self.is_over {
            self.over("completed");
        }
    }

    fn carry_out(&mut self, output: conversation::Output) {
        use conversation::Output;
        match output {
            Output::Think(request) => {
                let decisions = self.run.think(&request);
                let n_decisions = decisions.len();
                for (idx, decision) in decisions.into_iter().enumerate() {
                    let decided = conversation::Input::Decided {
                        turn: request.turn,
                        decision: Some(decision),
                        last: idx + 1 == n_decisions,
                    };
                    self.queue(self.pace.thinker, Event::ToAgent(decided));
                }
            }
            Output::Synthesize { span, text } => {
                let ms = text.chars().count() as u64 * self.pace.agent_char;
                self.make(span, ms);
            }
            Output::Load { span, .. } => self.make(span, FILE_MS),
            Output::Play { span } => self.play(span),
            Output::Cut { span } => self.cut(span),
            Output::Note(note) => self.note(note),
            Output::HangUp { cause } => self.over(end_cause(cause).name()),
            // As on our own calls, where nobody takes callers over.
            Output::Transfer { .. } => {
                self.queue(0, Event::ToAgent(conversation::Input::TransferFailed));
            }
            // A rehearsal has one agent.
            Output::ChangeAgent { .. } => {
                let why = AgentRefusal::Unknown;
                self.queue(0, Event::ToAgent(conversation::Input::AgentRefused(why)));
            }
            // Scripts decide at once: there is nothing to stop.
            Output::StopThinking { .. }
            | Output::Expect(_)
            | Output::Discard { .. }
            | Output::SendDigits(_) => {}
        }
    }

    fn make(&mut self, span: SpanId, ms: u64) {
        self.clips.insert(span, ms);
        let ready = conversation::Input::SpeechReady {
            span,
            samples: ms * SAMPLES_PER_MS,
            sounding: Vec::new(),
            last: true,
        };
        self.queue(self.pace.speaker, Event::ToAgent(ready));
    }

    fn play(&mut self, span: SpanId) {
        let (now, ms) = (self.now, self.clips[&span]);
        self.playing = Some((span, now));
        let started = conversation::Input::ClipStarted { span, at: now };
        self.queue(0, Event::ToAgent(started));
        self.queue_end(span, ms, ms, false);
        if !self.far_speaks {
            self.far_speaks = true;
            let started = behavior::Input::SpeechStarted { at: now };
            self.queue(VOICE_MIN_MS, Event::ToCaller(started));
        }
    }

    fn cut(&mut self, span: SpanId) {
        let Some((_, since)) = self.playing.filter(|(playing, _)| *playing == span) else {
            return;
        };
        let is_its_end = |event: &Event| matches!(event, Event::ToAgent(conversation::Input::ClipEnded { span: it, .. }) if *it == span);
        self.queue.retain(|_, event| !is_its_end(event));
        let sent_ms = u64::try_from((self.now - since).as_millis()).unwrap_or(0);
        self.queue_end(span, 0, sent_ms, true);
    }

    fn queue_end(&mut self, span: SpanId, after_ms: u64, sent_ms: u64, cut: bool) {
        let ended = conversation::Input::ClipEnded {
            span,
            samples_sent: sent_ms * SAMPLES_PER_MS,
            cut,
        };
        self.queue(after_ms, Event::ToAgent(ended));
    }

    fn note(&mut self, note: Note) {
        let (from, to, who, text, unsaid) = match note {
            Note::AgentSaid { text, from, to, .. } => {
                (from, to, Who::Agent, text.heard, text.unsaid)
            }
            Note::CallerSaid { text, from, to, .. } => (from, to, Who::Caller, text, String::new()),
            Note::Digits { digits, at } => (at, at, Who::Keys, digits, String::new()),
            Note::NoInput { .. }
            | Note::FalseInterruption { .. }
            | Note::Answerer { .. }
            | Note::Instructed { .. }
            | Note::Latency { .. }
            | Note::RecognizerFailed { .. }
            | Note::ThinkerFailed { .. }
            | Note::SpeakerFailed { .. } => return,
        };
        let line = Line {
            from_ms: self.ms(from),
            to_ms: self.ms(to),
            who,
            text,
            unsaid,
        };
        self.outcome.lines.push(line);
    }

    fn over(&mut self, cause: &str) {
        cause.clone_into(&mut self.outcome.cause);
        self.outcome.end_ms = self.ms(self.now);
        self.is_over = true;
    }

    /// ms after the answer.
    fn ms(&self, at: Instant) -> i64 {
        let answered = self.answered.unwrap_or(self.start);
        let after = at.saturating_duration_since(answered).as_millis();
        i64::try_from(after).unwrap_or(i64::MAX)
    }

    fn after(&self, ms: u64) -> Instant {
        self.now + Duration::from_millis(ms)
    }

    fn queue(&mut self, after_ms: u64, event: Event) {
        self.n_queued += 1;
        self.queue
            .insert((self.after(after_ms), self.n_queued), event);
    }
}
