//! Where on the sender's clock the buffer is, and what it knows of the sender.

use super::Arrival;
use crate::FRAME_SAMPLES;

/// Where on the sender's clock we are.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Timestamp of the next frame to play.
    pub cursor: u32,
    /// Timestamp of the first sample ever played: before it, nothing is missing.
    start: u32,
    /// Sequence number and timestamp that would follow the newest packet.
    pub next_sequence: u16,
    pub next_timestamp: u32,
    /// A stretch in which the sender paused: nothing is missing in it.
    pause: Option<(u32, u32)>,
    /// The newest packet was not audio: what does not come is not missing.
    pub resting: bool,
    /// When the current run of late packets began.
    pub late_since: Option<u32>,
    /// Timestamp that would follow the last packet that was too far ahead.
    pub far: Option<u32>,
    /// Frames made up in a row without moving on.
    pub waits: u32,
}

impl Place {
    pub fn at(packet: &Arrival<'_>, delay: u32) -> Self {
        Self {
            cursor: packet.timestamp.wrapping_sub(delay),
            start: packet.timestamp,
            next_sequence: packet.sequence.wrapping_add(1),
            next_timestamp: packet.timestamp.wrapping_add(packet.payload.len() as u32),
            pause: None,
            resting: false,
            late_since: None,
            far: None,
            waits: 0,
        }
    }

    /// Samples from `cursor` to a timestamp; negative if it has been played.
    pub fn ahead(&self, timestamp: u32) -> i32 {
        timestamp.wrapping_sub(self.cursor).cast_signed()
    }

    /// Whether the sender meant the frame at the cursor to be empty.
    pub fn is_pause(&self) -> bool {
        let in_pause = self.pause.is_some_and(|(from, to)| {
            self.ahead(from) < FRAME_SAMPLES as i32 && self.ahead(to) > 0
        });
        in_pause || self.resting || self.ahead(self.start) > 0
    }

    /// Notes a packet if it is the newest, and the pause before it: the sequence goes on, the
    /// time jumps.
    pub fn follow(&mut self, packet: &Arrival<'_>) {
        let newer = packet.sequence.wrapping_sub(self.next_sequence);
        if newer.cast_signed() < 0 {
            return;
        }
        let jump = packet.timestamp.wrapping_sub(self.next_timestamp);
        if newer == 0 && jump.cast_signed() > 0 {
            self.pause = Some((self.next_timestamp, packet.timestamp));
        }
        self.next_sequence = packet.sequence.wrapping_add(1);
        self.next_timestamp = packet.timestamp.wrapping_add(packet.payload.len() as u32);
        self.resting = false;
    }
}
