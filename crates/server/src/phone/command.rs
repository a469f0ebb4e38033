//! `switchboard phone`: a phone of its own, for trunks to call.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use clap::Args;
use providers::{
    port::Speaker,
    speaker::{CacheSettings, CachedSpeaker, LocalSpeaker, SpeechCache},
};

use super::{Phone, PhoneSettings, Script, sounds};
use crate::{cli, simulated};

/// What the phone is told.
#[derive(Args)]
pub struct PhoneFlags {
    /// Where SIP is spoken, UDP and TCP; port 0 lets the system choose
    #[arg(long, default_value = "127.0.0.1:5070")]
    listen: SocketAddr,
    /// What to do, as YAML: see docs/simulated-callees.md
    #[arg(long, conflicts_with = "behave")]
    script: Option<PathBuf>,
    /// A built-in behavior, such as polite or busy; without it, the last two digits of the number
    /// that is called choose one
    #[arg(long)]
    behave: Option<String>,
    /// First and last RTP port, such as 30000-30999; any port if absent
    #[arg(long, value_parser = ports)]
    rtp_ports: Option<(u16, u16)>,
    /// Folder for what is heard, one WAV a call
    #[arg(long)]
    record: Option<PathBuf>,
}

/// Answers calls until a signal.
pub async fn run(flags: Box<PhoneFlags>) -> anyhow::Result<ExitCode> {
    let script = chosen(&flags)?;
    let speaker: Arc<dyn Speaker> = Arc::new(CachedSpeaker::new(
        LocalSpeaker::new(),
        SpeechCache::new(CacheSettings::default()),
        "local",
    ));
    if let Some(script) = &script {
        // What is missing is said before the first call.
        sounds::make(script, &*speaker)
            .await
            .context("failed to make the sounds of the script")?;
    }
    let settings = PhoneSettings {
        listen: flags.listen,
        rtp_ports: flags.rtp_ports,
        record: flags.record.clone(),
    };
    let phone = Phone::start(
        settings,
        speaker,
        match script {
            Some(script) => Box::new(move |_| Some(Arc::clone(&script))),
            None => Box::new(simulated::by_number),
        },
    )
    .await
    .with_context(|| format!("failed to listen on {}", flags.listen))?;
    cli::print(&format!("phone answers on {} udp tcp", phone.local()));
    tokio::signal::ctrl_c().await?;
    Ok(ExitCode::SUCCESS)
}

fn chosen(flags: &PhoneFlags) -> anyhow::Result<Option<Arc<Script>>> {
    if let Some(path) = &flags.script {
        let shown = path.display();
        let text =
            std::fs::read_to_string(path).with_context(|| format!("failed to read {shown}"))?;
        return Ok(Some(Arc::new(
            Script::parse(&text).with_context(|| shown.to_string())?,
        )));
    }
    match &flags.behave {
        Some(name) => match simulated::by_name(name) {
            Some(script) => Ok(Some(script)),
            None => bail!(
                "behavior `{name}` is unknown: {}",
                simulated::names().join(", ")
            ),
        },
        None => Ok(None),
    }
}

fn ports(text: &str) -> Result<(u16, u16), String> {
    text.split_once('-')
        .and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)))
        .filter(|(first, last)| *first > 0 && first <= last)
        .ok_or_else(|| "two ports such as 30000-30999".to_owned())
}
