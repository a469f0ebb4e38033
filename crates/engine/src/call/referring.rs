//! A place in a call that is being given to another phone, and whom it is given to.

use std::time::Duration;

use model::{CallId, HungUpSide, TransferFailure};

use super::handing::Handing;

/// From the word of a phone that talks already, or that calls by itself, to its media: signalling only.
pub(super) const TAKE_MAX: Duration = Duration::from_secs(10);

/// To whom a place is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Successor {
    /// A phone that is looked for and rung.
    Phone(String),
    /// A phone that talks in another call (attended transfer).
    Call {
        /// Who it is, in words for the records.
        target: String,
        /// The call.
        call: CallId,
    },
    /// A phone that has called, and waits for our answer (`Replaces`).
    Caller(Box<model::Server>),
}

impl Successor {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Phone(target) | Self::Call { target, .. } => target.clone(),
            Self::Caller(server) => server.address.clone(),
        }
    }

    pub(super) fn call(&self) -> Option<CallId> {
        match self {
            Self::Call { call, .. } => Some(call.clone()),
            Self::Phone(_) | Self::Caller(_) => None,
        }
    }
}

/// A place that is being given away.
#[derive(Debug)]
pub(super) struct Referring {
    /// Whose it is.
    pub(super) side: HungUpSide,
    /// Whoever is looked for, and how far that has come.
    pub(super) search: Handing,
    /// The phone in the place has hung up.
    pub(super) has_left: bool,
    /// Somebody hears it ring.
    pub(super) rings: bool,
}

/// The final status that tells why nobody took a place (RFC 3515 section 2.4.5).
pub(super) fn status_of(failure: TransferFailure) -> u16 {
    match failure {
        TransferFailure::Unknown => 404,
        TransferFailure::NobodyThere
        | TransferFailure::NotReachable
        | TransferFailure::NotAnswered
        | TransferFailure::SameAgent
        | TransferFailure::TooOften => 480,
        TransferFailure::QueueFull | TransferFailure::NobodyFree | TransferFailure::Busy => 486,
        TransferFailure::Rejected => 603,
    }
}
