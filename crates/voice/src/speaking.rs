//! How a reply gets from text to the caller's ear.
//!
//! A [`Speaking`] carries out the thinker's decisions for one turn, in order: it has each line
//! made as soon as it is decided, plays one clip after the other, and does what stands behind them
//! (press keys, transfer, hang up) once they have been heard. Whether the agent may speak at this
//! moment is the owner's business, who asks for the [next step](Speaking::next) when it may.
//!
//! # Invariants
//!
//! - At most one clip plays.
//! - What stands behind a line is done after that line, and not at all if the caller cuts it.
//! - Every wait for the thinker, the speaker or the player has a deadline; what was played by then
//!   is reckoned by the clock.

mod playing;

use std::{collections::VecDeque, time::Instant};

use playing::{Playing, Stop};

use crate::{
    conversation::{EndCause, Output, Waits},
    line::Line,
    reply::{Clip, HeardText, MARKS_MAX, Mark, Played, Reply, Span, SpanId},
    thinker::{Handover, Occasion, TurnId},
};

/// The most lines of one reply; a thinker that decides more is cut off there.
pub const LINES_MAX: usize = 100;

/// The reply in hand.
#[derive(Debug)]
pub struct Speaking {
    turn: TurnId,
    occasion: Occasion,
    /// What is heard of it enters the history.
    is_remembered: bool,
    /// Nothing else is said before it has been heard.
    is_bound: bool,
    rate_hz: u32,
    waits: Waits,
    reply: Reply,
    acts: VecDeque<Act>,
    playing: Option<Playing>,
    n_lines: usize,
    n_failed: u32,
    /// The thinker has decided everything.
    is_complete: bool,
    is_dropped: bool,
    /// A line was not heard to its end: none follows it.
    is_truncated: bool,
    /// The rest of a line that was paused, or broke off.
    rest: Option<SpanId>,
    /// The rest of a line that broke off: when it breaks off too, the reply is cut short.
    mended: Option<SpanId>,
    /// The speaker could not say a line to its end.
    is_cut_short: bool,
    /// It ends with a line that makes up for those that could not be spoken.
    has_fallen_back: bool,
    /// Since when the front of the queue is waited for.
    since: Instant,
    played: Option<(Instant, Instant)>,
    outputs: VecDeque<Output>,
    failures: VecDeque<Failure>,
}

/// One thing to do, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Play a clip.
    Play {
        /// The clip.
        span: SpanId,
        /// Whether the caller may cut it.
        interruptible: bool,
    },
    /// Press keys.
    SendDigits(String),
    /// Hand the caller over.
    Transfer(Handover),
    /// End the call.
    HangUp(EndCause),
}

/// A line that could not be spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line.
    pub line: Line,
    /// Why.
    pub why: String,
}

impl Speaking {
    /// A reply to `turn`, of which nothing is decided yet.
    pub fn new(turn: TurnId, occasion: Occasion, rate_hz: u32, waits: Waits, now: Instant) -> Self {
        Self {
            turn,
            occasion,
            is_remembered: true,
            is_bound: false,
            rate_hz,
            waits,
            reply: Reply::default(),
            acts: VecDeque::new(),
            playing: None,
            n_lines: 0,
            n_failed: 0,
            is_complete: false,
            is_dropped: false,
            is_truncated: false,
            rest: None,
            mended: None,
            is_cut_short: false,
            has_fallen_back: false,
            since: now,
            played: None,
            outputs: VecDeque::new(),
            failures: VecDeque::new(),
        }
    }

    /// The turn that is answered.
    pub fn turn(&self) -> TurnId {
        self.turn
    }

    /// What it is said about.
    pub fn occasion(&self) -> Occasion {
        self.occasion
    }

    /// It is what somebody told the agent to say.
    pub fn is_as_told(&mut self, is_remembered: bool, is_bound: bool) {
        self.is_remembered = is_remembered;
        self.is_bound = is_bound;
    }

    /// Whether what is heard of it enters the history.
    pub fn is_remembered(&self) -> bool {
        self.is_remembered
    }

    /// Whether nothing else may be said before it has been heard.
    pub fn is_bound(&self) -> bool {
        self.is_bound && !self.is_dropped
    }

