//! What a leg says and is told, in SIP's words and in those of the call session.

use std::net::SocketAddr;

use engine::{call::LegEvent, sip_cause};
use model::{EndCause, KeyPresses, TrunkCodec};
use sip::{
    Canceler, Link, Reason, RefusedBy,
    digest::Credentials,
    sdp::{Codec, Direction, Local},
};

use super::MediaTerms;
use crate::{
    App,
    shell::{call::keys, media::RtpSockets},
};

/// Packets of 20 ms: what every machine here expects.
const PTIME_MS: u16 = 20;

/// Our end of a leg whose SIP goes by `link`. `offers`: our description is an offer.
pub(super) fn local(
    app: &App,
    sockets: &RtpSockets,
    link: Link,
    terms: &MediaTerms,
    offers: bool,
) -> Local {
    let identity = app.media().identity();
    Local {
        address: SocketAddr::new(app.sip().local_ip(link.remote), sockets.local().port()),
        session_id: u64::from(rand::random::<u32>()),
        version: 1,
        ptime_ms: PTIME_MS,
        direction: Direction::SendRecv,
        security: keys::security(identity, terms.encryption, link.transport, offers),
        events: events(terms),
    }
}

/// Whether keys may be events of RTP.
pub(super) fn events(terms: &MediaTerms) -> bool {
    terms.key_presses != KeyPresses::Tones
}

pub(super) fn codecs(wanted: &[TrunkCodec]) -> Vec<Codec> {
    wanted
        .iter()
        .map(|codec| match codec {
            TrunkCodec::Pcma => Codec::Pcma,
            TrunkCodec::Pcmu => Codec::Pcmu,
            TrunkCodec::G722 => Codec::G722,
            TrunkCodec::Opus => Codec::Opus,
        })
        .collect()
}

pub(super) fn credentials(settings: &model::TrunkDraft) -> Option<Credentials> {
    Some(Credentials {
        username: settings.user.clone()?,
        password: settings.password.clone().unwrap_or_default(),
    })
}

/// What an INVITE that was withdrawn comes to.
pub(super) fn canceled(by: Canceler, reason: Option<Reason>) -> LegEvent {
    let by_peer = match by {
        Canceler::RingTime => return LegEvent::Unanswered,
        Canceler::Us => false,
        Canceler::Peer => true,
    };
    LegEvent::Ended {
        by_peer,
        reason: reason.map_or_else(String::new, words_of),
    }
}

/// What a peer says of why it hangs up: its words, and the number that they stand for. Without words, a
/// cause of Q.850 has those of the standard.
pub(super) fn words_of(reason: Reason) -> String {
    let Reason {
        protocol,
        cause,
        text,
    } = reason;
    let Some(cause) = cause else {
        return text.unwrap_or_default();
    };
    let is_q850 = protocol.eq_ignore_ascii_case("Q.850");
    let named = || is_q850.then(|| sip_cause::q850_name(cause)).flatten();
    let words = text.filter(|text| !text.is_empty());
    match words.as_deref().or_else(named) {
        Some(words) => format!("{words} ({protocol} {cause})"),
        None => format!("{protocol} {cause}"),
    }
}

pub(super) fn refused(refusal: &sip::Refusal) -> LegEvent {
    match refusal.by {
        RefusedBy::Peer => {
            let q850 = refusal
                .reasons
                .iter()
                .find(|reason| reason.protocol == "Q.850");
            let words = refusal
                .reasons
                .iter()
                .find_map(|reason| reason.text.clone());
            LegEvent::Refused {
                status: refusal.status,
                reason: words.unwrap_or_else(|| refusal.phrase.clone()),
                q850: q850.and_then(|reason| reason.cause),
                moved_to: moved_to(refusal),
            }
        }
        RefusedBy::Silence => LegEvent::Failed {
            why: "the trunk does not answer".into(),
        },
        RefusedBy::LinkFailed => LegEvent::Failed {
            why: "the trunk cannot be reached".into(),
        },
        RefusedBy::Us => LegEvent::Failed {
            why: "too many calls at once".into(),
        },
    }
}

