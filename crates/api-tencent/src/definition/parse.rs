//! Reads the definition file. The file is ours, so a line that does not read is a defect here.

use std::collections::BTreeMap;

use super::{Definition, Field, Kind};

/// Reads a definition file.
///
/// # Panics
///
/// Panics on a line that is no comment and no definition; a test reads the real file.
pub(super) fn parse(text: &'static str) -> Definition {
    let mut definition = Definition::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        let (what, name) = words
            .next()
            .zip(words.next())
            .expect("a line says what it defines and its name");
        let fields = words.map(field).collect();
        let place: &mut BTreeMap<_, _> = match what {
            "action" => &mut definition.requests,
            "reply" => &mut definition.replies,
            "type" => &mut definition.objects,
            other => panic!("`{other}` is no definition"),
        };
        let before = place.insert(name, fields);
        assert!(before.is_none(), "{what} {name} is defined twice");
    }
    definition
}

fn field(word: &'static str) -> Field {
    let (name, rest) = word.split_once(':').expect("a field is `Name:type`");
    let (rest, disabled) = flag(rest, "~");
    let (rest, required) = flag(rest, "!");
    let (kind, list) = flag(rest, "[]");
    Field {
        name,
        kind: kind_of(kind),
        list,
        required,
        disabled,
    }
}

fn flag(word: &'static str, sign: &str) -> (&'static str, bool) {
    match word.strip_suffix(sign) {
        Some(rest) => (rest, true),
        None => (word, false),
    }
}

fn kind_of(word: &'static str) -> Kind {
    match word {
        "int64" => Kind::Int,
        "uint64" => Kind::Uint,
        "float" => Kind::Float,
        "bool" => Kind::Bool,
        "string" => Kind::Text,
        object => Kind::Object(object),
    }
}
