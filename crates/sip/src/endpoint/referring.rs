//! Transfers (RFC 3515): REFER of the peer, handed to the shell and told of by NOTIFY; and ours.
//!
//! The endpoint carries the words. Whom to call, and whom to join with whom, is the shell's.
//!
//! # Invariants
//!
//! - One transfer of a leg is under way in each direction; a second REFER meanwhile gets 491.
//! - Every REFER that was accepted is told of at once and, as long as its leg is up, at its end.
//! - What the shell does not answer is refused after [`ANSWER_MAX`].

use std::time::{Duration, Instant};

use super::{
    ALLOW, Endpoint, Owner,
    clients::Purpose,
    leg::{Leg, Phase},
    requests::Refused,
    servers::Pending,
};
use crate::{
    Event, LegId, NameAddr, Referring, Replaces, RequestId, Uri,
    message::{Headers, Method, Request, Response, phrase},
    timers::Deadline,
};

/// The shell's time to answer a REFER: well below the 32 s after which its sender gives up.
const ANSWER_MAX: Duration = Duration::from_secs(8);
/// How long a transfer may take: the longest ringing, and some.
const TELLING_MAX: Duration = Duration::from_secs(180);
/// The event package of transfers.
const PACKAGE: &str = "refer";
/// Media type of what is told (RFC 3420).
const SIPFRAG: &str = "message/sipfrag;version=2.0";

/// A REFER that waits for the shell.
#[derive(Debug)]
pub(super) struct ReferServer {
    leg: LegId,
    pending: Pending,
    key: String,
    /// CSeq of the REFER, which names its subscription.
    cseq: u32,
    /// The peer does not want to be told (RFC 4488).
    silent: bool,
}

/// A transfer that is told of.
#[derive(Debug)]
pub(super) struct Telling {
    request: RequestId,
    /// Value of `Event`.
    event: String,
    until: Instant,
}

/// A transfer that we asked for.
#[derive(Debug)]
pub(super) struct Asked {
    refer_to: String,
    is_accepted: bool,
}

impl Telling {
    /// When it ends by itself.
    pub fn deadline(&self) -> Deadline {
        (self.until, "end of a transfer")
    }
}

impl Endpoint {
    /// REFER inside a dialog.
    pub(super) fn on_refer(
        &mut self,
        id: LegId,
        request: &Request,
        pending: Pending,
        key: String,
        now: Instant,
    ) {
        let headers = &request.headers;
        let to = match refer_to(headers) {
            Ok(to) => to,
            Err(refused) => return self.answer_stateless(&pending, &refused),
        };
        let is_busy = self.refers_in.values().any(|refer| refer.leg == id);
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        if !matches!(leg.phase, Phase::Up) || leg.telling.is_some() || is_busy {
            return self.answer_stateless(&pending, &Refused::plain(491));
        }
        leg.n_referred += 1;
        let silent = headers
            .get("Refer-Sub")
            .is_some_and(|wish| wish.trim().eq_ignore_ascii_case("false"));
        let replaces = Replaces::of_uri(&to.uri);
        let replaced = replaces
            .as_ref()
            .and_then(|replaces| self.leg_named(replaces));
        let cseq = pending.cseq();
        let request_id = RequestId(self.new_id());
        let refer = ReferServer {
            leg: id,
            pending,
            key: key.clone(),
            cseq,
            silent,
        };
        self.refers_in.insert(request_id, refer);
        self.request_keys.insert(key, request_id);
        let owner = Owner::Refer(request_id);
        self.timers
            .set(owner, Some((now + ANSWER_MAX, "answer to REFER")));
        self.event(Event::Referred(Box::new(Referring {
            leg: id,
            request: request_id,
            to,
            replaces,
            replaced,
            referred_by: headers.get("Referred-By").map(str::to_owned),
            headers: headers.clone(),
        })));
    }

