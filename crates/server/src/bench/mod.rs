//! `switchboard bench`: what a packet of a voice-agent leg costs on this machine, beside the bare
//! cost of moving it.
//!
//! Each rotation measures the floor (an epoll loop that sends every packet back) and then our media
//! worker (jitter buffer, voice detection, playout and two recorded tracks), with the same load from
//! a process of its own. Only the ratio of one rotation means anything: machines differ, and the
//! same machine differs from hour to hour.

mod floor;
mod legs;
mod load;
mod usage;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;

pub use load::{LoadArgs, run as run_load};

/// Time before counting begins: sockets fill, files are made, caches warm up.
const WARM_UP: Duration = Duration::from_secs(2);

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    /// Legs at once, on one core.
    #[arg(long, default_value_t = 200)]
    calls: usize,
    /// Seconds that are counted in each run.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Rotations of floor and ours; medians are printed.
    #[arg(long, default_value_t = 3)]
    rotations: usize,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// One run.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Processor time, of every thread of the measured process.
    pub cpu: Duration,
    /// Packets that came in and went out.
    pub packets: u64,
    /// Packets that the load sent and got back; equal when nothing was lost.
    pub sent: u64,
    /// See `sent`.
    pub received: u64,
    /// Resident memory a leg, kB; 0 for the floor.
    pub kilobytes_a_leg: f64,
    /// Latest beginning of a media slot, µs; 0 for the floor.
    pub late_max_us: u64,
}

impl Figures {
    fn microseconds_a_packet(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.packets.max(1) as f64
    }
}

/// Runs the rotations and prints what they found.
pub fn run(args: &BenchArgs) -> anyhow::Result<()> {
    let measured = Duration::from_secs(args.seconds);
    let mut out = std::io::stdout().lock();
    let mut rows = Vec::new();
    for rotation in 1..=args.rotations {
        let floor = floor::measure(args.calls, measured)?;
        let ours = legs::measure(args.calls, measured)?;
        if !args.json {
            row(&mut out, rotation, "floor", &floor)?;
            row(&mut out, rotation, "agent leg", &ours)?;
        }
        rows.push((floor, ours));
    }
    let ratio = median(
        rows.iter()
            .map(|(floor, ours)| ours.microseconds_a_packet() / floor.microseconds_a_packet()),
    );
    let kilobytes = median(rows.iter().map(|(_, ours)| ours.kilobytes_a_leg));
    let lost: u64 = rows
        .iter()
        .map(|(_, ours)| ours.sent.abs_diff(ours.received))
        .sum();
    if args.json {
        let ours = median(rows.iter().map(|(_, ours)| ours.microseconds_a_packet()));
        let floor = median(rows.iter().map(|(floor, _)| floor.microseconds_a_packet()));
        writeln!(
            out,
            "{}",
            serde_json::json!({
                "calls": args.calls, "ratio": ratio, "floor_us_a_packet": floor,
                "agent_leg_us_a_packet": ours, "kilobytes_a_leg": kilobytes, "sent_minus_received": lost,
            })
        )?;
    } else {
        writeln!(
            out,
            "median: {ratio:.2} times the floor, {kilobytes:.0} kB a leg, sent and received differ by {lost} packets"
        )?;
    }
    Ok(())
}

fn row(
    out: &mut impl std::io::Write,
    rotation: usize,
    what: &str,
    f: &Figures,
) -> std::io::Result<()> {
    writeln!(
        out,
        "{rotation} {what:<10} {:>6.2} µs a packet  {:>8} packets  sent {:>7} received {:>7}  {:>5.0} kB a leg  late max {} µs",
        f.microseconds_a_packet(),
        f.packets,
        f.sent,
        f.received,
        f.kilobytes_a_leg,
        f.late_max_us
    )
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The load in a process of its own, on the last core.
struct Load(Child);

impl Load {
    fn start(targets: &[SocketAddr], duration: Duration) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("bench-load")
            .args(["--milliseconds", &duration.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the load")?;
        let mut stdin = child.stdin.take().context("the load has no input")?;
        for target in targets {
            writeln!(stdin, "{target}")?;
        }
        Ok(Self(child))
    }

    /// Packets sent and received in all.
    fn finish(mut self) -> anyhow::Result<(u64, u64)> {
        let stdout = self.0.stdout.take().context("the load has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        self.0.wait()?;
        let (sent, received) = line
            .trim()
            .split_once(' ')
            .context("the load said nothing")?;
        Ok((sent.parse()?, received.parse()?))
    }
}
