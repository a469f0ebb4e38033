//! The way of a call to a number outside, which a call that runs is handed over to: by another trunk if
//! the first fails before anything rings.

use std::{collections::VecDeque, sync::Arc};

use engine::call::LegEvent;
use model::{Call, E164, TrunkId};
use sip::Link;

use super::{
    Past,
    line::{Dial, Line},
    routing::{self, Verdict},
};
use crate::{App, shell::targets::ways_to, trunk_load::ChannelGuard, usecase::Outbound};

/// See the module.
pub struct Outside {
    outbound: Box<Outbound>,
    callee: E164,
    /// How the call came.
    past: Past,
    /// Held on the present trunk.
    channel: ChannelGuard,
    /// Ways to it that were not tried yet.
    targets: VecDeque<Link>,
    /// The trunk has shown that it works.
    went: bool,
}

impl Outside {
    /// For a way that was found; the carrier is told how the call came.
    pub fn new(outbound: Box<Outbound>, channel: ChannelGuard, callee: E164, past: Past) -> Self {
        Self {
            outbound,
            callee,
            past,
            channel,
            targets: VecDeque::new(),
            went: false,
        }
    }

    /// The present trunk.
    pub fn trunk(&self) -> TrunkId {
        self.outbound.trunk.id
    }

    /// Calls the number, by another trunk if the present one has no address.
    pub async fn dial(&mut self, app: &App, call: &Call) -> Result<Line, String> {
        loop {
            let trunk = &self.outbound.trunk;
            if self.targets.is_empty() {
                match ways_to(app, trunk).await {
                    Ok(found) => self.targets.extend(found),
                    Err(why) => {
                        app.trunk_health().note_call(trunk.id, false);
                        if self.reroute(app).await {
                            continue;
                        }
                        return Err(format!("{why:#}"));
                    }
                }
            }
            let link = self.targets.pop_front().ok_or("no way to the trunk")?;
            let (trunk, line) = (&self.outbound.trunk, &self.outbound.line);
            let dial = Dial {
                trunk,
                link,
                callee: line.dialed(&self.callee, trunk.settings.dialed(&self.callee)),
                caller: line.shown(&self.outbound.caller),
                user_data: call.user_data.as_deref(),
                past: &self.past,
                ring_time_max: engine::call::OFFER_RING_MAX,
            };
            let line = Line::dial(app, dial).await;
            return line.map_err(|why| format!("{why:#}"));
        }
    }

    /// Looks at what the leg says. If it says that the trunk failed before anything rang, and there is
    /// another way, that is dialled, and the leg's successor returned.
    pub async fn past_the_trunk(
        &mut self,
        app: &Arc<App>,
        call: &Call,
        is_over: bool,
        event: &LegEvent,
    ) -> Option<Line> {
        let trunk = self.trunk();
        let why = match routing::verdict(event) {
            Verdict::Unsaid => return None,
            Verdict::Went => {
                self.went = true;
                app.trunk_health().note_call(trunk, true);
                return None;
            }
            Verdict::TrunkFailed(why) => why,
        };
        if self.went || !is_over {
            return None;
        }
        // RFC 3263 section 4.3: the next target of the same trunk first.
        if self.targets.is_empty() {
            app.trunk_health().note_call(trunk, false);
            if !self.reroute(app).await {
                return None;
            }
        }
        tracing::info!(%why, "a call that is handed over goes another way");
        match self.dial(app, call).await {
            Ok(line) => Some(line),
            Err(why) => {
                tracing::warn!(%why, "a call that is handed over goes no other way");
                None
            }
        }
    }

    async fn reroute(&mut self, app: &App) -> bool {
        let Some(channel) = app.reroute(&mut self.outbound).await else {
            return false;
        };
        self.channel = channel;
        self.targets.clear();
        true
    }
}
