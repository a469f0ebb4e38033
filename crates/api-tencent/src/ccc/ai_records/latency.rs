//! How long replies took, in the vendor's parts.
//!
//! The vendor does not say where its parts begin and end. Here they add up, but for the wait for the
//! packet clock: from the caller's last packet of speech to known words (endpointing and
//! recognizer), to the first sentence (model), to its first sound (speaker).

use std::{collections::BTreeSet, time::Duration};

use model::{CallEvent, CallId, Stamped, ThoughtKind, TurnLatency};
use serde::Serialize;

use super::round_id;

/// What stands for a figure that there is not.
pub(super) const NONE: i64 = -1;

/// One reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct AiLatencyDetail {
    #[serde(rename = "RoundId")]
    round_id: String,
    #[serde(rename = "ASRLatency")]
    asr: i64,
    #[serde(rename = "TTSLatency")]
    tts: i64,
    #[serde(rename = "LLMLatency")]
    llm: i64,
    #[serde(rename = "LLMFirstTokenLatency")]
    llm_first_token: i64,
    #[serde(rename = "ETELatency")]
    ete: i64,
}

/// All replies of a call.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct AiLatencyStatistics {
    #[serde(rename = "ASRLatency")]
    asr: Spread,
    #[serde(rename = "TTSLatency")]
    tts: Spread,
    #[serde(rename = "LLMLatency")]
    llm: Spread,
    #[serde(rename = "ETELatency")]
    ete: Spread,
}

/// How figures are spread; by nearest rank.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Spread {
    min_latency: i64,
    middle_latency: i64,
    p90_latency: i64,
}

/// Every reply that was measured.
pub(super) fn details(call: &CallId, events: &[Stamped]) -> Vec<AiLatencyDetail> {
    let thought = thought_by_models(events);
    let timed = events.iter().filter_map(|stamped| match &stamped.event {
        CallEvent::ReplyTimed(latency) => Some(latency),
        _ => None,
    });
    timed
        .map(|latency| detail(call, latency, thought.contains(&latency.turn)))
        .collect()
}

/// The turns about which a language model or a robot was asked.
pub(super) fn thought_by_models(events: &[Stamped]) -> BTreeSet<u32> {
    let asked = events.iter().filter_map(|stamped| match &stamped.event {
        CallEvent::Thought(thought) => match thought.what {
            ThoughtKind::Asked { .. } => Some(thought.turn),
            ThoughtKind::Called { .. } | ThoughtKind::Moved { .. } => None,
        },
        _ => None,
    });
    asked.collect()
}

fn detail(call: &CallId, latency: &TurnLatency, by_model: bool) -> AiLatencyDetail {
    let of_model = |time| if by_model { ms(time) } else { NONE };
    AiLatencyDetail {
        round_id: round_id(call, latency.turn),
        asr: ms(latency.endpointing + latency.recognizer),
        tts: ms(latency.speaker),
        llm: of_model(latency.thinker),
        llm_first_token: of_model(latency.first_token),
        ete: ms(latency.total),
    }
}

pub(super) fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl AiLatencyStatistics {
    pub(super) fn of(details: &[AiLatencyDetail]) -> Self {
        let spread = |figure: fn(&AiLatencyDetail) -> i64| Spread::of(details.iter().map(figure));
        Self {
            asr: spread(|detail| detail.asr),
            tts: spread(|detail| detail.tts),
            llm: spread(|detail| detail.llm),
            ete: spread(|detail| detail.ete),
        }
    }
}

impl Spread {
    fn of(figures: impl Iterator<Item = i64>) -> Self {
        let mut sorted: Vec<i64> = figures.filter(|figure| *figure != NONE).collect();
        sorted.sort_unstable();
        let rank = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted.get(rank - 1).copied().unwrap_or(NONE)
        };
        Self {
            min_latency: sorted.first().copied().unwrap_or(NONE),
            middle_latency: rank(50),
            p90_latency: rank(90),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        definition,
        sample::{assert_fields, stamped},
    };

    #[test]
    fn parts_are_those_of_the_journal_and_a_script_has_no_model() {
        let call = CallId("c".into());
        let events = [
            stamped(1, CallEvent::Thought(asked(2))),
            stamped(2, CallEvent::ReplyTimed(latency(2))),
            stamped(3, CallEvent::ReplyTimed(latency(3))),
        ];
        let details = details(&call, &events);
        let of_model = &details[0];
        assert_eq!(
            (of_model.asr, of_model.llm, of_model.llm_first_token),
            (720, 500, 300)
        );
        assert_eq!((of_model.tts, of_model.ete), (80, 1310));
        assert_eq!((details[1].llm, details[1].llm_first_token), (NONE, NONE));
        assert_ne!(details[0].round_id, details[1].round_id);
        let statistics = AiLatencyStatistics::of(&details);
        assert_eq!(statistics.llm.p90_latency, 500);
    }

    #[test]
    fn a_spread_is_by_nearest_rank_and_nothing_has_none() {
        let spread = Spread::of((1..=10).map(|n| n * 10));
        let expected = Spread {
            min_latency: 10,
            middle_latency: 50,
            p90_latency: 90,
        };
        assert_eq!(spread, expected);
        assert_eq!(Spread::of([NONE].into_iter()).middle_latency, NONE);
    }

    #[test]
    fn every_field_of_the_vendors_answer_is_there_and_no_other() {
        let events = [stamped(1, CallEvent::ReplyTimed(latency(2)))];
        let detail = details(&CallId("c".into()), &events);
        assert_fields(
            &super::super::DescribeAiLatencyResponse {
                statistics: AiLatencyStatistics::of(&detail),
                detail,
            },
            definition::ccc().reply("DescribeAILatency"),
        );
    }

    fn asked(turn: u32) -> model::Thought {
        model::Thought {
            turn,
            what: ThoughtKind::Asked {
                backend: "m".into(),
                outcome: model::ThoughtOutcome::Answered,
                why: String::new(),
                first_token: None,
                took: Duration::ZERO,
            },
        }
    }

    fn latency(turn: u32) -> TurnLatency {
        let ms = Duration::from_millis;
        TurnLatency {
            turn,
            endpointing: ms(700),
            recognizer: ms(20),
            thinker: ms(500),
            first_token: ms(300),
            speaker: ms(80),
            queue: ms(10),
            total: ms(1310),
        }
    }
}
