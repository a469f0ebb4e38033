//! `switchboard`: the centre, its doctor, and the command line of its API, in one program.

mod admin;
mod bench;
mod bench_chat;
mod bench_dialogue;
mod bench_voice;
mod cli;
mod client;
mod config;
mod demo;
mod doctor;
mod logging;
mod open_files;
mod phone;
mod picture;
mod ports;
mod serve;
mod setup_link;
mod simulate;
mod simulated;

use std::process::ExitCode;

use clap::Parser;

use self::cli::{Cli, Command, OtherBench};

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::RecognizerWorker => providers::recognizer::pocketsphinx::worker_main(),
        Command::Serve(flags) => wait_for(serve::run(flags)),
        Command::SetupLink(flags) => wait_for(setup_link::run(flags)),
        Command::Admin(flags) => wait_for(admin::run(flags)),
        Command::Doctor(flags) => wait_for(doctor::run(flags)),
        Command::Demo(flags) => wait_for(demo::run(flags)),
        Command::Phone(flags) => wait_for(phone::run(flags)),
        Command::Simulate(flags) => wait_for(simulate::run(flags)),
        Command::Bench(flags) => match flags.other {
            None => at_once(bench::run(&flags.packets)),
            Some(OtherBench::Chat(flags)) => wait_for(bench_chat::run(flags)),
            Some(OtherBench::Dialogue(flags)) => wait_for(bench_dialogue::run(flags)),
            Some(OtherBench::Voice(flags)) => wait_for(bench_voice::run(flags)),
        },
        Command::BenchLoad(args) => at_once(bench::run_load(&args).map(|()| ExitCode::SUCCESS)),
        Command::BenchCallee(args) => at_once(bench::run_callee(&args).map(|()| ExitCode::SUCCESS)),
        Command::Client(command) => wait_for(client::run(*command)),
    }
}

/// The outcome of a command that needs no runtime of this kind.
fn at_once(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        cli::tell(&format!("switchboard: {error:#}"));
        ExitCode::from(2)
    })
}

/// Runs a command on a runtime of its own; a failure is told on stderr, with its causes.
fn wait_for(command: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("nobody installed another provider before main");
    let runtime = tokio::runtime::Runtime::new().expect("the system gives threads");
    let outcome = runtime.block_on(command);
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    outcome.unwrap_or_else(|error| {
        cli::tell(&format!("switchboard: {error:#}"));
        ExitCode::from(2)
    })
}
