//! Third parties and supervisors: rung, brought into a conference, and let go of.

use std::io;

use engine::call::{Input, LegEvent, Output, PartyInput};
use media::{conference::Part, leg};
use model::{EndCause, ListenMode, PartyId, PartyRole};
use tokio::sync::oneshot;

use super::{
    Task,
    handover::{HOLD, ring_one},
    not_encrypted,
};
use crate::{
    App,
    handovers::Bridged,
    shell::{
        call::{
            PartyAsk,
            line::LineEvent,
            other::{Other, OtherEvent},
            party_tracks,
            seek::Seeker,
        },
        media::Report,
    },
};

/// Further parties of one call.
#[derive(Default)]
pub(super) struct Parties {
    present: Vec<Present>,
    /// The legs of the call are in a conference.
    is_conference: bool,
    /// Everybody hears somebody beside the two.
    is_shared: bool,
    /// Kept once the tracks of those who have left are on disk.
    recorded: Vec<oneshot::Receiver<io::Result<()>>>,
}

/// One who is rung, or in the call.
struct Present {
    id: PartyId,
    role: PartyRole,
    phone: Other,
    /// It is in the call, and counted.
    joined: Option<Bridged>,
    is_recorded: bool,
}

impl Parties {
    /// What happens next to anybody's phone. Cancel-safe.
    pub(super) async fn next(&mut self) -> (PartyId, OtherEvent) {
        std::future::poll_fn(|context| {
            for present in &mut self.present {
                let next = std::pin::pin!(present.phone.next());
                if let std::task::Poll::Ready(event) = next.poll(context) {
                    return std::task::Poll::Ready((present.id, event));
                }
            }
            std::task::Poll::Pending
        })
        .await
    }

    /// What is to be waited for before tracks are rendered.
    pub(super) fn recorded(self) -> Vec<oneshot::Receiver<io::Result<()>>> {
        self.recorded
    }

    fn find(&mut self, id: PartyId) -> Option<&mut Present> {
        self.present.iter_mut().find(|present| present.id == id)
    }

    fn remove(&mut self, id: PartyId) -> Option<Present> {
        let at = self.present.iter().position(|present| present.id == id)?;
        Some(self.present.remove(at))
    }
}

impl Present {
    /// What it hears and who hears it.
    fn part(&self) -> Part {
        match self.role {
            PartyRole::Participant if self.phone.is_outside => Part::Outside,
            PartyRole::Participant => Part::Inside,
            PartyRole::Supervisor(ListenMode::Listen) => Part::Listening,
            PartyRole::Supervisor(ListenMode::Whisper) => Part::Whispering,
            PartyRole::Supervisor(ListenMode::Barge) => Part::Barging,
        }
    }
}

impl Task {
    /// Answers whoever wants something of the parties. They may have given up.
    pub(super) fn on_party_ask(&mut self, ask: PartyAsk) {
        let now = std::time::Instant::now();
        match ask {
            PartyAsk::Invite { invitation, answer } => {
                let _ = answer.send(self.session.invite(&invitation, now));
            }
            PartyAsk::Dismiss {
                party,
                is_supervisor,
                by,
                answer,
            } => {
                let dismissed = self.session.dismiss(party, is_supervisor, &by, now);
                let _ = answer.send(dismissed);
            }
            PartyAsk::Mode {
                party,
                mode,
                by,
                answer,
            } => {
                let changed = self.session.change_mode(party, mode, &by, now);
                if changed.is_ok()
                    && let Some(present) = self.parties.find(party)
                {
                    present.role = PartyRole::Supervisor(mode);
                }
                let _ = answer.send(changed);
            }
        }
    }

    /// Does what the call session wants of further parties.
    pub(super) async fn carry_out_party(&mut self, output: Output) {
        match output {
            Output::CallParty {
                party,
                role,
                target,
            } => self.call_party(party, role, target).await,
            Output::JoinParty(party) => self.join_party(party),
            Output::Regroup => self.regroup(),
            Output::HangUpParty { party, cause } => self.hang_up_party(party, cause).await,
            _ => unreachable!("only what is wanted of further parties gets here"),
        }
    }

    async fn call_party(&mut self, party: PartyId, role: PartyRole, target: String) {
        let mut seeker = Seeker::new(self.call.tenant, self.call.id.clone(), target);
        let codec = self.line.as_ref().and_then(|line| line.media_codec());
        let (sought, phone) = ring_one(&self.app, &self.call, &mut seeker, codec).await;
        self.parties.present.extend(phone.map(|phone| Present {
            id: party,
            role,
            phone,
            joined: None,
            is_recorded: false,
        }));
        self.tell_party(party, PartyInput::Sought(sought));
    }

    fn join_party(&mut self, party: PartyId) {
        let Some(person) = &self.leg else { return };
        let Some(present) = self.parties.find(party) else {
            return;
        };
        if let Err(why) = present.phone.start(&self.app, &self.call, person) {
            tracing::error!(why = format!("{why:#}"), "a party has no media");
            return self.tell_party(party, PartyInput::Leg(LegEvent::MediaTimeout));
        }
        present.joined = Some(self.app.handovers().party());
        let is_held = present.phone.is_held;
        self.regroup();
        if is_held {
            self.tell_party(party, PartyInput::Held(true));
        }
    }

