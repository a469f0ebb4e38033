//! What a flow is made of.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::check;
use crate::{
    line::Line,
    script::{Answer, Next},
};

/// A flow as drawn, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowParts {
    /// The first node.
    pub start: String,
    /// The nodes by name, 1 to 500.
    pub nodes: BTreeMap<String, Node>,
    /// Said before a call ends that no node ended.
    pub goodbye: Option<Line>,
    /// How often in a row a caller may say nothing of use, 1 to 10, before the call ends.
    pub tries_max: u32,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Said on arrival.
    pub say: Option<Line>,
    /// Whether the caller may cut it.
    pub interruptible: bool,
    /// What it does.
    pub kind: NodeKind,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Listens, fills slots, and goes the way of the caller's words.
    Dialogue {
        /// Ways by what the caller says, at most 50.
        branches: Vec<Branch>,
        /// What is asked for, in order, at most 20; then `next`.
        slots: Vec<Slot>,
        /// Where filled slots lead, or a node that does not listen.
        next: Option<String>,
        /// Where words lead that no branch knows; otherwise the caller is asked again.
        other: Option<String>,
        /// Where silence leads; otherwise the caller is asked again.
        no_response: Option<String>,
        /// Where a caller leads who will not fill a slot; otherwise `other`.
        refused: Option<String>,
        /// Said when the caller is asked again; `say` if absent.
        again: Option<Line>,
    },
    /// Waits for keys.
    KeyPress {
        /// Ways by rows of keys, at most 50; the branches' words mean the same.
        branches: Vec<Branch>,
        /// Collects a row of keys of any length into this variable, then goes to `next`.
        collect: Option<String>,
        /// Where a collected row leads.
        next: Option<String>,
        /// Where the caller leads who presses nothing that is known.
        otherwise: Option<String>,
        /// Said when a key means nothing; `say` if absent.
        again: Option<Line>,
    },
    /// Asks an API, which its owner knows by the node's name.
    ApiCall {
        /// Arguments; the values may hold `${name}`.
        inputs: BTreeMap<String, String>,
        /// Fields of the answer that become variables of their names.
        outputs: BTreeSet<String>,
        /// Whether the flow waits for the answer; without it, it goes on as after a success.
        waits: bool,
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
        open: Vec<Hours>,
        /// Where that leads.
        during: String,
        /// Where any other time leads.
        outside: String,
    },
    /// Looks at variables.
    Condition {
        /// The first one that holds leads on, at most 50.
        cases: Vec<(Condition, String)>,
        /// Where it leads that none does.
        otherwise: String,
    },
    /// Sets variables; the values may hold `${name}`.
    SetVariables {
        /// Values by name.
        values: BTreeMap<String, String>,
        /// Where it leads.
        next: String,
    },
    /// Hands the caller over to people or numbers.
    Transfer {
        /// To whom, in the words of whoever set up the agent.
        target: String,
        /// Where it leads that nobody took over; otherwise the call ends.
        failed: Option<String>,
    },
    /// Hands the caller over to another voice agent.
    TransferAgent {
        /// Which one, in the words of whoever set up the agent.
        target: String,
        /// Where it leads that this failed; otherwise the call ends.
        failed: Option<String>,
    },
    /// Ends the call.
    EndCall,
}

/// One way out of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// For reports.
    pub name: String,
    /// Phrases of which one must occur in what the caller says.
    pub words: Vec<String>,
    /// Rows of keys that mean the same.
    pub keys: Vec<String>,
    /// For a language model, where words do not decide: what the caller means.
    pub means: String,
    /// What reports are told, by name.
    pub tags: BTreeMap<String, String>,
    /// Where it leads.
    pub next: String,
}

/// Something that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The variable.
    pub name: String,
    /// What fits.
    pub kind: SlotKind,
    /// Asked while it is missing.
    pub ask: Line,
    /// Whether the node can be left without it.
    pub required: bool,
}

/// What fits into a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// Any words.
    Text,
    /// A number, in digits or pressed.
    Number,
    /// Digits of a telephone number or code, `min` to `max` of them.
    Digits {
        /// Fewest.
        min: usize,
        /// Most.
        max: usize,
    },
    /// One of these words.
    Choice(Vec<String>),
    /// Something that a language model finds, such as a date or an address.
    Described(String),
}

/// Hours of some days of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Days, 1 (Monday) to 7.
    pub days: BTreeSet<u8>,
    /// First minute of the day.
    pub from_minute: u16,
    /// The minute after the last one, 1 to 1,440.
    pub to_minute: u16,
}

/// A condition on one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The variable; one without a value is empty.
    pub variable: String,
    /// How it is compared.
    pub is: Comparison,
    /// With what; may hold `${name}`.
    pub value: String,
}

/// How two values are compared: as numbers where both are numbers, as texts otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Less.
    Less,
    /// Less or the same.
    LessOrEqual,
    /// More.
    More,
    /// More or the same.
    MoreOrEqual,
    /// The value occurs in the variable.
    Contains,
}

