//! Robots elsewhere that answer in events: the callbacks that followed `Dialogue`.
//!
//! Each event repeats all words so far; what is new is told sentence by sentence, so that the first
//! one can be spoken while the rest is still being made. The last event says what to do.
//!
//! # Invariants
//!
//! - At most [`ANSWER_BYTES_MAX`] bytes of one answer are read.
//! - A question is asked once: a robot that has begun to answer cannot be asked again safely.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use voice::{
    conversation::EndCause,
    line::Line,
    thinker::{Decision, Expected, Heard, ThinkRequest, TurnId},
};

use super::dialogue::{
    ANSWER_BYTES_MAX, CallFacts, Failure, Leaves, Link, QUESTIONS_MAX, RemoteSettings, Robot,
    Turns, cause, gather,
};
use crate::port::{Step, Thinker, Thought, Thoughts};

/// One call's robot elsewhere.
#[derive(Debug)]
pub struct SseThinker(mpsc::Sender<ThinkRequest>, Leaves);

impl SseThinker {
    /// Nothing is sent before the first question. Must be called within a tokio runtime.
    pub fn new(
        client: reqwest::Client,
        settings: RemoteSettings,
        facts: CallFacts,
        thoughts: Thoughts,
    ) -> Self {
        let (questions, inbox) = mpsc::channel(QUESTIONS_MAX);
        let robot = SseLink {
            link: Link { client, settings },
            facts,
            stream: String::new(),
        };
        let leaves = Leaves::default();
        tokio::spawn(Turns::new(robot, thoughts, leaves.clone()).run(inbox));
        Self(questions, leaves)
    }
}

impl Thinker for SseThinker {
    fn ask(&mut self, request: ThinkRequest) {
        if self.0.try_send(request).is_err() {
            tracing::warn!("a robot elsewhere is asked faster than it can be told");
        }
    }

    fn leave(&mut self) {
        self.1.set();
    }
}

/// The callbacks of one call.
struct SseLink {
    link: Link,
    facts: CallFacts,
    /// The present turn's name: no other turn of the conversation has it, also of thinkers before.
    stream: String,
}

/// What one event holds. Its other fields are passed over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    http_status_code: u16,
    #[serde(default)]
    code: String,
    message: Option<String>,
    data: Option<EventData>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventData {
    #[serde(default)]
    stream_end: bool,
    #[serde(default)]
    answer: Option<String>,
    #[serde(default)]
    control_params_list: Option<Vec<Value>>,
}

impl Robot for SseLink {
    async fn answer(&mut self, request: &ThinkRequest, thoughts: &Thoughts) -> Result<(), Failure> {
        if let Some(cut) = &request.interrupted {
            let told = self
                .tell("abortDialogue", json!({"answer": cut.heard}))
                .await;
            if let Err(why) = told {
                tracing::info!(%why, "a robot does not know that it was cut");
            }
        }
        self.stream = id();
        let (callback, more) = asked(&request.heard);
        let wait_max = self.link.settings.wait_max;
        let asking = self.stream(callback, more, request.turn, thoughts);
        match tokio::time::timeout(wait_max, asking).await {
            Ok(done) => done,
            Err(_) => Err(Failure::Unreachable(format!("nothing within {wait_max:?}"))),
        }
    }

    async fn end(&mut self) -> Result<(), Failure> {
        self.stream = id();
        self.tell("endSession", json!({})).await
    }
}

/// 32 hexadecimal digits that nothing else has for its name.
fn id() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// The callback of an event, and the fields that it has beside those of all.
fn asked(heard: &Heard) -> (&'static str, Value) {
    let extra = |extra: Value| json!({"utterance": "", "extras": [extra]});
    match heard {
        Heard::Start | Heard::TakenOver => ("beginSession", json!({})),
        Heard::Utterance(words) | Heard::Instruction(words) => {
            ("dialogue", json!({"utterance": words, "extras": []}))
        }
        Heard::Digits(keys) => ("dialogue", extra(json!({"dataType": "DTMF", "dtmf": keys}))),
        Heard::Silence { .. } => ("dialogue", extra(json!({"dataType": "Silence"}))),
        Heard::Unclear | Heard::TransferFailed | Heard::AgentRefused(_) => {
            ("dialogue", json!({"utterance": "", "extras": []}))
        }
    }
}

