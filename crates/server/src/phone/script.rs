//! What a simulated callee does, as a person writes it down in YAML.
//!
//! # Invariants
//!
//! - What [`Script::parse`] took ends by itself, or waits for the far end with a limit.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, bail, ensure};
use media::dtmf::Digit;
use providers::port::Language;
use serde::Deserialize;

/// Largest script.
const BYTES_MAX: usize = 64 * 1024;

/// Most steps.
const STEPS_MAX: usize = 200;

/// Longest time that a script can name.
const WAIT_MS_MAX: u64 = 600_000;

/// Longest text of one step.
const TEXT_CHARS_MAX: usize = 1000;

/// Most keys of one step.
const KEYS_MAX: usize = 64;

/// A script, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Language of what it says.
    pub language: Language,
    /// The speaker's own name of a voice.
    pub voice: Option<String>,
    /// From the INVITE to 180 Ringing.
    pub ring_after: Duration,
    /// From 180 Ringing to the answer.
    pub ring_for: Duration,
    /// How the call is answered.
    pub answer: AfterRinging,
    /// What sounds behind everything.
    pub background: Option<Background>,
    /// What happens after the answer, one after the other.
    pub steps: Vec<Step>,
    /// What happens after the last step.
    pub then: Then,
    /// Longest wait for the far end to speak or to be silent; then the phone hangs up.
    pub patience: Duration,
    /// From the answer to the hang-up at the latest.
    pub hang_up_after: Option<Duration>,
}

/// How the ringing ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterRinging {
    /// The phone is picked up.
    #[default]
    PickUp,
    /// 486 after the ringing.
    Busy,
    /// This final status, 300 to 699, after the ringing.
    Reject(u16),
    /// It rings until the caller gives up.
    NoAnswer,
}

/// What sounds behind everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// Traffic.
    Street,
}

/// One step after the answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing for so many ms.
    WaitMs(u64),
    /// Until the far end has spoken since our last sound, and been silent for so many ms.
    WaitForSilenceMs(u64),
    /// Until the far end begins to speak, and so many ms more: what follows interrupts it.
    WaitForSpeechMs(u64),
    /// Says a text and waits for its end.
    Say(String),
    /// Begins to say a text and goes on at once.
    StartSaying(String),
    /// Plays a WAV or MP3 file and waits for its end.
    Play(PathBuf),
    /// A tone of 1000 Hz for so many ms.
    BeepMs(u64),
    /// Presses keys (RFC 4733) and waits for the last one.
    Press(String),
    /// Ends the call.
    HangUp,
}

/// What happens after the last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Nothing: the far end hangs up.
    #[default]
    Listen,
    /// The call ends.
    HangUp,
    /// The steps again.
    Repeat,
}

/// The document as serde sees it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptText {
    #[serde(default = "english")]
    language: String,
    voice: Option<String>,
    #[serde(default)]
    ring_after_ms: u64,
    #[serde(default = "ring_for_ms")]
    ring_for_ms: u64,
    #[serde(default, with = "serde_yaml_ng::with::singleton_map")]
    answer: AfterRinging,
    background: Option<Background>,
    #[serde(default, with = "serde_yaml_ng::with::singleton_map_recursive")]
    steps: Vec<Step>,
    #[serde(default)]
    then: Then,
    #[serde(default = "patience_second")]
    patience_second: u64,
    hang_up_after_ms: Option<u64>,
}

impl Script {
    /// Parses a script.
    ///
    /// # Errors
    ///
    /// Says which field is wrong, and in which line where YAML knows it.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        ensure!(text.len() <= BYTES_MAX, "script is larger than 64 KiB");
        let text: ScriptText = serde_yaml_ng::from_str(text).context("script")?;
        ensure!(
            text.steps.len() <= STEPS_MAX,
            "`steps` has more than {STEPS_MAX} items"
        );
        for (step_idx, step) in text.steps.iter().enumerate() {
            step.check().with_context(|| format!("steps[{step_idx}]"))?;
        }
        if let AfterRinging::Reject(status) = text.answer {
            ensure!(
                (300..700).contains(&status),
                "`answer.reject` must be 300 to 699"
            );
        }
        if text.then == Then::Repeat && !text.steps.iter().any(Step::takes_time) {
            bail!("`then: repeat` needs a step that takes time");
        }
        Ok(Self {
            language: text.language.parse().context("language")?,
            voice: text.voice,
            ring_after: millis("ring_after_ms", text.ring_after_ms)?,
            ring_for: millis("ring_for_ms", text.ring_for_ms)?,
            answer: text.answer,
            background: text.background,
            steps: text.steps,
            then: text.then,
            patience: millis("patience_second", text.patience_second.saturating_mul(1000))?,
            hang_up_after: text
                .hang_up_after_ms
                .map(|ms| millis("hang_up_after_ms", ms))
                .transpose()?,
        })
    }
}

