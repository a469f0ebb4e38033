//! Tasks and their callees in the vendor's numbers.

use std::collections::BTreeMap;

use model::{
    Campaign, CampaignProgress, CampaignState, Contact, ContactState, DialAttempt, UnixMs,
};
use serde::Serialize;
use serde_json::Value;

/// Longest ringing without a wish, seconds: the default of calls.
const RING_S: i64 = 60;

/// One task with its callees.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeAutoCalloutTaskResponse {
    name: String,
    description: String,
    not_before: i64,
    not_after: Option<i64>,
    callers: Vec<String>,
    callees: Vec<AutoCalloutTaskCalleeInfo>,
    ivr_id: i64,
    state: i64,
    max_ring_timeout_second: i64,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AutoCalloutTaskCalleeInfo {
    callee: String,
    state: i64,
    sessions: Vec<String>,
}

/// One task in a list.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AutoCalloutTaskInfo {
    name: String,
    callee_count: i64,
    callers: Vec<String>,
    not_before: i64,
    not_after: Option<i64>,
    ivr_id: i64,
    state: i64,
    task_id: i64,
    max_ring_timeout_second: i64,
}

/// A task with its callees, each with its calls in the order in which they were dialled.
pub(super) fn task(
    task: &Campaign,
    contacts: &[Contact],
    attempts: &[DialAttempt],
    now: UnixMs,
) -> DescribeAutoCalloutTaskResponse {
    let mut sessions: BTreeMap<_, Vec<&DialAttempt>> = BTreeMap::new();
    for attempt in attempts {
        sessions.entry(&attempt.contact).or_default().push(attempt);
    }
    let mut progress = CampaignProgress::default();
    let callees = contacts.iter().map(|contact| {
        count(&mut progress, contact.state);
        let mut dialled = sessions.remove(&contact.id).unwrap_or_default();
        dialled.sort_by_key(|attempt| attempt.n);
        AutoCalloutTaskCalleeInfo {
            callee: contact
                .settings
                .numbers
                .first()
                .map(model::E164::with_00)
                .unwrap_or_default(),
            state: callee_state(contact),
            sessions: dialled
                .into_iter()
                .map(|attempt| attempt.id.0.clone())
                .collect(),
        }
    });
    let callees = callees.collect();
    let settings = &task.settings;
    DescribeAutoCalloutTaskResponse {
        name: settings.name.clone(),
        description: settings.description.clone(),
        not_before: not_before(task),
        not_after: settings.schedule.to.map(UnixMs::seconds),
        callers: callers(task),
        callees,
        ivr_id: ivr_id(task),
        state: state(task, &progress, now),
        max_ring_timeout_second: ring_seconds(task),
    }
}

impl AutoCalloutTaskInfo {
    pub(super) fn of(
        task_id: i64,
        task: &Campaign,
        progress: &CampaignProgress,
        now: UnixMs,
    ) -> Self {
        Self {
            name: task.settings.name.clone(),
            callee_count: progress.total(),
            callers: callers(task),
            not_before: not_before(task),
            not_after: task.settings.schedule.to.map(UnixMs::seconds),
            ivr_id: ivr_id(task),
            state: state(task, progress, now),
            task_id,
            max_ring_timeout_second: ring_seconds(task),
        }
    }
}

fn count(progress: &mut CampaignProgress, state: ContactState) {
    *match state {
        ContactState::Waiting => &mut progress.waiting,
        ContactState::Dialing => &mut progress.dialing,
        ContactState::Paused => &mut progress.paused,
        ContactState::Reached => &mut progress.reached,
        ContactState::Failed => &mut progress.failed,
        ContactState::Canceled => &mut progress.canceled,
    } += 1;
}

/// 0 not begun, 1 running, 2 completed, 3 over while calls are up, 4 ended, 5 paused.
fn state(task: &Campaign, progress: &CampaignProgress, now: UnixMs) -> i64 {
    let schedule = &task.settings.schedule;
    let is_over = schedule.to.is_some_and(|to| to <= now);
    match task.state {
        CampaignState::Paused => 5,
        CampaignState::Running | CampaignState::Completed if is_over && progress.dialing > 0 => 3,
        CampaignState::Running if schedule.from.is_some_and(|from| now < from) => 0,
        CampaignState::Running => 1,
        // Ended by its time rather than by its list.
        CampaignState::Completed if schedule.to.is_some_and(|to| to <= task.updated_at) => 4,
        CampaignState::Completed => 2,
        CampaignState::Canceled => 4,
    }
}

/// 0 not called yet, 1 answered, 2 not answered, 3 being called, 4 waits for another try.
fn callee_state(contact: &Contact) -> i64 {
    match contact.state {
        ContactState::Waiting | ContactState::Paused if contact.n_attempts == 0 => 0,
        ContactState::Waiting | ContactState::Paused => 4,
        ContactState::Dialing => 3,
        ContactState::Reached => 1,
        ContactState::Failed | ContactState::Canceled => 2,
    }
}

fn callers(task: &Campaign) -> Vec<String> {
    task.settings
        .callers
        .iter()
        .map(model::E164::with_00)
        .collect()
}

