//! Scores: whole dialogues in a line of text.

use std::time::{Duration, Instant};

use super::{BargeIn, Endpointing, Hints, Input, Manners, Output, Turns, Words};

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
        ["700 over a", "2800 (mm-hm)"]
    );
}

#[test]
fn talking_over_the_agent_cuts_it() {
    assert_eq!(
        play("(..a)..... [ (.....b)....."),
        ["700 over a", "1200 stop", "1700 cut", "1700 over b"]
    );
}

#[test]
fn the_recognizers_word_ends_the_turn_sooner() {
    let (start, ms) = (Instant::now(), Duration::from_millis);
    let hints = Hints::Recognizer;
    let mut turns = Turns::new(Manners { hints, ..MANNERS });
    let mut hear = |input, at| {
        turns.handle(input, start + ms(at));
        let _ = std::iter::from_fn(|| turns.poll()).count();
        turns.poll_timeout().map(|(at, _)| (at - start).as_millis())
    };
    hear(Input::CallerStarted { first_voice: start }, 0);
    let text = "book it".to_owned();
    hear(Input::Partial { utterance: 1, text }, 300);
    hear(Input::Finished { utterance: 1 }, 400);
    let last_voice = start + ms(500);
    assert_eq!(hear(Input::CallerStopped { last_voice }, 500), Some(740));
    // More words than those that it knew: it does not count any more.
    let text = "book it for".to_owned();
    assert!(hear(Input::Partial { utterance: 1, text }, 550) > Some(740));
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
    assert_eq!(play(&score), ["6300 (mm-hm)", "7800 over a"]);
}

#[test]
fn noise_long_ago_does_not_shorten_a_turn() {
    assert_eq!(
        play("(.)................. (.........................................a)....."),
        ["6400 over a"]
    );
}

#[test]
fn a_cough_that_stopped_the_agent_lets_it_go_on() {
    assert_eq!(play("[ ..(......)_......"), ["700 stop", "1300 go on"]);
}

#[test]
fn listening_sounds_that_stopped_the_agent_let_it_go_on_and_answer_nothing() {
    assert_eq!(
        play("[ ..(......)h......"),
        ["700 stop", "1300 (mm-hm)", "1300 go on"]
    );
}

#[test]
fn speech_without_words_that_is_too_long_for_a_cough_is_asked_about() {
    assert_eq!(
        play(&format!("[ ..({})_......", ".".repeat(17))),
        ["700 stop", "2400 cut", "2400 over ?"]
    );
}

#[test]
fn an_agent_that_may_not_go_on_is_cut_for_good() {
    let manners = Manners {
        false_interruption_max: Duration::ZERO,
        ..MANNERS
    };
    assert_eq!(
        play_with(manners, "[ ..(......)_......"),
        ["700 cut", "1300 over ?"]
    );
}

#[test]
fn known_listening_sounds_do_not_even_stop_the_agent() {
    assert_eq!(play("[ ..(..H.....)....]"), ["1400 (mm-hm)"; 0]);
}

#[test]
fn words_cut_however_short_they_are_where_words_count() {
    let manners = Manners {
        barge_in: BargeIn::Words(1),
        ..MANNERS
    };
    assert_eq!(
        play_with(manners, "[ ..(..)h... (..)s ......"),
        ["900 (mm-hm)", "900 stop", "1400 cut", "1400 over s"]
    );
    assert_eq!(
        play_with(manners, "[ ..(..S...)s......"),
        ["400 stop", "1200 cut", "1200 over s"]
    );
}

#[test]
fn without_word_that_speech_lasts_its_end_is_waited_for() {
    let manners = Manners {
        detector_off: Duration::from_millis(200),
        ..MANNERS
    };
    assert_eq!(play_with(manners, "[ ..(.......)"), ["900 stop"]);
    assert_eq!(play_with(manners, "[ ..(.....!...)"), ["700 stop"]);
    assert_eq!(play_with(manners, "[ ..(......)_..."), [""; 0]);
}

#[test]
fn where_words_count_a_long_noise_stops_the_agent_at_last() {
    let manners = Manners {
        barge_in: BargeIn::Words(1),
        ..MANNERS
    };
    let score = format!("[ ({}", ".".repeat(31));
    assert_eq!(play_with(manners, &score), ["3000 stop"]);
}

