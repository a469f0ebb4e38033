//! Pocketsphinx: a local recognizer for a handful of expected phrases in English.
//!
//! Debian's packages hold the library and one model, US English at 16 kHz. Decoding runs in worker
//! processes of our own binary ([`worker_main`]), because a crash of the C library may cost an
//! utterance but never a call. Good enough for yes and no, digits and menu words; not a
//! product-grade recognizer.
//!
//! The grammar is what the script expects at this point and nothing else. So that other speech is
//! not forced into a phrase, the same audio is also decoded as a free sequence of phones: a phrase
//! must explain the audio almost as well as that. Measured with three of flite's voices through 8 kHz
//! µ-law (yes and no, ten digits, six menu phrases): 52 of 54 right, 1 wrong, and 20 of 198 other
//! phrases were taken for an expected one. Real callers and espeak-ng's voices do worse.

mod decoder;
mod ffi;
mod grammar;
mod listening;
mod pool;
mod wire;
mod worker;

pub use listening::Pocketsphinx;
pub use pool::{PoolSettings, WorkerCommand};
pub use worker::worker_main;
