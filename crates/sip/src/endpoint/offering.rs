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
use crate::{
    Event, LegId,
    sdp::{Direction, Session},
    timers::Deadline,
};

/// How often an offer is tried that meets one of the peer: each time somebody waits longer.
const GLARES_MAX: u8 = 5;

/// What the shell wants to offer.
#[derive(Debug)]
pub(super) struct Offering {
    wanted: Wanted,
    /// When it is to be sent; `None`: it is on its way.
    at: Option<Instant>,
    n_tries: u8,
    /// What the shell wants since then.
    then: Option<Direction>,
}

#[derive(Debug)]
enum Wanted {
    /// As the shell wrote it.
    Description(Session),
    /// What holds when it is sent, in this direction.
    Direction(Direction),
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

/// What held before the peer took our offer, and what is wanted after it.
pub(super) struct Before {
    sdp: Vec<u8>,
    direction: Direction,
    then: Option<Direction>,
}

impl Leg {
    fn has_sound(&self) -> bool {
        let ours = Session::parse(&self.sdp).ok();
        ours.is_some_and(|ours| self.offer_of_all(&ours, self.direction).is_some())
    }

    /// Our offer as the next edition of our description.
    pub fn offer_now(&self) -> Option<Vec<u8>> {
        let current = Session::parse(&self.sdp).ok();
        let mut offer = match &self.offering.as_ref()?.wanted {
            Wanted::Description(wanted) => wanted.clone(),
            Wanted::Direction(direction) => self.offer_of_all(current.as_ref()?, *direction)?,
        };
        if let Some(current) = current {
            offer.origin.session_id = current.origin.session_id;
            offer.origin.version = current.origin.version + 1;
            offer = offer.in_place_of(&current);
        }
        Some(offer.to_bytes())
    }

    /// The peer took our offer, if there was one: it holds now. Gives what held before.
    pub fn take_offering(&mut self) -> Option<Before> {
        let offer = self.offer_now()?;
        let offering = self.offering.take()?;
        let direction = match offering.wanted {
            Wanted::Direction(direction) => direction,
            Wanted::Description(wanted) => wanted
                .audio()
                .map_or(Direction::SendRecv, |audio| audio.direction),
        };
        Some(Before {
            sdp: std::mem::replace(&mut self.sdp, offer),
            direction: std::mem::replace(&mut self.direction, direction),
            then: offering.then,
        })
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
            Ok(wanted) if is_ready => self.begin_offer(id, Wanted::Description(wanted), now),
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

    /// The shell wants another direction of media: the last one that it wanted counts.
    pub(super) fn turn(&mut self, id: LegId, direction: Direction, now: Instant) {
        let leg = self.legs.get_mut(&id);
        let Some(leg) = leg.filter(|leg| matches!(leg.phase, Phase::Up)) else {
            return;
        };
        let has_sound = leg.has_sound();
        match &mut leg.offering {
            Some(offering) => offering.then = Some(direction),
            None if leg.direction == direction => {}
            None if !has_sound => self.event(Event::OfferRefused {
                leg: id,
                status: 488,
            }),
            None => self.begin_offer(id, Wanted::Direction(direction), now),
        }
    }

    fn begin_offer(&mut self, id: LegId, wanted: Wanted, now: Instant) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.offering = Some(Offering {
                wanted,
                at: Some(now),
                n_tries: 0,
                then: None,
            });
        }
        self.offer_due(id, now);
        self.set_leg_timer(id);
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
            return self.offer_refused(id, 491, now);
        }
        offering.at = None;
        leg.begin_request();
        self.send_refresh(id, now);
    }

    /// The peer refused our offer, if there was one.
    pub(super) fn offer_refused(&mut self, id: LegId, status: u16, now: Instant) {
        let leg = self.legs.get_mut(&id);
        if let Some(offering) = leg.and_then(|leg| leg.offering.take()) {
            self.event(Event::OfferRefused { leg: id, status });
            self.turn_again(id, offering.then, now);
        }
        self.set_leg_timer(id);
    }

    /// The peer took our offer; `is_agreed`: its answer can be used, else what held before holds again.
    pub(super) fn offer_taken(&mut self, id: LegId, before: Before, is_agreed: bool, now: Instant) {
        let leg = self.legs.get_mut(&id);
        if let Some(leg) = leg.filter(|_| !is_agreed) {
            (leg.sdp, leg.direction) = (before.sdp, before.direction);
            self.event(Event::OfferRefused {
                leg: id,
                status: 488,
            });
        }
        self.turn_again(id, before.then, now);
    }

    fn turn_again(&mut self, id: LegId, then: Option<Direction>, now: Instant) {
        if let Some(direction) = then {
            self.turn(id, direction, now);
        }
    }

    /// The deadline of a leg that is up has come.
    pub(super) fn up_due(&mut self, id: LegId, now: Instant) {
        self.telling_due(id, now);
        self.offer_due(id, now);
        self.session_due(id, now);
        self.set_leg_timer(id);
    }
}
