//! Placing an outbound call with a voice agent.
//!
//! One after the other: does the package pay, may the callee be called now, which number and trunk,
//! is a voice agent free. A call that a rule forbids leaves a record that says so; any other refusal
//! leaves nothing.

use std::{sync::Arc, time::Duration};

use engine::{
    quota,
    route::{self, Route},
    rules::{self, Facts, RuleCheck, Windows},
};
use model::{
    Belongs, Call, CallEvent, CallId, CredentialId, Direction, E164, EndCause, HungUpSide,
    NumberLine, PlaceVoiceAgentCall, Quota, Refusal, Tenant, TenantId, Trunk, TrunkId, UnixMs,
    VoiceAgent, VoiceAgentDraft, VoiceAgentId, WebhookTopic,
};
use store::{Paging, StoreError};
use uuid::Uuid;

use crate::{
    App, Fault,
    agent_document::{self, BroughtAgent},
    local_time::LocalTime,
    shell::call::{self, Holds, Start},
    trunk_load::{ChannelGuard, Seen},
    usecase::belonging,
};

/// Longest ringing if the request does not say. Carriers stop at about a minute.
const RING_TIME_DEFAULT: Duration = Duration::from_secs(60);

/// Trunks that one call tries.
const WAYS_MAX: usize = 4;

/// What is known of a call before it is allowed.
#[derive(Debug)]
pub(crate) struct Wish {
    /// The conversation that it joins.
    joins: Option<CallEvent>,
    id: CallId,
    command: PlaceVoiceAgentCall,
    by: Option<CredentialId>,
    tenant: Tenant,
    agent: VoiceAgent,
    /// The agent, if the request brought it along.
    brought: Option<BroughtAgent>,
    at: UnixMs,
}

/// How a call would go.
struct WayOutside {
    trunk: Trunk,
    /// The number that is shown.
    caller: E164,
    /// What the carrier lets that number do.
    line: NumberLine,
}

/// How a call goes, and what other ways must be good for.
#[derive(Debug)]
pub struct Outbound {
    /// The trunk.
    pub(crate) trunk: Trunk,
    /// The number that is shown.
    pub(crate) caller: E164,
    /// What the carrier lets that number do.
    pub(crate) line: NumberLine,
    wish: Wish,
    /// Trunks that failed.
    failed: Vec<TrunkId>,
}

/// What rules and routes make of a wish at one moment.
enum Verdict {
    /// It may go this way; what the rules said.
    Go(Box<WayOutside>, Vec<RuleCheck>),
    /// A rule forbids it; the number that would have been shown, if one was found.
    Forbidden(Option<E164>, Vec<RuleCheck>),
}

