//! Conversations by text.

use model::{
    Asker, Author, CallEvent, CallId, ChatChannel, ChatEvent, ChatRecord, ChatRecordId,
    ChatSettings, Content, Conversation, ConversationEnd, ConversationFilter, ConversationId,
    ConversationState, Customer, CustomerId, E164, MessageKey, ServiceEnd, SkillGroupId, StaffId,
    Staffed, StreamEnd, TenantId, UnixMs, VoiceAgentId, WebhookTopic,
};
use store::{
    BotMemory, ChatDelivery, ChatStep, DeliveryFilter, HistoryEntry, Paging, RecordFilter, Store,
    StoreError, StreamEvent,
};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn the_stream_of_everything_tells_what_changes_a_list_of_conversations(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        let opened = ChatEvent::StreamOpened {
            key: key(1),
            author: Author::Bot,
            text: "some".into(),
            request: None,
        };
        let piece = ChatEvent::ChunkAppended {
            key: key(1),
            text: "more".into(),
            offset: 4,
            request: None,
        };
        store.append_chats(&[goes_on("a", "ann", 1, vec![opened])]).await.unwrap();
        store.append_chats(&[goes_on("a", "ann", 2, vec![piece])]).await.unwrap();
        store.append_chats(&[goes_on("a", "ann", 3, vec![ChatEvent::RatingAsked])]).await.unwrap();
        let told = store.stream_after(0, Some(TENANT), 9).await.unwrap();
        let bodies: Vec<String> = told
            .into_iter()
            .map(|event| match event {
                StreamEvent::Live(event) => format!("{} {}", event.subject, event.body),
                StreamEvent::Call(_) => panic!("nobody called"),
            })
            .collect();
        assert_eq!(bodies.len(), 3, "no piece is told: {bodies:?}");
        assert!(bodies[0].contains("\"began\"") && bodies[2].contains("\"n\":4"), "{bodies:?}");
    }

    async fn a_customers_chats_and_calls_stand_in_one_list_under_their_conversations(store: Store) {
        let mine = tenant(&store).await;
        let (ann, chat) = (CustomerId("ann".into()), id("a"));
        let of_mine = |mut step: ChatStep| {
            step.conversation.tenant = mine;
            step
        };
        store.append_chats(&[of_mine(begins("a", "ann"))]).await.unwrap();
        for (name, conversation) in [("call-1", chat.as_str()), ("call-2", "call-2")] {
            let joined = CallEvent::ConversationJoined {
                conversation: ConversationId(conversation.into()),
                customer: Some(ann.clone()),
            };
            let later = UnixMs(T0.0 + 1_000_000_000_000);
            let events = [(later, requested(mine)), (later, joined)];
            let call = store.begin_call(&CallId(name.into()), &events, &[]).await.unwrap();
            assert_eq!(call.conversation_id().0, conversation);
            assert_eq!(store.call(mine, &call.id).await.unwrap(), call);
        }
        let page = store.customer_history(mine, &ann, Paging::first(9)).await.unwrap();
        let entries: Vec<HistoryEntry> = page.items.into_iter().map(|(_, entry)| entry).collect();
        let call = |name: &str| HistoryEntry::Call(CallId(name.into()));
        assert_eq!(page.total, 3);
        assert_eq!(entries, [call("call-1"), call("call-2"), HistoryEntry::Chat(chat.clone())]);
        let calls = store.calls_of_conversation(mine, &chat, 9).await.unwrap();
        assert_eq!(calls, [CallId("call-1".into())]);
        let own = store.calls_of_conversation(mine, &ConversationId("call-2".into()), 9).await;
        assert_eq!(own.unwrap(), [CallId("call-2".into())]);
        // The chat has the id of the first call's conversation; that of the second is free.
        let running = store.conversation_of_running_call(mine, &ann).await.unwrap();
        assert_eq!(running, Some(ConversationId("call-2".into())));
    }

    async fn a_number_is_one_customers(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let (ann, bob) = (CustomerId("ann".into()), CustomerId("bob".into()));
        let number = |text: &str| E164::parse(text, "").unwrap();
        let both = [number("+8613800000001"), number("+8613800000002")];
        store.set_customer_numbers(mine, &ann, &both).await.unwrap();
        assert_eq!(store.customer_numbers(mine, &ann).await.unwrap(), both);
        let taken = store.set_customer_numbers(mine, &bob, &both[1..]).await;
        assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
        store.set_customer_numbers(theirs, &bob, &both).await.unwrap();
        store.set_customer_numbers(mine, &ann, &both[..1]).await.unwrap();
        store.set_customer_numbers(mine, &bob, &both[1..]).await.unwrap();
        assert_eq!(store.customer_of_number(mine, &both[1]).await.unwrap(), Some(bob));
    }

    async fn a_bots_memory_is_stored_with_its_words_and_forgotten_with_the_end(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        assert_eq!(store.bot_memory(&id("a")).await.unwrap(), None);
        let knows = |n_settled, memory: &str| Some(BotMemory { n_settled, memory: memory.into() });
        let says = |n_before, memory| ChatStep {
            bot_memory: memory,
            ..goes_on("a", "ann", n_before, vec![ChatEvent::RatingAsked])
        };
        store.append_chats(&[says(1, knows(1, "here"))]).await.unwrap();
        store.append_chats(&[says(2, None)]).await.unwrap();
        assert_eq!(store.bot_memory(&id("a")).await.unwrap(), knows(1, "here"));
        let refused = store.append_chats(&[says(2, knows(9, "late"))]).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        store.append_chats(&[says(3, knows(2, "there"))]).await.unwrap();
        assert_eq!(store.bot_memory(&id("a")).await.unwrap(), knows(2, "there"));
        let ended = ChatEvent::Ended { why: ConversationEnd::CustomerSilent };
        store.append_chats(&[goes_on("a", "ann", 4, vec![ended])]).await.unwrap();
        assert_eq!(store.bot_memory(&id("a")).await.unwrap(), None);
    }

    async fn what_happened_in_a_conversation_is_read_as_it_was_written(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        let events = every_kind();
        let step = goes_on("a", "ann", 1, events.clone());
        let firsts = store.append_chats(&[begins("b", "bob"), step.clone()]).await.unwrap();
        assert_eq!(firsts, [2, 3]);
        let read = store.chat_events(&id("a"), 1, 100).await.unwrap();
        let read: Vec<ChatEvent> = read.into_iter().map(|event| event.stamped.event).collect();
        assert_eq!(read, events);
        assert_eq!(store.conversation(TENANT, &id("a")).await.unwrap(), step.conversation);
        let strange = store.conversation(TenantId(1), &id("a")).await;
        assert!(matches!(strange, Err(StoreError::NotFound { .. })));
        let after = store.chat_events_after(TENANT, 2, 1).await.unwrap();
        assert_eq!((after[0].seq, after[0].stamped.n), (3, 2));
        assert_eq!(store.last_chat_seq().await.unwrap(), 2 + i64::try_from(events.len()).unwrap());
    }

    async fn a_message_grows_with_its_pieces_and_is_closed(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        let grows = |text: &str| ChatEvent::ChunkAppended {
            key: MessageKey("k".into()),
            text: text.into(),
            offset: 0,
            request: None,
        };
        let opened = ChatEvent::StreamOpened {
            key: MessageKey("k".into()),
            author: Author::Bot,
            text: "Hello, ".into(),
            request: Some("1:a".into()),
        };
        store.append_chats(&[goes_on("a", "ann", 1, vec![opened])]).await.unwrap();
        store.append_chats(&[goes_on("a", "ann", 2, vec![grows("this "), grows("is")])]).await.unwrap();
        let page = store.chat_messages(&id("a"), false, false, Paging::first(9)).await.unwrap();
        assert_eq!(page.items[0].content.text, "Hello, this is");
        assert!(page.items[0].is_open);
        let cut = ChatEvent::StreamClosed { key: MessageKey("k".into()), end: StreamEnd::Cut };
        store.append_chats(&[goes_on("a", "ann", 4, vec![cut])]).await.unwrap();
        let page = store.chat_messages(&id("a"), false, false, Paging::first(9)).await.unwrap();
        assert!(page.items[0].is_cut && !page.items[0].is_open);
    }

    async fn who_knows_an_older_state_may_not_write_and_nothing_of_the_batch_is_there(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        store.append_chats(&[goes_on("a", "ann", 1, vec![ChatEvent::RatingAsked])]).await.unwrap();
        let late = goes_on("a", "ann", 1, vec![ChatEvent::NobodyThere]);
        let refused = store.append_chats(&[begins("b", "bob"), late]).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        assert!(store.conversation(TENANT, &id("b")).await.is_err());
    }

    async fn a_customer_has_one_open_conversation(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        let refused = store.append_chats(&[begins("b", "ann")]).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        let mut ends = goes_on("a", "ann", 1, vec![ended()]);
        ends.conversation.state = ConversationState::Ended;
        store.append_chats(&[ends]).await.unwrap();
        store.append_chats(&[begins("b", "ann")]).await.unwrap();
        let latest = store.latest_conversation(TENANT, &CustomerId("ann".into())).await.unwrap();
        assert!(latest.is_some());
    }

    async fn notes_are_for_staff_only(store: Store) {
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        let note = ChatEvent::NoteWritten { key: MessageKey("k".into()), by: lin(), text: "vip".into() };
        store.append_chats(&[goes_on("a", "ann", 1, vec![note])]).await.unwrap();
        let seen = |with_private| store.chat_messages(&ID_A, with_private, true, FIRST);
        assert_eq!(seen(false).await.unwrap().total, 0);
        let page = seen(true).await.unwrap();
        assert_eq!(page.items[0].author, Author::Staff(lin()));
    }

    async fn records_pushes_and_opinions_follow_from_the_same_step(store: Store) {
        let endpoint = endpoint(&store, TENANT).await;
        store.append_chats(&[begins("a", "ann")]).await.unwrap();
        let mut ends = goes_on("a", "ann", 1, vec![ended()]);
        ends.records.push(record("a"));
        ends.deliveries.push(ChatDelivery {
            endpoint: endpoint.id,
            topic: WebhookTopic::ChatRecord,
            uuid: "u".into(),
            body: "{}".into(),
            at: at(1),
        });
        store.append_chats(&[ends]).await.unwrap();
        let rated = ChatEvent::Rated { score: 4, text: String::new() };
        store.append_chats(&[goes_on("a", "ann", 2, vec![rated])]).await.unwrap();
        let filter = RecordFilter::default();
        let records = store.chat_records(TENANT, &filter, Paging::first(9)).await.unwrap();
        let expected = ChatRecord { id: ChatRecordId(1), rating: Some(4), ..record("a") };
        assert_eq!(records.items, [expected]);
        let due = store.claim_due(at(2), 9, std::time::Duration::from_secs(9)).await.unwrap();
        assert_eq!(due[0].delivery.call.as_str(), id("a").as_str());
        let filter = DeliveryFilter { tenant: TENANT, endpoint: None, call: None, state: None };
        assert_eq!(store.deliveries(&filter, Paging::first(9)).await.unwrap().total, 1);
    }

    async fn who_waits_who_is_busy_and_what_is_due_can_be_found(store: Store) {
        store.append_chats(&[begins("a", "ann"), begins("b", "bob")]).await.unwrap();
        let mut waits = goes_on("a", "ann", 1, vec![ChatEvent::NobodyThere]);
        waits.conversation.state = ConversationState::Queued;
        waits.conversation.queued_at = Some(at(5));
        waits.wake_at = Some(at(9));
        waits.wants_work = true;
        let mut served = goes_on("b", "bob", 1, vec![ChatEvent::RatingAsked]);
        served.conversation.state = ConversationState::Staffed;
        served.conversation.staff = Some(lin());
        served.conversation.joined_at = Some(at(7));
        store.append_chats(&[waits.clone(), served]).await.unwrap();
        let waiting = store.waiting_conversations(TENANT, Paging::first(9)).await.unwrap();
        assert_eq!(waiting.items, [waits.conversation]);
        assert_eq!(store.n_waiting_before(TENANT, at(6)).await.unwrap(), 1);
        let seats = store.chat_seats(TENANT).await.unwrap();
        assert_eq!((seats.len(), seats[0].n_open, seats[0].last_given_at), (1, 1, at(7)));
        assert_eq!(store.chats_to_wake(at(8), 9).await.unwrap(), []);
        assert_eq!(store.chats_to_wake(at(9), 9).await.unwrap(), [(TENANT, id("a"))]);
        let work = store.chats_wanting_work(&ConversationId(String::new()), 9).await.unwrap();
        assert_eq!(work, [(TENANT, id("a"))]);
        let mine = ConversationFilter { staff: Some(lin().id), ..ConversationFilter::default() };
        assert_eq!(store.conversations(TENANT, &mine, Paging::first(9)).await.unwrap().total, 1);
    }

    async fn settings_keep_their_secrets_and_a_second_beginner_gets_the_first_ones(store: Store) {
        let mut settings = ChatSettings::new(TENANT, "s1".into());
        assert!(matches!(store.chat_settings(TENANT).await, Err(StoreError::NotFound { .. })));
        assert_eq!(store.chat_settings_or(&settings).await.unwrap(), settings);
        let late = ChatSettings::new(TENANT, "s2".into());
        assert_eq!(store.chat_settings_or(&late).await.unwrap().secret, "s1");
        settings.previous_secret = Some("s0".into());
        settings.bot = Some(VoiceAgentId(3));
        settings.origins = vec!["https://shop.example".into()];
        store.put_chat_settings(&settings).await.unwrap();
        assert_eq!(store.chat_settings(TENANT).await.unwrap(), settings);
    }

    async fn a_customer_is_known_by_any_of_their_browsers(store: Store) {
        let ann = Customer {
            id: CustomerId("ann".into()),
            tenant: TENANT,
            name: "Ann".into(),
            client_data: String::new(),
            is_verified: false,
            created_at: at(0),
        };
        store.put_customer(&ann).await.unwrap();
        let renamed = Customer { name: String::new(), is_verified: true, ..ann.clone() };
        let known = store.put_customer(&renamed).await.unwrap();
        assert_eq!(known, Customer { is_verified: true, ..ann.clone() });
        for n in 0..25 {
            store.add_chat_token(&format!("hash {n:02}"), TENANT, &ann.id, at(n)).await.unwrap();
        }
        assert_eq!(store.chat_token("hash 24").await.unwrap(), (TENANT, ann.id));
        assert!(store.chat_token("hash 04").await.is_err(), "forgotten for newer ones");
    }
}

