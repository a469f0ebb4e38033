//! Voice agents: a document in a file, with a lock on its version.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    remote::Remote,
    resource::{self, ListFlags, New, SetFlags, Verb, document, path_part},
};

/// What is done with voice agents.
#[derive(Subcommand)]
pub enum AgentVerb {
    #[command(flatten)]
    One(Verb<NewAgent>),
    /// List the versions of one, newest first.
    Versions {
        /// Its id.
        id: String,
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show one as it was in a version.
    Version {
        /// Its id.
        id: String,
        /// Which.
        version: i64,
    },
    /// Bring a version back, as a new one.
    Restore {
        /// Its id.
        id: String,
        /// Which.
        version: i64,
    },
}

/// A new voice agent.
#[derive(Args)]
pub struct NewAgent {
    /// Its name.
    name: String,
    /// Its definition, JSON or YAML; `-` is standard input.
    #[arg(long)]
    file: PathBuf,
}

impl New for NewAgent {
    const PATH: &'static str = "/voice-agents";
    const COLUMNS: &'static [&'static str] =
        &["id", "name", "version", "variable_names", "updated_at"];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        Ok(json!({"name": self.name, "definition": document(&self.file)?}))
    }
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: AgentVerb) -> anyhow::Result<()> {
    let one = |id: &str| format!("{}/{}", NewAgent::PATH, path_part(id));
    match verb {
        AgentVerb::One(Verb::Set(changes)) => set(remote, changes).await,
        AgentVerb::One(verb) => resource::run(remote, verb).await,
        AgentVerb::Versions { id, list } => {
            let path = format!("{}/versions", one(&id));
            let asked = remote.of_instance(Method::GET, &path).query(&list.query());
            remote.print_list(
                &remote.answer(asked).await?,
                &["version", "name", "saved_at"],
            );
            Ok(())
        }
        AgentVerb::Version { id, version } => {
            let path = format!("{}/versions/{version}", one(&id));
            let asked = remote.of_instance(Method::GET, &path);
            remote.print_one(&remote.answer(asked).await?);
            Ok(())
        }
        AgentVerb::Restore { id, version } => {
            let present = remote.answer(remote.of_instance(Method::GET, &one(&id)));
            let body = json!({"version": present.await?["version"]});
            let path = format!("{}/versions/{version}/restore", one(&id));
            let asked = remote.of_instance(Method::POST, &path).json(&body);
            remote.print_one(&remote.answer(asked).await?);
            Ok(())
        }
    }
}

/// Replaces the definition (`--file`), or changes the name (`name=…`), if nobody else changes the
/// voice agent in the same moment.
async fn set(remote: &Remote, set: SetFlags) -> anyhow::Result<()> {
    let path = format!("{}/{}", NewAgent::PATH, path_part(&set.id));
    let present = remote
        .answer(remote.of_instance(Method::GET, &path))
        .await?;
    let definition = match &set.file {
        Some(file) => document(file)?,
        None => present["definition"].clone(),
    };
    let mut name = present["name"].clone();
    for change in &set.changes {
        let text = change
            .strip_prefix("name=")
            .context("only name=… and --file can be changed")?;
        name = Value::from(text);
    }
    let body = json!({"name": name, "definition": definition, "version": present["version"]});
    let asked = remote.of_instance(Method::PUT, &path).json(&body);
    remote.print_one(&remote.answer(asked).await?);
    Ok(())
}
