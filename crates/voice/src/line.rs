//! One thing for the agent to say, and the variables in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// One thing to say: words for the speaker, or a sound that exists already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Words to synthesize. Where it comes from a script it may hold `${name}`.
    Text(String),
    /// The id of an uploaded sound. Its words are unknown, so it leaves no heard text.
    Sound(String),
}

/// Values for `${name}` in lines, as given with the call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

/// Reserved name: seconds to wait after the answer before the welcome message.
const WELCOME_DELAY_SECOND: &str = "welcome-message-delay";

/// The longest welcome delay that a variable can ask for; a longer one is shortened.
pub const WELCOME_DELAY_MAX: Duration = Duration::from_secs(60);

impl Variables {
    /// The value of `name`, if it was given.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// These values, and those of `defaults` for names without one.
    pub fn over(&self, defaults: &BTreeMap<String, String>) -> Self {
        let mut all = defaults.clone();
        all.extend(self.0.clone());
        Self(all)
    }

    /// What the reserved variable `welcome-message-delay` asks for: seconds, fractions allowed.
    /// `None` if it is absent or no such number.
    pub fn welcome_delay(&self) -> Option<Duration> {
        let seconds: f64 = self.value(WELCOME_DELAY_SECOND)?.trim().parse().ok()?;
        let delay = Duration::try_from_secs_f64(seconds).ok()?;
        Some(delay.min(WELCOME_DELAY_MAX))
    }
}

impl FromIterator<(String, String)> for Variables {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Line {
    /// This line with every `${name}` replaced; a name without a value becomes nothing.
    pub fn with(&self, variables: &Variables) -> Line {
        match self {
            Self::Text(text) => Self::Text(substitute(text, variables)),
            Self::Sound(id) => Self::Sound(id.clone()),
        }
    }

    /// Whether there is nothing to play.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Sound(id) => id.is_empty(),
        }
    }

    /// Adds the names of the variables in this line to `names`.
    pub fn collect_variables(&self, names: &mut BTreeSet<String>) {
        match self {
            Self::Text(text) => names.extend(pieces(text).filter_map(|piece| match piece {
                Piece::Variable(name) => Some(name.to_owned()),
                Piece::Words(_) => None,
            })),
            Self::Sound(_) => {}
        }
    }
}

enum Piece<'a> {
    Words(&'a str),
    Variable(&'a str),
}

/// Splits at `${name}`. A `${` without `}` is ordinary text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut variable = None;
    std::iter::from_fn(move || {
        if let Some(name) = variable.take() {
            return Some(Piece::Variable(name));
        }
        if rest.is_empty() {
            return None;
        }
        let found = rest.find("${").and_then(|open| {
            let name = &rest[open + 2..];
            name.find('}').map(|len| (open, &name[..len]))
        });
        let words;
        match found {
            Some((open, name)) => {
                words = &rest[..open];
                rest = &rest[open + name.len() + 3..];
                variable = Some(name.trim());
            }
            None => {
                words = rest;
                rest = "";
            }
        }
        Some(Piece::Words(words))
    })
}

fn substitute(text: &str, variables: &Variables) -> String {
    pieces(text)
        .map(|piece| match piece {
            Piece::Words(words) => words,
            Piece::Variable(name) => variables.value(name).unwrap_or_default(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_and_unknown_ones_vanish() {
        assert_eq!(said("Hi ${name}, ${ nobody }bye"), "Hi Ann, bye");
    }

    #[test]
    fn a_value_is_not_searched_for_variables_again() {
        assert_eq!(said("${sly}"), "${name}");
    }

    #[test]
    fn a_lone_dollar_brace_is_text() {
        assert_eq!(said("5 ${ and more ${name}"), "5 ");
        assert_eq!(said("price: ${"), "price: ${");
    }

    #[test]
    fn the_welcome_delay_is_seconds_and_bounded() {
        let delay = |value: &str| vars([("welcome-message-delay", value)]).welcome_delay();

        assert_eq!(delay("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(delay("9e9"), Some(WELCOME_DELAY_MAX));
        assert_eq!(delay("-1"), None);
        assert_eq!(delay("soon"), None);
        assert_eq!(delay("NaN"), None);
    }

    fn said(text: &str) -> String {
        let variables = vars([("name", "Ann"), ("sly", "${name}")]);
        match Line::Text(text.to_owned()).with(&variables) {
            Line::Text(text) => text,
            Line::Sound(id) => panic!("a text became sound {id}"),
        }
    }

    fn vars<const N: usize>(pairs: [(&str, &str); N]) -> Variables {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        pairs.into_iter().map(own).collect()
    }
}
