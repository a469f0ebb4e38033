//! Events of calls.

mod carried;
mod latency;
mod other;
mod referral;

use std::time::Duration;

use model::{
    Answerer, CallEvent, CallRuleKind, ConversationId, CredentialId, CustomerId, EndCause,
    HungUpSide, Instruction, InstructionKind, InstructionOutcome, Occasion, RecordingId, SoundId,
    TenantId, TrunkId, UnixMs, VoiceAgentId,
};
use serde::{Deserialize, Serialize};

use super::{
    call::{QualityDoc, VariableDoc, direction_name, direction_of, variables_doc, variables_of},
    document, number_of,
    party::PartyEventDoc,
    recording::RecordingDoc,
    review::ReviewDoc,
    serving::ServerDoc,
    text,
    thought::ThoughtDoc,
    unknown,
};
use crate::StoreError;
use carried::{CarriedDoc, UserDataDoc};
use latency::{LatencyDoc, latency, latency_doc};
use other::{doc_of_other, event_of_other};
use referral::ReferralDoc;

/// An event as it is stored; `kind` names it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum EventDoc {
    Requested(RequestedDoc),
    ConversationJoined(JoinedDoc),
    Diverted {
        by: String,
        reason: String,
    },
    Carried(CarriedDoc),
    UserDataCame(UserDataDoc),
    RuleChecked {
        rule: String,
        allowed: bool,
        detail: String,
    },
    Dialed {
        sip_call_id: String,
        peer: String,
    },
    Rerouted {
        trunk: i64,
        caller: String,
        why: String,
    },
    Rang {
        sip_status: u16,
    },
    Answered {
        codec: String,
        peer: String,
    },
    AgentSaid {
        heard: String,
        unsaid: String,
        from: i64,
        to: i64,
        interrupted: bool,
        #[serde(default)]
        interruptible: bool,
        #[serde(default)]
        occasion: Option<String>,
    },
    CallerSaid {
        text: String,
        from: i64,
        to: i64,
    },
    DigitsPressed {
        digits: String,
    },
    NoInput,
    FalseInterruption,
    AnswererFound {
        answerer: String,
    },
    Instructed {
        what: String,
        text: String,
        outcome: String,
    },
    ReplyTimed(LatencyDoc),
    Thought(ThoughtDoc),
    SoundStarted {
        sound: i64,
        times: u32,
        over: bool,
    },
    SoundEnded {
        sound: i64,
        cut: bool,
    },
    TransferRequested {
        target: String,
    },
    Queued {
        skill_group: Option<i64>,
    },
    Offered(ServerDoc),
    OfferRang,
    Served {
        codec: String,
        peer: String,
    },
    ServingEnded {
        end: String,
    },
    TransferFailed {
        why: String,
    },
    AgentChanged {
        voice_agent: i64,
        name: String,
        version: i64,
    },
    HoldChanged {
        by: String,
        held: bool,
    },
    Party(PartyEventDoc),
    Referral(ReferralDoc),
    HangUpRequested {
        by: String,
    },
    Ended {
        cause: String,
        side: String,
        sip_status: Option<u16>,
        sip_reason: String,
        quality: Option<QualityDoc>,
    },
    Reviewed(ReviewDoc),
    ReviewFailed {
        why: String,
    },
    RecordingReady(RecordingDoc),
    RecordingFailed {
        why: String,
    },
    RecordingCopied {
        recording: String,
        url: String,
    },
}

