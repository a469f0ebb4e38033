//! The part of a document that says which language models think, and what they may do.

use std::{collections::BTreeMap, time::Duration};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use voice::{
    line::Line,
    script::{After, NoInput, Reaction, Script, ScriptParts, SimpleScript, Step},
};

use super::{
    DocumentFault,
    conduct::{Limits, Telephone, Turns, fault, within},
    review::ReviewText,
    speech::{RecognizerText, SpeakerText, SpeechParts},
    wire::{
        LineText, NextText, NoInputText, Read, hang_up, no_input_after_second, reaction,
        reactions_max, yes,
    },
};

/// The longest system prompt, in characters.
const PROMPT_CHARS_MAX: usize = 65_536;

/// Longest lists.
const MODELS_MAX: usize = 5;
const TOOLS_MAX: usize = 32;
const SERVERS_MAX: usize = 8;
const TRANSFERS_MAX: usize = 20;

/// The model form: language models decide what is said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelDocument {
    /// Language tag of all lines: `en`, `zh` …
    language: String,
    /// The speaker's voice; its default for the language if absent.
    pub(super) voice: Option<String>,
    /// Said first. Without one the caller speaks first, unless `thinker.greets`.
    greeting: Option<LineText>,
    /// Whether the caller may cut the greeting.
    #[serde(default = "yes")]
    greeting_interruptible: bool,
    /// Silence before the greeting, 0 to 60. The variable `welcome-message-delay` wins.
    #[serde(default)]
    welcome_delay_second: u32,
    /// Who thinks.
    thinker: ThinkerText,
    /// What to do when the caller says nothing; without lines the model is asked.
    no_input: Option<NoInputText>,
    /// Said when the recognizer understood nothing; without it the model is asked.
    no_match: Option<LineText>,
    /// Said before hanging up, where the model says nothing.
    goodbye: Option<LineText>,
    /// Values for variables that a call does not give.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// Whose turn it is to speak.
    #[serde(default)]
    pub(super) turns: Turns,
    /// When the call is ended.
    #[serde(default)]
    pub(super) limits: Limits,
    /// What is heard besides words.
    #[serde(default)]
    pub(super) telephone: Telephone,
    /// Said once when all models fail, or the speaker does.
    fallback: Option<LineText>,
    /// What is found out about a call after its end.
    #[serde(default)]
    review: ReviewText,
    /// Who hears the caller.
    recognizer: Option<RecognizerText>,
    /// Who speaks.
    speaker: Option<SpeakerText>,
}

/// Which language models think, and what they may do.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThinkerText {
    /// Names of language models, 1 to 5, in the order in which they are asked.
    pub(crate) models: Vec<String>,
    /// The system prompt; may hold `${name}`. At most 65,536 characters.
    #[serde(default)]
    pub(crate) prompt: String,
    /// Whether the model greets the caller; then there is no `greeting`.
    #[serde(default)]
    pub(crate) greets: bool,
    /// Whether the model may end the call, by the function `call_end`.
    #[serde(default = "yes")]
    pub(crate) call_end: bool,
    /// When it is to do so.
    #[serde(default = "call_end_description")]
    pub(crate) call_end_description: String,
    /// Functions by which the model hands the caller over, at most 20.
    #[serde(default)]
    pub(crate) transfers: Vec<TransferText>,
    /// What is done when nobody takes over; without it the call ends with the goodbye.
    pub(crate) transfer_failed: Option<TransferFailedText>,
    /// HTTP requests that the model may make, at most 32.
    #[serde(default)]
    pub(crate) tools: Vec<ToolText>,
    /// Servers of the Model Context Protocol whose tools it may call, at most 8.
    #[serde(default)]
    pub(crate) mcp: Vec<McpText>,
    /// Words said while the first sentence is late.
    pub(crate) filler: Option<FillerText>,
    /// Silence of a model after which the next one is asked as well, 100 to 5,000 ms.
    #[serde(default = "failover_ms")]
    pub(crate) failover_ms: u32,
    /// Longest wait for the first word, whoever says it, 1,000 to 9,000 ms.
    #[serde(default = "answer_ms")]
    pub(crate) answer_ms: u32,
    /// Phrases for recognizers that must know what to listen for, at most 100.
    #[serde(default)]
    pub(crate) phrases: Vec<String>,
}

/// A function by which the model hands the caller over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferText {
    /// Its name.
    #[serde(default = "transfer_to_human")]
    pub name: String,
    /// When the model is to call it.
    pub description: String,
    /// Who takes over, as `transfer` in answers.
    pub target: String,
    /// Said before.
    pub say: Option<LineText>,
}

