//! What a thinker that asks language models is told at its start.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde_json::{Map, Value};
use voice::{line::Line, script::ScriptRun};

use super::tools::{HttpTool, McpSettings};
use crate::port::Medium;

/// Which protocol a back end speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// `POST <base>/chat/completions`, as OpenAI and most servers of open models.
    OpenAi,
    /// The same body at `<base>/openai/deployments/<model>/chat/completions?api-version=…`.
    Azure,
    /// The same body at `<base>/text/chatcompletion_v2`, with errors in `base_resp`.
    MiniMax,
    /// `POST <base>/chat-messages` of an application, which keeps the history itself.
    Dify,
}

/// One back end.
#[derive(Clone)]
pub struct ModelSettings {
    /// For notes and logs.
    pub name: String,
    /// Its protocol.
    pub kind: ModelKind,
    /// Its base: `https://api.openai.com/v1`. Azure's may end in `?api-version=…`.
    pub url: String,
    /// Sent as `Authorization: Bearer`, by Azure as `api-key`; empty: not sent.
    pub key: String,
    /// The model, or Azure's deployment; Dify has none.
    pub model: String,
    /// Sampling temperature; not sent if absent.
    pub temperature: Option<f64>,
    /// Nucleus sampling; not sent if absent.
    pub top_p: Option<f64>,
    /// The longest answer in tokens; not sent if absent.
    pub max_tokens: Option<u32>,
    /// Merged into each request: wins over what we send, except `messages`, `stream`, `query`.
    pub extra_body: Map<String, Value>,
    /// Longest wait for the first word.
    pub first_token_max: Duration,
    /// Longest wait between two pieces of an answer.
    pub piece_max: Duration,
}

/// The key never prints.
impl fmt::Debug for ModelSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelSettings")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

/// What Dify's applications are told of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifyFacts {
    /// `user`: whom the application keeps the conversation for.
    pub user: String,
    /// `conversation_id` to go on with; empty begins a new one.
    pub conversation: String,
    /// `inputs`.
    pub inputs: BTreeMap<String, String>,
}

/// The prefix of variables that are meant for Dify.
const DIFY_PREFIX: &str = "dify-inputs-";

impl DifyFacts {
    /// From the values that came with the call: `dify-inputs-user`, `dify-inputs-conversation_id`
    /// and `dify-inputs-<name>` (the vendor's page of `CreateAIAgentCall`). `user` is who else it is.
    pub fn of_variables<'a>(
        variables: impl Iterator<Item = (&'a str, &'a str)>,
        user: &str,
    ) -> Self {
        let mut facts = Self {
            user: user.to_owned(),
            ..Self::default()
        };
        for (key, value) in variables {
            match key.strip_prefix(DIFY_PREFIX) {
                Some("user") if !value.is_empty() => value.clone_into(&mut facts.user),
                Some("conversation_id") => value.clone_into(&mut facts.conversation),
                Some("user") | None => {}
                Some(name) => {
                    facts.inputs.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        facts
    }
}

/// Words said while the first sentence is late, as the vendor's `ToneWord`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filler {
    /// How late, from the question.
    pub after: Duration,
    /// One of these, the next one each time.
    pub lines: Vec<Line>,
}

/// What is done when nobody takes the caller over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferFailed {
    /// Said first.
    pub say: Option<Line>,
    /// Whether the model goes on with the caller; otherwise the call ends.
    pub go_on: bool,
}

/// A function by which a model hands the caller over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferFunction {
    /// The function's name: `transfer_to_human`.
    pub name: String,
    /// When the model is to call it.
    pub description: String,
    /// Who takes over, in the words of whoever set up the agent.
    pub target: String,
    /// Said before.
    pub say: Option<Line>,
}

/// What a thinker that asks language models is told at its start.
pub struct ModelThinkerSettings {
    /// What the conversation is held in.
    pub medium: Medium,
    /// Whether it gives what is to be remembered: nobody asks another one in its place otherwise.
    pub remembers: bool,
    /// What another thinker gave to remember, to go on in its place.
    pub recalled: Option<String>,
    /// The back ends in the order in which they are asked; at least one.
    pub backends: Vec<ModelSettings>,
    /// After this long without a word the next back end is asked as well.
    pub failover_after: Duration,
    /// Longest wait for the first word, whoever says it.
    pub answer_max: Duration,
    /// The system prompt, its variables filled in.
    pub prompt: String,
    /// What is said without asking a model: the greeting, prompts about silence.
    pub script: Option<ScriptRun>,
    /// Whether the model greets the caller.
    pub greets: bool,
    /// Whether there are lines for silence in the script.
    pub prompts_silence: bool,
    /// Whether there are lines for unclear speech in the script.
    pub prompts_unclear: bool,
    /// The description of `call_end`; `None`: there is no such function.
    pub call_end: Option<String>,
    /// Functions that hand the caller over.
    pub transfers: Vec<TransferFunction>,
    /// What is done when that fails.
    pub transfer_failed: TransferFailed,
    /// Tools that are HTTP requests.
    pub tools: Vec<HttpTool>,
    /// Servers that have tools.
    pub mcp: Vec<McpSettings>,
    /// Words while the first sentence is late.
    pub filler: Option<Filler>,
    /// Said before `call_end`, if the model said nothing.
    pub goodbye: Option<Line>,
    /// Phrases for recognizers that need to know what to listen for.
    pub phrases: Vec<String>,
    /// What Dify is told.
    pub dify: DifyFacts,
    /// Whether the agent speaks Chinese: what happened is then told to the model in Chinese.
    pub is_chinese: bool,
}