impl Comparison {
    /// Whether it holds between two values.
    pub(super) fn holds(self, left: &str, right: &str) -> bool {
        let order = match (left.trim().parse::<f64>(), right.trim().parse::<f64>()) {
            (Ok(left), Ok(right)) => left.partial_cmp(&right),
            _ => Some(left.cmp(right)),
        };
        match self {
            Self::Equal => order.is_some_and(Ordering::is_eq),
            Self::NotEqual => !order.is_some_and(Ordering::is_eq),
            Self::Less => order.is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::More => order.is_some_and(Ordering::is_gt),
            Self::MoreOrEqual => order.is_some_and(Ordering::is_ge),
            Self::Contains => left.contains(right),
        }
    }
}

/// A valid flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    parts: FlowParts,
}

/// What is wrong with a flow: its author must change it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid flow: `{path}` {why}")]
pub struct FlowFault {
    /// Where, such as `nodes.menu.branches[2].next`.
    pub path: String,
    /// What, such as `names no node`.
    pub why: String,
}

impl Flow {
    /// Checks a flow.
    ///
    /// # Errors
    ///
    /// The first [`FlowFault`] found.
    pub fn new(parts: FlowParts) -> Result<Self, FlowFault> {
        check::parts(&parts)?;
        Ok(Self { parts })
    }

    /// As it was drawn.
    pub fn parts(&self) -> &FlowParts {
        &self.parts
    }

    /// Whether there is a node of this name.
    pub(super) fn has_node(&self, name: &str) -> bool {
        self.parts.nodes.contains_key(name)
    }

    /// A node that is known to exist.
    pub(super) fn node(&self, name: &str) -> &Node {
        self.parts
            .nodes
            .get(name)
            .expect("a checked flow names only nodes it holds")
    }

    /// What the branches of each node mean, in their order: name and meaning.
    pub fn meanings(&self) -> BTreeMap<String, Vec<(String, String)>> {
        let nodes = self.parts.nodes.iter();
        let of_node = |node: &Node| {
            let branches = node.branches().iter();
            branches
                .map(|branch| (branch.name.clone(), branch.means.clone()))
                .collect()
        };
        nodes
            .map(|(name, node)| (name.clone(), of_node(node)))
            .collect()
    }

    /// Names of the variables that its lines mention.
    pub fn variable_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for node in self.parts.nodes.values() {
            node.lines()
                .for_each(|line| line.collect_variables(&mut names));
        }
        names
    }
}

impl Node {
    /// Everything that it may say.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let (slots, again) = match &self.kind {
            NodeKind::Dialogue { slots, again, .. } => (&slots[..], again.as_ref()),
            NodeKind::KeyPress { again, .. } => (&[][..], again.as_ref()),
            NodeKind::ApiCall { .. }
            | NodeKind::WorkTime { .. }
            | NodeKind::Condition { .. }
            | NodeKind::SetVariables { .. }
            | NodeKind::Transfer { .. }
            | NodeKind::TransferAgent { .. }
            | NodeKind::EndCall => (&[][..], None),
        };
        let asked = slots.iter().map(|slot| &slot.ask);
        self.say.iter().chain(again).chain(asked)
    }

    /// Its ways by what the caller does.
    pub(super) fn branches(&self) -> &[Branch] {
        match &self.kind {
            NodeKind::Dialogue { branches, .. } | NodeKind::KeyPress { branches, .. } => branches,
            NodeKind::ApiCall { .. }
            | NodeKind::WorkTime { .. }
            | NodeKind::Condition { .. }
            | NodeKind::SetVariables { .. }
            | NodeKind::Transfer { .. }
            | NodeKind::TransferAgent { .. }
            | NodeKind::EndCall => &[],
        }
    }

    /// Its ways as the script's answers, in the same order.
    pub(super) fn answers(&self) -> Vec<Answer> {
        let answers = self.branches().iter().map(|branch| Answer {
            words: branch.words.clone(),
            keys: branch.keys.clone(),
            say: None,
            then: Next::Stay,
        });
        answers.collect()
    }

    /// Whether the caller is waited for here.
    pub(super) fn listens(&self) -> bool {
        match &self.kind {
            NodeKind::Dialogue {
                branches,
                slots,
                other,
                no_response,
                ..
            } => {
                !branches.is_empty()
                    || !slots.is_empty()
                    || other.is_some()
                    || no_response.is_some()
            }
            NodeKind::KeyPress { .. } => true,
            NodeKind::ApiCall { .. }
            | NodeKind::WorkTime { .. }
            | NodeKind::Condition { .. }
            | NodeKind::SetVariables { .. }
            | NodeKind::Transfer { .. }
            | NodeKind::TransferAgent { .. }
            | NodeKind::EndCall => false,
        }
    }

    /// The vendor's name of its kind (facts of `NodeType`); the console's own two are named alike.
    pub(super) fn kind_name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Dialogue { .. } => "DIALOGUE",
            NodeKind::KeyPress { .. } => "KEY_PRESS",
            NodeKind::ApiCall { .. } => "API_CALL",
            NodeKind::WorkTime { .. } => "WORK_TIME",
            NodeKind::Condition { .. } => "CONDITION",
            NodeKind::SetVariables { .. } => "SET_VARIABLE",
            NodeKind::Transfer { .. } => "TRANSFER",
            NodeKind::TransferAgent { .. } => "TRANSFER_AGENT",
            NodeKind::EndCall => "END_CALL",
        }
    }
}
