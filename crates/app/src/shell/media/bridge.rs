//! What a worker keeps of two legs that hear each other.
//!
//! Both lie in the same slot, so that they tick together: what one leg's peer said in a tick stands in
//! the recording at that tick, beside what the other one's said.

use media::{
    FRAME_SAMPLES, FrameKind, g711,
    recording::{RecordedFrame, RecordedTick},
};

/// One side of a bridge.
pub struct Bridge {
    /// The other leg.
    other: u64,
    /// Where it was last in the slot.
    other_idx: usize,
    /// What the other leg's peer said in its last tick, in this leg's codec of tracks.
    said: RecordedFrame,
    /// How the other leg's bytes become that.
    table: Option<Box<[u8; 256]>>,
}

impl Bridge {
    /// For a leg whose tracks are `tracks`; the other one's are `others`.
    pub fn new(other: u64, tracks: g711::Codec, others: g711::Codec) -> Self {
        let table = (tracks != others).then(|| {
            let mut table = [0; 256];
            for (byte, place) in (0..=u8::MAX).zip(&mut table) {
                *place = tracks.encode(others.decode(byte));
            }
            Box::new(table)
        });
        Self {
            other,
            other_idx: usize::MAX,
            said: RecordedFrame {
                kind: FrameKind::Silence,
                payload: [tracks.silence(); FRAME_SAMPLES],
            },
            table,
        }
    }

    /// The other leg.
    pub fn other(&self) -> u64 {
        self.other
    }

    /// Its place in the slot, by `id_at`: mostly where it was.
    pub fn find_other(&mut self, n_legs: usize, id_at: impl Fn(usize) -> u64) -> Option<usize> {
        let is_there = self.other_idx < n_legs && id_at(self.other_idx) == self.other;
        if !is_there {
            self.other_idx = (0..n_legs).find(|idx| id_at(*idx) == self.other)?;
        }
        Some(self.other_idx)
    }

    /// The other leg's peer said this.
    pub fn note(&mut self, said: &RecordedFrame) {
        self.said.kind = said.kind;
        match &self.table {
            None => self.said.payload = said.payload,
            Some(table) => {
                for (to, &from) in self.said.payload.iter_mut().zip(&said.payload) {
                    *to = table[usize::from(from)];
                }
            }
        }
    }

    /// A tick for the recording: on the second track stands who talks with the person, unless we play
    /// something ourselves.
    pub fn recorded(&mut self, own: &RecordedTick) -> RecordedTick {
        let agent = match own.agent.kind {
            FrameKind::Audio => own.agent,
            FrameKind::Silence | FrameKind::Gap | FrameKind::Concealed => self.said,
        };
        self.said.kind = FrameKind::Silence;
        RecordedTick {
            user: own.user,
            agent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: FrameKind, byte: u8) -> RecordedFrame {
        RecordedFrame {
            kind,
            payload: [byte; FRAME_SAMPLES],
        }
    }

    #[test]
    fn the_second_track_has_whoever_talks_with_the_person() {
        let mut bridge = Bridge::new(7, g711::Codec::Pcma, g711::Codec::Pcma);
        let silent = RecordedTick {
            user: frame(FrameKind::Audio, 1),
            agent: frame(FrameKind::Silence, 0xD5),
        };
        bridge.note(&frame(FrameKind::Audio, 2));
        let recorded = bridge.recorded(&silent);
        assert_eq!(
            (recorded.user.payload[0], recorded.agent.payload[0]),
            (1, 2)
        );
        assert_eq!(
            bridge.recorded(&silent).agent.kind,
            FrameKind::Silence,
            "once"
        );

        bridge.note(&frame(FrameKind::Audio, 2));
        let tone = RecordedTick {
            agent: frame(FrameKind::Audio, 3),
            ..silent
        };
        assert_eq!(bridge.recorded(&tone).agent.payload[0], 3);
    }

    #[test]
    fn a_track_has_one_codec() {
        let (pcma, pcmu) = (g711::Codec::Pcma, g711::Codec::Pcmu);
        let mut bridge = Bridge::new(7, pcma, pcmu);
        bridge.note(&frame(FrameKind::Audio, pcmu.encode(9_000)));
        let said = pcma.decode(bridge.said.payload[0]);
        assert!((said - 9_000).abs() < 400, "{said}");
    }

    #[test]
    fn the_other_leg_is_found_wherever_it_is() {
        let mut bridge = Bridge::new(7, g711::Codec::Pcma, g711::Codec::Pcma);
        let find = |bridge: &mut Bridge, ids: &[u64]| bridge.find_other(ids.len(), |idx| ids[idx]);
        assert_eq!(find(&mut bridge, &[1, 7, 3]), Some(1));
        assert_eq!(find(&mut bridge, &[7, 3]), Some(0));
        assert_eq!(find(&mut bridge, &[3]), None);
    }
}
