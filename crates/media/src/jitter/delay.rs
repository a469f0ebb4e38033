//! How much delay the jitter buffer should add, and how much it adds.
//!
//! Both are in samples. The *lead* of a packet is how long before its time to be played it
//! came; the delay is the mean of leads.

use super::JitterSettings;
use crate::{FRAME_SAMPLES, SAMPLE_RATE_HZ};

/// Delay for each unit of jitter above the minimum. Jitter is the mean difference of two
/// arrivals: 2 of it are 3.5 standard deviations of uniform noise, 2.3 of normal noise.
const DELAY_PER_JITTER: f32 = 2.0;
/// What a late packet adds, 10 ms, and how it fades each tick (half of it in 14 s).
const LATE_PENALTY: f32 = 80.0;
const LATE_FADE: f32 = 0.999;
/// Share of the newest difference in the jitter (RFC 3550 A.8); the first ones of a stream count for more, so
/// that the delay is right before much has come too late.
const JITTER_GAIN: f32 = 1.0 / 16.0;
/// The first difference has a third.
const JITTER_GAIN_FIRST: u16 = 3;
/// Share of the newest packet in the mean lead.
const LEAD_GAIN: f32 = 1.0 / 16.0;
/// How far the delay may be off before a frame is dropped or inserted: a frame and 5 ms, so
/// that the correction does not call for its opposite.
const SLACK: f32 = FRAME_SAMPLES as f32 + 40.0;

/// Keeps the delay.
#[derive(Clone, Debug)]
pub struct Delay {
    min: f32,
    max: f32,
    /// Mean lead of the packets.
    mean: f32,
    transit: Option<u32>,
    jitter: f32,
    /// Differences so far, and [`JITTER_GAIN_FIRST`].
    n_differences: u16,
    penalty: f32,
}

impl Delay {
    /// Within these bounds, both kept between 20 ms and 200 ms.
    pub fn new(settings: &JitterSettings) -> Self {
        let samples = |time: std::time::Duration| {
            (time.as_secs_f32() * SAMPLE_RATE_HZ as f32).clamp(160.0, 1600.0)
        };
        let min = samples(settings.target_min);
        Self {
            min,
            max: samples(settings.target_max).max(min),
            mean: min,
            transit: None,
            jitter: 0.0,
            n_differences: JITTER_GAIN_FIRST,
            penalty: 0.0,
        }
    }

    /// Delay that is wanted now.
    pub fn target(&self) -> f32 {
        (self.min + DELAY_PER_JITTER * self.jitter + self.penalty).min(self.max)
    }

    /// Delay that there is now.
    pub fn mean(&self) -> f32 {
        self.mean
    }

    /// The buffer begins anew with the wanted delay.
    pub fn restart(&mut self, timestamp: u32, arrival: u32) {
        self.mean = self.target();
        self.transit = Some(arrival.wrapping_sub(timestamp));
    }

    /// A packet came, `lead` samples before its time (after it, if negative).
    pub fn packet(&mut self, timestamp: u32, arrival: u32, lead: i32) {
        let transit = arrival.wrapping_sub(timestamp);
        if let Some(last) = self.transit.replace(transit) {
            let difference = transit.wrapping_sub(last).cast_signed().unsigned_abs();
            // One stall must not count as seconds of jitter.
            let difference = (difference as f32).min(self.max);
            let gain = JITTER_GAIN.max(1.0 / f32::from(self.n_differences));
            self.n_differences = self.n_differences.saturating_add(1);
            self.jitter += (difference - self.jitter) * gain;
        }
        if lead < 0 {
            self.penalty = (self.penalty + LATE_PENALTY).min(self.max);
        }
        let lead = (lead as f32).clamp(-self.max, 2.0 * self.max);
        self.mean += (lead - self.mean) * LEAD_GAIN;
    }

    /// A tick passed.
    pub fn tick(&mut self) {
        self.penalty *= LATE_FADE;
    }

    /// A frame was dropped: packets lead by a frame less.
    pub fn dropped(&mut self) {
        self.mean -= FRAME_SAMPLES as f32;
    }

    /// A frame was inserted: packets lead by a frame more.
    pub fn inserted(&mut self) {
        self.mean += FRAME_SAMPLES as f32;
    }

    /// The delay is so long that a silent frame should be dropped.
    pub fn is_long(&self) -> bool {
        self.mean > self.target() + SLACK
    }

    /// The delay is so long that any frame must be dropped.
    pub fn is_too_long(&self) -> bool {
        self.mean > self.max + 2.0 * SLACK
    }

    /// The delay is so short that a silent frame should be inserted.
    pub fn is_short(&self) -> bool {
        self.mean < self.target() - SLACK
    }

    /// There is room to wait a frame longer for a packet.
    pub fn may_wait(&self) -> bool {
        self.mean + FRAME_SAMPLES as f32 <= self.max
    }
}
