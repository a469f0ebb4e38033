//! The other side of the bridge: looked for, rung, heard, and let go of.

use std::{sync::Arc, time::Instant};

use engine::call::{Input, LegEvent, MediaEvent, Sought, VoiceEvent};
use media::{
    dtmf::Digit,
    leg,
    playout::{Clip, ClipId, Displaced, PlayMode},
    tone,
};
use model::{Call, CallEvent, EndCause, HungUpSide};
use sip::sdp::Direction;

use super::{AMBIENCE, Task, not_encrypted, queue::ANNOUNCEMENT};
use crate::{
    App,
    shell::{
        call::{
            Past,
            line::LineEvent,
            other::{Other, OtherEvent},
            party::Origin,
            seek::{Found, Seeker},
        },
        media::Report,
    },
};

/// What a person hears who waits for another phone; no other clip has such a number.
pub(super) const WAITING: ClipId = ClipId(u64::MAX - 1);

/// What one side hears while the other holds.
pub(super) const HOLD: ClipId = ClipId(u64::MAX - 2);

/// What whoever put somebody on hold by request hears meanwhile: nothing, in packets.
const QUIET: ClipId = ClipId(u64::MAX - 3);

impl Task {
    /// Looks for a phone that was not called yet, and calls it.
    pub(super) async fn seek(&mut self, target: String) {
        let mut seeker = match self.seeker.take() {
            Some(seeker) if seeker.is_for(&target) => seeker,
            Some(_) | None => {
                let seeker = Seeker::new(self.call.tenant, self.call.id.clone(), target);
                let seeker = seeker.may_ring_all().with_past(self.past());
                let seeker = match self.waiting.is_any() {
                    true => seeker.in_queue(),
                    false => seeker,
                };
                match &self.origin {
                    Some(Origin::Trunk(trunk)) => seeker.may_ask(*trunk),
                    Some(Origin::Extension(_)) | None => seeker,
                }
            }
        };
        let codec = self.line.as_ref().and_then(|line| line.media_codec());
        let (sought, other) = ring_one(&self.app, &self.call, &mut seeker, codec).await;
        if other.is_some() {
            self.other = other;
        }
        if let (Some(to), Some(line)) = (seeker.take_asked(), &self.line)
            && let Err(why) = line.refer(&self.app, to).await
        {
            tracing::error!(%why, "a carrier is not asked to call somebody");
        }
        self.seeker = match &sought {
            Sought::Nobody(_) => None,
            Sought::Found(_) | Sought::Asked(_) | Sought::AllBusy(_) => Some(seeker),
        };
        self.inputs.push_back(Input::Sought(sought));
    }

    /// How the person came to whom the call goes on.
    pub(super) fn past(&self) -> Past {
        match self.transfer.has_moved {
            // Somebody else has the place of whoever called.
            true => Past::default(),
            false => Past::of_person(&self.call, &self.way),
        }
    }

    /// The person hears it ring.
    pub(super) fn start_waiting(&mut self) {
        // Whoever was called for an earlier wish may be called again.
        self.seeker = None;
        self.order(leg::Command::Cut { id: AMBIENCE });
        let clip = Clip::whole(WAITING, tone::ringback().into()).repeated(u32::MAX);
        let mode = PlayMode::Instead(Displaced::Resumes);
        self.order(leg::Command::Play { clip, mode });
    }

    pub(super) fn stop_waiting(&self) {
        self.order(leg::Command::Cut { id: ANNOUNCEMENT });
        self.order(leg::Command::Cut { id: WAITING });
        self.play_ambience();
    }

    pub(super) fn tell_transfer_failed(&mut self) {
        if let (Some(agent), Some(leg)) = (&mut self.agent, &self.leg) {
            agent.voice.transfer_failed(&self.app, leg);
        }
    }

    /// Both hear each other before the answer. The phone may still refuse, and another one be called.
    pub(super) fn join_early(&mut self) {
        if let (Some(other), Some(leg)) = (&mut self.other, &self.leg)
            && let Err(why) = other.join(&self.app, &self.call, leg)
        {
            // It may be answered all the same.
            tracing::error!(
                why = format!("{why:#}"),
                "a phone is not heard before its answer"
            );
        }
    }

