//! The actions of `OutboundBot` 2019-12-26, one file for each group of them.

mod call_rules;
mod dialogue;
mod group_list;
mod instance;
mod job;
mod job_group;
mod job_read;
mod job_view;
mod not_built;
mod number;
mod paging;
mod script;
mod search;
mod status;
mod strategy;
mod task;

pub(crate) use dialogue::{NAME_MAX, UTTERANCE_MAX, short};
pub use not_built::{NotBuilt, Standing, not_built};

use std::sync::Arc;

use api::kernel::{self, Dialect, Entry, Reply};
use app::{App, dialogue::DialogueFault};
use model::{Credential, Refusal, Tenant, TenantId};
use serde_json::Value;

use crate::{fault::Fault, gate::Gate};

/// What a handler may reach, and in whose name.
pub struct Context {
    pub(crate) gate: Arc<Gate>,
    /// The instance that `InstanceId` names; the credential may act for it.
    pub(crate) tenant: Option<TenantId>,
    /// Who asks.
    pub(crate) credential: Arc<Credential>,
    /// The client says that it has sent this before.
    pub(crate) again: bool,
}

/// How an action is run.
pub(crate) type Run = fn(Context, Value) -> Reply<OutboundBot>;

/// The vendor's outbound robot.
pub struct OutboundBot;

impl Dialect for OutboundBot {
    type Context = Context;
    type Fault = Fault;
}

/// Every action that is built, one slice for each group.
pub static ACTIONS: &[&[Entry<OutboundBot>]] = &[
    dialogue::ACTIONS,
    instance::ACTIONS,
    script::ACTIONS,
    script::COPIES,
    job_group::ACTIONS,
    group_list::ACTIONS,
    job::ACTIONS,
    job_read::ACTIONS,
    search::ACTIONS,
    task::ACTIONS,
    number::ACTIONS,
    call_rules::ACTIONS,
];

/// Actions of a running conversation: a person waits on the line, so they are limited by what the
/// server can take and not by requests a second.
const CONVERSATION: [&str; 5] = [
    "Dialogue",
    "BeginDialogue",
    "CollectedNumber",
    "SilenceTimeout",
    "EndDialogue",
];

/// The built action with this name.
pub fn find(name: &str) -> Option<&'static Entry<OutboundBot>> {
    kernel::find(ACTIONS, name)
}

impl Context {
    pub(crate) fn app(&self) -> &Arc<App> {
        self.gate.app()
    }

    /// The instance of an action whose `InstanceId` is required.
    pub(crate) fn tenant_id(&self) -> Result<TenantId, Fault> {
        self.tenant.ok_or_else(|| Fault::missing("InstanceId"))
    }

    /// As [`Context::tenant_id`], with what is stored of it.
    pub(crate) async fn tenant(&self) -> Result<Tenant, Fault> {
        Ok(self.app().store().tenant(self.tenant_id()?).await?)
    }

    /// Counts the request.
    pub(crate) fn throttle(&self, action: &str) -> Result<(), Fault> {
        if CONVERSATION.contains(&action) {
            return Ok(());
        }
        let tenant = self.tenant.unwrap_or(TenantId(0));
        if self.app().allow_request(tenant, action) {
            Ok(())
        } else {
            Err(Fault::throttled())
        }
    }
}

impl From<DialogueFault> for Fault {
    fn from(fault: DialogueFault) -> Self {
        match fault {
            DialogueFault::NoRobot => Self::not_exist("Script"),
            DialogueFault::Busy => Self::busy(),
            DialogueFault::Store(error) => error.into(),
            DialogueFault::NotStored(why) => {
                tracing::warn!(why, "an answer was not stored");
                Self::unavailable()
            }
            DialogueFault::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "a conversation failed");
                Self::internal()
            }
        }
    }
}

/// What a use case refuses, in the vendor's codes where there are such.
impl From<app::Fault> for Fault {
    fn from(fault: app::Fault) -> Self {
        match fault {
            app::Fault::Refused(refusal) => refusal.into(),
            app::Fault::Store(error) => error.into(),
            app::Fault::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "a request failed");
                Self::internal()
            }
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        match refusal {
            Refusal::TenantNotFound(_) => Self::no_instance(),
            Refusal::NotFound { what } => Self::not_exist(match what {
                "voice agent" => "Script",
                "campaign" => "JobGroup",
                "contact" => "Job",
                other => other,
            }),
            Refusal::CallNotFound => Self::not_exist("Call"),
            Refusal::CallNotControllable { .. } => Self::invalid("CallId", &text),
            Refusal::SoundNotFound(_) => Self::not_exist("Sound"),
            Refusal::NotPermitted => Self::forbidden(),
            Refusal::Invalid { field, why } => Self::invalid(field, &why),
            Refusal::Conflict { what } => Self::new(409, "Conflict", what),
            Refusal::NoCallerNumber { why } => Self::invalid("CallingNumber", &why),
            Refusal::RuleForbids { .. } => Self::new(403, "Forbidden.CallRule", text),
            Refusal::CallQuotaExhausted | Refusal::AgentQuotaExhausted => {
                Self::new(400, "QuotaExceeded", text)
            }
            Refusal::NoAgentSlot { .. } | Refusal::TrunkFailed { .. } => Self::busy(),
            Refusal::Draining => Self::unavailable(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::definition;

    /// The vendor's list is data; what is not built must be written down with a reason.
    #[test]
    fn every_vendor_action_is_built_or_its_absence_explained() {
        let vendor: BTreeSet<&str> = definition::actions().collect();
        let built: BTreeSet<&str> = ACTIONS
            .iter()
            .flat_map(|group| group.iter())
            .map(|entry| entry.name)
            .collect();
        let absent: BTreeSet<&str> = not_built().iter().map(|action| action.name).collect();
        assert_eq!(built.intersection(&absent).count(), 0);
        let covered: BTreeSet<&str> = built.union(&absent).copied().collect();
        assert_eq!(covered, vendor);
    }
}
