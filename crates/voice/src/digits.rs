//! When a row of pressed keys is complete.
