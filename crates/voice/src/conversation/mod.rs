//! The conversation of one call, from the answer to the hang-up.
//!
//! [`Conversation`] is the machine; [`Input`], [`Output`] and [`Note`] are its language. Its owner
//! feeds it one input after the other and carries out what it asks for in between:
//!
//! ```
//! use std::time::Instant;
//! use voice::conversation::{Conversation, Input, Output, Settings};
//!
//! let now = Instant::now();
//! let mut conversation = Conversation::new(Settings::default());
//! conversation.handle(Input::Started { answered: now }, now);
//! while let Some(output) = conversation.poll() {
//!     assert!(matches!(output, Output::Think(_)));
//! }
//! assert_eq!(conversation.poll_timeout().unwrap().1, "thinker");
//! ```
//!
//! # What it does when others fail
//!
//! - A thinker that is late or fails: [`Settings::fallback`] once, then
//!   [`EndCause::ThinkerFailed`].
//! - A line that cannot be spoken is left out. The rest of one that breaks off is spoken anew, once.
//!   A reply of which nothing can be spoken, or a line not to its end, is followed by the fallback,
//!   and the second such reply ends the call with [`EndCause::SpeakerFailed`].
//! - A recognizer that is late: the turn counts as unclear, or as a cough if it was short. One that
//!   fails on a whole turn: the fallback once (three times in a row where it is only overloaded),
//!   then [`EndCause::RecognizerFailed`]; keys count meanwhile.
//! - A player that does not report is reckoned by the clock.

mod answerer;
mod answering;
mod deafness;
mod early;
mod handing;
#[cfg(test)]
mod handing_tests;
#[cfg(test)]
mod heard_tests;
mod instructing;
#[cfg(test)]
mod instructing_tests;
mod language;
mod machine;
#[cfg(test)]
mod manners_tests;
mod question;
mod settings;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

pub use deafness::Deafness;
pub use handing::Past;
pub use instructing::{Fate, Instruction, Push, WAITING_MAX};
pub use language::{EndCause, Exchange, Input, Note, Output};
pub use machine::{Conversation, HISTORY_MAX};
pub use settings::{Notify, Settings, VoicemailAction, Waits};
