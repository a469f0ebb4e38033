//! Key presses as RFC 4733 events, in both directions.

mod digit;
mod event;
mod receiver;
mod sender;

pub use digit::{Digit, NotADigit};
pub use event::EventPayload;
pub use receiver::{Pressed, Receiver};
pub use sender::{Sender, Sending};
