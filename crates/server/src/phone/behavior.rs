//! What a simulated callee does when: the script as a machine.
//!
//! # Invariants
//!
//! - Nothing follows [`Output::HangUp`] or [`Output::Refuse`].
//! - Steps happen one after the other; a step that waits for the far end waits no longer than the
//!   script's patience, then the phone hangs up.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::script::{AfterRinging, Script, Step, Then};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The caller confirmed the answer: both can talk.
    Up,
    /// The far end began to speak.
    SpeechStarted {
        /// First sound.
        at: Instant,
    },
    /// The far end stopped speaking.
    SpeechStopped {
        /// Last sound.
        last_voice: Instant,
    },
    /// What a step said, played or pressed is over.
    SoundEnded,
    /// The instant of [`Behavior::poll_timeout`] has come.
    Timeout,
}

/// What the phone must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Say that it rings.
    Ring,
    /// Pick up.
    PickUp,
    /// Refuse with this status.
    Refuse(u16),
    /// Begin the sound of this step, or press its keys.
    Begin {
        /// Index into [`Script::steps`].
        step_idx: usize,
    },
    /// End the call.
    HangUp,
}

/// The machine of one call.
#[derive(Debug)]
pub struct Behavior {
    script: Arc<Script>,
    stage: Stage,
    far: FarEnd,
    /// Our sounds that are not over.
    n_sounding: u32,
    hang_up_at: Option<Instant>,
    outputs: VecDeque<Output>,
}

/// Where the call is.
#[derive(Debug)]
enum Stage {
    /// The INVITE came.
    Quiet { ring_at: Instant },
    /// It rings; `until` is `None` when nobody is at home.
    Ringing { until: Option<Instant> },
    /// Picked up, not confirmed yet.
    PickedUp,
    /// At a step.
    At {
        step_idx: usize,
        wait: Wait,
        patience_until: Instant,
    },
    /// The steps are done.
    Listening,
    /// Nothing will happen.
    Over,
}

/// What a step waits for.
#[derive(Clone, Copy, Debug)]
enum Wait {
    Until(Instant),
    Silence(Duration),
    Speech(Duration),
    OwnSounds { since: Instant },
}

/// What is known of the far end.
#[derive(Debug, Default)]
struct FarEnd {
    /// Since when it speaks.
    speaking_since: Option<Instant>,
    /// When it last stopped, if that was after our last sound.
    silent_since: Option<Instant>,
}

