//! Where media comes from and goes to: symmetric RTP (RFC 4961) that a stranger cannot steal.
//!
//! The first valid packet from an allowed address fixes the source, and we send there. After
//! that another address is followed only if it *continues the stream* (same SSRC, next sequence
//! numbers: a NAT that chose another socket port), if the source has been silent for
//! [`SILENT_MAX`], or if it is exactly the address that the SDP names. A peer behind NAT may be heard from
//! anywhere, but whoever sends from where its signalling comes from has the port, whoever was first. Where ICE
//! has checked the peer's addresses, all of these are the source.
//!
//! # Invariants
//!
//! - While the source sends, nobody who does not know SSRC and sequence can take its place,
//!   apart from the SDP's own address, and that of signalling for a peer behind NAT.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::LatchRule;

/// Silence after which the source may be another.
pub const SILENT_MAX: Duration = Duration::from_secs(2);

/// What to do with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is from the source.
    Source,
    /// It is from a new source that continues the stream.
    Moved,
    /// It is from a new source: a new stream begins.
    New,
    /// It is from a stranger.
    Stranger,
}

/// The source of a port, once there is one.
#[derive(Clone, Debug)]
pub struct Latch {
    rule: LatchRule,
    /// The address in the SDP.
    signalled: Option<SocketAddr>,
    source: Option<(SocketAddr, Instant)>,
}

impl Latch {
    /// Without a source, sending to the address in the SDP.
    pub fn new(rule: LatchRule, signalled: Option<SocketAddr>) -> Self {
        Self {
            rule,
            signalled,
            source: None,
        }
    }

    /// Signalling named another address: begin anew, by this rule.
    pub fn signalled(&mut self, address: SocketAddr, rule: LatchRule) {
        self.rule = rule;
        self.signalled = Some(address);
        self.source = None;
    }

    /// The same, while the source is known otherwise.
    pub fn named(&mut self, address: SocketAddr) {
        self.signalled = Some(address);
    }

    /// Where to send.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.source.map(|(address, _)| address).or(self.signalled)
    }

    /// When the source last sent.
    pub fn heard(&self) -> Option<Instant> {
        self.source.map(|(_, at)| at)
    }

    /// Judges the sender of a valid RTP packet, and follows it if it may.
    pub fn packet(&mut self, from: SocketAddr, continues: bool, now: Instant) -> Verdict {
        let verdict = self.judge(from, continues, now);
        match verdict {
            Verdict::Source | Verdict::Moved | Verdict::New => self.source = Some((from, now)),
            Verdict::Stranger => {}
        }
        verdict
    }

    fn judge(&self, from: SocketAddr, continues: bool, now: Instant) -> Verdict {
        let Some((source, heard)) = self.source else {
            return match self.is_allowed(from) {
                true => Verdict::New,
                false => Verdict::Stranger,
            };
        };
        if from == source {
            return Verdict::Source;
        }
        if self.rule == LatchRule::Checked {
            return Verdict::Moved;
        }
        if !self.is_allowed(from) {
            return Verdict::Stranger;
        }
        let silent = now.saturating_duration_since(heard) > SILENT_MAX;
        let is_nearer = match self.rule {
            LatchRule::Behind(ip) => from.ip() == ip && source.ip() != ip,
            LatchRule::SdpAddress | LatchRule::Checked => false,
        };
        match (
            continues,
            silent || is_nearer || self.signalled == Some(from),
        ) {
            (true, _) => Verdict::Moved,
            (false, true) => Verdict::New,
            (false, false) => Verdict::Stranger,
        }
    }

    /// Whether somebody may be the peer.
    pub fn allows(&self, from: SocketAddr) -> bool {
        self.is_allowed(from)
    }

    /// Another rule holds from now on.
    pub fn set_rule(&mut self, rule: LatchRule) {
        self.rule = rule;
    }

    fn is_allowed(&self, from: SocketAddr) -> bool {
        match (self.rule, self.signalled) {
            (LatchRule::Behind(_) | LatchRule::Checked, _) => true,
            (LatchRule::SdpAddress, Some(signalled)) => from.ip() == signalled.ip(),
            (LatchRule::SdpAddress, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{Verdict::*, *};
    use crate::story::beginning;

    const PEER: &str = "192.0.2.1:4000";
    const REBOUND: &str = "192.0.2.1:4999";
    const THIEF: &str = "198.51.100.66:4000";
    const NAT: &str = "203.0.113.7:61000";
    const REBOUND_NAT: &str = "203.0.113.7:61001";
    const BEHIND_NAT: LatchRule = LatchRule::Behind(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)));

    /// Plays packets: (ms, from, continues the stream).
    fn play(rule: LatchRule, packets: &[(u64, &str, bool)]) -> Vec<Verdict> {
        let start = beginning();
        let mut latch = Latch::new(rule, Some(PEER.parse().unwrap()));
        let packets = packets.iter();
        packets
            .map(|&(ms, from, continues)| {
                let now = start + Duration::from_millis(ms);
                latch.packet(from.parse().unwrap(), continues, now)
            })
            .collect()
    }

    #[test]
    fn a_stranger_cannot_take_a_port_that_hears_its_peer() {
        assert_eq!(
            play(
                BEHIND_NAT,
                &[
                    (0, PEER, false),
                    (20, THIEF, false),
                    (1990, PEER, true),
                    (3980, THIEF, false)
                ]
            ),
            [New, Stranger, Source, Stranger]
        );
    }

    #[test]
    fn who_is_where_signalling_comes_from_takes_the_port_from_whoever_was_first() {
        assert_eq!(
            play(
                BEHIND_NAT,
                &[
                    (0, THIEF, false),
                    (20, NAT, false),
                    (40, THIEF, false),
                    (60, NAT, true),
                    (80, REBOUND_NAT, false),
                ]
            ),
            [New, New, Stranger, Source, Stranger]
        );
    }

    #[test]
    fn a_peer_behind_nat_may_be_elsewhere_than_its_signalling() {
        assert_eq!(
            play(BEHIND_NAT, &[(0, THIEF, false), (20, THIEF, true)]),
            [New, Source]
        );
    }

    #[test]
    fn by_default_a_stranger_never_gets_the_port() {
        assert_eq!(
            play(
                LatchRule::SdpAddress,
                &[(0, THIEF, false), (9000, THIEF, true)]
            ),
            [Stranger, Stranger]
        );
    }

    #[test]
    fn a_stream_that_continues_from_another_socket_port_is_followed() {
        assert_eq!(
            play(
                LatchRule::SdpAddress,
                &[(0, PEER, false), (20, REBOUND, true), (40, REBOUND, true)]
            ),
            [New, Moved, Source]
        );
    }

    #[test]
    fn after_2_s_of_silence_another_source_is_taken() {
        assert_eq!(
            play(
                LatchRule::SdpAddress,
                &[
                    (0, PEER, false),
                    (2000, REBOUND, false),
                    (2001, REBOUND, false)
                ]
            ),
            [New, Stranger, New]
        );
    }

    #[test]
    fn the_address_in_the_sdp_takes_its_port_back() {
        assert_eq!(
            play(BEHIND_NAT, &[(0, THIEF, false), (20, PEER, false)]),
            [New, New]
        );
    }

    #[test]
    fn without_an_address_nobody_is_allowed_by_default() {
        let mut latch = Latch::new(LatchRule::SdpAddress, None);
        let from = PEER.parse().unwrap();
        assert_eq!(latch.packet(from, false, beginning()), Stranger);
        assert_eq!(latch.remote(), None);
    }
}