impl SseLink {
    fn request(&self, callback: &str, more: Value) -> Result<reqwest::RequestBuilder, Failure> {
        let (facts, settings) = (&self.facts, &self.link.settings);
        let mut vendor: BTreeMap<&str, &str> = facts
            .variables
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        vendor.insert("callingNumber", &facts.caller);
        vendor.insert("calledNumber", &facts.callee);
        let mut body = json!({
            "requestId": id(),
            "tenantId": 0,
            "instanceId": settings.instance,
            "scriptId": settings.script,
            "sessionId": facts.call,
            "streamId": self.stream,
            "vendorParams": vendor,
        });
        if let Value::Object(more) = more {
            for (name, value) in more {
                body[name] = value;
            }
        }
        let path = format!("/proxy/{callback}");
        let body = body.to_string();
        self.link.request(&path, callback, &[], body.as_bytes(), 0)
    }

    /// A callback whose answer is only whether it was taken.
    async fn tell(&self, callback: &str, more: Value) -> Result<(), Failure> {
        let request = self.request(callback, more)?;
        let sent = request.timeout(self.link.settings.wait_max).send().await;
        let response = sent.map_err(|error| Failure::Unreachable(cause(&error)))?;
        accepted(&response)
    }

    async fn stream(
        &self,
        callback: &str,
        more: Value,
        turn: TurnId,
        thoughts: &Thoughts,
    ) -> Result<(), Failure> {
        let sent = self.request(callback, more)?.send().await;
        let mut response = sent.map_err(|error| Failure::Unreachable(cause(&error)))?;
        accepted(&response)?;
        let mut telling = Telling::new(turn);
        let mut lines = Lines::default();
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| Failure::Unreachable(cause(&error)))?
        {
            for line in lines.push(&piece)? {
                let Some(event) = line.strip_prefix("data:") else {
                    continue;
                };
                let event = serde_json::from_str(event.trim())
                    .map_err(|error| Failure::Unreadable(error.to_string()))?;
                let (decisions, is_last) = telling.take(event)?;
                for decision in decisions {
                    let step = Step::Decision {
                        decision,
                        last: false,
                    };
                    thoughts.put(Thought { turn, step }).await;
                }
                if is_last {
                    let step = Step::Done;
                    thoughts.put(Thought { turn, step }).await;
                    return Ok(());
                }
            }
        }
        Err(Failure::Unreadable("it ended before its end".to_owned()))
    }
}

fn accepted(response: &reqwest::Response) -> Result<(), Failure> {
    let status = response.status().as_u16();
    match status {
        200..=299 => Ok(()),
        500..=599 => Err(Failure::Failed {
            status,
            why: "no reason given".to_owned(),
        }),
        _ => Err(Failure::Refused {
            status,
            why: "no reason given".to_owned(),
        }),
    }
}

/// Lines of a body that comes in pieces.
#[derive(Debug, Default)]
struct Lines {
    rest: Vec<u8>,
    n_bytes: usize,
}

impl Lines {
    fn push(&mut self, piece: &[u8]) -> Result<Vec<String>, Failure> {
        self.n_bytes += piece.len();
        if self.n_bytes > ANSWER_BYTES_MAX {
            return Err(Failure::Unreadable("it is too long".to_owned()));
        }
        self.rest.extend_from_slice(piece);
        let mut lines = Vec::new();
        while let Some(at) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=at).collect();
            let line = String::from_utf8(line)
                .map_err(|_| Failure::Unreadable("it is not UTF-8".to_owned()))?;
            lines.push(line.trim_end().to_owned());
        }
        Ok(lines)
    }
}

/// What of the answer was told already.
#[derive(Debug)]
struct Telling {
    turn: TurnId,
    /// Bytes of the words that were told.
    n_told: usize,
    interruptible: bool,
}

impl Telling {
    fn new(turn: TurnId) -> Self {
        Self {
            turn,
            n_told: 0,
            interruptible: true,
        }
    }

