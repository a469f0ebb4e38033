//! What it costs to set a call up, and how soon it is answered.
//!
//! Calls are placed one after the other at a fixed rate and stay up, then as long again nothing is
//! placed. What the calls that are up cost meanwhile is known from the second half; the ramp holds
//! half as many on average, so half of that is taken off the first. The rest is the set-up.

use std::{
    io::{BufRead as _, BufReader, Lines, Write as _},
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command as Process, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use app::shell::sip::{Report, SipHandle, SipSettings};
use sip::{
    Command, Event, Invite, NameAddr, Transport, Uri,
    digest::Credentials,
    sdp::{self, Codec},
};
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    callee::{self, Usage},
    spread::Spread,
    usage,
};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Calls before counting begins: connections to the database, caches, the greeting.
const WARM_UP_CALLS: usize = 20;

/// Percent of short calls after which memory is looked at.
const LOOKS: [usize; 5] = [10, 25, 50, 75, 100];

/// Time for what follows the end of calls, before memory is looked at.
const AFTER_CALLS: Duration = Duration::from_secs(3);

/// Where the called sides of a bench keep their data, until all of its runs are over: where files have
/// just been removed, ext4 looks at each of them again before it makes a new one.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// An empty folder.
    pub fn new() -> anyhow::Result<Self> {
        let name = format!("switchboard-bench-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("failed to remove {}: {error}", self.folder.display());
        }
    }
}

/// What one run found.
#[derive(Debug, serde::Serialize)]
pub struct Setup {
    /// Processor time of the called process a call, µs.
    pub cpu_us_a_call: f64,
    /// Resident memory of the called process a call that is up, kB.
    pub kilobytes_a_call: f64,
    /// From the INVITE to the 200, µs, the challenge included if there is one.
    pub answer_us: Spread,
    /// Calls that were not answered.
    pub failed: usize,
}

/// What many short calls left behind.
#[derive(Debug, serde::Serialize)]
pub struct Churn {
    /// Calls placed, answered and hung up.
    pub calls: usize,
    /// Calls that were not answered.
    pub failed: usize,
    /// Processor time of the called process a call, with everything that follows its end, µs.
    pub cpu_us_a_call: f64,
    /// Percent of the calls placed, and the resident memory then, kB.
    pub kilobytes: Vec<(usize, f64)>,
}

/// Measures a second's worth of calls or more, `seconds` of them, at `rate` calls a second.
pub fn measure(scratch: &Scratch, whole: bool, rate: u32, seconds: u32) -> anyhow::Result<Setup> {
    run(scratch, whole, async move |caller, called| {
        caller.place(WARM_UP_CALLS, rate, true).await;
        let n_calls = (rate * seconds) as usize;
        let before = called.usage()?;
        let start = Instant::now();
        let placed = caller.place(n_calls, rate, false).await;
        let ramp = start.elapsed();
        let ramped = called.usage()?;
        tokio::time::sleep(ramp).await;
        let after = called.usage()?;
        let (ramp_us, flat_us) = (
            (ramped.cpu_us - before.cpu_us) as f64,
            (after.cpu_us - ramped.cpu_us) as f64,
        );
        caller.hang_up_all().await;
        Ok(Setup {
            cpu_us_a_call: (ramp_us - flat_us / 2.0) / n_calls as f64,
            kilobytes_a_call: (after.resident_kilobytes - before.resident_kilobytes)
                / n_calls as f64,
            answer_us: placed.answer_us(),
            failed: placed.failed,
        })
    })
}

/// Places `n_calls` calls on the whole centre that are hung up as soon as they are answered.
pub fn churn(scratch: &Scratch, n_calls: usize, rate: u32) -> anyhow::Result<Churn> {
    run(scratch, true, async move |caller, called| {
        let (mut n_placed, mut failed) = (0, 0);
        let mut seen = Vec::new();
        for percent in LOOKS {
            let until = n_calls * percent / 100;
            failed += caller.place(until - n_placed, rate, true).await.failed;
            n_placed = until;
            // What follows the end of a call: its recording, its record.
            tokio::time::sleep(AFTER_CALLS).await;
            seen.push((until, percent, called.usage()?));
        }
        let (first, last) = (seen[0], seen[LOOKS.len() - 1]);
        Ok(Churn {
            calls: n_calls,
            failed,
            cpu_us_a_call: (last.2.cpu_us - first.2.cpu_us) as f64 / (last.0 - first.0) as f64,
            kilobytes: seen
                .iter()
                .map(|(_, percent, used)| (*percent, used.resident_kilobytes))
                .collect(),
        })
    })
}

fn run<T>(
    scratch: &Scratch,
    whole: bool,
    with: impl AsyncFnOnce(&mut Caller, &mut Called) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut called = Called::start(&scratch.folder, whole)?;
    usage::pin(usage::last_core());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut caller = Caller::new(whole, called.address).await?;
        with(&mut caller, &mut called).await
    })
}

