//! What the demo promises, checked on what a call left behind.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    evidence::Evidence,
    told::{Latency, What},
};

/// What the polite callee says, as the agent's script writes it.
const WORDS: [&str; 3] = ["another day", "wednesday", "yes"];

/// A track may be so much shorter or longer than the call.
const LENGTH_OFF_MAX_MS: i64 = 300;

/// Sound that a busy machine's own loopback may lose; a file may lose none.
const LOST_MAX_MS: i64 = 300;

/// The loudest sample of a track with a voice in it, at least.
const VOICE_MIN: u16 = 2000;

/// Parts of a latency are rounded to 0.1 ms each.
const ROUNDING_MS: f64 = 1.0;

/// Fields of `action=record`.
const RECORD_FIELDS: [&str; 6] = [
    "SdkAppId",
    "RecordId",
    "SessionId",
    "Timestamp",
    "EndpointUser",
    "RecordURL",
];

/// Fields of `action=cdr` that every receiver reads.
const CDR_FIELDS: [&str; 12] = [
    "SdkAppId",
    "SessionId",
    "Caller",
    "Callee",
    "Direction",
    "Duration",
    "StartTimestamp",
    "AcceptTimestamp",
    "EndedTimestamp",
    "HungUpSide",
    "EndStatusString",
    "ServeParticipants",
];

/// A promise, and whether it was kept.
#[derive(Debug)]
pub struct Finding {
    /// Whether it was kept.
    pub passed: bool,
    /// What was promised.
    what: &'static str,
    /// What was found.
    found: String,
}

impl Finding {
    /// A line for people.
    pub fn line(&self) -> String {
        let word = if self.passed { "PASS" } else { "FAIL" };
        format!("{word}  {}: {}", self.what, self.found)
    }
}

/// Checks every promise.
pub fn check(evidence: &Evidence) -> Vec<Finding> {
    vec![
        ended(evidence),
        turns(evidence),
        words(evidence),
        latencies(evidence),
        sound(evidence),
        lengths(evidence),
        voices(evidence),
        record(evidence),
        pushes(evidence),
        picture(evidence),
    ]
}

fn found(what: &'static str, passed: bool, found: String) -> Finding {
    Finding {
        passed,
        what,
        found,
    }
}

fn events(evidence: &Evidence) -> impl Iterator<Item = &What> {
    evidence.followed.events.iter().map(|told| &told.what)
}

fn ended(evidence: &Evidence) -> Finding {
    let cause = events(evidence).find_map(|what| match what {
        What::Ended { cause, .. } => Some(cause.as_str()),
        _ => None,
    });
    let cause = cause.unwrap_or("never");
    found(
        "the voice agent ended the call",
        cause == "agent_finished",
        cause.to_owned(),
    )
}

fn turns(evidence: &Evidence) -> Finding {
    let agent = events(evidence)
        .filter(|what| matches!(what, What::AgentSaid { .. }))
        .count();
    let caller = events(evidence)
        .filter(|what| matches!(what, What::CallerSaid { .. }))
        .count();
    let text = format!("{agent} turns of the agent, {caller} of the caller");
    found("a conversation", agent >= 3 && caller >= 2, text)
}

