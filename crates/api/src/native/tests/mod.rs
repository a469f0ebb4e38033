//! The native dialect in front of a real centre and a real database.

mod bad_input;
mod document;
mod resources;
mod setup;
mod tenancy;
mod world;
