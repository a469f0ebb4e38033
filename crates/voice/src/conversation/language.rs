//! What a conversation hears, asks for and writes down.

use std::{collections::BTreeMap, time::Instant};

use super::{Deafness, Fate, Instruction};
use crate::{
    latency::Breakdown,
    line::Line,
    reply::{HeardText, Mark, SpanId},
    thinker::{AgentRefusal, Decision, Occasion, ThinkRequest, TurnId},
    voicemail::Finding,
};

/// What happened in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The caller is on the line; nothing before this counts.
    Started {
        /// When the call was answered.
        answered: Instant,
    },
    /// The detector heard the caller begin to speak.
    SpeechStarted {
        /// The first voiced frame; the detector needs a few to be sure.
        first_voice: Instant,
    },
    /// The caller has spoken for [`barge_in_min`](crate::turn::Manners::barge_in_min), voice to
    /// voice.
    SpeechLasts,
    /// The detector heard the caller stop.
    SpeechStopped {
        /// When the packet of the last voiced frame came: endpointing and latency count from here.
        last_voice: Instant,
    },
    /// The recognizer's words so far; they may change.
    PartlyRecognized {
        /// The stretch, as in [`Input::Recognized`].
        utterance: u32,
        /// Its words so far.
        text: String,
    },
    /// The recognizer takes what the caller wants to say for finished; a hint.
    FinishedByRecognizer {
        /// The stretch, as in [`Input::Recognized`].
        utterance: u32,
    },
    /// A tone has ended that machines make when they are ready to record.
    Beep,
    /// The recognizer's final words of a stretch of speech.
    Recognized {
        /// The stretch, numbered as [`utterance`](super::Conversation::utterance) was when it
        /// started.
        utterance: u32,
        /// What was said; empty is the same as [`Input::NothingRecognized`].
        text: String,
    },
    /// The recognizer found no words in a stretch of speech.
    NothingRecognized {
        /// The stretch, as in [`Input::Recognized`].
        utterance: u32,
    },
    /// Nobody who was asked could recognize a stretch of speech.
    RecognizerFailed {
        /// The stretch, as in [`Input::Recognized`].
        utterance: u32,
        /// Whether it may be otherwise next time.
        deafness: Deafness,
        /// For the journal.
        why: String,
    },
    /// The caller pressed a key: `0`-`9`, `*`, `#`, `A`-`D`. Anything else is ignored.
    Digit(char),
    /// The thinker decided one step of its answer.
    Decided {
        /// The turn of the request; an answer to an older turn is ignored.
        turn: TurnId,
        /// The step; `None` for a thinker that finds out late that it had nothing more to say, and,
        /// if this is not the last, for the first sign of life of a model.
        decision: Option<Decision>,
        /// Whether this was the answer's last step.
        last: bool,
    },
    /// The thinker gave up.
    ThinkerFailed {
        /// The turn of the request.
        turn: TurnId,
        /// For the journal.
        why: String,
    },
    /// Samples of a span are ready to be played; a speaker that streams reports each piece.
    SpeechReady {
        /// The span of [`Output::Synthesize`] or [`Output::Load`].
        span: SpanId,
        /// How many samples more than before, at
        /// [`sample_rate_hz`](super::Settings::sample_rate_hz).
        samples: u64,
        /// For each 20 ms of them, whether it sounds (speech) or not (a pause); empty if that is
        /// not known. Pieces of a clip are multiples of 20 ms long, but for the last.
        sounding: Vec<bool>,
        /// Whether the clip is now complete.
        last: bool,
    },
    /// Which words a span says when, as far as the speaker knows.
    SpeechMarked {
        /// The span.
        span: SpanId,
        /// In any order; their samples are counted from the beginning of the clip.
        marks: Vec<Mark>,
    },
    /// A span cannot be spoken, or not to its end.
    SpeechFailed {
        /// The span.
        span: SpanId,
        /// For the journal.
        why: String,
    },
    /// The first packet of a clip left.
    ClipStarted {
        /// The span.
        span: SpanId,
        /// When.
        at: Instant,
    },
    /// The clip ended: by itself, or because of [`Output::Cut`].
    ClipEnded {
        /// The span.
        span: SpanId,
        /// Samples that left the socket.
        samples_sent: u64,
        /// Whether it was cut before its end.
        cut: bool,
    },
    /// An operator's sound plays instead of the agent, who waits.
    PlaySoundStarted,
    /// The operator's sound is over.
    PlaySoundEnded,
    /// The transfer of [`Output::Transfer`] did not come about; the caller is with us again.
    TransferFailed,
    /// The voice agent of [`Output::ChangeAgent`] does not take the caller over.
    AgentRefused(AgentRefusal),
    /// Somebody tells the agent what to say or to think about.
    Instructed(Instruction),
    /// The caller is gone, or with somebody else: the conversation is over.
    CallerHungUp,
    /// The instant of [`poll_timeout`](super::Conversation::poll_timeout) has come. Harmless
    /// when it has not.
    Timeout,
}

