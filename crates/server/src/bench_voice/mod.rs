//! `switchboard bench voice`: how well turns are taken, in figures.
//!
//! Two parts: which sounds cut an agent and how fast (seeded clips through the detector and the
//! turns, in virtual time), and what the centre adds to the time of a reply on the wire (calls over
//! real SIP and RTP, with a recognizer and a speaker whose delays are set).

mod callers;
mod clips;
mod cuts;
mod standins;
mod wire;

use std::{process::ExitCode, time::Duration};

use clap::Args;
use serde_json::{Value, json};

use self::clips::Kind;
use crate::cli;

/// What to measure.
#[derive(Debug, Args)]
pub struct VoiceBenchFlags {
    /// Clips of each kind
    #[arg(long, default_value_t = 500)]
    clips: usize,
    /// Chooses the clips
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Calls at once over SIP and RTP; 0 leaves them out
    #[arg(long, default_value_t = 100)]
    calls: usize,
    /// Replies in each call
    #[arg(long, default_value_t = 6)]
    turns: usize,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Frames through the detector to learn its cost.
const DETECTOR_FRAMES: usize = 200_000;

/// Decisions to cut the agent.
const DECISIONS: usize = 1_000;

/// Runs the bench.
pub async fn run(flags: Box<VoiceBenchFlags>) -> anyhow::Result<ExitCode> {
    let (mut figures, mut rows) = (json!({}), Vec::new());
    clips(&flags, &mut figures, &mut rows);
    if flags.calls > 0 {
        calls(&flags, &mut figures, &mut rows).await?;
    }
    if flags.json {
        cli::print(&figures.to_string());
    } else {
        cli::print(&rows.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

fn clips(flags: &VoiceBenchFlags, figures: &mut Value, rows: &mut Vec<String>) {
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
            let [p50, p95] = [50, 95].map(|percent| ms(at(&fates.stops, percent)));
            rows.push(format!(
                "{:<13} onset to silence {p50} ms p50, {p95} ms p95; recall {:.1} %",
                "",
                share(fates.n_ended)
            ));
            figures["onset_to_silence_ms"] = json!({"p50": p50, "p95": p95});
        } else {
            n_others += fates.n;
            n_false += fates.n_ended;
        }
    }
    let false_share = 100.0 * n_false as f64 / n_others.max(1) as f64;
    rows.push(format!("false interruptions {false_share:.2} %"));
    figures["false_interruptions_percent"] = json!(false_share);
    let waits = cuts::decision_to_last_packet(DECISIONS, flags.seed);
    let [p95, most] = [95, 100].map(|percent| ms(at(&waits, percent)));
    rows.push(format!(
        "decision to cut to the last packet {p95} ms p95, {most} ms at most"
    ));
    figures["decision_to_last_packet_ms"] = json!({"p95": p95, "max": most});
    let cost = cuts::detector_cost(DETECTOR_FRAMES, flags.seed);
    let of_core = 100.0 * cost.as_secs_f64() / media::FRAME.as_secs_f64();
    rows.push(format!(
        "voice detector {:.2} µs a frame, {of_core:.3} % of a core a stream",
        cost.as_secs_f64() * 1e6
    ));
    figures["detector_core_percent"] = json!(of_core);
}

async fn calls(
    flags: &VoiceBenchFlags,
    figures: &mut Value,
    rows: &mut Vec<String>,
) -> anyhow::Result<()> {
    let measured = wire::measure(flags.calls, flags.turns).await?;
    let configured = wire::ENDPOINTING + wire::SPEAKER;
    let added = |percent| ms(at(&measured.replies, percent).saturating_sub(configured));
    let [added_50, added_95] = [50, 95].map(added);
    let [cut_50, cut_95] = [50, 95].map(|percent| ms(at(&measured.cuts, percent)));
    rows.push(format!(
        "{} calls at once, {} replies: {added_50} ms p50, {added_95} ms p95 beyond the configured {} ms",
        flags.calls,
        measured.replies.len(),
        configured.as_millis()
    ));
    rows.push(format!(
        "{:<13} {} interruptions on the wire: onset to the agent's last packet {cut_50} ms p50, {cut_95} ms p95",
        "",
        measured.cuts.len()
    ));
    let words = &measured.words_off;
    let n_within = words.iter().filter(|off| **off <= 1).count();
    rows.push(format!(
        "{:<13} stored text within one word of what left the socket in {n_within} of {}",
        "",
        words.len()
    ));
    let a_core = flags.calls as f64 / measured.cores.max(f64::EPSILON);
    rows.push(format!(
        "{:<13} with the callers {:.2} cores ({a_core:.0} calls a core) and {:.2} MB a call",
        "", measured.cores, measured.call_megabytes
    ));
    figures["heard_text"] = json!({
        "cuts": words.len(), "within_one_word": n_within, "words_off_max": words.last(),
    });
    figures["with_callers"] = json!({
        "cores": measured.cores, "calls_a_core": a_core, "megabytes_a_call": measured.call_megabytes,
    });
    figures["wire"] = json!({
        "calls": flags.calls, "replies": measured.replies.len(), "configured_ms": configured.as_millis(),
        "added_ms": {"p50": added_50, "p95": added_95},
        "cuts": measured.cuts.len(), "onset_to_last_packet_ms": {"p50": cut_50, "p95": cut_95},
    });
    Ok(())
}

/// The value that so many percent do not exceed; zero of none.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}
