//! Dify's applications: chatbots, agents and chatflows behind `POST <base>/chat-messages`.
//!
//! The application keeps the history. A conversation is known by the id that its first event
//! brings; an answer that nobody wants is ended with `POST …/<task>/stop`, because closing the
//! connection alone does not end it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value, json};
use tokio::{runtime::Handle, sync::mpsc};

use super::{
    backend::{Delta, INVOKED, Item, accepted},
    event_stream::EventStream,
    failure::ModelFailure,
    prompt::Prompt,
    settings::{DifyFacts, ModelSettings},
};

/// How long an application may go on after its answer: a chatflow has nodes behind it.
const AFTERMATH_MAX: Duration = Duration::from_secs(10);

/// Longest wait for the answer to a stop.
const STOP_MAX: Duration = Duration::from_secs(3);

/// What `extra_body` must not replace.
const OURS: [&str; 2] = ["query", "response_mode"];

/// One conversation with an application.
#[derive(Debug)]
pub(super) struct DifyTalk {
    facts: DifyFacts,
    conversation: Mutex<String>,
}

/// What one event comes to.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    Delta(Delta),
    End,
}

impl DifyTalk {
    pub fn new(facts: DifyFacts) -> Self {
        Self {
            conversation: Mutex::new(facts.conversation.clone()),
            facts,
        }
    }

    /// Asks, and hands on the words as they come.
    pub async fn ask(
        &self,
        client: &reqwest::Client,
        settings: &ModelSettings,
        prompt: &Prompt,
        pieces: &mpsc::Sender<Item>,
    ) -> Result<(), ModelFailure> {
        let asked = self.post(client, settings, prompt).await;
        let response = match asked {
            // The application has forgotten the conversation, or knows it under another user.
            Err(ModelFailure::Refused { status: 404, .. }) if !self.conversation().is_empty() => {
                self.set_conversation("");
                self.post(client, settings, prompt).await?
            }
            other => other?,
        };
        let stop = StopOnDrop::new(client.clone(), settings, &self.facts.user);
        self.read(response, settings.piece_max, pieces, stop).await
    }

    async fn post(
        &self,
        client: &reqwest::Client,
        settings: &ModelSettings,
        prompt: &Prompt,
    ) -> Result<reqwest::Response, ModelFailure> {
        let mut request = client
            .post(format!("{}/chat-messages", base(settings)))
            .bearer_auth(&settings.key)
            .json(&self.body(settings, prompt));
        if prompt.is_invoked {
            request = request.header(INVOKED.0, INVOKED.1);
        }
        let response = request
            .send()
            .await
            .map_err(|error| ModelFailure::of_client(&error))?;
        accepted(response).await
    }

    fn body(&self, settings: &ModelSettings, prompt: &Prompt) -> Value {
        let mut body = Map::new();
        body.insert("query".to_owned(), json!(prompt.query));
        body.insert("inputs".to_owned(), json!(self.facts.inputs));
        body.insert("user".to_owned(), json!(self.facts.user));
        body.insert("response_mode".to_owned(), json!("streaming"));
        body.insert("conversation_id".to_owned(), json!(self.conversation()));
        for (name, value) in &settings.extra_body {
            if !OURS.contains(&name.as_str()) {
                body.insert(name.clone(), value.clone());
            }
        }
        Value::Object(body)
    }

    async fn read(
        &self,
        mut response: reqwest::Response,
        piece_max: Duration,
        pieces: &mpsc::Sender<Item>,
        mut stop: StopOnDrop,
    ) -> Result<(), ModelFailure> {
        let mut events = EventStream::default();
        let mut reading = Reading::default();
        loop {
            // Pings come every 10 s and are no sign of an answer; they do not lengthen this wait.
            let piece = tokio::time::timeout(piece_max, response.chunk())
                .await
                .map_err(|_| ModelFailure::Broken(format!("nothing more within {piece_max:?}")))?
                .map_err(|error| ModelFailure::Broken(super::super::dialogue::cause(&error)))?;
            let whole = match &piece {
                Some(piece) => events.push(piece)?,
                None => events.end()?.into_iter().collect(),
            };
            for data in whole {
                let event: Value = serde_json::from_str(&data)
                    .map_err(|error| ModelFailure::Unreadable(error.to_string()))?;
                self.note(&event, &mut stop);
                match reading.take(&event)? {
                    Told::Nothing => {}
                    Told::Delta(delta) => {
                        let _ = pieces.send(Item::Delta(delta)).await;
                    }
                    Told::End => {
                        stop.disarm();
                        tokio::spawn(tokio::time::timeout(AFTERMATH_MAX, drain(response)));
                        return Ok(());
                    }
                }
            }
            if piece.is_none() {
                stop.disarm();
                return Err(ModelFailure::Broken(
                    "the stream ended before its end".to_owned(),
                ));
            }
        }
    }

