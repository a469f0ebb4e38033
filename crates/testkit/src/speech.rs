//! Stand-ins for recognizers and speakers: the exact wire protocols over a real socket, with set
//! delays and faults.
//!
//! One server speaks every protocol, each at its own path; a test gives an [`Act`] for each request,
//! or each utterance and text of a connection, by its number from 1, and sees afterwards what came.

mod ears;
mod sign;
mod voices;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{
        Request, State,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, post},
};
use tokio::{net::TcpListener, task::AbortHandle};

/// The key, secret or token that every service takes; others are refused with 401 or its like.
pub const KEY: &str = "sk-stand-in";

/// The public half and the account, where there are such.
pub const SECRET_ID: &str = "AKIDstandin";
/// The account.
pub const APP_ID: &str = "1300000001";

/// What one utterance or text is answered with.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// What a recognizer understands, in segments: all but the last are final before the end.
    pub words: Vec<String>,
    /// Before the answer: from the end of an utterance, or from a text.
    pub after: Duration,
    /// Between two pieces of a speech.
    pub between: Duration,
    /// What goes wrong.
    pub fault: Option<Fault>,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An HTTP status instead of an answer, where there is one; a code of the service otherwise.
    Status(u16),
    /// The connection breaks in the middle: of the sound that comes, or of the sound that goes.
    Drop,
    /// Something that nobody can read.
    Garbage,
    /// Nothing more, for as long as the client waits.
    Hang,
}

/// A request, or a connection with all that came by it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Path and query.
    pub target: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, or the texts of a connection.
    pub texts: Vec<String>,
    /// Bytes of sound.
    pub sound: Vec<u8>,
    /// The client closed the connection before the answer's end.
    pub is_cut: bool,
}

/// A server. It ends when it is dropped.
pub struct SpeechServer {
    /// `127.0.0.1:…`.
    pub host: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: AbortHandle,
}

type Script = dyn Fn(usize) -> Act + Send + Sync;

#[derive(Clone)]
struct Shared {
    script: Arc<Script>,
    n_acts: Arc<std::sync::atomic::AtomicUsize>,
    seen: Arc<Mutex<Vec<Seen>>>,
    host: String,
}

impl Act {
    /// Understands these words at once.
    pub fn hears(words: &str) -> Self {
        Self {
            words: vec![words.to_owned()],
            ..Self::default()
        }
    }

    /// Goes wrong.
    pub fn fails(fault: Fault) -> Self {
        Self {
            words: vec!["never".to_owned()],
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// The same, later.
    #[must_use]
    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

impl SpeechServer {
    /// Starts a server; `script` says what the request of each number, from 1, is answered with.
    pub async fn start(script: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let host = listener.local_addr().expect("it is bound").to_string();
        let seen = Arc::default();
        let shared = Shared {
            script: Arc::new(script),
            n_acts: Arc::default(),
            seen: Arc::clone(&seen),
            host: host.clone(),
        };
        let task = tokio::spawn(async move {
            axum::serve(listener, router(shared))
                .await
                .expect("a loopback server serves");
        });
        Self {
            host,
            seen,
            task: task.abort_handle(),
        }
    }

    /// What came, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for SpeechServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/v1/audio/transcriptions", post(ears::openai))
        .route("/v1/audio/speech", post(voices::openai))
        .route("/v1/listen", any(ears::deepgram))
        .route("/asr/v2/{app_id}", any(ears::tencent))
        .route("/stream_wsv2", any(voices::tencent))
        .route("/api-ws/v1/inference", any(ears::dashscope))
        .route("/sherpa", any(ears::sherpa))
        .route("/sherpa-python", any(ears::sherpa_python))
        .route("/funasr", any(ears::funasr))
        .route("/stream-audio", post(voices::custom))
        .route("/v1/t2a_v2", post(voices::minimax))
        .route("/cognitiveservices/v1", post(voices::azure))
        .route("/api/v1/tts", post(voices::volcengine))
        .layer(middleware::from_fn_with_state(shared.clone(), note))
        .with_state(shared)
}

/// A request's number among those that were seen.
#[derive(Clone, Copy)]
struct Number(usize);

async fn note(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let seen = Seen {
        target: request.uri().to_string(),
        headers: request.headers().clone(),
        ..Seen::default()
    };
    let number = {
        let mut all = shared.all();
        all.push(seen);
        all.len() - 1
    };
    request.extensions_mut().insert(Number(number));
    next.run(request).await
}

impl Shared {
    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, Number(number): Number, change: impl FnOnce(&mut Seen)) {
        change(&mut self.all()[number]);
    }

    /// What the next utterance or text is answered with.
    fn act(&self) -> Act {
        let before = self
            .n_acts
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (self.script)(before + 1)
    }
}

/// Whether a header carries the key behind a word.
fn has_key(headers: &HeaderMap, name: &str, prefix: &str) -> bool {
    headers.get(name).and_then(|value| value.to_str().ok()) == Some(&format!("{prefix}{KEY}"))
}

fn status(code: u16, why: &str) -> Response {
    let status = StatusCode::from_u16(code).expect("a status");
    let body = serde_json::json!({"error": {"message": why, "code": "refused"}});
    (status, axum::Json(body)).into_response()
}

/// Sends JSON; a client that has gone does not need it.
async fn tell(socket: &mut WebSocket, value: serde_json::Value) {
    let _ = socket.send(Message::text(value.to_string())).await;
}

/// Waits until the client closes the connection.
async fn hang(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}

/// What a speech sounds like: 60 ms of a tone for each character.
fn tone(text: &str, rate_hz: u32) -> Vec<i16> {
    let n_samples = text.chars().count() as u32 * 60 * (rate_hz / 1000);
    let sample = |n: u32| {
        let phase = n as f32 / rate_hz as f32 * std::f32::consts::TAU * 300.0;
        (phase.sin() * 8_000.0) as i16
    };
    (0..n_samples).map(sample).collect()
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}
