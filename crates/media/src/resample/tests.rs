//! Tones in, tones out: what must pass passes, what must not is gone.

use super::*;

const LEVEL: f64 = 10_000.0;

fn tone(rate_hz: u32, tone_hz: f64, n: usize) -> Vec<i16> {
    let step = tone_hz / f64::from(rate_hz) * std::f64::consts::TAU;
    (0..n)
        .map(|n| ((n as f64 * step).sin() * LEVEL) as i16)
        .collect()
}

/// Level in dB, against the tones of this test, of one frequency in the middle of a clip.
fn level_db(samples: &[i16], rate_hz: u32, tone_hz: f64) -> f64 {
    let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
    let step = tone_hz / f64::from(rate_hz) * std::f64::consts::TAU;
    let len = middle.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (n, &sample) in middle.iter().enumerate() {
        // A Hann window, so that the edges of the clip do not leak.
        let window = 1.0 - (n as f64 / len * std::f64::consts::TAU).cos();
        let (sin, cos) = (n as f64 * step).sin_cos();
        re += f64::from(sample) * window * cos;
        im += f64::from(sample) * window * sin;
    }
    20.0 * ((re * re + im * im).sqrt() * 2.0 / len / LEVEL).log10()
}

/// Level of everything in the middle of a clip.
fn total_db(samples: &[i16]) -> f64 {
    let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
    let energy: f64 = middle.iter().map(|&s| f64::from(s).powi(2)).sum();
    let rms = (energy / middle.len() as f64).sqrt() * std::f64::consts::SQRT_2;
    20.0 * (rms.max(1e-3) / LEVEL).log10()
}

#[test]
fn speech_passes_unchanged_from_every_rate() {
    for rate in [11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] {
        for hz in [300.0, 1000.0, 2500.0, 3200.0] {
            let out = to_8k(&tone(rate, hz, rate as usize), rate);
            assert_eq!(out.len(), 8000, "{rate}");
            let level = level_db(&out, 8000, hz);
            assert!(level.abs() < 0.2, "{hz} Hz from {rate}: {level} dB");
        }
    }
}

#[test]
fn what_8_khz_cannot_carry_is_gone() {
    for rate in [11_025, 16_000, 22_050, 24_000, 44_100, 48_000] {
        for hz in [4200.0, 5000.0, 5400.0] {
            let out = to_8k(&tone(rate, hz, rate as usize), rate);
            let level = total_db(&out);
            assert!(level < -70.0, "{hz} Hz from {rate}: {level} dB");
        }
    }
}

#[test]
fn going_up_makes_no_images() {
    for (rate, hz) in [(16_000, 1000.0), (48_000, 3000.0), (44_100, 2000.0)] {
        let out = resample(&tone(8000, hz, 8000), 8000, rate);
        assert!(level_db(&out, rate, hz).abs() < 0.2);
        let image = level_db(&out, rate, 8000.0 - hz);
        assert!(image < -75.0, "{rate}: {image} dB");
    }
}

#[test]
fn a_clip_keeps_its_time() {
    let mut clip = vec![0; 48_000];
    clip[24_000] = 30_000;
    let out = to_8k(&clip, 48_000);
    let (loudest, _) = (0..).zip(&out).max_by_key(|(_, s)| s.abs()).unwrap();
    assert_eq!(loudest, 4000);
}

#[test]
fn short_and_odd_clips_are_taken() {
    assert!(to_8k(&[], 44_100).is_empty());
    assert!(to_8k(&[1], 44_100).is_empty());
    assert_eq!(to_8k(&[7; 6], 48_000).len(), 1);
    assert_eq!(to_8k(&[7; 47], 7_919).len(), 47);
    assert_eq!(to_8k(&[7; 100], 8000), [7; 100]);
    assert_eq!(to_8k(&tone(191_999, 1000.0, 191_999), 191_999).len(), 8000);
}

/// Runs 16 kHz through `Halve` in pieces of a length.
fn halve(samples: &[i16], piece: usize) -> Vec<i16> {
    let mut halve = Halve::default();
    let mut out = vec![0; samples.len() / 2];
    for (input, output) in samples.chunks(piece).zip(out.chunks_mut(piece / 2)) {
        halve.process(input, output);
    }
    out
}

fn double(samples: &[i16], piece: usize) -> Vec<i16> {
    let mut double = Double::default();
    let mut out = vec![0; samples.len() * 2];
    for (input, output) in samples.chunks(piece).zip(out.chunks_mut(piece * 2)) {
        double.process(input, output);
    }
    out
}

#[test]
fn live_halving_passes_speech_and_stops_aliases() {
    for hz in [300.0, 1000.0, 3400.0] {
        let level = level_db(&halve(&tone(16_000, hz, 16_000), 320), 8000, hz);
        assert!(level.abs() < 0.1, "{hz} Hz: {level} dB");
    }
    for hz in [4600.0, 5500.0, 7000.0] {
        let level = total_db(&halve(&tone(16_000, hz, 16_000), 320));
        assert!(level < -65.0, "{hz} Hz: {level} dB");
    }
}

#[test]
fn live_doubling_makes_no_images() {
    for hz in [300.0, 1000.0, 3400.0] {
        let out = double(&tone(8000, hz, 8000), 160);
        let (level, image) = (
            level_db(&out, 16_000, hz),
            level_db(&out, 16_000, 8000.0 - hz),
        );
        assert!(level.abs() < 0.1, "{hz} Hz: {level} dB");
        assert!(image < -65.0, "{hz} Hz: {image} dB");
    }
}

#[test]
fn the_length_of_the_pieces_does_not_matter() {
    let samples = tone(16_000, 700.0, 3200);
    assert_eq!(halve(&samples, 320), halve(&samples, 3200));
    assert_eq!(halve(&samples, 320), halve(&samples, 64));
    assert_eq!(double(&samples, 160), double(&samples, 3200));
}
