//! Calls and their events: one transaction writes an event and all that follows from it.

mod fold;
mod reads;
mod write;

pub(crate) use reads::journal_event_of;

use model::{
    Call, CallEvent, CallId, CallState, Direction, Stamped, TenantId, UnixMs, WebhookEndpointId,
    WebhookTopic,
};

use sqlx::AnyConnection;

use crate::{BroughtDocument, Store, StoreError, statement::sql, store::commit};

use fold::Fold;

/// An event of any call, with its place in the journal of the whole installation.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEvent {
    /// Grows by one with each event, in the order in which events become visible: who has read
    /// up to here has missed nothing.
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
    ///
    /// A call that we place survives a power cut; of those that come in, it may take those of one second.
    pub async fn begin_call(
        &self,
        id: &CallId,
        events: &[(UnixMs, CallEvent)],
        deliveries: &[NewDelivery],
    ) -> Result<Call, StoreError> {
        self.begin_call_with(id, events, deliveries, None).await
    }

    /// The same for a call whose voice agent came with its request.
    pub async fn begin_call_with(
        &self,
        id: &CallId,
        events: &[(UnixMs, CallEvent)],
        deliveries: &[NewDelivery],
        brought: Option<&BroughtDocument>,
    ) -> Result<Call, StoreError> {
        let (first, rest) = events.split_first().ok_or(FIRST_IS_REQUESTED)?;
        let mut fold = Fold::begin(id, first)?;
        fold.take_all(rest)?;
        // Nobody was promised anything of a call that comes in.
        let is_small = fold.call.direction == Direction::Inbound && deliveries.is_empty();
        if is_small && brought.is_none() && rest.iter().all(|(_, event)| nothing_follows(event)) {
            let together = write::first(&fold, events);
            return match self.write_together(self.safety(true), together).await {
                Ok(()) => Ok(fold.call),
                Err(StoreError::Conflict { .. }) => Err(StoreError::Conflict {
                    what: write::TAKEN.into(),
                }),
                Err(other) => Err(other),
            };
        }
        let mut tx = self.begin().await?;
        write::insert_call(&mut tx, &fold).await?;
        if let Some(agent) = brought {
            self.keep_brought(&mut tx, id, fold.call.tenant, agent)
                .await?;
        }
        write::consequences(&mut tx, &fold, events).await?;
        write::journal(&mut tx, &fold, events, 1, deliveries).await?;
        commit(tx).await?;
        Ok(fold.call)
    }

    /// As [`Store::append`], by the only one who writes to a call that is up, and knows it as it is stored.
    ///
    /// # Errors
    /// Also [`StoreError::Misuse`] if it is not stored so: another has written to it, or this was written
    /// before and the answer was lost.
    pub async fn append_to(
        &self,
        known: &Call,
        events: &[(UnixMs, CallEvent)],
        deliveries: &[NewDelivery],
    ) -> Result<Call, StoreError> {
        let is_plain = !events.is_empty()
            && deliveries.is_empty()
            && events.iter().all(|(_, event)| nothing_follows(event));
        if !is_plain || known.state == CallState::Ended {
            return Box::pin(self.append(&known.id, events, deliveries)).await;
        }
        let mut call = known.clone();
        for (at, event) in events {
            call.apply(event, *at);
        }
        let is_small = events.iter().all(|(_, event)| is_passing(event));
        let together = write::plain(known, &call, events);
        match self.write_together(self.safety(is_small), together).await {
            Ok(()) => Ok(call),
            Err(StoreError::Conflict { .. }) => Err(StoreError::Misuse {
                why: "only one writes to a call that is up",
            }),
            Err(other) => Err(other),
        }
    }

    /// Writes the next events of a call in one transaction with all that follows from them: the
    /// call row, usage at its end, recordings, deliveries. Gives the call as it is then.
    ///
    /// After [`CallEvent::Ended`] only `Recording…` and `Review…` events are taken, otherwise
    /// [`StoreError::CallEnded`]. Without events, only the deliveries are written.
    ///
    /// What is acknowledged survives `kill -9`. The end of a call, recordings and deliveries
    /// survive a power cut too; of other events it may take those of one second.
    pub async fn append(
        &self,
        call: &CallId,
        events: &[(UnixMs, CallEvent)],
        deliveries: &[NewDelivery],
    ) -> Result<Call, StoreError> {
        let small = deliveries.is_empty() && events.iter().all(|(_, event)| is_passing(event));
        let mut tx = match small {
            true => self.begin_small().await?,
            false => self.begin().await?,
        };
        let call = append(&mut tx, call, events, deliveries).await?;
        commit(tx).await?;
        Ok(call)
    }
}

/// Writes the next events of a call within a transaction.
pub(crate) async fn append(
    tx: &mut AnyConnection,
    call: &CallId,
    events: &[(UnixMs, CallEvent)],
    deliveries: &[NewDelivery],
) -> Result<Call, StoreError> {
    // Changes nothing, but locks the row until the end of the transaction on both databases.
    let row = sql(
        "UPDATE call SET n_events = n_events WHERE id = $1 RETURNING id, tenant, direction, \
             state, caller, callee, started_at, dialed_at, answered_at, ended_at, n_events, \
             lacks_recording, body",
    )
    .bind(call.as_str())
    .found(tx, "call")
    .await?;
    let mut fold = Fold::resume(&row)?;
    let first_n = fold.call.n_events + 1;
    fold.take_all(events)?;
    if !events.is_empty() {
        write::update_call(tx, &fold).await?;
        write::consequences(tx, &fold, events).await?;
    }
    write::journal(tx, &fold, events, first_n, deliveries).await?;
    Ok(fold.call)
}

const FIRST_IS_REQUESTED: StoreError = StoreError::Misuse {
    why: "the first event of a call, and no other, is its request",
};

/// Whether all that an event changes is the row of its call.
fn nothing_follows(event: &CallEvent) -> bool {
    match event {
        CallEvent::Dialed { .. } => true,
        CallEvent::Offered(_) => false,
        other => is_passing(other),
    }
}

/// Whether an event tells of a moment in a call that goes on.
fn is_passing(event: &CallEvent) -> bool {
    match event {
        CallEvent::RuleChecked { .. }
        | CallEvent::Diverted { .. }
        | CallEvent::Carried { .. }
        | CallEvent::UserDataCame { .. }
        | CallEvent::Rang { .. }
        | CallEvent::Answered { .. }
        | CallEvent::AgentChanged(_)
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
        | CallEvent::HoldChanged { .. }
        | CallEvent::Party(_)
        | CallEvent::Referral(_)
        | CallEvent::HangUpRequested { .. } => true,
        CallEvent::Requested { .. }
        | CallEvent::ConversationJoined { .. }
        | CallEvent::Dialed { .. }
        | CallEvent::Rerouted { .. }
        | CallEvent::Ended { .. }
        | CallEvent::Reviewed(_)
        | CallEvent::ReviewFailed { .. }
        | CallEvent::RecordingReady(_)
        | CallEvent::RecordingFailed { .. }
        | CallEvent::RecordingCopied { .. } => false,
    }
}
