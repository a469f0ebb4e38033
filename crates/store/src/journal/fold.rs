//! What events make of a call row, and which events it takes.
//!
//! [`Call`] folds what the centre knows of a call; this adds what only the store searches for.

use model::{Call, CallEvent, CallId, CallState, Track, UnixMs};
use sqlx::any::AnyRow;

use super::FIRST_IS_REQUESTED;
use crate::{StoreError, codec::call_of, statement::Columns as _};

/// A call row.
pub(super) struct Fold {
    pub call: Call,
    /// When its INVITE first left: only such calls count for the call rules.
    pub dialed_at: Option<UnixMs>,
    /// Whether tracks of it may still be made.
    pub lacks_recording: bool,
}

impl Fold {
    /// The row that a first event begins.
    pub fn begin(id: &CallId, (at, first): &(UnixMs, CallEvent)) -> Result<Self, StoreError> {
        Ok(Self {
            call: Call::begin(id.clone(), first, *at).ok_or(FIRST_IS_REQUESTED)?,
            dialed_at: None,
            lacks_recording: true,
        })
    }

    /// The row as it is stored.
    pub fn resume(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            call: call_of(row)?,
            dialed_at: row.int_or_null("dialed_at")?.map(UnixMs),
            lacks_recording: row.flag("lacks_recording")?,
        })
    }

    /// Takes the next events, in order.
    pub fn take_all(&mut self, events: &[(UnixMs, CallEvent)]) -> Result<(), StoreError> {
        events
            .iter()
            .try_for_each(|(at, event)| self.take(event, *at))
    }

    fn take(&mut self, event: &CallEvent, at: UnixMs) -> Result<(), StoreError> {
        match event {
            CallEvent::Requested { .. } => return Err(FIRST_IS_REQUESTED),
            CallEvent::RecordingReady(recording) => {
                if recording.call != self.call.id || recording.tenant != self.call.tenant {
                    return Err(StoreError::Misuse {
                        why: "a recording belongs to the call that tells of it",
                    });
                }
            }
            CallEvent::RecordingFailed { .. } => self.lacks_recording = false,
            CallEvent::Reviewed(_) | CallEvent::ReviewFailed { .. } => {
                if self.call.state != CallState::Ended {
                    return Err(StoreError::Misuse {
                        why: "a call is reviewed after its end",
                    });
                }
            }
            CallEvent::RecordingCopied { recording, .. } => {
                if self.call.recordings.iter().all(|r| r.id != *recording) {
                    return Err(StoreError::NotFound { what: "recording" });
                }
            }
            CallEvent::Dialed { .. } => {
                self.still_up()?;
                self.dialed_at.get_or_insert(at);
            }
            CallEvent::Ended { .. } => {
                self.still_up()?;
                self.lacks_recording &= self.call.answered_at.is_some();
            }
            CallEvent::ConversationJoined { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::Rerouted { .. }
            | CallEvent::Rang { .. }
            | CallEvent::Answered { .. }
            | CallEvent::AgentSaid { .. }
            | CallEvent::CallerSaid { .. }
            | CallEvent::DigitsPressed { .. }
            | CallEvent::NoInput
            | CallEvent::FalseInterruption
            | CallEvent::AnswererFound { .. }
            | CallEvent::Instructed(_)
            | CallEvent::ReplyTimed(_)
            | CallEvent::Thought(_)
            | CallEvent::SoundStarted { .. }
            | CallEvent::SoundEnded { .. }
            | CallEvent::TransferRequested { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Offered(_)
            | CallEvent::OfferRang
            | CallEvent::Served { .. }
            | CallEvent::ServingEnded { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::AgentChanged(_)
            | CallEvent::HoldChanged { .. }
            | CallEvent::Party(_)
            | CallEvent::Referral(_)
            | CallEvent::HangUpRequested { .. } => self.still_up()?,
        }
        self.call.apply(event, at);
        self.lacks_recording &= self.call.recordings.len() < Track::ALL.len();
        Ok(())
    }

    fn still_up(&self) -> Result<(), StoreError> {
        match self.call.state {
            CallState::Dialing | CallState::Ringing | CallState::Up => Ok(()),
            CallState::Ended => Err(StoreError::CallEnded),
        }
    }

    /// Started minutes between answer and end; an answered call has at least one.
    pub fn started_minutes(&self) -> i64 {
        match (self.call.answered_at, self.call.ended_at) {
            (Some(answered), Some(ended)) => {
                let ms = ended.0.saturating_sub(answered.0).max(1);
                (ms - 1) / 60_000 + 1
            }
            _ => 0,
        }
    }
}
