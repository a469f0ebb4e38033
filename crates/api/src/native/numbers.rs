//! Numbers: what may be shown on outbound calls, and what is answered by whom.

use axum::{Json, extract::State, http::StatusCode};
use model::{Permission, SkillGroupId, SkillGroupKind, TrunkId, TrunkNumber, VoiceAgentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Phone},
    page::{NoAsk, PageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathText},
    table::{Row, delete, get, patch, post},
};

/// A number and what it does.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberBody {
    /// The number. Cannot be changed.
    number: Phone,
    /// The trunk that it is on. Cannot be changed.
    trunk: i64,
    /// The instance that may use it.
    instance: Instance,
    /// May be shown on outbound calls.
    #[serde(default = "on")]
    outbound: bool,
    /// Voice agent that answers calls to it; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inbound_agent: Option<i64>,
    /// Skill group whose people answer calls to it; only without a voice agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inbound_group: Option<i64>,
    /// Off numbers are neither shown nor answered.
    #[serde(default = "on")]
    enabled: bool,
}

/// A number and what it does.
#[derive(Serialize, JsonSchema)]
pub(super) struct NumberView {
    /// The number.
    number: Phone,
    /// The trunk that it is on.
    trunk: i64,
    /// The instance that may use it.
    instance: i64,
    /// May be shown on outbound calls.
    outbound: bool,
    /// Voice agent that answers calls to it.
    inbound_agent: Option<i64>,
    /// Skill group whose people answer calls to it.
    inbound_group: Option<i64>,
    /// Off numbers are neither shown nor answered.
    enabled: bool,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/numbers/{number}";
    vec![
        get("/api/v1/numbers", "List numbers", list)
            .needs(Permission::ReadSettings)
            .asks::<PageAsk>()
            .gives::<PageView<NumberView>>(),
        post("/api/v1/numbers", "Add a number to a trunk", create)
            .needs(Permission::ChangeSettings)
            .operator()
            .asks::<NoAsk>()
            .takes::<NumberBody>()
            .gives::<NumberView>()
            .refuses(&[Kind::Conflict]),
        get(ONE, "Show a number", show)
            .needs(Permission::ReadSettings)
            .gives::<NumberView>(),
        patch(ONE, "Change what a number does", change)
            .needs(Permission::ChangeSettings)
            .operator()
            .takes_patch::<NumberBody>()
            .gives::<NumberView>(),
        delete(ONE, "Remove a number from its trunk", remove)
            .needs(Permission::ChangeSettings)
            .operator(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<PageView<NumberView>>, Problem> {
    let page = native
        .store()
        .numbers(caller.limit(), paging(ask.offset, ask.limit))
        .await?;
    Ok(Json(PageView::of(page, |(trunk, number)| {
        NumberView::of(trunk, number)
    })))
}

async fn create(
    State(native): State<Native>,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<NumberBody>,
) -> Result<(StatusCode, Json<NumberView>), Problem> {
    let (trunk, number) = proven(&native, body).await?;
    native
        .store()
        .add_number(trunk, &number, native.now())
        .await?;
    Ok((StatusCode::CREATED, Json(NumberView::of(trunk, number))))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(text): PathText,
) -> Result<Json<NumberView>, Problem> {
    let (trunk, number) = found(&native, &text).await?;
    if caller.limit().is_some_and(|own| own != number.tenant) {
        return Err(Problem::not_found("number"));
    }
    Ok(Json(NumberView::of(trunk, number)))
}

async fn change(
    State(native): State<Native>,
    PathText(text): PathText,
    changes: Patch,
) -> Result<Json<NumberView>, Problem> {
    let (trunk, present) = found(&native, &text).await?;
    let body = changes.onto(&NumberBody {
        number: Phone(present.number.clone()),
        trunk: trunk.0,
        instance: Instance(present.tenant),
        outbound: present.outbound,
        inbound_agent: present.inbound_agent.map(|agent| agent.0),
        inbound_group: present.inbound_group.map(|group| group.0),
        enabled: present.enabled,
    })?;
    if body.number.0 != present.number {
        return Err(Problem::invalid("number", "cannot be changed"));
    }
    if body.trunk != trunk.0 {
        return Err(Problem::invalid("trunk", "cannot be changed"));
    }
    let (trunk, changed) = proven(&native, body).await?;
    native.store().update_number(&changed).await?;
    Ok(Json(NumberView::of(trunk, changed)))
}

async fn remove(
    State(native): State<Native>,
    PathText(text): PathText,
) -> Result<StatusCode, Problem> {
    let (_, present) = found(&native, &text).await?;
    native.store().remove_number(&present.number).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(native: &Native, text: &str) -> Result<(TrunkId, TrunkNumber), Problem> {
    let text = if text.starts_with(['+', '0']) {
        text.to_owned()
    } else {
        format!("+{text}")
    };
    let Phone(number) = text.parse().map_err(|_| Problem::not_found("number"))?;
    Ok(native.store().number(&number).await?)
}

/// What a body names exists: the trunk, the instance, and the voice agent in that instance.
async fn proven(native: &Native, body: NumberBody) -> Result<(TrunkId, TrunkNumber), Problem> {
    let trunk = TrunkId(body.trunk);
    let Instance(tenant) = body.instance;
    let store = native.store();
    named(store.trunk(trunk).await, "trunk", "names no trunk")?;
    named(store.tenant(tenant).await, "instance", "names no instance")?;
    let inbound_agent = body.inbound_agent.map(VoiceAgentId);
    if let Some(agent) = inbound_agent {
        let why = "names no voice agent of the instance";
        named(store.voice_agent(tenant, agent).await, "inbound_agent", why)?;
    }
    let inbound_group = body.inbound_group.map(SkillGroupId);
    if let Some(group) = inbound_group {
        let why = "names no skill group of the instance";
        let group = named(store.skill_group(tenant, group).await, "inbound_group", why)?;
        if group.settings.kind != SkillGroupKind::Phone {
            let why = "names a skill group that takes no telephone calls";
            return Err(Problem::invalid("inbound_group", why));
        }
        if inbound_agent.is_some() {
            let why = "a number is answered by a voice agent or by a skill group, not by both";
            return Err(Problem::invalid("inbound_group", why));
        }
    }
    let number = TrunkNumber {
        number: body.number.0,
        tenant,
        outbound: body.outbound,
        inbound_agent,
        inbound_group,
        enabled: body.enabled,
    };
    Ok((trunk, number))
}

/// A thing that a field names; that it is not there is the field's fault.
pub(super) fn named<T>(
    found: Result<T, store::StoreError>,
    field: &str,
    why: &str,
) -> Result<T, Problem> {
    found.map_err(|error| match error {
        store::StoreError::NotFound { .. } => Problem::invalid(field, why),
        other => other.into(),
    })
}

impl NumberView {
    pub(super) fn of(trunk: TrunkId, number: TrunkNumber) -> Self {
        Self {
            number: Phone(number.number),
            trunk: trunk.0,
            instance: number.tenant.0,
            outbound: number.outbound,
            inbound_agent: number.inbound_agent.map(|agent| agent.0),
            inbound_group: number.inbound_group.map(|group| group.0),
            enabled: number.enabled,
        }
    }
}

fn on() -> bool {
    true
}