#[test]
fn an_agent_that_is_never_cut_hears_what_is_said_at_its_end() {
    let manners = Manners {
        barge_in: BargeIn::Never,
        ..MANNERS
    };
    assert_eq!(play_with(manners, "[ (........]..a)....."), ["1500 over a"]);
}

#[test]
fn a_key_cuts_even_what_speech_never_does() {
    let manners = Manners {
        barge_in: BargeIn::Never,
        ..MANNERS
    };
    assert_eq!(play_with(manners, "[..#"), ["200 cut"]);
}

#[test]
fn a_sentence_that_goes_on_is_waited_for() {
    assert_eq!(play("(..n)......................"), ["1200 over and"]);
}

#[test]
fn a_number_is_not_cut_between_its_groups() {
    assert_eq!(
        play("(..3)........(..3)..............."),
        ["2700 over 1 3 8 1 3 8"]
    );
}

#[test]
fn a_turn_adapts_to_a_caller_who_pauses_evenly() {
    let manners = Manners {
        endpointing: Endpointing::Adaptive,
        ..MANNERS
    };
    let score = "(..a)...(..b)...(..c)...(..d)...(..e)...(..f)...(..g)......";
    let decisions = play_with(manners, score);
    // Six pauses of 300 ms: the delay has come down to little more than that.
    assert_eq!(decisions, ["3700 over a b c d e f g"]);
}

#[test]
fn the_thinker_is_asked_early_and_again_when_the_caller_goes_on() {
    let manners = Manners {
        early: true,
        ..MANNERS
    };
    assert_eq!(
        play_with(manners, "(..a)..(..b)......"),
        ["200 likely a", "600 likely a b", "1100 over a b"]
    );
}

#[test]
fn the_thinker_is_not_asked_early_without_end() {
    let manners = Manners {
        early: true,
        ..MANNERS
    };
    let decisions = play_with(manners, "(.a).(.b).(.c).(.d).(.e)......");
    let n_early = decisions.iter().filter(|it| it.contains("likely")).count();
    assert_eq!((n_early, decisions.len()), (3, 4), "{decisions:?}");
}

const MANNERS: Manners = Manners {
    endpointing_delay: Duration::from_millis(500),
    endpointing: Endpointing::Fixed,
    hints: Hints::Longer,
    dictation_delay: Duration::from_millis(1500),
    early: false,
    barge_in: BargeIn::Speech,
    detector_off: Duration::ZERO,
    false_interruption_max: Duration::from_millis(1500),
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
/// `(` and `)`: the caller starts and stops; a letter: the newest stretch's words (`h` is "mm-hm",
/// `n` "and", `3` is "1 3 8"), `_`: it had none; `H` and `S`: words so far; `!`: the speech lasts; `[` or `{` and `]`: a reply, `{` uninterruptible; `#`: a key; `<` and `>`: the line
/// is held; `.`: 100 ms. Words of the caller are listed, in
/// parentheses, only where they answer nothing.
fn play(score: &str) -> Vec<String> {
    play_with(MANNERS, score)
}

fn play_with(manners: Manners, score: &str) -> Vec<String> {
    let start = Instant::now();
    let mut now = start;
    let mut turns = Turns::new(manners);
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
                Output::TurnLikely(turn) => match turn.words {
                    Words::Text(text) => format!("likely {text}"),
                    Words::Unclear => panic!("only words are thought about early"),
                },
                Output::CutReply => "cut".to_owned(),
                Output::SuspendReply => "stop".to_owned(),
                Output::ResumeReply => "go on".to_owned(),
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
        '!' => Input::CallerLasts,
        '#' => Input::Digit,
        '<' => Input::Held,
        '>' => Input::Released,
        '_' => Input::Recognized {
            utterance,
            text: String::new(),
        },
        '.' => Input::Timeout,
        'H' | 'S' => Input::Partial {
            utterance,
            text: words(note.to_ascii_lowercase()),
        },
        letter => Input::Recognized {
            utterance,
            text: words(letter),
        },
    }
}

fn words(letter: char) -> String {
    match letter {
        'h' => "mm-hm".to_owned(),
        'n' => "and".to_owned(),
        '3' => "1 3 8".to_owned(),
        letter => letter.to_string(),
    }
}
