//! Where a trunk is: the ways to it, in the order in which they are to be tried.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use model::{SipTransport, Trunk, TrunkDraft};
use sip::{Link, Transport, srv};

use super::sip::TlsPeer;
use crate::App;

/// Longest wait for DNS.
const DNS_MAX: Duration = Duration::from_secs(5);

/// Addresses of one host that are tried.
const ADDRESSES_MAX: usize = 4;

/// Addresses of one domain that are tried.
const TARGETS_MAX: usize = 8;

/// Every way to a trunk, in the order in which they are to be tried; there is one at least. Those that
/// failed lately are the last.
///
/// # Errors
///
/// As [`links_to`].
pub async fn ways_to(app: &App, trunk: &Trunk) -> anyhow::Result<Vec<Link>> {
    let mut links = links_to(app, &trunk.settings).await?;
    app.trunk_health().sort(trunk.id, &mut links);
    Ok(links)
}

/// Every way to where these settings lead, as DNS orders them; there is one at least.
///
/// # Errors
///
/// When its host has no address, or its certificates are no use.
pub async fn links_to(app: &App, settings: &TrunkDraft) -> anyhow::Result<Vec<Link>> {
    let found = addresses(app, settings).await?;
    if settings.transport == SipTransport::Tls {
        let peer = tls_peer(settings);
        for address in &found {
            app.sip().trusts().set(*address, &peer)?;
        }
    }
    let transport = transport(settings.transport);
    let sip = app.sip();
    Ok(found
        .into_iter()
        .map(|remote| sip.link(transport, remote))
        .collect())
}

/// How SIP names it.
pub fn transport(of: SipTransport) -> Transport {
    match of {
        SipTransport::Udp => Transport::Udp,
        SipTransport::Tcp => Transport::Tcp,
        SipTransport::Tls => Transport::Tls,
    }
}

/// Whom TLS connections to a trunk must lead to: its host, whatever addresses DNS has for it (RFC 5922
/// section 4).
pub fn tls_peer(settings: &TrunkDraft) -> TlsPeer {
    let way = &settings.way;
    TlsPeer {
        name: settings.host.clone(),
        authorities: way.tls_authorities.clone(),
        identity: way.tls_certificate.clone().zip(way.tls_key.clone()),
    }
}

async fn addresses(app: &App, settings: &TrunkDraft) -> anyhow::Result<Vec<SocketAddr>> {
    if settings.way.srv {
        let by_records = tokio::time::timeout(DNS_MAX, by_records(app, settings)).await;
        return by_records.context("DNS does not answer")?;
    }
    let host = settings.host.trim_matches(['[', ']']);
    let looked_up = tokio::net::lookup_host((host, settings.port));
    let found = tokio::time::timeout(DNS_MAX, looked_up)
        .await
        .context("DNS does not answer")?
        .with_context(|| format!("trunk host {host} cannot be resolved"))?;
    let found = usable(found.collect(), app.sip().local());
    anyhow::ensure!(!found.is_empty(), "trunk host {host} has no address");
    Ok(found)
}

/// Where the SRV records of a domain lead, in their order (RFC 3263 section 4.2). A machine without an
/// address is passed over.
async fn by_records(app: &App, settings: &TrunkDraft) -> anyhow::Result<Vec<SocketAddr>> {
    let name = srv::name(&settings.host, transport(settings.transport));
    let servers = app.names().servers(&name).await;
    let servers = servers.with_context(|| format!("no SRV records of {name}"))?;
    let servers = srv::in_order(servers, |sum| rand::random_range(0..=sum));
    let mut found = Vec::new();
    for server in servers {
        match app.names().addresses(&server.host).await {
            Ok(ips) => {
                let all = ips.into_iter().map(|ip| SocketAddr::new(ip, server.port));
                found.extend(usable(all.collect(), app.sip().local()));
            }
            Err(error) => {
                let host = server.host;
                tracing::warn!(
                    host,
                    error = format!("{error:#}"),
                    "a server has no address"
                );
            }
        }
    }
    found.truncate(TARGETS_MAX);
    anyhow::ensure!(!found.is_empty(), "no server of {name} has an address");
    Ok(found)
}

/// Each once, and of those that our socket reaches if there are any.
fn usable(mut found: Vec<SocketAddr>, local: SocketAddr) -> Vec<SocketAddr> {
    let mut known = Vec::with_capacity(found.len());
    found.retain(|address| {
        let is_new = !known.contains(address);
        known.push(*address);
        is_new
    });
    if found.iter().any(|a| a.is_ipv4() == local.is_ipv4()) {
        found.retain(|address| address.is_ipv4() == local.is_ipv4());
    }
    found.truncate(ADDRESSES_MAX);
    found
}
