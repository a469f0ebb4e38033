//! What sounds behind a voice agent, so that it does not speak out of nothing.
//!
//! Both sounds are made from a seed, the same in every installation and every call, and repeat
//! without a seam after [`SECONDS`].

use crate::SAMPLE_RATE_HZ;

/// Length of a sound before it repeats.
pub const SECONDS: u32 = 16;

/// The loudest an ambience is at full volume, so that speech stays well above it.
const PEAK: f32 = 1500.0;

/// Which place (the vendor's `AmbientSoundType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambience {
    /// Murmur, and a cup now and then.
    CoffeeShop,
    /// Air, and keyboards.
    BusyOffice,
}

impl Ambience {
    /// Every place.
    pub const ALL: [Self; 2] = [Self::CoffeeShop, Self::BusyOffice];

    /// Stable name: the vendor's own.
    pub fn name(self) -> &'static str {
        match self {
            Self::CoffeeShop => "coffee_shops",
            Self::BusyOffice => "busy_office",
        }
    }

    /// The place with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }

    /// Its sound at 8 kHz. `volume` is 0 (nothing) to 2 (twice as loud as usual), the vendor's
    /// range; what is outside counts as its end.
    pub fn samples(self, volume: f32) -> Vec<i16> {
        let n_samples = (SECONDS * SAMPLE_RATE_HZ) as usize;
        let mut sound = vec![0.0_f32; n_samples];
        let mut chance = Chance(0x2545_f491);
        match self {
            Self::CoffeeShop => {
                murmur(&mut sound, &mut chance, 0.5);
                for _ in 0..9 {
                    let (at, pitch) = (chance.below(n_samples), 1500.0 + 1200.0 * chance.unit());
                    ring(&mut sound, at, pitch, 0.25 + 0.3 * chance.unit(), 0.05);
                }
            }
            Self::BusyOffice => {
                air(&mut sound, &mut chance, 0.25);
                murmur(&mut sound, &mut chance, 0.15);
                for _ in 0..14 {
                    let at = chance.below(n_samples);
                    for key in 0..6 + chance.below(14) {
                        let at = at + key * (700 + chance.below(900));
                        click(&mut sound, at, &mut chance, 0.35);
                    }
                }
            }
        }
        let scale = PEAK / 2.0 * volume.clamp(0.0, 2.0);
        let loudest = sound.iter().fold(0.0_f32, |max, it| max.max(it.abs()));
        let scale = scale / loudest.max(f32::EPSILON);
        sound.iter().map(|it| (it * scale) as i16).collect()
    }
}

/// Many voices that nobody understands: noise in the band of vowels, swelling like syllables.
fn murmur(sound: &mut [f32], chance: &mut Chance, level: f32) {
    let n_samples = sound.len() as f32;
    for voice in 0..5 {
        let (mut low, mut lower) = (0.0_f32, 0.0_f32);
        // Whole numbers of swells, so that the repetition has no seam.
        let (slow, fast) = (5.0 + voice as f32, 41.0 + 7.0 * voice as f32);
        let tint = 0.12 + 0.03 * voice as f32;
        for (n, sample) in sound.iter_mut().enumerate() {
            let white = chance.unit() - 0.5;
            low += (white - low) * tint;
            lower += (low - lower) * 0.02;
            let at = n as f32 / n_samples * std::f32::consts::TAU;
            let swell = (0.6 + 0.4 * (at * slow).sin()) * (0.55 + 0.45 * (at * fast).sin());
            *sample += (low - lower) * swell * level;
        }
    }
}

/// Ventilation.
fn air(sound: &mut [f32], chance: &mut Chance, level: f32) {
    let mut low = 0.0_f32;
    for sample in sound {
        low += (chance.unit() - 0.5 - low) * 0.06;
        *sample += low * level;
    }
}

/// A cup that meets a saucer; wraps around the end.
fn ring(sound: &mut [f32], at: usize, pitch: f32, level: f32, seconds: f32) {
    let n_samples = sound.len();
    let decay = seconds * SAMPLE_RATE_HZ as f32;
    for n in 0..(decay * 5.0) as usize {
        let phase = n as f32 / SAMPLE_RATE_HZ as f32 * std::f32::consts::TAU * pitch;
        let sample = (phase.sin() + 0.5 * (phase * 2.3).sin()) * (-(n as f32) / decay).exp();
        sound[(at + n) % n_samples] += sample * level * 0.3;
    }
}

/// A key of a keyboard; wraps around the end.
fn click(sound: &mut [f32], at: usize, chance: &mut Chance, level: f32) {
    let n_samples = sound.len();
    for n in 0..80 {
        let fade = (-(n as f32) / 18.0).exp();
        sound[(at + n) % n_samples] += (chance.unit() - 0.5) * fade * level;
    }
}

/// Xorshift (Marsaglia 2003): plenty for noise.
#[derive(Debug)]
pub(crate) struct Chance(pub(crate) u32);

impl Chance {
    /// 0 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as f32 / u32::MAX as f32
    }

    /// 0 to `n` - 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f32) as usize).min(n.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_heard_and_stays_below_speech() {
        for place in Ambience::ALL {
            let samples = place.samples(1.0);
            let peak = samples.iter().map(|it| it.unsigned_abs()).max().unwrap();
            assert!((500..=800).contains(&peak), "{place:?}: {peak}");
            assert_eq!(samples, place.samples(1.0), "the same every time");
        }
    }

    #[test]
    fn volume_scales_and_is_bounded() {
        let peak = |volume| {
            let samples = Ambience::BusyOffice.samples(volume);
            samples.iter().map(|it| it.unsigned_abs()).max().unwrap()
        };
        assert_eq!(peak(0.0), 0);
        assert_eq!(peak(9.0), peak(2.0));
        assert!(peak(2.0) > peak(1.0));
    }

    #[test]
    fn names_are_the_vendors() {
        assert_eq!(
            Ambience::by_name("coffee_shops"),
            Some(Ambience::CoffeeShop)
        );
        assert_eq!(Ambience::by_name("beach"), None);
    }
}
