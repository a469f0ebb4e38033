//! One call of one leg and a voice agent.
//!
//! [`Session`] decides; it neither dials nor talks. The shell hands it what happened
//! ([`Input`]) and what somebody wants ([`Command`]), and carries out what comes back
//! ([`Output`]).

mod command;
mod deadline;
mod ending;
mod input;
mod output;
mod phase;
mod session;
mod sounds;
#[cfg(test)]
mod tests;

pub use command::Command;
pub use input::{Input, LegEvent, MediaEvent, VoiceEvent};
pub use output::{Output, PlayId};
pub use phase::{Phase, Trigger};
pub use session::{Session, Settings};
