//! Thinkers: dialogue back ends, one a file.

mod script;

pub use script::ScriptThinker;