/// What is done when nobody takes the caller over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferFailedText {
    /// Said first.
    pub say: Option<LineText>,
    /// Whether the model goes on with the caller; otherwise the call ends.
    #[serde(default)]
    pub go_on: bool,
}

/// How a tool is asked.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum MethodText {
    /// Arguments in the query.
    #[default]
    Get,
    /// Arguments as JSON.
    Post,
    /// Arguments as JSON.
    Put,
    /// Arguments as JSON.
    Patch,
    /// Arguments in the query.
    Delete,
}

/// An HTTP request that the model may make.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToolText {
    /// Its name: letters, digits, `_`, `-`; 64 at most.
    pub name: String,
    /// When the model is to call it.
    pub description: String,
    /// JSON Schema of its arguments.
    #[serde(default = "no_parameters")]
    pub parameters: Value,
    /// How it is asked.
    #[serde(default)]
    pub method: MethodText,
    /// Where; `{name}` is an argument.
    pub url: String,
    /// Headers that anybody may see.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers whose values are secrets, by the secrets' names.
    #[serde(default)]
    pub secret_headers: BTreeMap<String, String>,
    /// Longest wait for the answer, 100 to 8,000 ms.
    #[serde(default = "tool_ms")]
    pub wait_ms: u32,
}

/// A server of the Model Context Protocol.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct McpText {
    /// Its endpoint, by the streamable HTTP transport.
    pub url: String,
    /// Headers that anybody may see.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers whose values are secrets, by the secrets' names.
    #[serde(default)]
    pub secret_headers: BTreeMap<String, String>,
    /// The tools that may be called; all if empty.
    #[serde(default)]
    pub only: Vec<String>,
    /// Longest wait for the answer of a tool, 100 to 8,000 ms.
    #[serde(default = "tool_ms")]
    pub wait_ms: u32,
}

/// Words said while the first sentence is late.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FillerText {
    /// How late, 200 to 8,000 ms.
    #[serde(default = "filler_ms")]
    pub after_ms: u32,
    /// One of these, the next one each time; 1 to 20.
    pub lines: Vec<LineText>,
}

impl ModelDocument {
    /// Checks the fields whose range no other place knows.
    pub(super) fn check(&self) -> Result<(), DocumentFault> {
        within(
            "welcome_delay_second",
            Some(self.welcome_delay_second),
            0,
            60,
        )?;
        if let Some(no_input) = &self.no_input {
            within("no_input.after_second", Some(no_input.after_second), 1, 600)?;
        }
        if self.thinker.greets && self.greeting.is_some() {
            return Err(fault("greeting", "excludes `thinker.greets`".into()));
        }
        self.thinker.check()
    }

    /// The lines that are written, as a script of one step, and who thinks.
    pub(super) fn into_parts(self) -> Result<(Read, ThinkerText), DocumentFault> {
        let no_input = self.no_input.unwrap_or_else(|| NoInputText {
            after_second: no_input_after_second(),
            lines: Vec::new(),
            max: reactions_max(),
            then: hang_up(),
        });
        let main = Step {
            say: None,
            interruptible: None,
            dictation: None,
            after: After::Listen {
                answers: Vec::new(),
                otherwise: None,
            },
        };
        let no_match: Reaction = reaction(self.no_match.into_iter().collect(), 100, NextText::Stay);
        let script = Script::new(ScriptParts {
            language: self.language,
            voice: self.voice,
            greeting: self.greeting.map(Line::from),
            greeting_interruptible: self.greeting_interruptible,
            welcome_delay: super::seconds(self.welcome_delay_second),
            interruptible: true,
            steps: BTreeMap::from([(SimpleScript::STEP.to_owned(), main)]),
            start: SimpleScript::STEP.to_owned(),
            no_input: NoInput {
                after: Duration::from_secs(u64::from(no_input.after_second)),
                reaction: reaction(no_input.lines, no_input.max, no_input.then),
            },
            no_match,
            goodbye: self.goodbye.map(Line::from),
            variables: self.variables,
        })?;
        let read = Read {
            script,
            turns: self.turns,
            limits: self.limits,
            telephone: self.telephone,
            fallback: self.fallback.map(Line::from),
            review: self.review.plan()?,
            speech: SpeechParts::new(self.recognizer, self.speaker)?,
        };
        Ok((read, self.thinker))
    }
}

