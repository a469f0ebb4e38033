//! Voice agents that think with language models: what they need of the store, put together.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use model::{Call, LanguageModelId, TenantId, UnixMs, Variable, Weekday};
use providers::{
    port::{Medium, Thinker, Thought, Thoughts},
    thinker::{
        AbsentThinker, FlowSettings, FlowThinker,
        model::{
            DifyFacts, Filler, ModelSettings, ModelThinker, ModelThinkerSettings, Reader,
            TransferFailed, TransferFunction,
            tools::{HttpMethod, HttpTool, McpSettings},
        },
    },
};
use store::Store;
use tokio::sync::mpsc;
use voice::{
    flow::FlowRun,
    line::{Line, Variables},
    script::ScriptRun,
};

use crate::{
    agent_document::{
        BroughtAgent, MethodText, Parsed, ParsedFlow, ThinkerText, Thinking, ToolText,
    },
    language_model::{LanguageModelSettings, client},
    local_time::LocalTime,
};

/// Longest wait for what words mean in a flow, and silence after which the next model is asked.
const READER_MAX: Duration = Duration::from_secs(6);
const READER_FAILOVER: Duration = Duration::from_millis(800);

/// How a conversation is held.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// What in.
    pub medium: Medium,
    /// Whether what thinkers give to remember is kept, for those that come after them.
    pub is_kept: bool,
    /// What an earlier thinker of it gave to remember.
    pub recalled: Option<String>,
}

/// The thinker of a call whose voice agent thinks with language models; `None` if it does not. What
/// is missing by now (a model that was removed) is left out; where nothing is left, the thinker
/// says so at each question, and the agent says its fallback.
pub(crate) async fn thinker(
    store: &Store,
    call: &Call,
    agent: &Parsed,
    held: Held,
) -> Option<(Box<dyn Thinker>, mpsc::Receiver<Thought>)> {
    let (thoughts, inbox) = Thoughts::queue();
    let thinker: Box<dyn Thinker> = match agent.thinker.as_ref()? {
        Thinking::Models(written) => of_models(store, call, agent, written, held, thoughts).await,
        Thinking::Flow(flow) => of_flow(store, call, agent, flow, held, thoughts).await,
    };
    Some((thinker, inbox))
}

async fn of_models(
    store: &Store,
    call: &Call,
    agent: &Parsed,
    written: &ThinkerText,
    held: Held,
    thoughts: Thoughts,
) -> Box<dyn Thinker> {
    let backends = match &agent.brought {
        Some(brought) => vec![brought_model(brought)],
        None => backends(store, call.tenant, &written.models).await,
    };
    if backends.is_empty() {
        let why = "none of the agent's language models is there".to_owned();
        return Box::new(AbsentThinker::new(why, thoughts));
    }
    let of_tools = written.tools.iter().map(|tool| &tool.secret_headers);
    let of_servers = written.mcp.iter().map(|server| &server.secret_headers);
    let secrets = secrets(store, call.tenant, of_tools.chain(of_servers)).await;
    let settings = settings(call, agent, written, backends, &secrets);
    let settings = ModelThinkerSettings {
        medium: held.medium,
        remembers: held.is_kept,
        recalled: held.recalled,
        // Who reads sees that something is being written.
        filler: settings.filler.filter(|_| held.medium == Medium::Voice),
        ..settings
    };
    Box::new(ModelThinker::new(client(), settings, thoughts))
}

async fn of_flow(
    store: &Store,
    call: &Call,
    agent: &Parsed,
    written: &ParsedFlow,
    held: Held,
    thoughts: Thoughts,
) -> Box<dyn Thinker> {
    let backends = backends(store, call.tenant, &written.models).await;
    let reader = (!backends.is_empty()).then(|| {
        let (knowledge, failover) = (written.knowledge.clone(), READER_FAILOVER);
        Reader::new(&client(), backends, knowledge, failover, READER_MAX)
    });
    let of_apis = written.apis.values().map(|api| &api.secret_headers);
    let secrets = secrets(store, call.tenant, of_apis).await;
    let apis = written
        .apis
        .iter()
        .map(|(node, api)| (node.clone(), tool(api, &secrets)));
    let mut given = agent.script.parts().variables.clone();
    given.extend(call.variables.iter().map(pair));
    let settings = FlowSettings {
        remembers: held.is_kept,
        recalled: held.recalled,
        run: FlowRun::new(Arc::new(written.flow.clone()), given, reader.is_some()),
        apis: apis.collect(),
        clock: Arc::new(time_in),
        reader,
        meanings: written.flow.meanings(),
    };
    Box::new(FlowThinker::new(client(), settings, thoughts))
}

/// The time now in a zone.
fn time_in(zone: &str) -> Option<voice::flow::LocalTime> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = UnixMs(i64::try_from(now.ok()?.as_millis()).ok()?);
    let local = LocalTime::at(now, zone).ok()?;
    let monday_based = Weekday::ALL.iter().position(|day| *day == local.weekday)?;
    Some(voice::flow::LocalTime {
        weekday: u8::try_from(monday_based + 1).ok()?,
        minute: u16::try_from(local.second_of_day / 60).ok()?,
    })
}

/// The model that a request brought along.
pub(crate) fn brought_model(brought: &BroughtAgent) -> ModelSettings {
    let key = Some(brought.key.clone()).filter(|key| !key.is_empty());
    brought.model.provider(brought.model_name(), key)
}

