//! What is heard while an agent speaks, made from a seed: callers who interrupt, callers who only
//! listen, coughs, keyboards, and the agent's own echo.
//!
//! Voices are pulse trains through moving resonances, which a voice detector takes for speech;
//! everything lies over the noise of a line. The clips are no recordings of people: they show that
//! the rules hold for sounds of these lengths and levels, not how a detector fares on a real street.

use media::{FRAME_SAMPLES, Frame, SAMPLE_RATE_HZ};

use crate::simulate::Chance;

/// Root mean square of the line's noise: -62 dBm0.
const LINE_NOISE: f32 = 25.0;

/// Silence before and behind the sound.
const AROUND_MS: u64 = 1500;

/// What a clip holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A caller who means to interrupt: 0.6 to 2.5 s of speech.
    Interruption,
    /// "Mm-hm": 0.2 to 0.7 s.
    Backchannel,
    /// One to three coughs.
    Cough,
    /// Keys for 1 to 3 s.
    Keyboard,
    /// The agent's own voice, 26 to 36 dB down.
    Echo,
}

/// A clip.
pub struct Clip {
    /// Its sound, 20 ms each.
    pub frames: Vec<Frame>,
    /// When the sound begins, ms.
    pub onset_ms: u64,
    /// What a recognizer makes of it.
    pub words: &'static str,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Interruption,
        Self::Backchannel,
        Self::Cough,
        Self::Keyboard,
        Self::Echo,
    ];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interruption => "interruption",
            Self::Backchannel => "backchannel",
            Self::Cough => "cough",
            Self::Keyboard => "keyboard",
            Self::Echo => "echo",
        }
    }

    /// Makes one.
    pub fn clip(self, chance: &mut Chance) -> Clip {
        let (sound, words) = match self {
            Self::Interruption => (
                speech(chance, 600, 2500, 3500.0),
                [
                    "wait a moment",
                    "no that is wrong",
                    "等一下",
                    "I have a question",
                ][chance.between(0, 3) as usize],
            ),
            Self::Backchannel => (
                speech(chance, 200, 700, 2500.0),
                ["mm-hm", "嗯", "okay", "对"][chance.between(0, 3) as usize],
            ),
            Self::Cough => (coughs(chance), ""),
            Self::Keyboard => (keyboard(chance), ""),
            Self::Echo => (echo(chance), ""),
        };
        Clip {
            frames: over_line(&sound, chance),
            onset_ms: AROUND_MS,
            words,
        }
    }
}

/// Syllables for so long, with the pauses of fluent speech.
fn speech(chance: &mut Chance, min_ms: u64, max_ms: u64, level: f32) -> Vec<f32> {
    let wanted = samples_in(chance.between(min_ms, max_ms));
    let pitch = chance.between(95, 220) as f32;
    let mut sound = Vec::with_capacity(wanted);
    while sound.len() < wanted {
        let syllable = samples_in(chance.between(120, 220)).min(wanted - sound.len());
        voiced(&mut sound, syllable, pitch, chance, level);
        let rest = wanted - sound.len();
        let gap = samples_in(chance.between(20, 70)).min(rest);
        sound.resize(sound.len() + gap, 0.0);
    }
    sound
}

