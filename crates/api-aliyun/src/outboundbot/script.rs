//! Scripts: the voice agents of an instance, as robots.
//!
//! `ScriptId` is the id of a voice agent, a name that it was given, or the id of a script that was
//! made here. What is written here is a draft until `PublishScript` brings it into the voice agent;
//! what is written in the native API is published as it is saved.

mod copies;
mod draft;

pub(super) use copies::ACTIONS as COPIES;

use api::kernel::{Action, Entry, Reached};
use app::dialogue::Names;
use model::{TenantId, VoiceAgent, VoiceAgentId};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Paging, Publication, Script, StoreError, Words};

use self::draft::{Body, Written};
use super::{Context, OutboundBot, paging::Paged};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<CreateScript>(),
    Entry::of::<DescribeScript>(),
    Entry::of::<ListScripts>(),
    Entry::of::<ModifyScript>(),
    Entry::of::<PublishScript>(),
    Entry::of::<DeleteScript>(),
];

/// Voice agents of an instance that lists look through.
const AGENTS_MAX: u32 = 1000;

const GONE: Reached = Reached {
    code: "NotExist.Script",
    when: "the instance has no voice agent and no script of this id or name",
};
const BAD_CONTENT: Reached = Reached {
    code: "InvalidScriptContent",
    when: "`ScriptContent` is JSON and no document of a voice agent; the message names the place",
};
const BAD_ENGINE: Reached = Reached {
    code: "InvalidNluEngine",
    when: "the engine is neither empty nor `SSE_FUNCTION`",
};
const BAD_PROFILE: Reached = Reached {
    code: "InvalidScriptNluProfileJsonString",
    when: "the engine is `SSE_FUNCTION`, and there is no `fcHttpTriggerUrl` that may be asked",
};

/// A script as it is found: made here, made natively, or both.
struct Found {
    script: Option<Script>,
    agent: Option<VoiceAgent>,
}

impl Found {
    fn body(&self) -> Body {
        self.script
            .as_ref()
            .map_or_else(Body::default, |script| Body::of(&script.body))
    }

    fn id(&self) -> String {
        match (&self.script, &self.agent) {
            (Some(script), _) => script.id.clone(),
            (None, Some(agent)) => agent.id.to_string(),
            (None, None) => String::new(),
        }
    }

    fn name(&self) -> &str {
        match (&self.script, &self.agent) {
            (Some(script), _) => &script.name,
            (None, Some(agent)) => &agent.settings.name,
            (None, None) => "",
        }
    }

    fn shown(&self) -> Value {
        let body = self.body();
        let made = self
            .script
            .as_ref()
            .map(|script| (script.created_at, script.updated_at));
        let agents = self
            .agent
            .as_ref()
            .map(|agent| (agent.created_at, agent.updated_at));
        let (created_at, updated_at) = made.or(agents).unwrap_or_default();
        let status = if self.agent.is_some() {
            "PUBLISHED"
        } else {
            "DRAFTED"
        };
        let is_drafted = body.draft.is_some() || self.agent.is_none();
        json!({
            "ScriptId": self.id(),
            "ScriptName": self.name(),
            "ScriptDescription": body.description,
            "Industry": body.industry,
            "Scene": body.scene,
            "NluEngine": body.nlu_engine,
            "NluAccessType": "",
            "Status": status,
            "DebugStatus": status,
            "IsDrafted": is_drafted,
            "IsDebugDrafted": is_drafted,
            "IsPreset": false,
            "CreateTime": created_at.0,
            "UpdateTime": updated_at.0,
        })
    }

    /// With what only descriptions show.
    fn described(&self) -> Value {
        let body = self.body();
        let mut shown = self.shown();
        shown["AsrConfig"] = json!(body.asr_config);
        shown["TtsConfig"] = json!(body.tts_config);
        shown["ChatConfig"] = json!(body.chat_config);
        shown["NluProfile"] = json!({
            "FcHttpTriggerUrl": body.sse_url,
            "FcRegion": "",
            "FcFunction": "",
            "SupportBeebotPrompts": false,
        });
        shown
    }
}

async fn found(context: &Context, id: &str) -> Result<Found, Fault> {
    let (store, tenant) = (context.app().store(), context.tenant_id()?);
    let script = match store.script(tenant, id).await {
        Ok(script) => Some(script),
        Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let agent = match script.as_ref().map(|script| script.voice_agent) {
        Some(None) => None,
        Some(Some(agent)) => agent_of(context, tenant, agent).await?,
        None => {
            let names = Names::of([Some(id)]);
            context.gate.dialogues.named_robot(tenant, &names).await?
        }
    };
    if script.is_none() && agent.is_none() {
        return Err(Fault::not_exist("Script"));
    }
    Ok(Found { script, agent })
}

/// Every script of the instance: those written here, then the other voice agents.
async fn every(context: &Context) -> Result<Vec<Found>, Fault> {
    let (store, tenant) = (context.app().store(), context.tenant_id()?);
    let mut agents = store
        .voice_agents(tenant, Paging::first(AGENTS_MAX))
        .await?
        .items;
    let mut all = Vec::new();
    for script in store.scripts(tenant).await? {
        let at = agents
            .iter()
            .position(|agent| Some(agent.id) == script.voice_agent);
        all.push(Found {
            agent: at.map(|at| agents.remove(at)),
            script: Some(script),
        });
    }
    all.extend(agents.into_iter().map(|agent| Found {
        script: None,
        agent: Some(agent),
    }));
    Ok(all)
}

async fn agent_of(
    context: &Context,
    tenant: TenantId,
    id: VoiceAgentId,
) -> Result<Option<VoiceAgent>, Fault> {
    match context.app().store().voice_agent(tenant, id).await {
        Ok(agent) => Ok(Some(agent)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A new script, as a draft.
#[derive(Deserialize)]
struct CreateScript(Written);

impl Action for CreateScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "CreateScript";
    const REFUSALS: &'static [Reached] = &[BAD_CONTENT, BAD_ENGINE, BAD_PROFILE];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (app, now) = (context.app(), context.app().now());
        let mut body = Body::default();
        let name = self.0.apply(app, &mut body)?;
        let script = Script {
            tenant: context.tenant_id()?,
            id: uuid::Uuid::new_v4().to_string(),
            voice_agent: None,
            name,
            body: body.text(),
            created_at: now,
            updated_at: now,
        };
        app.store()
            .put_script(&script)
            .await
            .map_err(full_of_scripts)?;
        let made = Found {
            script: Some(script),
            agent: None,
        };
        Ok(full(json!({"Script": made.shown()})))
    }
}

/// One script.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeScript {
    script_id: String,
}

impl Action for DescribeScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DescribeScript";
    const REFUSALS: &'static [Reached] = &[GONE];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let found = found(&context, &self.script_id).await?;
        Ok(full(json!({"Script": found.described(), "NlsConfig": ""})))
    }
}

