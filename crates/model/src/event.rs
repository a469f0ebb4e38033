//! What happened to a call. Events are the truth; everything else about a call is a fold of them.

use std::time::Duration;

use crate::{
    CallRuleKind, ConversationId, CredentialId, CustomerId, Direction, E164, EndCause, HungUpSide,
    Instruction, NextAgent, PartyEvent, Recording, Referral, Review, Server, ServingEnd,
    SkillGroupId, SoundId, TenantId, Thought, TransferFailure, TrunkId, UnixMs, Variable,
    VoiceAgentId,
};

/// Something that happened to one call; immutable, named in the past.
#[derive(Clone, Debug, PartialEq)]
pub enum CallEvent {
    /// The call exists. Always the first event.
    Requested {
        /// The owner.
        tenant: TenantId,
        /// Who started it.
        direction: Direction,
        /// Number that is shown, or that called.
        caller: E164,
        /// Number that is called.
        callee: E164,
        /// Who talks.
        voice_agent: Option<VoiceAgentId>,
        /// Its name at that time.
        voice_agent_name: String,
        /// Its version at that time.
        voice_agent_version: i64,
        /// Which way it goes.
        trunk: Option<TrunkId>,
        /// Values for the agent's texts.
        variables: Vec<Variable>,
        /// The customer's own text.
        user_data: Option<String>,
        /// Longest ringing.
        ring_time_max: Duration,
        /// Whose request it was; absent on inbound calls and native requests.
        credential: Option<CredentialId>,
    },
    /// The call belongs to a conversation, or to a customer who is known. Only at its beginning.
    ConversationJoined {
        /// The conversation: that of a chat, or that of an earlier call.
        conversation: ConversationId,
        /// Whose, if that is known.
        customer: Option<CustomerId>,
    },
    /// The call was meant for somebody else, who diverted it to us (Diversion, RFC 5806, or
    /// History-Info, RFC 7044). Only at its beginning, the last diversion first.
    Diverted {
        /// Who diverted it: the address as it was written.
        by: String,
        /// Why: `no-answer`, `unconditional` …; empty if nobody said.
        reason: String,
    },
    /// A leg was answered, or agreed on something else since: how it is carried.
    Carried {
        /// Whose leg it is: the user's, or that of the staff who talk with them.
        side: HungUpSide,
        /// How SIP travels: `udp`, `tcp`, `tls`, `ws` or `wss`.
        transport: String,
        /// What encrypts the sound: the suite (RFC 4568 section 6.2), or `DTLS-SRTP`, whose handshake chooses
        /// it; empty: it is plain.
        suite: String,
    },
    /// A peer sent a text of its customer along (User-to-User, RFC 7433), with its answer or when it hung
    /// up.
    UserDataCame {
        /// Whose leg it came on.
        side: HungUpSide,
        /// The text, at most 2000 characters.
        text: String,
    },
    /// A rule was asked before dialling.
    RuleChecked {
        /// Which rule.
        rule: CallRuleKind,
        /// Whether it lets the call pass.
        allowed: bool,
        /// The values that decided, for people.
        detail: String,
    },
    /// The INVITE left.
    Dialed {
        /// SIP Call-ID, to find it in a capture or at the carrier.
        sip_call_id: String,
        /// Where it went.
        peer: String,
    },
    /// A trunk failed before the callee's phone rang, and the call goes another way.
    Rerouted {
        /// The trunk that it goes by now.
        trunk: TrunkId,
        /// The number that is shown now.
        caller: E164,
        /// What was wrong with the way before, for people.
        why: String,
    },
    /// The callee's phone rings (SIP 180 or 183).
    Rang {
        /// The provisional status.
        sip_status: u16,
    },
    /// Media may flow.
    Answered {
        /// Codec name as in SDP.
        codec: String,
        /// Where media goes.
        peer: String,
    },
    /// The voice agent spoke; only what left the socket is `heard`.
    AgentSaid {
        /// What the callee could hear.
        heard: String,
        /// What was cut off.
        unsaid: String,
        /// First sample on the wire.
        from: UnixMs,
        /// Last sample on the wire.
        to: UnixMs,
        /// Whether barge-in cut it.
        interrupted: bool,
        /// Whether the person could cut it.
        interruptible: bool,
        /// What it was said about.
        occasion: Occasion,
    },
    /// The person spoke.
    CallerSaid {
        /// What the recognizer made of it; empty when it made nothing of it.
        text: String,
        /// Speech began.
        from: UnixMs,
        /// Speech ended.
        to: UnixMs,
    },
    /// The person pressed keys.
    DigitsPressed {
        /// One or more of `0-9*#A-D`.
        digits: String,
    },
    /// The person was silent and was prompted.
    NoInput,
    /// The agent was stopped by something that was no interruption, and went on.
    FalseInterruption,
    /// It was found out who has answered.
    AnswererFound {
        /// Who.
        answerer: Answerer,
    },
    /// Somebody told the agent what to say or to think about.
    Instructed(Instruction),
    /// How long one reply took.
    ReplyTimed(TurnLatency),
    /// A step on the way to a reply.
    Thought(Thought),
    /// A sound was started by request.
    SoundStarted {
        /// Which.
        sound: SoundId,
        /// How many times.
        times: u32,
        /// Mixed over the agent.
        over: bool,
    },
    /// That sound ended or was cut.
    SoundEnded {
        /// Which.
        sound: SoundId,
        /// Cut before its end.
        cut: bool,
    },
    /// Somebody wants the person to be handed over, or a phone calls another one.
    TransferRequested {
        /// To whom: an extension, a number, a person or a skill group.
        target: String,
    },
    /// Everybody who could take the call is busy: it waits.
    Queued {
        /// For whom; `None`: for anybody.
        skill_group: Option<SkillGroupId>,
    },
    /// A phone is rung for the call.
    Offered(Server),
    /// That phone rings (SIP 180 or 183).
    OfferRang,
    /// That phone was answered: the two hear each other from now on.
    Served {
        /// Codec name as in SDP.
        codec: String,
        /// Where its media goes.
        peer: String,
    },
    /// That phone is out of the call, which goes on without it.
    ServingEnded {
        /// What became of it.
        end: ServingEnd,
    },
    /// Nobody takes the person over.
    TransferFailed {
        /// Why.
        why: TransferFailure,
    },
    /// Another voice agent has the person from now on.
    AgentChanged(NextAgent),
    /// Somebody put the call on hold, or goes on.
    HoldChanged {
        /// Who.
        by: HungUpSide,
        /// On hold.
        held: bool,
    },
    /// Something happened to a further party of the call.
    Party(PartyEvent),
    /// A phone gives its place to another one.
    Referral(Referral),
    /// Somebody asked to end the call.
    HangUpRequested {
        /// In words: `api`, `drain` …
        by: String,
    },
    /// The call is over. Exactly one in each call; only recordings and the review may follow.
    Ended {
        /// Why.
        cause: EndCause,
        /// Who.
        side: HungUpSide,
        /// Final SIP status, if one came.
        sip_status: Option<u16>,
        /// The peer's reason in words, if it gave one.
        sip_reason: String,
        /// What media was like, if there was any.
        quality: Option<LegQuality>,
    },
    /// A track is rendered and can be fetched.
    RecordingReady(Recording),
    /// A track could not be made.
    RecordingFailed {
        /// Why, in words.
        why: String,
    },
    /// What was found out about the call after its end. At most one in each call.
    Reviewed(Review),
    /// Nothing could be found out about the call, and it is not tried any more.
    ReviewFailed {
        /// Why, in words.
        why: String,
    },
    /// A track was copied to the tenant's own store.
    RecordingCopied {
        /// Which track.
        recording: crate::RecordingId,
        /// Where it is now.
        url: String,
    },
}

