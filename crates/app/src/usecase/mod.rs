//! What the dialects may ask for, one file a group of verbs.

pub(crate) mod belonging;
mod call_control;
mod campaign;
mod extension;
mod outline;
mod own_phone;
mod parties;
mod place_call;
mod recording;
mod review;
pub mod sign_in;
mod sound;
mod staff;
mod try_agent;

pub(crate) use campaign::command as campaign_command;
pub(crate) use extension::tenant_of_domain;
pub use outline::CallOutline;
pub use own_phone::OwnPhone;
pub use place_call::Outbound;
pub(crate) use place_call::agent_limit;
pub use sound::SOUND_BYTES_MAX;
pub use staff::{SKILL_GROUPS_MAX, STAFF_MAX, day_start};
pub use try_agent::{
    TrialAct, TrialAnswer, TrialAnswered, TrialRefused, TrialStep, try_agent, try_any_agent,
};
