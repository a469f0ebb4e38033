//! Scripts copied, found by their status, and what they need to be told.

use api::kernel::{Action, Entry, Reached};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Script;

use super::{
    super::{Context, OutboundBot, dialogue::short, paging::Paged},
    Found, GONE, draft, every, found, full_of_scripts,
};
use crate::{envelope::full, fault::Fault};

pub(in crate::outboundbot) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<DuplicateScript>(),
    Entry::of::<QueryScriptsByStatus>(),
    Entry::of::<ListScriptVariables>(),
];

/// A copy of a script under another name, as a draft.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DuplicateScript {
    source_script_id: String,
    name: String,
}

impl Action for DuplicateScript {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DuplicateScript";
    const REFUSALS: &'static [Reached] = &[
        GONE,
        Reached {
            code: "InvalidName",
            when: "the name is longer than 64 characters",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        short("Name", &self.name, draft::NAME_MAX)?;
        if self.name.trim().is_empty() {
            return Err(Fault::missing("Name"));
        }
        let source = found(&context, &self.source_script_id).await?;
        let mut body = source.body();
        if body.draft.is_none() {
            body.draft = source.agent.map(|agent| agent.settings.definition);
        }
        let (app, now) = (context.app(), context.app().now());
        let copy = Script {
            tenant: context.tenant_id()?,
            id: uuid::Uuid::new_v4().to_string(),
            voice_agent: None,
            name: self.name,
            body: body.text(),
            created_at: now,
            updated_at: now,
        };
        app.store()
            .put_script(&copy)
            .await
            .map_err(full_of_scripts)?;
        Ok(full(json!({"ScriptId": copy.id})))
    }
}

/// The scripts of an instance that have one of some statuses.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueryScriptsByStatus {
    status_list: Vec<String>,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for QueryScriptsByStatus {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "QueryScriptsByStatus";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let mut all: Vec<Value> = every(&context).await?.iter().map(Found::shown).collect();
        all.retain(|shown| {
            self.status_list
                .iter()
                .any(|status| shown["Status"] == **status)
        });
        let total = all.len();
        let shown: Vec<Value> = paged.cut(all).collect();
        Ok(full(json!({"Scripts": {
            "List": shown,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": total,
        }})))
    }
}

/// The values that a script needs of a job: its variables.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListScriptVariables {
    script_id: String,
    /// Of what is written and not published.
    #[serde(default)]
    sandbox: bool,
}

impl Action for ListScriptVariables {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListScriptVariables";
    const REFUSALS: &'static [Reached] = &[GONE];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let found = found(&context, &self.script_id).await?;
        let body = found.body();
        let published = found.agent.map(|agent| agent.settings.variable_names);
        let names = match published {
            Some(names) if !self.sandbox || body.draft.is_none() => names,
            other => match body.draft.is_some() {
                true => {
                    body.voice_agent(found.script.as_ref().map_or("", |s| &s.name))?
                        .variable_names
                }
                false => other.unwrap_or_default(),
            },
        };
        let variable =
            |name: &String| json!({"Name": name, "DisplayName": name, "Description": ""});
        let variables: Vec<Value> = names.iter().map(variable).collect();
        Ok(full(json!({"Variables": variables})))
    }
}
