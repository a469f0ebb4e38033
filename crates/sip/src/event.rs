//! What an endpoint tells the shell.

use std::fmt;

use crate::{
    Headers, LegId, Link, NameAddr, QueryId, Replaces, RequestId, Uri, digest::DigestResponse,
    sdp::Negotiated,
};

/// One thing the shell must do or know.
#[derive(Debug)]
pub enum Output {
    /// Send this message.
    Send {
        /// Socket and destination. A TCP link that is not open is to be opened.
        link: Link,
        /// The message.
        bytes: Vec<u8>,
        /// A request above 1300 bytes for UDP (RFC 3261 section 18.1.1). It is tried by TCP first: a link
        /// of TCP that is not open within [`TRY_TCP_MAX`](crate::TRY_TCP_MAX) fails, and it goes as a
        /// datagram.
        large: bool,
    },
    /// Something happened to a leg or query.
    Event(Event),
}

/// Something that happened to a leg or query.
#[derive(Debug)]
pub enum Event {
    /// Somebody calls. 100 Trying is sent already. Answer with `Ring`, `Accept`, `Reject`,
    /// `Challenge` or `HangUp`.
    Incoming(Box<Incoming>),
    /// The callee's side makes progress: 180, 181, 182, 183 (100 is not told).
    Progress {
        /// An outgoing leg.
        leg: LegId,
        /// 101 to 199.
        status: u16,
        /// Answer for early media. That of `Answered` takes its place.
        sdp: Option<Vec<u8>>,
        /// Which of the phones that a forking proxy rings this is, counted from 0 in the order in
        /// which they were heard of (early dialogs, RFC 3261 section 13.2.2.4).
        phone: usize,
    },
    /// The route sent the call elsewhere (3xx), and it goes there now.
    Redirected {
        /// An outgoing leg.
        leg: LegId,
        /// The redirection, 300 to 699: a target that failed leads to the next.
        status: u16,
        /// Where to.
        to: Uri,
        /// The way that the INVITE goes now.
        link: Link,
    },
    /// The callee answered, and our ACK is on its way. Other phones that rang are told by the proxy;
    /// one that answers nevertheless is hung up here.
    Answered {
        /// An outgoing leg.
        leg: LegId,
        /// The answer to our offer; where there was none, the callee's offer.
        sdp: Vec<u8>,
        /// What our answer to the callee's offer agreed on; `None`: the offer was ours.
        negotiated: Option<Box<Negotiated>>,
        /// The way that the answer came: a large INVITE may have gone by TCP.
        link: Link,
    },
    /// The peer sends a text of its customer along (`User-to-User`, RFC 7433): with its answer, told
    /// before [`Event::Answered`], or with its BYE, told before [`Event::Ended`].
    UserData {
        /// Any leg.
        leg: LegId,
        /// The first value as it was written.
        value: String,
    },
    /// The caller of an accepted leg confirmed (ACK).
    Confirmed {
        /// An incoming leg.
        leg: LegId,
        /// The caller's answer, when the INVITE had no offer.
        sdp: Option<Vec<u8>>,
    },
    /// A call that is up has changed: the peer offered something new (hold, a new address, another
    /// codec), which is answered already, or took our [`Command::Offer`](crate::Command::Offer).
    /// Follow what holds now.
    Reoffered {
        /// A leg that is up.
        leg: LegId,
        /// The peer's new description.
        sdp: Vec<u8>,
        /// What both sides agreed on.
        negotiated: Box<Negotiated>,
    },
    /// The peer did not take our [`Command::Offer`](crate::Command::Offer): what held before holds.
    OfferRefused {
        /// A leg that is up.
        leg: LegId,
        /// Its final status; 488 if its answer was no use to us, 491 if we were not ready.
        status: u16,
    },
    /// The peer asks us to call somebody else (REFER): answer with
    /// [`Command::AnswerRefer`](crate::Command::AnswerRefer); what is not answered within 8 s is
    /// refused with 480.
    Referred(Box<Referring>),
    /// The peer answered our REFER.
    ReferAnswered {
        /// The leg that was asked.
        leg: LegId,
        /// Final status; `None`: nobody answered.
        status: Option<u16>,
    },
    /// The peer says how the transfer goes that we asked for.
    ReferTold {
        /// The leg that was asked.
        leg: LegId,
        /// Status of its call to the target, 100 to 699; 0 if it cannot be read.
        status: u16,
        /// Nothing more will be told.
        is_last: bool,
    },
    /// INFO inside a call, e.g. `application/dtmf-relay`. It was answered 200.
    Info {
        /// A leg that is up or ringing.
        leg: LegId,
        /// Media type, lowercase, without parameters; empty if none was given.
        content_type: String,
        /// At most 64 KiB.
        body: Vec<u8>,
    },
    /// Terminal: an outgoing leg got a final answer that is not 2xx, or none at all.
    Refused {
        /// An outgoing leg.
        leg: LegId,
        /// Who refused and how.
        refusal: Box<Refusal>,
    },
    /// Terminal: the leg was given up before anybody answered.
    Canceled {
        /// Either direction.
        leg: LegId,
        /// Who gave up.
        by: Canceler,
        /// What the peer said about it, if it was the peer.
        reason: Option<Reason>,
    },
    /// Terminal: the leg is over.
    Ended {
        /// Either direction.
        leg: LegId,
        /// Who ended it.
        by: EndedBy,
        /// From the `Reason` header of the peer's BYE.
        reason: Option<Reason>,
    },
    /// A phone tells where it is. Answer with `AnswerRegister` or `ChallengeRegister`; what is not
    /// answered within 64·T1 is forgotten.
    Registering(Box<Registering>),
    /// A REGISTER of ours has its answer, or will get none.
    RegisterAnswered {
        /// From the command.
        query: QueryId,
        /// What the registrar said.
        answer: Box<RegisterAnswer>,
    },
    /// An OPTIONS request has its answer, or will get none.
    OptionsAnswered {
        /// From the command.
        query: QueryId,
        /// Final status; `None`: nobody answered, or the link failed.
        status: Option<u16>,
    },
}

