//! Lets calls in: from trunks by their address, from others and from phones of extensions by digest,
//! and from nobody else.
//!
//! A call to a number is answered by its voice agent or by the people of its skill group, if it comes
//! in by the trunk that the number is on; a phone may call any number and any phone of its own instance, and numbers outside
//! where a trunk leads. Whoever guesses passwords is heard
//! less and less.

pub(super) mod addresses;
mod between;
mod callback;
pub(super) mod identity;
mod phone;
mod replacing;

use std::{net::IpAddr, sync::Arc, time::Duration};

use engine::quota;
use model::{
    CallEvent, CallId, Direction, E164, SkillGroupId, TenantId, Trunk, TrunkId, TrunkNumber,
    Variable, VoiceAgentId,
};
use sip::{
    Command, Incoming, LegId, Link, Transport,
    digest::{Credentials, Verdict},
};
use store::{Answering, StoreError, Trunks};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use addresses::Addresses;
use callback::Answerer;

use crate::{
    App, agent_document,
    phone_calls::PhoneGuard,
    shell::{
        call::{self, First, Holds, MediaTerms, Start, Way},
        registrar::as_late_as_any,
        targets::{links_to, transport},
    },
    trunk_load::ChannelGuard,
    usecase::{agent_limit, belonging, tenant_of_domain},
};

/// Protection space of our challenges.
pub(crate) const REALM: &str = "switchboard";

/// Longest wait of a caller for a free voice agent.
const SLOT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Longest time until somebody of a skill group is rung or can be waited for, and the caller has
/// confirmed our answer: look-ups, and signalling.
const LOOK_MAX: Duration = Duration::from_secs(30);

/// Takes calls until the process ends.
pub async fn run(app: Arc<App>, mut incoming: mpsc::Receiver<Box<Incoming>>) {
    let addresses = Addresses::default();
    while let Some(call) = incoming.recv().await {
        let (app, addresses) = (Arc::clone(&app), addresses.clone());
        tokio::spawn(async move {
            let leg = call.leg;
            let came = Instant::now();
            match let_in(&app, &addresses, call).await {
                Ok(()) => {}
                Err(No::Status(status)) => {
                    as_late_as_any(came, status).await;
                    app.refuse_incoming(leg, status).await;
                }
                Err(No::Prove { stale, phone }) => app.challenge(leg, stale, phone).await,
                Err(No::Fault(error)) => {
                    tracing::error!(error = format!("{error:#}"), "failed to take a call");
                    app.refuse_incoming(leg, 500).await;
                }
            }
        });
    }
}

/// Why a caller is not let in.
pub(super) enum No {
    Status(u16),
    Prove { stale: bool, phone: bool },
    Fault(anyhow::Error),
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::Status(404),
            transient if transient.is_transient() => Self::Status(503),
            other => Self::Fault(other.into()),
        }
    }
}

