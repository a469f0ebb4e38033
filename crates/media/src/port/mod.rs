//! One negotiated RTP endpoint: where packets come from and go to, their numbers, and the
//! reports about them.
//!
//! What comes in waits in the jitter buffer until [`Port::pop`]; what goes out is one packet a
//! tick, unless the peer wants packets of another length. A port does not know what is said in the frames: that is the leg's.
//!
//! # Invariants
//!
//! - Only packets of the latched source, with a negotiated payload type of ours or theirs, are heard.
//! - With keys, nothing leaves in the clear, and nothing is looked at that is not authentic.
//! - Sequence numbers go up by one with each packet, timestamps by 160 with each tick, from the
//!   first to the last.

mod change;
mod clock;
mod control;
mod guard;
mod handshake;
mod inbound;
mod latch;
mod outbound;
mod outbox;
mod packets;
mod relay;
mod settings;
mod sound;
mod stats;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use clock::Clock;
use control::Control;
pub use control::RTCP_MAX;
use guard::Guard;
pub use guard::Kept;
use inbound::{Inbound, Judged, Timing};
pub use latch::SILENT_MAX;
use latch::{Latch, Verdict};
use outbound::Outbound;
pub use outbound::RTP_MAX;
use packets::{PACKET_BYTES_MAX, Packets};
pub use relay::{RELAY_MAX, Relayed};
pub use settings::{LatchRule, PortSettings};
pub use stats::Stats;

use crate::{
    Codec, FRAME, FrameKind,
    dtmf::{self, EventPayload, Pressed},
    jitter::{Arrival, Inserted, JitterBuffer, PAYLOAD_MAX, Popped},
    opus, quality,
    rtp::{self, Header},
    security::HandshakeFailure,
    srtp::Rejected,
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
    /// `None`: what comes waits as it is.
    opus: Option<Box<opus::Decoder>>,
    /// The peer's clock.
    clock: Clock,
    digits: dtmf::Receiver,
    outbound: Outbound,
    /// What waits to become a packet; `None`: a frame is one.
    packets: Option<Box<Packets>>,
    control: Control,
    guard: Guard,
    /// How the handshake has ended, until it is asked for.
    ended: Option<Result<(), HandshakeFailure>>,
    stats: Stats,
    /// Whether anybody hears what comes in; otherwise nothing waits in the jitter buffer.
    listens: bool,
}

impl Port {
    /// A port that has heard nothing yet.
    pub fn new(settings: PortSettings, now: Instant) -> Self {
        let mut port = Self {
            created: now,
            latch: Latch::new(settings.latch, settings.remote),
            inbound: Inbound::default(),
            jitter: JitterBuffer::new(settings.codec, &settings.jitter),
            opus: decoder(settings.codec),
            clock: Clock::new(settings.codec.clock_factor()),
            digits: dtmf::Receiver::default(),
            outbound: Outbound::new(
                settings.ssrc,
                settings.first_sequence,
                settings.first_timestamp,
                settings.codec.clock_factor(),
            ),
            packets: packets(settings.codec, settings.packet_ms),
            control: Control::new(&settings, now),
            guard: Guard::new(settings.protection.as_ref()),
            ended: None,
            stats: Stats::default(),
            listens: true,
            settings,
        };
        port.latch.set_rule(port.latch_rule());
        port
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
        if matches!(self.guard, Guard::Handshake(_)) {
            return self.receive_any(datagram, from, now, pass);
        }
        if rtp::is_rtcp(datagram) {
            self.receive_rtcp(datagram, from, now);
            return Received::default();
        }
        let mut guard = match &self.guard {
            Guard::Open => return self.receive_plain(datagram, from, now, pass),
            Guard::Keys(_) | Guard::Handshake(_) => std::mem::replace(&mut self.guard, Guard::Open),
        };
        let opened = guard.srtp().map(|srtp| srtp.open_rtp(datagram));
        let received = match opened.unwrap_or(Err(Rejected::Malformed)) {
            Ok(plain) => self.receive_plain(plain, from, now, pass),
            Err(rejected) => {
                self.rejected(rejected);
                Received::default()
            }
        };
        self.guard = guard;
        received
    }

