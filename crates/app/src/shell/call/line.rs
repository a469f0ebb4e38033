//! The SIP leg of one call, in the words of the call session.
//!
//! # Invariants
//!
//! - Where media must be encrypted, it never starts in the clear, nor goes on so after a change.

mod called;
mod places;
mod sound;
mod terms;
mod words;

use std::{collections::VecDeque, sync::Arc};

use anyhow::Context as _;
use engine::call::LegEvent;
use media::security::Identity;
use model::{EndCause, KeyPresses, MediaEncryption, MediaTimeout, PhoneContact, Trunk};
use sip::{
    Command, EndedBy, Event, Invite, InviteRules, LegId, Link, NameAddr, Reason, Referring, Uri,
    sdp::{self, Codec, Negotiated, Session},
};
use tokio::sync::mpsc;

use super::{
    caller::{shown, user_to_phone, user_to_user},
    diverted::Past,
    keys,
};
use crate::{
    App,
    call_legs::LegEntry,
    shell::{
        inbound::identity,
        media::RtpSockets,
        registrar::link_of,
        sip::{LegHold, Report},
    },
};
pub use sound::Moved;
use sound::{Carried, stream_of};
pub use terms::MediaTerms;
use words::{canceled, codecs, credentials, digit, local, q850, refusal_of, refused, words_of};

/// One SIP leg.
pub struct Line {
    hold: LegHold,
    reports: mpsc::Receiver<Report>,
    local_sdp: Option<Session>,
    /// Bound for the SDP; taken when media starts.
    pub sockets: Option<RtpSockets>,
    /// What both sides agreed on.
    pub negotiated: Option<Negotiated>,
    /// The caller waits for our answer.
    is_unanswered: bool,
    /// Whether sound before the answer is wanted.
    early_media: bool,
    /// The phone whose sound is heard before the answer, of those that a proxy rings.
    early_phone: Option<usize>,
    /// What is told next.
    waiting: VecDeque<LineEvent>,
    encryption: MediaEncryption,
    /// The call that it belongs to.
    entry: Option<LegEntry>,
    key_presses: KeyPresses,
    /// How long the peer may be silent, once it has answered.
    timeout: MediaTimeout,
    /// It has answered, or confirmed our answer.
    is_up: bool,
    /// The peer has pressed keys by INFO.
    signals_keys: bool,
    /// The way of its signalling.
    link: Link,
    /// How it was last said to be carried.
    carried: Option<Carried>,
    /// Our certificate in handshakes of media.
    identity: Arc<Identity>,
}

/// What the leg has for the call's task.
pub enum LineEvent {
    /// For the call session.
    Leg(LegEvent),
    /// A key, by INFO.
    Digit(char),
    /// A text of the peer's customer (User-to-User), with its answer or its BYE.
    UserData(String),
    /// Media goes elsewhere now, is something else, or rests.
    Moved(Moved),
    /// The peer asks us to call somebody else (REFER).
    Referred(Box<Referring>),
    /// The peer says how the transfer goes that we asked for.
    ReferTold {
        /// Status of its call; `None`: it does not answer.
        status: Option<u16>,
        /// Nothing more will be told.
        is_last: bool,
    },
}

/// Calls `user` by a trunk.
pub struct Dial<'a> {
    /// The trunk.
    pub trunk: &'a Trunk,
    /// The way to it.
    pub link: Link,
    /// The user part to dial.
    pub callee: String,
    /// The user part to show.
    pub caller: String,
    /// The customer's own text, carried as User-to-User (RFC 7433).
    pub user_data: Option<&'a str>,
    /// How the call came.
    pub past: &'a Past,
    /// Longest ringing.
    pub ring_time_max: std::time::Duration,
}

/// Calls a phone that has registered.
pub struct Ring<'a> {
    /// Where it is.
    pub contact: &'a PhoneContact,
    /// The user part to show.
    pub caller: String,
    /// Our domain.
    pub domain: String,
    /// The customer's own text, carried as User-to-User (RFC 7433) if there is room for it.
    pub user_data: Option<&'a str>,
    /// What to offer.
    pub terms: &'a MediaTerms,
    /// Longest ringing.
    pub ring_time_max: std::time::Duration,
}

