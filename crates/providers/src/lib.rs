//! The vendors behind the voice agent, and the store behind the recordings.
//!
//! [`port`] says what a recognizer and a speaker are; every engine lives in a file of its own below
//! [`recognizer`] and [`speaker`] and is chosen at start. Nothing here knows about calls: audio is
//! 8 kHz mono PCM, text is text, and when to listen or speak is decided elsewhere.
//!
//! # Invariants
//!
//! - Every wait has a deadline, every queue a bound; what happens when it is full stands beside it.
//! - What leaves the machine or a subprocess is not trusted: it is bounded and parsed, never believed.

mod pcm;
mod resampler;

pub mod port;
pub mod recognizer;
pub mod render;
pub mod sound;
pub mod speaker;
pub mod speech;
pub mod storage;
pub mod thinker;
