//! Names of servers: SRV records and addresses, kept for as long as DNS says.
//!
//! Only trunks that are found by SRV ask here; other hosts are looked up as everything on the machine
//! is, its hosts file included.

use std::net::{IpAddr, SocketAddr};

use anyhow::Context as _;
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::rr::RData,
};
use sip::srv::Server;

/// Servers of one domain that are looked at.
const SERVERS_MAX: usize = 16;

/// Asks DNS.
#[derive(Clone)]
pub struct Names {
    resolver: TokioResolver,
}

impl Names {
    /// Asks this server; `None`: those that the machine asks.
    ///
    /// # Errors
    ///
    /// When there is no way to ask.
    pub fn new(server: Option<SocketAddr>) -> anyhow::Result<Self> {
        let builder = match server {
            None => TokioResolver::builder_tokio().unwrap_or_else(|error| {
                tracing::warn!(%error, "no DNS server is known: no trunk is found by SRV");
                let nobody = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
                TokioResolver::builder_with_config(nobody, TokioRuntimeProvider::default())
            }),
            Some(server) => {
                let mut by = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
                for connection in &mut by {
                    connection.port = server.port();
                }
                let server = NameServerConfig::new(server.ip(), true, by.into());
                let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let resolver = builder.build().context("settings of DNS")?;
        Ok(Self { resolver })
    }

    /// The servers that a name has.
    ///
    /// # Errors
    ///
    /// When there are none, or DNS does not answer.
    pub async fn servers(&self, name: &str) -> anyhow::Result<Vec<Server>> {
        let found = self.resolver.srv_lookup(name).await?;
        let servers = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::SRV(srv) => Some(Server {
                    priority: srv.priority,
                    weight: srv.weight,
                    host: srv.target.to_utf8(),
                    port: srv.port,
                }),
                _ => None,
            });
        Ok(servers.take(SERVERS_MAX).collect())
    }

    /// The addresses that a machine has.
    ///
    /// # Errors
    ///
    /// When there are none, or DNS does not answer.
    pub async fn addresses(&self, host: &str) -> anyhow::Result<Vec<IpAddr>> {
        Ok(self.resolver.lookup_ip(host).await?.iter().collect())
    }
}
