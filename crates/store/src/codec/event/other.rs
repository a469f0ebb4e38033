//! Events of the other side of a bridge.

use model::{
    CallEvent, HungUpSide, NextAgent, ServingEnd, SkillGroupId, TransferFailure, VoiceAgentId,
};

use super::EventDoc;
use crate::{StoreError, codec::unknown};

/// What became of the other side of a bridge.
pub(super) fn doc_of_other(event: CallEvent) -> EventDoc {
    match event {
        CallEvent::TransferRequested { target } => EventDoc::TransferRequested { target },
        CallEvent::Queued { skill_group } => EventDoc::Queued {
            skill_group: skill_group.map(|group| group.0),
        },
        CallEvent::Offered(server) => EventDoc::Offered((&server).into()),
        CallEvent::OfferRang => EventDoc::OfferRang,
        CallEvent::Served { codec, peer } => EventDoc::Served { codec, peer },
        CallEvent::ServingEnded { end } => EventDoc::ServingEnded {
            end: end.name().into(),
        },
        CallEvent::TransferFailed { why } => EventDoc::TransferFailed {
            why: why.name().into(),
        },
        CallEvent::AgentChanged(next) => EventDoc::AgentChanged {
            voice_agent: next.voice_agent.0,
            name: next.name,
            version: next.version,
        },
        CallEvent::HoldChanged { by, held } => EventDoc::HoldChanged {
            by: by.name().into(),
            held,
        },
        CallEvent::Referral(referral) => EventDoc::Referral(referral.into()),
        _ => unreachable!("only events of the other side get here"),
    }
}

pub(super) fn event_of_other(doc: EventDoc) -> Result<CallEvent, StoreError> {
    Ok(match doc {
        EventDoc::TransferRequested { target } => CallEvent::TransferRequested { target },
        EventDoc::Queued { skill_group } => CallEvent::Queued {
            skill_group: skill_group.map(SkillGroupId),
        },
        EventDoc::Offered(doc) => CallEvent::Offered(doc.server()?),
        EventDoc::OfferRang => CallEvent::OfferRang,
        EventDoc::Served { codec, peer } => CallEvent::Served { codec, peer },
        EventDoc::ServingEnded { end } => CallEvent::ServingEnded {
            end: ServingEnd::by_name(&end).ok_or_else(|| unknown("end of a serving"))?,
        },
        EventDoc::TransferFailed { why } => CallEvent::TransferFailed {
            why: TransferFailure::by_name(&why).ok_or_else(|| unknown("transfer failure"))?,
        },
        EventDoc::AgentChanged {
            voice_agent,
            name,
            version,
        } => CallEvent::AgentChanged(NextAgent {
            voice_agent: VoiceAgentId(voice_agent),
            name,
            version,
        }),
        EventDoc::HoldChanged { by, held } => CallEvent::HoldChanged {
            by: HungUpSide::by_name(&by).ok_or_else(|| unknown("side"))?,
            held,
        },
        EventDoc::Referral(doc) => CallEvent::Referral(doc.referral()?),
        _ => unreachable!("only events of the other side get here"),
    })
}
