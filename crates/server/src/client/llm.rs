//! Language models that voice agents think with, and the secrets of their tools.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    remote::Remote,
    resource::{self, ListFlags, New, SetFlags, Verb, path_part, secret_from_stdin},
};
use crate::cli::print;

/// Longest wait for a trial; the server gives it 50 s.
const TRIAL_MAX: Duration = Duration::from_secs(70);

/// What is done with language models.
#[derive(Subcommand)]
pub enum LlmVerb {
    /// List them.
    List(ListFlags),
    /// Show one.
    Show {
        /// Its name or id.
        model: String,
    },
    /// Make one.
    #[command(alias = "create")]
    Add(NewModel),
    /// Change one.
    Set(SetFlags),
    /// Ask one a few questions: is it fast enough, does it stream, does it call tools?
    Test {
        /// Its name or id.
        model: String,
        /// Questions, 1 to 50.
        #[arg(long, default_value_t = 20)]
        questions: u32,
    },
    /// Remove one.
    #[command(alias = "rm", alias = "delete")]
    Remove {
        /// Its name or id.
        model: String,
    },
}

/// A new language model.
#[derive(Args)]
pub struct NewModel {
    /// By which voice agents know it.
    name: String,
    /// Its base: http://127.0.0.1:11434/v1
    #[arg(long)]
    url: String,
    /// openai, azure, minimax or dify.
    #[arg(long = "type", default_value = "openai")]
    kind: String,
    /// The model, or Azure's deployment.
    #[arg(long)]
    model: Option<String>,
    /// Its key, best as env:NAME: command lines are seen by everybody.
    #[arg(long, conflicts_with = "key_stdin")]
    key: Option<String>,
    /// Read its key from standard input.
    #[arg(long)]
    key_stdin: bool,
    /// Sampling temperature, 0 to 2.
    #[arg(long)]
    temperature: Option<f64>,
    /// The longest answer in tokens.
    #[arg(long)]
    max_tokens: Option<u32>,
    /// Further fields of each request, as JSON.
    #[arg(long)]
    extra_body: Option<String>,
}

impl New for NewModel {
    const PATH: &'static str = "/language-models";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "type",
        "url",
        "model",
        "has_key",
        "created_at",
    ];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        let mut body = json!({"name": self.name, "type": self.kind, "url": self.url});
        let key = match (self.key, self.key_stdin) {
            (_, true) => Some(secret_from_stdin()?),
            (Some(key), false) => Some(key_of(key)?),
            (None, false) => None,
        };
        let extra_body = self
            .extra_body
            .map(|text| serde_json::from_str::<Value>(&text).context("--extra-body is no JSON"))
            .transpose()?;
        let optional = [
            ("model", self.model.map(Value::from)),
            ("key", key.map(Value::from)),
            ("temperature", self.temperature.map(Value::from)),
            ("max_tokens", self.max_tokens.map(Value::from)),
            ("extra_body", extra_body),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                body[name] = value;
            }
        }
        Ok(body)
    }
}

/// A key as it was given, or the variable of the environment that holds it.
pub(super) fn key_of(key: String) -> anyhow::Result<String> {
    match key.strip_prefix("env:") {
        Some(name) => std::env::var(name).with_context(|| format!("{name} is not set")),
        None => Ok(key),
    }
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: LlmVerb) -> anyhow::Result<()> {
    let verb: Verb<NewModel> = match verb {
        LlmVerb::List(flags) => Verb::List(flags),
        LlmVerb::Add(new) => Verb::Add(new),
        LlmVerb::Show { model } => Verb::Show {
            id: id_of(remote, &model).await?,
        },
        LlmVerb::Set(mut set) => {
            set.id = id_of(remote, &set.id).await?;
            Verb::Set(set)
        }
        LlmVerb::Remove { model } => Verb::Remove {
            id: id_of(remote, &model).await?,
        },
        LlmVerb::Test { model, questions } => return test(remote, &model, questions).await,
    };
    resource::run(remote, verb).await
}

/// The id of the model that is named.
async fn id_of(remote: &Remote, model: &str) -> anyhow::Result<String> {
    let all = remote
        .of_instance(Method::GET, NewModel::PATH)
        .query(&[("limit", 200)]);
    let all = remote.answer(all).await?;
    let items = all["items"].as_array().map_or(&[][..], Vec::as_slice);
    match items.iter().find(|item| item["name"] == model) {
        Some(found) => Ok(found["id"].to_string()),
        None if model.bytes().all(|byte| byte.is_ascii_digit()) => Ok(model.to_owned()),
        None => bail!("there is no language model `{model}`"),
    }
}

