//! What one tick of a leg produces: fixed places, filled anew each time.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::Event;
use crate::{
    FRAME_SAMPLES, Frame, FrameKind, SILENT_FRAME,
    port::RTP_MAX,
    recording::{RecordedFrame, RecordedTick},
};

/// Events that fit in one tick; further ones wait for the next.
pub const EVENTS_MAX: usize = 16;

/// Longest datagram that a tick sends.
pub const DATAGRAM_MAX: usize = RTP_MAX;

/// What stands in a place before its first tick.
const SILENT: RecordedFrame = RecordedFrame {
    kind: FrameKind::Silence,
    payload: [0; FRAME_SAMPLES],
};

/// A datagram to send.
#[derive(Clone, Copy, Debug)]
pub struct Datagram {
    /// Where to.
    pub to: SocketAddr,
    pub(super) bytes: [u8; RTP_MAX],
    pub(super) len: usize,
}

impl Datagram {
    /// What to send.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// What one tick of a leg produced. Make one, and pass it to every tick of every leg.
#[derive(Debug)]
pub struct TickOut {
    pub(super) datagram: Datagram,
    pub(super) has_datagram: bool,
    /// Where packets are of 10 ms; nothing in it: there is none.
    pub(super) second: Datagram,
    pub(super) tap: (FrameKind, Frame),
    pub(super) has_tap: bool,
    /// The same with the others of a conference, where a voice agent hears them too.
    pub(super) ears: Option<Frame>,
    pub(super) recorded: RecordedTick,
    pub(super) is_recorded: bool,
    pub(super) events: [Option<Event>; EVENTS_MAX],
    pub(super) n_events: usize,
}

impl TickOut {
    /// An empty one.
    pub fn new() -> Self {
        const NOTHING: Datagram = Datagram {
            to: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
            bytes: [0; RTP_MAX],
            len: 0,
        };
        Self {
            datagram: NOTHING,
            second: NOTHING,
            has_datagram: false,
            tap: (FrameKind::Silence, SILENT_FRAME),
            has_tap: false,
            ears: None,
            recorded: RecordedTick {
                user: SILENT,
                agent: SILENT,
            },
            is_recorded: false,
            events: [None; EVENTS_MAX],
            n_events: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.has_datagram = false;
        self.second.len = 0;
        self.has_tap = false;
        self.ears = None;
        self.is_recorded = false;
        self.n_events = 0;
    }

    /// The first RTP packet to send from the leg's RTP socket: one a tick, none while on hold, before an
    /// address is known, or while it waits to become a longer one.
    pub fn datagram(&self) -> Option<&Datagram> {
        self.has_datagram.then_some(&self.datagram)
    }

    /// All RTP packets to send: two where the peer wants packets of 10 ms.
    pub fn datagrams(&self) -> impl Iterator<Item = &Datagram> {
        let second = (self.second.len > 0).then_some(&self.second);
        self.datagram().into_iter().chain(second)
    }

    /// What the caller said, if the leg is tapped.
    pub fn tap(&self) -> Option<&(FrameKind, Frame)> {
        self.has_tap.then_some(&self.tap)
    }

    /// What a voice agent hears, if the leg is tapped: what the caller said, and the others of a conference
    /// whom the caller hears.
    pub fn ears(&self) -> Option<&Frame> {
        let (_, said) = self.tap()?;
        Some(self.ears.as_ref().unwrap_or(said))
    }

    /// Both sides as they were on the wire, if the leg is recorded.
    pub fn recorded(&self) -> Option<&RecordedTick> {
        self.is_recorded.then_some(&self.recorded)
    }

    /// What happened, in order.
    pub fn events(&self) -> impl Iterator<Item = Event> + '_ {
        self.events[..self.n_events].iter().flatten().copied()
    }
}

impl Default for TickOut {
    fn default() -> Self {
        Self::new()
    }
}
