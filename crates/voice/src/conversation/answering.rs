//! From a question to the thinker to the end of the reply.

use std::time::Instant;

use super::{Conversation, EndCause, Exchange, Note, Output, machine::Hold, question::Question};
use crate::{
    latency::Marks,
    line::Line,
    reply::{Mark, SpanId},
    speaking::{Act, Speaking},
    thinker::{Decision, Expected, Handover, Heard, ThinkRequest, TurnId},
    turn::{self, Turn, Words},
};

impl Conversation {
    /// The caller's turn is over.
    pub(super) fn caller_said(&mut self, turn: &Turn, now: Instant) {
        self.quiet_since = Some(now);
        if self.is_away() {
            return;
        }
        if let Some(deafness) = self.deafness.filter(|_| turn.words == Words::Unclear) {
            return self.apologize_for(deafness, now);
        }
        let marks = Marks::new(turn);
        let heard = match &turn.words {
            Words::Text(text) => Heard::Utterance(text.clone()),
            Words::Unclear => Heard::Unclear,
        };
        let is_unheard = !self.reply.as_ref().is_some_and(Speaking::is_heard);
        match self.question.as_ref().filter(|_| is_unheard) {
            Some(open) if !open.is_replaceable() => self.unanswered = Some((heard, marks)),
            Some(open) => {
                let replaces = open.made_void();
                self.ask(Question::new(heard, replaces, Some(marks)), now);
            }
            None => self.ask(Question::new(heard, None, Some(marks)), now),
        }
    }

    /// Opens a question. It is put as soon as the reply in hand has ended.
    pub(super) fn ask(&mut self, question: Question, now: Instant) {
        self.drop_reply(now);
        self.unanswered = None;
        self.question = Some(question);
    }

    /// Cuts the reply in hand. The question it answers is answered with that.
    pub(super) fn drop_reply(&mut self, now: Instant) {
        let Some(reply) = &mut self.reply else {
            return;
        };
        let is_thinking = !reply.is_complete() && !reply.is_dropped();
        reply.drop_all(now);
        let turn = reply.turn();
        if is_thinking {
            self.outputs.push_back(Output::StopThinking { turn });
        }
        self.question
            .take_if(|question| question.turn == Some(turn));
    }

    /// Puts the open question to the thinker.
    pub(super) fn think(&mut self, now: Instant) {
        self.n_turns += 1;
        let turn = TurnId(self.n_turns);
        let question = self
            .question
            .as_mut()
            .expect("only an open question is put");
        question.turn = Some(turn);
        if let Some(line) = question.own_answer.clone() {
            let heard = question.heard.clone();
            return self.say_alone(turn, &heard, line, true, now);
        }
        let exchange = match &question.heard {
            Heard::Digits(row) => Some(Exchange::Caller(row.clone())),
            Heard::Instruction(content) => Some(Exchange::Instruction(content.clone())),
            Heard::Start
            | Heard::TakenOver
            | Heard::Utterance(_)
            | Heard::Silence { .. }
            | Heard::Unclear
            | Heard::TransferFailed
            | Heard::AgentRefused(_) => None,
        };
        let (replaces, heard) = (question.replaces, question.heard.clone());
        if let Some(exchange) = exchange {
            self.remember(exchange);
        }
        let request = ThinkRequest {
            turn,
            replaces,
            heard,
            interrupted: self.interrupted.take(),
            history: self.history.clone(),
        };
        let is_start = request.heard == Heard::Start;
        self.reply = Some(self.new_reply(turn, &request.heard, now));
        self.outputs.push_back(Output::Think(request));
        if let Some(opening) = self.settings.opening.clone().filter(|_| is_start) {
            let span = self.new_span();
            if let Some(reply) = &mut self.reply {
                reply.say(span, opening, false, now);
            }
        }
    }

    fn new_reply(&self, turn: TurnId, heard: &Heard, now: Instant) -> Speaking {
        let settings = &self.settings;
        let rate_hz = settings.sample_rate_hz;
        Speaking::new(turn, heard.occasion(), rate_hz, settings.waits, now)
    }

    /// Says one line that nobody was asked for, about what was `heard`.
    pub(super) fn say_by_itself(
        &mut self,
        heard: &Heard,
        line: Line,
        interruptible: bool,
        now: Instant,
    ) {
        self.drop_reply(now);
        self.flush(now);
        self.close_reply(now);
        self.n_turns += 1;
        let turn = TurnId(self.n_turns);
        let mut question = Question::new(heard.clone(), None, None);
        question.turn = Some(turn);
        self.question = Some(question);
        self.say_alone(turn, heard, line, interruptible, now);
    }

