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
        for (n, &byte) in payload.iter().enumerate() {
            let at = place(timestamp, n);
            let bit = 1 << (at % 64);
            if self.present[at / 64] & bit == 0 {
                self.present[at / 64] |= bit;
                self.bytes[at] = byte;
                new += 1;
            }
        }
        new
    }

    /// Takes the frame at a timestamp out. Samples that are not there leave `frame` as it is.
    pub fn take(&mut self, timestamp: u32, frame: &mut [u8; FRAME_SAMPLES]) -> Taken {
        let mut mask = [0u64; FRAME_SAMPLES.div_ceil(64)];
        let mut n_present = 0;
        for (n, byte) in frame.iter_mut().enumerate() {
            let at = place(timestamp, n);
            let bit = 1 << (at % 64);
            if self.present[at / 64] & bit != 0 {
                self.present[at / 64] &= !bit;
                *byte = self.bytes[at];
                mask[n / 64] |= 1 << (n % 64);
                n_present += 1;
            }
        }
        match n_present {
            0 => Taken::Nothing,
            FRAME_SAMPLES => Taken::Whole,
            _ => Taken::Part(mask),
        }
    }
}

fn place(timestamp: u32, n: usize) -> usize {
    (timestamp as usize).wrapping_add(n) % CAPACITY
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
    fn what_came_first_stays() {
        let mut ring = Ring::new();
        assert_eq!(ring.write(0, &[1; 160]), 160);
        assert_eq!(ring.write(80, &[2; 160]), 80);
    }
}
