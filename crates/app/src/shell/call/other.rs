//! The other phone of a call: its signalling, its media, and what is held for it.

mod colleagues;

use std::sync::Arc;

use engine::call::LegEvent;
use media::leg::LegSettings;
use model::{Call, CallEvent, EndCause, HungUpSide, Server, ServerKind, TrunkCodec};
use sip::{Incoming, LegId};
use tokio::sync::mpsc;

use super::{
    fork::Rivals,
    line::{Line, LineEvent, MediaTerms, Moved, Ring},
    outside::Outside,
    party::{self, Given, Origin},
    seek::{Phone, PhoneHolds, PhoneWay},
};
use crate::{
    App,
    handovers::Bridged,
    shell::media::{LegHandle, NewLeg, REPORTS_MAX, Report},
};

/// The phone that is called for a call, or talks in it.
pub struct Other {
    line: Line,
    leg: Option<LegHandle>,
    reports: mpsc::Receiver<Report>,
    to_reports: mpsc::Sender<Report>,
    holds: PhoneHolds,
    bridged: Option<Bridged>,
    /// Other phones of it that ring too.
    rivals: Rivals,
    /// Phones of other people that ring too, until one of all is answered.
    colleagues: Vec<Self>,
    /// What the phone that counts from now on has said.
    said: Option<OtherEvent>,
    /// Its way, if it is by a trunk.
    outside: Option<Box<Outside>>,
    /// Who it is.
    server: Server,
    origin: Option<Origin>,
    /// Its peer wants to hear nothing.
    pub is_held: bool,
    /// It is none of the house's.
    pub is_outside: bool,
}

/// What the other phone has for the call's task.
pub enum OtherEvent {
    /// Signalling.
    Line(LineEvent),
    /// Media.
    Media(Report),
    /// Of several people's phones, that of another one counts now.
    Instead {
        /// Whose.
        server: Box<Server>,
        /// How the one before has ended; `None`: this one was answered.
        before: Option<LegEvent>,
    },
}

impl Other {
    /// Calls a phone. `person` is the codec of the person's leg.
    pub async fn call(
        app: &App,
        call: &Call,
        phone: Phone,
        person: Option<media::Codec>,
    ) -> Result<Self, String> {
        let Phone {
            server,
            way,
            ring_time_max,
            holds,
        } = phone;
        let (mut lines, outside) = match way {
            PhoneWay::Registered(contacts, terms) => {
                let terms = MediaTerms {
                    codecs: suited(&terms.codecs, person),
                    ..terms
                };
                let ring = |contact| Ring {
                    contact,
                    caller: call.person().digits().to_owned(),
                    domain: app.extension_domain(call.tenant),
                    user_data: call.user_data.as_deref(),
                    terms: &terms,
                    ring_time_max,
                };
                let mut lines = Vec::with_capacity(contacts.len());
                let mut failure = None;
                for contact in &contacts {
                    match Line::ring(app, ring(contact)).await {
                        Ok(line) => lines.push(line),
                        Err(why) => failure = Some(format!("{why:#}")),
                    }
                }
                // One that can be rung is enough.
                if let Some(why) = failure.filter(|_| lines.is_empty()) {
                    return Err(why);
                }
                (lines, None)
            }
            PhoneWay::Outside(mut outside) => {
                let line = outside.dial(app, call).await?;
                (vec![line], Some(outside))
            }
        };
        for line in &mut lines {
            line.belongs_to(app, &call.id);
        }
        let trunk = outside.as_ref().map(|outside| outside.trunk());
        let origin = Origin::of_server(&server, trunk);
        if lines.is_empty() {
            return Err("the phone has registered nowhere".into());
        }
        let mut other = Self::of(lines.remove(0), server, origin, holds);
        other.rivals = Rivals::new(lines);
        other.outside = outside;
        Ok(other)
    }

    /// A phone that has called us, and waits for our answer.
    pub async fn attend(
        app: &App,
        call: &Call,
        incoming: &Incoming,
        caller: Caller,
    ) -> anyhow::Result<Self> {
        let mut line = Line::attend(app, incoming).await?;
        line.belongs_to(app, &call.id);
        let Caller {
            server,
            origin,
            holds,
        } = caller;
        Ok(Self::of(line, server, Some(origin), holds))
    }

    /// A phone that comes from another call.
    pub fn given(app: &App, call: &Call, given: Given) -> Self {
        let mut line = given.line;
        line.belongs_to(app, &call.id);
        Self::of(line, given.server, given.origin, given.holds)
    }

    fn of(line: Line, server: Server, origin: Option<Origin>, holds: PhoneHolds) -> Self {
        let (to_reports, reports) = mpsc::channel(REPORTS_MAX);
        let is_outside = server.kind == ServerKind::Outside;
        Self {
            line,
            leg: None,
            reports,
            to_reports,
            holds,
            bridged: None,
            rivals: Rivals::default(),
            colleagues: Vec::new(),
            said: None,
            outside: None,
            server,
            origin,
            is_held: false,
            is_outside,
        }
    }

