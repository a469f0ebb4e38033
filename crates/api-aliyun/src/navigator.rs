//! `VoiceNavigator` 2018-06-12: the same conversation with an action for each event, as the
//! vendor's page documents it. Answers are flat and have no `Code`.

use api::kernel::{Action, Entry};
use app::dialogue::{Names, Question};
use model::Variable;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use voice::dialogue::Asked;

use crate::{
    asked::{self, Spelling},
    definition::{Field, Kind},
    fault::Fault,
    outboundbot::{Context, NAME_MAX, OutboundBot, Run, UTTERANCE_MAX, short},
};

/// The vendor's version of these actions.
pub(crate) const VERSION: &str = "2018-06-12";

/// The five actions.
pub(crate) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<BeginDialogue>(),
    Entry::of::<Dialogue>(),
    Entry::of::<CollectedNumber>(),
    Entry::of::<SilenceTimeout>(),
    Entry::of::<EndDialogue>(),
];

/// Fields of all five; each action requires some of them.
const fn field(name: &'static str, required: bool) -> Field {
    Field {
        name,
        required,
        list: false,
        kind: Kind::Text,
    }
}

static EVENT: &[Field] = &[
    field("InstanceId", true),
    field("ConversationId", true),
    field("CallingNumber", false),
    field("CalledNumber", false),
    field("InitialContext", false),
    field("Number", false),
];

static BEGIN: &[Field] = &[
    field("InstanceId", true),
    field("ConversationId", true),
    field("CallingNumber", true),
    field("CalledNumber", false),
    field("InitialContext", false),
];

static UTTERANCE: &[Field] = &[
    field("InstanceId", true),
    field("ConversationId", true),
    field("Utterance", true),
    field("CallingNumber", false),
    field("CalledNumber", false),
];

/// Fields and runner of an action.
pub(crate) fn find(name: &str) -> Option<(&'static [Field], Run)> {
    let entry = ACTIONS.iter().find(|entry| entry.name == name)?;
    let fields = match name {
        "BeginDialogue" => BEGIN,
        "Dialogue" => UTTERANCE,
        _ => EVENT,
    };
    Some((fields, entry.run))
}

/// What all five have in common.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    conversation_id: String,
    #[serde(default)]
    calling_number: String,
    #[serde(default)]
    called_number: String,
    #[serde(default)]
    utterance: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    initial_context: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    text_response: String,
    action: &'static str,
    action_params: String,
    interruptible: bool,
}

/// The end has no answer.
#[derive(Serialize)]
struct Ended {}

impl Event {
    async fn ask(self, context: Context, asked: Asked) -> Result<Told, Fault> {
        if self.conversation_id.is_empty() {
            return Err(Fault::missing("ConversationId"));
        }
        short("ConversationId", &self.conversation_id, NAME_MAX)?;
        short("CallingNumber", &self.calling_number, NAME_MAX)?;
        short("CalledNumber", &self.called_number, NAME_MAX)?;
        short("Utterance", &self.utterance, UTTERANCE_MAX)?;
        short("Number", &self.number, NAME_MAX)?;
        let initial = Initial::of(&self.initial_context)?;
        let reply = context
            .gate
            .dialogues
            .ask(Question {
                tenant: context.tenant_id()?,
                name: self.conversation_id,
                interface: "navigator",
                robot: Names::of([initial.script.as_deref()]),
                caller: self.calling_number,
                callee: self.called_number,
                task: String::new(),
                variables: initial.variables,
                asked,
                turn: None,
                again: context.again,
            })
            .await?;
        let params = asked::action_params(&reply.answer, reply.profile);
        Ok(Told {
            action: asked::action(&reply.answer, Spelling::Navigator),
            action_params: if params.is_empty() {
                "{}".to_owned()
            } else {
                params
            },
            interruptible: reply.answer.interruptible,
            text_response: reply.answer.says,
        })
    }
}

/// What `InitialContext` brings along.
pub(crate) struct Initial {
    /// The robot that it names, if it does.
    pub script: Option<String>,
    /// Its other texts and numbers.
    pub variables: Vec<Variable>,
}

/// Variables of one conversation.
const VARIABLES_MAX: usize = 100;

impl Initial {
    /// Reads a JSON object of texts and numbers. `scriptId` names the robot; the instance alone
    /// names it in the vendor's product, which has one robot an instance.
    pub fn of(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Ok(Self::from_fields(serde_json::Map::new()));
        }
        let wrong = || Fault::invalid("InitialContext", "it is a JSON object of 16 KB at most");
        if text.len() > 16 * 1024 || text.contains("\\u0000") {
            return Err(wrong());
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self::from_fields(fields)),
            Ok(_) | Err(_) => Err(wrong()),
        }
    }

    pub fn from_fields(fields: serde_json::Map<String, Value>) -> Self {
        let mut initial = Self {
            script: None,
            variables: Vec::new(),
        };
        for (key, value) in fields.into_iter().take(VARIABLES_MAX) {
            let value = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => continue,
            };
            if key.eq_ignore_ascii_case("scriptId") {
                initial.script = Some(value);
            } else if key.chars().count() <= 64 && value.chars().count() <= 4096 {
                initial.variables.push(Variable { key, value });
            }
        }
        initial
    }
}

macro_rules! events {
    ($( $(#[$doc:meta])* $Name:ident => $asked:expr; )*) => { $(
        $(#[$doc])*
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct $Name(Event);

        impl Action for $Name {
            type Dialect = OutboundBot;
            type Response = Told;
            const NAME: &'static str = stringify!($Name);
            const REFUSALS: &'static [api::kernel::Reached] = &[];

            async fn run(self, context: Context) -> Result<Told, Fault> {
                let asked: fn(&Event) -> Asked = $asked;
                let asked = asked(&self.0);
                self.0.ask(context, asked).await
            }
        }
    )* };
}

events! {
    /// The call was answered.
    BeginDialogue => |_| Asked::Begins { words: String::new() };
    /// The caller said something.
    Dialogue => |event| asked::of_dialogue("", "", &event.utterance);
    /// The caller pressed keys.
    CollectedNumber => |event| asked::of_dialogue("CollectedNumber", &event.number, "");
    /// The caller was silent.
    SilenceTimeout => |_| Asked::Silent;
}

/// The call is over.
#[derive(Deserialize)]
#[serde(transparent)]
struct EndDialogue(Event);

impl Action for EndDialogue {
    type Dialect = OutboundBot;
    type Response = Ended;
    const NAME: &'static str = "EndDialogue";
    const REFUSALS: &'static [api::kernel::Reached] = &[];

    async fn run(self, context: Context) -> Result<Ended, Fault> {
        self.0.ask(context, Asked::Ended).await?;
        Ok(Ended {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_names_the_robot_and_brings_variables() {
        let initial = Initial::of(r#"{"ScriptId":"7","name":"Ann","n":3,"deep":{}}"#).unwrap();
        assert_eq!(initial.script.as_deref(), Some("7"));
        let pairs: Vec<(&str, &str)> = initial
            .variables
            .iter()
            .map(|variable| (variable.key.as_str(), variable.value.as_str()))
            .collect();
        assert_eq!(pairs, [("n", "3"), ("name", "Ann")]);
        assert!(Initial::of("[]").is_err());
        assert!(Initial::of("{").is_err());
    }
}
