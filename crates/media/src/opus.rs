//! Opus (RFC 6716) as far as a telephone of 8 kHz hears it.
//!
//! A packet is decoded when it comes, and waits in the jitter buffer as G.711 does: everything behind
//! the wire stays one byte a sample. A lost packet is taken from the one after it, if that carries it
//! (in-band FEC), and made up otherwise like every lost frame.
//!
//! # Invariants
//!
//! - Nothing allocates after construction.
//! - What cannot be decoded is as good as lost.

use opus_rs::{Application, OpusDecoder, OpusEncoder};

use crate::{FRAME_SAMPLES, SAMPLE_RATE_HZ, g711, jitter};

/// Payload type that we offer; it has no static one.
pub const PAYLOAD_TYPE: u8 = 111;

/// Timestamp ticks of one of our samples: its clock counts 48,000 a second whatever is sent (RFC 7587
/// section 4.1).
pub const CLOCK_FACTOR: u32 = 48_000 / SAMPLE_RATE_HZ;

/// Longest packet that is taken, bytes: one frame of the largest size (RFC 6716 section 3.4).
pub const PACKET_MAX: usize = 1275;

/// Bits a second that we send: speech of a telephone with what repeats the packet before.
const BITRATE: i32 = 20_000;

/// Loss that we send for, in percent: what repeats the packet before is written as if for this.
const LOSS_PERCENT: i32 = 10;

/// Effort of the encoder, 0 to 10. More is hardly heard at 8 kHz and costs a multiple.
const COMPLEXITY: i32 = 0;

/// A packet without sound: SILK, narrowband, 20 ms, mono, and nothing in it (RFC 6716 section 3.1).
const SILENT: u8 = 1 << 3;

/// What comes from the wire.
pub struct Decoder {
    inner: Box<OpusDecoder>,
    tracks: g711::Codec,
    floats: [f32; jitter::PAYLOAD_MAX],
    bytes: [u8; jitter::PAYLOAD_MAX],
    /// Sequence number behind the highest so far.
    next_sequence: Option<u16>,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decoder")
    }
}

impl Decoder {
    /// Before the first packet; what is decoded is encoded as tracks are.
    pub fn new(tracks: g711::Codec) -> Self {
        let inner = OpusDecoder::new(SAMPLE_RATE_HZ as i32, 1).expect("8 kHz mono is Opus");
        Self {
            inner: Box::new(inner),
            tracks,
            floats: [0.0; jitter::PAYLOAD_MAX],
            bytes: [0; jitter::PAYLOAD_MAX],
            next_sequence: None,
        }
    }

    /// The sound of the packet before this one, if only that is missing and this one carries it.
    /// Ask before [`Decoder::decode`].
    pub fn recover(&mut self, sequence: u16, packet: &[u8]) -> Option<&[u8]> {
        let missing = sequence.wrapping_sub(self.next_sequence?);
        if missing != 1 {
            return None;
        }
        let n_samples = n_samples(packet)?;
        let floats = &mut self.floats[..n_samples];
        let decoded = self.inner.decode_fec(packet, n_samples, floats).ok()?;
        Some(self.encoded(decoded))
    }

    /// The sound of a packet.
    pub fn decode(&mut self, sequence: u16, packet: &[u8]) -> Option<&[u8]> {
        let next = sequence.wrapping_add(1);
        let is_ahead = |known: u16| next.wrapping_sub(known).cast_signed() > 0;
        if self.next_sequence.is_none_or(is_ahead) {
            self.next_sequence = Some(next);
        }
        let n_samples = n_samples(packet)?;
        let floats = &mut self.floats[..n_samples];
        let decoded = self.inner.decode(packet, n_samples, floats).ok()?;
        Some(self.encoded(decoded))
    }

    fn encoded(&mut self, n_samples: usize) -> &[u8] {
        let n_samples = n_samples.min(self.bytes.len());
        for (byte, &float) in self.bytes[..n_samples].iter_mut().zip(&self.floats) {
            // The cast saturates.
            *byte = self.tracks.encode((float * 32_768.0) as i16);
        }
        &self.bytes[..n_samples]
    }
}

/// What goes to the wire.
pub struct Encoder(Box<OpusEncoder>);

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Encoder")
    }
}

impl Encoder {
    /// Before the first frame.
    pub fn new() -> Self {
        let inner = OpusEncoder::new(SAMPLE_RATE_HZ as i32, 1, Application::Voip);
        let mut inner = inner.expect("8 kHz mono is Opus");
        inner.bitrate_bps = BITRATE;
        inner.complexity = COMPLEXITY;
        inner.use_inband_fec = true;
        inner.packet_loss_perc = LOSS_PERCENT;
        Self(Box::new(inner))
    }

