//! Everything of one call leg towards a voice agent, on the 20 ms tick.

mod command;
mod event;
mod tick;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

pub use command::Command;
pub use event::Event;
pub use tick::{DATAGRAM_MAX, Datagram, EVENTS_MAX, TickOut};

use crate::{
    playout::ClipId,
    port::{PortSettings, Stats},
    vad::VadSettings,
};

/// Everything needed to build a leg; can cross threads, where the leg itself cannot.
#[derive(Clone, Debug)]
pub struct LegSettings {
    /// The negotiated RTP endpoint.
    pub port: PortSettings,
    /// When the caller counts as speaking.
    pub vad: VadSettings,
    /// Fill [`TickOut::recorded`].
    pub record: bool,
    /// Fill [`TickOut::tap`].
    pub tap: bool,
    /// Report [`Event::RtpTimeout`] after this time without packets; `None` for never.
    pub rtp_timeout: Option<Duration>,
    /// Length of a key press that we send.
    pub digit_tone: Duration,
    /// Pause between key presses that we send.
    pub digit_gap: Duration,
}

/// One call leg. Not `Send` (its voice detector is not): build it on the thread that runs it.
#[derive(Debug)]
pub struct Leg {
    settings: LegSettings,
}

impl LegSettings {
    /// Records and taps, times out after 30 s, and sends keys of 100 ms with pauses of 100 ms.
    pub fn new(port: PortSettings) -> Self {
        Self {
            port,
            vad: VadSettings::default(),
            record: true,
            tap: true,
            rtp_timeout: Some(Duration::from_secs(30)),
            digit_tone: Duration::from_millis(100),
            digit_gap: Duration::from_millis(100),
        }
    }
}

impl Leg {
    /// A leg that has heard nothing yet.
    pub fn new(settings: LegSettings, _now: Instant) -> Self {
        Self { settings }
    }

    /// Takes a datagram from the RTP socket: RTP, or RTCP if it shares the socket.
    pub fn receive(&mut self, _datagram: &[u8], _from: SocketAddr, _now: Instant) {
        unimplemented!()
    }

    /// Takes a datagram from the RTCP socket.
    pub fn receive_rtcp(&mut self, _datagram: &[u8], _from: SocketAddr, _now: Instant) {
        unimplemented!()
    }

    /// Takes an order; it takes effect at the next tick.
    pub fn command(&mut self, _command: Command) {
        unimplemented!()
    }

    /// Advances by 20 ms: call it 50 times a second, after receiving what has arrived. A late
    /// call is not made up for by a second one unless the shell calls twice.
    pub fn tick(&mut self, _now: Instant, _out: &mut TickOut) {
        unimplemented!()
    }

    /// Writes the RTCP report when one is due (see [`Leg::poll_timeout`]) into `buf`, at least
    /// [`crate::port::RTCP_MAX`] bytes, and returns its length. Send it to
    /// [`Leg::rtcp_remote`].
    pub fn rtcp(&mut self, _now: Instant, _buf: &mut [u8]) -> Option<usize> {
        unimplemented!()
    }

    /// Writes the RTCP farewell (BYE) into `buf` when the call ends, and returns its length.
    pub fn goodbye(&mut self, _now: Instant, _buf: &mut [u8]) -> usize {
        unimplemented!()
    }

    /// Where RTP goes now: the latched source, else the SDP's address.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.settings.port.remote
    }

    /// Where RTCP goes now.
    pub fn rtcp_remote(&self) -> Option<SocketAddr> {
        self.settings.port.remote
    }

    /// Samples of a clip that have left so far; `None` once it has ended.
    pub fn samples_sent(&self, _id: ClipId) -> Option<u64> {
        unimplemented!()
    }

    /// Counts and quality so far.
    pub fn stats(&self, _now: Instant) -> Stats {
        unimplemented!()
    }

    /// The next instant something happens besides the tick, and what.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        unimplemented!()
    }
}