/// The scripts of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListScripts {
    page_number: Option<i64>,
    page_size: Option<i64>,
    #[serde(default)]
    script_name: String,
    #[serde(default)]
    nlu_engine: String,
}

impl Action for ListScripts {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListScripts";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let mut all = every(&context).await?;
        all.retain(|found| {
            found.name().contains(&self.script_name)
                && (self.nlu_engine.is_empty() || found.body().nlu_engine == self.nlu_engine)
        });
        let total = all.len();
        let shown: Vec<Value> = paged.cut(all).map(|found| found.shown()).collect();
        Ok(full(json!({"Scripts": {
            "List": shown,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": total,
        }})))
    }
}

/// Writes a draft.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyScript {
    script_id: String,
    #[serde(flatten)]
    written: Written,
}

impl Action for ModifyScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ModifyScript";
    const REFUSALS: &'static [Reached] = &[GONE, BAD_CONTENT, BAD_ENGINE, BAD_PROFILE];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let found = found(&context, &self.script_id).await?;
        let (app, now) = (context.app(), context.app().now());
        let mut body = found.body();
        let name = self.written.apply(app, &mut body)?;
        let script = Script {
            tenant: context.tenant_id()?,
            id: found.id(),
            voice_agent: found.agent.as_ref().map(|agent| agent.id),
            name,
            body: body.text(),
            created_at: found
                .script
                .as_ref()
                .map_or(now, |script| script.created_at),
            updated_at: now,
        };
        app.store()
            .put_script(&script)
            .await
            .map_err(full_of_scripts)?;
        let changed = Found {
            script: Some(script),
            agent: found.agent,
        };
        Ok(full(json!({"Script": changed.shown()})))
    }
}

/// Brings a draft into its voice agent, which answers by it from then on.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PublishScript {
    script_id: String,
}

impl Action for PublishScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "PublishScript";
    const REFUSALS: &'static [Reached] = &[
        GONE,
        Reached {
            code: "MissingScriptContent",
            when: "the script has nothing to say: it was written without `ScriptContent`, and its engine is not `SSE_FUNCTION`",
        },
        Reached {
            code: "Conflict",
            when: "the voice agent was changed at the same time",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let Found { script, agent } = found(&context, &self.script_id).await?;
        let Some(script) = script else {
            // Made natively: what is saved is published.
            return Ok(full(json!({})));
        };
        let mut body = Body::of(&script.body);
        if body.draft.is_none() && agent.is_some() {
            return Ok(full(json!({})));
        }
        let draft = body.voice_agent(&script.name)?;
        let words = words(&context, &body, &script);
        body.draft = None;
        let publication = Publication {
            present: agent.map(|agent| (agent.id, agent.version)),
            draft,
            words,
            script: Script {
                body: body.text(),
                updated_at: context.app().now(),
                ..script
            },
        };
        let store = context.app().store();
        store
            .publish_script(&publication)
            .await
            .map_err(|error| match error {
                StoreError::Conflict { what } => Fault::new(409, "Conflict", what),
                other => other.into(),
            })?;
        Ok(full(json!({})))
    }
}

/// A script with a function has its words from there; the requests are signed with the credential
/// that published it.
fn words(context: &Context, body: &Body, script: &Script) -> Option<Words> {
    if body.sse_url.is_empty() {
        return None;
    }
    let settings = json!({
        "url": body.sse_url,
        "interface": "callbacks",
        "access_key_id": context.credential.id.as_str(),
        "instance": script.tenant.to_string(),
        "script": script.id,
    });
    Some(Words {
        settings: settings.to_string(),
        secret: context.credential.secret.clone(),
    })
}

/// Removes a script and its voice agent.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteScript {
    script_id: String,
}

impl Action for DeleteScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DeleteScript";
    const REFUSALS: &'static [Reached] = &[
        GONE,
        Reached {
            code: "InvalidScriptId",
            when: "the voice agent answers a number",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let Found { script, agent } = found(&context, &self.script_id).await?;
        let (store, tenant) = (context.app().store(), context.tenant_id()?);
        let id = script.map_or(self.script_id, |script| script.id);
        let agent = agent.map(|agent| agent.id);
        match store.unpublish_script(tenant, &id, agent).await {
            Ok(()) => Ok(full(json!({}))),
            Err(StoreError::Conflict { what }) => Err(Fault::invalid("ScriptId", &what)),
            Err(error) => Err(error.into()),
        }
    }
}

fn full_of_scripts(error: StoreError) -> Fault {
    match error {
        StoreError::Conflict { what } => Fault::new(400, "LimitExceeded.Script", what),
        other => other.into(),
    }
}
