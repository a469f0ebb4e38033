//! Quotas: what an operator grants an instance, and what it has used.

use axum::{Json, extract::State};
use model::{Permission, Quota, QuotaUsage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    field::{Int, Time},
    page::InstanceAsk,
    problem::Problem,
    read::{Ask, Body},
    table::{Row, get, put},
};

/// The most minutes or calls that can be granted other than without limit.
const GRANT_MAX: i64 = 1_000_000_000;

/// What an instance is granted; null or absent is unlimited.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuotaBody {
    /// Minutes of calls; started minutes count.
    call_minutes: Option<Int<0, GRANT_MAX>>,
    /// Call minutes are good until then.
    call_until: Option<Time>,
    /// Minutes of calls with a voice agent.
    agent_minutes: Option<Int<0, GRANT_MAX>>,
    /// Voice-agent minutes are good until then.
    agent_until: Option<Time>,
    /// Voice-agent calls at once.
    agent_calls_max: Option<Int<0, GRANT_MAX>>,
}

/// What an instance was granted, and what it has used since.
#[derive(Serialize, JsonSchema)]
pub(super) struct QuotaView {
    /// The grant; null is unlimited.
    #[serde(flatten)]
    quota: QuotaBody,
    /// Started call minutes since the grant.
    call_minutes_used: i64,
    /// Started voice-agent minutes since the grant.
    agent_minutes_used: i64,
}

pub(super) fn rows() -> Vec<Row> {
    const QUOTA: &str = "/api/v1/quotas";
    vec![
        get(QUOTA, "Show an instance's quota and usage", show)
            .needs(Permission::ReadSettings)
            .asks::<InstanceAsk>()
            .gives::<QuotaView>(),
        put(QUOTA, "Grant a quota; usage starts again at zero", grant)
            .needs(Permission::ChangeSettings)
            .operator()
            .asks::<InstanceAsk>()
            .takes::<QuotaBody>()
            .gives::<QuotaView>(),
    ]
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<QuotaView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let (quota, usage) = native.store().quota(tenant).await?;
    Ok(Json(QuotaView::of(&quota, usage)))
}

async fn grant(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<QuotaBody>,
) -> Result<Json<QuotaView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let quota = Quota {
        call_minutes: body.call_minutes.map(|minutes| minutes.0),
        call_until: body.call_until.map(|time| time.0),
        agent_minutes: body.agent_minutes.map(|minutes| minutes.0),
        agent_until: body.agent_until.map(|time| time.0),
        agent_calls_max: body.agent_calls_max.map(|calls| calls.0),
    };
    native.store().set_quota(tenant, &quota).await?;
    let (quota, usage) = native.store().quota(tenant).await?;
    Ok(Json(QuotaView::of(&quota, usage)))
}

impl QuotaView {
    fn of(quota: &Quota, usage: QuotaUsage) -> Self {
        Self {
            quota: QuotaBody {
                call_minutes: quota.call_minutes.map(Int),
                call_until: quota.call_until.map(Time),
                agent_minutes: quota.agent_minutes.map(Int),
                agent_until: quota.agent_until.map(Time),
                agent_calls_max: quota.agent_calls_max.map(Int),
            },
            call_minutes_used: usage.call_minutes,
            agent_minutes_used: usage.agent_minutes,
        }
    }
}