const TENANT: TenantId = TenantId(1_400_000_009);

const FIRST: Paging = Paging {
    limit: 9,
    offset: 0,
};

static ID_A: std::sync::LazyLock<ConversationId> = std::sync::LazyLock::new(|| id("a"));

fn id(name: &str) -> ConversationId {
    ConversationId(format!("conversation {name}"))
}

fn lin() -> Staffed {
    Staffed {
        id: StaffId(3),
        name: "Lin".into(),
        mail: "lin@example.com".into(),
    }
}

fn began(customer: &str) -> ChatEvent {
    ChatEvent::Began {
        tenant: TENANT,
        customer: CustomerId(customer.into()),
        customer_name: "Somebody".into(),
        channel: ChatChannel::Web,
        language: "zh-CN".into(),
        page: "https://shop.example/".into(),
        bot: Some(VoiceAgentId(7)),
    }
}

fn ended() -> ChatEvent {
    ChatEvent::Ended {
        why: ConversationEnd::By(Asker::Staff(lin())),
    }
}

fn conversation(name: &str, customer: &str, n_events: i64) -> Conversation {
    Conversation {
        id: id(name),
        tenant: TENANT,
        customer: CustomerId(customer.into()),
        customer_name: "Somebody".into(),
        channel: ChatChannel::Web,
        language: "zh-CN".into(),
        page: "https://shop.example/".into(),
        bot: Some(VoiceAgentId(7)),
        state: ConversationState::Bot,
        staff: None,
        group: Some(SkillGroupId(2)),
        began_at: at(0),
        queued_at: None,
        offered_at: None,
        joined_at: None,
        ended_at: None,
        touched_at: at(0),
        last_text: String::new(),
        n_unanswered: 0,
        rating: None,
        n_events,
    }
}

