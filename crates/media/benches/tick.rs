//! What one tick of a leg costs, with everything on: a packet received, jitter buffer, voice
//! detector, tap, playout, packet written, both sides recorded.
//!
//! And what a conference costs beside that: the sum that each of three and of eight hears, when all
//! speak and when one does.
//!
//! Prints nanoseconds a tick, from the best to the middle of many sweeps over 100 legs, for a
//! caller that speaks and for one that is silent. The goal is 12 µs.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use media::{
    FRAME, FRAME_SAMPLES, Frame, FrameKind, SILENT_FRAME,
    conference::{Conference, Part},
    g711::Codec,
    leg::{Command, Leg, LegSettings, TickOut},
    playout::{Clip, ClipId, PlayMode},
    port::PortSettings,
    recording::{CHUNK_LEN_MAX, ChunkBuilder},
    rtp::{HEADER_LEN, Header},
};

const ROUNDS: usize = 15;
const LEGS: usize = 100;
const TICKS: u32 = 250;
const WARM_UP: u32 = 10;

fn main() {
    let voice: Vec<Vec<u8>> = (0..50).map(buzz).collect();
    let silence = vec![vec![Codec::Pcma.silence(); FRAME_SAMPLES]];
    report("caller and agent speak", &voice);
    report("caller is silent, agent speaks", &silence);
    for n in [3, 8] {
        mixing(n, n);
        mixing(n, 1);
    }
}

fn report(what: &str, frames: &[Vec<u8>]) {
    let mut sweeps: Vec<_> = (0..ROUNDS).flat_map(|_| round(frames)).collect();
    sweeps.sort();
    let ns = |sweep: Duration| sweep.as_nanos() / LEGS as u128;
    println!(
        "{what}: {} ns a tick at best, {} ns at the first decile, {} ns in the middle",
        ns(sweeps[0]),
        ns(sweeps[sweeps.len() / 10]),
        ns(sweeps[sweeps.len() / 2])
    );
}

/// The sums of many conferences of `n` seats, of which the first `n_speak` speak.
fn mixing(n: usize, n_speak: usize) {
    let voices: Vec<Frame> = (0..50)
        .map(|frame| {
            let mut samples = SILENT_FRAME;
            Codec::Pcma.decode_into(&buzz(frame), &mut samples);
            samples
        })
        .collect();
    let mut rooms: Vec<_> = (0..LEGS).map(|_| Conference::new()).collect();
    for room in &mut rooms {
        for _ in 0..n {
            room.sit(Part::Inside).expect("a seat");
        }
    }
    let mut sweeps = Vec::new();
    let mut heard = SILENT_FRAME;
    for tick in 0..TICKS as usize * ROUNDS {
        let start = Instant::now();
        for room in &mut rooms {
            for seat in 0..n {
                black_box(room.hear(seat, &mut heard));
                let kind = match seat < n_speak {
                    true => FrameKind::Audio,
                    false => FrameKind::Silence,
                };
                room.said(seat, kind, &voices[(tick + 7 * seat) % voices.len()]);
            }
        }
        sweeps.push(start.elapsed());
    }
    sweeps.sort();
    let ns = |sweep: Duration| sweep.as_nanos() / (LEGS * n) as u128;
    println!(
        "conference of {n}, {n_speak} speak: {} ns a leg and tick at best, {} ns in the middle",
        ns(sweeps[0]),
        ns(sweeps[sweeps.len() / 2])
    );
}

/// Many legs in turns, as on a worker, so that caches are as cold as there. Returns the time of
/// each sweep over all legs: short enough that some are not interrupted on a busy machine.
fn round(frames: &[Vec<u8>]) -> Vec<Duration> {
    let from = "192.0.2.1:4000".parse().expect("an address");
    let mut now = Instant::now();
    let mut legs: Vec<_> = (0..LEGS)
        .map(|_| {
            let port = PortSettings::new(Codec::Pcma, Some(from), SystemTime::UNIX_EPOCH);
            let mut leg = Leg::new(LegSettings::new(port), now);
            let samples: Arc<[i16]> = (0..48_000).map(|n: i32| (n % 200 * 40) as i16).collect();
            leg.command(Command::Play {
                clip: Clip::whole(ClipId(1), samples),
                mode: PlayMode::Queue,
            });
            (leg, ChunkBuilder::new())
        })
        .collect();
    let mut out = TickOut::new();
    let mut chunk = Vec::with_capacity(CHUNK_LEN_MAX);
    let mut datagram = [0; HEADER_LEN + FRAME_SAMPLES];
    let mut sweeps = Vec::new();
    for tick in 0..TICKS {
        now += FRAME;
        let header = Header {
            marker: false,
            payload_type: 8,
            sequence: tick as u16,
            timestamp: tick * 160,
            ssrc: 1,
        };
        header.write(datagram.first_chunk_mut().expect("longer than a header"));
        datagram[HEADER_LEN..].copy_from_slice(&frames[tick as usize % frames.len()]);
        let start = Instant::now();
        for (leg, chunks) in &mut legs {
            leg.receive(&datagram, from, now);
            leg.tick(now, &mut out);
            let recorded = out.recorded().expect("the leg is recorded");
            black_box(chunks.push(tick, recorded, &mut chunk));
            black_box((out.datagram(), out.tap(), out.events().count()));
        }
        // Before that, the jitter buffer has nothing to hand on yet.
        if tick >= WARM_UP {
            sweeps.push(start.elapsed());
        }
    }
    sweeps
}

/// A frame of a voice: harmonics of a wandering pitch.
fn buzz(frame: u32) -> Vec<u8> {
    let pitch = 110.0 + f64::from(frame % 7) * 9.0;
    let sample = |n: u32| {
        let t = f64::from(frame * 160 + n) / 8000.0 * std::f64::consts::TAU;
        let sum: f64 = (1..14)
            .map(|h| (t * pitch * f64::from(h)).sin() / f64::from(h))
            .sum();
        Codec::Pcma.encode((sum * 5000.0) as i16)
    };
    (0..FRAME_SAMPLES as u32).map(sample).collect()
}
