//! The jitter buffer: packets as they come in, one frame each 20 ms out.
//!
//! The buffer is a window on the sender's clock: a place where the next frame is taken, and
//! encoded samples waiting ahead of it. Every [`JitterBuffer::pop`] moves the place by one
//! frame, whatever has come, so what comes out is a time line without holes. The delay between
//! arrival and playing follows the measured jitter; it is corrected by dropping or inserting a
//! frame where the sender is quiet, which also takes up the drift of the clocks.
//!
//! # Invariants
//!
//! - One pop, one frame.
//! - No more than 512 ms of samples wait; a delay over the largest target is
//!   cut down frame by frame.
//! - A single stray packet cannot move the place.

mod conceal;
mod delay;
mod place;
mod quiet;
mod ring;

use std::time::Duration;

use conceal::Concealer;
use delay::Delay;
use place::Place;
use quiet::Quiet;
use ring::{Ring, Taken};

use crate::{Codec, FRAME_SAMPLES, Frame, FrameKind, SILENT_FRAME, codec::Decoder, g711};

/// Longest payload accepted, in samples: 60 ms, and some room for odd senders.
pub const PAYLOAD_MAX: usize = 800;

/// Packets that are late without a break for this long (in samples, 100 ms) show that the
/// sender's clock has moved, not the network.
const LATE_RUN: u32 = 800;

/// Frames in a row that may be made up while waiting for a late packet.
const WAITS_MAX: u32 = 3;

/// Bounds of the delay that a jitter buffer may add.
#[derive(Clone, Copy, Debug)]
pub struct JitterSettings {
    /// Delay on a perfect line.
    pub target_min: Duration,
    /// Longest delay, up to 200 ms; what comes later is lost.
    pub target_max: Duration,
}

impl Default for JitterSettings {
    fn default() -> Self {
        Self {
            target_min: Duration::from_millis(40),
            target_max: Duration::from_millis(200),
        }
    }
}

/// A packet of audio as it came.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// RTP sequence number.
    pub sequence: u16,
    /// RTP timestamp of the first sample.
    pub timestamp: u32,
    /// Encoded samples, one byte each, 1 to [`PAYLOAD_MAX`].
    pub payload: &'a [u8],
    /// When it came, on the clock of the timestamps with any offset.
    pub at: u32,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It waits to be played.
    Stored,
    /// Its samples were there already.
    Duplicate,
    /// It came after its time, or lies too far from it.
    Late,
}

/// A frame out of the buffer.
#[derive(Clone, Copy, Debug)]
pub struct Popped {
    /// Where its samples came from.
    pub kind: FrameKind,
    /// Its samples.
    pub samples: Frame,
    /// The same, encoded as tracks are.
    pub payload: [u8; FRAME_SAMPLES],
}

/// See the module.
#[derive(Debug)]
pub struct JitterBuffer {
    codec: Codec,
    decoder: Decoder,
    tracks: g711::Codec,
    ring: Ring,
    delay: Delay,
    concealer: Concealer,
    place: Option<Place>,
    /// The last frame that was popped, and whether it may be repeated or dropped.
    last: Popped,
    quiet: Quiet,
    inserted_frames: u64,
    dropped_frames: u64,
}

impl JitterBuffer {
    /// An empty buffer.
    pub fn new(codec: impl Into<Codec>, settings: &JitterSettings) -> Self {
        let codec = codec.into();
        let tracks = codec.of_tracks();
        Self {
            codec,
            decoder: Decoder::new(codec),
            tracks,
            ring: Ring::new(),
            delay: Delay::new(settings),
            concealer: Concealer::new(),
            place: None,
            last: Popped {
                kind: FrameKind::Silence,
                samples: SILENT_FRAME,
                payload: [tracks.silence(); FRAME_SAMPLES],
            },
            quiet: Quiet::new(),
            inserted_frames: 0,
            dropped_frames: 0,
        }
    }

    /// Another stream begins: forgets what waits and where it was.
    pub fn reset(&mut self) {
        self.ring.clear();
        self.place = None;
        self.decoder = Decoder::new(self.codec);
    }

    /// The same stream goes on in another codec: what waits in the old one is given up, the time line
    /// and the codec of tracks stay.
    pub fn change(&mut self, codec: Codec) {
        self.ring.clear();
        self.codec = codec;
        self.decoder = Decoder::new(codec);
    }

    /// Delay that the buffer adds now, in samples.
    pub fn delay(&self) -> f32 {
        self.delay.mean().max(0.0)
    }

    /// Frames inserted and dropped to keep the delay, since construction.
    pub fn corrections(&self) -> (u64, u64) {
        (self.inserted_frames, self.dropped_frames)
    }

