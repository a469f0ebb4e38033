//! Stand-ins for servers of language models: the exact wire protocol of OpenAI, Azure, MiniMax and
//! Dify over a real socket, with set delays and faults.
//!
//! A test gives one [`Act`] for each request, by its number and body, and sees every request
//! afterwards, with whether its connection was closed before the answer's end.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use futures::stream;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle};

/// What one request is answered with.
#[derive(Clone, Debug)]
pub enum Act {
    /// Words and tool calls.
    Answer(Answer),
    /// A status with a body.
    Status(u16, Value),
    /// Nothing, for as long as the client waits.
    Hang,
    /// A success whose body nobody can read.
    Garbage,
}

/// An answer and its pace.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Before the first piece.
    pub first_after: Duration,
    /// Between two pieces.
    pub between: Duration,
    /// Words, a piece an event.
    pub pieces: Vec<String>,
    /// Tools that are called behind the words, with arguments.
    pub calls: Vec<(String, Value)>,
    /// The connection breaks after so many pieces.
    pub drop_after: Option<usize>,
}

/// Which protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `POST /v1/chat/completions`.
    OpenAi,
    /// `POST /openai/deployments/…/chat/completions`.
    Azure,
    /// `POST /v1/text/chatcompletion_v2`.
    MiniMax,
    /// `POST /v1/chat-messages` of a chatbot.
    DifyChat,
    /// The same of an agent.
    DifyAgent,
    /// The same of a chatflow.
    DifyFlow,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Path and query.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Value,
    /// The client closed the connection before the end of the answer.
    pub is_cut: Arc<AtomicBool>,
}

/// A server. It ends when it is dropped.
pub struct ModelServer {
    /// `http://127.0.0.1:…`, without a path.
    pub origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: AbortHandle,
}

type Script = dyn Fn(usize, &Value) -> Act + Send + Sync;

#[derive(Clone)]
struct Shared {
    protocol: Protocol,
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Answer {
    /// These words, a piece a word, at once.
    pub fn words(text: &str) -> Self {
        Self {
            pieces: text.split_inclusive(' ').map(ToOwned::to_owned).collect(),
            ..Self::default()
        }
    }

    /// One tool call.
    pub fn call(name: &str, arguments: Value) -> Self {
        Self {
            calls: vec![(name.to_owned(), arguments)],
            ..Self::default()
        }
    }

    /// The same, later.
    #[must_use]
    pub fn after(self, first_after: Duration) -> Self {
        Self {
            first_after,
            ..self
        }
    }
}

impl ModelServer {
    /// Starts a server; `script` says what the request of each number, from 1, is answered with.
    pub async fn start(
        protocol: Protocol,
        script: impl Fn(usize, &Value) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::default();
        let shared = Shared {
            protocol,
            script: Arc::new(script),
            seen: Arc::clone(&seen),
        };
        let router = Router::new().fallback(answer).with_state(shared);
        let task = tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            origin: format!("http://{address}"),
            seen,
            task: task.abort_handle(),
        }
    }

    /// The requests so far, those to stop a task included.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    /// Whether the client closed the connection before the end of the answer.
    pub fn was_cut(&self) -> bool {
        self.is_cut.load(Ordering::SeqCst)
    }

    /// The roles and texts of the messages that an OpenAI-like server was sent.
    pub fn messages(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let messages = self.body["messages"].as_array().into_iter().flatten();
        messages
            .map(|message| (text(&message["role"]), text(&message["content"])))
            .collect()
    }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 4 << 20)
        .await
        .unwrap_or_default();
    let seen = Seen {
        target: parts.uri.to_string(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        is_cut: Arc::default(),
    };
    let n = {
        let mut all = shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(seen.clone());
        let is_question = |seen: &&Seen| !seen.target.ends_with("/stop");
        all.iter().filter(is_question).count()
    };
    if seen.target.ends_with("/stop") {
        return json_response(200, &json!({"result": "success"}));
    }
    match (shared.script)(n, &seen.body) {
        Act::Status(status, body) => json_response(status, &body),
        Act::Garbage => event_response(Body::from("data: {\"choices\": [\n\ndata: ???\n\n")),
        Act::Hang => {
            let cut = OnDrop(Arc::clone(&seen.is_cut), true);
            std::future::pending::<()>().await;
            drop(cut);
            json_response(500, &Value::Null)
        }
        Act::Answer(answer) => stream_of(events(shared.protocol, n, &answer), answer, &seen),
    }
}

/// Marks a request as cut, unless it was read to its end.
struct OnDrop(Arc<AtomicBool>, bool);

