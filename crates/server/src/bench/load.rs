//! The load: callers that speak, 50 packets a second each, from a process of their own.

use std::{
    io::{BufRead as _, Write as _},
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use media::{FRAME, g711::Codec};

use super::usage;

/// RTP header and 20 ms of G.711.
const PACKET: usize = 172;

/// Groups of callers within a tick, so that packets leave evenly.
const N_GROUPS: usize = 20;

/// Time for the last answers to come back.
const ECHO_WAIT: Duration = Duration::from_millis(400);

/// How long to speak; to whom comes on standard input, one address a line.
#[derive(Debug, clap::Args)]
pub struct LoadArgs {
    /// Length of the load.
    #[arg(long)]
    milliseconds: u64,
}

struct Caller {
    socket: UdpSocket,
    packet: [u8; PACKET],
    received: u64,
}

/// Speaks to everyone, counts what comes back, prints both counts.
pub fn run(args: &LoadArgs) -> anyhow::Result<()> {
    usage::pin(usage::last_core());
    let targets = std::io::stdin().lock().lines();
    let targets: Vec<SocketAddr> = targets
        .map(|line| Ok(line?.parse()?))
        .collect::<anyhow::Result<_>>()?;
    let mut callers: Vec<Caller> = targets
        .into_iter()
        .enumerate()
        .map(|(n, to)| Caller::new(n, to))
        .collect::<anyhow::Result<_>>()?;
    let until = Instant::now() + Duration::from_millis(args.milliseconds);
    let (mut sent, mut next, mut tick) = (0, Instant::now(), 0_u32);
    while Instant::now() < until {
        for group in 0..N_GROUPS {
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            for caller in callers.iter_mut().skip(group).step_by(N_GROUPS) {
                caller.listen();
                sent += u64::from(caller.speak(tick));
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
    let received: u64 = callers.iter().map(|caller| caller.received).sum();
    writeln!(std::io::stdout(), "{sent} {received}")?;
    Ok(())
}

impl Caller {
    fn new(n: usize, to: SocketAddr) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind((to.ip(), 0))?;
        socket.connect(to)?;
        socket.set_nonblocking(true)?;
        let mut packet = [0; PACKET];
        packet[0] = 0x80;
        packet[8..12].copy_from_slice(&u32::try_from(n + 1)?.to_be_bytes());
        Ok(Self {
            socket,
            packet,
            received: 0,
        })
    }

    fn speak(&mut self, tick: u32) -> bool {
        self.packet[2..4].copy_from_slice(&(tick as u16).to_be_bytes());
        self.packet[4..8].copy_from_slice(&(tick * 160).to_be_bytes());
        // One second of a warbling voice-like tone, one of silence: the detector has work to do.
        for (i, byte) in self.packet[12..].iter_mut().enumerate() {
            let at = (tick * 160) as f32 + i as f32;
            let loud = if (tick / 50).is_multiple_of(2) {
                6000.0
            } else {
                0.0
            };
            let pitch = 0.11 + 0.02 * (at / 900.0).sin();
            let sample = loud * ((at * pitch).sin() + 0.5 * (at * pitch * 3.0).sin());
            *byte = Codec::Pcmu.encode(sample as i16);
        }
        self.socket.send(&self.packet).is_ok()
    }

    fn listen(&mut self) {
        let mut buffer = [0; 1500];
        while let Ok(len) = self.socket.recv(&mut buffer) {
            // Reports share no socket with media here: everything is RTP.
            self.received += u64::from(len == PACKET);
        }
    }
}
