//! Voice agents: a document in a file, with a lock on its version.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    remote::Remote,
    resource::{New, SetFlags, document, path_part},
};

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

/// Replaces the definition (`--file`), or changes the name (`name=…`), if nobody else changes the
/// voice agent in the same moment.
pub async fn set(remote: &Remote, set: SetFlags) -> anyhow::Result<()> {
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
