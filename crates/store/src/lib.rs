//! Everything that outlives the process, behind one [`Store`] on SQLite or PostgreSQL.
//!
//! The journal of calls is the truth: events are written in the same transaction as the call row,
//! the usage counters, the recordings and the deliveries that follow from them. The store keeps
//! and finds; it decides nothing about a call (that is `engine`) and knows no wire format but its
//! own.
//!
//! # Invariants
//!
//! - What was acknowledged is there after a crash of the process; a batch is there as a whole or
//!   not at all. Of a power cut, see [`Store::append`].
//! - No statement waits longer than [`DEADLINE`] for the database: its caller gets a
//!   [`StoreError`].
//! - Secrets are sealed at rest; each opens only in the row that it was sealed for.

mod answering;
mod api_tokens;
mod at_hand;
mod audit;
mod brought_agents;
mod call_rules;
mod campaigns;
mod chat;
mod checkpoints;
mod codec;
mod credentials;
mod database;
mod dialect;
mod dialogue;
mod do_not_call;
mod error;
mod extensions;
mod journal;
mod known;
mod known_trunks;
mod listing;
mod live_events;
mod number_settings;
mod numbers;
mod outbox;
mod outside_services;
mod owner;
mod paging;
mod phone_contacts;
mod publication;
mod quotas;
mod reviews;
mod schema;
mod seal;
mod settings;
mod sign_ins;
mod sounds;
mod staff;
mod statement;
mod store;
mod tenants;
mod together;
mod tool_secrets;
mod transcripts;
mod trunks;
mod voice_agent_versions;
mod voice_agents;
mod webhook_endpoints;

pub use answering::Answering;
pub use audit::{AuditBreak, AuditFilter};
pub use brought_agents::BroughtDocument;
pub use campaigns::{
    AddedContact, Assignment, AsyncQuery, AttemptFilter, AttemptKey, AttemptOrder, AttemptOutcome,
    CallCriteria, CampaignFilter, ContactChoice, ContactFilter, OpenAttempt, Outcomes,
    QUERY_LIFE_MAX, Script,
};
pub use chat::{
    BotMemory, ChatDelivery, ChatJournalEvent, ChatSeat, ChatStep, HistoryEntry, RecordFilter,
};
pub use database::{DEADLINE, Database};
pub use dialogue::{
    Dialogue, DialogueFilter, DialogueId, DialogueStep, DialogueTurn, InstanceName, NewDialogue,
    RemoteRobot, Robot,
};
pub use do_not_call::DoNotCall;
pub use error::StoreError;
pub use journal::{JournalEvent, NewDelivery};
pub use known_trunks::{TRUNKS_MAX, Trunks};
pub use live_events::{LIVE_EVENTS_KEPT, LiveEvent, NewLiveEvent, StreamEvent, Topic};
pub use outbox::{Claim, DeliveryFilter, NextAttempt};
pub use outside_services::{
    LanguageModel, OutsideService, OutsideServiceDraft, OutsideServiceId, SpeechService,
};
pub use owner::Owner;
pub use paging::{Page, Paging};
pub use publication::{Publication, Words};
pub use reviews::ReviewClaim;
pub use seal::SealKey;
pub use sign_ins::NewSignIn;
pub use sounds::SoundFilter;
pub use staff::{STATUS_HISTORY, SkillGroupFilter, StaffFilter};
pub use store::Store;
pub use tool_secrets::ToolSecretName;
pub use transcripts::TranscriptClaim;
pub use voice_agent_versions::SavedVersion;
