//! The person's leg: how it is dialled, another way if a trunk fails, and how a caller is answered.

use engine::call::{Input, LegEvent, Phase};

use super::Task;
use crate::shell::{
    call::{
        Past, Way,
        line::{Dial, Line},
        party::Origin,
        routing::{self, Verdict},
    },
    targets::ways_to,
};

impl Task {
    /// Dials, by another trunk if the first has no address.
    pub(super) async fn dial(&mut self) {
        let why = loop {
            let Way::Out(outbound) = &mut self.way else {
                unreachable!("only outbound calls dial")
            };
            let (trunk, line) = (&outbound.trunk, &outbound.line);
            if self.targets.is_empty() {
                match ways_to(&self.app, trunk).await {
                    Ok(found) => self.targets.extend(found),
                    Err(why) => {
                        let why = format!("{why:#}");
                        self.app.trunk_health().note_call(trunk.id, false);
                        if self.reroute(&why).await {
                            continue;
                        }
                        break why;
                    }
                }
            }
            let link = self.targets.pop_front().expect("a host has an address");
            let callee = &self.call.callee;
            let dial = Dial {
                trunk,
                link,
                callee: line.dialed(callee, trunk.settings.dialed(callee)),
                caller: line.shown(&outbound.caller),
                user_data: self.call.user_data.as_deref(),
                past: &Past::default(),
                ring_time_max: self.ring_time_max,
            };
            match Line::dial(&self.app, dial).await {
                Ok(mut line) => {
                    line.belongs_to(&self.app, &self.call.id);
                    self.line = Some(line);
                    return;
                }
                Err(why) => break format!("{why:#}"),
            }
        };
        self.inputs.push_back(Input::Leg(LegEvent::Failed { why }));
    }

    /// Whether there is another way, which is to be dialled now.
    async fn reroute(&mut self, why: &str) -> bool {
        let Way::Out(outbound) = &mut self.way else {
            return false;
        };
        let Some(channel) = self.app.reroute(outbound).await else {
            return false;
        };
        let rerouted = LegEvent::Rerouted {
            trunk: outbound.trunk.id,
            caller: outbound.caller.clone(),
            why: why.to_owned(),
        };
        self.holds.channel = Some(channel);
        self.origin = Some(Origin::Trunk(outbound.trunk.id));
        self.targets.clear();
        self.inputs.push_back(Input::Leg(rerouted));
        true
    }

    /// Takes hold of the caller's leg, and answers later.
    pub(super) async fn attend(&mut self) {
        let Way::In(incoming, _) = &self.way else {
            unreachable!("only inbound calls are attended")
        };
        match Line::attend(&self.app, incoming).await {
            Ok(mut line) => {
                line.belongs_to(&self.app, &self.call.id);
                self.line = Some(line);
            }
            Err(why) => self.refuse(&why).await,
        }
    }

    /// Tells the caller that the other phone rings.
    pub(super) async fn ring_caller(&mut self) {
        if let Some(line) = &self.line
            && let Err(why) = line.tell_ringing(&self.app).await
        {
            tracing::error!(%why, "a caller does not hear it ring");
        }
    }

    /// Lets the caller hear before the answer, if the caller has said where.
    pub(super) async fn progress_caller(&mut self) {
        let Way::In(incoming, terms) = &self.way else {
            unreachable!("only who has called us waits for an answer")
        };
        let Some(line) = &mut self.line else { return };
        match line.progress(&self.app, incoming, terms).await {
            Ok(true) => self.inputs.push_back(Input::Leg(LegEvent::EarlyMedia)),
            Ok(false) => {}
            Err(why) => self.refuse(&why).await,
        }
    }

    pub(super) async fn answer(&mut self) {
        if self.line.is_none() {
            self.attend().await;
        }
        let Way::In(incoming, terms) = &self.way else {
            unreachable!("only inbound calls answer")
        };
        let Some(line) = &mut self.line else { return };
        if let Err(why) = line.answer(&self.app, incoming, terms).await {
            self.refuse(&why).await;
        }
    }

    /// What the caller offers is no use to us.
    async fn refuse(&mut self, why: &anyhow::Error) {
        if let Way::In(incoming, _) = &self.way {
            self.app.refuse_offer(incoming.leg, why).await;
        }
        let failed = LegEvent::Failed {
            why: format!("{why:#}"),
        };
        self.inputs.push_back(Input::Leg(failed));
    }

    /// What the leg says, unless it says that the trunk failed before anything rang, and there is
    /// another way: that is dialled then.
    pub(super) async fn past_the_trunk(&mut self, event: LegEvent) -> Option<LegEvent> {
        let Way::Out(outbound) = &self.way else {
            return Some(event);
        };
        if self.transfer.has_moved {
            // Whoever has the person's place came another way.
            return Some(event);
        }
        let trunk = outbound.trunk.id;
        let why = match routing::verdict(&event) {
            Verdict::Unsaid => return Some(event),
            Verdict::Went => {
                self.app.trunk_health().note_call(trunk, true);
                return Some(event);
            }
            Verdict::TrunkFailed(why) => why,
        };
        // What was answered and is no use to us did not fail by the trunk.
        if !self.line.as_ref().is_some_and(Line::is_over) {
            return Some(event);
        }
        let is_dialing = self.session.phase() == Phase::Dialing;
        // RFC 3263 section 4.3: the next target of the same trunk first.
        if !is_dialing || self.targets.is_empty() {
            self.app.trunk_health().note_call(trunk, false);
            if !is_dialing || !Box::pin(self.reroute(&why)).await {
                return Some(event);
            }
        }
        Box::pin(self.dial()).await;
        None
    }
}
