//! Placing an outbound call with a voice agent.
//!
//! One after the other: is the caller known and allowed, does its package pay, which number and
//! trunk, what do the rules say, is a voice agent free. A call that a rule forbids leaves a record
//! that says so; any other refusal leaves nothing.

use std::{sync::Arc, time::Duration};

use engine::{
    quota, route,
    rules::{self, Facts, RuleCheck, Windows},
};
use model::{
    Call, CallEvent, CallId, CredentialId, Direction, E164, EndCause, HungUpSide,
    PlaceVoiceAgentCall, Quota, Refusal, Tenant, Trunk, UnixMs, VoiceAgent, WebhookTopic,
};
use store::{Paging, StoreError};
use uuid::Uuid;

use crate::{
    App, Fault,
    agent_document::{self, Parsed},
    local_time::LocalTime,
    shell::call::{self, Holds, Start, Way},
    trunk_load::ChannelGuard,
};

/// Longest ringing if the request does not say. Carriers stop at about a minute.
const RING_TIME_DEFAULT: Duration = Duration::from_secs(60);

/// Trunks that are looked at; an installation with more needs rules that choose among them.
pub(crate) const TRUNKS_MAX: u32 = 1000;

/// What is known of a call before it is allowed.
struct Wish {
    id: CallId,
    command: PlaceVoiceAgentCall,
    by: Option<CredentialId>,
    tenant: Tenant,
    agent: VoiceAgent,
    at: UnixMs,
}

/// How a call would go.
struct Plan {
    trunk: Trunk,
    caller: E164,
    channel: ChannelGuard,
}

impl App {
    /// Places an outbound call and puts a voice agent on it. The call is stored when this returns;
    /// it rings after that.
    ///
    /// # Errors
    ///
    /// Refuses what the module's documentation names; nothing is changed then, but that a call
    /// which a rule forbids leaves a record.
    pub async fn place_voice_agent_call(
        self: &Arc<Self>,
        command: PlaceVoiceAgentCall,
        by: Option<CredentialId>,
    ) -> Result<CallId, Fault> {
        if self.is_draining() {
            return Err(Refusal::Draining.into());
        }
        let wish = self.wish(command, by).await?;
        let agent = agent_document::parse(&wish.agent.settings.definition)
            .map_err(|fault| anyhow::anyhow!("stored voice agent {}: {fault}", wish.agent.id))?;
        let (quota, usage) = self.store().quota(wish.tenant.id).await?;
        quota::check(&quota, &usage, wish.at)?;
        let slot = self
            .slots()
            .acquire(
                &wish.id,
                wish.tenant.id,
                agent_limit(&quota),
                wish.command.slot_wait_max,
            )
            .await?;
        // From the counts of the rules to the record that will be counted: one at a time.
        let admission = self.admission().lock().await;
        let plan = self.plan(&wish).await?;
        let checks = self.check_rules(&wish, &plan.caller).await?;
        let call = self.begin(&wish, &plan, &checks).await?;
        drop(admission);
        if let Some(refusal) = checks.last().and_then(RuleCheck::refusal) {
            self.wake_webhooks();
            return Err(refusal.into());
        }
        let talk_time_max = quota::remaining(&quota, &usage, self.now());
        call::spawn(
            self,
            start(&wish.command, call, agent, plan, slot, talk_time_max),
        );
        Ok(wish.id)
    }

    async fn wish(
        &self,
        command: PlaceVoiceAgentCall,
        by: Option<CredentialId>,
    ) -> Result<Wish, Fault> {
        let tenant = match self.store().tenant(command.tenant).await {
            Ok(tenant) => tenant,
            Err(StoreError::NotFound { .. }) => {
                return Err(Refusal::TenantNotFound(command.tenant.0).into());
            }
            Err(error) => return Err(error.into()),
        };
        let agent = match self
            .store()
            .voice_agent(tenant.id, command.voice_agent)
            .await
        {
            Ok(agent) => agent,
            Err(StoreError::NotFound { .. }) => {
                return Err(Refusal::NotFound {
                    what: "voice agent",
                }
                .into());
            }
            Err(error) => return Err(error.into()),
        };
        let id = CallId(Uuid::new_v4().to_string());
        Ok(Wish {
            id,
            command,
            by,
            tenant,
            agent,
            at: self.now(),
        })
    }

