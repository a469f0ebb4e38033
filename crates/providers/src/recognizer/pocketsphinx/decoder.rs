//! Deciding one utterance: which expected phrase, and whether it was any of them.

use std::path::Path;

use super::ffi::{self, Library, Refused};
use super::grammar::Grammar;
use super::wire::{Answer, Decision};
use crate::pcm;
use crate::port::SAMPLE_RATE_HZ;

/// The model's rate; telephone audio is brought up to it.
const MODEL_RATE_HZ: u32 = 16_000;

/// Where Debian and its derivatives keep the model of `pocketsphinx-en-us`.
const MODEL_FOLDERS: [&str; 2] = [
    "/usr/share/pocketsphinx/model/en-us",
    "/usr/local/share/pocketsphinx/model/en-us",
];

/// A phrase may explain a frame worse than free phones do by this much, in the engine's scale.
/// Measured with flite's voices through 8 kHz µ-law; see `tests/speech.rs`.
const LOSS_PER_FRAME_MAX: f32 = 15.0;

/// Loss at which a phrase is certain.
const LOSS_PER_FRAME_SURE: f32 = 0.0;

/// Slowest speech, seconds for each phone: more sound than the phrase needs was something else.
const SECONDS_PER_PHONE_MAX: f32 = 0.25;

/// Sound that does not count against the phrase: breath, click, room.
const EXTRA_SECONDS: f32 = 0.35;

const EXPECTED: &str = "expected";
const PHONES: &str = "phones";

/// The engine of a worker.
pub(crate) struct Decoder {
    engine: ffi::Decoder,
}

impl Decoder {
    /// Loads library and model: about 0.3 s.
    pub fn load() -> Result<Decoder, Answer> {
        let missing = |what: &str| Answer::NotInstalled {
            what: what.to_owned(),
        };
        let folder = model_folder().ok_or_else(|| missing("pocketsphinx-en-us"))?;
        let library = Library::load().map_err(|_| missing("libpocketsphinx.so.3"))?;
        let (model, dictionary) = (
            format!("{folder}/en-us"),
            format!("{folder}/cmudict-en-us.dict"),
        );
        let options = [
            "-hmm",
            &model,
            "-dict",
            &dictionary,
            "-samprate",
            "16000",
            "-logfn",
            "/dev/null",
            // Phones without their neighbours: half the time, as good for rejecting.
            "-allphone_ci",
            "yes",
        ];
        let mut engine = library.decoder(&options).map_err(failed)?;
        engine.set_phones(PHONES).map_err(failed)?;
        Ok(Decoder { engine })
    }

    /// Decides an utterance at 8 kHz.
    pub fn decide(&mut self, phrases: &[String], samples: &[i16]) -> Answer {
        match self.try_decide(phrases, samples) {
            Ok(decision) => Answer::Decided(decision),
            Err(refused) => failed(refused),
        }
    }

    fn try_decide(&mut self, phrases: &[String], samples: &[i16]) -> Result<Decision, Refused> {
        let grammar = Grammar::new(phrases, |word| self.engine.phones(word).is_some());
        let mut decision = Decision {
            phrase: None,
            dropped: grammar.dropped.clone(),
        };
        if grammar.is_empty() || samples.is_empty() {
            return Ok(decision);
        }
        let wide = pcm::resample(samples, SAMPLE_RATE_HZ, MODEL_RATE_HZ);
        self.engine.set_grammar(EXPECTED, &grammar.jsgf())?;
        let phrase = self.engine.decode(EXPECTED, &wide)?;
        let Some(heard) = phrase.words else {
            return Ok(decision);
        };
        let Some(meant) = grammar.meant(&heard) else {
            return Ok(decision);
        };
        if pcm::sounding_seconds(samples) > self.seconds_max(&heard) {
            return Ok(decision);
        }
        let free = self.engine.decode(PHONES, &wide)?;
        let loss = (free.score - phrase.score) as f32 / phrase.n_frames.max(1) as f32;
        if loss <= LOSS_PER_FRAME_MAX {
            let sure = (LOSS_PER_FRAME_MAX - loss) / (LOSS_PER_FRAME_MAX - LOSS_PER_FRAME_SURE);
            decision.phrase = Some((meant.to_owned(), sure.clamp(0.0, 1.0)));
        }
        Ok(decision)
    }

    fn seconds_max(&self, heard: &str) -> f32 {
        let n_phones = |word: &str| {
            self.engine
                .phones(word)
                .map_or(0, |phones| phones.split_whitespace().count())
        };
        let n_phones: usize = heard.split(' ').map(n_phones).sum();
        EXTRA_SECONDS + n_phones as f32 * SECONDS_PER_PHONE_MAX
    }
}

/// The installed model's folder.
pub(crate) fn model_folder() -> Option<&'static str> {
    MODEL_FOLDERS
        .into_iter()
        .find(|folder| Path::new(folder).join("en-us/mdef").is_file())
}

fn failed(refused: Refused) -> Answer {
    Answer::Failed {
        detail: format!("{} was refused", refused.0),
    }
}
