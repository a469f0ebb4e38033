//! The network: are our ports free or ours, and does a trunk answer.

use std::{net::SocketAddr, time::Duration};

use app::Settings;
use model::{SipTransport, Trunk};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket, lookup_host},
    time::{Instant, timeout},
};

use super::report::Report;
use crate::{config::Resolved, ports};

/// Longest wait for one answer.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// Looks at the ports of HTTP and SIP.
pub async fn check_ports(report: &mut Report, resolved: &Resolved, settings: &Settings) {
    let running = is_switchboard(resolved.listen).await;
    if running {
        report.good("http port", format!("{}: the server runs", resolved.listen));
        return report.good(
            "sip port",
            format!("{}: not tried beside a running server", settings.sip_listen),
        );
    }
    match ports::bind_tcp(resolved.listen, "--listen") {
        Ok(_) => report.good("http port", format!("{} is free", resolved.listen)),
        Err(error) => report.broken("http port", error.to_string(), "see there"),
    }
    match ports::check_sip(settings.sip_listen, "--sip-listen") {
        Ok(()) => report.good("sip port", format!("{} is free", settings.sip_listen)),
        Err(error) => report.broken("sip port", error.to_string(), "see there"),
    }
}

/// Whether a centre answers there.
async fn is_switchboard(address: SocketAddr) -> bool {
    let address = if address.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], address.port()))
    } else {
        address
    };
    let asked = reqwest::Client::new()
        .get(format!("http://{address}/healthz"))
        .timeout(ANSWER_MAX)
        .send();
    asked.await.is_ok_and(|answer| answer.status().is_success())
}

/// Asks trunks by OPTIONS whether they live; all at once, for one that is silent takes its time.
pub async fn check_trunks(report: &mut Report, trunks: impl Iterator<Item = Trunk>) {
    let asked: Vec<_> = trunks
        .map(|trunk| tokio::spawn(async move { (ask(&trunk).await, trunk) }))
        .collect();
    for answer in asked {
        if let Ok((answer, trunk)) = answer.await {
            tell(report, &trunk, answer);
        }
    }
}

/// What a trunk answered with, and the time that it took.
type Answer = anyhow::Result<(String, Duration)>;

/// Asks one trunk; `None` if it says nothing.
async fn ask(trunk: &Trunk) -> Option<Answer> {
    let begun = Instant::now();
    let answer = timeout(ANSWER_MAX, options(trunk, &peer(trunk)))
        .await
        .ok()?;
    Some(answer.map(|status| (status, begun.elapsed())))
}

fn peer(trunk: &Trunk) -> String {
    format!("{}:{}", trunk.settings.host, trunk.settings.port)
}

fn tell(report: &mut Report, trunk: &Trunk, answer: Option<Answer>) {
    let (what, peer) = (format!("trunk {}", trunk.settings.name), peer(trunk));
    match answer {
        Some(Ok((status, took))) => {
            let ms = took.as_millis();
            report.good(&what, format!("{peer} answered {status} in {ms} ms"));
        }
        Some(Err(error)) => {
            let fix = "check host and port of the trunk, and the firewall";
            report.warn(&what, format!("{peer}: {error}"), fix);
        }
        None => {
            let fix = "check that the carrier knows this machine's address, and the firewall";
            report.warn(&what, format!("{peer} does not answer OPTIONS"), fix);
        }
    }
}

/// The status line's rest, such as `200 OK`.
async fn options(trunk: &Trunk, peer: &str) -> anyhow::Result<String> {
    let address = lookup_host(peer).await?.next();
    let address = address.ok_or_else(|| anyhow::anyhow!("the name has no address"))?;
    let mut answer = vec![0; 4096];
    let n = match trunk.settings.transport {
        SipTransport::Udp => {
            let any: SocketAddr = match address {
                SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
                SocketAddr::V6(_) => (std::net::Ipv6Addr::UNSPECIFIED, 0).into(),
            };
            let socket = UdpSocket::bind(any).await?;
            socket.connect(address).await?;
            let local = socket.local_addr()?;
            socket.send(request("UDP", peer, local).as_bytes()).await?;
            socket.recv(&mut answer).await?
        }
        SipTransport::Tcp => {
            let mut stream = TcpStream::connect(address).await?;
            let local = stream.local_addr()?;
            stream
                .write_all(request("TCP", peer, local).as_bytes())
                .await?;
            stream.read(&mut answer).await?
        }
        // A running server says in `circuit` how it is; here the peer is only connected to.
        SipTransport::Tls => {
            TcpStream::connect(address).await?;
            return Ok("can be connected to; TLS is not tried here".to_owned());
        }
    };
    let text = String::from_utf8_lossy(&answer[..n]);
    let line = text.lines().next().unwrap_or_default();
    let status = line
        .strip_prefix("SIP/2.0 ")
        .ok_or_else(|| anyhow::anyhow!("answered, but not SIP"))?;
    Ok(status
        .chars()
        .filter(|c| !c.is_control())
        .take(60)
        .collect())
}

fn request(transport: &str, peer: &str, local: SocketAddr) -> String {
    let id = hex::encode(rand::random::<[u8; 8]>());
    format!(
        "OPTIONS sip:{peer} SIP/2.0\r\n\
         Via: SIP/2.0/{transport} {local};branch=z9hG4bK{id};rport\r\n\
         Max-Forwards: 70\r\n\
         From: <sip:doctor@{local}>;tag={id}\r\n\
         To: <sip:{peer}>\r\n\
         Call-ID: {id}\r\n\
         CSeq: 1 OPTIONS\r\n\
         Contact: <sip:doctor@{local}>\r\n\
         Accept: application/sdp\r\n\
         Content-Length: 0\r\n\r\n"
    )
}
