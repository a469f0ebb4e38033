//! A phone in a call that gives its place to another one: REFER and Replaces of SIP.

use crate::{CallId, HungUpSide};

/// What happens when a phone gives its place to another one. [`HungUpSide::User`] is the place of the
/// person, [`HungUpSide::Staff`] that of whoever talks with the person; nobody else has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Referral {
    /// The phone in a place asks for it to be given away, or another phone for it to be given to it.
    Asked {
        /// Whose place it is.
        side: HungUpSide,
        /// To whom, as it was read: an extension, a number or a skill group.
        target: String,
        /// The call that the other phone comes from, if it talks already (attended transfer).
        call: Option<CallId>,
    },
    /// The phone hung up before another one had its place.
    Left {
        /// Whose place it was.
        side: HungUpSide,
    },
    /// The phone that was offered the place last has it from now on.
    Taken {
        /// Whose place it was.
        side: HungUpSide,
        /// Codec name as in SDP.
        codec: String,
        /// Where its media goes.
        peer: String,
    },
    /// The carrier of the phone in a place calls the one that was offered last itself, and has reached
    /// it: our part is over.
    Sent {
        /// Whose place it was.
        side: HungUpSide,
    },
    /// The phone in a place goes on in another call; this one ends.
    Moved {
        /// Whose place it was.
        side: HungUpSide,
        /// The other call.
        call: CallId,
    },
}
