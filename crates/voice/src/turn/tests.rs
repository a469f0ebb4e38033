//! Scores: whole dialogues in a line of text.

use std::time::{Duration, Instant};

use super::{Input, Manners, Output, Turns, Words};

#[test]
fn a_short_pause_does_not_end_the_turn() {
    assert_eq!(play("(..a)...(..b)......"), ["1200 over a b"]);
}

#[test]
fn the_turn_waits_for_the_words() {
    assert_eq!(play("(..)........a.."), ["1000 over a"]);
}

#[test]
fn a_recognizer_that_never_answers_is_not_waited_for_forever() {
    assert_eq!(play("(...)........................."), ["1800 over ?"]);
}

#[test]
fn a_cough_is_no_turn() {
    assert_eq!(play("(.)._.................."), [""; 0]);
}

#[test]
fn uh_huh_does_not_cut_the_agent() {
    assert_eq!(
        play("(..a)..... [ .....(.h)...............]"),
        ["700 over a", "2800 (h)"]
    );
}

#[test]
fn talking_over_the_agent_cuts_it() {
    assert_eq!(
        play("(..a)..... [ (.....b)....."),
        ["700 over a", "1200 cut", "1700 over b"]
    );
}

#[test]
fn barge_in_counts_from_the_first_voiced_frame() {
    let start = Instant::now();
    let mut turns = Turns::new(MANNERS);
    turns.handle(
        Input::ReplyStarted {
            interruptible: true,
        },
        start,
    );
    let first_voice = start + Duration::from_millis(40);

    turns.handle(
        Input::CallerStarted { first_voice },
        start + Duration::from_millis(120),
    );

    assert_eq!(
        turns.poll_timeout(),
        Some((first_voice + MANNERS.barge_in_min, "barge-in"))
    );
}

#[test]
fn an_uninterruptible_reply_is_not_cut_and_speech_at_its_end_counts() {
    assert_eq!(play("{(.......]..a)......"), ["1400 over a"]);
}

#[test]
fn speech_in_the_middle_of_an_uninterruptible_reply_answers_nothing() {
    assert_eq!(play("{(.......a)...............]"), ["2200 (a)"]);
}

#[test]
fn a_quick_yes_over_the_last_word_is_an_answer() {
    assert_eq!(play("[.....(.y)..]......"), ["1100 over y"]);
}

#[test]
fn speech_before_the_reply_is_heard_joins_the_turn() {
    assert_eq!(
        play("(..a).....(..b)......"),
        ["700 over a", "1400 over a b"]
    );
}

#[test]
fn a_cough_before_the_reply_leaves_the_turn_as_it_was() {
    assert_eq!(play("(..a).....(.)_.....[..]"), ["700 over a"]);
}

#[test]
fn words_that_come_late_but_before_the_reply_replace_the_turn() {
    assert_eq!(
        play("(...)..........................a."),
        ["1800 over ?", "2900 over a"]
    );
}

#[test]
fn words_that_come_after_the_reply_began_are_only_noted() {
    assert_eq!(
        play("(...).........................[a.."),
        ["1800 over ?", "2800 (a)"]
    );
}

#[test]
fn silence_is_reported_and_counted() {
    assert_eq!(
        play(&format!(
            "{0} [..] {0} [..] (..a)..... [..] {0}",
            ".".repeat(20)
        )),
        [
            "2000 silence 1",
            "4200 silence 2",
            "5100 over a",
            "7300 silence 1"
        ]
    );
}

#[test]
fn a_digit_cuts_an_interruptible_reply_only() {
    assert_eq!(play("[..#"), ["200 cut"]);
    assert_eq!(play("{..#"), [""; 0]);
}

#[test]
fn while_an_operators_sound_plays_nothing_is_cut_and_silence_does_not_count() {
    assert_eq!(play("[<(.......)...>...........]"), [""; 0]);
    assert_eq!(play("<...................................>..."), [""; 0]);
}

#[test]
fn music_on_hold_is_answered_at_the_longest_turn() {
    assert_eq!(play(&format!("({}", ".".repeat(60))), ["5000 over ?"]);
}

#[test]
fn an_aside_long_ago_does_not_shorten_a_turn() {
    let score = format!("{{(.h){0}(..]..........a)......", ".".repeat(60));
    assert_eq!(play(&score), ["6300 (h)", "7800 over a"]);
}

#[test]
fn noise_long_ago_does_not_shorten_a_turn() {
    assert_eq!(
        play("(.)................. (.........................................a)....."),
        ["6400 over a"]
    );
}

const MANNERS: Manners = Manners {
    endpointing_delay: Duration::from_millis(500),
    barge_in_min: Duration::from_millis(500),
    reply_tail: Duration::from_millis(1000),
    unclear_min: Duration::from_millis(300),
    turn_max: Duration::from_secs(5),
    recognizer_wait_max: Duration::from_secs(1),
    no_input_after: Duration::from_secs(2),
    no_input_max: None,
};

/// Plays a score and returns the decisions with their times in ms.
///
/// `(` and `)`: the caller starts and stops; a letter: the newest stretch's words, `_`: it had
/// none; `[` or `{` and `]`: a reply, `{` uninterruptible; `#`: a key; `<` and `>`: the line
/// is held; `.`: 100 ms. Words of the caller are listed, in
/// parentheses, only where they answer nothing.
fn play(score: &str) -> Vec<String> {
    let start = Instant::now();
    let mut now = start;
    let mut turns = Turns::new(MANNERS);
    turns.handle(Input::ReplyEnded, start);
    let mut decisions = Vec::new();
    for note in score.chars().filter(|note| !note.is_whitespace()) {
        if note == '.' {
            now += Duration::from_millis(100);
        }
        turns.handle(input(note, turns.utterance(), now), now);
        let outputs: Vec<_> = std::iter::from_fn(|| turns.poll()).collect();
        for output in outputs {
            let words = match output {
                Output::TurnOver(turn) => match turn.words {
                    Words::Text(text) => format!("over {text}"),
                    Words::Unclear => "over ?".to_owned(),
                },
                Output::CutReply => "cut".to_owned(),
                Output::Silence { count } => format!("silence {count}"),
                Output::Said {
                    backchannel: true,
                    text,
                    ..
                } => format!("({text})"),
                Output::Said { .. } => continue,
            };
            decisions.push(format!("{} {words}", (now - start).as_millis()));
        }
    }
    decisions
}

fn input(note: char, utterance: u32, now: Instant) -> Input {
    match note {
        '(' => Input::CallerStarted { first_voice: now },
        ')' => Input::CallerStopped { last_voice: now },
        '[' => Input::ReplyStarted {
            interruptible: true,
        },
        '{' => Input::ReplyStarted {
            interruptible: false,
        },
        ']' => Input::ReplyEnded,
        '#' => Input::Digit,
        '<' => Input::Held,
        '>' => Input::Released,
        '_' => Input::Recognized {
            utterance,
            text: String::new(),
        },
        '.' => Input::Timeout,
        letter => Input::Recognized {
            utterance,
            text: letter.to_string(),
        },
    }
}
