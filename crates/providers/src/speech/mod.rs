//! What recognizers and speakers elsewhere share: how they are configured, why they fail, the
//! sockets to them, and audio on the wire.
//!
//! # Invariants
//!
//! - Keys and secrets are in no message, fault or log.
//! - What a service says is bounded before it is kept, and read before it is believed.

mod address;
pub(crate) mod audio;
mod dashscope;
mod failure;
mod settings;
pub(crate) mod socket;

pub(crate) use address::{tencent_url, with_query};
pub(crate) use dashscope::{dashscope_address, dashscope_failure, dashscope_task};
pub(crate) use failure::{ServiceFailure, accepted, short, told};
pub use settings::{AudioFormat, SpeechKind, SpeechSettings};
