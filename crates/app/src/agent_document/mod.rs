//! The document in which a designer writes down a voice agent.
//!
//! One place turns it into a [`Script`] and the manners of a conversation: the native dialect when
//! an agent is saved, the call shell when a call begins. `docs/voice-agents.md` shows both forms.
//!
//! # Invariants
//!
//! - What [`parse`] took once it takes again: a saved agent can always be called.
//! - A fault names the place in the document and what is wrong there; a field that is not known
//!   is a fault, so that a misspelled one is not silently without effect.

mod brought;
mod conduct;
mod flow;
mod review;
mod speech;
mod thinker;
mod wire;

pub use brought::{BROUGHT_MODEL, BroughtAgent, Exact, ExactNotify};
pub use conduct::{COMPLIANCE_TONE, LegManners};
pub use flow::FlowDocument;
pub(crate) use flow::ParsedFlow;
pub use review::ReviewPlan;
pub use speech::{LOCAL, SpeechParts, SpeechSource};
pub(crate) use thinker::{MethodText, ToolText};
pub use thinker::{ModelDocument, ThinkerText};
pub use wire::{AgentDocument, FullDocument, SimpleDocument};

use std::{collections::BTreeSet, time::Duration};

use media::ambience::Ambience;
use serde::de::DeserializeOwned;
use voice::{
    conversation::{self, Waits},
    line::{Line, Variables},
    script::{Script, ScriptFault},
    turn::Manners,
};

/// The largest document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// Longest wait for a decision of language models, with the tools that they call.
const THINKER_MAX: Duration = Duration::from_secs(25);

/// What a document says.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The dialogue.
    pub script: Script,
    /// Names of the `${name}` variables that its lines mention.
    pub variable_names: BTreeSet<String>,
    /// Who thinks, where the script does not.
    pub(crate) thinker: Option<Thinking>,
    /// What is found out about its calls after their end.
    pub review: ReviewPlan,
    /// Where it came from, if a request brought it along.
    pub(crate) brought: Option<Box<BroughtAgent>>,
    turns: conduct::Turns,
    limits: conduct::Limits,
    telephone: conduct::Telephone,
    fallback: Option<Line>,
    speech: SpeechParts,
}

impl Parsed {
    /// How a conversation with this agent is held: the defaults, what the script asks for, and
    /// what the document's `turns`, `limits` and `fallback` say over both.
    pub fn settings(&self, variables: &Variables) -> conversation::Settings {
        let base = self.script.settings(variables);
        let settings = conversation::Settings {
            manners: self.turns.manners(base.manners),
            opening: self.telephone.opening(),
            notify: self.turns.notify(),
            voicemail: self.telephone.voicemail(),
            call_time_max: self.limits.call_second.map(seconds).or(base.call_time_max),
            caller_silence_max: self
                .limits
                .silence_second
                .map(seconds)
                .or(base.caller_silence_max),
            fallback: self.fallback.clone().or(base.fallback),
            waits: self.waits(base.waits),
            ..base
        };
        match &self.brought {
            Some(brought) => brought.exact.over(settings),
            None => settings,
        }
    }

    /// Whether it speaks Chinese.
    pub(crate) fn is_chinese(&self) -> bool {
        let language = self.script.parts().language.to_ascii_lowercase();
        language.starts_with("zh")
    }

    /// Who hears the caller and who speaks.
    pub fn speech(&self) -> &SpeechParts {
        &self.speech
    }

    /// The same agent, heard and spoken for by others: what a request brought along.
    #[must_use]
    pub fn with_speech(self, speech: SpeechParts) -> Self {
        Self { speech, ..self }
    }

    /// Whether what it says is written down beforehand; language models say something else each
    /// time.
    pub fn is_written(&self) -> bool {
        !matches!(self.thinker, Some(Thinking::Models(_)))
    }

    /// What the leg needs to know.
    pub fn leg(&self) -> LegManners {
        LegManners {
            far_field: self.turns.far_field(),
            barge_in_min: self.turns.manners(Manners::default()).barge_in_min,
            beeps: self.telephone.voicemail().is_some(),
        }
    }

    /// Models call tools, whose waits are their own.
    fn waits(&self, base: Waits) -> Waits {
        match self.thinker {
            Some(_) => Waits {
                thinker_max: THINKER_MAX,
                ..base
            },
            None => base,
        }
    }

