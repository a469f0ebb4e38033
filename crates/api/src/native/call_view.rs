//! Calls on the wire: the line in a list, and the whole story.

use model::{
    Call, CallEvent, CallState, GapCause, NextAgent, Recording, Sentence, Stamped, Track,
    Transcript, UnixMs,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    call_event::{DirectionView, LatencyView, QualityView, VariableView},
    field::{Phone, Time},
    party_view::PartyView,
    review_view::ReviewView,
    serving_view::ServingView,
};

/// A call as lists show it.
#[derive(Serialize, JsonSchema)]
pub(super) struct CallSummary {
    /// `SessionId`.
    id: String,
    /// Its owner.
    instance: i64,
    /// Who started it.
    direction: DirectionView,
    /// `dialing`, `ringing`, `up` or `ended`.
    state: &'static str,
    /// Number shown, or calling.
    caller: Phone,
    /// Number called.
    callee: Phone,
    /// Who talks.
    voice_agent: Option<i64>,
    /// Its name when the call began.
    voice_agent_name: String,
    /// Which way it went.
    trunk: Option<i64>,
    /// When it was asked for.
    started_at: Time,
    /// When the callee's phone first rang.
    rang_at: Option<Time>,
    /// When media began.
    answered_at: Option<Time>,
    /// When it was over.
    ended_at: Option<Time>,
    /// Answered time in whole seconds.
    talk_second: i64,
    /// Why it ended: `completed`, `busy`, `not_answered` …
    cause: Option<&'static str>,
    /// Who ended it: `user`, `staff` or `system`.
    ended_by: Option<&'static str>,
    /// The conversation that it belongs to: of a chat, or of an earlier call; its own id if none.
    conversation: String,
    /// The customer, if it is known who that is.
    customer: Option<String>,
    /// Number of events so far.
    n_events: i64,
}

/// Something that was said in a call.
#[derive(Serialize, JsonSchema)]
struct UtteranceView {
    /// `agent` or `caller`; `party`: somebody else who joined.
    who: &'static str,
    /// What the other side could hear, or what was recognized.
    text: String,
    /// What barge-in cut off.
    #[serde(skip_serializing_if = "String::is_empty")]
    unsaid: String,
    /// When it began.
    from: Time,
    /// When it ended.
    to: Time,
    /// Whether it was understood only afterwards, in the recording.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    afterwards: bool,
}

/// A voice agent that took the call over.
#[derive(Serialize, JsonSchema)]
struct NextAgentView {
    /// Which.
    voice_agent: i64,
    /// Its name at that time.
    name: String,
    /// Its version at that time.
    version: i64,
    /// Since when it had the person.
    since: Time,
}

/// Keys that were pressed.
#[derive(Serialize, JsonSchema)]
struct DigitsView {
    /// When.
    at: Time,
    /// Which.
    digits: String,
}

/// A call with everything that is known of it.
#[derive(Serialize, JsonSchema)]
pub(super) struct CallView {
    /// What lists show of it.
    #[serde(flatten)]
    summary: CallSummary,
    /// Values for the agent's texts.
    variables: Vec<VariableView>,
    /// The customer's own text.
    user_data: Option<String>,
    /// Final SIP status.
    sip_status: Option<u16>,
    /// The peer's reason in words.
    sip_reason: String,
    /// Voice agents that took it over from the first one, in order.
    next_agents: Vec<NextAgentView>,
    /// Phones that were rung for it, in order.
    servings: Vec<ServingView>,
    /// Who else was wanted in it, in order.
    parties: Vec<PartyView>,
    /// Keys that were pressed, in order.
    digits: Vec<DigitsView>,
    /// What was said, in order: what was understood in the call, and in its recording.
    transcript: Vec<UtteranceView>,
    /// The words of its recording, where nobody understood the person in the call: `due`, `there` or
    /// `absent`.
    recognized_afterwards: Option<&'static str>,
    /// Where what was said can be fetched for 24 hours, once the call has ended: signed.
    transcript_url: Option<String>,
    /// How long each reply took.
    latencies: Vec<LatencyView>,
    /// What was found out about it after its end.
    review: Option<ReviewView>,
    /// What media was like.
    quality: Option<QualityView>,
    /// Its tracks, once rendered: the person's first.
    recordings: Vec<RecordingView>,
}

