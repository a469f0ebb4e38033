//! What the shell tells an endpoint.

use std::time::Duration;

use crate::{
    Link, NameAddr, Reason, Uri,
    digest::Credentials,
    sdp::{Codec, Direction},
};

/// Names one leg between the shell and an endpoint.
///
/// The shell picks the ids of outgoing legs, below [`LegId::INCOMING_FIRST`] and never twice;
/// the endpoint picks those of incoming legs, from there upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId(pub u64);

impl LegId {
    /// The lowest id of an incoming leg.
    pub const INCOMING_FIRST: LegId = LegId(1 << 63);
}

/// Names one OPTIONS or REGISTER request of the shell; the shell picks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(pub u64);

/// Names one request of a peer that the shell is to answer; the endpoint picks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// One thing that happened to the endpoint.
#[derive(Debug)]
pub enum Input {
    /// A datagram, or one message of a stream.
    Received {
        /// Where it came in and from whom.
        link: Link,
        /// The message as it came.
        bytes: Vec<u8>,
    },
    /// The shell wants something.
    Command(Command),
    /// A message could not be sent, or the connection is gone.
    LinkFailed {
        /// The link of the [`Output::Send`](crate::Output::Send) that failed.
        link: Link,
    },
    /// The instant of [`Endpoint::poll_timeout`](crate::Endpoint::poll_timeout) has come.
    Timeout,
}

