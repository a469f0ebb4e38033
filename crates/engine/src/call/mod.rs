//! One call: the person's leg with a voice agent, and the leg of whoever takes the person over.
//!
//! [`Session`] decides; it neither dials nor talks. The shell hands it what happened
//! ([`Input`]) and what somebody wants ([`Command`]), and carries out what comes back
//! ([`Output`]).

mod command;
mod deadline;
mod ending;
mod handing;
mod input;
mod output;
mod parties;
mod phase;
mod referring;
mod session;
mod sounds;
#[cfg(test)]
mod tests;

pub use command::Command;
pub use handing::{OFFER_RING_MAX, Sought};
pub use input::{Input, LegEvent, MediaEvent, VoiceEvent};
pub use output::{Output, PlayId};
pub use parties::{Invitation, PARTIES_MAX, PartyInput};
pub use phase::{Phase, Trigger};
pub use referring::Successor;
pub use session::{First, Session, Settings};
