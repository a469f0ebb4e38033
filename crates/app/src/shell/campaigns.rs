//! Dials for campaigns: looks at the database, asks each campaign's [`Runner`] what to do, and does
//! it. One task; calls are placed beside it.
//!
//! # Invariants
//!
//! - An attempt is stored before its call is placed, under the call's id. A start finds attempts that
//!   the last run left: those whose call has ended are ended, those without a call were never dialled
//!   and are taken back.
//! - Attempts begin only while the server takes calls.

mod room;

pub(crate) use room::limit as calls_limit;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use engine::campaign::{Ended, Look, Runner, Trouble, Want, outcome, settle, window};
use model::{
    Call, CallEvent, CallId, Campaign, CampaignId, CampaignState, Contact, DialAttempt, Refusal,
    Stamped, Thought, ThoughtKind, UnixMs,
};
use tokio::sync::mpsc;

use crate::{
    App, Fault,
    local_time::{LocalTime, calendars},
    usecase::campaign_command,
};

/// Calls that were placed, or were not, and wait to be noted.
const PLACED_MAX: usize = 1024;

/// Least time between two looks: calls that end together are noted together.
const LOOK_LEAST: Duration = Duration::from_millis(100);

/// Longest time without a look: another process may have stored something.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// An attempt that nobody here places and that has no call after this was never dialled.
const ORPHAN_AFTER: Duration = Duration::from_secs(60);

/// Events of one call that are read for its tags.
const EVENTS_MAX: u32 = 20_000;

/// What came of placing a call.
struct Placed {
    attempt: DialAttempt,
    result: Result<CallId, Fault>,
}

struct Desk {
    app: Arc<App>,
    runners: BTreeMap<CampaignId, (Runner, UnixMs)>,
    /// Something happened to them since the last look.
    stirred: BTreeSet<CampaignId>,
    /// Attempts whose calls are being placed.
    placing: BTreeSet<CallId>,
    placed: mpsc::Sender<Placed>,
    /// Attempts may be under way, or campaigns run.
    is_busy: bool,
    /// Somebody has changed a campaign or its contacts.
    looks_at_all: bool,
    reconciled_at: Instant,
}

/// Dials until the server drains, which takes calls since `started`.
pub async fn run(app: Arc<App>, started: UnixMs) {
    let (placed, mut notes) = mpsc::channel(PLACED_MAX);
    let mut journal = app.journal_watch();
    let mut desk = Desk {
        app: Arc::clone(&app),
        runners: BTreeMap::new(),
        stirred: BTreeSet::new(),
        placing: BTreeSet::new(),
        placed,
        is_busy: true,
        looks_at_all: true,
        reconciled_at: Instant::now(),
    };
    if let Err(fault) = desk.reconcile(started).await {
        tracing::warn!(%fault, "attempts of the last run are not settled yet");
    }
    while !app.is_draining() {
        let wait = match desk.turn().await {
            Ok(wait) => wait,
            Err(fault) => {
                tracing::warn!(
                    fault = format!("{fault:?}"),
                    "campaigns wait for the database"
                );
                Duration::from_secs(1)
            }
        };
        tokio::time::sleep(LOOK_LEAST).await;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = app.campaigns_woken() => desk.looks_at_all = true,
            // The sender lives as long as the centre.
            _ = journal.changed(), if desk.is_busy => {}
            Some(note) = notes.recv() => desk.note(note).await,
        }
        while let Ok(note) = notes.try_recv() {
            desk.note(note).await;
        }
    }
}

