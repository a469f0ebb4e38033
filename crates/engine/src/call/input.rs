//! What happens to a call, as its shell tells it.

use std::time::Duration;

use model::{
    Answerer, CallEvent, CallId, E164, EndCause, HungUpSide, Instruction, LegQuality, NextAgent,
    Occasion, PartyId, QueueRules, Server, SkillGroupId, Thought, TransferFailure, TrunkId,
    TurnLatency, UnixMs,
};

use super::{PartyInput, PlayId, Sought, Successor};

/// One thing that happened. None is refused: what means nothing in the present phase is dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The call's first event, [`CallEvent::Requested`], is stored: start.
    Begin,
    /// Signalling.
    Leg(LegEvent),
    /// The conversation.
    Voice(VoiceEvent),
    /// Media.
    Media(MediaEvent),
    /// What was found where a phone was looked for ([`Output::Seek`](super::Output::Seek)).
    Sought(Sought),
    /// What became of [`Output::EnterQueue`](super::Output::EnterQueue).
    QueueEntered {
        /// The group that the caller comes for.
        group: SkillGroupId,
        /// Its rules; `None`: there is no such group for calls.
        rules: Option<Box<QueueRules>>,
    },
    /// Of several phones that ring at once for one call, another one counts now: its signalling comes
    /// from here on.
    Instead {
        /// Which.
        server: Box<Server>,
        /// How the one before has ended; `None`: it stops ringing, because this one was answered.
        before: Option<LegEvent>,
    },
    /// What became of [`Output::ChangeAgent`](super::Output::ChangeAgent): the next voice agent is
    /// ready in the place of the one before, whose last words were handed in; or that one goes on.
    AgentChanged(Result<NextAgent, TransferFailure>),
    /// Signalling of the other phone. Media that ends, too.
    Other(LegEvent),
    /// What happened to a further party ([`Output::CallParty`](super::Output::CallParty)).
    Party {
        /// Which.
        party: PartyId,
        /// What.
        input: PartyInput,
    },
    /// Somebody put the call on hold, or goes on.
    Held {
        /// Who: the person, or whoever took the person over.
        by: HungUpSide,
        /// On hold.
        held: bool,
    },
    /// A phone in the call gives its place away (REFER), or another phone takes it (Replaces).
    Referred {
        /// Whose place: that of the person, or of whoever took the person over.
        side: HungUpSide,
        /// To whom.
        to: Successor,
    },
    /// What was found for a place ([`Output::SeekNext`](super::Output::SeekNext),
    /// [`Output::FetchNext`](super::Output::FetchNext)).
    SoughtNext(Sought),
    /// Whoever rings in the other call ([`Output::FetchNext`](super::Output::FetchNext)) is to be rung for
    /// the place: nobody has answered there, and that call ends.
    NextRings {
        /// Whom the other call called.
        target: String,
    },
    /// Signalling of the phone that a place is given to.
    Next(LegEvent),
    /// The phone in a place was given to another call, which wanted it, or rings whomever this one rang.
    Given {
        /// Whose place.
        side: HungUpSide,
        /// The other call.
        call: CallId,
    },
    /// The carrier that was asked to call somebody itself says how that goes.
    ReferTold {
        /// Status of its call; `None`: it does not answer.
        status: Option<u16>,
        /// Nothing more will be told.
        is_last: bool,
    },
    /// Another phone, which has called, is answered instead of the one that rings.
    PickedUp(Box<Server>),
    /// The instant of [`Session::poll_timeout`](super::Session::poll_timeout) has come.
    Timeout,
}

/// What happened to the leg. `Refused`, `Unanswered`, `Ended` and `Failed` are its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    /// Our INVITE left.
    Dialed {
        /// SIP Call-ID.
        sip_call_id: String,
        /// Address it went to.
        peer: String,
    },
    /// The trunk failed before the callee's phone rang, and the shell dials by another.
    Rerouted {
        /// The trunk that it goes by now.
        trunk: TrunkId,
        /// The number that is shown now.
        caller: E164,
        /// What was wrong, in words.
        why: String,
    },
    /// The callee's phone rings.
    Rang {
        /// The provisional status: 180, 183 …
        status: u16,
    },
    /// Something can be heard before the answer: the carrier's ringing, or its announcement.
    EarlyMedia,
    /// Both sides agreed on media: our INVITE was answered, or the caller confirmed our answer.
    Answered {
        /// Codec name as in SDP.
        codec: String,
        /// Address that media goes to.
        peer: String,
    },
    /// The peer refused our INVITE.
    Refused {
        /// Final status, 300 to 699.
        status: u16,
        /// The peer's words: text of the `Reason` header, else the reason phrase.
        reason: String,
        /// Cause of a `Reason: Q.850` header (RFC 3326).
        q850: Option<u16>,
        /// Whom to call instead (300 to 302): the address that the peer names first.
        moved_to: Option<String>,
    },
    /// The ring time is over, and the INVITE is canceled.
    Unanswered,
    /// The leg is over: BYE or CANCEL from either side.
    Ended {
        /// The peer said goodbye; otherwise we did, or it never confirmed.
        by_peer: bool,
        /// The peer's words, if it gave any.
        reason: String,
    },
    /// The peer does not answer at all, a message could not be sent, or what was agreed on is no
    /// use to us. The leg is hung up to be sure.
    Failed {
        /// In words, for people.
        why: String,
    },
    /// No RTP came for longer than media's limit. Not the leg's last event.
    MediaTimeout,
    /// No keys for the media were found: nothing of it can be heard. Not the leg's last event.
    NotEncrypted {
        /// In words, for people.
        why: String,
    },
}

