//! Calls: what of them is not a column.

use model::{
    Call, CallId, CallState, ConversationId, CustomerId, Direction, EndCause, HungUpSide,
    LegQuality, NextAgent, SkillGroupId, TenantId, TrunkId, UnixMs, Variable, VoiceAgentId,
};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

use super::{
    document, number_of, party::PartyDoc, recording::RecordingDoc, serving::ServingDoc, text,
    unknown,
};
use crate::{StoreError, statement::Columns as _};

/// What of a call is neither searched for nor sorted by.
#[derive(Serialize, Deserialize)]
struct CallBody {
    voice_agent: Option<i64>,
    voice_agent_name: String,
    trunk: Option<i64>,
    variables: Vec<VariableDoc>,
    user_data: Option<String>,
    rang_at: Option<i64>,
    cause: Option<String>,
    side: Option<String>,
    sip_status: Option<u16>,
    sip_reason: String,
    digits: Vec<(i64, String)>,
    quality: Option<QualityDoc>,
    recordings: Vec<RecordingDoc>,
    /// Since when, which, its name and its version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    next_agents: Vec<(i64, i64, String, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    servings: Vec<ServingDoc>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parties: Vec<PartyDoc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queued: Option<(i64, Option<i64>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conversation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct VariableDoc {
    key: String,
    value: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct QualityDoc {
    packets_sent: u64,
    packets_received: u64,
    packets_lost: u64,
    packets_late: u64,
    jitter_ms: f64,
    rtt_ms: f64,
    mos: f64,
}

/// The document of a call.
pub(crate) fn call_body(call: &Call) -> String {
    text(&CallBody {
        voice_agent: call.voice_agent.map(|id| id.0),
        voice_agent_name: call.voice_agent_name.clone(),
        trunk: call.trunk.map(|id| id.0),
        variables: variables_doc(&call.variables),
        user_data: call.user_data.clone(),
        rang_at: call.rang_at.map(|at| at.0),
        cause: call.cause.map(|cause| cause.name().into()),
        side: call.side.map(|side| side.name().into()),
        sip_status: call.sip_status,
        sip_reason: call.sip_reason.clone(),
        digits: call
            .digits
            .iter()
            .map(|(at, digits)| (at.0, digits.clone()))
            .collect(),
        quality: call.quality.map(QualityDoc::from),
        recordings: call.recordings.iter().map(RecordingDoc::from).collect(),
        next_agents: next_agents_doc(&call.next_agents),
        servings: call.servings.iter().map(ServingDoc::from).collect(),
        parties: call.parties.iter().map(PartyDoc::from).collect(),
        queued: call
            .queued
            .map(|(at, group)| (at.0, group.map(|group| group.0))),
        conversation: call.conversation.as_ref().map(|id| id.0.clone()),
        customer: call.customer.as_ref().map(|id| id.0.clone()),
    })
}

/// The call in a row.
pub(crate) fn call_of(row: &AnyRow) -> Result<Call, StoreError> {
    let body: CallBody = document("call", &row.text("body")?)?;
    let recordings: Result<Vec<_>, _> = body
        .recordings
        .into_iter()
        .map(RecordingDoc::recording)
        .collect();
    let servings: Result<Vec<_>, _> = body.servings.into_iter().map(ServingDoc::serving).collect();
    let parties: Result<Vec<_>, _> = body.parties.into_iter().map(PartyDoc::party).collect();
    Ok(Call {
        id: CallId(row.text("id")?),
        tenant: TenantId(row.int("tenant")?),
        direction: direction_of(&row.text("direction")?)?,
        state: CallState::by_name(&row.text("state")?).ok_or_else(|| unknown("call state"))?,
        caller: number_of(&row.text("caller")?)?,
        callee: number_of(&row.text("callee")?)?,
        voice_agent: body.voice_agent.map(VoiceAgentId),
        voice_agent_name: body.voice_agent_name,
        trunk: body.trunk.map(TrunkId),
        variables: variables_of(body.variables),
        user_data: body.user_data,
        started_at: UnixMs(row.int("started_at")?),
        rang_at: body.rang_at.map(UnixMs),
        answered_at: row.int_or_null("answered_at")?.map(UnixMs),
        ended_at: row.int_or_null("ended_at")?.map(UnixMs),
        cause: named(body.cause, EndCause::by_name, "end cause")?,
        side: named(body.side, HungUpSide::by_name, "side")?,
        sip_status: body.sip_status,
        sip_reason: body.sip_reason,
        digits: body
            .digits
            .into_iter()
            .map(|(at, digits)| (UnixMs(at), digits))
            .collect(),
        quality: body.quality.map(Into::into),
        recordings: recordings?,
        next_agents: next_agents_of(body.next_agents),
        servings: servings?,
        parties: parties?,
        queued: body
            .queued
            .map(|(at, group)| (UnixMs(at), group.map(SkillGroupId))),
        conversation: body.conversation.map(ConversationId),
        customer: body.customer.map(CustomerId),
        n_events: row.int("n_events")?,
    })
}

fn next_agents_doc(agents: &[(UnixMs, NextAgent)]) -> Vec<(i64, i64, String, i64)> {
    let agents = agents.iter().map(|(since, next)| {
        let name = next.name.clone();
        (since.0, next.voice_agent.0, name, next.version)
    });
    agents.collect()
}

fn next_agents_of(docs: Vec<(i64, i64, String, i64)>) -> Vec<(UnixMs, NextAgent)> {
    let agents = docs.into_iter().map(|(since, id, name, version)| {
        let voice_agent = VoiceAgentId(id);
        let next = NextAgent {
            voice_agent,
            name,
            version,
        };
        (UnixMs(since), next)
    });
    agents.collect()
}

/// Stable lower-case name of a direction.
pub(crate) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

/// The direction with this name.
pub(super) fn direction_of(name: &str) -> Result<Direction, StoreError> {
    [Direction::Inbound, Direction::Outbound]
        .into_iter()
        .find(|direction| direction_name(*direction) == name)
        .ok_or_else(|| unknown("direction"))
}

pub(super) fn variables_doc(variables: &[Variable]) -> Vec<VariableDoc> {
    variables
        .iter()
        .map(|variable| VariableDoc {
            key: variable.key.clone(),
            value: variable.value.clone(),
        })
        .collect()
}

pub(super) fn variables_of(docs: Vec<VariableDoc>) -> Vec<Variable> {
    docs.into_iter()
        .map(|doc| Variable {
            key: doc.key,
            value: doc.value,
        })
        .collect()
}

impl From<LegQuality> for QualityDoc {
    fn from(quality: LegQuality) -> Self {
        // JSON has no infinity; a measurement that failed is as good as none.
        let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
        Self {
            packets_sent: quality.packets_sent,
            packets_received: quality.packets_received,
            packets_lost: quality.packets_lost,
            packets_late: quality.packets_late,
            jitter_ms: finite(quality.jitter_ms),
            rtt_ms: finite(quality.rtt_ms),
            mos: finite(quality.mos),
        }
    }
}

impl From<QualityDoc> for LegQuality {
    fn from(doc: QualityDoc) -> Self {
        Self {
            packets_sent: doc.packets_sent,
            packets_received: doc.packets_received,
            packets_lost: doc.packets_lost,
            packets_late: doc.packets_late,
            jitter_ms: doc.jitter_ms,
            rtt_ms: doc.rtt_ms,
            mos: doc.mos,
        }
    }
}

fn named<T>(
    name: Option<String>,
    by_name: fn(&str) -> Option<T>,
    what: &'static str,
) -> Result<Option<T>, StoreError> {
    match name {
        Some(name) => by_name(&name).map(Some).ok_or_else(|| unknown(what)),
        None => Ok(None),
    }
}
