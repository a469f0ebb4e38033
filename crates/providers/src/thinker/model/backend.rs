//! One back end: a question goes out, pieces of the answer come in.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{sync::mpsc, task::AbortHandle};

use super::{
    chat::{self, Answer},
    dify::DifyTalk,
    event_stream::{ANSWER_BYTES_MAX, EventStream},
    failure::ModelFailure,
    prompt::{Prompt, ToolCall},
    settings::{DifyFacts, ModelKind, ModelSettings},
};

/// Pieces that may wait for the thinker; a server that is faster waits.
const PIECES_MAX: usize = 64;

/// The API version of Azure that is asked for where the address names none.
const AZURE_VERSION: &str = "2024-10-21";

/// What a request carries that somebody caused by request, as the vendor's `InvokeLLM` says.
pub(super) const INVOKED: (&str, &str) = ("X-Invoke-LLM", "1");

/// The longest error body that is read, in bytes.
const ERROR_BYTES_MAX: usize = 16 * 1024;

/// One piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Delta {
    /// More words.
    Text(String),
    /// All words so far were wrong; these are right.
    Replace(String),
    /// A tool call has begun or goes on: a sign of life.
    Calling,
    /// The tool calls; the answer ends with them.
    Calls(Vec<ToolCall>),
    /// A person is asked for.
    Human,
}

/// What comes of a question.
#[derive(Debug)]
pub(super) enum Item {
    /// A piece.
    Delta(Delta),
    /// The end, or why there is none.
    End(Result<(), ModelFailure>),
}

/// One back end of one conversation.
#[derive(Clone)]
pub(super) struct Backend {
    pub settings: Arc<ModelSettings>,
    client: reqwest::Client,
    dify: Arc<DifyTalk>,
}

/// A question on its way. Dropping it closes the connection.
#[derive(Debug)]
pub(super) struct Asking {
    items: mpsc::Receiver<Item>,
    task: AbortHandle,
    /// When it was asked.
    pub since: Instant,
}

impl Backend {
    pub fn new(client: reqwest::Client, settings: ModelSettings, dify: DifyFacts) -> Self {
        Self {
            settings: Arc::new(settings),
            client,
            dify: Arc::new(DifyTalk::new(dify)),
        }
    }

    /// Whether the history is kept there, so that a half answer cannot be gone on with.
    pub fn keeps_history(&self) -> bool {
        self.settings.kind == ModelKind::Dify
    }

    /// Which conversation it has with us, where the history is kept there; empty before the first
    /// answer.
    pub fn conversation(&self) -> String {
        self.dify.conversation()
    }

    /// Goes on with this conversation.
    pub fn go_on_with(&self, conversation: &str) {
        self.dify.set_conversation(conversation);
    }

    /// Asks. Must be called within a tokio runtime.
    pub fn ask(&self, prompt: Arc<Prompt>) -> Asking {
        let (pieces, items) = mpsc::channel(PIECES_MAX);
        let backend = self.clone();
        let task = tokio::spawn(async move {
            let done = match backend.settings.kind {
                ModelKind::Dify => {
                    let talk = Arc::clone(&backend.dify);
                    talk.ask(&backend.client, &backend.settings, &prompt, &pieces)
                        .await
                }
                ModelKind::OpenAi | ModelKind::Azure | ModelKind::MiniMax => {
                    backend.chat(&prompt, &pieces).await
                }
            };
            // Whoever asked may have gone.
            let _ = pieces.send(Item::End(done)).await;
        });
        Asking {
            items,
            task: task.abort_handle(),
            since: Instant::now(),
        }
    }

    async fn chat(&self, prompt: &Prompt, pieces: &mpsc::Sender<Item>) -> Result<(), ModelFailure> {
        let settings = &self.settings;
        let mut request = self
            .client
            .post(chat_url(settings))
            .json(&chat::body(settings, prompt));
        if !settings.key.is_empty() {
            request = match settings.kind {
                ModelKind::Azure => request.header("api-key", &settings.key),
                ModelKind::OpenAi | ModelKind::MiniMax | ModelKind::Dify => {
                    request.bearer_auth(&settings.key)
                }
            };
        }
        if prompt.is_invoked {
            request = request.header(INVOKED.0, INVOKED.1);
        }
        let response = request
            .header("accept", "text/event-stream")
            .send()
            .await
            .map_err(|error| ModelFailure::of_client(&error))?;
        let response = accepted(response).await?;
        let mut answer = Answer::default();
        if is_json(&response) {
            let whole = read_whole(response, settings.piece_max).await?;
            let whole: Value = serde_json::from_slice(&whole)
                .map_err(|error| ModelFailure::Unreadable(error.to_string()))?;
            send(pieces, answer.chunk(&whole)?).await;
            answer.is_finished = true;
        } else {
            let mut take = |data: &str| answer.take(data);
            stream(response, settings.piece_max, pieces, &mut take).await?;
        }
        if !answer.is_finished {
            return Err(ModelFailure::Broken(
                "the stream ended before its end".to_owned(),
            ));
        }
        let calls = answer.calls();
        if !calls.is_empty() {
            send(pieces, vec![Delta::Calls(calls)]).await;
        }
        Ok(())
    }
}

