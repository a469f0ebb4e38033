//! The load: callers that speak, 50 packets a second each, from a process of their own.
//!
//! It judges what it hears: every packet must follow the last by sequence number, and, if asked,
//! the kernel's time stamps tell how evenly packets left (on loopback a packet is stamped while
//! the sender's system call still runs) and when a voice fell silent.

use std::{
    io::{BufRead as _, Write as _},
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use media::{FRAME, FRAME_SAMPLES, g711::Codec};
use serde::{Deserialize, Serialize};

use super::{stamps, usage};

/// RTP header and 20 ms of G.711.
const PACKET: usize = 172;

/// Groups of callers within a tick, so that packets leave evenly.
const N_GROUPS: usize = 20;

/// Frames that callers say over and over: one second of voice, one of silence.
const N_FRAMES: usize = 100;

/// Time for the last answers to come back.
const ECHO_WAIT: Duration = Duration::from_millis(400);

/// Samples at the end of a frame that must be silent for the voice to have stopped: what stands
/// before them may fade out.
const SILENT_TAIL: usize = 100;

/// How long to speak; to whom comes on standard input, one address a line.
#[derive(Debug, clap::Args)]
pub struct LoadArgs {
    /// Length of the load.
    #[arg(long)]
    milliseconds: u64,
    /// Have the kernel stamp what arrives.
    #[arg(long)]
    stamps: bool,
}

/// What the load saw, over all callers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Heard {
    /// Packets that callers sent.
    pub sent: u64,
    /// Packets that came back.
    pub received: u64,
    /// Packets missing in the sequence numbers of what came back, or out of order.
    pub sequence_gaps: u64,
    /// How far the time between two packets of a call was from 20 ms, µs; empty without stamps.
    pub jitter_us: Vec<u32>,
    /// For each caller in order the time since 1970 (ns) of the first packet that is silent after
    /// one that was not; 0 if there was none. Empty without stamps.
    pub silent_since_ns: Vec<u64>,
}

struct Caller {
    socket: UdpSocket,
    packet: [u8; PACKET],
    heard: Heard,
    next_sequence: Option<u16>,
    last_stamp_ns: Option<u64>,
    was_loud: bool,
    silent_since_ns: u64,
}

/// Speaks to everyone, judges what comes back, prints it as JSON.
pub fn run(args: &LoadArgs) -> anyhow::Result<()> {
    usage::pin(usage::last_core());
    // A caller that speaks late measures the machine, not who is called.
    let _ = app::shell::media::raise_priority();
    let targets = std::io::stdin().lock().lines();
    let targets: Vec<SocketAddr> = targets
        .map(|line| Ok(line?.parse()?))
        .collect::<anyhow::Result<_>>()?;
    let mut callers: Vec<Caller> = targets
        .into_iter()
        .enumerate()
        .map(|(n, to)| Caller::new(n, to, args.stamps))
        .collect::<anyhow::Result<_>>()?;
    let voice = voice();
    let until = Instant::now() + Duration::from_millis(args.milliseconds);
    let (mut next, mut tick) = (Instant::now(), 0_u32);
    while Instant::now() < until {
        for group in 0..N_GROUPS {
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            for caller in callers.iter_mut().skip(group).step_by(N_GROUPS) {
                caller.listen();
                caller.speak(tick, &voice[tick as usize % N_FRAMES]);
            }
            next += FRAME / N_GROUPS as u32;
        }
        tick += 1;
    }
    let echo_until = Instant::now() + ECHO_WAIT;
    while Instant::now() < echo_until {
        callers.iter_mut().for_each(Caller::listen);
        std::thread::sleep(FRAME);
    }
    let heard = sum(callers, args.stamps);
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&heard)?)?;
    Ok(())
}

fn sum(callers: Vec<Caller>, stamps: bool) -> Heard {
    let mut all = Heard::default();
    for caller in callers {
        all.sent += caller.heard.sent;
        all.received += caller.heard.received;
        all.sequence_gaps += caller.heard.sequence_gaps;
        all.jitter_us.extend(caller.heard.jitter_us);
        if stamps {
            all.silent_since_ns.push(caller.silent_since_ns);
        }
    }
    all
}

/// A warbling voice-like tone, then silence: the detector has work to do.
fn voice() -> Vec<[u8; FRAME_SAMPLES]> {
    let sample = |at: f32, loud: f32| {
        let pitch = 0.11 + 0.02 * (at / 900.0).sin();
        Codec::Pcmu.encode((loud * ((at * pitch).sin() + 0.5 * (at * pitch * 3.0).sin())) as i16)
    };
    (0..N_FRAMES)
        .map(|n| {
            let loud = if n < N_FRAMES / 2 { 6000.0 } else { 0.0 };
            std::array::from_fn(|i| sample((n * FRAME_SAMPLES + i) as f32, loud))
        })
        .collect()
}

impl Caller {
    fn new(n: usize, to: SocketAddr, stamps: bool) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind((to.ip(), 0))?;
        socket.connect(to)?;
        socket.set_nonblocking(true)?;
        if stamps {
            stamps::enable(&socket)?;
        }
        let mut packet = [0; PACKET];
        packet[0] = 0x80;
        packet[8..12].copy_from_slice(&u32::try_from(n + 1)?.to_be_bytes());
        Ok(Self {
            socket,
            packet,
            heard: Heard::default(),
            next_sequence: None,
            last_stamp_ns: None,
            was_loud: false,
            silent_since_ns: 0,
        })
    }

    fn speak(&mut self, tick: u32, frame: &[u8; FRAME_SAMPLES]) {
        self.packet[2..4].copy_from_slice(&(tick as u16).to_be_bytes());
        self.packet[4..8].copy_from_slice(&(tick * FRAME_SAMPLES as u32).to_be_bytes());
        self.packet[PACKET - FRAME_SAMPLES..].copy_from_slice(frame);
        self.heard.sent += u64::from(self.socket.send(&self.packet).is_ok());
    }

    fn listen(&mut self) {
        let mut buffer = [0; 1500];
        while let Ok((len, stamp_ns)) = stamps::receive(&self.socket, &mut buffer) {
            // Reports share no socket with media here: everything is RTP.
            if len == PACKET {
                self.hear(&buffer[..len], stamp_ns);
            }
        }
    }

    fn hear(&mut self, packet: &[u8], stamp_ns: Option<u64>) {
        self.heard.received += 1;
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        if let Some(expected) = self.next_sequence {
            // What comes late counts once, what is missing as often as it is missing.
            let missing = sequence.wrapping_sub(expected).cast_signed();
            self.heard.sequence_gaps +=
                u64::from(missing.max(missing.signum().abs()).unsigned_abs());
        }
        self.next_sequence = Some(sequence.wrapping_add(1));
        let Some(stamp_ns) = stamp_ns else { return };
        if let Some(last) = self.last_stamp_ns.replace(stamp_ns) {
            let frame_ns = u64::try_from(FRAME.as_nanos()).unwrap_or(u64::MAX);
            let off = stamp_ns.saturating_sub(last).abs_diff(frame_ns) / 1000;
            self.heard
                .jitter_us
                .push(u32::try_from(off).unwrap_or(u32::MAX));
        }
        let silence = Codec::Pcmu.silence();
        let is_silent = packet[PACKET - SILENT_TAIL..].iter().all(|&b| b == silence);
        if is_silent && self.was_loud {
            self.silent_since_ns = stamp_ns;
        }
        self.was_loud = !is_silent;
    }
}
