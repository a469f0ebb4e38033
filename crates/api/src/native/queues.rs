//! How callers wait for somebody of a skill group, and how many wait now.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use app::QueueNow;
use axum::{Json, extract::State};
use model::{
    Overflow, Permission, QueueRules, SkillGroupId, SkillGroupKind, SoundId, StaffStatus, TenantId,
    VoiceAgentId,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use store::{Paging, SkillGroupFilter, StaffFilter};

use super::{
    admit::Caller,
    context::Native,
    field::Int,
    numbers::named,
    page::InstanceAsk,
    problem::Problem,
    read::Ask,
    table::{Row, get},
};

/// Skill groups of an instance that are shown: as many as it may have.
const GROUPS_MAX: u32 = 1_000;
/// People of an instance that are looked at: as many as it may have.
const PEOPLE_MAX: u32 = 9_999;

/// How callers wait for somebody of a skill group.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct QueueBody {
    /// Longest wait. A phone that rings then may be answered yet.
    wait_max_second: Int<5, 3600>,
    /// Most calls that wait at once.
    waiting_max: Int<1, 1000>,
    /// Where a caller goes when nobody of the group works. `hang_up`, `voice_agent:4` or `skill_group:8`.
    nobody_there: OverflowBody,
    /// Where a caller goes when too many wait. `hang_up`, `voice_agent:4` or `skill_group:8`.
    full: OverflowBody,
    /// Where a caller goes who has waited for too long. `hang_up`, `voice_agent:4` or `skill_group:8`.
    late: OverflowBody,
    /// Sound that callers hear again and again; the house's music if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    music: Option<i64>,
    /// Sound that callers hear once, when they begin to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<i64>,
    /// A caller who is answered within this time was answered in time.
    service_time_second: Int<1, 600>,
}

/// Where a caller goes who is not served: `hang_up`, `voice_agent:4` or `skill_group:8`. One text, so
/// that a change of it replaces it as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
struct OverflowBody(Overflow);

impl Serialize for OverflowBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Overflow::HangUp => serializer.serialize_str("hang_up"),
            Overflow::VoiceAgent(agent) => {
                serializer.collect_str(&format_args!("voice_agent:{agent}"))
            }
            Overflow::SkillGroup(group) => {
                serializer.collect_str(&format_args!("skill_group:{group}"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for OverflowBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let id = |text: &str| text.parse::<i64>().ok().filter(|id| *id > 0);
        let read = match text.split_once(':') {
            None if text == "hang_up" => Some(Overflow::HangUp),
            Some(("voice_agent", agent)) => id(agent).map(VoiceAgentId).map(Overflow::VoiceAgent),
            Some(("skill_group", group)) => id(group).map(SkillGroupId).map(Overflow::SkillGroup),
            Some(_) | None => None,
        };
        let wrong = "must be `hang_up`, `voice_agent:` or `skill_group:` with an id";
        read.map(Self).ok_or_else(|| de::Error::custom(wrong))
    }
}

impl JsonSchema for OverflowBody {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Overflow".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let pattern = "^(hang_up|voice_agent:[1-9][0-9]*|skill_group:[1-9][0-9]*)$";
        json_schema!({"type": "string", "pattern": pattern})
    }
}

/// A skill group's callers at this moment, and how it went since the server was started.
#[derive(Serialize, JsonSchema)]
pub(super) struct QueueView {
    /// Id of the skill group.
    skill_group: i64,
    /// Its name.
    name: String,
    /// Callers who wait, those included for whom a phone rings.
    waiting: u64,
    /// How long the first of them has waited.
    longest_wait_second: f64,
    /// People of the group who could take a call now.
    staff_free: u64,
    /// People of the group who work, and cannot take one now.
    staff_busy: u64,
    /// Callers whom somebody talked with.
    answered: u64,
    /// Of these, those who were answered within the group's time.
    answered_in_time: u64,
    /// Callers who hung up before somebody talked with them.
    abandoned: u64,
    /// Callers whom the group's rules sent elsewhere, or ended.
    passed_on: u64,
    /// Share of those who were answered in time among those who were answered or hung up, 0 to 1;
    /// absent while there was none.
    service_level: Option<f64>,
    /// What counts as in time.
    service_time_second: u64,
    /// How long those who were answered had waited, on average; absent while there was none.
    average_wait_second: Option<f64>,
    /// The longest wait that has ended.
    wait_max_second: f64,
}