/// The IVR that talks; 0 where an agent does.
fn ivr_id(task: &Campaign) -> i64 {
    let notes: Value = serde_json::from_str(&task.settings.notes).unwrap_or_default();
    match notes["tencent"]["ivr"].as_bool() {
        Some(true) => task.settings.voice_agent.0,
        Some(false) | None => 0,
    }
}

fn not_before(task: &Campaign) -> i64 {
    let from = task.settings.schedule.from;
    from.unwrap_or(task.created_at).seconds()
}

fn ring_seconds(task: &Campaign) -> i64 {
    let ring = task.settings.ring_time_max;
    ring.and_then(|ring| i64::try_from(ring.as_secs()).ok())
        .unwrap_or(RING_S)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::{
        CallId, CampaignDraft, CampaignId, ContactDraft, ContactId, E164, Pacing, RetryRules,
        Schedule, TenantId, VoiceAgentId,
    };

    use super::*;
    use crate::{definition, sample::assert_fields};

    const FROM: i64 = 1_777_641_412;

    #[test]
    fn every_field_of_the_vendors_answers_is_there_and_no_other() {
        let one = task(
            &campaign(CampaignState::Running),
            &[contact()],
            &[attempt()],
            at(1),
        );
        assert_eq!(one.callees[0].sessions, ["c1"]);
        assert_eq!(
            (one.callees[0].state, one.callees[0].callee.as_str()),
            (4, "008613675881491")
        );
        assert_fields(&one, definition::ccc().reply("DescribeAutoCalloutTask"));
        assert_eq!(one.ivr_id, 0, "an agent talks");
        let progress = CampaignProgress::default();
        let info = AutoCalloutTaskInfo::of(7, &campaign(CampaignState::Running), &progress, at(1));
        let list = super::super::DescribeAutoCalloutTasksResponse {
            total_count: 1,
            tasks: vec![info],
        };
        assert_fields(&list, definition::ccc().reply("DescribeAutoCalloutTasks"));
    }

    #[test]
    fn a_task_is_where_the_vendor_says() {
        let dialing = CampaignProgress {
            dialing: 1,
            ..CampaignProgress::default()
        };
        let none = CampaignProgress::default();
        for (in_state, progress, now, expected) in [
            (CampaignState::Running, none, at(-1), 0),
            (CampaignState::Running, none, at(1), 1),
            (CampaignState::Completed, none, at(1), 2),
            (CampaignState::Running, dialing, at(101), 3),
            (CampaignState::Canceled, none, at(1), 4),
            (CampaignState::Paused, none, at(1), 5),
        ] {
            assert_eq!(
                state(&campaign(in_state), &progress, now),
                expected,
                "{in_state:?}"
            );
        }
        let expired = Campaign {
            updated_at: at(100),
            ..campaign(CampaignState::Completed)
        };
        assert_eq!(state(&expired, &none, at(101)), 4);
    }

    #[test]
    fn the_ivr_of_a_task_is_told() {
        let mut ivr = campaign(CampaignState::Running);
        ivr.settings.notes = r#"{"tencent":{"name":"list","ivr":true}}"#.into();
        assert_eq!(ivr_id(&ivr), 7);
    }

    fn at(seconds: i64) -> UnixMs {
        UnixMs::from_seconds(FROM + seconds)
    }

    fn number() -> E164 {
        E164::parse("+8613675881491", "86").unwrap()
    }

    fn campaign(state: CampaignState) -> Campaign {
        Campaign {
            id: CampaignId("k".into()),
            tenant: TenantId(1),
            settings: CampaignDraft {
                name: "list".into(),
                description: String::new(),
                voice_agent: VoiceAgentId(7),
                callers: vec![number()],
                recall_callers: Vec::new(),
                is_urgent: false,
                ring_time_max: Some(Duration::from_secs(15)),
                pacing: Pacing::AtOnce(1),
                reserved: 0,
                schedule: Schedule {
                    from: Some(at(0)),
                    to: Some(at(100)),
                    ..Schedule::default()
                },
                retry: RetryRules::default(),
                notes: String::new(),
            },
            state,
            trouble: String::new(),
            created_at: at(0),
            updated_at: at(0),
        }
    }

    fn contact() -> Contact {
        Contact {
            id: ContactId("p".into()),
            campaign: CampaignId("k".into()),
            tenant: TenantId(1),
            settings: ContactDraft {
                numbers: vec![number()],
                name: String::new(),
                reference: String::new(),
                callers: Vec::new(),
                variables: Vec::new(),
                notes: String::new(),
            },
            state: ContactState::Waiting,
            then: None,
            failure: None,
            n_attempts: 1,
            n_attempts_day: 1,
            day_began_at: at(0),
            next_at: at(0),
            is_single: false,
            created_at: at(0),
            updated_at: at(0),
        }
    }

    fn attempt() -> DialAttempt {
        DialAttempt {
            id: CallId("c1".into()),
            contact: ContactId("p".into()),
            campaign: CampaignId("k".into()),
            tenant: TenantId(1),
            n: 1,
            callee: number(),
            planned_at: at(0),
            ended_at: None,
            disposition: None,
        }
    }
}