/// Whom a redirection names first. Another proxy (305) and another service (380) are nobody to call.
fn moved_to(refusal: &sip::Refusal) -> Option<String> {
    let contact = refusal.contacts.first()?;
    matches!(refusal.status, 300..=302).then(|| contact.uri.to_string())
}

/// The key of an `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`) body.
pub(super) fn digit(content_type: &str, body: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(body).ok()?;
    let key = match content_type {
        "application/dtmf-relay" => text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("signal")
                .then(|| value.trim())
        })?,
        "application/dtmf" => text.trim(),
        _ => return None,
    };
    let mut chars = key.chars();
    match (chars.next()?.to_ascii_uppercase(), chars.next()) {
        (key @ ('0'..='9' | '*' | '#' | 'A'..='D'), None) => Some(key),
        _ => None,
    }
}

/// The status for a caller whom nobody takes (RFC 3261 section 21).
pub(super) fn refusal_of(cause: EndCause) -> u16 {
    match cause {
        EndCause::Busy => 486,
        EndCause::Rejected => 603,
        EndCause::NumberNotExist | EndCause::NumberInvalid => 404,
        EndCause::NotAnswered | EndCause::NotReachable => 480,
        EndCause::Drained => 503,
        _ => 480,
    }
}

/// Causes of ITU-T Q.850 table 1: 16 normal clearing, 19 no answer from user, 31 normal unspecified,
/// 41 temporary failure, 102 recovery on timer expiry.
pub(super) fn q850(cause: EndCause) -> u16 {
    match cause {
        EndCause::Fault | EndCause::Crashed | EndCause::LineFault => 41,
        EndCause::MediaTimeout => 102,
        EndCause::NotAnswered => 19,
        EndCause::Drained => 31,
        EndCause::Completed
        | EndCause::AgentFinished
        | EndCause::FunctionCalled
        | EndCause::MaxDuration
        | EndCause::CallerSilent
        | EndCause::ApiRequest
        | EndCause::RecognizerFailed
        | EndCause::ThinkerFailed
        | EndCause::SpeakerFailed
        | EndCause::VoicemailReached
        | EndCause::Rejected
        | EndCause::Busy
        | EndCause::NotReachable
        | EndCause::NumberNotExist
        | EndCause::NumberInvalid
        | EndCause::CarrierBlocked
        | EndCause::CanceledBeforeRinging
        | EndCause::CanceledWhileRinging
        | EndCause::CalleeRestricted
        | EndCause::TooManyCalls
        | EndCause::AreaRestricted
        | EndCause::OutsideHours
        | EndCause::QuotaExhausted
        | EndCause::NoNumber
        | EndCause::NoDestination => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_gives_a_number_and_no_words_is_understood() {
        let of = |protocol: &str, cause, text: Option<&str>| {
            words_of(Reason {
                protocol: protocol.into(),
                cause,
                text: text.map(str::to_owned),
            })
        };
        let no_circuit = "no circuit/channel available (Q.850 34)";
        assert_eq!(of("Q.850", Some(34), None), no_circuit);
        assert_eq!(of("Q.850", Some(34), Some("")), no_circuit);
        assert_eq!(of("Q.850", Some(16), Some("bye")), "bye (Q.850 16)");
        assert_eq!(of("Q.850", Some(120), None), "Q.850 120");
        assert_eq!(of("SIP", Some(486), None), "SIP 486");
        assert_eq!(of("preemption", None, Some("UA")), "UA");
        assert_eq!(of("SIP", None, None), "");
    }

    #[test]
    fn a_key_by_info_is_one_key_and_nothing_else() {
        assert_eq!(
            digit("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n"),
            Some('5')
        );
        assert_eq!(
            digit("application/dtmf-relay", b"signal = #\r\n"),
            Some('#')
        );
        assert_eq!(digit("application/dtmf", b"d"), Some('D'));
        for body in [&b""[..], b"55", b"x", b"\xff\xfe", b"Signal="] {
            assert_eq!(digit("application/dtmf", body), None);
            assert_eq!(digit("application/dtmf-relay", body), None);
        }
    }
}
