//! SPDX licence expressions: `(MIT OR Apache-2.0) AND Unicode-3.0`.
//!
//! AND binds more tightly than OR; `/` is the old spelling of OR.

/// Whether somebody who accepts the licences that `accepts` names may use what comes under
/// `expression`.
pub(crate) fn allows(expression: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ")
        .replace(" WITH ", "~WITH~");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, accepts) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, accepts: &dyn Fn(&str) -> bool) -> bool {
    let mut good = both(words, accepts);
    while words.next_if_eq(&"OR").is_some() {
        good |= both(words, accepts);
    }
    good
}

fn both(words: &mut Words<'_>, accepts: &dyn Fn(&str) -> bool) -> bool {
    let mut good = one(words, accepts);
    while words.next_if_eq(&"AND").is_some() {
        good &= one(words, accepts);
    }
    good
}

fn one(words: &mut Words<'_>, accepts: &dyn Fn(&str) -> bool) -> bool {
    match words.next() {
        Some("(") => {
            let good = either(words, accepts);
            words.next() == Some(")") && good
        }
        Some(name) => accepts(&name.replace("~WITH~", " WITH ")),
        None => false,
    }
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    let accepts = |name: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name);
    for (expression, allowed) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("MIT AND ISC OR GPL-3.0", true),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 OR MIT) AND BSD", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
        ("MIT ISC", false),
        ("(MIT", false),
        ("", false),
    ] {
        assert_eq!(allows(expression, &accepts), allowed, "{expression}");
    }
}
