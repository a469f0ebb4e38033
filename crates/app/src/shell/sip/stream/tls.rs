//! TLS under SIP: who we are to those who connect, and whom we trust when we connect.
//!
//! # Invariants
//!
//! - Files that cannot be read leave what was read before in force.
//! - Keys print as nothing.

use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, ensure};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use super::{CONNECT_MAX, HANDSHAKE_MAX, tcp};

/// How often files are looked at for a change, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Peers whose trust is kept: more than there are trunks.
const TRUSTS_MAX: usize = 4096;

/// Where our certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Our certificate and those that lead to its authority, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// Authorities that a peer's certificate must come from, PEM. `None`: peers need none.
    pub client_authorities: Option<PathBuf>,
}

/// Who we are to those who connect. Files are read anew when they change.
pub struct Identity {
    files: TlsFiles,
    read: Mutex<Read>,
}

/// What was read last.
struct Read {
    looked_at: Instant,
    stamps: Vec<Option<(SystemTime, u64)>>,
    config: Arc<ServerConfig>,
}

/// Whom a connection of ours must lead to.
#[derive(Clone, PartialEq, Eq)]
pub struct TlsPeer {
    /// Name or address that its certificate must have.
    pub name: String,
    /// Authorities that it must come from, PEM. `None`: those that this machine trusts.
    pub authorities: Option<String>,
    /// Certificate and key, PEM, that we show.
    pub identity: Option<(String, String)>,
}

impl std::fmt::Debug for TlsPeer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsPeer")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whom connections to each address must lead to.
#[derive(Clone, Default)]
pub struct Trusts {
    of: Arc<Mutex<HashMap<SocketAddr, Trust>>>,
}

struct Trust {
    peer: TlsPeer,
    name: ServerName<'static>,
    connector: TlsConnector,
    /// Differs whenever the peer does.
    edition: u64,
}

impl Identity {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// When one cannot be read, or they do not fit.
    pub fn read(files: TlsFiles) -> anyhow::Result<Self> {
        let read = Read {
            looked_at: Instant::now(),
            stamps: files.stamps(),
            config: Arc::new(server_config(&files)?),
        };
        Ok(Self {
            files,
            read: Mutex::new(read),
        })
    }

    /// What the next connection is accepted with.
    fn config(&self) -> Arc<ServerConfig> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.looked_at.elapsed() >= LOOK_EVERY {
            read.looked_at = Instant::now();
            let stamps = self.files.stamps();
            if stamps != read.stamps {
                match server_config(&self.files) {
                    Ok(config) => {
                        tracing::info!("the certificate of SIP was read anew");
                        read.config = Arc::new(config);
                        read.stamps = stamps;
                    }
                    // A pair of files is seldom written at once: the next look may find both.
                    Err(error) => {
                        let error = format!("{error:#}");
                        tracing::warn!(error, "the certificate of SIP has changed and is no use");
                    }
                }
            }
        }
        Arc::clone(&read.config)
    }
}

impl TlsFiles {
    fn stamps(&self) -> Vec<Option<(SystemTime, u64)>> {
        let stamp = |path: &PathBuf| {
            let found = fs::metadata(path).ok()?;
            Some((found.modified().ok()?, found.len()))
        };
        let files = [&self.certificate, &self.key];
        let files = files.into_iter().chain(&self.client_authorities);
        files.map(stamp).collect()
    }
}

impl TlsPeer {
    /// Whether a connection can be made with it.
    ///
    /// # Errors
    ///
    /// Says what is wrong with certificates, key or name.
    pub fn check(&self) -> anyhow::Result<()> {
        self.name()?;
        client_config(self).map(drop)
    }

    fn name(&self) -> anyhow::Result<ServerName<'static>> {
        let name = self.name.trim_matches(['[', ']']).to_owned();
        ServerName::try_from(name).context("not a name that a certificate can have")
    }
}

impl Trusts {
    /// Connections to this address lead to `peer` from now on, or are not made.
    ///
    /// # Errors
    ///
    /// When certificates, key or name are no use.
    pub fn set(&self, remote: SocketAddr, peer: &TlsPeer) -> anyhow::Result<()> {
        if self.lock().get(&remote).is_some_and(|t| t.peer == *peer) {
            return Ok(());
        }
        let trust = Trust {
            peer: peer.clone(),
            name: peer.name()?,
            connector: TlsConnector::from(Arc::new(client_config(peer)?)),
            edition: rand::random(),
        };
        let mut all = self.lock();
        if all.len() >= TRUSTS_MAX {
            all.clear();
        }
        all.insert(remote, trust);
        Ok(())
    }

    /// Names the peer that connections to this address lead to now.
    pub fn edition(&self, remote: SocketAddr) -> Option<u64> {
        self.lock().get(&remote).map(|trust| trust.edition)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Trust>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins TLS with a peer that connected.
pub async fn accept(
    identity: &Identity,
    stream: TcpStream,
) -> Option<server::TlsStream<TcpStream>> {
    let remote = stream.peer_addr().ok()?;
    let accepting = TlsAcceptor::from(identity.config()).accept(stream);
    match tokio::time::timeout(HANDSHAKE_MAX, accepting).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%remote, %error, "a peer failed to begin TLS");
            None
        }
        Err(_) => None,
    }
}

/// Connects to a peer whom we trust.
pub async fn connect(trusts: &Trusts, remote: SocketAddr) -> Option<client::TlsStream<TcpStream>> {
    let (name, connector) = {
        let all = trusts.lock();
        let trust = all.get(&remote)?;
        (trust.name.clone(), trust.connector.clone())
    };
    let connecting = connector.connect(name, tcp(remote, CONNECT_MAX).await?);
    match tokio::time::timeout(CONNECT_MAX, connecting).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::warn!(%remote, %error, "a peer is not who its trunk says, or refuses us");
            None
        }
        Err(_) => None,
    }
}

fn server_config(files: &TlsFiles) -> anyhow::Result<ServerConfig> {
    let chain = certificates(&read(&files.certificate)?)?;
    let key = key(&read(&files.key)?)?;
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .context("TLS")?;
    let builder = match &files.client_authorities {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let roots = Arc::new(authorities(&read(path)?)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
            builder.with_client_cert_verifier(verifier.build().context("client authorities")?)
        }
    };
    builder
        .with_single_cert(chain, key)
        .context("certificate and key do not fit")
}

fn client_config(peer: &TlsPeer) -> anyhow::Result<ClientConfig> {
    let roots = match &peer.authorities {
        Some(pem) => authorities(pem.as_bytes())?,
        None => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots
        }
    };
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .context("TLS")?
        .with_root_certificates(roots);
    match &peer.identity {
        None => Ok(builder.with_no_client_auth()),
        Some((certificate, secret)) => builder
            .with_client_auth_cert(
                certificates(certificate.as_bytes())?,
                key(secret.as_bytes())?,
            )
            .context("certificate and key do not fit"),
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read {}", path.display()))
}

fn certificates(pem: &[u8]) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.context("not a PEM file of certificates")?;
    ensure!(!all.is_empty(), "no certificate in PEM");
    Ok(all)
}

fn key(pem: &[u8]) -> anyhow::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).context("no private key in PEM")
}

fn authorities(pem: &[u8]) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).context("not an authority")?;
    }
    Ok(roots)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
