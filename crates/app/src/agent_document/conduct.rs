//! How an agent behaves on the telephone, as its document says it: whose turn it is, when the call
//! is ended, and what is heard besides its words.

use std::time::Duration;

use media::{ambience::Ambience, vad::FarField};
use schemars::JsonSchema;
use serde::Deserialize;
use voice::{
    conversation::{Notify, VoicemailAction},
    line::Line,
    turn::{BargeIn, Endpointing, Hints, Manners},
};

use super::{DocumentFault, millis, seconds, wire::LineText};

/// Whose turn it is to speak; what is absent stays at its default.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Turns {
    /// Silence after which the caller's turn is over, 240 to 2,000 ms.
    pub endpointing_ms: Option<u32>,
    /// Whether that silence follows the caller's own pauses.
    endpointing: Option<EndpointingText>,
    /// What the words so far do to it.
    hints: Option<HintsText>,
    /// That silence while a number is dictated, 240 to 5,000 ms.
    dictation_ms: Option<u32>,
    /// Think as soon as the words are known, before the turn is certain to be over.
    early: Option<bool>,
    /// What cuts the agent.
    barge_in: Option<BargeInText>,
    /// Speech over the agent's voice that cuts it, 100 to 5,000 ms.
    pub barge_in_ms: Option<u32>,
    /// Words over the agent's voice that cut it, where words count; 1 to 20.
    barge_in_words: Option<u32>,
    /// Longest speech without words after which a cut agent goes on, 0 to 10,000 ms; 0: every cut
    /// is final.
    false_interruption_ms: Option<u32>,
    /// Speech this near to the end of a reply is an answer, however short; 0 to 5,000 ms.
    pub reply_tail_ms: Option<u32>,
    /// Speech without words that is asked about, 100 to 5,000 ms.
    pub unclear_ms: Option<u32>,
    /// Longest wait for the recognizer, 100 to 10,000 ms.
    pub recognizer_wait_ms: Option<u32>,
    /// Longest turn of the caller, 5 to 600 s.
    pub turn_second: Option<u32>,
    /// How far from the telephone a voice may be, 0 (anywhere) to 3 (at it).
    vad_level: Option<u32>,
    /// What is said about silence without asking whoever thinks.
    notify: Option<NotifyText>,
}

/// What is said about silence.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NotifyText {
    /// The line.
    say: LineText,
    /// Silence of both sides before it is said, 1 to 600 s.
    after_second: Option<u32>,
    /// How often in a row, 1 to 100; always if absent.
    max: Option<u32>,
}

/// How the silence that ends a turn comes about.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum EndpointingText {
    /// It is always the same.
    Fixed,
    /// It follows the caller's pauses.
    Adaptive,
}

/// What words do to the silence that ends a turn.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum HintsText {
    /// Nothing.
    Off,
    /// "And" and its like double it.
    Longer,
    /// And the mark at the end of a sentence halves it.
    Both,
    /// And the recognizer's word that the caller has finished makes it the shortest.
    Recognizer,
}

/// What cuts the agent.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum BargeInText {
    /// Speech that lasts.
    Speech,
    /// Words.
    Words,
    /// Either.
    SpeechOrWords,
    /// Keys only.
    Never,
}

/// When the call is ended; what is absent stays at its default.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    /// Longest time from the answer to the hang-up, 10 to 14,400 s.
    pub call_second: Option<u32>,
    /// Longest silence of the caller, 5 to 3,600 s.
    pub silence_second: Option<u32>,
}

/// What is heard besides the agent's words, and what to do about machines.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Telephone {
    /// A signal in Morse code before the welcome, which tells that a machine speaks.
    #[serde(default)]
    pub compliance_tone: bool,
    /// What sounds behind the agent.
    ambience: Option<AmbienceText>,
    /// How loud, 0 to 2.
    ambience_volume: Option<f32>,
    /// What to do when an answering machine has answered; without it, it is talked to.
    voicemail: Option<VoicemailText>,
}

/// What sounds behind the agent.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AmbienceText {
    /// Murmur, and a cup now and then.
    CoffeeShops,
    /// Air, and keyboards.
    BusyOffice,
}

/// `"hang_up"`, or `{"leave_message": line}`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum VoicemailText {
    /// End the call.
    HangUp,
    /// Say this once the machine records, then end the call.
    LeaveMessage(LineText),
}

/// The line that stands for the compliance tone; no uploaded sound has such an id.
pub const COMPLIANCE_TONE: &str = "tone:machine";

type Checked = Result<(), DocumentFault>;

impl Turns {
    pub(super) fn check(&self) -> Checked {
        within("turns.endpointing_ms", self.endpointing_ms, 240, 2_000)?;
        within("turns.dictation_ms", self.dictation_ms, 240, 5_000)?;
        within("turns.barge_in_ms", self.barge_in_ms, 100, 5_000)?;
        within("turns.barge_in_words", self.barge_in_words, 1, 20)?;
        let false_interruption = self.false_interruption_ms;
        within("turns.false_interruption_ms", false_interruption, 0, 10_000)?;
        within("turns.reply_tail_ms", self.reply_tail_ms, 0, 5_000)?;
        within("turns.unclear_ms", self.unclear_ms, 100, 5_000)?;
        let wait = self.recognizer_wait_ms;
        within("turns.recognizer_wait_ms", wait, 100, 10_000)?;
        within("turns.turn_second", self.turn_second, 5, 600)?;
        within("turns.vad_level", self.vad_level, 0, 3)?;
        if let Some(notify) = &self.notify {
            within("turns.notify.after_second", notify.after_second, 1, 600)?;
            within("turns.notify.max", notify.max, 1, 100)?;
        }
        Ok(())
    }

