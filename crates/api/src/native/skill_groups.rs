//! Skill groups: staff who can take the same kind of work.

use axum::{Json, extract::State, http::StatusCode};
use model::{Permission, SkillGroup, SkillGroupDraft, SkillGroupId, SkillGroupKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SkillGroupFilter;

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Int, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    queues::{QueueBody, proven},
    read::{Ask, Body, Patch, PathId},
    table::{Row, delete, get, patch, post},
};

/// The kind of work a skill group takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KindBody {
    /// Telephone calls.
    Phone,
    /// Chats.
    Chat,
    /// Sound calls from a browser or app.
    Audio,
    /// Video calls.
    Video,
}

/// What is written down of a skill group.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SkillGroupBody {
    /// Shown to people; unique in the instance.
    name: Text<1, 64>,
    /// What it takes; never changes.
    kind: KindBody,
    /// How many at once one member takes: 1, or of chats 1 to 100.
    #[serde(default = "one")]
    concurrency_max: Int<1, 100>,
    /// Whether every free member is rung at once; such a group has at most 2 members.
    #[serde(default)]
    ring_all: bool,
    /// Whether a customer is offered first to whom they spoke last.
    #[serde(default)]
    last_staff_first: bool,
    /// Internal number of the group; may be empty.
    #[serde(default = "empty")]
    alias: Text<0, 64>,
    /// How callers wait for somebody of it.
    #[serde(default)]
    queue: QueueBody,
}

/// Staff who can take the same kind of work.
#[derive(Serialize, JsonSchema)]
pub(super) struct SkillGroupView {
    /// Id of the skill group.
    id: i64,
    /// Its owner.
    instance: i64,
    /// What is written down of it.
    #[serde(flatten)]
    settings: SkillGroupBody,
    /// When it was created.
    created_at: Time,
    /// When settings or members were last changed.
    modified_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/skill-groups";
    const ONE: &str = "/api/v1/skill-groups/{id}";
    vec![
        get(ALL, "List skill groups", list)
            .needs(Permission::Own)
            .asks::<InstancePageAsk>()
            .gives::<PageView<SkillGroupView>>(),
        post(ALL, "Add a skill group", create)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>()
            .takes::<SkillGroupBody>()
            .gives::<SkillGroupView>()
            .refuses(&[Kind::Conflict]),
        get(ONE, "Show a skill group", show)
            .needs(Permission::Own)
            .asks::<InstanceAsk>()
            .gives::<SkillGroupView>(),
        patch(ONE, "Change a skill group", change)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>()
            .takes_patch::<SkillGroupBody>()
            .gives::<SkillGroupView>()
            .refuses(&[Kind::Conflict]),
        delete(ONE, "Remove a skill group; its members stay", remove)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<SkillGroupView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let page = native
        .store()
        .skill_groups(
            tenant,
            &SkillGroupFilter::default(),
            paging(ask.offset, ask.limit),
        )
        .await?;
    Ok(Json(PageView::of(page, SkillGroupView::from)))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<SkillGroupBody>,
) -> Result<(StatusCode, Json<SkillGroupView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let draft = body.draft();
    proven(&native, tenant, &draft.queue).await?;
    let group = native.app().add_group(tenant, &draft).await?;
    Ok((StatusCode::CREATED, Json(group.into())))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<SkillGroupView>, Problem> {
    let group = found(&native, caller, ask.instance, id).await?;
    Ok(Json(group.into()))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<SkillGroupView>, Problem> {
    let present = found(&native, caller, ask.instance, id).await?;
    let body: SkillGroupBody = changes.onto(&SkillGroupBody::from(present.settings.clone()))?;
    let draft = body.draft();
    if draft.kind != present.settings.kind {
        return Err(Problem::invalid("kind", "never changes"));
    }
    proven(&native, present.tenant, &draft.queue).await?;
    let group = native
        .app()
        .change_group(present.tenant, present.id, &draft)
        .await?;
    Ok(Json(group.into()))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let group = found(&native, caller, ask.instance, id).await?;
    native.app().remove_group(group.tenant, group.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(
    native: &Native,
    caller: Caller,
    instance: Option<Instance>,
    id: i64,
) -> Result<SkillGroup, Problem> {
    let tenant = native.tenant(caller, instance).await?;
    Ok(native.store().skill_group(tenant, SkillGroupId(id)).await?)
}

impl SkillGroupBody {
    fn draft(self) -> SkillGroupDraft {
        SkillGroupDraft {
            name: self.name.0,
            kind: match self.kind {
                KindBody::Phone => SkillGroupKind::Phone,
                KindBody::Chat => SkillGroupKind::Chat,
                KindBody::Audio => SkillGroupKind::Audio,
                KindBody::Video => SkillGroupKind::Video,
            },
            concurrency_max: self.concurrency_max.as_u32(),
            ring_all: self.ring_all,
            last_staff_first: self.last_staff_first,
            alias: self.alias.0,
            queue: self.queue.rules(),
        }
    }
}

impl From<SkillGroupDraft> for SkillGroupBody {
    fn from(draft: SkillGroupDraft) -> Self {
        Self {
            name: draft.name.into(),
            kind: match draft.kind {
                SkillGroupKind::Phone => KindBody::Phone,
                SkillGroupKind::Chat => KindBody::Chat,
                SkillGroupKind::Audio => KindBody::Audio,
                SkillGroupKind::Video => KindBody::Video,
            },
            concurrency_max: Int(draft.concurrency_max.into()),
            ring_all: draft.ring_all,
            last_staff_first: draft.last_staff_first,
            alias: draft.alias.into(),
            queue: draft.queue.into(),
        }
    }
}

impl From<SkillGroup> for SkillGroupView {
    fn from(group: SkillGroup) -> Self {
        Self {
            id: group.id.0,
            instance: group.tenant.0,
            settings: group.settings.into(),
            created_at: Time(group.created_at),
            modified_at: Time(group.modified_at),
        }
    }
}

fn one() -> Int<1, 100> {
    Int(1)
}

fn empty() -> Text<0, 64> {
    String::new().into()
}