impl ThinkerText {
    fn check(&self) -> Result<(), DocumentFault> {
        let n = |path: &str, n: usize, min: usize, max: usize| match n {
            n if (min..=max).contains(&n) => Ok(()),
            _ => Err(fault(path, format!("must have {min} to {max} items"))),
        };
        n("thinker.models", self.models.len(), 1, MODELS_MAX)?;
        n("thinker.transfers", self.transfers.len(), 0, TRANSFERS_MAX)?;
        n("thinker.tools", self.tools.len(), 0, TOOLS_MAX)?;
        n("thinker.mcp", self.mcp.len(), 0, SERVERS_MAX)?;
        n("thinker.phrases", self.phrases.len(), 0, 100)?;
        if self.prompt.chars().count() > PROMPT_CHARS_MAX {
            return Err(fault(
                "thinker.prompt",
                "must have at most 65536 characters".into(),
            ));
        }
        within("thinker.failover_ms", Some(self.failover_ms), 100, 5_000)?;
        within("thinker.answer_ms", Some(self.answer_ms), 1_000, 9_000)?;
        let mut names = vec!["call_end"];
        for (idx, transfer) in self.transfers.iter().enumerate() {
            let path = format!("thinker.transfers[{idx}]");
            check_name(&format!("{path}.name"), &transfer.name, &mut names)?;
            if transfer.target.trim().is_empty() {
                return Err(fault(&format!("{path}.target"), "must not be empty".into()));
            }
        }
        for (idx, tool) in self.tools.iter().enumerate() {
            let path = format!("thinker.tools[{idx}]");
            check_name(&format!("{path}.name"), &tool.name, &mut names)?;
            check_reach(
                &path,
                &tool.url,
                [&tool.headers, &tool.secret_headers],
                tool.wait_ms,
            )?;
            if tool.parameters["type"] != "object" {
                return Err(fault(
                    &format!("{path}.parameters"),
                    "must be a JSON Schema of type object".into(),
                ));
            }
        }
        for (idx, server) in self.mcp.iter().enumerate() {
            let path = format!("thinker.mcp[{idx}]");
            let headers = [&server.headers, &server.secret_headers];
            check_reach(&path, &server.url, headers, server.wait_ms)?;
        }
        if let Some(filler) = &self.filler {
            n("thinker.filler.lines", filler.lines.len(), 1, 20)?;
            within("thinker.filler.after_ms", Some(filler.after_ms), 200, 8_000)?;
        }
        Ok(())
    }

    /// The addresses that it makes us ask, with their places.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (String, &str)> {
        let tools = self
            .tools
            .iter()
            .enumerate()
            .map(|(idx, tool)| (format!("thinker.tools[{idx}].url"), tool.url.as_str()));
        let servers = self
            .mcp
            .iter()
            .enumerate()
            .map(|(idx, server)| (format!("thinker.mcp[{idx}].url"), server.url.as_str()));
        tools.chain(servers)
    }
}

fn check_name<'a>(
    path: &str,
    name: &'a str,
    taken: &mut Vec<&'a str>,
) -> Result<(), DocumentFault> {
    let is_name = (1..=64).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !is_name {
        let why = "must be 1 to 64 letters, digits, _ and -";
        return Err(fault(path, why.into()));
    }
    if taken.contains(&name) {
        return Err(fault(path, "is the name of another function".into()));
    }
    taken.push(name);
    Ok(())
}

/// Checks where a request goes and what it carries.
pub(super) fn check_reach(
    path: &str,
    url: &str,
    headers: [&BTreeMap<String, String>; 2],
    wait_ms: u32,
) -> Result<(), DocumentFault> {
    let is_address = reqwest::Url::parse(url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_address {
        let why = "must begin with http:// or https:// and a host";
        return Err(fault(&format!("{path}.url"), why.into()));
    }
    for name in headers.into_iter().flat_map(BTreeMap::keys) {
        if name.parse::<reqwest::header::HeaderName>().is_err() {
            return Err(fault(
                &format!("{path}.headers.{name}"),
                "is no name of a header".into(),
            ));
        }
    }
    for (name, value) in headers[0] {
        if value.parse::<reqwest::header::HeaderValue>().is_err() {
            return Err(fault(
                &format!("{path}.headers.{name}"),
                "is no value of a header".into(),
            ));
        }
    }
    within(&format!("{path}.wait_ms"), Some(wait_ms), 100, 8_000)
}

fn call_end_description() -> String {
    "End the call, after saying goodbye, when the caller wants to leave or all is done.".to_owned()
}

fn transfer_to_human() -> String {
    "transfer_to_human".to_owned()
}

fn no_parameters() -> Value {
    serde_json::json!({"type": "object", "properties": {}})
}

fn tool_ms() -> u32 {
    5_000
}

fn filler_ms() -> u32 {
    1_500
}

fn failover_ms() -> u32 {
    800
}

fn answer_ms() -> u32 {
    8_000
}