/// What the shell wants. A command for a leg that is over does nothing: the two may cross.
#[derive(Debug)]
pub enum Command {
    /// Calls somebody.
    Invite(Box<Invite>),
    /// Tells the caller of an incoming leg that the phone rings: 180, or 183 with SDP. A caller
    /// without offer gets no SDP before the 200, and nothing at all if it requires reliable
    /// provisional answers, whose first would have to carry our offer (RFC 3262 section 5).
    Ring {
        /// An incoming leg.
        leg: LegId,
        /// Answer for early media.
        sdp: Option<Vec<u8>>,
    },
    /// Answers an incoming leg: 200.
    Accept {
        /// An incoming leg.
        leg: LegId,
        /// Our answer, or our offer when the INVITE had none.
        sdp: Vec<u8>,
    },
    /// Refuses an incoming leg. It ends with [`Event::Ended`](crate::Event::Ended) by us.
    Reject {
        /// An incoming leg.
        leg: LegId,
        /// Final status, 300 to 699; anything else is sent as 500.
        status: u16,
        /// Reason phrase; `None`: the usual one of the status.
        reason: Option<String>,
        /// More headers, e.g. `Retry-After`, `Warning`.
        headers: Vec<(String, String)>,
    },
    /// Answers an incoming leg 401 with digest challenges. The leg ends with
    /// [`Event::Ended`](crate::Event::Ended) by us; a caller who knows the password comes back as a
    /// new leg whose [`Incoming::authorization`](crate::Incoming::authorization) is set.
    Challenge {
        /// An incoming leg.
        leg: LegId,
        /// Protection space shown to the user.
        realm: String,
        /// The password was right but the nonce too old: the client retries without asking.
        stale: bool,
        /// MD5 only, where SHA-256 is offered too otherwise: phones give up at the sight of an
        /// algorithm that they do not know (libre 1.0 of baresip).
        md5_only: bool,
    },
    /// Ends a leg by what its state needs: CANCEL, BYE or a refusal (603).
    HangUp {
        /// Any leg.
        leg: LegId,
        /// Told to the peer in a `Reason` header.
        reason: Option<Reason>,
    },
    /// Lets the peer of a leg change the codec while the call is up: its offers may choose one of
    /// these, and whoever asks us for an offer gets all of them. Without it the codec that was
    /// agreed on first stays, and an offer without it gets 488.
    AllowCodecs {
        /// Any leg.
        leg: LegId,
        /// In the order of our wish.
        codecs: Vec<Codec>,
        /// Whether key presses may be events of RTP.
        events: bool,
    },
    /// Sends INFO inside a call, e.g. a key press as `application/dtmf-relay`. Nothing is told of its
    /// answer; a leg that is not up sends none.
    Info {
        /// A leg that is up.
        leg: LegId,
        /// Media type of the body.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
    /// Offers the peer of a leg that is up another description: hold, resume, another address or
    /// codec. Ends with [`Event::Reoffered`](crate::Event::Reoffered) or
    /// [`Event::OfferRefused`](crate::Event::OfferRefused); when both sides offer at once it is
    /// tried again by itself (RFC 3261 section 14.1).
    Offer {
        /// A leg that is up.
        leg: LegId,
        /// Our offer. Session id and version of its origin are set by the endpoint.
        sdp: Vec<u8>,
    },
    /// Offers the peer of a leg that is up another direction of media, all else as it is: `SendOnly` puts it
    /// on hold (RFC 3264 section 8.4), `SendRecv` goes on. Ends as [`Command::Offer`] does. Where one is under
    /// way the last that was wanted follows it; what holds already is not offered.
    Turn {
        /// A leg that is up; any other is left alone.
        leg: LegId,
        /// Ours.
        direction: Direction,
    },
    /// Answers a REFER of the peer: 202 lets the transfer begin, and the peer is told at once that
    /// it is being tried.
    AnswerRefer {
        /// From [`Event::Referred`](crate::Event::Referred).
        request: RequestId,
        /// 202, or a final status of refusal, 300 to 699; anything else is sent as 500.
        status: u16,
    },
    /// Tells the peer how the transfer goes that it asked for (NOTIFY, RFC 3515 section 2.4.4). A
    /// final status ends the telling. Nothing is sent to a peer that does not want to know.
    TellReferrer {
        /// From [`Event::Referred`](crate::Event::Referred).
        request: RequestId,
        /// Status of the call to the target, 100 to 699.
        status: u16,
    },
    /// Asks the peer of a leg that is up to call somebody else (REFER). Ends with
    /// [`Event::ReferAnswered`](crate::Event::ReferAnswered) and, if it was accepted,
    /// [`Event::ReferTold`](crate::Event::ReferTold).
    Refer {
        /// A leg that is up.
        leg: LegId,
        /// Whom; ignored with `replaced`.
        to: Uri,
        /// The peer of this leg, whose call with us is to be replaced: an attended transfer.
        replaced: Option<LegId>,
    },
    /// Answers a REGISTER.
    AnswerRegister {
        /// From [`Event::Registering`](crate::Event::Registering).
        request: RequestId,
        /// Final status, 200 to 699; anything else is sent as 500.
        status: u16,
        /// More headers, e.g. `Contact`, `Min-Expires`.
        headers: Vec<(String, String)>,
    },
    /// Answers a REGISTER 401 with a digest challenge, MD5 only as for phones' calls.
    ChallengeRegister {
        /// From [`Event::Registering`](crate::Event::Registering).
        request: RequestId,
        /// Protection space shown to the user.
        realm: String,
        /// The password was right but the nonce too old: the client retries without asking.
        stale: bool,
    },
    /// Tells a registrar where we are. Ends with
    /// [`Event::RegisterAnswered`](crate::Event::RegisterAnswered); challenges are answered in
    /// between.
    Register(Box<Register>),
    /// Asks whether a peer is alive. Ends with
    /// [`Event::OptionsAnswered`](crate::Event::OptionsAnswered).
    Options {
        /// Comes back in the event.
        query: QueryId,
        /// Request-URI and To.
        to: Uri,
        /// Where to send it.
        link: Link,
    },
}

/// A REGISTER to send.
#[derive(Clone, Debug)]
pub struct Register {
    /// Comes back in the event.
    pub query: QueryId,
    /// Request-URI: the registrar's domain.
    pub registrar: Uri,
    /// To and From: the account.
    pub aor: Uri,
    /// User part of our Contact.
    pub contact_user: String,
    /// How long the contact shall be kept; zero removes it.
    pub expires: Duration,
    /// For the registrar's challenge.
    pub credentials: Option<Credentials>,
    /// Where to send it.
    pub link: Link,
    /// The same for every REGISTER of one account (RFC 3261 section 10.2).
    pub call_id: String,
    /// Above that of the last REGISTER.
    pub cseq: u32,
}

/// A call to place.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Id of the new leg, below [`LegId::INCOMING_FIRST`] and not in use.
    pub leg: LegId,
    /// Request-URI and To.
    pub to: Uri,
    /// Caller's name and number; a tag is added.
    pub from: NameAddr,
    /// Where to send it: the trunk's resolved address.
    pub link: Link,
    /// Route values that the INVITE begins with, first hop first: the Path of a phone behind a
    /// proxy. `link` leads to the first of them.
    pub routes: Vec<String>,
    /// For a trunk that challenges (401, 407).
    pub credentials: Option<Credentials>,
    /// More headers, e.g. `User-to-User`, `P-Asserted-Identity`. Line breaks in values are
    /// removed; headers that the endpoint writes itself are ignored.
    pub headers: Vec<(String, String)>,
    /// Our offer.
    pub sdp: Vec<u8>,
    /// Longest time without a final answer, from the first INVITE on; then the leg is canceled.
    pub ring_time_max: Duration,
    /// What else the route asks for.
    pub rules: InviteRules,
}

/// What the route of a call asks of its INVITE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InviteRules {
    /// INVITEs that may follow from redirections (3xx, RFC 3261 section 8.1.3.4); with 0 the call
    /// is refused by them.
    pub redirects_max: u8,
    /// Longest wait for any response, 100 included: a route that is silent for so long is refused
    /// as such, and what it may still answer is cleared up without the shell. `None`: 64·T1.
    pub first_answer_max: Option<Duration>,
    /// The INVITE goes without offer: the callee's comes with its 2xx, and our description becomes the answer
    /// in ACK (RFC 3261 section 13.2.1). Nothing before the answer is heard.
    pub late_offer: bool,
}