    /// Keeps what names the conversation and the task.
    fn note(&self, event: &Value, stop: &mut StopOnDrop) {
        if let Some(id) = event["conversation_id"]
            .as_str()
            .filter(|id| !id.is_empty())
        {
            self.set_conversation(id);
        }
        if let Some(task) = event["task_id"].as_str().filter(|_| stop.task.is_none()) {
            stop.task = Some(task.to_owned());
        }
    }

    /// The application's id of the conversation; empty before its first answer.
    pub fn conversation(&self) -> String {
        self.conversation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Goes on with a conversation that was begun elsewhere.
    pub fn set_conversation(&self, id: &str) {
        id.clone_into(
            &mut self
                .conversation
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
    }
}

/// An answer as it comes.
#[derive(Debug, Default)]
struct Reading {
    /// Agents send their words as `agent_message`, and some repeat them as one `message`.
    is_agent: bool,
}

impl Reading {
    fn take(&mut self, event: &Value) -> Result<Told, ModelFailure> {
        let words = || event["answer"].as_str().unwrap_or_default().to_owned();
        Ok(match event["event"].as_str().unwrap_or_default() {
            "message" if self.is_agent => Told::Nothing,
            "message" => text(words()),
            "agent_message" => {
                self.is_agent = true;
                text(words())
            }
            "message_replace" => Told::Delta(Delta::Replace(words())),
            "workflow_paused" | "human_input_required" => Told::Delta(Delta::Human),
            "message_end" => Told::End,
            "workflow_finished" => match event["data"]["status"].as_str() {
                // An `error` event follows.
                Some("failed") => Told::Nothing,
                _ => Told::End,
            },
            "error" => {
                let status = event["status"]
                    .as_u64()
                    .and_then(|status| u16::try_from(status).ok());
                let why = event["message"].as_str().unwrap_or("no reason given");
                return Err(ModelFailure::of_status(status.unwrap_or(500), why, None));
            }
            _ => Told::Nothing,
        })
    }
}

fn text(words: String) -> Told {
    if words.is_empty() {
        Told::Nothing
    } else {
        Told::Delta(Delta::Text(words))
    }
}

fn base(settings: &ModelSettings) -> &str {
    settings
        .url
        .trim_end_matches('/')
        .trim_end_matches("/chat-messages")
}

/// Reads what is left, so that the application is not cut off behind its answer.
async fn drain(mut response: reqwest::Response) {
    while let Ok(Some(_)) = response.chunk().await {}
}

/// Ends a task that nobody waits for.
#[derive(Debug)]
struct StopOnDrop {
    client: reqwest::Client,
    url: String,
    key: String,
    user: String,
    task: Option<String>,
    is_armed: bool,
    runtime: Handle,
}

impl StopOnDrop {
    fn new(client: reqwest::Client, settings: &ModelSettings, user: &str) -> Self {
        Self {
            client,
            url: format!("{}/chat-messages", base(settings)),
            key: settings.key.clone(),
            user: user.to_owned(),
            task: None,
            is_armed: true,
            runtime: Handle::current(),
        }
    }

    fn disarm(&mut self) {
        self.is_armed = false;
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        let Some(task) = self.task.take().filter(|_| self.is_armed) else {
            return;
        };
        let stop = self
            .client
            .post(format!("{}/{task}/stop", self.url))
            .bearer_auth(&self.key)
            .timeout(STOP_MAX)
            .json(&json!({"user": self.user}));
        self.runtime.spawn(async move {
            if let Err(error) = stop.send().await {
                let why = super::super::dialogue::cause(&error);
                tracing::info!(why, "an application does not know that it was cut");
            }
        });
    }
}
