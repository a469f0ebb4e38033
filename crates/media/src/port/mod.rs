//! One negotiated RTP endpoint: where packets come from and go to, their numbers, and the
//! reports about them.
//!
//! What comes in waits in the jitter buffer until [`Port::pop`]; what goes out is one packet a
//! tick. A port does not know what is said in the frames: that is the leg's.
//!
//! # Invariants
//!
//! - Only packets of the latched source, with a negotiated payload type, are heard.
//! - Sequence numbers go up by one with each packet, timestamps by 160 with each tick, from the
//!   first to the last.

mod change;
mod control;
mod inbound;
mod latch;
mod outbound;
mod relay;
mod settings;
mod stats;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use control::Control;
pub use control::RTCP_MAX;
use inbound::{Inbound, Judged, Timing};
pub use latch::SILENT_MAX;
use latch::{Latch, Verdict};
use outbound::Outbound;
pub use outbound::RTP_MAX;
pub use relay::{RELAY_MAX, Relayed};
pub use settings::{LatchRule, PortSettings};
pub use stats::Stats;

use crate::{
    FRAME, FRAME_SAMPLES, FrameKind,
    dtmf::{self, EventPayload, Pressed},
    jitter::{Arrival, Inserted, JitterBuffer, PAYLOAD_MAX, Popped},
    quality, rtp,
};

/// Payload type of comfort noise (RFC 3389).
const COMFORT_NOISE: u8 = 13;

/// What a datagram brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// It is the first valid RTP packet of the port.
    pub first: bool,
    /// Key presses that it ended, in order.
    pub pressed: [Option<Pressed>; 2],
}

/// See the module.
#[derive(Debug)]
pub struct Port {
    settings: PortSettings,
    created: Instant,
    latch: Latch,
    inbound: Inbound,
    jitter: JitterBuffer,
    digits: dtmf::Receiver,
    outbound: Outbound,
    control: Control,
    stats: Stats,
    /// Whether anybody hears what comes in; otherwise nothing waits in the jitter buffer.
    listens: bool,
}

impl Port {
    /// A port that has heard nothing yet.
    pub fn new(settings: PortSettings, now: Instant) -> Self {
        Self {
            created: now,
            latch: Latch::new(settings.latch, settings.remote),
            inbound: Inbound::default(),
            jitter: JitterBuffer::new(settings.codec, &settings.jitter),
            digits: dtmf::Receiver::default(),
            outbound: Outbound::new(
                settings.ssrc,
                settings.first_sequence,
                settings.first_timestamp,
            ),
            control: Control::new(&settings, now),
            stats: Stats::default(),
            listens: true,
            settings,
        }
    }

    /// The negotiated settings.
    pub fn settings(&self) -> &PortSettings {
        &self.settings
    }

    /// Takes a datagram from the RTP socket: RTP, or RTCP if it shares the socket.
    pub fn receive(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) -> Received {
        self.receive_and_pass(datagram, from, now, &mut |_| ())
    }

    /// The same, and hands on every packet of the source that is new.
    pub fn receive_and_pass(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
        if rtp::is_rtcp(datagram) {
            self.receive_rtcp(datagram, from, now);
            return Received::default();
        }
        let packet = rtp::Packet::parse(datagram).ok();
        match packet.filter(|packet| self.is_negotiated(packet)) {
            Some(packet) => self.packet(&packet, from, now, pass),
            None => {
                self.stats.refused += 1;
                Received::default()
            }
        }
    }

    /// Takes a datagram from the RTCP socket.
    pub fn receive_rtcp(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        let known = self.latch.remote().is_some_and(|r| r.ip() == from.ip());
        if !known {
            self.stats.refused += 1;
            return;
        }
        let streams = (self.outbound.ssrc(), self.inbound.ssrc());
        self.control.receive(datagram, from, streams, now);
    }

    /// The next frame. Call it once a tick.
    pub fn pop(&mut self) -> &Popped {
        let popped = self.jitter.pop();
        self.stats.frames += 1;
        match popped.kind {
            FrameKind::Concealed => self.stats.concealed_frames += 1,
            FrameKind::Gap => self.stats.gap_frames += 1,
            FrameKind::Audio => self.stats.audio_frames += 1,
            FrameKind::Silence => {}
        }
        popped
    }

