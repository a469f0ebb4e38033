//! Speakers.

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{
    Act, Fault, Number, Shared, bytes, hang, has_key, sign::is_signed, status, tell, tone,
};

/// Samples in one piece of a speech: 100 ms.
const PIECE_MS: u32 = 100;

/// Marks a connection as cut if it is dropped before its answer was sent whole.
struct Watch {
    shared: Shared,
    number: Number,
    is_whole: bool,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let is_cut = !self.is_whole;
        self.shared.change(self.number, |seen| seen.is_cut = is_cut);
    }
}

/// An answer in pieces, each in its time; the connection breaks in the middle where it is to.
fn paced(shared: &Shared, number: Number, act: &Act, pieces: Vec<Vec<u8>>) -> Body {
    let watch = Watch {
        shared: shared.clone(),
        number,
        is_whole: false,
    };
    let (act, n_pieces) = (act.clone(), pieces.len());
    let is_broken = act.fault == Some(Fault::Drop);
    let pieces = stream::iter(pieces.into_iter().enumerate());
    let state = (watch, act);
    let paced = pieces.scan(state, move |(watch, act), (idx, piece)| {
        watch.is_whole = idx + 1 == n_pieces;
        let between = act.between;
        let breaks = is_broken && idx >= n_pieces / 2;
        async move {
            if idx > 0 {
                tokio::time::sleep(between).await;
            }
            match breaks {
                true => Some(Err(std::io::Error::other("broken off"))),
                false => Some(Ok(Bytes::from(piece))),
            }
        }
    });
    Body::from_stream(paced)
}

fn chunks(text: &str, rate_hz: u32) -> Vec<Vec<u8>> {
    tone(text, rate_hz)
        .chunks((rate_hz * PIECE_MS / 1000) as usize)
        .map(bytes)
        .collect()
}

/// The faults that come instead of an answer.
async fn instead(act: &Act) -> Option<Response> {
    tokio::time::sleep(act.after).await;
    match act.fault? {
        Fault::Status(code) => Some(status(code, "not now")),
        Fault::Hang => std::future::pending().await,
        Fault::Garbage => Some(([(header::CONTENT_TYPE, "text/html")], "<html>").into_response()),
        Fault::Drop => None,
    }
}

async fn noted(shared: &Shared, number: Number, body: &str) -> Value {
    shared.change(number, |seen| seen.texts.push(body.to_owned()));
    serde_json::from_str(body).unwrap_or_default()
}

pub(super) async fn openai(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let body = noted(&shared, number, &body).await;
    if !has_key(&headers, "authorization", "Bearer ") {
        return status(401, "Incorrect API key");
    }
    let act = shared.act();
    if let Some(response) = instead(&act).await {
        return response;
    }
    let text = body["input"].as_str().unwrap_or_default();
    let mut pieces = chunks(text, 24_000);
    if body["response_format"] == "wav" {
        // The length is not known while it is made.
        let mut head = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        head.extend(24_000_u32.to_le_bytes());
        head.extend(48_000_u32.to_le_bytes());
        head.extend(b"\x02\0\x10\0data\xff\xff\xff\xff");
        pieces.insert(0, head);
    }
    let kind = [(header::CONTENT_TYPE, "audio/pcm")];
    (kind, paced(&shared, number, &act, pieces)).into_response()
}

pub(super) async fn custom(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let body = noted(&shared, number, &body).await;
    let act = shared.act();
    if !has_key(&headers, "authorization", "Bearer ") {
        // A success by its status: the protocol tells by the content type.
        let why = json!({"error": {"code": "Unauthorized", "message": "wrong key"}});
        return Json(why).into_response();
    }
    if let Some(response) = instead(&act).await {
        return response;
    }
    let text = body["Text"].as_str().unwrap_or_default();
    let rate_hz = body["SampleRate"].as_u64().unwrap_or(16_000) as u32;
    let kind = [(header::CONTENT_TYPE, "audio/L16")];
    let pieces = chunks(text, rate_hz);
    (kind, paced(&shared, number, &act, pieces)).into_response()
}

pub(super) async fn minimax(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let body = noted(&shared, number, &body).await;
    let act = shared.act();
    if !has_key(&headers, "authorization", "Bearer ") {
        let why = json!({"base_resp": {"status_code": 1004, "status_msg": "login fail"}});
        return Json(why).into_response();
    }
    if let Some(response) = instead(&act).await {
        return response;
    }
    let text = body["text"].as_str().unwrap_or_default();
    let fine = json!({"status_code": 0, "status_msg": ""});
    let event = |status: u8, sound: &[u8]| {
        let data = json!({"audio": hex::encode(sound), "status": status});
        format!("data: {}\n\n", json!({"data": data, "base_resp": fine})).into_bytes()
    };
    let sound = chunks(text, 8_000);
    let mut events: Vec<Vec<u8>> = sound.iter().map(|piece| event(1, piece)).collect();
    events.push(event(2, &sound.concat()));
    let kind = [(header::CONTENT_TYPE, "text/event-stream")];
    (kind, paced(&shared, number, &act, events)).into_response()
}

pub(super) async fn azure(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    body: String,
) -> Response {
    noted(&shared, number, &body).await;
    if !has_key(&headers, "ocp-apim-subscription-key", "") {
        return status(401, "Access denied due to invalid subscription key");
    }
    let act = shared.act();
    if let Some(response) = instead(&act).await {
        return response;
    }
    let text = body.split("<prosody").nth(1).unwrap_or_default();
    let text = text
        .split('>')
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    let pieces = chunks(text.unwrap_or_default(), 8_000);
    let kind = [(header::CONTENT_TYPE, "audio/basic")];
    (kind, paced(&shared, number, &act, pieces)).into_response()
}

