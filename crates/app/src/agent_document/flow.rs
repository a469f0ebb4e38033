//! The flow form of a document: nodes as on the vendor's canvas.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use schemars::JsonSchema;
use serde::Deserialize;
use voice::{
    flow::{
        Branch, Comparison, Condition, Flow, FlowFault, FlowParts, Hours, Node, NodeKind, Slot,
        SlotKind,
    },
    line::Line,
    script::{After, Next, NoInput, Script, ScriptParts, SimpleScript, Step},
};

use super::{
    DocumentFault,
    conduct::{Limits, Telephone, Turns, fault, within},
    thinker::{ToolText, check_reach},
    wire::{LineText, NextText, Read, no_input_after_second, reaction, yes},
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

/// One node.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum NodeText {
    /// Says something, listens, fills slots.
    Dialogue {
        /// Said on arrival.
        say: Option<LineText>,
        /// Whether the caller may cut it.
        #[serde(default = "yes")]
        interruptible: bool,
        /// Ways by what the caller says, at most 50.
        #[serde(default)]
        branches: Vec<BranchText>,
        /// What is asked for, at most 20.
        #[serde(default)]
        slots: Vec<SlotText>,
        /// Where filled slots lead, or a node that does not listen.
        next: Option<String>,
        /// Where other words lead.
        other: Option<String>,
        /// Where silence leads.
        no_response: Option<String>,
        /// Where a caller leads who will not fill a slot.
        refused: Option<String>,
        /// Said when the caller is asked again.
        again: Option<LineText>,
    },
    /// Waits for keys.
    KeyPress {
        /// Said on arrival.
        say: Option<LineText>,
        /// Whether the caller may cut it.
        #[serde(default = "yes")]
        interruptible: bool,
        /// Ways by rows of keys, at most 50.
        #[serde(default)]
        branches: Vec<BranchText>,
        /// The variable that a row of any length goes into.
        collect: Option<String>,
        /// Where a collected row leads.
        next: Option<String>,
        /// Where a caller leads who presses nothing that is known.
        otherwise: Option<String>,
        /// Said when a key means nothing.
        again: Option<LineText>,
    },
    /// Asks an API.
    ApiCall {
        /// The request; its name and description are not needed.
        request: ApiText,
        /// Arguments; the values may hold `${name}`.
        #[serde(default)]
        inputs: BTreeMap<String, String>,
        /// Fields of the answer that become variables of their names.
        #[serde(default)]
        outputs: BTreeSet<String>,
        /// Whether the flow waits for the answer.
        #[serde(default = "yes")]
        wait: bool,
        /// Where an answer leads.
        success: String,
        /// Where it leads that there is none.
        failure: String,
    },
    /// Looks at the clock.
    WorkTime {
        /// IANA time zone.
        zone: String,
        /// When it is open.
        open: Vec<HoursText>,
        /// Where that leads.
        during: String,
        /// Where any other time leads.
        outside: String,
    },
    /// Looks at variables; the first case that holds leads on.
    Condition {
        /// At most 50.
        cases: Vec<CaseText>,
        /// Where it leads that none holds.
        otherwise: String,
    },
    /// Sets variables.
    SetVariable {
        /// Values by name; they may hold `${name}`.
        values: BTreeMap<String, String>,
        /// Where it leads.
        next: String,
    },
    /// Hands the caller over to people or numbers.
    Transfer {
        /// Said before.
        say: Option<LineText>,
        /// To whom, as `transfer` in answers.
        target: String,
        /// Where it leads that nobody took over; otherwise the call ends.
        failed: Option<String>,
    },
    /// Hands the caller over to another voice agent.
    TransferAgent {
        /// Said before.
        say: Option<LineText>,
        /// Which one, as `transfer` in answers.
        target: String,
        /// Where it leads that this failed; otherwise the call ends.
        failed: Option<String>,
    },
    /// Ends the call.
    EndCall {
        /// Said before.
        say: Option<LineText>,
    },
}

