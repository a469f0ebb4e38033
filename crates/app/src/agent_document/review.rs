//! The part of a document that says what is to be found out about a call after its end.

use model::{ReviewItem, ReviewKind};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{DocumentFault, conduct::fault};

/// Most things that one agent asks for.
const ITEMS_MAX: usize = 50;
/// Most examples or choices of one of them.
const LIST_MAX: usize = 50;

/// What is found out about a call after its end.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewText {
    /// Whether the agent's language models are asked, once a call; otherwise rules look for words.
    #[serde(default)]
    by_models: bool,
    /// What is asked for, at most 50.
    #[serde(default)]
    items: Vec<ItemText>,
}

/// One thing that is to be found out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ItemText {
    /// Its name, 1 to 64 characters.
    name: String,
    /// What is meant.
    #[serde(default)]
    description: String,
    /// What kind of answer it has.
    #[serde(rename = "type")]
    kind: ItemKind,
    /// What a text may look like, at most 50.
    #[serde(default)]
    examples: Vec<String>,
    /// What there is to choose from, at most 50.
    #[serde(default)]
    choices: Vec<String>,
}

/// What kind of answer there is.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ItemKind {
    /// Words.
    Text,
    /// Some of the choices.
    Choice,
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
}

/// What is found out about the calls of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewPlan {
    /// Whether language models are asked.
    pub by_models: bool,
    /// What is asked for.
    pub items: Vec<ReviewItem>,
}

impl ReviewText {
    /// Checks it and puts it in the words of the centre.
    pub(super) fn plan(self) -> Result<ReviewPlan, DocumentFault> {
        if self.items.len() > ITEMS_MAX {
            return Err(fault("review.items", "must have at most 50 items".into()));
        }
        let mut items: Vec<ReviewItem> = Vec::new();
        for (idx, item) in self.items.into_iter().enumerate() {
            let item = item.item(&format!("review.items[{idx}]"))?;
            if items.iter().any(|other| other.name == item.name) {
                let why = "is the name of another item";
                return Err(fault(&format!("review.items[{idx}].name"), why.into()));
            }
            items.push(item);
        }
        Ok(ReviewPlan {
            by_models: self.by_models,
            items,
        })
    }
}

impl ItemText {
    fn item(self, path: &str) -> Result<ReviewItem, DocumentFault> {
        let n_chars = self.name.trim().chars().count();
        if !(1..=64).contains(&n_chars) {
            let why = "must have 1 to 64 characters";
            return Err(fault(&format!("{path}.name"), why.into()));
        }
        if self.description.chars().count() > 1_000 {
            let why = "must have at most 1000 characters";
            return Err(fault(&format!("{path}.description"), why.into()));
        }
        for (field, list) in [("examples", &self.examples), ("choices", &self.choices)] {
            let is_bad = |text: &String| text.trim().is_empty() || text.chars().count() > 200;
            if list.len() > LIST_MAX || list.iter().any(is_bad) {
                let why = "must have at most 50 items of 1 to 200 characters";
                return Err(fault(&format!("{path}.{field}"), why.into()));
            }
        }
        let is_choice = matches!(self.kind, ItemKind::Choice);
        if is_choice == self.choices.is_empty() {
            let why = "belongs to the type `choice`, and to no other";
            return Err(fault(&format!("{path}.choices"), why.into()));
        }
        Ok(ReviewItem {
            name: self.name,
            description: self.description,
            kind: match self.kind {
                ItemKind::Text => ReviewKind::Text {
                    examples: self.examples,
                },
                ItemKind::Choice => ReviewKind::Choice {
                    choices: self.choices,
                },
                ItemKind::YesNo => ReviewKind::YesNo,
                ItemKind::Number => ReviewKind::Number,
            },
        })
    }
}
