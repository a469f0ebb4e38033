//! The statements of a journal transaction.
//!
//! Rows are locked in one order everywhere (call, quota, recording, counters), so that two
//! transactions on PostgreSQL never wait for each other in a ring. The counter of events comes
//! last: from then on until the commit, writers stand in line, which is what makes the journal's
//! order the order in which events become visible.

use model::{
    Call, CallEvent, DeliveryState, E164, Recording, RecordingId, Server, ServerKind, UnixMs,
};
use sqlx::AnyConnection;

use super::{NewDelivery, fold::Fold};
use crate::{
    StoreError,
    codec::{call_body, direction_name, event_kind, event_text, recording_text},
    reviews,
    statement::{Sql, Value, sql},
    store::next_ids,
    together::Together,
    transcripts,
};

/// What is wrong if the row of a new call is there.
pub(super) const TAKEN: &str = "a call with this id exists";

const INSERT_CALL: &str = "INSERT INTO call (id, tenant, direction, caller, callee, started_at, \
     state, dialed_at, answered_at, ended_at, n_events, lacks_recording, body) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

/// What [`INSERT_CALL`] is given.
fn new_call(fold: &Fold) -> [Value; 13] {
    let call = &fold.call;
    [
        call.id.as_str().into(),
        call.tenant.0.into(),
        direction_name(call.direction).into(),
        call.caller.digits().into(),
        call.callee.digits().into(),
        call.started_at.0.into(),
        call.state.name().into(),
        fold.dialed_at.map(|at| at.0).into(),
        call.answered_at.map(|at| at.0).into(),
        call.ended_at.map(|at| at.0).into(),
        call.n_events.into(),
        fold.lacks_recording.into(),
        call_body(call).into(),
    ]
}

/// Writes the row of a new call.
pub(super) async fn insert_call(tx: &mut AnyConnection, fold: &Fold) -> Result<(), StoreError> {
    new_call(fold)
        .into_iter()
        .fold(sql(INSERT_CALL), Sql::bind)
        .insert(tx, TAKEN)
        .await
}

/// A new call with its first events, from which nothing follows.
pub(super) fn first(fold: &Fold, events: &[(UnixMs, CallEvent)]) -> Together {
    let mut together = Together::default();
    together.add(INSERT_CALL, new_call(fold));
    add_events(&mut together, &fold.call, events);
    together
}

/// Events of a call from which nothing follows but its row: it was `before` and is `call` after them. If
/// it has another number of events than before, writing the new ones fails.
///
/// Columns that stay as they are are not written: SQLite puts the row into every index anew that has one
/// of those that are.
pub(super) fn plain(before: &Call, call: &Call, events: &[(UnixMs, CallEvent)]) -> Together {
    let mut values: Vec<Value> = vec![
        call.id.as_str().into(),
        before.n_events.into(),
        call.n_events.into(),
        call_body(call).into(),
    ];
    let dialed = events
        .iter()
        .find(|(_, event)| matches!(event, CallEvent::Dialed { .. }));
    let is_state_new = before.state != call.state || before.answered_at != call.answered_at;
    if dialed.is_some() || is_state_new {
        values.push(call.state.name().into());
        values.push(call.answered_at.map(|at| at.0).into());
    }
    let text = match dialed {
        Some((at, _)) => {
            values.push(at.0.into());
            "UPDATE call SET n_events = $3, body = $4, state = $5, answered_at = $6, \
             dialed_at = COALESCE(dialed_at, $7) WHERE id = $1 AND n_events = $2"
        }
        None if is_state_new => {
            "UPDATE call SET n_events = $3, body = $4, state = $5, answered_at = $6 \
             WHERE id = $1 AND n_events = $2"
        }
        None => "UPDATE call SET n_events = $3, body = $4 WHERE id = $1 AND n_events = $2",
    };
    let mut together = Together::default();
    together.add_all(text, values);
    add_events(&mut together, call, events);
    together
}