/// One way out of a node.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BranchText {
    /// For reports.
    name: String,
    /// Phrases of which one must occur in what the caller says.
    #[serde(default)]
    words: Vec<String>,
    /// Rows of keys that mean the same.
    #[serde(default)]
    keys: Vec<String>,
    /// What the caller means, for a language model.
    #[serde(default)]
    means: String,
    /// What reports are told, by name.
    #[serde(default)]
    tags: BTreeMap<String, String>,
    /// Where it leads.
    next: String,
}

/// Something that is asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SlotText {
    /// The variable.
    name: String,
    /// Asked while it is missing.
    ask: LineText,
    /// What fits.
    #[serde(default)]
    is: SlotKindText,
    /// Whether the node can be left without it.
    #[serde(default = "yes")]
    required: bool,
}

/// What fits into a slot.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SlotKindText {
    /// Any words.
    #[default]
    Text,
    /// A number, said in digits or pressed.
    Number,
    /// So many digits: fewest and most, 1 to 32.
    Digits([usize; 2]),
    /// One of these words.
    Choice(Vec<String>),
    /// Something that a language model finds: a date, an address.
    Described(String),
}

/// A request of a node.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ApiText {
    /// GET and DELETE have the arguments in the query, others as JSON.
    #[serde(default)]
    method: super::thinker::MethodText,
    /// Where; `{name}` is an argument.
    url: String,
    /// Headers that anybody may see.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Headers whose values are secrets, by the secrets' names.
    #[serde(default)]
    secret_headers: BTreeMap<String, String>,
    /// Longest wait for the answer, 100 to 8,000 ms.
    #[serde(default = "wait_ms")]
    wait_ms: u32,
}

/// Hours of some days of the week.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HoursText {
    /// 1 (Monday) to 7.
    days: BTreeSet<u8>,
    /// `09:00`
    from: String,
    /// `17:30`, at most `24:00`.
    to: String,
}

/// A case of a condition.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CaseText {
    /// The variable.
    variable: String,
    /// `=`, `!=`, `<`, `<=`, `>`, `>=` or `contains`; numbers are compared as such.
    is: String,
    /// With what; may hold `${name}`.
    value: String,
    /// Where it leads.
    next: String,
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
        };
        Ok((read, flow))
    }
}

