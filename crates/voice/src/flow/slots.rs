//! What fits into a slot, as far as that is certain without a language model.

use super::document::{Slot, SlotKind};
use crate::turn::Dictation;

/// The value that words or keys give a slot; `None` if they give none for certain.
pub(super) fn value(kind: &SlotKind, said: &str) -> Option<String> {
    let said = said.trim();
    match kind {
        SlotKind::Text => (!said.is_empty()).then(|| said.to_owned()),
        SlotKind::Number => number(said),
        SlotKind::Digits { min, max } => {
            let digits: String = said.chars().filter_map(digit).collect();
            (*min..=*max).contains(&digits.len()).then_some(digits)
        }
        SlotKind::Choice(words) => {
            let lower = said.to_lowercase();
            let found = words
                .iter()
                .filter(|word| lower.contains(&word.to_lowercase()));
            found.max_by_key(|word| word.len()).cloned()
        }
        SlotKind::Described(_) => None,
    }
}

/// The first number in a text, as written with digits.
fn number(said: &str) -> Option<String> {
    let digits: Vec<char> = said
        .chars()
        .map(|c| digit(c).unwrap_or(c))
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let text: String = digits.into_iter().collect();
    let text = text.trim_end_matches('.');
    (!text.is_empty()).then(|| text.to_owned())
}

/// A digit as it is pressed, or as Chinese and English recognizers write one.
fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        '零' | '〇' => '0',
        '一' | '幺' => '1',
        '二' | '两' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

/// Digits are dictated: the pauses between their groups do not end the turn.
pub(super) fn dictation(slot: &Slot) -> Option<Dictation> {
    match slot.kind {
        SlotKind::Digits { min, max } => Some(Dictation {
            n_digits: u32::try_from(max).ok().filter(|_| min == max),
        }),
        SlotKind::Text | SlotKind::Number | SlotKind::Choice(_) | SlotKind::Described(_) => None,
    }
}
