//! `extension`: internal numbers that SIP phones register for.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use super::{
    remote::Remote,
    resource::{self, New, Verb, path_part},
};

/// What is done with extensions.
#[derive(Subcommand)]
pub enum ExtensionVerb {
    #[command(flatten)]
    Plain(Verb<NewExtension>),
    /// Give one a new password, which is shown once; its phone must register with it.
    Password {
        /// Its number.
        number: String,
    },
}

/// A new extension.
#[derive(Args, Serialize)]
pub struct NewExtension {
    /// Its number: 3 to 6 digits, the first not 0.
    number: String,
    /// Shown to people.
    name: String,
    /// Skill groups whose calls the phone may take.
    #[arg(long = "skill-group")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skill_groups: Vec<i64>,
    /// E-mail of the person whose phone it is.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<String>,
    /// Where every call to it goes instead: an extension or a number outside.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    forward_always: Option<String>,
    /// Where calls go while its phone is busy.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    forward_busy: Option<String>,
    /// Where calls go that its phone does not answer.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    forward_no_answer: Option<String>,
    /// How long its phone rings before that, 5 s to 20 s.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    forward_after_second: Option<u8>,
}

impl New for NewExtension {
    const PATH: &'static str = "/extensions";
    const COLUMNS: &'static [&'static str] =
        &["number", "name", "staff", "skill_groups", "busy", "domain"];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: ExtensionVerb) -> anyhow::Result<()> {
    match verb {
        ExtensionVerb::Plain(verb) => resource::run(remote, verb).await,
        ExtensionVerb::Password { number } => {
            let path = format!("/extensions/{}/password", path_part(&number));
            let asked = remote.of_instance(Method::POST, &path);
            remote.print_one(&remote.answer(asked).await?);
            Ok(())
        }
    }
}
