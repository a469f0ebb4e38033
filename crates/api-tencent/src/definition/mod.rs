//! The vendor's definition of every action: names, types and which fields are required.
//!
//! The data is `ccc-20200210.txt`; its head says where it is from and how a line reads. It is
//! parsed once. Requests are checked against it before an action sees them, and the compatibility
//! page is written from it.

mod check;
mod parse;

pub use check::check;

use std::{collections::BTreeMap, sync::LazyLock};

/// Version of the API that the definition describes: `X-TC-Version`.
pub const VERSION: &str = "2020-02-10";

/// A type that a field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `int64`.
    Int,
    /// `uint64`.
    Uint,
    /// `float`.
    Float,
    /// `bool`.
    Bool,
    /// `string`.
    Text,
    /// An object of this type.
    Object(&'static str),
}

impl Kind {
    /// The vendor's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int64",
            Self::Uint => "uint64",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Text => "string",
            Self::Object(name) => name,
        }
    }
}

/// One field of a request, an answer or an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Type, of each element where it is a list.
    pub kind: Kind,
    /// Whether it is a list.
    pub list: bool,
    /// Whether a request without it is refused.
    pub required: bool,
    /// Whether the vendor no longer documents it.
    pub disabled: bool,
}

/// Everything the vendor says about the shapes of one version.
#[derive(Debug, Default)]
pub struct Definition {
    requests: BTreeMap<&'static str, Vec<Field>>,
    replies: BTreeMap<&'static str, Vec<Field>>,
    objects: BTreeMap<&'static str, Vec<Field>>,
}

impl Definition {
    /// Names of all actions, sorted.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        self.requests.keys().copied()
    }

    /// Parameters of an action; `None` if the vendor has no such action.
    pub fn request(&self, action: &str) -> Option<&[Field]> {
        self.requests.get(action).map(Vec::as_slice)
    }

    /// Fields of an action's answer, without `RequestId`.
    pub fn reply(&self, action: &str) -> Option<&[Field]> {
        self.replies.get(action).map(Vec::as_slice)
    }

    /// Fields of an object.
    pub fn object(&self, name: &str) -> Option<&[Field]> {
        self.objects.get(name).map(Vec::as_slice)
    }
}

/// The definition of version 2020-02-10.
pub fn ccc() -> &'static Definition {
    static CCC: LazyLock<Definition> =
        LazyLock::new(|| parse::parse(include_str!("ccc-20200210.txt")));
    &CCC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_has_84_actions() {
        assert_eq!(ccc().actions().count(), 84);
    }

    #[test]
    fn fields_keep_type_list_and_need() {
        let fields = ccc().request("CreateAIAgentCall").unwrap();
        let of = |name| *fields.iter().find(|field| field.name == name).unwrap();
        assert_eq!(
            of("Callee"),
            Field {
                name: "Callee",
                kind: Kind::Text,
                list: false,
                required: true,
                disabled: false,
            }
        );
        assert!(of("PromptVariables").disabled && of("PromptVariables").list);
        assert_eq!(of("Variables").kind, Kind::Object("Variable"));
    }

    #[test]
    fn every_object_that_is_mentioned_is_defined() {
        let definition = ccc();
        for fields in definition
            .requests
            .values()
            .chain(definition.replies.values())
            .chain(definition.objects.values())
        {
            for field in fields {
                if let Kind::Object(name) = field.kind {
                    assert!(definition.object(name).is_some(), "{name}");
                }
            }
        }
    }
}
