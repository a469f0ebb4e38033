//! What the person's leg says: signalling, and media.

use engine::call::{Input, LegEvent, MediaEvent, Phase};
use media::leg;
use model::HungUpSide;

use super::{Task, not_encrypted, play_of};
use crate::shell::{call::line::LineEvent, media::Report};

impl Task {
    pub(super) async fn on_line(&mut self, event: LineEvent) {
        match event {
            LineEvent::Leg(event) => {
                if let Some(event) = self.past_the_trunk(event).await {
                    if let LegEvent::Answered { .. } = &event {
                        self.answered().await;
                    }
                    self.inputs.push_back(Input::Leg(event));
                }
            }
            LineEvent::Digit(key) => self.on_key(key),
            LineEvent::UserData(text) => self.note_user_data(HungUpSide::User, text).await,
            LineEvent::Moved(moved) => {
                moved.orders().for_each(|order| self.order(order));
                self.expect_sound();
                if self.session.phase() == Phase::Up {
                    self.note_carried().await;
                }
                let held = moved.held;
                if std::mem::replace(&mut self.is_held, held) != held {
                    let by = HungUpSide::User;
                    self.inputs.push_back(Input::Held { by, held });
                }
            }
            LineEvent::ReferTold { status, is_last } => {
                self.inputs.push_back(Input::ReferTold { status, is_last });
            }
            LineEvent::Referred(referring) => {
                Box::pin(self.referred(HungUpSide::User, *referring)).await;
            }
        }
    }

    /// The person's phone was answered, or it confirmed our answer.
    async fn answered(&mut self) {
        self.note_carried().await;
        if let Some(line) = &self.line {
            self.order(line.watch());
        }
        self.expect_sound();
    }

    /// How long the person's phone may be silent, as was agreed on last.
    pub(super) fn expect_sound(&mut self) {
        if let Some(line) = &self.line {
            let silence_max = MediaEvent::SilenceMax(line.silence_max());
            self.inputs.push_back(Input::Media(silence_max));
        }
    }

    pub(super) fn on_report(&mut self, report: Report) {
        let Some(leg) = &self.leg else { return };
        // Before the answer the carrier is heard and recorded, and nobody listens.
        let is_answered = match self.session.phase() {
            Phase::New | Phase::Dialing | Phase::Ringing | Phase::Canceling => false,
            Phase::Up | Phase::HangingUp | Phase::Settling | Phase::Ended => true,
        };
        let event = match report {
            Report::Sound(frames) => {
                if let Some(agent) = self.agent.as_mut().filter(|_| is_answered) {
                    agent.voice.sound(&frames);
                }
                return;
            }
            Report::Failed => {
                self.inputs.push_back(Input::Media(MediaEvent::Failed));
                return;
            }
            Report::Event(event) => event,
        };
        match event {
            leg::Event::FirstPacket { .. } => {
                self.inputs.push_back(Input::Media(MediaEvent::FirstPacket));
            }
            leg::Event::RtpTimeout { .. } => {
                self.inputs.push_back(Input::Leg(LegEvent::MediaTimeout));
            }
            leg::Event::HandshakeFailed { why } => {
                self.inputs.push_back(Input::Leg(not_encrypted(why)));
            }
            leg::Event::ClipStarted { id, .. } => {
                if let Some(play) = play_of(id) {
                    self.inputs
                        .push_back(Input::Media(MediaEvent::SoundStarted(play)));
                }
            }
            leg::Event::ClipEnded { id, cut, .. } => {
                if let Some(play) = play_of(id) {
                    self.inputs
                        .push_back(Input::Media(MediaEvent::SoundEnded { play, cut }));
                }
            }
            leg::Event::SpeechStarted { .. }
            | leg::Event::SpeechStopped { .. }
            | leg::Event::SpeechLasts { .. }
            | leg::Event::Beep { .. }
            | leg::Event::Digit { .. }
            | leg::Event::KeyDue { .. }
            | leg::Event::Secured { .. }
            | leg::Event::DigitsSent { .. } => {}
        }
        match (&mut self.agent, event) {
            _ if !is_answered => {}
            (Some(agent), event) => agent.voice.leg_event(event, &self.app, leg),
            (None, leg::Event::Digit { digit, .. }) => self.note_key(digit.as_char()),
            (None, _) => {}
        }
    }
}
