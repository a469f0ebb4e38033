//! The other phone of a call: its signalling, its media, and what is held for it.

use std::{sync::Arc, time::Duration};

use engine::call::OFFER_RING_MAX;
use media::leg::LegSettings;
use model::{Call, CallEvent, EndCause, HungUpSide, ServerKind, TrunkCodec};
use tokio::sync::mpsc;

use super::{
    line::{Dial, Line, LineEvent, MediaTerms, Ring},
    seek::{Phone, PhoneHolds, PhoneWay},
};
use crate::{
    App,
    handovers::Bridged,
    shell::{
        media::{LegHandle, NewLeg, REPORTS_MAX, Report},
        targets::links_to,
    },
};

/// Longest wait for the end of a leg that was hung up: the SIP machine gives up after 32 s
/// (64·T1, RFC 3261 section 17.1.2.2).
const LEAVE_MAX: Duration = Duration::from_secs(40);

/// The phone that is called for a call, or talks in it.
pub struct Other {
    line: Line,
    leg: Option<LegHandle>,
    reports: mpsc::Receiver<Report>,
    to_reports: mpsc::Sender<Report>,
    holds: PhoneHolds,
    bridged: Option<Bridged>,
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
}

impl Other {
    /// Calls a phone. `person` is the codec of the person's leg.
    pub async fn call(
        app: &App,
        call: &Call,
        phone: Phone,
        person: Option<media::Codec>,
    ) -> Result<Self, String> {
        let line = match &phone.way {
            PhoneWay::Registered(contact, terms) => {
                let terms = MediaTerms {
                    codecs: suited(&terms.codecs, person),
                    ..terms.clone()
                };
                let ring = Ring {
                    contact,
                    caller: call.person().digits().to_owned(),
                    domain: app.extension_domain(call.tenant),
                    terms: &terms,
                    ring_time_max: OFFER_RING_MAX,
                };
                Line::ring(app, ring).await
            }
            PhoneWay::Outside(way, callee) => {
                let found = links_to(app, &way.trunk.settings).await;
                let found = found.map_err(|why| format!("{why:#}"))?;
                let dial = Dial {
                    trunk: &way.trunk,
                    link: *found.first().ok_or("no way to the trunk")?,
                    callee: way.line.dialed(callee, way.trunk.settings.dialed(callee)),
                    caller: way.line.shown(&way.caller),
                    user_data: call.user_data.as_deref(),
                    ring_time_max: OFFER_RING_MAX,
                };
                Line::dial(app, dial).await
            }
        };
        let line = line.map_err(|why| format!("{why:#}"))?;
        let (to_reports, reports) = mpsc::channel(REPORTS_MAX);
        let is_outside = phone.server.kind == ServerKind::Outside;
        Ok(Self {
            line,
            leg: None,
            reports,
            to_reports,
            holds: phone.holds,
            bridged: None,
            is_held: false,
            is_outside,
        })
    }

    /// What happens next. Cancel-safe.
    pub async fn next(&mut self) -> OtherEvent {
        tokio::select! {
            event = self.line.next() => OtherEvent::Line(event),
            Some(report) = self.reports.recv() => OtherEvent::Media(report),
        }
    }

    /// Lets the phone and the person hear each other.
    pub fn bridge(&mut self, app: &App, call: &Call, person: &LegHandle) -> anyhow::Result<()> {
        self.start(app, call, person)?;
        if let Some(leg) = &self.leg {
            person.join(leg)?;
        }
        self.bridged = Some(app.handovers().bridged());
        Ok(())
    }

    /// Its media begins, beside that of the person.
    pub fn start(&mut self, app: &App, call: &Call, person: &LegHandle) -> anyhow::Result<()> {
        let settings = self.line.leg_settings(call.id.as_str());
        let mut settings: LegSettings =
            settings.ok_or_else(|| anyhow::anyhow!("a codec was agreed on that media lacks"))?;
        settings.beeps = false;
        let sockets = self.line.sockets.take();
        let sockets = sockets.ok_or_else(|| anyhow::anyhow!("no RTP sockets"))?;
        let new = NewLeg {
            settings,
            sockets,
            reports: self.to_reports.clone(),
            recording: None,
        };
        self.leg = Some(app.media().add_beside(person, new)?);
        if let Some(staff) = &mut self.holds.staff {
            staff.has_talked = true;
        }
        Ok(())
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

    /// Gives its media an order.
    pub fn order(&self, command: media::leg::Command) {
        if let Some(leg) = &self.leg {
            leg.command(command);
        }
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
        if self.line.is_over() {
            return;
        }
        self.line.hang_up(app, cause).await;
        let Self { mut line, .. } = self;
        tokio::spawn(async move {
            let ended = async {
                while !line.is_over() {
                    line.next().await;
                }
            };
            if tokio::time::timeout(LEAVE_MAX, ended).await.is_err() {
                tracing::warn!("a leg that was hung up did not end");
            }
        });
    }
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
