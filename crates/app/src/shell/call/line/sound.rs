//! The sound of a leg: what was agreed on, how keys go, and how all of it is carried.

use std::{net::SocketAddr, time::Duration};

use media::{
    g711,
    leg::{self, LegSettings, Stream},
    port::{LatchRule, PortSettings},
    security::Protection,
};
use model::{CallEvent, HungUpSide, KeyPresses};
use sip::{
    Command, Transport,
    sdp::{Codec, Direction, Negotiated, Secured},
};

use super::{Line, keys};
use crate::App;

/// How long we say that a key was held, ms: as long as our keys of RTP are.
const INFO_KEY_MS: u16 = 100;

/// How a leg is carried: SIP's transport, and what encrypts its sound.
pub(super) type Carried = (&'static str, &'static str);

/// Where media goes and what it is, as the peer changed it.
#[derive(Clone, Debug)]
pub struct Moved {
    remote: SocketAddr,
    /// Who may become the source of it.
    latch: LatchRule,
    /// `None` for a codec that media lacks.
    stream: Option<Stream>,
    /// The peer wants to hear nothing.
    pub held: bool,
    /// The peer is to send.
    expected: bool,
    /// `None` where it is not encrypted.
    keys: Option<Protection>,
}

impl Moved {
    /// What a leg of media must do to follow.
    pub fn orders(&self) -> impl Iterator<Item = leg::Command> {
        let follow = self.stream.map(leg::Command::Follow);
        let before = [
            leg::Command::Remote {
                to: self.remote,
                latch: self.latch,
            },
            leg::Command::Secure(self.keys.clone()),
        ];
        let after = [
            leg::Command::Hold(self.held),
            leg::Command::Expect(self.expected),
        ];
        before.into_iter().chain(follow).chain(after)
    }
}

impl Line {
    /// How long the peer may be silent, as was agreed on last; `None` for ever: on hold, where it muted itself,
    /// or where nobody is missed.
    pub fn silence_max(&self) -> Option<Duration> {
        let agreed = self.negotiated.as_ref();
        let is_awaited = agreed.is_none_or(|agreed| agreed.direction == Direction::SendRecv);
        self.timeout.limit().filter(|_| is_awaited)
    }

    /// The peer has answered: what its media, if that was heard before, must know.
    pub fn watch(&self) -> leg::Command {
        leg::Command::Watch(self.timeout.limit())
    }

    /// How media follows what was agreed on anew.
    pub(super) fn moved_to(&self, agreed: &Negotiated) -> Moved {
        Moved {
            remote: agreed.remote,
            latch: self.latch_rule(agreed.remote),
            stream: stream_of(agreed),
            held: !agreed.direction.sends(),
            expected: agreed.direction.receives(),
            keys: self.protection(agreed),
        }
    }

    /// How the leg is carried, if it was not said yet. `side` says whose leg it is.
    pub fn carried_anew(&mut self, side: HungUpSide) -> Option<CallEvent> {
        let agreed = self.negotiated.as_ref()?;
        let suite = agreed.secured.as_ref().map_or("", Secured::name);
        let carried = (transport(self.link.transport), suite);
        if self.carried.replace(carried) == Some(carried) {
            return None;
        }
        Some(CallEvent::Carried {
            side,
            transport: carried.0.to_owned(),
            suite: suite.to_owned(),
        })
    }

    /// Whether keys go to the peer by INFO: it wants that, or it has pressed keys so and has no events.
    pub fn wants_info(&self) -> bool {
        let has_events = || {
            let agreed = self.negotiated.as_ref();
            agreed.is_some_and(|agreed| agreed.dtmf_sent.is_some())
        };
        match self.key_presses {
            KeyPresses::Info => true,
            KeyPresses::Auto => self.signals_keys && !has_events(),
            KeyPresses::Tones => false,
        }
    }

    /// Offers the peer another direction of media. What it agrees to comes as
    /// [`LineEvent::Moved`](super::LineEvent::Moved); where it refuses, what held holds.
    pub async fn turn(&self, app: &App, direction: Direction) {
        let turn = Command::Turn {
            leg: self.hold.leg(),
            direction,
        };
        if app.sip().command(turn).await.is_err() {
            tracing::error!("the SIP task has ended before the call");
        }
    }

