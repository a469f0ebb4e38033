//! Thinkers: dialogue back ends, one a file.

mod dialogue;
pub mod model;
mod script;
mod sse;

pub use dialogue::{CallFacts, DialogueThinker, RemoteSettings, Wording};
pub use script::ScriptThinker;
pub use sse::SseThinker;
