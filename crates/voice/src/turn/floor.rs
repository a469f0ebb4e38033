//! The machine that knows who holds the floor.

use std::{collections::VecDeque, time::Instant};

use super::{Input, Manners, Output, Turn, Words, stretch::Stretches};

/// Decides whose turn it is.
#[derive(Debug)]
pub struct Turns {
    manners: Manners,
    floor: Floor,
    stretches: Stretches,
    /// The agent owes a reply, or is giving one.
    reply_in_hand: bool,
    /// Somebody else has the line.
    held: bool,
    n_silences: u32,
    outputs: VecDeque<Output>,
}

/// Who holds the floor, and since when something is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Floor {
    /// Both sides are silent, and it is the caller's turn.
    Open { since: Instant },
    /// The caller speaks.
    Caller,
    /// The caller paused; the turn ends at `until` unless speech resumes.
    Pause { until: Instant },
    /// The turn is over, its words are not known yet.
    Recognizing { endpoint: Instant, until: Instant },
    /// The agent is about to speak.
    Thinking,
    /// The agent speaks.
    Agent { interruptible: bool },
    /// The caller talks over the agent.
    Overlap { interruptible: bool },
}

impl Turns {
    /// The agent has the floor: it is to welcome the caller, or to say that it will not.
    pub fn new(manners: Manners) -> Self {
        Self {
            manners,
            floor: Floor::Thinking,
            stretches: Stretches::default(),
            reply_in_hand: true,
            held: false,
            n_silences: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`Turns::poll`] before the next one.
    pub fn handle(&mut self, input: Input, now: Instant) {
        assert!(
            self.outputs.is_empty(),
            "outputs of the last input were not drained"
        );
        match input {
            Input::CallerStarted { first_voice } => self.caller_started(first_voice.min(now), now),
            Input::CallerStopped { last_voice } => self.caller_stopped(last_voice, now),
            Input::Recognized { utterance, text } => self.recognized(utterance, &text, now),
            Input::Digit => self.digit(now),
            Input::AgentTakesFloor => {
                self.n_silences = 0;
                self.take_floor();
            }
            Input::ReplyStarted { interruptible } => self.reply_started(interruptible),
            Input::ReplyEnded => self.reply_ended(now),
            Input::Held => self.held = true,
            Input::Released => self.released(now),
            Input::Timeout => self.timeout(now),
        }
        let agent_speaks = self.agent_speaks();
        let notes = self.stretches.note(agent_speaks);
        // The journal has the words before anybody answers them.
        notes
            .into_iter()
            .rev()
            .for_each(|note| self.outputs.push_front(note));
    }

    /// The next decision.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next instant something happens by itself, and what.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        match self.floor {
            Floor::Open { .. } if self.held => None,
            Floor::Open { since } => Some((since + self.manners.no_input_after, "silence")),
            Floor::Caller => Some((self.turn_limit()?, "longest turn of the caller")),
            Floor::Pause { until } => Some((until, "end of the caller's turn")),
            Floor::Recognizing { until, .. } => Some((until, "recognizer")),
            Floor::Overlap { interruptible } if interruptible && !self.held => {
                Some((self.barge_in()?, "barge-in"))
            }
            Floor::Thinking | Floor::Agent { .. } | Floor::Overlap { .. } => None,
        }
    }

    /// Whether the agent may start or go on to play: false while that would talk over the
    /// caller, or before the caller's turn is over.
    pub fn agent_may_speak(&self) -> bool {
        match self.floor {
            Floor::Thinking | Floor::Agent { .. } | Floor::Overlap { .. } => true,
            Floor::Open { .. }
            | Floor::Caller
            | Floor::Pause { .. }
            | Floor::Recognizing { .. } => false,
        }
    }

    /// Whether both sides are silent and it is the caller's turn.
    pub fn is_open(&self) -> bool {
        matches!(self.floor, Floor::Open { .. })
    }

    /// The number of the newest stretch of caller speech, from 1.
    pub fn utterance(&self) -> u32 {
        self.stretches.n_started()
    }

    fn caller_started(&mut self, first_voice: Instant, now: Instant) {
        if self.stretches.is_speaking() {
            return;
        }
        // A stretch that was dropped while it went on ends here at the latest.
        self.stretches.stop(now, now);
        if self.is_open() {
            self.stretches.drop_all();
        }
        self.stretches.start(first_voice);
        self.floor = match self.floor {
            Floor::Agent { interruptible } | Floor::Overlap { interruptible } => {
                Floor::Overlap { interruptible }
            }
            Floor::Open { .. }
            | Floor::Caller
            | Floor::Pause { .. }
            | Floor::Recognizing { .. }
            | Floor::Thinking => Floor::Caller,
        };
    }

    fn caller_stopped(&mut self, last_voice: Instant, now: Instant) {
        let Some(last_voice) = self.stretches.stop(last_voice, now) else {
            return;
        };
        self.floor = match self.floor {
            Floor::Caller => self.pause(last_voice),
            Floor::Overlap { interruptible } => Floor::Agent { interruptible },
            Floor::Open { .. }
            | Floor::Pause { .. }
            | Floor::Recognizing { .. }
            | Floor::Thinking
            | Floor::Agent { .. } => self.floor,
        };
    }

    /// The place where an adaptive endpointing delay would be chosen.
    fn pause(&self, last_voice: Instant) -> Floor {
        Floor::Pause {
            until: last_voice + self.manners.endpointing_delay,
        }
    }

    fn recognized(&mut self, utterance: u32, text: &str, now: Instant) {
        let has_news = self.stretches.recognized(utterance, text);
        match self.floor {
            Floor::Recognizing { endpoint, .. } if !self.stretches.await_words() => {
                self.conclude(endpoint, now);
            }
            // The words come after the wait for them was given up, but before the reply.
            Floor::Open { .. } | Floor::Thinking if has_news => self.turn_over(now, now),
            Floor::Open { .. }
            | Floor::Caller
            | Floor::Pause { .. }
            | Floor::Recognizing { .. }
            | Floor::Thinking
            | Floor::Agent { .. }
            | Floor::Overlap { .. } => {}
        }
    }

    fn digit(&mut self, now: Instant) {
        match self.floor {
            Floor::Open { .. } => self.floor = Floor::Open { since: now },
            Floor::Agent {
                interruptible: true,
            } if !self.held => {
                self.cut();
                self.floor = Floor::Open { since: now };
            }
            Floor::Overlap {
                interruptible: true,
            } if !self.held => {
                self.cut();
                self.floor = Floor::Caller;
            }
            Floor::Caller
            | Floor::Pause { .. }
            | Floor::Recognizing { .. }
            | Floor::Thinking
            | Floor::Agent { .. }
            | Floor::Overlap { .. } => {}
        }
    }

    fn take_floor(&mut self) {
        self.stretches.report();
        self.stretches.drop_all();
        self.reply_in_hand = true;
        self.floor = Floor::Thinking;
    }

    fn reply_started(&mut self, interruptible: bool) {
        self.stretches.drop_asked();
        self.reply_in_hand = true;
        self.floor = if self.stretches.is_speaking() {
            Floor::Overlap { interruptible }
        } else {
            Floor::Agent { interruptible }
        };
    }

    fn reply_ended(&mut self, now: Instant) {
        self.reply_in_hand = false;
        self.stretches.drop_asked();
        if self.agent_speaks() {
            let tail = now.checked_sub(self.manners.reply_tail).unwrap_or(now);
            self.stretches.drop_ended_before(tail);
        }
        self.floor = match self.floor {
            Floor::Agent { .. } => match self.stretches.last_voice() {
                Some(last_voice) => self.pause(last_voice),
                None => Floor::Open { since: now },
            },
            Floor::Overlap { .. } => Floor::Caller,
            Floor::Thinking => Floor::Open { since: now },
            Floor::Open { .. }
            | Floor::Caller
            | Floor::Pause { .. }
            | Floor::Recognizing { .. } => self.floor,
        };
    }

    fn agent_speaks(&self) -> bool {
        matches!(self.floor, Floor::Agent { .. } | Floor::Overlap { .. })
    }

    fn released(&mut self, now: Instant) {
        self.held = false;
        if let Floor::Open { since } = &mut self.floor {
            *since = now;
        }
    }

    fn timeout(&mut self, now: Instant) {
        let is_due = self.poll_timeout().is_some_and(|(due, _)| due <= now);
        if !is_due {
            return;
        }
        match self.floor {
            Floor::Open { .. } => {
                self.n_silences += 1;
                self.outputs.push_back(Output::Silence {
                    count: self.n_silences,
                });
                self.take_floor();
            }
            Floor::Caller => self.conclude(now, now),
            Floor::Pause { .. } if self.stretches.await_words() => {
                self.floor = Floor::Recognizing {
                    endpoint: now,
                    until: now + self.manners.recognizer_wait_max,
                };
            }
            Floor::Pause { .. } => self.conclude(now, now),
            Floor::Recognizing { endpoint, .. } => self.conclude(endpoint, now),
            Floor::Overlap { interruptible } => {
                assert!(
                    interruptible,
                    "only an interruptible reply has a barge-in deadline"
                );
                self.cut();
                self.floor = Floor::Caller;
            }
            Floor::Thinking | Floor::Agent { .. } => {}
        }
    }

    /// The caller's turn is over, with all words that will come.
    fn conclude(&mut self, endpoint: Instant, now: Instant) {
        let is_long = self.stretches.new_speech(now) >= self.manners.unclear_min;
        if self.stretches.has_new_words() || (is_long && !self.reply_in_hand) {
            self.turn_over(endpoint, now);
            return;
        }
        let last_voice = self.stretches.last_voice();
        self.stretches.drop_noise();
        self.floor = if self.reply_in_hand {
            Floor::Thinking
        } else {
            let since = last_voice.unwrap_or(now);
            Floor::Open { since }
        };
    }

    fn turn_over(&mut self, endpoint: Instant, now: Instant) {
        let last_voice = self.stretches.last_voice().unwrap_or(endpoint);
        let text = self.stretches.report();
        let words = if text.is_empty() {
            Words::Unclear
        } else {
            Words::Text(text)
        };
        self.n_silences = 0;
        self.reply_in_hand = true;
        self.floor = Floor::Thinking;
        self.outputs.push_back(Output::TurnOver(Turn {
            words,
            last_voice,
            endpoint,
            recognized: now,
        }));
    }

    fn cut(&mut self) {
        self.outputs.push_back(Output::CutReply);
        self.reply_in_hand = false;
        let speaking_since = self.stretches.speaking_since();
        match speaking_since {
            Some(since) => self.stretches.drop_ended_before(since),
            None => self.stretches.drop_all(),
        }
    }

    fn barge_in(&self) -> Option<Instant> {
        Some(self.stretches.speaking_since()? + self.manners.barge_in_min)
    }

    fn turn_limit(&self) -> Option<Instant> {
        Some(self.stretches.turn_began()? + self.manners.turn_max)
    }
}
