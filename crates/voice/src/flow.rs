//! A drawn dialogue as a machine: the node kinds of the vendor's canvas, with slots, branches, tags.
//!
//! A [`Flow`] is checked once; a [`FlowRun`] is one caller's way through it. The run decides at once
//! what it can (words, keys, conditions) and asks its owner for what it cannot know: the answer of
//! an API, the time in a zone, what a sentence means.
//!
//! # Invariants
//!
//! - A flow names no node that it does not hold, and no chain of nodes goes on for ever without
//!   listening.
//! - Every question is answered: by decisions, or after an answer of the owner by decisions.

mod check;
mod document;
mod event;
mod run;
mod slots;
#[cfg(test)]
mod tests;

pub use document::{
    Branch, Comparison, Condition, Flow, FlowFault, FlowParts, Hours, Node, NodeKind, Slot,
    SlotKind,
};
pub use event::{FlowInput, FlowOutput, LocalTime, Move};
pub use run::{FlowPlace, FlowRun};
