//! sherpa-onnx's streaming WebSocket server, in C++ or Python: one connection for each utterance.

use super::{
    stream::{Talk, Took, json},
    transcript::Transcript,
};
use crate::{
    port::SAMPLE_RATE_HZ,
    resampler::Resampler,
    speech::{ServiceFailure, SpeechSettings, socket::Wire},
};

/// The rate of most of its models.
const RATE_HZ: u32 = 16_000;

/// Silence after an utterance, so that the model decides about its last word: 400 ms.
const TAIL: [i16; SAMPLE_RATE_HZ as usize * 2 / 5] = [0; SAMPLE_RATE_HZ as usize * 2 / 5];

/// One utterance.
pub(super) struct Sherpa {
    resampler: Resampler,
    transcript: Transcript,
    segment: i64,
    is_ended: bool,
}

impl Sherpa {
    pub fn new(settings: &SpeechSettings) -> Self {
        let rate_hz = settings.sample_rate_hz.unwrap_or(RATE_HZ);
        Self {
            resampler: Resampler::new(SAMPLE_RATE_HZ, rate_hz),
            transcript: Transcript::default(),
            segment: 0,
            is_ended: false,
        }
    }
}

/// 32-bit floats, little-endian, -1 to 1.
fn floats(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| (f32::from(*sample) / 32_768.0).to_le_bytes())
        .collect()
}

impl Talk for Sherpa {
    fn opening(&mut self) -> Vec<Wire> {
        Vec::new()
    }

    fn is_ready(&self) -> bool {
        true
    }

    fn sound(&mut self, samples: &[i16]) -> Wire {
        Wire::Bytes(floats(&self.resampler.push(samples)))
    }

    fn ending(&mut self) -> Vec<Wire> {
        self.is_ended = true;
        let mut rest = self.resampler.push(&TAIL);
        rest.extend(self.resampler.finish());
        vec![Wire::Bytes(floats(&rest)), Wire::Text("Done".to_owned())]
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        if wire == Wire::Text("Done!".to_owned()) {
            return Ok(Took::Done { reusable: false });
        }
        let value = json(&wire)?;
        let text = value["text"]
            .as_str()
            .ok_or_else(|| ServiceFailure::Unreadable("a message without `text`".to_owned()))?;
        // The text grows within a segment; a new segment makes the one before it final.
        let segment = value["segment"].as_i64().unwrap_or(self.segment);
        if segment != self.segment {
            self.segment = segment;
            self.transcript.fix_open(1.0);
        }
        if value["is_final"] == true || value["is_eof"] == true {
            self.transcript.fix(text, 1.0);
            self.segment += 1;
            return Ok(match value["is_eof"] == true && self.is_ended {
                true => Took::Done { reusable: false },
                false => Took::Finished,
            });
        }
        self.transcript.open(text);
        Ok(Took::Words)
    }

    fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// The server in Python says nothing at the end.
    fn closing_is_the_end(&self) -> bool {
        true
    }
}