    /// Whether a SIP leg is one of its own.
    pub fn has(&self, leg: LegId) -> bool {
        let mut rivals = self.rivals.lines().iter();
        let mut colleagues = self.colleagues.iter();
        self.line.leg() == leg
            || rivals.any(|line| line.leg() == leg)
            || colleagues.any(|colleague| colleague.has(leg))
    }

    /// Who it is.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// By which way it is in the call.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Its signalling.
    pub fn line(&mut self) -> &mut Line {
        &mut self.line
    }

    /// The codec that was agreed on, if media has it.
    pub fn media_codec(&self) -> Option<media::Codec> {
        self.line.media_codec()
    }

    /// What happens next. Cancel-safe.
    pub async fn next(&mut self) -> OtherEvent {
        loop {
            if let Some(said) = self.said.take() {
                return said;
            }
            let (of, event) = tokio::select! {
                event = self.line.next() => (None, event),
                (of, event) = self.rivals.next() => (Some(of), event),
                Some(report) = self.reports.recv() => return OtherEvent::Media(report),
                (colleague, event) = colleagues::next(&mut self.colleagues) => {
                    match self.of_colleague(colleague, event) {
                        Some(event) => return event,
                        None => continue,
                    }
                }
            };
            let event = match self.rivals.is_empty() {
                true => Some(event),
                false => self.rivals.sift(&mut self.line, of, event),
            };
            if let Some(event) = event {
                return self.among_colleagues(event);
            }
        }
    }

    /// What its leg says, unless it says that the trunk failed before anything rang, and there is
    /// another way: that is dialled then.
    pub async fn past_the_trunk(
        &mut self,
        app: &Arc<App>,
        call: &Call,
        event: LegEvent,
    ) -> Option<LegEvent> {
        let Some(outside) = &mut self.outside else {
            return Some(event);
        };
        let is_over = self.line.is_over();
        let Some(mut line) = outside.past_the_trunk(app, call, is_over, &event).await else {
            return Some(event);
        };
        line.belongs_to(app, &call.id);
        self.origin = Some(Origin::Trunk(outside.trunk()));
        self.line = line;
        // What was heard of the one before is over.
        self.leg = None;
        None
    }

    /// Lets the phone and the person hear each other.
    pub fn bridge(&mut self, app: &App, call: &Call, person: &LegHandle) -> anyhow::Result<()> {
        self.join(app, call, person)?;
        self.note_talked();
        self.bridged = Some(app.handovers().bridged());
        Ok(())
    }

    /// Joins its media with the person's, unless that was done before its answer.
    pub fn join(&mut self, app: &App, call: &Call, person: &LegHandle) -> anyhow::Result<()> {
        if self.leg.is_none() {
            self.start_media(app, call, person)?;
            if let Some(leg) = &self.leg {
                person.join(leg)?;
            }
        }
        Ok(())
    }

    /// Its media begins, beside that of the person.
    pub fn start(&mut self, app: &App, call: &Call, person: &LegHandle) -> anyhow::Result<()> {
        self.start_media(app, call, person)?;
        self.note_talked();
        Ok(())
    }

    fn start_media(&mut self, app: &App, call: &Call, person: &LegHandle) -> anyhow::Result<()> {
        let settings = self.line.leg_settings(call.id.as_str());
        let mut settings: LegSettings =
            settings.ok_or_else(|| anyhow::anyhow!("a codec was agreed on that media lacks"))?;
        settings.beeps = false;
        self.is_held = settings.held;
        let sockets = self.line.sockets.take();
        let sockets = sockets.ok_or_else(|| anyhow::anyhow!("no RTP sockets"))?;
        let new = NewLeg {
            settings,
            sockets,
            reports: self.to_reports.clone(),
            recording: None,
        };
        self.leg = Some(app.media().add_beside(person, new)?);
        Ok(())
    }

    fn note_talked(&mut self) {
        if let Some(staff) = &mut self.holds.staff {
            staff.has_talked = true;
        }
    }

    /// How it is carried, if it was not said yet.
    pub fn carried_anew(&mut self) -> Option<CallEvent> {
        self.line.carried_anew(HungUpSide::Staff)
    }

    /// Presses a key at it by INFO.
    pub async fn press(&self, app: &App, key: char) {
        self.line.press(app, key).await;
    }

    /// Keys go to it by INFO from now on, if it has shown that it wants them so.
    pub fn learn_keys(&self) {
        self.order(media::leg::Command::SignalKeys(self.line.wants_info()));
    }

    /// It has answered: its silence counts from now on, whatever was heard before.
    pub fn watch(&self) {
        self.order(self.line.watch());
    }

