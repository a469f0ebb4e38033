//! PCM arithmetic that speakers, sounds and the recognizer share: rates, loudness, silence.

use crate::{port::SAMPLE_RATE_HZ, resampler::Resampler};

/// Sample rates that files and engines may have; outside of it a header is taken for damaged.
pub(crate) const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// Loudness that speech is brought to, RMS of its voiced parts: -20 dB below full scale.
const RMS_TARGET: f32 = 32_768.0 * 0.1;

/// No sample exceeds this, so that µ-law does not clip: -1 dB below full scale.
const PEAK_MAX: f32 = 32_768.0 * 0.891;

/// Most amplification, 20 dB: an almost silent speech is noise and stays quiet.
const GAIN_MAX: f32 = 10.0;

/// A 10 ms window quieter than this below the loudest one is silence: 40 dB.
const SILENCE_RATIO: f32 = 0.01;

/// Samples in a loudness window: 10 ms.
const WINDOW: usize = (SAMPLE_RATE_HZ / 100) as usize;

/// Brings a whole clip from one rate to another, both within [`RATES_HZ`], without delay.
pub(crate) fn resample(samples: &[i16], from_hz: u32, to_hz: u32) -> Vec<i16> {
    if from_hz == to_hz {
        return samples.to_vec();
    }
    let mut resampler = Resampler::new(from_hz, to_hz);
    let mut all = resampler.push(samples);
    all.extend(resampler.finish());
    all
}

/// Brings speech to the common loudness and keeps its peaks below clipping.
pub(crate) fn level(samples: &mut [i16]) {
    let loudest = windows_rms(samples).fold(0.0, f32::max);
    let voiced: Vec<f32> = windows_rms(samples)
        .filter(|rms| *rms > loudest * 0.1)
        .map(|rms| rms * rms)
        .collect();
    if loudest < 1.0 || voiced.is_empty() {
        return;
    }
    let rms = (voiced.iter().sum::<f32>() / voiced.len() as f32).sqrt();
    let peak = samples
        .iter()
        .map(|sample| f32::from(*sample).abs())
        .fold(0.0, f32::max);
    let gain = (RMS_TARGET / rms).min(PEAK_MAX / peak).min(GAIN_MAX);
    for sample in samples {
        // In range: |sample| * gain <= PEAK_MAX.
        *sample = (f32::from(*sample) * gain) as i16;
    }
}

/// Cuts silence at both ends, keeping up to `lead` samples before and `trail` after the sound.
pub(crate) fn trim(samples: &[i16], lead: usize, trail: usize) -> &[i16] {
    let loudest = windows_rms(samples).fold(0.0, f32::max);
    let is_sound = |rms: f32| rms > loudest * SILENCE_RATIO && rms > 1.0;
    let Some(first) = windows_rms(samples).position(is_sound) else {
        return &[];
    };
    let last = windows_rms(samples)
        .collect::<Vec<f32>>()
        .into_iter()
        .rposition(is_sound);
    let begin = (first * WINDOW).saturating_sub(lead);
    let end = (last.map_or(0, |window| window + 1) * WINDOW + trail).min(samples.len());
    &samples[begin..end]
}

/// Seconds of the clip that are not silence, in windows of 10 ms within 25 dB of the loudest.
pub(crate) fn sounding_seconds(samples: &[i16]) -> f32 {
    let loudest = windows_rms(samples).fold(0.0, f32::max);
    windows_rms(samples)
        .filter(|rms| *rms > loudest * 0.056)
        .count() as f32
        / 100.0
}

fn windows_rms(samples: &[i16]) -> impl Iterator<Item = f32> + '_ {
    samples.chunks(WINDOW).map(|window| {
        let energy: f32 = window.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        (energy / window.len() as f32).sqrt()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(n_samples: usize, amplitude: f32) -> Vec<i16> {
        (0..n_samples)
            .map(|t| ((t as f32 * 0.7).sin() * amplitude) as i16)
            .collect()
    }

    #[test]
    fn quiet_speech_becomes_as_loud_as_any_and_never_clips() {
        let mut quiet = tone(8_000, 1_500.0);
        level(&mut quiet);
        let rms = windows_rms(&quiet).fold(0.0, f32::max);
        assert!((rms / RMS_TARGET - 1.0).abs() < 0.1, "{rms}");

        let mut spiky = tone(8_000, 300.0);
        spiky[4_000] = i16::MIN;
        level(&mut spiky);
        assert!(
            spiky
                .iter()
                .all(|sample| f32::from(*sample).abs() <= PEAK_MAX)
        );
    }

    #[test]
    fn a_tone_below_the_new_limit_survives_and_one_above_is_gone() {
        for rate in [11_025, 16_000, 22_050, 44_100, 48_000] {
            let loudness_of = |tone_hz: f32| {
                let angle = std::f32::consts::TAU * tone_hz / rate as f32;
                let clip: Vec<i16> = (0..rate)
                    .map(|t| ((t as f32 * angle).sin() * 10_000.0) as i16)
                    .collect();
                let clip = resample(&clip, rate, SAMPLE_RATE_HZ);
                assert_eq!(clip.len(), 8_000);
                windows_rms(&clip[1_000..7_000]).sum::<f32>() / 75.0
            };
            assert!(
                (loudness_of(1_000.0) / 7_071.0 - 1.0).abs() < 0.02,
                "{rate}"
            );
            assert!(loudness_of(5_000.0) < 30.0, "{rate}");
        }
    }

    #[test]
    fn silence_stays_silence() {
        let mut silence = vec![0; 800];
        level(&mut silence);
        assert!(trim(&silence, 160, 480).is_empty());
        assert!(trim(&[], 160, 480).is_empty());
    }

    #[test]
    fn ends_are_cut_to_their_allowance() {
        let mut padded = vec![0; 4_000];
        padded.extend(tone(800, 5_000.0));
        padded.extend(vec![0; 4_000]);
        assert_eq!(trim(&padded, 160, 480).len(), 160 + 800 + 480);
    }
}