    /// Both hear each other from now on.
    pub(super) fn bridge(&mut self) {
        self.seeker = None;
        let (Some(other), Some(leg)) = (&mut self.other, &self.leg) else {
            self.inputs.push_back(Input::Media(MediaEvent::Failed));
            return;
        };
        leg.command(leg::Command::CutAll);
        if let Err(why) = other.bridge(&self.app, &self.call, leg) {
            tracing::error!(why = format!("{why:#}"), "two legs could not be joined");
            self.inputs.push_back(Input::Media(MediaEvent::Failed));
        }
        self.regroup_conference();
        // Whoever was on hold before hears nothing of it, and the other one music.
        for (by, is_held) in [
            (HungUpSide::User, self.is_held),
            (
                HungUpSide::Staff,
                self.other.as_ref().is_some_and(|other| other.is_held),
            ),
        ] {
            if is_held {
                self.inputs.push_back(Input::Held { by, held: true });
            }
        }
    }

    /// While one side holds, the other hears music.
    pub(super) fn hold_music(&self, by: HungUpSide, held: bool) {
        let order = match held {
            false => leg::Command::Cut { id: HOLD },
            true => leg::Command::Play {
                clip: Clip::whole(HOLD, tone::hold_music().into()).repeated(u32::MAX),
                mode: PlayMode::Instead(Displaced::Resumes),
            },
        };
        match (by, &self.other) {
            (HungUpSide::User, Some(other)) => other.order(order),
            (HungUpSide::User, None) => {}
            (HungUpSide::Staff | HungUpSide::System, _) => self.order(order),
        }
    }

    /// Somebody by request puts one side on hold, or lets it go on: its phone is told, and the other side hears
    /// nobody meanwhile. Music is [`hold_music`](Self::hold_music)'s.
    pub(super) async fn hold(&mut self, side: HungUpSide, on: bool) {
        let quiet = match on {
            false => leg::Command::Cut { id: QUIET },
            true => {
                let mut second = Vec::new();
                tone::silence(&mut second, 1_000);
                leg::Command::Play {
                    clip: Clip::whole(QUIET, second.into()).repeated(u32::MAX),
                    mode: PlayMode::Instead(Displaced::Resumes),
                }
            }
        };
        let direction = match on {
            true => Direction::SendOnly,
            false => Direction::SendRecv,
        };
        let line = match side {
            HungUpSide::User => self.line.as_ref(),
            HungUpSide::Staff | HungUpSide::System => {
                self.other.as_mut().map(|other| &*other.line())
            }
        };
        if let Some(line) = line {
            line.turn(&self.app, direction).await;
        }
        // By the other one's silence where packets pass between two, by its own seat where supervisors listen.
        let waits = leg::Command::Wait(on);
        match (side, &self.other) {
            (HungUpSide::User, other) => {
                self.order(waits);
                if let Some(other) = other {
                    other.order(quiet);
                }
            }
            (HungUpSide::Staff | HungUpSide::System, other) => {
                self.order(quiet);
                if let Some(other) = other {
                    other.order(waits);
                }
            }
        }
    }

    pub(super) async fn hang_up_other(&mut self, cause: EndCause) {
        if let Some(other) = self.other.take() {
            other.leave(&self.app, cause).await;
        }
    }

