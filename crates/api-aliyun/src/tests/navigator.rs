//! The five actions of the voice navigator.

use super::world::Centre;

#[tokio::test]
async fn each_event_is_an_action_and_answers_are_flat() {
    let centre = Centre::new().await;
    let instance = centre.tenant.to_string();
    for (action, extra, told) in [
        (
            "BeginDialogue",
            ("CallingNumber", "1"),
            "Hello, can you come? Broadcast {}",
        ),
        (
            "SilenceTimeout",
            ("InitialContext", "{}"),
            "Are you there? Broadcast {}",
        ),
        (
            "CollectedNumber",
            ("Number", "2"),
            "Yes or no? Broadcast {}",
        ),
        (
            "Dialogue",
            ("Utterance", "yes"),
            "Great. Goodbye. HangUp {}",
        ),
    ] {
        let pairs = [
            ("Version", "2018-06-12"),
            ("Action", action),
            ("InstanceId", instance.as_str()),
            ("ConversationId", "c"),
            extra,
        ];
        let answer = centre.rpc(&pairs).await;
        let text = |name: &str| answer.json[name].as_str().unwrap_or_default();
        let got = format!(
            "{} {} {}",
            text("TextResponse"),
            text("Action"),
            text("ActionParams")
        );
        assert_eq!(got, told, "{}", answer.text);
        assert!(answer.json.get("Code").is_none());
    }
    let end = [
        ("Version", "2018-06-12"),
        ("Action", "EndDialogue"),
        ("InstanceId", instance.as_str()),
        ("ConversationId", "c"),
    ];
    let answer = centre.rpc(&end).await;
    assert_eq!(answer.json.as_object().unwrap().len(), 1, "{}", answer.text);
}
