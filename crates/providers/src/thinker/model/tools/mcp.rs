//! Servers of the Model Context Protocol, by its streamable HTTP transport (revision 2025-06-18).
//!
//! One session a conversation: opened while the phone rings, ended with it. Only tools are used;
//! what a server asks of us in a stream (sampling, elicitation) is passed over, since we said at
//! the start that we cannot do it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Map, Value, json};
use tokio::{runtime::Handle, sync::OnceCell};

use super::super::{event_stream::EventStream, failure::short, prompt::ToolSpec};
use crate::thinker::dialogue::cause;

/// The revision that is offered; a server may answer with an older one.
const REVISION: &str = "2025-06-18";

/// Longest wait for a session with its list of tools.
const OPEN_MAX: Duration = Duration::from_secs(5);

/// Pages of the list of tools that are read.
const PAGES_MAX: usize = 8;

/// Longest wait for the end of a session to be taken.
const CLOSE_MAX: Duration = Duration::from_secs(2);

/// Headers of the transport.
const SESSION: &str = "mcp-session-id";
const PROTOCOL: &str = "mcp-protocol-version";

/// A server that has tools.
#[derive(Clone)]
pub struct McpSettings {
    /// For logs.
    pub name: String,
    /// Its endpoint: `https://tools.example/mcp`.
    pub url: String,
    /// Sent with each request; values may be secrets.
    pub headers: Vec<(String, String)>,
    /// The tools that may be used; empty: all.
    pub only: Vec<String>,
    /// Longest wait for the answer of a tool.
    pub wait_max: Duration,
}

/// Headers and address never print.
impl fmt::Debug for McpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpSettings")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A server and the session with it.
pub(super) struct McpServer {
    client: reqwest::Client,
    settings: McpSettings,
    n_requests: AtomicU64,
    session: Mutex<Session>,
    tools: OnceCell<Result<Vec<McpTool>, String>>,
    runtime: Handle,
}

#[derive(Clone, Debug, Default)]
struct Session {
    id: Option<String>,
    revision: Option<String>,
}

/// A tool as the server names it, and as models can.
struct McpTool {
    name: String,
    spec: ToolSpec,
}

/// Why a request has no answer.
enum Lost {
    /// The session is over: a new one may answer.
    NoSession,
    /// The request never left.
    NotSent(String),
    /// Anything else.
    Failed(String),
}

impl McpServer {
    /// Begins to open a session.
    pub fn open(client: reqwest::Client, settings: McpSettings) -> Arc<Self> {
        let server = Arc::new(Self {
            client,
            settings,
            n_requests: AtomicU64::new(0),
            session: Mutex::default(),
            tools: OnceCell::new(),
            runtime: Handle::current(),
        });
        let opening = Arc::clone(&server);
        tokio::spawn(async move {
            opening.tools().await;
        });
        server
    }

    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// What models are told of its tools.
    pub async fn specs(&self) -> Result<Vec<ToolSpec>, String> {
        match self.tools().await {
            Ok(tools) => Ok(tools.iter().map(|tool| tool.spec.clone()).collect()),
            Err(why) => Err(why.clone()),
        }
    }

    /// Calls the tool that models know by this name; `None` if it is not of this server.
    pub async fn call(
        &self,
        name: &str,
        arguments: &Map<String, Value>,
    ) -> Option<Result<String, String>> {
        let tools = self.tools().await.as_ref().ok()?;
        let tool = tools.iter().find(|tool| tool.spec.name == name)?;
        let params = json!({"name": tool.name, "arguments": arguments});
        let calling = self.call_tool(&params);
        let answer = tokio::time::timeout(self.settings.wait_max, calling).await;
        Some(
            answer
                .unwrap_or_else(|_| Err(format!("no answer within {:?}", self.settings.wait_max))),
        )
    }

    async fn call_tool(&self, params: &Value) -> Result<String, String> {
        let answer = match self.request("tools/call", params).await {
            Err(Lost::NoSession) => {
                self.initialize().await?;
                self.request("tools/call", params).await
            }
            Err(Lost::NotSent(_)) => self.request("tools/call", params).await,
            other => other,
        };
        let result = answer.map_err(Lost::why)?;
        let texts: Vec<&str> = result["content"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|part| part["text"].as_str())
            .collect();
        let text = match (texts.is_empty(), &result["structuredContent"]) {
            (true, Value::Null) => String::new(),
            (true, structured) => structured.to_string(),
            (false, _) => texts.join("\n"),
        };
        if result["isError"] == true {
            Err(text)
        } else {
            Ok(text)
        }
    }

    async fn tools(&self) -> &Result<Vec<McpTool>, String> {
        self.tools
            .get_or_init(|| async {
                tokio::time::timeout(OPEN_MAX, self.list())
                    .await
                    .unwrap_or_else(|_| Err(format!("no session within {OPEN_MAX:?}")))
            })
            .await
    }