    /// How long audio waits now between its packet and [`Port::pop`].
    pub fn buffered(&self) -> Duration {
        Duration::from_secs_f32(self.jitter.delay() / crate::SAMPLE_RATE_HZ as f32)
    }

    /// Nothing is expected in this tick (hold): what does not come is not missing.
    pub fn expect_nothing(&mut self) {
        self.jitter.expect_nothing();
    }

    /// A key press whose end was lost, once that is clear. Call it on every tick.
    pub fn pressed(&mut self, now: Instant) -> Option<Pressed> {
        self.digits.tick(now)
    }

    /// Writes this tick's packet of audio, and returns its length.
    pub fn send_audio(&mut self, payload: &[u8; FRAME_SAMPLES], buf: &mut [u8; RTP_MAX]) -> usize {
        self.control.sent();
        self.outbound
            .audio(self.settings.payload_type, payload, buf)
    }

    /// Writes this tick's packet of a key press, and returns its length; `None` if the peer did
    /// not negotiate them.
    pub fn send_event(
        &mut self,
        event: EventPayload,
        first: bool,
        buf: &mut [u8; RTP_MAX],
    ) -> Option<usize> {
        let payload_type = self.settings.dtmf_payload_type?;
        self.control.sent();
        Some(self.outbound.event(payload_type, event, first, buf))
    }

    /// Writes a packet that another port took, in the numbers of this port's own stream, its bytes by
    /// `table`, and returns its length; `None` if it cannot be sent.
    pub fn relay(
        &mut self,
        packet: &Relayed<'_>,
        table: Option<&[u8; 256]>,
        buf: &mut [u8; RELAY_MAX],
    ) -> Option<usize> {
        let payload_type = match (packet.is_key, packet.is_noise) {
            (true, _) => self.settings.dtmf_payload_type?,
            (false, true) => COMFORT_NOISE,
            (false, false) => self.settings.payload_type,
        };
        let len = self.outbound.relay(packet, payload_type, table, buf)?;
        self.control.sent();
        Some(len)
    }

    /// What comes next does not follow what was relayed so far: what is left out is no loss.
    pub fn break_off_relay(&mut self) {
        self.outbound.on_our_own();
    }

    /// Whether what comes in is heard ([`Port::pop`]); what is only passed on need not be.
    pub fn listen(&mut self, listens: bool) {
        if listens && !self.listens {
            self.jitter.reset();
        }
        self.listens = listens;
    }

    /// See [`Port::listen`].
    pub fn listens(&self) -> bool {
        self.listens
    }

    /// Lets a tick pass without a packet.
    pub fn send_nothing(&mut self) {
        self.outbound.pause();
    }

    /// Writes the RTCP report if one is due, into at least [`RTCP_MAX`] bytes.
    pub fn rtcp(&mut self, now: Instant, buf: &mut [u8]) -> Option<usize> {
        self.control
            .report(&self.outbound, &mut self.inbound, now, buf)
    }

    /// Writes the farewell, into at least [`RTCP_MAX`] bytes.
    pub fn goodbye(&mut self, now: Instant, buf: &mut [u8]) -> usize {
        self.control
            .goodbye(&self.outbound, &mut self.inbound, now, buf)
    }

    /// When the next report is due.
    pub fn rtcp_due(&self) -> Instant {
        self.control.due()
    }