impl Desk {
    /// Ends what has ended and starts what is due. Gives the time until something may be due.
    async fn turn(&mut self) -> Result<Duration, Fault> {
        if self.is_busy {
            self.end_attempts().await?;
        }
        let looks_at_all = std::mem::take(&mut self.looks_at_all);
        let campaigns = self.app.store().running_campaigns().await?;
        let running: BTreeSet<&CampaignId> =
            campaigns.iter().map(|campaign| &campaign.id).collect();
        self.runners.retain(|id, _| running.contains(id));
        let now = self.app.now();
        for campaign in &campaigns {
            let fresh = || {
                (
                    Runner::new(campaign.settings.pacing, now),
                    campaign.updated_at,
                )
            };
            let (runner, updated_at) = self
                .runners
                .entry(campaign.id.clone())
                .or_insert_with(fresh);
            if *updated_at != campaign.updated_at {
                runner.change(campaign.settings.pacing, now);
                *updated_at = campaign.updated_at;
            }
            let is_due = runner.poll_timeout().0 <= now;
            if looks_at_all || is_due || self.stirred.remove(&campaign.id) {
                self.look(campaign, &campaigns).await?;
            }
        }
        self.stirred.clear();
        if self.reconciled_at.elapsed() >= ORPHAN_AFTER {
            self.reconcile(self.app.now().minus(ORPHAN_AFTER)).await?;
        }
        let n_open = self.app.store().n_open_attempts(None).await?;
        self.is_busy = !campaigns.is_empty() || n_open > 0;
        let now = self.app.now();
        let next = self
            .runners
            .values()
            .map(|(runner, _)| runner.poll_timeout().0)
            .min();
        Ok(next.map_or(LOOK_EVERY, |at| at.since(now).min(LOOK_EVERY)))
    }

    async fn look(&mut self, campaign: &Campaign, running: &[Campaign]) -> Result<(), Fault> {
        let seen = self.seen(campaign, running).await?;
        let now = self.app.now();
        let Some((runner, _)) = self.runners.get_mut(&campaign.id) else {
            return Ok(());
        };
        runner.handle(&seen, now);
        self.carry_out(campaign).await
    }

    async fn carry_out(&mut self, campaign: &Campaign) -> Result<(), Fault> {
        while let Some((runner, _)) = self.runners.get_mut(&campaign.id)
            && let Some(want) = runner.poll()
        {
            let (store, now) = (self.app.store(), self.app.now());
            let end = |to, why: String| async move {
                let from = [CampaignState::Running];
                store
                    .move_campaign(campaign.tenant, &campaign.id, &from, to, &why, now)
                    .await
            };
            match want {
                Want::Start { n } => self.start(campaign, n).await?,
                Want::Expire => {
                    store.expire_contacts(&campaign.id, now).await?;
                }
                Want::Complete => end(CampaignState::Completed, String::new()).await?,
                Want::Pause { why } => {
                    tracing::warn!(campaign = %campaign.id, why, "a campaign pauses itself");
                    end(CampaignState::Paused, why).await?;
                }
            }
        }
        Ok(())
    }

    /// What the runner needs to know.
    async fn seen(&self, campaign: &Campaign, running: &[Campaign]) -> Result<Look, Fault> {
        let store = self.app.store();
        let tenant = store.tenant(campaign.tenant).await?;
        let rules = store.call_rules(campaign.tenant).await?;
        let now = self.app.now();
        let calendars = calendars(&campaign.settings.schedule, &tenant, now)?;
        let id = campaign.id.clone();
        let mut progress = store.campaign_progress(std::slice::from_ref(&id)).await?;
        let progress = progress.remove(&id).unwrap_or_default();
        Ok(Look {
            window: window(
                &campaign.settings.schedule,
                &rules.working_hours,
                &calendars,
                now,
            ),
            room: room::of(&self.app, campaign, &progress, running, now).await?,
            progress,
            next_due: store.next_due_contact(&id).await?,
        })
    }

    async fn start(&mut self, campaign: &Campaign, n: u32) -> Result<(), Fault> {
        let app = &self.app;
        if app.is_draining() {
            return Ok(());
        }
        let new_id = || CallId(uuid::Uuid::new_v4().to_string());
        let begun = app
            .store()
            .begin_attempts(campaign.tenant, &campaign.id, n, new_id, app.now())
            .await?;
        for (contact, attempt) in begun {
            let command = campaign_command(&campaign.settings, &contact.settings, &attempt);
            let (app, placed) = (Arc::clone(app), self.placed.clone());
            self.placing.insert(attempt.id.clone());
            tokio::spawn(async move {
                let result = app
                    .place_numbered_call(attempt.id.clone(), command, None)
                    .await;
                // Nobody listens any more when the server drains: the next start settles it.
                let _ = placed.send(Placed { attempt, result }).await;
            });
        }
        Ok(())
    }

