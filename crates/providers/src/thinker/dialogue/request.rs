//! One signed request and its answer.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use voice::thinker::ThinkRequest;

use super::{
    asked::{Event, Wording},
    feedback::Reply,
    sign,
    turns::Robot,
};
use crate::port::Thoughts;

/// Version of the vendor's API.
const VERSION: &str = "2019-12-26";

/// The longest answer that is read: far more than can be spoken in one turn.
pub(crate) const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Where a robot is, and in whose name it is asked.
#[derive(Clone)]
pub struct RemoteSettings {
    /// Its endpoint, without a slash at the end: `http://robot.example:8080`.
    pub url: String,
    /// Public half of the credential.
    pub access_key_id: String,
    /// Secret half.
    pub access_key_secret: String,
    /// The robot's instance.
    pub instance: String,
    /// The robot within its instance; may be empty.
    pub script: String,
    /// The robot's older name within its instance; may be empty.
    pub scenario: String,
    /// Which words it understands.
    pub wording: Wording,
    /// Longest wait for one answer, all attempts together.
    pub wait_max: Duration,
}

/// The secret never prints.
impl std::fmt::Debug for RemoteSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteSettings")
            .field("url", &self.url)
            .field("instance", &self.instance)
            .finish_non_exhaustive()
    }
}

/// What the robot is told of our call.
#[derive(Clone, Debug, Default)]
pub struct CallFacts {
    /// The call's id.
    pub call: String,
    /// `Outbound` or `Inbound`.
    pub call_type: &'static str,
    /// The number that is shown.
    pub caller: String,
    /// The number that is called.
    pub callee: String,
    /// The task that the call belongs to.
    pub task: String,
    /// Values that came with the call.
    pub variables: BTreeMap<String, String>,
}

/// Why a robot did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nothing came, or nothing in time.
    #[error("no answer from the robot: {0}")]
    Unreachable(String),
    /// It failed; it may succeed when asked again.
    #[error("the robot failed with {status}: {why}")]
    Failed { status: u16, why: String },
    /// It does not take the question; asking again is useless.
    #[error("the robot refused with {status}: {why}")]
    Refused { status: u16, why: String },
    /// What it said is not understood.
    #[error("the robot's answer cannot be read: {0}")]
    Unreadable(String),
}

/// Who asks whom.
pub(crate) struct Link {
    pub client: reqwest::Client,
    pub settings: RemoteSettings,
}

/// Attempts at one question.
const ATTEMPTS_MAX: u32 = 2;

impl Link {
    /// A signed POST. `attempt` counts from 0.
    pub fn request(
        &self,
        path: &str,
        action: &str,
        query: &[(&str, &str)],
        body: &[u8],
        attempt: u32,
    ) -> Result<reqwest::RequestBuilder, Failure> {
        let settings = &self.settings;
        let url = settings.url.trim_end_matches('/');
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        let host = host.split('/').next().unwrap_or_default();
        let mut headers: BTreeMap<&'static str, String> = BTreeMap::from([
            ("accept", "application/json".to_owned()),
            ("host", host.to_owned()),
            ("x-acs-action", action.to_owned()),
            ("x-acs-version", VERSION.to_owned()),
            ("x-acs-date", iso_8601(SystemTime::now())),
            ("x-acs-signature-nonce", nonce()),
        ]);
        if !body.is_empty() {
            headers.insert("content-type", "application/json".to_owned());
        }
        if attempt > 0 {
            headers.insert("x-acs-retry-attempts", attempt.to_string());
        }
        // A base with a path of its own: the path is part of what is signed.
        let prefix = url
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]))
            .unwrap_or_default();
        let signed_path = match (prefix, path) {
            ("", path) => path.to_owned(),
            (prefix, "/") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}{path}"),
        };
        let request = sign::Request {
            path: &signed_path,
            query,
            headers,
            body,
        };
        let headers = sign::signed(
            request,
            &settings.access_key_id,
            &settings.access_key_secret,
        );
        let path = if prefix.is_empty() || path != "/" {
            path
        } else {
            ""
        };
        let query = sign::query(query);
        let mark = if query.is_empty() { "" } else { "?" };
        let mut builder = self.client.post(format!("{url}{path}{mark}{query}"));
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        Ok(builder.body(body.to_vec()))
    }
}