impl Behavior {
    /// A call has come in.
    pub fn new(script: Arc<Script>, now: Instant) -> Self {
        Self {
            stage: Stage::Quiet {
                ring_at: now + script.ring_after,
            },
            script,
            far: FarEnd::default(),
            n_sounding: 0,
            hang_up_at: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes what happened. Drain [`Behavior::poll`] before the next input.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match input {
            Input::Up => {
                if let Stage::PickedUp = self.stage {
                    self.hang_up_at = self.script.hang_up_after.map(|after| now + after);
                    self.enter(0, now);
                }
            }
            Input::SpeechStarted { at } => {
                self.far = FarEnd {
                    speaking_since: Some(at),
                    silent_since: None,
                };
            }
            Input::SpeechStopped { last_voice } => {
                self.far = FarEnd {
                    speaking_since: None,
                    silent_since: Some(last_voice),
                };
            }
            Input::SoundEnded => {
                self.n_sounding = self.n_sounding.saturating_sub(1);
                // What was said before our words is no answer to them.
                self.far.silent_since = None;
            }
            Input::Timeout => {}
        }
        self.look(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When something is due, and what.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let due = match &self.stage {
            Stage::Quiet { ring_at } => Some((*ring_at, "ring")),
            Stage::Ringing { until } => until.map(|until| (until, "answer")),
            Stage::At {
                wait,
                patience_until,
                ..
            } => match self.due(*wait) {
                Some(at) => Some((at, "step")),
                None => Some((*patience_until, "patience")),
            },
            Stage::PickedUp | Stage::Listening => None,
            Stage::Over => return None,
        };
        let hang_up = self.hang_up_at.map(|at| (at, "hang up"));
        due.into_iter().chain(hang_up).min_by_key(|(at, _)| *at)
    }

    /// Does everything that is due.
    fn look(&mut self, now: Instant) {
        if self.hang_up_at.is_some_and(|at| at <= now) {
            self.hang_up();
        }
        match self.stage {
            Stage::Quiet { ring_at } if ring_at <= now => {
                self.outputs.push_back(Output::Ring);
                let until = match self.script.answer {
                    AfterRinging::NoAnswer => None,
                    AfterRinging::PickUp | AfterRinging::Busy | AfterRinging::Reject(_) => {
                        Some(now + self.script.ring_for)
                    }
                };
                self.stage = Stage::Ringing { until };
            }
            Stage::Ringing { until: Some(until) } if until <= now => self.answer(),
            Stage::At {
                step_idx,
                wait,
                patience_until,
            } => match self.due(wait) {
                Some(at) if at <= now => self.enter(step_idx + 1, now),
                None if patience_until <= now => self.hang_up(),
                Some(_) | None => {}
            },
            Stage::Quiet { .. }
            | Stage::Ringing { .. }
            | Stage::PickedUp
            | Stage::Listening
            | Stage::Over => {}
        }
    }

    fn answer(&mut self) {
        let (stage, output) = match self.script.answer {
            AfterRinging::PickUp => (Stage::PickedUp, Output::PickUp),
            AfterRinging::Busy => (Stage::Over, Output::Refuse(486)),
            AfterRinging::Reject(status) => (Stage::Over, Output::Refuse(status)),
            AfterRinging::NoAnswer => (Stage::Ringing { until: None }, Output::Ring),
        };
        self.stage = stage;
        self.outputs.push_back(output);
    }

    /// When the wait of a step is over, as far as is known.
    fn due(&self, wait: Wait) -> Option<Instant> {
        match wait {
            Wait::Until(at) => Some(at),
            Wait::Silence(silence) => self.far.silent_since.map(|since| since + silence),
            Wait::Speech(after) => self.far.speaking_since.map(|since| since + after),
            Wait::OwnSounds { since } => (self.n_sounding == 0).then_some(since),
        }
    }

    /// Goes through steps until one takes time.
    fn enter(&mut self, first: usize, now: Instant) {
        let script = Arc::clone(&self.script);
        let mut step_idx = first;
        loop {
            let Some(step) = script.steps.get(step_idx) else {
                match script.then {
                    Then::Listen => self.stage = Stage::Listening,
                    Then::HangUp => self.hang_up(),
                    Then::Repeat => {
                        step_idx = 0;
                        continue;
                    }
                }
                return;
            };
            let wait = match step {
                Step::WaitMs(ms) => Wait::Until(now + Duration::from_millis(*ms)),
                Step::WaitForSilenceMs(ms) => Wait::Silence(Duration::from_millis(*ms)),
                Step::WaitForSpeechMs(ms) => Wait::Speech(Duration::from_millis(*ms)),
                Step::Say(_) | Step::Play(_) | Step::BeepMs(_) | Step::Press(_) => {
                    self.begin(step_idx);
                    Wait::OwnSounds { since: now }
                }
                Step::StartSaying(_) => {
                    self.begin(step_idx);
                    step_idx += 1;
                    continue;
                }
                Step::HangUp => {
                    self.hang_up();
                    return;
                }
            };
            let patience_until = now + script.patience;
            self.stage = Stage::At {
                step_idx,
                wait,
                patience_until,
            };
            return;
        }
    }

    fn begin(&mut self, step_idx: usize) {
        self.n_sounding += 1;
        self.outputs.push_back(Output::Begin { step_idx });
    }

    fn hang_up(&mut self) {
        if !matches!(self.stage, Stage::Over) {
            self.stage = Stage::Over;
            self.outputs.push_back(Output::HangUp);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rings_then_is_picked_up() {
        let mut story = Story::of("ring_after_ms: 100\nring_for_ms: 900");
        assert_eq!(
            story.until(2000),
            [(100, Output::Ring), (1000, Output::PickUp)]
        );
    }

    #[test]
    fn a_busy_phone_refuses_and_an_empty_house_rings_on() {
        let mut story = Story::of("answer: busy");
        assert_eq!(
            story.until(2000),
            [(0, Output::Ring), (800, Output::Refuse(486))]
        );
        let mut story = Story::of("answer: no_answer");
        assert_eq!(story.until(90_000), [(0, Output::Ring)]);
    }

    #[test]
    fn it_answers_once_the_far_end_has_spoken_and_is_silent() {
        let mut story = Story::up("steps: [{wait_for_silence_ms: 900}, {say: \"yes\"}, hang_up]");
        assert_eq!(story.until(500), []);
        story.far_speaks(600, 2000);
        assert_eq!(story.until(3000), [(2900, Output::Begin { step_idx: 1 })]);
        story.at(3500, Input::SoundEnded);
        assert_eq!(story.until(3500), [(3500, Output::HangUp)]);
    }

    #[test]
    fn words_from_before_our_own_are_no_answer_to_them() {
        let mut story = Story::up(
            "steps: [{wait_for_silence_ms: 500}, {say: a}, {wait_for_silence_ms: 500}, {say: b}]",
        );
        story.far_speaks(100, 1000);
        assert_eq!(story.until(1500), [(1500, Output::Begin { step_idx: 1 })]);
        story.at(2000, Input::SoundEnded);
        assert_eq!(story.until(9000), []);
        story.far_speaks(9000, 9500);
        assert_eq!(
            story.until(11_000),
            [(10_000, Output::Begin { step_idx: 3 })]
        );
    }

    #[test]
    fn it_interrupts_so_long_after_the_far_end_begins() {
        let mut story = Story::up("steps: [{wait_for_speech_ms: 700}, {say: wait}]");
        story.at(
            1000,
            Input::SpeechStarted {
                at: story.instant(960),
            },
        );
        assert_eq!(story.until(2000), [(1660, Output::Begin { step_idx: 1 })]);
    }

    #[test]
    fn it_hangs_up_in_mid_sentence() {
        let mut story = Story::up("steps: [{start_saying: long}, {wait_ms: 900}, hang_up]");
        assert_eq!(
            story.until(2000),
            [(0, Output::Begin { step_idx: 0 }), (900, Output::HangUp)]
        );
    }

    #[test]
    fn patience_ends_and_so_does_a_call_with_a_limit() {
        let mut story = Story::up("patience_second: 5\nsteps: [{wait_for_silence_ms: 900}]");
        assert_eq!(story.until(60_000), [(5000, Output::HangUp)]);
        let mut story = Story::up("hang_up_after_ms: 3000");
        assert_eq!(story.until(60_000), [(3000, Output::HangUp)]);
    }

    #[test]
    fn a_script_that_repeats_does_so_until_the_far_end_hangs_up() {
        let mut story = Story::up("steps: [{wait_ms: 100}, {start_saying: a}]\nthen: repeat");
        assert_eq!(story.until(350).len(), 3);
    }

    /// A call in simulated time; instants are ms from its beginning.
    struct Story {
        behavior: Behavior,
        start: Instant,
        now_ms: u64,
    }

    impl Story {
        fn of(script: &str) -> Self {
            let start = Instant::now();
            let script = Arc::new(Script::parse(script).unwrap());
            Self {
                behavior: Behavior::new(script, start),
                start,
                now_ms: 0,
            }
        }

        /// A call that is up at 0.
        fn up(script: &str) -> Self {
            let mut story = Self::of(&format!("ring_for_ms: 0\n{script}"));
            assert_eq!(story.until(0), [(0, Output::Ring), (0, Output::PickUp)]);
            story.at(0, Input::Up);
            story
        }

        fn instant(&self, ms: u64) -> Instant {
            self.start + Duration::from_millis(ms)
        }

        fn at(&mut self, ms: u64, input: Input) {
            self.now_ms = ms;
            self.behavior.handle(input, self.instant(ms));
        }

        fn far_speaks(&mut self, from: u64, to: u64) {
            self.at(
                from,
                Input::SpeechStarted {
                    at: self.instant(from),
                },
            );
            self.at(
                to,
                Input::SpeechStopped {
                    last_voice: self.instant(to),
                },
            );
        }

        /// Everything that is wanted up to `end_ms`, with its time.
        fn until(&mut self, end_ms: u64) -> Vec<(u64, Output)> {
            let mut seen = Vec::new();
            loop {
                seen.extend(std::iter::from_fn(|| self.behavior.poll()).map(|o| (self.now_ms, o)));
                let due = self.behavior.poll_timeout().map(|(at, _)| at);
                let Some(due) = due.filter(|at| *at <= self.instant(end_ms)) else {
                    self.now_ms = self.now_ms.max(end_ms);
                    return seen;
                };
                let due_ms = due.saturating_duration_since(self.start).as_millis() as u64;
                self.at(due_ms.max(self.now_ms), Input::Timeout);
            }
        }
    }
}