impl Line {
    /// Whether the leg has ended.
    pub fn is_over(&self) -> bool {
        self.hold.is_over()
    }

    /// Sends the INVITE.
    ///
    /// # Errors
    ///
    /// For what no trunk helps against.
    pub async fn dial(app: &App, dial: Dial<'_>) -> anyhow::Result<Self> {
        let settings = &dial.trunk.settings;
        let link = dial.link;
        let sockets = app.media().bind().context("no RTP port")?;
        let terms = MediaTerms::of_trunk(settings);
        let codecs = codecs(&terms.codecs);
        let offer = sdp::offer(&local(app, &sockets, link, &terms, true), &codecs);
        let domain = settings.domain.as_deref().unwrap_or(&settings.host);
        let leg = app.sip().new_leg();
        let identity = settings.signalling.caller_identity;
        let (from, mut headers) = shown(&dial.caller, domain, identity);
        let to = Uri::sip(&dial.callee, domain, None);
        headers.extend(dial.past.headers(&to, domain, identity));
        headers.extend(user_to_user(dial.user_data));
        let invite = Invite {
            leg,
            to,
            from,
            link,
            routes: Vec::new(),
            credentials: credentials(settings),
            headers,
            sdp: offer.to_bytes(),
            ring_time_max: dial.ring_time_max,
            rules: InviteRules {
                redirects_max: settings.signalling.redirects_max,
                first_answer_max: Some(settings.signalling.first_answer_max),
                late_offer: settings.signalling.late_offer,
            },
        };
        let reports = app.sip().invite(invite).await?;
        let hold = LegHold::new(app.sip(), leg);
        let allow = allowed(leg, codecs, &terms);
        app.sip().command(allow).await?;
        Ok(Self {
            hold,
            reports,
            local_sdp: Some(offer),
            sockets: Some(sockets),
            negotiated: None,
            encryption: terms.encryption,
            key_presses: terms.key_presses,
            timeout: terms.timeout,
            is_up: false,
            signals_keys: false,
            link,
            carried: None,
            identity: Arc::clone(app.media().identity()),
            is_unanswered: false,
            early_media: settings.signalling.early_media && !settings.signalling.late_offer,
            early_phone: None,
            waiting: VecDeque::new(),
            entry: None,
        })
    }

    /// Calls a phone where it has registered.
    ///
    /// # Errors
    ///
    /// If what it has registered is no address, or we lack something.
    pub async fn ring(app: &App, ring: Ring<'_>) -> anyhow::Result<Self> {
        let contact: Uri = ring.contact.uri.parse().context("a phone has no address")?;
        let link = link_of(ring.contact);
        let sockets = app.media().bind().context("no RTP port")?;
        let codecs = codecs(&ring.terms.codecs);
        let offer = sdp::offer(&local(app, &sockets, link, ring.terms, true), &codecs);
        let leg = app.sip().new_leg();
        let invite = Invite {
            leg,
            to: contact,
            from: NameAddr::new(Uri::sip(&ring.caller, &ring.domain, None)),
            link,
            routes: ring.contact.path.clone(),
            credentials: None,
            headers: user_to_phone(ring.user_data, link.transport),
            sdp: offer.to_bytes(),
            ring_time_max: ring.ring_time_max,
            rules: InviteRules::default(),
        };
        let reports = app.sip().invite(invite).await?;
        let hold = LegHold::new(app.sip(), leg);
        let allow = allowed(leg, codecs, ring.terms);
        app.sip().command(allow).await?;
        Ok(Self {
            hold,
            reports,
            local_sdp: Some(offer),
            sockets: Some(sockets),
            negotiated: None,
            encryption: ring.terms.encryption,
            key_presses: ring.terms.key_presses,
            timeout: ring.terms.timeout,
            is_up: false,
            signals_keys: false,
            link,
            carried: None,
            identity: Arc::clone(app.media().identity()),
            is_unanswered: false,
            early_media: false,
            early_phone: None,
            waiting: VecDeque::new(),
            entry: None,
        })
    }

