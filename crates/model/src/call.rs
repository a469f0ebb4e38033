//! A call as its events tell it.

use crate::{
    CallEvent, CallId, ConversationId, CustomerId, E164, EndCause, HungUpSide, LegQuality,
    NextAgent, Party, Recording, RecordingId, Referral, Serving, ServingEnd, SkillGroupId,
    TenantId, Track, TrunkId, UnixMs, Variable, VoiceAgentId,
};

/// Who started a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The person called us.
    Inbound,
    /// We called the person.
    Outbound,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallState {
    /// Accepted, not ringing yet.
    Dialing,
    /// The callee's phone rings.
    Ringing,
    /// Answered.
    Up,
    /// Over.
    Ended,
}

impl CallState {
    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dialing => "dialing",
            Self::Ringing => "ringing",
            Self::Up => "up",
            Self::Ended => "ended",
        }
    }

    /// The state with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Dialing, Self::Ringing, Self::Up, Self::Ended]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// What kind of party is on a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantKind {
    /// The person outside.
    User,
    /// A voice agent.
    VoiceAgent,
}

/// One party of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// What it is.
    pub kind: ParticipantKind,
    /// Number, or the voice agent's id in words (`agent:7`).
    pub name: String,
    /// Its recorded track, once rendered.
    pub recording: Option<RecordingId>,
}

/// The state of a call: the fold of its events. The CDR is this, once it has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Unique in the installation.
    pub id: CallId,
    /// Its owner.
    pub tenant: TenantId,
    /// Who started it.
    pub direction: Direction,
    /// Where it is.
    pub state: CallState,
    /// Number shown, or calling.
    pub caller: E164,
    /// Number called.
    pub callee: E164,
    /// Who talks first.
    pub voice_agent: Option<VoiceAgentId>,
    /// Its name when the call began.
    pub voice_agent_name: String,
    /// Which way it went.
    pub trunk: Option<TrunkId>,
    /// Values for the agent's texts.
    pub variables: Vec<Variable>,
    /// The customer's own text.
    pub user_data: Option<String>,
    /// When it was asked for.
    pub started_at: UnixMs,
    /// When the callee's phone first rang.
    pub rang_at: Option<UnixMs>,
    /// When media began.
    pub answered_at: Option<UnixMs>,
    /// When it was over.
    pub ended_at: Option<UnixMs>,
    /// Why it ended.
    pub cause: Option<EndCause>,
    /// Who ended it.
    pub side: Option<HungUpSide>,
    /// Final SIP status.
    pub sip_status: Option<u16>,
    /// The peer's reason in words.
    pub sip_reason: String,
    /// Keys pressed, in order, with their times.
    pub digits: Vec<(UnixMs, String)>,
    /// What media was like.
    pub quality: Option<LegQuality>,
    /// Its tracks, once rendered: the person's first.
    pub recordings: Vec<Recording>,
    /// Voice agents that took it over from the first one, in order, and since when.
    pub next_agents: Vec<(UnixMs, NextAgent)>,
    /// Phones that were rung for it, in order.
    pub servings: Vec<Serving>,
    /// Who else was wanted in it, in order.
    pub parties: Vec<Party>,
    /// When it began to wait for somebody of a skill group, and for which.
    pub queued: Option<(UnixMs, Option<SkillGroupId>)>,
    /// The conversation that it belongs to; one of its own if absent.
    pub conversation: Option<ConversationId>,
    /// The customer, if it is known who that is.
    pub customer: Option<CustomerId>,
    /// Number of events so far.
    pub n_events: i64,
}

