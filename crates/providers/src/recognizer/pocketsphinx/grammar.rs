//! From the phrases that a script expects to a grammar (JSGF) and back.
//!
//! # Invariants
//!
//! - Words are letters and apostrophes only, so that no phrase can change the grammar's structure.
//! - What is heard is answered in the words of the script.

use std::collections::BTreeMap;

/// Most phrases taken; more are reported as unrecognizable.
const N_PHRASES_MAX: usize = 100;

/// Most words in a phrase.
const N_WORDS_MAX: usize = 12;

/// Other ways to say a phrase. The engine confuses no and nope, yes and yeah anyhow.
const SYNONYMS: [(&str, &[&str]); 4] = [
    ("yes", &["yeah", "yep", "yes please"]),
    ("no", &["nope", "no thanks", "no thank you"]),
    ("okay", &["ok"]),
    ("zero", &["oh"]),
];

const DIGITS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// Phrases that the engine can recognize, each with the script's phrase it stands for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Grammar {
    meant: BTreeMap<String, String>,
    /// Phrases that were left out, as given.
    pub dropped: Vec<String>,
}

impl Grammar {
    /// Keeps phrases whose words `is_known` finds in the dictionary. What the script lists itself
    /// is never taken for a synonym of something else.
    pub fn new(phrases: &[String], is_known: impl Fn(&str) -> bool) -> Grammar {
        let mut grammar = Grammar::default();
        let sayable = |said: &str| said.split(' ').all(&is_known);
        for (n, phrase) in phrases.iter().enumerate() {
            match spoken(phrase).filter(|said| n < N_PHRASES_MAX && sayable(said)) {
                Some(said) => {
                    grammar.meant.entry(said).or_insert_with(|| phrase.clone());
                }
                None => grammar.dropped.push(phrase.clone()),
            }
        }
        for (word, others) in SYNONYMS {
            let Some(meant) = grammar.meant.get(word).cloned() else {
                continue;
            };
            for other in others.iter().filter(|other| sayable(other)) {
                grammar
                    .meant
                    .entry((*other).to_owned())
                    .or_insert_with(|| meant.clone());
            }
        }
        grammar
    }

    pub fn is_empty(&self) -> bool {
        self.meant.is_empty()
    }

    /// The script's phrase for what was heard.
    pub fn meant(&self, heard: &str) -> Option<&str> {
        self.meant.get(heard).map(String::as_str)
    }

    pub fn jsgf(&self) -> String {
        let said: Vec<&str> = self.meant.keys().map(String::as_str).collect();
        format!(
            "#JSGF V1.0; grammar expected; public <phrase> = {} ;",
            said.join(" | ")
        )
    }
}

/// The words of a phrase as they are spoken: lower case, digits by name, punctuation as a space.
fn spoken(phrase: &str) -> Option<String> {
    let mut letters = String::new();
    for c in phrase.chars().take(1_000) {
        match c {
            '0'..='9' => {
                let name = DIGITS[c as usize - '0' as usize];
                letters.extend([" ", name, " "]);
            }
            'a'..='z' | '\'' => letters.push(c),
            'A'..='Z' => letters.push(c.to_ascii_lowercase()),
            '\u{2019}' => letters.push('\''),
            c if c.is_alphabetic() => return None,
            _ => letters.push(' '),
        }
    }
    let words: Vec<&str> = letters.split_ascii_whitespace().collect();
    (1..=N_WORDS_MAX)
        .contains(&words.len())
        .then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grammar(phrases: &[&str]) -> Grammar {
        let phrases: Vec<String> = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        Grammar::new(&phrases, |word| word != "xyzzy")
    }

    #[test]
    fn yeah_means_yes_unless_the_script_lists_it() {
        assert_eq!(grammar(&["Yes"]).meant("yeah"), Some("Yes"));
        assert_eq!(grammar(&["Yes", "yeah!"]).meant("yeah"), Some("yeah!"));
    }

    #[test]
    fn digits_are_said_by_name_and_answered_as_written() {
        let grammar = grammar(&["2", "10"]);
        assert_eq!(grammar.meant("two"), Some("2"));
        assert_eq!(grammar.meant("one zero"), Some("10"));
    }

    #[test]
    fn what_the_engine_cannot_know_is_reported() {
        let grammar = grammar(&["sales", "xyzzy desk", "是", "..."]);
        assert_eq!(grammar.dropped, ["xyzzy desk", "是", "..."]);
        assert_eq!(grammar.meant("sales"), Some("sales"));
    }

    proptest! {
        #[test]
        fn no_phrase_changes_the_structure_of_the_grammar(phrase in ".{0,60}") {
            let grammar = grammar(&[&phrase]);
            let inside = grammar.jsgf();
            let inside = inside.split('=').nth(1).unwrap();
            let plain = |c: char| c.is_ascii_lowercase() || " '|;".contains(c);
            prop_assert!(inside.chars().all(plain), "{}", inside);
            prop_assert_eq!(inside.matches(';').count(), 1);
        }
    }
}