#[derive(Serialize, Deserialize)]
struct JoinedDoc {
    conversation: String,
    customer: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct RequestedDoc {
    tenant: i64,
    direction: String,
    caller: String,
    callee: String,
    voice_agent: Option<i64>,
    voice_agent_name: String,
    voice_agent_version: i64,
    trunk: Option<i64>,
    variables: Vec<VariableDoc>,
    user_data: Option<String>,
    ring_time_max_ms: u64,
    credential: Option<String>,
}

/// Stable name of what happened.
pub(crate) fn event_kind(event: &CallEvent) -> &'static str {
    match event {
        CallEvent::Requested { .. } => "requested",
        CallEvent::ConversationJoined { .. } => "conversation_joined",
        CallEvent::Diverted { .. } => "diverted",
        CallEvent::Carried { .. } => "carried",
        CallEvent::UserDataCame { .. } => "user_data_came",
        CallEvent::RuleChecked { .. } => "rule_checked",
        CallEvent::Dialed { .. } => "dialed",
        CallEvent::Rerouted { .. } => "rerouted",
        CallEvent::Rang { .. } => "rang",
        CallEvent::Answered { .. } => "answered",
        CallEvent::AgentSaid { .. } => "agent_said",
        CallEvent::CallerSaid { .. } => "caller_said",
        CallEvent::DigitsPressed { .. } => "digits_pressed",
        CallEvent::NoInput => "no_input",
        CallEvent::FalseInterruption => "false_interruption",
        CallEvent::AnswererFound { .. } => "answerer_found",
        CallEvent::Instructed(_) => "instructed",
        CallEvent::Reviewed(_) => "reviewed",
        CallEvent::ReviewFailed { .. } => "review_failed",
        CallEvent::ReplyTimed(_) => "reply_timed",
        CallEvent::Thought(_) => "thought",
        CallEvent::SoundStarted { .. } => "sound_started",
        CallEvent::SoundEnded { .. } => "sound_ended",
        CallEvent::TransferRequested { .. } => "transfer_requested",
        CallEvent::Queued { .. } => "queued",
        CallEvent::Offered(_) => "offered",
        CallEvent::OfferRang => "offer_rang",
        CallEvent::Served { .. } => "served",
        CallEvent::ServingEnded { .. } => "serving_ended",
        CallEvent::TransferFailed { .. } => "transfer_failed",
        CallEvent::AgentChanged(_) => "agent_changed",
        CallEvent::HoldChanged { .. } => "hold_changed",
        CallEvent::Party(_) => "party",
        CallEvent::Referral(_) => "referral",
        CallEvent::HangUpRequested { .. } => "hang_up_requested",
        CallEvent::Ended { .. } => "ended",
        CallEvent::RecordingReady(_) => "recording_ready",
        CallEvent::RecordingFailed { .. } => "recording_failed",
        CallEvent::RecordingCopied { .. } => "recording_copied",
    }
}

/// The document of an event.
pub(crate) fn event_text(event: &CallEvent) -> String {
    text(&doc(event))
}

/// The event in a document.
pub(crate) fn event_of(text: &str) -> Result<CallEvent, StoreError> {
    event(document("event", text)?)
}

fn doc(event: &CallEvent) -> EventDoc {
    match event.clone() {
        CallEvent::Requested { .. } => EventDoc::Requested(requested_doc(event)),
        CallEvent::ConversationJoined { .. } => EventDoc::ConversationJoined(joined_doc(event)),
        CallEvent::Diverted { by, reason } => EventDoc::Diverted { by, reason },
        CallEvent::Carried { .. } => EventDoc::Carried(CarriedDoc::of(event)),
        CallEvent::UserDataCame { .. } => EventDoc::UserDataCame(UserDataDoc::of(event)),
        CallEvent::RuleChecked {
            rule,
            allowed,
            detail,
        } => EventDoc::RuleChecked {
            rule: rule.name().into(),
            allowed,
            detail,
        },
        CallEvent::Dialed { sip_call_id, peer } => EventDoc::Dialed { sip_call_id, peer },
        CallEvent::Rerouted { trunk, caller, why } => EventDoc::Rerouted {
            trunk: trunk.0,
            caller: caller.digits().to_owned(),
            why,
        },
        CallEvent::Rang { sip_status } => EventDoc::Rang { sip_status },
        CallEvent::Answered { codec, peer } => EventDoc::Answered { codec, peer },
        CallEvent::AgentSaid { .. }
        | CallEvent::FalseInterruption
        | CallEvent::AnswererFound { .. }
        | CallEvent::Instructed(_)
        | CallEvent::Reviewed(_)
        | CallEvent::ReviewFailed { .. } => doc_of_agent(event.clone()),
        CallEvent::CallerSaid { text, from, to } => EventDoc::CallerSaid {
            text,
            from: from.0,
            to: to.0,
        },
        CallEvent::DigitsPressed { digits } => EventDoc::DigitsPressed { digits },
        CallEvent::NoInput => EventDoc::NoInput,
        CallEvent::ReplyTimed(latency) => EventDoc::ReplyTimed(latency_doc(&latency)),
        CallEvent::Thought(thought) => EventDoc::Thought(thought.into()),
        CallEvent::SoundStarted { sound, times, over } => EventDoc::SoundStarted {
            sound: sound.0,
            times,
            over,
        },
        CallEvent::SoundEnded { sound, cut } => EventDoc::SoundEnded {
            sound: sound.0,
            cut,
        },
        CallEvent::TransferRequested { .. }
        | CallEvent::Queued { .. }
        | CallEvent::Offered(_)
        | CallEvent::OfferRang
        | CallEvent::Served { .. }
        | CallEvent::ServingEnded { .. }
        | CallEvent::TransferFailed { .. }
        | CallEvent::AgentChanged(_)
        | CallEvent::HoldChanged { .. }
        | CallEvent::Referral(_) => doc_of_other(event.clone()),
        CallEvent::Party(event) => EventDoc::Party(event.into()),
        CallEvent::HangUpRequested { by } => EventDoc::HangUpRequested { by },
        event @ CallEvent::Ended { .. } => ended_doc(event),
        CallEvent::RecordingReady(recording) => EventDoc::RecordingReady((&recording).into()),
        CallEvent::RecordingFailed { why } => EventDoc::RecordingFailed { why },
        CallEvent::RecordingCopied { recording, url } => EventDoc::RecordingCopied {
            recording: recording.0,
            url,
        },
    }
}

