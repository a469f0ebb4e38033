//! What the dialects share, and the native dialect.
//!
//! [`kernel`] is the table of actions that every cloud dialect fills in its own way.

pub mod kernel;
