//! The body of OpenAI's chat completions, and what comes back of it.
//!
//! Only fields that every server knows are sent; others come from `extra_body`. What comes back is
//! taken as loosely as servers write it: tool calls without index, a whole answer where a stream was
//! asked for, errors inside the stream.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    backend::Delta,
    failure::ModelFailure,
    prompt::{Message, Prompt, ToolCall},
    settings::{ModelKind, ModelSettings},
};

/// Tool calls in one answer; more are a fault of the model.
const CALLS_MAX: usize = 16;

/// The longest arguments of one call, in bytes.
const ARGUMENTS_BYTES_MAX: usize = 64 * 1024;

/// What `extra_body` must not replace.
const OURS: [&str; 2] = ["messages", "stream"];

/// The body of a request.
pub(super) fn body(settings: &ModelSettings, prompt: &Prompt) -> Value {
    let mut body = Map::new();
    if settings.kind != ModelKind::Azure {
        body.insert("model".to_owned(), json!(settings.model));
    }
    body.insert("messages".to_owned(), messages(prompt));
    body.insert("stream".to_owned(), json!(true));
    if !prompt.tools.is_empty() {
        let tools: Vec<Value> = prompt
            .tools
            .iter()
            .map(|tool| {
                json!({"type": "function", "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                }})
            })
            .collect();
        body.insert("tools".to_owned(), json!(tools));
    }
    let numbers = [
        (
            "temperature",
            settings.temperature.map(|value| json!(value)),
        ),
        ("top_p", settings.top_p.map(|value| json!(value))),
        ("max_tokens", settings.max_tokens.map(|value| json!(value))),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    }
    for (name, value) in &settings.extra_body {
        if !OURS.contains(&name.as_str()) {
            body.insert(name.clone(), value.clone());
        }
    }
    Value::Object(body)
}

fn messages(prompt: &Prompt) -> Value {
    let system = (!prompt.system.trim().is_empty())
        .then(|| json!({"role": "system", "content": prompt.system}));
    let rest = prompt.messages.iter().map(|message| match message {
        Message::User(text) => json!({"role": "user", "content": text}),
        Message::Assistant { text, calls } if calls.is_empty() => {
            json!({"role": "assistant", "content": text})
        }
        Message::Assistant { text, calls } => {
            let content = if text.is_empty() {
                Value::Null
            } else {
                json!(text)
            };
            let calls: Vec<Value> = calls.iter().map(call).collect();
            json!({"role": "assistant", "content": content, "tool_calls": calls})
        }
        Message::Tool { call, content } => {
            json!({"role": "tool", "tool_call_id": call, "content": content})
        }
    });
    Value::Array(system.into_iter().chain(rest).collect())
}

fn call(call: &ToolCall) -> Value {
    json!({"id": call.id, "type": "function",
        "function": {"name": call.name, "arguments": call.arguments}})
}

/// An answer as it comes.
#[derive(Debug, Default)]
pub(super) struct Answer {
    calls: BTreeMap<u64, ToolCall>,
    has_delta: bool,
    /// The server said that it is done.
    pub is_finished: bool,
}

impl Answer {
    /// Takes the data of one event.
    pub fn take(&mut self, data: &str) -> Result<Vec<Delta>, ModelFailure> {
        let data = data.trim();
        if data == "[DONE]" {
            self.is_finished = true;
            return Ok(Vec::new());
        }
        let chunk: Value = serde_json::from_str(data)
            .map_err(|error| ModelFailure::Unreadable(error.to_string()))?;
        self.chunk(&chunk)
    }

    /// Takes one chunk, or a whole answer.
    pub fn chunk(&mut self, chunk: &Value) -> Result<Vec<Delta>, ModelFailure> {
        if let Some(failure) = failure(chunk) {
            return Err(failure);
        }
        // Azure's first chunk and the last one with the usage have no choices.
        let choice = &chunk["choices"][0];
        let mut deltas = Vec::new();
        match (&choice["delta"], &choice["message"]) {
            (Value::Object(delta), _) => {
                self.has_delta = true;
                self.part(&Value::Object(delta.clone()), &mut deltas)?;
            }
            // MiniMax repeats the whole answer at the end of a stream.
            (_, Value::Object(message)) if !self.has_delta => {
                self.part(&Value::Object(message.clone()), &mut deltas)?;
            }
            _ => {}
        }
        if choice["finish_reason"].is_string() {
            self.is_finished = true;
        }
        Ok(deltas)
    }

    /// The tool calls, once the answer has ended.
    pub fn calls(&mut self) -> Vec<ToolCall> {
        let calls = std::mem::take(&mut self.calls);
        let named = calls.into_iter().filter(|(_, call)| !call.name.is_empty());
        named
            .map(|(idx, call)| ToolCall {
                id: if call.id.is_empty() {
                    format!("call_{idx}")
                } else {
                    call.id
                },
                ..call
            })
            .collect()
    }

    fn part(&mut self, part: &Value, deltas: &mut Vec<Delta>) -> Result<(), ModelFailure> {
        if let Some(text) = part["content"].as_str().filter(|text| !text.is_empty()) {
            deltas.push(Delta::Text(text.to_owned()));
        }
        for piece in part["tool_calls"].as_array().into_iter().flatten() {
            self.call_piece(piece)?;
            deltas.push(Delta::Calling);
        }
        Ok(())
    }

    fn call_piece(&mut self, piece: &Value) -> Result<(), ModelFailure> {
        let id = piece["id"].as_str().unwrap_or_default();
        let idx = piece["index"].as_u64().unwrap_or_else(|| self.idx_of(id));
        if !self.calls.contains_key(&idx) && self.calls.len() >= CALLS_MAX {
            return Err(ModelFailure::Unreadable(
                "it calls too many tools".to_owned(),
            ));
        }
        let call = self.calls.entry(idx).or_default();
        if call.id.is_empty() {
            id.clone_into(&mut call.id);
        }
        let function = &piece["function"];
        if let Some(name) = function["name"].as_str().filter(|_| call.name.is_empty()) {
            name.clone_into(&mut call.name);
        }
        match &function["arguments"] {
            Value::String(text) => call.arguments.push_str(text),
            Value::Object(whole) => call.arguments = Value::Object(whole.clone()).to_string(),
            _ => {}
        }
        if call.arguments.len() > ARGUMENTS_BYTES_MAX {
            return Err(ModelFailure::Unreadable(
                "arguments are too long".to_owned(),
            ));
        }
        Ok(())
    }

    /// Servers that send no index begin a new call with a new id.
    fn idx_of(&self, id: &str) -> u64 {
        let last = self.calls.keys().next_back().copied();
        let known = self.calls.iter().find(|(_, call)| call.id == id);
        match (known, last) {
            (Some((idx, _)), _) if !id.is_empty() => *idx,
            (_, Some(last)) if id.is_empty() => last,
            (_, Some(last)) => last + 1,
            (_, None) => 0,
        }
    }
}

/// What the server says went wrong, in a body or in a chunk.
pub(super) fn failure(body: &Value) -> Option<ModelFailure> {
    if let Some(code) = body["base_resp"]["status_code"]
        .as_i64()
        .filter(|code| *code != 0)
    {
        let why = format!(
            "{code} {}",
            body["base_resp"]["status_msg"].as_str().unwrap_or_default()
        );
        // 1002 and 1039: limits; 1000, 1013, 1024, 1033: inner faults; the rest is ours to change.
        return Some(match code {
            1002 | 1039 => ModelFailure::of_status(429, &why, None),
            1000 | 1001 | 1013 | 1024 | 1033 => ModelFailure::of_status(500, &why, None),
            _ => ModelFailure::of_status(400, &why, None),
        });
    }
    let error = match &body["error"] {
        Value::Null => return None,
        error => error,
    };
    let code = &error["code"];
    let status = code
        .as_u64()
        .or_else(|| code.as_str().and_then(|code| code.parse().ok()))
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (400..600).contains(code))
        .unwrap_or(match error["type"].as_str() {
            Some("rate_limit_error" | "rate_limit_exceeded" | "tokens") => 429,
            Some("invalid_request_error" | "authentication_error") => 400,
            _ => 500,
        });
    Some(ModelFailure::of_status(status, &words(error), None))
}

/// What an error says to people.
fn words(error: &Value) -> String {
    match error {
        Value::String(text) => text.clone(),
        other => other["message"]
            .as_str()
            .map_or_else(|| other.to_string(), ToOwned::to_owned),
    }
}
