//! Key presses as RFC 4733 events, or as tones in the sound, in both directions.

mod digit;
mod event;
mod receiver;
mod sender;
mod tones;

pub use digit::{Digit, NotADigit};
pub use event::EventPayload;
pub use receiver::{Pressed, Receiver};
pub use sender::{Sender, Sending};
pub use tones::{ToneReceiver, ToneSender};
