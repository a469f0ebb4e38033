//! Voice agents of ours that have their words from a robot elsewhere.

use std::{sync::OnceLock, time::Duration};

use model::{Call, Direction};
use providers::{
    port::{Thinker, Thought, Thoughts},
    thinker::{CallFacts, DialogueThinker, RemoteSettings, SseThinker, Wording},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{RemoteRobot, Store};
use tokio::sync::mpsc;
use voice::dialogue::Profile;

/// Longest wait for a robot's answer, unless the settings say otherwise: a caller takes a longer
/// silence for the end.
const WAIT_SECOND: u32 = 6;

/// How a robot elsewhere is spoken to. Its secret is kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteRobotSettings {
    /// Its endpoint: `http://robot.example:8080`.
    pub url: String,
    /// Which interface it has.
    #[serde(default)]
    pub interface: Interface,
    /// Public half of the credential that requests are signed with.
    pub access_key_id: String,
    /// The robot's instance.
    pub instance: String,
    /// The robot within its instance, `ScriptId`.
    #[serde(default)]
    pub script: String,
    /// The robot's older name, `ScenarioId`.
    #[serde(default)]
    pub scenario: String,
    /// `strict`: documented fields only; `extended`: every event is named.
    #[serde(default = "extended")]
    pub profile: String,
    /// What `strict` sends where there are no words.
    #[serde(default = "blank")]
    pub blank: String,
    /// Longest wait for one answer, 1 to 10 seconds.
    #[serde(default = "wait_second")]
    pub wait_second: u32,
}

/// Interfaces of robots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interface {
    /// One signed request an utterance.
    #[default]
    Dialogue,
    /// The callbacks that followed, answered in events.
    Callbacks,
}

impl RemoteRobotSettings {
    /// Parses and checks a document.
    ///
    /// # Errors
    ///
    /// What is wrong, as a fragment for people.
    pub fn parse(document: &str) -> Result<Self, String> {
        let settings: Self = serde_json::from_str(document).map_err(|error| error.to_string())?;
        if !settings.url.starts_with("http://") && !settings.url.starts_with("https://") {
            return Err("`url` must begin with http:// or https://".to_owned());
        }
        if Profile::by_name(&settings.profile).is_none() {
            return Err("`profile` must be strict or extended".to_owned());
        }
        if !(1..=10).contains(&settings.wait_second) {
            return Err("`wait_second` must be 1 to 10".to_owned());
        }
        Ok(settings)
    }
}

/// The thinker of a call whose voice agent has its words from elsewhere; `None` if it has them from
/// its own script. A robot that is not reachable is a matter of each question, not of this.
pub(crate) async fn thinker(
    store: &Store,
    call: &Call,
) -> Option<(Box<dyn Thinker>, mpsc::Receiver<Thought>)> {
    let agent = call.voice_agent?;
    let robot = match store.remote_robot(call.tenant, agent).await {
        Ok(robot) => robot?,
        Err(error) => {
            tracing::warn!(%error, "a voice agent speaks by its own script: where else is not known");
            return None;
        }
    };
    let settings = match RemoteRobotSettings::parse(&robot.settings) {
        Ok(settings) => settings,
        Err(why) => {
            tracing::error!(why, "stored settings of a robot elsewhere cannot be read");
            return None;
        }
    };
    let (thoughts, inbox) = Thoughts::queue();
    let (interface, facts) = (settings.interface, facts(call));
    let settings = remote(settings, robot);
    let thinker: Box<dyn Thinker> = match interface {
        Interface::Dialogue => Box::new(DialogueThinker::new(client(), settings, facts, thoughts)),
        Interface::Callbacks => Box::new(SseThinker::new(client(), settings, facts, thoughts)),
    };
    Some((thinker, inbox))
}

fn remote(settings: RemoteRobotSettings, robot: RemoteRobot) -> RemoteSettings {
    let wording = match Profile::by_name(&settings.profile).unwrap_or_default() {
        Profile::Strict => Wording::Strict {
            blank: settings.blank,
        },
        Profile::Extended => Wording::Extended,
    };
    RemoteSettings {
        url: settings.url.trim_end_matches('/').to_owned(),
        access_key_id: settings.access_key_id,
        access_key_secret: robot.secret,
        instance: settings.instance,
        script: settings.script,
        scenario: settings.scenario,
        wording,
        wait_max: Duration::from_secs(settings.wait_second.into()),
    }
}

fn facts(call: &Call) -> CallFacts {
    CallFacts {
        call: call.id.to_string(),
        call_type: match call.direction {
            Direction::Outbound => "Outbound",
            Direction::Inbound => "Inbound",
        },
        caller: call.caller.to_string(),
        callee: call.callee.to_string(),
        task: call.id.to_string(),
        variables: call
            .variables
            .iter()
            .map(|variable| (variable.key.clone(), variable.value.clone()))
            .collect(),
    }
}

/// One for all calls, so that connections are kept.
fn client() -> reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(reqwest::Client::new).clone()
}

fn extended() -> String {
    Profile::Extended.name().to_owned()
}

fn blank() -> String {
    " ".to_owned()
}

fn wait_second() -> u32 {
    WAIT_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_has_a_default_and_what_is_wrong_is_named() {
        let least = r#"{"url":"http://r","access_key_id":"k","instance":"i"}"#;
        let settings = RemoteRobotSettings::parse(least).unwrap();
        assert_eq!(settings.interface, Interface::Dialogue);
        assert_eq!(
            (settings.profile.as_str(), settings.wait_second),
            ("extended", 6)
        );
        for (from, to) in [
            ("http://r", "r"),
            ("\"i\"", "\"i\",\"profile\":\"x\""),
            ("\"i\"", "\"i\",\"wait_second\":0"),
        ] {
            assert!(
                RemoteRobotSettings::parse(&least.replace(from, to)).is_err(),
                "{to}"
            );
        }
    }
}