fn ended_doc(event: CallEvent) -> EventDoc {
    let CallEvent::Ended {
        cause,
        side,
        sip_status,
        sip_reason,
        quality,
    } = event
    else {
        unreachable!("only the end of a call gets here")
    };
    EventDoc::Ended {
        cause: cause.name().into(),
        side: side.name().into(),
        sip_status,
        sip_reason,
        quality: quality.map(QualityDoc::from),
    }
}

fn joined_doc(event: &CallEvent) -> JoinedDoc {
    let CallEvent::ConversationJoined {
        conversation,
        customer,
    } = event
    else {
        unreachable!("only calls that join a conversation are asked here")
    };
    JoinedDoc {
        conversation: conversation.0.clone(),
        customer: customer.as_ref().map(|customer| customer.0.clone()),
    }
}

fn joined(doc: JoinedDoc) -> CallEvent {
    CallEvent::ConversationJoined {
        conversation: ConversationId(doc.conversation),
        customer: doc.customer.map(CustomerId),
    }
}

fn event(doc: EventDoc) -> Result<CallEvent, StoreError> {
    Ok(match doc {
        EventDoc::Requested(doc) => requested(doc)?,
        EventDoc::ConversationJoined(doc) => joined(doc),
        EventDoc::Diverted { by, reason } => CallEvent::Diverted { by, reason },
        EventDoc::Carried(doc) => doc.event()?,
        EventDoc::UserDataCame(doc) => doc.event()?,
        EventDoc::RuleChecked {
            rule,
            allowed,
            detail,
        } => CallEvent::RuleChecked {
            rule: CallRuleKind::by_name(&rule).ok_or_else(|| unknown("call rule"))?,
            allowed,
            detail,
        },
        EventDoc::Dialed { sip_call_id, peer } => CallEvent::Dialed { sip_call_id, peer },
        EventDoc::Rerouted { trunk, caller, why } => CallEvent::Rerouted {
            trunk: TrunkId(trunk),
            caller: number_of(&caller)?,
            why,
        },
        EventDoc::Rang { sip_status } => CallEvent::Rang { sip_status },
        EventDoc::Answered { codec, peer } => CallEvent::Answered { codec, peer },
        doc @ (EventDoc::AgentSaid { .. }
        | EventDoc::FalseInterruption
        | EventDoc::AnswererFound { .. }
        | EventDoc::Instructed { .. }
        | EventDoc::Reviewed(_)
        | EventDoc::ReviewFailed { .. }) => event_of_agent(doc)?,
        EventDoc::CallerSaid { text, from, to } => CallEvent::CallerSaid {
            text,
            from: UnixMs(from),
            to: UnixMs(to),
        },
        EventDoc::DigitsPressed { digits } => CallEvent::DigitsPressed { digits },
        EventDoc::NoInput => CallEvent::NoInput,
        EventDoc::ReplyTimed(doc) => CallEvent::ReplyTimed(latency(&doc)),
        EventDoc::Thought(doc) => CallEvent::Thought(doc.thought()?),
        EventDoc::SoundStarted { sound, times, over } => CallEvent::SoundStarted {
            sound: SoundId(sound),
            times,
            over,
        },
        EventDoc::SoundEnded { sound, cut } => CallEvent::SoundEnded {
            sound: SoundId(sound),
            cut,
        },
        doc @ (EventDoc::TransferRequested { .. }
        | EventDoc::Queued { .. }
        | EventDoc::Offered(_)
        | EventDoc::OfferRang
        | EventDoc::Served { .. }
        | EventDoc::ServingEnded { .. }
        | EventDoc::TransferFailed { .. }
        | EventDoc::AgentChanged { .. }
        | EventDoc::HoldChanged { .. }
        | EventDoc::Referral(_)) => event_of_other(doc)?,
        EventDoc::Party(doc) => CallEvent::Party(doc.event()?),
        EventDoc::HangUpRequested { by } => CallEvent::HangUpRequested { by },
        doc @ EventDoc::Ended { .. } => ended(doc)?,
        EventDoc::RecordingReady(doc) => CallEvent::RecordingReady(doc.recording()?),
        EventDoc::RecordingFailed { why } => CallEvent::RecordingFailed { why },
        EventDoc::RecordingCopied { recording, url } => CallEvent::RecordingCopied {
            recording: RecordingId(recording),
            url,
        },
    })
}

