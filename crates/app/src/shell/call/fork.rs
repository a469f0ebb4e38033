//! Phones that ring at once for one call: every phone that an extension has registered.
//!
//! # Invariants
//!
//! - The first that is answered has the call; the others stop ringing, and know why (RFC 3326).
//! - A refusal for all (6xx) ends all. Otherwise the call is refused when the last phone has refused,
//!   with the best refusal (RFC 3261 section 16.7).

use engine::call::LegEvent;

use super::{
    line::{Line, LineEvent},
    party,
};

/// Phones that ring beside a first one.
#[derive(Default)]
pub struct Rivals {
    lines: Vec<Line>,
    /// The best refusal so far.
    refusal: Option<LegEvent>,
}

impl Rivals {
    /// Those of `lines`.
    pub fn new(lines: Vec<Line>) -> Self {
        Self {
            lines,
            refusal: None,
        }
    }

    /// Whether none rings any more.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The SIP legs that ring.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Takes them, for somebody who ends them all.
    pub fn take(&mut self) -> Vec<Line> {
        std::mem::take(&mut self.lines)
    }

    /// What happens next to one of them, and to which. Waits for ever if there is none. Cancel-safe.
    pub async fn next(&mut self) -> (usize, LineEvent) {
        if self.lines.is_empty() {
            return std::future::pending().await;
        }
        let nexts = self.lines.iter_mut().map(|line| Box::pin(line.next()));
        let (event, line_idx, _) = futures::future::select_all(nexts).await;
        (line_idx, event)
    }

    /// Takes what happened to the first phone (`None`) or to one of the others. Gives what it means for
    /// the call, if anything; `first` is the phone that counts from then on.
    pub fn sift(
        &mut self,
        first: &mut Line,
        of: Option<usize>,
        event: LineEvent,
    ) -> Option<LineEvent> {
        let LineEvent::Leg(event) = event else {
            // What is not answered has nothing to say yet.
            return (of.is_none() && self.lines.is_empty()).then_some(event);
        };
        match &event {
            LegEvent::Answered { .. } => {
                if let Some(line_idx) = of {
                    std::mem::swap(first, &mut self.lines[line_idx]);
                }
                self.stop();
                Some(LineEvent::Leg(event))
            }
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. } => self.one_is_over(first, of, event).map(LineEvent::Leg),
            LegEvent::Dialed { .. } | LegEvent::EarlyMedia => {
                of.is_none().then_some(LineEvent::Leg(event))
            }
            LegEvent::Rang { .. }
            | LegEvent::Rerouted { .. }
            | LegEvent::MediaTimeout
            | LegEvent::NotEncrypted { .. } => Some(LineEvent::Leg(event)),
        }
    }

    fn one_is_over(
        &mut self,
        first: &mut Line,
        of: Option<usize>,
        event: LegEvent,
    ) -> Option<LegEvent> {
        let is_for_all = matches!(event, LegEvent::Refused { status: 600.., .. });
        if is_for_all {
            if let Some(line_idx) = of {
                std::mem::swap(first, &mut self.lines[line_idx]);
            }
            self.stop();
            return Some(event);
        }
        let is_better = self
            .refusal
            .as_ref()
            .is_none_or(|before| rank(&event) < rank(before));
        if is_better {
            self.refusal = Some(event);
        }
        let over = match (of, self.lines.is_empty()) {
            (Some(line_idx), _) => self.lines.swap_remove(line_idx),
            (None, false) => std::mem::replace(first, self.lines.swap_remove(0)),
            // The last one.
            (None, true) => return self.refusal.take(),
        };
        if !over.is_over() {
            party::stop(over);
        }
        None
    }

    /// Every phone but the first stops ringing.
    pub fn stop(&mut self) {
        for line in self.lines.drain(..) {
            party::stop(line);
        }
    }
}

/// The lower, the more it says to whoever calls: that the phone is busy says more than that another
/// one was not answered.
fn rank(event: &LegEvent) -> u16 {
    match event {
        LegEvent::Refused {
            status: 486 | 600, ..
        } => 0,
        LegEvent::Refused { status, .. } => *status,
        LegEvent::Unanswered => 480,
        _ => u16::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_refusals_the_one_that_says_most_is_told() {
        let refused = |status| LegEvent::Refused {
            status,
            reason: String::new(),
            q850: None,
            moved_to: None,
        };
        let failed = LegEvent::Failed { why: String::new() };
        let ranks: Vec<_> = [refused(486), refused(404), LegEvent::Unanswered, failed]
            .iter()
            .map(rank)
            .collect();
        assert!(ranks.is_sorted(), "{ranks:?}");
    }
}
