//! Calls and their events.

mod reads;

use model::{Call, CallEvent, CallId, Stamped, TenantId, UnixMs, WebhookEndpointId, WebhookTopic};

use crate::{Store, StoreError};

/// An event of any call, with its place in the journal of the whole installation.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEvent {
    /// Grows with each event; who has read up to here has missed nothing. Has no gaps.
    pub seq: i64,
    /// The call's owner.
    pub tenant: TenantId,
    /// The call.
    pub call: CallId,
    /// The event, with its place in the call.
    pub stamped: Stamped,
}

/// A push that follows from events; stored with them. Its tenant and call are theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its receiver.
    pub endpoint: WebhookEndpointId,
    /// What it tells.
    pub topic: WebhookTopic,
    /// Same on every attempt.
    pub uuid: String,
    /// The bytes, fixed now.
    pub body: String,
    /// When the event happened; the first attempt is due then.
    pub at: UnixMs,
}

impl Store {
    /// Writes a new call with its first events in one transaction. The first event is
    /// [`CallEvent::Requested`]; the last may be [`CallEvent::Ended`]: a refused call leaves a
    /// record too. A taken id is a conflict.
    pub async fn begin_call(
        &self,
        _id: &CallId,
        _events: &[(UnixMs, CallEvent)],
        _deliveries: &[NewDelivery],
    ) -> Result<Call, StoreError> {
        todo!()
    }

    /// Writes the next events of a call in one transaction with all that follows from them: the
    /// call row, usage at its end, recordings, deliveries. Gives the call as it is then.
    ///
    /// After [`CallEvent::Ended`] only `Recording…` events are taken, otherwise
    /// [`StoreError::CallEnded`]. Without events, only the deliveries are written.
    pub async fn append(
        &self,
        _call: &CallId,
        _events: &[(UnixMs, CallEvent)],
        _deliveries: &[NewDelivery],
    ) -> Result<Call, StoreError> {
        todo!()
    }
}
