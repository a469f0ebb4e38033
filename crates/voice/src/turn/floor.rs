//! The machine that knows who holds the floor.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{
    Dictation, Input, Manners, Output, Turn, Words, barge_in,
    endpointing::{self, Pauses},
    stretch::Stretches,
};
use crate::wording;

/// Speech that begins this soon after a reply does not answer it: the caller had only paused.
const PAUSED_ONLY_MAX: Duration = Duration::from_millis(500);

/// How often a turn is put to the thinker before it is over; each costs an answer that may be
/// thrown away.
const EARLY_MAX: u32 = 3;

/// Decides whose turn it is.
#[derive(Debug)]
pub struct Turns {
    manners: Manners,
    floor: Floor,
    stretches: Stretches,
    /// The agent owes a reply, or is giving one.
    reply_in_hand: bool,
    /// A reply was stopped, and may go on.
    suspended: bool,
    /// The suspended reply is over for good.
    ends_suspended: bool,
    /// Somebody else has the line.
    held: bool,
    n_silences: u32,
    pauses: Pauses,
    /// A pause that counts if this stretch has words.
    pause: Option<(u32, Duration)>,
    /// The caller's last word before the reply, and when that began.
    replied: Option<(Instant, Instant)>,
    /// Last voiced frame of the turn that was over last.
    answered: Option<Instant>,
    /// Answers that the thinker waits for, folded.
    expected: Vec<String>,
    dictation: Option<Dictation>,
    /// What the thinker was asked early in this turn, and how often.
    early: Option<String>,
    n_early: u32,
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
            suspended: false,
            ends_suspended: false,
            held: false,
            n_silences: 0,
            pauses: Pauses::default(),
            pause: None,
            replied: None,
            answered: None,
            expected: Vec::new(),
            dictation: None,
            early: None,
            n_early: 0,
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
            Input::CallerLasts => self.caller_lasts(),
            Input::CallerStopped { last_voice } => self.caller_stopped(last_voice, now),
            Input::Partial { utterance, text } => {
                self.stretches.partial(utterance, text);
                self.weigh_words(now);
            }
            Input::Finished { utterance } => {
                self.stretches.finished(utterance);
                self.weigh_words(now);
            }
            Input::Recognized { utterance, text } => self.recognized(utterance, &text, now),
            Input::Digit => self.digit(now),
            Input::AgentTakesFloor => {
                self.n_silences = 0;
                self.take_floor();
            }
            Input::ReplyStarted { interruptible } => self.reply_started(interruptible, now),
            Input::ReplyEnded => self.reply_ended(now),
            Input::Held => self.held = true,
            Input::Released => self.released(now),
            Input::Timeout => self.timeout(now),
        }
        self.ask_early(now);
        let is_undecided = self.agent_speaks() || self.suspended;
        let notes = self.stretches.note(is_undecided);
        // The journal has the words before anybody answers them.
        notes
            .into_iter()
            .rev()
            .for_each(|note| self.outputs.push_front(note));
        // What was heard of the reply comes before the words that ended it.
        if std::mem::take(&mut self.ends_suspended) {
            self.outputs.push_front(Output::CutReply);
        }
    }

    /// What the thinker waits for: answers that are no backchannels, and whether a number is
    /// dictated.
    pub fn expect(&mut self, phrases: &[String], dictation: Option<Dictation>) {
        self.expected = phrases.iter().map(|phrase| wording::fold(phrase)).collect();
        self.dictation = dictation;
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
        let paused = self.paused_since(first_voice);
        self.stretches.start(first_voice);
        self.pause = paused.map(|pause| (self.stretches.n_started(), pause));
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

    /// How long the caller had paused when the turn that is going on, or seemed to be over, goes
    /// on.
    fn paused_since(&self, first_voice: Instant) -> Option<Duration> {
        let before = match self.floor {
            Floor::Pause { .. } | Floor::Recognizing { .. } | Floor::Thinking => {
                self.stretches.last_voice()?
            }
            Floor::Agent { .. } | Floor::Overlap { .. } => {
                let (last_voice, began) = self.replied?;
                let is_soon = first_voice.saturating_duration_since(began) < PAUSED_ONLY_MAX;
                is_soon.then_some(last_voice)?
            }
            Floor::Open { .. } | Floor::Caller => return None,
        };
        Some(first_voice.saturating_duration_since(before))
    }

    /// The caller has spoken for long enough to mean it.
    fn caller_lasts(&mut self) {
        let is_cuttable = matches!(
            self.floor,
            Floor::Overlap {
                interruptible: true
            }
        );
        let words = wording::fold(self.stretches.newest_words());
        let min = barge_in::speech_min(&self.manners, &words, &self.expected);
        let is_enough = min.is_some_and(|min| min <= self.manners.barge_in_min);
        if is_cuttable && is_enough && !self.held {
            self.suspend();
        }
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

    fn pause(&self, last_voice: Instant) -> Floor {
        let words = self.stretches.words();
        let delay = endpointing::delay(
            &self.manners,
            &self.pauses,
            self.dictation,
            &words,
            self.stretches.is_finished(),
        );
        Floor::Pause {
            until: last_voice + delay,
        }
    }

    /// New words may make the pause shorter or longer, or cut the agent.
    fn weigh_words(&mut self, now: Instant) {
        match self.floor {
            Floor::Pause { .. } | Floor::Recognizing { .. } => {
                if let Some(last_voice) = self.stretches.last_voice() {
                    let pause = self.pause(last_voice);
                    let is_over = matches!(pause, Floor::Pause { until } if until <= now);
                    let is_waiting = matches!(self.floor, Floor::Recognizing { .. });
                    if !(is_waiting && is_over) {
                        self.floor = pause;
                    }
                }
            }
            Floor::Agent {
                interruptible: true,
            }
            | Floor::Overlap {
                interruptible: true,
            } if !self.held => {
                let words = wording::fold(self.stretches.newest_words());
                if barge_in::words_cut(&self.manners, &words, &self.expected) {
                    self.suspend();
                }
            }
            Floor::Open { .. }
            | Floor::Caller
            | Floor::Thinking
            | Floor::Agent { .. }
            | Floor::Overlap { .. } => {}
        }
    }

    /// Has the thinker asked before the turn is certain to be over.
    fn ask_early(&mut self, now: Instant) {
        let is_pausing = matches!(self.floor, Floor::Pause { .. });
        if !self.manners.early || !is_pausing || self.suspended || self.n_early >= EARLY_MAX {
            return;
        }
        if self.stretches.await_words() || !self.stretches.has_new_words() {
            return;
        }
        let text = self.stretches.text();
        if self.early.as_ref() == Some(&text) {
            return;
        }
        self.n_early += 1;
        self.early = Some(text.clone());
        self.outputs.push_back(Output::TurnLikely(Turn {
            words: Words::Text(text),
            last_voice: self.stretches.last_voice().unwrap_or(now),
            endpoint: now,
            recognized: now,
        }));
    }

    fn recognized(&mut self, utterance: u32, text: &str, now: Instant) {
        let has_news = self.stretches.recognized(utterance, text);
        if let Some((_, pause)) = self.pause.take_if(|(of, _)| *of == utterance)
            && !text.trim().is_empty()
        {
            self.pauses.learn(pause);
        }
        self.weigh_words(now);
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
                self.cut_by_key();
                self.floor = Floor::Open { since: now };
            }
            Floor::Overlap {
                interruptible: true,
            } if !self.held => {
                self.cut_by_key();
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
        self.suspended = false;
        self.reply_in_hand = true;
        self.floor = Floor::Thinking;
        self.forget_early();
    }

    fn reply_started(&mut self, interruptible: bool, now: Instant) {
        self.stretches.drop_asked();
        self.replied = self.answered.take().map(|last_voice| (last_voice, now));
        self.reply_in_hand = true;
        self.floor = if self.stretches.is_speaking() {
            Floor::Overlap { interruptible }
        } else {
            Floor::Agent { interruptible }
        };
    }

    fn reply_ended(&mut self, now: Instant) {
        self.reply_in_hand = false;
        self.suspended = false;
        self.replied = None;
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
                self.suspend();
            }
            Floor::Thinking | Floor::Agent { .. } => {}
        }
    }

    /// The caller's turn is over, with all words that will come.
    fn conclude(&mut self, endpoint: Instant, now: Instant) {
        if self.suspended && self.is_false_interruption(now) {
            self.resume();
            return;
        }
        let is_owed = self.reply_in_hand && !self.suspended;
        let is_long = self.stretches.new_speech(now) >= self.manners.unclear_min;
        if self.stretches.has_new_words() || self.suspended || (is_long && !is_owed) {
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

    /// Whether what stopped the reply was no word to it.
    fn is_false_interruption(&self, now: Instant) -> bool {
        let words = wording::fold(&self.stretches.new_words());
        if words.is_empty() {
            return self.stretches.new_speech(now) <= self.manners.false_interruption_max;
        }
        wording::is_backchannel(&words, &self.expected)
    }

    /// The stopped reply goes on; what was said in between answers nothing.
    fn resume(&mut self) {
        self.suspended = false;
        self.stretches.drop_all();
        self.reply_in_hand = true;
        self.floor = Floor::Thinking;
        self.outputs.push_back(Output::ResumeReply);
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
        self.ends_suspended = std::mem::take(&mut self.suspended);
        self.reply_in_hand = true;
        self.answered = Some(last_voice);
        self.floor = Floor::Thinking;
        self.forget_early();
        self.outputs.push_back(Output::TurnOver(Turn {
            words,
            last_voice,
            endpoint,
            recognized: now,
        }));
    }

    fn forget_early(&mut self) {
        self.early = None;
        self.n_early = 0;
    }

    /// The caller talks over the agent, and seems to mean it. What was said before that answers
    /// nothing.
    fn suspend(&mut self) {
        if let Some(since) = self.stretches.newest_from() {
            self.stretches.drop_ended_before(since);
        }
        let is_final = self.manners.false_interruption_max.is_zero();
        self.suspended = !is_final;
        self.reply_in_hand = !is_final;
        self.outputs.push_back(if is_final {
            Output::CutReply
        } else {
            Output::SuspendReply
        });
        self.floor = match self.stretches.last_voice() {
            Some(last_voice) if !self.stretches.is_speaking() => self.pause(last_voice),
            Some(_) | None => Floor::Caller,
        };
    }

    /// A key is no accident: the reply is over.
    fn cut_by_key(&mut self) {
        self.reply_in_hand = false;
        match self.stretches.speaking_since() {
            Some(since) => self.stretches.drop_ended_before(since),
            None => self.stretches.drop_all(),
        }
        self.outputs.push_back(Output::CutReply);
    }

    fn barge_in(&self) -> Option<Instant> {
        let since = self.stretches.speaking_since()?;
        let words = wording::fold(self.stretches.newest_words());
        let min = barge_in::speech_min(&self.manners, &words, &self.expected)?;
        Some(since + min + self.manners.detector_off)
    }

    fn turn_limit(&self) -> Option<Instant> {
        Some(self.stretches.turn_began()? + self.manners.turn_max)
    }
}
