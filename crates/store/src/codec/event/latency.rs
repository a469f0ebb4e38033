//! How long the parts of a turn took.

use std::time::Duration;

use model::TurnLatency;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct LatencyDoc {
    turn: u32,
    endpointing_us: u64,
    recognizer_us: u64,
    thinker_us: u64,
    #[serde(default)]
    first_token_us: u64,
    speaker_us: u64,
    queue_us: u64,
    total_us: u64,
}

pub(super) fn latency_doc(latency: &TurnLatency) -> LatencyDoc {
    let us = |part: Duration| u64::try_from(part.as_micros()).unwrap_or(u64::MAX);
    LatencyDoc {
        turn: latency.turn,
        endpointing_us: us(latency.endpointing),
        recognizer_us: us(latency.recognizer),
        thinker_us: us(latency.thinker),
        first_token_us: us(latency.first_token),
        speaker_us: us(latency.speaker),
        queue_us: us(latency.queue),
        total_us: us(latency.total),
    }
}

pub(super) fn latency(doc: &LatencyDoc) -> TurnLatency {
    TurnLatency {
        turn: doc.turn,
        endpointing: Duration::from_micros(doc.endpointing_us),
        recognizer: Duration::from_micros(doc.recognizer_us),
        thinker: Duration::from_micros(doc.thinker_us),
        first_token: Duration::from_micros(doc.first_token_us),
        speaker: Duration::from_micros(doc.speaker_us),
        queue: Duration::from_micros(doc.queue_us),
        total: Duration::from_micros(doc.total_us),
    }
}