    /// Makes one line the whole reply to what was `heard`.
    fn say_alone(
        &mut self,
        turn: TurnId,
        heard: &Heard,
        line: Line,
        interruptible: bool,
        now: Instant,
    ) {
        let mut reply = self.new_reply(turn, heard, now);
        let span = self.new_span();
        reply.say(span, line, interruptible, now);
        reply.complete();
        self.reply = Some(reply);
    }

    /// Takes one decision, unless it is too late.
    pub(super) fn decided(
        &mut self,
        turn: TurnId,
        decision: Option<Decision>,
        last: bool,
        now: Instant,
    ) {
        let span = self.new_span();
        let is_open = |reply: &&mut Speaking| reply.turn() == turn && !reply.is_complete();
        let Some(reply) = self.reply.as_mut().filter(is_open) else {
            return;
        };
        self.n_thinker_failures = 0;
        if let Some(question) = &mut self.question {
            question.decided(matches!(decision, Some(Decision::Say { .. })), now);
        }
        let mut expected = None;
        match decision {
            Some(Decision::Say { line, .. }) if line.is_empty() => {}
            Some(Decision::Say {
                line,
                interruptible,
            }) => {
                reply.say(span, line, interruptible, now);
            }
            Some(Decision::Listen(listen)) => expected = Some(listen),
            Some(Decision::SendDigits(digits)) => reply.then(Act::SendDigits(digits), now),
            Some(Decision::Transfer { target }) => {
                reply.then(Act::Transfer(Handover::People(target)), now);
            }
            Some(Decision::ChangeAgent { agent, variables }) => {
                reply.then(Act::Transfer(Handover::Agent(agent, variables)), now);
            }
            Some(Decision::HangUp { cause }) => reply.then(Act::HangUp(cause), now),
            None => {}
        }
        if last {
            reply.complete();
        }
        if let Some(expected) = expected {
            self.expect(expected);
        }
    }

    fn expect(&mut self, expected: Expected) {
        self.row.expect(expected.keys, expected.gather);
        self.turns.expect(&expected.phrases, expected.dictation);
        if self.expected != expected.phrases {
            self.expected.clone_from(&expected.phrases);
            self.outputs.push_back(Output::Expect(expected.phrases));
        }
    }

    /// The thinker will not finish its answer.
    pub(super) fn thinker_failed(&mut self, why: String, now: Instant) {
        let span = self.new_span();
        let Some(reply) = self.reply.as_mut().filter(|reply| !reply.is_complete()) else {
            return;
        };
        reply.complete();
        let turn = reply.turn();
        self.outputs.push_back(Output::StopThinking { turn });
        self.n_thinker_failures += 1;
        let fallback = self.settings.fallback.clone();
        match fallback.filter(|_| self.n_thinker_failures == 1) {
            Some(line) => {
                reply.say(span, line, true, now);
                self.note(Note::ThinkerFailed { turn, why, at: now });
            }
            None => {
                self.note(Note::ThinkerFailed { turn, why, at: now });
                self.end(EndCause::ThinkerFailed, now);
            }
        }
    }

    pub(super) fn speech_ready(
        &mut self,
        span: SpanId,
        samples: u64,
        sounding: &[bool],
        last: bool,
        now: Instant,
    ) {
        let Some(reply) = &mut self.reply else {
            return;
        };
        let turn = reply.turn();
        if !reply.speech_ready(span, samples, sounding, last, now) || reply.is_heard() {
            return;
        }
        let question = self
            .question
            .as_mut()
            .filter(|question| question.turn == Some(turn));
        if let Some(marks) = question.and_then(|question| question.marks.as_mut()) {
            marks.speech_ready.get_or_insert(now);
        }
    }

    pub(super) fn clip_started(&mut self, span: SpanId, at: Instant) {
        let Some(reply) = &mut self.reply else {
            return;
        };
        let turn = reply.turn();
        if !reply.clip_started(span, at) {
            return;
        }
        let question = self
            .question
            .as_mut()
            .filter(|question| question.turn == Some(turn));
        if let Some(marks) = question.and_then(|question| question.marks.take()) {
            let breakdown = marks.breakdown(at);
            self.note(Note::Latency { turn, breakdown });
        }
    }