    fn receive_plain(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
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
        let opened = match &mut self.guard {
            Guard::Open => Ok(datagram),
            guard => match guard.srtp() {
                Some(srtp) => srtp.open_rtcp(datagram),
                None => Err(Rejected::Malformed),
            },
        };
        match opened {
            Ok(plain) => self.control.receive(plain, from, streams, now),
            Err(rejected) => self.rejected(rejected),
        }
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

    /// Writes this tick's packet of a key press, and returns its length; `None` if the peer did
    /// not negotiate them.
    pub fn send_event(
        &mut self,
        event: EventPayload,
        first: bool,
        buf: &mut [u8; RTP_MAX],
    ) -> Option<usize> {
        let payload_type = self.settings.dtmf_payload_type?;
        self.leave_out();
        self.control.sent();
        let factor = self.settings.dtmf_clock_factor;
        let event = EventPayload {
            duration: event.duration.saturating_mul(factor),
            ..event
        };
        let len = self.outbound.event(payload_type, event, first, buf);
        Some(self.sealed(buf, len))
    }

    /// Writes a packet that another port took, in the numbers of this port's own stream, its bytes by
    /// `table`, and returns its length; `None` if it cannot be sent.
    pub fn relay(
        &mut self,
        packet: &Relayed<'_>,
        table: Option<&[u8; 256]>,
        buf: &mut [u8; RELAY_MAX],
    ) -> Option<usize> {
        if !self.guard.is_ready() {
            return None;
        }
        // Comfort noise was agreed on with nobody: who hears it might take it for sound.
        let payload_type = match (packet.is_key, packet.is_noise) {
            (true, _) => self.settings.dtmf_payload_type?,
            (false, true) => return None,
            (false, false) => self.settings.payload_type,
        };
        self.leave_out();
        let len = self.outbound.relay(packet, payload_type, table, buf)?;
        self.control.sent();
        Some(self.sealed(buf, len))
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
        self.leave_out();
        self.outbound.pause();
    }

    /// Writes the RTCP report if one is due, into at least [`RTCP_MAX`] bytes.
    pub fn rtcp(&mut self, now: Instant, buf: &mut [u8]) -> Option<usize> {
        let len = self
            .control
            .report(&self.outbound, &mut self.inbound, now, buf)?;
        let len = self.sealed_report(buf, len);
        (len > 0).then_some(len)
    }

    /// Writes the farewell, into at least [`RTCP_MAX`] bytes; 0 while nothing may be sent.
    pub fn goodbye(&mut self, now: Instant, buf: &mut [u8]) -> usize {
        let len = self
            .control
            .goodbye(&self.outbound, &mut self.inbound, now, buf);
        self.sealed_report(buf, len)
    }

    /// When the next report is due.
    pub fn rtcp_due(&self) -> Instant {
        self.control.due()
    }

    /// Where RTP goes now; `None` while nothing may be sent.
    pub fn remote(&self) -> Option<SocketAddr> {
        match &self.guard {
            Guard::Open | Guard::Keys(_) => self.latch.remote(),
            Guard::Handshake(handshake) if !handshake.is_ready() => None,
            Guard::Handshake(handshake) if handshake.is_checked() => handshake.remote(),
            Guard::Handshake(_) => self.latch.remote(),
        }
    }

    /// Where RTCP goes now: where it comes from, else the socket port after RTP's (RFC 3550
    /// section 11), or the same if shared.
    pub fn rtcp_remote(&self) -> Option<SocketAddr> {
        let remote = self.remote()?;
        Some(self.control.remote(remote))
    }

    /// Signalling named another address, whose media may come by this rule.
    pub fn signalled(&mut self, remote: SocketAddr, latch: LatchRule) {
        self.settings.latch = latch;
        if self.is_checked() {
            return self.latch.named(remote);
        }
        self.latch.signalled(remote, latch);
        self.control.forget_remote();
    }

    /// When the source last sent a valid RTP packet.
    pub fn heard(&self) -> Option<Instant> {
        self.latch.heard()
    }

    /// When the peer last showed that it is there: by a packet of the source, by a report about one
    /// of the two streams, or by a check of the way. A phone that is muted may send nothing else.
    pub fn alive(&self) -> Option<Instant> {
        let checked = match &self.guard {
            Guard::Open | Guard::Keys(_) => None,
            Guard::Handshake(handshake) => handshake.last_check(),
        };
        self.latch.heard().max(self.control.told()).max(checked)
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
        if self.is_sound(payload_type) {
            let longest = match self.opus {
                Some(_) => opus::PACKET_MAX,
                None => PAYLOAD_MAX,
            };
            return (1..=longest).contains(&packet.payload.len());
        }
        self.is_key(payload_type) || payload_type == COMFORT_NOISE
    }

    /// Whether a payload type is that of the codec: ours, or theirs, which many peers use in both
    /// directions.
    fn is_sound(&self, payload_type: u8) -> bool {
        let settings = &self.settings;
        payload_type == settings.payload_type_received
            || payload_type == settings.payload_type
                && Some(payload_type) != settings.dtmf_payload_type_received
    }

    /// The same for key presses.
    fn is_key(&self, payload_type: u8) -> bool {
        let settings = &self.settings;
        let either = [
            settings.dtmf_payload_type_received,
            settings.dtmf_payload_type,
        ];
        !self.is_sound(payload_type) && either.contains(&Some(payload_type))
    }

    fn packet(
        &mut self,
        packet: &rtp::Packet<'_>,
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
        let packet = &rtp::Packet {
            header: Header {
                timestamp: self.clock.samples(packet.header.timestamp),
                ..packet.header
            },
            ..*packet
        };
        let header = &packet.header;
        let arrival = self.arrival(now);
        let first = self.inbound.ssrc().is_none();
        let is_key_press = self.is_key(header.payload_type);
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
            is_noise: !is_key_press && !self.is_sound(header.payload_type),
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
            return self.pressing(header.timestamp, packet.payload, now);
        }
        if !self.is_sound(header.payload_type) {
            self.jitter.rest(header.sequence);
            return [None, None];
        }
        if !self.listens {
            return [None, None];
        }
        let Header {
            sequence,
            timestamp,
            ..
        } = *header;
        let mut arrival = Arrival {
            sequence,
            timestamp,
            payload: packet.payload,
            at,
        };
        if let Some(opus) = &mut self.opus {
            if let Some(lost) = opus.recover(sequence, packet.payload) {
                // One that was lost all the same is no worse for coming late.
                let _ = self.jitter.insert(&Arrival {
                    sequence: sequence.wrapping_sub(1),
                    timestamp: timestamp.wrapping_sub(lost.len() as u32),
                    payload: lost,
                    at,
                });
            }
            let Some(sound) = opus.decode(sequence, packet.payload) else {
                self.stats.refused += 1;
                return [None, None];
            };
            arrival.payload = sound;
        }
        match self.jitter.insert(&arrival) {
            Inserted::Stored => {}
            Inserted::Duplicate => self.stats.duplicate += 1,
            Inserted::Late => self.stats.late += 1,
        }
        [None, None]
    }

