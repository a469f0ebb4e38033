//! The command line.

use std::io::Write as _;

use clap::{Args, Parser, Subcommand};

use crate::{
    bench::{BenchArgs, CalleeArgs, LoadArgs},
    bench_chat::ChatBenchFlags,
    bench_dialogue::DialogueBenchFlags,
    bench_voice::VoiceBenchFlags,
    client::ClientCommand,
    config::Flags,
    demo::DemoFlags,
    phone::PhoneFlags,
    simulate::SimulateFlags,
};

/// A self-hosted AI contact centre that answers the API calls of the clouds.
#[derive(Parser)]
#[command(name = "switchboard", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Run the centre.
    #[command(alias = "run")]
    Serve(Box<Flags>),
    /// Print a new link to the set-up page, while set-up is not finished.
    SetupLink(Box<Flags>),
    /// Look for what is wrong: exit code 0 good, 1 warnings, 2 broken.
    Doctor(Box<DoctorFlags>),
    /// Place one call to a simulated callee over the true path, and prove it.
    Demo(Box<DemoFlags>),
    /// Answer calls by a script: a simulated callee.
    Phone(Box<PhoneFlags>),
    /// Try out conversations as they are wanted, over SIP or in virtual time.
    Simulate(Box<SimulateFlags>),
    /// Recognize speech for a running centre; started by it, not by people.
    #[command(hide = true)]
    RecognizerWorker,
    /// Measure what a packet of a voice-agent leg costs here, beside the bare floor.
    Bench(BenchFlags),
    /// The load of a bench; started by it, not by people.
    #[command(hide = true)]
    BenchLoad(LoadArgs),
    /// The called side of a bench; started by it, not by people.
    #[command(hide = true)]
    BenchCallee(CalleeArgs),
    /// The API of a running centre.
    #[command(flatten)]
    Client(Box<ClientCommand>),
}

/// What is measured.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BenchFlags {
    /// Packets, unless something else is named.
    #[command(flatten)]
    pub packets: BenchArgs,
    /// Something else.
    #[command(subcommand)]
    pub other: Option<OtherBench>,
}

/// What else is measured.
#[derive(Subcommand)]
pub enum OtherBench {
    /// Measure chats: memory of idle sockets, fan-out, and the way of a piece of a message.
    Chat(ChatBenchFlags),
    /// Measure how many signed questions one core answers with the history stored.
    Dialogue(Box<DialogueBenchFlags>),
    /// Measure which sounds cut an agent, and what the centre adds to a reply on the wire.
    Voice(Box<VoiceBenchFlags>),
}

/// What the doctor is told.
#[derive(Args)]
pub struct DoctorFlags {
    /// The same as for `serve`.
    #[command(flatten)]
    pub flags: Flags,
    /// Print the findings as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Writes a line for people to stderr. That nobody listens there is no failure.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes a result to stdout. A reader that has gone away (`| head`) is no failure.
pub fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