fn ended(doc: EventDoc) -> Result<CallEvent, StoreError> {
    let EventDoc::Ended {
        cause,
        side,
        sip_status,
        sip_reason,
        quality,
    } = doc
    else {
        unreachable!("only the end of a call gets here")
    };
    Ok(CallEvent::Ended {
        cause: EndCause::by_name(&cause).ok_or_else(|| unknown("end cause"))?,
        side: HungUpSide::by_name(&side).ok_or_else(|| unknown("side"))?,
        sip_status,
        sip_reason,
        quality: quality.map(Into::into),
    })
}

/// What a voice agent did, and what was made of it.
fn doc_of_agent(event: CallEvent) -> EventDoc {
    match event {
        CallEvent::AgentSaid {
            heard,
            unsaid,
            from,
            to,
            interrupted,
            interruptible,
            occasion,
        } => EventDoc::AgentSaid {
            heard,
            unsaid,
            from: from.0,
            to: to.0,
            interrupted,
            interruptible,
            occasion: Some(occasion.name().into()),
        },
        CallEvent::FalseInterruption => EventDoc::FalseInterruption,
        CallEvent::AnswererFound { answerer } => EventDoc::AnswererFound {
            answerer: answerer.name().into(),
        },
        CallEvent::Instructed(instruction) => EventDoc::Instructed {
            what: instruction.kind.name().into(),
            text: instruction.text,
            outcome: instruction.outcome.name().into(),
        },
        CallEvent::Reviewed(review) => EventDoc::Reviewed(review.into()),
        CallEvent::ReviewFailed { why } => EventDoc::ReviewFailed { why },
        _ => unreachable!("only events of voice agents get here"),
    }
}

fn event_of_agent(doc: EventDoc) -> Result<CallEvent, StoreError> {
    Ok(match doc {
        EventDoc::AgentSaid {
            heard,
            unsaid,
            from,
            to,
            interrupted,
            interruptible,
            occasion,
        } => CallEvent::AgentSaid {
            heard,
            unsaid,
            from: UnixMs(from),
            to: UnixMs(to),
            interrupted,
            interruptible,
            occasion: match occasion {
                Some(name) => Occasion::by_name(&name).ok_or_else(|| unknown("occasion"))?,
                None => Occasion::default(),
            },
        },
        EventDoc::FalseInterruption => CallEvent::FalseInterruption,
        EventDoc::AnswererFound { answerer } => CallEvent::AnswererFound {
            answerer: Answerer::by_name(&answerer).ok_or_else(|| unknown("answerer"))?,
        },
        EventDoc::Instructed {
            what,
            text,
            outcome,
        } => CallEvent::Instructed(Instruction {
            kind: InstructionKind::by_name(&what).ok_or_else(|| unknown("instruction"))?,
            text,
            outcome: InstructionOutcome::by_name(&outcome)
                .ok_or_else(|| unknown("outcome of an instruction"))?,
        }),
        EventDoc::Reviewed(doc) => CallEvent::Reviewed(doc.into()),
        EventDoc::ReviewFailed { why } => CallEvent::ReviewFailed { why },
        _ => unreachable!("only events of voice agents get here"),
    })
}

fn requested_doc(event: &CallEvent) -> RequestedDoc {
    let CallEvent::Requested {
        tenant,
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
        unreachable!("only requests get here")
    };
    RequestedDoc {
        tenant: tenant.0,
        direction: direction_name(*direction).into(),
        caller: caller.digits().into(),
        callee: callee.digits().into(),
        voice_agent: voice_agent.map(|id| id.0),
        voice_agent_name: voice_agent_name.clone(),
        voice_agent_version: *voice_agent_version,
        trunk: trunk.map(|id| id.0),
        variables: variables_doc(variables),
        user_data: user_data.clone(),
        ring_time_max_ms: u64::try_from(ring_time_max.as_millis()).unwrap_or(u64::MAX),
        credential: credential.clone().map(|id| id.0),
    }
}

fn requested(doc: RequestedDoc) -> Result<CallEvent, StoreError> {
    Ok(CallEvent::Requested {
        tenant: TenantId(doc.tenant),
        direction: direction_of(&doc.direction)?,
        caller: number_of(&doc.caller)?,
        callee: number_of(&doc.callee)?,
        voice_agent: doc.voice_agent.map(VoiceAgentId),
        voice_agent_name: doc.voice_agent_name,
        voice_agent_version: doc.voice_agent_version,
        trunk: doc.trunk.map(TrunkId),
        variables: variables_of(doc.variables),
        user_data: doc.user_data,
        ring_time_max: Duration::from_millis(doc.ring_time_max_ms),
        credential: doc.credential.map(CredentialId),
    })
}
