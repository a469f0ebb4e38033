//! People: who works with the centre, what they may do, and what they can take now.
//!
//! # Invariants
//!
//! - Who sees one instance only makes, changes and removes nobody who sees them all.

use axum::{Json, extract::State, http::StatusCode};
use engine::presence::Wish;
use model::{Permission, Role, SkillGroupId, Staff, StaffDraft, StaffId, StaffStatus, TenantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::StaffFilter;

use super::{
    admit::{Actor, Caller},
    context::Native,
    field::{Instance, Int, List, Text, Time},
    page::{InstanceAsk, Limit, NoAsk, Offset, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathId},
    staff_body::{MembershipBody, PresenceView, RoleBody, StaffBody, StaffView, StatusBody},
    table::{Row, delete, get, patch, post, put},
};

/// Changes of status in one answer.
const HISTORY_MAX: u32 = 1_000;

/// Which people.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// With this e-mail.
    email: Option<Text<1, 128>>,
    /// In this skill group.
    skill_group: Option<Int<1, { i64::MAX }>>,
    /// With this status now.
    status: Option<StatusBody>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// The status that a person is to have.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusWish {
    /// `free`, `not_ready`, `rest` or `offline`. In the middle of work, `rest` and `not_ready`
    /// are reserved and come after it.
    status: StatusBody,
    /// Why; of a break.
    #[serde(default = "no_reason")]
    reason: Text<0, 64>,
}

/// What a person can take now, and could today.
#[derive(Serialize, JsonSchema)]
pub(super) struct StatusView {
    /// Now.
    presence: PresenceView,
    /// How long each status lasted since midnight in the instance's time zone, seconds.
    today: Vec<LastedView>,
}

/// How long a status lasted.
#[derive(Serialize, JsonSchema)]
struct LastedView {
    /// Which.
    status: StatusBody,
    /// Seconds.
    seconds: u64,
}

/// Which changes of status.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// At this time or later; the last day if absent.
    from: Option<Time>,
    /// Before this time; now if absent.
    to: Option<Time>,
    /// After this number; from the first if absent.
    after: Option<Int<0, { i64::MAX }>>,
}

/// Changes of status, oldest first.
#[derive(Serialize, JsonSchema)]
pub(super) struct HistoryView {
    /// At most 1000; go on after the last one's `n`.
    items: Vec<ChangeView>,
}

/// One change of status.
#[derive(Serialize, JsonSchema)]
struct ChangeView {
    /// Counts the changes of a person from 1.
    n: i64,
    /// When.
    at: Time,
    /// What it became.
    status: StatusBody,
    /// Why.
    reason: String,
    /// The call or conversation it was about.
    work: Option<String>,
}

/// The skill groups that a person is to be in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MembershipsBody {
    /// These and no others.
    skill_groups: List<MembershipBody, 0, 200>,
}

/// What a role gives.
#[derive(Serialize, JsonSchema)]
pub(super) struct RoleView {
    /// Its name.
    role: RoleBody,
    /// The permissions it gives.
    permissions: Vec<&'static str>,
}

/// Every role.
#[derive(Serialize, JsonSchema)]
pub(super) struct RolesView {
    /// In the order of what they may do.
    items: Vec<RoleView>,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/staff";
    const ONE: &str = "/api/v1/staff/{id}";
    let mut rows = vec![
        get(ALL, "List people", list)
            .needs(Permission::Own)
            .asks::<StaffAsk>()
            .gives::<PageView<StaffView>>(),
        post(ALL, "Add a person", create)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>()
            .takes::<StaffBody>()
            .gives::<StaffView>()
            .refuses(&[Kind::Conflict, Kind::Forbidden]),
        get(ONE, "Show a person", show)
            .needs(Permission::Own)
            .asks::<InstanceAsk>()
            .gives::<StaffView>(),
        patch(ONE, "Change a person", change)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>()
            .takes_patch::<StaffBody>()
            .gives::<StaffView>()
            .refuses(&[Kind::Conflict, Kind::Forbidden]),
        delete(ONE, "Remove a person who is offline", remove)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>()
            .refuses(&[Kind::Conflict, Kind::Forbidden]),
        put(
            "/api/v1/staff/{id}/skill-groups",
            "Make these the skill groups of a person",
            set_groups,
        )
        .needs(Permission::ManageStaff)
        .asks::<InstanceAsk>()
        .takes::<MembershipsBody>()
        .gives::<StaffView>()
        .refuses(&[Kind::Conflict]),
        get("/api/v1/roles", "List roles and what they give", roles)
            .needs(Permission::Own)
            .asks::<NoAsk>()
            .gives::<RolesView>(),
    ];
    rows.extend(status_rows());
    rows
}