    /// Gives its media an order.
    pub fn order(&self, command: media::leg::Command) {
        if let Some(leg) = &self.leg {
            leg.command(command);
        }
    }

    /// Its media go elsewhere, are something else, or rest; whether it holds now, if that is new.
    pub fn follow(&mut self, moved: &Moved) -> Option<bool> {
        moved.orders().for_each(|order| self.order(order));
        let held = moved.held;
        (std::mem::replace(&mut self.is_held, held) != held).then_some(held)
    }

    /// Its media, once that has begun.
    pub fn media(&self) -> Option<&LegHandle> {
        self.leg.as_ref()
    }

    /// Codec of its track; `None` until something was agreed on.
    pub fn tracks(&self) -> Option<media::g711::Codec> {
        Some(self.line.media_codec()?.of_tracks())
    }

    /// Whether its leg has ended by itself.
    pub fn is_over(&self) -> bool {
        self.line.is_over()
    }

    /// Ends its part of the call; what its leg still has to say is waited for elsewhere.
    pub async fn leave(mut self, app: &Arc<App>, cause: EndCause) {
        self.leg = None;
        for colleague in self.take_colleagues() {
            colleague.give_up(app, cause).await;
        }
        self.give_up(app, cause).await;
    }

    /// Ends its legs by what their states need.
    async fn give_up(mut self, app: &Arc<App>, cause: EndCause) {
        for rival in self.rivals.take() {
            rival.hang_up(app, cause).await;
            party::wait_for_end(rival);
        }
        if self.line.is_over() {
            return;
        }
        self.line.hang_up(app, cause).await;
        let Self { line, .. } = self;
        party::wait_for_end(line);
    }

    /// Lets another phone have its place: its media ends at once, its leg by itself if it was told.
    pub fn depart(self, app: &Arc<App>, is_told: bool) {
        let Self { line, .. } = self;
        party::depart(app, line, is_told);
    }

    /// Another phone was answered in its place before it was.
    pub fn leave_to_another(mut self) {
        self.rivals.stop();
        for colleague in self.take_colleagues() {
            colleague.leave_to_another();
        }
        party::stop(self.line);
    }

    /// What the person's place is made of once it has that.
    pub fn into_person(self) -> Person {
        let Self {
            line,
            origin,
            mut holds,
            outside,
            ..
        } = self;
        if let Some(staff) = &mut holds.staff {
            staff.has_talked = true;
        }
        holds.outside = outside;
        Person {
            line,
            origin,
            holds,
        }
    }

    /// Takes it out of its call, for another one.
    pub async fn give(self) -> Given {
        let Self {
            mut line,
            leg,
            mut holds,
            outside,
            server,
            origin,
            ..
        } = self;
        // Whoever gives its channel back, gives it back at the end of the leg.
        holds.outside = outside.or(holds.outside);
        if let Some(leg) = leg {
            line.sockets = leg.release().await;
        }
        Given {
            line,
            server,
            origin,
            holds,
        }
    }
}

/// Who takes the place of a call's person.
pub struct Person {
    /// Its signalling.
    pub line: Line,
    /// By which way it is in the call.
    pub origin: Option<Origin>,
    /// What is held for it.
    pub holds: PhoneHolds,
}

/// Who has called for the place of another phone.
pub struct Caller {
    /// Who it is.
    pub server: Server,
    /// By which way.
    pub origin: Origin,
    /// What is held for it.
    pub holds: PhoneHolds,
}

/// The codecs to offer to a phone of the house: that of the person's leg first if it has that, so that
/// packets pass as they are.
fn suited(codecs: &[TrunkCodec], person: Option<media::Codec>) -> Vec<TrunkCodec> {
    let like = match person {
        Some(media::Codec::G711(media::g711::Codec::Pcma)) => Some(TrunkCodec::Pcma),
        Some(media::Codec::G711(media::g711::Codec::Pcmu)) => Some(TrunkCodec::Pcmu),
        Some(media::Codec::G722) => Some(TrunkCodec::G722),
        // Opus is decoded on its way to another phone, whatever that has.
        Some(media::Codec::Opus) | None => None,
    };
    let mut suited = codecs.to_vec();
    suited.sort_by_key(|codec| Some(*codec) != like);
    suited
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codec_of_the_person_goes_first_if_the_phone_has_it() {
        let all = TrunkCodec::ALL;
        let [pcma, pcmu, g722, opus] = all;
        let pcmu_leg = Some(media::g711::Codec::Pcmu.into());
        assert_eq!(suited(&all, pcmu_leg), [pcmu, pcma, g722, opus]);
        assert_eq!(suited(&[opus, pcma], pcmu_leg), [opus, pcma]);
        assert_eq!(
            suited(&[opus, pcma], Some(media::Codec::Opus)),
            [opus, pcma]
        );
        assert_eq!(
            suited(&all, Some(media::Codec::G722)),
            [g722, pcma, pcmu, opus]
        );
    }
}
