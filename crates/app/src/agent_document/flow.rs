//! The flow form of a document: nodes as on the vendor's canvas.

mod nodes;

use std::{collections::BTreeMap, time::Duration};

use nodes::NodeText;
use schemars::JsonSchema;
use serde::Deserialize;
use voice::{
    flow::{Flow, FlowFault, FlowParts},
    line::Line,
    script::{After, Next, NoInput, Script, ScriptParts, SimpleScript, Step},
};

use super::{
    DocumentFault,
    conduct::{Limits, Telephone, Turns, fault, within},
    review::ReviewText,
    speech::{RecognizerText, SpeakerText, SpeechParts},
    thinker::ToolText,
    wire::{LineText, NextText, Read, no_input_after_second, reaction},
};

/// The flow form: nodes that lead to one another, as on a canvas.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowDocument {
    /// Language tag of all lines and phrases: `en`, `zh` …
    language: String,
    /// The speaker's voice; its default for the language if absent.
    pub(super) voice: Option<String>,
    /// Silence before the first node, 0 to 60. The variable `welcome-message-delay` wins.
    #[serde(default)]
    welcome_delay_second: u32,
    /// The nodes.
    flow: FlowText,
    /// Silence of both sides before the caller is asked again, 1 to 600.
    #[serde(default = "no_input_after_second")]
    no_input_after_second: u32,
    /// Said before hanging up, where no node ended the call.
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
    /// Said once when a vendor fails.
    fallback: Option<LineText>,
    /// What is found out about a call after its end.
    #[serde(default)]
    review: ReviewText,
    /// Who hears the caller.
    recognizer: Option<RecognizerText>,
    /// Who speaks.
    speaker: Option<SpeakerText>,
}

/// Nodes that lead to one another.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowText {
    /// The first node.
    start: String,
    /// The nodes by name, 1 to 500.
    nodes: BTreeMap<String, NodeText>,
    /// How often in a row a caller may say nothing of use before the call ends, 1 to 10.
    #[serde(default = "tries_max")]
    tries_max: u32,
    /// Names of language models, at most 5, that find out what words mean where phrases do not.
    #[serde(default)]
    pub(crate) models: Vec<String>,
    /// What these models know of the business, for questions that no node answers.
    #[serde(default)]
    pub(crate) knowledge: String,
}

/// A flow with what its owner needs to run it.
#[derive(Clone, Debug)]
pub(crate) struct ParsedFlow {
    /// The machine's.
    pub flow: Flow,
    /// Requests by the names of their nodes.
    pub apis: BTreeMap<String, ToolText>,
    /// Who finds out what words mean.
    pub models: Vec<String>,
    /// What they know.
    pub knowledge: String,
}

impl FlowDocument {
    /// Checks the fields whose range no other place knows.
    pub(super) fn check(&self) -> Result<(), DocumentFault> {
        within(
            "welcome_delay_second",
            Some(self.welcome_delay_second),
            0,
            60,
        )?;
        within(
            "no_input_after_second",
            Some(self.no_input_after_second),
            1,
            600,
        )?;
        if self.flow.models.len() > 5 {
            return Err(fault("flow.models", "must have at most 5 items".into()));
        }
        Ok(())
    }

    /// A script that only says what is said around the flow, and the flow.
    pub(super) fn into_parts(self) -> Result<(Read, ParsedFlow), DocumentFault> {
        let goodbye = self.goodbye.map(Line::from);
        let flow = self.flow.into_flow(goodbye.clone())?;
        let main = Step {
            say: None,
            interruptible: None,
            dictation: None,
            after: After::GoOn(Next::HangUp),
        };
        let script = Script::new(ScriptParts {
            language: self.language,
            voice: self.voice,
            greeting: None,
            greeting_interruptible: true,
            welcome_delay: super::seconds(self.welcome_delay_second),
            interruptible: true,
            steps: BTreeMap::from([(SimpleScript::STEP.to_owned(), main)]),
            start: SimpleScript::STEP.to_owned(),
            no_input: NoInput {
                after: Duration::from_secs(u64::from(self.no_input_after_second)),
                reaction: reaction(Vec::new(), 100, NextText::HangUp),
            },
            no_match: reaction(Vec::new(), 100, NextText::HangUp),
            goodbye,
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
        Ok((read, flow))
    }
}

impl FlowText {
    fn into_flow(self, goodbye: Option<Line>) -> Result<ParsedFlow, DocumentFault> {
        let mut apis = BTreeMap::new();
        let mut nodes = BTreeMap::new();
        for (name, node) in self.nodes {
            if let NodeText::ApiCall(call) = &node {
                apis.insert(name.clone(), call.request.tool(&name)?);
            }
            let node = node.into_node(&format!("flow.nodes.{name}"))?;
            nodes.insert(name, node);
        }
        let flow = Flow::new(FlowParts {
            start: self.start,
            nodes,
            goodbye,
            tries_max: self.tries_max,
        });
        let in_document = |FlowFault { path, why }| fault(&format!("flow.{path}"), why);
        Ok(ParsedFlow {
            flow: flow.map_err(in_document)?,
            apis,
            models: self.models,
            knowledge: self.knowledge,
        })
    }
}

fn tries_max() -> u32 {
    3
}
