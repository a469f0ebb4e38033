//! The registrar of extensions' phones: proves who registers, stores where they are, and keeps the
//! way to them open.
//!
//! # Invariants
//!
//! - Nobody learns by asking which extensions there are: an unknown one is challenged, and refused
//!   like a wrong password, as long after the question.
//! - What was answered 200 is stored.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use model::{Extension, ExtensionDraft, PhoneContact, PhoneTransport, TenantId};
use sip::{
    Binding, Command, Link, Registering, RegistrarRules, Transport, Unregistered, Uri,
    contact_headers,
    digest::{Credentials, DigestResponse, Verdict},
    registered,
};
use store::StoreError;
use tokio::{
    sync::{Mutex, mpsc},
    time::Instant,
};

use super::inbound::REALM;
use crate::{App, usecase::tenant_of_domain};

/// How often phones are sent something, so that NATs on the way keep their doors open: RFC 5626
/// section 4.4.1 names 24 s to 29 s for UDP.
const PING_EVERY: Duration = Duration::from_secs(25);

/// From a guess to its refusal: longer than to find an extension and open its password takes, which an
/// unknown one does not need.
const REFUSAL_AFTER: Duration = Duration::from_millis(50);

/// Serves registrations until the process ends.
pub async fn run(app: Arc<App>, mut arriving: mpsc::Receiver<Box<Registering>>) {
    // Read, change, write: one phone of an extension at a time.
    let writing = Arc::new(Mutex::new(()));
    while let Some(registering) = arriving.recv().await {
        let (app, writing) = (Arc::clone(&app), Arc::clone(&writing));
        tokio::spawn(async move {
            let request = registering.request;
            let came = Instant::now();
            let answer = match serve(&app, &writing, &registering).await {
                Ok(headers) => answered(&registering, 200, headers),
                Err(No::Prove { stale }) => Command::ChallengeRegister {
                    request,
                    realm: REALM.to_owned(),
                    stale,
                },
                Err(No::Refused(refused)) => {
                    as_late_as_any(came, refused.status).await;
                    answered(&registering, refused.status, refused.headers)
                }
                Err(No::Fault(error)) => {
                    let status = if error.is_transient() { 503 } else { 500 };
                    tracing::error!(%error, "failed to register a phone");
                    answered(&registering, status, Vec::new())
                }
            };
            if app.sip().command(answer).await.is_err() {
                tracing::error!("the SIP task has ended before the process");
            }
        });
    }
}

/// Waits before a wrong password is refused: for all of them the same.
pub(super) async fn as_late_as_any(came: Instant, status: u16) {
    if status == 403 {
        tokio::time::sleep_until(came + REFUSAL_AFTER).await;
    }
}

/// Keeps the ways to phones open, and forgets those that have gone, until the process ends.
pub async fn keep_alive(app: Arc<App>) {
    loop {
        tokio::time::sleep(PING_EVERY).await;
        if let Err(error) = ping_all(&app).await {
            tracing::warn!(%error, "phones could not be kept alive");
        }
    }
}

