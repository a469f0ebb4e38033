//! Three and more legs of one call that hear each other: each hears the sum of the others, and never
//! itself.
//!
//! A [`Conference`] adds frames; it knows no legs, codecs or packets. Its shell gives it what each
//! seat's peer said in a tick, and asks for each seat what to send. Everybody is heard one tick after
//! it spoke, whatever the order in which seats are served, so that nobody is heard twice or not at all
//! when somebody comes or goes.
//!
//! Key presses that are events are no sound and are not mixed.
//!
//! # Invariants
//!
//! - At most [`SEATS_MAX`] sit in a conference, and none hears itself.
//! - Whoever begins or stops to be heard by somebody does so within one frame, faded: there is no
//!   click.
//! - Sums are limited, not wrapped: see [`limiter`].
//! - What nobody says costs nothing: silent voices are not added.

mod limiter;
#[cfg(test)]
mod tests;

use crate::{FRAME_SAMPLES, Frame, FrameKind, mix};
use limiter::Limiter;

/// Most seats of one conference.
pub const SEATS_MAX: usize = 8;

/// The voice of whoever speaks for the centre, beside those of the seats.
const OURS: usize = SEATS_MAX;

/// A frame in which no sample is louder is silence: A-law cannot say 0, its silence is ±8.
const SILENCE_MAX: u16 = 8;

/// What somebody in a conference may hear and be heard by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A person outside: does not hear whispers.
    Outside,
    /// Somebody of the house.
    Inside,
    /// A supervisor whom nobody hears.
    Listening,
    /// A supervisor whom only those of the house hear.
    Whispering,
    /// A supervisor whom everybody hears.
    Barging,
}

/// Who sits in a conference, what they say, and what each of them hears.
#[derive(Debug)]
pub struct Conference {
    seats: [Option<Seat>; SEATS_MAX],
    /// Of the seats, and [`OURS`].
    voices: [Voice; SEATS_MAX + 1],
    /// Where the next one is seated: a place that was left is not given away at once.
    next_seat: usize,
}

/// Somebody in a conference.
#[derive(Debug)]
struct Seat {
    part: Part,
    /// On hold: it neither hears nor is heard.
    is_away: bool,
    /// Whom it heard in the last tick, one bit a voice.
    heard: u16,
    /// It was served in this round.
    is_served: bool,
    limiter: Limiter,
}

/// What somebody said.
#[derive(Clone, Copy, Debug)]
struct Voice {
    /// In the last round, for this one; `None` for silence.
    now: Option<Frame>,
    /// In this round, for the next one.
    next: Option<Frame>,
    /// The seat that hears it by itself, if it is [`OURS`].
    beside: Option<usize>,
}

impl Part {
    /// Whether this one hears what `other` says.
    pub fn hears(self, other: Self) -> bool {
        match other {
            Self::Outside | Self::Inside | Self::Barging => true,
            Self::Whispering => self != Self::Outside,
            Self::Listening => false,
        }
    }
}

