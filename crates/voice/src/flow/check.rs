//! Whether the nodes of a flow fit together.

use std::collections::BTreeSet;

use super::document::{FlowFault, FlowParts, Node, NodeKind, SlotKind};

const NODES_MAX: usize = 500;
const BRANCHES_MAX: usize = 50;
const SLOTS_MAX: usize = 20;
const NAME_CHARS_MAX: usize = 64;

pub(super) fn parts(parts: &FlowParts) -> Result<(), FlowFault> {
    if !(1..=NODES_MAX).contains(&parts.nodes.len()) {
        return fault("nodes", "must be 1 to 500 nodes");
    }
    if !(1..=10).contains(&parts.tries_max) {
        return fault("tries_max", "must be 1 to 10");
    }
    if !parts.nodes.contains_key(&parts.start) {
        return fault("start", "names no node");
    }
    for (name, node) in &parts.nodes {
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return fault(
                &format!("nodes.{name}"),
                "must have a name of 1 to 64 characters",
            );
        }
        for (place, next) in nexts(node) {
            if !parts.nodes.contains_key(next) {
                return fault(&format!("nodes.{name}.{place}"), "names no node");
            }
        }
        self::node(name, node)?;
    }
    for name in parts.nodes.keys() {
        rests(parts, name)?;
    }
    Ok(())
}

fn node(name: &str, node: &Node) -> Result<(), FlowFault> {
    let at = |place: &str| format!("nodes.{name}.{place}");
    if node.branches().len() > BRANCHES_MAX {
        return fault(&at("branches"), "must be at most 50");
    }
    for (idx, branch) in node.branches().iter().enumerate() {
        let keys_are_valid = branch.keys.iter().all(|row| {
            (1..=20).contains(&row.len()) && row.bytes().all(|key| b"0123456789*#".contains(&key))
        });
        if !keys_are_valid {
            return fault(
                &at(&format!("branches[{idx}].keys")),
                "must be rows of 1 to 20 keys",
            );
        }
        if branch.words.is_empty() && branch.keys.is_empty() && branch.means.is_empty() {
            return fault(
                &at(&format!("branches[{idx}]")),
                "needs `words`, `keys` or `means`",
            );
        }
    }
    match &node.kind {
        NodeKind::Dialogue { slots, next, .. } => {
            if slots.len() > SLOTS_MAX {
                return fault(&at("slots"), "must be at most 20");
            }
            for (idx, slot) in slots.iter().enumerate() {
                self::slot(&at(&format!("slots[{idx}]")), &slot.name, &slot.kind)?;
            }
            if next.is_none() && (!slots.is_empty() || !node.listens()) {
                return fault(&at("next"), "is required");
            }
        }
        NodeKind::KeyPress {
            branches,
            collect,
            next,
            ..
        } => {
            if collect.is_some() && next.is_none() {
                return fault(&at("next"), "is required beside `collect`");
            }
            if branches.is_empty() && collect.is_none() {
                return fault(&at("branches"), "must not be empty without `collect`");
            }
        }
        NodeKind::WorkTime { open, .. } => {
            for (idx, hours) in open.iter().enumerate() {
                let are_days = hours.days.iter().all(|day| (1..=7).contains(day));
                if !are_days || hours.from_minute >= hours.to_minute || hours.to_minute > 1440 {
                    return fault(&at(&format!("open[{idx}]")), "are no hours of days 1 to 7");
                }
            }
        }
        NodeKind::Transfer { target, .. } | NodeKind::TransferAgent { target, .. } => {
            if target.trim().is_empty() {
                return fault(&at("target"), "must not be empty");
            }
        }
        NodeKind::ApiCall { .. }
        | NodeKind::Condition { .. }
        | NodeKind::SetVariables { .. }
        | NodeKind::EndCall => {}
    }
    Ok(())
}

fn slot(path: &str, name: &str, kind: &SlotKind) -> Result<(), FlowFault> {
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return fault(&format!("{path}.name"), "must have 1 to 64 characters");
    }
    match kind {
        SlotKind::Digits { min, max } if *min == 0 || min > max || *max > 32 => {
            fault(path, "must be 1 to 32 digits")
        }
        SlotKind::Choice(words) if words.is_empty() => {
            fault(&format!("{path}.of"), "must not be empty")
        }
        SlotKind::Text
        | SlotKind::Number
        | SlotKind::Digits { .. }
        | SlotKind::Choice(_)
        | SlotKind::Described(_) => Ok(()),
    }
}

/// Every chain of nodes that do not listen must come to one that does, or to the end.
fn rests(parts: &FlowParts, start: &str) -> Result<(), FlowFault> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        let node = &parts.nodes[name];
        if node.listens() {
            continue;
        }
        for (place, next) in nexts(node) {
            if next == start {
                let path = format!("nodes.{name}.{place}");
                return fault(&path, "leads back without listening in between");
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    Ok(())
}

/// Everywhere a node can lead by itself or by the caller, with the places of the names.
fn nexts(node: &Node) -> Vec<(String, &str)> {
    let branches = node
        .branches()
        .iter()
        .enumerate()
        .map(|(idx, branch)| (format!("branches[{idx}].next"), branch.next.as_str()));
    let mut nexts: Vec<(String, &str)> = branches.collect();
    let others: Vec<(&str, Option<&String>)> = match &node.kind {
        NodeKind::Dialogue {
            next,
            other,
            no_response,
            refused,
            ..
        } => vec![
            ("next", next.as_ref()),
            ("other", other.as_ref()),
            ("no_response", no_response.as_ref()),
            ("refused", refused.as_ref()),
        ],
        NodeKind::KeyPress {
            next, otherwise, ..
        } => {
            vec![("next", next.as_ref()), ("otherwise", otherwise.as_ref())]
        }
        NodeKind::ApiCall {
            success, failure, ..
        } => {
            vec![("success", Some(success)), ("failure", Some(failure))]
        }
        NodeKind::WorkTime {
            during, outside, ..
        } => {
            vec![("during", Some(during)), ("outside", Some(outside))]
        }
        NodeKind::Condition { cases, otherwise } => {
            for (idx, (_, next)) in cases.iter().enumerate() {
                nexts.push((format!("cases[{idx}].next"), next.as_str()));
            }
            vec![("otherwise", Some(otherwise))]
        }
        NodeKind::SetVariables { next, .. } => vec![("next", Some(next))],
        NodeKind::Transfer { failed, .. } | NodeKind::TransferAgent { failed, .. } => {
            vec![("failed", failed.as_ref())]
        }
        NodeKind::EndCall => Vec::new(),
    };
    nexts.extend(
        others
            .into_iter()
            .filter_map(|(place, next)| Some((place.to_owned(), next?.as_str()))),
    );
    nexts
}

fn fault(path: &str, why: &str) -> Result<(), FlowFault> {
    Err(FlowFault {
        path: path.to_owned(),
        why: why.to_owned(),
    })
}