    /// Notes what came of placing a call.
    async fn note(&mut self, Placed { attempt, result }: Placed) {
        self.placing.remove(&attempt.id);
        self.stirred.insert(attempt.campaign.clone());
        let now = self.app.now();
        let trouble = match result {
            // Of a call that a rule forbids there is a record, with its outcome.
            Ok(_) | Err(Fault::Refused(Refusal::RuleForbids { .. })) => None,
            Err(Fault::Refused(
                refusal @ (Refusal::NoAgentSlot { .. }
                | Refusal::TrunkFailed { .. }
                | Refusal::Draining),
            )) => Some((Trouble::Busy, refusal.to_string())),
            Err(Fault::Refused(refusal)) => {
                let why = refusal.to_string();
                Some((Trouble::Blocked { why: why.clone() }, why))
            }
            // The record may have been written: what became of it is seen later.
            Err(fault @ (Fault::Store(_) | Fault::Internal(_))) => {
                tracing::warn!(fault = format!("{fault:?}"), "an attempt failed");
                return;
            }
        };
        if let Some((_, why)) = &trouble {
            let withdrawn = self
                .app
                .store()
                .withdraw_attempt(&attempt, why, now, now)
                .await;
            if let Err(error) = withdrawn {
                tracing::warn!(%error, "an attempt is not taken back yet");
            }
        }
        if let Some((runner, _)) = self.runners.get_mut(&attempt.campaign) {
            match trouble {
                None => runner.dialed(),
                Some((trouble, _)) => runner.not_dialed(trouble, now),
            }
        }
    }

    /// Writes the outcome of attempts whose calls have ended.
    async fn end_attempts(&mut self) -> Result<(), Fault> {
        for (attempt, call) in self.app.store().ended_attempts().await? {
            self.end(&attempt, &call).await?;
        }
        Ok(())
    }

    async fn end(&mut self, attempt: &DialAttempt, call: &Call) -> Result<(), Fault> {
        let Some(disposition) = outcome(call) else {
            return Ok(());
        };
        let store = self.app.store();
        let campaign = store.campaign(attempt.tenant, &attempt.campaign).await?;
        let tenant = store.tenant(attempt.tenant).await?;
        let ended_at = call.ended_at.unwrap_or_else(|| self.app.now());
        let local = LocalTime::at(ended_at, &tenant.time_zone)?;
        let day = (local.midnight, local.next_midnight);
        let tags = match campaign.settings.retry.again_on.is_empty() {
            true => Vec::new(),
            false => tags(&store.events(&call.id, 0, EVENTS_MAX).await?),
        };
        let ended = Ended {
            disposition,
            tags: &tags,
        };
        let settled = |contact: &Contact| {
            let after = settle(contact, ended, &campaign.settings, day, ended_at);
            Contact {
                state: after.state,
                failure: after.failure,
                n_attempts: after.n_attempts,
                n_attempts_day: after.n_attempts_day,
                day_began_at: after.day_began_at,
                next_at: after.next_at,
                ..contact.clone()
            }
        };
        store
            .end_attempt(attempt, disposition, settled, self.app.now())
            .await?;
        self.stirred.insert(attempt.campaign.clone());
        Ok(())
    }

    /// Takes back attempts that were never dialled: planned before `before`, without a call, and nobody
    /// here places it. A request that dials at once has an attempt before it has a call, too.
    async fn reconcile(&mut self, before: UnixMs) -> Result<(), Fault> {
        self.reconciled_at = Instant::now();
        let open = self.app.store().open_attempts().await?;
        let now = self.app.now();
        for open in &open {
            let attempt = &open.attempt;
            let is_orphan = open.call.is_none()
                && !self.placing.contains(&attempt.id)
                && attempt.planned_at < before;
            if is_orphan {
                let why = "it was not dialled before the server stopped";
                self.app
                    .store()
                    .withdraw_attempt(attempt, why, now, now)
                    .await?;
                self.stirred.insert(attempt.campaign.clone());
            }
        }
        Ok(())
    }
}

/// The tags that a flow gave a call.
fn tags(events: &[Stamped]) -> Vec<(String, String)> {
    let moved = events.iter().filter_map(|stamped| match &stamped.event {
        CallEvent::Thought(Thought {
            what: ThoughtKind::Moved { tags, .. },
            ..
        }) => Some(tags.clone()),
        _ => None,
    });
    moved.flatten().collect()
}
