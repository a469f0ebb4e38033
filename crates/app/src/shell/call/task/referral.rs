//! A place of the call that goes to another phone: asked for by REFER, by a call that replaces one of
//! ours, or by another call that takes a phone of this one.

use std::time::Duration;

use engine::call::{Input, LegEvent, MediaEvent, Sought, Successor};
use media::{
    leg,
    playout::{Clip, Displaced, PlayMode},
    tone,
};
use model::{CallId, EndCause, HungUpSide, TransferFailure};
use sip::{Incoming, LegId, Referring, RequestId, sdp::Direction};
use tokio::sync::{mpsc, oneshot};

use super::{
    Task,
    handover::{WAITING, ring_one},
};
use crate::shell::{
    call::{
        CallCommand, MediaTerms, Replace,
        line::LineEvent,
        other::{Other, OtherEvent, Person},
        party::{self, Gift, Given, Origin, depart},
        refer::{self, Wanted},
        seek::{PhoneHolds, Seeker},
    },
    media::Seat,
};

/// Longest wait for another call to give its phone: its task answers between two events.
const GIVE_MAX: Duration = Duration::from_secs(3);

/// What the other call gave.
type Fetched = Option<Gift>;

/// A place that is given away, as far as the shell holds something for it.
pub(super) struct Transfer {
    /// The phone that is to have it.
    pub(super) next: Option<Other>,
    seeker: Option<Seeker>,
    /// Whose place it is.
    side: HungUpSide,
    /// The REFER that asked for it.
    request: Option<RequestId>,
    /// The leg of another call that the REFER names.
    named: Option<LegId>,
    /// A call that waits for our answer.
    caller: Option<(Box<Incoming>, MediaTerms)>,
    pub(super) fetched: mpsc::Receiver<Fetched>,
    to_fetched: mpsc::Sender<Fetched>,
    /// The person's place was taken by somebody else.
    pub(super) has_moved: bool,
    /// What is held for whoever has the person's place.
    holds: PhoneHolds,
}

impl Transfer {
    pub(super) fn new() -> Self {
        let (to_fetched, fetched) = mpsc::channel(1);
        Self {
            next: None,
            seeker: None,
            side: HungUpSide::Staff,
            request: None,
            named: None,
            caller: None,
            fetched,
            to_fetched,
            has_moved: false,
            holds: PhoneHolds::default(),
        }
    }
}

impl Task {
    /// A phone in the call asks for its place to be given away.
    pub(super) async fn referred(&mut self, side: HungUpSide, referring: Referring) {
        let request = referring.request;
        let origin = match side {
            HungUpSide::User => self.origin.as_ref(),
            HungUpSide::Staff | HungUpSide::System => self.other.as_ref().and_then(Other::origin),
        };
        let wanted = match self.session.may_refer(side) {
            Ok(()) => refer::read(&self.app, &self.call, origin, &referring).await,
            Err(status) => Err(status),
        };
        let to = match wanted {
            Ok(Wanted::Phone(target)) => Successor::Phone(target),
            Ok(Wanted::Call { leg, call, target }) => {
                self.transfer.named = Some(leg);
                Successor::Call { target, call }
            }
            Err(status) => return self.reply(request, status).await,
        };
        self.transfer.request = Some(request);
        self.transfer.side = side;
        self.inputs.push_back(Input::Referred { side, to });
    }

    async fn reply(&mut self, request: RequestId, status: u16) {
        let answer = sip::Command::AnswerRefer { request, status };
        if self.app.sip().command(answer).await.is_err() {
            tracing::error!("the SIP task has ended before the call");
        }
    }

    pub(super) async fn answer_refer(&mut self, status: u16) {
        if let Some(request) = self.transfer.request {
            self.reply(request, status).await;
        }
        if status >= 300 {
            self.forget_transfer();
        }
    }

    pub(super) async fn tell_referrer(&mut self, status: u16) {
        let Some(request) = self.transfer.request else {
            return;
        };
        let tell = sip::Command::TellReferrer { request, status };
        if self.app.sip().command(tell).await.is_err() {
            tracing::error!("the SIP task has ended before the call");
        }
    }

