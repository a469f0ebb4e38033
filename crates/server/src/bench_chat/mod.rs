//! `switchboard bench chat`: what chats cost on this machine.
//!
//! A server in a process of its own; the load in this one, on the same cores. Three figures: the
//! memory of idle WebSockets, the time from a message's request to its text on every socket of a
//! conversation, and the same for pieces of a growing message. Each event must come to each socket
//! exactly once. With `nats-server` on the path, its own WebSocket does the first two beside ours.

mod nats;
mod ours;
mod spread;

use std::{
    process::{Child, ExitCode},
    time::Duration,
};

use anyhow::Context as _;

use self::spread::Spread;
use crate::cli::print;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct ChatBenchFlags {
    /// Idle WebSockets.
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,
    /// WebSockets of the conversation that is written into.
    #[arg(long, default_value_t = 1_000)]
    readers: usize,
    /// Messages a second of the fan-out; each goes to every reader.
    #[arg(long, default_value_t = 20)]
    messages: u32,
    /// Pieces a second of the growing message.
    #[arg(long, default_value_t = 100)]
    pieces: u32,
    /// Seconds of each part.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

/// What one server did.
struct Figures {
    name: &'static str,
    sockets: usize,
    kilobytes: u64,
    fan_out: Spread,
    fan_out_missing: usize,
    pieces: Option<(Spread, usize)>,
}

/// Runs all parts and prints what they found.
pub async fn run(flags: ChatBenchFlags) -> anyhow::Result<ExitCode> {
    let flags = &flags;
    allow_many_files();
    let mut rows = vec![ours::measure(flags).await?];
    match nats::measure(flags).await? {
        Some(row) => rows.push(row),
        None => print("nats-server is not on the path: ours alone"),
    }
    for row in rows {
        print(&row.text(flags));
    }
    Ok(ExitCode::SUCCESS)
}

impl Figures {
    fn text(&self, flags: &ChatBenchFlags) -> String {
        let mb = self.kilobytes as f64 / 1024.0;
        let each = self.kilobytes as f64 / self.sockets.max(1) as f64;
        let rate = flags.readers * flags.messages as usize;
        let mut text = format!(
            "{}\n  {} idle sockets: {mb:.1} MB, {each:.1} kB each\n  fan-out {rate} a second: {}; \
             missing or doubled: {}",
            self.name, self.sockets, self.fan_out, self.fan_out_missing
        );
        if let Some((pieces, missing)) = &self.pieces {
            text += &format!(
                "\n  pieces {} a second: {pieces}; missing or doubled: {missing}",
                flags.pieces
            );
        }
        text
    }
}

/// A process that ends with this.
struct Server(Child);

impl Server {
    /// Resident memory, kB.
    fn resident(&self) -> anyhow::Result<u64> {
        let path = format!("/proc/{}/status", self.0.id());
        let status = std::fs::read_to_string(path).context("the server is gone")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number
            .and_then(|number| number.parse().ok())
            .context("no resident memory is told")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A TCP port that was free just now.
fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

/// Pause between two of so many a second.
fn pause(a_second: u32) -> Duration {
    Duration::from_secs(1) / a_second.max(1)
}

/// Microseconds of a clock that both sides of a message share.
fn clock_us() -> u64 {
    use std::sync::OnceLock;
    static BEGAN: OnceLock<std::time::Instant> = OnceLock::new();
    let began = BEGAN.get_or_init(std::time::Instant::now);
    u64::try_from(began.elapsed().as_micros()).expect("a bench is short")
}

/// As many open files as the system allows this process; children have the same.
#[expect(unsafe_code, reason = "the system call has no safe name")]
fn allow_many_files() {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the structure is plain numbers and outlives both calls.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}
