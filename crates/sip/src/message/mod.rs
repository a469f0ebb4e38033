//! SIP messages: what they are made of, how they are read and written.
mod headers;
pub use headers::Headers;
/// Largest message, bytes.
pub const MESSAGE_BYTES_MAX: usize = 65_536;