/// The called process.
struct Called {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
}

impl Called {
    fn start(scratch: &Path, whole: bool) -> anyhow::Result<Self> {
        let mut child = Process::new(std::env::current_exe()?)
            .arg("bench-callee")
            .arg(scratch)
            .args(whole.then_some("--whole"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the called side")?;
        let input = child.stdin.take().context("the called side has no input")?;
        let output = child.stdout.take().context("it has no output")?;
        let mut output = BufReader::new(output).lines();
        let address = output.next().context("the called side did not start")??;
        Ok(Self {
            child,
            input,
            output,
            address: address.parse()?,
        })
    }

    fn usage(&mut self) -> anyhow::Result<Usage> {
        writeln!(self.input, "usage")?;
        let line = self.output.next().context("the called side has ended")??;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Called {
    fn drop(&mut self) {
        // Its data is thrown away: nothing is lost by an abrupt end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Caller {
    sip: SipHandle,
    to: SocketAddr,
    whole: bool,
    /// Takes what the called side sends, and drops it when it is full.
    sink: UdpSocket,
    up: Vec<sip::LegId>,
    /// Never used: nobody calls us.
    _incoming: mpsc::Receiver<Box<sip::Incoming>>,
}

/// Calls of one round.
#[derive(Default)]
struct Placed {
    answered: Vec<Duration>,
    failed: usize,
}

impl Placed {
    fn answer_us(&self) -> Spread {
        let us = |time: &Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
        Spread::of(self.answered.iter().map(us).collect())
    }
}

impl Caller {
    async fn new(whole: bool, to: SocketAddr) -> anyhow::Result<Self> {
        let (to_incoming, incoming) = mpsc::channel(1);
        let settings = SipSettings {
            listen: SocketAddr::new(LOOPBACK, 0),
            public_ip: None,
            user_agent: "bench".into(),
            streams: app::shell::sip::StreamSettings::default(),
        };
        Ok(Self {
            sip: SipHandle::start(settings, to_incoming).await?,
            to,
            whole,
            sink: UdpSocket::bind((LOOPBACK, 0))?,
            up: Vec::new(),
            _incoming: incoming,
        })
    }

    /// Places calls at a fixed rate and waits for their answers.
    async fn place(&mut self, n_calls: usize, rate: u32, hang_up: bool) -> Placed {
        let mut clock = tokio::time::interval(Duration::from_secs(1) / rate);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        let mut calls = JoinSet::new();
        for _ in 0..n_calls {
            clock.tick().await;
            calls.spawn(call(self.sip.clone(), self.invite(), hang_up));
        }
        let mut placed = Placed::default();
        while let Some(outcome) = calls.join_next().await {
            match outcome {
                Ok(Ok((leg, took))) => {
                    placed.answered.push(took);
                    self.up.extend((!hang_up).then_some(leg));
                }
                Ok(Err(_)) | Err(_) => placed.failed += 1,
            }
        }
        placed
    }

    async fn hang_up_all(&mut self) {
        for leg in self.up.drain(..) {
            // The called side is thrown away after this.
            let _ = self
                .sip
                .command(Command::HangUp { leg, reason: None })
                .await;
        }
    }

    fn invite(&self) -> Invite {
        let media = self.sink.local_addr().unwrap_or(self.to);
        let host = self.to.ip().to_string();
        Invite {
            leg: self.sip.new_leg(),
            to: Uri::sip(callee::NUMBER, &host, Some(self.to.port())),
            from: NameAddr::new(Uri::sip("+8613800138000", &host, None)),
            link: self.sip.link(Transport::Udp, self.to),
            routes: Vec::new(),
            credentials: self.whole.then(|| Credentials {
                username: callee::USER.into(),
                password: callee::PASSWORD.into(),
            }),
            headers: Vec::new(),
            sdp: sdp::offer(&callee::local(media), &[Codec::Pcmu]).to_bytes(),
            ring_time_max: ANSWER_MAX,
            rules: sip::InviteRules::default(),
        }
    }
}

/// Places one call; how long it took to be answered.
async fn call(
    sip: SipHandle,
    invite: Invite,
    hang_up: bool,
) -> anyhow::Result<(sip::LegId, Duration)> {
    let (leg, start) = (invite.leg, Instant::now());
    let mut reports = sip.invite(invite).await?;
    loop {
        match reports.recv().await.context("the SIP task has ended")? {
            Report::Event(Event::Answered { .. }) => break,
            Report::Event(Event::Refused { .. } | Event::Canceled { .. }) => {
                anyhow::bail!("the call was not answered")
            }
            Report::Event(_) | Report::Dialed { .. } => {}
        }
    }
    let took = start.elapsed();
    if hang_up {
        sip.command(Command::HangUp { leg, reason: None }).await?;
        while let Some(report) = reports.recv().await {
            if let Report::Event(Event::Ended { .. }) = report {
                break;
            }
        }
    }
    Ok((leg, took))
}
