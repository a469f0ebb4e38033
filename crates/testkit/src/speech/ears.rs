//! Recognizers.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::{
    Extension, Json,
    extract::{
        Multipart, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{Act, Fault, Number, Shared, hang, has_key, sign::is_signed, status, tell};

/// Bytes of sound after which a connection breaks that is to break: 200 ms of 8 kHz.
const DROP_AFTER: usize = 3_200;

pub(super) async fn openai(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Response {
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else {
            return status(400, "a broken form");
        };
        shared.change(number, |seen| match name.as_str() {
            "file" => seen.sound = bytes.to_vec(),
            _ => seen
                .texts
                .push(format!("{name}={}", String::from_utf8_lossy(&bytes))),
        });
    }
    let act = shared.act();
    tokio::time::sleep(act.after).await;
    match act.fault {
        _ if !has_key(&headers, "authorization", "Bearer ") => status(401, "Incorrect API key"),
        Some(Fault::Status(code)) => status(code, "not now"),
        Some(Fault::Garbage) => "<html>".into_response(),
        Some(Fault::Hang | Fault::Drop) => std::future::pending().await,
        None => Json(json!({"text": act.words.join(" ")})).into_response(),
    }
}

/// What an utterance's messages are to one protocol.
trait Protocol: Send + Sync + 'static {
    /// Says which message begins an utterance, where one does.
    fn begins(&mut self, _text: &str) -> Option<Vec<Value>> {
        None
    }

    /// Whether a text ends the utterance.
    fn ends(&self, text: &str) -> bool;

    /// Words so far; they may change.
    fn partial(&self, text: &str) -> Value;

    /// A segment that will not change.
    fn segment(&self, text: &str, is_last: bool) -> Value;

    /// Behind the last one.
    fn done(&self) -> Option<Message>;

    /// Whether the connection takes another utterance.
    fn goes_on(&self) -> bool {
        false
    }

    /// Refuses in its own words.
    fn refusal(&self, code: u16) -> Value;
}

/// Takes utterances until the client goes.
async fn converse(
    mut socket: WebSocket,
    shared: Shared,
    number: Number,
    mut protocol: impl Protocol,
) {
    loop {
        let act = shared.act();
        match utterance(&mut socket, &shared, number, &mut protocol, &act).await {
            Some(true) if protocol.goes_on() => {}
            Some(true) => {
                // The client may have gone first.
                let _ = socket.send(Message::Close(None)).await;
                return;
            }
            Some(false) => return shared.change(number, |seen| seen.is_cut = true),
            // Dropped without a closing frame, as a network does.
            None => return,
        }
    }
}

/// One utterance; `Some(false)` when the client has gone, `None` when the connection is to break.
async fn utterance(
    socket: &mut WebSocket,
    shared: &Shared,
    number: Number,
    protocol: &mut impl Protocol,
    act: &Act,
) -> Option<bool> {
    let (mut n_bytes, mut n_told) = (0, 0);
    loop {
        let Some(Ok(message)) = socket.recv().await else {
            return Some(false);
        };
        match message {
            Message::Binary(sound) => {
                n_bytes += sound.len();
                shared.change(number, |seen| seen.sound.extend_from_slice(&sound));
                match act.fault {
                    Some(Fault::Drop) if n_bytes >= DROP_AFTER => return None,
                    Some(Fault::Garbage) => {
                        let _ = socket.send(Message::text("{\"half")).await;
                    }
                    Some(Fault::Status(code)) => {
                        tell(socket, protocol.refusal(code)).await;
                        return None;
                    }
                    Some(Fault::Drop | Fault::Hang) => {}
                    None => n_told += words_so_far(socket, protocol, act, n_told).await,
                }
            }
            Message::Text(text) => {
                shared.change(number, |seen| seen.texts.push(text.to_string()));
                if let Some(answers) = protocol.begins(&text) {
                    for answer in answers {
                        tell(socket, answer).await;
                    }
                } else if protocol.ends(&text) {
                    break;
                }
            }
            Message::Close(_) => return Some(false),
            Message::Ping(_) | Message::Pong(_) => {}
        }
    }
    if act.fault.is_some() {
        hang(socket).await;
        return Some(false);
    }
    tokio::time::sleep(act.after).await;
    let (last, before) = act.words.split_last()?;
    for segment in &before[n_told.min(before.len())..] {
        tell(socket, protocol.segment(segment, false)).await;
    }
    tell(socket, protocol.segment(last, true)).await;
    if let Some(done) = protocol.done() {
        // The client may have all it needs by now.
        let _ = socket.send(done).await;
    }
    Some(true)
}

