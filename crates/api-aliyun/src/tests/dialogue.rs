//! `Dialogue`, turn by turn.

use model::{ActionScope, VoiceAgentDraft};
use store::{DialogueFilter, Paging, Robot};

use super::world::{AGENT, Centre, KEY};

#[tokio::test]
async fn a_conversation_goes_from_the_greeting_to_the_goodbye() {
    let centre = Centre::new().await;
    let said = |words| [("Utterance", words)];
    assert_eq!(
        centre.turn("c", &said("")).await,
        "Hello, can you come? | broadcast"
    );
    assert_eq!(
        centre.turn("c", &said("well maybe")).await,
        "Yes or no? | broadcast"
    );
    assert_eq!(
        centre.turn("c", &said("yes")).await,
        "!Great. Goodbye. | Hangup"
    );
    assert_eq!(centre.turn("c", &said("hello?")).await, "! | Hangup");

    let store = centre.app.store();
    let all = store
        .dialogues(centre.tenant, &DialogueFilter::default(), Paging::first(9))
        .await
        .unwrap();
    let dialogue = &all.items[0];
    assert_eq!((all.total, dialogue.name.as_str()), (1, "c"));
    assert_eq!(dialogue.ending.as_deref(), Some("robot"));
    let turns = store.dialogue_turns(&dialogue.id).await.unwrap();
    let told: Vec<String> = turns
        .iter()
        .map(|turn| format!("{} {} → {} {}", turn.kind, turn.heard, turn.said, turn.act))
        .collect();
    assert_eq!(
        told,
        [
            "silent  → Hello, can you come? speak",
            "said well maybe → Yes or no? speak",
            "said yes → Great. Goodbye. hang_up",
        ]
    );
}

#[tokio::test]
async fn every_event_of_a_call_has_an_answer() {
    let centre = Centre::new().await;
    for (key, params, words, told) in [
        ("BeginDialogue", "", "", "Hello, can you come? | broadcast"),
        ("SilenceTimeout", "", "", "Are you there? | broadcast"),
        (
            "CollectedNumber",
            r#"{"number":"2"}"#,
            "",
            "Yes or no? | broadcast",
        ),
        (
            "AbortDialogue",
            r#"{"abortDialogueInfo":{"answer":"Yes or"}}"#,
            "",
            " | broadcast",
        ),
        ("broadcast", "", "noise", "Sorry? | broadcast"),
        (
            "",
            "",
            "a human",
            r#"!One moment. | TransferToAgent {"skillGroupId":"desk","transferType":"SkillGroup"}"#,
        ),
        ("Hangup", "", "", "! | Hangup"),
    ] {
        let more = [
            ("ActionKey", key),
            ("ActionParams", params),
            ("Utterance", words),
        ];
        assert_eq!(centre.turn("c", &more).await, told, "{key} {words}");
    }
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_conversation_is_not_noticed() {
    let centre = Centre::new().await;
    centre.turn("c", &[]).await;
    centre.turn("c", &[("Utterance", "maybe")]).await;
    let centre = centre.restarted().await;
    // The agent was changed meanwhile: the conversation keeps what it began with.
    let draft = VoiceAgentDraft {
        name: "Other".into(),
        definition: AGENT.replace("Great.", "Changed."),
        variable_names: Vec::new(),
    };
    let (store, now) = (centre.app.store(), centre.app.now());
    store
        .update_voice_agent(centre.tenant, centre.agent, 1, &draft, now)
        .await
        .unwrap();
    let yes = [("Utterance", "yes")];
    assert_eq!(centre.turn("c", &yes).await, "!Great. Goodbye. | Hangup");
    let more = [("Utterance", "hello?")];
    assert_eq!(centre.turn("c", &more).await, "! | Hangup");
    centre.turn("new", &[]).await;
    assert_eq!(
        centre.turn("new", &yes).await,
        "!Changed. Goodbye. | Hangup"
    );
}

#[tokio::test]
async fn a_question_that_comes_twice_at_once_is_answered_once() {
    let centre = Centre::new().await;
    centre.turn("c", &[]).await;
    let nonsense = [("Utterance", "fish")];
    let (first, second) = tokio::join!(centre.turn("c", &nonsense), centre.turn("c", &nonsense));
    assert_eq!(
        (first.as_str(), second),
        ("Sorry? | broadcast", first.clone())
    );
    let dialogue = centre
        .app
        .store()
        .latest_dialogue(centre.tenant, "c")
        .await
        .unwrap()
        .unwrap();
    let turns = centre
        .app
        .store()
        .dialogue_turns(&dialogue.id)
        .await
        .unwrap();
    assert_eq!(turns.len(), 2);
}

#[tokio::test]
async fn a_name_begins_anew_once_its_conversation_is_over() {
    let centre = Centre::new().await;
    centre.turn("c", &[("ActionKey", "Hangup")]).await;
    assert_eq!(
        centre.turn("c", &[("Utterance", "yes")]).await,
        "! | Hangup"
    );
    let start = [("ActionKey", "Start")];
    assert_eq!(
        centre.turn("c", &start).await,
        "Hello, can you come? | broadcast"
    );
}

#[tokio::test]
async fn a_robot_is_found_by_the_names_that_callers_bring() {
    let centre = Centre::new().await;
    let strange = [("ScenarioId", "6cea9bed"), ("TaskId", "t")];
    assert!(
        centre
            .turn("only one", &strange)
            .await
            .starts_with("Hello,")
    );

    let (store, now) = (centre.app.store(), centre.app.now());
    let draft = VoiceAgentDraft {
        name: "Other".into(),
        definition: AGENT.replace("Hello,", "Other:"),
        variable_names: Vec::new(),
    };
    let other = store
        .create_voice_agent(centre.tenant, &draft, now)
        .await
        .unwrap()
        .id;
    let refused = centre.dialogue("of two", &strange).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json["Code"]),
        (404, &"NotExist.Script".into())
    );

    let id = other.to_string();
    let by_id = [("ScriptId", id.as_str()), ("ScenarioId", "6cea9bed")];
    assert!(centre.turn("by id", &by_id).await.starts_with("Other:"));

    let robot = |name: &str, voice_agent, profile: &str| Robot {
        tenant: centre.tenant,
        name: name.into(),
        voice_agent,
        profile: profile.into(),
        notes: "{}".into(),
        created_at: now,
    };
    store
        .put_robot(&robot("6cea9bed", other, "strict"))
        .await
        .unwrap();
    assert!(centre.turn("by name", &strange).await.starts_with("Other:"));
    let human = [("ScenarioId", "6cea9bed"), ("Utterance", "human")];
    assert_eq!(
        centre.turn("by name", &human).await,
        "!One moment. Goodbye. | Hangup"
    );
    store
        .put_robot(&robot("", centre.agent, "extended"))
        .await
        .unwrap();
    assert!(
        centre
            .turn("by default", &[("ScenarioId", "?")])
            .await
            .starts_with("Hello,")
    );
}

