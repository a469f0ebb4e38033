//! Settings that fit together: absent ones follow from others, and contradictions are refused.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use app::{
    Settings,
    shell::sip::{StreamSettings, TlsFiles},
};
use providers::storage::StorageSettings;
use store::Database;

use super::{Layered, LogFormat};

/// Name of the database file in the data folder.
const DATABASE_FILE: &str = "switchboard.db";

/// Settings that fit together.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What the centre itself is told. `public_url` is good once HTTP is bound: see
    /// [`Resolved::settings`].
    settings: Settings,
    public_url: Option<String>,
    /// Where HTTP is spoken.
    pub listen: SocketAddr,
    /// How the log looks.
    pub log_format: LogFormat,
    /// Whether simulated people answer.
    pub simulated: bool,
    /// Where their phone listens.
    pub simulated_listen: SocketAddr,
    /// Fixed keys.
    pub dev: bool,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

/// What no value may be, whichever layer it came from.
fn check(
    layered: &Layered,
    listen: SocketAddr,
    sip_listen: SocketAddr,
    rtp_ip: IpAddr,
) -> anyhow::Result<()> {
    if layered.dev {
        let streams = [
            ("sip-tls-listen", layered.sip_tls_listen),
            ("sip-ws-listen", layered.sip_ws_listen),
            ("sip-wss-listen", layered.sip_wss_listen),
        ];
        let streams = streams
            .into_iter()
            .filter_map(|(name, listen)| Some((name, listen?.ip())));
        for (name, ip) in [
            ("listen", listen.ip()),
            ("sip-listen", sip_listen.ip()),
            ("rtp-ip", rtp_ip),
        ]
        .into_iter()
        .chain(streams)
        {
            ensure!(
                ip.is_loopback(),
                "--dev has known keys: --{name} must be a loopback address, not {ip}"
            );
        }
    }
    ensure!(
        layered.requests_per_second >= 1,
        "requests_per_second must be at least 1"
    );
    ensure!(
        layered.customer_requests_per_second >= 1,
        "customer_requests_per_second must be at least 1"
    );
    if layered
        .public_url
        .as_ref()
        .is_some_and(|url| !url.starts_with("http"))
    {
        bail!("public_url must begin with http:// or https://");
    }
    Ok(())
}

impl Resolved {
    pub(super) fn new(layered: Layered, file: Option<PathBuf>) -> anyhow::Result<Self> {
        let any: IpAddr = match layered.public_ip {
            Some(IpAddr::V6(_)) => std::net::Ipv6Addr::UNSPECIFIED.into(),
            Some(IpAddr::V4(_)) => Ipv4Addr::UNSPECIFIED.into(),
            None => Ipv4Addr::LOCALHOST.into(),
        };
        let listen = layered.listen.unwrap_or(SocketAddr::new(any, 8080));
        let sip_listen = layered.sip_listen.unwrap_or(SocketAddr::new(any, 5060));
        let rtp_ip = layered.rtp_ip.unwrap_or(sip_listen.ip());
        check(&layered, listen, sip_listen, rtp_ip)?;
        let database = match &layered.database {
            Some(address) => address.parse().context("database")?,
            None => Database::Sqlite {
                path: layered.data.join(DATABASE_FILE),
            },
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let settings = Settings {
            database,
            sip_listen,
            sip_streams: sip_streams(&layered)?,
            dns_server: layered.dns_server,
            rtp_ip,
            rtp_ports: rtp_ports(&layered.rtp_ports)?,
            media_workers: layered.workers.unwrap_or(cores.saturating_sub(1)).max(1),
            public_ip: layered.public_ip,
            public_url: String::new(),
            requests_per_second_max: layered.requests_per_second,
            customer_requests_per_second_max: layered.customer_requests_per_second,
            drain_max: Duration::from_secs(layered.drain_seconds),
            raw_kept: days(layered.keep_raw_days),
            recordings_kept: layered.keep_recordings_days.map(days),
            recognizer_worker: (
                std::env::current_exe().context("failed to find this program")?,
                vec!["recognizer-worker".to_owned()],
            ),
            storage: layered.s3.map(|s3| StorageSettings {
                endpoint: s3.endpoint,
                bucket: s3.bucket,
                region: s3.region,
                access_key: s3.access_key,
                secret_key: s3.secret_key,
                prefix: s3.prefix,
                path_style: s3.path_style,
            }),
            fetch_private: layered.fetch_private,
            data: layered.data,
        };
        Ok(Self {
            settings,
            public_url: layered.public_url,
            listen,
            log_format: layered.log_format,
            simulated: layered.simulated,
            simulated_listen: layered.simulated_listen,
            dev: layered.dev,
            file,
        })
    }

    /// What the centre is told, with the address that HTTP is bound to.
    pub fn settings(&self, bound: SocketAddr) -> Settings {
        let public_url = self.public_url.clone().unwrap_or_else(|| {
            let shown = match self.settings.public_ip {
                Some(public) => SocketAddr::new(public, bound.port()),
                None if bound.ip().is_unspecified() => {
                    SocketAddr::new(Ipv4Addr::LOCALHOST.into(), bound.port())
                }
                None => bound,
            };
            format!("http://{shown}")
        });
        Settings {
            public_url: public_url.trim_end_matches('/').to_owned(),
            ..self.settings.clone()
        }
    }
}

/// Where SIP is spoken by TLS and WebSocket.
fn sip_streams(layered: &Layered) -> anyhow::Result<StreamSettings> {
    let files = match (&layered.sip_certificate, &layered.sip_key) {
        (Some(certificate), Some(key)) => Some(TlsFiles {
            certificate: certificate.clone(),
            key: key.clone(),
            client_authorities: layered.sip_client_authorities.clone(),
        }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => bail!("sip_certificate and sip_key go together"),
    };
    let needs_files = layered.sip_tls_listen.is_some() || layered.sip_wss_listen.is_some();
    ensure!(
        files.is_some() || !needs_files,
        "sip_tls_listen and sip_wss_listen need sip_certificate and sip_key"
    );
    Ok(StreamSettings {
        tls: layered.sip_tls_listen,
        ws: layered.sip_ws_listen,
        wss: layered.sip_wss_listen,
        files,
    })
}

fn rtp_ports(text: &str) -> anyhow::Result<Option<(u16, u16)>> {
    if text == "any" {
        return Ok(None);
    }
    let ports = text.split_once('-').and_then(|(first, last)| {
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first > 0 && first <= last).then_some((first, last))
    });
    match ports {
        Some(ports) => Ok(Some(ports)),
        None => bail!("rtp_ports must be `any` or two ports such as 20000-20999, not `{text}`"),
    }
}
fn days(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 86_400)
}
