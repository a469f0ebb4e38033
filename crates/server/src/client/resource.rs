//! The verbs that most nouns share.

use std::{io::Read, path::PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value};

use super::remote::Remote;

/// The largest file or standard input that is read, in bytes.
const INPUT_BYTES_MAX: u64 = 1024 * 1024;

/// What is done with a thing.
#[derive(Subcommand)]
pub enum Verb<A: Args> {
    /// List them.
    List(ListFlags),
    /// Show one.
    Show {
        /// Its id.
        id: String,
    },
    /// Make one.
    #[command(alias = "create")]
    Add(A),
    /// Change one.
    Set(SetFlags),
    /// Remove one.
    #[command(alias = "delete")]
    Remove {
        /// Its id.
        id: String,
    },
}

/// Part of a list.
#[derive(Args, Default)]
pub struct ListFlags {
    /// Items to leave out at the front.
    #[arg(long, default_value_t = 0)]
    pub offset: u32,
    /// Most items to show, at most 200.
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
}

/// Changes.
#[derive(Args)]
pub struct SetFlags {
    /// Its id.
    pub id: String,
    /// Fields with their new values, as JSON or text: `enabled=false`. `null` takes one away.
    pub changes: Vec<String>,
    /// A document with the changes, JSON or YAML; `-` is standard input.
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// A field whose secret value is read from standard input: `password`.
    #[arg(long, conflicts_with = "file")]
    pub secret_stdin: Option<String>,
}

/// What is needed to make a thing.
pub trait New: Args {
    /// Path below `/api/v1`.
    const PATH: &'static str;
    /// Fields that lists show.
    const COLUMNS: &'static [&'static str];
    /// Whether `--instance` goes with requests.
    const OF_INSTANCE: bool;

    /// The body of the request.
    fn body(self) -> anyhow::Result<Value>;
}

/// Carries out a verb.
pub async fn run<A: New>(remote: &Remote, verb: Verb<A>) -> anyhow::Result<()> {
    let request = |method: Method, path: &str| {
        if A::OF_INSTANCE {
            remote.of_instance(method, path)
        } else {
            remote.request(method, path)
        }
    };
    let one = |id: &str| format!("{}/{}", A::PATH, path_part(id));
    match verb {
        Verb::List(flags) => {
            let asked = request(Method::GET, A::PATH).query(&flags.query());
            remote.print_list(&remote.answer(asked).await?, A::COLUMNS);
        }
        Verb::Show { id } => {
            remote.print_one(&remote.answer(request(Method::GET, &one(&id))).await?);
        }
        Verb::Add(new) => {
            let asked = request(Method::POST, A::PATH).json(&new.body()?);
            remote.print_one(&remote.answer(asked).await?);
        }
        Verb::Set(set) => {
            let path = one(&set.id);
            let asked = request(Method::PATCH, &path).json(&set.body()?);
            remote.print_one(&remote.answer(asked).await?);
        }
        Verb::Remove { id } => {
            remote.answer(request(Method::DELETE, &one(&id))).await?;
        }
    }
    Ok(())
}

/// An id as part of a path: what has a meaning in addresses is escaped.
pub fn path_part(id: &str) -> String {
    id.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

impl ListFlags {
    /// As it stands in an address.
    pub fn query(&self) -> [(&'static str, u32); 2] {
        [("offset", self.offset), ("limit", self.limit)]
    }
}

impl SetFlags {
    /// The changes as one document.
    pub fn body(&self) -> anyhow::Result<Value> {
        let mut body = match &self.file {
            Some(path) => document(path)?,
            None => Value::Object(Map::new()),
        };
        let Value::Object(fields) = &mut body else {
            bail!("the document is no object")
        };
        for change in &self.changes {
            let (name, value) = change
                .split_once('=')
                .with_context(|| format!("`{change}` is not of the form field=value"))?;
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
            fields.insert(name.to_owned(), value);
        }
        if let Some(name) = &self.secret_stdin {
            fields.insert(name.clone(), Value::from(secret_from_stdin()?));
        }
        if fields.is_empty() {
            bail!("nothing to change: give field=value, --file or --secret-stdin");
        }
        Ok(body)
    }
}

/// A document from a file or standard input, JSON or YAML.
pub fn document(path: &std::path::Path) -> anyhow::Result<Value> {
    let text = if path.as_os_str() == "-" {
        stdin()?
    } else {
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(INPUT_BYTES_MAX).read_to_string(&mut text))
            .with_context(|| format!("failed to read {}", path.display()))?;
        text
    };
    serde_yaml_ng::from_str(&text)
        .with_context(|| format!("{} is neither JSON nor YAML", path.display()))
}

/// A secret: standard input without the line end.
pub fn secret_from_stdin() -> anyhow::Result<String> {
    let text = stdin()?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        bail!("standard input holds no secret");
    }
    Ok(secret.to_owned())
}

fn stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(INPUT_BYTES_MAX)
        .read_to_string(&mut text)
        .context("failed to read standard input")?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_json_where_they_can_be_and_text_elsewhere() {
        let set = SetFlags {
            id: "1".into(),
            changes: ["enabled=false", "port=5070", "name=a=b", "user=null"]
                .map(String::from)
                .into(),
            file: None,
            secret_stdin: None,
        };
        assert_eq!(
            set.body().unwrap(),
            json!({"enabled": false, "port": 5070, "name": "a=b", "user": null})
        );
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        assert_eq!(path_part("../x?y"), "..%2Fx%3Fy");
        assert_eq!(path_part("+12025550100"), "%2B12025550100");
    }
}
