//! People, their skill groups, and the history of their statuses.
//!
//! # Invariants
//!
//! - A status and its line in the history are written in one transaction with the event that
//!   tells of it.
//! - A skill group that is rung all at once never has more members than may be rung at once.

mod members;
mod presence;
mod reads;
mod skill_groups;
mod write;

pub use presence::STATUS_HISTORY;
pub use reads::StaffFilter;
pub use skill_groups::SkillGroupFilter;
