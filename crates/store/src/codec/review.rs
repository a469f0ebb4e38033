//! What was found out about a call, as it is stored.

use model::{Finding, FindingValue, Review, ReviewItem, ReviewKind};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct ReviewDoc {
    by: Option<String>,
    findings: Vec<FindingDoc>,
    summary: String,
    mood: String,
    intention: String,
}

#[derive(Serialize, Deserialize)]
struct FindingDoc {
    name: String,
    description: String,
    answer: KindDoc,
    value: ValueDoc,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum KindDoc {
    Text { examples: Vec<String> },
    Choice { choices: Vec<String> },
    YesNo,
    Number,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueDoc {
    Text(String),
    Chosen(Vec<String>),
    YesNo(bool),
    Number(f64),
}

impl From<Review> for ReviewDoc {
    fn from(review: Review) -> Self {
        let findings = review.findings.into_iter().map(|finding| FindingDoc {
            name: finding.item.name,
            description: finding.item.description,
            answer: match finding.item.kind {
                ReviewKind::Text { examples } => KindDoc::Text { examples },
                ReviewKind::Choice { choices } => KindDoc::Choice { choices },
                ReviewKind::YesNo => KindDoc::YesNo,
                ReviewKind::Number => KindDoc::Number,
            },
            value: match finding.value {
                FindingValue::Text(text) => ValueDoc::Text(text),
                FindingValue::Chosen(chosen) => ValueDoc::Chosen(chosen),
                FindingValue::YesNo(yes) => ValueDoc::YesNo(yes),
                FindingValue::Number(number) => ValueDoc::Number(number),
            },
        });
        Self {
            by: review.by,
            findings: findings.collect(),
            summary: review.summary,
            mood: review.mood,
            intention: review.intention,
        }
    }
}

impl From<ReviewDoc> for Review {
    fn from(doc: ReviewDoc) -> Self {
        let findings = doc.findings.into_iter().map(|finding| Finding {
            item: ReviewItem {
                name: finding.name,
                description: finding.description,
                kind: match finding.answer {
                    KindDoc::Text { examples } => ReviewKind::Text { examples },
                    KindDoc::Choice { choices } => ReviewKind::Choice { choices },
                    KindDoc::YesNo => ReviewKind::YesNo,
                    KindDoc::Number => ReviewKind::Number,
                },
            },
            value: match finding.value {
                ValueDoc::Text(text) => FindingValue::Text(text),
                ValueDoc::Chosen(chosen) => FindingValue::Chosen(chosen),
                ValueDoc::YesNo(yes) => FindingValue::YesNo(yes),
                ValueDoc::Number(number) => FindingValue::Number(number),
            },
        });
        Self {
            by: doc.by,
            findings: findings.collect(),
            summary: doc.summary,
            mood: doc.mood,
            intention: doc.intention,
        }
    }
}
