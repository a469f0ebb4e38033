//! What the plain nouns need to be made.

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::resource::{New, secret_from_stdin};

/// A new instance.
#[derive(Args, Serialize)]
pub struct NewInstance {
    /// Its name.
    name: String,
    /// Country code for numbers written nationally [default: 86]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<String>,
    /// Time zone of its days and working hours [default: Asia/Shanghai]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
}

impl New for NewInstance {
    const PATH: &'static str = "/instances";
    const COLUMNS: &'static [&'static str] =
        &["id", "name", "country_code", "time_zone", "created_at"];
    const OF_INSTANCE: bool = false;

    fn body(self) -> anyhow::Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// A new credential.
#[derive(Args, Serialize)]
pub struct NewCredential {
    /// Instances that it may act for.
    #[arg(required = true)]
    instances: Vec<i64>,
    /// Actions that it may call, such as CreateAIAgentCall [default: all]
    #[arg(long = "action")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<String>,
}

impl New for NewCredential {
    const PATH: &'static str = "/credentials";
    const COLUMNS: &'static [&'static str] =
        &["id", "instances", "actions", "enabled", "created_at"];
    const OF_INSTANCE: bool = false;

    fn body(self) -> anyhow::Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// A new token.
#[derive(Args, Serialize)]
pub struct NewToken {
    /// What it is for.
    name: String,
    /// Limit it to this instance.
    #[arg(long)]
    #[serde(rename = "instance", skip_serializing_if = "Option::is_none")]
    only: Option<i64>,
}

impl New for NewToken {
    const PATH: &'static str = "/tokens";
    const COLUMNS: &'static [&'static str] = &["id", "name", "instance", "created_at"];
    const OF_INSTANCE: bool = false;

    fn body(self) -> anyhow::Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// A new trunk.
#[derive(Args, Serialize)]
pub struct NewTrunk {
    /// Its name.
    name: String,
    /// Host name or address of the peer.
    #[arg(long)]
    host: String,
    /// Its SIP port [default: 5060]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// udp or tcp [default: udp]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    transport: Option<String>,
    /// Digest user.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// Read the digest password from standard input.
    #[arg(long)]
    #[serde(skip)]
    password_stdin: bool,
    /// Register at it with user and password.
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    register: bool,
    /// SIP domain in From and To [default: the host]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    /// pcma, pcmu or g722, in order of preference [default: pcma, pcmu]
    #[arg(long = "codec")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codecs: Vec<String>,
    /// Calls at once [default: 30]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    channels_max: Option<u32>,
    /// New calls a second [default: 10]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    calls_per_second_max: Option<u32>,
    /// Leading digits of callees that it takes [default: all]
    #[arg(long = "callee-prefix")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    callee_prefixes: Vec<String>,
}

impl New for NewTrunk {
    const PATH: &'static str = "/trunks";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "host",
        "port",
        "transport",
        "user",
        "channels_max",
        "circuit",
        "enabled",
    ];
    const OF_INSTANCE: bool = false;

    fn body(self) -> anyhow::Result<Value> {
        let password_stdin = self.password_stdin;
        let mut body = serde_json::to_value(self)?;
        if password_stdin {
            body["password"] = Value::from(secret_from_stdin()?);
        }
        Ok(body)
    }
}

/// A new number.
#[derive(Args, Serialize)]
pub struct NewNumber {
    /// The number, with + and country code.
    number: String,
    /// Id of its trunk.
    #[arg(long)]
    trunk: i64,
    /// The instance that may use it.
    #[arg(long = "owner")]
    #[serde(rename = "instance")]
    owner: i64,
    /// Voice agent that answers calls to it.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    inbound_agent: Option<i64>,
    /// Skill group whose people answer calls to it.
    #[arg(long, conflicts_with = "inbound_agent")]
    #[serde(skip_serializing_if = "Option::is_none")]
    inbound_group: Option<i64>,
    /// Never show it on outbound calls.
    #[arg(long)]
    #[serde(skip)]
    inbound_only: bool,
}

impl New for NewNumber {
    const PATH: &'static str = "/numbers";
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "trunk",
        "instance",
        "outbound",
        "inbound_agent",
        "inbound_group",
        "enabled",
    ];
    const OF_INSTANCE: bool = false;

    fn body(self) -> anyhow::Result<Value> {
        let outbound = !self.inbound_only;
        let mut body = serde_json::to_value(self)?;
        body["outbound"] = Value::from(outbound);
        Ok(body)
    }
}

/// A new webhook endpoint.
#[derive(Args)]
pub struct NewWebhook {
    /// Where it is.
    url: String,
    /// cdr or record [default: both]
    #[arg(long = "topic")]
    topics: Vec<String>,
    /// User of basic authentication; its password is read from standard input.
    #[arg(long)]
    basic_user: Option<String>,
    /// Where OAuth 2.0 tokens come from; the client secret is read from standard input.
    #[arg(long, conflicts_with = "basic_user", requires = "client_id")]
    token_url: Option<String>,
    /// OAuth 2.0 client id.
    #[arg(long)]
    client_id: Option<String>,
    /// Read the key of the signature header from standard input.
    #[arg(long, conflicts_with_all = ["basic_user", "token_url"])]
    signing_secret_stdin: bool,
}

impl New for NewWebhook {
    const PATH: &'static str = "/webhook-endpoints";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "url",
        "topics",
        "has_signing_secret",
        "enabled",
        "created_at",
    ];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        let mut body = json!({"url": self.url});
        if !self.topics.is_empty() {
            body["topics"] = Value::from(self.topics);
        }
        if let Some(user) = self.basic_user {
            body["auth"] = json!({"type": "basic", "user": user, "password": secret_from_stdin()?});
        } else if let Some(token_url) = self.token_url {
            let client_id = self.client_id.context("--client-id is needed")?;
            let secret = secret_from_stdin()?;
            body["auth"] = json!({
                "type": "oauth2", "token_url": token_url, "client_id": client_id, "client_secret": secret,
            });
        }
        if self.signing_secret_stdin {
            body["signing_secret"] = Value::from(secret_from_stdin()?);
        }
        Ok(body)
    }
}
