//! Changes of a call that is up from our side: a re-INVITE with what the shell offers (RFC 3261
//! section 14.1). What becomes of it on the wire is [`refresh`](super::refresh)'s.
//!
//! # Invariants
//!
//! - Every offer of the shell ends with one [`Event::Reoffered`] or [`Event::OfferRefused`], or with
//!   its leg.
//! - What held before holds until the peer has agreed.

use std::time::Instant;

use super::{Endpoint, leg::Leg, leg::Phase, refresh::BUSY};
use crate::{Event, LegId, sdp::Session, timers::Deadline};

/// How often an offer is tried that meets one of the peer: each time somebody waits longer.
const GLARES_MAX: u8 = 5;

/// What the shell wants to offer.
#[derive(Debug)]
pub(super) struct Offering {
    /// As the shell wrote it.
    wanted: Session,
    /// When it is to be sent; `None`: it is on its way.
    at: Option<Instant>,
    n_tries: u8,
}

impl Offering {
    /// It goes out then.
    pub fn wait_until(&mut self, at: Instant) {
        self.at = Some(at);
    }

    /// What is due next.
    pub fn deadline(&self) -> Option<Deadline> {
        self.at.map(|at| (at, "our offer"))
    }
}

impl Leg {
    /// Our offer as the next edition of our description.
    pub fn offer_now(&self) -> Option<Vec<u8>> {
        let mut offer = self.offering.as_ref()?.wanted.clone();
        if let Ok(current) = Session::parse(&self.sdp) {
            offer.origin.session_id = current.origin.session_id;
            offer.origin.version = current.origin.version + 1;
            offer = offer.in_place_of(&current);
        }
        Some(offer.to_bytes())
    }

    /// The peer took our offer, if there was one: it holds now. Gives what held before.
    pub fn take_offering(&mut self) -> Option<Vec<u8>> {
        let offer = self.offer_now()?;
        self.offering = None;
        Some(std::mem::replace(&mut self.sdp, offer))
    }
}

impl Endpoint {
    /// The shell offers something new.
    pub(super) fn offer(&mut self, id: LegId, sdp: &[u8], now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let is_ready = matches!(leg.phase, Phase::Up) && leg.offering.is_none();
        match Session::parse(sdp) {
            Ok(wanted) if is_ready => {
                leg.offering = Some(Offering {
                    wanted,
                    at: Some(now),
                    n_tries: 0,
                });
                self.offer_due(id, now);
                self.set_leg_timer(id);
            }
            Ok(_) => self.event(Event::OfferRefused {
                leg: id,
                status: 491,
            }),
            Err(_) => self.event(Event::OfferRefused {
                leg: id,
                status: 488,
            }),
        }
    }

    /// An offer of ours may be due.
    pub(super) fn offer_due(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let is_busy = leg.unacked.is_some() || leg.refresh.is_some();
        let Some(offering) = leg.offering.as_mut() else {
            return;
        };
        if offering.at.is_none_or(|at| at > now) {
            return;
        }
        if is_busy {
            offering.at = Some(now + BUSY);
            return;
        }
        offering.n_tries += 1;
        if offering.n_tries > GLARES_MAX {
            return self.offer_refused(id, 491);
        }
        offering.at = None;
        leg.begin_request();
        self.send_refresh(id, now);
    }

    /// The peer refused our offer, if there was one.
    pub(super) fn offer_refused(&mut self, id: LegId, status: u16) {
        let leg = self.legs.get_mut(&id);
        if leg.and_then(|leg| leg.offering.take()).is_some() {
            self.event(Event::OfferRefused { leg: id, status });
        }
        self.set_leg_timer(id);
    }

    /// The peer took our offer, and its answer cannot be used: `before` holds again.
    pub(super) fn offer_is_no_use(&mut self, id: LegId, before: Vec<u8>) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.sdp = before;
        }
        self.event(Event::OfferRefused {
            leg: id,
            status: 488,
        });
    }

    /// The deadline of a leg that is up has come.
    pub(super) fn up_due(&mut self, id: LegId, now: Instant) {
        self.telling_due(id, now);
        self.offer_due(id, now);
        self.session_due(id, now);
        self.set_leg_timer(id);
    }
}