/// The models with these names, as far as they are there.
pub(crate) async fn backends(
    store: &Store,
    tenant: TenantId,
    names: &[String],
) -> Vec<ModelSettings> {
    let mut backends = Vec::new();
    for name in names {
        match store
            .outside_service_named::<LanguageModelId>(tenant, name)
            .await
        {
            Ok(Some(found)) => match LanguageModelSettings::stored(&found.settings.settings) {
                Some(settings) => {
                    backends.push(settings.provider(found.settings.name, found.settings.key));
                }
                None => tracing::error!(model = name, "a stored language model cannot be read"),
            },
            Ok(None) => tracing::warn!(model = name, "a voice agent's language model is gone"),
            Err(error) => tracing::error!(%error, model = name, "a language model is not known"),
        }
    }
    backends
}

/// The values of the secrets that headers name.
async fn secrets<'a>(
    store: &Store,
    tenant: TenantId,
    headers: impl Iterator<Item = &'a BTreeMap<String, String>>,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for name in headers.flat_map(BTreeMap::values) {
        match store.tool_secret(tenant, name).await {
            Ok(Some(value)) => {
                values.insert(name.clone(), value);
            }
            Ok(None) => tracing::warn!(secret = name, "a tool goes without its secret: it is gone"),
            Err(error) => tracing::error!(%error, secret = name, "a tool goes without its secret"),
        }
    }
    values
}

fn settings(
    call: &Call,
    agent: &Parsed,
    written: &ThinkerText,
    backends: Vec<ModelSettings>,
    secrets: &BTreeMap<String, String>,
) -> ModelThinkerSettings {
    let given: Variables = call.variables.iter().map(pair).collect();
    let variables = agent.script.variables(&given);
    let parts = agent.script.parts();
    let line = |line: Line| line.with(&variables);
    let prompt = match line(Line::Text(written.prompt.clone())) {
        Line::Text(text) => text,
        Line::Sound(_) => unreachable!("a text stays a text"),
    };
    let pairs = call
        .variables
        .iter()
        .map(|variable| (variable.key.as_str(), variable.value.as_str()));
    ModelThinkerSettings {
        medium: Medium::Voice,
        remembers: false,
        recalled: None,
        backends,
        failover_after: ms(written.failover_ms),
        answer_max: ms(written.answer_ms),
        prompt,
        script: Some(ScriptRun::new(Arc::new(agent.script.clone()), &given)),
        greets: written.greets,
        prompts_silence: !parts.no_input.reaction.lines.is_empty(),
        prompts_unclear: !parts.no_match.lines.is_empty(),
        call_end: written
            .call_end
            .then(|| written.call_end_description.clone()),
        transfers: transfers(written, &variables),
        transfer_failed: match &written.transfer_failed {
            Some(failed) => TransferFailed {
                say: failed.say.clone().map(|say| line(say.into())),
                go_on: failed.go_on,
            },
            None => TransferFailed::default(),
        },
        tools: written
            .tools
            .iter()
            .map(|each| tool(each, secrets))
            .collect(),
        mcp: servers(written, secrets),
        filler: written.filler.as_ref().map(|filler| Filler {
            after: ms(filler.after_ms),
            lines: filler
                .lines
                .iter()
                .cloned()
                .map(|say| line(say.into()))
                .collect(),
        }),
        goodbye: parts.goodbye.clone().map(line),
        phrases: written.phrases.clone(),
        dify: DifyFacts::of_variables(pairs, call.id.as_str()),
        is_chinese: parts.language.to_ascii_lowercase().starts_with("zh"),
    }
}

fn transfers(written: &ThinkerText, variables: &Variables) -> Vec<TransferFunction> {
    let functions = written
        .transfers
        .iter()
        .cloned()
        .map(|transfer| TransferFunction {
            name: transfer.name,
            description: transfer.description,
            target: transfer.target,
            say: transfer.say.map(|say| Line::from(say).with(variables)),
        });
    functions.collect()
}

fn tool(tool: &ToolText, secrets: &BTreeMap<String, String>) -> HttpTool {
    HttpTool {
        name: tool.name.clone(),
        description: tool.description.clone(),
        parameters: tool.parameters.clone(),
        method: match tool.method {
            MethodText::Get => HttpMethod::Get,
            MethodText::Post => HttpMethod::Post,
            MethodText::Put => HttpMethod::Put,
            MethodText::Patch => HttpMethod::Patch,
            MethodText::Delete => HttpMethod::Delete,
        },
        url: tool.url.clone(),
        headers: headers(&tool.headers, &tool.secret_headers, secrets),
        wait_max: ms(tool.wait_ms),
    }
}

fn servers(written: &ThinkerText, secrets: &BTreeMap<String, String>) -> Vec<McpSettings> {
    let servers = written.mcp.iter().map(|server| McpSettings {
        name: reqwest::Url::parse(&server.url)
            .ok()
            .and_then(|url| url.host_str().map(ToOwned::to_owned))
            .unwrap_or_default(),
        url: server.url.clone(),
        headers: headers(&server.headers, &server.secret_headers, secrets),
        only: server.only.clone(),
        wait_max: ms(server.wait_ms),
    });
    servers.collect()
}

fn headers(
    open: &BTreeMap<String, String>,
    secret: &BTreeMap<String, String>,
    secrets: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let open = open
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    let sealed = secret
        .iter()
        .filter_map(|(name, of)| Some((name.clone(), secrets.get(of)?.clone())));
    open.chain(sealed).collect()
}

fn pair(variable: &Variable) -> (String, String) {
    (variable.key.clone(), variable.value.clone())
}

fn ms(ms: u32) -> Duration {
    Duration::from_millis(ms.into())
}