impl Call {
    /// The call that a first event begins; `None` unless it is [`CallEvent::Requested`].
    pub fn begin(id: CallId, first: &CallEvent, at: UnixMs) -> Option<Self> {
        let CallEvent::Requested {
            tenant,
            direction,
            caller,
            callee,
            voice_agent,
            voice_agent_name,
            trunk,
            variables,
            user_data,
            ..
        } = first
        else {
            return None;
        };
        Some(Self {
            id,
            tenant: *tenant,
            direction: *direction,
            state: CallState::Dialing,
            caller: caller.clone(),
            callee: callee.clone(),
            voice_agent: *voice_agent,
            voice_agent_name: voice_agent_name.clone(),
            trunk: *trunk,
            variables: variables.clone(),
            user_data: user_data.clone(),
            started_at: at,
            rang_at: None,
            answered_at: None,
            ended_at: None,
            cause: None,
            side: None,
            sip_status: None,
            sip_reason: String::new(),
            digits: Vec::new(),
            quality: None,
            recordings: Vec::new(),
            next_agents: Vec::new(),
            servings: Vec::new(),
            parties: Vec::new(),
            queued: None,
            conversation: None,
            customer: None,
            n_events: 1,
        })
    }

    /// Takes the next event. The order of events is the order of calls to this.
    pub fn apply(&mut self, event: &CallEvent, at: UnixMs) {
        self.n_events += 1;
        match event {
            CallEvent::Rang { .. } => {
                self.state = self.state.max(CallState::Ringing);
                self.rang_at.get_or_insert(at);
            }
            CallEvent::Answered { .. } => {
                self.state = self.state.max(CallState::Up);
                self.answered_at.get_or_insert(at);
            }
            CallEvent::Rerouted { trunk, caller, .. } => {
                self.trunk = Some(*trunk);
                self.caller = caller.clone();
            }
            CallEvent::DigitsPressed { digits } => self.digits.push((at, digits.clone())),
            CallEvent::AgentChanged(agent) => self.next_agents.push((at, agent.clone())),
            CallEvent::Ended { .. } => self.end(event, at),
            CallEvent::Queued { .. }
            | CallEvent::Offered(_)
            | CallEvent::OfferRang
            | CallEvent::Served { .. }
            | CallEvent::ServingEnded { .. }
            | CallEvent::Referral(_) => self.serve(event, at),
            CallEvent::Party(event) => Party::fold(&mut self.parties, event, at),
            CallEvent::RecordingReady(recording) => {
                self.recordings.push(recording.clone());
                self.recordings.sort_by_key(|recording| recording.track);
            }
            CallEvent::RecordingCopied { recording, url } => {
                for track in &mut self.recordings {
                    if track.id == *recording {
                        track.copy_url = Some(url.clone());
                    }
                }
            }
            CallEvent::ConversationJoined {
                conversation,
                customer,
            } => {
                self.conversation = Some(conversation.clone());
                self.customer.clone_from(customer);
            }
            CallEvent::Requested { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::Dialed { .. }
            | CallEvent::AgentSaid { .. }
            | CallEvent::CallerSaid { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
            | CallEvent::NoInput
            | CallEvent::FalseInterruption
            | CallEvent::AnswererFound { .. }
            | CallEvent::Instructed(_)
            | CallEvent::Reviewed(_)
            | CallEvent::ReviewFailed { .. }
            | CallEvent::ReplyTimed(_)
            | CallEvent::Thought(_)
            | CallEvent::SoundStarted { .. }
            | CallEvent::SoundEnded { .. }
            | CallEvent::TransferRequested { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::HoldChanged { .. }
            | CallEvent::HangUpRequested { .. }
            | CallEvent::RecordingFailed { .. } => {}
        }
    }

    fn end(&mut self, event: &CallEvent, at: UnixMs) {
        let CallEvent::Ended {
            cause,
            side,
            sip_status,
            sip_reason,
            quality,
        } = event
        else {
            return;
        };
        self.state = CallState::Ended;
        self.ended_at = Some(at);
        self.cause = Some(*cause);
        self.side = Some(*side);
        self.sip_status = *sip_status;
        self.sip_reason.clone_from(sip_reason);
        self.quality = *quality;
        for serving in &mut self.servings {
            serving.finish_with_call(at);
        }
        for party in &mut self.parties {
            party.finish_with_call(at);
        }
    }

    fn serve(&mut self, event: &CallEvent, at: UnixMs) {
        if let CallEvent::Queued { skill_group } = event {
            self.queued.get_or_insert((at, *skill_group));
        }
        if let CallEvent::Offered(server) = event {
            self.servings.push(Serving::begin(server.clone(), at));
        }
        if let CallEvent::Referral(referral) = event {
            return self.refer(referral, at);
        }
        let Some(serving) = self.servings.last_mut() else {
            return;
        };
        match event {
            CallEvent::OfferRang => {
                serving.rang_at.get_or_insert(at);
            }
            CallEvent::Served { .. } => {
                serving.answered_at.get_or_insert(at);
            }
            CallEvent::ServingEnded { end } => serving.finish(*end, at),
            _ => {}
        }
    }

    /// A phone that takes somebody's place was offered it last. Whoever took the place of staff before
    /// is out then, or was already.
    fn refer(&mut self, referral: &Referral, at: UnixMs) {
        let staff = match referral {
            Referral::Asked { .. } => return,
            Referral::Sent { .. } => {
                if let Some(reached) = self.servings.pop() {
                    self.servings.push(reached.answered(at));
                }
                return;
            }
            Referral::Left { side } | Referral::Moved { side, .. } => *side == HungUpSide::Staff,
            Referral::Taken { side, .. } => {
                if let Some(taker) = self.servings.pop() {
                    if *side == HungUpSide::Staff {
                        self.finish_servings(at);
                    }
                    self.servings.push(taker.answered(at));
                }
                return;
            }
        };
        if staff {
            self.finish_servings(at);
        }
    }

    /// Whoever talks is out; what rings goes on.
    fn finish_servings(&mut self, at: UnixMs) {
        for serving in &mut self.servings {
            if serving.answered_at.is_some() {
                serving.finish(ServingEnd::Served, at);
            }
        }
    }

    /// The id of the conversation that it belongs to: its own if it joined none.
    pub fn conversation_id(&self) -> ConversationId {
        let own = || ConversationId(self.id.0.clone());
        self.conversation.clone().unwrap_or_else(own)
    }

    /// Answered time in whole seconds, rounded down; 0 if it was never answered.
    pub fn talk_seconds(&self) -> i64 {
        self.talk_ms().div_euclid(1000)
    }

    /// How long it rang, in milliseconds: until the answer, or until its end; 0 if it did not ring.
    pub fn ring_ms(&self) -> i64 {
        match (self.rang_at, self.answered_at.or(self.ended_at)) {
            (Some(rang), Some(until)) => (until.0 - rang.0).max(0),
            _ => 0,
        }
    }

    /// How long it was up, in milliseconds; 0 until it has ended.
    pub fn talk_ms(&self) -> i64 {
        match (self.answered_at, self.ended_at) {
            (Some(answered), Some(ended)) => (ended.0 - answered.0).max(0),
            _ => 0,
        }
    }

    /// The number of the person, whoever called whom.
    pub fn person(&self) -> &E164 {
        match self.direction {
            Direction::Inbound => &self.caller,
            Direction::Outbound => &self.callee,
        }
    }

    /// Who served the person last, beside a voice agent: somebody who answered.
    pub fn served_by(&self) -> Option<&Serving> {
        let mut latest_first = self.servings.iter().rev();
        latest_first.find(|serving| serving.answered_at.is_some())
    }

    /// The track of `whose`, once rendered.
    pub fn recording(&self, whose: Track) -> Option<&Recording> {
        self.recordings
            .iter()
            .find(|recording| recording.track == whose)
    }
}

/// Which ended calls to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFilter {
    /// The owner.
    pub tenant: TenantId,
    /// Started at or after.
    pub from: UnixMs,
    /// Started before.
    pub to: UnixMs,
    /// Only with one of these numbers as caller or callee; empty for all.
    pub numbers: Vec<E164>,
    /// Only these; empty for all.
    pub ids: Vec<CallId>,
    /// Only ended calls.
    pub ended_only: bool,
}
