//! Everything of one call leg towards a voice agent, on the 20 ms tick.
//!
//! The shell moves bytes: it hands datagrams and commands in as they come, calls
//! [`Leg::tick`] 50 times a second, and sends, forwards and records what [`TickOut`] holds.
//!
//! ```text
//! datagrams → port → jitter buffer → tap, recording, voice detector → events
//! commands  → playout, digits → codec → port → datagram, recording
//! ```
//!
//! # Invariants
//!
//! - Every tick sends one packet, silence if nothing plays, so that NATs stay open and
//!   recordings have no holes; none on hold, or while no address is known. Where the peer wants packets
//!   of another length, as many as make up the same time.
//! - Both recorded frames of a tick belong to the same 20 ms.
//! - Events are never lost, except key presses of a peer that floods us with them.

mod bridge;
mod command;
#[cfg(test)]
mod conference_tests;
mod event;
mod reseat;
mod settings;
mod stream;
mod tick;
mod watch;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

pub use bridge::{RelayOut, join};
pub use command::Command;
pub use event::Event;
pub use settings::LegSettings;
pub use stream::Stream;
pub use tick::{DATAGRAM_MAX, Datagram, EVENTS_MAX, TickOut};
use watch::Watch;

use bridge::Bridge;

use crate::{
    FRAME_SAMPLES, Frame, FrameKind, SILENT_FRAME,
    beep::BeepDetector,
    codec::Encoder,
    dtmf::{self, Digit, Pressed, Sending},
    g711, mix,
    playout::{self, ClipId, Playout},
    port::{Port, RTP_MAX, Relayed, Stats},
    recording::RecordedFrame,
    vad::{self, Detector},
};

/// Events that may wait before those that a peer causes at will are dropped.
const EVENTS_WAITING_MAX: usize = 64;

/// Keys as tones, in both directions.
#[derive(Debug, Default)]
struct Tones {
    receiver: dtmf::ToneReceiver,
    sender: dtmf::ToneSender,
}

/// One call leg. Not `Send` (its voice detector is not): build it on the thread that runs it.
#[derive(Debug)]
pub struct Leg {
    /// Codec of the recorded tracks.
    tracks: g711::Codec,
    encoder: Encoder,
    record: bool,
    tap: bool,
    port: Port,
    /// Counts of the peers that had the place before.
    before: Stats,
    detector: Detector,
    beeps: Option<BeepDetector>,
    playout: Playout,
    digits: dtmf::Sender,
    /// Where keys are tones, because the peer negotiated no events for them.
    tones: Option<Tones>,
    /// Keys that are sent go by signalling.
    signals_keys: bool,
    watch: Watch,
    /// Another leg of the call, if the two hear each other.
    bridge: Option<Bridge>,
    muted: bool,
    held: bool,
    /// The peer is on hold.
    waits: bool,
    /// The peer is to send.
    expected: bool,
    /// No digits were asked for: say that they are done.
    digits_dropped: bool,
    /// The peer's hold or mute ended, or it answered: packets are expected from the next tick on.
    resumed: bool,
    events: VecDeque<Event>,
}

impl Leg {
    /// A leg that has heard nothing yet.
    pub fn new(settings: LegSettings, now: Instant) -> Self {
        Self {
            tracks: settings.port.codec.of_tracks(),
            encoder: Encoder::new(settings.port.codec),
            record: settings.record,
            tap: settings.tap,
            before: Stats::default(),
            detector: Detector::new(&settings.vad),
            beeps: settings.beeps.then(BeepDetector::default),
            playout: Playout::new(),
            digits: dtmf::Sender::new(settings.digit_tone, settings.digit_gap),
            tones: match settings.port.dtmf_payload_type {
                Some(_) => None,
                None => Some(Tones::default()),
            },
            signals_keys: settings.signals_keys,
            watch: Watch::new(settings.rtp_timeout, now),
            bridge: None,
            muted: false,
            held: settings.held,
            waits: false,
            expected: settings.expected,
            digits_dropped: false,
            resumed: false,
            events: VecDeque::with_capacity(2 * EVENTS_WAITING_MAX),
            port: Port::new(settings.port, now),
        }
    }

    /// Takes a datagram from the RTP socket: RTP, or RTCP if it shares the socket.
    pub fn receive(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        self.receive_and_pass(datagram, from, now, &mut |_| ());
    }

