//! Jobs and their calls, as the vendor shows them.

use std::collections::HashMap;

use model::{
    Call, CallFilter, CallId, CampaignId, Contact, ContactId, DialAttempt, EndCause, HungUpSide,
    UnixMs,
};
use serde_json::{Value, json};
use store::{AttemptFilter, AttemptOrder, Paging};

use super::{
    Context,
    status::{end_reason, failure_reason, hang_up_direction, status, task_status},
    task,
};
use crate::fault::Fault;

/// Attempts that are read for one answer.
const ATTEMPTS_MAX: u32 = 1000;

/// Attempts whose calls are read for the figures of a group.
const COUNTED_MAX: u32 = 10_000;

/// One call of a job.
pub(super) struct Task {
    pub attempt: DialAttempt,
    /// `None` until it is dialled.
    pub call: Option<Call>,
}

/// What the calls of a group came to.
#[derive(Default)]
pub(super) struct Figures {
    pub n_calls: i64,
    pub n_failed: i64,
    pub n_finished: i64,
    pub n_client_hung_up: i64,
    pub n_silent: i64,
    pub talk_second_mean: i64,
}

/// The calls of an attempts filter, in an order.
pub(super) async fn tasks(
    context: &Context,
    filter: &AttemptFilter,
    order: AttemptOrder,
    paging: Paging,
) -> Result<(Vec<Task>, i64), Fault> {
    let (store, tenant) = (context.app().store(), context.tenant_id()?);
    let page = store.dial_attempts(tenant, filter, order, paging).await?;
    let ids: Vec<CallId> = page
        .items
        .iter()
        .map(|attempt| attempt.id.clone())
        .collect();
    let mut calls: HashMap<CallId, Call> = HashMap::new();
    if !ids.is_empty() {
        let filter = CallFilter {
            tenant,
            from: UnixMs(i64::MIN),
            to: UnixMs(i64::MAX),
            numbers: Vec::new(),
            ids,
            ended_only: false,
        };
        let found = store.calls(&filter, Paging::first(paging.limit)).await?;
        calls.extend(found.items.into_iter().map(|call| (call.id.clone(), call)));
    }
    let task = |attempt: DialAttempt| Task {
        call: calls.remove(&attempt.id),
        attempt,
    };
    Ok((page.items.into_iter().map(task).collect(), page.total))
}

/// The calls of some contacts, the oldest first for each.
pub(super) async fn tasks_of(
    context: &Context,
    contacts: &[Contact],
) -> Result<HashMap<ContactId, Vec<Task>>, Fault> {
    let mut all: HashMap<ContactId, Vec<Task>> = HashMap::new();
    if contacts.is_empty() {
        return Ok(all);
    }
    let filter = AttemptFilter {
        contacts: contacts.iter().map(|contact| contact.id.clone()).collect(),
        ..AttemptFilter::default()
    };
    let (found, _) = tasks(
        context,
        &filter,
        AttemptOrder::default(),
        Paging::first(ATTEMPTS_MAX),
    )
    .await?;
    for task in found.into_iter().rev() {
        all.entry(task.attempt.contact.clone())
            .or_default()
            .push(task);
    }
    Ok(all)
}

/// What the calls of a group came to; of the newest 10,000.
pub(super) async fn figures(context: &Context, group: &CampaignId) -> Result<Figures, Fault> {
    let filter = AttemptFilter {
        campaign: Some(group.clone()),
        ..AttemptFilter::default()
    };
    let (found, total) = tasks(
        context,
        &filter,
        AttemptOrder::default(),
        Paging::first(COUNTED_MAX),
    )
    .await?;
    let count = |is: &dyn Fn(&Call) -> bool| {
        let n = found
            .iter()
            .filter_map(|task| task.call.as_ref())
            .filter(|call| is(call))
            .count();
        i64::try_from(n).unwrap_or(i64::MAX)
    };
    let answered = |call: &Call| call.answered_at.is_some();
    let n_answered = count(&answered);
    let seconds: i64 = found
        .iter()
        .filter_map(|task| task.call.as_ref())
        .map(Call::talk_seconds)
        .sum();
    Ok(Figures {
        n_calls: total,
        n_failed: count(&|call| call.cause.is_some() && !answered(call)),
        n_finished: count(&|call| call.cause.is_some_and(EndCause::is_agents_end)),
        n_client_hung_up: count(&|call| answered(call) && call.side == Some(HungUpSide::User)),
        n_silent: count(&|call| call.cause == Some(EndCause::CallerSilent)),
        talk_second_mean: seconds.checked_div(n_answered).unwrap_or_default(),
    })
}