    /// Ends the leg by what its state needs.
    pub async fn hang_up(&self, app: &App, cause: EndCause) {
        if self.is_unanswered {
            return app
                .refuse_incoming(self.hold.leg(), refusal_of(cause))
                .await;
        }
        let reason = Reason {
            protocol: "Q.850".into(),
            cause: Some(q850(cause)),
            text: Some(cause.name().replace('_', " ")),
        };
        if app
            .sip()
            .command(Command::HangUp {
                leg: self.hold.leg(),
                reason: Some(reason),
            })
            .await
            .is_err()
        {
            tracing::error!("the SIP task has ended before the call");
        }
    }

    /// What happens next. Waits for ever once the leg is over. Cancel-safe.
    pub async fn next(&mut self) -> LineEvent {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return event;
            }
            if self.hold.is_over() {
                std::future::pending::<()>().await;
            }
            let Some(report) = self.reports.recv().await else {
                self.hold.end();
                return LineEvent::Leg(LegEvent::Failed {
                    why: "the SIP task has ended".into(),
                });
            };
            if let Some(event) = self.translate(report) {
                return event;
            }
        }
    }

    fn translate(&mut self, report: Report) -> Option<LineEvent> {
        let event = match report {
            Report::Dialed { call_id, peer } => {
                let (sip_call_id, peer) = (call_id, peer.to_string());
                return Some(LineEvent::Leg(LegEvent::Dialed { sip_call_id, peer }));
            }
            Report::Event(event) => event,
        };
        let leg_event = match event {
            Event::Progress {
                status, sdp, phone, ..
            } => {
                self.early(sdp.as_deref(), phone);
                LegEvent::Rang { status }
            }
            Event::Redirected { status, link, .. } => {
                tracing::info!(status, to = %link.remote, "a trunk sent a call elsewhere");
                return None;
            }
            Event::Answered {
                sdp,
                negotiated,
                link,
                ..
            } => return Some(self.on_answer(&sdp, negotiated, link)),
            Event::Confirmed { sdp, .. } => self.on_confirmation(sdp.as_deref()),
            Event::Reoffered { negotiated, .. } => return Some(self.moved(*negotiated)),
            Event::Info {
                content_type, body, ..
            } => return self.pressed(&content_type, &body),
            Event::UserData { value, .. } => {
                return identity::user_data(&value).map(LineEvent::UserData);
            }
            Event::Refused { refusal, .. } => {
                self.hold.end();
                refused(&refusal)
            }
            Event::Canceled { by, reason, .. } => {
                self.hold.end();
                canceled(by, reason)
            }
            Event::Ended { by, reason, .. } => {
                self.hold.end();
                let reason = reason.map_or_else(String::new, words_of);
                let by_peer = by == EndedBy::Peer;
                LegEvent::Ended { by_peer, reason }
            }
            Event::Referred(referring) => return Some(LineEvent::Referred(referring)),
            Event::ReferAnswered { status, .. } => return Some(places::refer_answered(status)),
            Event::ReferTold {
                status, is_last, ..
            } => {
                let status = Some(status);
                return Some(LineEvent::ReferTold { status, is_last });
            }
            Event::OfferRefused { status, .. } => {
                tracing::info!(status, "a peer took no offer of ours");
                return None;
            }
            Event::Incoming(_)
            | Event::Registering(_)
            | Event::RegisterAnswered { .. }
            | Event::OptionsAnswered { .. } => return None,
        };
        Some(LineEvent::Leg(leg_event))
    }

    /// The callee answered us, or we its offer.
    fn on_answer(
        &mut self,
        sdp: &[u8],
        negotiated: Option<Box<Negotiated>>,
        link: Link,
    ) -> LineEvent {
        self.link = link;
        self.is_up = true;
        let answered = match negotiated {
            Some(negotiated) => {
                self.negotiated = Some(*negotiated);
                self.agreed()
            }
            None => self.agree(sdp),
        };
        self.after_early_media(answered)
    }

    /// The peer confirmed our answer; if that was an offer, with its own answer to it.
    fn on_confirmation(&mut self, sdp: Option<&[u8]>) -> LegEvent {
        self.is_up = true;
        match sdp {
            Some(answer) => self.agree(answer),
            None => self.agreed(),
        }
    }

    /// The peer may have pressed a key by INFO.
    fn pressed(&mut self, content_type: &str, body: &[u8]) -> Option<LineEvent> {
        let key = digit(content_type, body)?;
        self.signals_keys = true;
        Some(LineEvent::Digit(key))
    }

    /// Something may be heard before the answer: what the first phone sends that has anything to be
    /// heard. Others that a proxy rings are not mixed with it; the one that answers is heard then.
    fn early(&mut self, sdp: Option<&[u8]>, phone: usize) {
        let (Some(sdp), Some(ours)) = (sdp, &self.local_sdp) else {
            return;
        };
        if !self.early_media || self.early_phone.is_some_and(|heard| heard != phone) {
            return;
        }
        let theirs = Session::parse(sdp).ok();
        let agreed = theirs.and_then(|theirs| sdp::negotiated(ours, &theirs).ok());
        // What cannot be heard does not end a call that may still be answered.
        let Some(agreed) = agreed.filter(|agreed| stream_of(agreed).is_some()) else {
            return;
        };
        let event = match self.early_phone.replace(phone) {
            None => {
                self.negotiated = Some(agreed);
                LineEvent::Leg(LegEvent::EarlyMedia)
            }
            Some(_) if self.negotiated.as_ref() == Some(&agreed) => return,
            Some(_) => self.moved(agreed),
        };
        self.waiting.push_back(event);
    }

    /// Media that runs already follows what the answer says, which may come from another phone.
    fn after_early_media(&mut self, answered: LegEvent) -> LineEvent {
        match self
            .negotiated
            .clone()
            .filter(|_| self.early_phone.is_some())
        {
            Some(agreed) => {
                self.waiting.push_back(LineEvent::Leg(answered));
                self.moved(agreed)
            }
            None => LineEvent::Leg(answered),
        }
    }

    fn agree(&mut self, answer: &[u8]) -> LegEvent {
        let ours = self
            .local_sdp
            .as_ref()
            .expect("a leg has an SDP of its own");
        let agreed = Session::parse(answer)
            .map_err(|why| why.to_string())
            .and_then(|answer| sdp::negotiated(ours, &answer).map_err(|why| why.to_string()));
        match agreed {
            Ok(agreed) => {
                self.negotiated = Some(agreed);
                self.agreed()
            }
            Err(why) => LegEvent::Failed {
                why: format!("media could not be agreed on: {why}"),
            },
        }
    }

    fn agreed(&self) -> LegEvent {
        match &self.negotiated {
            Some(agreed) => LegEvent::Answered {
                codec: agreed.codec.name().to_owned(),
                peer: agreed.remote.to_string(),
            },
            None => LegEvent::Failed {
                why: "the caller sent no answer to our SDP offer".into(),
            },
        }
    }

    /// The endpoint has answered the peer's new offer already.
    fn moved(&mut self, agreed: Negotiated) -> LineEvent {
        if self.encryption == MediaEncryption::Mandatory && agreed.secured.is_none() {
            return LineEvent::Leg(LegEvent::Failed {
                why: "the peer went on without encryption".into(),
            });
        }
        let moved = self.moved_to(&agreed);
        self.negotiated = Some(agreed);
        LineEvent::Moved(moved)
    }
}

/// What the peer may change while the call is up.
fn allowed(leg: LegId, codecs: Vec<Codec>, terms: &MediaTerms) -> Command {
    Command::AllowCodecs {
        leg,
        codecs,
        events: words::events(terms),
    }
}
