//! Campaigns, contacts and what happened to them.

use std::time::Duration;

use model::{
    CallId, CampaignDraft, CampaignEvent, CampaignState, ContactDraft, ContactId, ContactState,
    DayTime, Days, Disposition, E164, Hours, Pacing, RetryRules, RetryTag, Schedule, UnixMs,
    Variable, VoiceAgentId, Weekday,
};
use serde::{Deserialize, Serialize};

use super::{document, number_of, settings::day_number, text, unknown};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct CampaignDoc {
    description: String,
    voice_agent: i64,
    callers: Vec<String>,
    recall_callers: Vec<String>,
    ring_ms_max: Option<u64>,
    at_once: u32,
    #[serde(default)]
    reserved: u32,
    from: Option<i64>,
    to: Option<i64>,
    days_of_week: Vec<usize>,
    days_of_month: Vec<u8>,
    hours: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    attempts_max: u32,
    attempts_per_day_max: u32,
    interval_ms: u64,
    give_up_on: Vec<String>,
    #[serde(default)]
    again_on: Vec<(String, String)>,
    notes: String,
}

/// The document of a campaign, without its name and urgency.
pub(crate) fn campaign_text(draft: &CampaignDraft) -> String {
    let Pacing::AtOnce(at_once) = draft.pacing;
    let (days_of_week, days_of_month) = match &draft.schedule.days {
        Days::Every => (Vec::new(), Vec::new()),
        Days::OfWeek(days) => (
            days.iter().map(|day| day_number(*day)).collect(),
            Vec::new(),
        ),
        Days::OfMonth(days) => (Vec::new(), days.clone()),
    };
    let hours = |hours: &Hours| (hours.from.seconds(), hours.to.seconds());
    let tag = |tag: &RetryTag| (tag.name.clone(), tag.value.clone());
    text(&CampaignDoc {
        description: draft.description.clone(),
        voice_agent: draft.voice_agent.0,
        callers: digits(&draft.callers),
        recall_callers: digits(&draft.recall_callers),
        ring_ms_max: draft.ring_time_max.map(millis),
        at_once,
        reserved: draft.reserved,
        from: draft.schedule.from.map(|at| at.0),
        to: draft.schedule.to.map(|at| at.0),
        days_of_week,
        days_of_month,
        hours: draft.schedule.hours.iter().map(hours).collect(),
        zone: draft.schedule.zone.clone(),
        attempts_max: draft.retry.attempts_max,
        attempts_per_day_max: draft.retry.attempts_per_day_max,
        interval_ms: millis(draft.retry.interval),
        give_up_on: draft
            .retry
            .give_up_on
            .iter()
            .map(|one| one.name().into())
            .collect(),
        again_on: draft.retry.again_on.iter().map(tag).collect(),
        notes: draft.notes.clone(),
    })
}

/// The campaign in a document.
pub(crate) fn campaign_of(
    name: String,
    is_urgent: bool,
    text: &str,
) -> Result<CampaignDraft, StoreError> {
    let doc: CampaignDoc = document("campaign", text)?;
    let time = |second| DayTime::from_seconds(second).ok_or_else(|| unknown("time of day"));
    let hours = |(from, to): &(u32, u32)| {
        Ok::<_, StoreError>(Hours {
            from: time(*from)?,
            to: time(*to)?,
        })
    };
    let day = |n: &usize| n.checked_sub(1).and_then(|n| Weekday::ALL.get(n)).copied();
    let days_of_week: Option<Vec<_>> = doc.days_of_week.iter().map(day).collect();
    let days_of_week = days_of_week.ok_or_else(|| unknown("weekday"))?;
    let give_up_on: Option<Vec<_>> = doc
        .give_up_on
        .iter()
        .map(|name| Disposition::by_name(name))
        .collect();
    Ok(CampaignDraft {
        name,
        description: doc.description,
        voice_agent: VoiceAgentId(doc.voice_agent),
        callers: numbers(&doc.callers)?,
        recall_callers: numbers(&doc.recall_callers)?,
        is_urgent,
        ring_time_max: doc.ring_ms_max.map(Duration::from_millis),
        pacing: Pacing::AtOnce(doc.at_once),
        reserved: doc.reserved,
        schedule: Schedule {
            from: doc.from.map(UnixMs),
            to: doc.to.map(UnixMs),
            days: match (days_of_week.is_empty(), doc.days_of_month.is_empty()) {
                (false, _) => Days::OfWeek(days_of_week),
                (true, false) => Days::OfMonth(doc.days_of_month),
                (true, true) => Days::Every,
            },
            hours: doc.hours.iter().map(hours).collect::<Result<_, _>>()?,
            zone: doc.zone,
        },
        retry: RetryRules {
            attempts_max: doc.attempts_max,
            attempts_per_day_max: doc.attempts_per_day_max,
            interval: Duration::from_millis(doc.interval_ms),
            give_up_on: give_up_on.ok_or_else(|| unknown("disposition"))?,
            again_on: doc
                .again_on
                .into_iter()
                .map(|(name, value)| RetryTag { name, value })
                .collect(),
        },
        notes: doc.notes,
    })
}

