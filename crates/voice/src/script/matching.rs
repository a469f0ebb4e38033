//! Which answer the caller's words mean.
//!
//! Both sides are folded to lower-case words without punctuation. A phrase occurs where its words
//! stand in a row; where either end of it is written without spaces (Chinese, Japanese, Thai), it
//! occurs wherever its characters do. Of all phrases that occur the longest wins, then the one
//! that is said first, then the one that is written first.

use super::document::Answer;
use crate::{reply::is_unspaced, wording::fold};

/// The answer that `said` means.
pub(crate) fn by_words<'a>(answers: &'a [Answer], said: &str) -> Option<&'a Answer> {
    let said = fold(said);
    let mut best: Option<(usize, usize, &Answer)> = None;
    for answer in answers {
        for phrase in &answer.words {
            let phrase = fold(phrase);
            let Some(at) = occurs(&phrase, &said) else {
                continue;
            };
            let is_better = match best {
                None => true,
                Some((len, place, _)) => phrase.len() > len || (phrase.len() == len && at < place),
            };
            if is_better {
                best = Some((phrase.len(), at, answer));
            }
        }
    }
    best.map(|(_, _, answer)| answer)
}

/// The answer that a row of keys means.
pub(crate) fn by_keys<'a>(answers: &'a [Answer], row: &str) -> Option<&'a Answer> {
    answers
        .iter()
        .find(|answer| answer.keys.iter().any(|keys| keys == row))
}

/// Where `phrase` stands in `said`, both folded.
fn occurs(phrase: &str, said: &str) -> Option<usize> {
    if phrase.is_empty() {
        return None;
    }
    said.match_indices(phrase).map(|(at, _)| at).find(|&at| {
        let before = said[..at].chars().next_back();
        let after = said[at + phrase.len()..].chars().next();
        is_boundary(before, phrase.chars().next()) && is_boundary(phrase.chars().next_back(), after)
    })
}

/// Whether a word may begin or end between two characters.
fn is_boundary(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return true;
    };
    left == ' ' || right == ' ' || is_unspaced(left) || is_unspaced(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Next;

    #[test]
    fn a_phrase_is_found_on_word_boundaries_whatever_the_case_and_punctuation() {
        assert_eq!(means("Well, YES!", &["yes", "no"]), Some("yes"));
        assert_eq!(means("I know yesterday", &["yes", "no"]), None);
        assert_eq!(
            means("I don\u{2019}t know", &["dont know"]),
            Some("dont know")
        );
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(
            means("no not today", &["no", "not today"]),
            Some("not today")
        );
        assert_eq!(
            means("not interested", &["interested", "not interested"]),
            Some("not interested")
        );
    }

    #[test]
    fn of_equals_the_first_one_said_wins() {
        assert_eq!(means("red no blu", &["blu", "red"]), Some("red"));
    }

    #[test]
    fn chinese_is_found_within_a_sentence() {
        assert_eq!(
            means("嗯，我不需要了。", &["需要", "不需要"]),
            Some("不需要")
        );
        assert_eq!(means("好的", &["好"]), Some("好"));
        assert_eq!(means("转VIP客服", &["vip"]), Some("vip"));
    }

    #[test]
    fn silence_and_noise_mean_nothing() {
        assert_eq!(means("", &["yes"]), None);
        assert_eq!(means("...", &["yes"]), None);
    }

    /// The first phrase of the answer found; each phrase is an answer of its own.
    fn means(said: &str, phrases: &[&'static str]) -> Option<&'static str> {
        let answer = |&phrase: &&str| Answer {
            words: vec![phrase.to_owned()],
            keys: Vec::new(),
            say: None,
            then: Next::Stay,
        };
        let answers: Vec<_> = phrases.iter().map(answer).collect();
        let found = by_words(&answers, said)?;
        phrases
            .iter()
            .copied()
            .find(|&phrase| found.words[0] == phrase)
    }
}
