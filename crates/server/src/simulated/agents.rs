//! Voice agents that a new installation has: a clinic's reminder in English and in Chinese.

use app::agent_document;
use model::VoiceAgentDraft;

/// Name and definition of each.
const AGENTS: [(&str, &str); 2] = [
    ("Clinic reminder", include_str!("agents/clinic.en.json")),
    ("诊所预约提醒", include_str!("agents/clinic.zh.json")),
];

/// The agents, the English one first.
pub fn demo_agents() -> Vec<VoiceAgentDraft> {
    let draft = |(name, definition): (&str, &str)| {
        let parsed = agent_document::parse(definition).expect("a test parses them all");
        VoiceAgentDraft {
            name: name.to_owned(),
            definition: definition.to_owned(),
            variable_names: parsed.variable_names.into_iter().collect(),
        }
    };
    AGENTS.into_iter().map(draft).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demo_agent_is_an_agent_and_greets_by_name() {
        for draft in demo_agents() {
            assert!(
                draft.variable_names.contains(&"name".to_owned()),
                "{}",
                draft.name
            );
        }
    }
}
