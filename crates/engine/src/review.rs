//! What words alone tell of a call: where no language model is asked, or none answers.
//!
//! Nothing is understood here; words are looked for. What is not said in so many words is not found.
//!
//! # Invariants
//!
//! - The same words give the same review.
//! - What is found was said or pressed by the person.

use std::time::Duration;

use model::{Finding, FindingValue, Review, ReviewItem, ReviewKind};

/// What was said on a call, as far as it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What the person said or pressed, in order.
    pub person: Vec<String>,
    /// Whether the agent speaks Chinese: the review is in its language.
    pub is_chinese: bool,
    /// From the answer to the end.
    pub talked: Duration,
}

/// Words that say yes, and words that say no. A "no" in "no problem" is none, and the other way
/// round "不" takes back what follows it: longer phrases come first.
const YES: &[&str] = &[
    "没问题",
    "no problem",
    "可以",
    "好的",
    "好吧",
    "行",
    "对",
    "是的",
    "需要",
    "愿意",
    "同意",
    "嗯",
    "yes",
    "yeah",
    "yep",
    "sure",
    "of course",
    "okay",
    "ok",
    "please do",
    "agree",
];
const NO: &[&str] = &[
    "不可以",
    "不需要",
    "不愿意",
    "不同意",
    "不用",
    "不要",
    "不行",
    "不是",
    "不对",
    "不好",
    "没有",
    "没空",
    "no",
    "nope",
    "not now",
    "don't",
    "do not",
    "never",
];

const GLAD: &[&str] = &[
    "谢谢",
    "太好了",
    "很好",
    "满意",
    "不错",
    "开心",
    "thank",
    "great",
    "wonderful",
    "perfect",
    "happy",
    "good",
];
const CROSS: &[&str] = &[
    "投诉",
    "骗子",
    "骗人",
    "烦",
    "生气",
    "差劲",
    "别打",
    "不要再打",
    "垃圾",
    "complain",
    "terrible",
    "angry",
    "annoy",
    "scam",
    "stop calling",
    "awful",
    "bad",
];
const PERSON: &[&str] = &[
    "人工",
    "转人",
    "真人",
    "客服",
    "human",
    "agent",
    "operator",
    "real person",
];

/// Reviews a call by its words.
pub fn by_rules(items: &[ReviewItem], said: &Said) -> Review {
    let findings = items.iter().filter_map(|item| {
        let value = find(&item.kind, said)?;
        Some(Finding {
            item: item.clone(),
            value,
        })
    });
    Review {
        by: None,
        findings: findings.collect(),
        summary: summary(said),
        mood: mood(said).to_owned(),
        intention: intention(said).to_owned(),
    }
}

fn find(kind: &ReviewKind, said: &Said) -> Option<FindingValue> {
    match kind {
        ReviewKind::Text { examples } => {
            let said_one = |example: &&String| holds_any(said, &[example.as_str()]);
            let example = examples.iter().find(said_one)?;
            Some(FindingValue::Text(example.clone()))
        }
        ReviewKind::Choice { choices } => {
            let said_one = |choice: &&String| holds_any(said, &[choice.as_str()]);
            let chosen: Vec<String> = choices.iter().filter(said_one).cloned().collect();
            (!chosen.is_empty()).then_some(FindingValue::Chosen(chosen))
        }
        ReviewKind::YesNo => answer(said).map(FindingValue::YesNo),
        ReviewKind::Number => {
            let mut numbers = said.person.iter().filter_map(|words| number(words));
            numbers.next_back().map(FindingValue::Number)
        }
    }
}

/// The last yes or no of the person.
fn answer(said: &Said) -> Option<bool> {
    said.person.iter().rev().find_map(|words| yes_or_no(words))
}

fn yes_or_no(words: &str) -> Option<bool> {
    let words = words.to_lowercase();
    let longest = |list: &[&str]| {
        let found = list.iter().filter(|word| holds(&words, word));
        found.map(|word| word.chars().count()).max()
    };
    match (longest(YES), longest(NO)) {
        (None, None) => None,
        (yes, no) => Some(yes > no),
    }
}

/// The last number in some words: `41`, `3.5`, `1,200`.
fn number(words: &str) -> Option<f64> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let candidates = words.split(|c: char| !is_part(c));
    let mut parsed = candidates.filter_map(|text| {
        let text = text.trim_matches(['.', ',']).replace(',', "");
        text.parse::<f64>().ok().filter(|number| number.is_finite())
    });
    parsed.next_back()
}

fn mood(said: &Said) -> &'static str {
    let (glad, cross) = (holds_any(said, GLAD), holds_any(said, CROSS));
    match (cross, glad, said.is_chinese) {
        (true, _, true) => "负面",
        (true, _, false) => "negative",
        (false, true, true) => "正面",
        (false, true, false) => "positive",
        (false, false, true) => "中性",
        (false, false, false) => "neutral",
    }
}

