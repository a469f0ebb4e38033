//! A written dialogue: the first thinker.
//!
//! A [`Script`] is a validated tree of plain structs (edges parse documents into
//! [`ScriptParts`]); a [`ScriptRun`] is one caller's way through it.
//!
//! # Invariants
//!
//! - A script names no step that it does not hold, and no chain of steps goes on without
//!   listening forever.

mod check;
mod document;
pub(crate) mod matching;
mod run;
#[cfg(test)]
pub(crate) mod sample;

pub use document::{
    After, Answer, Next, NoInput, NoMatch, Reaction, Script, ScriptFault, ScriptParts,
    SimpleScript, Step, StepName,
};
pub use run::ScriptRun;
