//! Thinkers: dialogue back ends, one a file.

mod absent;
mod dialogue;
pub mod model;
mod script;
mod sse;

pub use absent::AbsentThinker;
pub use dialogue::{CallFacts, DialogueThinker, RemoteSettings, Wording};
pub use script::ScriptThinker;
pub use sse::SseThinker;