fn begins(name: &str, customer: &str) -> ChatStep {
    ChatStep {
        conversation: conversation(name, customer, 1),
        wake_at: None,
        wants_work: false,
        events: vec![(at(0), began(customer))],
        records: Vec::new(),
        deliveries: Vec::new(),
        bot_memory: None,
    }
}

fn goes_on(name: &str, customer: &str, n_before: i64, events: Vec<ChatEvent>) -> ChatStep {
    let n_events = n_before + i64::try_from(events.len()).unwrap();
    ChatStep {
        conversation: conversation(name, customer, n_events),
        events: events.into_iter().map(|event| (at(1), event)).collect(),
        ..begins(name, customer)
    }
}

fn record(name: &str) -> ChatRecord {
    ChatRecord {
        id: ChatRecordId(0),
        tenant: TENANT,
        conversation: id(name),
        customer: CustomerId("ann".into()),
        customer_name: "Ann".into(),
        staff: Some(lin()),
        group: None,
        began_at: at(0),
        queued_at: Some(UnixMs(7)),
        offered_at: None,
        joined_at: None,
        ended_at: at(1),
        end: ServiceEnd::ByCustomer,
        rating: None,
    }
}

/// One event of each kind that may follow the first.
fn every_kind() -> Vec<ChatEvent> {
    [words(), moves()].concat()
}

