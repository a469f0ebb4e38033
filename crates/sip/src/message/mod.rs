//! SIP messages: what they are made of, how they are read and written.

mod body;
mod build;
mod envelope;
mod headers;
mod method;
mod parse;
mod status;
mod via;

pub(crate) use body::{description, requires_other};
pub(crate) use build::Builder;
pub(crate) use envelope::Envelope;
pub use headers::Headers;
pub use method::Method;
pub use parse::{MESSAGE_BYTES_MAX, Message, ParseError, Request, Response};
pub(crate) use status::phrase;
pub(crate) use via::{MAGIC_COOKIE, Via};
