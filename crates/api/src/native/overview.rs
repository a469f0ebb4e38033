//! What an operator looks at first: is all well, what runs, and what fails.

use app::App;
use axum::{Json, extract::State};
use model::{DeliveryState, Permission, StaffStatus, Tenant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{DeliveryFilter, Paging, StaffFilter};

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Time},
    problem::Problem,
    read::Ask,
    table::{Row, get},
};

/// Instances that are added up; of an installation with more, the first.
const INSTANCES_MAX: u32 = 200;

/// Trunks that are shown.
const TRUNKS_MAX: u32 = 50;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// As it should be.
    Good,
    /// Works, but will hurt.
    Warning,
    /// Does not work.
    Broken,
}

/// One thing that was looked at, as `switchboard doctor` tells it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// How bad it is.
    pub level: FindingLevel,
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: String,
    /// What was expected, and what to do; empty when all is well.
    pub fix: String,
}

/// Whose overview.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OverviewAsk {
    /// Of this instance; of all that the caller may see if absent.
    instance: Option<Instance>,
}

/// What runs and what fails.
#[derive(Serialize, JsonSchema)]
pub(super) struct OverviewView {
    /// When it was put together.
    at: Time,
    /// The program.
    version: &'static str,
    /// Seconds since it was started.
    uptime_seconds: u64,
    /// The worst of `findings`.
    health: FindingLevel,
    /// What was looked at, at most a minute ago. Empty for callers who see one instance only.
    findings: Vec<Finding>,
    /// Calls.
    calls: CallsView,
    /// Webhooks.
    pushes: PushesView,
    /// People by what they can take.
    staff: Vec<StaffCountView>,
    /// Trunks; empty for callers who see one instance only.
    trunks: Vec<TrunkStateView>,
}

/// Calls in figures. A day begins at midnight where the instance is.
#[derive(Default, Serialize, JsonSchema)]
struct CallsView {
    /// That run now.
    live: i64,
    /// That began today.
    today: i64,
    /// Of those, how many were answered.
    answered_today: i64,
}

/// Webhooks in figures.
#[derive(Default, Serialize, JsonSchema)]
struct PushesView {
    /// Deliveries on their way.
    due: i64,
    /// Deliveries that were given up.
    given_up: i64,
}

/// People with one status.
#[derive(Serialize, JsonSchema)]
struct StaffCountView {
    /// `free`, `busy`, `wrap_up`, `rest`, `not_ready`, `offline`.
    status: &'static str,
    /// How many.
    count: i64,
}

/// A trunk and how much of it is in use.
#[derive(Serialize, JsonSchema)]
struct TrunkStateView {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
    /// Whether it may be used.
    enabled: bool,
    /// Whether simulated people stand behind it.
    simulated: bool,
    /// Calls that it carries now.
    channels: u32,
    /// Calls that it may carry.
    channels_max: u32,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/api/v1/overview", "Show what runs and what fails", show)
            .needs(Permission::ReadSettings)
            .asks::<OverviewAsk>()
            .gives::<OverviewView>(),
    ]
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<OverviewAsk>,
) -> Result<Json<OverviewView>, Problem> {
    let store = native.store();
    let one = match ask.instance {
        Some(instance) => Some(native.tenant(caller, Some(instance)).await?),
        None => caller.limit(),
    };
    let tenants = match one {
        Some(tenant) => vec![store.tenant(tenant).await?],
        None => store.tenants(Paging::first(INSTANCES_MAX)).await?.items,
    };
    let (mut calls, mut pushes) = (CallsView::default(), PushesView::default());
    for tenant in &tenants {
        add_calls(&native, tenant, &mut calls).await?;
        pushes.due += n_deliveries(&native, tenant, DeliveryState::Due).await?;
        pushes.given_up += n_deliveries(&native, tenant, DeliveryState::Exhausted).await?;
    }
    let mut staff = Vec::new();
    for status in StaffStatus::ALL {
        let filter = StaffFilter {
            tenant: one,
            statuses: vec![status],
            ..StaffFilter::default()
        };
        staff.push(StaffCountView {
            status: status.name(),
            count: store.staff_list(&filter, Paging::first(0)).await?.total,
        });
    }
    let (findings, trunks) = match caller {
        Caller::Operator => (native.findings().await, trunks(native.app()).await?),
        Caller::Tenant(_) => (Vec::new(), Vec::new()),
    };
    let health = findings.iter().map(|finding| finding.level).max();
    Ok(Json(OverviewView {
        at: Time(native.now()),
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: native.app().uptime().as_secs(),
        health: health.unwrap_or(FindingLevel::Good),
        findings,
        calls,
        pushes,
        staff,
        trunks,
    }))
}

async fn add_calls(native: &Native, tenant: &Tenant, calls: &mut CallsView) -> Result<(), Problem> {
    let store = native.store();
    let live = store.active_calls(tenant.id, Paging::first(0)).await?;
    let midnight = app::day_start(native.now(), tenant);
    let (today, answered) = store.n_calls_since(tenant.id, midnight).await?;
    calls.live += live.total;
    calls.today += today;
    calls.answered_today += answered;
    Ok(())
}

async fn n_deliveries(
    native: &Native,
    tenant: &Tenant,
    state: DeliveryState,
) -> Result<i64, Problem> {
    let filter = DeliveryFilter {
        tenant: tenant.id,
        endpoint: None,
        call: None,
        state: Some(state),
    };
    let page = native.store().deliveries(&filter, Paging::first(0)).await?;
    Ok(page.total)
}

async fn trunks(app: &App) -> Result<Vec<TrunkStateView>, Problem> {
    let trunks = app.store().trunks(Paging::first(TRUNKS_MAX)).await?;
    let view = |trunk: model::Trunk| TrunkStateView {
        id: trunk.id.0,
        channels: app.channels_in_use(trunk.id),
        channels_max: trunk.settings.channels_max,
        enabled: trunk.settings.enabled,
        simulated: trunk.settings.simulated,
        name: trunk.settings.name,
    };
    Ok(trunks.items.into_iter().map(view).collect())
}