async fn let_in(app: &Arc<App>, addresses: &Addresses, incoming: Box<Incoming>) -> Result<(), No> {
    if app.is_draining() {
        return Err(No::Status(503));
    }
    let known = app.store().known_trunks().await?;
    let in_use = |trunk: &&Trunk| trunk.settings.enabled && !trunk.settings.simulated;
    let mut trunks: Vec<&Trunk> = known.all().iter().filter(in_use).collect();
    if is_to_prove_itself(app, addresses, &trunks, &incoming).await {
        return Err(No::Prove {
            stale: false,
            phone: true,
        });
    }
    if let Some(extension) = phone::claimed(app, &incoming).await? {
        return Box::pin(phone::let_in(app, extension, incoming)).await;
    }
    let number = called_number(&known, &incoming);
    // Trunks may share an address or a user: the one whose number is called goes first.
    let owner = number.map(|(owner, _)| owner);
    trunks.sort_by_key(|trunk| Some(trunk.id) != owner);
    let trunk = match by_address(app, addresses, &trunks, &incoming.source).await {
        Some(trunk) => trunk,
        None => by_password(app, addresses, &trunks, &incoming).await?,
    };
    if let Some(leg) = incoming.replaces {
        return Box::pin(replacing::by_trunk(app, trunk, incoming, leg)).await;
    }
    // Only now: a stranger is not told which numbers there are.
    let (_, number) = number
        .filter(|(owner, _)| *owner == trunk.id)
        .ok_or(No::Status(404))?;
    let settings = known.settings(&number.number);
    if !number.enabled || settings.line.outbound_only {
        return Err(No::Status(404));
    }
    let channel = app.trunk_loads().accept(trunk).ok_or(No::Status(486))?;
    // A caller who hides the number has none.
    let caller = identity::caller(&incoming).unwrap_or_else(E164::unknown);
    let id = CallId(Uuid::new_v4().to_string());
    let (answerer, variables) = match &settings.callback_url {
        Some(url) => {
            let ask = callback::Ask {
                call: &id,
                leg: incoming.leg,
                tenant: number.tenant,
                number,
                caller: &caller,
                url,
            };
            Box::pin(asked(app, ask)).await?
        }
        None => (bound(number)?, Vec::new()),
    };
    let inbound = Inbound {
        id,
        tenant: number.tenant,
        variables,
        user_data: identity::user_to_user(&incoming.headers),
        terms: MediaTerms::of_trunk(&trunk.settings),
        trunk: Some(trunk.id),
        channel: Some(channel),
        phone: None,
        caller,
        callee: number.number.clone(),
        answerer,
        incoming,
    };
    answer(app, inbound).await
}

/// The voice agent that the customer's server names, or else whoever answers the number by itself.
async fn asked(app: &App, ask: callback::Ask<'_>) -> Result<(AnsweredBy, Vec<Variable>), No> {
    let number = ask.number;
    match callback::ask(app, ask).await {
        Answerer::Agent(agent, variables) => {
            match app.store().voice_agent(number.tenant, agent).await {
                Ok(agent) => return Ok((AnsweredBy::Agent(agent.id), variables)),
                Err(StoreError::NotFound { .. }) => {
                    tracing::warn!(agent = agent.0, "an inbound callback names no voice agent");
                }
                Err(other) => return Err(other.into()),
            }
        }
        Answerer::Nobody => return Err(No::Status(603)),
        Answerer::Unsaid => {}
    }
    match bound(number) {
        Ok(answerer) => Ok((answerer, Vec::new())),
        // It rang: the number exists, and nobody is there.
        Err(No::Status(404)) => Err(No::Status(480)),
        Err(other) => Err(other),
    }
}

/// Who answers a number by itself: its voice agent, or the people of its skill group.
fn bound(number: &TrunkNumber) -> Result<AnsweredBy, No> {
    if !number.enabled {
        return Err(No::Status(404));
    }
    match (number.inbound_agent, number.inbound_group) {
        (Some(agent), _) => Ok(AnsweredBy::Agent(agent)),
        (None, Some(group)) => Ok(AnsweredBy::Group(group)),
        (None, None) => Err(No::Status(404)),
    }
}

/// Who answers a call.
enum AnsweredBy {
    /// A voice agent.
    Agent(VoiceAgentId),
    /// Somebody of a skill group.
    Group(SkillGroupId),
}

/// A call that is let in.
struct Inbound {
    id: CallId,
    tenant: TenantId,
    variables: Vec<Variable>,
    user_data: Option<String>,
    incoming: Box<Incoming>,
    terms: MediaTerms,
    trunk: Option<TrunkId>,
    channel: Option<ChannelGuard>,
    phone: Option<PhoneGuard>,
    caller: E164,
    callee: E164,
    answerer: AnsweredBy,
}

/// The number that is called and its trunk; `None`: it is not one of ours.
fn called_number<'a>(known: &'a Trunks, incoming: &Incoming) -> Option<(TrunkId, &'a TrunkNumber)> {
    // Carriers that we register at call our contact, and say in To which number was dialled.
    let called = [&incoming.request_uri, &incoming.to.uri];
    called
        .into_iter()
        .filter_map(identity::number)
        .find_map(|callee| known.number(&callee))
}

