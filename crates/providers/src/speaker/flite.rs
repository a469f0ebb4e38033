//! Flite: small English voices, offline (Debian package `flite`, BSD-like licence).

use super::process::{Engine, ProcessSettings};
use crate::port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech};

/// Voices of Debian's build. `kal` is the fastest, `slt` (woman) and `rms` (man) sound best.
const VOICES: [&str; 5] = ["slt", "rms", "awb", "kal16", "kal"];

/// English speech by the program `flite`.
#[derive(Debug)]
pub struct Flite(Engine);

impl Flite {
    /// Starts nothing yet.
    pub fn new(settings: ProcessSettings) -> Flite {
        Flite(Engine::new("flite", "flite", settings))
    }

    /// Whether the program is there, for `doctor`.
    pub fn check(&self) -> Result<(), SpeakerFault> {
        self.0.check()
    }

    async fn say(&self, speak: Speak) -> Result<Speech, SpeakerFault> {
        let args = args(&speak)?;
        let samples = self.0.say(args, &speak.text).await?;
        Ok(Speech::whole(samples.into()))
    }
}

impl Speaker for Flite {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(self.say(speak))
    }
}

fn args(speak: &Speak) -> Result<Vec<String>, SpeakerFault> {
    if speak.language.primary() != "en" {
        return Err(SpeakerFault::Unsupported {
            language: speak.language.clone(),
        });
    }
    let wanted = speak.voice.as_deref().unwrap_or(VOICES[0]);
    let voice = VOICES
        .iter()
        .find(|voice| **voice == wanted)
        .ok_or_else(|| SpeakerFault::UnknownVoice {
            voice: wanted.to_owned(),
        })?;
    let stretch = 100.0 / f32::from(speak.speed_percent.clamp(50, 200));
    let mut args = vec!["-voice", voice]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<String>>();
    args.extend([
        "--setf".to_owned(),
        format!("duration_stretch={stretch:.3}"),
    ]);
    args.extend(["-f", "-", "-o", "/dev/stdout"].map(str::to_owned));
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Language;

    #[test]
    fn a_voice_is_one_of_a_list_and_never_a_path() {
        let speak = Speak::new("hello", Language::english()).with_voice("/tmp/evil.flitevox");
        let voice = "/tmp/evil.flitevox".to_owned();
        assert_eq!(args(&speak), Err(SpeakerFault::UnknownVoice { voice }));
    }

    #[test]
    fn half_speed_is_twice_the_duration() {
        let speak = Speak {
            speed_percent: 50,
            ..Speak::new("hello", Language::english())
        };
        assert!(
            args(&speak)
                .unwrap()
                .contains(&"duration_stretch=2.000".to_owned())
        );
    }
}
