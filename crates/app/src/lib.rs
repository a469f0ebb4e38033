//! Use cases of the centre and the shells that carry them out.
//!
//! [`App`] is what every dialect calls. A use case checks, writes one transaction and returns;
//! what follows happens in the shells: `shell::sip` moves SIP, `shell::media` moves RTP,
//! `shell::call` owns one call each, `shell::webhook` sends pushes. Only shells spawn.

pub mod agent_document;
mod app;
mod call_legs;
mod calls;
pub mod chat;
mod copies;
mod custom_tts;
pub mod dialogue;
mod fault;
mod figures;
mod handovers;
pub mod language_model;
mod links;
mod local_time;
mod metrics;
mod names;
mod phone_calls;
mod private_network;
mod push;
mod pushes;
mod queues;
mod recovery;
mod reviewing;
mod settings;
pub mod shell;
mod sounds;
mod speech;
pub mod speech_service;
mod speech_trial;
mod thinking;
mod thought;
mod trunk_health;
mod trunk_load;
mod usecase;

pub use app::{App, Engines};
pub use custom_tts::{CustomTtsFault, custom_tts};
pub use engine::circuit::CircuitState;
pub use fault::Fault;
pub use private_network::{is_private, is_web_address, names_private};
pub use push::{CallInAnswer, CallInQuestion, PushDialect};
pub use queues::{QueueCounts, QueueNow, Queues};
pub use settings::Settings;
pub use shell::call::{SayNow, SayWhat, Told};
pub use shell::targets::tls_peer;
pub use sip::{RegistrationState, digest::Credentials as DigestCredentials};
pub use sounds::sent_sound;
pub use speech_trial::{SpeechTrial, test_speech_service};
pub use trunk_health::{TrunkHealth, TrunkState};
pub use usecase::{
    CallOutline, OwnPhone, SKILL_GROUPS_MAX, SOUND_BYTES_MAX, STAFF_MAX, TrialAct, TrialAnswer,
    TrialAnswered, TrialRefused, TrialStep, day_start, sign_in, try_agent, try_any_agent,
};
