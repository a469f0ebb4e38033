//! Sounds: sent as a file, or fetched by the server.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Subcommand;
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::json;

use super::{remote::Remote, resource::ListFlags};

/// The largest file that the server takes, in bytes.
const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// What is done with sounds.
#[derive(Subcommand)]
pub enum SoundVerb {
    /// List them.
    List(ListFlags),
    /// Show one.
    Show {
        /// Its id.
        id: i64,
    },
    /// Upload one, or have it fetched.
    Add {
        /// Its name.
        name: String,
        /// A wav or mp3 file of at most 5 MB.
        #[arg(long, required_unless_present = "url", conflicts_with = "url")]
        file: Option<PathBuf>,
        /// Where the server fetches it.
        #[arg(long)]
        url: Option<String>,
    },
    /// Remove one.
    #[command(alias = "delete")]
    Remove {
        /// Its id.
        id: i64,
    },
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: SoundVerb) -> anyhow::Result<()> {
    let one = |id: i64| format!("/sounds/{id}");
    match verb {
        SoundVerb::List(flags) => {
            let asked = remote
                .of_instance(Method::GET, "/sounds")
                .query(&flags.query());
            let columns = [
                "id",
                "name",
                "file_name",
                "duration_ms",
                "n_bytes",
                "created_at",
            ];
            remote.print_list(&remote.answer(asked).await?, &columns);
        }
        SoundVerb::Show { id } => {
            let asked = remote.of_instance(Method::GET, &one(id));
            remote.print_one(&remote.answer(asked).await?);
        }
        SoundVerb::Add { name, file, url } => {
            let asked = remote.of_instance(Method::POST, "/sounds");
            let asked = match file {
                Some(path) => {
                    let form = form(&name, &path)?;
                    asked.header(CONTENT_TYPE, form.0).body(form.1)
                }
                None => asked.json(&json!({"name": name, "url": url})),
            };
            remote.print_one(&remote.answer(asked).await?);
        }
        SoundVerb::Remove { id } => {
            remote
                .answer(remote.of_instance(Method::DELETE, &one(id)))
                .await?;
        }
    }
    Ok(())
}

/// A form with name and file (RFC 7578), and its content type.
fn form(name: &str, path: &std::path::Path) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes =
        std::fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
    ensure!(
        bytes.len() <= FILE_BYTES_MAX,
        "{} has more than 5 MB",
        path.display()
    );
    let file_name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .replace(['"', '\\', '\r', '\n'], "_");
    let boundary = hex::encode(rand::random::<[u8; 16]>());
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n{name}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body))
}