async fn test(remote: &Remote, model: &str, questions: u32) -> anyhow::Result<()> {
    let id = id_of(remote, model).await?;
    let path = format!("{}/{}/test", NewModel::PATH, path_part(&id));
    let asked = remote
        .of_instance(Method::POST, &path)
        .timeout(TRIAL_MAX)
        .json(&json!({"questions": questions}));
    let trial = remote.answer(asked).await?;
    if remote.prints_json() {
        remote.print_one(&trial);
    } else {
        print(&in_words(&trial));
    }
    if trial["first_token_p50_ms"].is_null() {
        bail!("`{model}` does not answer");
    }
    Ok(())
}

/// What came of a trial, for people.
fn in_words(trial: &Value) -> String {
    let ms = |name: &str| {
        trial[name]
            .as_f64()
            .map_or_else(|| "-".to_owned(), |ms| format!("{ms:.0} ms"))
    };
    let yes = |name: &str| match trial[name].as_bool() {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let speed = match trial["pieces_per_second"].as_f64() {
        Some(speed) => format!(", {speed:.0} tokens/s"),
        None => String::new(),
    };
    let mut lines = vec![format!(
        "{} requests: first token p50 {} p90 {}{speed}; streaming {}; tool calls {}; Chinese {}",
        trial["questions"],
        ms("first_token_p50_ms"),
        ms("first_token_p90_ms"),
        yes("streaming"),
        yes("tool_calls"),
        yes("chinese"),
    )];
    let budget = ms("first_token_budget_ms");
    let verdict = match trial["fast_enough"].as_bool() {
        Some(true) => "Good.",
        Some(false) => "Too slow: callers will wait.",
        None => "It does not answer.",
    };
    lines.push(format!(
        "Budget: a reply under 1 s needs first token < {budget}. {verdict}"
    ));
    if let Some(fault) = trial["fault"].as_str() {
        lines.push(format!("{} failed, the last one: {fault}", trial["failed"]));
    }
    lines.join("\n")
}

/// What is done with secrets of tools.
#[derive(Subcommand)]
pub enum SecretVerb {
    /// List their names.
    List(ListFlags),
    /// Set one; its value is read from standard input.
    Set {
        /// Its name.
        name: String,
    },
    /// Remove one.
    #[command(alias = "rm", alias = "delete")]
    Remove {
        /// Its name.
        name: String,
    },
}

/// Carries out a verb on secrets.
pub async fn secret(remote: &Remote, verb: SecretVerb) -> anyhow::Result<()> {
    const PATH: &str = "/tool-secrets";
    let one = |name: &str| format!("{PATH}/{}", path_part(name));
    match verb {
        SecretVerb::List(flags) => {
            let asked = remote.of_instance(Method::GET, PATH).query(&flags.query());
            remote.print_list(&remote.answer(asked).await?, &["name", "updated_at"]);
        }
        SecretVerb::Set { name } => {
            let body = json!({"value": secret_from_stdin()?});
            let asked = remote.of_instance(Method::PUT, &one(&name)).json(&body);
            remote.answer(asked).await?;
        }
        SecretVerb::Remove { name } => {
            remote
                .answer(remote.of_instance(Method::DELETE, &one(&name)))
                .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_told_in_words() {
        let trial = json!({"questions": 20, "failed": 0, "first_token_p50_ms": 212.4,
            "first_token_p90_ms": 388.0, "pieces_per_second": 61.2, "streaming": true,
            "tool_calls": true, "chinese": null, "first_token_budget_ms": 450.0, "fast_enough": true,
            "fault": null});
        assert_eq!(
            in_words(&trial),
            "20 requests: first token p50 212 ms p90 388 ms, 61 tokens/s; streaming yes; \
             tool calls yes; Chinese unknown\n\
             Budget: a reply under 1 s needs first token < 450 ms. Good."
        );
    }

    #[test]
    fn a_key_comes_from_the_environment_where_it_says_so() {
        assert_eq!(key_of("app-1".into()).unwrap(), "app-1");
        assert!(key_of("env:SWITCHBOARD_NO_SUCH_KEY".into()).is_err());
    }
}
