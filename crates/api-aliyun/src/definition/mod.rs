//! The vendor's request fields, as data: which there are, and of what type.
//!
//! Everything arrives as text; [`check()`] brings it to its type, so that an action parses typed
//! JSON. Lists come flattened (`JobsJson.1`, `Numbers.1.Number`), or as one JSON text where the
//! client shrinks them.

mod check;

pub use check::check;

use std::{collections::BTreeMap, sync::LazyLock};

/// The vendor's version of these actions.
pub const VERSION: &str = "2019-12-26";

/// One field of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Must be there.
    pub required: bool,
    /// Holds a list of its kind.
    pub list: bool,
    /// Of what type.
    pub kind: Kind,
}

/// Type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number, written in digits.
    Int,
    /// `true` or `false` in any spelling: Python's clients write `True`.
    Bool,
    /// Named parts, each a text.
    Object,
}

impl Kind {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Object => "object",
        }
    }
}

/// Names of all actions, sorted.
pub fn actions() -> impl Iterator<Item = &'static str> {
    all().keys().copied()
}

/// Request fields of an action; `None` if the vendor has no such action.
pub fn request(action: &str) -> Option<&'static [Field]> {
    all().get(action).map(Vec::as_slice)
}

fn all() -> &'static BTreeMap<&'static str, Vec<Field>> {
    static ALL: LazyLock<BTreeMap<&'static str, Vec<Field>>> = LazyLock::new(|| {
        include_str!("outboundbot-20191226.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let mut words = line.split(' ');
                let action = words.next().expect("a line begins with a name");
                (action, words.map(field).collect())
            })
            .collect()
    });
    &ALL
}

fn field(word: &'static str) -> Field {
    let (head, kind) = word.split_once(':').unwrap_or((word, "text"));
    let name = head.trim_end_matches("[]").trim_end_matches('!');
    Field {
        name,
        required: head.contains('!'),
        list: head.contains("[]"),
        kind: match kind {
            "text" => Kind::Text,
            "int" => Kind::Int,
            "bool" => Kind::Bool,
            "object" => Kind::Object,
            other => panic!("the definition has no kind `{other}`"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_has_every_action_of_the_vendors_client() {
        assert_eq!(actions().count(), 175);
        let dialogue = request("Dialogue").unwrap();
        let required: Vec<&str> = dialogue
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name)
            .collect();
        assert_eq!(
            required,
            [
                "CallId",
                "CallType",
                "CalledNumber",
                "CallingNumber",
                "InstanceId",
                "Utterance"
            ]
        );
    }
}
