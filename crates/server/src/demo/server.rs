//! The demo's own server: this program again, as a child, with a folder and ports of its own.

use std::{
    fs::File,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

use super::http::Http;

/// Longest start.
const READY_MAX: Duration = Duration::from_secs(30);

/// Between looks whether it is ready.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Longest stop; it is killed then.
const STOP_MAX: Duration = Duration::from_secs(5);

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    base: String,
    log: PathBuf,
}

impl Server {
    /// Starts it with its data and its log in `folder`.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let log = folder.join("server.log");
        let file =
            File::create(&log).with_context(|| format!("failed to write {}", log.display()))?;
        let port = free_port()?;
        let mut command = Command::new(std::env::current_exe().context("failed to find myself")?);
        // Settings of another server must not reach this one.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SWITCHBOARD_") {
                command.env_remove(name);
            }
        }
        command
            .args([
                "serve",
                "--dev",
                "--log-format",
                "text",
                "--rtp-ports",
                "any",
            ])
            .args([
                "--sip-listen",
                "127.0.0.1:0",
                "--simulated-listen",
                "127.0.0.1:0",
            ])
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .arg("--data")
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .kill_on_drop(true);
        let child = command.spawn().context("failed to start the server")?;
        Ok(Self {
            child,
            base: format!("http://127.0.0.1:{port}"),
            log,
        })
    }

    /// Where it is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where its log is.
    pub fn log(&self) -> std::path::Display<'_> {
        self.log.display()
    }

    /// Returns once it can work.
    pub async fn wait_until_ready(&self, http: &Http) -> anyhow::Result<()> {
        let ready = async {
            while !http.is_ready().await {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        match tokio::time::timeout(READY_MAX, ready).await {
            Ok(()) => Ok(()),
            Err(_) => bail!("the server is not ready after {} s", READY_MAX.as_secs()),
        }
    }

    /// Asks it to drain and waits for its end.
    pub async fn stop(&mut self) {
        let Some(pid) = self.child.id() else { return };
        // There is no safe call for a signal other than KILL; the shell has one.
        let asked = Command::new("sh")
            .arg("-c")
            .arg(format!("kill -TERM {pid}"))
            .status()
            .await;
        let stopped = match asked {
            Ok(status) if status.success() => tokio::time::timeout(STOP_MAX, self.child.wait())
                .await
                .is_ok(),
            Ok(_) | Err(_) => false,
        };
        if !stopped && let Err(error) = self.child.kill().await {
            tracing::warn!(%error, "failed to stop the demo's server");
        }
    }
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