/// A stretch of a track that holds no original sound.
#[derive(Serialize, JsonSchema)]
struct GapView {
    /// From the start of the recording.
    start_ms: i64,
    /// Its length.
    len_ms: i64,
    /// `lost`: packets did not arrive; `torn`: the process ended before the audio was on disk.
    cause: &'static str,
}

/// One participant's track of a call.
#[derive(Serialize, JsonSchema)]
pub(super) struct RecordingView {
    /// `RecordId`.
    id: String,
    /// `user`, `agent`, or `party_1` and so on: a further party, silent until it joined.
    track: String,
    /// Where it can be fetched for 24 hours: signed.
    url: String,
    /// Address of the copy in the instance's own store.
    copy_url: Option<String>,
    /// Wall time of its first sample; the same for every track of a call.
    started_at: Time,
    /// Its length.
    duration_ms: i64,
    /// Bytes of the file.
    n_bytes: i64,
    /// SHA-256 of the file, lower-case hex.
    sha256: String,
    /// Where no original sound is.
    gaps: Vec<GapView>,
    /// When it was rendered.
    ready_at: Time,
}

impl CallSummary {
    pub(super) fn of(call: &Call) -> Self {
        let time = |at: Option<UnixMs>| at.map(Time);
        Self {
            id: call.id.0.clone(),
            instance: call.tenant.0,
            direction: DirectionView::of(call.direction),
            state: call.state.name(),
            caller: Phone(call.caller.clone()),
            callee: Phone(call.callee.clone()),
            voice_agent: call.voice_agent.map(|agent| agent.0),
            voice_agent_name: call.voice_agent_name.clone(),
            trunk: call.trunk.map(|trunk| trunk.0),
            started_at: Time(call.started_at),
            rang_at: time(call.rang_at),
            answered_at: time(call.answered_at),
            ended_at: time(call.ended_at),
            talk_second: call.talk_seconds(),
            cause: call.cause.map(|cause| cause.name()),
            ended_by: call.side.map(|side| side.name()),
            conversation: call.conversation_id().0,
            customer: call.customer.as_ref().map(|customer| customer.0.clone()),
            n_events: call.n_events,
        }
    }
}

impl CallView {
    /// The whole story of `call`; `url` gives the signed address of a recording.
    pub(super) fn of(
        call: Call,
        events: Vec<Stamped>,
        words: (Option<Transcript>, String),
        url: &dyn Fn(&Recording) -> String,
    ) -> Self {
        let summary = CallSummary::of(&call);
        let (mut transcript, mut latencies, mut found) = (Vec::new(), Vec::new(), None);
        for Stamped { event, .. } in events {
            if let CallEvent::ReplyTimed(latency) = event {
                latencies.push(latency.into());
            } else if let CallEvent::Reviewed(review) = event {
                found = Some(review.into());
            } else if let Some(utterance) = UtteranceView::of(event) {
                transcript.push(utterance);
            }
        }
        let (afterwards, transcript_url) = words;
        let transcript_url = (call.state == CallState::Ended).then_some(transcript_url);
        let recognized_afterwards = afterwards.as_ref().map(|found| match found {
            Transcript::Due => "due",
            Transcript::Done(_) => "there",
            Transcript::Absent => "absent",
        });
        if let Some(Transcript::Done(sentences)) = afterwards {
            transcript.extend(sentences.into_iter().map(UtteranceView::afterwards));
        }
        transcript.sort_by_key(|utterance| utterance.from.0);
        let recording = |recording: Recording| {
            let url = url(&recording);
            RecordingView::of(recording, url)
        };
        Self {
            summary,
            variables: call.variables.into_iter().map(VariableView::from).collect(),
            user_data: call.user_data,
            sip_status: call.sip_status,
            sip_reason: call.sip_reason,
            next_agents: call
                .next_agents
                .into_iter()
                .map(NextAgentView::of)
                .collect(),
            servings: call.servings.into_iter().map(ServingView::from).collect(),
            parties: call.parties.into_iter().map(PartyView::from).collect(),
            digits: call
                .digits
                .into_iter()
                .map(|(at, digits)| DigitsView {
                    at: Time(at),
                    digits,
                })
                .collect(),
            transcript,
            recognized_afterwards,
            transcript_url,
            latencies,
            review: found,
            quality: call.quality.map(QualityView::from),
            recordings: call.recordings.into_iter().map(recording).collect(),
        }
    }
}

