//! What an endpoint remembers of one leg.

use std::{collections::BTreeMap, time::Instant};

use super::{dialog::Dialog, servers::Pending};
use crate::{
    Canceler, Invite, Reason, digest::Prover, sdp::Codec, timers::Deadline, transaction::Resend,
};

/// One leg, in either direction.
#[derive(Debug)]
pub(super) struct Leg {
    pub dialog: Dialog,
    pub phase: Phase,
    /// Our current session description.
    pub sdp: Vec<u8>,
    /// The codec that both sides agreed on when ours was an offer of several; it stays for the
    /// whole call.
    pub codec: Option<Codec>,
    /// A 2xx of ours that is not acknowledged yet.
    pub unacked: Option<Unacked>,
    /// The shell hung up, and BYE must wait for the ACK (RFC 3261 section 15).
    pub hang_up: Option<Option<Reason>>,
    /// For requests of ours that are challenged.
    pub prover: Option<Prover>,
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
    /// Session descriptions of early dialogs by To-tag.
    pub early: BTreeMap<String, Vec<u8>>,
    pub ring_until: Instant,
    /// When the wait for the answer to CANCEL ends.
    pub give_up: Option<Instant>,
}

/// An INVITE of theirs without a final answer.
#[derive(Debug)]
pub(super) struct Ringing {
    pub pending: Pending,
    /// When the shell has had its time.
    pub until: Instant,
    /// The last provisional answer, sent again each minute (section 13.3.1.1).
    pub provisional: Vec<u8>,
    pub refresh: Instant,
    /// The INVITE had an offer.
    pub offered: bool,
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

impl Leg {
    /// What is due next for the leg itself; its transactions have deadlines of their own.
    pub fn deadline(&self) -> Option<Deadline> {
        match (&self.phase, &self.unacked) {
            (Phase::Calling(calling), _) => match calling.canceler {
                None => Some((calling.ring_until, "ring time")),
                Some(_) => calling.give_up.map(|at| (at, "answer after CANCEL")),
            },
            (Phase::Ringing(ringing), _) if ringing.refresh < ringing.until => {
                Some((ringing.refresh, "provisional answer again"))
            }
            (Phase::Ringing(ringing), _) => Some((ringing.until, "answer by the shell")),
            (Phase::Up, Some(unacked)) if unacked.resend.at < unacked.give_up => {
                Some((unacked.resend.at, "answer again"))
            }
            (Phase::Up, Some(unacked)) => Some((unacked.give_up, "ACK to an answer")),
            (Phase::Up, None) | (Phase::Leaving, _) => None,
        }
    }
}
