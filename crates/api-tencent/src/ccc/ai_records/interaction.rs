//! The rounds of a conversation: what the person said, what the agent said to it, which way a flow
//! went and which APIs were called.
//!
//! A round begins with what the person does; the first one with the welcome. What the vendor records
//! of its knowledge base has nothing that it could hold here and stays empty.

use std::time::Duration;

use model::{
    CallEvent, CallId, Occasion, Stamped, Thought, ThoughtKind, ThoughtOutcome, TurnLatency, UnixMs,
};
use serde::Serialize;
use serde_json::json;

use super::{
    latency::{NONE, ms, thought_by_models},
    round_id,
};

/// One round.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AiCallInteractionRound {
    round_id: String,
    round_index: i64,
    tags: String,
    messages: Vec<AiRoundMessage>,
    paths: Vec<AiRoundPath>,
}

/// One side's words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiRoundMessage {
    timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_reply: Option<UserReplyEvent>,
    #[serde(rename = "AISpeak", skip_serializing_if = "Option::is_none")]
    ai_speak: Option<AiSpeakEvent>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserReplyEvent {
    #[serde(rename = "ASRTranscript")]
    asr_transcript: String,
    matched_intent: String,
    extracted_slots: String,
    branch_type: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiSpeakEvent {
    can_be_interrupted: bool,
    spoken_text: String,
    spoken_type: &'static str,
    latency_metrics: Option<AiCallLatencyMetrics>,
    knowledge_name: &'static str,
    traverse_reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallLatencyMetrics {
    asr_latency: i64,
    #[serde(rename = "LLMFirstTokenLatency")]
    llm_first_token_latency: i64,
    #[serde(rename = "TTSLatency")]
    tts_latency: i64,
    total_latency: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiRoundPath {
    node_name: String,
    node_type: String,
    timestamp: i64,
    #[serde(rename = "APICall", skip_serializing_if = "Option::is_none")]
    api_call: Option<AiCallApiCallDetail>,
}

/// One call of an API, or of a tool of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallApiCallDetail {
    r#async: bool,
    status: &'static str,
    status_code: i64,
    summary: String,
    #[serde(rename = "CostMS")]
    cost_ms: i64,
    retry_count: i64,
    attempts: Vec<AiCallApiCallAttempt>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallApiCallAttempt {
    index: i64,
    timestamp: i64,
    status: &'static str,
    status_code: i64,
    error_type: &'static str,
    summary: String,
    #[serde(rename = "CostMS")]
    cost_ms: i64,
    request: AiCallApiCallRequestDetail,
    response: Option<AiCallApiCallResponseDetail>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallApiCallRequestDetail {
    method: &'static str,
    #[serde(rename = "URL")]
    url: &'static str,
    params: String,
    headers: &'static str,
    body: &'static str,
    truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallApiCallResponseDetail {
    status_code: i64,
    headers: &'static str,
    body: String,
    truncated: bool,
}

/// The branches that the vendor has a type for; others are a person's intents.
const BRANCH_TYPES: [&str; 15] = [
    "Intent",
    "Fallback",
    "NoResponse",
    "SlotCollectionSuccess",
    "SlotCollectionFail",
    "GlobalIntent",
    "LogicAnd",
    "LogicOr",
    "DTMFSuccess",
    "DTMFFail",
    "DTMFNavigation",
    "DTMFExtension",
    "DTMFCollection",
    "TransferAgentFail",
    "Other",
];

/// Every round of a call.
pub(super) fn rounds(call: &CallId, events: &[Stamped]) -> Vec<AiCallInteractionRound> {
    let by_models = thought_by_models(events);
    let mut rounds = Rounds {
        call,
        done: Vec::new(),
        latency: None,
        turn: 0,
    };
    for stamped in events {
        rounds.take(stamped, &|turn| by_models.contains(&turn));
    }
    rounds.done.into_iter().map(|round| round.round).collect()
}

/// Rounds as they come together.
struct Rounds<'a> {
    call: &'a CallId,
    done: Vec<Open>,
    /// How long the reply took that is being said.
    latency: Option<TurnLatency>,
    /// The turn that was thought about last.
    turn: u32,
}

#[derive(Default)]
struct Open {
    round: AiCallInteractionRound,
    tags: Vec<(String, String)>,
    has_spoken: bool,
}

impl Rounds<'_> {
    fn take(&mut self, Stamped { at, event, .. }: &Stamped, by_model: &dyn Fn(u32) -> bool) {
        match event {
            CallEvent::CallerSaid { text, from, .. } if !text.is_empty() => {
                self.replied(*from, text, "Other");
            }
            CallEvent::DigitsPressed { digits } => self.replied(*at, digits, "DTMFSuccess"),
            CallEvent::NoInput => self.replied(*at, "", "NoResponse"),
            CallEvent::ReplyTimed(latency) => self.latency = Some(*latency),
            CallEvent::Thought(thought) => self.thought(thought, *at),
            CallEvent::TransferRequested { target } if target.starts_with("agent:") => {
                self.announced();
            }
            CallEvent::AgentSaid {
                heard,
                from,
                interruptible,
                occasion,
                ..
            } if !heard.is_empty() => {
                let latency = self.latency.take();
                let turn = latency.map_or(self.turn, |latency| latency.turn);
                let speak = AiSpeakEvent {
                    can_be_interrupted: *interruptible,
                    spoken_text: heard.clone(),
                    spoken_type: spoken_type(*occasion, by_model(turn)),
                    latency_metrics: latency.map(|latency| metrics(&latency, by_model(turn))),
                    knowledge_name: "",
                    traverse_reason: "",
                };
                let open = self.open();
                open.has_spoken = true;
                open.round.messages.push(AiRoundMessage {
                    timestamp: from.0,
                    user_reply: None,
                    ai_speak: Some(speak),
                });
            }
            _ => {}
        }
    }

    /// The person did something: a round begins, unless the agent has not answered the last one.
    fn replied(&mut self, at: UnixMs, words: &str, branch_type: &str) {
        if self.done.last().is_none_or(|open| open.has_spoken) {
            self.begin();
        }
        let reply = UserReplyEvent {
            asr_transcript: words.to_owned(),
            matched_intent: String::new(),
            extracted_slots: String::new(),
            branch_type: branch_type.to_owned(),
        };
        self.open().round.messages.push(AiRoundMessage {
            timestamp: at.0,
            user_reply: Some(reply),
            ai_speak: None,
        });
    }

    /// What the agent said last announced the next agent.
    fn announced(&mut self) {
        let last = self.done.last_mut();
        let message = last.and_then(|open| open.round.messages.last_mut());
        if let Some(speak) = message.and_then(|message| message.ai_speak.as_mut()) {
            speak.spoken_type = "TransferAgentPrompt";
        }
    }

    fn thought(&mut self, thought: &Thought, at: UnixMs) {
        self.turn = thought.turn;
        match &thought.what {
            ThoughtKind::Asked { .. } => {}
            ThoughtKind::Moved {
                node,
                kind,
                branch,
                tags,
            } => {
                let open = self.open();
                open.tags.extend(tags.iter().cloned());
                open.round.tags = tags_text(&open.tags);
                open.round.paths.push(AiRoundPath {
                    node_name: node.clone(),
                    node_type: kind.clone(),
                    timestamp: at.0,
                    api_call: None,
                });
                open.branched(branch);
            }
            ThoughtKind::Called {
                tool,
                arguments,
                outcome,
                why,
                answer,
                took,
            } => {
                let began = UnixMs(at.0 - ms(*took));
                let call = api_call(began, arguments, *outcome, why, answer, *took);
                let paths = &mut self.open().round.paths;
                let last = paths
                    .last_mut()
                    .filter(|path| path.node_type == "API_CALL" && path.api_call.is_none());
                match last {
                    Some(path) => path.api_call = Some(call),
                    None => paths.push(AiRoundPath {
                        node_name: tool.clone(),
                        node_type: "API_CALL".to_owned(),
                        timestamp: began.0,
                        api_call: Some(call),
                    }),
                }
            }
        }
    }

    fn open(&mut self) -> &mut Open {
        if self.done.is_empty() {
            self.begin();
        }
        self.done.last_mut().expect("a round has begun")
    }

    fn begin(&mut self) {
        let n = u32::try_from(self.done.len() + 1).unwrap_or(u32::MAX);
        self.done.push(Open {
            round: AiCallInteractionRound {
                round_id: round_id(self.call, n),
                round_index: n.into(),
                ..AiCallInteractionRound::default()
            },
            ..Open::default()
        });
    }
}

impl Open {
    /// The person's words led along a branch.
    fn branched(&mut self, branch: &str) {
        let mut replies = self.round.messages.iter_mut().rev();
        let reply = replies.find_map(|message| message.user_reply.as_mut());
        let Some(reply) = reply.filter(|_| !branch.is_empty()) else {
            return;
        };
        if BRANCH_TYPES.contains(&branch) {
            reply.branch_type = branch.to_owned();
        } else if !matches!(branch, "Success" | "Failure") {
            "Intent".clone_into(&mut reply.branch_type);
            branch.clone_into(&mut reply.matched_intent);
        }
    }
}

fn tags_text(tags: &[(String, String)]) -> String {
    if tags.is_empty() {
        return String::new();
    }
    let tag = |(name, value): &(String, String)| json!({"TagName": name, "TagValue": value, "TagType": 1});
    serde_json::Value::from_iter(tags.iter().map(tag)).to_string()
}

/// Words that a designer wrote are a script's; those of a model have no type of their own.
fn spoken_type(occasion: Occasion, by_model: bool) -> &'static str {
    match occasion {
        Occasion::Silence => "NoResponseTip",
        Occasion::TransferFailed => "PlayTransferFailPrompt",
        Occasion::Instruction => "Other",
        Occasion::Welcome | Occasion::Answer | Occasion::Unclear if by_model => "Other",
        Occasion::Welcome | Occasion::Answer | Occasion::Unclear => "Script",
    }
}

fn metrics(latency: &TurnLatency, by_model: bool) -> AiCallLatencyMetrics {
    AiCallLatencyMetrics {
        asr_latency: ms(latency.endpointing + latency.recognizer),
        llm_first_token_latency: if by_model {
            ms(latency.first_token)
        } else {
            NONE
        },
        tts_latency: ms(latency.speaker),
        total_latency: ms(latency.total),
    }
}

/// The journal keeps arguments and answers of a call, not its headers, and no status of a success.
fn api_call(
    began: UnixMs,
    arguments: &str,
    outcome: ThoughtOutcome,
    why: &str,
    answer: &str,
    took: Duration,
) -> AiCallApiCallDetail {
    let (status, status_code, error_type) = match outcome {
        ThoughtOutcome::Answered => ("success", 200, ""),
        ThoughtOutcome::Stopped | ThoughtOutcome::Overtaken => ("terminated", 0, "other"),
        ThoughtOutcome::Failed => ("failed", 0, "other"),
    };
    let is_cut = |text: &str| text.chars().count() >= 2_000;
    let attempt = AiCallApiCallAttempt {
        index: 1,
        timestamp: began.0,
        status,
        status_code,
        error_type,
        summary: why.to_owned(),
        cost_ms: ms(took),
        request: AiCallApiCallRequestDetail {
            method: "",
            url: "",
            params: arguments.to_owned(),
            headers: "",
            body: "",
            truncated: is_cut(arguments),
        },
        response: (status_code == 200).then(|| AiCallApiCallResponseDetail {
            status_code,
            headers: "",
            body: answer.to_owned(),
            truncated: is_cut(answer),
        }),
    };
    AiCallApiCallDetail {
        r#async: false,
        status,
        status_code,
        summary: why.to_owned(),
        cost_ms: ms(took),
        retry_count: 0,
        attempts: vec![attempt],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::stamped;

    #[test]
    fn a_round_begins_with_what_the_person_does() {
        let events = [
            stamped(1, said("Hello.", Occasion::Welcome)),
            stamped(2, person("is it far?")),
            stamped(3, CallEvent::ReplyTimed(latency(2))),
            stamped(4, said("No.", Occasion::Answer)),
            stamped(5, CallEvent::NoInput),
            stamped(6, said("Hello?", Occasion::Silence)),
        ];
        let rounds = rounds(&CallId("c".into()), &events);
        let shape: Vec<(i64, usize)> = rounds
            .iter()
            .map(|round| (round.round_index, round.messages.len()))
            .collect();
        assert_eq!(shape, [(1, 1), (2, 2), (3, 2)]);
        let speak = rounds[1].messages[1].ai_speak.as_ref().unwrap();
        assert_eq!(speak.latency_metrics.as_ref().unwrap().total_latency, 900);
        assert_eq!(speak.spoken_type, "Script");
        let prompt = &rounds[2].messages;
        assert_eq!(
            prompt[0].user_reply.as_ref().unwrap().branch_type,
            "NoResponse"
        );
        assert_eq!(
            prompt[1].ai_speak.as_ref().unwrap().spoken_type,
            "NoResponseTip"
        );
        assert!(
            rounds[0].messages[0]
                .ai_speak
                .as_ref()
                .unwrap()
                .latency_metrics
                .is_none()
        );
    }

    #[test]
    fn a_flow_has_its_nodes_branches_tags_and_calls() {
        let moved = |node: &str, kind: &str, branch: &str, tags: Vec<(String, String)>| {
            CallEvent::Thought(Thought {
                turn: 2,
                what: ThoughtKind::Moved {
                    node: node.into(),
                    kind: kind.into(),
                    branch: branch.into(),
                    tags,
                },
            })
        };
        let called = CallEvent::Thought(Thought {
            turn: 2,
            what: ThoughtKind::Called {
                tool: "look".into(),
                arguments: "{\"order\":7}".into(),
                outcome: ThoughtOutcome::Answered,
                why: String::new(),
                answer: "{}".into(),
                took: Duration::from_millis(40),
            },
        });
        let events = [
            stamped(1, person("my order")),
            stamped(
                2,
                moved(
                    "look",
                    "API_CALL",
                    "order",
                    vec![("kind".into(), "order".into())],
                ),
            ),
            stamped(3, called),
            stamped(4, moved("told", "END_CALL", "Success", Vec::new())),
        ];
        let rounds = rounds(&CallId("c".into()), &events);
        let [round] = rounds.as_slice() else {
            panic!("one round")
        };
        let reply = round.messages[0].user_reply.as_ref().unwrap();
        assert_eq!(
            (reply.branch_type.as_str(), reply.matched_intent.as_str()),
            ("Intent", "order")
        );
        assert_eq!(
            round.tags,
            r#"[{"TagName":"kind","TagType":1,"TagValue":"order"}]"#
        );
        assert_eq!(round.paths.len(), 2);
        let call = round.paths[0].api_call.as_ref().unwrap();
        assert_eq!((call.status, call.cost_ms), ("success", 40));
    }

    #[test]
    fn words_before_another_agent_are_its_announcement() {
        let target = "agent:12".to_owned();
        let events = [
            stamped(1, person("sales please")),
            stamped(2, said("One moment.", Occasion::Answer)),
            stamped(3, CallEvent::TransferRequested { target }),
            stamped(4, said("Sales.", Occasion::Welcome)),
        ];
        let rounds = rounds(&CallId("c".into()), &events);
        let spoken = rounds[0]
            .messages
            .iter()
            .filter_map(|it| it.ai_speak.as_ref());
        let types: Vec<_> = spoken.map(|speak| speak.spoken_type).collect();
        assert_eq!(types, ["TransferAgentPrompt", "Script"]);
    }

    fn said(heard: &str, occasion: Occasion) -> CallEvent {
        CallEvent::AgentSaid {
            heard: heard.into(),
            unsaid: String::new(),
            from: UnixMs(1),
            to: UnixMs(2),
            interrupted: false,
            interruptible: true,
            occasion,
        }
    }

    fn person(text: &str) -> CallEvent {
        CallEvent::CallerSaid {
            text: text.into(),
            from: UnixMs(1),
            to: UnixMs(2),
        }
    }

    fn latency(turn: u32) -> TurnLatency {
        TurnLatency {
            turn,
            total: Duration::from_millis(900),
            ..TurnLatency::default()
        }
    }
}
