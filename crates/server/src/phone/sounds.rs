//! The sounds of a script: spoken, read from files, or made here.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use media::SAMPLE_RATE_HZ;
use providers::port::{Speak, Speaker};

use super::script::{Background, Script, Step};

/// A tone and its level: that of an answering machine.
const BEEP_HZ: f64 = 1000.0;
const BEEP_LEVEL: f64 = 8000.0;

/// Length of the street that is repeated.
const STREET_SECONDS: u32 = 4;

/// Level of the street, about 20 dB below a voice.
const STREET_LEVEL: f64 = 900.0;

/// What a script sounds like.
#[derive(Debug)]
pub struct Sounds {
    /// One for each step; `None` for those without a sound.
    pub steps: Vec<Option<Arc<[i16]>>>,
    /// Sounds behind everything.
    pub background: Option<Arc<[i16]>>,
}

/// Makes every sound of a script.
pub async fn make(script: &Script, speaker: &dyn Speaker) -> anyhow::Result<Sounds> {
    let mut steps = Vec::with_capacity(script.steps.len());
    for (step_idx, step) in script.steps.iter().enumerate() {
        let sound = sound(script, step, speaker).await;
        steps.push(sound.with_context(|| format!("steps[{step_idx}]"))?);
    }
    let background = script.background.map(|background| match background {
        Background::Street => street(),
    });
    Ok(Sounds { steps, background })
}

async fn sound(
    script: &Script,
    step: &Step,
    speaker: &dyn Speaker,
) -> anyhow::Result<Option<Arc<[i16]>>> {
    Ok(Some(match step {
        Step::Say(text) | Step::StartSaying(text) => {
            let speak = Speak::new(text.as_str(), script.language.clone());
            let speak = match &script.voice {
                Some(voice) => speak.with_voice(voice.as_str()),
                None => speak,
            };
            speaker.speak(speak).await?.collect().await?
        }
        Step::Play(path) => file(path).await?,
        Step::BeepMs(ms) => beep(*ms),
        Step::WaitMs(_)
        | Step::WaitForSilenceMs(_)
        | Step::WaitForSpeechMs(_)
        | Step::Press(_)
        | Step::HangUp => return Ok(None),
    }))
}

async fn file(path: &Path) -> anyhow::Result<Arc<[i16]>> {
    let shown = path.display();
    let bytes = tokio::fs::read(path)
        .await
        .with_context(|| format!("failed to read {shown}"))?;
    let samples = providers::sound::decode(bytes)
        .await
        .with_context(|| format!("file {shown}"))?;
    Ok(samples.into())
}

fn beep(ms: u64) -> Arc<[i16]> {
    let n_samples = ms * u64::from(SAMPLE_RATE_HZ) / 1000;
    (0..n_samples)
        .map(|n| {
            let phase = n as f64 / f64::from(SAMPLE_RATE_HZ) * std::f64::consts::TAU * BEEP_HZ;
            (phase.sin() * BEEP_LEVEL) as i16
        })
        .collect()
}

/// Low noise that swells as cars pass. The same in every call.
fn street() -> Arc<[i16]> {
    let (mut chance, mut low) = (0x2545_f491_u32, 0.0);
    (0..STREET_SECONDS * SAMPLE_RATE_HZ)
        .map(|n| {
            // Xorshift (Marsaglia 2003): plenty for noise.
            chance ^= chance << 13;
            chance ^= chance >> 17;
            chance ^= chance << 5;
            let white = f64::from(chance) / f64::from(u32::MAX) - 0.5;
            low += (white - low) * 0.25;
            let at = f64::from(n) / f64::from(SAMPLE_RATE_HZ);
            // A whole number of swells, so that the repetition has no seam.
            let swell = 0.65 + 0.35 * (at * std::f64::consts::TAU / 2.0).sin();
            (low * 4.0 * swell * STREET_LEVEL) as i16
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beep_is_as_long_as_asked_for() {
        assert_eq!(beep(500).len(), 4000);
    }

    #[test]
    fn the_street_is_there_and_no_louder_than_a_voice() {
        let street = street();
        let loudest = street
            .iter()
            .map(|sample| sample.unsigned_abs())
            .max()
            .unwrap();
        assert!((300..4000).contains(&loudest), "{loudest}");
    }
}
