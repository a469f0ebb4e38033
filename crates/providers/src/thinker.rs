//! Thinkers: dialogue back ends, one a file.

mod absent;
mod dialogue;
mod flow;
pub mod model;
mod script;
mod sse;

pub use absent::AbsentThinker;
pub(crate) use dialogue::cause;
pub use dialogue::{CallFacts, DialogueThinker, RemoteSettings, Wording};
pub use flow::{Clock, FlowSettings, FlowThinker};
pub use script::ScriptThinker;
pub use sse::SseThinker;
