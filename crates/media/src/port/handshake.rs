//! A port whose keys come by a handshake: what comes in is told apart by its first byte (RFC 7983).
//!
//! # Invariants
//!
//! - Until there are keys, nothing leaves but answers to checks and steps of the handshake, and nothing is
//!   heard.
//! - Where the peer checks ways (ICE), only what comes by a checked one is read, and media takes the one that
//!   the peer names.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use super::{
    LatchRule, Port, Received, Relayed,
    guard::{Guard, Kept},
    outbox::Outbox,
};
use crate::{
    dtls::{Association, DTLS_MAX, Outcome},
    ice::{Agent, STUN_MAX},
    rtp,
    security::{HandshakeFailure, HandshakeRole, HandshakeSettings},
    srtp::Srtp,
};

/// The handshake of a port, with what it brought.
#[derive(Debug)]
pub struct Handshake {
    agent: Option<Agent>,
    association: Association,
    /// We make the first step.
    begins: bool,
    /// The keys, of this handshake or of before it.
    srtp: Option<Srtp>,
    /// Where the peer's last step came from.
    dtls_from: Option<SocketAddr>,
    outbox: Outbox,
}

impl Handshake {
    /// Nothing has been sent or heard; with the keys that hold until there are others.
    pub fn new(settings: &Arc<HandshakeSettings>, srtp: Option<Srtp>) -> Self {
        Self {
            agent: settings.ice.clone().map(Agent::new),
            association: Association::new(Arc::clone(settings)),
            begins: settings.role == HandshakeRole::Client,
            srtp,
            dtls_from: None,
            outbox: Outbox::default(),
        }
    }

    /// Signalling named what it needs again.
    pub fn change(&mut self, settings: &Arc<HandshakeSettings>) {
        match (&mut self.agent, settings.ice.clone()) {
            (Some(agent), Some(ice)) => agent.restart(ice),
            (agent, ice) => *agent = ice.map(Agent::new),
        }
        if self.association.differs(settings) {
            self.association = Association::new(Arc::clone(settings));
            self.begins = settings.role == HandshakeRole::Client;
        }
    }

    /// The keys, once there are some.
    pub fn srtp(&mut self) -> Option<&mut Srtp> {
        self.srtp.as_mut()
    }

    /// The same, for good.
    pub fn into_srtp(self) -> Option<Srtp> {
        self.srtp
    }

    /// Whether there are keys.
    pub fn is_ready(&self) -> bool {
        self.srtp.is_some()
    }

    /// Whether the peer checks ways, so that media takes the one that it names.
    pub fn is_checked(&self) -> bool {
        self.checks().is_some()
    }

    /// The way that the peer has named or checked.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.checks().and_then(Agent::remote)
    }

    /// When the peer last checked a way.
    pub fn last_check(&self) -> Option<Instant> {
        self.agent.as_ref().and_then(Agent::last_check)
    }

    fn checks(&self) -> Option<&Agent> {
        self.agent.as_ref().filter(|agent| !agent.is_peer_lite())
    }

    /// Takes a check and answers it; whether media takes another way from now on.
    fn check(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) -> bool {
        let Some(agent) = &mut self.agent else {
            return false;
        };
        let mut answer = [0; STUN_MAX];
        let answered = agent.receive(datagram, from, now, &mut answer);
        self.outbox.push(&answer[..answered.len], from);
        answered.moved && !agent.is_peer_lite()
    }

    /// Takes a step of the peer's.
    fn step(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        self.dtls_from = Some(from);
        self.association.receive(datagram, now);
        self.send(from);
    }

    /// Sends what the association has to say.
    fn send(&mut self, to: SocketAddr) {
        let mut datagram = [0; DTLS_MAX];
        while let Some(len) = self.association.transmit(&mut datagram) {
            self.outbox.push(&datagram[..len], to);
        }
    }

    /// Lets time pass, and says how the handshake has ended. `named`: where the peer is without checks.
    fn advance(
        &mut self,
        named: Option<SocketAddr>,
        now: Instant,
    ) -> Option<Result<(), HandshakeFailure>> {
        let to = match self.checks() {
            Some(agent) => agent.remote(),
            // Where we have begun, a stranger's step does not turn ours to it.
            None if self.begins => named,
            None => self.dtls_from.or(named),
        };
        self.association.advance(to.is_some(), now);
        if let Some(to) = to {
            self.send(to);
        }
        match self.association.poll()? {
            Outcome::Failed(why) => Some(Err(why)),
            Outcome::Keys(keys) => {
                match &mut self.srtp {
                    Some(srtp) => srtp.rekey(keys),
                    None => self.srtp = Some(Srtp::new(keys)),
                }
                Some(Ok(()))
            }
        }
    }
}