    fn forget_transfer(&mut self) {
        self.transfer.request = None;
        self.transfer.named = None;
        self.transfer.caller = None;
        self.transfer.seeker = None;
    }

    /// Whoever keeps its place hears it ring.
    pub(super) fn ring_back(&self, side: HungUpSide, on: bool) {
        let order = match on {
            false => leg::Command::Cut { id: WAITING },
            true => leg::Command::Play {
                clip: Clip::whole(WAITING, tone::ringback().into()).repeated(u32::MAX),
                mode: PlayMode::Instead(Displaced::Resumes),
            },
        };
        match (side, &self.other) {
            (HungUpSide::User, Some(other)) => other.order(order),
            (HungUpSide::User, None) => {}
            (HungUpSide::Staff | HungUpSide::System, _) => self.order(order),
        }
    }

    pub(super) async fn seek_next(&mut self, target: String) {
        let mut seeker = match self.transfer.seeker.take() {
            Some(seeker) if seeker.is_for(&target) => seeker,
            Some(_) | None => {
                let seeker = Seeker::new(self.call.tenant, self.call.id.clone(), target);
                match self.transfer.side {
                    // The one who called goes away: whoever is called comes to one of ours.
                    HungUpSide::User => seeker,
                    HungUpSide::Staff | HungUpSide::System => seeker.with_past(self.past()),
                }
            }
        };
        let codec = match (self.transfer.side, &self.other) {
            (HungUpSide::User, Some(other)) => other.media_codec(),
            (_, _) => self.line.as_ref().and_then(|line| line.media_codec()),
        };
        let (sought, next) = ring_one(&self.app, &self.call, &mut seeker, codec).await;
        if next.is_some() {
            self.transfer.next = next;
        }
        self.transfer.seeker = Some(seeker);
        self.inputs.push_back(Input::SoughtNext(sought));
    }

    /// Asks the other call for its phone; the answer comes as one of the task's events.
    pub(super) fn fetch_next(&mut self, call: CallId) {
        let (answer, given) = oneshot::channel();
        let (app, to) = (std::sync::Arc::clone(&self.app), self.call.id.clone());
        let (named, to_fetched) = (self.transfer.named.take(), self.transfer.to_fetched.clone());
        tokio::spawn(async move {
            let fetched = match (app.calls().find(&call), named) {
                (Some(handle), Some(leg)) => {
                    let give = CallCommand::Give { leg, to, answer };
                    match handle.pass(give).await {
                        true => tokio::time::timeout(GIVE_MAX, given).await,
                        false => Ok(Ok(None)),
                    }
                }
                (_, _) => Ok(Ok(None)),
            };
            // A phone that comes too late is hung up as it is dropped.
            let _ = to_fetched
                .send(fetched.ok().and_then(Result::ok).flatten())
                .await;
        });
    }

    pub(super) fn on_fetched(&mut self, fetched: Fetched) {
        let given = match fetched {
            Some(Gift::Phone(given)) => given,
            Some(Gift::Rung(target)) => return self.inputs.push_back(Input::NextRings { target }),
            None => {
                let nobody = Sought::Nobody(TransferFailure::NotReachable);
                return self.inputs.push_back(Input::SoughtNext(nobody));
            }
        };
        let server = Box::new(given.server.clone());
        let answered = given.line.answered();
        self.transfer.next = Some(Other::given(&self.app, &self.call, *given));
        self.inputs
            .push_back(Input::SoughtNext(Sought::Found(server)));
        self.inputs.push_back(Input::Next(answered));
    }

