//! What encryption costs a packet of 20 ms of G.711: sealed by one side, opened by the other.
//!
//! Prints nanoseconds a packet, from the best to the middle of many sweeps.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::{hint::black_box, time::Instant};

use media::{
    FRAME_SAMPLES,
    rtp::{HEADER_LEN, Header},
    srtp::{MASTER_LEN_MAX, MasterKey, RTP_OVERHEAD, Srtp, SrtpSettings, Suite},
};

const SWEEPS: usize = 300;
const PACKETS: u16 = 100;
const PLAIN: usize = HEADER_LEN + FRAME_SAMPLES;

fn main() {
    for suite in [
        Suite::AesCm128HmacSha1_80,
        Suite::AesCm128HmacSha1_32,
        Suite::AesCm256HmacSha1_80,
        Suite::AeadAes128Gcm,
        Suite::AeadAes256Gcm,
    ] {
        let (seal, open) = sweep(suite);
        println!("{suite:?}: {seal} to seal, {open} to open");
    }
}

/// Times of sealing and opening, in words.
fn sweep(suite: Suite) -> (String, String) {
    let key = |byte| {
        let bytes = [byte; MASTER_LEN_MAX];
        MasterKey::of_suite(suite, &bytes[..suite.key_len()], &bytes[..suite.salt_len()])
            .expect("as long as the suite says")
    };
    let side = |ours, theirs| {
        Srtp::new(SrtpSettings {
            suite,
            ours: key(ours),
            theirs: key(theirs),
            their_mki_len: 0,
        })
    };
    let (mut here, mut there) = (side(1, 2), side(2, 1));
    let mut packets = vec![([0; PLAIN + RTP_OVERHEAD], PLAIN); usize::from(PACKETS)];
    let (mut sealing, mut opening) = (Vec::new(), Vec::new());
    for sweep in 0..SWEEPS {
        for (n, (packet, len)) in (0u16..).zip(&mut packets) {
            let header = Header {
                marker: false,
                payload_type: 8,
                sequence: (sweep as u16).wrapping_mul(PACKETS).wrapping_add(n),
                timestamp: 0,
                ssrc: 1,
            };
            header.write(packet.first_chunk_mut().expect("longer than a header"));
            *len = PLAIN;
        }
        let start = Instant::now();
        for (packet, len) in &mut packets {
            *len = here.seal_rtp(packet, *len);
        }
        sealing.push(start.elapsed());
        let start = Instant::now();
        for (packet, len) in &packets {
            let opened = there.open_rtp(&packet[..*len]);
            black_box(opened.expect("the other side sealed it").len());
        }
        opening.push(start.elapsed());
    }
    let words = |times: &mut Vec<std::time::Duration>| {
        times.sort();
        let ns = |at: usize| times[at].as_nanos() / u128::from(PACKETS);
        format!("{} to {} ns", ns(0), ns(times.len() / 2))
    };
    (words(&mut sealing), words(&mut opening))
}
