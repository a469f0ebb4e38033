//! What every database must do: each story is told once and runs on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a story that fails has failed")]

mod audit;
mod calls;
mod campaigns;
mod chats;
mod child;
mod concurrency;
mod crash;
mod credentials;
mod deliveries;
mod dialogues;
mod extensions;
mod failure;
mod fixtures;
mod harness;
mod journal;
mod number_settings;
mod opening;
mod outside_services;
mod recordings;
mod reviews;
mod rules;
mod settings;
mod staff;
mod transcripts;
mod trunks;
mod voice_agents;
