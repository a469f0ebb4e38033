//! One caller's way through a flow.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::{
    document::{Condition, Flow, Node, NodeKind, Slot},
    event::{FlowInput, FlowOutput, LocalTime, Move},
    slots,
};
use crate::{
    conversation::EndCause,
    digits::KEYS_MAX,
    line::{Line, Variables},
    script::matching,
    thinker::{Decision, Expected, Gather, Heard, ThinkRequest},
};

/// One caller's way through a flow.
#[derive(Clone, Debug)]
pub struct FlowRun {
    flow: Arc<Flow>,
    understands: bool,
    given: BTreeMap<String, String>,
    place: Place,
    /// Where the caller was before the last request, in case it is replaced.
    before: Place,
    outputs: VecDeque<FlowOutput>,
}

/// Where the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    node: String,
    has_begun: bool,
    /// Answers in a row that were of no use.
    n_tries: u32,
    variables: BTreeMap<String, String>,
}

/// Where a caller is in a flow, to go on there elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowPlace {
    /// The node.
    pub node: String,
    /// Answers in a row that were of no use.
    pub n_tries: u32,
    /// Values of slots, keys and APIs.
    pub variables: BTreeMap<String, String>,
}

impl FlowRun {
    /// Where the caller is; `None` before the first request.
    pub fn place(&self) -> Option<FlowPlace> {
        self.place.has_begun.then(|| FlowPlace {
            node: self.place.node.clone(),
            n_tries: self.place.n_tries,
            variables: self.place.variables.clone(),
        })
    }

    /// Goes on at a place. A node that the flow does not have any more is its start, where the
    /// caller has not been.
    pub fn go_on_at(&mut self, place: FlowPlace) {
        let has_begun = self.flow.has_node(&place.node);
        if has_begun {
            self.place = Place {
                node: place.node,
                has_begun,
                n_tries: place.n_tries,
                variables: place.variables,
            };
            self.before = self.place.clone();
        }
    }

