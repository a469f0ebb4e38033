//! From one sample rate to another.
//!
//! Whole clips (files, synthesized speech) of any rate go through a windowed sinc; live audio
//! between 8 and 16 kHz through a half-band filter that keeps its state. Both remove what the
//! lower rate cannot carry, so that it does not come back as another tone.

mod halfband;
mod sinc;

pub use halfband::{Double, Halve};
pub use sinc::{RATE_MAX_HZ, RATE_MIN_HZ, resample, to_8k};

/// Root of the window that both filters have (Kaiser), at `x` from -1 to 1. `beta` sets how deep
/// the stop band is.
fn kaiser(x: f64, beta: f64) -> f64 {
    bessel_i0(beta * (1.0 - x * x).max(0.0).sqrt()) / bessel_i0(beta)
}

/// Modified Bessel function of the first kind, order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..64 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}

/// `sin(πx) / πx`.
fn sinc(x: f64) -> f64 {
    let angle = std::f64::consts::PI * x;
    if angle.abs() < 1e-9 {
        1.0
    } else {
        angle.sin() / angle
    }
}

#[cfg(test)]
mod tests;
