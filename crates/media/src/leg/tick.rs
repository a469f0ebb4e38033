//! What one tick of a leg produces: fixed places, filled anew each time.

use std::net::SocketAddr;

use super::Event;
use crate::{Frame, FrameKind, port::RTP_MAX, recording::RecordedTick};

/// Events that fit in one tick; further ones wait for the next.
pub const EVENTS_MAX: usize = 16;

/// Longest datagram that a tick sends.
pub const DATAGRAM_MAX: usize = RTP_MAX;

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
    pub(super) datagram: Option<Datagram>,
    pub(super) tap: Option<(FrameKind, Frame)>,
    pub(super) recorded: Option<RecordedTick>,
    pub(super) events: [Option<Event>; EVENTS_MAX],
    pub(super) n_events: usize,
}

impl TickOut {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            datagram: None,
            tap: None,
            recorded: None,
            events: [None; EVENTS_MAX],
            n_events: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.datagram = None;
        self.tap = None;
        self.recorded = None;
        self.n_events = 0;
    }

    /// The RTP packet to send from the leg's RTP socket: one a tick, none while on hold or
    /// before an address is known.
    pub fn datagram(&self) -> Option<&Datagram> {
        self.datagram.as_ref()
    }

    /// What the caller said, if the leg is tapped.
    pub fn tap(&self) -> Option<&(FrameKind, Frame)> {
        self.tap.as_ref()
    }

    /// Both sides as they were on the wire, if the leg is recorded.
    pub fn recorded(&self) -> Option<&RecordedTick> {
        self.recorded.as_ref()
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
