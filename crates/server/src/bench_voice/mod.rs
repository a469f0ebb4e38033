//! `switchboard bench-voice`: how well turns are taken, in figures.
//!
//! Two parts: which sounds cut an agent and how fast (seeded clips through the detector and the
//! turns, in virtual time), and what the centre adds to the time of a reply on the wire (calls over
//! real SIP and RTP, with a recognizer and a speaker whose delays are set).

mod clips;
mod cuts;

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use self::clips::Kind;
use crate::cli;

/// What to measure.
#[derive(Args)]
pub struct VoiceBenchFlags {
    /// Clips of each kind
    #[arg(long, default_value_t = 500)]
    clips: usize,
    /// Chooses the clips
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Frames through the detector to learn its cost.
const DETECTOR_FRAMES: usize = 200_000;

/// Runs the bench.
pub fn run(flags: &VoiceBenchFlags) -> anyhow::Result<()> {
    let mut figures = json!({});
    let mut rows = Vec::new();
    let fates = cuts::measure(flags.clips, flags.seed);
    let (mut n_others, mut n_false) = (0, 0);
    for (kind, fates) in &fates {
        let share = |n: usize| 100.0 * n as f64 / fates.n.max(1) as f64;
        rows.push(format!(
            "{:<13} {:>5} clips  agent stopped in {:>5.1} %, went on in {:>5.1} %, ended in {:>5.1} %",
            kind.name(),
            fates.n,
            share(fates.n_stopped),
            share(fates.n_resumed),
            share(fates.n_ended)
        ));
        figures[kind.name()] = json!({
            "clips": fates.n, "stopped": fates.n_stopped, "resumed": fates.n_resumed, "ended": fates.n_ended,
        });
        if *kind == Kind::Interruption {
            let [p50, p95] = [50, 95].map(|percent| at(&fates.stops, percent));
            rows.push(format!(
                "{:<13} onset to silence {} ms p50, {} ms p95; recall {:.1} %",
                "",
                p50.as_millis(),
                p95.as_millis(),
                share(fates.n_ended)
            ));
            figures["onset_to_silence_ms"] = json!({"p50": ms(p50), "p95": ms(p95)});
        } else {
            n_others += fates.n;
            n_false += fates.n_ended;
        }
    }
    let false_share = 100.0 * n_false as f64 / n_others.max(1) as f64;
    rows.push(format!("false interruptions {false_share:.2} %"));
    figures["false_interruptions_percent"] = json!(false_share);
    let cost = cuts::detector_cost(DETECTOR_FRAMES, flags.seed);
    let of_core = 100.0 * cost.as_secs_f64() / media::FRAME.as_secs_f64();
    rows.push(format!(
        "voice detector {:.2} µs a frame, {of_core:.3} % of a core a stream",
        cost.as_secs_f64() * 1e6
    ));
    figures["detector_core_percent"] = json!(of_core);
    tell(flags.json, &figures, &rows);
    Ok(())
}

fn tell(as_json: bool, figures: &Value, rows: &[String]) {
    if as_json {
        cli::print(&figures.to_string());
    } else {
        cli::print(&rows.join("\n"));
    }
}

/// The value that so many percent do not exceed; zero of none.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}
