//! The SIP leg of one call, in the words of the call session.

use std::net::SocketAddr;

use anyhow::Context as _;
use engine::call::LegEvent;
use media::{g711, leg::LegSettings, port::PortSettings};
use model::{EndCause, PhoneContact, SipTransport, Trunk, TrunkCodec};
use sip::{
    Canceler, Command, EndedBy, Event, Incoming, Invite, NameAddr, Reason, RefusedBy, Transport,
    Uri,
    digest::Credentials,
    sdp::{self, Codec, Direction, Local, Negotiated, Session},
};
use tokio::sync::mpsc;

use crate::{
    App,
    shell::{
        media::RtpSockets,
        registrar::link_of,
        sip::{LegHold, Report},
    },
};

/// Packets of 20 ms: what every machine here expects.
const PTIME_MS: u16 = 20;

/// One SIP leg.
pub struct Line {
    hold: LegHold,
    reports: mpsc::Receiver<Report>,
    local_sdp: Option<Session>,
    /// Bound for the SDP; taken when media starts.
    pub sockets: Option<RtpSockets>,
    /// What both sides agreed on.
    pub negotiated: Option<Negotiated>,
    /// The caller waits for our answer.
    is_unanswered: bool,
}

/// What the leg has for the call's task.
pub enum LineEvent {
    /// For the call session.
    Leg(LegEvent),
    /// A key, by INFO.
    Digit(char),
    /// Media goes elsewhere now, or rests.
    Moved {
        /// The new address.
        remote: SocketAddr,
        /// The peer wants to hear nothing.
        held: bool,
    },
}

/// Calls `user` by a trunk.
pub struct Dial<'a> {
    /// The trunk.
    pub trunk: &'a Trunk,
    /// The user part to dial.
    pub callee: String,
    /// The user part to show.
    pub caller: String,
    /// The customer's own text, carried as User-to-User (RFC 7433).
    pub user_data: Option<&'a str>,
    /// Longest ringing.
    pub ring_time_max: std::time::Duration,
}

/// Calls a phone that has registered.
pub struct Ring<'a> {
    /// Where it is.
    pub contact: &'a PhoneContact,
    /// The user part to show.
    pub caller: String,
    /// Our domain.
    pub domain: String,
    /// Codecs to offer, the best first.
    pub codecs: &'a [TrunkCodec],
    /// Longest ringing.
    pub ring_time_max: std::time::Duration,
}

/// Why a call could not be dialled.
#[derive(Debug)]
pub enum NoLine {
    /// The trunk's host has no address.
    Trunk(anyhow::Error),
    /// We lack something.
    Ours(anyhow::Error),
}

impl Line {
    /// Whether the leg has ended.
    pub fn is_over(&self) -> bool {
        self.hold.is_over()
    }

    /// Sends the INVITE.
    ///
    /// # Errors
    ///
    /// [`NoLine::Trunk`] if its host has no address, so that another trunk may do better;
    /// [`NoLine::Ours`] for what no trunk helps against.
    pub async fn dial(app: &App, dial: Dial<'_>) -> Result<Self, NoLine> {
        let settings = &dial.trunk.settings;
        let remote = resolve(&settings.host, settings.port)
            .await
            .map_err(NoLine::Trunk)?;
        let transport = match settings.transport {
            SipTransport::Udp => Transport::Udp,
            SipTransport::Tcp => Transport::Tcp,
        };
        let link = app.sip().link(transport, remote);
        let sockets = app
            .media()
            .bind()
            .context("no RTP port")
            .map_err(NoLine::Ours)?;
        let offer = sdp::offer(&local(app, &sockets, remote), &codecs(&settings.codecs));
        let domain = settings.domain.as_deref().unwrap_or(&settings.host);
        let leg = app.sip().new_leg();
        let invite = Invite {
            leg,
            to: Uri::sip(&dial.callee, domain, None),
            from: NameAddr::new(Uri::sip(&dial.caller, domain, None)),
            link,
            routes: Vec::new(),
            credentials: credentials(settings),
            headers: user_to_user(dial.user_data),
            sdp: offer.to_bytes(),
            ring_time_max: dial.ring_time_max,
        };
        let reports = app.sip().invite(invite).await;
        let reports = reports.map_err(|stopped| NoLine::Ours(stopped.into()))?;
        Ok(Self {
            hold: LegHold::new(app.sip(), leg),
            reports,
            local_sdp: Some(offer),
            sockets: Some(sockets),
            negotiated: None,
            is_unanswered: false,
        })
    }