fn words(evidence: &Evidence) -> Finding {
    let said: Vec<&str> = events(evidence)
        .filter_map(|what| match what {
            What::CallerSaid { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    found("the caller was understood", said == WORDS, said.join(", "))
}

fn latencies(evidence: &Evidence) -> Finding {
    let all: Vec<&Latency> = events(evidence)
        .filter_map(|what| match what {
            What::ReplyTimed(latency) => Some(latency),
            _ => None,
        })
        .collect();
    let adds_up = |latency: &&Latency| {
        let sum: f64 = latency.parts().iter().map(|(_, ms)| ms).sum();
        latency.total_ms > 0.0 && (sum - latency.total_ms).abs() <= ROUNDING_MS
    };
    let text: Vec<String> = all
        .iter()
        .map(|latency| format!("{:.0} ms", latency.total_ms))
        .collect();
    let passed = all.len() >= WORDS.len() && all.iter().all(adds_up);
    found(
        "each reply was timed, and its parts add up",
        passed,
        text.join(", "),
    )
}

fn sound(evidence: &Evidence) -> Finding {
    let started = events(evidence).any(|what| matches!(what, What::SoundStarted { .. }));
    let ended = events(evidence).any(|what| matches!(what, What::SoundEnded { cut: false, .. }));
    let text = match (started, ended) {
        (true, true) => "from start to end",
        (true, false) => "not to its end",
        (false, _) => "not at all",
    };
    found(
        "PlaySoundCall played into the call",
        started && ended,
        text.to_owned(),
    )
}

/// From answer to end, as the events say.
fn talk_ms(evidence: &Evidence) -> i64 {
    let at = |wanted: fn(&What) -> bool| {
        let mut all = evidence.followed.events.iter();
        all.find(|told| wanted(&told.what))
            .map_or(0, |told| told.at)
    };
    at(|what| matches!(what, What::Ended { .. })) - at(|what| matches!(what, What::Answered { .. }))
}

fn lengths(evidence: &Evidence) -> Finding {
    let talk_ms = talk_ms(evidence);
    let right = |ms: i64| (ms - talk_ms).abs() <= LENGTH_OFF_MAX_MS;
    let tracks = &evidence.tracks;
    let gaps = || tracks.iter().flat_map(|track| &track.told.gaps);
    let lost_ms: i64 = gaps().map(|gap| gap.len_ms).sum();
    let passed = tracks.len() == 2
        && tracks.iter().all(|track| {
            right(track.told.duration_ms)
                && right(track.len_ms())
                && track.n_bytes == track.told.n_bytes
        })
        && lost_ms <= LOST_MAX_MS
        && gaps().all(|gap| gap.cause != "torn");
    let seconds = |ms: i64| format!("{:.2} s", ms as f64 / 1000.0);
    let text: Vec<String> = tracks.iter().map(|track| seconds(track.len_ms())).collect();
    let text = format!(
        "{} of a call of {}, {lost_ms} ms made up",
        text.join(" and "),
        seconds(talk_ms)
    );
    found("two whole tracks, as long as the call", passed, text)
}

fn voices(evidence: &Evidence) -> Finding {
    let loudest = |samples: &[i16]| samples.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
    let all: Vec<u16> = evidence
        .tracks
        .iter()
        .map(|track| loudest(&track.samples))
        .collect();
    let differ = match evidence.tracks.as_slice() {
        [one, other] => one.samples != other.samples,
        _ => false,
    };
    let passed = differ && all.iter().all(|level| *level >= VOICE_MIN);
    let text: Vec<String> = all.iter().map(|level| format!("peak {level}")).collect();
    found(
        "each track holds a voice of its own",
        passed,
        text.join(" and "),
    )
}

fn record(evidence: &Evidence) -> Finding {
    let record = evidence.record();
    let talk_s = talk_ms(evidence) / 1000;
    let duration = record["Duration"].as_i64().unwrap_or(-1);
    let passed = record["SessionId"] == evidence.call.as_str()
        && evidence.cdr["TotalCount"] == 1
        && (duration - talk_s).abs() <= 1
        && record["RecordURL"]
            .as_str()
            .is_some_and(|url| url.starts_with("http"));
    let status = &record["EndStatusString"];
    found(
        "one call record",
        passed,
        format!("{duration} s, EndStatusString {status}"),
    )
}

fn pushes(evidence: &Evidence) -> Finding {
    let has = |action: &str, fields: &[&str]| {
        let right = |body: &str| {
            serde_json::from_str::<Value>(body).is_ok_and(|body| {
                fields
                    .iter()
                    .all(|field| body.get(field).is_some_and(|value| !value.is_null()))
                    && body["SessionId"] == evidence.call.as_str()
                    && body["SdkAppId"] == evidence.instance
            })
        };
        let mut all = evidence.pushes.iter();
        all.by_ref()
            .filter(|push| push.action == action && right(&push.body))
            .count()
    };
    let (records, cdrs) = (has("record", &RECORD_FIELDS), has("cdr", &CDR_FIELDS));
    let uuids: BTreeSet<&str> = evidence
        .pushes
        .iter()
        .map(|push| push.uuid.as_str())
        .collect();
    let passed = (records, cdrs, evidence.pushes.len(), uuids.len()) == (2, 1, 3, 3);
    found(
        "pushes with all their fields",
        passed,
        format!("{records} record, {cdrs} cdr"),
    )
}

fn picture(evidence: &Evidence) -> Finding {
    let svg = &evidence.svg;
    let waves = svg.matches("stroke-linecap").count();
    let words = WORDS.iter().filter(|word| svg.contains(**word)).count();
    let passed = waves >= 2 && words == WORDS.len() && svg.contains(" ms</text>");
    let text = format!(
        "{waves} waveforms, {words} of {} answers, {} bytes",
        WORDS.len(),
        svg.len()
    );
    found(
        "the picture shows both voices and their words",
        passed,
        text,
    )
}