    /// The shell answers a REFER.
    pub(super) fn answer_refer(&mut self, request: RequestId, status: u16, now: Instant) {
        let Some(refer) = self.refers_in.remove(&request) else {
            return;
        };
        self.request_keys.remove(&refer.key);
        self.timers.set(Owner::Refer(request), None);
        let status = match status {
            202 | 300..700 => status,
            _ => 500,
        };
        let mut builder = refer.pending.response(status, None);
        builder
            .header("Contact", self.contact(&refer.pending.link))
            .header("Server", &self.config.user_agent);
        if status == 202 && refer.silent {
            builder.header("Refer-Sub", "false");
        }
        let bytes = builder.finish();
        self.answer_simple(&refer.pending, refer.key, bytes, now);
        let leg = self.legs.get_mut(&refer.leg);
        let Some(leg) = leg.filter(|_| status == 202 && !refer.silent) else {
            return;
        };
        // The first may go without its name; phones of before RFC 3515 know none.
        let event = match leg.n_referred {
            1 => PACKAGE.to_owned(),
            _ => format!("{PACKAGE};id={}", refer.cseq),
        };
        leg.telling = Some(Telling {
            request,
            event,
            until: now + TELLING_MAX,
        });
        self.notify(refer.leg, 100, "active;expires=180", now);
        self.set_leg_timer(refer.leg);
    }

    /// A leg is over: its REFER concerns nobody any more.
    pub(super) fn forget_refers(&mut self, leg: LegId) {
        let gone = |refer: &ReferServer| refer.leg == leg;
        while let Some((&request, _)) = self.refers_in.iter().find(|(_, refer)| gone(refer)) {
            if let Some(refer) = self.refers_in.remove(&request) {
                self.request_keys.remove(&refer.key);
            }
            self.timers.set(Owner::Refer(request), None);
        }
    }

    /// The shell has not answered a REFER.
    pub(super) fn refer_due(&mut self, request: RequestId, now: Instant) {
        self.answer_refer(request, 480, now);
    }

    /// The shell says how a transfer goes.
    pub(super) fn tell_referrer(&mut self, request: RequestId, status: u16, now: Instant) {
        let told = self.legs.iter().find(|(_, leg)| {
            leg.telling
                .as_ref()
                .is_some_and(|telling| telling.request == request)
        });
        let Some((&id, _)) = told else {
            return;
        };
        let status = if (100..700).contains(&status) {
            status
        } else {
            500
        };
        if status < 200 {
            return self.notify(id, status, "active;expires=180", now);
        }
        self.notify(id, status, "terminated;reason=noresource", now);
        self.telling_failed(id);
    }

    /// A transfer may have taken too long.
    pub(super) fn telling_due(&mut self, id: LegId, now: Instant) {
        let telling = self.legs.get(&id).and_then(|leg| leg.telling.as_ref());
        if telling.is_some_and(|telling| telling.until <= now) {
            self.notify(id, 408, "terminated;reason=timeout", now);
            self.telling_failed(id);
        }
    }