/// A job in lists, without its calls.
pub(super) fn job(contact: &Contact) -> Value {
    let draft = &contact.settings;
    let extras: Vec<Value> = draft
        .variables
        .iter()
        .map(|variable| json!({"Key": variable.key, "Value": variable.value}))
        .collect();
    let callers: Vec<String> = draft.callers.iter().map(ToString::to_string).collect();
    json!({
        "JobId": contact.id.as_str(),
        "JobGroupId": contact.campaign.as_str(),
        "ReferenceId": draft.reference,
        "Status": status(contact.state).name,
        "FailureReason": contact.failure.map(failure_reason),
        "CallingNumbers": callers,
        "Contacts": people(contact),
        "Extras": extras,
        "Priority": 0,
        "SystemPriority": 0,
        "ScenarioId": "",
        "StrategyId": "",
        "Summary": [],
    })
}

/// The people of a job: the same person at several numbers, in the order in which they are tried.
fn people(contact: &Contact) -> Vec<Value> {
    let notes: Value = serde_json::from_str(&contact.settings.notes).unwrap_or_default();
    let numbers = contact.settings.numbers.iter().enumerate();
    numbers
        .map(|(n, number)| person(contact, n, number, &notes["contacts"][n]))
        .collect()
}

fn person(contact: &Contact, n: usize, number: &model::E164, notes: &Value) -> Value {
    let text = |name: &str, other: &str| notes[name].as_str().unwrap_or(other).to_owned();
    json!({
        "ContactId": format!("{}-{}", contact.id, n + 1),
        "ContactName": text("name", &contact.settings.name),
        "Honorific": text("honorific", ""),
        "JobId": contact.id.as_str(),
        "PhoneNumber": number.to_string(),
        "ReferenceId": text("referenceId", &contact.settings.reference),
        "Role": text("role", ""),
        "State": "Available",
    })
}

/// The person that an attempt called.
pub(super) fn person_of(contact: &Contact, attempt: &DialAttempt) -> Value {
    let at = contact
        .settings
        .numbers
        .iter()
        .position(|number| *number == attempt.callee);
    people(contact)
        .into_iter()
        .nth(at.unwrap_or_default())
        .unwrap_or_default()
}

/// A call of a job, with its transcript.
pub(super) async fn task_in_full(
    context: &Context,
    contact: &Contact,
    task: &Task,
) -> Result<Value, Fault> {
    let attempt = &task.attempt;
    let call = task.call.as_ref();
    let conversation = match call {
        Some(call) => serde_json::to_value(task::spoken(context, &call.id).await?)?,
        None => json!([]),
    };
    let answered = call.and_then(|call| call.answered_at);
    let rang = call.and_then(|call| call.rang_at);
    let ended = call.and_then(|call| call.ended_at);
    let until = answered.or(ended);
    Ok(json!({
        "TaskId": attempt.id.as_str(),
        "CallId": attempt.id.as_str(),
        "JobId": contact.id.as_str(),
        "PlanedTime": attempt.planned_at.0,
        "ActualTime": call.map(|call| call.started_at.0),
        "EndTime": ended.map(|at| at.0),
        "CalledNumber": attempt.callee.to_string(),
        "CallingNumber": call.map(|call| call.caller.to_string()),
        "Contact": person_of(contact, attempt),
        "Conversation": conversation,
        "Duration": call.map(Call::talk_seconds),
        "TotalDuration": call.and_then(|call| Some(call.ended_at?.since(call.started_at).as_secs())),
        "RealRingingDuration": rang.and_then(|rang| Some(until?.since(rang).as_secs())),
        "SipCode": call.and_then(|call| call.sip_status).map(|status| status.to_string()),
        "HangUpDirection": call.and_then(hang_up_direction),
        "Status": task_status(attempt, call).name,
        "EndReason": call.and_then(end_reason).map(|reason| reason.number.to_string()),
        "Brief": "",
        "ScenarioId": "",
        "ChatbotId": "",
    }))
}
