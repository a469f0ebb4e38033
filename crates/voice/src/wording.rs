//! What can be told from words alone: whether they are a backchannel, whether a sentence goes on,
//! and how many digits of a number were said.
//!
//! No grammar and no model: short lists of what people say on the telephone, in the languages that
//! are called most. What a list does not know is ordinary speech, which is the safe side: it cuts
//! the agent, and it ends a turn after the usual silence.
//!
//! # Invariants
//!
//! - All tests are on [folded](fold) text, so case and punctuation do not matter.

use crate::reply::is_unspaced;

/// Sounds and words by which a listener says "go on". A word that is an answer as often as not
/// ("yes", "no", "是") is not among them.
const BACKCHANNELS: &[&str] = &[
    // English
    "mm",
    "mmm",
    "mhm",
    "mm hm",
    "mmhm",
    "hm",
    "hmm",
    "uh huh",
    "uhhuh",
    "uh",
    "um",
    "ah",
    "aha",
    "oh",
    "yeah",
    "yep",
    "ok",
    "okay",
    "right",
    "i see",
    "got it",
    "alright",
    "all right",
    // Chinese
    "嗯",
    "嗯嗯",
    "嗯哼",
    "哦",
    "噢",
    "喔",
    "啊",
    "呃",
    "额",
    "对",
    "对对",
    "对对对",
    "好",
    "好的",
    "好好",
    "行",
    "是的",
    "这样",
    "这样啊",
    "明白",
    "知道",
    "知道了", // Japanese, Korean
    "うん",
    "ええ",
    "はい",
    "そう",
    "そうですか",
    "네",
    "예",
    "응",
    "음",
    "아",
    // Spanish, Portuguese, French, German
    "ajá",
    "aja",
    "claro",
    "vale",
    "ya",
    "tá",
    "certo",
    "mh",
    "ouais",
    "d accord",
    "genau",
    "ach so",
];

/// Words after which nobody has finished: conjunctions, articles, prepositions, fillers.
const GOING_ON: &[&str] = &[
    // English
    "and",
    "but",
    "or",
    "so",
    "because",
    "if",
    "then",
    "the",
    "an",
    "my",
    "to",
    "of",
    "for",
    "with",
    "at",
    "in",
    "on",
    "is",
    "um",
    "uh",
    "er",
    "like",
    "well",
    "maybe",
    "i mean",
    "you know",
    // Chinese; no spaces, so these are ends of the text
    "然后",
    "但是",
    "可是",
    "因为",
    "所以",
    "如果",
    "或者",
    "还有",
    "就是",
    "那个",
    "这个",
    "呃",
    "额",
    "我想",
    "比如",
    "而且",
    "的话", // German, French, Spanish
    "und",
    "aber",
    "oder",
    "weil",
    "mit",
    "et",
    "mais",
    "ou",
    "parce que",
    "pero",
    "porque",
];

/// Spoken digits. "One" and its like are words of their own too; a row of them is a number.
const DIGITS: &[&str] = &[
    "zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "cero",
    "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
];

/// Characters that are a digit each where nothing is written between words. 幺 is said for 1 in
/// Chinese telephone numbers.
const DIGIT_CHARS: &str = "0123456789零〇一二三四五六七八九幺两０１２３４５６７８９";

/// Whether a text sounds finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The recognizer has put a mark there that ends a sentence.
    Finished,
    /// It ends with a word after which more comes.
    GoingOn,
    /// Nothing is known.
    Open,
}

