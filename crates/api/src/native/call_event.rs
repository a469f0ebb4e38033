//! Events of calls on the wire, in the journal of one call and in the stream of all.

use std::time::Duration;

use model::{
    CallEvent, ConversationId, CustomerId, Direction, LegQuality, Stamped, TurnLatency, Variable,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    call_view::RecordingView,
    field::{Phone, Time},
    party_view::PartyEventView,
    referral_view::ReferralView,
    review_view::ReviewView,
    serving_view::ServerView,
    thought_view::ThoughtView,
};

/// An event with its place in the call and its time.
#[derive(Serialize, JsonSchema)]
pub(super) struct StampedView {
    /// Counts events of a call from 1.
    pub n: i64,
    /// When it happened.
    pub at: Time,
    /// What happened.
    #[serde(flatten)]
    pub event: EventView,
}

/// Who started a call.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DirectionView {
    /// The person called us.
    Inbound,
    /// We called the person.
    Outbound,
}

/// A value for the agent's texts.
#[derive(Serialize, JsonSchema)]
pub(super) struct VariableView {
    /// Its name.
    key: String,
    /// Its value.
    value: String,
}

/// Something that happened to a call.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum EventView {
    /// The call exists. Always the first event.
    Requested {
        direction: DirectionView,
        caller: Phone,
        callee: Phone,
        voice_agent: Option<i64>,
        voice_agent_name: String,
        voice_agent_version: i64,
        trunk: Option<i64>,
        variables: Vec<VariableView>,
        user_data: Option<String>,
        ring_second_max: u64,
        credential: Option<String>,
    },
    /// It belongs to a conversation, or to a customer who is known.
    ConversationJoined {
        /// Of a chat, or of an earlier call.
        conversation: String,
        /// Whose, if that is known.
        customer: Option<String>,
    },
    /// It was meant for somebody else, who diverted it to us.
    Diverted {
        /// Who: the address as it was written.
        by: String,
        /// Why; empty if nobody said.
        reason: String,
    },
    /// A leg was answered, or agreed on something else since: how it is carried.
    Carried {
        /// Whose leg it is: `user` or `staff`.
        side: &'static str,
        /// How SIP travels: `udp`, `tcp`, `tls`, `ws` or `wss`.
        transport: String,
        /// What encrypts the sound: a suite, or `DTLS-SRTP`; empty: it is plain.
        suite: String,
    },
    /// A peer sent a text of its customer along (User-to-User), with its answer or when it hung up.
    UserDataCame {
        /// Whose leg it came on.
        side: &'static str,
        text: String,
    },
    /// A rule was asked before dialling.
    RuleChecked {
        rule: &'static str,
        allowed: bool,
        detail: String,
    },
    /// The INVITE left.
    Dialed { sip_call_id: String, peer: String },
    /// A trunk failed before the callee's phone rang, and the call goes another way.
    Rerouted {
        trunk: i64,
        caller: Phone,
        why: String,
    },
    /// The callee's phone rings.
    Rang { sip_status: u16 },
    /// Media may flow.
    Answered { codec: String, peer: String },
    /// The voice agent spoke; only what left the socket is `heard`.
    AgentSaid {
        heard: String,
        unsaid: String,
        from: Time,
        to: Time,
        interrupted: bool,
        interruptible: bool,
        occasion: &'static str,
    },
    /// The person spoke.
    CallerSaid { text: String, from: Time, to: Time },
    /// The person pressed keys.
    DigitsPressed { digits: String },
    /// The person was silent and was prompted.
    NoInput,
    /// The agent was stopped by something that was no interruption, and went on.
    FalseInterruption,
    /// It was found out who has answered: `person`, `machine_by_beep`, `machine_by_words` or
    /// `machine_by_long_greeting`.
    AnswererFound { answerer: &'static str },
    /// Somebody told the agent to `say`, to `play` or to `think`; it was `taken`, `waits` or was
    /// `dropped`.
    Instructed {
        what: &'static str,
        text: String,
        outcome: &'static str,
    },
    /// How long one reply took.
    ReplyTimed(LatencyView),
    /// A step on the way to a reply.
    Thought(ThoughtView),
    /// A sound was started by request.
    SoundStarted { sound: i64, times: u32, over: bool },
    /// That sound ended or was cut.
    SoundEnded { sound: i64, cut: bool },
    /// Somebody wants the person to be handed over, or a phone calls another one.
    TransferRequested { target: String },
    /// Everybody who could take the call is busy: it waits.
    Queued { skill_group: Option<i64> },
    /// A phone is rung for the call.
    Offered(ServerView),
    /// That phone rings.
    OfferRang,
    /// That phone was answered: the two hear each other from now on.
    Served { codec: String, peer: String },
    /// That phone is out of the call, which goes on without it: it was `not_answered`, `busy`,
    /// `rejected`, `not_reachable`, `not_encrypted` (its media found no keys) or `given_up`.
    ServingEnded { end: &'static str },
    /// Nobody takes the person over: `unknown`, `nobody_there`, `queue_full`, `nobody_free`,
    /// `not_answered`, `busy`, `rejected` or `not_reachable`.
    TransferFailed { why: &'static str },
    /// Another voice agent has the person from now on.
    AgentChanged {
        voice_agent: i64,
        name: String,
        version: i64,
    },
    /// The phone of somebody (`user` or `staff`) put the other side on hold, or somebody by request did so in its
    /// place; or both go on.
    HoldChanged { by: &'static str, held: bool },
    /// Something happened to a further party.
    Party(PartyEventView),
    /// A phone gives its place to another one (REFER, Replaces).
    Referral(ReferralView),
    /// Somebody asked to end the call.
    HangUpRequested { by: String },
    /// The call is over; only recordings and the review may follow.
    Ended {
        cause: &'static str,
        side: &'static str,
        sip_status: Option<u16>,
        sip_reason: String,
        quality: Option<QualityView>,
    },
    /// What was found out about the call after its end.
    Reviewed(ReviewView),
    /// Nothing could be found out about the call.
    ReviewFailed { why: String },
    /// A track is rendered and can be fetched.
    RecordingReady(RecordingView),
    /// A track could not be made.
    RecordingFailed { why: String },
    /// A track was copied to the instance's own store.
    RecordingCopied { recording: String, url: String },
}

/// How long one reply took, from the last packet of the caller's speech to the first of the reply.
/// The parts add up to `total_ms`.
#[derive(Serialize, JsonSchema)]
pub(super) struct LatencyView {
    /// Counts replies of a call from 1.
    pub turn: u32,
    /// Deciding that the caller's turn is over.
    pub endpointing_ms: f64,
    /// Waiting for words after that.
    pub recognizer_ms: f64,
    /// Deciding what to say, up to the first sentence that can be spoken: the sum of the two that
    /// follow.
    pub thinker_ms: f64,
    /// Its part before the first sign of life, such as a model's first token.
    pub first_token_ms: f64,
    /// Its part from there to the first sentence.
    pub first_sentence_ms: f64,
    /// Making it sound.
    pub speaker_ms: f64,
    /// Waiting for the packet clock.
    pub queue_ms: f64,
    /// All of it.
    pub total_ms: f64,
}

/// What media was like.
#[derive(Serialize, JsonSchema)]
pub(super) struct QualityView {
    /// RTP packets that left.
    packets_sent: u64,
    /// RTP packets that came.
    packets_received: u64,
    /// Never came.
    packets_lost: u64,
    /// Came too late to be played.
    packets_late: u64,
    /// Interarrival jitter (RFC 3550 section 6.4.1).
    jitter_ms: f64,
    /// Round trip by RTCP; 0 when the peer sends no reports.
    rtt_ms: f64,
    /// Estimated mean opinion score, 1.0 to 4.5.
    mos: f64,
}

impl StampedView {
    /// `url` gives the signed address of a recording.
    pub(super) fn of(stamped: Stamped, url: &dyn Fn(&model::Recording) -> String) -> Self {
        Self {
            n: stamped.n,
            at: Time(stamped.at),
            event: EventView::of(stamped.event, url),
        }
    }
}

impl EventView {
    fn of(event: CallEvent, url: &dyn Fn(&model::Recording) -> String) -> Self {
        match event {
            requested @ CallEvent::Requested { .. } => Self::requested(requested),
            CallEvent::ConversationJoined {
                conversation,
                customer,
            } => Self::joined(conversation, customer),
            CallEvent::Diverted { by, reason } => Self::Diverted { by, reason },
            CallEvent::Dialed { sip_call_id, peer } => Self::Dialed { sip_call_id, peer },
            CallEvent::Rerouted { trunk, caller, why } => {
                let (trunk, caller) = (trunk.0, Phone(caller));
                Self::Rerouted { trunk, caller, why }
            }
            CallEvent::Rang { sip_status } => Self::Rang { sip_status },
            CallEvent::Answered { codec, peer } => Self::Answered { codec, peer },
            event @ (CallEvent::AgentSaid { .. }
            | CallEvent::FalseInterruption
            | CallEvent::AnswererFound { .. }
            | CallEvent::Instructed(_)
            | CallEvent::Reviewed(_)
            | CallEvent::ReviewFailed { .. }) => Self::of_agent(event),
            CallEvent::CallerSaid { text, from, to } => Self::CallerSaid {
                text,
                from: Time(from),
                to: Time(to),
            },
            CallEvent::DigitsPressed { digits } => Self::DigitsPressed { digits },
            CallEvent::NoInput => Self::NoInput,
            CallEvent::ReplyTimed(latency) => Self::ReplyTimed(latency.into()),
            CallEvent::Thought(thought) => Self::Thought(thought.into()),
            CallEvent::SoundStarted { sound, times, over } => {
                let sound = sound.0;
                Self::SoundStarted { sound, times, over }
            }
            CallEvent::SoundEnded { sound, cut } => {
                let sound = sound.0;
                Self::SoundEnded { sound, cut }
            }
            event @ (CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::TransferRequested { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Offered(_)
            | CallEvent::OfferRang
            | CallEvent::Served { .. }
            | CallEvent::ServingEnded { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::AgentChanged(_)
            | CallEvent::HoldChanged { .. }
            | CallEvent::Referral(_)) => Self::of_other(event),
            CallEvent::Party(event) => Self::Party(event.into()),
            CallEvent::HangUpRequested { by } => Self::HangUpRequested { by },
            ended @ CallEvent::Ended { .. } => Self::ended(ended),
            CallEvent::RecordingReady(recording) => {
                let url = url(&recording);
                Self::RecordingReady(RecordingView::of(recording, url))
            }
            CallEvent::RecordingFailed { why } => Self::RecordingFailed { why },
            CallEvent::RecordingCopied { recording, url } => {
                let recording = recording.0;
                Self::RecordingCopied { recording, url }
            }
        }
    }

    /// What a voice agent did, and what was made of it.
    fn of_agent(event: CallEvent) -> Self {
        match event {
            CallEvent::AgentSaid {
                heard,
                unsaid,
                from,
                to,
                interrupted,
                interruptible,
                occasion,
            } => Self::AgentSaid {
                heard,
                unsaid,
                from: Time(from),
                to: Time(to),
                interrupted,
                interruptible,
                occasion: occasion.name(),
            },
            CallEvent::FalseInterruption => Self::FalseInterruption,
            CallEvent::AnswererFound { answerer } => Self::AnswererFound {
                answerer: answerer.name(),
            },
            CallEvent::Instructed(instruction) => Self::Instructed {
                what: instruction.kind.name(),
                text: instruction.text,
                outcome: instruction.outcome.name(),
            },
            CallEvent::Reviewed(review) => Self::Reviewed(review.into()),
            CallEvent::ReviewFailed { why } => Self::ReviewFailed { why },
            _ => unreachable!("called with events of voice agents only"),
        }
    }

    fn joined(conversation: ConversationId, customer: Option<CustomerId>) -> Self {
        Self::ConversationJoined {
            conversation: conversation.0,
            customer: customer.map(|customer| customer.0),
        }
    }

    /// What became of the other side of a bridge.
    fn of_other(event: CallEvent) -> Self {
        match event {
            CallEvent::Carried {
                side,
                transport,
                suite,
            } => Self::Carried {
                side: side.name(),
                transport,
                suite,
            },
            CallEvent::UserDataCame { side, text } => Self::UserDataCame {
                side: side.name(),
                text,
            },
            CallEvent::RuleChecked {
                rule,
                allowed,
                detail,
            } => Self::RuleChecked {
                rule: rule.name(),
                allowed,
                detail,
            },
            CallEvent::TransferRequested { target } => Self::TransferRequested { target },
            CallEvent::Queued { skill_group } => Self::Queued {
                skill_group: skill_group.map(|group| group.0),
            },
            CallEvent::Offered(server) => Self::Offered(server.into()),
            CallEvent::OfferRang => Self::OfferRang,
            CallEvent::Served { codec, peer } => Self::Served { codec, peer },
            CallEvent::ServingEnded { end } => Self::ServingEnded { end: end.name() },
            CallEvent::TransferFailed { why } => Self::TransferFailed { why: why.name() },
            CallEvent::AgentChanged(next) => Self::AgentChanged {
                voice_agent: next.voice_agent.0,
                name: next.name,
                version: next.version,
            },
            CallEvent::HoldChanged { by, held } => Self::HoldChanged {
                by: by.name(),
                held,
            },
            CallEvent::Referral(referral) => Self::Referral(referral.into()),
            _ => unreachable!("only events of the other side get here"),
        }
    }

    fn requested(event: CallEvent) -> Self {
        let CallEvent::Requested {
            tenant: _,
            direction,
            caller,
            callee,
            voice_agent,
            voice_agent_name,
            voice_agent_version,
            trunk,
            variables,
            user_data,
            ring_time_max,
            credential,
        } = event
        else {
            unreachable!("called with this event only")
        };
        Self::Requested {
            direction: DirectionView::of(direction),
            caller: Phone(caller),
            callee: Phone(callee),
            voice_agent: voice_agent.map(|agent| agent.0),
            voice_agent_name,
            voice_agent_version,
            trunk: trunk.map(|trunk| trunk.0),
            variables: variables.into_iter().map(VariableView::from).collect(),
            user_data,
            ring_second_max: ring_time_max.as_secs(),
            credential: credential.map(|credential| credential.0),
        }
    }

    fn ended(event: CallEvent) -> Self {
        let CallEvent::Ended {
            cause,
            side,
            sip_status,
            sip_reason,
            quality,
        } = event
        else {
            unreachable!("called with this event only")
        };
        Self::Ended {
            cause: cause.name(),
            side: side.name(),
            sip_status,
            sip_reason,
            quality: quality.map(QualityView::from),
        }
    }
}

impl DirectionView {
    pub(super) fn of(direction: Direction) -> Self {
        match direction {
            Direction::Inbound => Self::Inbound,
            Direction::Outbound => Self::Outbound,
        }
    }
}

impl From<Variable> for VariableView {
    fn from(variable: Variable) -> Self {
        Self {
            key: variable.key,
            value: variable.value,
        }
    }
}

impl From<TurnLatency> for LatencyView {
    fn from(latency: TurnLatency) -> Self {
        Self {
            turn: latency.turn,
            endpointing_ms: ms(latency.endpointing),
            recognizer_ms: ms(latency.recognizer),
            thinker_ms: ms(latency.thinker),
            first_token_ms: ms(latency.first_token),
            first_sentence_ms: ms(latency.thinker.saturating_sub(latency.first_token)),
            speaker_ms: ms(latency.speaker),
            queue_ms: ms(latency.queue),
            total_ms: ms(latency.total),
        }
    }
}

/// Milliseconds with one decimal.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

impl From<LegQuality> for QualityView {
    fn from(quality: LegQuality) -> Self {
        Self {
            packets_sent: quality.packets_sent,
            packets_received: quality.packets_received,
            packets_lost: quality.packets_lost,
            packets_late: quality.packets_late,
            jitter_ms: quality.jitter_ms,
            rtt_ms: quality.rtt_ms,
            mos: quality.mos,
        }
    }
}
