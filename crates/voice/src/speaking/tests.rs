//! One reply, from its decisions to its heard text.

use std::time::{Duration, Instant};

use super::*;

const RATE_HZ: u32 = 8000;
const FIRST: SpanId = SpanId(1);
const SECOND: SpanId = SpanId(2);
const REST: SpanId = SpanId(9);

#[test]
fn a_clip_plays_as_soon_as_its_first_piece_is_there() {
    let (mut reply, now) = two_lines();
    assert_eq!(reply.next(now), None);

    reply.speech_ready(FIRST, 160, &[], false, now);

    assert_eq!(
        reply.next(now),
        Some(Act::Play {
            span: FIRST,
            interruptible: true
        })
    );
}

#[test]
fn what_stands_behind_a_line_is_done_after_it() {
    let (mut reply, now) = playing();
    reply.then(Act::SendDigits("1".to_owned()), now);
    assert_eq!(reply.next(now), None);

    reply.clip_ended(FIRST, 8000, false, REST, now);
    reply.speech_ready(SECOND, 8000, &[], true, now);
    reply.next(now);
    reply.clip_ended(SECOND, 8000, false, REST, now);

    assert_eq!(reply.next(now), Some(Act::SendDigits("1".to_owned())));
    assert_eq!(reply.heard().heard, "aaaa bbbb cccc dddd");
}

#[test]
fn a_dropped_reply_stops_its_clip_and_forgets_the_rest() {
    let (mut reply, now) = playing();

    reply.drop_all(now);

    assert!(!reply.is_done(), "the clip has not stopped yet");
    reply.clip_ended(FIRST, 4000, true, REST, now);
    assert!(reply.is_done());
    let text = reply.heard();
    assert_eq!(
        (text.heard.as_str(), text.unsaid.as_str()),
        ("aaaa", "bbbb cccc dddd")
    );
    let outputs: Vec<_> = std::iter::from_fn(|| reply.poll()).skip(2).collect();
    let expected = [
        Output::Discard { span: SECOND },
        Output::Cut { span: FIRST },
    ];
    assert_eq!(outputs, expected);
}

#[test]
fn a_paused_line_goes_on_with_what_was_not_heard() {
    let (mut reply, now) = playing();

    reply.pause(now);
    reply.clip_ended(FIRST, 4000, true, REST, now);

    let text = "bbbb".to_owned();
    assert_eq!(
        reply.outputs.back(),
        Some(&Output::Synthesize { span: REST, text })
    );
    reply.speech_ready(REST, 4000, &[], true, now);
    assert_eq!(
        reply.next(now),
        Some(Act::Play {
            span: REST,
            interruptible: true
        })
    );
}

#[test]
fn a_line_that_breaks_off_goes_on_with_the_rest_and_then_with_the_next_line() {
    let (mut reply, now) = playing();
    reply.speech_ready(SECOND, 8000, &[], true, now);
    broken(&mut reply, now);

    let text = "bbbb".to_owned();
    assert_eq!(
        reply.outputs.back(),
        Some(&Output::Synthesize { span: REST, text })
    );
    reply.speech_ready(REST, 4000, &[], true, now);
    reply.next(now);
    reply.clip_ended(REST, 4000, false, SpanId(10), now);
    reply.next(now);
    reply.clip_ended(SECOND, 8000, false, SpanId(10), now);
    assert!(!reply.is_cut_short());
    assert_eq!(reply.heard().heard, "aaaa bbbb cccc dddd");
}

#[test]
fn a_line_whose_rest_cannot_be_spoken_either_cuts_the_reply_short() {
    let (mut reply, now) = playing();
    broken(&mut reply, now);
    reply.speech_failed(REST, "gone".to_owned(), now);

    assert!(reply.is_cut_short());
    let text = reply.heard();
    assert_eq!(
        (text.heard.as_str(), text.unsaid.as_str()),
        ("aaaa", "bbbb cccc dddd")
    );
    reply.say_instead(SpanId(10), Line::Text("sorry".to_owned()), true, now);
    reply.speech_ready(SpanId(10), 800, &[], true, now);
    assert!(matches!(
        reply.next(now),
        Some(Act::Play {
            span: SpanId(10),
            ..
        })
    ));
}

/// The first clip breaks off in its middle.
fn broken(reply: &mut Speaking, now: Instant) {
    let span = reply.reply.span_mut(FIRST).unwrap();
    span.clip = Clip {
        samples: 4000,
        complete: false,
    };
    span.marks = vec![crate::reply::Mark {
        samples: 4000,
        text_end: 4,
    }];
    reply.speech_failed(FIRST, "gone".to_owned(), now);
    reply.clip_ended(FIRST, 4000, false, REST, now);
}

#[test]
fn a_player_that_does_not_confirm_a_cut_is_reckoned_by_the_clock() {
    let (mut reply, start) = playing();
    let cut_at = start + Duration::from_millis(500);
    reply.drop_all(cut_at);

    let (until, whom) = reply.poll_timeout().unwrap();
    reply.timeout(REST, until);

    assert_eq!(whom, "end of a cut clip");
    assert!(reply.is_done());
    assert_eq!(reply.heard().heard, "aaaa");
}

#[test]
fn a_speaker_that_fails_within_a_line_ends_the_reply_behind_what_it_made() {
    let (mut reply, now) = two_lines();
    reply.speech_ready(FIRST, 4000, &[], false, now);
    reply.next(now);
    reply.clip_started(FIRST, now);

    reply.speech_failed(FIRST, "connection lost".to_owned(), now);
    reply.clip_ended(FIRST, 4000, false, REST, now);
    reply.complete();

    reply.speech_failed(REST, "gone".to_owned(), now);
    assert!(reply.is_done());
    assert_eq!(reply.heard().heard, "aaaa");
}

#[test]
fn a_line_that_fails_before_it_plays_is_left_out() {
    let (mut reply, now) = two_lines();

    reply.speech_ready(FIRST, 0, &[], true, now);
    reply.speech_ready(SECOND, 8000, &[], true, now);

    assert_eq!(
        reply.next(now),
        Some(Act::Play {
            span: SECOND,
            interruptible: true
        })
    );
    assert_eq!(reply.n_failed(), 1);
}

/// A reply of two lines, the first of them playing, each a second long.
fn playing() -> (Speaking, Instant) {
    let (mut reply, now) = two_lines();
    reply.speech_ready(FIRST, 8000, &[], true, now);
    reply.next(now);
    reply.clip_started(FIRST, now);
    (reply, now)
}

fn two_lines() -> (Speaking, Instant) {
    let now = Instant::now();
    let mut reply = Speaking::new(
        TurnId(1),
        crate::thinker::Occasion::Answer,
        RATE_HZ,
        Waits::default(),
        now,
    );
    for (span, text) in [(FIRST, "aaaa bbbb"), (SECOND, "cccc dddd")] {
        reply.say(span, Line::Text(text.to_owned()), true, now);
    }
    (reply, now)
}