impl Port {
    /// Takes a datagram that came before the port was there: who begins a handshake or checks ways waits
    /// for an answer, and begins again only a second later. Sound belongs to nobody then.
    pub fn receive_early(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        if let Some(0..=3 | 20..=63) = datagram.first() {
            self.receive_any(datagram, from, now, &mut |_| ());
        }
    }

    /// Takes a datagram of any kind from the RTP socket.
    pub(super) fn receive_any(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
        let mut guard = std::mem::replace(&mut self.guard, Guard::Open);
        let received = match &mut guard {
            Guard::Open | Guard::Keys(_) => Received::default(),
            Guard::Handshake(handshake) => self.sort(handshake, datagram, from, now, pass),
        };
        self.guard = guard;
        received
    }

    fn sort(
        &mut self,
        handshake: &mut Handshake,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
        let kind = datagram.first().copied().unwrap_or(u8::MAX);
        let is_known = match handshake.checks() {
            Some(agent) => agent.is_checked(from),
            None => self.latch.allows(from),
        };
        match kind {
            0..=3 => {
                if handshake.check(datagram, from, now) {
                    self.control.forget_remote();
                }
            }
            20..=63 if is_known => {
                handshake.step(datagram, from, now);
                // The peer may send sound right behind its last step.
                self.note_keys(handshake, now);
            }
            128..=191 if is_known => {
                let Some(srtp) = &mut handshake.srtp else {
                    self.stats.refused += 1;
                    return Received::default();
                };
                return self.open_either(srtp, datagram, from, now, pass);
            }
            _ => self.stats.refused += 1,
        }
        Received::default()
    }

    fn open_either(
        &mut self,
        srtp: &mut Srtp,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        pass: &mut dyn FnMut(&Relayed<'_>),
    ) -> Received {
        let is_rtcp = rtp::is_rtcp(datagram);
        let opened = match is_rtcp {
            true => srtp.open_rtcp(datagram),
            false => srtp.open_rtp(datagram),
        };
        match opened {
            Err(rejected) => self.rejected(rejected),
            Ok(plain) if is_rtcp => {
                let streams = (self.outbound.ssrc(), self.inbound.ssrc());
                self.control.receive(plain, from, streams, now);
            }
            Ok(plain) => return self.receive_plain(plain, from, now, pass),
        }
        Received::default()
    }

    fn note_keys(&mut self, handshake: &mut Handshake, now: Instant) {
        let named = self.latch.remote();
        let Some(ended) = handshake.advance(named, now) else {
            return;
        };
        if let (Ok(()), false, Some(from)) = (ended, handshake.is_checked(), handshake.dtls_from) {
            // Whoever holds the certificate is where its steps come from, whatever its SDP says.
            self.latch.signalled(from, self.latch_rule());
        }
        self.ended = Some(ended);
    }

    /// Lets time pass for a handshake, and says how it has ended, once. Call it on every tick.
    pub fn advance(&mut self, now: Instant) -> Option<Result<(), HandshakeFailure>> {
        if !matches!(self.guard, Guard::Handshake(_)) {
            return None;
        }
        let mut guard = std::mem::replace(&mut self.guard, Guard::Open);
        if let Guard::Handshake(handshake) = &mut guard {
            self.note_keys(handshake, now);
        }
        self.guard = guard;
        self.ended.take()
    }

    /// Sends answers to checks and steps of a handshake. Call it after everything that a port takes, and on
    /// every tick.
    pub fn transmit(&mut self, send: &mut dyn FnMut(&[u8], SocketAddr)) {
        if let Guard::Handshake(handshake) = &mut self.guard {
            handshake.outbox.drain(send);
        }
    }

    /// Whether the peer checks ways, and may come by another one at any time.
    pub fn is_checked(&self) -> bool {
        match &self.guard {
            Guard::Open | Guard::Keys(_) => false,
            Guard::Handshake(handshake) => handshake.is_checked(),
        }
    }

    /// Whose media is heard: whom the guard has found, where it looks for the peer.
    pub(super) fn latch_rule(&self) -> LatchRule {
        match self.is_checked() {
            true => LatchRule::Checked,
            false => self.settings.latch,
        }
    }

    /// Takes the keys and the handshake out, for the port that goes on with the same peer.
    pub fn keep(&mut self) -> Kept {
        Kept(std::mem::replace(&mut self.guard, Guard::Open))
    }

    /// Goes on with what another port had with the same peer, as far as signalling says the same of it.
    pub fn go_on(&mut self, kept: Kept) {
        let Kept(mut guard) = kept;
        if let (Guard::Handshake(_), Some(protection)) = (&guard, &self.settings.protection) {
            guard.change(Some(protection));
            self.guard = guard;
            self.latch.set_rule(self.latch_rule());
        }
    }
}

#[cfg(test)]
mod tests;