    /// Presses a key at the peer by INFO.
    pub async fn press(&self, app: &App, key: char) {
        let info = Command::Info {
            leg: self.hold.leg(),
            content_type: "application/dtmf-relay".into(),
            body: format!("Signal={key}\r\nDuration={INFO_KEY_MS}\r\n").into_bytes(),
        };
        if app.sip().command(info).await.is_err() {
            tracing::error!("the SIP task has ended before the call");
        }
    }

    /// The codec that was agreed on, if media has it.
    pub fn media_codec(&self) -> Option<media::Codec> {
        Some(stream_of(self.negotiated.as_ref()?)?.codec)
    }

    /// How media is protected, as media has it.
    pub(super) fn protection(&self, agreed: &Negotiated) -> Option<Protection> {
        let secured = agreed.secured.as_ref()?;
        Some(keys::protection(secured, &self.identity))
    }

    /// Who may become the source of media that the SDP says are at `remote`. A peer behind NAT writes an
    /// address of its own network there; media then come from elsewhere, most likely from where its signalling
    /// does.
    pub(super) fn latch_rule(&self, remote: SocketAddr) -> LatchRule {
        let signalling = self.link.remote.ip().to_canonical();
        match remote.ip() != signalling && sip::is_local(remote.ip()) {
            true => LatchRule::Behind(signalling),
            false => LatchRule::SdpAddress,
        }
    }

    /// The settings of the media leg that was agreed on; `None` for a codec that media lacks.
    pub fn leg_settings(&self, call_id: &str) -> Option<LegSettings> {
        let agreed = self.negotiated.as_ref()?;
        let stream = stream_of(agreed)?;
        let now = std::time::SystemTime::now();
        let mut port = PortSettings::new(stream.codec, Some(agreed.remote), now);
        port.payload_type = stream.payload_type;
        port.payload_type_received = stream.payload_type_received;
        port.dtmf_payload_type = stream.dtmf_payload_type;
        port.dtmf_payload_type_received = stream.dtmf_payload_type_received;
        port.packet_ms = stream.packet_ms;
        port.dtmf_clock_factor = stream.dtmf_clock_factor;
        port.rtcp_mux = agreed.rtcp_mux;
        port.ssrc = rand::random();
        // The upper half would roll over before the peer listens, which SRTP cannot tell it (RFC 3711
        // section 3.3.1).
        port.first_sequence = rand::random::<u16>() >> 1;
        port.protection = self.protection(agreed);
        port.first_timestamp = rand::random();
        port.cname = call_id.to_owned();
        port.latch = self.latch_rule(agreed.remote);
        let mut settings = LegSettings::new(port);
        settings.signals_keys = self.wants_info();
        // What a carrier sends before the answer, or does not, ends no call.
        settings.rtp_timeout = self.timeout.limit().filter(|_| self.is_up);
        settings.held = !agreed.direction.sends();
        settings.expected = agreed.direction.receives();
        Some(settings)
    }
}

fn transport(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
        Transport::Tls => "tls",
        Transport::Ws => "ws",
        Transport::Wss => "wss",
    }
}

/// What media's packets are; `None` for a codec that media lacks.
pub(super) fn stream_of(agreed: &Negotiated) -> Option<Stream> {
    let codec = match agreed.codec {
        Codec::Pcma => media::Codec::from(g711::Codec::Pcma),
        Codec::Pcmu => media::Codec::from(g711::Codec::Pcmu),
        Codec::G722 => media::Codec::G722,
        Codec::Opus => media::Codec::Opus,
    };
    Some(Stream {
        codec,
        payload_type: agreed.payload_type_sent,
        payload_type_received: agreed.payload_type_received,
        dtmf_payload_type: agreed.dtmf_sent,
        dtmf_payload_type_received: agreed.dtmf_received,
        packet_ms: agreed.ptime_ms,
        dtmf_clock_factor: match agreed.dtmf_clock_hz {
            48_000 => 6,
            _ => 1,
        },
    })
}
