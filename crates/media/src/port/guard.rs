//! What stands between a port and the wire.

use std::sync::Arc;

use crate::{
    security::{HandshakeSettings, Protection},
    srtp::Srtp,
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

/// A handshake and what it brought.
#[derive(Debug)]
pub struct Handshake {
    settings: Arc<HandshakeSettings>,
    srtp: Option<Srtp>,
}

impl Guard {
    /// What was agreed on at first.
    pub fn new(protection: Option<Protection>) -> Self {
        match protection {
            None => Self::Open,
            Some(Protection::Keys(keys)) => Self::Keys(Box::new(Srtp::new(keys))),
            Some(Protection::Handshake(settings)) => Self::Handshake(Box::new(Handshake {
                settings,
                srtp: None,
            })),
        }
    }

    /// Signalling named it again.
    pub fn change(&mut self, protection: Option<Protection>) {
        match (&mut *self, protection) {
            (Self::Keys(srtp), Some(Protection::Keys(keys))) => srtp.rekey(keys),
            (Self::Handshake(before), Some(Protection::Handshake(settings)))
                if before.settings == settings => {}
            (_, protection) => *self = Self::new(protection),
        }
    }

    /// Whether anything may leave.
    pub fn is_ready(&self) -> bool {
        match self {
            Self::Open | Self::Keys(_) => true,
            Self::Handshake(handshake) => handshake.srtp.is_some(),
        }
    }

    /// The keys, if there are any.
    pub fn srtp(&mut self) -> Option<&mut Srtp> {
        match self {
            Self::Open => None,
            Self::Keys(srtp) => Some(srtp),
            Self::Handshake(handshake) => handshake.srtp.as_mut(),
        }
    }
}
