//! The voice agent of a call, and another one in its place.
//!
//! The leg and its recording go on. The agent that leaves hands in its last words before the other
//! one is told of; the other one is ready before that, so that the person waits for no database.

use std::{sync::Arc, time::Duration};

use engine::call::Input;
use media::{leg, vad::VadSettings};
use model::{Call, NextAgent, TenantId, TransferFailure, Variable, VoiceAgent, VoiceAgentId};
use providers::port::{Heard, Thought};
use store::{Paging, StoreError};
use tokio::sync::mpsc;

use super::{Task, ambience, listen_like};
use crate::{
    App,
    agent_document::{self, Parsed},
    shell::call::{
        prepare::{Prepared, prepare},
        voice::{Spoken, Voice},
    },
    usecase::agent_limit,
};

/// Voice agents that are looked through for a name.
const AGENTS_MAX: u32 = 1_000;

/// Longest wait for a free voice agent; the call hears nothing else meanwhile.
const SLOT_WAIT_MAX: Duration = Duration::from_secs(1);

/// Variables that speak of the call's beginning, which is over.
const OF_THE_BEGINNING: [&str; 2] = ["welcome-message", "welcome-message-delay"];

/// The voice agent of a call, and what it waits for.
pub(super) struct Agent {
    pub(super) voice: Voice,
    spoken: mpsc::Receiver<Spoken>,
    pub(super) heard: Option<mpsc::Receiver<Heard>>,
    thoughts: mpsc::Receiver<Thought>,
}

impl From<Prepared> for Agent {
    fn from(prepared: Prepared) -> Self {
        let Prepared {
            voice,
            spoken,
            heard,
            thoughts,
        } = prepared;
        Self {
            voice,
            spoken,
            heard,
            thoughts,
        }
    }
}

/// What happens to the voice agent.
pub(super) enum AgentEvent {
    Spoken(Spoken),
    Heard(Option<Heard>),
    Thought(Thought),
}

impl Task {
    /// Looks for a voice agent by its id or its name, and lets it take over.
    pub(super) async fn change_agent(&mut self, wanted: &str) {
        let (app, tenant, has) = (
            Arc::clone(&self.app),
            self.call.tenant,
            self.call.voice_agent,
        );
        let changed = match find(&app, tenant, wanted, has).await {
            Ok((agent, parsed)) => match self.hold_slot().await {
                Ok(()) => Ok(self.put_in_place(agent, &parsed).await),
                Err(why) => Err(why),
            },
            Err(why) => Err(why),
        };
        self.inputs.push_back(Input::AgentChanged(changed));
    }

    pub(super) fn tell_agent_refused(&mut self, why: TransferFailure) {
        if let (Some(agent), Some(leg)) = (&mut self.agent, &self.leg) {
            agent.voice.agent_refused(why, &self.app, leg);
        }
    }

    /// A call that began with people has no voice-agent slot yet.
    async fn hold_slot(&mut self) -> Result<(), TransferFailure> {
        if self.holds.slot.is_some() {
            return Ok(());
        }
        let (app, tenant) = (&self.app, self.call.tenant);
        let quota = app.store().quota(tenant).await;
        let (quota, _) = quota.map_err(|error| {
            tracing::error!(%error, "failed to look for a free voice agent");
            TransferFailure::NotReachable
        })?;
        let slot = app
            .slots()
            .acquire(&self.call.id, tenant, agent_limit(&quota), SLOT_WAIT_MAX)
            .await;
        match slot {
            Ok(slot) => self.holds.slot = Some(slot),
            Err(refusal) => {
                tracing::info!(%refusal, "no voice agent is free for a caller who waited");
                return Err(TransferFailure::NobodyFree);
            }
        }
        Ok(())
    }

    async fn put_in_place(&mut self, agent: VoiceAgent, parsed: &Parsed) -> NextAgent {
        let call = self.call_for(&agent);
        let mut next = Agent::from(prepare(&self.app, &call, parsed, self.clock).await);
        let sounding = match parsed.ambience() {
            Some((place, volume)) => ambience(place, volume).await,
            None => None,
        };
        if let Some(past) = self.leave_voice().await {
            next.voice.follow(past);
        }
        let manners = parsed.leg();
        let mut vad = VadSettings::default();
        listen_like(manners, &mut vad);
        self.order(leg::Command::Listen {
            vad,
            // Who has answered is known by now.
            beeps: false,
        });
        self.leg_manners = Some(manners);
        self.ambience = sounding;
        self.agent = Some(next);
        self.call = call;
        NextAgent {
            voice_agent: agent.id,
            name: agent.settings.name,
            version: agent.version,
        }
    }

    /// The call as the next agent sees it: with what was found out so far.
    fn call_for(&self, agent: &VoiceAgent) -> Call {
        let found_out = self.agent.iter().flat_map(|agent| agent.voice.found_out());
        let found_out = found_out.map(|(key, value)| Variable {
            key: key.clone(),
            value: value.clone(),
        });
        let before = self.call.variables.iter();
        let before = before.filter(|variable| !OF_THE_BEGINNING.contains(&variable.key.as_str()));
        Call {
            voice_agent: Some(agent.id),
            voice_agent_name: agent.settings.name.clone(),
            // Later values win.
            variables: before.cloned().chain(found_out).collect(),
            ..self.call.clone()
        }
    }
}

/// The voice agent that is wanted, by its id or its name, unless it is the one that the call `has`.
async fn find(
    app: &App,
    tenant: TenantId,
    wanted: &str,
    has: Option<VoiceAgentId>,
) -> Result<(VoiceAgent, Parsed), TransferFailure> {
    let agent = named(app, tenant, wanted).await.map_err(|error| {
        tracing::error!(%error, "failed to look for a voice agent");
        TransferFailure::NotReachable
    })?;
    let agent = agent.ok_or(TransferFailure::Unknown)?;
    if has == Some(agent.id) {
        return Err(TransferFailure::SameAgent);
    }
    match agent_document::parse(&agent.settings.definition) {
        Ok(parsed) => Ok((agent, parsed)),
        Err(fault) => {
            tracing::error!(%fault, agent = agent.id.0, "a stored voice agent cannot be read");
            Err(TransferFailure::Unknown)
        }
    }
}

async fn named(
    app: &App,
    tenant: TenantId,
    wanted: &str,
) -> Result<Option<VoiceAgent>, StoreError> {
    if let Ok(id) = wanted.parse() {
        match app.store().voice_agent(tenant, VoiceAgentId(id)).await {
            Ok(agent) => return Ok(Some(agent)),
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let all = app
        .store()
        .voice_agents(tenant, Paging::first(AGENTS_MAX))
        .await?;
    let mut all = all.items.into_iter();
    Ok(all.find(|agent| agent.settings.name == wanted))
}

/// What happens next to the voice agent; nothing where none is. Cancel-safe.
pub(super) async fn next_of_agent(agent: &mut Option<Agent>) -> AgentEvent {
    let Some(agent) = agent else {
        return std::future::pending().await;
    };
    let heard = async {
        match &mut agent.heard {
            Some(heard) => heard.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        Some(spoken) = agent.spoken.recv() => AgentEvent::Spoken(spoken),
        heard = heard => AgentEvent::Heard(heard),
        Some(thought) = agent.thoughts.recv() => AgentEvent::Thought(thought),
        else => std::future::pending().await,
    }
}
