//! The native dialect: what the clouds do not offer, as JSON under `/api/v1`.
//!
//! [`table`] makes a route and its description out of one row, so that the OpenAPI document holds
//! every route; [`read`] turns requests into checked values and names the field that is wrong;
//! [`problem`] is what goes back when it does not fit. Each resource has a file of its own with its
//! bodies, views, handlers and rows.
//!
//! # Invariants
//!
//! - No row runs before [`admit`] has found who asks, and whether that is enough for the row.
//! - A token of one instance sees nothing of another: its ids are *not found*, as if they were free.
//! - No answer holds a secret, except the one that made it.

mod admit;
mod audit;
mod context;
mod encryption;
mod envelope;
mod field;
mod key_presses;
mod masks;
mod media_timeout;
mod openapi;
mod page;
mod participants;
mod party_view;
mod phone;
mod problem;
mod read;
mod table;

mod call_event;
mod call_export;
mod call_hold;
mod call_instruct;
mod call_outline;
mod call_review;
mod call_rules;
mod call_view;
mod calls;
mod campaigns;
mod chat;
mod credentials;
mod customer;
mod deliveries;
mod dialogues;
mod do_not_call;
mod events;
mod extensions;
mod health;
mod instances;
mod language_models;
mod numbers;
mod overview;
mod queues;
mod quotas;
mod recordings;
mod referral_view;
mod review_view;
mod robots;
mod serving_view;
mod session;
mod setup;
mod skill_groups;
mod sounds;
mod speech_services;
mod staff;
mod staff_body;
mod thought_view;
mod tokens;
mod tool_secrets;
mod trail;
mod transcripts;
mod trial_view;
mod trunk_body;
mod trunk_view;
mod trunks;
mod voice_agent_trial;
mod voice_agent_versions;
mod voice_agents;
mod webhook_endpoints;

#[cfg(test)]
mod tests;

pub use context::{Checks, Native, PictureDrawer, Welcome};
pub use overview::{Finding, FindingLevel};
pub use session::COOKIE;
pub use setup::{SETUP_LINK_TTL, SetupLink, administrator, issue_setup_link, needs_setup};
pub use table::{behind_setup, router};
pub use tokens::{sha256_of_token, token_text};
pub use trail::text as text_for_audit;

/// The OpenAPI 3.1 document of the native dialect, as served at `/api/v1/openapi.json`.
pub fn openapi() -> serde_json::Value {
    openapi::document(&table::rows())
}