fn key(n: u8) -> MessageKey {
    MessageKey(format!("key {n}"))
}

fn words() -> Vec<ChatEvent> {
    vec![
        ChatEvent::MessageSent {
            key: key(1),
            author: Author::Customer,
            content: Content {
                text: "你好".into(),
                file: Some(model::ChatFileId("f".into())),
                elements: Some("[]".into()),
                custom_data: "mine".into(),
            },
            request: Some("c".into()),
        },
        ChatEvent::MessageSent {
            key: key(2),
            author: Author::Staff(lin()),
            content: Content::text("hello"),
            request: None,
        },
        ChatEvent::StreamOpened {
            key: key(3),
            author: Author::Bot,
            text: "a".into(),
            request: None,
        },
        ChatEvent::ChunkAppended {
            key: key(3),
            text: "b".into(),
            offset: 1,
            request: Some("2:b".into()),
        },
        ChatEvent::StreamClosed {
            key: key(3),
            end: StreamEnd::TimedOut,
        },
        ChatEvent::BotFailed { why: "down".into() },
    ]
}

fn moves() -> Vec<ChatEvent> {
    vec![
        ChatEvent::PersonAsked {
            by: Asker::Api,
            group: Some(SkillGroupId(2)),
            staff: vec![StaffId(3)],
            tip: true,
            routed: true,
        },
        ChatEvent::Routed {
            group: None,
            staff: vec![StaffId(4)],
            fault: "late".into(),
        },
        ChatEvent::NobodyThere,
        ChatEvent::Offered {
            staff: lin(),
            group: None,
            answer_time_max: std::time::Duration::from_secs(60),
        },
        ChatEvent::OfferEnded {
            staff: StaffId(3),
            declined: true,
        },
        ChatEvent::Joined {
            staff: lin(),
            took_over: false,
        },
        ChatEvent::PassedOn {
            by: lin(),
            group: Some(SkillGroupId(9)),
            staff: Vec::new(),
        },
        ChatEvent::GivenBack { by: lin() },
        ChatEvent::NoteWritten {
            key: key(4),
            by: lin(),
            text: "note".into(),
        },
        ChatEvent::RatingAsked,
        ChatEvent::Rated {
            score: 5,
            text: "good".into(),
        },
        ChatEvent::WordLeft {
            contact: "+86".into(),
            text: "call me".into(),
        },
        ChatEvent::Ended {
            why: ConversationEnd::CustomerSilent,
        },
    ]
}
