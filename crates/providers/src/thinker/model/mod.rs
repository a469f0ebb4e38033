//! Language models as thinkers: OpenAI-compatible servers, Azure, MiniMax, and Dify's applications.
//!
//! A [`ModelThinker`] is one conversation's. It asks its back ends one after the other, or two at
//! once where the first is slow; tells sentences as they come; calls tools and asks again with what
//! they answered; and ends or hands over when the model calls the functions for that.
//!
//! # Invariants
//!
//! - The model is told what the caller has really heard, never what was only written.
//! - A back end may be asked again until a word of its answer was spoken. What a tool did is never
//!   repeated because of that.
//! - An answer that nobody wants is given up by closing its connection.
//! - In [`Medium::Text`](crate::port::Medium::Text) words come as they were written, and what another thinker has to know to go on
//!   is given before each answer ends.
//! - Keys and secrets are in no message, note or log.

mod backend;
mod chain;
mod chat;
mod dify;
mod event_stream;
mod failure;
mod memory;
mod once;
mod prompt;
mod reader;
mod settings;
mod speech;
mod thinker;
pub mod tools;
mod trial;

pub(crate) use event_stream::EventStream;
pub use once::{Once, OnceAnswer, ask_once};
pub use reader::Reader;
pub use settings::{
    DifyFacts, Filler, ModelKind, ModelSettings, ModelThinkerSettings, TransferFailed,
    TransferFunction,
};
pub use thinker::ModelThinker;
pub use trial::{Trial, TrialSettings, try_model};

#[cfg(test)]
mod tests;
