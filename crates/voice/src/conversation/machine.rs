//! The machine of one conversation.
//!
//! It routes what happens to its parts ([`Turns`], [`Speaking`], [`Row`]) and lets them agree:
//! one question to the thinker at a time, one reply in hand at a time, and a new question only
//! when the reply before it is certain to have ended, so that its heard text is known.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{
    Deafness, EndCause, Exchange, Input, Instruction, Note, Output, Settings, answerer::Sound,
    question::Question,
};
use crate::{
    digits::Row,
    latency::Marks,
    reply::{HeardText, SpanId},
    speaking::Speaking,
    thinker::{Heard, TurnId},
    turn::{self, Turns},
    voicemail::Answerer,
};

/// The most entries that [`Conversation::history`] keeps; older ones are forgotten.
pub const HISTORY_MAX: usize = 1000;

/// Keys that wait for the answer to those before them; more are ignored.
const KEYS_AHEAD_MAX: usize = 32;

/// The conversation of one call.
///
/// # Invariants
///
/// - From [`Input::Started`] to the end, [`Conversation::poll_timeout`] is never `None`.
/// - At most one clip plays, and at most one question is open.
/// - The history holds only what the caller has heard and said.
#[derive(Debug)]
pub struct Conversation {
    pub(super) settings: Settings,
    pub(super) stage: Stage,
    pub(super) turns: Turns,
    pub(super) row: Row,
    /// Keys pressed before it is known what the next row may be.
    pub(super) keys_ahead: VecDeque<char>,
    /// A complete row that waits for its turn.
    pub(super) pressed: Option<String>,
    pub(super) question: Option<Question>,
    pub(super) reply: Option<Speaking>,
    /// Speech during a reply that must not be replaced, answered if nothing is said.
    pub(super) unanswered: Option<(Heard, Marks)>,
    pub(super) interrupted: Option<HeardText>,
    /// What the agent was told to do, and does as soon as the reply in hand has ended.
    pub(super) instructed: Option<Instruction>,
    /// What it was told to do once nobody speaks.
    pub(super) waiting: VecDeque<Instruction>,
    pub(super) held: Option<Hold>,
    pub(super) welcome_at: Option<Instant>,
    /// Listens for machines; `None` where nobody asked for it, or a message is being left.
    pub(super) answerer: Option<Answerer>,
    /// Another voice agent had the caller before.
    pub(super) took_over: bool,
    pub(super) call_until: Option<Instant>,
    /// Since when nothing came from the caller. Prompts about that do not count, replies do.
    pub(super) quiet_since: Option<Instant>,
    pub(super) n_turns: u32,
    pub(super) n_spans: u32,
    pub(super) n_thinker_failures: u32,
    /// Why the caller's newest speech was not heard, if it was not.
    pub(super) deafness: Option<Deafness>,
    /// Turns in a row that went unheard for that reason.
    pub(super) n_deaf_turns: u32,
    pub(super) n_mute_replies: u32,
    pub(super) expected: Vec<String>,
    pub(super) history: Vec<Exchange>,
    pub(super) outputs: VecDeque<Output>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Ready,
    Up,
    Over,
}

/// Who has the line instead of the agent, and until when at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    Sound(Instant),
    Transfer(Instant),
    /// A machine that is not ready for a message yet.
    Machine(Instant),
}

/// The longest wait for a machine to be ready for a message; its detector gives up sooner.
const MACHINE_MAX: Duration = Duration::from_secs(60);

impl Conversation {
    /// A conversation that begins with [`Input::Started`].
    pub fn new(settings: Settings) -> Self {
        Self {
            stage: Stage::Ready,
            turns: Turns::new(settings.manners),
            row: Row::new(settings.waits.next_digit_max),
            keys_ahead: VecDeque::new(),
            pressed: None,
            question: None,
            reply: None,
            unanswered: None,
            interrupted: None,
            instructed: None,
            waiting: VecDeque::new(),
            held: None,
            welcome_at: None,
            answerer: None,
            took_over: false,
            call_until: None,
            quiet_since: None,
            n_turns: 0,
            n_spans: 0,
            n_thinker_failures: 0,
            deafness: None,
            n_deaf_turns: 0,
            n_mute_replies: 0,
            expected: Vec::new(),
            history: Vec::new(),
            outputs: VecDeque::new(),
            settings,
        }
    }

