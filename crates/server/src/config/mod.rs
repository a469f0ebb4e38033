//! What the centre is told: flags over environment over file over defaults.
//!
//! # Invariants
//!
//! - A key that is not known is refused, with the one that was probably meant.
//! - Secrets have no flags: command lines are seen by every user of the machine.

mod file;
mod resolved;

#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

pub use resolved::Resolved;

/// What stands before names in the environment: `SWITCHBOARD_SIP_LISTEN`.
const PREFIX: &str = "SWITCHBOARD_";

/// Every key of the file, in the order of the manual.
const KEYS: [&str; 27] = [
    "data",
    "database",
    "listen",
    "sip_listen",
    "sip_tls_listen",
    "sip_ws_listen",
    "sip_wss_listen",
    "sip_certificate",
    "sip_key",
    "sip_client_authorities",
    "dns_server",
    "rtp_ip",
    "rtp_ports",
    "public_ip",
    "public_url",
    "workers",
    "requests_per_second",
    "customer_requests_per_second",
    "drain_seconds",
    "keep_raw_days",
    "keep_recordings_days",
    "log_format",
    "fetch_private",
    "simulated",
    "simulated_listen",
    "dev",
    "s3",
];

/// Every key of the block `[s3]`.
const S3_KEYS: [&str; 7] = [
    "endpoint",
    "bucket",
    "region",
    "access_key",
    "secret_key",
    "prefix",
    "path_style",
];

/// Flags of `serve`. What is absent comes from the environment, the file, or the defaults.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct Flags {
    /// File with settings (TOML). Environment and flags win over it.
    #[arg(long, env = "SWITCHBOARD_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The one folder that holds user data [default: ./data]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// postgres://… or the path of an SQLite file [default: switchboard.db in the data folder]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Where HTTP is spoken [default: 127.0.0.1:8080; 0.0.0.0:8080 with --public-ip]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Where SIP is spoken, UDP and TCP [default: 127.0.0.1:5060; 0.0.0.0:5060 with --public-ip]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_listen: Option<SocketAddr>,
    /// Where SIP is spoken by TLS; needs --sip-certificate and --sip-key
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_tls_listen: Option<SocketAddr>,
    /// Where SIP is spoken by WebSocket in the clear, for a proxy in front that speaks TLS
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_ws_listen: Option<SocketAddr>,
    /// Where SIP is spoken by WebSocket under TLS
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_wss_listen: Option<SocketAddr>,
    /// PEM file of the certificate of SIP; a change is noticed
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_certificate: Option<PathBuf>,
    /// PEM file of its key
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_key: Option<PathBuf>,
    /// PEM file of the authorities that phones' and carriers' certificates must come from [default:
    /// they need none]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_client_authorities: Option<PathBuf>,
    /// DNS server that is asked for SRV records of trunks [default: those of the machine]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_server: Option<SocketAddr>,
    /// Address of RTP sockets [default: that of --sip-listen]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtp_ip: Option<IpAddr>,
    /// First and last RTP port, or `any` [default: 20000-20999]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtp_ports: Option<String>,
    /// Address that phones and carriers see; lets other machines in
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_ip: Option<IpAddr>,
    /// Base of addresses that are given out [default: from --public-ip and --listen]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Threads that move media [default: one less than the cores]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<usize>,
    /// Requests a second for each action and instance [default: 20]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_second: Option<u32>,
    /// Requests a second of one customer who chats [default: 20]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_requests_per_second: Option<u32>,
    /// How long running calls may last after SIGTERM [default: 120]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain_seconds: Option<u64>,
    /// Days for which the lossless audio of calls is kept beside the MP3 [default: 7]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_raw_days: Option<u32>,
    /// Days for which the MP3 tracks of calls are kept [default: for ever]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_recordings_days: Option<u32>,
    /// How the log looks [default: auto]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// Let sounds be fetched from loopback and private addresses
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetch_private: Option<bool>,
    /// Numbers that are answered by simulated people [default: true]
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<bool>,
    /// Where the simulated people's phone listens [default: any port of 127.0.0.1]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated_listen: Option<SocketAddr>,
    /// Fixed keys for tests (AKIDdev, swb_dev), on loopback only
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dev: Option<bool>,
}

/// How the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings of all layers together, not yet made consistent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layered {
    data: PathBuf,
    database: Option<String>,
    listen: Option<SocketAddr>,
    sip_listen: Option<SocketAddr>,
    sip_tls_listen: Option<SocketAddr>,
    sip_ws_listen: Option<SocketAddr>,
    sip_wss_listen: Option<SocketAddr>,
    sip_certificate: Option<PathBuf>,
    sip_key: Option<PathBuf>,
    sip_client_authorities: Option<PathBuf>,
    dns_server: Option<SocketAddr>,
    rtp_ip: Option<IpAddr>,
    rtp_ports: String,
    public_ip: Option<IpAddr>,
    public_url: Option<String>,
    workers: Option<usize>,
    requests_per_second: u32,
    customer_requests_per_second: u32,
    drain_seconds: u64,
    keep_raw_days: u32,
    keep_recordings_days: Option<u32>,
    log_format: LogFormat,
    fetch_private: bool,
    simulated: bool,
    simulated_listen: SocketAddr,
    dev: bool,
    s3: Option<S3>,
}

/// Where recordings are copied to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct S3 {
    endpoint: String,
    bucket: String,
    #[serde(default = "us_east_1")]
    region: String,
    access_key: String,
    secret_key: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    path_style: bool,
}

impl Default for Layered {
    fn default() -> Self {
        Self {
            data: "data".into(),
            database: None,
            listen: None,
            sip_listen: None,
            sip_tls_listen: None,
            sip_ws_listen: None,
            sip_wss_listen: None,
            sip_certificate: None,
            sip_key: None,
            sip_client_authorities: None,
            dns_server: None,
            rtp_ip: None,
            rtp_ports: "20000-20999".to_owned(),
            public_ip: None,
            public_url: None,
            workers: None,
            requests_per_second: 20,
            customer_requests_per_second: 20,
            drain_seconds: 120,
            keep_raw_days: 7,
            keep_recordings_days: None,
            log_format: LogFormat::Auto,
            fetch_private: false,
            simulated: true,
            simulated_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            dev: false,
            s3: None,
        }
    }
}

/// Reads every layer.
pub fn load(flags: &Flags) -> anyhow::Result<Resolved> {
    let mut figment = Figment::from(Serialized::defaults(Layered::default()));
    if let Some(path) = &flags.config {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("failed to read {}", path.display()))?;
        file::check_keys(&text).with_context(|| format!("in {}", path.display()))?;
        figment = figment.merge(Toml::string(&text));
    }
    let environment = Env::prefixed(PREFIX)
        .filter(|name| {
            let name = name.as_str().to_ascii_lowercase();
            KEYS.contains(&name.split("__").next().unwrap_or_default())
        })
        .split("__");
    let layered: Layered = figment
        .merge(environment)
        .merge(Serialized::defaults(flags))
        .extract()
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("settings")?;
    Resolved::new(layered, flags.config.clone())
}

fn us_east_1() -> String {
    "us-east-1".to_owned()
}
