//! The simulated world that tests run in.

pub mod postgres;
