//! The callbacks that followed `Dialogue`: JSON in, JSON events out (the vendor's page
//! *Third-party large model integration for intelligent outbound calls*).
//!
//! `/proxy/beginSession` and `/proxy/dialogue` answer as a stream of events, in each of which
//! `answer` holds all words so far; `/proxy/abortDialogue` and `/proxy/endSession` with one JSON
//! document. How the vendor signs these is not documented. Here they are signed as any V3 request,
//! or carry the credential itself as HTTP Basic, which a callback address can hold
//! (`https://id:secret@host/`).

use std::{fmt::Write as _, net::IpAddr, sync::Arc};

use app::dialogue::{Names, Question, Reply};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE, request::Parts},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{Credential, UnixMs};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use voice::dialogue::{Act, Asked};

use crate::{
    asked,
    fault::Fault,
    gate::Gate,
    navigator::Initial,
    outboundbot::{NAME_MAX, UTTERANCE_MAX, short},
    request::Received,
    sign::acs3,
};

/// One of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callback {
    /// The call was answered.
    BeginSession,
    /// The caller said something, pressed keys, or was silent.
    Dialogue,
    /// The caller cut the robot's words.
    AbortDialogue,
    /// The call is over.
    EndSession,
}

impl Callback {
    /// The callback at a path, whatever stands before `/proxy/`.
    pub fn of(path: &str) -> Option<Self> {
        let (_, name) = path.rsplit_once("/proxy/")?;
        match name {
            "beginSession" => Some(Self::BeginSession),
            "dialogue" => Some(Self::Dialogue),
            "abortDialogue" => Some(Self::AbortDialogue),
            "endSession" => Some(Self::EndSession),
            _ => None,
        }
    }

    fn is_stream(self) -> bool {
        match self {
            Self::BeginSession | Self::Dialogue => true,
            Self::AbortDialogue | Self::EndSession => false,
        }
    }
}

/// What is asked, of all four. What the vendor adds is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asking {
    #[serde(default)]
    request_id: String,
    instance_id: String,
    #[serde(default)]
    script_id: String,
    session_id: String,
    #[serde(default)]
    stream_id: String,
    #[serde(default)]
    vendor_params: Map<String, Value>,
    #[serde(default)]
    utterance: Option<String>,
    #[serde(default)]
    extras: Vec<Extra>,
    /// What had been spoken before a cut.
    #[serde(default)]
    answer: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extra {
    #[serde(default)]
    data_type: String,
    #[serde(default)]
    dtmf: String,
}

/// Longest list of extras.
const EXTRAS_MAX: usize = 100;

/// Answers a callback.
pub(crate) async fn answer(
    gate: &Arc<Gate>,
    callback: Callback,
    from: Option<IpAddr>,
    parts: Parts,
    body: Body,
    request_id: &str,
) -> Response {
    let outcome = asked_and_told(gate, callback, from, parts, body).await;
    if let Err(fault) = &outcome {
        tracing::info!(code = %fault.code, "a callback was refused");
    }
    match outcome {
        Ok((asking, reply)) if callback.is_stream() => {
            events(&asking, &reply, gate.app().now(), request_id)
        }
        Ok((asking, _)) => document(
            200,
            &json!({
                "requestId": request_id_of(&asking, request_id),
                "httpStatusCode": 200,
                "code": "OK",
                "message": null,
                "success": true,
            }),
        ),
        Err(fault) => {
            let told = json!({
                "requestId": request_id,
                "httpStatusCode": fault.status,
                "code": if fault.is_ours() { "Error".into() } else { fault.code },
                "message": fault.message,
                "success": false,
            });
            document(fault.status, &told)
        }
    }
}

async fn asked_and_told(
    gate: &Arc<Gate>,
    callback: Callback,
    from: Option<IpAddr>,
    parts: Parts,
    body: Body,
) -> Result<(Asking, Reply), Fault> {
    let received = Received::read(from, parts, body).await?;
    let credential = prove(gate, &received).await?;
    let asking: Asking =
        serde_json::from_slice(&received.body).map_err(|_| Fault::invalid_format())?;
    check(&asking)?;
    let tenant = gate
        .tenant(&asking.instance_id, &credential, "Dialogue")
        .await?;
    let initial = Initial::from_fields(asking.vendor_params.clone());
    let number = |name: &str| {
        let given = asking.vendor_params.get(name).and_then(Value::as_str);
        given.unwrap_or_default().chars().take(NAME_MAX).collect()
    };
    let question = Question {
        tenant,
        name: asking.session_id.clone(),
        interface: "callback",
        robot: Names::of([Some(asking.script_id.as_str()), initial.script.as_deref()]),
        caller: number("callingNumber"),
        callee: number("calledNumber"),
        task: String::new(),
        variables: initial.variables,
        asked: happened(callback, &asking),
        turn: turn(callback, &asking),
        again: received.header("x-acs-retry-attempts").is_some(),
    };
    let reply = gate.dialogues.ask(question).await?;
    Ok((asking, reply))
}

async fn prove(gate: &Gate, received: &Received) -> Result<Arc<Credential>, Fault> {
    if acs3::is_signed(&received.parts.headers) {
        return gate.pass(received).await;
    }
    let lacking = || Fault::incomplete_signature("neither ACS3-HMAC-SHA256 nor Basic");
    let basic = received
        .header("authorization")
        .and_then(|text| text.strip_prefix("Basic "))
        .ok_or_else(lacking)?;
    let decoded = STANDARD.decode(basic.trim()).map_err(|_| lacking())?;
    let decoded = String::from_utf8(decoded).map_err(|_| lacking())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(lacking)?;
    gate.by_secret(received.from, id, secret).await
}

