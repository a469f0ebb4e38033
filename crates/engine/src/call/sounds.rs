//! Sounds that are played into a call by request: one after the other, over the voice agent or in
//! its place.
//!
//! # Invariants
//!
//! - At most one sound plays; at most [`WAITING_MAX`] wait, in the order of their requests.
//! - The voice agent is paused exactly while a sound plays in its place: two such in a row do not
//!   let it speak between them.
//! - Every sound that started ends, once.

use std::{collections::VecDeque, time::Instant};

use model::{CallEvent, Refusal, SoundId};

use super::{Output, PlayId, deadline::SOUND_START_MAX};

/// Sounds that wait for the one that plays.
pub(super) const WAITING_MAX: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Sounds {
    n_played: u32,
    playing: Option<Playing>,
    waiting: VecDeque<Wish>,
    is_agent_paused: bool,
}

/// A sound that somebody wants to be played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) sound: SoundId,
    pub(super) times: u32,
    pub(super) over: bool,
}

#[derive(Debug)]
struct Playing {
    play: PlayId,
    wish: Wish,
    /// When it has to have started; `None` once it has.
    start_until: Option<Instant>,
}

impl Sounds {
    /// Whether one more may wait.
    pub(super) fn has_room(&self) -> Result<(), Refusal> {
        if self.waiting.len() < WAITING_MAX {
            return Ok(());
        }
        Err(Refusal::Conflict {
            what: format!("{WAITING_MAX} sounds wait to be played already"),
        })
    }

    /// Whether a sound plays or waits.
    pub(super) fn is_any(&self) -> bool {
        self.playing.is_some() || !self.waiting.is_empty()
    }

    pub(super) fn add(&mut self, wish: Wish) {
        self.waiting.push_back(wish);
    }

    /// Starts the next sound if none plays, and pauses or resumes the voice agent for it.
    pub(super) fn advance(&mut self, now: Instant) -> Vec<Output> {
        if self.playing.is_some() {
            return Vec::new();
        }
        let next = self.waiting.pop_front();
        let mut outputs = Vec::new();
        let is_in_place = next.is_some_and(|wish| !wish.over);
        if is_in_place != self.is_agent_paused {
            self.is_agent_paused = is_in_place;
            outputs.push(if is_in_place {
                Output::PauseVoice
            } else {
                Output::ResumeVoice
            });
        }
        if let Some(wish) = next {
            self.n_played += 1;
            let play = PlayId(self.n_played);
            self.playing = Some(Playing {
                play,
                wish,
                start_until: Some(now + SOUND_START_MAX),
            });
            outputs.push(Output::Play {
                play,
                sound: wish.sound,
                times: wish.times,
                over: wish.over,
            });
        }
        outputs
    }

    /// When the sound that plays must have started.
    pub(super) fn start_until(&self) -> Option<Instant> {
        self.playing.as_ref()?.start_until
    }

    /// The first sample of `play` left; the event for the records, once.
    pub(super) fn started(&mut self, play: PlayId) -> Option<CallEvent> {
        let playing = self.playing.as_mut().filter(|it| it.play == play)?;
        playing.start_until.take()?;
        Some(CallEvent::SoundStarted {
            sound: playing.wish.sound,
            times: playing.wish.times,
            over: playing.wish.over,
        })
    }

    /// `play` is over; the event for the records if it had started.
    pub(super) fn ended(&mut self, play: PlayId, cut: bool) -> Option<CallEvent> {
        let playing = self.playing.take_if(|it| it.play == play)?;
        playing
            .start_until
            .is_none()
            .then_some(CallEvent::SoundEnded {
                sound: playing.wish.sound,
                cut,
            })
    }

    /// Gives up the sound that did not start.
    pub(super) fn give_up(&mut self) -> Option<PlayId> {
        let playing = self.playing.take_if(|it| it.start_until.is_some())?;
        Some(playing.play)
    }

    /// The call ends: nothing plays or waits any more.
    pub(super) fn cut_all(&mut self) -> Option<CallEvent> {
        self.waiting.clear();
        let play = self.playing.as_ref()?.play;
        self.ended(play, true)
    }
}
