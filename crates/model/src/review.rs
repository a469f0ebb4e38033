//! What is found out about a call after its end.

/// What was found out about a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// Who found it out: a language model's name; `None`: rules.
    pub by: Option<String>,
    /// What was asked for and found, in the order in which it was asked for. What the call does not
    /// tell is not among it.
    pub findings: Vec<Finding>,
    /// What the call was about, in a sentence or two.
    pub summary: String,
    /// How the person felt, in a word.
    pub mood: String,
    /// What the person wants, in a few words.
    pub intention: String,
}

/// One thing that was asked for and found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was asked for.
    pub item: ReviewItem,
    /// What was found.
    pub value: FindingValue,
}

/// One thing that is to be found out about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewItem {
    /// Unique in its agent, 1 to 64 characters.
    pub name: String,
    /// What is meant, in words.
    pub description: String,
    /// What kind of answer it has.
    pub kind: ReviewKind,
}

/// What kind of answer a thing has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewKind {
    /// Words; examples may help to find them.
    Text {
        /// What it may look like.
        examples: Vec<String>,
    },
    /// Some of these choices.
    Choice {
        /// All that there are.
        choices: Vec<String>,
    },
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingValue {
    /// Words.
    Text(String),
    /// Some of the choices, at least one.
    Chosen(Vec<String>),
    /// Yes or no.
    YesNo(bool),
    /// A finite number.
    Number(f64),
}