    /// Calls a phone where it has registered.
    ///
    /// # Errors
    ///
    /// [`NoLine::Ours`] if what it has registered is no address, or we lack something.
    pub async fn ring(app: &App, ring: Ring<'_>) -> Result<Self, NoLine> {
        let contact: Uri = ring
            .contact
            .uri
            .parse()
            .map_err(|_| NoLine::Ours(anyhow::anyhow!("a phone has no address")))?;
        let link = link_of(ring.contact);
        let sockets = app
            .media()
            .bind()
            .context("no RTP port")
            .map_err(NoLine::Ours)?;
        let offer = sdp::offer(&local(app, &sockets, link.remote), &codecs(ring.codecs));
        let leg = app.sip().new_leg();
        let invite = Invite {
            leg,
            to: contact,
            from: NameAddr::new(Uri::sip(&ring.caller, &ring.domain, None)),
            link,
            routes: ring.contact.path.clone(),
            credentials: None,
            headers: Vec::new(),
            sdp: offer.to_bytes(),
            ring_time_max: ring.ring_time_max,
        };
        let reports = app.sip().invite(invite).await;
        let reports = reports.map_err(|stopped| NoLine::Ours(stopped.into()))?;
        Ok(Self {
            hold: LegHold::new(app.sip(), leg),
            reports,
            local_sdp: Some(offer),
            sockets: Some(sockets),
            negotiated: None,
            is_unanswered: false,
        })
    }

    /// Takes hold of a call that came in, without answering it.
    pub async fn attend(app: &App, incoming: &Incoming) -> anyhow::Result<Self> {
        let hold = LegHold::new(app.sip(), incoming.leg);
        Ok(Self {
            hold,
            reports: app.sip().adopt(incoming.leg).await?,
            local_sdp: None,
            sockets: None,
            negotiated: None,
            is_unanswered: true,
        })
    }

    /// Tells the caller that it rings.
    pub async fn tell_ringing(&self, app: &App) -> anyhow::Result<()> {
        let ring = Command::Ring {
            leg: self.hold.leg(),
            sdp: None,
        };
        Ok(app.sip().command(ring).await?)
    }

    /// Answers a call that came in. The leg is up when the caller confirms.
    pub async fn answer(
        &mut self,
        app: &App,
        incoming: &Incoming,
        wanted: &[TrunkCodec],
    ) -> anyhow::Result<()> {
        let sockets = app.media().bind().context("no RTP port")?;
        let local = local(app, &sockets, incoming.source.remote);
        let codecs = codecs(wanted);
        let (ours, negotiated) = match &incoming.sdp {
            Some(offer) => {
                let (ours, agreed) = sdp::answer(&Session::parse(offer)?, &local, &codecs)?;
                (ours, Some(agreed))
            }
            None => (sdp::offer(&local, &codecs), None),
        };
        app.sip()
            .command(Command::Accept {
                leg: incoming.leg,
                sdp: ours.to_bytes(),
            })
            .await?;
        self.is_unanswered = false;
        self.local_sdp = Some(ours);
        self.sockets = Some(sockets);
        self.negotiated = negotiated;
        Ok(())
    }

    /// Ends the leg by what its state needs.
    pub async fn hang_up(&self, app: &App, cause: EndCause) {
        if self.is_unanswered {
            return app
                .refuse_incoming(self.hold.leg(), refusal_of(cause))
                .await;
        }
        let reason = Reason {
            protocol: "Q.850".into(),
            cause: Some(q850(cause)),
            text: Some(cause.name().replace('_', " ")),
        };
        if app
            .sip()
            .command(Command::HangUp {
                leg: self.hold.leg(),
                reason: Some(reason),
            })
            .await
            .is_err()
        {
            tracing::error!("the SIP task has ended before the call");
        }
    }

