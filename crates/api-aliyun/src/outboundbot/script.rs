//! Scripts: the voice agents of an instance, as robots.
//!
//! `ScriptId` is the id of a voice agent, or a name that it was given. They are written in the
//! native API, where their document has a place; here they are found and read.

use api::kernel::{Action, Entry, Reached};
use app::dialogue::Names;
use model::VoiceAgent;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Context, OutboundBot, paging::Paged};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<DescribeScript>(),
    Entry::of::<ListScripts>(),
    Entry::of::<PublishScript>(),
];

const GONE: Reached = Reached {
    code: "NotExist.Script",
    when: "the instance has no voice agent of this id or name",
};

/// A script as lists and descriptions show it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Script {
    script_id: String,
    script_name: String,
    script_description: &'static str,
    industry: &'static str,
    scene: &'static str,
    nlu_engine: &'static str,
    status: &'static str,
    debug_status: &'static str,
    is_drafted: bool,
    is_debug_drafted: bool,
    create_time: i64,
    update_time: i64,
}

fn shown(agent: &VoiceAgent) -> Script {
    Script {
        script_id: agent.id.to_string(),
        script_name: agent.settings.name.clone(),
        script_description: "",
        industry: "",
        scene: "",
        nlu_engine: "",
        // A voice agent is in use as soon as it is saved.
        status: "PUBLISHED",
        debug_status: "PUBLISHED",
        is_drafted: false,
        is_debug_drafted: false,
        create_time: agent.created_at.0,
        update_time: agent.updated_at.0,
    }
}

async fn found(context: &Context, script: &str) -> Result<VoiceAgent, Fault> {
    let names = Names::of([Some(script)]);
    let tenant = context.tenant_id()?;
    let found = context.gate.dialogues.named_robot(tenant, &names).await?;
    found.ok_or_else(|| Fault::not_exist("Script"))
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
        let agent = found(&context, &self.script_id).await?;
        Ok(full(json!({"Script": shown(&agent)})))
    }
}

/// The scripts of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListScripts {
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for ListScripts {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListScripts";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let store = context.app().store();
        let page = store
            .voice_agents(context.tenant_id()?, paged.store())
            .await?;
        let scripts: Vec<Script> = page.items.iter().map(shown).collect();
        Ok(full(json!({"Scripts": {
            "List": scripts,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": page.total,
        }})))
    }
}

/// Nothing is left to do: what is saved is published. The script must be there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PublishScript {
    script_id: String,
}

impl Action for PublishScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "PublishScript";
    const REFUSALS: &'static [Reached] = &[GONE];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        found(&context, &self.script_id).await?;
        Ok(full(json!({})))
    }
}
