//! What a picture shows of a call, in milliseconds from its beginning.
//!
//! The beginning is that of the recording; of a call without one, the answer; of a call that was
//! not answered, the request.

use media::recording::{Gap, Recording, Track};
use model::{Call, CallEvent, PartyEvent, Stamped, TurnLatency, UnixMs};

/// Outline samples a second.
pub const LEVELS_PER_SECOND: u32 = 50;

/// Utterances of one side that are drawn; a call of an hour has about so many.
const SAID_MAX: usize = 400;

/// Marks that are drawn.
const MARKS_MAX: usize = 400;

/// Gaps of one side that are drawn.
const GAPS_MAX: usize = 200;

/// A reply begins this near to where its latency was noted.
const REPLY_NEAR_MS: i64 = 400;

/// Level below which nothing is drawn: -50 dBFS, the noise of a quiet line.
const LEVEL_MIN: u16 = 100;

/// Level that fills the height at least: a quiet voice is not blown up to a shout.
const LEVEL_FULL_MIN: u16 = 6_000;

/// Everything a picture shows.
pub struct Scene {
    /// Who called whom.
    pub from: String,
    /// Who was called.
    pub to: String,
    /// Wall time of the beginning.
    pub started_at: UnixMs,
    /// Ringing, if the phone rang.
    pub rang_ms: Option<i64>,
    /// From answer to end.
    pub talk_ms: Option<i64>,
    /// Who talks.
    pub agent_name: String,
    /// Why it ended, in words; `None` while it runs.
    pub cause: Option<&'static str>,
    /// Whether that is how a good call ends.
    pub ended_well: bool,
    /// Who ended it.
    pub ended_by: Option<&'static str>,
    /// Estimated mean opinion score.
    pub mos: Option<f64>,
    /// Packets of the caller that were lost, percent.
    pub lost_percent: Option<f64>,
    /// Length of the time line, at least 1.
    pub len_ms: i64,
    /// The person.
    pub caller: Side,
    /// The voice agent.
    pub agent: Side,
    /// How long replies took.
    pub replies: Vec<Reply>,
    /// Everything else that happened, in order.
    pub marks: Vec<Mark>,
}

/// One voice.
#[derive(Default)]
pub struct Side {
    /// Loudness, 0 to 1, [`LEVELS_PER_SECOND`] of them.
    pub levels: Vec<f64>,
    /// What was said, by time.
    pub said: Vec<Said>,
    /// Where no original sound is: from and to.
    pub gaps: Vec<(i64, i64)>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// First sound.
    pub from_ms: i64,
    /// Last sound.
    pub to_ms: i64,
    /// What the other side heard, or what was recognized.
    pub text: String,
    /// What was cut off.
    pub unsaid: String,
    /// Whether barge-in cut it.
    pub interrupted: bool,
}

/// How long one reply took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The caller's last sound.
    pub from_ms: i64,
    /// The reply's first sound.
    pub to_ms: i64,
    /// The split.
    pub latency: TurnLatency,
}

/// A moment or stretch worth a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Keys were pressed.
    Keys { at_ms: i64, keys: String },
    /// The caller was silent and was prompted.
    NoInput { at_ms: i64 },
    /// A sound was played by request.
    Sound {
        from_ms: i64,
        to_ms: i64,
        label: String,
    },
    /// Somebody asked to end the call.
    HangUp { at_ms: i64, by: String },
}

impl Scene {
    /// What there is to see of a call.
    pub fn of(call: &Call, events: &[Stamped], raw: Option<&[u8]>) -> Self {
        let recording = raw.and_then(|bytes| Recording::open(bytes).ok());
        let origin = recording
            .as_ref()
            .and_then(|recording| i64::try_from(recording.header().started_at_ms).ok())
            .map_or(call.answered_at.unwrap_or(call.started_at), UnixMs);
        let recorded_ms = recording
            .as_ref()
            .map_or(0, |recording| clamped(recording.len_ms()));
        let ended_ms = call.ended_at.map_or(0, |at| at.0 - origin.0);
        let mut story = Story::of(events, origin);
        let last = events.last().map_or(0, |stamped| stamped.at.0 - origin.0);
        let len_ms = match call.ended_at {
            Some(_) => recorded_ms.max(ended_ms),
            None => recorded_ms.max(last),
        };
        story.close(len_ms);
        let mut scene = Self {
            from: call.caller.to_string(),
            to: call.callee.to_string(),
            started_at: call.started_at,
            rang_ms: call.rang_at.map(|rang| {
                let until = call.answered_at.or(call.ended_at).unwrap_or(rang);
                until.0 - rang.0
            }),
            talk_ms: call
                .answered_at
                .zip(call.ended_at)
                .map(|(from, to)| to.0 - from.0),
            agent_name: call.voice_agent_name.clone(),
            cause: call.cause.map(model::EndCause::name),
            ended_well: call.cause.is_some_and(is_good_end),
            ended_by: call.side.map(model::HungUpSide::name),
            mos: call.quality.map(|quality| quality.mos),
            lost_percent: call.quality.map(|quality| {
                let all = quality.packets_received + quality.packets_lost;
                quality.packets_lost as f64 * 100.0 / all.max(1) as f64
            }),
            len_ms: len_ms.max(1),
            caller: Side {
                said: story.caller,
                ..Side::default()
            },
            agent: Side {
                said: story.agent,
                ..Side::default()
            },
            replies: story.replies,
            marks: story.marks,
        };
        if let Some(recording) = &recording {
            scene.caller.listen(recording, Track::User);
            scene.agent.listen(recording, Track::Agent);
        }
        scene
    }

