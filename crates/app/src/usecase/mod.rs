//! What the dialects may ask for, one file a group of verbs.

mod call_control;
mod place_call;
mod recording;
mod sound;

pub(crate) use place_call::TRUNKS_MAX;
pub use sound::SOUND_BYTES_MAX;