    /// Takes one input. Drain [`Conversation::poll`] before the next one.
    ///
    /// # Panics
    ///
    /// Panics if the outputs of the last input were not drained.
    pub fn handle(&mut self, input: Input, now: Instant) {
        assert!(
            self.outputs.is_empty(),
            "outputs of the last input were not drained"
        );
        match (self.stage, input) {
            (Stage::Ready, Input::Started { answered }) => self.start(answered, now),
            (Stage::Up, input) => self.up(input, now),
            (Stage::Ready, Input::CallerHungUp) => self.stage = Stage::Over,
            (Stage::Ready | Stage::Over, _) => {}
        }
        self.go_on(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next instant something happens by itself, and what. `None` only before the start and
    /// after the end.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        if self.stage != Stage::Up {
            return None;
        }
        let held = self.held.map(|hold| match hold {
            Hold::Sound(until) => (until, "operator's sound"),
            Hold::Transfer(until) => (until, "transfer"),
            Hold::Machine(until) => (until, "answering machine"),
        });
        [
            self.call_until.map(|until| (until, "longest call")),
            self.quiet_until()
                .map(|until| (until, "longest silence of the caller")),
            self.welcome_at.map(|at| (at, "welcome")),
            held,
            self.row.poll_timeout(),
            self.turns.poll_timeout(),
            self.reply.as_ref().and_then(Speaking::poll_timeout),
            self.answerer.as_ref().and_then(Answerer::poll_timeout),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The number of the stretch of caller speech that started last, from 1.
    pub fn utterance(&self) -> u32 {
        self.turns.utterance()
    }

    /// What was said and heard so far, oldest first, the last [`HISTORY_MAX`]
    /// entries. What was not heard is not in it.
    pub fn history(&self) -> &[Exchange] {
        &self.history
    }

    /// Whether the conversation has ended.
    pub fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// How this conversation is held.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    fn start(&mut self, answered: Instant, now: Instant) {
        self.stage = Stage::Up;
        self.quiet_since = Some(now);
        if self.took_over {
            return self.take_over(answered, now);
        }
        self.call_until = self.settings.call_time_max.map(|max| answered + max);
        let detects = self.settings.voicemail.is_some();
        self.answerer = detects.then(|| Answerer::new(answered));
        self.welcome_at = Some(answered + self.settings.welcome_delay).filter(|at| *at > now);
        self.ask(Question::new(Heard::Start, None, None), now);
    }

    fn up(&mut self, input: Input, now: Instant) {
        match input {
            Input::Started { .. } => {}
            Input::SpeechStarted { first_voice } => {
                self.listen_for_machine(Sound::Started(first_voice), now);
                self.turn(turn::Input::CallerStarted { first_voice }, now);
            }
            Input::SpeechLasts => self.turn(turn::Input::CallerLasts, now),
            Input::SpeechStopped { last_voice } => {
                self.listen_for_machine(Sound::Stopped(last_voice), now);
                self.turn(turn::Input::CallerStopped { last_voice }, now);
            }
            Input::Recognized { utterance, text } => {
                self.hears_again();
                self.recognized(utterance, text, now);
            }
            Input::NothingRecognized { utterance } => {
                self.hears_again();
                self.recognized(utterance, String::new(), now);
            }
            Input::RecognizerFailed {
                utterance,
                deafness,
                why,
            } => self.not_heard(utterance, deafness, why, now),
            Input::PartlyRecognized { utterance, text } => {
                self.listen_for_machine(Sound::Words(&text, false), now);
                self.turn(turn::Input::Partial { utterance, text }, now);
            }
            Input::FinishedByRecognizer { utterance } => {
                self.turn(turn::Input::Finished { utterance }, now);
            }
            Input::Beep => self.listen_for_machine(Sound::Beep, now),
            Input::Digit(key) => self.digit(key, now),
            Input::Decided {
                turn,
                decision,
                last,
            } => self.decided(turn, decision, last, now),
            Input::ThinkerFailed { turn, why } => self.gave_up(turn, why, now),
            Input::SpeechReady {
                span,
                samples,
                sounding,
                last,
            } => {
                self.speech_ready(span, samples, &sounding, last, now);
            }
            Input::SpeechMarked { span, marks } => self.speech_marked(span, marks),
            Input::SpeechFailed { span, why } => self.speech_failed(span, why, now),
            Input::ClipStarted { span, at } => self.clip_started(span, at.min(now)),
            Input::ClipEnded {
                span,
                samples_sent,
                cut,
            } => {
                let rest = self.new_span();
                if let Some(reply) = &mut self.reply {
                    reply.clip_ended(span, samples_sent, cut, rest, now);
                }
            }
            Input::PlaySoundStarted => self.sound_started(now),
            Input::PlaySoundEnded => self.sound_ended(now),
            Input::TransferFailed => self.not_handed_over(Heard::TransferFailed, now),
            Input::AgentRefused(why) => self.not_handed_over(Heard::AgentRefused(why), now),
            Input::Instructed(instruction) => self.instruct(instruction, now),
            Input::CallerHungUp => self.finish(now),
            Input::Timeout => self.timeout(now),
        }
    }

    /// A thinker gave up; what it was asked about may be void by now.
    fn gave_up(&mut self, turn: TurnId, why: String, now: Instant) {
        let reply = self.reply.as_ref();
        if reply.is_some_and(|reply| reply.turn() == turn) {
            self.thinker_failed(why, now);
        }
    }

    /// Everything that can be done now is done.
    fn go_on(&mut self, now: Instant) {
        while self.stage == Stage::Up && self.step(now) {}
        self.flush(now);
    }

    fn step(&mut self, now: Instant) -> bool {
        self.flush(now);
        let is_done = self.reply.as_ref().is_some_and(Speaking::is_done);
        if is_done && !self.is_thinking_early() {
            self.close_reply(now);
            return true;
        }
        if self.reply.is_none() && self.question.is_some() {
            self.think(now);
            return true;
        }
        if self.carry_out_instruction(now) {
            return true;
        }
        self.take_key(now) || self.take_row(now) || (self.may_speak() && self.act(now))
    }

    /// Whether whoever is on the line does not talk with the agent now.
    pub(super) fn is_away(&self) -> bool {
        match self.held {
            Some(Hold::Transfer(_) | Hold::Machine(_)) => true,
            Some(Hold::Sound(_)) | None => false,
        }
    }

    /// The agent is silent until the machine is ready for a message.
    pub(super) fn hold_for_message(&mut self, now: Instant) {
        self.held = Some(Hold::Machine(now + MACHINE_MAX));
        self.turn(turn::Input::Held, now);
    }

    fn may_speak(&self) -> bool {
        self.held.is_none() && self.welcome_at.is_none() && self.turns.agent_may_speak()
    }

    fn timeout(&mut self, now: Instant) {
        if self.call_until.is_some_and(|until| until <= now) {
            return self.end(EndCause::MaxDuration, now);
        }
        if self.quiet_until().is_some_and(|until| until <= now) {
            return self.end(EndCause::CallerSilent, now);
        }
        self.welcome_at = self.welcome_at.filter(|at| *at > now);
        self.listen_for_machine(Sound::Nothing, now);
        match self.held {
            Some(Hold::Sound(until)) if until <= now => self.sound_ended(now),
            Some(Hold::Transfer(until)) if until <= now => {
                self.not_handed_over(Heard::TransferFailed, now);
            }
            Some(Hold::Machine(until)) if until <= now => self.end(EndCause::Voicemail, now),
            Some(Hold::Sound(_) | Hold::Transfer(_) | Hold::Machine(_)) | None => {}
        }
        if let Some(row) = self.row.timeout(now) {
            self.row_completed(row, now);
        }
        self.turn(turn::Input::Timeout, now);
        if self
            .reply
            .as_ref()
            .is_some_and(|reply| reply.is_thinker_late(now))
        {
            return self.thinker_failed("no decision in time".to_owned(), now);
        }
        let rest = self.new_span();
        if let Some(reply) = &mut self.reply {
            reply.timeout(rest, now);
        }
    }

    fn quiet_until(&self) -> Option<Instant> {
        let max = self.settings.caller_silence_max?;
        let is_waiting = self.turns.is_open() && self.question.is_none() && self.held.is_none();
        self.quiet_since
            .filter(|_| is_waiting)
            .map(|since| since + max)
    }

    /// Tells the turns and carries out what follows.
    pub(super) fn turn(&mut self, input: turn::Input, now: Instant) {
        self.turns.handle(input, now);
        let outputs: Vec<_> = std::iter::from_fn(|| self.turns.poll()).collect();
        for output in outputs {
            self.turned(output, now);
        }
    }

    fn turned(&mut self, output: turn::Output, now: Instant) {
        match output {
            turn::Output::TurnOver(turn) => {
                if !self.confirm_early(&turn, now) {
                    self.caller_said(&turn, now);
                }
            }
            turn::Output::TurnLikely(turn) => self.caller_may_have_said(&turn, now),
            turn::Output::CutReply => {
                self.forget_waiting(now);
                self.drop_reply(now);
                if self.reply.as_ref().is_some_and(Speaking::is_done) {
                    self.flush(now);
                    self.close_reply(now);
                }
            }
            turn::Output::SuspendReply => {
                if let Some(reply) = self.reply.as_mut().filter(|reply| !reply.is_dropped()) {
                    reply.pause(now);
                }
            }
            turn::Output::ResumeReply => self.note(Note::FalseInterruption { at: now }),
            turn::Output::Silence { count } => self.silent(count, now),
            turn::Output::Said {
                text,
                from,
                to,
                backchannel,
            } => {
                if !backchannel {
                    self.remember(Exchange::Caller(text.clone()));
                }
                self.note(Note::CallerSaid {
                    text,
                    from,
                    to,
                    backchannel,
                });
            }
        }
    }

    pub(super) fn recognized(&mut self, utterance: u32, text: String, now: Instant) {
        self.listen_for_machine(Sound::Words(&text, true), now);
        self.turn(turn::Input::Recognized { utterance, text }, now);
    }

    fn silent(&mut self, count: u32, now: Instant) {
        self.note(Note::NoInput { count, at: now });
        let no_input_max = self.settings.manners.no_input_max;
        if no_input_max.is_some_and(|max| count > max) {
            return self.end(EndCause::NoInput, now);
        }
        let heard = Heard::Silence { count };
        match self.settings.notify.clone() {
            Some(notify) if notify.max.is_none_or(|max| count <= max) => {
                self.say_by_itself(&heard, notify.line, true, now);
            }
            // Silence is left alone; the turns go on counting it.
            Some(_) => self.turn(turn::Input::ReplyEnded, now),
            None => self.ask(Question::new(heard, None, None), now),
        }
    }

    fn digit(&mut self, key: char, now: Instant) {
        if self.is_away() {
            return;
        }
        self.quiet_since = Some(now);
        self.turn(turn::Input::Digit, now);
        if self.keys_ahead.len() < KEYS_AHEAD_MAX {
            self.keys_ahead.push_back(key);
        }
    }

    /// Whether the thinker has answered all that was asked, so that a key means what it now
    /// expects.
    fn is_expectation_known(&self) -> bool {
        match &self.reply {
            None => self.question.is_none(),
            Some(reply) => reply.is_complete() && !reply.is_dropped(),
        }
    }

    /// Adds the oldest key to the row, once it is known what the row may be.
    fn take_key(&mut self, now: Instant) -> bool {
        if self.pressed.is_some() || !self.is_expectation_known() {
            return false;
        }
        let Some(key) = self.keys_ahead.pop_front() else {
            return false;
        };
        if let Some(row) = self.row.press(key, now) {
            self.row_completed(row, now);
        }
        true
    }

    fn row_completed(&mut self, row: String, now: Instant) {
        let digits = row.clone();
        self.note(Note::Digits { digits, at: now });
        self.pressed = Some(row);
    }

    /// Has the completed row answered, unless the agent must finish first.
    fn take_row(&mut self, now: Instant) -> bool {
        let is_transferring = self.is_away();
        let is_uncut = self
            .reply
            .as_ref()
            .is_some_and(|reply| !reply.is_interruptible());
        if is_transferring || is_uncut || !self.is_expectation_known() {
            return false;
        }
        let Some(row) = self.pressed.take() else {
            return false;
        };
        self.turn(turn::Input::AgentTakesFloor, now);
        self.ask(Question::new(Heard::Digits(row), None, None), now);
        true
    }

    fn sound_started(&mut self, now: Instant) {
        if self.held.is_some() {
            return;
        }
        self.held = Some(Hold::Sound(now + self.settings.waits.sound_max));
        self.turn(turn::Input::Held, now);
        if let Some(reply) = self.reply.as_mut().filter(|reply| !reply.is_dropped()) {
            reply.pause(now);
        }
    }

    fn sound_ended(&mut self, now: Instant) {
        if matches!(self.held, Some(Hold::Sound(_))) {
            self.held = None;
            self.quiet_since = Some(now);
            self.turn(turn::Input::Released, now);
        }
    }

    /// The end as the agent wants it.
    pub(super) fn end(&mut self, cause: EndCause, now: Instant) {
        if self.stage == Stage::Up {
            self.finish(now);
            self.outputs.push_back(Output::HangUp { cause });
        }
    }

    /// The end, whoever wanted it.
    fn finish(&mut self, now: Instant) {
        if let Some(reply) = &mut self.reply {
            reply.end_by_clock(now);
        }
        self.flush(now);
        self.close_reply(now);
        self.question = None;
        self.instructed = None;
        self.forget_waiting(now);
        self.stage = Stage::Over;
    }

    /// Passes on what the reply wants from the world.
    pub(super) fn flush(&mut self, now: Instant) {
        let Some(reply) = &mut self.reply else {
            return;
        };
        self.outputs.extend(std::iter::from_fn(|| reply.poll()));
        let failures: Vec<_> = std::iter::from_fn(|| reply.poll_failure()).collect();
        for failure in failures {
            self.note(Note::SpeakerFailed {
                line: failure.line,
                why: failure.why,
                at: now,
            });
        }
    }

    pub(super) fn note(&mut self, note: Note) {
        self.outputs.push_back(Output::Note(note));
    }

    pub(super) fn remember(&mut self, exchange: Exchange) {
        if self.history.len() >= HISTORY_MAX {
            self.history.remove(0);
        }
        self.history.push(exchange);
    }

    pub(super) fn new_span(&mut self) -> SpanId {
        self.n_spans += 1;
        SpanId(self.n_spans)
    }
}
