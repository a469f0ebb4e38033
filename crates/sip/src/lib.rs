//! SIP as a pure machine: transactions, dialogs, calls, digest, SDP.
//!
//! [`Endpoint`] owns every transaction and every leg of one SIP user agent. It takes received
//! messages, commands and the time; it gives messages to send and events. It opens no socket,
//! reads no clock and resolves no name: the shell does that, and tells it by [`Input`].
//!
//! ```text
//! shell ── Input::Received / Command / Timeout ──▶ Endpoint ── Output::Send / Event ──▶ shell
//! ```
//!
//! What it does not do: media, name resolution, TLS, storage of registrations, trunk selection.
//!
//! # Invariants
//!
//! - Every leg, in either direction, ends with exactly one of [`Event::Refused`],
//!   [`Event::Canceled`] and [`Event::Ended`], also when the peer falls silent; nothing about
//!   the leg follows it.
//! - No input panics, and memory is bounded by [`Limits`] whatever strangers send.
//! - The same inputs at the same times with the same seed give the same outputs.

mod config;
pub mod digest;
mod endpoint;
mod event;
mod frame;
mod guard;
mod input;
mod link;
pub mod message;
mod registrar;
mod registration;
mod replaces;
pub mod sdp;
pub mod srv;
mod summary;
mod timers;
mod transaction;
mod uri;

pub use config::{Config, HostPort, Limits, TRY_TCP_MAX, Timing};
pub use endpoint::Endpoint;
pub use event::{
    Canceler, EndedBy, Event, Incoming, Output, Reason, Referring, Refusal, RefusedBy,
    RegisterAnswer, Registering,
};
pub use frame::{Frame, FrameError, StreamFramer};
pub use guard::{Guard, GuardRules};
pub use input::{Command, Input, Invite, InviteRules, LegId, QueryId, Register, RequestId};
pub use link::{Link, Transport, is_local};
pub use message::Headers;
pub use registrar::{Binding, RegistrarRules, Unregistered, contact_headers, registered};
pub use registration::{Registration, RegistrationState};
pub use replaces::Replaces;
pub use summary::{Summary, What, summary};
pub use uri::{NameAddr, Params, Uri, UriError};
