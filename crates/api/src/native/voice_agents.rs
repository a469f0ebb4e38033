//! Voice agents: saved as the document that `docs/voice-agents.md` describes, in versions.

use app::{
    agent_document::{self, AgentDocument, DocumentFault, Parsed},
    speech_service::{SpeechServiceRole, SpeechServiceSettings},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use model::{
    LanguageModelId, Permission, SpeechServiceId, TenantId, VoiceAgent, VoiceAgentDraft,
    VoiceAgentId,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::StoreError;

use super::{
    admit::Caller,
    context::Native,
    field::{Int, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathId},
    table::{Row, delete, get, post, put},
};

/// What a designer writes down of a voice agent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VoiceAgentBody {
    /// Shown to people.
    pub name: Text<1, 64>,
    /// What it says and understands.
    #[schemars(schema_with = "definition_schema")]
    pub definition: Value,
    /// The version that this one replaces; the header `If-Match` says the same. Only in changes.
    pub version: Option<Int<1, { i64::MAX }>>,
}

/// An AI that talks, without its definition.
#[derive(Serialize, JsonSchema)]
pub(super) struct VoiceAgentSummary {
    /// `AIAgentId`.
    id: i64,
    /// Its owner.
    instance: i64,
    /// Shown to people.
    name: String,
    /// Grows by one with each change; a call keeps the version it started with.
    version: i64,
    /// `${name}` variables that the definition mentions.
    variable_names: Vec<String>,
    /// When it was created.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

/// An AI that talks.
#[derive(Serialize, JsonSchema)]
pub(super) struct VoiceAgentView {
    /// What lists show of it.
    #[serde(flatten)]
    summary: VoiceAgentSummary,
    /// What it says and understands.
    #[schemars(schema_with = "definition_schema")]
    definition: Value,
}

/// The schema of a definition, for bodies that hold one.
pub(super) fn definition_schema(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<AgentDocument>()
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/voice-agents/{id}";
    let mut rows = vec![
        get("/api/v1/voice-agents", "List voice agents", list)
            .needs(Permission::ReadDesign)
            .asks::<InstancePageAsk>()
            .gives::<PageView<VoiceAgentSummary>>(),
        post("/api/v1/voice-agents", "Create a voice agent", create)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes::<VoiceAgentBody>()
            .gives::<VoiceAgentView>(),
        get(ONE, "Show a voice agent", show)
            .needs(Permission::ReadDesign)
            .asks::<InstanceAsk>()
            .gives::<VoiceAgentView>(),
        put(
            ONE,
            "Replace a voice agent, if nobody else has meanwhile",
            change,
        )
        .needs(Permission::Design)
        .asks::<InstanceAsk>()
        .takes::<VoiceAgentBody>()
        .gives::<VoiceAgentView>()
        .refuses(&[Kind::VersionMismatch]),
        delete(ONE, "Remove a voice agent that answers no number", remove)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .refuses(&[Kind::Conflict]),
    ];
    rows.extend(super::voice_agent_versions::rows());
    rows
}

/// An answer with the version in its `ETag`.
pub(super) type Tagged = ([(HeaderName, String); 1], Json<VoiceAgentView>);

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<VoiceAgentSummary>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().voice_agents(tenant, paging).await?;
    Ok(Json(PageView::of(page, |agent| {
        VoiceAgentSummary::of(&agent)
    })))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<VoiceAgentBody>,
) -> Result<(StatusCode, Tagged), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let draft = body.draft(&native, caller, tenant, None).await?;
    let agent = native
        .store()
        .create_voice_agent(tenant, &draft, native.now())
        .await?;
    Ok((StatusCode::CREATED, tagged(&agent)?))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Tagged, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    tagged(&native.store().voice_agent(tenant, VoiceAgentId(id)).await?)
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    headers: HeaderMap,
    Body(body): Body<VoiceAgentBody>,
) -> Result<Tagged, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let expected = expected_version(&headers, body.version.map(|version| version.0))?;
    replace(&native, caller, (tenant, VoiceAgentId(id)), expected, body).await
}