impl App {
    /// Places an outbound call and puts a voice agent on it. The call is stored when this returns;
    /// it rings after that. Once begun it is carried through, also when nobody waits for it any
    /// more: a call that is stored must have its task.
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
        let id = CallId(Uuid::new_v4().to_string());
        self.place_numbered_call(id, command, by).await
    }

    /// The same for a voice agent that the request brings along; it is kept, sealed, until the call
    /// and its review are over. `command` names [`VoiceAgentId::BROUGHT`].
    ///
    /// # Errors
    ///
    /// As [`place_voice_agent_call`](Self::place_voice_agent_call).
    pub async fn place_brought_call(
        self: &Arc<Self>,
        command: PlaceVoiceAgentCall,
        brought: BroughtAgent,
        by: Option<CredentialId>,
    ) -> Result<CallId, Fault> {
        let id = CallId(Uuid::new_v4().to_string());
        self.carry_through(id, command, Some(brought), by).await
    }

    /// The same for a call whose id was given and stored before: if that id is taken, nothing is
    /// dialled.
    pub(crate) async fn place_numbered_call(
        self: &Arc<Self>,
        id: CallId,
        command: PlaceVoiceAgentCall,
        by: Option<CredentialId>,
    ) -> Result<CallId, Fault> {
        self.carry_through(id, command, None, by).await
    }

    async fn carry_through(
        self: &Arc<Self>,
        id: CallId,
        command: PlaceVoiceAgentCall,
        brought: Option<BroughtAgent>,
        by: Option<CredentialId>,
    ) -> Result<CallId, Fault> {
        let app = Arc::clone(self);
        let placing = async move {
            let wish = app.wish(id, command, brought, by).await?;
            app.place(wish).await
        };
        let placing = tracing::Instrument::instrument(placing, tracing::Span::current());
        tokio::spawn(placing).await.map_err(anyhow::Error::from)?
    }

    async fn place(self: &Arc<Self>, wish: Wish) -> Result<CallId, Fault> {
        let agent = match &wish.brought {
            Some(brought) => brought.parsed(),
            None => agent_document::parse(&wish.agent.settings.definition),
        };
        let agent = agent
            .map_err(|fault| anyhow::anyhow!("stored voice agent {}: {fault}", wish.agent.id))?;
        let (quota, usage) = self.store().quota(wish.tenant.id).await?;
        quota::check(&quota, &usage, wish.at)?;
        // Asked before the wait for a slot: what is forbidden need not wait.
        {
            let _admission = self.admit().await?;
            if let Verdict::Forbidden(caller, checks) = self.judge(&wish, &[]).await? {
                return Err(self.forbid(&wish, caller, &checks).await?);
            }
        }
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
        let _admission = self.admit().await?;
        let (way, checks) = match self.judge(&wish, &[]).await? {
            Verdict::Go(way, checks) => (way, checks),
            Verdict::Forbidden(caller, checks) => {
                return Err(self.forbid(&wish, caller, &checks).await?);
            }
        };
        let channel = self.trunk_loads().start(&way.trunk, &way.caller, &way.line);
        let call = self
            .begin(&wish, &way.caller, Some(&way.trunk), &checks)
            .await?;
        let id = wish.id.clone();
        let start = Start {
            call,
            first: call::First::Agent(Box::new(agent)),
            ring_time_max: wish.command.ring_time_max.unwrap_or(RING_TIME_DEFAULT),
            way: call::Way::Out(Box::new(Outbound {
                trunk: way.trunk,
                caller: way.caller,
                line: way.line,
                wish,
                failed: Vec::new(),
            })),
            talk_time_max: quota::remaining(&quota, &usage, self.now()),
            holds: Holds {
                slot: Some(slot),
                channel: Some(channel),
                phone: None,
            },
        };
        call::spawn(self, start);
        Ok(id)
    }

    /// The right to admit a call, one at a time, while the server takes calls.
    async fn admit(&self) -> Result<tokio::sync::MutexGuard<'_, ()>, Fault> {
        let admission = self.admission().lock().await;
        match self.is_draining() {
            false => Ok(admission),
            true => Err(Refusal::Draining.into()),
        }
    }

    async fn wish(
        &self,
        id: CallId,
        command: PlaceVoiceAgentCall,
        brought: Option<BroughtAgent>,
        by: Option<CredentialId>,
    ) -> Result<Wish, Fault> {
        let tenant = match self.store().tenant(command.tenant).await {
            Ok(tenant) => tenant,
            Err(StoreError::NotFound { .. }) => {
                return Err(Refusal::TenantNotFound(command.tenant.0).into());
            }
            Err(error) => return Err(error.into()),
        };
        let agent = match &brought {
            Some(_) => nameless(tenant.id, self.now()),
            None => self.stored_agent(tenant.id, command.voice_agent).await?,
        };
        let (belongs, callee) = (&command.belongs, &command.callee);
        let joins = belonging::joining(self, tenant.id, &id, belongs, callee).await?;
        Ok(Wish {
            joins,
            id,
            command,
            by,
            tenant,
            agent,
            brought,
            at: self.now(),
        })
    }

    async fn stored_agent(&self, tenant: TenantId, id: VoiceAgentId) -> Result<VoiceAgent, Fault> {
        match self.store().voice_agent(tenant, id).await {
            Ok(agent) => Ok(agent),
            Err(StoreError::NotFound { .. }) => Err(Refusal::NotFound {
                what: "voice agent",
            }
            .into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Asks the rules about the callee first, then looks for a way whose number is not shown too
    /// often.
    async fn judge(&self, wish: &Wish, failed: &[TrunkId]) -> Result<Verdict, Fault> {
        let checks = self.check_rules(wish, None).await?;
        if checks.iter().any(|check| !check.allowed) {
            return Ok(Verdict::Forbidden(None, checks));
        }
        let known = self.store().known_trunks().await?;
        let is_left = |trunk: &&Trunk| !failed.contains(&trunk.id);
        let mut trunks: Vec<Trunk> = known.all().iter().filter(is_left).cloned().collect();
        let mut lines = self.store().all_number_settings(wish.tenant.id).await?;
        let load = self.trunk_loads().seen(&trunks, &lines);
        let (mut callers, callee) = (wish.command.callers.clone(), &wish.command.callee);
        let mut shown_too_often = None;
        loop {
            let route = self.choose(&trunks, &load, wish.tenant.id, &callers, callee);
            let route = match (route, shown_too_often.take()) {
                (Ok(route), _) => route,
                (Err(_), Some((caller, checks))) => {
                    return Ok(Verdict::Forbidden(Some(caller), checks));
                }
                (Err(refusal), None) => return Err(refusal.into()),
            };
            let checks = self.check_rules(wish, Some(&route.caller)).await?;
            if checks.iter().all(|check| check.allowed) {
                let trunk = trunks.swap_remove(route.trunk_idx);
                let caller = route.caller;
                let line = lines.remove(&caller).unwrap_or_default().line;
                let way = WayOutside {
                    trunk,
                    caller,
                    line,
                };
                return Ok(Verdict::Go(Box::new(way), checks));
            }
            let was_requested = callers.contains(&route.caller);
            callers.retain(|caller| *caller != route.caller);
            if was_requested && callers.is_empty() {
                return Ok(Verdict::Forbidden(Some(route.caller), checks));
            }
            for trunk in &mut trunks {
                trunk.numbers.retain(|number| number.number != route.caller);
            }
            shown_too_often = Some((route.caller, checks));
        }
    }

    /// The way of a call; trunks through which calls do not go at present are the last resort.
    fn choose(
        &self,
        trunks: &[Trunk],
        load: &Seen,
        tenant: TenantId,
        callers: &[E164],
        callee: &E164,
    ) -> Result<Route, Refusal> {
        let is_open = |trunk: &Trunk| self.trunk_health().is_open(trunk.id);
        if trunks.iter().any(is_open) {
            let mut well = trunks.to_vec();
            for trunk in well.iter_mut().filter(|trunk| is_open(trunk)) {
                trunk.numbers.clear();
            }
            if let Ok(route) = route::choose(&well, load, tenant, callers, callee) {
                return Ok(route);
            }
        }
        route::choose(trunks, load, tenant, callers, callee)
    }

    /// A way to a number outside for a call that runs: rules and routes as for any call.
    ///
    /// # Errors
    ///
    /// As [`place_voice_agent_call`](Self::place_voice_agent_call); a rule that forbids it leaves no
    /// record of its own.
    pub(crate) async fn way_outside(
        &self,
        call: &CallId,
        tenant: TenantId,
        callee: &E164,
    ) -> Result<(Outbound, ChannelGuard), Fault> {
        let tenant = self.store().tenant(tenant).await?;
        let wish = Wish {
            joins: None,
            id: call.clone(),
            agent: nameless(tenant.id, self.now()),
            command: PlaceVoiceAgentCall {
                tenant: tenant.id,
                voice_agent: VoiceAgentId::BROUGHT,
                callee: callee.clone(),
                callers: Vec::new(),
                variables: Vec::new(),
                ring_time_max: None,
                slot_wait_max: Duration::ZERO,
                user_data: None,
                belongs: Belongs::default(),
            },
            by: None,
            tenant,
            brought: None,
            at: self.now(),
        };
        let _admission = self.admit().await?;
        match self.judge(&wish, &[]).await? {
            Verdict::Go(way, _) => {
                let channel = self.trunk_loads().start(&way.trunk, &way.caller, &way.line);
                let outbound = Outbound {
                    trunk: way.trunk,
                    caller: way.caller,
                    line: way.line,
                    wish,
                    failed: Vec::new(),
                };
                Ok((outbound, channel))
            }
            Verdict::Forbidden(_, checks) => {
                let refused = checks.iter().find_map(RuleCheck::refusal);
                Err(refused
                    .unwrap_or(Refusal::NotFound { what: "a way" })
                    .into())
            }
        }
    }

    /// Another way for a call whose trunk failed before anything rang; `None` if there is none.
    pub(crate) async fn reroute(&self, outbound: &mut Outbound) -> Option<ChannelGuard> {
        outbound.failed.push(outbound.trunk.id);
        if outbound.failed.len() >= WAYS_MAX || self.is_draining() {
            return None;
        }
        let _admission = self.admission().lock().await;
        match self.judge(&outbound.wish, &outbound.failed).await {
            Ok(Verdict::Go(way, _)) => {
                let channel = self.trunk_loads().start(&way.trunk, &way.caller, &way.line);
                outbound.trunk = way.trunk;
                outbound.caller = way.caller;
                outbound.line = way.line;
                Some(channel)
            }
            Ok(Verdict::Forbidden(..)) | Err(Fault::Refused(_)) => None,
            Err(error) => {
                tracing::warn!(%error, "failed to look for another way");
                None
            }
        }
    }

    /// Stores the record of a call that a rule forbids, and says which.
    async fn forbid(
        &self,
        wish: &Wish,
        caller: Option<E164>,
        checks: &[RuleCheck],
    ) -> Result<Fault, Fault> {
        let caller = match caller.or_else(|| wish.command.callers.first().cloned()) {
            Some(caller) => caller,
            None => self.any_number(wish).await?,
        };
        self.begin(wish, &caller, None, checks).await?;
        self.wake_webhooks();
        let refusal = checks.last().and_then(RuleCheck::refusal);
        Ok(refusal
            .expect("the last check is the one that forbids")
            .into())
    }

    /// A number for the record of a call that had none to show: the tenant's first, else zeros.
    async fn any_number(&self, wish: &Wish) -> Result<E164, Fault> {
        let numbers = self
            .store()
            .numbers(Some(wish.tenant.id), Paging::first(1))
            .await?;
        let number = numbers
            .items
            .into_iter()
            .next()
            .map(|(_, number)| number.number);
        Ok(number.unwrap_or_else(E164::unknown))
    }

    async fn check_rules(
        &self,
        wish: &Wish,
        caller: Option<&E164>,
    ) -> Result<Vec<RuleCheck>, Fault> {
        let (store, tenant) = (self.store(), wish.tenant.id);
        let callee = &wish.command.callee;
        let rules = store.call_rules(tenant).await?;
        let local = LocalTime::at(wish.at, &wish.tenant.time_zone)?;
        let windows = Windows::of(&rules, wish.at, local.midnight);
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let facts = Facts {
            callee,
            caller,
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
            calls_from_caller_in_window: match (windows.caller_from, caller) {
                (Some(since), Some(caller)) => {
                    count(store.n_calls_from(tenant, caller, since).await?)
                }
                (Some(_), None) | (None, _) => 0,
            },
        };
        Ok(rules::check(&rules, &facts))
    }

    /// Stores the call with what the rules said; one that is forbidden has ended at once.
    async fn begin(
        &self,
        wish: &Wish,
        caller: &E164,
        trunk: Option<&Trunk>,
        checks: &[RuleCheck],
    ) -> Result<Call, Fault> {
        let mut events = vec![requested(wish, caller, trunk)];
        events.extend(wish.joins.clone());
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
        // A call that a rule forbids needs no agent.
        let brought = wish.brought.as_ref().filter(|_| trunk.is_some());
        let brought = brought.map(BroughtAgent::document);
        let call = self
            .store()
            .begin_call_with(&wish.id, &events, &deliveries, brought.as_ref())
            .await?;
        self.note_journal_growth();
        Ok(call)
    }
}

/// What stands in the records for an agent that a request brought along.
fn nameless(tenant: TenantId, now: UnixMs) -> VoiceAgent {
    VoiceAgent {
        id: VoiceAgentId::BROUGHT,
        tenant,
        settings: VoiceAgentDraft {
            name: String::new(),
            definition: String::new(),
            variable_names: Vec::new(),
        },
        version: 0,
        created_at: now,
        updated_at: now,
    }
}

fn requested(wish: &Wish, caller: &E164, trunk: Option<&Trunk>) -> CallEvent {
    CallEvent::Requested {
        tenant: wish.tenant.id,
        direction: Direction::Outbound,
        caller: caller.clone(),
        callee: wish.command.callee.clone(),
        voice_agent: Some(wish.agent.id),
        voice_agent_name: wish.agent.settings.name.clone(),
        voice_agent_version: wish.agent.version,
        trunk: trunk.map(|trunk| trunk.id),
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

pub(crate) fn agent_limit(quota: &Quota) -> Option<u32> {
    quota
        .agent_calls_max
        .map(|max| u32::try_from(max.max(0)).unwrap_or(u32::MAX))
}
