//! The load: callers that speak, 50 packets a second each, from a process of their own.
//!
//! It judges what it hears: each caller counts what it sends and hears on the plateau, every packet must
//! follow the last by sequence number, and, if asked, the kernel's time stamps tell how evenly packets left
//! (on loopback a packet is stamped while the sender's system call still runs) and when a voice fell silent.

use std::{
    io::{BufRead as _, Write as _},
    net::{SocketAddr, UdpSocket},
    ops::Range,
    time::{Duration, Instant},
};

use media::{FRAME, FRAME_SAMPLES, g711::Codec};
use serde::{Deserialize, Serialize};

use super::{loss::Count, stamps, usage};

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
    /// Time of it before the plateau.
    #[arg(long)]
    warm_up_milliseconds: u64,
    /// Have the kernel stamp what arrives.
    #[arg(long)]
    stamps: bool,
}

/// What the load saw.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Heard {
    /// Of each caller, in order.
    pub callers: Vec<Count>,
    /// How far the time between two packets of a call was from 20 ms, µs; empty without stamps.
    pub jitter_us: Vec<u32>,
    /// For each caller in order the time since 1970 (ns) of the first packet that is silent after
    /// one that was not; 0 if there was none. Empty without stamps.
    pub silent_since_ns: Vec<u64>,
}

struct Caller {
    socket: UdpSocket,
    packet: [u8; PACKET],
    count: Count,
    is_on_plateau: bool,
    jitter_us: Vec<u32>,
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
    let frame_ms = u64::try_from(FRAME.as_millis())?;
    let plateau = u32::try_from(args.warm_up_milliseconds / frame_ms)?;
    let n_ticks = u32::try_from(args.milliseconds / frame_ms)?;
    let voice = voice();
    let mut next = Instant::now();
    // In the last one callers only listen, each at its time: as many looks as words.
    for tick in 0..=n_ticks {
        for group in 0..N_GROUPS {
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            for caller in callers.iter_mut().skip(group).step_by(N_GROUPS) {
                caller.turn(tick, plateau..n_ticks, &voice);
            }
            next += FRAME / N_GROUPS as u32;
        }
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
        all.callers.push(caller.count);
        all.jitter_us.extend(caller.jitter_us);
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
            count: Count::default(),
            is_on_plateau: false,
            jitter_us: Vec::new(),
            next_sequence: None,
            last_stamp_ns: None,
            was_loud: false,
            silent_since_ns: 0,
        })
    }

    /// One tick: the plateau is of the ticks in which it speaks and of what comes back until the next.
    fn turn(&mut self, tick: u32, plateau: Range<u32>, voice: &[[u8; FRAME_SAMPLES]]) {
        self.listen();
        self.is_on_plateau = plateau.contains(&tick);
        if tick < plateau.end {
            self.speak(tick, &voice[tick as usize % N_FRAMES]);
        }
    }

    fn speak(&mut self, tick: u32, frame: &[u8; FRAME_SAMPLES]) {
        self.packet[2..4].copy_from_slice(&(tick as u16).to_be_bytes());
        self.packet[4..8].copy_from_slice(&(tick * FRAME_SAMPLES as u32).to_be_bytes());
        self.packet[PACKET - FRAME_SAMPLES..].copy_from_slice(frame);
        let sent = u64::from(self.socket.send(&self.packet).is_ok());
        self.count.sent += sent;
        self.count.sent_on_plateau += sent * u64::from(self.is_on_plateau);
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
        self.count.heard_on_plateau += u64::from(self.is_on_plateau);
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        if let Some(expected) = self.next_sequence {
            // What comes late counts once, what is missing as often as it is missing.
            let missing = sequence.wrapping_sub(expected).cast_signed();
            self.count.sequence_gaps +=
                u64::from(missing.max(missing.signum().abs()).unsigned_abs());
        }
        self.next_sequence = Some(sequence.wrapping_add(1));
        let Some(stamp_ns) = stamp_ns else { return };
        if let Some(last) = self.last_stamp_ns.replace(stamp_ns) {
            let frame_ns = u64::try_from(FRAME.as_nanos()).unwrap_or(u64::MAX);
            let off = stamp_ns.saturating_sub(last).abs_diff(frame_ns) / 1000;
            self.jitter_us.push(u32::try_from(off).unwrap_or(u32::MAX));
        }
        let silence = Codec::Pcmu.silence();
        let is_silent = packet[PACKET - SILENT_TAIL..].iter().all(|&b| b == silence);
        if is_silent && self.was_loud {
            self.silent_since_ns = stamp_ns;
        }
        self.was_loud = !is_silent;
    }
}

#[cfg(test)]
mod tests {
    use super::{super::loss::Loss, *};

    const WARM_UP: u32 = 20;
    const N_TICKS: u32 = 120;

    /// Counts of a caller whose packets come back in the ticks in which `is_answered` says so, by sequence
    /// numbers without a gap. Datagrams on loopback have arrived when they have been sent.
    fn played(is_answered: impl Fn(u32) -> bool) -> Count {
        let leg = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let address = leg.local_addr().expect("its address");
        let mut caller = Caller::new(0, address, false).expect("a caller");
        let (voice, mut buffer, mut sequence) = (voice(), [0; 1500], 0_u16);
        for tick in 0..=N_TICKS {
            caller.turn(tick, WARM_UP..N_TICKS, &voice);
            if tick < N_TICKS {
                let (len, from) = leg.recv_from(&mut buffer).expect("what it said");
                if is_answered(tick) {
                    buffer[2..4].copy_from_slice(&sequence.to_be_bytes());
                    leg.send_to(&buffer[..len], from).expect("an answer");
                    sequence += 1;
                }
            }
        }
        caller.count
    }

    #[test]
    fn a_caller_whose_packets_all_come_back_has_lost_none() {
        let count = played(|_| true);
        assert_eq!((count.sent, count.sent_on_plateau), (120, 100));
        assert_eq!((count.heard_on_plateau, count.sequence_gaps), (100, 0));
    }

    #[test]
    fn the_first_packets_of_a_call_may_stay_away() {
        assert_eq!(Loss::of(&[played(|tick| tick >= WARM_UP)]).packets, 0);
    }

    #[test]
    fn a_leg_that_never_speaks_or_falls_silent_lacks_its_packets() {
        assert_eq!(Loss::of(&[played(|_| false)]).packets, 100);
        assert_eq!(Loss::of(&[played(|tick| tick < 100)]).packets, 20);
        // No sequence number is missing in what does come.
        assert_eq!(Loss::of(&[played(|tick| tick % 10 != 0)]).packets, 10);
    }
}