/// What happened in the conversation. Taken from the answer until the media has stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum VoiceEvent {
    /// The voice agent spoke; fields as in [`CallEvent::AgentSaid`].
    AgentSaid {
        /// What the person could hear.
        heard: String,
        /// What was cut off.
        unsaid: String,
        /// First sample on the wire.
        from: UnixMs,
        /// Last sample on the wire.
        to: UnixMs,
        /// Whether barge-in cut it.
        interrupted: bool,
        /// Whether the person could cut it.
        interruptible: bool,
        /// What it was said about.
        occasion: Occasion,
    },
    /// The person spoke; fields as in [`CallEvent::CallerSaid`].
    CallerSaid {
        /// What the recognizer made of it.
        text: String,
        /// Speech began.
        from: UnixMs,
        /// Speech ended.
        to: UnixMs,
    },
    /// The person pressed keys.
    DigitsPressed {
        /// One or more of `0-9*#A-D`.
        digits: String,
    },
    /// The person was silent and was prompted.
    NoInput,
    /// The agent was stopped by something that was no interruption, and went on.
    FalseInterruption,
    /// It was found out who has answered.
    AnswererFound(Answerer),
    /// Somebody told the agent what to do.
    Instructed(Instruction),
    /// How long one reply took.
    ReplyTimed(TurnLatency),
    /// A step on the way to a reply.
    Thought(Thought),
    /// The voice agent wants the person to be handed over.
    TransferWanted {
        /// To whom, in the agent's words.
        target: String,
    },
    /// The voice agent wants another one to go on with the person.
    AgentWanted {
        /// Its id or its name.
        agent: String,
    },
    /// The voice agent is done: the call is hung up with this cause.
    Finished(EndCause),
}

/// What happened to media.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MediaEvent {
    /// The first valid RTP packet arrived.
    FirstPacket,
    /// How long the person's phone may be silent before it is missed; `None` for ever: it is on hold, muted
    /// itself, or nobody is missed on its trunk or extension. Until this is said, as is usual.
    SilenceMax(Option<Duration>),
    /// The first sample of a sound left.
    SoundStarted(PlayId),
    /// A sound will send nothing more; also told of one that could not be started.
    SoundEnded {
        /// Which.
        play: PlayId,
        /// Before its end.
        cut: bool,
    },
    /// Media has stopped, as [`Output::StopMedia`](super::Output::StopMedia) asked; every
    /// [`VoiceEvent`] of the call was handed in before.
    Stopped {
        /// What media was like.
        quality: Option<LegQuality>,
    },
    /// The media of this call broke down: a worker or the voice agent's task died.
    Failed,
}

impl VoiceEvent {
    /// The event for the records; `None` for decisions.
    pub(super) fn recorded(self) -> Option<CallEvent> {
        match self {
            Self::AgentSaid {
                heard,
                unsaid,
                from,
                to,
                interrupted,
                interruptible,
                occasion,
            } => Some(CallEvent::AgentSaid {
                heard,
                unsaid,
                from,
                to,
                interrupted,
                interruptible,
                occasion,
            }),
            Self::CallerSaid { text, from, to } => Some(CallEvent::CallerSaid { text, from, to }),
            Self::DigitsPressed { digits } => Some(CallEvent::DigitsPressed { digits }),
            Self::NoInput => Some(CallEvent::NoInput),
            Self::FalseInterruption => Some(CallEvent::FalseInterruption),
            Self::AnswererFound(answerer) => Some(CallEvent::AnswererFound { answerer }),
            Self::Instructed(instruction) => Some(CallEvent::Instructed(instruction)),
            Self::ReplyTimed(latency) => Some(CallEvent::ReplyTimed(latency)),
            Self::Thought(thought) => Some(CallEvent::Thought(thought)),
            Self::TransferWanted { .. } | Self::AgentWanted { .. } | Self::Finished(_) => None,
        }
    }
}