    /// Takes a packet of audio.
    pub fn insert(&mut self, packet: &Arrival<'_>) -> Inserted {
        if packet.payload.is_empty() || packet.payload.len() > PAYLOAD_MAX {
            return Inserted::Late;
        }
        let Some(place) = &mut self.place else {
            return self.restart(packet);
        };
        let lead = place.ahead(packet.timestamp);
        let len = packet.payload.len() as i32;
        if lead < -(ring::CAPACITY as i32) || lead > ring::CAPACITY as i32 - len {
            let end = packet.timestamp.wrapping_add(packet.payload.len() as u32);
            return match place.far.replace(end) == Some(packet.timestamp) {
                true => self.restart(packet),
                false => Inserted::Late,
            };
        }
        place.far = None;
        self.delay.packet(packet.timestamp, packet.at, lead);
        if lead + len <= 0 {
            let since = *place.late_since.get_or_insert(packet.at);
            return match packet.at.wrapping_sub(since) >= LATE_RUN {
                true => self.restart(packet),
                false => Inserted::Late,
            };
        }
        place.late_since = None;
        place.follow(packet);
        let played = usize::try_from(-lead).unwrap_or(0);
        let timestamp = packet.timestamp.wrapping_add(played as u32);
        match self.ring.write(timestamp, &packet.payload[played..]) {
            0 => Inserted::Duplicate,
            _ => Inserted::Stored,
        }
    }

    /// The sender sent something else than audio in its place (a key press, comfort noise):
    /// until audio comes again, nothing is missing.
    pub fn rest(&mut self, sequence: u16) {
        if let Some(place) = &mut self.place {
            let ahead = sequence.wrapping_sub(place.next_sequence).cast_signed();
            if ahead >= 0 {
                place.next_sequence = sequence.wrapping_add(1);
                place.resting = true;
            }
        }
    }

    /// Nothing is expected before the next packet of audio: the sender is on hold.
    pub fn expect_nothing(&mut self) {
        if let Some(place) = &mut self.place {
            place.resting = true;
        }
    }

    /// The next frame. Call it once each 20 ms.
    pub fn pop(&mut self) -> &Popped {
        self.delay.tick();
        if self.place.is_none() {
            self.silence(FrameKind::Silence);
            return &self.last;
        }
        if self.quiet.last && self.delay.is_short() {
            // The last frame was quiet: once more, and the delay is a frame longer.
            self.delay.inserted();
            self.inserted_frames += 1;
            self.quiet.last = false;
            return &self.last;
        }
        self.take();
        if self.delay.is_too_long() || (self.quiet.last && self.delay.is_long()) {
            self.delay.dropped();
            self.dropped_frames += 1;
            self.take();
        }
        &self.last
    }

    fn restart(&mut self, packet: &Arrival<'_>) -> Inserted {
        self.ring.clear();
        self.delay.restart(packet.timestamp, packet.at);
        let place = Place::at(packet, self.delay.target() as u32);
        self.place = Some(place);
        self.ring.write(packet.timestamp, packet.payload);
        Inserted::Stored
    }

    /// Takes the frame at the cursor and moves on, unless waiting for it is worth a try.
    fn take(&mut self) {
        let Some(place) = &mut self.place else {
            return;
        };
        self.last.payload.fill(self.tracks.silence());
        let taken = self.ring.take(place.cursor, &mut self.last.payload);
        let is_pause = place.is_pause();
        let dried_up = place.ahead(place.next_timestamp) <= 0;
        let wait = taken == Taken::Nothing
            && !is_pause
            && dried_up
            && place.waits < WAITS_MAX
            && self.delay.may_wait();
        if wait {
            place.waits += 1;
            self.delay.inserted();
            self.inserted_frames += 1;
        } else {
            place.waits = if taken == Taken::Nothing {
                place.waits
            } else {
                0
            };
            place.cursor = place.cursor.wrapping_add(FRAME_SAMPLES as u32);
        }
        match taken {
            Taken::Whole => self.whole(),
            Taken::Part(mask) => self.part(mask, is_pause),
            Taken::Nothing => self.nothing(is_pause),
        }
        self.quiet.hear(&self.last);
    }

    fn whole(&mut self) {
        self.last.kind = FrameKind::Audio;
        let Popped {
            samples, payload, ..
        } = &mut self.last;
        self.decoder.decode_frame(payload, samples, self.tracks);
        self.concealer.good(&mut self.last.samples);
    }

    /// A frame of which a part has come: the rest is silent in a pause, made up otherwise.
    fn part(&mut self, mask: [u64; FRAME_SAMPLES.div_ceil(64)], is_pause: bool) {
        let Popped {
            kind,
            samples,
            payload,
        } = &mut self.last;
        if is_pause {
            *kind = FrameKind::Audio;
            samples.fill(0);
        } else {
            *kind = FrameKind::Concealed;
            self.concealer.conceal(samples);
        }
        for (n, sample) in samples.iter_mut().enumerate() {
            if mask[n / 64] & (1 << (n % 64)) != 0 {
                *sample = self.decoder.decode(payload[n]);
            }
        }
        self.tracks.encode_into(samples, payload);
    }

    fn nothing(&mut self, is_pause: bool) {
        if is_pause {
            self.concealer.rest();
            self.silence(FrameKind::Silence);
            return;
        }
        self.silence(FrameKind::Gap);
        let Popped {
            kind,
            samples,
            payload,
        } = &mut self.last;
        if self.concealer.conceal(samples) {
            *kind = FrameKind::Concealed;
            self.tracks.encode_into(samples, payload);
        }
    }

    fn silence(&mut self, kind: FrameKind) {
        self.last.kind = kind;
        self.last.samples.fill(0);
        self.last.payload.fill(self.tracks.silence());
    }
}

#[cfg(test)]
mod tests;