fn check(asking: &Asking) -> Result<(), Fault> {
    if asking.session_id.is_empty() {
        return Err(Fault::missing("sessionId"));
    }
    if asking.extras.len() > EXTRAS_MAX {
        return Err(Fault::invalid("extras", "it has 100 items at most"));
    }
    short("sessionId", &asking.session_id, NAME_MAX)?;
    short("streamId", &asking.stream_id, NAME_MAX)?;
    short("scriptId", &asking.script_id, NAME_MAX)?;
    short("requestId", &asking.request_id, NAME_MAX)?;
    let words = asking.utterance.as_deref().unwrap_or_default();
    short("utterance", words, UTTERANCE_MAX)
}

fn happened(callback: Callback, asking: &Asking) -> Asked {
    let words = asking.utterance.as_deref().unwrap_or_default();
    match callback {
        Callback::BeginSession => Asked::Begins {
            words: words.trim().to_owned(),
        },
        Callback::AbortDialogue => Asked::Cut {
            spoken: asking.answer.clone().unwrap_or_default(),
        },
        Callback::EndSession => Asked::Ended,
        Callback::Dialogue => {
            let of = |kind: &str| {
                asking
                    .extras
                    .iter()
                    .find(|extra| extra.data_type.eq_ignore_ascii_case(kind))
            };
            match (of("DTMF"), of("Silence")) {
                (Some(keys), _) => asked::of_dialogue("CollectedNumber", &keys.dtmf, ""),
                (None, Some(_)) if words.trim().is_empty() => Asked::Silent,
                (None, _) => asked::of_dialogue("", "", words),
            }
        }
    }
}

/// A cut and an end belong to the stream of the words that they cut, so they are told apart by
/// their kind.
fn turn(callback: Callback, asking: &Asking) -> Option<String> {
    (!asking.stream_id.is_empty()).then(|| format!("{callback:?}/{}", asking.stream_id))
}

fn request_id_of<'a>(asking: &'a Asking, ours: &'a str) -> &'a str {
    if asking.request_id.is_empty() {
        ours
    } else {
        &asking.request_id
    }
}

/// The words as events, sentence by sentence, so that the other side can begin to speak with the
/// first; the last event says what to do.
fn events(asking: &Asking, reply: &Reply, now: UnixMs, request_id: &str) -> Response {
    let answer = &reply.answer;
    let mut out = String::new();
    let ends: Vec<usize> = sentence_ends(&answer.says);
    let event = |out: &mut String, words: &str, is_last: bool| {
        let params = if is_last { control(reply) } else { Vec::new() };
        let event = json!({
            "requestId": request_id_of(asking, request_id),
            "httpStatusCode": 200,
            "code": "OK",
            "message": null,
            "data": {
                "streamEnd": is_last,
                "updatedTime": now.0,
                "sessionId": asking.session_id,
                "streamId": asking.stream_id,
                "answer": words,
                "controlParamsList": params,
            },
        });
        write!(out, "data: {event}\n\n").expect("a String takes every write");
    };
    for end in &ends[..ends.len().saturating_sub(1)] {
        event(&mut out, &answer.says[..*end], false);
    }
    event(&mut out, &answer.says, true);
    let mut response = Response::new(Body::from(out));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream;charset=utf-8"),
    );
    response
}

/// Where sentences end, in bytes.
fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '！' | '？'))
        .map(|(at, c)| at + c.len_utf8())
        .filter(|end| {
            let next = text[*end..].chars().next();
            next.is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '!' | '?'))
        })
        .collect();
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// What to do, in the vendor's words.
fn control(reply: &Reply) -> Vec<Value> {
    let answer = &reply.answer;
    let mut params = vec![json!({"type": "Voice", "interruptible": answer.interruptible})];
    match &answer.act {
        Act::Speak => {}
        Act::HangUp => params.push(json!({"type": "HangUp", "delay": 0, "reason": "finished"})),
        Act::Transfer { target } => {
            let (kind, _) = asked::transferee(target);
            params.push(json!({"type": "Transfer", "transferType": kind, "transferee": target}));
        }
        Act::Collect { keys_max } => params.push(json!({
            "type": "GatherDtmf",
            "maxDigits": keys_max,
            "timeout": 5,
            "terminator": "#",
        })),
    }
    params
}

fn document(status: u16, told: &Value) -> Response {
    let mut response = Response::new(Body::from(told.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).expect("faults have statuses that HTTP knows");
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_are_found_behind_any_prefix() {
        assert_eq!(Callback::of("/proxy/dialogue"), Some(Callback::Dialogue));
        assert_eq!(
            Callback::of("/x/proxy/endSession"),
            Some(Callback::EndSession)
        );
        assert_eq!(Callback::of("/proxy/"), None);
        assert_eq!(Callback::of("/dialogue"), None);
    }

    #[test]
    fn words_are_told_sentence_by_sentence() {
        assert_eq!(sentence_ends("Hi. It is 3.5 km."), [3, 17]);
        assert_eq!(sentence_ends("您好！好"), [9, 12]);
        assert_eq!(sentence_ends(""), [0]);
    }

    #[test]
    fn keys_and_silence_come_as_extras() {
        let asked = |text: &str| {
            let base = r#""instanceId":"i","sessionId":"s""#;
            let asking: Asking = serde_json::from_str(&format!("{{{base},{text}}}")).unwrap();
            happened(Callback::Dialogue, &asking)
        };
        assert_eq!(
            asked(r#""extras":[{"dataType":"DTMF","dtmf":"12"}],"utterance":"""#),
            Asked::Pressed("12".into())
        );
        assert_eq!(
            asked(r#""extras":[{"dataType":"Silence"}],"utterance":"""#),
            Asked::Silent
        );
        assert_eq!(asked(r#""utterance":"yes""#), Asked::Said("yes".into()));
    }
}