/// Makes the next version of a voice agent, if it is still at `expected`.
pub(super) async fn replace(
    native: &Native,
    caller: Caller,
    (tenant, id): (TenantId, VoiceAgentId),
    expected: i64,
    body: VoiceAgentBody,
) -> Result<Tagged, Problem> {
    let present = native.store().voice_agent(tenant, id).await?;
    let draft = body.draft(native, caller, tenant, Some(&present)).await?;
    let changed = native
        .store()
        .update_voice_agent(tenant, id, expected, &draft, native.now())
        .await
        .map_err(|error| match error {
            StoreError::Conflict { what } => Problem::new(Kind::VersionMismatch, what),
            other => other.into(),
        })?;
    tagged(&changed)
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native
        .store()
        .remove_voice_agent(tenant, VoiceAgentId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The version that a change is based on, by field or by `If-Match: "3"`.
pub(super) fn expected_version(headers: &HeaderMap, field: Option<i64>) -> Result<i64, Problem> {
    let Some(sent) = headers.get(header::IF_MATCH) else {
        return field.ok_or_else(|| {
            Problem::invalid("version", "is required, here or as If-Match: \"<version>\"")
        });
    };
    let version = sent
        .to_str()
        .ok()
        .and_then(|text| text.trim().trim_matches('"').parse().ok());
    match (version, field) {
        (Some(version), None) => Ok(version),
        (Some(version), Some(field)) if version == field => Ok(version),
        (Some(_), Some(_)) => Err(Problem::invalid("version", "differs from If-Match")),
        (None, _) => Err(Problem::new(
            Kind::VersionMismatch,
            "If-Match is no version of this voice agent",
        )),
    }
}

impl VoiceAgentBody {
    /// What is stored, checked as a whole; `present` is what it replaces.
    async fn draft(
        self,
        native: &Native,
        caller: Caller,
        tenant: TenantId,
        present: Option<&VoiceAgent>,
    ) -> Result<VoiceAgentDraft, Problem> {
        let definition = self.definition.to_string();
        let parsed =
            agent_document::parse(&definition).map_err(|fault| definition_problem(&fault))?;
        check_models(native, tenant, &parsed).await?;
        check_speech(native, tenant, &parsed).await?;
        check_reach(native, caller, &parsed, present)?;
        Ok(VoiceAgentDraft {
            name: self.name.0,
            definition,
            variable_names: parsed.variable_names.into_iter().collect(),
        })
    }
}

/// What is wrong in the field `definition`, with its place there.
pub(super) fn definition_problem(fault: &DocumentFault) -> Problem {
    let dot = if fault.path.is_empty() { "" } else { "." };
    Problem::invalid(&format!("definition{dot}{}", fault.path), fault.why.clone())
}

/// The language models that an agent thinks with must be there.
async fn check_models(native: &Native, tenant: TenantId, parsed: &Parsed) -> Result<(), Problem> {
    for (place, name) in parsed.language_models() {
        let found = native
            .store()
            .outside_service_named::<LanguageModelId>(tenant, name)
            .await?;
        if found.is_none() {
            let field = format!("definition.{place}");
            return Err(Problem::invalid(&field, "names no language model"));
        }
    }
    Ok(())
}

/// The speech services that an agent hears and speaks with must be there, each in its role.
async fn check_speech(native: &Native, tenant: TenantId, parsed: &Parsed) -> Result<(), Problem> {
    for (place, name, speaks) in parsed.speech().named() {
        let field = format!("definition.{place}");
        let found = native
            .store()
            .outside_service_named::<SpeechServiceId>(tenant, name)
            .await?;
        let Some(found) = found else {
            return Err(Problem::invalid(&field, "names no speech service"));
        };
        let settings = SpeechServiceSettings::stored(&found.settings.settings);
        let is_speaker = settings.is_some_and(|it| it.role == SpeechServiceRole::Speaker);
        if is_speaker != speaks {
            let why = if speaks {
                "is no speaker"
            } else {
                "is no recognizer"
            };
            return Err(Problem::invalid(&field, why));
        }
    }
    Ok(())
}

/// A token of one instance may not make us ask private addresses, except those that an operator
/// has put there.
fn check_reach(
    native: &Native,
    caller: Caller,
    parsed: &Parsed,
    present: Option<&VoiceAgent>,
) -> Result<(), Problem> {
    if caller == Caller::Operator || native.app().settings().fetch_private {
        return Ok(());
    }
    let present = present.and_then(|agent| agent_document::parse(&agent.settings.definition).ok());
    let known: Vec<&str> = present
        .iter()
        .flat_map(|parsed| parsed.addresses().into_iter().map(|(_, url)| url))
        .collect();
    let wrong = parsed
        .addresses()
        .into_iter()
        .find(|(_, url)| !known.contains(url) && app::names_private(url));
    match wrong {
        Some((path, _)) => Err(Problem::invalid(
            &format!("definition.{path}"),
            "leads into a private network: only an operator may name such an address",
        )),
        None => Ok(()),
    }
}

/// A voice agent with its version as the tag of the answer.
pub(super) fn tagged(agent: &VoiceAgent) -> Result<Tagged, Problem> {
    let definition = definition_of(agent)?;
    let view = VoiceAgentView {
        summary: VoiceAgentSummary::of(agent),
        definition,
    };
    Ok((
        [(header::ETAG, format!("\"{}\"", agent.version))],
        Json(view),
    ))
}

/// The stored definition as JSON.
pub(super) fn definition_of(agent: &VoiceAgent) -> Result<Value, Problem> {
    serde_json::from_str(&agent.settings.definition).map_err(|error| {
        tracing::error!(%error, agent = agent.id.0, "stored definition is no JSON");
        Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

impl VoiceAgentSummary {
    fn of(agent: &VoiceAgent) -> Self {
        Self {
            id: agent.id.0,
            instance: agent.tenant.0,
            name: agent.settings.name.clone(),
            version: agent.version,
            variable_names: agent.settings.variable_names.clone(),
            created_at: Time(agent.created_at),
            updated_at: Time(agent.updated_at),
        }
    }
}
