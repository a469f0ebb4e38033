//! The rules of sounds in a call.