/// The queues of an instance.
#[derive(Serialize, JsonSchema)]
pub(super) struct QueuesView {
    /// One for each skill group for calls, by id.
    items: Vec<QueueView>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/queues",
            "Show who waits for skill groups now, and how it went since the start",
            list,
        )
        .needs(Permission::ReadCalls)
        .asks::<InstanceAsk>()
        .gives::<QueuesView>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<QueuesView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let store = native.store();
    let groups = store
        .skill_groups(
            tenant,
            &SkillGroupFilter::default(),
            Paging::first(GROUPS_MAX),
        )
        .await?;
    let filter = StaffFilter {
        tenant: Some(tenant),
        ..StaffFilter::default()
    };
    let people = store
        .staff_list(&filter, Paging::first(PEOPLE_MAX))
        .await?
        .items;
    let now = Instant::now();
    let mut items = Vec::new();
    for group in groups.items {
        if group.settings.kind != SkillGroupKind::Phone {
            continue;
        }
        let of_group = people.iter().filter(|staff| {
            let mut theirs = staff.skill_groups.iter();
            theirs.any(|membership| membership.group == group.id)
        });
        let (mut free, mut busy) = (0, 0);
        for staff in of_group {
            match staff.presence.status {
                StaffStatus::Free => free += 1,
                StaffStatus::Busy | StaffStatus::WrapUp => busy += 1,
                StaffStatus::Rest | StaffStatus::NotReady | StaffStatus::Offline => {}
            }
        }
        let queue = native.app().queues().of(tenant, group.id, now);
        items.push(QueueView {
            skill_group: group.id.0,
            name: group.settings.name,
            staff_free: free,
            staff_busy: busy,
            service_time_second: group.settings.queue.service_time.as_secs(),
            ..QueueView::of(queue)
        });
    }
    Ok(Json(QueuesView { items }))
}

/// What rules name exists in the instance.
pub(super) async fn proven(
    native: &Native,
    tenant: TenantId,
    rules: &QueueRules,
) -> Result<(), Problem> {
    let store = native.store();
    for (field, overflow) in [
        ("queue.nobody_there", rules.nobody_there),
        ("queue.full", rules.full),
        ("queue.late", rules.late),
    ] {
        match overflow {
            Overflow::HangUp => {}
            Overflow::VoiceAgent(agent) => {
                let why = "names no voice agent of the instance";
                named(store.voice_agent(tenant, agent).await, field, why)?;
            }
            Overflow::SkillGroup(group) => {
                let why = "names no skill group of the instance";
                let group = named(store.skill_group(tenant, group).await, field, why)?;
                if group.settings.kind != SkillGroupKind::Phone {
                    let why = "names a skill group that takes no telephone calls";
                    return Err(Problem::invalid(field, why));
                }
            }
        }
    }
    for (field, sound) in [
        ("queue.music", rules.music),
        ("queue.announcement", rules.announcement),
    ] {
        if let Some(sound) = sound {
            let why = "names no sound of the instance";
            named(store.sound(tenant, sound).await, field, why)?;
        }
    }
    Ok(())
}

impl QueueView {
    fn of(queue: QueueNow) -> Self {
        let counts = queue.counts;
        let average = (counts.answered > 0)
            .then(|| counts.answered_wait.as_secs_f64() / counts.answered as f64);
        Self {
            skill_group: 0,
            name: String::new(),
            waiting: queue.waiting as u64,
            longest_wait_second: queue.longest_wait.as_secs_f64(),
            staff_free: 0,
            staff_busy: 0,
            answered: counts.answered,
            answered_in_time: counts.answered_in_time,
            abandoned: counts.abandoned,
            passed_on: counts.passed_on,
            service_level: counts.service_level(),
            service_time_second: 0,
            average_wait_second: average,
            wait_max_second: counts.wait_max.as_secs_f64(),
        }
    }
}

impl QueueBody {
    pub(super) fn rules(self) -> QueueRules {
        QueueRules {
            wait_max: seconds(self.wait_max_second.as_u32()),
            waiting_max: self.waiting_max.as_u32(),
            nobody_there: self.nobody_there.0,
            full: self.full.0,
            late: self.late.0,
            music: self.music.map(SoundId),
            announcement: self.announcement.map(SoundId),
            service_time: seconds(self.service_time_second.as_u32()),
        }
    }
}

impl From<QueueRules> for QueueBody {
    fn from(rules: QueueRules) -> Self {
        Self {
            wait_max_second: Int(whole(rules.wait_max)),
            waiting_max: Int(rules.waiting_max.into()),
            nobody_there: OverflowBody(rules.nobody_there),
            full: OverflowBody(rules.full),
            late: OverflowBody(rules.late),
            music: rules.music.map(|id| id.0),
            announcement: rules.announcement.map(|id| id.0),
            service_time_second: Int(whole(rules.service_time)),
        }
    }
}

impl Default for QueueBody {
    fn default() -> Self {
        QueueRules::default().into()
    }
}

fn seconds(n: u32) -> Duration {
    Duration::from_secs(n.into())
}

fn whole(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