    /// The addresses that a call with this agent makes us ask, with their places in the document.
    pub fn addresses(&self) -> Vec<(String, &str)> {
        match &self.thinker {
            Some(Thinking::Models(thinker)) => thinker.addresses().collect(),
            Some(Thinking::Flow(flow)) => flow
                .apis
                .iter()
                .map(|(node, api)| (format!("flow.nodes.{node}.request.url"), api.url.as_str()))
                .collect(),
            None => Vec::new(),
        }
    }

    /// The names of the language models that it thinks with, with their places in the document.
    pub fn language_models(&self) -> Vec<(String, &str)> {
        let (place, names) = match &self.thinker {
            Some(Thinking::Models(thinker)) => ("thinker", &thinker.models[..]),
            Some(Thinking::Flow(flow)) => ("flow", &flow.models[..]),
            None => return Vec::new(),
        };
        let named = names.iter().enumerate();
        named
            .map(|(idx, name)| (format!("{place}.models[{idx}]"), name.as_str()))
            .collect()
    }

    /// Whether a flow thinks.
    pub fn is_flow(&self) -> bool {
        matches!(self.thinker, Some(Thinking::Flow(_)))
    }

    /// What sounds behind the agent, and how loud: 0 to 2.
    pub fn ambience(&self) -> Option<(Ambience, f32)> {
        self.telephone.ambience()
    }
}

/// Who thinks, where the script does not.
#[derive(Clone, Debug)]
pub(crate) enum Thinking {
    /// Language models.
    Models(Box<ThinkerText>),
    /// A flow.
    Flow(Box<ParsedFlow>),
}

/// What is wrong with a document: its author must change it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid voice agent: `{path}` {why}")]
pub struct DocumentFault {
    /// Where, such as `steps.menu.answers[2].then`; empty for the document as a whole.
    pub path: String,
    /// What, such as `names no step`.
    pub why: String,
}

impl From<ScriptFault> for DocumentFault {
    fn from(fault: ScriptFault) -> Self {
        Self {
            path: fault.path,
            why: fault.why,
        }
    }
}

/// Parses a definition in one of its forms: one with `steps` is full, one with `thinker` thinks with
/// language models, one with `flow` is a flow, any other is simple.
///
/// # Errors
///
/// The first [`DocumentFault`] found.
pub fn parse(definition: &str) -> Result<Parsed, DocumentFault> {
    if definition.len() > DOCUMENT_BYTES_MAX {
        return Err(whole("is longer than 256 KiB"));
    }
    let value: serde_json::Value =
        serde_json::from_str(definition).map_err(|error| whole(&format!("is no JSON: {error}")))?;
    let serde_json::Value::Object(fields) = &value else {
        return Err(whole("must be an object"));
    };
    let document = if fields.contains_key("steps") {
        AgentDocument::Full(Box::new(read(value)?))
    } else if fields.contains_key("flow") {
        AgentDocument::Flow(Box::new(read(value)?))
    } else if fields.contains_key("thinker") {
        AgentDocument::Model(Box::new(read(value)?))
    } else {
        AgentDocument::Simple(Box::new(read(value)?))
    };
    document.check()?;
    let (read, thinker) = match document {
        AgentDocument::Simple(simple) => (simple.into_script()?, None),
        AgentDocument::Full(full) => (full.into_script()?, None),
        AgentDocument::Model(model) => {
            let (read, thinker) = model.into_parts()?;
            (read, Some(Thinking::Models(Box::new(thinker))))
        }
        AgentDocument::Flow(flow) => {
            let (read, flow) = flow.into_parts()?;
            (read, Some(Thinking::Flow(Box::new(flow))))
        }
    };
    let mut variable_names = read.script.variable_names();
    match &thinker {
        Some(Thinking::Models(thinker)) => {
            Line::Text(thinker.prompt.clone()).collect_variables(&mut variable_names);
        }
        Some(Thinking::Flow(flow)) => variable_names.extend(flow.flow.variable_names()),
        None => {}
    }
    Ok(Parsed {
        variable_names,
        script: read.script,
        thinker,
        turns: read.turns,
        limits: read.limits,
        telephone: read.telephone,
        fallback: read.fallback,
        review: read.review,
        brought: None,
        speech: read.speech,
    })
}

fn read<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, DocumentFault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        DocumentFault {
            path: if path == "." { String::new() } else { path },
            why: error.into_inner().to_string(),
        }
    })
}

fn whole(why: &str) -> DocumentFault {
    DocumentFault {
        path: String::new(),
        why: why.to_owned(),
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds))
}

fn millis(millis: u32) -> Duration {
    Duration::from_millis(u64::from(millis))
}

#[cfg(test)]
mod tests;