    /// What follows from an event, and whether it is the last.
    fn take(&mut self, event: Event) -> Result<(Vec<Decision>, bool), Failure> {
        if event.http_status_code >= 400 || event.code == "Error" {
            return Err(Failure::Failed {
                status: event.http_status_code,
                why: event.message.unwrap_or_default(),
            });
        }
        let Some(data) = event.data else {
            return Ok((Vec::new(), false));
        };
        let controls: Vec<Value> = data
            .control_params_list
            .unwrap_or_default()
            .into_iter()
            .filter_map(object)
            .collect();
        for control in &controls {
            if control["type"] == "Voice" {
                // The vendor's default where the control is there.
                self.interruptible = control["interruptible"].as_bool().unwrap_or(false);
            }
        }
        let answer = data.answer.unwrap_or_default();
        let mut decisions = Vec::new();
        let new = answer.get(self.n_told..).unwrap_or_default();
        let end = if data.stream_end {
            new.len()
        } else {
            last_sentence_end(new)
        };
        if !new[..end].trim().is_empty() {
            decisions.push(Decision::Say {
                line: Line::Text(new[..end].trim().to_owned()),
                interruptible: self.interruptible,
            });
        }
        self.n_told += end;
        if data.stream_end {
            let act = controls.iter().find_map(act);
            decisions.push(act.unwrap_or_else(|| Decision::Listen(Expected::default())));
            tracing::trace!(turn = self.turn.0, "a robot's answer is complete");
        }
        Ok((decisions, data.stream_end))
    }
}

/// Objects, also where they come as text.
fn object(control: Value) -> Option<Value> {
    match control {
        Value::Object(_) => Some(control),
        Value::String(text) => serde_json::from_str(&text).ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

fn act(control: &Value) -> Option<Decision> {
    match control["type"].as_str()? {
        "HangUp" => Some(Decision::HangUp {
            cause: EndCause::ScriptEnd,
        }),
        "Transfer" => Some(Decision::Transfer {
            target: match &control["transferee"] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            },
        }),
        // The vendor's default is one key.
        "GatherDtmf" => Some(gather(control, Some(1))),
        _ => None,
    }
}

/// Where the last whole sentence ends, in bytes; 0 if there is none.
fn last_sentence_end(text: &str) -> usize {
    let ends = text
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '\n'));
    let mut whole = ends.filter(|(at, c)| {
        let next = text[at + c.len_utf8()..].chars().next();
        // A point may be that of a number of which the rest is still to come.
        !c.is_ascii() || next.is_some_and(char::is_whitespace)
    });
    whole.next_back().map_or(0, |(at, c)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use voice::thinker::Gather;

    use super::*;

    #[test]
    fn only_whole_new_sentences_are_told_until_the_end() {
        let mut telling = Telling::new(TurnId(1));
        let mut told = Vec::new();
        for (answer, is_last) in [
            ("Hel", false),
            ("Hello. It is", false),
            ("Hello. It is 3.", false),
            ("Hello. It is 3.5 km. Bye", true),
        ] {
            let (decisions, last) = telling.take(event(answer, is_last)).unwrap();
            assert_eq!(last, is_last);
            told.extend(decisions.into_iter().filter_map(|decision| match decision {
                Decision::Say {
                    line: Line::Text(text),
                    ..
                } => Some(text),
                _ => None,
            }));
        }
        assert_eq!(told, ["Hello.", "It is 3.5 km. Bye"]);
    }

    #[test]
    fn controls_are_obeyed_as_objects_and_as_text() {
        for control in [
            json!({"type": "Transfer", "transferee": "desk"}),
            json!(r#"{"type":"Transfer","transferee":"desk"}"#),
        ] {
            let mut event = event("", true);
            event.data.as_mut().unwrap().control_params_list = Some(vec![control]);
            let (decisions, _) = Telling::new(TurnId(1)).take(event).unwrap();
            let desk = Decision::Transfer {
                target: "desk".into(),
            };
            assert_eq!(decisions, [desk]);
        }
    }

    #[test]
    fn keys_are_gathered_as_the_control_says() {
        for (control, keys_max, wait) in [
            (json!({"type": "GatherDtmf"}), 1, None),
            (
                json!({"type": "GatherDtmf", "maxDigits": 100, "timeout": "3"}),
                32,
                Some(3),
            ),
        ] {
            let Some(Decision::Listen(expected)) = act(&control) else {
                panic!("{control}");
            };
            let gather = Gather {
                keys_max,
                next_key_max: wait.map(Duration::from_secs),
            };
            assert_eq!(expected.gather, Some(gather));
        }
    }

    #[test]
    fn a_failure_in_the_stream_is_one() {
        let event = serde_json::from_str(r#"{"httpStatusCode":500,"code":"Error","message":"x"}"#);
        assert!(Telling::new(TurnId(1)).take(event.unwrap()).is_err());
    }

    fn event(answer: &str, is_last: bool) -> Event {
        let event = json!({"httpStatusCode": 200, "code": "OK", "message": null, "data": {
            "streamEnd": is_last, "answer": answer, "controlParamsList": []}});
        serde_json::from_value(event).unwrap()
    }
}