async fn ping_all(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    app.store().remove_expired_contacts(now).await?;
    for contact in app.store().all_phone_contacts(now).await? {
        let link = link_of(&contact);
        if is_behind_nat(&contact) && app.sip().ping(link).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// A stream is closed when nothing moves on it; a datagram passes a NAT while its door is open. A
/// phone that named the address that we see is behind none.
fn is_behind_nat(contact: &PhoneContact) -> bool {
    match contact.transport {
        PhoneTransport::Tcp | PhoneTransport::Tls | PhoneTransport::Ws | PhoneTransport::Wss => {
            true
        }
        PhoneTransport::Udp => {
            let seen = contact.remote.ip().to_string();
            let named = contact.uri.parse::<Uri>().map(|uri| uri.host);
            named.is_ok_and(|named| named.trim_matches(['[', ']']) != seen)
        }
    }
}

/// Why a phone is not registered.
pub(super) enum No {
    Prove { stale: bool },
    Refused(Unregistered),
    Fault(StoreError),
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        Self::Fault(error)
    }
}

/// Gives the headers of the 200.
async fn serve(
    app: &App,
    writing: &Mutex<()>,
    registering: &Registering,
) -> Result<Vec<(String, String)>, No> {
    if app.is_draining() {
        return Err(No::Refused(unregistered(503)));
    }
    let Some(proof) = &registering.authorization else {
        return Err(No::Prove { stale: false });
    };
    let number = registering.aor.user.as_deref().unwrap_or_default();
    let tenant = tenant_of(app, &registering.aor.host, number).await?;
    let extension = match tenant {
        Some(tenant) => found(app, tenant, number).await?,
        None => None,
    };
    let proved = match &extension {
        Some(extension) => prove(app, extension, proof).await?,
        None => Verdict::Wrong,
    };
    let source = registering.source.remote.ip();
    let extension = match (proved, extension) {
        (Verdict::Proved, Some(extension)) => extension,
        (Verdict::Stale, _) => return Err(No::Prove { stale: true }),
        (Verdict::Wrong, _) | (_, None) => {
            app.sip().refused(source).await.map_err(stopped)?;
            return Err(No::Refused(unregistered(403)));
        }
    };
    app.sip().proved(source).await.map_err(stopped)?;
    let _writing = writing.lock().await;
    let (number, tenant) = (&extension.settings.number, extension.tenant);
    let present = app
        .store()
        .phone_contacts(tenant, number, app.now())
        .await?;
    let present: Vec<Binding> = present.iter().filter_map(binding_of).collect();
    let now = SystemTime::now();
    let after =
        registered(registering, &present, &RegistrarRules::default(), now).map_err(No::Refused)?;
    if after != present {
        let contacts: Vec<PhoneContact> = after.iter().map(contact_of).collect();
        app.store()
            .set_phone_contacts(tenant, number, &contacts)
            .await?;
    }
    Ok(contact_headers(registering, &after, now))
}

/// Whether a phone knows an extension's password. Its user is the number, alone or with the domain.
pub(super) async fn prove(
    app: &App,
    extension: &Extension,
    proof: &DigestResponse,
) -> Result<Verdict, No> {
    let number = &extension.settings.number;
    let user = proof.username.split('@').next().unwrap_or_default();
    if user != number {
        return Ok(Verdict::Wrong);
    }
    let credentials = Credentials {
        username: proof.username.clone(),
        password: extension.password.clone(),
    };
    let verdict = app.sip().authenticate(proof.clone(), credentials).await;
    verdict.map_err(stopped)
}

/// Whose extension it is: the domain says so, or there is no other with this number.
pub(super) async fn tenant_of(
    app: &App,
    domain: &str,
    number: &str,
) -> Result<Option<TenantId>, StoreError> {
    if let Some(tenant) = tenant_of_domain(domain) {
        return Ok(Some(tenant));
    }
    if !ExtensionDraft::may_be_number(number) {
        // As of most calls from a trunk: they need not be looked for.
        return Ok(None);
    }
    match app.store().tenants_of_extension(number).await?[..] {
        [only] => Ok(Some(only)),
        [] | [..] => Ok(None),
    }
}

/// The tenant's extension with this number, if there is one.
pub(super) async fn found(
    app: &App,
    tenant: TenantId,
    number: &str,
) -> Result<Option<Extension>, StoreError> {
    match app.store().extension(tenant, number).await {
        Ok(extension) => Ok(Some(extension)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

impl From<No> for super::inbound::No {
    fn from(no: No) -> Self {
        match no {
            No::Prove { stale } => Self::Prove { stale, phone: true },
            No::Refused(refused) => Self::Status(refused.status),
            No::Fault(error) => error.into(),
        }
    }
}

fn answered(registering: &Registering, status: u16, headers: Vec<(String, String)>) -> Command {
    Command::AnswerRegister {
        request: registering.request,
        status,
        headers,
    }
}

fn unregistered(status: u16) -> Unregistered {
    Unregistered {
        status,
        headers: Vec::new(),
    }
}

fn stopped(_: super::sip::Stopped) -> No {
    No::Refused(unregistered(503))
}

/// The way to a phone.
pub(crate) fn link_of(contact: &PhoneContact) -> Link {
    Link {
        transport: match contact.transport {
            PhoneTransport::Udp => Transport::Udp,
            PhoneTransport::Tcp => Transport::Tcp,
            PhoneTransport::Tls => Transport::Tls,
            PhoneTransport::Ws => Transport::Ws,
            PhoneTransport::Wss => Transport::Wss,
        },
        local: contact.local,
        remote: contact.remote,
    }
}

fn binding_of(contact: &PhoneContact) -> Option<Binding> {
    let left = u64::try_from(contact.expires_at.0).ok()?;
    Some(Binding {
        contact: contact.uri.parse().ok()?,
        path: contact.path.clone(),
        link: link_of(contact),
        call_id: contact.call_id.clone(),
        cseq: contact.cseq,
        expires_at: SystemTime::UNIX_EPOCH + Duration::from_millis(left),
        user_agent: contact.user_agent.clone(),
        instance: contact.instance.clone(),
    })
}

fn contact_of(binding: &Binding) -> PhoneContact {
    PhoneContact {
        uri: binding.contact.to_string(),
        path: binding.path.clone(),
        transport: match binding.link.transport {
            Transport::Udp => PhoneTransport::Udp,
            Transport::Tcp => PhoneTransport::Tcp,
            Transport::Tls => PhoneTransport::Tls,
            Transport::Ws => PhoneTransport::Ws,
            Transport::Wss => PhoneTransport::Wss,
        },
        local: binding.link.local,
        remote: binding.link.remote,
        call_id: binding.call_id.clone(),
        cseq: binding.cseq,
        user_agent: binding.user_agent.clone(),
        instance: binding.instance.clone(),
        expires_at: binding.expires_at.into(),
    }
}
