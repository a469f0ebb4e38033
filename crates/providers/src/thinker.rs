//! Thinkers: dialogue back ends, one a file.

mod dialogue;
mod script;
mod sse;

pub use dialogue::{CallFacts, DialogueThinker, RemoteSettings, Wording};
pub use script::ScriptThinker;
pub use sse::SseThinker;
