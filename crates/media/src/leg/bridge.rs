//! Two legs of one call that hear each other.
//!
//! Where both have the same kind of codec, packets pass as they came: what one leg takes, the other
//! sends at once, without decoding, and loss and jitter pass with them. A-law and µ-law are each
//! other's bytes by a table. Otherwise frames pass: what one leg hears in a tick, the other sends in
//! the same or the next one.
//!
//! Whatever a leg plays itself (a tone, music on hold, keys) goes before what the other one says.
//!
//! # Invariants
//!
//! - Every leg keeps its own SSRC, and its own sequence and time, without a break (RFC 3550 section
//!   5.1): see [`crate::port`].
//! - A key press passes once: as the events that came, or made anew where one side has no events.
//! - A leg on hold sends nothing.

use crate::{
    Codec, Frame, SILENT_FRAME,
    dtmf::Digit,
    g711,
    port::{RELAY_MAX, Relayed},
};

use super::Leg;

/// A packet of the other leg on its way to this one's peer. Make one, and use it for every packet.
#[derive(Clone, Debug)]
pub struct RelayOut {
    bytes: [u8; RELAY_MAX],
    len: usize,
}

impl RelayOut {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            bytes: [0; RELAY_MAX],
            len: 0,
        }
    }

    /// What to send.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Default for RelayOut {
    fn default() -> Self {
        Self::new()
    }
}

/// What one leg knows of the other.
#[derive(Debug)]
pub(super) struct Bridge {
    way: Way,
    /// What the other leg heard in its last tick, where frames pass.
    heard: Option<Frame>,
    /// The other leg's peer sends comfort noise, which was agreed on with nobody: silence goes out.
    is_quiet: bool,
    /// Keys are made anew for this leg's peer.
    remakes_keys: bool,
    /// The leg sends something of its own: what the other one says is dropped meanwhile.
    pub(super) is_busy: bool,
}

/// How sound comes from the other leg.
#[derive(Debug)]
enum Way {
    /// Packets as they come, their bytes by this table.
    Packets(Option<Box<Table>>),
    /// Frame by frame.
    Frames,
    /// The sum of several, beside what the leg plays: see [`crate::conference`].
    Mix {
        /// Somebody waits for the end of a turn: a voice agent is in the conference.
        listens: bool,
    },
}

/// Bytes of one G.711 codec in another.
type Table = [u8; 256];

/// Lets two legs of a call hear each other.
pub fn join(a: &mut Leg, b: &mut Leg) {
    let (of_a, of_b) = (Bridge::between(a, b), Bridge::between(b, a));
    a.bridge = Some(of_a);
    b.bridge = Some(of_b);
    a.listen_as_needed(b.takes_tones());
    b.listen_as_needed(a.takes_tones());
}

impl Bridge {
    /// For `leg`, which is to send what `other` hears.
    fn between(leg: &Leg, other: &Leg) -> Self {
        let (to, from) = (leg.port.settings().codec, other.port.settings().codec);
        let way = match (from, to) {
            (Codec::G711(from), Codec::G711(to)) => Way::Packets(table(from, to)),
            (Codec::G722, Codec::G722) => Way::Packets(None),
            (Codec::G711(_), Codec::G722)
            | (Codec::G722, Codec::G711(_))
            | (Codec::Opus, _)
            | (_, Codec::Opus) => Way::Frames,
        };
        let differ = leg.tones.is_some() != other.tones.is_some();
        Self {
            remakes_keys: differ || leg.signals_keys || matches!(way, Way::Frames),
            way,
            heard: None,
            is_quiet: false,
            is_busy: false,
        }
    }

    /// What to send in a tick where the leg plays nothing of its own. Gives `false` where packets pass
    /// by themselves.
    pub(super) fn next(&mut self, samples: &mut Frame) -> bool {
        match self.way {
            Way::Packets(_) => {
                *samples = SILENT_FRAME;
                self.is_quiet
            }
            Way::Mix { .. } => true,
            Way::Frames => {
                *samples = self.heard.take().unwrap_or(SILENT_FRAME);
                true
            }
        }
    }

    /// What the others of a conference say, to be added to what the leg sends.
    pub(super) fn take_mix(&mut self) -> Option<Frame> {
        match self.way {
            Way::Mix { .. } => self.heard.take(),
            Way::Packets(_) | Way::Frames => None,
        }
    }

