//! What the dialects may ask for, one file a group of verbs.

mod call_control;
mod campaign;
mod place_call;
mod recording;
mod sound;

pub(crate) use campaign::command as campaign_command;
pub(crate) use place_call::TRUNKS_MAX;
pub use sound::SOUND_BYTES_MAX;