/// The last events of a call whose row is written.
fn add_events(together: &mut Together, call: &Call, events: &[(UnixMs, CallEvent)]) {
    let n_events = i64::try_from(events.len()).expect("batches are small");
    together.add(
        "UPDATE counter SET value = value + $1 WHERE name = 'event'",
        [n_events.into()],
    );
    for ((at, event), n_after) in events.iter().zip((0..n_events).rev()) {
        together.add(
            "INSERT INTO event (seq, tenant, call_id, n, happened_at, kind, body) VALUES ( \
             (SELECT value FROM counter WHERE name = 'event') - $1, $2, $3, \
             (SELECT n_events FROM call WHERE id = $3) - $1, $4, $5, $6)",
            [
                n_after.into(),
                call.tenant.0.into(),
                call.id.as_str().into(),
                at.0.into(),
                event_kind(event).into(),
                event_text(event).into(),
            ],
        );
    }
}

/// Writes what may have changed of a call.
pub(super) async fn update_call(tx: &mut AnyConnection, fold: &Fold) -> Result<(), StoreError> {
    let call = &fold.call;
    sql(
        "UPDATE call SET state = $2, dialed_at = $3, answered_at = $4, ended_at = $5, \
         n_events = $6, lacks_recording = $7, body = $8 WHERE id = $1",
    )
    .bind(call.id.as_str())
    .bind(call.state.name())
    .bind(fold.dialed_at.map(|at| at.0))
    .bind(call.answered_at.map(|at| at.0))
    .bind(call.ended_at.map(|at| at.0))
    .bind(call.n_events)
    .bind(fold.lacks_recording)
    .bind(call_body(call))
    .change(tx, "call")
    .await
}

/// Another number is shown.
async fn rerouted(tx: &mut AnyConnection, fold: &Fold, caller: &E164) -> Result<(), StoreError> {
    sql("UPDATE call SET caller = $2 WHERE id = $1")
        .bind(fold.call.id.as_str())
        .bind(caller.digits())
        .change(tx, "call")
        .await
}

/// Notes a number outside that is dialled for the call.
async fn dialed_outside(
    tx: &mut AnyConnection,
    fold: &Fold,
    server: &Server,
    at: UnixMs,
) -> Result<(), StoreError> {
    match server.kind {
        ServerKind::Staff | ServerKind::Extension => Ok(()),
        ServerKind::StaffMobile | ServerKind::Outside => sql(
            "INSERT INTO outside_dial (tenant, callee, dialed_at, call) VALUES ($1, $2, $3, $4)",
        )
        .bind(fold.call.tenant.0)
        .bind(server.address.trim_start_matches('+'))
        .bind(at.0)
        .bind(fold.call.id.as_str())
        .run(tx)
        .await
        .map(|_| ()),
    }
}