    /// What a voice agent hears of the others of a conference, beside the peer.
    pub(super) fn for_agent(&self) -> Option<&Frame> {
        match self.way {
            Way::Mix { listens: true } => self.heard.as_ref(),
            Way::Mix { listens: false } | Way::Packets(_) | Way::Frames => None,
        }
    }

    /// Whether nobody waits for the end of a turn, because people talk with each other.
    pub(super) fn is_among_people(&self) -> bool {
        !matches!(self.way, Way::Mix { listens: true })
    }

    fn is_by_packets(&self) -> bool {
        matches!(self.way, Way::Packets(_))
    }
}

impl Leg {
    /// The other leg of the bridge is gone: this one sends silence again, or what it plays.
    pub fn part(&mut self) {
        if self.bridge.take().is_some() {
            self.port.listen(true);
        }
    }

    /// The leg is in a conference from now on: it sends what [`Leg::hear_mix`] gave it, and what it
    /// plays beside that. Keys that its peer presses are events, and reach nobody else.
    ///
    /// `listens`: a voice agent waits for what its peer says, and for what its peer hears others say.
    pub fn confer(&mut self, listens: bool) {
        self.bridge = Some(Bridge {
            way: Way::Mix { listens },
            heard: None,
            is_quiet: false,
            remakes_keys: false,
            is_busy: false,
        });
        self.port.listen(true);
    }

    /// What the others of the conference say, for the tick that follows; `None` for silence.
    pub fn hear_mix(&mut self, mix: Option<&Frame>) {
        if let Some(bridge) = &mut self.bridge
            && matches!(bridge.way, Way::Mix { .. })
        {
            bridge.heard = mix.copied();
        }
    }

    /// Whether the leg is bridged.
    pub fn is_bridged(&self) -> bool {
        self.bridge.is_some()
    }

    /// Writes a packet that the other leg took, in this leg's own numbers, and returns where to send
    /// it; `None` if it does not pass.
    pub fn relay(
        &mut self,
        packet: &Relayed<'_>,
        out: &mut RelayOut,
    ) -> Option<std::net::SocketAddr> {
        let bridge = self.bridge.as_mut()?;
        bridge.is_quiet = packet.is_noise;
        let Way::Packets(table) = &bridge.way else {
            return None;
        };
        let remade = packet.is_key && bridge.remakes_keys;
        if self.held || self.muted || bridge.is_busy || remade || packet.is_noise {
            self.port.break_off_relay();
            return None;
        }
        let to = self.port.remote()?;
        out.len = self.port.relay(packet, table.as_deref(), &mut out.bytes)?;
        Some(to)
    }

    /// Takes what the other leg heard in this tick, where frames pass.
    pub fn hear_other(&mut self, heard: &Frame) {
        if let Some(bridge) = &mut self.bridge
            && matches!(bridge.way, Way::Frames)
        {
            bridge.heard = Some(*heard);
        }
    }

    /// The person on the other leg has pressed a key.
    pub fn other_pressed(&mut self, digit: Digit) {
        if self
            .bridge
            .as_ref()
            .is_some_and(|bridge| bridge.remakes_keys)
        {
            self.digits.press(&[digit]);
        }
    }

    /// Whether keys reach its peer as tones in what passes.
    fn takes_tones(&self) -> bool {
        self.tones.is_some() && !self.signals_keys
    }

    /// Keys go by signalling from now on, or no longer.
    pub(super) fn signal_keys(&mut self, signals: bool) {
        self.signals_keys = signals;
        if let Some(bridge) = &mut self.bridge {
            bridge.remakes_keys |= signals;
        }
    }

    /// What nobody decodes need not wait in the jitter buffer.
    fn listen_as_needed(&mut self, other_has_tones: bool) {
        let listens_for_tones = self.tones.is_some() && !other_has_tones;
        let passes = self.bridge.as_ref().is_some_and(Bridge::is_by_packets);
        self.port
            .listen(self.record || listens_for_tones || !passes);
    }
}

fn table(from: g711::Codec, to: g711::Codec) -> Option<Box<Table>> {
    (from != to).then(|| {
        let mut table = [0; 256];
        for (byte, place) in (0..=u8::MAX).zip(&mut table) {
            *place = to.encode(from.decode(byte));
        }
        Box::new(table)
    })
}

#[cfg(test)]
mod tests;
