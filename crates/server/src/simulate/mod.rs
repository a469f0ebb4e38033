//! `switchboard simulate`: conversations as they are wanted, tried out before a customer does.
//!
//! A scenario is a caller (a script of `switchboard phone`, or a built-in persona), an agent, and
//! what is expected of their conversation. It is run over real SIP and RTP against a centre of its
//! own, or, with `--virtual`, in virtual time: the same machines that decide in real calls, the
//! caller's and the agent's, with neighbors of a set pace. `docs/simulated-callers.md` describes it.
//!
//! # Invariants
//!
//! - In virtual time the same scenario, seed and number give the same story, byte for byte.
//! - What is expected is judged on what was heard, never on what was meant to be said.

mod chance;
mod judge;
mod real;
mod rehearsal;
mod scenario;

#[cfg(test)]
mod tests;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::Args;
use sha2::{Digest as _, Sha256};

pub use self::chance::Chance;
use self::{judge::Outcome, scenario::Scenario};
use crate::cli;

/// Most calls of one scenario.
const CALLS_MAX: u32 = 1_000_000;

/// What to simulate.
#[derive(Args)]
pub struct SimulateFlags {
    /// Scenarios, as YAML: see docs/simulated-callers.md
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// In virtual time: nothing sounds, and a thousand calls take seconds
    #[arg(long = "virtual")]
    in_virtual_time: bool,
    /// Calls of each scenario in virtual time, each with another pace
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=CALLS_MAX as i64), requires = "in_virtual_time")]
    calls: u32,
    /// Chooses the paces
    #[arg(long, default_value_t = 1, requires = "in_virtual_time")]
    seed: u64,
    /// Folder for the server's log of real calls
    #[arg(long, default_value = "switchboard-simulate")]
    out: PathBuf,
    /// Print every conversation, not only those that went wrong
    #[arg(long)]
    verbose: bool,
}

/// Runs the scenarios: exit code 0 if all went as expected, 1 if not.
pub async fn run(flags: Box<SimulateFlags>) -> anyhow::Result<ExitCode> {
    let mut scenarios = Vec::new();
    for path in &flags.files {
        scenarios.push(load(path)?);
    }
    let all_well = if flags.in_virtual_time {
        in_virtual_time(&scenarios, &flags)?
    } else {
        over_the_wire(&scenarios, &flags).await?
    };
    Ok(if all_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn load(path: &Path) -> anyhow::Result<Scenario> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {shown}"))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    Scenario::parse(&text, folder).with_context(|| shown.to_string())
}

/// What came of many calls in virtual time.
struct Tally {
    n_calls: u32,
    /// Seed and story of the first that went wrong, and why it did.
    first_wrong: Option<(u32, Outcome, Vec<String>)>,
    n_wrong: u32,
    /// Of every story.
    digest: Sha256,
    simulated: Duration,
}

fn in_virtual_time(scenarios: &[Scenario], flags: &SimulateFlags) -> anyhow::Result<bool> {
    let mut all_well = true;
    for scenario in scenarios {
        let began = Instant::now();
        let tally = many(scenario, flags.calls, flags.seed, flags.verbose)?;
        all_well &= tally.n_wrong == 0;
        let (n_calls, n_wrong) = (tally.n_calls, tally.n_wrong);
        if let Some((n, outcome, faults)) = &tally.first_wrong {
            show(outcome, faults);
            cli::print(&format!("call {n} of seed {} went wrong", flags.seed));
        }
        cli::print(&format!(
            "{}  {}: {} of {n_calls} as expected, {:.0} s of calls in {:.2} s, digest {}",
            if n_wrong == 0 { "PASS" } else { "FAIL" },
            scenario.name,
            n_calls - n_wrong,
            tally.simulated.as_secs_f64(),
            began.elapsed().as_secs_f64(),
            &hex::encode(tally.digest.finalize())[..16],
        ));
    }
    Ok(all_well)
}

fn many(scenario: &Scenario, n_calls: u32, seed: u64, verbose: bool) -> anyhow::Result<Tally> {
    let mut tally = Tally {
        n_calls,
        first_wrong: None,
        n_wrong: 0,
        digest: Sha256::new(),
        simulated: Duration::ZERO,
    };
    for n in 0..n_calls {
        let outcome = rehearsal::rehearse(scenario, seed, n)?;
        let faults = judge::faults(scenario, &outcome);
        for line in outcome.story() {
            tally.digest.update(line.as_bytes());
            tally.digest.update(b"\n");
        }
        tally.simulated += Duration::from_millis(u64::try_from(outcome.end_ms).unwrap_or(0));
        if verbose {
            show(&outcome, &faults);
        }
        if !faults.is_empty() {
            tally.n_wrong += 1;
            tally.first_wrong.get_or_insert((n, outcome, faults));
        }
    }
    Ok(tally)
}

async fn over_the_wire(scenarios: &[Scenario], flags: &SimulateFlags) -> anyhow::Result<bool> {
    let mut centre = real::Centre::start(&flags.out).await?;
    let mut all_well = true;
    for scenario in scenarios {
        let outcome = match centre.call(scenario).await {
            Ok(outcome) => outcome,
            Err(error) => {
                centre.stop().await;
                return Err(error.context(scenario.name.clone()));
            }
        };
        let faults = judge::faults(scenario, &outcome);
        if flags.verbose || !faults.is_empty() {
            show(&outcome, &faults);
        }
        let verdict = if faults.is_empty() { "PASS" } else { "FAIL" };
        cli::print(&format!("{verdict}  {}", scenario.name));
        all_well &= faults.is_empty();
    }
    centre.stop().await;
    Ok(all_well)
}

fn show(outcome: &Outcome, faults: &[String]) {
    let mut out = std::io::stdout().lock();
    let lines = outcome.story().into_iter();
    for line in lines.chain(faults.iter().map(|fault| format!("         ! {fault}"))) {
        // A reader that has gone away is no failure.
        let _ = writeln!(out, "{line}");
    }
}
