//! What stands between a port and the wire.

use super::{Port, handshake::Handshake};
use crate::{
    security::Protection,
    srtp::{Rejected, Srtp, SrtpSettings},
};

/// See the module.
#[derive(Debug)]
pub enum Guard {
    /// Nothing is encrypted.
    Open,
    /// Keys came by signalling.
    Keys(Box<Srtp>),
    /// Keys come by a handshake.
    Handshake(Box<Handshake>),
}

/// What a port had with its peer, on its way to another port.
#[derive(Debug)]
pub struct Kept(pub(super) Guard);

impl Guard {
    /// What was agreed on at first.
    pub fn new(protection: Option<&Protection>) -> Self {
        match protection {
            None => Self::Open,
            Some(Protection::Keys(keys)) => Self::Keys(Box::new(Srtp::new(*keys))),
            Some(Protection::Handshake(settings)) => {
                Self::Handshake(Box::new(Handshake::new(settings, None)))
            }
        }
    }

    /// Signalling named it again. Keys hold until others are there, but not beyond encryption.
    pub fn change(&mut self, protection: Option<&Protection>) {
        let before = std::mem::replace(self, Self::Open);
        *self = match (before, protection) {
            (_, None) => Self::Open,
            (Self::Open, Some(_)) => Self::new(protection),
            (Self::Keys(srtp), Some(Protection::Keys(keys))) => Self::with(srtp, *keys),
            (Self::Keys(srtp), Some(Protection::Handshake(settings))) => {
                Self::Handshake(Box::new(Handshake::new(settings, Some(*srtp))))
            }
            (Self::Handshake(handshake), Some(Protection::Keys(keys))) => {
                match handshake.into_srtp() {
                    Some(srtp) => Self::with(Box::new(srtp), *keys),
                    None => Self::new(protection),
                }
            }
            (Self::Handshake(mut handshake), Some(Protection::Handshake(settings))) => {
                handshake.change(settings);
                Self::Handshake(handshake)
            }
        };
    }

    fn with(mut srtp: Box<Srtp>, keys: SrtpSettings) -> Self {
        srtp.rekey(keys);
        Self::Keys(srtp)
    }

    /// Whether anything may leave.
    pub fn is_ready(&self) -> bool {
        match self {
            Self::Open | Self::Keys(_) => true,
            Self::Handshake(handshake) => handshake.is_ready(),
        }
    }

    /// The keys, if there are any.
    pub fn srtp(&mut self) -> Option<&mut Srtp> {
        match self {
            Self::Open => None,
            Self::Keys(srtp) => Some(srtp),
            Self::Handshake(handshake) => handshake.srtp(),
        }
    }
}

impl Port {
    pub(super) fn rejected(&mut self, rejected: Rejected) {
        match rejected {
            Rejected::Malformed => self.stats.refused += 1,
            Rejected::Unauthentic => self.stats.unauthentic += 1,
            Rejected::Replayed => self.stats.duplicate += 1,
        }
    }

    /// Signalling named how media is encrypted, for the first time or again.
    pub fn secure(&mut self, protection: Option<Protection>) {
        self.guard.change(protection.as_ref());
        self.settings.protection = protection;
        self.latch.set_rule(self.latch_rule());
    }

    /// Seals what is about to leave, if the call is encrypted. Every packet passes here.
    pub(super) fn sealed(&mut self, buf: &mut [u8], len: usize) -> usize {
        match &mut self.guard {
            Guard::Open => len,
            Guard::Keys(srtp) => srtp.seal_rtp(buf, len),
            Guard::Handshake(handshake) => {
                let srtp = handshake.srtp();
                srtp.map_or(0, |srtp| srtp.seal_rtp(buf, len))
            }
        }
    }

    pub(super) fn sealed_report(&mut self, buf: &mut [u8], len: usize) -> usize {
        match &mut self.guard {
            Guard::Open => len,
            Guard::Keys(srtp) => srtp.seal_rtcp(buf, len),
            Guard::Handshake(handshake) => {
                let srtp = handshake.srtp();
                srtp.map_or(0, |srtp| srtp.seal_rtcp(buf, len))
            }
        }
    }
}
