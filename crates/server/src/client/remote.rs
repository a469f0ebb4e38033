//! The server at the other end.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use super::table;
use crate::cli::print;

/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// Where the server is, and who asks.
#[derive(Args)]
pub struct RemoteFlags {
    /// Address of the server.
    #[arg(
        long,
        env = "SWITCHBOARD_SERVER",
        default_value = "http://127.0.0.1:8080",
        global = true
    )]
    server: String,
    /// Token of the native API; better in the environment.
    #[arg(
        long,
        env = "SWITCHBOARD_TOKEN",
        hide_env_values = true,
        default_value = "",
        global = true
    )]
    token: String,
    /// Whose things, where there are several instances.
    #[arg(long, env = "SWITCHBOARD_INSTANCE", global = true)]
    instance: Option<i64>,
    /// Print JSON as the server sends it.
    #[arg(long, global = true)]
    json: bool,
}

/// The server at the other end.
pub struct Remote {
    flags: RemoteFlags,
    http: reqwest::Client,
}

impl Remote {
    /// Nothing is sent yet.
    pub fn new(flags: RemoteFlags) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(ANSWER_MAX)
            .build()
            .context("failed to prepare requests")?;
        Ok(Self { flags, http })
    }

    /// A request to a path below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = self.flags.server.trim_end_matches('/');
        self.http
            .request(method, format!("{base}/api/v1{path}"))
            .bearer_auth(&self.flags.token)
    }

    /// The same, for things of an instance: `--instance` goes with it.
    pub fn of_instance(&self, method: Method, path: &str) -> RequestBuilder {
        let instance = self.flags.instance.map(|instance| ("instance", instance));
        self.request(method, path).query(&instance.as_slice())
    }

    /// Sends a request and reads the answer; a problem becomes an error that names the field.
    pub async fn answer(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = request.send().await.map_err(|error| {
            let hint = "is it running? choose another with --server";
            anyhow::anyhow!(
                "{} does not answer ({}); {hint}",
                self.flags.server,
                error.without_url()
            )
        })?;
        let status = response.status();
        if !status.is_success() {
            bail!(problem(status, response).await);
        }
        let body = response.bytes().await.context("answer ended early")?;
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).context("answer is no JSON")
    }

    /// Whether answers are printed as the server sends them.
    pub fn prints_json(&self) -> bool {
        self.flags.json
    }

    /// Prints a list.
    pub fn print_list(&self, list: &Value, columns: &[&str]) {
        print(&if self.flags.json {
            pretty(list)
        } else {
            table::rows(list, columns)
        });
    }

    /// Prints one thing; nothing if there is none.
    pub fn print_one(&self, thing: &Value) {
        if thing.is_null() {
            return;
        }
        print(&if self.flags.json {
            pretty(thing)
        } else {
            table::fields(thing)
        });
    }
}

async fn problem(status: StatusCode, response: Response) -> String {
    let body: Value = match response.bytes().await {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(_) => Value::Null,
    };
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let field = match text("field") {
        field if field.is_empty() => field,
        field => format!("{field}: "),
    };
    let hint = match status {
        StatusCode::UNAUTHORIZED => "; set SWITCHBOARD_TOKEN",
        _ => "",
    };
    format!(
        "{field}{}{hint} ({status}, request {})",
        text("detail"),
        text("request_id")
    )
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a JSON value is JSON")
}