pub(super) async fn volcengine(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let body = noted(&shared, number, &body).await;
    let act = shared.act();
    if !has_key(&headers, "authorization", "Bearer;") {
        return Json(json!({"code": 3001, "message": "invalid auth token"})).into_response();
    }
    if let Some(response) = instead(&act).await {
        return response;
    }
    let text = body["request"]["text"].as_str().unwrap_or_default();
    let sound = BASE64_STANDARD.encode(bytes(&tone(text, 8_000)));
    Json(json!({"code": 3000, "message": "Success", "data": sound})).into_response()
}

/// Says a text with the times of its words; `false` when the connection is over.
async fn say(
    socket: &mut WebSocket,
    act: &Act,
    text: &str,
    marks: impl Fn(usize, usize) -> Value,
) -> bool {
    tokio::time::sleep(act.after).await;
    let pieces = chunks(text, 8_000);
    let n_pieces = pieces.len();
    for (idx, piece) in pieces.into_iter().enumerate() {
        if idx > 0 {
            tokio::time::sleep(act.between).await;
        }
        match act.fault {
            Some(Fault::Drop) if idx >= n_pieces / 2 => return false,
            Some(Fault::Hang) => {
                hang(socket).await;
                return false;
            }
            Some(Fault::Garbage) => {
                let _ = socket.send(Message::text("{\"half")).await;
            }
            Some(Fault::Drop | Fault::Status(_)) | None => {}
        }
        if socket.send(Message::binary(piece)).await.is_err() {
            return false;
        }
    }
    let n_chars = text.chars().count();
    let mut word_ends: Vec<usize> = text
        .chars()
        .enumerate()
        .filter(|(_, c)| *c == ' ')
        .map(|(at, _)| at)
        .collect();
    word_ends.push(n_chars);
    let mut begin = 0;
    for end in word_ends {
        tell(socket, marks(begin, end)).await;
        begin = end;
    }
    true
}

pub(super) async fn tencent(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    uri: Uri,
    socket: WebSocketUpgrade,
) -> Response {
    let is_signed = is_signed(&uri.to_string(), "GET", &shared.host, "Signature");
    socket.on_upgrade(async move |mut socket| {
        if !is_signed {
            let refusal = json!({"code": 10003, "message": "鉴权失败"});
            return tell(&mut socket, refusal).await;
        }
        let act = shared.act();
        let mut watch = Watch {
            shared: shared.clone(),
            number,
            is_whole: false,
        };
        if let Some(Fault::Status(code)) = act.fault {
            return tell(&mut socket, json!({"code": code, "message": "not now"})).await;
        }
        tell(&mut socket, json!({"code": 0, "message": "success", "ready": 1})).await;
        let mut text = String::new();
        while let Some(Ok(Message::Text(message))) = socket.recv().await {
            shared.change(number, |seen| seen.texts.push(message.to_string()));
            let value: Value = serde_json::from_str(&message).unwrap_or_default();
            if value["action"] == "ACTION_COMPLETE" {
                break;
            }
            text.push_str(value["data"].as_str().unwrap_or_default());
        }
        let subtitle = |begin: usize, end: usize| {
            json!({"code": 0, "message": "success", "result": {"subtitles": [{
                "BeginIndex": begin, "EndIndex": end, "BeginTime": begin * 60, "EndTime": end * 60}]}})
        };
        if say(&mut socket, &act, &text, subtitle).await {
            tell(&mut socket, json!({"code": 0, "message": "success", "final": 1})).await;
            watch.is_whole = true;
        }
    })
}

/// CosyVoice, once its first `run-task` has come.
pub(super) async fn cosyvoice(
    mut socket: WebSocket,
    shared: Shared,
    number: Number,
    mut first: Value,
) {
    loop {
        let act = shared.act();
        let mut watch = Watch {
            shared: shared.clone(),
            number,
            is_whole: false,
        };
        let task = first["header"]["task_id"].clone();
        let event = |event: &str, payload: Value| json!({"header": {"task_id": task, "event": event, "attributes": {}}, "payload": payload});
        if let Some(Fault::Status(code)) = act.fault {
            let header = json!({"task_id": task, "event": "task-failed",
                "error_code": format!("Throttling.{code}"), "error_message": "not now"});
            return tell(&mut socket, json!({"header": header, "payload": {}})).await;
        }
        tell(&mut socket, event("task-started", json!({}))).await;
        let mut text = String::new();
        while let Some(Ok(Message::Text(message))) = socket.recv().await {
            shared.change(number, |seen| seen.texts.push(message.to_string()));
            let value: Value = serde_json::from_str(&message).unwrap_or_default();
            if value["header"]["action"] == "finish-task" {
                break;
            }
            text.push_str(
                value["payload"]["input"]["text"]
                    .as_str()
                    .unwrap_or_default(),
            );
        }
        let words = |begin: usize, end: usize| {
            let word = json!({"begin_index": begin, "end_index": end,
                "begin_time": begin * 60, "end_time": end * 60});
            let output = json!({"type": "sentence-end", "sentence": {"index": 0, "words": [word]}});
            event("result-generated", json!({"output": output}))
        };
        if !say(&mut socket, &act, &text, words).await {
            return;
        }
        tell(&mut socket, event("task-finished", json!({"output": {}}))).await;
        watch.is_whole = true;
        drop(watch);
        match socket.recv().await {
            Some(Ok(Message::Text(message))) => {
                shared.change(number, |seen| seen.texts.push(message.to_string()));
                first = serde_json::from_str(&message).unwrap_or_default();
            }
            _ => return,
        }
    }
}
