//! What a call's shell must do.

use std::time::Instant;

use model::{
    CallEvent, CallId, EndCause, HungUpSide, PartyId, PartyRole, SkillGroupId, SoundId,
    TransferFailure,
};

/// Names one playing of one sound in one call; counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlayId(pub u32);

/// One thing the shell must do. None needs an answer at once; results come as inputs.
#[expect(
    clippy::large_enum_variant,
    reason = "most outputs are records, and few are held at once"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Open media and send the INVITE (outbound).
    Dial,
    /// Open media and accept the caller's INVITE (inbound).
    Answer,
    /// Take hold of the caller's leg without answering it: another phone is rung first.
    Attend,
    /// Tell the caller that the other phone rings.
    RingCaller,
    /// The other phone can be heard before its answer: let the caller hear it. Comes back as
    /// [`LegEvent::EarlyMedia`](super::LegEvent::EarlyMedia) of the caller's leg, if the caller can.
    ProgressCaller,
    /// Let both hear each other before the answer. Once that comes, [`Output::Bridge`] goes on.
    JoinEarly,
    /// Look for a phone of `target` that was not rung yet, and call it. Comes back as
    /// [`Input::Sought`](super::Input::Sought).
    Seek {
        /// An extension, a number, a person or a skill group.
        target: String,
    },
    /// The caller comes for this skill group: look its rules up, and let the caller's music be ready.
    /// Comes back as [`Input::QueueEntered`](super::Input::QueueEntered).
    EnterQueue {
        /// Which.
        group: SkillGroupId,
    },
    /// The caller waits for somebody of the skill group: let them hear its music. Ends with
    /// [`Output::StopWaiting`].
    PlayQueue,
    /// The person waits for somebody: let them hear it ring.
    StartWaiting,
    /// That is over.
    StopWaiting,
    /// The voice agent leaves the call, which goes on: hand in what was said.
    LeaveVoice,
    /// Tell the voice agent that nobody takes the person over.
    TellTransferFailed,
    /// Look for this voice agent and put it in the place of the one that talks; it begins with
    /// [`Output::StartVoice`]. Comes back as
    /// [`Input::AgentChanged`](super::Input::AgentChanged).
    ChangeAgent {
        /// Its id or its name.
        agent: String,
    },
    /// Tell the voice agent that the other one does not take the person over.
    TellAgentRefused(TransferFailure),
    /// Let both legs hear each other, and record both.
    Bridge,
    /// One side has put the call on hold: let the other hear music; or stop that.
    HoldMusic {
        /// Who holds.
        by: HungUpSide,
        /// On hold.
        held: bool,
    },
    /// Somebody by request puts one side on hold: tell its phone, and let the other side hear nobody; or let
    /// both go on.
    Hold {
        /// Who waits.
        side: HungUpSide,
        /// On hold.
        on: bool,
    },
    /// End the other phone's leg by what its state needs.
    HangUpOther {
        /// Why.
        cause: EndCause,
    },
    /// Look for a phone of `target`, and call it for a further party. Comes back as
    /// [`Input::Party`](super::Input::Party).
    CallParty {
        /// Which.
        party: PartyId,
        /// What it is to be.
        role: PartyRole,
        /// An extension, a number, a person or a skill group.
        target: String,
    },
    /// A further party was answered: let it hear the others, and them hear it as its role says.
    JoinParty(PartyId),
    /// Who hears whom has changed: somebody left, or plays another part. Two who are left are bridged
    /// again.
    Regroup,
    /// End a further party's leg by what its state needs, and forget it.
    HangUpParty {
        /// Which.
        party: PartyId,
        /// Why.
        cause: EndCause,
    },
    /// Answer the REFER that asked for a place to be given away, if there was one; with a refusal,
    /// whoever called for the place is refused with it.
    AnswerRefer {
        /// 202, or a final status of refusal.
        status: u16,
    },
    /// Tell whoever asked by REFER how it goes.
    TellReferrer {
        /// Status of the call to the phone that the place is given to.
        status: u16,
    },
    /// Let the other side of a place that is given away hear it ring, or stop that.
    RingBack {
        /// Whose place is given away.
        side: HungUpSide,
        /// Ring.
        on: bool,
    },
    /// Look for a phone of `target` that was not rung yet, and call it, for a place that is given away.
    /// Comes back as [`Input::SoughtNext`](super::Input::SoughtNext).
    SeekNext {
        /// An extension, a number or a skill group.
        target: String,
    },
    /// Ask another call for the phone that its REFER names, which talks already. Comes back as
    /// [`Input::SoughtNext`](super::Input::SoughtNext).
    FetchNext {
        /// The other call.
        call: CallId,
    },
    /// Answer the phone that has called for a place.
    AnswerNext,
    /// The phone that was found has the place now: the one before lets go of its media at once, and
    /// its leg ends.
    TakePlace {
        /// Whose place.
        side: HungUpSide,
    },
    /// End the leg of the phone that was found for a place.
    DropNext {
        /// Why.
        cause: EndCause,
    },
    /// The leg is answered, or something can be heard before that: let media flow and be recorded.
    StartMedia,
    /// The leg is answered: let the voice agent begin. Comes after [`Output::StartMedia`].
    StartVoice,
    /// The voice agent falls silent and hears nothing: a sound plays in its place.
    PauseVoice,
    /// The voice agent goes on.
    ResumeVoice,
    /// Play a sound. Comes back as [`MediaEvent`](super::MediaEvent) with the same `play`.
    Play {
        /// Names this playing.
        play: PlayId,
        /// What.
        sound: SoundId,
        /// How many times, 1 to 100.
        times: u32,
        /// Mixed over the voice agent.
        over: bool,
    },
    /// Cut a sound that did not start in time. Its end need not be told again.
    CutSound(PlayId),
    /// End the leg by what its state needs: CANCEL, BYE or a refusal.
    HangUpLeg {
        /// Why, for the `Reason` header of the message.
        cause: EndCause,
    },
    /// End the conversation and media, hand in what was said, then
    /// [`MediaEvent::Stopped`](super::MediaEvent::Stopped).
    StopMedia,
    /// Append to the journal of the call.
    Record {
        /// What happened.
        event: CallEvent,
        /// When. Never earlier than that of the record before it.
        at: Instant,
    },
    /// Nothing more will come: forget the call. Always the last output, after
    /// [`CallEvent::Ended`].
    Close,
}