    /// Everybody hears whom they are to hear now: in a conference, or in a bridge of two.
    pub(super) fn regroup(&mut self) {
        let Some(person) = &self.leg else { return };
        let joined = || self.parties.present.iter().filter(|it| it.joined.is_some());
        let mut others = Vec::new();
        if let Some(other) = &self.other
            && let Some(leg) = other.media()
        {
            let part = match other.is_outside {
                true => Part::Outside,
                false => Part::Inside,
            };
            others.push((leg, part));
        }
        let is_conference = joined().next().is_some();
        let done = if is_conference {
            others.extend(joined().filter_map(|it| Some((it.phone.media()?, it.part()))));
            person.confer(&others, self.agent.is_some())
        } else if self.parties.is_conference {
            let joined_again = || match others.first() {
                Some((other, _)) => person.join(other),
                None => Ok(()),
            };
            person.disband().and_then(|()| joined_again())
        } else {
            Ok(())
        };
        let is_shared = joined().any(|it| it.role.is_heard());
        if is_shared && !self.parties.is_shared {
            // What one side heard while the other held is not for everybody.
            self.order(leg::Command::Cut { id: HOLD });
            if let Some(other) = &self.other {
                other.order(leg::Command::Cut { id: HOLD });
            }
        }
        self.parties.is_conference = is_conference;
        self.parties.is_shared = is_shared;
        if let Err(why) = done {
            tracing::error!(%why, "legs do not hear each other");
        }
        self.record_parties();
    }

    /// The bridge was made anew: others may be in the call.
    pub(super) fn regroup_conference(&mut self) {
        if self.parties.is_conference {
            self.regroup();
        }
    }

    /// Whoever is heard by everybody has a track, which is silent while they are not.
    fn record_parties(&mut self) {
        let Some(codec) = self.line.as_ref().and_then(|line| line.media_codec()) else {
            return;
        };
        for present in &mut self.parties.present {
            let Some(leg) = present.phone.media().filter(|_| present.joined.is_some()) else {
                continue;
            };
            let is_heard = present.role.is_heard();
            // Without the call's own recording there is no clock to stand on.
            if is_heard && !present.is_recorded && self.recorded.is_some() {
                let codec = present.phone.tracks().unwrap_or(codec.of_tracks());
                match party_tracks::create(&self.app, &self.call.id, present.id, codec) {
                    Ok((file, recorded)) => {
                        present.is_recorded = leg.record(file).is_ok();
                        self.parties.recorded.push(recorded);
                    }
                    Err(error) => tracing::error!(%error, "a party is not recorded"),
                }
            }
            if present.is_recorded && leg.record_heard(is_heard).is_err() {
                tracing::error!("a track of a party holds what it should not, or lacks it");
            }
        }
    }

    async fn hang_up_party(&mut self, party: PartyId, cause: EndCause) {
        if let Some(present) = self.parties.remove(party) {
            present.phone.leave(&self.app, cause).await;
        }
    }

    pub(super) async fn on_party(&mut self, party: PartyId, event: OtherEvent) {
        match event {
            OtherEvent::Line(LineEvent::Leg(event)) => self.on_party_leg(party, event).await,
            OtherEvent::Line(LineEvent::Digit(key)) => {
                self.tell_party(party, PartyInput::Pressed(key));
            }
            OtherEvent::Line(LineEvent::Referred(referring)) => {
                decline(&self.app, &referring).await;
            }
            OtherEvent::Line(LineEvent::Moved(moved)) => {
                let Some(present) = self.parties.find(party) else {
                    return;
                };
                if let Some(held) = present.phone.follow(&moved) {
                    self.tell_party(party, PartyInput::Held(held));
                }
            }
            // Nobody asks a further party to call somebody, or for texts of customers.
            OtherEvent::Line(LineEvent::ReferTold { .. } | LineEvent::UserData(_)) => {}
            OtherEvent::Media(Report::Event(leg::Event::Digit { digit, .. })) => {
                self.tell_party(party, PartyInput::Pressed(digit.as_char()));
            }
            OtherEvent::Media(Report::Event(leg::Event::RtpTimeout { .. }) | Report::Failed) => {
                self.tell_party(party, PartyInput::Leg(LegEvent::MediaTimeout));
            }
            OtherEvent::Media(Report::Event(leg::Event::HandshakeFailed { why })) => {
                self.tell_party(party, PartyInput::Leg(not_encrypted(why)));
            }
            OtherEvent::Media(Report::Event(_) | Report::Sound(_))
            // Nobody is rung at once with others here.
            | OtherEvent::Instead { .. } => {}
        }
    }

    async fn on_party_leg(&mut self, party: PartyId, event: LegEvent) {
        let Some(present) = self.parties.find(party) else {
            return;
        };
        let phone = &mut present.phone;
        let Some(event) = phone.past_the_trunk(&self.app, &self.call, event).await else {
            return;
        };
        let (is_over, has_failed) = (phone.is_over(), matches!(event, LegEvent::Failed { .. }));
        self.tell_party(party, PartyInput::Leg(event));
        if is_over {
            self.parties.remove(party);
        } else if has_failed {
            // What was agreed on is no use to us: the phone must not listen to nobody.
            self.hang_up_party(party, EndCause::LineFault).await;
        }
    }

    fn tell_party(&mut self, party: PartyId, input: PartyInput) {
        self.inputs.push_back(Input::Party { party, input });
    }
}

/// A further party gives its place to nobody.
async fn decline(app: &App, referring: &sip::Referring) {
    let decline = sip::Command::AnswerRefer {
        request: referring.request,
        status: 603,
    };
    if app.sip().command(decline).await.is_err() {
        tracing::error!("the SIP task has ended before the call");
    }
}
