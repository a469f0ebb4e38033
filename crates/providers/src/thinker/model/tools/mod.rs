//! Tools that a model may call: HTTP requests of the agent's author, and the tools of MCP servers.
//!
//! # Invariants
//!
//! - Every call has a deadline, and its answer a bound.
//! - A call is made again only where that cannot do a thing twice: the method says so (RFC 9110,
//!   9.2.2), or the request never left.

mod http;
mod mcp;

use std::sync::Arc;

use serde_json::{Map, Value};

pub use http::{HttpMethod, HttpTool};
pub use mcp::McpSettings;

use self::mcp::McpServer;
use super::prompt::ToolSpec;

/// The longest answer of a tool that a model is told, in characters.
const ANSWER_CHARS_MAX: usize = 8_000;

/// The longest body of a server that is read as a whole, in bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Tools that a model is told of; more are left out.
const TOOLS_MAX: usize = 64;

/// The tools of one conversation.
pub(super) struct Toolbox {
    client: reqwest::Client,
    http: Vec<HttpTool>,
    servers: Vec<Arc<McpServer>>,
}

impl Toolbox {
    /// Begins to connect to the servers. Must be called within a tokio runtime.
    pub fn new(client: reqwest::Client, http: Vec<HttpTool>, mcp: Vec<McpSettings>) -> Self {
        let servers = mcp
            .into_iter()
            .map(|settings| McpServer::open(client.clone(), settings))
            .collect();
        Self {
            client,
            http,
            servers,
        }
    }

    /// What a model is told of the tools; those of servers that cannot be reached are missing.
    pub async fn specs(&self) -> Vec<ToolSpec> {
        let mut specs: Vec<ToolSpec> = self.http.iter().map(HttpTool::spec).collect();
        for server in &self.servers {
            match server.specs().await {
                Ok(more) => specs.extend(more),
                Err(why) => tracing::warn!(
                    server = server.name(),
                    why,
                    "an MCP server has no tools for this call"
                ),
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        specs.retain(|spec| seen.insert(spec.name.clone()));
        specs.truncate(TOOLS_MAX);
        specs
    }

    /// Calls a tool.
    ///
    /// # Errors
    ///
    /// Why there is no answer, for the model and the journal.
    pub async fn call(&self, name: &str, arguments: &str) -> Result<String, String> {
        let arguments = parse(arguments)?;
        if let Some(tool) = self.http.iter().find(|tool| tool.name == name) {
            return tool
                .call(&self.client, &arguments)
                .await
                .map(|text| cut(&text));
        }
        for server in &self.servers {
            if let Some(answer) = server.call(name, &arguments).await {
                return answer.map(|text| cut(&text));
            }
        }
        Err(format!(
            "there is no tool `{}`",
            super::failure::short(name)
        ))
    }
}

/// Models write no arguments as nothing at all.
fn parse(arguments: &str) -> Result<Map<String, Value>, String> {
    let arguments = arguments.trim();
    if arguments.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(arguments) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err("the arguments are no JSON object".to_owned()),
        Err(error) => Err(format!("the arguments are no JSON: {error}")),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(ANSWER_CHARS_MAX).collect()
}