fn status_rows() -> Vec<Row> {
    const STATUS: &str = "/api/v1/staff/{id}/status";
    vec![
        get(STATUS, "Show what a person can take", status)
            .needs(Permission::Own)
            .asks::<InstanceAsk>()
            .gives::<StatusView>(),
        put(
            STATUS,
            "Change what a person can take; in the middle of work, reserve a break",
            set_status,
        )
        .needs(Permission::Own)
        .unaudited()
        .asks::<InstanceAsk>()
        .takes::<StatusWish>()
        .gives::<StaffView>()
        .refuses(&[Kind::Conflict, Kind::Forbidden]),
        get(
            "/api/v1/staff/{id}/status-history",
            "List changes of a person's status, oldest first",
            history,
        )
        .needs(Permission::Own)
        .asks::<HistoryAsk>()
        .gives::<HistoryView>()
        .refuses(&[Kind::Forbidden]),
        post(
            "/api/v1/staff/{id}/force-offline",
            "Send a person offline and sign them out",
            force_offline,
        )
        .needs(Permission::SuperviseStaff)
        .asks::<InstanceAsk>()
        .gives::<StaffView>()
        .status(StatusCode::OK)
        .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/staff/{id}/restore",
            "Let a person come back who was sent offline",
            restore,
        )
        .needs(Permission::SuperviseStaff)
        .asks::<InstanceAsk>()
        .gives::<StaffView>()
        .status(StatusCode::OK)
        .refuses(&[Kind::Conflict]),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    Ask(ask): Ask<StaffAsk>,
) -> Result<Json<PageView<StaffView>>, Problem> {
    let tenant = match ask.instance {
        Some(instance) => Some(native.tenant(caller, Some(instance)).await?),
        None => caller.limit(),
    };
    let filter = StaffFilter {
        tenant,
        emails: ask
            .email
            .map(|email| StaffDraft::normal_email(&email.0))
            .into_iter()
            .collect(),
        modified_from: None,
        skill_groups: ask
            .skill_group
            .map(|id| SkillGroupId(id.0))
            .into_iter()
            .collect(),
        statuses: ask.status.map(|status| status.0).into_iter().collect(),
    };
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().staff_list(&filter, paging).await?;
    Ok(Json(PageView::of(page, |staff| view(&actor, staff))))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<StaffBody>,
) -> Result<(StatusCode, Json<StaffView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let password = body.password.clone().map(|password| password.0);
    let draft = body.draft();
    check_reach(caller, draft.everywhere)?;
    let staff = native
        .app()
        .add_staff(tenant, &draft, password.as_deref())
        .await?;
    Ok((StatusCode::CREATED, Json(view(&actor, staff))))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<StaffView>, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    Ok(Json(view(&actor, staff)))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<StaffView>, Problem> {
    let present = found(&native, caller, ask.instance, id).await?;
    check_reach(caller, present.settings.everywhere)?;
    let body: StaffBody = changes
        .replacing("forwarding")
        .onto(&StaffBody::from(present.settings.clone()))?;
    let password = body.password.clone();
    let draft = body.draft();
    check_reach(caller, draft.everywhere)?;
    let app = native.app();
    let staff = app.change_staff(present.tenant, present.id, &draft).await?;
    if let Some(password) = password {
        app.set_password(present.id, &password.0).await?;
    }
    Ok(Json(view(&actor, staff)))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    check_reach(caller, staff.settings.everywhere)?;
    native.app().remove_staff(staff.tenant, staff.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_groups(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<MembershipsBody>,
) -> Result<Json<StaffView>, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    let memberships: Vec<_> = body
        .skill_groups
        .0
        .into_iter()
        .map(MembershipBody::membership)
        .collect();
    let staff = native
        .app()
        .set_groups(staff.tenant, staff.id, &memberships)
        .await?;
    Ok(Json(view(&actor, staff)))
}

async fn roles(Ask(NoAsk {}): Ask<NoAsk>) -> Json<RolesView> {
    let view = |role: Role| RoleView {
        role: RoleBody(role),
        permissions: Permission::ALL
            .into_iter()
            .filter(|permission| role.gives(*permission))
            .map(Permission::name)
            .collect(),
    };
    Json(RolesView {
        items: Role::ALL.into_iter().map(view).collect(),
    })
}

async fn status(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<StatusView>, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    let tenant = native.store().tenant(staff.tenant).await?;
    let today = native.app().status_times(&tenant, &staff).await?;
    Ok(Json(StatusView {
        presence: staff.presence.into(),
        today: today
            .into_iter()
            .map(|(status, lasted)| LastedView {
                status: StatusBody(status),
                seconds: lasted.as_secs(),
            })
            .collect(),
    }))
}

async fn set_status(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<StatusWish>,
) -> Result<Json<StaffView>, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    check_others(&actor, staff.id)?;
    let reason = &body.reason.0;
    let wish = match body.status.0 {
        StaffStatus::Free => Wish::Free,
        StaffStatus::NotReady => Wish::NotReady,
        StaffStatus::Rest => Wish::Rest { reason },
        StaffStatus::Offline => Wish::Offline,
        StaffStatus::Busy | StaffStatus::WrapUp => {
            let why = "comes with work; choose free, not_ready, rest or offline";
            return Err(Problem::invalid("status", why));
        }
    };
    let (_, staff) = native
        .app()
        .wish_status(staff.tenant, staff.id, wish)
        .await?;
    Ok(Json(view(&actor, staff)))
}

async fn history(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<HistoryAsk>,
) -> Result<Json<HistoryView>, Problem> {
    const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
    let staff = found(&native, caller, ask.instance, id).await?;
    check_others(&actor, staff.id)?;
    let to = ask.to.map_or(native.now(), |to| to.0);
    let from = ask.from.map_or(to.minus(DAY), |from| from.0);
    let after = ask.after.map_or(0, |after| after.0);
    let changes = native
        .store()
        .status_changes(staff.id, (from, to), after, HISTORY_MAX)
        .await?;
    let view = |change: model::StatusChange| ChangeView {
        n: change.n,
        at: Time(change.at),
        status: StatusBody(change.status),
        reason: change.reason,
        work: change.work,
    };
    Ok(Json(HistoryView {
        items: changes.into_iter().map(view).collect(),
    }))
}

async fn force_offline(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<StaffView>, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    check_reach(caller, staff.settings.everywhere)?;
    let staff = native.app().force_offline(staff.tenant, staff.id).await?;
    Ok(Json(view(&actor, staff)))
}

async fn restore(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<StaffView>, Problem> {
    let staff = found(&native, caller, ask.instance, id).await?;
    let staff = native.app().restore_staff(staff.tenant, staff.id).await?;
    Ok(Json(view(&actor, staff)))
}

/// The person, if the caller may know of them. Ids are unique in the installation, so an operator
/// need not name the instance.
async fn found(
    native: &Native,
    caller: Caller,
    instance: Option<Instance>,
    id: i64,
) -> Result<Staff, Problem> {
    let staff = native.store().staff_any(StaffId(id)).await?;
    let asked: Option<TenantId> = match instance {
        Some(instance) => Some(native.tenant(caller, Some(instance)).await?),
        None => caller.limit(),
    };
    if asked.is_some_and(|tenant| tenant != staff.tenant) {
        return Err(Problem::not_found("staff"));
    }
    Ok(staff)
}

/// Who sees one instance does not touch who sees them all.
fn check_reach(caller: Caller, everywhere: bool) -> Result<(), Problem> {
    if everywhere && caller != Caller::Operator {
        let detail = "only who works for every instance may do this to one who does";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    Ok(())
}

/// What is not one's own is a supervisor's.
fn check_others(actor: &Actor, staff: StaffId) -> Result<(), Problem> {
    let own = actor.person().is_some_and(|person| person.id == staff);
    if own || actor.may(Permission::SuperviseStaff) {
        return Ok(());
    }
    let detail = "none of your roles gives `supervise_staff`";
    Err(Problem::new(Kind::Forbidden, detail))
}

fn view(actor: &Actor, staff: Staff) -> StaffView {
    let own = actor.person().is_some_and(|person| person.id == staff.id);
    let with_phone = own || actor.may(Permission::SuperviseStaff);
    StaffView::of(staff, with_phone)
}

fn no_reason() -> Text<0, 64> {
    String::new().into()
}
