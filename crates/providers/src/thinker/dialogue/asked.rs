//! What is told of our call, in the words of `Dialogue`.

use serde_json::json;
use voice::thinker::{Heard, ThinkRequest};

/// Which words the robot understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Only documented fields: everything is an `Utterance`.
    Strict {
        /// Stands for the beginning and for silence. A gateway may take an empty required parameter
        /// for a missing one; a blank is safe.
        blank: String,
    },
    /// `ActionKey` names the event.
    Extended,
}

/// The fields of one request that say what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    pub utterance: String,
    pub action_key: Option<&'static str>,
    pub action_params: Option<String>,
}

impl Wording {
    /// What is told before the question itself: that the robot's words were cut.
    pub(super) fn before(&self, request: &ThinkRequest) -> Option<Event> {
        let cut = request.interrupted.as_ref()?;
        match self {
            Self::Strict { .. } => None,
            Self::Extended => {
                let info = json!({"abortDialogueInfo": {
                    "abortDialogueType": "Interrupted",
                    "answer": cut.heard,
                    "sequenceId": request.turn.0.to_string(),
                }});
                Some(Event {
                    utterance: String::new(),
                    action_key: Some("AbortDialogue"),
                    action_params: Some(info.to_string()),
                })
            }
        }
    }

    /// The question.
    pub(super) fn event(&self, heard: &Heard) -> Event {
        match self {
            Self::Strict { blank } => Event {
                utterance: match heard {
                    Heard::Utterance(words) | Heard::Instruction(words) => words.clone(),
                    Heard::Digits(keys) => keys.clone(),
                    Heard::Start
                    | Heard::TakenOver
                    | Heard::Silence { .. }
                    | Heard::Unclear
                    | Heard::TransferFailed
                    | Heard::AgentRefused(_) => blank.clone(),
                },
                ..Event::default()
            },
            Self::Extended => extended(heard),
        }
    }

    /// The end of the call.
    pub(super) fn end(&self) -> Event {
        Event {
            utterance: match self {
                Self::Strict { blank } => blank.clone(),
                Self::Extended => String::new(),
            },
            action_key: Some("Hangup"),
            action_params: None,
        }
    }
}

fn extended(heard: &Heard) -> Event {
    let event = |action_key, utterance: &str| Event {
        utterance: utterance.to_owned(),
        action_key: Some(action_key),
        action_params: None,
    };
    match heard {
        Heard::Start | Heard::TakenOver => event("BeginDialogue", ""),
        Heard::Utterance(words) | Heard::Instruction(words) => event("Dialogue", words),
        Heard::Digits(keys) => Event {
            action_params: Some(json!({"number": keys}).to_string()),
            ..event("CollectedNumber", "")
        },
        Heard::Silence { .. } => event("SilenceTimeout", ""),
        Heard::Unclear => event("Dialogue", ""),
        Heard::TransferFailed | Heard::AgentRefused(_) => event("Error", ""),
    }
}