fn intention(said: &Said) -> &'static str {
    let (chinese, english) = if said.person.is_empty() {
        ("未表达", "none")
    } else if holds_any(said, PERSON) {
        ("要求人工", "wants a person")
    } else {
        match answer(said) {
            Some(true) => ("同意", "agrees"),
            Some(false) => ("拒绝", "declines"),
            None => ("待跟进", "to be followed up"),
        }
    };
    if said.is_chinese { chinese } else { english }
}

fn summary(said: &Said) -> String {
    let (seconds, n_said) = (said.talked.as_secs(), said.person.len());
    match (said.person.last(), said.is_chinese) {
        (None, true) => format!("通话{seconds}秒，客户没有说话。"),
        (None, false) => format!("The call took {seconds} s; the person said nothing."),
        (Some(last), true) => {
            format!(
                "通话{seconds}秒，客户回应{n_said}次，最后说：“{}”。",
                shown(last)
            )
        }
        (Some(last), false) => {
            let last = shown(last);
            format!("The call took {seconds} s; the person spoke {n_said} times, last: \"{last}\".")
        }
    }
}

/// The beginning of what was said.
fn shown(words: &str) -> String {
    words.chars().take(200).collect()
}

fn holds_any(said: &Said, phrases: &[&str]) -> bool {
    said.person.iter().any(|words| {
        let words = words.to_lowercase();
        phrases
            .iter()
            .any(|phrase| holds(&words, &phrase.to_lowercase()))
    })
}

/// Whether words hold a phrase; one of letters must stand by itself at its beginning.
fn holds(words: &str, phrase: &str) -> bool {
    words.match_indices(phrase).any(|(at, _)| {
        let before = words[..at].chars().next_back();
        let is_latin = phrase.starts_with(|c: char| c.is_ascii_alphanumeric());
        let after = words[at + phrase.len()..].chars().next();
        let is_short = phrase.len() <= 3;
        let in_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !is_latin || !(in_word(before) || is_short && in_word(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_in_so_many_words_is_found() {
        let items = [
            item("comes", ReviewKind::YesNo),
            item("age", ReviewKind::Number),
            item(
                "wish",
                ReviewKind::Choice {
                    choices: vec!["price".into(), "colour".into()],
                },
            ),
            item(
                "town",
                ReviewKind::Text {
                    examples: vec!["Leeds".into()],
                },
            ),
        ];
        let review = by_rules(
            &items,
            &said(&["I am 41, from leeds", "the Price matters", "yes please"]),
        );
        let values: Vec<_> = review
            .findings
            .into_iter()
            .map(|found| found.value)
            .collect();
        assert_eq!(
            values,
            [
                FindingValue::YesNo(true),
                FindingValue::Number(41.0),
                FindingValue::Chosen(vec!["price".into()]),
                FindingValue::Text("Leeds".into()),
            ]
        );
    }

    #[test]
    fn what_was_not_said_is_not_found() {
        let items = [
            item("comes", ReviewKind::YesNo),
            item("age", ReviewKind::Number),
        ];
        let review = by_rules(&items, &said(&["who is this?"]));
        assert_eq!(review.findings, []);
        assert_eq!(review.intention, "to be followed up");
        let silent = by_rules(&items, &said(&[]));
        assert_eq!(silent.intention, "none");
        assert_eq!(
            silent.summary,
            "The call took 35 s; the person said nothing."
        );
    }

    #[test]
    fn the_last_answer_counts_and_a_longer_word_beats_a_shorter_one() {
        for (words, expected) in [
            ("好的", Some(true)),
            ("不需要", Some(false)),
            ("不用了谢谢", Some(false)),
            ("no problem", Some(true)),
            ("no", Some(false)),
            ("I know nothing", None),
            ("not now", Some(false)),
        ] {
            assert_eq!(yes_or_no(words), expected, "{words}");
        }
        assert_eq!(answer(&said(&["yes", "no"])), Some(false));
    }

    #[test]
    fn mood_and_wish_are_in_the_language_of_the_agent() {
        let chinese = Said {
            is_chinese: true,
            ..said(&["我要投诉，转人工"])
        };
        let review = by_rules(&[], &chinese);
        assert_eq!(
            (review.mood.as_str(), review.intention.as_str()),
            ("负面", "要求人工")
        );
        let english = by_rules(&[], &said(&["great, thank you", "sure"]));
        assert_eq!(
            (english.mood.as_str(), english.intention.as_str()),
            ("positive", "agrees")
        );
    }

    fn item(name: &str, kind: ReviewKind) -> ReviewItem {
        ReviewItem {
            name: name.into(),
            description: String::new(),
            kind,
        }
    }

    fn said(person: &[&str]) -> Said {
        Said {
            person: person.iter().map(|words| (*words).to_owned()).collect(),
            is_chinese: false,
            talked: Duration::from_secs(35),
        }
    }
}
