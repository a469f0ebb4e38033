//! What every engine that decides whole utterances needs: which samples belong to which utterance.
//!
//! # Invariants
//!
//! - Memory is bounded by [`UTTERANCE_SAMPLES_MAX`]; audio beyond it is dropped, the start is kept.
//! - At most one utterance is open, and numbers only grow.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::port::{FRAME_SAMPLES, Frame, SAMPLE_RATE_HZ};

/// Audio kept from before the detector's mark, 300 ms: a detector needs up to 200 ms to be sure.
const PRE_ROLL_SAMPLES: usize = SAMPLE_RATE_HZ as usize * 3 / 10;

/// Longest utterance that is decided: 15 s.
pub(crate) const UTTERANCE_SAMPLES_MAX: usize = SAMPLE_RATE_HZ as usize * 15;

/// Longest silence that a resume bridges: 3 s. A turn's endpointing is shorter.
const GAP_SAMPLES_MAX: usize = SAMPLE_RATE_HZ as usize * 3;

/// Collects one leg's utterances.
#[derive(Debug, Default)]
pub(crate) struct Ear {
    pre_roll: VecDeque<i16>,
    state: State,
    number: u64,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Nothing,
    Open(Vec<i16>),
    /// The last utterance and what came after it, in case it goes on.
    Ended {
        said: Arc<[i16]>,
        after: Vec<i16>,
    },
}

impl Ear {
    pub fn push(&mut self, frame: &Frame) {
        let excess = (self.pre_roll.len() + FRAME_SAMPLES).saturating_sub(PRE_ROLL_SAMPLES);
        self.pre_roll.drain(..excess);
        self.pre_roll.extend(frame);
        match &mut self.state {
            State::Nothing => {}
            State::Open(said) if said.len() < UTTERANCE_SAMPLES_MAX => said.extend(frame),
            State::Open(_) => {}
            State::Ended { after, .. } if after.len() < GAP_SAMPLES_MAX => after.extend(frame),
            State::Ended { .. } => self.state = State::Nothing,
        }
    }

    /// Opens an utterance, or returns the open one.
    pub fn started(&mut self) -> u64 {
        if !matches!(self.state, State::Open(_)) {
            self.open(self.pre_roll.iter().copied().collect());
        }
        self.number
    }

    /// Closes the open utterance; `None` without one.
    pub fn ended(&mut self) -> Option<(u64, Arc<[i16]>)> {
        let State::Open(said) = std::mem::take(&mut self.state) else {
            return None;
        };
        // What comes before the next utterance is what comes after this one.
        self.pre_roll.clear();
        let said: Arc<[i16]> = said.into();
        self.state = State::Ended {
            said: Arc::clone(&said),
            after: Vec::new(),
        };
        Some((self.number, said))
    }

    /// Goes on with the last utterance under a new number; `true` when there was one.
    pub fn resumed(&mut self) -> (u64, bool) {
        match std::mem::take(&mut self.state) {
            State::Ended { said, after } => {
                let mut joined = said.to_vec();
                joined.extend(after);
                joined.truncate(UTTERANCE_SAMPLES_MAX);
                self.open(joined);
                (self.number, true)
            }
            other @ (State::Nothing | State::Open(_)) => {
                self.state = other;
                (self.started(), false)
            }
        }
    }

    /// What the open utterance holds so far; empty without one.
    pub fn said(&self) -> &[i16] {
        match &self.state {
            State::Open(said) => said,
            State::Nothing | State::Ended { .. } => &[],
        }
    }

    fn open(&mut self, said: Vec<i16>) {
        self.number += 1;
        self.state = State::Open(said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames numbered by their sample value.
    fn hear(ear: &mut Ear, frames: std::ops::Range<i16>) {
        frames.for_each(|value| ear.push(&[value; FRAME_SAMPLES]));
    }

    fn frames(said: &[i16]) -> Vec<i16> {
        said.chunks(FRAME_SAMPLES).map(|frame| frame[0]).collect()
    }

    #[test]
    fn an_utterance_reaches_back_300_ms() {
        let mut ear = Ear::default();
        hear(&mut ear, 0..100);
        assert_eq!(ear.started(), 1);
        hear(&mut ear, 100..102);
        let (number, said) = ear.ended().unwrap();
        assert_eq!(
            (number, frames(&said)),
            (1, (85..102).collect::<Vec<i16>>())
        );
        assert_eq!(ear.ended(), None);
    }

    #[test]
    fn a_resumed_utterance_holds_all_of_it_under_a_new_number() {
        let mut ear = Ear::default();
        ear.started();
        hear(&mut ear, 0..2);
        ear.ended();
        hear(&mut ear, 2..5);
        assert_eq!(ear.resumed(), (2, true));
        hear(&mut ear, 5..6);
        assert_eq!(
            ear.ended().map(|(n, said)| (n, frames(&said))),
            Some((2, (0..6).collect()))
        );
    }

    #[test]
    fn an_utterance_does_not_reach_into_the_one_before() {
        let mut ear = Ear::default();
        hear(&mut ear, 0..5);
        ear.started();
        hear(&mut ear, 5..8);
        ear.ended();
        // The worker forwards sound only while the caller speaks.
        ear.started();
        hear(&mut ear, 20..22);
        assert_eq!(
            ear.ended().map(|(n, said)| (n, frames(&said))),
            Some((2, vec![20, 21]))
        );
    }

    #[test]
    fn what_is_long_past_is_not_resumed() {
        let mut ear = Ear::default();
        ear.started();
        ear.ended();
        hear(&mut ear, 0..152);
        assert_eq!(ear.resumed(), (2, false));
    }

    #[test]
    fn an_endless_utterance_is_bounded() {
        let mut ear = Ear::default();
        ear.started();
        hear(&mut ear, 0..2_000);
        assert!(ear.ended().unwrap().1.len() <= UTTERANCE_SAMPLES_MAX + FRAME_SAMPLES);
    }
}
