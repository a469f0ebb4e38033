//! Conversations with people: waiting, asking, taking, passing on, ending.

use model::{Asker, Author, ChatEvent, ConversationState, MessageKey, ServiceEnd, SkillGroupId};

use super::world::{World, asks_person, says, staff};
use crate::chat::{BotThen, Draw, Input, Refused, Wants};

#[test]
fn a_bot_owes_an_answer_until_it_gives_one() {
    let mut world = World::new(true);
    assert!(world.conversation.wants().answer, "it greets");
    world.must(says(Author::Bot, "Hello", None));
    assert_eq!(world.conversation.wants(), Wants::default());
    world.must(says(Author::Customer, "hi", None));
    assert!(world.conversation.wants().answer);
    world.must(bot_fails(""));
    assert!(!world.conversation.wants().answer);
    assert!(world.handle(bot_done(None, BotThen::Listen)).is_err());
}

#[test]
fn a_bot_that_fails_says_so_in_the_same_step() {
    let mut world = World::new(true);
    let done = world.must(bot_fails("Sorry, I cannot help now."));
    assert!(matches!(
        done.events[..],
        [
            ChatEvent::BotFailed { .. },
            ChatEvent::MessageSent {
                author: Author::Bot,
                ..
            }
        ]
    ));
    assert!(!world.conversation.wants().answer);
}

#[test]
fn the_end_of_an_answer_and_what_the_bot_wants_then_are_one_step() {
    let mut world = World::new(true);
    let key = world.must(bot_writes()).key;
    let done = world.must(bot_done(key, asks()));
    assert!(matches!(
        done.events[..],
        [
            ChatEvent::StreamClosed { .. },
            ChatEvent::PersonAsked { .. }
        ]
    ));
    assert_eq!(world.state(), ConversationState::Queued);

    let mut world = World::new(true);
    let key = world.must(bot_writes()).key;
    world.must(bot_done(key, BotThen::End));
    assert_eq!(world.state(), ConversationState::Ended);
}

#[test]
fn a_bot_from_which_a_person_took_over_wants_nothing_any_more() {
    let mut world = World::new(true);
    let key = world.must(bot_writes()).key;
    world.must(Input::TakeOver(staff(1)));
    assert!(world.handle(bot_done(key, BotThen::End)).is_err());
    assert_eq!(world.state(), ConversationState::Staffed);
}

#[test]
fn what_a_customer_wrote_in_vain_while_waiting_is_answered_by_the_bot() {
    for writes in [false, true] {
        let mut world = World::new(true);
        world.must(asks_person(Asker::Customer));
        if writes {
            world.must(says(Author::Customer, "hello?", None));
        }
        world.must(Input::NobodyThere {
            tip: "nobody".into(),
            draw: Draw(1),
        });
        assert_eq!(world.conversation.wants().answer, writes);
    }
}

fn bot_fails(says: &str) -> Input {
    Input::BotFailed {
        why: "down".into(),
        says: says.into(),
        draw: Draw(1),
    }
}

fn bot_writes() -> Input {
    Input::Grow {
        key: None,
        text: "Hello".into(),
        finish: false,
        request: None,
        draw: Draw(1),
    }
}

fn bot_done(key: Option<MessageKey>, then: BotThen) -> Input {
    Input::BotDone { key, then }
}

fn asks() -> BotThen {
    BotThen::AskPerson {
        group: None,
        staff: Vec::new(),
        routed: false,
    }
}

#[test]
fn a_customer_waits_is_offered_and_served() {
    let mut world = World::new(true);
    world.must(asks_person(Asker::Customer));
    assert!(world.conversation.wants().staff);
    world.must(Input::Offer(staff(1)));
    assert_eq!(world.state(), ConversationState::Offered);
    assert_eq!(
        world.handle(Input::Accept(staff(2))),
        Err(Refused::NotTheirs)
    );
    world.must(Input::Accept(staff(1)));
    assert_eq!(world.state(), ConversationState::Staffed);
    world.must(says(Author::Staff(staff(1)), "How can I help?", None));
    let refused = world.handle(says(Author::Staff(staff(2)), "Me too!", None));
    assert_eq!(refused, Err(Refused::NotTheirs));
    let done = world.must(Input::End(Asker::Staff(staff(1))));
    assert_eq!(done.services.len(), 1);
    let record = &done.services[0].0;
    assert_eq!(
        (record.end, record.staff.clone()),
        (ServiceEnd::Normal, Some(staff(1)))
    );
}

#[test]
fn a_person_who_is_asked_takes_it_by_writing() {
    let mut world = World::new(true);
    world.must(asks_person(Asker::Bot));
    world.must(Input::Offer(staff(1)));
    let done = world.must(says(Author::Staff(staff(1)), "Hello", None));
    assert!(matches!(
        done.events[0],
        ChatEvent::Joined {
            took_over: false,
            ..
        }
    ));
}

#[test]
fn who_does_not_answer_in_time_is_asked_after_all_others() {
    let mut world = World::new(true);
    world.must(asks_person(Asker::Customer));
    world.must(Input::Offer(staff(1)));
    assert!(world.wait(59).tick().events.is_empty());
    let ended = ChatEvent::OfferEnded {
        staff: staff(1).id,
        declined: false,
    };
    assert_eq!(world.wait(1).tick().events, [ended]);
    assert_eq!(world.state(), ConversationState::Queued);
    assert!(world.conversation.wish().asked.contains(&staff(1).id));
}

#[test]
fn nobody_there_leads_back_to_the_bot_with_a_tip() {
    let mut world = World::new(false);
    world.must(asks_person(Asker::Api));
    let done = world.wait(600).tick();
    assert_eq!(done.events[0], ChatEvent::NobodyThere);
    assert!(matches!(&done.events[1],
        ChatEvent::MessageSent { author: Author::Centre, content, .. } if content.text == "nobody"));
    let done = world.must(Input::End(Asker::Customer));
    assert_eq!(done.services[0].0.end, ServiceEnd::NobodyOnline);
}

