//! Tones that are made, not recorded.
//!
//! The Morse signal tells a callee that a machine speaks before it does. Everything here is the same
//! in every call.

use crate::SAMPLE_RATE_HZ;

/// Pitch of a Morse signal: the middle of what a telephone carries well, and of no exchange's tone.
const MORSE_HZ: f32 = 750.0;

/// Amplitude of a Morse signal, -17 dBm0: as loud as speech, no louder.
const MORSE_LEVEL: f32 = 4600.0;

/// Length of a dot: 20 words a minute (PARIS, 1200 ms divided by the speed).
const DOT_MS: u32 = 60;

/// Rise and fall of a tone, so that it does not click.
const RAMP_MS: u32 = 5;

/// Silence behind the signal, before the welcome.
const AFTER_MS: u32 = 200;

/// "AI" in Morse code, the announcement that a machine speaks: `.-` `..`, 0.9 s.
pub fn machine_announcement() -> Vec<i16> {
    morse(&[".-", ".."])
}

/// Letters in dots and dashes as sound, with some silence behind them.
pub fn morse(letters: &[&str]) -> Vec<i16> {
    let mut samples = Vec::new();
    for (letter_idx, letter) in letters.iter().enumerate() {
        if letter_idx > 0 {
            // Three dots between letters, of which one ended the last letter.
            silence(&mut samples, 2 * DOT_MS);
        }
        for sign in letter.chars() {
            let n_dots = if sign == '-' { 3 } else { 1 };
            tone(&mut samples, MORSE_HZ, MORSE_LEVEL, n_dots * DOT_MS);
            silence(&mut samples, DOT_MS);
        }
    }
    silence(&mut samples, AFTER_MS);
    samples
}

/// Pitch of the ringback tone of Chinese networks (GF 002-9002), and its rhythm: 1 s, then 4 s of
/// silence. Callers everywhere know one pitch in a slow rhythm for ringing.
const RINGBACK: (f32, u32, u32) = (450.0, 1_000, 4_000);

/// Amplitude of ringback and music, -20 dBm0: quieter than speech, for who waits listens long.
const WAITING_LEVEL: f32 = 3200.0;

/// What music on hold is made of: broken chords of C, a, F and G, a note each quarter of a second.
const HOLD_NOTES_HZ: [f32; 16] = [
    261.6, 329.6, 392.0, 523.3, 220.0, 261.6, 329.6, 440.0, 174.6, 220.0, 261.6, 349.2, 196.0,
    246.9, 293.7, 392.0,
];

/// One turn of the tone that a caller hears while another phone rings.
pub fn ringback() -> Vec<i16> {
    let (hz, on_ms, off_ms) = RINGBACK;
    let mut samples = Vec::new();
    tone(&mut samples, hz, WAITING_LEVEL, on_ms);
    silence(&mut samples, off_ms);
    samples
}

/// One turn of the music for who is on hold: eight seconds, whose end fits its beginning.
pub fn hold_music() -> Vec<i16> {
    let mut samples = Vec::new();
    for hz in HOLD_NOTES_HZ.into_iter().flat_map(|hz| [hz, hz * 2.0]) {
        tone(&mut samples, hz, WAITING_LEVEL, 200);
        silence(&mut samples, 50);
    }
    samples
}

/// Appends a sine of so many Hz and ms, with soft edges.
pub fn tone(samples: &mut Vec<i16>, hz: f32, level: f32, ms: u32) {
    let (n_samples, n_ramp) = (samples_in(ms), samples_in(RAMP_MS).max(1));
    for n in 0..n_samples {
        let phase = n as f32 / SAMPLE_RATE_HZ as f32 * std::f32::consts::TAU * hz;
        let from_edge = n.min(n_samples - n).min(n_ramp) as f32 / n_ramp as f32;
        samples.push((phase.sin() * level * from_edge) as i16);
    }
}

/// Appends silence of so many ms.
pub fn silence(samples: &mut Vec<i16>, ms: u32) {
    samples.resize(samples.len() + samples_in(ms) as usize, 0);
}

fn samples_in(ms: u32) -> u32 {
    ms * SAMPLE_RATE_HZ / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_announcement_is_a_i_in_morse() {
        let samples = machine_announcement();
        let dots: String = samples
            .chunks(samples_in(DOT_MS) as usize)
            .map(|dot| {
                if dot.iter().any(|sample| sample.unsigned_abs() > 1000) {
                    '#'
                } else {
                    ' '
                }
            })
            .collect();
        assert_eq!(dots.trim_end(), "# ###   # #");
    }

    #[test]
    fn tones_have_soft_edges() {
        let mut samples = Vec::new();
        tone(&mut samples, 1000.0, 8000.0, 100);
        assert!(samples[0].unsigned_abs() < 300 && samples[799].unsigned_abs() < 300);
    }
}
