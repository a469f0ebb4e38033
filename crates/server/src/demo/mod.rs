//! `switchboard demo`: one call over the true path, shown live, and proven at its end.
//!
//! A server of its own is started on free loopback ports; a simulated callee is called with a
//! signed `CreateAIAgentCall`; a sound is played into the call with `PlaySoundCall`; a receiver of
//! its own takes the pushes. What comes out lies in one folder. The demo is a client like any
//! other: it knows of the call only what the server's HTTP interfaces tell.
//!
//! # Invariants
//!
//! - It ends well only if everything it promises is there: see [`checks`].
//! - It ends within [`DEADLINE`], and its server ends with it.

mod checks;
mod evidence;
mod follow;
mod http;
mod receiver;
mod server;
mod tc3;
mod told;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;

use self::{evidence::Evidence, follow::Followed, receiver::Receiver};
pub use self::{http::Http, server::Server};
use crate::cli;

/// Longest demo.
const DEADLINE: Duration = Duration::from_secs(120);

/// The polite callee.
const CALLEE: &str = "0012025550101";

/// What the demo is told.
#[derive(Args)]
pub struct DemoFlags {
    /// Folder for what comes out of it; each run makes a folder of its own in there
    #[arg(long, default_value = "switchboard-demo")]
    out: PathBuf,
}

/// Runs the demo: exit code 0 only if every promise was kept.
pub async fn run(flags: Box<DemoFlags>) -> anyhow::Result<ExitCode> {
    let started = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let folder = flags.out.join(started);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("failed to create {}", folder.display()))?;
    let receiver = Receiver::start().await?;
    let mut server = Server::start(&folder).await?;
    let outcome = tokio::time::timeout(DEADLINE, call(&server, &receiver, folder)).await;
    server.stop().await;
    match outcome {
        Ok(Ok(true)) => Ok(ExitCode::SUCCESS),
        Ok(Ok(false)) => Ok(ExitCode::FAILURE),
        Ok(Err(error)) => Err(error.context(format!("the server's log is {}", server.log()))),
        Err(_) => bail!(
            "no end after {} s; the server's log is {}",
            DEADLINE.as_secs(),
            server.log()
        ),
    }
}

/// From the first request to the last check. Whether every check passed.
async fn call(server: &Server, receiver: &Receiver, folder: PathBuf) -> anyhow::Result<bool> {
    let http = Http::new(server.base())?;
    server.wait_until_ready(&http).await?;
    cli::print(&format!(
        "server   {}   log {}",
        server.base(),
        server.log()
    ));
    let instance = http.first("/api/v1/instances", "id").await?;
    let agent = http.first("/api/v1/voice-agents", "id").await?;
    let sound = http.upload_sound("chime", &chime()?).await?;
    let endpoint = json!({ "url": receiver.url(), "topics": ["cdr", "record"] });
    http.post("/api/v1/webhook-endpoints", &endpoint).await?;
    let request = json!({
        "SdkAppId": instance,
        "AIAgentId": agent,
        "Callee": CALLEE,
        "Variables": [{ "Key": "name", "Value": "Ms Lin" }, { "Key": "day", "Value": "Tuesday" }],
    });
    cli::print(&format!("request  CreateAIAgentCall {request}"));
    let placed = http.tencent("CreateAIAgentCall", &request).await?;
    let call = placed["SessionId"]
        .as_str()
        .context("no SessionId in the answer")?
        .to_owned();
    cli::print(&format!("call     {call}\n"));
    let followed = Followed::follow(&http, &call, instance, sound).await?;
    receiver.wait_for(3).await;
    let evidence = Evidence::collect(&http, instance, followed, receiver.pushes(), folder).await?;
    evidence.show();
    let findings = checks::check(&evidence);
    for finding in &findings {
        cli::print(&finding.line());
    }
    Ok(findings.iter().all(|finding| finding.passed))
}

/// Two notes, as a WAV.
fn chime() -> anyhow::Result<Vec<u8>> {
    let rate = f64::from(media::SAMPLE_RATE_HZ);
    let note = |hz: f64| {
        (0..media::SAMPLE_RATE_HZ / 3).map(move |n| {
            let at = f64::from(n) / rate;
            let fades = (-6.0 * at).exp();
            ((at * hz * std::f64::consts::TAU).sin() * 9000.0 * fades) as i16
        })
    };
    let samples: Vec<i16> = note(659.3).chain(note(523.3)).collect();
    let mut file = std::io::Cursor::new(Vec::new());
    let mut wav = providers::render::Wav::new(&mut file, 1)?;
    wav.write(&samples)?;
    wav.finish()?;
    Ok(file.into_inner())
}
