//! What the phone and the caller agree on: SDP in, media settings out.

use std::{net::SocketAddr, time::SystemTime};

use anyhow::{Context as _, bail};
use app::shell::media::RtpSockets;
use media::{g711, leg::LegSettings, port::PortSettings};
use sip::sdp::{self, Codec, Direction, Local, Negotiated, Session};

/// Codecs of the phone, the most wanted first.
const CODECS: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

/// Milliseconds of audio in a packet.
const PTIME_MS: u16 = 20;

/// Our end of a call.
pub struct Line {
    /// Goes into the 200.
    pub sdp: Session,
    agreed: Option<Negotiated>,
}

impl Line {
    /// Answers the caller's offer, or makes one of ours if there is none.
    ///
    /// # Errors
    ///
    /// Fails when there is nothing that both can speak: refuse with 488.
    pub fn answer(offer: Option<&[u8]>, sockets: &RtpSockets) -> anyhow::Result<Self> {
        let local = Local {
            address: SocketAddr::new(sockets.local().ip(), sockets.local().port()),
            session_id: u64::from(rand::random::<u32>()),
            version: 1,
            ptime_ms: PTIME_MS,
            direction: Direction::SendRecv,
            security: sip::sdp::Security::OFF,
            events: true,
        };
        let Some(offer) = offer else {
            return Ok(Self {
                sdp: sdp::offer(&local, &CODECS),
                agreed: None,
            });
        };
        let (sdp, agreed) = sdp::answer(&Session::parse(offer)?, &local, &CODECS)?;
        Ok(Self {
            sdp,
            agreed: Some(agreed),
        })
    }

    /// The caller's ACK came, with the answer to our offer if we made one.
    pub fn confirmed(&mut self, answer: Option<&[u8]>) -> anyhow::Result<()> {
        if let (None, Some(answer)) = (&self.agreed, answer) {
            self.agreed = Some(sdp::negotiated(&self.sdp, &Session::parse(answer)?)?);
        }
        Ok(())
    }

    /// The settings of the media leg, once both know where to send.
    pub fn leg_settings(&self, record: bool) -> anyhow::Result<(g711::Codec, LegSettings)> {
        let agreed = self
            .agreed
            .as_ref()
            .context("the caller sent no answer to our offer")?;
        let codec = match agreed.codec {
            Codec::Pcma => g711::Codec::Pcma,
            Codec::Pcmu => g711::Codec::Pcmu,
            Codec::G722 | Codec::Opus => bail!("a codec was agreed on that was not offered"),
        };
        let mut port = PortSettings::new(codec, Some(agreed.remote), SystemTime::now());
        port.payload_type = agreed.payload_type_sent;
        port.payload_type_received = agreed.payload_type_received;
        port.dtmf_payload_type = agreed.dtmf_sent;
        port.dtmf_payload_type_received = agreed.dtmf_received;
        port.packet_ms = agreed.ptime_ms;
        port.rtcp_mux = agreed.rtcp_mux;
        port.ssrc = rand::random();
        port.first_sequence = rand::random();
        port.first_timestamp = rand::random();
        port.cname = "phone".to_owned();
        let mut settings = LegSettings::new(port);
        settings.record = record;
        settings.tap = false;
        settings.held = !agreed.direction.sends();
        settings.expected = agreed.direction.receives();
        Ok((codec, settings))
    }
}
