//! The nodes of a flow as serde sees them, and their way into the plain structs of `voice`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use voice::{
    flow::{Branch, Comparison, Condition, Hours, Node, NodeKind, Slot, SlotKind},
    line::Line,
};

use super::super::{
    DocumentFault,
    conduct::fault,
    thinker::{MethodText, ToolText, check_reach},
    wire::{LineText, yes},
};

/// One node.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum NodeText {
    /// Says something, listens, fills slots.
    Dialogue(DialogueText),
    /// Waits for keys.
    KeyPress(KeyPressText),
    /// Asks an API.
    ApiCall(ApiCallText),
    /// Looks at the clock.
    WorkTime(WorkTimeText),
    /// Looks at variables; the first case that holds leads on.
    Condition(ConditionText),
    /// Sets variables.
    SetVariable(SetVariableText),
    /// Hands the caller over to people or numbers.
    Transfer(TransferText),
    /// Hands the caller over to another voice agent.
    TransferAgent(TransferAgentText),
    /// Ends the call.
    EndCall(EndCallText),
}

/// Says something, listens, fills slots.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DialogueText {
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
}

/// Waits for keys.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyPressText {
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
}

/// Asks an API.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiCallText {
    /// The request; its name and description are not needed.
    pub(super) request: ApiText,
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
}

/// Looks at the clock.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkTimeText {
    /// IANA time zone.
    zone: String,
    /// When it is open.
    open: Vec<HoursText>,
    /// Where that leads.
    during: String,
    /// Where any other time leads.
    outside: String,
}

/// Looks at variables; the first case that holds leads on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionText {
    /// At most 50.
    cases: Vec<CaseText>,
    /// Where it leads that none holds.
    otherwise: String,
}

/// Sets variables.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetVariableText {
    /// Values by name; they may hold `${name}`.
    values: BTreeMap<String, String>,
    /// Where it leads.
    next: String,
}

/// Hands the caller over to people or numbers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferText {
    /// Said before.
    say: Option<LineText>,
    /// To whom, as `transfer` in answers.
    target: String,
    /// Where it leads that nobody took over; otherwise the call ends.
    failed: Option<String>,
}

/// Hands the caller over to another voice agent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferAgentText {
    /// Said before.
    say: Option<LineText>,
    /// Which one, as `transfer` in answers.
    target: String,
    /// Where it leads that this failed; otherwise the call ends.
    failed: Option<String>,
}

/// Ends the call.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndCallText {
    /// Said before.
    say: Option<LineText>,
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
pub(super) struct ApiText {
    /// GET and DELETE have the arguments in the query, others as JSON.
    #[serde(default)]
    method: MethodText,
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

impl ApiText {
    pub(super) fn tool(&self, node: &str) -> Result<ToolText, DocumentFault> {
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
    pub(super) fn into_node(self, path: &str) -> Result<Node, DocumentFault> {
        Ok(match self {
            Self::Dialogue(dialogue) => dialogue.node(),
            Self::KeyPress(keys) => keys.node(),
            Self::ApiCall(call) => silent(NodeKind::ApiCall {
                inputs: call.inputs,
                outputs: call.outputs,
                waits: call.wait,
                success: call.success,
                failure: call.failure,
            }),
            Self::WorkTime(work) => work.node(path)?,
            Self::Condition(condition) => condition.node(path)?,
            Self::SetVariable(set) => silent(NodeKind::SetVariables {
                values: set.values,
                next: set.next,
            }),
            Self::Transfer(TransferText {
                say,
                target,
                failed,
            }) => said(say, false, NodeKind::Transfer { target, failed }),
            Self::TransferAgent(TransferAgentText {
                say,
                target,
                failed,
            }) => said(say, false, NodeKind::TransferAgent { target, failed }),
            Self::EndCall(end) => said(end.say, false, NodeKind::EndCall),
        })
    }
}

fn silent(kind: NodeKind) -> Node {
    said(None, true, kind)
}

fn said(say: Option<LineText>, interruptible: bool, kind: NodeKind) -> Node {
    Node {
        say: say.map(Line::from),
        interruptible,
        kind,
    }
}

impl DialogueText {
    fn node(self) -> Node {
        let kind = NodeKind::Dialogue {
            branches: self.branches.into_iter().map(Branch::from).collect(),
            slots: self.slots.into_iter().map(Slot::from).collect(),
            next: self.next,
            other: self.other,
            no_response: self.no_response,
            refused: self.refused,
            again: self.again.map(Line::from),
        };
        said(self.say, self.interruptible, kind)
    }
}

impl KeyPressText {
    fn node(self) -> Node {
        let kind = NodeKind::KeyPress {
            branches: self.branches.into_iter().map(Branch::from).collect(),
            collect: self.collect,
            next: self.next,
            otherwise: self.otherwise,
            again: self.again.map(Line::from),
        };
        said(self.say, self.interruptible, kind)
    }
}

impl WorkTimeText {
    fn node(self, path: &str) -> Result<Node, DocumentFault> {
        if !crate::local_time::is_zone(&self.zone) {
            return Err(fault(&format!("{path}.zone"), "is no time zone".into()));
        }
        let open = self.open.into_iter().enumerate().map(|(idx, hours)| {
            let path = format!("{path}.open[{idx}]");
            hours
                .model()
                .ok_or_else(|| fault(&path, "must be times such as 09:00".into()))
        });
        Ok(silent(NodeKind::WorkTime {
            zone: self.zone,
            open: open.collect::<Result<_, _>>()?,
            during: self.during,
            outside: self.outside,
        }))
    }
}

impl ConditionText {
    fn node(self, path: &str) -> Result<Node, DocumentFault> {
        let cases = self.cases.into_iter().enumerate().map(|(idx, case)| {
            let path = format!("{path}.cases[{idx}].is");
            let why = "must be =, !=, <, <=, >, >= or contains";
            case.model().ok_or_else(|| fault(&path, why.into()))
        });
        Ok(silent(NodeKind::Condition {
            cases: cases.collect::<Result<_, _>>()?,
            otherwise: self.otherwise,
        }))
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

fn wait_ms() -> u32 {
    5_000
}