#[tokio::test]
async fn refusals_have_the_vendors_codes() {
    let centre = Centre::new().await;
    centre
        .add_credential("LTAIlimited", ActionScope::Only(vec!["ListScripts".into()]))
        .await;
    let long = "x".repeat(5000);
    for (more, status, code) in [
        (("InstanceId", "af81a389"), 404, "NotExist.Instance"),
        (("InstanceId", "1"), 404, "NotExist.Instance"),
        (("CallId", ""), 400, "MissingCallId"),
        (("Utterance", long.as_str()), 400, "InvalidUtterance"),
        (("CallId", "a\0b"), 400, "InvalidCallId"),
        (("AccessKeyId", "LTAIlimited"), 403, "Forbidden.RAM"),
        (
            ("AccessKeyId", "LTAIunknown"),
            404,
            "InvalidAccessKeyId.NotFound",
        ),
        (("Action", "Monologue"), 404, "InvalidAction.NotFound"),
        (("Action", "CreateTenantKey"), 400, "UnsupportedOperation"),
        (("Version", "2020-01-01"), 400, "InvalidVersion"),
    ] {
        let answer = centre.dialogue("c", &[more]).await;
        assert_eq!(answer.json["Code"], code, "{}", answer.text);
        assert_eq!(answer.status, status, "{more:?}");
        assert_eq!(answer.json["Success"], false);
        assert!(answer.json["RequestId"].is_string());
    }
    let store = centre.app.store();
    let all = store
        .dialogues(centre.tenant, &DialogueFilter::default(), Paging::first(9))
        .await
        .unwrap();
    assert_eq!(all.total, 0, "a refused question changes nothing");
    let lacking = [
        ("Action", "Dialogue"),
        ("InstanceId", "1400000001"),
        ("AccessKeyId", KEY),
    ];
    assert_eq!(centre.rpc(&lacking).await.json["Code"], "MissingCallId");
}
