//! The ports: what a speaker, a recognizer and a thinker are to the rest of the centre.
//!
//! Shaped for streaming vendors: speech arrives in pieces while it is still being made, a listening
//! takes frames while the caller talks. A local engine that knows only whole texts and whole
//! utterances fits the same shape. The ports do not say when to listen or speak.

mod language;
mod recognizer;
mod speaker;
mod thinker;

pub use language::{Language, NotALanguage};
pub use recognizer::{Heard, ListenSettings, Listening, Recognizer, RecognizerFault};
pub use speaker::{Speak, Speaker, SpeakerFault, Speech, SpeechPiece, SpeechSink};
pub use thinker::{
    Asked, Called, DETAIL_CHARS_MAX, Medium, Moved, Noted, Outcome, Step, Thinker, Thought,
    Thoughts,
};

use std::future::Future;
use std::pin::Pin;

/// Sample rate of all audio that crosses the ports: the telephone's.
pub const SAMPLE_RATE_HZ: u32 = 8_000;

/// Samples in a frame: 20 ms.
pub const FRAME_SAMPLES: usize = 160;

/// 20 ms of mono PCM at [`SAMPLE_RATE_HZ`].
pub type Frame = [i16; FRAME_SAMPLES];

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
