//! From one sample rate to another.

/// Brings a whole clip from any rate (4 kHz to 192 kHz) to 8 kHz, anti-aliased.
///
/// # Panics
///
/// Panics on a rate outside that range: the edge has checked it.
pub fn to_8k(samples: &[i16], rate_hz: u32) -> Vec<i16> {
    resample(samples, rate_hz, crate::SAMPLE_RATE_HZ)
}

/// Brings a whole clip from one rate to another (each 4 kHz to 192 kHz), anti-aliased.
///
/// # Panics
///
/// Panics on a rate outside that range: the edge has checked it.
pub fn resample(_samples: &[i16], _from_hz: u32, _to_hz: u32) -> Vec<i16> {
    unimplemented!()
}

/// Live 16 kHz to 8 kHz; keeps its state between calls.
#[derive(Debug, Default)]
pub struct Halve {}

impl Halve {
    /// Takes an even number of samples, writes half as many.
    pub fn process(&mut self, _input: &[i16], _output: &mut [i16]) {
        unimplemented!()
    }
}

/// Live 8 kHz to 16 kHz; keeps its state between calls.
#[derive(Debug, Default)]
pub struct Double {}

impl Double {
    /// Takes samples, writes twice as many.
    pub fn process(&mut self, _input: &[i16], _output: &mut [i16]) {
        unimplemented!()
    }
}
