//! What is spoken of what is written.

use proptest::prelude::*;

use super::*;

#[test]
fn the_first_sentence_is_told_before_the_second_has_begun() {
    let mut text = Sentences::default();
    assert_eq!(text.push("Hello. "), words(&["Hello."]));
    assert_eq!(text.push("How are"), []);
    assert_eq!(text.push(" you?"), words(&["How are you?"]));
    assert_eq!(text.end(), []);
}

#[test]
fn what_is_read_comes_at_once_and_as_it_was_written() {
    let mut text = Written::default();
    let mut told = Vec::new();
    for piece in [
        "<thi",
        "nk>Hm.</think>\n\n",
        "**Hi** ",
        "`a`\n```\n[[ -f x ]]\n```",
        " [[hangup]]",
    ] {
        told.extend(text.push(piece));
    }
    told.extend(text.end());
    let mut read = String::new();
    for told in told {
        match told {
            Told::Words(words) => read.push_str(&words),
            Told::Mark(mark) => read.push_str(&format!("<{mark}>")),
        }
    }
    assert_eq!(read, "**Hi** `a`\n```\n< -f x >\n``` <hangup>");
}

#[test]
fn a_long_first_sentence_is_told_from_its_first_clause_on() {
    let mut text = Sentences::default();
    let told = text.push("Thank you for calling the harbor clinic, our doors are ");
    assert_eq!(told, words(&["Thank you for calling the harbor clinic,"]));
    let told = text.push("open now, from nine to five, all week. ");
    assert_eq!(
        told,
        words(&["our doors are open now, from nine to five, all week."])
    );
}

#[test]
fn numbers_titles_and_items_hold_together() {
    assert_eq!(
        all("It costs 3.50 today. Dr. Lee, at 9 a.m. or later."),
        ["It costs 3.50 today.", "Dr. Lee, at 9 a.m. or later."]
    );
    assert_eq!(all("1. Tea\n2. Milk"), ["1. Tea", "2. Milk"]);
}

#[test]
fn chinese_is_cut_at_its_own_marks() {
    assert_eq!(
        all("您好！请问您想预约哪一天？“周二”。好的"),
        ["您好！", "请问您想预约哪一天？", "“周二”。", "好的"]
    );
}

#[test]
fn nobody_hears_markdown_or_emoji() {
    assert_eq!(
        all(
            "**Sure** 😀! See [our page](https://x.example/a_b).\n- *First* item\n# Head\n---\n| a | b |"
        ),
        ["Sure !", "See our page.", "First item", "Head", "a b"]
    );
    assert_eq!(all("Press * or # now."), ["Press * or # now."]);
}

#[test]
fn reasoning_and_code_are_left_out() {
    assert_eq!(
        all("<think>The caller is angry. Be kind.</think>I am sorry. ```x = 1.\n``` Bye."),
        ["I am sorry.", "Bye."]
    );
    assert_eq!(all("<think>never closed. "), [""; 0]);
}

#[test]
fn marks_come_back_apart_from_the_words() {
    let mut text = Sentences::default();
    let mut told = Vec::new();
    for piece in ["Goodbye [", "[trans", "fer: sales]", "] now"] {
        told.extend(text.push(piece));
    }
    told.extend(text.end());
    let expected = [
        Told::Words("Goodbye".into()),
        Told::Mark("transfer: sales".into()),
        Told::Words("now".into()),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_text_without_an_end_does_not_wait_for_one() {
    let mut text = Sentences::default();
    let told = text.push(&"word ".repeat(200));
    assert!(told.len() >= 2, "{told:?}");
}

proptest! {
    #[test]
    fn the_pieces_do_not_matter(text in "[a-c。，. !*<>\\[\\]\n]{0,80}", cuts in prop::collection::vec(0..80usize, 0..6)) {
        let chars: Vec<char> = text.chars().collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(chars.len())).collect();
        cuts.push(chars.len());
        cuts.sort_unstable();
        let (mut sentences, mut told, mut from) = (Sentences::default(), Vec::new(), 0);
        for to in cuts {
            let piece: String = chars[from..to].iter().collect();
            told.extend(sentences.push(&piece));
            from = to;
        }
        told.extend(sentences.end());
        prop_assert_eq!(letters(&told), letters(&whole(&text)));
    }
}

/// The words, and the marks between digits.
fn letters(told: &[Told]) -> String {
    let text = |told: &Told| match told {
        Told::Words(words) => words.clone(),
        Told::Mark(mark) => format!("0{mark}1"),
    };
    let all: String = told.iter().map(text).collect();
    all.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn whole(text: &str) -> Vec<Told> {
    let mut sentences = Sentences::default();
    let mut told = sentences.push(text);
    told.extend(sentences.end());
    told
}

fn all(text: &str) -> Vec<String> {
    let mut sentences = Sentences::default();
    let mut told = Vec::new();
    // One character at a time, as slow models do.
    for c in text.chars() {
        told.extend(sentences.push(c.encode_utf8(&mut [0; 4])));
    }
    told.extend(sentences.end());
    told.into_iter()
        .map(|told| match told {
            Told::Words(words) => words,
            Told::Mark(mark) => panic!("a mark: {mark}"),
        })
        .collect()
}

fn words(words: &[&str]) -> Vec<Told> {
    words
        .iter()
        .map(|words| Told::Words((*words).to_owned()))
        .collect()
}