impl Asking {
    /// The next item; after the end there is none.
    pub async fn next(&mut self) -> Item {
        let gone = || Item::End(Err(ModelFailure::Broken("its task has ended".to_owned())));
        self.items.recv().await.unwrap_or_else(gone)
    }

    /// As [`Asking::next`], for whoever waits for several.
    pub fn poll(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Item> {
        let gone = || Item::End(Err(ModelFailure::Broken("its task has ended".to_owned())));
        self.items
            .poll_recv(context)
            .map(|item| item.unwrap_or_else(gone))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where a question goes.
fn chat_url(settings: &ModelSettings) -> String {
    let (base, query) = match settings.url.split_once('?') {
        Some((base, query)) => (base, Some(query)),
        None => (settings.url.as_str(), None),
    };
    let base = base.trim_end_matches('/');
    let is_whole = base.ends_with("/chat/completions") || base.ends_with("/chatcompletion_v2");
    let path = match settings.kind {
        _ if is_whole => base.to_owned(),
        ModelKind::Azure if base.contains("/deployments/") => format!("{base}/chat/completions"),
        ModelKind::Azure => format!(
            "{base}/openai/deployments/{}/chat/completions",
            settings.model
        ),
        ModelKind::MiniMax => format!("{base}/text/chatcompletion_v2"),
        ModelKind::OpenAi | ModelKind::Dify => format!("{base}/chat/completions"),
    };
    match (query, settings.kind) {
        (Some(query), _) => format!("{path}?{query}"),
        (None, ModelKind::Azure) => format!("{path}?api-version={AZURE_VERSION}"),
        (None, _) => path,
    }
}

/// A response that is a success, or the failure that it tells of.
pub(super) async fn accepted(
    response: reqwest::Response,
) -> Result<reqwest::Response, ModelFailure> {
    let status = response.status().as_u16();
    if (200..300).contains(&status) {
        return Ok(response);
    }
    let retry_after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let body = read_up_to(response, ERROR_BYTES_MAX)
        .await
        .unwrap_or_default();
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    let words = [
        &told["error"]["message"],
        &told["error"],
        &told["message"],
        &told["detail"],
    ];
    let why = words.iter().find_map(|words| words.as_str());
    let why = why.map_or_else(
        || String::from_utf8_lossy(&body).into_owned(),
        ToOwned::to_owned,
    );
    Err(ModelFailure::of_status(status, &why, retry_after))
}

fn is_json(response: &reqwest::Response) -> bool {
    let kind = response.headers().get("content-type");
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"))
}

/// Reads the events of a response and hands on what `take` makes of each.
pub(super) async fn stream(
    mut response: reqwest::Response,
    piece_max: Duration,
    pieces: &mpsc::Sender<Item>,
    take: &mut (dyn FnMut(&str) -> Result<Vec<Delta>, ModelFailure> + Send),
) -> Result<(), ModelFailure> {
    let mut events = EventStream::default();
    loop {
        let piece = tokio::time::timeout(piece_max, response.chunk())
            .await
            .map_err(|_| ModelFailure::Broken(format!("nothing more within {piece_max:?}")))?
            .map_err(|error| ModelFailure::Broken(super::super::dialogue::cause(&error)))?;
        let Some(piece) = piece else {
            if let Some(data) = events.end()? {
                send(pieces, take(&data)?).await;
            }
            return Ok(());
        };
        for data in events.push(&piece)? {
            send(pieces, take(&data)?).await;
        }
    }
}

/// Whoever asked may have gone; then the task ends at its next wait.
async fn send(pieces: &mpsc::Sender<Item>, deltas: Vec<Delta>) {
    for delta in deltas {
        let _ = pieces.send(Item::Delta(delta)).await;
    }
}

async fn read_whole(response: reqwest::Response, max: Duration) -> Result<Vec<u8>, ModelFailure> {
    tokio::time::timeout(max, read_up_to(response, ANSWER_BYTES_MAX))
        .await
        .map_err(|_| ModelFailure::Broken(format!("not whole within {max:?}")))?
}

async fn read_up_to(mut response: reqwest::Response, max: usize) -> Result<Vec<u8>, ModelFailure> {
    let mut body = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| ModelFailure::of_client(&error))?
    {
        if body.len() + piece.len() > max {
            return Err(ModelFailure::Unreadable("it is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thinker::model::tests::model;

    #[test]
    fn each_kind_has_its_own_address() {
        for (kind, url, expected) in [
            (
                ModelKind::OpenAi,
                "http://m/v1/",
                "http://m/v1/chat/completions",
            ),
            (
                ModelKind::OpenAi,
                "http://m/v1/chat/completions",
                "http://m/v1/chat/completions",
            ),
            (
                ModelKind::Azure,
                "https://r.openai.azure.com?api-version=2024-06-01",
                "https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-06-01",
            ),
            (
                ModelKind::Azure,
                "https://r.openai.azure.com/",
                "https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
            ),
            (
                ModelKind::Azure,
                "https://r/openai/deployments/d?api-version=1",
                "https://r/openai/deployments/d/chat/completions?api-version=1",
            ),
            (
                ModelKind::MiniMax,
                "https://m/v1",
                "https://m/v1/text/chatcompletion_v2",
            ),
        ] {
            let settings = ModelSettings {
                url: url.to_owned(),
                ..model(kind)
            };
            assert_eq!(chat_url(&settings), expected);
        }
    }
}