    /// What happens next. Waits for ever once the leg is over. Cancel-safe.
    pub async fn next(&mut self) -> LineEvent {
        loop {
            if self.hold.is_over() {
                std::future::pending::<()>().await;
            }
            let Some(report) = self.reports.recv().await else {
                self.hold.end();
                return LineEvent::Leg(LegEvent::Failed {
                    why: "the SIP task has ended".into(),
                });
            };
            if let Some(event) = self.translate(report) {
                return event;
            }
        }
    }

    fn translate(&mut self, report: Report) -> Option<LineEvent> {
        let event = match report {
            Report::Dialed { call_id, peer } => {
                let peer = peer.to_string();
                return Some(LineEvent::Leg(LegEvent::Dialed {
                    sip_call_id: call_id,
                    peer,
                }));
            }
            Report::Event(event) => event,
        };
        let leg_event = match event {
            Event::Progress { status, .. } => LegEvent::Rang { status },
            Event::Answered { sdp, .. } => self.agree(&sdp),
            Event::Confirmed { sdp: Some(sdp), .. } => self.agree(&sdp),
            Event::Confirmed { sdp: None, .. } => self.agreed(),
            Event::Reoffered { negotiated, .. } => return Some(self.moved(*negotiated)),
            Event::Info {
                content_type, body, ..
            } => {
                return digit(&content_type, &body).map(LineEvent::Digit);
            }
            Event::Refused { refusal, .. } => {
                self.hold.end();
                refused(&refusal)
            }
            Event::Canceled { by, reason, .. } => {
                self.hold.end();
                let words = reason.and_then(|reason| reason.text).unwrap_or_default();
                match by {
                    Canceler::RingTime => LegEvent::Unanswered,
                    Canceler::Us => LegEvent::Ended {
                        by_peer: false,
                        reason: words,
                    },
                    Canceler::Peer => LegEvent::Ended {
                        by_peer: true,
                        reason: words,
                    },
                }
            }
            Event::Ended { by, reason, .. } => {
                self.hold.end();
                let words = reason.and_then(|reason| reason.text).unwrap_or_default();
                LegEvent::Ended {
                    by_peer: by == EndedBy::Peer,
                    reason: words,
                }
            }
            Event::Incoming(_)
            | Event::Registering(_)
            | Event::RegisterAnswered { .. }
            | Event::OptionsAnswered { .. } => return None,
        };
        Some(LineEvent::Leg(leg_event))
    }

    fn agree(&mut self, answer: &[u8]) -> LegEvent {
        let ours = self
            .local_sdp
            .as_ref()
            .expect("a leg has an SDP of its own");
        let agreed = Session::parse(answer)
            .map_err(|why| why.to_string())
            .and_then(|answer| sdp::negotiated(ours, &answer).map_err(|why| why.to_string()));
        match agreed {
            Ok(agreed) => {
                self.negotiated = Some(agreed);
                self.agreed()
            }
            Err(why) => LegEvent::Failed {
                why: format!("media could not be agreed on: {why}"),
            },
        }
    }

    fn agreed(&self) -> LegEvent {
        match &self.negotiated {
            Some(agreed) => LegEvent::Answered {
                codec: agreed.codec.name().to_owned(),
                peer: agreed.remote.to_string(),
            },
            None => LegEvent::Failed {
                why: "the caller sent no answer to our SDP offer".into(),
            },
        }
    }

    /// The endpoint has answered the peer's new offer already.
    fn moved(&mut self, agreed: Negotiated) -> LineEvent {
        let moved = LineEvent::Moved {
            remote: agreed.remote,
            held: !agreed.direction.sends(),
        };
        self.negotiated = Some(agreed);
        moved
    }

