//! Where a clip of speech sounds and where it is silent.
//!
//! A speaker puts silence before, behind and between words; words are where the sound is. Whoever
//! must tell which words a part of a clip holds counts the sound in it, not its samples.

use crate::FRAME_SAMPLES;

/// A frame that is this much quieter than the loudest is silent: 30 dB, between the weakest
/// consonants and the noise of synthesized silence.
const BELOW_LOUDEST: f32 = 0.032;

/// Root mean square below which a frame is silent in any clip.
const RMS_MIN: f32 = 20.0;

/// For each 20 ms of `samples`, whether it sounds; the last one may be shorter.
pub fn sounding(samples: &[i16]) -> Vec<bool> {
    let levels: Vec<f32> = samples.chunks(FRAME_SAMPLES).map(rms).collect();
    let loudest = levels.iter().fold(0.0_f32, |max, level| max.max(*level));
    let min = (loudest * BELOW_LOUDEST).max(RMS_MIN);
    levels.into_iter().map(|level| level > min).collect()
}

fn rms(samples: &[i16]) -> f32 {
    let energy: f32 = samples.iter().map(|&s| f32::from(s) * f32::from(s)).sum();
    (energy / samples.len().max(1) as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone;

    #[test]
    fn silence_before_and_between_words_is_told_from_words() {
        let mut samples = Vec::new();
        tone::silence(&mut samples, 60);
        tone::tone(&mut samples, 300.0, 5000.0, 40);
        tone::silence(&mut samples, 40);
        tone::tone(&mut samples, 300.0, 400.0, 20);

        let heard: String = sounding(&samples)
            .iter()
            .map(|is_sound| if *is_sound { '#' } else { '.' })
            .collect();

        assert_eq!(heard, "...##..#");
    }
}
