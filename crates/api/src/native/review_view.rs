//! What was found out about a call after its end, on the wire.

use model::{Finding, FindingValue, Review};
use schemars::JsonSchema;
use serde::Serialize;

/// What was found out about a call.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReviewView {
    /// The language model that found it out; `null`: rules.
    by: Option<String>,
    /// What was asked for and found, in the order in which it was asked for.
    findings: Vec<FindingView>,
    /// What the call was about.
    summary: String,
    /// How the person felt.
    mood: String,
    /// What the person wants.
    intention: String,
}

/// One thing that was asked for and found.
#[derive(Serialize, JsonSchema)]
struct FindingView {
    /// What was asked for.
    name: String,
    /// What is meant.
    description: String,
    /// What was found.
    #[serde(flatten)]
    value: ValueView,
}

/// What was found.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
enum ValueView {
    /// Words.
    Text(String),
    /// Some of the choices.
    Choice(Vec<String>),
    /// Yes or no.
    YesNo(bool),
    /// A number.
    Number(f64),
}

impl From<Review> for ReviewView {
    fn from(review: Review) -> Self {
        Self {
            by: review.by,
            findings: review.findings.into_iter().map(FindingView::from).collect(),
            summary: review.summary,
            mood: review.mood,
            intention: review.intention,
        }
    }
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            name: finding.item.name,
            description: finding.item.description,
            value: match finding.value {
                FindingValue::Text(text) => ValueView::Text(text),
                FindingValue::Chosen(chosen) => ValueView::Choice(chosen),
                FindingValue::YesNo(yes) => ValueView::YesNo(yes),
                FindingValue::Number(number) => ValueView::Number(number),
            },
        }
    }
}
