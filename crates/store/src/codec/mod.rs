//! The JSON of documents in TEXT columns.
//!
//! The structs here are private to the store and mirror the model's; so a change of the model
//! does not change what is stored unless somebody decides so here. Names that were written once
//! keep their meaning for ever; new fields come with a default.

mod call;
mod campaign;
mod chat;
mod chat_settings;
mod event;
mod number;
mod party;
mod phone;
mod queue;
mod recording;
mod review;
mod serving;
mod settings;
mod staff;
mod thought;
mod transcript;

pub(crate) use call::{call_body, call_of, direction_name};
pub(crate) use campaign::{
    campaign_event_of, campaign_event_text, campaign_of, campaign_text, contact_of, contact_text,
};
pub(crate) use chat::{chat_event_kind, chat_event_of, chat_event_text};
pub(crate) use chat_settings::{chat_settings_of, chat_settings_text};
pub(crate) use event::{event_kind, event_of, event_text};
pub(crate) use number::{number_settings_of, number_settings_text};
pub(crate) use phone::{phone_contact_of, phone_contact_text, phone_rules_of, phone_rules_text};
pub(crate) use recording::{recording_of, recording_text};
pub(crate) use settings::{
    codecs_of, encryption_of, endpoint_of, endpoint_text, key_presses_of, media_timeout_of,
    names_of, names_text, rules_of, rules_text, trunk_of, trunk_text,
};
pub(crate) use staff::{
    presence_of, presence_text, skill_group_of, skill_group_text, skill_group_told, staff_of,
    staff_text, staff_told, status_of,
};
pub(crate) use transcript::{sentences_of, sentences_text};

use model::E164;
use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

/// JSON of a document. Its maps have text keys and its writers do not fail, so neither does this.
fn text(document: &impl Serialize) -> String {
    serde_json::to_string(document).expect("documents of the store are plain data")
}

/// The document in a column.
fn document<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
        what,
        source: Some(Box::new(error)),
    })
}

/// A value that no version of us has written.
pub(crate) fn unknown(what: &'static str) -> StoreError {
    StoreError::Corrupt { what, source: None }
}

/// The number whose digits are in a column or document.
pub(crate) fn number_of(digits: &str) -> Result<E164, StoreError> {
    E164::parse(&format!("+{digits}"), "").map_err(|error| StoreError::Corrupt {
        what: "number",
        source: Some(Box::new(error)),
    })
}