    /// Where RTP goes now.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.latch.remote()
    }

    /// Where RTCP goes now: where it comes from, else the socket port after RTP's (RFC 3550
    /// section 11), or the same if shared.
    pub fn rtcp_remote(&self) -> Option<SocketAddr> {
        let remote = self.latch.remote()?;
        Some(self.control.remote(remote))
    }

    /// Signalling named another address.
    pub fn signalled(&mut self, remote: SocketAddr) {
        self.latch.signalled(remote);
        self.control.forget_remote();
    }

    /// When the source last sent a valid RTP packet.
    pub fn heard(&self) -> Option<Instant> {
        self.latch.heard()
    }

    /// When the peer last showed that it is there: by a packet of the source, or by a report about one
    /// of the two streams. A phone that is muted may send nothing else.
    pub fn alive(&self) -> Option<Instant> {
        self.latch.heard().max(self.control.told())
    }

    /// Counts and quality up to `now`.
    pub fn stats(&self, now: Instant) -> Stats {
        let playout_delay_ms = self.jitter.delay() / 8.0;
        let missing = self.stats.concealed_frames + self.stats.gap_frames;
        let meant = (missing + self.stats.audio_frames).max(1);
        let network = self.control.rtt().unwrap_or_default() / 2;
        let buffered = Duration::from_secs_f32(playout_delay_ms / 1000.0);
        Stats {
            packets_sent: self.outbound.packets(),
            octets_sent: self.outbound.octets(),
            packets_received: self.inbound.received(),
            lost: self.inbound.lost(),
            jitter_ms: self.inbound.jitter() / 8.0,
            playout_delay_ms,
            rtt: self.control.rtt(),
            silent_for: self.heard().map(|at| now.saturating_duration_since(at)),
            remote_loss: self.control.remote_loss(),
            mos: quality::mos(network + buffered + FRAME, missing as f32 / meant as f32),
            ..self.stats
        }
    }

    fn is_negotiated(&self, packet: &rtp::Packet<'_>) -> bool {
        let payload_type = packet.header.payload_type;
        if payload_type == self.settings.payload_type {
            return (1..=PAYLOAD_MAX).contains(&packet.payload.len());
        }
        Some(payload_type) == self.settings.dtmf_payload_type || payload_type == COMFORT_NOISE
    }

    fn packet(
        &mut self,
        packet: &rtp::Packet<'_>,
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
        let header = &packet.header;
        let arrival = self.clock(now);
        let first = self.inbound.ssrc().is_none();
        let is_key_press = Some(header.payload_type) == self.settings.dtmf_payload_type;
        let timing = match is_key_press {
            true => Timing::OfKeyPress,
            false => Timing::OfSamples,
        };
        let continues = self.inbound.continues(header);
        let judged = match self.latch.packet(from, continues, now) {
            Verdict::Source | Verdict::Moved => self.inbound.packet(header, arrival, timing),
            Verdict::New if continues => self.inbound.packet(header, arrival, timing),
            Verdict::New => {
                self.inbound.begin(header, arrival);
                Judged::Begins
            }
            Verdict::Stranger => Judged::Stray,
        };
        match judged {
            Judged::Current => {}
            Judged::Begins => {
                self.jitter.reset();
                self.digits.reset();
            }
            Judged::Duplicate => {
                self.stats.duplicate += 1;
                return Received::default();
            }
            Judged::Stray => {
                self.stats.refused += 1;
                return Received::default();
            }
        }
        pass(&Relayed {
            header: *header,
            payload: packet.payload,
            is_key: is_key_press,
            is_noise: !is_key_press && header.payload_type != self.settings.payload_type,
            begins: judged == Judged::Begins,
        });
        Received {
            first,
            pressed: self.hear(packet, is_key_press, arrival, now),
        }
    }

    fn hear(
        &mut self,
        packet: &rtp::Packet<'_>,
        is_key_press: bool,
        at: u32,
        now: Instant,
    ) -> [Option<Pressed>; 2] {
        let header = &packet.header;
        if is_key_press {
            self.jitter.rest(header.sequence);
            return self.digits.packet(header.timestamp, packet.payload, now);
        }
        if header.payload_type != self.settings.payload_type {
            self.jitter.rest(header.sequence);
            return [None, None];
        }
        if !self.listens {
            return [None, None];
        }
        let arrival = Arrival {
            sequence: header.sequence,
            timestamp: header.timestamp,
            payload: packet.payload,
            at,
        };
        match self.jitter.insert(&arrival) {
            Inserted::Stored => {}
            Inserted::Duplicate => self.stats.duplicate += 1,
            Inserted::Late => self.stats.late += 1,
        }
        [None, None]
    }

    /// Time since construction in samples, as the jitter formulas want it.
    fn clock(&self, now: Instant) -> u32 {
        let since = now.saturating_duration_since(self.created);
        (since.as_micros() * 8 / 1000) as u32
    }
}

#[cfg(test)]
mod tests;