    /// The same for a bridged leg: what it takes of RTP is passed on to `pass`, which gives it to the
    /// other leg's [`Leg::relay`].
    pub fn receive_and_pass(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) {
        let received = self.port.receive_and_pass(datagram, from, now, pass);
        if received.first {
            self.events.push_back(Event::FirstPacket { at: now, from });
        }
        for pressed in received.pressed.into_iter().flatten() {
            self.pressed(pressed);
        }
    }

    /// Takes a datagram that came before the leg was there: of a handshake, not of sound. Call
    /// [`Leg::transmit`] after it.
    pub fn receive_early(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        self.port.receive_early(datagram, from, now);
    }

    /// Sends what must leave beside sound and reports: answers to checks of ICE, and steps of a handshake.
    /// Call it after datagrams were taken, and after each tick.
    pub fn transmit(&mut self, send: &mut dyn FnMut(&[u8], SocketAddr)) {
        self.port.transmit(send);
    }

    /// Whether the peer may come from another address at any time, which checks of ICE tell.
    pub fn is_checked(&self) -> bool {
        self.port.is_checked()
    }

    /// Whether RTCP shares the socket of RTP (RFC 5761).
    pub fn shares_socket(&self) -> bool {
        self.port.settings().rtcp_mux
    }

    /// Takes a datagram from the RTCP socket.
    pub fn receive_rtcp(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        self.port.receive_rtcp(datagram, from, now);
    }

    /// Takes an order; it takes effect at the next tick.
    pub fn command(&mut self, command: Command) {
        match command {
            Command::Play { clip, mode } => self.playout.play(clip, mode),
            Command::Append {
                id,
                samples,
                finished,
            } => self.playout.append(id, samples, finished),
            Command::Cut { id } => self.playout.cut(id),
            Command::CutAll => self.playout.cut_all(),
            Command::SendDigits(digits) => {
                self.digits_dropped |= digits.is_empty();
                self.digits.press(&digits);
            }
            Command::Mute(muted) => self.muted = muted,
            Command::Hold(held) => {
                self.resumed |= self.held && !held;
                self.held = held;
            }
            Command::Wait(waits) => self.waits = waits,
            Command::Expect(expected) => {
                self.resumed |= expected && !self.expected;
                self.expected = expected;
            }
            Command::Watch(limit) => {
                self.watch.limit(limit);
                self.resumed = true;
            }
            Command::Remote { to, latch } => self.port.signalled(to, latch),
            Command::Secure(protection) => self.port.secure(protection),
            Command::Listen { vad, beeps } => {
                self.detector = Detector::new(&vad);
                self.beeps = beeps.then(BeepDetector::default);
            }
            Command::Follow(stream) => self.follow(&stream),
            Command::SignalKeys(signals) => self.signal_keys(signals),
        }
    }

    /// Advances by 20 ms: call it 50 times a second, after receiving what has arrived. A late
    /// call is not made up for by a second one unless the shell calls twice.
    pub fn tick(&mut self, now: Instant, out: &mut TickOut) {
        out.clear();
        self.watch_packets(now);
        self.watch_handshake(now);
        self.hear(now, out);
        self.speak(now, out);
        out.is_recorded = self.record;
        for change in std::iter::from_fn(|| self.playout.poll()) {
            self.events.push_back(of_clip(change, now));
        }
        while out.n_events < EVENTS_MAX {
            let Some(event) = self.events.pop_front() else {
                break;
            };
            out.events[out.n_events] = Some(event);
            out.n_events += 1;
        }
    }

    /// Writes the RTCP report when one is due (see [`Leg::poll_timeout`]) into `buf`, at least
    /// [`crate::port::RTCP_MAX`] bytes, and returns its length. Send it to
    /// [`Leg::rtcp_remote`].
    pub fn rtcp(&mut self, now: Instant, buf: &mut [u8]) -> Option<usize> {
        self.port.rtcp(now, buf)
    }

    /// Writes the RTCP farewell (BYE) into `buf` when the call ends, and returns its length.
    pub fn goodbye(&mut self, now: Instant, buf: &mut [u8]) -> usize {
        self.port.goodbye(now, buf)
    }