    /// The codec that was agreed on, if media has it.
    pub fn media_codec(&self) -> Option<media::Codec> {
        match self.negotiated.as_ref()?.codec {
            Codec::Pcma => Some(media::Codec::from(g711::Codec::Pcma)),
            Codec::Pcmu => Some(media::Codec::from(g711::Codec::Pcmu)),
            Codec::G722 => Some(media::Codec::G722),
            Codec::Opus => None,
        }
    }

    /// The settings of the media leg that was agreed on; `None` for a codec that media lacks.
    pub fn leg_settings(&self, call_id: &str) -> Option<LegSettings> {
        let (agreed, codec) = (self.negotiated.as_ref()?, self.media_codec()?);
        let mut port = PortSettings::new(codec, Some(agreed.remote), std::time::SystemTime::now());
        port.payload_type = agreed.payload_type_sent;
        port.dtmf_payload_type = agreed.dtmf_sent.or(agreed.dtmf_received);
        port.rtcp_mux = agreed.rtcp_mux;
        port.ssrc = rand::random();
        port.first_sequence = rand::random();
        port.first_timestamp = rand::random();
        port.cname = call_id.to_owned();
        if is_private(agreed.remote) {
            port.latch = media::port::LatchRule::Any;
        }
        Some(LegSettings::new(port))
    }
}

/// A peer behind NAT writes its private address into the SDP; media then comes from elsewhere.
fn is_private(remote: SocketAddr) -> bool {
    match remote.ip() {
        std::net::IpAddr::V4(ip) => ip.is_private() || ip.is_unspecified(),
        std::net::IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unspecified(),
    }
}

/// The first address of a trunk's host.
pub(crate) async fn resolve(host: &str, port: u16) -> anyhow::Result<SocketAddr> {
    let host = host.trim_matches(['[', ']']);
    let wait = std::time::Duration::from_secs(5);
    let found = tokio::time::timeout(wait, tokio::net::lookup_host((host, port))).await;
    found
        .context("DNS does not answer")?
        .with_context(|| format!("trunk host {host} cannot be resolved"))?
        .next()
        .with_context(|| format!("trunk host {host} has no address"))
}

fn local(app: &App, sockets: &RtpSockets, remote: SocketAddr) -> Local {
    Local {
        address: SocketAddr::new(app.sip().local_ip(remote), sockets.local().port()),
        session_id: u64::from(rand::random::<u32>()),
        version: 1,
        ptime_ms: PTIME_MS,
        direction: Direction::SendRecv,
    }
}

fn codecs(wanted: &[TrunkCodec]) -> Vec<Codec> {
    wanted
        .iter()
        .map(|codec| match codec {
            TrunkCodec::Pcma => Codec::Pcma,
            TrunkCodec::Pcmu => Codec::Pcmu,
            TrunkCodec::G722 => Codec::G722,
        })
        .collect()
}

fn credentials(settings: &model::TrunkDraft) -> Option<Credentials> {
    Some(Credentials {
        username: settings.user.clone()?,
        password: settings.password.clone().unwrap_or_default(),
    })
}

fn user_to_user(text: Option<&str>) -> Vec<(String, String)> {
    text.map(|text| {
        (
            "User-to-User".to_owned(),
            format!("{};encoding=hex", hex::encode(text)),
        )
    })
    .into_iter()
    .collect()
}

fn refused(refusal: &sip::Refusal) -> LegEvent {
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

/// The key of an `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`) body.
fn digit(content_type: &str, body: &[u8]) -> Option<char> {
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
fn refusal_of(cause: EndCause) -> u16 {
    match cause {
        EndCause::Busy => 486,
        EndCause::Rejected => 603,
        EndCause::NumberNotExist | EndCause::NumberInvalid => 404,
        EndCause::NotAnswered | EndCause::NotReachable => 480,
        EndCause::Drained => 503,
        _ => 480,
    }
}

/// Causes of ITU-T Q.850 table 1: 16 normal clearing, 31 normal unspecified, 41 temporary failure,
/// 102 recovery on timer expiry.
fn q850(cause: EndCause) -> u16 {
    match cause {
        EndCause::Fault | EndCause::Crashed | EndCause::LineFault => 41,
        EndCause::MediaTimeout | EndCause::NotAnswered => 102,
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