/// A call that comes in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Picked by the endpoint.
    pub leg: LegId,
    /// Caller's name and number, as they say.
    pub from: NameAddr,
    /// Who was called, as the caller wrote it.
    pub to: NameAddr,
    /// Who was called, after the proxies on the way.
    pub request_uri: Uri,
    /// Where the INVITE came from. For UDP a stranger can forge it.
    pub source: Link,
    /// The caller's offer; `None`: ours goes into `Accept` and the answer comes with `Confirmed`.
    pub sdp: Option<Vec<u8>>,
    /// All headers of the INVITE.
    pub headers: Headers,
    /// What the caller brings to prove itself; check it with
    /// [`Endpoint::authenticate`](crate::Endpoint::authenticate).
    pub authorization: Option<DigestResponse>,
    /// The leg that this call takes the place of (`Replaces`, RFC 3891): accept it and hang that one
    /// up. Whether the caller may is the shell's matter: knowing the tags proves only that somebody
    /// told it.
    pub replaces: Option<LegId>,
}

/// A transfer that the peer of a leg asks for.
#[derive(Clone, Debug)]
pub struct Referring {
    /// The leg whose peer asks.
    pub leg: LegId,
    /// Picked by the endpoint; goes back with the answer and the telling.
    pub request: RequestId,
    /// Whom to call.
    pub to: NameAddr,
    /// The dialog that the new call takes the place of (attended transfer).
    pub replaces: Option<Replaces>,
    /// Our own leg of that dialog: join its peer with that of `leg` instead of calling.
    pub replaced: Option<LegId>,
    /// `Referred-By`, to be handed on (RFC 3892).
    pub referred_by: Option<String>,
    /// All headers.
    pub headers: Headers,
}

/// A REGISTER that came in.
#[derive(Clone, Debug)]
pub struct Registering {
    /// Picked by the endpoint; goes back with the answer.
    pub request: RequestId,
    /// Whose contacts these are: the To of the request.
    pub aor: Uri,
    /// Where it came from. For UDP a stranger can forge it.
    pub source: Link,
    /// Names the series of requests of one phone.
    pub call_id: String,
    /// Number within the series.
    pub cseq: u32,
    /// All headers.
    pub headers: Headers,
    /// What the phone brings to prove itself; check it with
    /// [`Endpoint::authenticate`](crate::Endpoint::authenticate).
    pub authorization: Option<DigestResponse>,
}

/// What a registrar said to a REGISTER of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterAnswer {
    /// Final status; `None`: nobody answered, or the link failed.
    pub status: Option<u16>,
    /// How long the registrar keeps our contact, s; absent when it refused or did not say.
    pub expires_second: Option<u32>,
    /// `Min-Expires` of a 423, s.
    pub min_expires_second: Option<u32>,
    /// The `Retry-After` header, s.
    pub retry_after_second: Option<u32>,
    /// The number that was used last; the next REGISTER counts on from it.
    pub cseq: u32,
}

/// Why an outgoing leg was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Final status, 300 to 699. 408 if nobody answered, 503 if the link failed or we are full.
    pub status: u16,
    /// The peer's reason phrase.
    pub phrase: String,
    /// Who decided it.
    pub by: RefusedBy,
    /// `Reason` headers, e.g. the carrier's `Q.850;cause=17`.
    pub reasons: Vec<Reason>,
    /// The first `Warning` header.
    pub warning: Option<String>,
    /// The `Retry-After` header, seconds.
    pub retry_after_second: Option<u32>,
    /// Where else to try (3xx).
    pub contacts: Vec<NameAddr>,
}

/// Who decided that an outgoing leg is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedBy {
    /// The peer answered so.
    Peer,
    /// Nobody answered the INVITE within 64·T1.
    Silence,
    /// The message could not be sent.
    LinkFailed,
    /// We are at our [`Limits`](crate::Limits).
    Us,
}

/// Who gave up a leg that was not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canceler {
    /// The shell hung up.
    Us,
    /// `ring_time_max` was over.
    RingTime,
    /// The caller.
    Peer,
}

/// Who ended a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// The peer sent BYE.
    Peer,
    /// The shell hung up, rejected or challenged; or the answer was no use to us.
    Us,
    /// The peer never confirmed, or the shell never answered the incoming leg.
    Timeout,
}

/// A `Reason` header (RFC 3326): why a request was sent or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `SIP` or `Q.850`.
    pub protocol: String,
    /// Status code of that protocol.
    pub cause: Option<u16>,
    /// For people.
    pub text: Option<String>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.protocol)?;
        if let Some(cause) = self.cause {
            write!(f, ";cause={cause}")?;
        }
        if let Some(text) = &self.text {
            write!(
                f,
                ";text=\"{}\"",
                text.replace('\\', "\\\\").replace('"', "\\\"")
            )?;
        }
        Ok(())
    }
}