    async fn list(&self) -> Result<Vec<McpTool>, String> {
        self.initialize().await?;
        let mut tools = Vec::new();
        let mut cursor = Value::Null;
        for _ in 0..PAGES_MAX {
            let params = match &cursor {
                Value::Null => json!({}),
                cursor => json!({"cursor": cursor}),
            };
            let page = self
                .request("tools/list", &params)
                .await
                .map_err(Lost::why)?;
            let listed = page["tools"].as_array().into_iter().flatten();
            tools.extend(listed.filter_map(|tool| self.tool(tool)));
            cursor = page["nextCursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        Ok(tools)
    }

    fn tool(&self, listed: &Value) -> Option<McpTool> {
        let name = listed["name"].as_str()?;
        let only = &self.settings.only;
        if !only.is_empty() && !only.iter().any(|allowed| allowed == name) {
            return None;
        }
        let parameters = match &listed["inputSchema"] {
            Value::Object(schema) => Value::Object(schema.clone()),
            _ => json!({"type": "object", "properties": {}}),
        };
        Some(McpTool {
            name: name.to_owned(),
            spec: ToolSpec {
                name: model_name(name),
                description: listed["description"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                parameters,
            },
        })
    }

    async fn initialize(&self) -> Result<(), String> {
        *self.session() = Session::default();
        let params = json!({
            "protocolVersion": REVISION,
            "capabilities": {},
            "clientInfo": {"name": "switchboard", "version": env!("CARGO_PKG_VERSION")},
        });
        let result = self
            .request("initialize", &params)
            .await
            .map_err(Lost::why)?;
        let revision = result["protocolVersion"].as_str().unwrap_or(REVISION);
        self.session().revision = Some(revision.to_owned());
        let told = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let response = self.post(&told).send().await;
        let response = response.map_err(|error| cause(&error))?;
        if !response.status().is_success() {
            return Err(format!(
                "status {} to `initialized`",
                response.status().as_u16()
            ));
        }
        Ok(())
    }

    async fn request(&self, method: &str, params: &Value) -> Result<Value, Lost> {
        let id = self.n_requests.fetch_add(1, Ordering::Relaxed) + 1;
        let body = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        let response = self.post(&body).send().await.map_err(|error| {
            if error.is_connect() {
                Lost::NotSent(cause(&error))
            } else {
                Lost::Failed(cause(&error))
            }
        })?;
        let has_session = self.session().id.is_some();
        match response.status().as_u16() {
            200..=299 => {}
            404 if has_session => return Err(Lost::NoSession),
            status => return Err(Lost::Failed(format!("status {status} to `{method}`"))),
        }
        if let Some(id) = header(&response, SESSION) {
            self.session().id = Some(id);
        }
        let answer = answer_to(id, response).await.map_err(Lost::Failed)?;
        match &answer["error"] {
            Value::Null => Ok(answer["result"].clone()),
            error => {
                let why = error["message"].as_str().unwrap_or("no reason given");
                Err(Lost::Failed(short(why)))
            }
        }
    }

    fn post(&self, body: &Value) -> reqwest::RequestBuilder {
        let request = self
            .client
            .post(&self.settings.url)
            .header(ACCEPT, "application/json, text/event-stream")
            .json(body);
        self.with_headers(request)
    }

    fn with_headers(&self, mut request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let session = self.session().clone();
        if let Some(id) = session.id {
            request = request.header(SESSION, id);
        }
        if let Some(revision) = session.revision {
            request = request.header(PROTOCOL, revision);
        }
        for (name, value) in &self.settings.headers {
            request = request.header(name, value);
        }
        request
    }

    fn session(&self) -> std::sync::MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the session.
impl Drop for McpServer {
    fn drop(&mut self) {
        if self.session().id.is_none() {
            return;
        }
        let request = self.client.delete(&self.settings.url).timeout(CLOSE_MAX);
        let request = self.with_headers(request);
        self.runtime.spawn(async move {
            if let Err(error) = request.send().await {
                tracing::debug!(why = cause(&error), "an MCP server does not know of an end");
            }
        });
    }
}

impl Lost {
    fn why(self) -> String {
        match self {
            Self::NoSession => "the server has lost the session".to_owned(),
            Self::NotSent(why) | Self::Failed(why) => why,
        }
    }
}

/// The message that answers request `id`, from a body of either kind.
async fn answer_to(id: u64, mut response: reqwest::Response) -> Result<Value, String> {
    let kind = header(&response, CONTENT_TYPE.as_str()).unwrap_or_default();
    let is_stream = kind.starts_with("text/event-stream");
    let (mut events, mut body) = (EventStream::default(), Vec::new());
    while let Some(piece) = response.chunk().await.map_err(|error| cause(&error))? {
        if !is_stream {
            body.extend_from_slice(&piece);
            if body.len() > super::BODY_BYTES_MAX {
                return Err("the answer is too long".to_owned());
            }
            continue;
        }
        for data in events.push(&piece).map_err(|why| why.to_string())? {
            let message: Value = serde_json::from_str(&data).map_err(|error| error.to_string())?;
            if message["id"] == id && message["method"].is_null() {
                return Ok(message);
            }
        }
    }
    if is_stream {
        return Err("the stream ended without an answer".to_owned());
    }
    serde_json::from_slice(&body).map_err(|error| format!("the answer is no JSON: {error}"))
}

fn header(response: &reqwest::Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    value.to_str().ok().map(ToOwned::to_owned)
}

/// A name that models can call: letters, digits, `_`, `-`; 64 at most.
fn model_name(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') {
                c
            } else {
                '_'
            }
        })
        .take(64)
        .collect()
}