#[derive(Serialize, Deserialize)]
struct ContactDoc {
    numbers: Vec<String>,
    callers: Vec<String>,
    variables: Vec<(String, String)>,
    notes: String,
}

/// The document of a contact, without name and reference.
pub(crate) fn contact_text(draft: &ContactDraft) -> String {
    let pair = |variable: &Variable| (variable.key.clone(), variable.value.clone());
    text(&ContactDoc {
        numbers: digits(&draft.numbers),
        callers: digits(&draft.callers),
        variables: draft.variables.iter().map(pair).collect(),
        notes: draft.notes.clone(),
    })
}

/// The contact in a document.
pub(crate) fn contact_of(
    name: String,
    reference: String,
    text: &str,
) -> Result<ContactDraft, StoreError> {
    let doc: ContactDoc = document("contact", text)?;
    let variable = |(key, value)| Variable { key, value };
    Ok(ContactDraft {
        numbers: numbers(&doc.numbers)?,
        name,
        reference,
        callers: numbers(&doc.callers)?,
        variables: doc.variables.into_iter().map(variable).collect(),
        notes: doc.notes,
    })
}

#[derive(Default, Serialize, Deserialize)]
struct EventDoc {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Kind and document of an event.
pub(crate) fn campaign_event_text(event: &CampaignEvent) -> (&'static str, String) {
    let none = EventDoc::default;
    let (kind, doc) = match event {
        CampaignEvent::Created => ("created", none()),
        CampaignEvent::Changed => ("changed", none()),
        CampaignEvent::ContactsAdded(n) => (
            "contacts_added",
            EventDoc {
                n: Some(*n),
                ..none()
            },
        ),
        CampaignEvent::ContactsMoved(state, n) => (
            "contacts_moved",
            EventDoc {
                state: Some(state.name().into()),
                n: Some(*n),
                ..none()
            },
        ),
        CampaignEvent::Moved(state, why) => (
            "moved",
            EventDoc {
                state: Some(state.name().into()),
                why: Some(why.clone()),
                ..none()
            },
        ),
        CampaignEvent::AttemptStarted(contact, attempt) => (
            "attempt_started",
            EventDoc {
                contact: Some(contact.0.clone()),
                attempt: Some(attempt.0.clone()),
                ..none()
            },
        ),
        CampaignEvent::AttemptWithdrawn(attempt, why) => (
            "attempt_withdrawn",
            EventDoc {
                attempt: Some(attempt.0.clone()),
                why: Some(why.clone()),
                ..none()
            },
        ),
        CampaignEvent::AttemptEnded(attempt, disposition) => (
            "attempt_ended",
            EventDoc {
                attempt: Some(attempt.0.clone()),
                state: Some(disposition.name().into()),
                ..none()
            },
        ),
    };
    (kind, text(&doc))
}

/// The event of a kind in a document.
pub(crate) fn campaign_event_of(kind: &str, text: &str) -> Result<CampaignEvent, StoreError> {
    let doc: EventDoc = document("campaign event", text)?;
    let odd = || unknown("campaign event");
    let attempt = || doc.attempt.clone().map(CallId).ok_or_else(odd);
    let state = || doc.state.clone().ok_or_else(odd);
    Ok(match kind {
        "created" => CampaignEvent::Created,
        "changed" => CampaignEvent::Changed,
        "contacts_added" => CampaignEvent::ContactsAdded(doc.n.ok_or_else(odd)?),
        "contacts_moved" => CampaignEvent::ContactsMoved(
            ContactState::by_name(&state()?).ok_or_else(odd)?,
            doc.n.ok_or_else(odd)?,
        ),
        "moved" => CampaignEvent::Moved(
            CampaignState::by_name(&state()?).ok_or_else(odd)?,
            doc.why.unwrap_or_default(),
        ),
        "attempt_started" => CampaignEvent::AttemptStarted(
            doc.contact.clone().map(ContactId).ok_or_else(odd)?,
            attempt()?,
        ),
        "attempt_withdrawn" => {
            CampaignEvent::AttemptWithdrawn(attempt()?, doc.why.clone().unwrap_or_default())
        }
        "attempt_ended" => CampaignEvent::AttemptEnded(
            attempt()?,
            Disposition::by_name(&state()?).ok_or_else(odd)?,
        ),
        _ => return Err(odd()),
    })
}

fn digits(numbers: &[E164]) -> Vec<String> {
    numbers
        .iter()
        .map(|number| number.digits().to_owned())
        .collect()
}

fn numbers(digits: &[String]) -> Result<Vec<E164>, StoreError> {
    digits.iter().map(|digits| number_of(digits)).collect()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