    pub(super) async fn on_other(&mut self, event: OtherEvent) {
        match event {
            OtherEvent::Line(LineEvent::Leg(event)) => {
                let event = match &mut self.other {
                    Some(other) => other.past_the_trunk(&self.app, &self.call, event).await,
                    None => Some(event),
                };
                let Some(event) = event else { return };
                if let Some(seeker) = &mut self.seeker {
                    seeker.note_end(&self.app, &event);
                }
                if let LegEvent::Answered { .. } = &event {
                    self.note_other_carried().await;
                    if let Some(other) = &self.other {
                        other.watch();
                    }
                }
                self.inputs.push_back(Input::Other(event));
                if self.other.as_ref().is_some_and(Other::is_over) {
                    self.other = None;
                } else if let Some(Input::Other(LegEvent::Failed { .. })) = self.inputs.back() {
                    // What was agreed on is no use to us: the phone must not listen to nobody.
                    self.hang_up_other(EndCause::LineFault).await;
                }
            }
            OtherEvent::Line(LineEvent::Digit(key)) => self.on_other_key(key),
            OtherEvent::Line(LineEvent::UserData(text)) => {
                self.note_user_data(HungUpSide::Staff, text).await;
            }
            OtherEvent::Line(LineEvent::Referred(referring)) => {
                self.referred(HungUpSide::Staff, *referring).await;
            }
            OtherEvent::Line(LineEvent::Moved(moved)) => {
                let other = self.other.as_mut();
                if let Some(held) = other.and_then(|other| other.follow(&moved)) {
                    let by = HungUpSide::Staff;
                    self.inputs.push_back(Input::Held { by, held });
                }
            }
            OtherEvent::Media(Report::Event(leg::Event::RtpTimeout { .. })) => {
                self.inputs.push_back(Input::Other(LegEvent::MediaTimeout));
            }
            OtherEvent::Media(Report::Event(leg::Event::HandshakeFailed { why })) => {
                self.inputs.push_back(Input::Other(not_encrypted(why)));
            }
            OtherEvent::Media(Report::Event(leg::Event::KeyDue { digit })) => {
                if let Some(other) = &self.other {
                    other.press(&self.app, digit.as_char()).await;
                }
            }
            OtherEvent::Media(Report::Failed) => {
                self.inputs.push_back(Input::Media(MediaEvent::Failed));
            }
            OtherEvent::Instead { server, before } => {
                self.inputs.push_back(Input::Instead { server, before });
            }
            // Nobody asks whoever took the person over.
            OtherEvent::Line(LineEvent::ReferTold { .. })
            | OtherEvent::Media(Report::Event(_) | Report::Sound(_)) => {}
        }
    }

    /// Writes down how the person's leg is carried, if that is new.
    pub(super) async fn note_carried(&mut self) {
        let line = self.line.as_mut();
        if let Some(event) = line.and_then(|line| line.carried_anew(HungUpSide::User)) {
            self.record(event, Instant::now()).await;
        }
    }

    /// A peer sent a text of its customer along.
    pub(super) async fn note_user_data(&mut self, side: HungUpSide, text: String) {
        let came = CallEvent::UserDataCame { side, text };
        self.record(came, Instant::now()).await;
    }

    pub(super) async fn note_other_carried(&mut self) {
        let other = self.other.as_mut();
        if let Some(event) = other.and_then(Other::carried_anew) {
            self.record(event, Instant::now()).await;
        }
    }

    /// A key of whoever talks with the person, by INFO.
    fn on_other_key(&self, key: char) {
        if let Some(other) = &self.other {
            other.learn_keys();
        }
        if let Ok(digit) = Digit::try_from(key) {
            self.order(leg::Command::SendDigits(vec![digit]));
        }
    }

    /// A key of the person, by INFO: for the voice agent, or for whoever talks with them.
    pub(super) fn on_key(&mut self, key: char) {
        if let Some(line) = &self.line {
            self.order(leg::Command::SignalKeys(line.wants_info()));
        }
        if let (Some(agent), Some(leg)) = (&mut self.agent, &self.leg) {
            return agent.voice.digit(key, &Arc::clone(&self.app), leg);
        }
        if let (Some(other), Ok(digit)) = (&self.other, Digit::try_from(key)) {
            other.order(leg::Command::SendDigits(vec![digit]));
        }
        self.note_key(key);
    }

    /// A key that the person pressed where no voice agent waits for it.
    pub(super) fn note_key(&mut self, key: char) {
        let digits = key.to_string();
        self.inputs
            .push_back(Input::Voice(VoiceEvent::DigitsPressed { digits }));
    }
}

/// Calls the next phone that can be called, with codecs that suit the leg that it will be joined
/// with.
pub(super) async fn ring_one(
    app: &Arc<App>,
    call: &Call,
    seeker: &mut Seeker,
    beside: Option<media::Codec>,
) -> (Sought, Option<Other>) {
    // Every turn calls other phones.
    loop {
        let phones = match seeker.next(app).await {
            Found::None(sought) => return (sought, None),
            Found::Carrier(server) => return (Sought::Asked(server), None),
            Found::Phones(phones) => phones,
        };
        let mut ringing = Vec::with_capacity(phones.len());
        for phone in phones {
            match Other::call(app, call, phone, beside).await {
                Ok(other) => ringing.push(other),
                Err(why) => tracing::warn!(%why, "a phone could not be called"),
            }
        }
        if let Some(other) = Other::with_colleagues(ringing) {
            return (Sought::Found(Box::new(other.server().clone())), Some(other));
        }
    }
}