    /// Adds a line at the end and has it made. It is ignored beyond [`LINES_MAX`], and behind a
    /// line that was not heard to its end.
    pub fn say(&mut self, span: SpanId, line: Line, interruptible: bool, now: Instant) {
        if self.n_lines >= LINES_MAX || self.is_truncated {
            return;
        }
        self.n_lines += 1;
        self.make(span, &line);
        self.reply.push(Span {
            id: span,
            line,
            interruptible,
            clip: Clip::default(),
            sounding: Vec::new(),
            marks: Vec::new(),
            played: Played::Not,
        });
        self.then(
            Act::Play {
                span,
                interruptible,
            },
            now,
        );
    }

    /// Adds a line where the speaker could not say all of the reply.
    pub fn say_instead(&mut self, span: SpanId, line: Line, interruptible: bool, now: Instant) {
        self.is_truncated = false;
        self.is_cut_short = false;
        self.has_fallen_back = true;
        self.say(span, line, interruptible, now);
    }

    /// Adds something to be done once everything before it has been heard.
    pub fn then(&mut self, act: Act, now: Instant) {
        if self.acts.is_empty() && self.playing.is_none() {
            self.since = now;
        }
        self.acts.push_back(act);
    }

    /// The thinker has decided everything.
    pub fn complete(&mut self) {
        self.is_complete = true;
    }

    /// Whether the thinker has decided everything.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether nothing is left to do or to wait for.
    pub fn is_done(&self) -> bool {
        self.is_complete && self.acts.is_empty() && self.playing.is_none()
    }

    /// Whether the caller or a newer turn has cut this reply.
    pub fn is_dropped(&self) -> bool {
        self.is_dropped
    }

    /// Whether a clip of it has begun to play, or was about to.
    pub fn is_heard(&self) -> bool {
        self.played.is_some() || self.playing.is_some()
    }

    /// Whether a line of which something was heard was not said to its end, by the speaker's fault.
    pub fn is_cut_short(&self) -> bool {
        self.is_cut_short
    }

    /// Whether [`Speaking::say_instead`] was needed.
    pub fn has_fallen_back(&self) -> bool {
        self.has_fallen_back
    }

    /// Lines that could not be spoken.
    pub fn n_failed(&self) -> u32 {
        self.n_failed
    }

    /// Whether a key or a word may end it at this moment. What ends the call is not cut.
    pub fn is_interruptible(&self) -> bool {
        if let Some(span) = self
            .playing
            .as_ref()
            .and_then(|clip| self.reply.span(clip.span))
        {
            return span.interruptible;
        }
        match self.acts.front() {
            Some(Act::Play { interruptible, .. }) => *interruptible,
            Some(Act::SendDigits(_) | Act::Transfer(_) | Act::HangUp(_)) => false,
            None => true,
        }
    }

    /// The next thing to do, if it can be done now. The caller must be ready to listen.
    pub fn next(&mut self, now: Instant) -> Option<Act> {
        if self.playing.is_some() {
            return None;
        }
        if let Some(Act::Play { span, .. }) = self.acts.front() {
            let span = *span;
            let clip = self
                .reply
                .span(span)
                .expect("a span in the queue is in the reply")
                .clip;
            if clip.samples == 0 {
                return None;
            }
            self.playing = Some(Playing::new(span, now));
        }
        self.since = now;
        self.acts.pop_front()
    }

    /// Takes samples of a span, and where they sound; a clip without any is a failure. Returns
    /// whether they are wanted.
    pub fn speech_ready(
        &mut self,
        span: SpanId,
        samples: u64,
        sounding: &[bool],
        last: bool,
        now: Instant,
    ) -> bool {
        let Some(span) = self.reply.span_mut(span) else {
            return false;
        };
        if span.clip.complete {
            return false;
        }
        span.clip.samples = span.clip.samples.saturating_add(samples);
        span.sounding.extend_from_slice(sounding);
        if last && span.clip.samples == 0 {
            let id = span.id;
            self.speech_failed(id, "a clip without samples".to_owned(), now);
            return false;
        }
        span.clip.complete = last;
        if let Some(playing) = self
            .playing
            .as_mut()
            .filter(|playing| playing.span == span.id)
        {
            playing.fed = now;
        }
        true
    }

    /// Takes word of which words a clip says when.
    pub fn speech_marked(&mut self, span: SpanId, marks: Vec<Mark>) {
        if let Some(span) = self.reply.span_mut(span) {
            let left = MARKS_MAX.saturating_sub(span.marks.len());
            span.marks.extend(marks.into_iter().take(left));
            span.marks.sort_unstable();
        }
    }