impl FlowText {
    fn into_flow(self, goodbye: Option<Line>) -> Result<ParsedFlow, DocumentFault> {
        let mut apis = BTreeMap::new();
        let mut nodes = BTreeMap::new();
        for (name, node) in self.nodes {
            if let NodeText::ApiCall { request, .. } = &node {
                apis.insert(name.clone(), request.tool(&name)?);
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

impl ApiText {
    fn tool(&self, node: &str) -> Result<ToolText, DocumentFault> {
        let path = format!("flow.nodes.{node}.request");
        let headers = [&self.headers, &self.secret_headers];
        check_reach(&path, &self.url, headers, self.wait_ms)?;
        Ok(ToolText {
            name: node.to_owned(),
            description: String::new(),
            parameters: serde_json::Value::Null,
            method: self.method,
            url: self.url.clone(),
            headers: self.headers.clone(),
            secret_headers: self.secret_headers.clone(),
            wait_ms: self.wait_ms,
        })
    }
}

impl NodeText {
    fn into_node(self, path: &str) -> Result<Node, DocumentFault> {
        let silent = |kind| Node {
            say: None,
            interruptible: true,
            kind,
        };
        let said = |say: Option<LineText>, interruptible, kind| Node {
            say: say.map(Line::from),
            interruptible,
            kind,
        };
        Ok(match self {
            Self::Dialogue {
                say,
                interruptible,
                branches,
                slots,
                next,
                other,
                no_response,
                refused,
                again,
            } => {
                let kind = NodeKind::Dialogue {
                    branches: branches.into_iter().map(Branch::from).collect(),
                    slots: slots.into_iter().map(Slot::from).collect(),
                    next,
                    other,
                    no_response,
                    refused,
                    again: again.map(Line::from),
                };
                said(say, interruptible, kind)
            }
            Self::KeyPress {
                say,
                interruptible,
                branches,
                collect,
                next,
                otherwise,
                again,
            } => {
                let kind = NodeKind::KeyPress {
                    branches: branches.into_iter().map(Branch::from).collect(),
                    collect,
                    next,
                    otherwise,
                    again: again.map(Line::from),
                };
                said(say, interruptible, kind)
            }
            Self::ApiCall {
                request: _,
                inputs,
                outputs,
                wait,
                success,
                failure,
            } => silent(NodeKind::ApiCall {
                inputs,
                outputs,
                waits: wait,
                success,
                failure,
            }),
            Self::WorkTime {
                zone,
                open,
                during,
                outside,
            } => {
                if !crate::local_time::is_zone(&zone) {
                    return Err(fault(&format!("{path}.zone"), "is no time zone".into()));
                }
                let open = open.into_iter().enumerate().map(|(idx, hours)| {
                    hours.model().ok_or_else(|| {
                        fault(
                            &format!("{path}.open[{idx}]"),
                            "must be times such as 09:00".into(),
                        )
                    })
                });
                silent(NodeKind::WorkTime {
                    zone,
                    open: open.collect::<Result<_, _>>()?,
                    during,
                    outside,
                })
            }
            Self::Condition { cases, otherwise } => {
                let cases = cases.into_iter().enumerate().map(|(idx, case)| {
                    case.model().ok_or_else(|| {
                        let path = format!("{path}.cases[{idx}].is");
                        fault(&path, "must be =, !=, <, <=, >, >= or contains".into())
                    })
                });
                silent(NodeKind::Condition {
                    cases: cases.collect::<Result<_, _>>()?,
                    otherwise,
                })
            }
            Self::SetVariable { values, next } => silent(NodeKind::SetVariables { values, next }),
            Self::Transfer {
                say,
                target,
                failed,
            } => said(say, false, NodeKind::Transfer { target, failed }),
            Self::TransferAgent {
                say,
                target,
                failed,
            } => said(say, false, NodeKind::TransferAgent { target, failed }),
            Self::EndCall { say } => said(say, false, NodeKind::EndCall),
        })
    }
}

impl From<BranchText> for Branch {
    fn from(branch: BranchText) -> Self {
        Self {
            name: branch.name,
            words: branch.words,
            keys: branch.keys,
            means: branch.means,
            tags: branch.tags,
            next: branch.next,
        }
    }
}

impl From<SlotText> for Slot {
    fn from(slot: SlotText) -> Self {
        Self {
            name: slot.name,
            kind: match slot.is {
                SlotKindText::Text => SlotKind::Text,
                SlotKindText::Number => SlotKind::Number,
                SlotKindText::Digits([min, max]) => SlotKind::Digits { min, max },
                SlotKindText::Choice(words) => SlotKind::Choice(words),
                SlotKindText::Described(what) => SlotKind::Described(what),
            },
            ask: slot.ask.into(),
            required: slot.required,
        }
    }
}

impl HoursText {
    fn model(&self) -> Option<Hours> {
        Some(Hours {
            days: self.days.clone(),
            from_minute: minute(&self.from)?,
            to_minute: minute(&self.to)?,
        })
    }
}

impl CaseText {
    fn model(self) -> Option<(Condition, String)> {
        let is = match self.is.as_str() {
            "=" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::More,
            ">=" => Comparison::MoreOrEqual,
            "contains" => Comparison::Contains,
            _ => return None,
        };
        let condition = Condition {
            variable: self.variable,
            is,
            value: self.value,
        };
        Some((condition, self.next))
    }
}

/// The minute of the day that `09:30` names.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour <= 24).then_some(hour * 60 + minute)
}

fn tries_max() -> u32 {
    3
}

fn wait_ms() -> u32 {
    5_000
}
