//! What the dialects share, and the native dialect.
//!
//! [`kernel`] is the table of actions that every cloud dialect fills in its own way; [`native`] is
//! what they do not offer; [`user_sig`] proves names of customers and of the servers that chat.

pub mod kernel;
pub mod native;
pub mod trail;
pub mod user_sig;