impl OnDrop {
    fn disarm(&mut self) {
        self.1 = false;
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if self.1 {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}

fn stream_of(events: Vec<String>, answer: Answer, seen: &Seen) -> Response {
    let cut = OnDrop(Arc::clone(&seen.is_cut), true);
    let state = (events.into_iter().enumerate(), answer, cut);
    let body = stream::unfold(state, |(mut events, answer, mut cut)| async move {
        let Some((n, event)) = events.next() else {
            cut.disarm();
            return None;
        };
        if answer.drop_after.is_some_and(|after| n >= after) {
            cut.disarm();
            // What was sent before is on its way by then.
            tokio::time::sleep(answer.between).await;
            let broken = std::io::Error::other("the stand-in drops the connection");
            return Some((
                Err(broken),
                (Vec::new().into_iter().enumerate(), answer, cut),
            ));
        }
        tokio::time::sleep(if n == 0 {
            answer.first_after
        } else {
            answer.between
        })
        .await;
        Some((
            Ok::<_, std::io::Error>(Bytes::from(event)),
            (events, answer, cut),
        ))
    });
    event_response(Body::from_stream(body))
}

fn events(protocol: Protocol, n: usize, answer: &Answer) -> Vec<String> {
    match protocol {
        Protocol::OpenAi | Protocol::Azure | Protocol::MiniMax => chat(protocol, n, answer),
        Protocol::DifyChat | Protocol::DifyAgent | Protocol::DifyFlow => dify(protocol, n, answer),
    }
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// The chunks of a chat completion.
fn chat(protocol: Protocol, n: usize, answer: &Answer) -> Vec<String> {
    let chunk = |choices: Value| {
        event(
            &json!({"id": format!("chatcmpl-{n}"), "object": "chat.completion.chunk", "created": 1,
            "model": "stand-in", "choices": choices}),
        )
    };
    let delta = |delta: Value, finish: Value| {
        chunk(json!([{"index": 0, "delta": delta, "finish_reason": finish}]))
    };
    let mut events: Vec<String> = answer
        .pieces
        .iter()
        .map(|piece| delta(json!({"content": piece}), Value::Null))
        .collect();
    for (idx, (name, arguments)) in answer.calls.iter().enumerate() {
        let id = format!("call_{n}_{idx}");
        events.push(delta(
            json!({"tool_calls": [{"index": idx, "id": id, "type": "function",
                "function": {"name": name, "arguments": ""}}]}),
            Value::Null,
        ));
        // Arguments come in pieces that end anywhere.
        let text: Vec<char> = arguments.to_string().chars().collect();
        for piece in text.chunks(5) {
            let piece: String = piece.iter().collect();
            events.push(delta(
                json!({"tool_calls": [{"index": idx, "function": {"arguments": piece}}]}),
                Value::Null,
            ));
        }
    }
    let reason = if answer.calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    events.push(delta(json!({}), json!(reason)));
    match protocol {
        Protocol::Azure => {
            let first = chunk(json!([])).replace(
                "\"choices\":[]",
                "\"choices\":[],\"prompt_filter_results\":[]",
            );
            events.insert(0, first);
        }
        Protocol::MiniMax => {
            // It repeats the whole answer, and says how it went.
            let whole = json!({"id": "1", "object": "chat.completion", "choices": [{"index": 0,
                "finish_reason": reason, "message": {"role": "assistant", "content": answer.pieces.concat()}}],
                "base_resp": {"status_code": 0, "status_msg": ""}});
            events.push(event(&whole));
            return events;
        }
        _ => {}
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

/// The events of an application.
fn dify(protocol: Protocol, n: usize, answer: &Answer) -> Vec<String> {
    let with = |kind: &str, more: Value| {
        let mut fields = json!({"event": kind, "task_id": format!("task-{n}"), "message_id": "m",
            "conversation_id": "conv-1", "created_at": 1});
        if let Value::Object(more) = more {
            for (name, value) in more {
                fields[name] = value;
            }
        }
        event(&fields)
    };
    let kind = if protocol == Protocol::DifyAgent {
        "agent_message"
    } else {
        "message"
    };
    let mut events: Vec<String> = answer
        .pieces
        .iter()
        .map(|piece| with(kind, json!({"answer": piece})))
        .collect();
    events.insert(events.len().min(1), "event: ping\n\n".to_owned());
    match protocol {
        Protocol::DifyAgent => {
            events.push(with("agent_thought", json!({"thought": "hm", "tool": ""})));
            // The newer agents repeat the whole answer.
            events.push(with("message", json!({"answer": answer.pieces.concat()})));
            events.push(with("message_end", json!({"metadata": {}})));
        }
        Protocol::DifyFlow => {
            events.insert(0, with("workflow_started", json!({"data": {}})));
            events.insert(1, with("node_started", json!({"data": {"title": "LLM"}})));
            events.push(with("message_end", json!({"metadata": {}})));
            events.push(with(
                "workflow_finished",
                json!({"data": {"status": "succeeded"}}),
            ));
        }
        _ => events.push(with("message_end", json!({"metadata": {}}))),
    }
    events
}

fn event_response(body: Body) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .body(body)
        .expect("these headers are valid")
}

fn json_response(status: u16, body: &Value) -> Response {
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("these headers are valid")
}
