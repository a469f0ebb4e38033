//! From one voice agent to another, on the same leg and in the same recording.

use std::time::Instant;

use model::{CallEvent, NextAgent, TransferFailure};

use super::Session;
use crate::call::{Output, Phase, handing::Stage};

/// Voice agents that may take a call over, one after the other: agents that send a person round in
/// circles stop here.
const NEXT_AGENTS_MAX: u32 = 10;

impl Session {
    /// The voice agent wants another one to go on with the person.
    pub(super) fn change_agent(&mut self, agent: &str, now: Instant) {
        if self.phase != Phase::Up || self.can_hand_over().is_err() {
            let why = TransferFailure::Busy;
            self.outputs.push_back(Output::TellAgentRefused(why));
            return;
        }
        let target = format!("agent:{agent}");
        self.record(CallEvent::TransferRequested { target }, now);
        if self.n_next_agents >= NEXT_AGENTS_MAX {
            return self.agent_changed(Err(TransferFailure::TooOften), now);
        }
        let agent = agent.to_owned();
        self.outputs.push_back(Output::ChangeAgent { agent });
    }

    /// Another voice agent is in the place of the one before, or not.
    pub(super) fn agent_changed(
        &mut self,
        changed: Result<NextAgent, TransferFailure>,
        now: Instant,
    ) {
        if !self.is_answered() {
            return;
        }
        let is_awaited = self.handing.stage == Stage::ToAgent;
        if is_awaited {
            self.handing.stage = Stage::Idle;
        }
        match changed {
            Ok(next) => {
                self.has_voice |= is_awaited;
                self.queueing = None;
                self.n_next_agents += 1;
                self.record(CallEvent::AgentChanged(next), now);
                // A call that ends meanwhile has nobody to talk with any more.
                if self.phase == Phase::Up {
                    self.outputs.push_back(Output::StartVoice);
                }
            }
            Err(why) if is_awaited => {
                self.record(CallEvent::TransferFailed { why }, now);
                self.led_nowhere();
                self.overflow(why, now);
            }
            Err(why) => {
                self.record(CallEvent::TransferFailed { why }, now);
                self.outputs.push_back(Output::TellAgentRefused(why));
            }
        }
    }
}