    /// Takes word that a span cannot be spoken, or not to its end.
    pub fn speech_failed(&mut self, span: SpanId, why: String, now: Instant) {
        let Some(known) = self.reply.span(span).filter(|span| !span.clip.complete) else {
            return;
        };
        let line = known.line.clone();
        match &mut self.playing {
            Some(playing) if playing.span == span => playing.is_broken = true,
            Some(_) | None => self.forget(span, now),
        }
        self.n_failed += 1;
        self.failures.push_back(Failure { line, why });
    }

    /// Takes word that a clip's first packet left. Returns whether it is the reply's first.
    pub fn clip_started(&mut self, span: SpanId, at: Instant) -> bool {
        let Some(playing) = self.playing.as_mut().filter(|playing| playing.span == span) else {
            return false;
        };
        let at = at.max(playing.asked);
        playing.started.get_or_insert(at);
        let is_first = self.played.is_none();
        self.played.get_or_insert((at, at));
        is_first
    }

    /// Takes word that a clip ended. `rest` names the span that may have to follow.
    pub fn clip_ended(
        &mut self,
        span: SpanId,
        samples_sent: u64,
        cut: bool,
        rest: SpanId,
        now: Instant,
    ) {
        let Some(playing) = self.playing.take_if(|playing| playing.span == span) else {
            return;
        };
        let is_partial = cut || playing.is_broken;
        self.ended(
            &playing,
            if is_partial { Some(samples_sent) } else { None },
            rest,
            now,
        );
    }

    /// Ends the reply: the clip that plays is stopped, the rest is forgotten.
    pub fn drop_all(&mut self, now: Instant) {
        self.is_dropped = true;
        self.is_complete = true;
        self.truncate();
        self.acts.clear();
        self.stop(Stop::Drop, now);
    }

    /// Stops the clip that plays; the rest of its line is said again later.
    pub fn pause(&mut self, now: Instant) {
        self.stop(Stop::Pause, now);
    }

    /// Ends the reply at once, as far as the clock tells. Used when the call ends.
    pub fn end_by_clock(&mut self, now: Instant) {
        self.drop_all(now);
        if let Some(playing) = self.playing.take() {
            let samples = playing.by_clock(self.clip(playing.span), self.rate_hz, now);
            self.ended(&playing, Some(samples), playing.span, now);
        }
    }

    /// What to tell the world.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// What could not be spoken.
    pub fn poll_failure(&mut self) -> Option<Failure> {
        self.failures.pop_front()
    }

    /// What was heard, and what was not.
    pub fn heard(&self) -> HeardText {
        self.reply.heard(self.rate_hz)
    }

    /// Whether the caller could cut what was played of it.
    pub fn was_interruptible(&self) -> bool {
        self.reply.was_interruptible()
    }

    /// The sounds of which something was played.
    pub fn sounds_played(&self) -> Vec<String> {
        self.reply.sounds_played()
    }

    /// First and last packet, if any left.
    pub fn played(&self) -> Option<(Instant, Instant)> {
        self.played
    }

