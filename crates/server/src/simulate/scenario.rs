//! A conversation as somebody wants it, written down in YAML.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use app::agent_document;
use model::EndCause;
use serde::Deserialize;

use crate::{phone, simulated};

/// Largest scenario.
const BYTES_MAX: usize = 256 * 1024;

/// Most expectations.
const EXPECT_MAX: usize = 200;

/// A scenario, checked.
#[derive(Debug)]
pub struct Scenario {
    /// Shown to people.
    pub name: String,
    /// The agent's definition, as JSON.
    pub definition: String,
    /// Values for the agent's variables.
    pub variables: BTreeMap<String, String>,
    /// What the caller does.
    pub caller: Arc<phone::Script>,
    /// What the agent is to say, in this order.
    pub expect: Vec<Expect>,
    /// What it must not say.
    pub absent: Vec<String>,
    /// Why the call must end, in the words of the native dialect.
    pub ends: Option<String>,
}

/// Something that the agent is to say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Part of its words, in upper or lower case.
    pub agent_says: String,
    /// How soon after the caller's last sound or key.
    pub within_ms: Option<u64>,
    /// Whether the caller is to cut it.
    pub interrupted: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioText {
    name: String,
    agent: AgentText,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    persona: Option<String>,
    caller: Option<serde_yaml_ng::Value>,
    #[serde(default)]
    expect: Vec<Expect>,
    #[serde(default)]
    absent: Vec<String>,
    ends: Option<String>,
}

/// An agent by the name of a built-in one, in a file, or written out.
#[derive(Deserialize)]
#[serde(untagged)]
enum AgentText {
    Named(String),
    Written(serde_json::Value),
}

impl Scenario {
    /// Parses a scenario; files it names lie in `folder`.
    ///
    /// # Errors
    ///
    /// Says which field is wrong, and how.
    pub fn parse(text: &str, folder: &Path) -> anyhow::Result<Self> {
        ensure!(text.len() <= BYTES_MAX, "scenario is larger than 256 KiB");
        let text: ScenarioText = serde_yaml_ng::from_str(text).context("scenario")?;
        ensure!(
            text.expect.len() <= EXPECT_MAX,
            "`expect` has more than {EXPECT_MAX} items"
        );
        for expect in &text.expect {
            ensure!(
                !expect.agent_says.trim().is_empty(),
                "`agent_says` is empty"
            );
        }
        if let Some(ends) = &text.ends
            && EndCause::by_name(ends).is_none()
        {
            let known: Vec<_> = EndCause::ALL.map(EndCause::name).into();
            bail!("`ends` is none of {}", known.join(", "));
        }
        let definition = definition(text.agent, folder).context("agent")?;
        agent_document::parse(&definition).context("agent")?;
        Ok(Self {
            name: text.name,
            definition,
            variables: text.variables,
            caller: caller(text.persona, text.caller)?,
            expect: text.expect,
            absent: text.absent,
            ends: text.ends,
        })
    }
}

fn definition(agent: AgentText, folder: &Path) -> anyhow::Result<String> {
    let name = match agent {
        AgentText::Written(document) => return Ok(document.to_string()),
        AgentText::Named(name) => name,
    };
    let built_in = simulated::demo_agents();
    if let Some(draft) = built_in.into_iter().find(|draft| draft.name == name) {
        return Ok(draft.definition);
    }
    let path: PathBuf = folder.join(&name);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "`{name}` is no built-in agent, and {} cannot be read",
            path.display()
        )
    })?;
    // JSON is YAML.
    let document: serde_json::Value = serde_yaml_ng::from_str(&text).context(name)?;
    Ok(document.to_string())
}

fn caller(
    persona: Option<String>,
    script: Option<serde_yaml_ng::Value>,
) -> anyhow::Result<Arc<phone::Script>> {
    match (persona, script) {
        (Some(name), None) => simulated::by_name(&name).with_context(|| {
            let known = simulated::names().join(", ");
            format!("persona `{name}` is none of {known}")
        }),
        (None, Some(script)) => {
            let text = serde_yaml_ng::to_string(&script).context("caller")?;
            let script = phone::Script::parse(&text).context("caller")?;
            Ok(Arc::new(script))
        }
        (Some(_), Some(_)) => bail!("either `persona` or `caller`, not both"),
        (None, None) => bail!("neither `persona` nor `caller`"),
    }
}