    /// Another call wants the phone that talks with the one of `leg`.
    pub(super) async fn give(&mut self, leg: LegId, to: CallId, answer: oneshot::Sender<Fetched>) {
        let side = match self.side_of(leg) {
            Some(HungUpSide::User) => HungUpSide::Staff,
            Some(HungUpSide::Staff | HungUpSide::System) => HungUpSide::User,
            None => return,
        };
        if side == HungUpSide::Staff
            && let Some(target) = self.session.rung().map(str::to_owned)
        {
            self.inputs.push_back(Input::Given { side, call: to });
            // What rings is let go of first: a phone that is rung is busy.
            self.settle().await;
            let _ = answer.send(Some(Gift::Rung(target)));
            return;
        }
        if !self.session.may_give(side) {
            return;
        }
        let given = match side {
            HungUpSide::User => self.give_person().await,
            HungUpSide::Staff | HungUpSide::System => match self.other.take() {
                Some(other) => Some(other.give().await),
                None => None,
            },
        };
        let Some(given) = given else { return };
        // Nobody holds it there.
        given.line.turn(&self.app, Direction::SendRecv).await;
        self.inputs.push_back(Input::Given { side, call: to });
        // Whoever asked may have gone: the phone is hung up as it is dropped.
        let _ = answer.send(Some(Gift::Phone(Box::new(given))));
    }

    async fn give_person(&mut self) -> Option<Given> {
        let mut line = self.line.take()?;
        if let Some(leg) = self.leg.take() {
            line.sockets = leg.release().await;
        }
        Some(Given {
            line,
            server: party::person(&self.call, self.origin.as_ref()),
            origin: self.origin.take(),
            holds: std::mem::take(&mut self.transfer.holds),
        })
    }

    fn side_of(&self, leg: LegId) -> Option<HungUpSide> {
        let is_person = self.line.as_ref().is_some_and(|line| line.leg() == leg);
        let is_other = self.other.as_ref().is_some_and(|it| it.has(leg));
        match (is_person, is_other) {
            (true, _) => Some(HungUpSide::User),
            (false, true) => Some(HungUpSide::Staff),
            (false, false) => None,
        }
    }

    /// A phone has called for the place of another one: it is answered, and has it once it confirms.
    pub(super) async fn replace(&mut self, replace: Replace) {
        let Replace {
            leg,
            incoming,
            terms,
            caller,
        } = replace;
        let side = self.side_of(leg);
        let origin = match side {
            Some(HungUpSide::User) => self.origin.as_ref(),
            Some(HungUpSide::Staff | HungUpSide::System) | None => {
                self.other.as_ref().and_then(Other::origin)
            }
        };
        // What is behind a trunk has no business with others.
        let is_foreign =
            matches!(caller.origin, Origin::Trunk(_)) && origin != Some(&caller.origin);
        let refused = match side {
            // The dialog has ended meanwhile (RFC 3891 section 3).
            None => Some(481),
            Some(_) if is_foreign => Some(603),
            Some(HungUpSide::Staff) if self.session.may_pick_up() => None,
            Some(side) => self.session.may_refer(side).err(),
        };
        if let Some(status) = refused {
            return self.app.refuse_incoming(incoming.leg, status).await;
        }
        let server = Box::new(caller.server.clone());
        let next = Other::attend(&self.app, &self.call, &incoming, caller).await;
        let Ok(mut next) = next else {
            tracing::error!("the SIP task has ended before the call");
            return;
        };
        match side {
            Some(HungUpSide::Staff) if self.session.may_pick_up() => {
                if let Err(why) = next.line().answer(&self.app, &incoming, &terms).await {
                    tracing::info!(%why, "a phone that wants to pick up a call is no use to us");
                    return self.app.refuse_offer(incoming.leg, &why).await;
                }
                if let Some(rung) = self.other.replace(next) {
                    rung.leave_to_another();
                }
                self.inputs.push_back(Input::PickedUp(server));
            }
            side => {
                self.transfer.next = Some(next);
                self.transfer.caller = Some((incoming, terms));
                let side = side.unwrap_or(HungUpSide::Staff);
                let to = Successor::Caller(server);
                self.inputs.push_back(Input::Referred { side, to });
            }
        }
    }

    pub(super) async fn answer_next(&mut self) {
        let (Some((incoming, terms)), Some(next)) =
            (self.transfer.caller.take(), &mut self.transfer.next)
        else {
            return;
        };
        if let Err(why) = next.line().answer(&self.app, &incoming, &terms).await {
            self.app.refuse_offer(incoming.leg, &why).await;
            let why = format!("{why:#}");
            self.inputs.push_back(Input::Next(LegEvent::Failed { why }));
        }
    }