    /// The end of the present wait, and for whom. `None` while it is up to the owner to go on.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        if let Some(playing) = &self.playing {
            return Some(playing.poll_timeout(self.clip(playing.span), self.rate_hz, &self.waits));
        }
        match self.acts.front() {
            Some(Act::Play { span, .. }) => {
                let clip = self.clip(*span);
                let is_ready = clip.samples > 0;
                (!is_ready).then_some((self.since + self.waits.speaker_max, "speaker"))
            }
            Some(Act::SendDigits(_) | Act::Transfer(_) | Act::HangUp(_)) => None,
            None if self.is_complete => None,
            None => Some((self.since + self.waits.thinker_max, THINKER)),
        }
    }

    /// Whether the thinker has used up its time.
    pub fn is_thinker_late(&self, now: Instant) -> bool {
        self.poll_timeout()
            .is_some_and(|(until, whom)| whom == THINKER && until <= now)
    }

    /// Gives up on a speaker or player whose time is over. `rest` is as in
    /// [`Speaking::clip_ended`].
    pub fn timeout(&mut self, rest: SpanId, now: Instant) {
        let is_due = self.poll_timeout().is_some_and(|(until, _)| until <= now);
        if !is_due {
            return;
        }
        if let Some(playing) = self.playing.take() {
            self.give_up_on_player(playing, rest, now);
        } else if let Some(Act::Play { span, .. }) = self.acts.front() {
            self.speech_failed(*span, "no speech in time".to_owned(), now);
        }
    }

    fn give_up_on_player(&mut self, mut playing: Playing, rest: SpanId, now: Instant) {
        let span = playing.span;
        let clip = self.clip(span);
        if playing.stop.is_some() {
            let samples = playing.by_clock(self.clip(playing.span), self.rate_hz, now);
            self.ended(&playing, Some(samples), rest, now);
        } else if playing.started.is_none() {
            self.outputs.push_back(Output::Cut { span });
            let line = self.reply.span(span).map(|span| span.line.clone());
            self.forget(span, now);
            self.n_failed += 1;
            let why = "the clip did not start in time".to_owned();
            self.failures.extend(line.map(|line| Failure { line, why }));
        } else if clip.complete || playing.is_broken {
            self.outputs.push_back(Output::Cut { span });
            let samples = playing.is_broken.then_some(clip.samples);
            self.ended(&playing, samples, rest, now);
        } else {
            playing.is_broken = true;
            self.playing = Some(playing);
            let line = self.reply.span(span).map(|span| span.line.clone());
            let why = "the rest of the speech did not come in time".to_owned();
            self.failures.extend(line.map(|line| Failure { line, why }));
            self.stop(Stop::Drop, now);
        }
    }

    /// A clip is over; `samples` of it were played, or all of them.
    fn ended(&mut self, playing: &Playing, samples: Option<u64>, rest: SpanId, now: Instant) {
        self.since = now;
        if playing.started.is_some() || samples != Some(0) {
            let (from, _) = self.played.unwrap_or((playing.asked, playing.asked));
            self.played = Some((from, now.max(from)));
        }
        let Some(span) = self.reply.span_mut(playing.span) else {
            return;
        };
        let Some(samples) = samples else {
            span.played = Played::Whole;
            return;
        };
        span.played = if samples == 0 {
            Played::Not
        } else {
            Played::Until(samples)
        };
        let is_broken = playing.is_broken && !self.is_dropped;
        let is_paused = matches!(playing.stop, Some((Stop::Pause, _))) && !self.is_dropped;
        let breaks_again = is_broken && self.mended == Some(playing.span);
        if breaks_again || !(is_paused || is_broken) {
            self.is_cut_short |= breaks_again;
            self.truncate();
            return;
        }
        if let Some(span) = self.reply.part(playing.span, rest, self.rate_hz) {
            if is_broken {
                self.mended = Some(rest);
            }
            self.make(rest, &span.line);
            self.rest = Some(rest);
            self.acts.push_front(Act::Play {
                span: rest,
                interruptible: span.interruptible,
            });
        }
    }

    /// Forgets the lines that would follow a line that was not heard to its end. What they lead
    /// to is still done.
    fn truncate(&mut self) {
        self.is_truncated = true;
        for act in std::mem::take(&mut self.acts) {
            match act {
                Act::Play { span, .. } => self.outputs.push_back(Output::Discard { span }),
                Act::SendDigits(_) | Act::Transfer(_) | Act::HangUp(_) => self.acts.push_back(act),
            }
        }
    }

    fn stop(&mut self, why: Stop, now: Instant) {
        let Some(playing) = &mut self.playing else {
            return;
        };
        let since = match playing.stop {
            Some((_, since)) => since,
            None => {
                self.outputs.push_back(Output::Cut { span: playing.span });
                now
            }
        };
        playing.stop = Some((why, since));
    }

    /// Goes on without a line that cannot be spoken, or stops there if its beginning was heard.
    fn forget(&mut self, span: SpanId, now: Instant) {
        self.acts
            .retain(|act| !matches!(act, Act::Play { span: it, .. } if *it == span));
        self.since = now;
        if self.rest == Some(span) {
            self.is_cut_short |= !self.is_dropped;
            self.truncate();
        } else {
            self.reply.remove(span);
        }
    }

    fn clip(&self, span: SpanId) -> Clip {
        self.reply
            .span(span)
            .map(|span| span.clip)
            .unwrap_or_default()
    }

    fn make(&mut self, span: SpanId, line: &Line) {
        self.outputs.push_back(match line {
            Line::Text(text) => Output::Synthesize {
                span,
                text: text.clone(),
            },
            Line::Sound(sound) => Output::Load {
                span,
                sound: sound.clone(),
            },
        });
    }
}

const THINKER: &str = "thinker";

#[cfg(test)]
mod tests;
