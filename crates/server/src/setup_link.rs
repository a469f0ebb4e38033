//! `switchboard setup-link`: a new link to the set-up page, for whoever has a shell on the machine.

use std::{process::ExitCode, time::SystemTime};

use anyhow::Context;
use api::native;
use model::UnixMs;
use store::{SealKey, Store};

use crate::{
    cli::{print, tell},
    config::{self, Flags, Resolved},
};

/// Name of the environment variable that holds the key of sealed secrets.
const SEAL_KEY: &str = "SWITCHBOARD_SEAL_KEY";

/// Prints a new link, unless set-up is finished.
pub async fn run(flags: Box<Flags>) -> anyhow::Result<ExitCode> {
    let resolved = config::load(&flags)?;
    let settings = resolved.settings(resolved.listen);
    let store = Store::open(settings.database.clone(), seal_key(&resolved)?)
        .await
        .context("failed to open the database")?;
    let now = UnixMs::from(SystemTime::now());
    let link = native::issue_setup_link(&store, &settings.public_url, now).await?;
    store.close().await;
    match link {
        Some(link) => {
            print(&link.url);
            Ok(ExitCode::SUCCESS)
        }
        None => {
            tell("set-up is finished; tokens are made with: switchboard token add NAME");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The key that secrets are sealed with: from the environment, or from the data folder.
pub fn seal_key(resolved: &Resolved) -> anyhow::Result<SealKey> {
    match std::env::var(SEAL_KEY) {
        Ok(text) => SealKey::parse(&text).context(SEAL_KEY),
        Err(_) => {
            let folder = resolved.settings(resolved.listen).data;
            SealKey::load_or_create(&folder)
                .with_context(|| format!("failed to use the key in {}", folder.display()))
        }
    }
}