    /// The phone that was found has the place now.
    pub(super) async fn take_place(&mut self, side: HungUpSide) {
        let is_told = self.transfer.request.is_some();
        self.forget_transfer();
        let taken = match (side, self.transfer.next.take()) {
            (HungUpSide::User, Some(next)) => self.take_persons_place(next, is_told),
            (HungUpSide::Staff | HungUpSide::System, Some(next)) => {
                if let Some(old) = self.other.replace(next) {
                    old.depart(&self.app, is_told);
                }
                self.bridge();
                Ok(())
            }
            (_, None) => Err(anyhow::anyhow!("nobody takes the place")),
        };
        if let Err(why) = taken {
            tracing::error!(why = format!("{why:#}"), "a place could not be taken");
            self.inputs.push_back(Input::Media(MediaEvent::Failed));
            return;
        }
        match side {
            HungUpSide::User => self.note_carried().await,
            HungUpSide::Staff | HungUpSide::System => self.note_other_carried().await,
        }
    }

    fn take_persons_place(&mut self, next: Other, is_told: bool) -> anyhow::Result<()> {
        let Person {
            mut line,
            origin,
            holds,
        } = next.into_person();
        let settings = line.leg_settings(self.call.id.as_str());
        let settings =
            settings.ok_or_else(|| anyhow::anyhow!("a codec was agreed on that media lacks"))?;
        self.is_held = settings.held;
        let sockets = line.sockets.take();
        let seat = Seat {
            settings,
            sockets: sockets.ok_or_else(|| anyhow::anyhow!("no RTP sockets"))?,
        };
        let leg = self.leg.as_ref();
        leg.ok_or_else(|| anyhow::anyhow!("no leg"))?.reseat(seat)?;
        if let Some(old) = self.line.replace(line) {
            depart(&self.app, old, is_told);
        }
        (self.origin, self.transfer.holds) = (origin, holds);
        (self.holds.phone, self.holds.channel) = (None, None);
        self.transfer.has_moved = true;
        self.expect_sound();
        if let Some(other) = &self.other {
            other.order(leg::Command::CutAll);
        }
        if self.is_held {
            let by = HungUpSide::User;
            self.inputs.push_back(Input::Held { by, held: true });
        }
        Ok(())
    }

    pub(super) async fn drop_next(&mut self, cause: EndCause) {
        self.transfer.caller = None;
        if let Some(next) = self.transfer.next.take() {
            next.leave(&self.app, cause).await;
        }
    }

    pub(super) async fn on_next(&mut self, event: OtherEvent) {
        match event {
            OtherEvent::Line(LineEvent::Leg(event)) => {
                let event = match &mut self.transfer.next {
                    Some(next) => next.past_the_trunk(&self.app, &self.call, event).await,
                    None => Some(event),
                };
                let Some(event) = event else { return };
                if let Some(seeker) = &mut self.transfer.seeker {
                    seeker.note_end(&self.app, &event);
                }
                let is_failure = matches!(event, LegEvent::Failed { .. });
                self.inputs.push_back(Input::Next(event));
                if self.transfer.next.as_ref().is_some_and(Other::is_over) {
                    self.transfer.next = None;
                } else if is_failure {
                    // What was agreed on is no use to us: the phone must not listen to nobody.
                    self.drop_next(EndCause::LineFault).await;
                }
            }
            OtherEvent::Line(LineEvent::Referred(referring)) => {
                self.reply(referring.request, 491).await;
            }
            OtherEvent::Line(LineEvent::UserData(text)) => {
                self.note_user_data(self.transfer.side, text).await;
            }
            // What it agrees on is read when its media begins.
            OtherEvent::Line(
                LineEvent::Moved(_) | LineEvent::Digit(_) | LineEvent::ReferTold { .. },
            )
            | OtherEvent::Media(_)
            // Nobody is rung at once with others here.
            | OtherEvent::Instead { .. } => {}
        }
    }
}
