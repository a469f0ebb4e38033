//! Keeps a session from expiring (RFC 4028 section 10): UPDATE if the peer takes it (section 7.4
//! recommends it), with the description that holds if it refuses one without, else a re-INVITE with
//! that. A re-INVITE with what the shell offers anew ([`offering`](super::offering)) is a refresh too.
//!
//! # Invariants
//!
//! - One refresh is under way at most, and none while an answer of ours waits for its ACK.
//! - A refresh without an offer of the shell changes nothing but the timer, the peer's address, and
//!   what the peer itself changes in its answer.

use std::time::{Duration, Instant};

use rand::Rng as _;

use super::{
    ALLOW, Endpoint, SUPPORTED,
    clients::{NoAnswer, Purpose},
    leg::{Early, Leg, Phase},
    outgoing::sdp_of,
    session_timer::{Asked, MIN_SE_SECOND_MAX, Role, SessionTimer},
};
use crate::{
    EndedBy, LegId, Link, Reason,
    message::{Envelope, Method, Response},
};

/// Wait for the ACK to an answer of ours, or for another refresh, before one is tried again.
pub(super) const BUSY: Duration = Duration::from_secs(1);
/// Longer intervals that one request is sent again with: one that the peer wants, and one of a proxy
/// on the way that wants more than it. A third is a peer that always wants more.
const LONGER_MAX: u8 = 2;

impl Leg {
    /// A new request of ours begins, with all of its tries before it.
    pub fn begin_request(&mut self) {
        self.n_longer = 0;
        if let Some(prover) = &mut self.prover {
            prover.begin();
        }
    }

    /// The interval that our request may go again with after a 422 that has this `Min-SE`, s (sections
    /// 7.3 and 7.4); `None`: it is refused.
    pub fn longer(&mut self, min_second: Option<u32>) -> Option<u32> {
        let is_longer = |min: &u32| self.min_se_second.is_none_or(|known| *min > known);
        let min = min_second
            .filter(is_longer)
            .filter(|&min| min <= MIN_SE_SECOND_MAX && self.n_longer < LONGER_MAX)?;
        self.n_longer += 1;
        self.min_se_second = Some(min);
        Some(min)
    }
}

impl Endpoint {
    /// A leg that is up has a deadline of its session timer.
    pub(super) fn session_due(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let Some(timer) = &mut leg.timer else {
            return;
        };
        if timer.end_at <= now {
            let reason = Reason::sip(408, "session expired");
            return self.leave(id, Some(&reason), EndedBy::Timeout, now);
        }
        if timer.refresh_at.is_some_and(|at| at <= now) {
            let is_busy = leg.unacked.is_some() || leg.refresh.is_some();
            timer.refresh_at = is_busy.then_some(now + BUSY);
            if timer.refresh_at.is_none() {
                leg.begin_request();
                self.send_refresh(id, now);
            }
        }
        self.set_leg_timer(id);
    }