/// `Dialogue` of one call.
pub(super) struct DialogueLink {
    link: Link,
    facts: CallFacts,
}

impl DialogueLink {
    pub fn new(link: Link, facts: CallFacts) -> Self {
        Self { link, facts }
    }

    /// Asks until there is an answer, the attempts or the time are used up.
    async fn ask(&self, event: &Event) -> Result<Reply, Failure> {
        let wait_max = self.link.settings.wait_max;
        let asking = async {
            let mut attempt = 0;
            loop {
                let answer = self.attempt(event, attempt, wait_max / ATTEMPTS_MAX).await;
                attempt += 1;
                match answer {
                    Err(Failure::Unreachable(_) | Failure::Failed { .. })
                        if attempt < ATTEMPTS_MAX => {}
                    other => return other,
                }
            }
        };
        match tokio::time::timeout(wait_max, asking).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::Unreachable(format!("nothing within {wait_max:?}"))),
        }
    }

    async fn attempt(
        &self,
        event: &Event,
        attempt: u32,
        wait_max: Duration,
    ) -> Result<Reply, Failure> {
        let (facts, settings) = (&self.facts, &self.link.settings);
        let optional = [
            ("ScriptId", settings.script.as_str()),
            ("ScenarioId", settings.scenario.as_str()),
            ("TaskId", facts.task.as_str()),
            ("ActionKey", event.action_key.unwrap_or_default()),
            (
                "ActionParams",
                event.action_params.as_deref().unwrap_or_default(),
            ),
        ];
        let mut query = vec![
            ("InstanceId", settings.instance.as_str()),
            ("CallId", facts.call.as_str()),
            ("CallType", facts.call_type),
            ("CallingNumber", facts.caller.as_str()),
            ("CalledNumber", facts.callee.as_str()),
            ("Utterance", event.utterance.as_str()),
        ];
        query.extend(optional.into_iter().filter(|(_, value)| !value.is_empty()));
        let request = self.link.request("/", "Dialogue", &query, b"", attempt)?;
        let response = request
            .timeout(wait_max)
            .send()
            .await
            .map_err(|error| Failure::Unreachable(cause(&error)))?;
        let status = response.status().as_u16();
        let body = read(response).await?;
        let reply: Result<Reply, _> = serde_json::from_slice(&body);
        match (status, reply) {
            (200..=299, Ok(reply)) if reply.success != Some(false) => Ok(reply),
            (200..=299, Err(error)) => Err(Failure::Unreadable(error.to_string())),
            (status, reply) => {
                let why = reply.map_or_else(
                    |_| "no reason given".to_owned(),
                    |reply| format!("{}: {}", reply.code, reply.message),
                );
                Err(if (500..=599).contains(&status) {
                    Failure::Failed { status, why }
                } else {
                    Failure::Refused { status, why }
                })
            }
        }
    }
}

impl Robot for DialogueLink {
    async fn answer(&mut self, request: &ThinkRequest, thoughts: &Thoughts) -> Result<(), Failure> {
        let wording = &self.link.settings.wording;
        if let Some(cut) = wording.before(request)
            && let Err(why) = self.ask(&cut).await
        {
            tracing::info!(%why, "a robot does not know that it was cut");
        }
        let reply = self.ask(&wording.event(&request.heard)).await?;
        let feedback = reply.feedback.unwrap_or_default();
        thoughts.put_all(request.turn, feedback.decisions());
        Ok(())
    }

    async fn end(&mut self) -> Result<(), Failure> {
        self.ask(&self.link.settings.wording.end()).await.map(drop)
    }
}

/// The whole body, up to a limit.
async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| Failure::Unreachable(cause(&error)))?
    {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(Failure::Unreadable("it is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The innermost cause, without the address: that holds numbers of people.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    inner.to_string()
}

/// 32 hexadecimal digits that no request had before.
fn nonce() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// `2026-01-02T03:04:05Z`. Civil date from a count of days by Howard Hinnant's algorithm.
pub(crate) fn iso_8601(time: SystemTime) -> String {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}