impl Conference {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            seats: std::array::from_fn(|_| None),
            voices: [Voice {
                now: None,
                next: None,
                beside: None,
            }; SEATS_MAX + 1],
            next_seat: 0,
        }
    }

    /// Gives somebody a seat; `None` if all are taken.
    pub fn sit(&mut self, part: Part) -> Option<usize> {
        let seats = (0..SEATS_MAX).map(|step| (self.next_seat + step) % SEATS_MAX);
        let seat = seats.into_iter().find(|seat| self.seats[*seat].is_none())?;
        self.next_seat = (seat + 1) % SEATS_MAX;
        self.seats[seat] = Some(Seat {
            part,
            is_away: false,
            heard: 0,
            is_served: false,
            limiter: Limiter::new(),
        });
        Some(seat)
    }

    /// Somebody leaves; what they said last fades away.
    pub fn leave(&mut self, seat: usize) {
        self.seats[seat] = None;
    }

    /// Somebody hears others, or is heard by others, from now on.
    pub fn play_part(&mut self, seat: usize, part: Part) {
        if let Some(seat) = &mut self.seats[seat] {
            seat.part = part;
        }
    }

    /// Whoever has a seat holds, or comes back. What their system plays meanwhile is for nobody.
    pub fn hold(&mut self, seat: usize, is_held: bool) {
        if let Some(seat) = &mut self.seats[seat] {
            seat.is_away = is_held;
        }
    }

    /// How many sit in it.
    pub fn n_seats(&self) -> usize {
        self.seats.iter().flatten().count()
    }

    /// What the peer of a seat said in its tick.
    pub fn said(&mut self, seat: usize, kind: FrameKind, frame: &Frame) {
        self.voices[seat].next = audible(kind, frame);
    }

    /// What was played to the peer of `seat` in its tick, as all others are to hear it too: a voice
    /// agent.
    pub fn played(&mut self, seat: usize, kind: FrameKind, frame: &Frame) {
        let ours = &mut self.voices[OURS];
        ours.next = audible(kind, frame);
        ours.beside = Some(seat);
    }

    /// Fills `samples` with what the peer of a seat is to hear in its tick; `false` if that is
    /// silence. To be asked once a tick for every seat.
    pub fn hear(&mut self, seat: usize, samples: &mut Frame) -> bool {
        if self.seats[seat].as_ref().is_some_and(|seat| seat.is_served) {
            self.turn();
        }
        let hears = self.hears(seat);
        let Some(hearer) = &mut self.seats[seat] else {
            return false;
        };
        hearer.is_served = true;
        let heard = std::mem::replace(&mut hearer.heard, hears);
        let mut sum = [0_i32; FRAME_SAMPLES];
        let mut is_any = false;
        for (voice_idx, voice) in self.voices.iter().enumerate() {
            let bit = 1 << voice_idx;
            let Some(said) = &voice.now else { continue };
            let fade = match (heard & bit != 0, hears & bit != 0) {
                (false, false) => continue,
                (true, true) => mix::Fade::None,
                (false, true) => mix::Fade::In,
                (true, false) => mix::Fade::Out,
            };
            mix::accumulate(&mut sum, said, fade);
            is_any = true;
        }
        let limits = hearer.limiter.limit(&sum, samples);
        is_any || limits
    }

    /// Everybody was served: what they said is heard from now on.
    fn turn(&mut self) {
        for voice in &mut self.voices {
            voice.now = voice.next.take();
        }
        for seat in self.seats.iter_mut().flatten() {
            seat.is_served = false;
        }
    }

    /// Whom a seat hears, one bit a voice.
    fn hears(&self, seat: usize) -> u16 {
        let Some(hearer) = self.seats[seat].as_ref().filter(|seat| !seat.is_away) else {
            return 0;
        };
        let mut hears = 0;
        for (other_idx, other) in self.seats.iter().enumerate() {
            let is_heard =
                |other: &Seat| other_idx != seat && !other.is_away && hearer.part.hears(other.part);
            if other.as_ref().is_some_and(is_heard) {
                hears |= 1 << other_idx;
            }
        }
        // What whoever is away hears meanwhile is not for the others.
        let is_for_others = |beside: usize| {
            let away = self.seats[beside].as_ref().is_some_and(|it| it.is_away);
            beside != seat && !away
        };
        if self.voices[OURS].beside.is_some_and(is_for_others) {
            hears |= 1 << OURS;
        }
        hears
    }
}

impl Default for Conference {
    fn default() -> Self {
        Self::new()
    }
}

fn audible(kind: FrameKind, frame: &Frame) -> Option<Frame> {
    match kind {
        FrameKind::Audio | FrameKind::Concealed => {
            let is_loud = frame
                .iter()
                .any(|sample| sample.unsigned_abs() > SILENCE_MAX);
            is_loud.then_some(*frame)
        }
        FrameKind::Silence | FrameKind::Gap => None,
    }
}
