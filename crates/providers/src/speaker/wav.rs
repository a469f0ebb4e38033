//! A WAV reader for what engines write while streaming: lengths in the headers are not believed.
//!
//! For uploaded files see [`sound`](crate::sound).

use crate::pcm::RATES_HZ;

/// Mono PCM with its rate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Clip {
    pub rate_hz: u32,
    pub samples: Vec<i16>,
}

/// Reads 16-bit mono PCM; `None` when it is anything else. A data chunk may claim any length: what
/// is there counts.
pub(crate) fn read(bytes: &[u8]) -> Option<Clip> {
    let mut rest = bytes
        .strip_prefix(b"RIFF")?
        .get(4..)?
        .strip_prefix(b"WAVE")?;
    let mut rate_hz = None;
    loop {
        let (head, body) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        if &head[..4] == b"data" {
            let samples = body
                .chunks_exact(2)
                .map(|b| i16::from_le_bytes([b[0], b[1]]))
                .collect();
            return Some(Clip {
                rate_hz: rate_hz?,
                samples,
            });
        }
        if &head[..4] == b"fmt " {
            let fields = body.get(..16)?;
            let word = |at: usize| u16::from_le_bytes([fields[at], fields[at + 1]]);
            let rate = u32::from_le_bytes(fields[4..8].try_into().ok()?);
            // PCM (1), one channel, 16 bits.
            if (word(0), word(2), word(14)) != (1, 1, 16) || !RATES_HZ.contains(&rate) {
                return None;
            }
            rate_hz = Some(rate);
        }
        rest = body.get(length.checked_add(length % 2)?..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(data_length: u32) -> Vec<u8> {
        let mut bytes = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        bytes.extend(16_000_u32.to_le_bytes());
        bytes.extend(32_000_u32.to_le_bytes());
        bytes.extend([2, 0, 16, 0]);
        bytes.extend(b"data");
        bytes.extend(data_length.to_le_bytes());
        bytes
    }

    #[test]
    fn a_bogus_length_does_not_hide_the_audio() {
        for claimed in [0, 4, u32::MAX] {
            let mut bytes = header(claimed);
            bytes.extend([1, 0, 2, 0, 9]);
            assert_eq!(
                read(&bytes),
                Some(Clip {
                    rate_hz: 16_000,
                    samples: vec![1, 2]
                })
            );
        }
    }

    proptest! {
        #[test]
        fn damaged_headers_are_no_clip_and_no_panic(at in 0_usize..44, byte in any::<u8>(), cut in 0_usize..60) {
            let mut bytes = header(8);
            bytes.extend([0; 16]);
            bytes[at] = byte;
            bytes.truncate(cut);
            let _ = read(&bytes);
        }
    }
}
