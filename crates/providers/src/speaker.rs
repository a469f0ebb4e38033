//! Speakers: engines that turn text into speech, one a file, and the cache before them.

mod cache;
mod espeak;
mod flite;
mod local;
mod process;
mod wav;

pub use cache::{CacheSettings, CachedSpeaker};
pub use espeak::Espeak;
pub use flite::Flite;
pub use local::LocalSpeaker;
pub use process::ProcessSettings;