    /// Nothing more is told of a transfer.
    pub(super) fn telling_failed(&mut self, id: LegId) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.telling = None;
        }
        self.set_leg_timer(id);
    }

    fn notify(&mut self, id: LegId, status: u16, state: &str, now: Instant) {
        let Some(event) = self
            .legs
            .get(&id)
            .and_then(|leg| Some(leg.telling.as_ref()?.event.clone()))
        else {
            return;
        };
        let fields = [("Event", event.as_str()), ("Subscription-State", state)];
        let body = format!("SIP/2.0 {status} {}\r\n", phrase(status));
        let method = Method::Notify;
        self.send_in_dialog(
            id,
            &method,
            &fields,
            body.as_bytes(),
            Purpose::Notify(id),
            now,
        );
    }

    /// Sends a request without offer inside a call that is up.
    fn send_in_dialog(
        &mut self,
        id: LegId,
        method: &Method,
        fields: &[(&str, &str)],
        body: &[u8],
        purpose: Purpose,
        now: Instant,
    ) {
        let cnonce = self.token();
        let Some(link) = self.legs.get(&id).map(|leg| leg.dialog.next_hop()) else {
            return;
        };
        let (branch, via) = self.new_via(&link);
        let contact = self.contact(&link);
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        leg.dialog.local_cseq += 1;
        let cseq = leg.dialog.local_cseq;
        let (uri, mut builder) = leg.dialog.request(method, cseq, &via);
        builder.header("Contact", contact);
        for (name, value) in fields {
            builder.header(name, value);
        }
        if let Some(prover) = &mut leg.prover {
            for (name, value) in prover.headers(method, &uri, &cnonce) {
                builder.header(name, value);
            }
        }
        builder
            .header("Allow", ALLOW)
            .header("User-Agent", &self.config.user_agent);
        let bytes = builder.finish_with(SIPFRAG, body);
        self.start_client(bytes, link, &branch, method.clone(), purpose, now);
    }

    /// The shell asks the peer to call somebody else.
    pub(super) fn refer(&mut self, id: LegId, to: &Uri, replaced: Option<LegId>, now: Instant) {
        let refused = |status| Event::ReferAnswered {
            leg: id,
            status: Some(status),
        };
        let refer_to = match replaced {
            None => Some(format!("<{to}>")),
            Some(other) => self.legs.get(&other).and_then(Leg::replaced_by),
        };
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        if !matches!(leg.phase, Phase::Up) || leg.asked_to_refer.is_some() {
            return self.event(refused(491));
        }
        let Some(refer_to) = refer_to else {
            return self.event(refused(481));
        };
        leg.asked_to_refer = Some(Asked {
            refer_to,
            is_accepted: false,
        });
        if let Some(prover) = &mut leg.prover {
            prover.begin();
        }
        self.send_refer(id, now);
    }

    fn send_refer(&mut self, id: LegId, now: Instant) {
        let asked = self.legs.get(&id).and_then(|leg| {
            let asked = leg.asked_to_refer.as_ref()?;
            let local: NameAddr = leg.dialog.local.parse().ok()?;
            Some((asked.refer_to.clone(), format!("<{}>", local.uri)))
        });
        let Some((refer_to, by)) = asked else {
            return;
        };
        let fields = [
            ("Refer-To", refer_to.as_str()),
            ("Referred-By", by.as_str()),
        ];
        self.send_in_dialog(id, &Method::Refer, &fields, b"", Purpose::Refer(id), now);
    }

    /// A final answer to our REFER.
    pub(super) fn refer_answered(&mut self, id: LegId, response: &Response, now: Instant) {
        let status = response.status;
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let Some(asked) = &mut leg.asked_to_refer else {
            return;
        };
        if let Some(prover) = &mut leg.prover
            && matches!(status, 401 | 407)
            && prover.challenged(status, &response.headers)
        {
            return self.send_refer(id, now);
        }
        match status {
            ..300 => asked.is_accepted = true,
            300.. => leg.asked_to_refer = None,
        }
        self.event(Event::ReferAnswered {
            leg: id,
            status: Some(status),
        });
    }

    /// Nobody answered our REFER.
    pub(super) fn refer_unanswered(&mut self, id: LegId) {
        let leg = self.legs.get_mut(&id);
        if leg.and_then(|leg| leg.asked_to_refer.take()).is_some() {
            self.event(Event::ReferAnswered {
                leg: id,
                status: None,
            });
        }
    }

    /// NOTIFY inside a dialog: of the transfer that we asked for, or of nothing that we know.
    pub(super) fn on_notify(
        &mut self,
        id: LegId,
        request: &Request,
        pending: &Pending,
        key: String,
        now: Instant,
    ) {
        let headers = &request.headers;
        if !is_of_transfers(headers) {
            return self.answer_stateless(pending, &Refused::bad_event());
        }
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        if leg.asked_to_refer.is_none() {
            return self.answer_stateless(pending, &Refused::plain(481));
        }
        let state = headers.get("Subscription-State").unwrap_or_default();
        let state = state.split(';').next().unwrap_or_default().trim();
        let is_last = state.eq_ignore_ascii_case("terminated");
        if is_last {
            leg.asked_to_refer = None;
        }
        self.answer_ok(pending, key, now);
        self.event(Event::ReferTold {
            leg: id,
            status: status_of_fragment(&request.body),
            is_last,
        });
    }

    /// Our leg of the dialog that a `Replaces` names, seen from us.
    pub(super) fn leg_named(&self, replaces: &Replaces) -> Option<LegId> {
        let key = (replaces.call_id.clone(), replaces.to_tag.clone());
        let &id = self.dialog_ids.get(&key)?;
        let leg = &self.legs[&id];
        let fits = match (&leg.phase, &leg.dialog.remote_tag) {
            (Phase::Calling(calling), _) => calling.early.contains_key(&replaces.from_tag),
            (Phase::Ringing(_) | Phase::Up | Phase::Leaving, Some(tag)) => {
                // Peers of RFC 2543 have no tag, and are named 0.
                *tag == replaces.from_tag || tag.is_empty() && replaces.from_tag == "0"
            }
            (Phase::Ringing(_) | Phase::Up | Phase::Leaving, None) => false,
        };
        fits.then_some(id)
    }

    /// The leg that a new INVITE takes the place of (RFC 3891 section 3).
    pub(super) fn replaced_by(&self, headers: &Headers) -> Result<Option<LegId>, Refused> {
        let Some(replaces) = Replaces::of(headers).map_err(|()| Refused::plain(400))? else {
            return Ok(None);
        };
        let id = self.leg_named(&replaces);
        let id = id.ok_or_else(|| Refused::plain(481))?;
        match self.legs[&id].phase {
            Phase::Up if replaces.early_only => Err(Refused::plain(486)),
            Phase::Leaving => Err(Refused::plain(603)),
            // Only who makes a call may have it replaced before the answer.
            Phase::Ringing(_) => Err(Refused::plain(481)),
            Phase::Up | Phase::Calling(_) => Ok(Some(id)),
        }
    }
}