/// A pulse train through two resonances whose pitch falls a little.
fn voiced(sound: &mut Vec<f32>, n_samples: usize, pitch: f32, chance: &mut Chance, level: f32) {
    let resonance = |hz: f32, width: f32| {
        let radius = (-std::f32::consts::PI * width / SAMPLE_RATE_HZ as f32).exp();
        let angle = std::f32::consts::TAU * hz / SAMPLE_RATE_HZ as f32;
        (2.0 * radius * angle.cos(), radius * radius)
    };
    let (a1, b1) = resonance(chance.between(350, 800) as f32, 90.0);
    let (a2, b2) = resonance(chance.between(1000, 2200) as f32, 130.0);
    let (mut first, mut second, mut phase) = ([0.0_f32; 2], [0.0_f32; 2], 0.0_f32);
    let begins = sound.len();
    for n in 0..n_samples {
        let falling = 1.0 - 0.1 * n as f32 / n_samples as f32;
        phase += pitch * falling / SAMPLE_RATE_HZ as f32;
        let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
        phase -= phase.floor();
        let x = pulse + a1 * first[0] - b1 * first[1];
        first = [x, first[0]];
        let y = x + a2 * second[0] - b2 * second[1];
        second = [y, second[0]];
        let edge = n.min(n_samples - n).min(160) as f32 / 160.0;
        sound.push(y * edge);
    }
    scale(&mut sound[begins..], level);
}

/// Bursts of noise with a hard onset.
fn coughs(chance: &mut Chance) -> Vec<f32> {
    let mut sound = Vec::new();
    for cough in 0..chance.between(1, 3) {
        if cough > 0 {
            sound.resize(sound.len() + samples_in(chance.between(120, 300)), 0.0);
        }
        let n_samples = samples_in(chance.between(110, 240));
        let begins = sound.len();
        let mut low = 0.0;
        for n in 0..n_samples {
            low += (noise(chance) - low) * 0.55;
            sound.push(low * (-4.0 * n as f32 / n_samples as f32).exp());
        }
        scale(&mut sound[begins..], chance.between(1500, 4500) as f32);
    }
    sound
}

/// Clicks of 5 to 10 ms.
fn keyboard(chance: &mut Chance) -> Vec<f32> {
    let mut sound = Vec::new();
    let wanted = samples_in(chance.between(1000, 3000));
    while sound.len() < wanted {
        let n_samples = samples_in(chance.between(5, 10));
        let level = chance.between(1000, 6000) as f32;
        for n in 0..n_samples {
            sound.push(noise(chance) * level * (-5.0 * n as f32 / n_samples as f32).exp());
        }
        sound.resize(sound.len() + samples_in(chance.between(60, 260)), 0.0);
    }
    sound
}

/// Three seconds of the agent, as a line gives it back.
fn echo(chance: &mut Chance) -> Vec<f32> {
    let down_db = chance.between(26, 36) as f32;
    let level = 3500.0 * 10.0_f32.powf(-down_db / 20.0);
    speech(chance, 3000, 3000, level)
}

/// The sound between silences, over the line's noise.
fn over_line(sound: &[f32], chance: &mut Chance) -> Vec<Frame> {
    let around = samples_in(AROUND_MS);
    let n_samples = (2 * around + sound.len()).next_multiple_of(FRAME_SAMPLES);
    let mut samples = Vec::with_capacity(n_samples);
    for n in 0..n_samples {
        let own = n.checked_sub(around).and_then(|n| sound.get(n));
        // Uniform noise has a root mean square of its peak over the square root of three.
        let line = noise(chance) * LINE_NOISE * 1.73;
        samples.push((own.copied().unwrap_or(0.0) + line).clamp(-32_000.0, 32_000.0) as i16);
    }
    let frames = samples.chunks_exact(FRAME_SAMPLES);
    frames
        .map(|frame| frame.try_into().expect("a chunk is a frame"))
        .collect()
}

/// Brings a sound to a root mean square.
fn scale(sound: &mut [f32], level: f32) {
    let energy: f32 = sound.iter().map(|sample| sample * sample).sum();
    let rms = (energy / sound.len().max(1) as f32).sqrt();
    let factor = level / rms.max(f32::EPSILON);
    sound.iter_mut().for_each(|sample| *sample *= factor);
}

/// -1 to 1.
fn noise(chance: &mut Chance) -> f32 {
    chance.between(0, 65_535) as f32 / 32_767.5 - 1.0
}

fn samples_in(ms: u64) -> usize {
    (ms * u64::from(SAMPLE_RATE_HZ) / 1000) as usize
}