    /// Median and 90th percentile of the replies, ms (nearest rank); `None` without replies.
    pub fn reply_ms(&self) -> Option<(u128, u128)> {
        let mut all: Vec<u128> = self
            .replies
            .iter()
            .map(|r| r.latency.total.as_millis())
            .collect();
        all.sort_unstable();
        let rank = |percent: usize| {
            all.get((all.len() * percent).div_ceil(100).max(1) - 1)
                .copied()
        };
        Some((rank(50)?, rank(90)?))
    }
}

impl Side {
    fn listen(&mut self, recording: &Recording<'_>, track: Track) {
        let peaks = recording.peaks(track, LEVELS_PER_SECOND);
        let levels: Vec<u16> = peaks
            .iter()
            .map(|peak| peak.min.unsigned_abs().max(peak.max.unsigned_abs()))
            .collect();
        self.levels = shown(levels);
        let stretch = |gap: Gap| (clamped(gap.start_ms), clamped(gap.start_ms + gap.len_ms));
        self.gaps = recording
            .gaps(track)
            .into_iter()
            .take(GAPS_MAX)
            .map(stretch)
            .collect();
    }
}

/// Events, sorted into what they show.
#[derive(Default)]
struct Story {
    caller: Vec<Said>,
    agent: Vec<Said>,
    replies: Vec<Reply>,
    marks: Vec<Mark>,
}

impl Story {
    fn of(events: &[Stamped], origin: UnixMs) -> Self {
        let mut story = Self::default();
        for stamped in events {
            story.take(&stamped.event, stamped.at, origin);
        }
        story.caller.sort_by_key(|said| said.from_ms);
        story.agent.sort_by_key(|said| said.from_ms);
        story.caller.truncate(SAID_MAX);
        story.agent.truncate(SAID_MAX);
        story.marks.truncate(MARKS_MAX);
        story.replies.truncate(MARKS_MAX);
        story
    }

