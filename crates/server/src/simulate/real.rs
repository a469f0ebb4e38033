//! One call over real SIP and RTP: a centre of its own calls a phone of ours that plays the caller.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use providers::speaker::{CacheSettings, CachedSpeaker, LocalSpeaker, SpeechCache};
use serde_json::{Value, json};

use super::{
    judge::{Line, Outcome, Who},
    scenario::Scenario,
};
use crate::{
    demo::{Http, Server},
    phone::{Phone, PhoneSettings, Script},
};

/// The number that our phone answers; of the range reserved for fiction, as the one shown is.
const CALLEE: &str = "+12025550150";
const SHOWN: &str = "+12025550151";

/// Longest call with everything around it.
const CALL_MAX: Duration = Duration::from_secs(900);

/// Between looks for new events.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A centre, and a phone that it calls.
pub struct Centre {
    server: Server,
    http: Http,
    /// What the phone does next.
    script: Arc<Mutex<Option<Arc<Script>>>>,
    _phone: Phone,
}

impl Centre {
    /// Starts both, with the centre's data and log in `folder`.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("failed to create {}", folder.display()))?;
        let script: Arc<Mutex<Option<Arc<Script>>>> = Arc::default();
        let next = Arc::clone(&script);
        let listen: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
        let settings = PhoneSettings {
            listen,
            rtp_ports: None,
            record: None,
        };
        let speaker = CachedSpeaker::new(
            LocalSpeaker::new(),
            SpeechCache::new(CacheSettings::default()),
            "local",
        );
        let choose = Box::new(move |_: &str| next.lock().ok()?.clone());
        let phone = Phone::start(settings, Arc::new(speaker), choose)
            .await
            .context("the caller's phone")?;
        let server = Server::start(folder).await?;
        let http = Http::new(server.base())?;
        let centre = Self {
            server,
            http,
            script,
            _phone: phone,
        };
        let prepared = centre.prepare().await;
        prepared.with_context(|| format!("the server's log is {}", centre.server.log()))?;
        Ok(centre)
    }

    /// Leads the centre to the phone.
    async fn prepare(&self) -> anyhow::Result<()> {
        self.server.wait_until_ready(&self.http).await?;
        let phone = self._phone.local();
        let instance = self.http.first("/api/v1/instances", "id").await?;
        let trunk = json!({
            "name": "simulated-callers", "host": phone.ip().to_string(), "port": phone.port(),
            "callee_prefixes": [CALLEE.trim_start_matches('+')], "simulated": true,
        });
        let trunk = self.http.post("/api/v1/trunks", &trunk).await?;
        let number =
            json!({"number": SHOWN, "trunk": trunk["id"], "instance": instance, "outbound": true});
        self.http.post("/api/v1/numbers", &number).await?;
        Ok(())
    }

    /// Has the scenario's agent call its caller; returns what was heard.
    ///
    /// # Errors
    ///
    /// Fails when the centre refuses something, or the call takes longer than a quarter of an hour.
    pub async fn call(&mut self, scenario: &Scenario) -> anyhow::Result<Outcome> {
        let call = self.place(scenario).await?;
        let events = tokio::time::timeout(CALL_MAX, self.follow(&call));
        match events.await {
            Ok(events) => Ok(outcome(&events?)),
            Err(_) => bail!("no end after {} s", CALL_MAX.as_secs()),
        }
    }

    /// Ends the centre.
    pub async fn stop(&mut self) {
        self.server.stop().await;
    }

    async fn place(&self, scenario: &Scenario) -> anyhow::Result<String> {
        if let Ok(mut script) = self.script.lock() {
            *script = Some(Arc::clone(&scenario.caller));
        }
        let definition: Value = serde_json::from_str(&scenario.definition)?;
        // Names are at most 64 characters.
        let name: String = scenario.name.chars().take(64).collect();
        let agent = json!({"name": name, "definition": definition});
        let agent = self.http.post("/api/v1/voice-agents", &agent).await?;
        let call = json!({
            "voice_agent": agent["id"], "callee": CALLEE, "callers": [SHOWN],
            "variables": scenario.variables,
        });
        let placed = self.http.post("/api/v1/calls", &call).await?;
        let id = placed["id"].as_str().context("a placed call has no id")?;
        Ok(id.to_owned())
    }

    async fn follow(&self, call: &str) -> anyhow::Result<Vec<Value>> {
        let mut events: Vec<Value> = Vec::new();
        loop {
            let after = events
                .last()
                .map_or(0, |event| event["n"].as_i64().unwrap_or(0));
            let path = format!("/api/v1/calls/{call}/events?after={after}&limit=200");
            let mut page = self.http.get(&path).await?;
            if let Value::Array(news) = page["items"].take() {
                events.extend(news);
            }
            if events.iter().any(|event| event["type"] == "ended") {
                return Ok(events);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// What the events tell.
fn outcome(events: &[Value]) -> Outcome {
    let answered = events
        .iter()
        .find(|event| event["type"] == "answered")
        .or(events.first())
        .map_or(0, |event| at(&event["at"]));
    let mut outcome = Outcome::default();
    for event in events {
        let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        let line = |who, text: String, unsaid: String| Line {
            from_ms: at(&event["from"]) - answered,
            to_ms: at(&event["to"]) - answered,
            who,
            text,
            unsaid,
        };
        match event["type"].as_str().unwrap_or_default() {
            "agent_said" => {
                outcome
                    .lines
                    .push(line(Who::Agent, text("heard"), text("unsaid")));
            }
            "caller_said" => {
                outcome
                    .lines
                    .push(line(Who::Caller, text("text"), String::new()));
            }
            "digits_pressed" => {
                let pressed = at(&event["at"]) - answered;
                outcome.lines.push(Line {
                    from_ms: pressed,
                    to_ms: pressed,
                    who: Who::Keys,
                    text: text("digits"),
                    unsaid: String::new(),
                });
            }
            "ended" => {
                outcome.cause = text("cause");
                outcome.end_ms = at(&event["at"]) - answered;
            }
            _ => {}
        }
    }
    outcome.lines.sort_by_key(|line| line.from_ms);
    outcome
}

/// A time of the native dialect, ms since 1970; 0 if it is none.
fn at(time: &Value) -> i64 {
    let time: Option<Timestamp> = time.as_str().and_then(|time| time.parse().ok());
    time.map_or(0, Timestamp::as_millisecond)
}