/// What the world has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Ask the thinker. It answers with [`Input::Decided`] or [`Input::ThinkerFailed`].
    Think(ThinkRequest),
    /// Nobody will hear the rest of the answer to this turn: stop making it.
    StopThinking {
        /// The turn of the request.
        turn: TurnId,
    },
    /// Have `text` spoken. Answered with [`Input::SpeechReady`] or [`Input::SpeechFailed`].
    Synthesize {
        /// Names the clip from now on.
        span: SpanId,
        /// The words.
        text: String,
    },
    /// Fetch an uploaded sound. Answered as [`Output::Synthesize`] is.
    Load {
        /// Names the clip from now on.
        span: SpanId,
        /// The sound's id.
        sound: String,
    },
    /// Play the clip now; nothing else of the agent is playing.
    /// Answered with [`Input::ClipStarted`] and [`Input::ClipEnded`].
    Play {
        /// The clip.
        span: SpanId,
    },
    /// Stop the clip with the next packet and report [`Input::ClipEnded`].
    Cut {
        /// The clip.
        span: SpanId,
    },
    /// The clip will not be played: stop making it.
    Discard {
        /// The clip.
        span: SpanId,
    },
    /// What the recognizer should listen for from now on; empty means anything.
    Expect(Vec<String>),
    /// Press keys towards the caller's side.
    SendDigits(String),
    /// Hand the caller over. Answered with [`Input::CallerHungUp`] (the agent is out of the call)
    /// or [`Input::TransferFailed`].
    Transfer {
        /// Where to, in the thinker's words.
        target: String,
    },
    /// Let another voice agent go on. Answered with [`Input::CallerHungUp`] (this one is out of the
    /// call, and [what it leaves behind](super::Conversation::past) is known) or
    /// [`Input::AgentRefused`].
    ChangeAgent {
        /// Its id or its name.
        agent: String,
        /// What was found out about the caller so far.
        variables: BTreeMap<String, String>,
    },
    /// End the call. The conversation is over.
    HangUp {
        /// Why.
        cause: EndCause,
    },
    /// Write this into the journal.
    Note(Note),
}

/// Why the conversation ends the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndCause {
    /// The dialogue came to its end.
    ScriptEnd,
    /// A language model called the function that ends the call.
    FunctionCalled,
    /// Whoever told the agent what to say wanted the call to end with it.
    Requested,
    /// The caller said nothing, however often asked.
    NoInput,
    /// The caller was not understood, however often asked.
    NoMatch,
    /// The call reached the longest time it may take.
    MaxDuration,
    /// The caller was silent longer than allowed.
    CallerSilent,
    /// The recognizer failed.
    RecognizerFailed,
    /// The thinker failed or did not answer in time.
    ThinkerFailed,
    /// The speaker failed or did not answer in time.
    SpeakerFailed,
    /// Nobody took the caller over.
    TransferFailed,
    /// A machine has answered.
    Voicemail,
}

/// What the journal keeps of a conversation, in the order in which it became certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// One reply, or the part of it that was played.
    AgentSaid {
        /// The turn it answers.
        turn: TurnId,
        /// Words played and words not played.
        text: HeardText,
        /// Sounds played, wholly or in part.
        sounds: Vec<String>,
        /// First packet.
        from: Instant,
        /// Last packet.
        to: Instant,
        /// Whether something remained unsaid because the caller or an operator cut it.
        interrupted: bool,
        /// Whether the caller could cut it.
        interruptible: bool,
        /// What it was said about.
        occasion: Occasion,
    },
    /// One utterance of the caller.
    CallerSaid {
        /// Its words.
        text: String,
        /// First voiced frame.
        from: Instant,
        /// Last voiced frame.
        to: Instant,
        /// Said over the agent's voice and too short to mean it: it answers nothing.
        backchannel: bool,
    },
    /// A completed row of keys.
    Digits {
        /// The keys, without a final `#` that only ended the row.
        digits: String,
        /// When it was complete.
        at: Instant,
    },
    /// The caller said nothing for the agreed time.
    NoInput {
        /// How often in a row.
        count: u32,
        /// When.
        at: Instant,
    },
    /// The agent was stopped by something that was no interruption, and goes on.
    FalseInterruption {
        /// When that was clear.
        at: Instant,
    },
    /// It was found out who has answered.
    Answerer {
        /// Who.
        finding: Finding,
        /// When.
        at: Instant,
    },
    /// Somebody told the agent what to do, or what it was told is forgotten.
    Instructed {
        /// What it was told.
        instruction: Instruction,
        /// What becomes of it.
        fate: Fate,
        /// When.
        at: Instant,
    },
    /// The first packet of a reply to speech left.
    Latency {
        /// The turn.
        turn: TurnId,
        /// Where the time went.
        breakdown: Breakdown,
    },
    /// A stretch of speech was not recognized, because the recognizer failed.
    RecognizerFailed {
        /// What it reported.
        why: String,
        /// When.
        at: Instant,
    },
    /// The thinker failed; the agent made do without.
    ThinkerFailed {
        /// The turn.
        turn: TurnId,
        /// What it reported, or the wait that ran out.
        why: String,
        /// When.
        at: Instant,
    },
    /// A line could not be spoken; the agent made do without.
    SpeakerFailed {
        /// The line.
        line: Line,
        /// What was reported, or the wait that ran out.
        why: String,
        /// When.
        at: Instant,
    },
}

/// One entry of what was said and heard, for thinkers that want the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// Words of the agent that the caller has heard.
    Agent(String),
    /// Words or keys of the caller.
    Caller(String),
    /// What somebody told the thinker to answer.
    Instruction(String),
}