/// Writes usage and recordings that follow from `events`.
pub(super) async fn consequences(
    tx: &mut AnyConnection,
    fold: &Fold,
    events: &[(UnixMs, CallEvent)],
) -> Result<(), StoreError> {
    let ended = |(_, event): &(UnixMs, CallEvent)| matches!(event, CallEvent::Ended { .. });
    if events.iter().any(ended) && fold.call.answered_at.is_some() {
        count_usage(tx, fold).await?;
    }
    if events.iter().any(ended) {
        reviews::of_ended(tx, &fold.call).await?;
    }
    for (at, event) in events {
        match event {
            CallEvent::Offered(server) => dialed_outside(tx, fold, server, *at).await?,
            CallEvent::RecordingReady(recording) => {
                insert_recording(tx, recording).await?;
                transcripts::of_recorded(tx, recording).await?;
            }
            CallEvent::RecordingCopied { recording, .. } => copied(tx, fold, recording).await?,
            CallEvent::ConversationJoined {
                conversation,
                customer,
            } => {
                let customer = customer.as_ref().map(|customer| customer.0.clone());
                joined(tx, fold, conversation.as_str(), customer).await?;
            }
            CallEvent::Rerouted { caller, .. } => rerouted(tx, fold, caller).await?,
            CallEvent::Requested { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::Dialed { .. }
            | CallEvent::Rang { .. }
            | CallEvent::Answered { .. }
            | CallEvent::AgentSaid { .. }
            | CallEvent::CallerSaid { .. }
            | CallEvent::DigitsPressed { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
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
            | CallEvent::OfferRang
            | CallEvent::Served { .. }
            | CallEvent::ServingEnded { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::AgentChanged(_)
            | CallEvent::HoldChanged { .. }
            | CallEvent::Party(_)
            | CallEvent::Referral(_)
            | CallEvent::HangUpRequested { .. }
            | CallEvent::Ended { .. }
            | CallEvent::Reviewed(_)
            | CallEvent::ReviewFailed { .. }
            | CallEvent::RecordingFailed { .. } => {}
        }
    }
    Ok(())
}

/// Writes which conversation the call belongs to.
async fn joined(
    tx: &mut AnyConnection,
    fold: &Fold,
    conversation: &str,
    customer: Option<String>,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO call_conversation (call_id, tenant, conversation, customer, at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(fold.call.id.as_str())
    .bind(fold.call.tenant.0)
    .bind(conversation)
    .bind(customer)
    .bind(fold.call.started_at.0)
    .insert(tx, "the call belongs to a conversation")
    .await
}

/// Writes the row of a track.
async fn insert_recording(tx: &mut AnyConnection, recording: &Recording) -> Result<(), StoreError> {
    sql(
        "INSERT INTO recording (id, tenant, call_id, ready_at, copied, body) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(recording.id.as_str())
    .bind(recording.tenant.0)
    .bind(recording.call.as_str())
    .bind(recording.ready_at.0)
    .bind(recording.copy_url.is_some())
    .bind(recording_text(recording))
    .insert(tx, "a recording with this id exists")
    .await
}

/// Writes where a track was copied to.
async fn copied(
    tx: &mut AnyConnection,
    fold: &Fold,
    recording: &RecordingId,
) -> Result<(), StoreError> {
    let copied = fold.call.recordings.iter().find(|r| r.id == *recording);
    let copied = copied.ok_or(StoreError::NotFound { what: "recording" })?;
    sql("UPDATE recording SET copied = 1, body = $2 WHERE id = $1")
        .bind(recording.as_str())
        .bind(recording_text(copied))
        .change(tx, "recording")
        .await
}

async fn count_usage(tx: &mut AnyConnection, fold: &Fold) -> Result<(), StoreError> {
    let minutes = fold.started_minutes();
    let by_agent = fold.call.voice_agent.map_or(0, |_| minutes);
    sql(
        "INSERT INTO quota (tenant, used_call_minutes, used_agent_minutes) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant) DO UPDATE SET \
         used_call_minutes = quota.used_call_minutes + excluded.used_call_minutes, \
         used_agent_minutes = quota.used_agent_minutes + excluded.used_agent_minutes",
    )
    .bind(fold.call.tenant.0)
    .bind(minutes)
    .bind(by_agent)
    .run(tx)
    .await?;
    Ok(())
}

/// Writes the events, numbered from `first_n` in their call, and the deliveries.
pub(super) async fn journal(
    tx: &mut AnyConnection,
    fold: &Fold,
    events: &[(UnixMs, CallEvent)],
    first_n: i64,
    deliveries: &[NewDelivery],
) -> Result<(), StoreError> {
    if !deliveries.is_empty() {
        let first_id = next_ids(tx, "delivery", deliveries.len()).await?;
        for (id, delivery) in (first_id..).zip(deliveries) {
            insert_delivery(tx, fold, id, delivery).await?;
        }
    }
    if events.is_empty() {
        return Ok(());
    }
    let texts: Vec<String> = events.iter().map(|(_, event)| event_text(event)).collect();
    let first_seq = next_ids(tx, "event", events.len()).await?;
    for (((at, event), text), place) in events.iter().zip(texts).zip(0..) {
        sql(
            "INSERT INTO event (seq, tenant, call_id, n, happened_at, kind, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(first_seq + place)
        .bind(fold.call.tenant.0)
        .bind(fold.call.id.as_str())
        .bind(first_n + place)
        .bind(at.0)
        .bind(event_kind(event))
        .bind(text)
        .run(tx)
        .await?;
    }
    Ok(())
}

async fn insert_delivery(
    tx: &mut AnyConnection,
    fold: &Fold,
    id: i64,
    delivery: &NewDelivery,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO delivery (id, endpoint, tenant, call_id, topic, uuid, body, state, due_at, \
         leased_until, n_claims, n_attempts, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $9)",
    )
    .bind(id)
    .bind(delivery.endpoint.0)
    .bind(fold.call.tenant.0)
    .bind(fold.call.id.as_str())
    .bind(delivery.topic.name())
    .bind(delivery.uuid.as_str())
    .bind(delivery.body.as_str())
    .bind(DeliveryState::Due.name())
    .bind(delivery.at.0)
    .run(tx)
    .await?;
    Ok(())
}