    pub(super) fn send_refresh(&mut self, id: LegId, now: Instant) {
        let cnonce = self.token();
        let Some(link) = self.legs.get(&id).map(|leg| leg.dialog.next_hop()) else {
            return;
        };
        let (branch, via) = self.new_via(&link);
        let contact = self.contact(&link);
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let body = leg.offer_now();
        let method = match body {
            None if leg.takes_update => Method::Update,
            Some(_) | None => Method::Invite,
        };
        leg.dialog.local_cseq += 1;
        let (uri, mut builder) = leg.dialog.request(&method, leg.dialog.local_cseq, &via);
        builder
            .header("Contact", contact)
            .header("Allow", ALLOW)
            .header("Supported", SUPPORTED)
            .header("User-Agent", &self.config.user_agent);
        if let Some(timer) = leg.timer {
            // Who refreshes stays as it is (RFC 4028 section 7.4): an offer of ours is a refresh too.
            let refresher = if timer.is_ours { "uac" } else { "uas" };
            let least = leg.min_se_second.unwrap_or(0);
            let interval = timer.interval_second.max(least);
            let expires = format_args!("{interval};refresher={refresher}");
            builder.header("Session-Expires", expires);
        }
        if let Some(min) = leg.min_se_second {
            builder.header("Min-SE", min);
        }
        if let Some(prover) = &mut leg.prover {
            for (name, value) in prover.headers(&method, &uri, &cnonce) {
                builder.header(name, value);
            }
        }
        let bytes = match method {
            Method::Update if !leg.updates_offer => builder.finish(),
            _ => {
                let body = body.as_deref().unwrap_or(&leg.sdp);
                builder.finish_with("application/sdp", body)
            }
        };
        let tx = self.start_client(bytes, link, &branch, method, Purpose::Refresh(id), now);
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.refresh = Some(tx);
            leg.refresh_early = Early::default();
        }
    }

    /// A response to our refresh.
    pub(super) fn on_refreshed(
        &mut self,
        id: LegId,
        tx: u64,
        response: &Response,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) {
        if response.status < 200 {
            return self.acknowledge_inside(id, tx, response, envelope, now);
        }
        let is_invite = envelope.cseq_method == Method::Invite;
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        if is_invite && response.status < 300 {
            if !self.clients[&tx].is_by_tcp {
                leg.dialog.link = link;
            }
            leg.dialog.refresh_target(&response.headers);
            let mut dialog = leg.dialog.clone();
            dialog.link = link;
            dialog.local_cseq = envelope.cseq;
            self.send_ack(tx, &dialog, None);
        }
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| leg.refresh == Some(tx)) else {
            return;
        };
        leg.refresh = None;
        if !matches!(leg.phase, Phase::Up) {
            return;
        }
        match response.status {
            ..300 => self.refreshed(id, response, now),
            401 | 407 => {
                let prover = leg.prover.as_mut();
                if prover.is_some_and(|p| p.challenged(response.status, &response.headers)) {
                    self.send_refresh(id, now);
                } else {
                    self.offer_refused(id, response.status, now);
                }
            }
            405 | 501 if leg.takes_update => {
                leg.takes_update = false;
                self.send_refresh(id, now);
            }
            // Some take no UPDATE without a description, and some none that says what holds.
            400 | 488 | 500 | 606 if leg.takes_update && !is_invite => {
                leg.takes_update = !std::mem::replace(&mut leg.updates_offer, true);
                self.send_refresh(id, now);
            }
            408 | 481 => {
                let reason = Reason::sip(response.status, "session refresh failed");
                self.leave(id, Some(&reason), EndedBy::Timeout, now);
            }
            422 => self.refresh_longer(id, response, now),
            491 => self.refresh_after_glare(id, now),
            // The call goes on until the session expires (section 10).
            status => self.offer_refused(id, status, now),
        }
    }

    fn refreshed(&mut self, id: LegId, response: &Response, now: Instant) {
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        leg.dialog.refresh_target(&response.headers);
        leg.timer = Asked::of(&response.headers)
            .agreed()
            .map(|agreed| SessionTimer::start(agreed, Role::Uac, now));
        // A reliable provisional answer may have brought it already (RFC 3262 section 5).
        let early = std::mem::take(&mut leg.refresh_early).sdp;
        let sdp =
            sdp_of(&response.headers, &response.body).or(Some(early).filter(|sdp| !sdp.is_empty()));
        let before = leg.take_offering();
        self.set_leg_timer(id);
        let is_agreed = sdp.is_some_and(|sdp| self.reoffered(id, sdp));
        if let Some(before) = before {
            self.offer_taken(id, before, is_agreed, now);
        }
    }

    /// The peer, or a proxy on the way, wants longer intervals (section 7.4).
    fn refresh_longer(&mut self, id: LegId, response: &Response, now: Instant) {
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        let interval = leg.timer.map(|timer| timer.interval_second);
        let asked = Asked::of(&response.headers).min_second;
        let asked = asked.filter(|&min| interval.is_some_and(|interval| min > interval));
        let Some(min) = leg.longer(asked) else {
            return self.offer_refused(id, 422, now);
        };
        if let Some(timer) = &mut leg.timer {
            timer.interval_second = min;
        }
        self.send_refresh(id, now);
    }

    /// Both sides began at once: who made the call waits longer (RFC 3261 section 14.1).
    fn refresh_after_glare(&mut self, id: LegId, now: Instant) {
        let ms = if id < LegId::INCOMING_FIRST {
            self.rng.random_range(210..400) * 10
        } else {
            self.rng.random_range(0..200) * 10
        };
        let at = now + Duration::from_millis(ms);
        match self.legs.get_mut(&id) {
            Some(Leg {
                offering: Some(offering),
                ..
            }) => offering.wait_until(at),
            Some(Leg {
                timer: Some(timer), ..
            }) => timer.refresh_at = Some(at),
            Some(_) | None => {}
        }
        self.set_leg_timer(id);
    }

    /// Nobody answered our refresh: the peer is gone (RFC 4028 section 10).
    pub(super) fn on_refresh_silence(&mut self, id: LegId, tx: u64, why: NoAnswer, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| leg.refresh == Some(tx)) else {
            return;
        };
        leg.refresh = None;
        if !matches!(leg.phase, Phase::Up) {
            return;
        }
        match why {
            NoAnswer::Silence => {
                let reason = Reason::sip(408, "session refresh was not answered");
                self.leave(id, Some(&reason), EndedBy::Timeout, now);
            }
            // A connection can be made anew; the session has half of its time left.
            NoAnswer::LinkFailed => {
                if let Some(offering) = &mut leg.offering {
                    offering.wait_until(now + self.config.timing.t2);
                } else if let Some(timer) = &mut leg.timer {
                    timer.refresh_at = Some(now + self.config.timing.t2);
                }
                self.set_leg_timer(id);
            }
        }
    }
}
