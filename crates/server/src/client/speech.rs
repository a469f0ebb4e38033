//! Recognizers and speakers elsewhere.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    llm::key_of,
    remote::Remote,
    resource::{self, ListFlags, New, SetFlags, Verb, path_part, secret_from_stdin},
};
use crate::cli::print;

/// Longest wait for a trial; the server gives it 40 s.
const TRIAL_MAX: Duration = Duration::from_secs(60);

/// What is done with speech services.
#[derive(Subcommand)]
pub enum SpeechVerb {
    /// List them.
    List(ListFlags),
    /// Show one.
    Show {
        /// Its name or id.
        service: String,
    },
    /// Make one.
    #[command(alias = "create")]
    Add(Box<NewSpeechService>),
    /// Change one.
    Set(SetFlags),
    /// Have one speak or listen once: does it work, and how soon?
    Test {
        /// Its name or id.
        service: String,
        /// What it says, or what the built-in speaker says to it.
        #[arg(long)]
        text: Option<String>,
        /// The language of that.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Remove one.
    #[command(alias = "rm", alias = "delete")]
    Remove {
        /// Its name or id.
        service: String,
    },
}

/// A new speech service.
#[derive(Args)]
pub struct NewSpeechService {
    /// By which voice agents know it.
    name: String,
    /// openai, deepgram, tencent, dashscope, sherpa, funasr, custom, minimax, azure, volcengine.
    #[arg(long = "type")]
    kind: String,
    /// recognizer or speaker.
    #[arg(long)]
    role: String,
    /// Its address; the vendor's own if absent.
    #[arg(long)]
    url: Option<String>,
    /// The model.
    #[arg(long)]
    model: Option<String>,
    /// A speaker's voice.
    #[arg(long)]
    voice: Option<String>,
    /// The language in the service's own words.
    #[arg(long)]
    language: Option<String>,
    /// The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid.
    #[arg(long)]
    app_id: Option<String>,
    /// The public half of the key: Tencent's SecretId.
    #[arg(long)]
    secret_id: Option<String>,
    /// Its key or secret, best as env:NAME: command lines are seen by everybody.
    #[arg(long, conflicts_with = "key_stdin")]
    key: Option<String>,
    /// Read its key from standard input.
    #[arg(long)]
    key_stdin: bool,
    /// How a speaker packs its samples: pcm or wav.
    #[arg(long)]
    format: Option<String>,
    /// Samples a second.
    #[arg(long)]
    sample_rate_hz: Option<u32>,
    /// Further parameters of each request, as JSON.
    #[arg(long)]
    extra: Option<String>,
}

impl New for NewSpeechService {
    const PATH: &'static str = "/speech-services";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "type",
        "role",
        "url",
        "model",
        "has_key",
        "created_at",
    ];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        let mut body = json!({"name": self.name, "type": self.kind, "role": self.role});
        let key = match (self.key, self.key_stdin) {
            (_, true) => Some(secret_from_stdin()?),
            (Some(key), false) => Some(key_of(key)?),
            (None, false) => None,
        };
        let extra = self
            .extra
            .map(|text| serde_json::from_str::<Value>(&text).context("--extra is no JSON"))
            .transpose()?;
        let optional = [
            ("url", self.url.map(Value::from)),
            ("model", self.model.map(Value::from)),
            ("voice", self.voice.map(Value::from)),
            ("language", self.language.map(Value::from)),
            ("app_id", self.app_id.map(Value::from)),
            ("secret_id", self.secret_id.map(Value::from)),
            ("key", key.map(Value::from)),
            ("format", self.format.map(Value::from)),
            ("sample_rate_hz", self.sample_rate_hz.map(Value::from)),
            ("extra", extra),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                body[name] = value;
            }
        }
        Ok(body)
    }
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: SpeechVerb) -> anyhow::Result<()> {
    let verb: Verb<NewSpeechService> = match verb {
        SpeechVerb::List(flags) => Verb::List(flags),
        SpeechVerb::Add(new) => Verb::Add(*new),
        SpeechVerb::Show { service } => Verb::Show {
            id: id_of(remote, &service).await?,
        },
        SpeechVerb::Set(mut set) => {
            set.id = id_of(remote, &set.id).await?;
            Verb::Set(set)
        }
        SpeechVerb::Remove { service } => Verb::Remove {
            id: id_of(remote, &service).await?,
        },
        SpeechVerb::Test {
            service,
            text,
            language,
        } => return test(remote, &service, text, &language).await,
    };
    resource::run(remote, verb).await
}

/// The id of the service that is named.
async fn id_of(remote: &Remote, service: &str) -> anyhow::Result<String> {
    let all = remote
        .of_instance(Method::GET, NewSpeechService::PATH)
        .query(&[("limit", 200)]);
    let all = remote.answer(all).await?;
    let items = all["items"].as_array().map_or(&[][..], Vec::as_slice);
    match items.iter().find(|item| item["name"] == service) {
        Some(found) => Ok(found["id"].to_string()),
        None if service.bytes().all(|byte| byte.is_ascii_digit()) => Ok(service.to_owned()),
        None => bail!("there is no speech service `{service}`"),
    }
}

async fn test(
    remote: &Remote,
    service: &str,
    text: Option<String>,
    language: &str,
) -> anyhow::Result<()> {
    let id = id_of(remote, service).await?;
    let path = format!("{}/{}/test", NewSpeechService::PATH, path_part(&id));
    let mut body = json!({"language": language});
    if let Some(text) = text {
        body["text"] = text.into();
    }
    let asked = remote
        .of_instance(Method::POST, &path)
        .timeout(TRIAL_MAX)
        .json(&body);
    let trial = remote.answer(asked).await?;
    if remote.prints_json() {
        remote.print_one(&trial);
    } else {
        print(&in_words(&trial));
    }
    match trial["fault"].as_str() {
        Some(fault) => bail!("`{service}` does not work: {fault}"),
        None => Ok(()),
    }
}

/// What came of a trial, for people.
fn in_words(trial: &Value) -> String {
    let ms = |name: &str| {
        trial[name]
            .as_f64()
            .map_or_else(|| "-".to_owned(), |ms| format!("{ms:.0} ms"))
    };
    let said = trial["said"].as_str().unwrap_or_default();
    match trial["heard"].as_str() {
        Some(heard) => format!(
            "said    {said}\nheard   {heard}\nwords {} after the end of {} of speech; words before that: {}",
            ms("latency_ms"),
            ms("sound_ms"),
            if trial["partials"] == true {
                "yes"
            } else {
                "no"
            },
        ),
        None => format!(
            "said    {said}\nfirst sound after {}, all {} after {}",
            ms("latency_ms"),
            ms("sound_ms"),
            ms("whole_ms"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_told_in_words() {
        let spoken = json!({"said": "Hello.", "latency_ms": 212.4, "whole_ms": 640.0,
            "sound_ms": 900.0, "partials": false, "fault": null, "heard": null});
        assert_eq!(
            in_words(&spoken),
            "said    Hello.\nfirst sound after 212 ms, all 900 ms after 640 ms"
        );
    }
}
