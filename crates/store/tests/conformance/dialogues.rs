//! Conversations of robots.

use model::{TenantId, Variable, VoiceAgentId};
use store::{
    Dialogue, DialogueFilter, DialogueId, DialogueStep, DialogueTurn, InstanceName, NewDialogue,
    Paging, RemoteRobot, Robot, Store, StoreError,
};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn what_was_said_in_a_conversation_can_be_read_in_order(store: Store) {
        store.append_dialogues(&[begins("a", 0)]).await.unwrap();
        store
            .append_dialogues(&[turn("a", 2, 3), begins("b", 3), turn("a", 3, 4)])
            .await
            .unwrap();
        let found = store.latest_dialogue(TENANT, "call a").await.unwrap().unwrap();
        assert_eq!(found, dialogue("a", 0));
        assert_eq!(store.dialogue(TENANT, &found.id).await.unwrap(), found);
        let turns = store.dialogue_turns(&found.id).await.unwrap();
        assert_eq!(turns, [said(1, 0), said(2, 3), said(3, 4)]);
        assert_eq!(store.dialogue_script(AGENT, 2).await.unwrap(), "{}");
        let strange = store.dialogue(TenantId(1), &found.id).await;
        assert!(matches!(strange, Err(StoreError::NotFound { .. })));
    }

    async fn a_batch_is_stored_whole_or_not_at_all(store: Store) {
        store.append_dialogues(&[begins("a", 0)]).await.unwrap();
        let refused = store.append_dialogues(&[begins("b", 1), turn("a", 1, 1)]).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        assert_eq!(store.latest_dialogue(TENANT, "call b").await.unwrap(), None);
    }

    async fn only_one_conversation_of_a_name_is_open(store: Store) {
        store.append_dialogues(&[begins("a", 0)]).await.unwrap();
        let mut again = begins("a", 1);
        let other = DialogueId("other".into());
        again.dialogue = other.clone();
        again.begins.as_mut().unwrap().dialogue.id = other.clone();
        let refused = store.append_dialogues(std::slice::from_ref(&again)).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");

        let ends = DialogueStep { ends: Some("caller".into()), ..turn("a", 2, 5) };
        store.append_dialogues(&[ends]).await.unwrap();
        store.append_dialogues(&[again]).await.unwrap();
        assert_eq!(store.latest_dialogue(TENANT, "call a").await.unwrap().unwrap().id, other);
        let first = store.dialogue(TENANT, &DialogueId("a".into())).await.unwrap();
        assert_eq!((first.ended_at, first.ending.as_deref()), (Some(at(5)), Some("caller")));
    }

    async fn conversations_without_a_turn_for_long_are_ended(store: Store) {
        store.append_dialogues(&[begins("a", 0), begins("b", 0)]).await.unwrap();
        store.append_dialogues(&[turn("b", 2, 60)]).await.unwrap();
        assert_eq!(store.end_idle_dialogues(at(30)).await.unwrap(), 1);
        let open = DialogueFilter { only_open: true, ..DialogueFilter::default() };
        let open = store.dialogues(TENANT, &open, Paging::first(9)).await.unwrap();
        assert_eq!(open.items, [dialogue("b", 0)]);
        let idle = store.dialogue(TENANT, &DialogueId("a".into())).await.unwrap();
        assert_eq!((idle.ended_at, idle.ending.as_deref()), (Some(at(0)), Some("idle")));
    }

    async fn more_turns_than_a_statement_holds_are_taken(store: Store) {
        let many: Vec<DialogueStep> = (0..200).map(|n| begins(&format!("c{n}"), n)).collect();
        store.append_dialogues(&many).await.unwrap();
        let newest = store
            .dialogues(TENANT, &DialogueFilter::default(), Paging::first(1))
            .await
            .unwrap();
        assert_eq!((newest.total, newest.items[0].name.as_str()), (200, "call c199"));
    }

    async fn names_of_instances_and_robots_are_found(store: Store) {
        let instance = InstanceName {
            name: "af81a389".into(),
            tenant: TENANT,
            description: "d".into(),
            n_conversations_max: Some(5),
            created_at: T0,
        };
        store.add_instance_name(&instance).await.unwrap();
        assert_eq!(store.instance_name("af81a389").await.unwrap(), instance);
        assert_eq!(store.name_of_instance(TENANT).await.unwrap(), Some(instance.clone()));
        let taken = store.add_instance_name(&instance).await;
        assert!(matches!(taken, Err(StoreError::Conflict { .. })));

        let robot = |agent| Robot {
            tenant: TENANT,
            name: "6cea9bed".into(),
            voice_agent: VoiceAgentId(agent),
            profile: "strict".into(),
            notes: "{}".into(),
            created_at: T0,
        };
        store.put_robot(&robot(1)).await.unwrap();
        store.put_robot(&robot(2)).await.unwrap();
        assert_eq!(store.robot(TENANT, "6cea9bed").await.unwrap(), robot(2));
        assert_eq!(store.robots(TENANT, Paging::first(9)).await.unwrap().total, 1);
        store.remove_robot(TENANT, "6cea9bed").await.unwrap();
        assert!(matches!(
            store.robot(TENANT, "6cea9bed").await,
            Err(StoreError::NotFound { .. })
        ));
    }

    async fn the_secret_of_a_remote_robot_comes_back_and_is_not_printed(store: Store) {
        let robot = RemoteRobot {
            voice_agent: AGENT,
            tenant: TENANT,
            settings: "{}".into(),
            secret: "s3cret".into(),
        };
        assert_eq!(store.remote_robot(TENANT, AGENT).await.unwrap(), None);
        store.set_remote_robot(&robot).await.unwrap();
        assert_eq!(store.remote_robot(TENANT, AGENT).await.unwrap(), Some(robot.clone()));
        assert!(!format!("{robot:?}").contains("s3cret"));
        assert_eq!(store.remote_robot(TenantId(1), AGENT).await.unwrap(), None);
        store.remove_remote_robot(TENANT, AGENT).await.unwrap();
        assert_eq!(store.remote_robot(TENANT, AGENT).await.unwrap(), None);
    }
}

const TENANT: TenantId = TenantId(1_400_000_009);
const AGENT: VoiceAgentId = VoiceAgentId(7);

fn dialogue(id: &str, second: u64) -> Dialogue {
    Dialogue {
        id: DialogueId(id.into()),
        tenant: TENANT,
        name: format!("call {id}"),
        interface: "dialogue".into(),
        voice_agent: AGENT,
        version: 2,
        profile: "extended".into(),
        caller: "1***6".into(),
        callee: "135****4353".into(),
        task: "ff44709e".into(),
        variables: vec![Variable {
            key: "name".into(),
            value: "Ann".into(),
        }],
        began_at: at(second),
        ended_at: None,
        ending: None,
    }
}

fn said(n: i64, second: u64) -> DialogueTurn {
    DialogueTurn {
        n,
        at: at(second),
        kind: "said".into(),
        heard: "是的".into(),
        said: "你好".into(),
        act: "speak".into(),
        interruptible: true,
        took_us: 12,
        state: Some("{}".into()),
    }
}

fn turn(id: &str, n: i64, second: u64) -> DialogueStep {
    DialogueStep {
        dialogue: DialogueId(id.into()),
        begins: None,
        turn: said(n, second),
        ends: None,
    }
}

fn begins(id: &str, second: u64) -> DialogueStep {
    DialogueStep {
        begins: Some(Box::new(NewDialogue {
            dialogue: dialogue(id, second),
            definition: "{}".into(),
        })),
        ..turn(id, 1, second)
    }
}
