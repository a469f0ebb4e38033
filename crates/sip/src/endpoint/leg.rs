//! What an endpoint remembers of one leg.

use std::{collections::BTreeMap, time::Instant};

use super::{
    dialog::Dialog,
    large::ByTcp,
    offering::Offering,
    redirect::Redirects,
    referring::{Asked as AskedToRefer, Telling},
    reliable::{Next, Unpracked, Wish},
    servers::Pending,
    session_timer::{Asked, SessionTimer},
};
use crate::{
    Canceler, Invite, Reason,
    digest::Prover,
    sdp::{Codec, Direction, IceCredentials, Negotiated, Role, Secured},
    timers::Deadline,
    transaction::Resend,
};

/// Early dialogs of one INVITE that are remembered.
const EARLY_MAX: usize = 16;

/// One leg, in either direction.
#[derive(Debug)]
pub(super) struct Leg {
    pub dialog: Dialog,
    pub phase: Phase,
    /// Our current session description.
    pub sdp: Vec<u8>,
    /// The codec that both sides agreed on last, if ours was an offer of several.
    pub codec: Option<Codec>,
    /// Our part in the handshake of media, if there was one.
    pub role: Option<Role>,
    /// The peer's name and password of ICE, as it said them last.
    pub peer_ice: Option<IceCredentials>,
    /// What the shell lets it change to; empty: it stays for the whole call.
    pub codecs: Vec<Codec>,
    /// What we would do with media if the peer did the like; what is agreed on may be less.
    pub direction: Direction,
    /// Key presses may be events of RTP.
    pub takes_events: bool,
    /// A 2xx of ours that is not acknowledged yet.
    pub unacked: Option<Unacked>,
    /// Why it was hung up: BYE must wait for the ACK (RFC 3261 section 15), or is out.
    pub hang_up: Option<Option<Reason>>,
    /// For requests of ours that are challenged.
    pub prover: Option<Prover>,
    /// When the session is refreshed, or ends without a refresh.
    pub timer: Option<SessionTimer>,
    /// The client transaction of our refresh or offer.
    pub refresh: Option<u64>,
    /// What reliable provisional answers to it said.
    pub refresh_early: Early,
    /// What the shell wants to offer.
    pub offering: Option<Offering>,
    /// The transfer that the peer asked for.
    pub telling: Option<Telling>,
    /// The transfer that we asked the peer for.
    pub asked_to_refer: Option<AskedToRefer>,
    /// REFER requests of the peer so far.
    pub n_referred: u32,
    /// The peer takes UPDATE.
    pub takes_update: bool,
    /// It takes UPDATE with an offer only.
    pub updates_offer: bool,
    /// The longest `Min-SE` that we were told, s.
    pub min_se_second: Option<u32>,
    /// How often the request that is under way was made to ask for more (422).
    pub n_longer: u8,
    /// What is known of the peer's TCP, for requests that are too large for a datagram.
    pub by_tcp: ByTcp,
}

/// How far a leg has come.
#[derive(Debug)]
pub(super) enum Phase {
    /// Our INVITE is out.
    Calling(Box<Calling>),
    /// Their INVITE is in, without a final answer.
    Ringing(Box<Ringing>),
    /// Answered.
    Up,
    /// Our BYE is out; the shell knows that the leg is over.
    Leaving,
}

/// An INVITE of ours without a final answer.
#[derive(Debug)]
pub(super) struct Calling {
    /// Its client transaction.
    pub tx: u64,
    pub invite: Invite,
    /// Somebody gave up; CANCEL is sent or waits for a provisional answer.
    pub canceler: Option<Canceler>,
    pub reason: Option<Reason>,
    /// CANCEL may be sent.
    pub provisional: bool,
    /// Early dialogs by To-tag.
    pub early: BTreeMap<String, Early>,
    /// `Session-Expires` of the INVITE, s.
    pub session_expires_second: u32,
    pub ring_until: Instant,
    /// When a route that has said nothing at all counts as silent.
    pub silent_until: Option<Instant>,
    /// Where else the call may go.
    pub redirects: Redirects,
    /// When the wait for the answer to CANCEL ends.
    pub give_up: Option<Instant>,
}

/// An INVITE of theirs without a final answer.
#[derive(Debug)]
pub(super) struct Ringing {
    pub pending: Pending,
    /// When the shell has had its time.
    pub until: Instant,
    /// That is when the caller's own wait is over (`Expires`).
    pub expires: bool,
    /// The last provisional answer, sent again each minute (section 13.3.1.1).
    pub provisional: Vec<u8>,
    pub refresh: Instant,
    /// The INVITE had an offer.
    pub offered: bool,
    /// What the INVITE says of session timers.
    pub asked: Asked,
    /// What the INVITE says of reliable answers.
    pub wish: Wish,
    /// RSeq of our last reliable answer.
    pub rseq: Option<u32>,
    /// It waits for its PRACK.
    pub unpracked: Option<Unpracked>,
    /// What the shell wants after that.
    pub next: Option<Next>,
}