impl NextAgentView {
    fn of((since, next): (UnixMs, NextAgent)) -> Self {
        Self {
            voice_agent: next.voice_agent.0,
            name: next.name,
            version: next.version,
            since: Time(since),
        }
    }
}

impl UtteranceView {
    /// What was understood in a recording.
    fn afterwards(sentence: Sentence) -> Self {
        Self {
            who: match sentence.track {
                Track::User => "caller",
                Track::Agent => "agent",
                Track::Party(_) => "party",
            },
            text: sentence.text,
            unsaid: String::new(),
            from: Time(sentence.from),
            to: Time(sentence.to),
            afterwards: true,
        }
    }

    /// What an event holds of the conversation; `None` if nothing was said.
    fn of(event: CallEvent) -> Option<Self> {
        match event {
            CallEvent::AgentSaid {
                heard,
                unsaid,
                from,
                to,
                interrupted: _,
                interruptible: _,
                occasion: _,
            } => Some(Self {
                who: "agent",
                text: heard,
                unsaid,
                from: Time(from),
                to: Time(to),
                afterwards: false,
            }),
            CallEvent::CallerSaid { text, from, to } => Some(Self {
                who: "caller",
                text,
                unsaid: String::new(),
                from: Time(from),
                to: Time(to),
                afterwards: false,
            }),
            CallEvent::Requested { .. }
            | CallEvent::ConversationJoined { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::Dialed { .. }
            | CallEvent::Rerouted { .. }
            | CallEvent::Rang { .. }
            | CallEvent::Answered { .. }
            | CallEvent::DigitsPressed { .. }
            | CallEvent::NoInput
            | CallEvent::FalseInterruption
            | CallEvent::AnswererFound { .. }
            | CallEvent::Instructed(_)
            | CallEvent::Reviewed(_)
            | CallEvent::ReviewFailed { .. }
            | CallEvent::ReplyTimed(_)
            | CallEvent::Thought(_)
            | CallEvent::SoundStarted { .. }
            | CallEvent::SoundEnded { .. }
            | CallEvent::TransferRequested { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Offered(_)
            | CallEvent::OfferRang
            | CallEvent::Served { .. }
            | CallEvent::ServingEnded { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::AgentChanged(_)
            | CallEvent::HoldChanged { .. }
            | CallEvent::Party(_)
            | CallEvent::Referral(_)
            | CallEvent::HangUpRequested { .. }
            | CallEvent::Ended { .. }
            | CallEvent::RecordingReady(_)
            | CallEvent::RecordingFailed { .. }
            | CallEvent::RecordingCopied { .. } => None,
        }
    }
}

impl RecordingView {
    /// `url` is its signed address.
    pub(super) fn of(recording: Recording, url: String) -> Self {
        let gap = |gap: model::Gap| GapView {
            start_ms: gap.start_ms,
            len_ms: gap.len_ms,
            cause: match gap.cause {
                GapCause::Lost => "lost",
                GapCause::Torn => "torn",
            },
        };
        Self {
            id: recording.id.0,
            track: recording.track.name().into_owned(),
            url,
            copy_url: recording.copy_url,
            started_at: Time(recording.started_at),
            duration_ms: recording.duration_ms,
            n_bytes: recording.n_bytes,
            sha256: recording.sha256,
            gaps: recording.gaps.into_iter().map(gap).collect(),
            ready_at: Time(recording.ready_at),
        }
    }
}