    async fn plan(&self, wish: &Wish) -> Result<Plan, Fault> {
        let mut trunks = self.store().trunks(Paging::first(TRUNKS_MAX)).await?.items;
        let load = self.trunk_loads().seen(&trunks);
        let command = &wish.command;
        let route = route::choose(
            &trunks,
            &load,
            wish.tenant.id,
            &command.callers,
            &command.callee,
        )?;
        let trunk = trunks.swap_remove(route.trunk_idx);
        let channel = self.trunk_loads().start(&trunk, &route.caller);
        Ok(Plan {
            trunk,
            caller: route.caller,
            channel,
        })
    }

    async fn check_rules(&self, wish: &Wish, caller: &E164) -> Result<Vec<RuleCheck>, Fault> {
        let (store, tenant) = (self.store(), wish.tenant.id);
        let callee = &wish.command.callee;
        let rules = store.call_rules(tenant).await?;
        let local = LocalTime::at(wish.at, &wish.tenant.time_zone)?;
        let windows = Windows::of(&rules, wish.at, local.midnight);
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let facts = Facts {
            callee,
            caller: Some(caller),
            on_do_not_call: store.is_do_not_call(tenant, callee).await?,
            time_zone: &wish.tenant.time_zone,
            local_weekday: local.weekday,
            local_second_of_day: local.second_of_day,
            calls_to_callee_in_interval: match windows.callee_interval_from {
                Some(since) => count(store.n_calls_to(tenant, callee, since).await?),
                None => 0,
            },
            calls_to_callee_today: match windows.callee_day_from {
                Some(since) => count(store.n_calls_to(tenant, callee, since).await?),
                None => 0,
            },
            calls_from_caller_in_window: match windows.caller_from {
                Some(since) => count(store.n_calls_from(tenant, caller, since).await?),
                None => 0,
            },
        };
        Ok(rules::check(&rules, &facts))
    }

    /// Stores the call with what the rules said; one that is forbidden has ended at once.
    async fn begin(&self, wish: &Wish, plan: &Plan, checks: &[RuleCheck]) -> Result<Call, Fault> {
        let mut events = vec![requested(wish, plan)];
        events.extend(checks.iter().map(RuleCheck::event));
        events.extend(checks.last().and_then(RuleCheck::end_cause).map(forbidden));
        let events: Vec<(UnixMs, CallEvent)> =
            events.into_iter().map(|event| (wish.at, event)).collect();
        let deliveries = match folded(&wish.id, &events) {
            Some(call) if call.ended_at.is_some() => {
                crate::pushes::of_call(self, &call, &[WebhookTopic::Cdr]).await?
            }
            _ => Vec::new(),
        };
        let call = self
            .store()
            .begin_call(&wish.id, &events, &deliveries)
            .await?;
        self.note_journal_growth();
        Ok(call)
    }
}

fn start(
    command: &PlaceVoiceAgentCall,
    call: Call,
    agent: Parsed,
    plan: Plan,
    slot: crate::shell::slots::SlotGuard,
    talk_time_max: Option<Duration>,
) -> Start {
    Start {
        call,
        agent,
        way: Way::Out(Box::new(plan.trunk)),
        ring_time_max: command.ring_time_max.unwrap_or(RING_TIME_DEFAULT),
        talk_time_max,
        holds: Holds {
            slot: Some(slot),
            channel: Some(plan.channel),
        },
    }
}

fn requested(wish: &Wish, plan: &Plan) -> CallEvent {
    CallEvent::Requested {
        tenant: wish.tenant.id,
        direction: Direction::Outbound,
        caller: plan.caller.clone(),
        callee: wish.command.callee.clone(),
        voice_agent: Some(wish.agent.id),
        voice_agent_name: wish.agent.settings.name.clone(),
        voice_agent_version: wish.agent.version,
        trunk: Some(plan.trunk.id),
        variables: wish.command.variables.clone(),
        user_data: wish.command.user_data.clone(),
        ring_time_max: wish.command.ring_time_max.unwrap_or(RING_TIME_DEFAULT),
        credential: wish.by.clone(),
    }
}

fn forbidden(cause: EndCause) -> CallEvent {
    CallEvent::Ended {
        cause,
        side: HungUpSide::System,
        sip_status: None,
        sip_reason: String::new(),
        quality: None,
    }
}

fn folded(id: &CallId, events: &[(UnixMs, CallEvent)]) -> Option<Call> {
    let ((at, first), rest) = events.split_first()?;
    let mut call = Call::begin(id.clone(), first, *at)?;
    for (at, event) in rest {
        call.apply(event, *at);
    }
    Some(call)
}

fn agent_limit(quota: &Quota) -> Option<u32> {
    quota
        .agent_calls_max
        .map(|max| u32::try_from(max.max(0)).unwrap_or(u32::MAX))
}
