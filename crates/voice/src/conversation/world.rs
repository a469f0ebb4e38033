//! A world for tests: one caller, a thinker, a speaker and a player, in virtual time.
//!
//! Every line takes 60 ms a character to say. The invariants that hold at every moment of every
//! call are asserted here, once for all tests.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Conversation, Deafness, Fate, Input, Instruction, Note, Output, Settings};
use crate::{
    line::Variables,
    reply::SpanId,
    script::{Script, ScriptRun},
    thinker::AgentRefusal,
};

const SAMPLES_PER_MS: u64 = 8;
const SPEECH_MS_PER_CHAR: u64 = 60;
/// More than any story needs; a machine that runs in circles ends here.
const N_STEPS_MAX: usize = 20_000;

/// What the caller or the operator does, and when.
#[derive(Clone, Debug)]
pub(super) struct Cue {
    pub(super) when: When,
    pub(super) after_ms: u64,
    pub(super) act: Act,
}

#[derive(Clone, Debug)]
pub(super) enum When {
    Answered,
    /// The agent began to play a line that holds this.
    Starts(&'static str),
    /// It played it to its end.
    Ends(&'static str),
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Words, spoken for so many ms; no words are a cough.
    Say(&'static str, u64),
    Press(&'static str),
    HangUp,
    /// An operator's sound of so many ms.
    Sound(u64),
    TransferFailed,
    AgentRefused,
    /// Somebody tells the agent what to do.
    Tell(Instruction),
}

/// How fast the neighbors are; `None` is one that never answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) thinker_ms: Option<u64>,
    pub(super) speaker_ms: Option<u64>,
    pub(super) recognizer_ms: Option<u64>,
    /// A recognizer that hears nothing says why.
    pub(super) deafness: Option<Deafness>,
    /// A player that never reports is one that died.
    pub(super) plays: bool,
}

pub(super) const PACE: Pace = Pace {
    thinker_ms: Some(0),
    speaker_ms: Some(0),
    recognizer_ms: Some(100),
    deafness: None,
    plays: true,
};

pub(super) struct World {
    pub(super) conversation: Conversation,
    start: Instant,
    now: Instant,
    run: ScriptRun,
    pace: Pace,
    cues: Vec<Cue>,
    queue: BTreeMap<(Instant, usize), Input>,
    n_queued: usize,
    clips: BTreeMap<SpanId, String>,
    playing: Option<(SpanId, Instant)>,
    pending_words: Vec<&'static str>,
    pub(super) notes: Vec<Note>,
    pub(super) story: Vec<String>,
}

impl World {
    pub(super) fn new(script: Script, settings: Settings, pace: Pace, cues: &[Cue]) -> Self {
        let start = Instant::now();
        let name = [("name".to_owned(), "Ann".to_owned())];
        let variables: Variables = name.into_iter().collect();
        Self {
            conversation: Conversation::new(settings),
            start,
            now: start,
            run: ScriptRun::new(Arc::new(script), &variables),
            pace,
            cues: cues.to_vec(),
            queue: BTreeMap::new(),
            n_queued: 0,
            clips: BTreeMap::new(),
            playing: None,
            pending_words: Vec::new(),
            notes: Vec::new(),
            story: Vec::new(),
        }
    }

    /// Runs the call to its end; returns the story, each line with its time in ms.
    pub(super) fn run(mut self) -> Self {
        self.queue(
            0,
            Input::Started {
                answered: self.start,
            },
        );
        self.cue(|when| matches!(when, When::Answered));
        for _ in 0..N_STEPS_MAX {
            if self.conversation.is_over() {
                return self;
            }
            let event = self.queue.first_key_value().map(|((at, _), _)| *at);
            let timeout = self.conversation.poll_timeout().map(|(at, _)| at);
            let input = match (event, timeout) {
                (Some(event), Some(timeout)) if timeout < event => self.wake(timeout),
                (None, Some(timeout)) => self.wake(timeout),
                (Some(_), _) => self.next_event(),
                (None, None) => panic!("the call waits for nothing"),
            };
            self.feed(input);
        }
        panic!("the call runs in circles: {:?}", self.story.last());
    }

    fn wake(&mut self, at: Instant) -> Input {
        self.now = self.now.max(at);
        Input::Timeout
    }

    fn next_event(&mut self) -> Input {
        let ((at, _), input) = self.queue.pop_first().expect("an event is queued");
        self.now = self.now.max(at);
        input
    }

    fn feed(&mut self, input: Input) {
        match &input {
            Input::SpeechStopped { .. } => self.recognize(),
            Input::ClipStarted { span, .. } => {
                let text = self.clips[span].clone();
                self.cue(|when| matches!(when, When::Starts(part) if text.contains(part)));
            }
            Input::ClipEnded { span, cut, .. } => {
                self.playing.take_if(|(playing, _)| playing == span);
                let text = self.clips[span].clone();
                if !cut {
                    self.cue(|when| matches!(when, When::Ends(part) if text.contains(part)));
                }
            }
            _ => {}
        }
        self.conversation.handle(input, self.now);
        while let Some(output) = self.conversation.poll() {
            self.carry_out(output);
        }
        let is_waiting = self.conversation.poll_timeout().is_some();
        assert_eq!(
            is_waiting,
            !self.conversation.is_over(),
            "a call that is up has a deadline"
        );
    }

    /// The result arrives some time after the stretch's end, however long the machine waits.
    fn recognize(&mut self) {
        let utterance = self.conversation.utterance();
        if self.pending_words.is_empty() {
            return;
        }
        let text = self.pending_words.remove(0).to_owned();
        let Some(ms) = self.pace.recognizer_ms else {
            return;
        };
        let why = "it is gone".to_owned();
        let input = match self.pace.deafness {
            None => Input::Recognized { utterance, text },
            Some(deafness) => Input::RecognizerFailed {
                utterance,
                deafness,
                why,
            },
        };
        self.queue(ms, input);
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Think(request) => {
                let Some(ms) = self.pace.thinker_ms else {
                    return;
                };
                let decisions = self.run.think(&request);
                let n_decisions = decisions.len();
                for (idx, decision) in decisions.into_iter().enumerate() {
                    let (turn, last) = (request.turn, idx + 1 == n_decisions);
                    self.queue(
                        ms,
                        Input::Decided {
                            turn,
                            decision: Some(decision),
                            last,
                        },
                    );
                }
            }
            Output::Synthesize { span, text } => self.make(span, text, self.pace.speaker_ms),
            Output::Load { span, sound } => self.make(span, sound, Some(0)),
            Output::Play { span } => self.play(span),
            Output::Cut { span } => self.cut(span),
            Output::Note(note) => {
                self.tell(&note);
                self.notes.push(note);
            }
            Output::HangUp { cause } => self.log(&format!("end: {cause:?}")),
            Output::Transfer { target } => self.log(&format!("transfer: {target}")),
            Output::ChangeAgent { agent, .. } => self.log(&format!("agent: -> {agent}")),
            Output::SendDigits(digits) => self.log(&format!("press: {digits}")),
            Output::Expect(_) | Output::Discard { .. } | Output::StopThinking { .. } => {}
        }
    }

    fn make(&mut self, span: SpanId, text: String, after_ms: Option<u64>) {
        let samples = clip_ms(&text) * SAMPLES_PER_MS;
        self.clips.insert(span, text);
        if let Some(ms) = after_ms {
            self.queue(
                ms,
                Input::SpeechReady {
                    span,
                    samples,
                    sounding: Vec::new(),
                    last: true,
                },
            );
        }
    }

    fn play(&mut self, span: SpanId) {
        if !self.pace.plays {
            return;
        }
        assert!(self.playing.is_none(), "two clips at once");
        self.playing = Some((span, self.now));
        self.queue(0, Input::ClipStarted { span, at: self.now });
        let ms = clip_ms(&self.clips[&span]);
        let samples_sent = ms * SAMPLES_PER_MS;
        self.queue(
            ms,
            Input::ClipEnded {
                span,
                samples_sent,
                cut: false,
            },
        );
    }

    fn cut(&mut self, span: SpanId) {
        let Some((_, since)) = self.playing.filter(|(playing, _)| *playing == span) else {
            return;
        };
        let is_its_end =
            |input: &Input| matches!(input, Input::ClipEnded { span: it, .. } if *it == span);
        self.queue.retain(|_, input| !is_its_end(input));
        let ms = u64::try_from((self.now - since).as_millis()).unwrap();
        let samples_sent = ms * SAMPLES_PER_MS;
        self.queue(
            0,
            Input::ClipEnded {
                span,
                samples_sent,
                cut: true,
            },
        );
    }

    /// Schedules what waits for this moment; each cue once.
    fn cue(&mut self, is_now: impl Fn(&When) -> bool) {
        let Some(idx) = self.cues.iter().position(|cue| is_now(&cue.when)) else {
            return;
        };
        let Cue {
            after_ms: at, act, ..
        } = self.cues.remove(idx);
        match act {
            Act::Say(words, ms) => {
                self.pending_words.push(words);
                let (from, to) = (self.after(at), self.after(at + ms));
                self.queue(at, Input::SpeechStarted { first_voice: from });
                let lasting = self.conversation.settings().manners.barge_in_min;
                let lasting_ms = u64::try_from(lasting.as_millis()).unwrap();
                if ms >= lasting_ms {
                    self.queue(at + lasting_ms, Input::SpeechLasts);
                }
                self.queue(at + ms, Input::SpeechStopped { last_voice: to });
            }
            Act::Press(keys) => {
                keys.chars()
                    .for_each(|key| self.queue(at, Input::Digit(key)));
            }
            Act::HangUp => self.queue(at, Input::CallerHungUp),
            Act::Sound(ms) => {
                self.queue(at, Input::PlaySoundStarted);
                self.queue(at + ms, Input::PlaySoundEnded);
            }
            Act::TransferFailed => self.queue(at, Input::TransferFailed),
            Act::AgentRefused => self.queue(at, Input::AgentRefused(AgentRefusal::Same)),
            Act::Tell(instruction) => self.queue(at, Input::Instructed(instruction)),
        }
        self.cue(is_now);
    }

    fn queue(&mut self, after_ms: u64, input: Input) {
        self.n_queued += 1;
        self.queue
            .insert((self.after(after_ms), self.n_queued), input);
    }

    fn after(&self, ms: u64) -> Instant {
        self.now + Duration::from_millis(ms)
    }

    fn tell(&mut self, note: &Note) {
        match note {
            Note::AgentSaid { text, sounds, .. } => {
                let unsaid = match text.unsaid.as_str() {
                    "" => String::new(),
                    unsaid => format!(" [{unsaid}]"),
                };
                let sounds: String = sounds.iter().map(|sound| format!(" <{sound}>")).collect();
                self.log(&format!("agent: {}{sounds}{unsaid}", text.heard));
            }
            Note::CallerSaid {
                text,
                backchannel: false,
                ..
            } => self.log(&format!("caller: {text}")),
            Note::CallerSaid { text, .. } => self.log(&format!("aside: {text}")),
            Note::Digits { digits, .. } => self.log(&format!("keys: {digits}")),
            Note::NoInput { count, .. } => self.log(&format!("silence {count}")),
            Note::FalseInterruption { .. } => self.log("goes on"),
            Note::Answerer { finding, .. } => self.log(&format!("found: {finding:?}")),
            Note::Instructed { fate, .. } => self.log(match fate {
                Fate::Taken => "told",
                Fate::Waits => "told, waits",
                Fate::Dropped => "told, dropped",
            }),
            Note::Latency { .. } => {}
            Note::RecognizerFailed { why, .. } => self.log(&format!("recognizer: {why}")),
            Note::ThinkerFailed { why, .. } => self.log(&format!("thinker: {why}")),
            Note::SpeakerFailed { why, .. } => self.log(&format!("speaker: {why}")),
        }
    }

    /// An instant in ms from the start.
    pub(super) fn ms(&self, at: Instant) -> u64 {
        u64::try_from((at - self.start).as_millis()).unwrap()
    }

    fn log(&mut self, what: &str) {
        let ms = self.ms(self.now);
        self.story.push(format!("{ms} {what}"));
    }
}

/// How long a text takes to say.
pub(super) fn clip_ms(text: &str) -> u64 {
    text.chars().count() as u64 * SPEECH_MS_PER_CHAR
}
