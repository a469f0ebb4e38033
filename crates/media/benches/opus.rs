//! What it costs to bring Opus to G.711 and back.
//!
//! Prints the share of a core that one call takes: the codecs alone in either direction, and a whole call
//! between a phone with Opus and a trunk with G.711, jitter buffers, detectors and packets of both legs
//! included. The best tenth of many sweeps counts: what the machine does meanwhile is not the call's. The
//! goal for Opus to G.711 is 0.30 %.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::{
    hint::black_box,
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use media::{
    Codec, FRAME, FRAME_SAMPLES, Frame,
    g711::Codec as G711,
    leg::{Leg, LegSettings, TickOut, join},
    opus::{Decoder, Encoder},
    port::PortSettings,
    rtp::{HEADER_LEN, Header},
};

const CALLS: usize = 50;
const TICKS: usize = 500;
const WARM_UP: usize = 50;

fn main() {
    let voice: Vec<Frame> = (0..200).map(buzz).collect();
    let mut encoder = Encoder::new();
    let packets: Vec<Vec<u8>> = voice
        .iter()
        .map(|frame| {
            let mut packet = [0; FRAME_SAMPLES];
            let len = encoder.encode_frame(frame, &mut packet);
            packet[..len].to_vec()
        })
        .collect();
    report("Opus to G.711, codecs alone", &decoding(&packets));
    report("G.711 to Opus, codecs alone", &encoding(&voice));
    report(
        "a call between Opus and G.711, both legs",
        &calls(&voice, &packets),
    );
}

fn report(what: &str, ticks: &[Duration]) {
    let mut ticks = ticks.to_vec();
    ticks.sort();
    let share = |at: usize| ticks[at].as_secs_f64() / FRAME.as_secs_f64() / CALLS as f64 * 100.0;
    println!(
        "{what}: {:.3} % of a core at the first decile, {:.3} % in the middle",
        share(ticks.len() / 10),
        share(ticks.len() / 2)
    );
}

/// Many calls in turns, as on a worker, so that caches are as cold as there.
fn sweeps(mut one: impl FnMut(usize, usize)) -> Vec<Duration> {
    (0..TICKS)
        .map(|tick| {
            let begin = Instant::now();
            for call in 0..CALLS {
                one(call, tick);
            }
            begin.elapsed()
        })
        .skip(WARM_UP)
        .collect()
}

fn decoding(packets: &[Vec<u8>]) -> Vec<Duration> {
    let mut decoders: Vec<Decoder> = (0..CALLS).map(|_| Decoder::new(G711::Pcma)).collect();
    sweeps(|call, tick| {
        let packet = &packets[tick % packets.len()];
        let sound = decoders[call].decode(tick as u16, packet);
        assert_eq!(black_box(sound).map(<[u8]>::len), Some(FRAME_SAMPLES));
    })
}

fn encoding(voice: &[Frame]) -> Vec<Duration> {
    let mut encoders: Vec<Encoder> = (0..CALLS).map(|_| Encoder::new()).collect();
    sweeps(|call, tick| {
        let mut packet = [0; FRAME_SAMPLES];
        black_box(encoders[call].encode_frame(&voice[tick % voice.len()], &mut packet));
    })
}

fn calls(voice: &[Frame], packets: &[Vec<u8>]) -> Vec<Duration> {
    let begin = Instant::now();
    let peer: SocketAddr = "192.0.2.1:4000".parse().expect("an address");
    let leg = |codec: Codec| {
        let port = PortSettings::new(codec, Some(peer), SystemTime::UNIX_EPOCH);
        let mut settings = LegSettings::new(port);
        settings.record = false;
        Leg::new(settings, begin)
    };
    let mut calls: Vec<[Leg; 2]> = (0..CALLS)
        .map(|_| {
            let mut legs = [leg(Codec::Opus), leg(G711::Pcma.into())];
            let [a, b] = &mut legs;
            join(a, b);
            legs
        })
        .collect();
    let bytes: Vec<[u8; FRAME_SAMPLES]> = voice
        .iter()
        .map(|frame| {
            let mut bytes = [0; FRAME_SAMPLES];
            G711::Pcma.encode_into(frame, &mut bytes);
            bytes
        })
        .collect();
    let mut outs = [TickOut::new(), TickOut::new()];
    sweeps(|call, tick| {
        let now = begin + FRAME * (tick as u32 + 1);
        let [phone, trunk] = &mut calls[call];
        let at = tick % packets.len();
        phone.receive(&rtp(111, tick, 960, &packets[at]), peer, now);
        trunk.receive(&rtp(8, tick, 160, &bytes[at]), peer, now);
        let [of_phone, of_trunk] = &mut outs;
        phone.tick(now, of_phone);
        if let Some((_, frame)) = of_phone.tap() {
            trunk.hear_other(frame);
        }
        trunk.tick(now, of_trunk);
        if let Some((_, frame)) = of_trunk.tap() {
            phone.hear_other(frame);
        }
        black_box((of_phone.datagram(), of_trunk.datagram()));
    })
}

fn rtp(payload_type: u8, n: usize, ticks: u32, payload: &[u8]) -> Vec<u8> {
    let header = Header {
        marker: false,
        payload_type,
        sequence: n as u16,
        timestamp: n as u32 * ticks,
        ssrc: 1,
    };
    let mut head = [0; HEADER_LEN];
    header.write(&mut head);
    [&head[..], payload].concat()
}

/// A frame of a voice: harmonics of a wandering pitch.
fn buzz(frame: u32) -> Frame {
    let pitch = 110.0 + f64::from(frame % 7) * 9.0;
    std::array::from_fn(|n| {
        let t = f64::from(frame * 160 + n as u32) / 8000.0 * std::f64::consts::TAU;
        let sum: f64 = (1..14)
            .map(|h| (t * pitch * f64::from(h)).sin() / f64::from(h))
            .sum();
        (sum * 5000.0) as i16
    })
}