    fn take(&mut self, event: &CallEvent, at: UnixMs, origin: UnixMs) {
        let ms = |time: UnixMs| time.0.saturating_sub(origin.0);
        let at_ms = ms(at);
        match event {
            CallEvent::AgentSaid { .. } => self.agent.extend(said_by_agent(event, ms)),
            CallEvent::CallerSaid { text, from, to } => {
                self.caller.push(said_by_caller(text, ms(*from), ms(*to)));
            }
            CallEvent::DigitsPressed { digits } => {
                self.marks.push(Mark::Keys {
                    at_ms,
                    keys: digits.clone(),
                });
            }
            CallEvent::NoInput => self.marks.push(Mark::NoInput { at_ms }),
            CallEvent::ReplyTimed(latency) => self.replies.push(Reply {
                from_ms: at_ms - clamped(latency.total.as_millis()),
                to_ms: at_ms,
                latency: *latency,
            }),
            CallEvent::SoundStarted { sound, times, .. } => {
                self.begin_sound(at_ms, sound.0, *times);
            }
            CallEvent::SoundEnded { .. } => self.end_sound(at_ms),
            CallEvent::HangUpRequested { by } => {
                self.marks.push(Mark::HangUp {
                    at_ms,
                    by: by.clone(),
                });
            }
            CallEvent::Served { .. } => self.marks.push(Mark::Sound {
                from_ms: at_ms,
                to_ms: i64::MAX,
                label: "handed over".into(),
            }),
            CallEvent::Party(event) => self.take_party(event, at_ms),
            CallEvent::Thought(_)
            | CallEvent::TransferRequested { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Offered(_)
            | CallEvent::OfferRang
            | CallEvent::ServingEnded { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::AgentChanged(_)
            | CallEvent::HoldChanged { .. }
            | CallEvent::Referral(_)
            | CallEvent::Requested { .. }
            | CallEvent::ConversationJoined { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::Dialed { .. }
            | CallEvent::Rerouted { .. }
            | CallEvent::Rang { .. }
            | CallEvent::Answered { .. }
            | CallEvent::Ended { .. }
            | CallEvent::RecordingReady(_)
            | CallEvent::FalseInterruption
            | CallEvent::AnswererFound { .. }
            | CallEvent::Instructed(_)
            | CallEvent::Reviewed(_)
            | CallEvent::ReviewFailed { .. }
            | CallEvent::RecordingFailed { .. }
            | CallEvent::RecordingCopied { .. } => {}
        }
    }

    /// A further party is a stretch of the call.
    fn take_party(&mut self, event: &PartyEvent, at_ms: i64) {
        let name = format!("party {}", event.party());
        match event {
            PartyEvent::Joined { .. } => self.marks.push(Mark::Sound {
                from_ms: at_ms,
                to_ms: i64::MAX,
                label: name,
            }),
            PartyEvent::Left { .. } => {
                for mark in &mut self.marks {
                    if let Mark::Sound { to_ms, label, .. } = mark
                        && *label == name
                    {
                        *to_ms = at_ms.min(*to_ms);
                    }
                }
            }
            PartyEvent::Wanted { .. }
            | PartyEvent::Invited { .. }
            | PartyEvent::Rang { .. }
            | PartyEvent::ModeChanged { .. }
            | PartyEvent::HoldChanged { .. }
            | PartyEvent::DigitsPressed { .. }
            | PartyEvent::Failed { .. } => {}
        }
    }

    fn begin_sound(&mut self, at_ms: i64, sound: i64, times: u32) {
        let label = match times {
            1 => format!("sound {sound}"),
            times => format!("sound {sound} × {times}"),
        };
        self.marks.push(Mark::Sound {
            from_ms: at_ms,
            to_ms: i64::MAX,
            label,
        });
    }

    fn end_sound(&mut self, at_ms: i64) {
        let open = self.marks.iter_mut().rev().find_map(|mark| match mark {
            Mark::Sound { to_ms, .. } if *to_ms == i64::MAX => Some(to_ms),
            Mark::Sound { .. } | Mark::Keys { .. } | Mark::NoInput { .. } | Mark::HangUp { .. } => {
                None
            }
        });
        if let Some(to_ms) = open {
            *to_ms = at_ms;
        }
    }

    /// Ends what the call's end ended, and moves replies to the sound that they timed: the note
    /// of a latency is written a moment after it.
    fn close(&mut self, len_ms: i64) {
        for mark in &mut self.marks {
            if let Mark::Sound { to_ms, .. } = mark {
                *to_ms = (*to_ms).min(len_ms);
            }
        }
        for reply in &mut self.replies {
            let noted = reply.to_ms;
            let begun = self.agent.iter().map(|said| said.from_ms);
            let nearest = begun.min_by_key(|from_ms| (from_ms - noted).abs());
            if let Some(from_ms) = nearest.filter(|from_ms| (from_ms - noted).abs() < REPLY_NEAR_MS)
            {
                reply.from_ms += from_ms - reply.to_ms;
                reply.to_ms = from_ms;
            }
        }
    }
}

/// How loud amplitudes look, 0 to 1: the loudest fills the height.
pub fn shown(amplitudes: Vec<u16>) -> Vec<f64> {
    let loudest = amplitudes.iter().copied().max().unwrap_or(0);
    let full = f64::from(loudest.max(LEVEL_FULL_MIN));
    let look = |amplitude: u16| match amplitude {
        0..LEVEL_MIN => 0.0,
        amplitude => f64::from(amplitude) / full,
    };
    amplitudes.into_iter().map(look).collect()
}

fn is_good_end(cause: model::EndCause) -> bool {
    use model::EndCause;
    matches!(
        cause,
        EndCause::Completed
            | EndCause::AgentFinished
            | EndCause::FunctionCalled
            | EndCause::ApiRequest
    )
}

fn said_by_agent(event: &CallEvent, ms: impl Fn(UnixMs) -> i64) -> Option<Said> {
    let CallEvent::AgentSaid {
        heard,
        unsaid,
        from,
        to,
        interrupted,
        ..
    } = event
    else {
        return None;
    };
    Some(Said {
        from_ms: ms(*from),
        to_ms: ms(*to),
        text: heard.clone(),
        unsaid: unsaid.clone(),
        interrupted: *interrupted,
    })
}

/// Words of the person; speech without words is shown as well.
fn said_by_caller(text: &str, from_ms: i64, to_ms: i64) -> Said {
    let text = if text.is_empty() { "…" } else { text };
    Said {
        from_ms,
        to_ms,
        text: text.to_owned(),
        unsaid: String::new(),
        interrupted: false,
    }
}

fn clamped(ms: impl TryInto<i64>) -> i64 {
    ms.try_into().unwrap_or(i64::MAX)
}