#[test]
fn the_tenants_server_may_say_whom_and_is_not_asked_where_it_said_so_already() {
    let mut world = World::new(false);
    let ask = |group| Input::AskPerson {
        by: Asker::Customer,
        group,
        staff: Vec::new(),
        tip: true,
        routed: true,
    };
    world.must(ask(None));
    assert!(world.conversation.wants().routing && !world.conversation.wants().staff);
    world.must(Input::Route {
        group: Some(SkillGroupId(3)),
        staff: Vec::new(),
        fault: String::new(),
    });
    assert!(world.conversation.wants().staff);
    assert_eq!(world.conversation.wish().group, Some(SkillGroupId(3)));

    let mut world = World::new(false);
    world.must(ask(Some(SkillGroupId(4))));
    assert!(world.conversation.wants().staff);
}

#[test]
fn passing_on_makes_a_record_and_the_customer_waits_again() {
    let mut world = World::new(true);
    world.must(Input::TakeOver(staff(1)));
    let done = world.must(Input::PassOn {
        by: staff(1),
        group: None,
        staff: vec![staff(2).id],
    });
    assert_eq!(done.services[0].0.end, ServiceEnd::PassedOn);
    assert_eq!(world.conversation.wish().staff, [staff(2).id]);
    world.wait(5).must(Input::Offer(staff(2)));
    world.must(Input::Accept(staff(2)));
    let done = world.wait(5).must(Input::End(Asker::Staff(staff(2))));
    let record = &done.services[0].0;
    assert_eq!(record.staff, Some(staff(2)));
    assert_eq!(record.ended_at.since(record.began_at).as_secs(), 5);
}

#[test]
fn giving_back_lets_the_bot_answer_what_is_open() {
    let mut world = World::new(true);
    world.must(Input::TakeOver(staff(1)));
    world.must(says(Author::Customer, "one more thing", None));
    assert!(!world.conversation.wants().answer);
    world.must(Input::GiveBack(staff(1)));
    assert!(world.conversation.wants().answer);
}

#[test]
fn a_silent_customer_ends_it_and_a_slow_person_does_not() {
    let mut world = World::new(false);
    world.must(Input::TakeOver(staff(1)));
    world.must(says(Author::Customer, "hello?", None));
    assert!(world.wait(86_400).tick().events.is_empty());
    world.must(says(Author::Staff(staff(1)), "sorry", None));
    let done = world.wait(30 * 60).tick();
    assert_eq!(done.services[0].0.end, ServiceEnd::CustomerSilent);
    assert_eq!(world.state(), ConversationState::Ended);
}

#[test]
fn ends_are_told_apart() {
    for (staffed, by, end) in [
        (false, Asker::Customer, ServiceEnd::LeftBeforePerson),
        (true, Asker::Customer, ServiceEnd::ByCustomer),
        (true, Asker::Api, ServiceEnd::Normal),
        (false, Asker::Bot, ServiceEnd::Normal),
    ] {
        let mut world = World::new(false);
        if staffed {
            world.must(Input::TakeOver(staff(1)));
        }
        let done = world.must(Input::End(by.clone()));
        assert_eq!(done.services[0].0.end, end, "{staffed} {by:?}");
        assert_eq!(world.handle(Input::End(Asker::Api)), Err(Refused::Over));
    }
}

#[test]
fn a_message_of_the_customer_counts_once_however_often_it_is_sent() {
    let mut world = World::new(false);
    let first = world.must(says(Author::Customer, "hi", Some("uuid-1")));
    let again = world
        .wait(86_000)
        .handle(says(Author::Customer, "hi", Some("uuid-1")));
    assert_eq!(again.unwrap().key, first.key);
    assert_eq!(world.conversation.view().n_unanswered, 1);
}

#[test]
fn an_opinion_is_given_once_and_may_come_after_the_end() {
    let mut world = World::new(false);
    world.must(Input::End(Asker::Customer));
    let rate = |score| Input::Rate {
        score,
        text: String::new(),
    };
    world.must(rate(5));
    assert_eq!(world.handle(rate(1)), Err(Refused::Rated));
    assert_eq!(world.conversation.view().rating, Some(5));
}

#[test]
fn asking_again_keeps_the_place_in_the_queue() {
    let mut world = World::new(true);
    world.must(asks_person(Asker::Customer));
    let since = world.conversation.view().queued_at;
    assert!(
        world
            .wait(9)
            .must(asks_person(Asker::Customer))
            .events
            .is_empty()
    );
    assert_eq!(world.conversation.view().queued_at, since);
    world.must(Input::TakeOver(staff(1)));
    assert!(world.must(asks_person(Asker::Customer)).events.is_empty());
    assert_eq!(
        world.handle(asks_person(Asker::Api)),
        Err(Refused::WithPerson)
    );
}

#[test]
fn what_our_bot_was_writing_at_a_stop_is_gone_on_with_and_a_servers_is_not() {
    let ours = |key: Option<&model::MessageKey>| Input::Grow {
        key: key.cloned(),
        text: "a".into(),
        finish: key.is_some(),
        request: None,
        draw: crate::chat::Draw(9),
    };
    let mut world = World::new(true);
    let key = world.must(ours(None)).key.unwrap();
    assert!(world.replayed().wants().answer);
    assert_eq!(world.replayed().our_open_stream(), Some(&key));
    world.must(ours(Some(&key)));
    assert!(!world.conversation.wants().answer);
    world.must(super::world::chunk(None, "theirs", "1:a"));
    assert!(!world.conversation.wants().answer);
}