impl Step {
    fn check(&self) -> anyhow::Result<()> {
        match self {
            Self::WaitMs(ms) | Self::BeepMs(ms) => {
                ensure!(*ms > 0, "must be at least 1 ms");
                millis("wait", *ms).map(drop)
            }
            Self::WaitForSilenceMs(ms) | Self::WaitForSpeechMs(ms) => millis("wait", *ms).map(drop),
            Self::Say(text) | Self::StartSaying(text) => {
                let n_chars = text.chars().count();
                ensure!(!text.trim().is_empty(), "nothing to say");
                ensure!(
                    n_chars <= TEXT_CHARS_MAX,
                    "text is longer than {TEXT_CHARS_MAX}"
                );
                Ok(())
            }
            Self::Press(keys) => {
                ensure!(
                    (1..=KEYS_MAX).contains(&keys.len()),
                    "must be 1 to {KEYS_MAX} keys"
                );
                for key in keys.chars() {
                    Digit::try_from(key).with_context(|| format!("`{key}`"))?;
                }
                Ok(())
            }
            Self::Play(_) | Self::HangUp => Ok(()),
        }
    }

    fn takes_time(&self) -> bool {
        match self {
            Self::WaitMs(_)
            | Self::WaitForSilenceMs(_)
            | Self::Say(_)
            | Self::BeepMs(_)
            | Self::Press(_)
            | Self::HangUp => true,
            Self::WaitForSpeechMs(_) | Self::StartSaying(_) | Self::Play(_) => false,
        }
    }
}

fn millis(name: &str, ms: u64) -> anyhow::Result<Duration> {
    ensure!(ms <= WAIT_MS_MAX, "`{name}` is more than 10 minutes");
    Ok(Duration::from_millis(ms))
}

fn english() -> String {
    "en".to_owned()
}

fn ring_for_ms() -> u64 {
    800
}

fn patience_second() -> u64 {
    30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_when_to_ring_and_what_to_do() {
        let script = Script::parse(
            "ring_for_ms: 1200\nanswer: pick_up\nsteps:\n  - wait_for_silence_ms: 900\n  \
             - say: \"yes\"\n  - press: \"12#\"\n  - hang_up\n",
        )
        .unwrap();
        assert_eq!(script.ring_for, Duration::from_millis(1200));
        let steps = [
            Step::WaitForSilenceMs(900),
            Step::Say("yes".into()),
            Step::Press("12#".into()),
            Step::HangUp,
        ];
        assert_eq!(script.steps, steps);
    }

    #[test]
    fn a_call_can_be_refused_in_any_way() {
        let answer = |text: &str| Script::parse(text).unwrap().answer;
        assert_eq!(answer("answer: busy"), AfterRinging::Busy);
        assert_eq!(answer("answer: {reject: 603}"), AfterRinging::Reject(603));
        assert_eq!(answer("answer: no_answer"), AfterRinging::NoAnswer);
        assert_eq!(answer("{}"), AfterRinging::PickUp);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("step: []", "step"),
            ("steps: [{sey: hello}]", "sey"),
            ("steps: [{press: 12x}]", "x"),
            ("steps: [{wait_ms: 0}]", "steps[0]"),
            ("steps: [{wait_ms: 999999999}]", "10 minutes"),
            ("answer: {reject: 200}", "300 to 699"),
            ("language: \"\"", "language"),
            ("then: repeat", "repeat"),
            ("steps: [{say: \" \"}]", "nothing to say"),
        ] {
            let why = format!("{:#}", Script::parse(text).expect_err(text));
            assert!(why.contains(named), "{text}: {why}");
        }
    }

    #[test]
    fn the_examples_of_the_manual_are_scripts() {
        let manual = include_str!("../../../../docs/simulated-callees.md");
        let examples: Vec<&str> = manual
            .split("```yaml\n")
            .skip(1)
            .filter_map(|rest| rest.split("\n```").next())
            .collect();
        assert!(examples.len() >= 2);
        for example in examples {
            Script::parse(example).unwrap_or_else(|why| panic!("{why:#}\n{example}"));
        }
    }
}
