//! What the centre is told at its start.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use providers::storage::StorageSettings;

use crate::shell::sip::StreamSettings;

/// Everything that a start decides. Nothing of it changes while the process runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The one folder that holds user data. Exists and is writable.
    pub data: PathBuf,
    /// Which database.
    pub database: store::Database,
    /// Where SIP is spoken, UDP and TCP on the same socket port; port 0 lets the kernel choose.
    pub sip_listen: SocketAddr,
    /// Where else SIP is spoken: TLS and WebSocket.
    pub sip_streams: StreamSettings,
    /// Which DNS server is asked for SRV records; `None`: those that the machine asks.
    pub dns_server: Option<SocketAddr>,
    /// Address of RTP sockets.
    pub rtp_ip: IpAddr,
    /// First and last RTP socket port; `None` lets the kernel choose.
    pub rtp_ports: Option<(u16, u16)>,
    /// Threads that move media, at least 1.
    pub media_workers: usize,
    /// Address that peers see, where it differs from the local one (NAT).
    pub public_ip: Option<IpAddr>,
    /// Base of addresses that we give out, without a slash at the end: `http://127.0.0.1:8080`.
    pub public_url: String,
    /// Requests a second for each action and tenant, at least 1. The vendor's figure is 20.
    pub requests_per_second_max: u32,
    /// Requests a second of one customer who chats, and beginnings of chats a second from one
    /// address; at least 1.
    pub customer_requests_per_second_max: u32,
    /// How long running calls may last after SIGTERM.
    pub drain_max: Duration,
    /// The program that recognizes speech: this binary with `recognizer-worker`.
    pub recognizer_worker: (PathBuf, Vec<String>),
    /// Where recordings are copied to, if anywhere.
    pub storage: Option<StorageSettings>,
    /// How long the lossless audio of a call is kept once its tracks are rendered.
    pub raw_kept: Duration,
    /// How long the rendered tracks of a call are kept; `None` for ever.
    pub recordings_kept: Option<Duration>,
    /// Whether sounds may be fetched from loopback and private addresses. Off by default: an
    /// API caller must not reach into the operator's network.
    pub fetch_private: bool,
}
