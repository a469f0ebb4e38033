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
use crate::{cli::print, open_files};

/// Longest time of the whole bench.
const WHOLE_MAX: Duration = Duration::from_secs(300);

/// Goal: 10,000 idle sockets in 150 MB.
const IDLE_KB_MAX: u64 = 15;

/// Goals for the 99th of a hundred: from a message's request to its text on every socket, and from
/// a piece's request to its text.
const FAN_OUT_MS_MAX: f64 = 50.0;
const PIECE_MS_MAX: f64 = 20.0;

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
    /// At most 1,000 idle WebSockets, 200 readers and 3 seconds of each part.
    #[arg(long)]
    quick: bool,
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
pub async fn run(flags: Box<ChatBenchFlags>) -> anyhow::Result<ExitCode> {
    open_files::raise();
    let flags = flags.sized();
    let in_time = async {
        let ours = ours::measure(&flags).await?;
        print(&ours.text(&flags));
        match nats::measure(&flags).await? {
            Some(theirs) => print(&theirs.text(&flags)),
            None => print("nats-server is not on the path: ours alone"),
        }
        anyhow::Ok(ours)
    };
    let ours = tokio::time::timeout(WHOLE_MAX, in_time)
        .await
        .with_context(|| format!("the bench did not end within {WHOLE_MAX:?}"))??;
    let misses = ours.misses(&flags);
    for miss in &misses {
        print(&format!("missed: {miss}"));
    }
    // A debug build, or a machine that others use, says nothing about goals of time.
    match ours.is_exact() {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
    }
}

impl ChatBenchFlags {
    /// What `--quick` makes of them.
    fn sized(mut self: Box<Self>) -> Box<Self> {
        if self.quick {
            self.sockets = self.sockets.min(1_000);
            self.readers = self.readers.min(200);
            self.seconds = self.seconds.min(3);
        }
        self
    }
}

impl Figures {
    /// Whether everything came exactly once.
    fn is_exact(&self) -> bool {
        let pieces = self.pieces.as_ref().map_or(0, |(_, missing)| *missing);
        self.fan_out_missing == 0 && pieces == 0
    }

    /// Goals of the product that were not met.
    fn misses(&self, flags: &ChatBenchFlags) -> Vec<String> {
        let mut misses = Vec::new();
        let idle_max = IDLE_KB_MAX * self.sockets as u64;
        if self.kilobytes > idle_max {
            let (had, may) = (self.kilobytes / 1024, idle_max / 1024);
            misses.push(format!(
                "{} idle sockets: {had} MB, at most {may} MB",
                self.sockets
            ));
        }
        let late = |what: &str, spread: &Spread, max_ms: f64| {
            (spread.p99_ms() > max_ms)
                .then(|| format!("{what}: p99 {:.1} ms, at most {max_ms} ms", spread.p99_ms()))
        };
        let rate = flags.readers * flags.messages as usize;
        misses.extend(late(
            &format!("fan-out {rate} a second"),
            &self.fan_out,
            FAN_OUT_MS_MAX,
        ));
        if let Some((pieces, _)) = &self.pieces {
            misses.extend(late("pieces", pieces, PIECE_MS_MAX));
        }
        if !self.is_exact() {
            misses.push("not everything came exactly once".to_owned());
        }
        misses
    }

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
