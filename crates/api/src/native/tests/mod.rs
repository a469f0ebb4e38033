//! The native dialect in front of a real centre and a real database.

mod agent_versions;
mod audit;
mod bad_input;
mod campaigns;
mod document;
mod events;
mod numbers_hidden;
mod people;
mod phone;
mod resources;
mod sessions;
mod setup;
mod tenancy;
mod world;