    /// These over `base`.
    pub(super) fn manners(&self, base: Manners) -> Manners {
        let after = self.notify.as_ref().and_then(|notify| notify.after_second);
        let words = self.barge_in_words.unwrap_or(1);
        let manners = Manners {
            endpointing: match self.endpointing {
                Some(EndpointingText::Fixed) => Endpointing::Fixed,
                Some(EndpointingText::Adaptive) => Endpointing::Adaptive,
                None => base.endpointing,
            },
            hints: match self.hints {
                Some(HintsText::Off) => Hints::Off,
                Some(HintsText::Longer) => Hints::Longer,
                Some(HintsText::Both) => Hints::Both,
                Some(HintsText::Recognizer) => Hints::Recognizer,
                None => base.hints,
            },
            barge_in: match self.barge_in {
                Some(BargeInText::Speech) => BargeIn::Speech,
                Some(BargeInText::Words) => BargeIn::Words(words),
                Some(BargeInText::SpeechOrWords) => BargeIn::SpeechOrWords(words),
                Some(BargeInText::Never) => BargeIn::Never,
                None => base.barge_in,
            },
            early: self.early.unwrap_or(base.early),
            dictation_delay: self.dictation_ms.map_or(base.dictation_delay, millis),
            false_interruption_max: self
                .false_interruption_ms
                .map_or(base.false_interruption_max, millis),
            barge_in_min: self.barge_in_ms.map_or(base.barge_in_min, millis),
            reply_tail: self.reply_tail_ms.map_or(base.reply_tail, millis),
            unclear_min: self.unclear_ms.map_or(base.unclear_min, millis),
            recognizer_wait_max: self
                .recognizer_wait_ms
                .map_or(base.recognizer_wait_max, millis),
            turn_max: self.turn_second.map_or(base.turn_max, seconds),
            no_input_after: after.map_or(base.no_input_after, seconds),
            ..base
        };
        match self.endpointing_ms {
            Some(ms) => manners.with_endpointing_delay(millis(ms)),
            None => manners,
        }
    }

    /// What is said about silence.
    pub(super) fn notify(&self) -> Option<Notify> {
        self.notify.as_ref().map(|notify| Notify {
            line: Line::from(notify.say.clone()),
            max: notify.max,
        })
    }

    /// What becomes of voices that are far from the telephone.
    pub(super) fn far_field(&self) -> FarField {
        let level = self.vad_level.unwrap_or_default() as usize;
        FarField::ALL.get(level).copied().unwrap_or_default()
    }
}

impl Limits {
    pub(super) fn check(&self) -> Checked {
        within("limits.call_second", self.call_second, 10, 14_400)?;
        within("limits.silence_second", self.silence_second, 5, 3_600)
    }
}

impl Telephone {
    pub(super) fn check(&self) -> Checked {
        let volume = self.ambience_volume.unwrap_or(1.0);
        if !(0.0..=2.0).contains(&volume) {
            return Err(fault("telephone.ambience_volume", "must be 0 to 2".into()));
        }
        Ok(())
    }

    /// What is heard before the welcome.
    pub(super) fn opening(&self) -> Option<Line> {
        self.compliance_tone
            .then(|| Line::Sound(COMPLIANCE_TONE.to_owned()))
    }

    /// What sounds behind the agent, and how loud.
    pub(super) fn ambience(&self) -> Option<(Ambience, f32)> {
        let place = match self.ambience? {
            AmbienceText::CoffeeShops => Ambience::CoffeeShop,
            AmbienceText::BusyOffice => Ambience::BusyOffice,
        };
        Some((place, self.ambience_volume.unwrap_or(1.0)))
    }

    /// What to do about machines.
    pub(super) fn voicemail(&self) -> Option<VoicemailAction> {
        self.voicemail.clone().map(|action| match action {
            VoicemailText::HangUp => VoicemailAction::HangUp,
            VoicemailText::LeaveMessage(line) => VoicemailAction::LeaveMessage(line.into()),
        })
    }
}

/// What a leg needs to know of an agent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LegManners {
    /// Voices that are far from the telephone.
    pub far_field: FarField,
    /// Speech that cuts the agent.
    pub barge_in_min: Duration,
    /// Whether to listen for the beep of a machine.
    pub beeps: bool,
}

/// Fails unless a value lies between two.
pub(super) fn within(path: &str, value: Option<u32>, min: u32, max: u32) -> Checked {
    match value {
        Some(value) if !(min..=max).contains(&value) => {
            Err(fault(path, format!("must be {min} to {max}")))
        }
        Some(_) | None => Ok(()),
    }
}

/// A fault at a place.
pub(super) fn fault(path: &str, why: String) -> DocumentFault {
    DocumentFault {
        path: path.to_owned(),
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_levels_are_ours() {
        let turns = |level| Turns {
            vad_level: Some(level),
            ..Turns::default()
        };
        assert_eq!(turns(0).far_field(), FarField::Heard);
        assert_eq!(turns(3).far_field(), FarField::High);
        assert!(turns(4).check().is_err());
    }

    #[test]
    fn words_that_cut_are_one_unless_said_otherwise() {
        let turns = Turns {
            barge_in: Some(BargeInText::Words),
            ..Turns::default()
        };
        let manners = turns.manners(Manners::default());
        assert_eq!(manners.barge_in, BargeIn::Words(1));
        assert_eq!(manners.barge_in_min, Duration::from_millis(500));
    }
}
