//! Speakers: engines that turn text into speech, one a file, and the cache before them.

mod azure;
mod cache;
mod custom;
mod dashscope;
mod espeak;
mod flite;
mod http;
mod local;
mod minimax;
mod openai;
mod process;
mod remote;
mod service;
mod stream;
mod tencent;
#[cfg(test)]
mod tests;
mod volcengine;
mod wav;

pub use cache::{CacheSettings, CachedSpeaker, SpeechCache};
pub use espeak::Espeak;
pub use flite::Flite;
pub use local::LocalSpeaker;
pub use process::ProcessSettings;
pub use remote::{FailoverSpeaker, VoiceBackend};
pub use service::ServiceSpeaker;
