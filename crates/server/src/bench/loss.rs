//! Which legs lack packets, and how many.
//!
//! Callers send and should hear 50 packets a second alike, so each caller's own counts are compared: a
//! leg whose output is dead, or that falls silent for a while, cannot hide behind the others.

use std::{fmt, iter::Sum};

use serde::{Deserialize, Serialize};

/// Packets that may be on the way when the plateau begins and not when it ends, or the other way round:
/// a tenth of a second. What is missing between two packets is known by sequence numbers, however little.
const ON_THE_WAY_MAX: u64 = 5;

/// What one caller counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Packets that it sent from its first to its last.
    pub sent: u64,
    /// Packets that it sent on the plateau: a call that is set up is silent at first, as long as nobody
    /// knows where the other side is.
    pub sent_on_plateau: u64,
    /// Packets that came back on the plateau.
    pub heard_on_plateau: u64,
    /// Packets missing in the sequence numbers of what came back, or out of order, from the first to the
    /// last.
    pub sequence_gaps: u64,
}

impl Count {
    /// Packets that did not come back, or came too often.
    fn lost_from_leg(&self) -> u64 {
        let off = self.sent_on_plateau.abs_diff(self.heard_on_plateau);
        match off > ON_THE_WAY_MAX {
            true => off.max(self.sequence_gaps),
            false => self.sequence_gaps,
        }
    }
}

/// Packets that legs lack, in either direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Of all legs.
    pub packets: u64,
    /// Legs that lack any.
    pub legs: usize,
    /// Of the leg that lacks most.
    pub worst: u64,
}

impl Loss {
    /// Of legs that count nothing themselves.
    pub fn of(callers: &[Count]) -> Self {
        callers.iter().map(Count::lost_from_leg).map(leg).sum()
    }

    /// Of legs that counted what they took, in the order of their callers.
    ///
    /// # Panics
    ///
    /// Panics if there are not as many legs as callers.
    pub fn of_both_ways(callers: &[Count], taken: &[u64]) -> Self {
        assert_eq!(callers.len(), taken.len(), "each leg has one caller");
        let lost = |(caller, taken): (&Count, &u64)| {
            leg(caller.lost_from_leg() + caller.sent.abs_diff(*taken))
        };
        callers.iter().zip(taken).map(lost).sum()
    }
}

fn leg(packets: u64) -> Loss {
    Loss {
        packets,
        legs: usize::from(packets > 0),
        worst: packets,
    }
}

impl Sum for Loss {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |all, part| Self {
            packets: all.packets + part.packets,
            legs: all.legs + part.legs,
            worst: all.worst.max(part.worst),
        })
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            packets,
            legs,
            worst,
        } = self;
        match legs {
            0 => write!(f, "0 packets lost"),
            _ => write!(
                f,
                "{packets} packets lost (legs: {legs}, the worst: {worst})"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Count = Count {
        sent: 600,
        sent_on_plateau: 500,
        heard_on_plateau: 500,
        sequence_gaps: 0,
    };

    fn heard(heard_on_plateau: u64) -> Count {
        Count {
            heard_on_plateau,
            ..GOOD
        }
    }

    #[test]
    fn what_is_on_the_way_at_an_end_is_not_lost() {
        assert_eq!(Loss::of(&[GOOD, heard(498), heard(501)]), Loss::default());
    }

    #[test]
    fn a_leg_that_sends_nothing_is_seen_among_many_that_do() {
        let mut callers = vec![GOOD; 399];
        callers.push(heard(0));
        let loss = Loss::of_both_ways(&callers, &[600; 400]);
        assert_eq!((loss.packets, loss.legs, loss.worst), (500, 1, 500));
        assert_eq!(
            loss.to_string(),
            "500 packets lost (legs: 1, the worst: 500)"
        );
    }

    #[test]
    fn one_leg_that_hears_too_much_does_not_make_up_for_one_that_hears_too_little() {
        let loss = Loss::of(&[heard(520), heard(480)]);
        assert_eq!((loss.packets, loss.legs, loss.worst), (40, 2, 20));
        let taken = Loss::of_both_ways(&[GOOD, GOOD], &[601, 599]);
        assert_eq!((taken.packets, taken.legs, taken.worst), (2, 2, 1));
    }

    #[test]
    fn a_single_packet_that_is_missing_between_others_is_lost() {
        let gap = Count {
            sequence_gaps: 1,
            ..heard(499)
        };
        assert_eq!(Loss::of(&[GOOD, gap]).packets, 1);
    }
}
