//! `switchboard bench`: what calls cost on this machine, beside the bare cost of moving a packet.
//!
//! Relayed calls, with and without recording, are measured in the same way: two legs of one call that
//! hear each other. `rtpengine` relays the same calls in the same rotation where it is on the path.
//!
//! Each rotation measures the floor (an epoll loop that sends every packet back), then our media
//! worker (jitter buffer, voice detection, playout and two recorded tracks), then the floor again with
//! the worker's scheduling, all with the same load from a process of its own. Only the ratio of one rotation means anything: machines differ, and the
//! same machine differs from hour to hour. A packet is one that came in or one that went out.

mod callee;
mod fleet;
mod floor;
mod legs;
mod load;
mod loss;
mod pacing;
mod peer;
mod relayed;
mod report;
mod setup;
mod spread;
mod stamps;
pub mod usage;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

use anyhow::Context as _;

pub use callee::{CalleeArgs, run as run_callee};
use load::Heard;
pub use load::{LoadArgs, run as run_load};
use loss::Loss;
use report::{PacketCost, RelayCost, Relayed, Report, Rotation};
use setup::Scratch;
use spread::Spread;

/// Time before counting begins: sockets fill, files are made, caches warm up.
const WARM_UP: Duration = Duration::from_secs(2);

/// Length of the ramp of calls whose set-up is measured.
const SETUP_SECONDS: u32 = 3;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    /// Numbers of legs at once, on one core.
    #[arg(long, value_delimiter = ',', default_values_t = [50, 200, 400])]
    calls: Vec<usize>,
    /// Seconds that are counted in each run.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Rotations of floor and ours; medians are printed.
    #[arg(long, default_value_t = 3)]
    rotations: usize,
    /// Legs of the runs that measure pacing.
    #[arg(long, default_value_t = 300)]
    pacing_calls: usize,
    /// Calls a second of the runs that measure set-up.
    #[arg(long, default_value_t = 100)]
    rate: u32,
    /// Calls of the run that looks for memory that grows with them.
    #[arg(long, default_value_t = 20_000)]
    short_calls: usize,
    /// What to measure; everything but `short-calls` if not given.
    #[arg(long, value_delimiter = ',')]
    only: Vec<What>,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// A part of the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// CPU of a packet and memory of a call.
    Packet,
    /// CPU of a packet of a relayed call, and of a relayed and recorded one.
    Relay,
    /// Evenness of what is sent, and time until barge-in is heard.
    Pacing,
    /// CPU and answer latency of a call set-up, bare SIP and with digest, call record and media.
    Setup,
    /// Memory after many short calls; takes minutes.
    ShortCalls,
}

/// One run.
#[derive(Clone, Copy, Debug)]
struct Figures {
    /// Processor time, of every thread of the measured process.
    cpu: Duration,
    /// Packets that came in and went out.
    packets: u64,
    /// Packets missing, in either direction.
    lost: Loss,
    /// Stretches in which recordings lack sound.
    recorded_gaps: usize,
    /// Resident memory a leg, kB; 0 for the floor.
    kilobytes_a_leg: f64,
    /// Latest beginning of a media slot, µs; 0 for the floor.
    late_max_us: u64,
}

impl Figures {
    fn microseconds_a_packet(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.packets.max(1) as f64
    }
}

/// Runs what was asked for and prints what it found; a failure if a leg of ours lacks packets.
pub fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let wanted = |what| match args.only.is_empty() {
        true => what != What::ShortCalls,
        false => args.only.contains(&what),
    };
    let measured = Duration::from_secs(args.seconds);
    let mut report = Report::new(args.json);
    if wanted(What::Packet) {
        for &calls in &args.calls {
            let mut rows = Vec::new();
            for rotation in 1..=args.rotations {
                let floor = floor::measure(calls, measured, false)?;
                report.row(calls, rotation, "floor", &floor)?;
                let ours = legs::measure(calls, measured)?;
                report.row(calls, rotation, "agent leg", &ours)?;
                let floor_as_media = floor::measure(calls, measured, true)?;
                report.row(
                    calls,
                    rotation,
                    "floor, as media is scheduled",
                    &floor_as_media,
                )?;
                rows.push(Rotation {
                    floor,
                    ours,
                    floor_as_media,
                });
            }
            report.packet_cost(PacketCost::of(calls, &rows))?;
        }
    }
    if wanted(What::Relay) {
        relay(args, &mut report)?;
    }
    if wanted(What::Pacing) {
        for _ in 0..args.rotations {
            report.pacing(
                args.pacing_calls,
                pacing::measure(args.pacing_calls, measured)?,
            )?;
        }
    }
    let scratch = Scratch::new()?;
    if wanted(What::Setup) {
        for whole in [false, true] {
            for _ in 0..args.rotations {
                let found = setup::measure(&scratch, whole, args.rate, SETUP_SECONDS)?;
                report.setup(whole, found)?;
            }
        }
    }
    if wanted(What::ShortCalls) {
        report.churn(setup::churn(&scratch, args.short_calls, args.rate)?)?;
    }
    report.finish()
}

/// Rotations of floor, the peer, relayed calls, and relayed calls that are recorded.
fn relay(args: &BenchArgs, report: &mut Report) -> anyhow::Result<()> {
    let measured = Duration::from_secs(args.seconds);
    for &legs in &args.calls {
        let mut rows = Vec::new();
        for rotation in 1..=args.rotations {
            let floor = floor::measure(legs, measured, false)?;
            report.row(legs, rotation, "floor", &floor)?;
            let peer = peer::measure(legs, measured)?;
            if let Some(peer) = &peer {
                report.row(legs, rotation, "rtpengine", peer)?;
            }
            let relayed = relayed::measure(legs, measured, false)?;
            report.row(legs, rotation, "relayed", &relayed)?;
            let recorded = relayed::measure(legs, measured, true)?;
            report.row(legs, rotation, "relayed and recorded", &recorded)?;
            rows.push(Relayed {
                floor,
                peer,
                relayed,
                recorded,
            });
        }
        report.relay_cost(RelayCost::of(legs, &rows))?;
    }
    Ok(())
}

/// The load in a process of its own, on the last core.
struct Load(Child);

impl Load {
    fn start(targets: &[SocketAddr], duration: Duration, stamps: bool) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("bench-load")
            .args(["--milliseconds", &duration.as_millis().to_string()])
            .args(["--warm-up-milliseconds", &WARM_UP.as_millis().to_string()])
            .args(stamps.then_some("--stamps"))
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

    /// What it sent and heard.
    fn finish(mut self) -> anyhow::Result<Heard> {
        let stdout = self.0.stdout.take().context("the load has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        self.0.wait()?;
        serde_json::from_str(&line).context("the load said nothing")
    }
}
