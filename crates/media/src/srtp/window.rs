//! Which packets of a stream have come (RFC 3711 sections 3.3.1 and 3.3.2).

/// Packets back that are still told apart. The RFC's minimum is 64.
const WINDOW: u64 = 128;

/// Streams of one peer that are told apart: one is usual, a second comes when it begins anew.
const STREAMS_MAX: usize = 4;

/// The packets of one stream.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    ssrc: u32,
    /// Highest index that has come.
    highest: u64,
    /// Bit n: index `highest - n` has come.
    seen: u128,
}

impl Stream {
    /// A stream of which nothing has come before `index`.
    pub fn beginning(ssrc: u32, index: u64) -> Self {
        Self {
            ssrc,
            highest: index,
            seen: 1,
        }
    }

    /// The most likely index of a packet with this sequence number (appendix A); `None` before the
    /// first packet that there can be.
    pub fn index_of(&self, sequence: u16) -> Option<u64> {
        let ahead = sequence.wrapping_sub(self.highest as u16).cast_signed();
        self.highest.checked_add_signed(i64::from(ahead))
    }

    /// Whether it has not come yet, as far as can be told.
    pub fn is_new(&self, index: u64) -> bool {
        match self.highest.checked_sub(index) {
            None => true,
            Some(back) => back < WINDOW && self.seen & (1 << back) == 0,
        }
    }

    /// It has come.
    pub fn note(&mut self, index: u64) {
        match index.checked_sub(self.highest) {
            Some(ahead) => {
                let shift = u32::try_from(ahead).unwrap_or(u32::MAX);
                self.seen = self.seen.checked_shl(shift).unwrap_or(0) | 1;
                self.highest = index;
            }
            None => {
                let back = self.highest - index;
                if back < WINDOW {
                    self.seen |= 1 << back;
                }
            }
        }
    }
}

/// The streams of one peer, the latest [`STREAMS_MAX`] of them. Only what is authentic comes in here.
#[derive(Debug, Default)]
pub struct Streams {
    streams: [Option<Stream>; STREAMS_MAX],
    next_idx: usize,
}

impl Streams {
    /// What is known of a stream.
    pub fn of(&self, ssrc: u32) -> Option<&Stream> {
        self.streams.iter().flatten().find(|s| s.ssrc == ssrc)
    }

    /// Whether nothing has come.
    pub fn is_empty(&self) -> bool {
        self.streams.iter().all(Option::is_none)
    }

    /// A packet of a stream has come.
    pub fn note(&mut self, ssrc: u32, index: u64) {
        let mut known = self.streams.iter_mut().flatten();
        match known.find(|stream| stream.ssrc == ssrc) {
            Some(stream) => stream.note(index),
            None => {
                self.streams[self.next_idx] = Some(Stream::beginning(ssrc, index));
                self.next_idx = (self.next_idx + 1) % STREAMS_MAX;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_goes_on_over_the_end_of_sequence_numbers() {
        let stream = Stream::beginning(1, 65_530);
        assert_eq!(stream.index_of(65_535), Some(65_535));
        assert_eq!(stream.index_of(3), Some(65_539));
        let later = Stream::beginning(1, 2 * 65_536 + 5);
        assert_eq!(later.index_of(65_535), Some(2 * 65_536 - 1));
        // More than half a cycle ahead is the cycle before (appendix A).
        assert_eq!(later.index_of(32_774), Some(65_536 + 32_774));
        assert_eq!(Stream::beginning(1, 5).index_of(65_535), None);
    }

    #[test]
    fn each_packet_comes_once_in_any_order() {
        let mut stream = Stream::beginning(1, 1000);
        for index in [1003, 1001, 1130, 1129, 1007] {
            assert!(stream.is_new(index), "{index}");
            stream.note(index);
            assert!(!stream.is_new(index), "{index}");
        }
        // What is older than can be told counts as seen.
        assert!(!stream.is_new(1002));
        stream.note(1002);
        stream.note(1_000_000);
        assert!(stream.is_new(999_999) && !stream.is_new(1130));
    }
}