/// Lower-case words joined by single spaces. An apostrophe within a word vanishes: "don't" and
/// "dont" are one word, as recognizers write both.
pub fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    let kept = lower.chars().filter(|c| !matches!(c, '\'' | '\u{2019}'));
    let spaced: String = kept
        .map(|c| {
            if c.is_alphanumeric() || is_unspaced(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the words are nothing but backchannels. What is `expected` as an answer is none, nor
/// is no word at all. Both are [folded](fold) already.
pub fn is_backchannel(said: &str, expected: &[String]) -> bool {
    if said.is_empty() || expected.iter().any(|phrase| phrase == said) {
        return false;
    }
    let words: Vec<&str> = said.split(' ').collect();
    let mut at = 0;
    while at < words.len() {
        // Three words at most stand in the list as one.
        let len = (1..=3)
            .rev()
            .filter(|len| at + len <= words.len())
            .find(|len| is_listed(BACKCHANNELS, &words[at..at + len].join(" ")));
        match len {
            Some(len) => at += len,
            None => return false,
        }
    }
    true
}

/// How many words a folded text has; each Chinese character, kana or Thai letter counts as one.
pub fn n_words(said: &str) -> usize {
    said.split(' ')
        .map(|word| {
            let n_unspaced = word.chars().filter(|c| is_unspaced(*c)).count();
            let is_mixed = n_unspaced < word.chars().count();
            n_unspaced + usize::from(is_mixed && !word.is_empty())
        })
        .sum()
}

/// How a text ends. Takes it as the recognizer wrote it: its marks count.
pub fn ending(text: &str) -> Ending {
    let text = text.trim();
    match text.chars().next_back() {
        Some('.' | '?' | '!' | '。' | '？' | '！') if !text.ends_with("..") => {
            return Ending::Finished;
        }
        Some('…' | ',' | '，' | '、') => return Ending::GoingOn,
        Some(_) | None => {}
    }
    let said = fold(text);
    let is_going_on = GOING_ON.iter().any(|word| {
        said.strip_suffix(word).is_some_and(|before| {
            before.is_empty()
                || before.ends_with(' ')
                || word.chars().next().is_some_and(is_unspaced)
        })
    });
    if is_going_on || text.ends_with("..") {
        Ending::GoingOn
    } else {
        Ending::Open
    }
}

/// How many digits the text ends with, spoken or written, whatever stands before them.
pub fn n_digits_at_end(said: &str) -> usize {
    let mut n_digits = 0;
    for word in said.rsplit(' ') {
        let is_digit_row = !word.is_empty() && word.chars().all(|c| DIGIT_CHARS.contains(c));
        if is_listed(DIGITS, word) {
            n_digits += 1;
        } else if is_digit_row {
            n_digits += word.chars().count();
        } else {
            // Unspaced text may end with digits: 我的号码是一三八.
            let tail = word.chars().rev();
            return n_digits + tail.take_while(|c| DIGIT_CHARS.contains(*c)).count();
        }
    }
    n_digits
}

fn is_listed(list: &[&str], said: &str) -> bool {
    list.contains(&said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listening_sounds_are_backchannels_and_answers_are_none() {
        for said in [
            "Mm-hm.",
            "uh-huh",
            "嗯",
            "对，对。",
            "Okay, yeah",
            "i see",
            "好的",
        ] {
            assert!(is_backchannel(&fold(said), &[]), "{said}");
        }
        for said in [
            "",
            "no",
            "yes",
            "stop",
            "嗯，不对",
            "okay but wait",
            "不",
            "等一下",
        ] {
            assert!(!is_backchannel(&fold(said), &[]), "{said}");
        }
    }

    #[test]
    fn what_is_expected_as_an_answer_is_no_backchannel() {
        assert!(!is_backchannel("okay", &["okay".to_owned()]));
    }

    #[test]
    fn words_are_counted_where_they_have_no_spaces() {
        assert_eq!(n_words(&fold("等一下")), 3);
        assert_eq!(n_words(&fold("wait, please")), 2);
        assert_eq!(n_words(""), 0);
    }

    #[test]
    fn marks_and_last_words_tell_how_a_text_ends() {
        assert_eq!(ending("I am done."), Ending::Finished);
        assert_eq!(ending("我想订明天的，"), Ending::GoingOn);
        assert_eq!(ending("I would like to"), Ending::GoingOn);
        assert_eq!(ending("我明天去，但是"), Ending::GoingOn);
        assert_eq!(ending("see you tomorrow"), Ending::Open);
        assert_eq!(ending("the hand"), Ending::Open, "no word ends with `and`");
        assert_eq!(ending("well..."), Ending::GoingOn);
    }

    #[test]
    fn digits_at_the_end_are_counted_spoken_and_written() {
        assert_eq!(n_digits_at_end(&fold("my number is one three eight")), 3);
        assert_eq!(n_digits_at_end(&fold("我的号码是一三八")), 3);
        assert_eq!(n_digits_at_end(&fold("555 01")), 5);
        assert_eq!(n_digits_at_end(&fold("one moment")), 0);
    }
}