    /// Where RTP goes now: the latched source, else the SDP's address.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.port.remote()
    }

    /// Where RTCP goes now.
    pub fn rtcp_remote(&self) -> Option<SocketAddr> {
        self.port.rtcp_remote()
    }

    /// Samples of a clip that have left so far; `None` once it has ended.
    pub fn samples_sent(&self, id: ClipId) -> Option<u64> {
        self.playout.samples_sent(id)
    }

    /// Codec of what [`TickOut::recorded`] holds.
    pub fn tracks(&self) -> g711::Codec {
        self.tracks
    }

    /// Counts and quality up to `now`, of every peer that has had the place.
    pub fn stats(&self, now: Instant) -> Stats {
        self.port.stats(now).after(&self.before)
    }

    /// The next instant something happens besides the tick, and what. [`Leg::rtcp`] and
    /// [`Leg::tick`] look at it themselves: a shell that ticks needs no timer for it.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let report = (self.port.rtcp_due(), "rtcp report");
        match self.watch.due(self.port.alive()) {
            Some(due) if due < report.0 && self.is_awaited() => Some((due, "rtp timeout")),
            Some(_) | None => Some(report),
        }
    }

    /// Whether the peer holds or is on hold: in a conference it takes no part.
    pub fn is_away(&self) -> bool {
        self.held || self.waits
    }

    /// Whether a peer that sends nothing is missed.
    fn is_awaited(&self) -> bool {
        self.expected && !self.held
    }

    fn watch_packets(&mut self, now: Instant) {
        if std::mem::take(&mut self.resumed) {
            self.watch.restart(now);
        }
        if self.is_awaited() && self.watch.is_over(self.port.alive(), now) {
            self.events.push_back(Event::RtpTimeout { at: now });
        }
        if let Some(pressed) = self.port.pressed(now) {
            self.pressed(pressed);
        }
    }

    fn watch_handshake(&mut self, now: Instant) {
        if let Some(ended) = self.port.advance(now) {
            self.events.push_back(match ended {
                Ok(()) => Event::Secured { at: now },
                Err(why) => Event::HandshakeFailed { why },
            });
        }
    }

    /// The caller's side of a tick.
    fn hear(&mut self, now: Instant, out: &mut TickOut) {
        if !self.is_awaited() {
            self.port.expect_nothing();
        }
        if !self.port.listens() {
            return;
        }
        let popped = self.port.pop();
        out.ears = self.bridge.as_ref().and_then(|bridge| {
            let mut ears = popped.samples;
            mix::add(&mut ears, bridge.for_agent()?);
            Some(ears)
        });
        // Nobody waits for the end of a turn where people talk with each other.
        let change = match (&self.bridge, &out.ears) {
            (Some(bridge), _) if bridge.is_among_people() => None,
            (_, Some(ears)) => self.detector.frame(FrameKind::Audio, ears, now),
            (_, None) => self.detector.frame(popped.kind, &popped.samples, now),
        };
        let tones = self.tones.as_mut();
        let pressed = tones.and_then(|tones| tones.receiver.frame(&popped.samples));
        if self.bridge.is_none()
            && let Some(beeps) = &mut self.beeps
            && beeps.frame(&popped.samples)
        {
            self.events.push_back(Event::Beep { at: now });
        }
        if self.tap {
            out.tap = (popped.kind, popped.samples);
            out.has_tap = true;
        }
        out.recorded.user.kind = popped.kind;
        out.recorded.user.payload = popped.payload;
        if let Some(change) = change {
            let buffered = self.port.buffered();
            self.events.push_back(of_speech(change, buffered, now));
        }
        if let Some(pressed) = pressed {
            self.pressed(pressed);
        }
    }

    /// The agent's side of a tick.
    fn speak(&mut self, now: Instant, out: &mut TickOut) {
        if std::mem::take(&mut self.digits_dropped) {
            self.events.push_back(Event::DigitsSent { at: now });
        }
        let (recorded, datagram) = (&mut out.recorded.agent, &mut out.datagram);
        recorded.kind = FrameKind::Silence;
        recorded.payload.fill(self.tracks.silence());
        let Some(to) = self.port.remote().filter(|_| !self.held) else {
            self.port.send_nothing();
            return;
        };
        let bytes = &mut datagram.bytes;
        let sending = match self.digits.tick() {
            Some(sending) if self.signals_keys => {
                Self::signal(&mut self.events, &sending, now);
                None
            }
            sending => sending,
        };
        let key_press =
            sending.and_then(|key| self.send_key(key, recorded, bytes, &mut out.second, now));
        let is_busy = key_press.is_some();
        let mut samples = SILENT_FRAME;
        let plays = !is_busy && !self.muted && self.playout.tick(&mut samples);
        if let Some(bridge) = &mut self.bridge {
            bridge.is_busy = is_busy || plays;
            if !bridge.is_busy && !bridge.next(&mut samples) {
                return self.port.send_nothing();
            }
            if !plays && self.muted {
                samples = SILENT_FRAME;
            }
        }
        datagram.len = key_press.unwrap_or_else(|| {
            if plays {
                recorded.kind = FrameKind::Audio;
                self.tracks.encode_into(&samples, &mut recorded.payload);
            }
            let others = self.bridge.as_mut().and_then(Bridge::take_mix);
            if let Some(others) = others.filter(|_| !self.muted) {
                mix::add(&mut samples, &others);
            }
            self.send_sound(&samples, bytes)
        });
        datagram.to = to;
        out.has_datagram = datagram.len > 0;
        if out.second.len > 0 {
            // It was there before the key.
            out.second.to = to;
            std::mem::swap(&mut out.datagram, &mut out.second);
        } else if out.has_datagram {
            out.second.to = to;
            out.second.len = self.port.send_more(&mut out.second.bytes);
        }
    }

    /// Writes a step of a key that is sent; what has waited for a long packet goes into `rest`.
    fn send_key(
        &mut self,
        sending: Sending,
        recorded: &mut RecordedFrame,
        bytes: &mut [u8; RTP_MAX],
        rest: &mut Datagram,
        now: Instant,
    ) -> Option<usize> {
        match sending {
            Sending::Event { payload, first } => {
                let tones = self.tones.as_mut();
                match tones.map(|tones| tones.sender.frame(payload, first)) {
                    None => {
                        rest.len = self.port.send_rest(&mut rest.bytes);
                        self.port.send_event(payload, first, bytes)
                    }
                    Some(samples) => {
                        recorded.kind = FrameKind::Audio;
                        self.tracks.encode_into(&samples, &mut recorded.payload);
                        Some(self.send_sound(&samples, bytes))
                    }
                }
            }
            Sending::Pause { last } => {
                if last {
                    self.events.push_back(Event::DigitsSent { at: now });
                }
                Some(self.send_sound(&SILENT_FRAME, bytes))
            }
        }
    }

    fn send_sound(&mut self, samples: &Frame, bytes: &mut [u8; RTP_MAX]) -> usize {
        let mut payload = [0; FRAME_SAMPLES];
        let len = self.encoder.encode_frame(samples, &mut payload);
        self.port.send_audio(&payload[..len], bytes)
    }

    /// A key goes by signalling, and what is heard goes on.
    fn signal(events: &mut VecDeque<Event>, sending: &Sending, now: Instant) {
        match sending {
            Sending::Event {
                payload,
                first: true,
            } => {
                events
                    .extend(Digit::from_event(payload.event).map(|digit| Event::KeyDue { digit }));
            }
            Sending::Pause { last: true } => events.push_back(Event::DigitsSent { at: now }),
            Sending::Event { .. } | Sending::Pause { last: false } => {}
        }
    }

    fn pressed(&mut self, pressed: Pressed) {
        if self.events.len() < EVENTS_WAITING_MAX {
            self.events.push_back(Event::Digit {
                digit: pressed.digit,
                duration: pressed.duration,
            });
        }
    }
}

fn of_clip(change: playout::Change, now: Instant) -> Event {
    match change {
        playout::Change::Started { id } => Event::ClipStarted { id, at: now },
        playout::Change::Ended {
            id,
            samples_sent,
            cut,
            underrun_ticks,
        } => Event::ClipEnded {
            id,
            samples_sent,
            cut,
            underrun_ticks,
            at: now,
        },
    }
}

/// Speech in times of the wire: what was heard at a tick had come `buffered` before.
fn of_speech(change: vad::Change, buffered: Duration, now: Instant) -> Event {
    let on_wire = |at: Instant| at.checked_sub(buffered).unwrap_or(at);
    match change {
        vad::Change::Started { at } => Event::SpeechStarted { at: on_wire(at) },
        vad::Change::Lasts { at } => Event::SpeechLasts { at },
        vad::Change::Stopped { last_voice } => Event::SpeechStopped {
            at: now,
            last_voice: on_wire(last_voice),
        },
    }
}

#[cfg(test)]
mod tests;