/// A segment with each message of sound, but for the last one, which is only told as a partial.
async fn words_so_far(
    socket: &mut WebSocket,
    protocol: &impl Protocol,
    act: &Act,
    n_told: usize,
) -> usize {
    let Some((last, before)) = act.words.split_last() else {
        return 0;
    };
    match before.get(n_told) {
        Some(segment) => {
            tell(socket, protocol.segment(segment, false)).await;
            1
        }
        None => {
            tell(socket, protocol.partial(last)).await;
            0
        }
    }
}

fn upgrade(
    upgrade: WebSocketUpgrade,
    shared: Shared,
    number: Number,
    protocol: impl Protocol,
    first: Option<Value>,
) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        if let Some(first) = first {
            tell(&mut socket, first).await;
        }
        converse(socket, shared, number, protocol).await;
    })
}

struct Deepgram;

impl Protocol for Deepgram {
    fn ends(&self, text: &str) -> bool {
        is_of_type(text, "Finalize")
    }

    fn partial(&self, text: &str) -> Value {
        deepgram_results(text, [false, false, false])
    }

    fn segment(&self, text: &str, is_last: bool) -> Value {
        deepgram_results(text, [true, !is_last, is_last])
    }

    fn done(&self) -> Option<Message> {
        None
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn refusal(&self, code: u16) -> Value {
        json!({"type": "Error", "err_code": code.to_string(), "err_msg": "not now"})
    }
}

fn deepgram_results(text: &str, [is_final, speech_final, from_finalize]: [bool; 3]) -> Value {
    json!({"type": "Results", "channel_index": [0, 1], "duration": 1.0, "start": 0.0,
        "is_final": is_final, "speech_final": speech_final, "from_finalize": from_finalize,
        "channel": {"alternatives": [{"transcript": text, "confidence": 0.98, "words": []}]},
        "metadata": {"request_id": "r", "model_uuid": "m"}})
}

pub(super) async fn deepgram(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Response {
    match has_key(&headers, "authorization", "Token ") {
        true => upgrade(socket, shared, number, Deepgram, None),
        false => status(401, "Invalid credentials."),
    }
}

struct Tencent;

impl Protocol for Tencent {
    fn ends(&self, text: &str) -> bool {
        is_of_type(text, "end")
    }

    fn partial(&self, text: &str) -> Value {
        tencent_slice(text, 1)
    }

    fn segment(&self, text: &str, _: bool) -> Value {
        tencent_slice(text, 2)
    }

    fn done(&self) -> Option<Message> {
        let done = json!({"code": 0, "message": "success", "voice_id": "v", "final": 1});
        Some(Message::text(done.to_string()))
    }

    fn refusal(&self, code: u16) -> Value {
        json!({"code": code, "message": "not now", "voice_id": "v"})
    }
}

fn tencent_slice(text: &str, slice_type: u8) -> Value {
    json!({"code": 0, "message": "success", "voice_id": "v", "message_id": "v_0",
        "result": {"slice_type": slice_type, "index": 0, "start_time": 0, "end_time": 900,
            "voice_text_str": text, "word_size": 0, "word_list": []}})
}

pub(super) async fn tencent(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    uri: Uri,
    socket: WebSocketUpgrade,
) -> Response {
    let target = uri.to_string();
    if !is_signed(&target, "", &shared.host, "signature") {
        let refusal = json!({"code": 4002, "message": "鉴权失败", "voice_id": "v"});
        return socket.on_upgrade(async move |mut socket| tell(&mut socket, refusal).await);
    }
    let welcome = json!({"code": 0, "message": "success", "voice_id": "v"});
    upgrade(socket, shared, number, Tencent, Some(welcome))
}

struct DashScope {
    task: String,
}

impl DashScope {
    fn event(&self, event: &str, payload: &Value) -> Value {
        json!({"header": {"task_id": self.task, "event": event, "attributes": {}}, "payload": payload})
    }

    fn sentence(&self, text: &str, is_end: bool) -> Value {
        let end = is_end.then_some(900);
        self.event(
            "result-generated",
            &json!({"output": {"sentence": {"begin_time": 170, "end_time": end, "text": text,
                "heartbeat": false, "sentence_end": is_end, "words": []}}}),
        )
    }
}

impl Protocol for DashScope {
    fn begins(&mut self, text: &str) -> Option<Vec<Value>> {
        let value: Value = serde_json::from_str(text).ok()?;
        if value["header"]["action"] != "run-task" {
            return None;
        }
        value["header"]["task_id"]
            .as_str()?
            .clone_into(&mut self.task);
        Some(vec![self.event("task-started", &json!({}))])
    }

    fn ends(&self, text: &str) -> bool {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        value["header"]["action"] == "finish-task"
    }

    fn partial(&self, text: &str) -> Value {
        self.sentence(text, false)
    }

    fn segment(&self, text: &str, _: bool) -> Value {
        self.sentence(text, true)
    }

    fn done(&self) -> Option<Message> {
        let done = self.event(
            "task-finished",
            &json!({"output": {}, "usage": {"duration": 1}}),
        );
        Some(Message::text(done.to_string()))
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn refusal(&self, code: u16) -> Value {
        json!({"header": {"task_id": self.task, "event": "task-failed",
            "error_code": format!("Throttling.{code}"), "error_message": "not now"}, "payload": {}})
    }
}

/// The first message says whether a task hears or speaks.
pub(super) async fn dashscope(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Response {
    if !has_key(&headers, "authorization", "Bearer ") {
        return status(401, "Invalid API-key provided.");
    }
    socket.on_upgrade(async move |mut socket| {
        let Some(Ok(Message::Text(first))) = socket.recv().await else {
            return;
        };
        shared.change(number, |seen| seen.texts.push(first.to_string()));
        let value: Value = serde_json::from_str(&first).unwrap_or_default();
        if value["payload"]["task"] == "tts" {
            return super::voices::cosyvoice(socket, shared, number, value).await;
        }
        let mut protocol = DashScope {
            task: String::new(),
        };
        for answer in protocol.begins(&first).unwrap_or_default() {
            tell(&mut socket, answer).await;
        }
        converse(socket, shared, number, protocol).await;
    })
}

/// The server in C++, or the one in Python, which says less.
struct Sherpa {
    is_python: bool,
    /// The segment that is open.
    segment: AtomicUsize,
}

impl Protocol for Sherpa {
    fn ends(&self, text: &str) -> bool {
        text == "Done"
    }

    fn partial(&self, text: &str) -> Value {
        let segment = self.segment.load(Ordering::SeqCst);
        match self.is_python {
            true => json!({"text": text, "segment": segment}),
            false => json!({"text": text, "segment": segment, "is_final": false, "is_eof": false}),
        }
    }

    fn segment(&self, text: &str, is_last: bool) -> Value {
        let segment = self.segment.fetch_add(1, Ordering::SeqCst);
        match self.is_python {
            true => json!({"text": text, "segment": segment}),
            false => json!({"text": text, "tokens": [], "timestamps": [], "segment": segment,
                "start_time": 0.0, "is_final": true, "is_eof": is_last}),
        }
    }

    fn done(&self) -> Option<Message> {
        (!self.is_python).then(|| Message::text("Done!"))
    }

    fn refusal(&self, _: u16) -> Value {
        json!({"error": "not now"})
    }
}

pub(super) async fn sherpa(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    socket: WebSocketUpgrade,
) -> Response {
    let protocol = Sherpa {
        is_python: false,
        segment: AtomicUsize::new(0),
    };
    upgrade(socket, shared, number, protocol, None)
}

pub(super) async fn sherpa_python(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    socket: WebSocketUpgrade,
) -> Response {
    let protocol = Sherpa {
        is_python: true,
        segment: AtomicUsize::new(0),
    };
    upgrade(socket, shared, number, protocol, None)
}

struct FunAsr {
    is_told: AtomicBool,
}

impl Protocol for FunAsr {
    fn begins(&mut self, text: &str) -> Option<Vec<Value>> {
        text.contains("\"2pass\"").then(Vec::new)
    }

    fn ends(&self, text: &str) -> bool {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        value["is_speaking"] == false
    }

    /// Increments: the words once.
    fn partial(&self, text: &str) -> Value {
        let is_told = self.is_told.swap(true, Ordering::SeqCst);
        let text = if is_told { "" } else { text };
        json!({"mode": "2pass-online", "text": text, "wav_name": "w", "is_final": false})
    }

    fn segment(&self, text: &str, is_last: bool) -> Value {
        json!({"mode": "2pass-offline", "text": text, "wav_name": "w", "is_final": is_last,
            "timestamp": "[[100,200]]"})
    }

    fn done(&self) -> Option<Message> {
        None
    }

    fn refusal(&self, _: u16) -> Value {
        json!({"error": "not now"})
    }
}

pub(super) async fn funasr(
    State(shared): State<Shared>,
    Extension(number): Extension<Number>,
    socket: WebSocketUpgrade,
) -> Response {
    let protocol = FunAsr {
        is_told: AtomicBool::new(false),
    };
    let socket = socket.protocols(["binary"]);
    upgrade(socket, shared, number, protocol, None)
}

fn is_of_type(text: &str, kind: &str) -> bool {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    value["type"] == kind
}