    /// It is known which words a line says when.
    pub(super) fn speech_marked(&mut self, span: SpanId, marks: Vec<Mark>) {
        if let Some(reply) = &mut self.reply {
            reply.speech_marked(span, marks);
        }
    }

    /// A line cannot be spoken, or not to its end.
    pub(super) fn speech_failed(&mut self, span: SpanId, why: String, now: Instant) {
        if let Some(reply) = &mut self.reply {
            reply.speech_failed(span, why, now);
        }
    }

    /// Does the next thing that the reply holds. Returns whether there was one.
    pub(super) fn act(&mut self, now: Instant) -> bool {
        let Some(act) = self.reply.as_mut().and_then(|reply| reply.next(now)) else {
            return false;
        };
        match act {
            Act::Play {
                span,
                interruptible,
            } => {
                self.turn(turn::Input::ReplyStarted { interruptible }, now);
                self.outputs.push_back(Output::Play { span });
            }
            Act::SendDigits(digits) => self.outputs.push_back(Output::SendDigits(digits)),
            Act::Transfer(to) => self.transfer(to, now),
            Act::HangUp(cause) => self.end(cause, now),
        }
        true
    }

    /// Lets the caller go; what else was decided is void.
    fn transfer(&mut self, to: Handover, now: Instant) {
        self.drop_reply(now);
        self.flush(now);
        self.close_reply(now);
        self.held = Some(Hold::Transfer(now + self.settings.waits.transfer_max));
        self.turn(turn::Input::Held, now);
        self.turn(turn::Input::ReplyEnded, now);
        self.outputs.push_back(match to {
            Handover::People(target) => Output::Transfer { target },
            Handover::Agent(agent, variables) => Output::ChangeAgent { agent, variables },
        });
    }

    /// The reply in hand has ended: what was heard of it is certain now.
    pub(super) fn close_reply(&mut self, now: Instant) {
        if self.try_fallback(now) {
            return;
        }
        let Some(reply) = self.reply.take() else {
            return;
        };
        self.note_reply(&reply);
        if reply.is_dropped() {
            return;
        }
        let question = self.question.take();
        if !question.is_some_and(|question| question.is_prompt()) {
            self.quiet_since = Some(now);
        }
        self.turn(turn::Input::ReplyEnded, now);
        let unanswered = self.unanswered.take();
        if let Some((heard, marks)) = unanswered.filter(|_| !reply.is_heard()) {
            self.turn(turn::Input::AgentTakesFloor, now);
            self.ask(Question::new(heard, None, Some(marks)), now);
        }
    }

    /// A reply of which nothing could be spoken, or a line not to its end, is not left like that.
    fn try_fallback(&mut self, now: Instant) -> bool {
        let span = self.new_span();
        let Some(reply) = self.reply.as_mut().filter(|reply| !reply.is_dropped()) else {
            return false;
        };
        if reply.is_heard() && !reply.is_cut_short() {
            // That the fallback was heard tells nothing: it was made beforehand.
            if !reply.has_fallen_back() {
                self.n_mute_replies = 0;
            }
            return false;
        }
        if reply.n_failed() == 0 {
            return false;
        }
        self.n_mute_replies += 1;
        let fallback = self.settings.fallback.clone();
        match fallback.filter(|_| self.n_mute_replies == 1) {
            Some(line) => {
                reply.say_instead(span, line, true, now);
                true
            }
            None if self.n_mute_replies >= 2 => {
                self.end(EndCause::SpeakerFailed, now);
                true
            }
            None => false,
        }
    }

    fn note_reply(&mut self, reply: &Speaking) {
        let Some((from, to)) = reply.played() else {
            return;
        };
        let text = reply.heard();
        let is_remembered = reply.is_remembered();
        if !text.heard.is_empty() && is_remembered {
            self.remember(Exchange::Agent(text.heard.clone()));
        }
        if !text.unsaid.is_empty() && is_remembered {
            self.interrupted = Some(text.clone());
        }
        let interrupted = reply.is_dropped() && !text.unsaid.is_empty();
        self.note(Note::AgentSaid {
            turn: reply.turn(),
            text,
            sounds: reply.sounds_played(),
            from,
            to,
            interrupted,
            interruptible: reply.was_interruptible(),
            occasion: reply.occasion(),
        });
    }
}
