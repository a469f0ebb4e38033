//! Growing messages.

use model::{Asker, Author, ChatEvent, ConversationState, MessageKey, StreamEnd};

use super::world::{World, asks_person, chunk, last_chunk, says, staff};
use crate::chat::{
    Input, Refused,
    stream::{Closed, MESSAGE_BYTES_MAX},
};

#[test]
fn pieces_are_appended_in_order_until_the_last_one() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "Hello, ", "1:a")).key.unwrap();
    world.must(chunk(Some(&key), "this is ", "2:b"));
    let done = world.must(last_chunk(Some(&key), "Tencent Cloud.", "3:c"));
    assert_eq!(
        done.events.last(),
        Some(&ChatEvent::StreamClosed {
            key: key.clone(),
            end: StreamEnd::Finished
        })
    );
    assert_eq!(world.text_of(&key), "Hello, this is Tencent Cloud.");
}

#[test]
fn a_key_is_sequence_time_and_chance() {
    let mut world = World::new(false);
    world.must(says(Author::Customer, "hi", None));
    let key = world.must(chunk(None, "a", "1:a")).key.unwrap();
    assert_eq!(key.as_str(), "2_1600045926_fffffffffffffffffffffffff");
}

#[test]
fn a_repeated_piece_has_the_same_answer_and_is_shown_once() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "a", "1:a")).key.unwrap();
    let again = world.must(chunk(None, "a", "1:a"));
    assert_eq!((again.key.as_ref(), again.repeated), (Some(&key), true));
    world.must(chunk(Some(&key), "b", "2:b"));
    assert!(world.must(chunk(Some(&key), "b", "2:b")).events.is_empty());
    // Late: the network held it back.
    assert!(world.must(chunk(None, "a", "1:a")).repeated);
    world.must(last_chunk(Some(&key), "c", "3:c"));
    assert!(world.must(last_chunk(Some(&key), "c", "3:c")).repeated);
    assert_eq!(world.text_of(&key), "abc");
}

#[test]
fn a_second_message_with_the_same_beginning_is_not_a_repetition_of_the_first() {
    let mut world = World::new(false);
    let first = world.must(chunk(None, "Hello", "9:hello")).key.unwrap();
    world.must(last_chunk(Some(&first), "!", "9:!"));
    world.must(says(Author::Bot, "well", Some("9:well")));
    let second = world.must(chunk(None, "Hello", "9:hello"));
    assert!(!second.repeated, "the sender gives 9 with everything");
}

#[test]
fn after_the_end_nothing_is_appended() {
    let mut world = World::new(false);
    let key = world.must(last_chunk(None, "all", "1:a")).key.unwrap();
    let refused = world.handle(chunk(Some(&key), "more", "2:b"));
    assert_eq!(
        refused,
        Err(Refused::Closed(Closed::Over(StreamEnd::Finished)))
    );
}

#[test]
fn a_key_of_another_conversation_is_not_known() {
    let mut world = World::new(false);
    let strange = MessageKey("1_1_1".into());
    let refused = world.handle(chunk(Some(&strange), "x", "1:a"));
    assert_eq!(refused, Err(Refused::NoSuchMessage));
}

#[test]
fn two_messages_grow_side_by_side_and_four_at_most() {
    let mut world = World::new(false);
    let one = world.must(chunk(None, "a", "1:a")).key.unwrap();
    let two = world.must(chunk(None, "x", "2:x")).key.unwrap();
    world.must(chunk(Some(&one), "b", "3:b"));
    world.must(chunk(Some(&two), "y", "4:y"));
    assert_eq!(
        (world.text_of(&one), world.text_of(&two)),
        ("ab".into(), "xy".into())
    );
    world.must(chunk(None, "m", "5:m"));
    world.must(chunk(None, "n", "6:n"));
    let refused = world.handle(chunk(None, "o", "7:o"));
    assert_eq!(refused, Err(Refused::TooManyStreams));
}

#[test]
fn a_message_has_twelve_kilobytes_in_all() {
    let mut world = World::new(false);
    let half = "x".repeat(MESSAGE_BYTES_MAX / 2);
    let key = world.must(chunk(None, &half, "1:a")).key.unwrap();
    world.must(chunk(Some(&key), &half, "2:b"));
    let refused = world.handle(chunk(Some(&key), "x", "3:c"));
    assert_eq!(refused, Err(Refused::Closed(Closed::TooLong)));
}

#[test]
fn a_bot_that_dies_leaves_its_message_closed_by_time() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "I will", "1:a")).key.unwrap();
    assert!(world.wait(59).tick().events.is_empty());
    let closed = ChatEvent::StreamClosed {
        key: key.clone(),
        end: StreamEnd::TimedOut,
    };
    assert_eq!(world.wait(1).tick().events, [closed]);
    let refused = world.handle(chunk(Some(&key), " never", "2:b"));
    assert_eq!(
        refused,
        Err(Refused::Closed(Closed::Over(StreamEnd::TimedOut)))
    );
}

#[test]
fn a_person_who_takes_over_cuts_what_the_bot_is_writing() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "I think", "1:a")).key.unwrap();
    let done = world.must(Input::TakeOver(staff(1)));
    let kinds: Vec<bool> = done
        .events
        .iter()
        .map(|event| {
            matches!(
                event,
                ChatEvent::StreamClosed {
                    end: StreamEnd::Cut,
                    ..
                }
            )
        })
        .collect();
    assert_eq!(kinds, [true, false], "cut first, then joined");
    let refused = world.handle(chunk(Some(&key), " that", "2:b"));
    assert_eq!(refused, Err(Refused::Closed(Closed::Over(StreamEnd::Cut))));
    let refused = world.handle(chunk(None, "but", "3:c"));
    assert_eq!(refused, Err(Refused::WithPerson));
}

#[test]
fn a_bot_may_write_while_the_customer_waits() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "One moment", "1:a")).key.unwrap();
    world.must(asks_person(Asker::Api));
    assert_eq!(world.state(), ConversationState::Queued);
    world.must(last_chunk(Some(&key), ", please", "2:b"));
    assert_eq!(world.text_of(&key), "One moment, please");
}

#[test]
fn the_end_cuts_and_nothing_grows_after_it() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "I", "1:a")).key.unwrap();
    world.must(Input::End(Asker::Customer));
    assert!(world.handle(chunk(Some(&key), "x", "2:b")).is_err());
    assert_eq!(world.handle(chunk(None, "x", "3:c")), Err(Refused::Over));
}

#[test]
fn a_restart_in_the_middle_goes_on() {
    let mut world = World::new(false);
    let key = world.must(chunk(None, "a", "1:a")).key.unwrap();
    assert_eq!(world.replayed(), world.conversation);
    world.conversation = world.replayed();
    assert!(world.must(chunk(None, "a", "1:a")).repeated);
    world.must(last_chunk(Some(&key), "b", "2:b"));
    assert_eq!(world.text_of(&key), "ab");
}