    /// Begins before the first node. `understands`: the owner can find out what words mean.
    pub fn new(flow: Arc<Flow>, given: BTreeMap<String, String>, understands: bool) -> Self {
        let place = Place {
            node: flow.parts().start.clone(),
            has_begun: false,
            n_tries: 0,
            variables: BTreeMap::new(),
        };
        Self {
            flow,
            understands,
            given,
            before: place.clone(),
            place,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`FlowRun::poll`] before the next one.
    pub fn handle(&mut self, input: FlowInput<'_>) {
        match input {
            FlowInput::Asked(request) => self.asked(request),
            FlowInput::ApiAnswered(fields) => self.api_answered(fields),
            FlowInput::Clock(time) => self.clock(time),
            FlowInput::Understood {
                branch,
                slots,
                reply,
            } => self.understood(branch, slots, reply),
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<FlowOutput> {
        self.outputs.pop_front()
    }

    /// The node at which the caller is.
    pub fn node(&self) -> &str {
        &self.place.node
    }

    /// The values so far: those given, those of slots and of APIs.
    pub fn variables(&self) -> Variables {
        let mut all = self.given.clone();
        all.extend(self.place.variables.clone());
        all.into_iter().collect()
    }

    fn asked(&mut self, request: &ThinkRequest) {
        self.outputs.clear();
        if request.replaces.is_some() {
            self.place = self.before.clone();
        }
        self.before = self.place.clone();
        if !self.place.has_begun {
            self.place.has_begun = true;
            let start = self.place.node.clone();
            return self.go(&start, "", &BTreeMap::new());
        }
        let flow = Arc::clone(&self.flow);
        let node = flow.node(&self.place.node);
        match &request.heard {
            Heard::Start | Heard::TakenOver => self.arrive(),
            Heard::Utterance(words) | Heard::Instruction(words) => self.said(node, words),
            Heard::Digits(row) => self.pressed(node, row),
            Heard::Silence { .. } => self.silent(node),
            Heard::Unclear => self.again(node, None),
            Heard::TransferFailed | Heard::AgentRefused(_) => self.transfer_failed(node),
        }
    }

    fn said(&mut self, node: &Node, words: &str) {
        if !node.listens() {
            return self.arrive();
        }
        let answers = node.answers();
        let found = matching::by_words(&answers, words)
            .and_then(|answer| answers.iter().position(|other| std::ptr::eq(other, answer)));
        if let Some(idx) = found {
            return self.take_branch(node, idx);
        }
        let missing = self.missing(node);
        if let Some(slot) = missing.first()
            && let Some(value) = slots::value(&slot.kind, words)
        {
            self.place.variables.insert(slot.name.clone(), value);
            return self.fill(node);
        }
        let has_meanings = node
            .branches()
            .iter()
            .any(|branch| !branch.means.is_empty());
        if self.understands && (has_meanings || !missing.is_empty()) {
            return self.outputs.push_back(FlowOutput::Understand {
                node: self.place.node.clone(),
                words: words.to_owned(),
                missing,
            });
        }
        self.again(node, None);
    }

    fn pressed(&mut self, node: &Node, row: &str) {
        if !node.listens() {
            return self.arrive();
        }
        let found = node
            .branches()
            .iter()
            .position(|branch| branch.keys.iter().any(|keys| keys == row));
        if let Some(idx) = found {
            return self.take_branch(node, idx);
        }
        match &node.kind {
            NodeKind::KeyPress {
                collect: Some(variable),
                next: Some(next),
                ..
            } => {
                self.place
                    .variables
                    .insert(variable.clone(), row.to_owned());
                self.go(next, "DTMFCollection", &BTreeMap::new());
            }
            NodeKind::Dialogue { slots, .. } if !slots.is_empty() => self.said(node, row),
            _ => self.again(node, None),
        }
    }

    fn silent(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Dialogue {
                no_response: Some(next),
                ..
            } => self.go(next, "NoResponse", &BTreeMap::new()),
            _ => self.tried(node, EndCause::NoInput, None),
        }
    }

    fn take_branch(&mut self, node: &Node, idx: usize) {
        let branch = &node.branches()[idx];
        self.place.n_tries = 0;
        self.go(&branch.next, &branch.name, &branch.tags);
    }

    fn understood(
        &mut self,
        branch: Option<usize>,
        mut slots: BTreeMap<String, String>,
        reply: Option<String>,
    ) {
        let flow = Arc::clone(&self.flow);
        let node = flow.node(&self.place.node);
        if let Some(idx) = branch.filter(|idx| *idx < node.branches().len()) {
            return self.take_branch(node, idx);
        }
        let missing = self.missing(node);
        let n_missing = missing.len();
        for slot in missing {
            if let Some(value) = slots.remove(&slot.name).filter(|value| !value.is_empty()) {
                self.place.variables.insert(slot.name, value);
            }
        }
        if self.missing(node).len() < n_missing {
            return self.fill(node);
        }
        self.again(node, reply);
    }

    /// Asks for what is still missing, or goes on.
    fn fill(&mut self, node: &Node) {
        self.place.n_tries = 0;
        let next = match &node.kind {
            NodeKind::Dialogue { next, .. } => next.as_deref().unwrap_or_default(),
            _ => return self.arrive(),
        };
        match self.missing(node).first() {
            Some(slot) => {
                let ask = slot.ask.clone();
                self.say(&ask, node.interruptible);
                self.listen(node);
            }
            None => self.go(next, "SlotCollectionSuccess", &BTreeMap::new()),
        }
    }

    /// Required slots of a node that have no value yet.
    fn missing(&self, node: &Node) -> Vec<Slot> {
        let NodeKind::Dialogue { slots, .. } = &node.kind else {
            return Vec::new();
        };
        let is_missing = |slot: &&Slot| {
            slot.required
                && !self.place.variables.contains_key(&slot.name)
                && !self.given.contains_key(&slot.name)
        };
        slots.iter().filter(is_missing).cloned().collect()
    }

    /// What the caller said or pressed is of no use here.
    fn again(&mut self, node: &Node, reply: Option<String>) {
        let is_last = self.place.n_tries + 1 >= self.flow.parts().tries_max;
        let is_filling = !self.missing(node).is_empty();
        let (next, branch) = match &node.kind {
            NodeKind::Dialogue { refused, other, .. } if is_filling && is_last => {
                (refused.as_ref().or(other.as_ref()), "SlotCollectionFail")
            }
            NodeKind::Dialogue { other, .. } if !is_filling && reply.is_none() => {
                (other.as_ref(), "Fallback")
            }
            NodeKind::KeyPress { otherwise, .. } if is_last => (otherwise.as_ref(), "DTMFFail"),
            _ => (None, ""),
        };
        match next {
            Some(next) => self.go(next, branch, &BTreeMap::new()),
            None => self.tried(node, EndCause::NoMatch, reply),
        }
    }

    /// Asks once more, unless that was done often enough.
    fn tried(&mut self, node: &Node, cause: EndCause, reply: Option<String>) {
        self.place.n_tries += 1;
        if self.place.n_tries >= self.flow.parts().tries_max {
            return self.end(cause);
        }
        let again = match &node.kind {
            NodeKind::Dialogue { again, .. } | NodeKind::KeyPress { again, .. } => again.clone(),
            _ => None,
        };
        let asked = self.missing(node).first().map(|slot| slot.ask.clone());
        if let Some(reply) = reply {
            self.decide(Decision::Say {
                line: Line::Text(reply),
                interruptible: true,
            });
        }
        if let Some(line) = again.or(asked).or_else(|| node.say.clone()) {
            self.say(&line, node.interruptible);
        }
        self.listen(node);
    }

    fn transfer_failed(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Transfer {
                failed: Some(next), ..
            } => {
                self.go(next, "TransferFail", &BTreeMap::new());
            }
            NodeKind::TransferAgent {
                failed: Some(next), ..
            } => {
                self.go(next, "TransferAgentFail", &BTreeMap::new());
            }
            _ => self.end(EndCause::TransferFailed),
        }
    }

    fn api_answered(&mut self, fields: Option<BTreeMap<String, String>>) {
        let flow = Arc::clone(&self.flow);
        let NodeKind::ApiCall {
            outputs,
            success,
            failure,
            ..
        } = &flow.node(&self.place.node).kind
        else {
            return;
        };
        match fields {
            Some(fields) => {
                let wanted = fields
                    .into_iter()
                    .filter(|(name, _)| outputs.contains(name));
                self.place.variables.extend(wanted);
                self.go(success, "Success", &BTreeMap::new());
            }
            None => self.go(failure, "Failure", &BTreeMap::new()),
        }
    }

    fn clock(&mut self, time: Option<LocalTime>) {
        let flow = Arc::clone(&self.flow);
        let NodeKind::WorkTime {
            open,
            during,
            outside,
            ..
        } = &flow.node(&self.place.node).kind
        else {
            return;
        };
        let is_open = time.is_some_and(|time| {
            open.iter().any(|hours| {
                hours.days.contains(&time.weekday)
                    && (hours.from_minute..hours.to_minute).contains(&time.minute)
            })
        });
        if is_open {
            self.go(during, "Open", &BTreeMap::new());
        } else {
            self.go(outside, "Closed", &BTreeMap::new());
        }
    }

    /// Goes to a node and does what it does.
    fn go(&mut self, node: &str, branch: &str, tags: &BTreeMap<String, String>) {
        node.clone_into(&mut self.place.node);
        let kind = self.flow.node(node).kind_name();
        self.outputs.push_back(FlowOutput::Moved(Move {
            node: node.to_owned(),
            kind,
            branch: branch.to_owned(),
            tags: tags
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }));
        self.arrive();
    }

    /// Does what the present node does. Ends because every chain of nodes that do not listen ends,
    /// which [`Flow::new`] has checked.
    fn arrive(&mut self) {
        let flow = Arc::clone(&self.flow);
        let node = flow.node(&self.place.node);
        if let Some(line) = &node.say {
            let is_last = matches!(
                node.kind,
                NodeKind::EndCall | NodeKind::Transfer { .. } | NodeKind::TransferAgent { .. }
            );
            self.say(line, node.interruptible && !is_last);
        }
        match &node.kind {
            NodeKind::Dialogue { slots, next, .. } => match self.missing(node).first() {
                Some(slot) => {
                    let ask = slot.ask.clone();
                    self.say(&ask, node.interruptible);
                    self.listen(node);
                }
                None if !slots.is_empty() => self.fill(node),
                None if node.listens() => self.listen(node),
                None => self.go(next.as_deref().unwrap_or_default(), "", &BTreeMap::new()),
            },
            NodeKind::KeyPress { .. } => self.listen(node),
            NodeKind::ApiCall {
                inputs,
                waits,
                success,
                ..
            } => {
                self.call_api(inputs, *waits);
                if !waits {
                    self.go(success, "Success", &BTreeMap::new());
                }
            }
            NodeKind::WorkTime { zone, .. } => {
                self.outputs.push_back(FlowOutput::TellTime(zone.clone()));
            }
            NodeKind::Condition { cases, otherwise } => {
                let case = cases
                    .iter()
                    .position(|(condition, _)| self.holds(condition));
                match case {
                    Some(idx) => self.go(
                        &cases[idx].1,
                        &format!("case {}", idx + 1),
                        &BTreeMap::new(),
                    ),
                    None => self.go(otherwise, "Other", &BTreeMap::new()),
                }
            }
            NodeKind::SetVariables { values, next } => {
                for (name, value) in values {
                    let value = self.filled(value);
                    self.place.variables.insert(name.clone(), value);
                }
                self.go(next, "", &BTreeMap::new());
            }
            NodeKind::Transfer { target, .. } => {
                self.leave(Decision::hand_over(self.filled(target)));
            }
            NodeKind::TransferAgent { target, .. } => self.change_agent(target),
            NodeKind::EndCall => self.hang_up(EndCause::ScriptEnd),
        }
    }

    /// The next agent knows what this one has found out.
    fn change_agent(&mut self, target: &str) {
        let target = self.filled(target);
        let agent = target.trim().trim_start_matches("agent:").trim();
        self.leave(Decision::ChangeAgent {
            agent: agent.to_owned(),
            variables: self.place.variables.clone(),
        });
    }

    fn leave(&mut self, decision: Decision) {
        self.decide(decision);
        self.outputs.push_back(FlowOutput::Done);
    }

    fn call_api(&mut self, inputs: &BTreeMap<String, String>, waits: bool) {
        let inputs = inputs
            .iter()
            .map(|(name, value)| (name.clone(), self.filled(value)))
            .collect();
        self.outputs.push_back(FlowOutput::CallApi {
            node: self.place.node.clone(),
            inputs,
            waits,
        });
    }

    fn holds(&self, condition: &Condition) -> bool {
        let variables = self.variables();
        let left = variables.value(&condition.variable).unwrap_or_default();
        let right = self.filled(&condition.value);
        condition.is.holds(left, &right)
    }

    fn filled(&self, text: &str) -> String {
        match Line::Text(text.to_owned()).with(&self.variables()) {
            Line::Text(text) | Line::Sound(text) => text,
        }
    }

    fn say(&mut self, line: &Line, interruptible: bool) {
        let line = line.with(&self.variables());
        if !line.is_empty() {
            self.decide(Decision::Say {
                line,
                interruptible,
            });
        }
    }

    fn listen(&mut self, node: &Node) {
        let phrases = node
            .branches()
            .iter()
            .flat_map(|branch| branch.words.clone())
            .collect();
        let collects = match &node.kind {
            NodeKind::KeyPress { collect, .. } => collect.is_some(),
            NodeKind::Dialogue { slots, .. } => !slots.is_empty(),
            _ => false,
        };
        let keys = match collects {
            true => Vec::new(),
            false => node
                .branches()
                .iter()
                .flat_map(|branch| branch.keys.clone())
                .collect(),
        };
        let dictation = self.missing(node).first().and_then(slots::dictation);
        self.decide(Decision::Listen(Expected {
            phrases,
            keys,
            dictation,
            gather: collects.then_some(Gather {
                keys_max: KEYS_MAX,
                next_key_max: None,
            }),
        }));
        self.outputs.push_back(FlowOutput::Done);
    }

    fn end(&mut self, cause: EndCause) {
        if let Some(line) = self.flow.parts().goodbye.clone() {
            self.say(&line, false);
        }
        self.hang_up(cause);
    }

    fn hang_up(&mut self, cause: EndCause) {
        self.decide(Decision::HangUp { cause });
        self.outputs.push_back(FlowOutput::Done);
    }

    fn decide(&mut self, decision: Decision) {
        self.outputs.push_back(FlowOutput::Decide(decision));
    }
}