impl Leg {
    /// A Refer-To value that has its peer called in the place of this leg.
    fn replaced_by(&self) -> Option<String> {
        let Phase::Up = self.phase else {
            return None;
        };
        let target: Uri = self.dialog.target.parse().ok()?;
        let replaces = Replaces {
            call_id: self.dialog.call_id.clone(),
            to_tag: self.dialog.remote_tag.clone()?,
            from_tag: self.dialog.local_tag.clone(),
            early_only: false,
        };
        Some(format!("<{}>", replaces.on(&target)))
    }
}

/// The one Refer-To of a REFER (RFC 3515 section 2.4.2).
fn refer_to(headers: &Headers) -> Result<NameAddr, Refused> {
    let mut values = headers.values("Refer-To");
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Refused::plain(400));
    };
    let to: NameAddr = value.parse().map_err(|_| Refused::plain(400))?;
    if to.uri.is_sip() || to.uri.scheme == "tel" {
        Ok(to)
    } else {
        Err(Refused::plain(416))
    }
}

fn is_of_transfers(headers: &Headers) -> bool {
    let package = headers.get("Event").unwrap_or_default();
    let package = package.split(';').next().unwrap_or_default().trim();
    package.eq_ignore_ascii_case(PACKAGE)
}

/// The status in the first line of a fragment; 0 if there is none.
fn status_of_fragment(body: &[u8]) -> u16 {
    let line = body.split(|&b| b == b'\n').next().unwrap_or_default();
    std::str::from_utf8(line)
        .ok()
        .and_then(|line| line.trim().strip_prefix("SIP/2.0 "))
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .filter(|status| (100..700).contains(status))
        .unwrap_or(0)
}