/// One early dialog of an INVITE of ours, or what comes before the answer to one inside a call.
#[derive(Debug, Default)]
pub(super) struct Early {
    /// The peer's description; empty if none came.
    pub sdp: Vec<u8>,
    /// RSeq of its last reliable answer.
    pub rseq: Option<u32>,
    /// CSeq of our last request in it; 0: none.
    pub cseq: u32,
    /// Counts the phones that were heard of from 0.
    pub phone: usize,
}

/// A 2xx to INVITE that waits for its ACK (section 13.3.1.4).
#[derive(Debug)]
pub(super) struct Unacked {
    pub cseq: u32,
    pub bytes: Vec<u8>,
    pub resend: Resend,
    pub give_up: Instant,
    /// It answers the first INVITE of the leg.
    pub first: bool,
    /// It carries our offer: the answer comes with ACK.
    pub offered: bool,
    pub pending: Pending,
}

impl Ringing {
    /// What is due next: an answer that waits for its PRACK is repeated more often than others.
    fn deadline(&self) -> Deadline {
        let provisional = match &self.unpracked {
            Some(unpracked) if unpracked.resend.at < unpracked.give_up => (
                unpracked.resend.at,
                "provisional answer without PRACK again",
            ),
            Some(unpracked) => (unpracked.give_up, "PRACK to a provisional answer"),
            None => (self.refresh, "provisional answer again"),
        };
        provisional.min((self.until, "answer by the shell"))
    }
}

impl Calling {
    /// The early dialog with this To-tag, made if there is room.
    pub fn early_of(&mut self, tag: &str) -> Option<&mut Early> {
        let phone = self.early.len();
        if phone >= EARLY_MAX && !self.early.contains_key(tag) {
            return None;
        }
        let early = self.early.entry(tag.to_owned());
        Some(early.or_insert_with(|| Early {
            phone,
            ..Early::default()
        }))
    }

    /// What is due while nobody gave up.
    fn deadline(&self) -> Deadline {
        let ring = (self.ring_until, "ring time");
        match self.silent_until {
            Some(at) if at < self.ring_until => (at, "any answer of the route"),
            Some(_) | None => ring,
        }
    }
}

impl Leg {
    /// A leg that begins.
    pub fn new(dialog: Dialog, phase: Phase, sdp: Vec<u8>, prover: Option<Prover>) -> Self {
        Self {
            dialog,
            phase,
            sdp,
            codec: None,
            role: None,
            peer_ice: None,
            codecs: Vec::new(),
            direction: Direction::SendRecv,
            takes_events: true,
            unacked: None,
            hang_up: None,
            prover,
            timer: None,
            refresh: None,
            refresh_early: Early::default(),
            offering: None,
            telling: None,
            asked_to_refer: None,
            n_referred: 0,
            takes_update: false,
            updates_offer: false,
            min_se_second: None,
            n_longer: 0,
            by_tcp: ByTcp::Untried,
        }
    }

    /// Remembers what was agreed on, for what follows.
    pub fn keep(&mut self, agreed: &Negotiated) {
        self.codec = Some(agreed.codec);
        if let Some(made) = agreed.secured.as_ref().and_then(Secured::handshake) {
            self.role = Some(made.role);
            self.peer_ice = made.ice.as_ref().map(|ice| ice.theirs.clone());
        }
    }

    /// What is due next for the leg itself; its transactions have deadlines of their own.
    pub fn deadline(&self) -> Option<Deadline> {
        match (&self.phase, &self.unacked) {
            (Phase::Calling(calling), _) => match calling.canceler {
                None => Some(calling.deadline()),
                Some(_) => calling.give_up.map(|at| (at, "answer after CANCEL")),
            },
            (Phase::Ringing(ringing), _) => Some(ringing.deadline()),
            (Phase::Up, Some(unacked)) if unacked.resend.at < unacked.give_up => {
                Some((unacked.resend.at, "answer again"))
            }
            (Phase::Up, Some(unacked)) => Some((unacked.give_up, "ACK to an answer")),
            (Phase::Up, None) => {
                let timer = self.timer.as_ref().map(SessionTimer::deadline);
                let offer = self.offering.as_ref().and_then(Offering::deadline);
                let telling = self.telling.as_ref().map(Telling::deadline);
                [timer, offer, telling].into_iter().flatten().min()
            }
            (Phase::Leaving, _) => None,
        }
    }
}
