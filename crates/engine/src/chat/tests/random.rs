//! Whatever happens in whatever order, the rules hold.

use model::{Asker, Author, ChatEvent, ConversationState};
use proptest::prelude::*;

use super::world::{World, asks_person, chunk, last_chunk, says, staff};
use crate::chat::Input;

proptest! {
    #[test]
    fn any_order_of_inputs_keeps_the_rules(steps in prop::collection::vec((0_u8..18, 0_u8..3, 0_u64..90), 0..120)) {
        let mut world = World::new(true);
        let mut keys = Vec::new();
        for (kind, which, wait) in steps {
            world.wait(wait);
            let key = keys.get(usize::from(which)).cloned();
            let someone = staff(i64::from(which));
            let name = format!("{kind}:{which}");
            let done = world.handle(match kind {
                0 | 1 => chunk(key.as_ref(), "x", &name),
                2 => last_chunk(key.as_ref(), "y", &name),
                3 => chunk(None, "z", &name),
                4 | 5 => says(Author::Customer, "hi", None),
                6 => says(Author::Staff(someone), "hi", None),
                7 => asks_person(Asker::Customer),
                8 => asks_person(Asker::Api),
                9 => Input::Offer(someone),
                10 => Input::Accept(someone),
                11 => Input::Decline(someone.id),
                12 => Input::TakeOver(someone),
                13 => Input::GiveBack(someone),
                14 => Input::PassOn { by: someone, group: None, staff: Vec::new() },
                15 => Input::BotDone { key, then: crate::chat::BotThen::Listen },
                16 if which == 0 => Input::End(Asker::Api),
                _ => Input::Tick { tip: String::new(), draw: crate::chat::Draw(3) },
            });
            if let Ok(done) = done {
                keys.extend(done.key);
            }
            prop_assert_eq!(&world.replayed(), &world.conversation);
        }
        let ends = world.journal.iter().filter(|(_, e)| matches!(e, ChatEvent::Ended { .. })).count();
        prop_assert_eq!(ends == 1, world.state() == ConversationState::Ended);
        let open = |key| world.conversation.stream(key).is_some_and(|s| s.is_open());
        if matches!(world.state(), ConversationState::Staffed | ConversationState::Ended) {
            prop_assert!(!keys.iter().any(open), "nothing of a bot grows");
        }
        prop_assert_eq!(world.conversation.view().n_events, i64::try_from(world.journal.len()).unwrap());
    }
}
