//! The simulated world that tests run in.

pub mod models;
pub mod postgres;
pub mod speech;
pub mod telephony;
