//! Phones of several people that ring at once for one call: a skill group that rings all.
//!
//! # Invariants
//!
//! - One of them counts; what the others say is told when one of them counts instead.
//! - The first that is answered has the call; the others stop ringing, and their people are free again.
//! - The call is refused when the last of them has refused.

use std::{future::Future, pin::Pin};

use engine::call::LegEvent;

use super::{Other, OtherEvent};
use crate::shell::call::{line::LineEvent, party};

/// What happens next to one of them, and to which. Waits for ever if there is none. Cancel-safe.
pub(super) fn next(
    colleagues: &mut [Other],
) -> Pin<Box<dyn Future<Output = (usize, OtherEvent)> + Send + '_>> {
    Box::pin(async move {
        if colleagues.is_empty() {
            return std::future::pending().await;
        }
        let nexts = colleagues.iter_mut().map(|other| Box::pin(other.next()));
        let (event, colleague, _) = futures::future::select_all(nexts).await;
        (colleague, event)
    })
}

impl Other {
    /// The first of phones that ring at once, with the others beside; `None`: there are none.
    pub fn with_colleagues(mut ringing: Vec<Self>) -> Option<Self> {
        let mut colleagues = ringing.split_off(ringing.len().min(1));
        let mut first = ringing.pop()?;
        first.colleagues.append(&mut colleagues);
        Some(first)
    }

    pub(super) fn take_colleagues(&mut self) -> Vec<Self> {
        std::mem::take(&mut self.colleagues)
    }

    /// What another one says, if that means something for the call.
    pub(super) fn of_colleague(
        &mut self,
        colleague: usize,
        event: OtherEvent,
    ) -> Option<OtherEvent> {
        let OtherEvent::Line(LineEvent::Leg(event)) = event else {
            // What is not answered has nothing to say yet.
            return None;
        };
        match event {
            LegEvent::Answered { .. } => {
                let answered = self.colleagues.swap_remove(colleague);
                let before = std::mem::replace(self, answered);
                before.leave_to_another();
                self.said = Some(OtherEvent::Line(LineEvent::Leg(event)));
                let server = Box::new(self.server.clone());
                Some(OtherEvent::Instead {
                    server,
                    before: None,
                })
            }
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. } => {
                let over = self.colleagues.swap_remove(colleague);
                if !over.is_over() {
                    party::stop(over.line);
                }
                None
            }
            LegEvent::Rang { .. } => Some(OtherEvent::Line(LineEvent::Leg(event))),
            LegEvent::Dialed { .. }
            | LegEvent::Rerouted { .. }
            | LegEvent::EarlyMedia
            | LegEvent::MediaTimeout
            | LegEvent::NotEncrypted { .. } => None,
        }
    }

    /// What the one that counts says: where others ring, its end is not that of all.
    pub(super) fn among_colleagues(&mut self, event: LineEvent) -> OtherEvent {
        let LineEvent::Leg(event) = event else {
            return OtherEvent::Line(event);
        };
        match &event {
            LegEvent::Answered { .. } => {
                for colleague in self.take_colleagues() {
                    colleague.leave_to_another();
                }
            }
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. } => {
                if let Some(mut next) = self.colleagues.pop() {
                    next.colleagues = self.take_colleagues();
                    let before = std::mem::replace(self, next);
                    if !before.is_over() {
                        party::stop(before.line);
                    }
                    let server = Box::new(self.server.clone());
                    let before = Some(event);
                    return OtherEvent::Instead { server, before };
                }
            }
            LegEvent::Dialed { .. }
            | LegEvent::Rerouted { .. }
            | LegEvent::Rang { .. }
            | LegEvent::EarlyMedia
            | LegEvent::MediaTimeout
            | LegEvent::NotEncrypted { .. } => {}
        }
        OtherEvent::Line(LineEvent::Leg(event))
    }
}
