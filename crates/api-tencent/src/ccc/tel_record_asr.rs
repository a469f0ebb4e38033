//! What was said in a call: `DescribeTelRecordAsr`.
//!
//! The sentences are those that were recognized and spoken while the call ran, with the times at
//! which their first and last packets passed. Where nobody understood the person while the call
//! ran, its recording is recognized afterwards: those sentences are there once `AsrStatus` of the
//! call's record is `Complete`.

use api::kernel::{Action, Entry, Reached};
use model::{Call, CallEvent, CallState, Refusal, Sentence, Stamped, Track, Transcript};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    ai_records::story,
    cdr::endpoint_user,
    code::{self, SESSION_NOT_EXISTS},
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<DescribeTelRecordAsr>()];

/// The sentences of an ended call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTelRecordAsr {
    session_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTelRecordAsrResponse {
    asr_data_list: Vec<AsrData>,
}

/// A sentence: `Start` and `End` in ms, `Timestamp`, their predecessor, in seconds.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AsrData {
    user: String,
    message: String,
    timestamp: i64,
    start: i64,
    end: i64,
}

impl Action for DescribeTelRecordAsr {
    type Dialect = Ccc;
    type Response = DescribeTelRecordAsrResponse;
    const NAME: &'static str = "DescribeTelRecordAsr";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: SESSION_NOT_EXISTS,
        when: "the instance has no ended call with this `SessionId`",
    }];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (call, events) = story(&context, &self.session_id, None).await?;
        if call.state != CallState::Ended {
            return Err(code::of(&Refusal::CallNotFound));
        }
        let store = context.app.store();
        let afterwards = store.transcript(context.tenant.id, &call.id).await?;
        let afterwards = match afterwards {
            Some(Transcript::Done(sentences)) => sentences,
            Some(Transcript::Due | Transcript::Absent) | None => Vec::new(),
        };
        Ok(DescribeTelRecordAsrResponse {
            asr_data_list: sentences(&call, &events, &afterwards),
        })
    }
}

fn sentences(call: &Call, events: &[Stamped], afterwards: &[Sentence]) -> Vec<AsrData> {
    let said = events.iter().filter_map(|stamped| match &stamped.event {
        CallEvent::AgentSaid {
            heard, from, to, ..
        } => Some((Track::Agent, heard, from, to)),
        CallEvent::CallerSaid { text, from, to } => Some((Track::User, text, from, to)),
        _ => None,
    });
    let later = afterwards
        .iter()
        .map(|sentence| (sentence.track, &sentence.text, &sentence.from, &sentence.to));
    let spoken = said
        .chain(later)
        .filter(|(_, words, _, _)| !words.is_empty());
    let mut sentences: Vec<AsrData> = spoken
        .map(|(track, words, from, to)| AsrData {
            user: endpoint_user(call, track),
            message: words.clone(),
            timestamp: from.seconds(),
            start: from.0,
            end: to.0,
        })
        .collect();
    sentences.sort_by_key(|sentence| sentence.start);
    sentences
}

#[cfg(test)]
mod tests {
    use model::{Occasion, UnixMs};

    use super::*;
    use crate::{
        definition,
        sample::{assert_fields, call, stamped},
    };

    #[test]
    fn sentences_stand_in_the_order_in_which_they_began() {
        let events = [
            stamped(1, person("", 1, 2)),
            stamped(2, agent("Hello.", 2_000, 3_000)),
            stamped(3, person("yes", 2_500, 2_900)),
            stamped(4, person("who is this?", 1_500, 1_900)),
        ];
        let list = sentences(&call(), &events, &[]);
        let words: Vec<&str> = list.iter().map(|said| said.message.as_str()).collect();
        assert_eq!(words, ["who is this?", "Hello.", "yes"]);
        assert_eq!(list[0].user, "008613800138000");
        assert_eq!(list[1].user, "agent:7");
        assert_eq!(
            (list[1].timestamp, list[1].start, list[1].end),
            (2, 2_000, 3_000)
        );
        assert_fields(
            &DescribeTelRecordAsrResponse {
                asr_data_list: list,
            },
            definition::ccc().reply("DescribeTelRecordAsr"),
        );
    }

    #[test]
    fn what_was_understood_afterwards_stands_between_what_the_agent_said() {
        let events = [
            stamped(1, agent("Hello.", 1_000, 2_000)),
            stamped(2, agent("Goodbye.", 5_000, 6_000)),
        ];
        let later = [Sentence {
            track: Track::User,
            text: "good morning".into(),
            from: UnixMs(3_000),
            to: UnixMs(4_000),
        }];
        let list = sentences(&call(), &events, &later);
        let words: Vec<&str> = list.iter().map(|said| said.message.as_str()).collect();
        assert_eq!(words, ["Hello.", "good morning", "Goodbye."]);
        assert_eq!(list[1].user, "008613800138000");
    }

    fn person(text: &str, from: i64, to: i64) -> CallEvent {
        CallEvent::CallerSaid {
            text: text.into(),
            from: UnixMs(from),
            to: UnixMs(to),
        }
    }

    fn agent(heard: &str, from: i64, to: i64) -> CallEvent {
        CallEvent::AgentSaid {
            heard: heard.into(),
            unsaid: String::new(),
            from: UnixMs(from),
            to: UnixMs(to),
            interrupted: false,
            interruptible: true,
            occasion: Occasion::Answer,
        }
    }
}