    /// Encodes a frame, and returns the length of its packet.
    pub fn encode_frame(&mut self, samples: &[i16], packet: &mut [u8]) -> usize {
        match self.0.encode_i16(samples, FRAME_SAMPLES, packet) {
            Ok(len @ 1..) => len,
            Ok(0) | Err(_) => {
                packet[0] = SILENT;
                1
            }
        }
    }
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

/// Samples of 8 kHz that a packet holds, by its first bytes (RFC 6716 section 3.1); `None` if it is no
/// packet, or longer than the jitter buffer takes.
fn n_samples(packet: &[u8]) -> Option<usize> {
    let toc = *packet.first()?;
    let config = usize::from(toc >> 3);
    let of_frame = match config {
        0..=11 => [80, 160, 320, 480][config & 3],
        12..=15 => [80, 160][config & 1],
        _ => [20, 40, 80, 160][config & 3],
    };
    let n_frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => usize::from(packet.get(1)? & 0x3F),
    };
    let n = of_frame * n_frames;
    (1..=jitter::PAYLOAD_MAX).contains(&n).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vowel of 20 ms: harmonics of 150 Hz.
    fn vowel(frame: usize) -> [i16; FRAME_SAMPLES] {
        std::array::from_fn(|n| {
            let t = (frame * FRAME_SAMPLES + n) as f64 / 8000.0 * std::f64::consts::TAU;
            let sum: f64 = (1..6)
                .map(|h| (t * 150.0 * f64::from(h)).sin() / f64::from(h))
                .sum();
            (sum * 6000.0) as i16
        })
    }

    fn packets(n: usize) -> Vec<Vec<u8>> {
        let mut encoder = Encoder::new();
        let mut packet = [0; FRAME_SAMPLES];
        (0..n)
            .map(|frame| {
                let len = encoder.encode_frame(&vowel(frame), &mut packet);
                packet[..len].to_vec()
            })
            .collect()
    }

    fn heard(bytes: &[u8]) -> Vec<i16> {
        bytes
            .iter()
            .map(|&byte| g711::Codec::Pcma.decode(byte))
            .collect()
    }

    fn power(samples: &[i16]) -> f64 {
        let sum: f64 = samples.iter().map(|&s| f64::from(s).powi(2)).sum();
        (sum / samples.len() as f64).sqrt()
    }

    #[test]
    fn a_voice_comes_back_as_loud_as_it_was() {
        let mut decoder = Decoder::new(g711::Codec::Pcma);
        for (n, packet) in packets(50).iter().enumerate() {
            assert!(packet.len() < 100, "{} bytes", packet.len());
            let sound = heard(decoder.decode(n as u16, packet).unwrap());
            assert_eq!(sound.len(), FRAME_SAMPLES);
            if n > 5 {
                let ratio = power(&sound) / power(&vowel(n));
                assert!((0.7..1.4).contains(&ratio), "frame {n}: {ratio}");
            }
        }
    }

    #[test]
    fn a_lost_packet_comes_with_the_next() {
        let mut decoder = Decoder::new(g711::Codec::Pcma);
        let packets = packets(40);
        for (n, packet) in packets.iter().enumerate() {
            let sequence = n as u16;
            match n {
                30 => continue,
                31 => {
                    let sound = heard(decoder.recover(sequence, packet).unwrap());
                    let ratio = power(&sound) / power(&vowel(30));
                    assert!((0.5..1.6).contains(&ratio), "{ratio}");
                }
                _ => assert!(decoder.recover(sequence, packet).is_none()),
            }
            assert!(decoder.decode(sequence, packet).is_some());
        }
    }

    #[test]
    fn nothing_that_comes_is_trouble() {
        let mut decoder = Decoder::new(g711::Codec::Pcma);
        let good = &packets(3)[2];
        for len in 0..good.len() {
            decoder.decode(1, &good[..len]);
        }
        for first in 0..=255u8 {
            for rest in [0, 1, 0x3F, 0xFF] {
                let packet = [&[first, rest][..], &[0xA5; 60]].concat();
                decoder.recover(9, &packet);
                decoder.decode(9, &packet);
            }
        }
        assert_eq!(
            n_samples(&[0xFF, 0x30]),
            None,
            "48 frames of 20 ms are too long"
        );
    }
}
