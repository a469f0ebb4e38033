//! Calls in simulated time: stories, and every order of inputs that chance can think of.

mod agents;
mod handover;
mod parties;
mod queue;
mod random;
mod referral;
mod stage;
mod stories;