/// What a voice agent spoke about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// The call was answered.
    Welcome,
    /// Something the person said or pressed.
    #[default]
    Answer,
    /// The person said nothing.
    Silence,
    /// The person was not understood.
    Unclear,
    /// Nobody took the person over.
    TransferFailed,
    /// Somebody asked for it by request.
    Instruction,
}

/// Who has answered a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// A person.
    Person,
    /// A machine, by its tone.
    MachineByBeep,
    /// A machine, by its words.
    MachineByWords,
    /// A machine, by its long greeting.
    MachineByLongGreeting,
}

/// How long one reply took, from the last packet of the caller's speech to the first of the
/// reply, split by cause. The parts add up to `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TurnLatency {
    /// Counts replies of a call from 1.
    pub turn: u32,
    /// Deciding that the caller's turn is over.
    pub endpointing: Duration,
    /// Waiting for words after that.
    pub recognizer: Duration,
    /// Deciding what to say: up to the first sentence that can be spoken.
    pub thinker: Duration,
    /// The part of `thinker` before its first sign of life: a model's first token.
    pub first_token: Duration,
    /// Making it sound.
    pub speaker: Duration,
    /// Waiting for the packet clock.
    pub queue: Duration,
    /// All of it.
    pub total: Duration,
}

/// What media was like on one leg.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LegQuality {
    /// RTP packets that left.
    pub packets_sent: u64,
    /// RTP packets that came.
    pub packets_received: u64,
    /// Never came.
    pub packets_lost: u64,
    /// Came too late to be played.
    pub packets_late: u64,
    /// Interarrival jitter (RFC 3550 6.4.1), ms.
    pub jitter_ms: f64,
    /// Round trip by RTCP, ms; 0 when the peer sends no reports.
    pub rtt_ms: f64,
    /// Estimated mean opinion score, 1.0 to 4.5.
    pub mos: f64,
}

/// An event with its place in the call and its time.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    /// Counts events of a call from 1.
    pub n: i64,
    /// When it happened.
    pub at: UnixMs,
    /// What.
    pub event: CallEvent,
}

impl Occasion {
    /// Every occasion.
    pub const ALL: [Self; 6] = [
        Self::Welcome,
        Self::Answer,
        Self::Silence,
        Self::Unclear,
        Self::TransferFailed,
        Self::Instruction,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Answer => "answer",
            Self::Silence => "silence",
            Self::Unclear => "unclear",
            Self::TransferFailed => "transfer_failed",
            Self::Instruction => "instruction",
        }
    }

    /// The occasion with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|occasion| occasion.name() == name)
    }
}

impl Answerer {
    /// Everybody who may answer.
    pub const ALL: [Self; 4] = [
        Self::Person,
        Self::MachineByBeep,
        Self::MachineByWords,
        Self::MachineByLongGreeting,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::MachineByBeep => "machine_by_beep",
            Self::MachineByWords => "machine_by_words",
            Self::MachineByLongGreeting => "machine_by_long_greeting",
        }
    }

    /// The answerer with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|answerer| answerer.name() == name)
    }
}