    /// Takes a packet of a key press, whose durations may be on another clock.
    fn pressing(&mut self, timestamp: u32, payload: &[u8], now: Instant) -> [Option<Pressed>; 2] {
        let factor = self.settings.dtmf_clock_factor.max(1);
        let Some(event) = EventPayload::parse(payload) else {
            return [None, None];
        };
        let event = EventPayload {
            duration: event.duration / factor,
            ..event
        };
        self.digits.packet(timestamp, &event.to_bytes(), now)
    }

    /// Time since construction in samples, as the jitter formulas want it.
    fn arrival(&self, now: Instant) -> u32 {
        let since = now.saturating_duration_since(self.created);
        (since.as_micros() * 8 / 1000) as u32
    }
}

/// What decodes packets of this codec before they wait; `None`: they wait as they are.
fn decoder(codec: Codec) -> Option<Box<opus::Decoder>> {
    match codec {
        Codec::Opus => Some(Box::new(opus::Decoder::new(codec.of_tracks()))),
        Codec::G711(_) | Codec::G722 => None,
    }
}

/// What makes packets of this length; `None`: a frame is one, as all of Opus are.
fn packets(codec: Codec, ms: u16) -> Option<Box<Packets>> {
    match codec {
        Codec::Opus => None,
        Codec::G711(_) | Codec::G722 => Packets::of(ms),
    }
}

#[cfg(test)]
mod tests;
