//! Encoded samples by timestamp.
//!
//! G.711 has one byte a sample, so a packet of any length is bytes at its timestamp, and a
//! frame is 160 bytes from a timestamp on: repacking, reordering and overlaps need no cases of
//! their own.

use crate::FRAME_SAMPLES;

/// Samples that fit: 512 ms.
pub const CAPACITY: usize = 4096;
const WORDS: usize = CAPACITY / 64;

/// What was there when a frame was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Every sample.
    Whole,
    /// Some: bit n says that sample n is there.
    Part([u64; FRAME_SAMPLES.div_ceil(64)]),
    /// None.
    Nothing,
}

/// The bytes that wait, at most [`CAPACITY`] samples around the place where frames are taken.
/// The owner keeps writes within that range.
#[derive(Debug)]
pub struct Ring {
    bytes: Box<[u8; CAPACITY]>,
    present: [u64; WORDS],
}

impl Ring {
    /// An empty ring.
    pub fn new() -> Self {
        Self {
            bytes: Box::new([0; CAPACITY]),
            present: [0; WORDS],
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.present = [0; WORDS];
    }

    /// Stores a payload. Returns how many of its samples were not there before; those that were
    /// keep their first value.
    pub fn write(&mut self, timestamp: u32, payload: &[u8]) -> usize {
        let mut new = 0;
        for block in blocks(timestamp, payload.len()) {
            let from = &payload[block.sample..block.sample + block.len];
            let to = &mut self.bytes[block.at..block.at + block.len];
            let present = &mut self.present[block.at / 64];
            let missing = block.mask & !*present;
            if missing == block.mask {
                to.copy_from_slice(from);
            } else {
                for n in (0..block.len).filter(|n| missing & block.bit(*n) != 0) {
                    to[n] = from[n];
                }
            }
            *present |= block.mask;
            new += missing.count_ones() as usize;
        }
        new
    }

    /// Takes the frame at a timestamp out. Samples that are not there leave `frame` as it is.
    pub fn take(&mut self, timestamp: u32, frame: &mut [u8; FRAME_SAMPLES]) -> Taken {
        let mut mask = [0u64; FRAME_SAMPLES.div_ceil(64)];
        let mut n_present = 0;
        for block in blocks(timestamp, FRAME_SAMPLES) {
            let to = &mut frame[block.sample..block.sample + block.len];
            let from = &self.bytes[block.at..block.at + block.len];
            let present = self.present[block.at / 64] & block.mask;
            self.present[block.at / 64] &= !block.mask;
            n_present += present.count_ones() as usize;
            block.note(present, &mut mask);
            if present == block.mask {
                to.copy_from_slice(from);
            } else {
                for n in (0..block.len).filter(|n| present & block.bit(*n) != 0) {
                    to[n] = from[n];
                }
            }
        }
        match n_present {
            0 => Taken::Nothing,
            FRAME_SAMPLES => Taken::Whole,
            _ => Taken::Part(mask),
        }
    }
}

/// Samples that share a word of `present`.
struct Block {
    /// The first of them, counted from the start of the range.
    sample: usize,
    /// Its place in the ring.
    at: usize,
    len: usize,
    /// Their bits in the word.
    mask: u64,
}

impl Block {
    /// The bit of a sample of the block.
    fn bit(&self, n: usize) -> u64 {
        1 << (self.at % 64 + n)
    }

    /// Sets the bits of its samples in the mask of a frame, which begins elsewhere in a word.
    fn note(&self, present: u64, mask: &mut [u64; FRAME_SAMPLES.div_ceil(64)]) {
        let bits = present >> (self.at % 64);
        let (word, shift) = (self.sample / 64, self.sample % 64);
        mask[word] |= bits << shift;
        if shift > 0 && shift + self.len > 64 {
            mask[word + 1] |= bits >> (64 - shift);
        }
    }
}

/// Cuts a range of samples where words begin; the ring is a whole number of words.
fn blocks(timestamp: u32, len: usize) -> impl Iterator<Item = Block> {
    let mut sample = 0;
    std::iter::from_fn(move || {
        let at = (timestamp as usize).wrapping_add(sample) % CAPACITY;
        let n = (64 - at % 64).min(len - sample);
        let block = Block {
            sample,
            at,
            len: n,
            mask: (u64::MAX >> (64 - n.max(1))) << (at % 64),
        };
        sample += n;
        (n > 0).then_some(block)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_of_any_length_become_frames() {
        let mut ring = Ring::new();
        let start = u32::MAX - 100;
        for n in 0..8 {
            ring.write(start.wrapping_add(n * 80), &[n as u8; 80]);
        }
        let mut frame = [0; FRAME_SAMPLES];
        for n in 0..4u8 {
            let at = start.wrapping_add(u32::from(n) * 160);
            assert_eq!(ring.take(at, &mut frame), Taken::Whole);
            assert_eq!((frame[0], frame[80]), (2 * n, 2 * n + 1));
        }
        assert_eq!(ring.take(start, &mut frame), Taken::Nothing);
    }

    #[test]
    fn a_part_says_which_samples_it_has() {
        let mut ring = Ring::new();
        ring.write(80, &[9; 80]);
        let mut frame = [0; FRAME_SAMPLES];
        let Taken::Part(mask) = ring.take(0, &mut frame) else {
            panic!("half a frame is a part");
        };
        assert_eq!(mask.map(u64::count_ones), [0, 48, 32]);
        assert_eq!((frame[79], frame[80]), (0, 9));
    }

    #[test]
    fn every_part_at_every_place_is_told_right() {
        for place in [0, 1, 37, 63, 64, CAPACITY as u32 - 70, u32::MAX - 20] {
            for (from, len) in [(0, 1), (0, 100), (5, 60), (40, 120), (63, 2), (159, 1)] {
                let mut ring = Ring::new();
                ring.write(place.wrapping_add(from), &vec![9; len as usize]);
                let mut frame = [0; FRAME_SAMPLES];
                let Taken::Part(mask) = ring.take(place, &mut frame) else {
                    panic!("{from} and {len} at {place} are a part");
                };
                for n in 0..FRAME_SAMPLES {
                    let there = (from..from + len).contains(&(n as u32));
                    assert_eq!(frame[n] == 9, there, "sample {n} at {place}");
                    assert_eq!(
                        mask[n / 64] >> (n % 64) & 1 == 1,
                        there,
                        "bit {n} at {place}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_came_first_stays() {
        let mut ring = Ring::new();
        assert_eq!(ring.write(0, &[1; 160]), 160);
        assert_eq!(ring.write(80, &[2; 160]), 80);
    }
}