/// Whether a caller says to be one of ours and shows no proof: which extensions there are does not show in
/// how, or how soon, one is asked for its password.
async fn is_to_prove_itself(
    app: &App,
    addresses: &Addresses,
    trunks: &[&Trunk],
    incoming: &Incoming,
) -> bool {
    let source = incoming.source.remote.ip();
    tenant_of_domain(&incoming.from.uri.host).is_some()
        && incoming.authorization.is_none()
        && !is_of_a_trunk(app, addresses, trunks, source).await
}

/// A peer is a trunk when its address is one of the trunk's host.
async fn by_address<'a>(
    app: &App,
    addresses: &Addresses,
    trunks: &[&'a Trunk],
    source: &Link,
) -> Option<&'a Trunk> {
    for trunk in trunks {
        let transport = transport(trunk.settings.transport);
        // What is too large for a datagram comes by TCP (RFC 3261 section 18.1.1).
        let is_plain = |way| matches!(way, Transport::Udp | Transport::Tcp);
        let fits =
            transport == source.transport || is_plain(transport) && is_plain(source.transport);
        // A trunk with a password proves itself by it, wherever it comes from; but a carrier that we
        // register at keeps that password for us, and proves nothing.
        let proves_itself = trunk.settings.password.is_some() && !trunk.settings.register;
        if !fits || proves_itself {
            continue;
        }
        if is_at(app, addresses, trunk, source.remote.ip()).await {
            return Some(trunk);
        }
    }
    None
}

/// The first trunk whose password the caller knows. A wrong password leaves the proof unused, so
/// that several trunks with one user can be tried.
async fn by_password<'a>(
    app: &App,
    addresses: &Addresses,
    trunks: &[&'a Trunk],
    incoming: &Incoming,
) -> Result<&'a Trunk, No> {
    let stopped = |_| No::Status(503);
    let Some(proof) = &incoming.authorization else {
        return Err(No::Prove {
            stale: false,
            phone: false,
        });
    };
    let source = incoming.source.remote.ip();
    for trunk in trunks {
        let settings = &trunk.settings;
        let (Some(username), Some(password)) = (&settings.user, &settings.password) else {
            continue;
        };
        if *username != proof.username {
            continue;
        }
        let credentials = Credentials {
            username: username.clone(),
            password: password.clone(),
        };
        let verdict = app.sip().authenticate(proof.clone(), credentials).await;
        match verdict.map_err(stopped)? {
            Verdict::Proved => {
                app.sip().proved(source).await.map_err(stopped)?;
                return Ok(trunk);
            }
            Verdict::Stale => {
                return Err(No::Prove {
                    stale: true,
                    phone: false,
                });
            }
            Verdict::Wrong => {}
        }
    }
    // A user that nobody knows costs a guess like a wrong password, and looks the same. The
    // address of a trunk is never blocked: over UDP, others can write it on their guesses.
    if !is_of_a_trunk(app, addresses, trunks, source).await {
        app.sip().refused(source).await.map_err(stopped)?;
    }
    Err(No::Status(403))
}

/// Whether a trunk has this address. Of those that are found by SRV, DNS is remembered for as long as
/// it says itself.
async fn is_at(app: &App, addresses: &Addresses, trunk: &Trunk, ip: IpAddr) -> bool {
    if !trunk.settings.way.srv {
        return addresses.has(&trunk.settings.host, ip).await;
    }
    match links_to(app, &trunk.settings).await {
        Ok(links) => links.iter().any(|link| link.remote.ip() == ip),
        Err(_) => false,
    }
}

async fn is_of_a_trunk(
    app: &App,
    addresses: &Addresses,
    trunks: &[&Trunk],
    source: IpAddr,
) -> bool {
    for trunk in trunks {
        if is_at(app, addresses, trunk, source).await {
            return true;
        }
    }
    false
}

async fn answer(app: &Arc<App>, inbound: Inbound) -> Result<(), No> {
    let Answering {
        voice_agent,
        quota,
        usage,
        customer,
    } = looked_up(app, &inbound).await?;
    let (tenant, id) = (inbound.tenant, inbound.id);
    let (agent, first, slot, ring_time_max) = match inbound.answerer {
        AnsweredBy::Group(group) => (None, First::Queue(group), None, LOOK_MAX),
        AnsweredBy::Agent(_) => {
            let agent = voice_agent.ok_or(No::Status(404))?;
            let limit = agent_limit(&quota);
            let slot = app.slots().acquire(&id, tenant, limit, SLOT_WAIT_MAX).await;
            let slot = slot.map_err(|_| No::Status(486))?;
            let parsed = agent_document::parse(&agent.settings.definition)
                .map_err(|fault| No::Fault(fault.into()))?;
            let first = First::Agent(Box::new(parsed));
            (Some(agent), first, Some(slot), SLOT_WAIT_MAX)
        }
    };
    let joins = belonging::joining_of(app.store(), tenant, &id, customer).await?;
    let name = agent.as_ref().map(|agent| agent.settings.name.clone());
    let requested = CallEvent::Requested {
        tenant,
        direction: Direction::Inbound,
        caller: inbound.caller,
        callee: inbound.callee,
        voice_agent: agent.as_ref().map(|agent| agent.id),
        voice_agent_name: name.unwrap_or_default(),
        voice_agent_version: agent.as_ref().map_or(0, |agent| agent.version),
        trunk: inbound.trunk,
        variables: inbound.variables,
        user_data: inbound.user_data,
        ring_time_max,
        credential: None,
    };
    let at = app.now();
    let diverted = identity::diversions(&inbound.incoming.headers);
    let events = std::iter::once(requested).chain(joins).chain(diverted);
    let events: Vec<_> = events.map(|event| (at, event)).collect();
    let call = app.store().begin_call(&id, &events, &[]).await?;
    app.note_journal_growth();
    let talk_time_max = quota::remaining(&quota, &usage, app.now());
    call::spawn(
        app,
        Start {
            call,
            first,
            way: Way::In(inbound.incoming, inbound.terms),
            ring_time_max,
            talk_time_max,
            holds: Holds {
                slot,
                channel: inbound.channel,
                phone: inbound.phone,
            },
        },
    );
    Ok(())
}

/// What is known before a call is answered, if somebody is there to answer it and it is paid for.
async fn looked_up(app: &App, inbound: &Inbound) -> Result<Answering, No> {
    let named = match inbound.answerer {
        AnsweredBy::Agent(agent) => Some(agent),
        AnsweredBy::Group(_) => None,
    };
    let store = app.store();
    let answering = store
        .answering(inbound.tenant, named, &inbound.caller)
        .await?;
    if named.is_some() && answering.voice_agent.is_none() {
        return Err(No::Status(404));
    }
    match quota::check(&answering.quota, &answering.usage, app.now()) {
        Ok(()) => Ok(answering),
        Err(_) => Err(No::Status(480)),
    }
}

impl App {
    /// Refuses a call that came in.
    pub(crate) async fn refuse_incoming(&self, leg: LegId, status: u16) {
        let refuse = Command::Reject {
            leg,
            status,
            reason: None,
            headers: Vec::new(),
        };
        self.tell_sip(refuse).await;
    }

    /// Refuses a call for what it offers, and says what is wrong with that.
    pub(crate) async fn refuse_offer(&self, leg: LegId, why: &anyhow::Error) {
        let mismatch = why.downcast_ref::<sip::sdp::Mismatch>();
        let unreadable = why.is::<sip::sdp::SdpError>();
        let warning = mismatch
            .copied()
            .or(unreadable.then_some(sip::sdp::Mismatch::Unreadable));
        let refuse = Command::Reject {
            leg,
            status: 488,
            reason: None,
            headers: warning
                .map(|why| ("Warning".to_owned(), why.warning()))
                .into_iter()
                .collect(),
        };
        self.tell_sip(refuse).await;
    }

    async fn challenge(&self, leg: LegId, stale: bool, phone: bool) {
        self.tell_sip(Command::Challenge {
            leg,
            realm: REALM.to_owned(),
            stale,
            md5_only: phone,
        })
        .await;
    }

    async fn tell_sip(&self, command: Command) {
        if self.sip().command(command).await.is_err() {
            tracing::error!("the SIP task has ended before the process");
        }
    }
}
