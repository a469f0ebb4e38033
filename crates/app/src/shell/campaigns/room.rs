//! How many attempts a campaign may begin within its tenant's limit, beside the others.

use engine::campaign::{Share, Window, room, window};
use model::{Campaign, CampaignId, CampaignProgress, TenantId, UnixMs};

use crate::{App, Fault, local_time::calendars};

/// Most attempts at once that a tenant may have; `None` for no limit.
pub(crate) async fn limit(app: &App, tenant: TenantId) -> Result<Option<i64>, Fault> {
    let store = app.store();
    let (quota, _) = store.quota(tenant).await?;
    let named = store.name_of_instance(tenant).await?;
    let limits = [
        quota.agent_calls_max,
        named.and_then(|name| name.n_conversations_max),
    ];
    Ok(limits.into_iter().flatten().min())
}

/// Attempts that `campaign` may begin beside those that are under way; `running` are all campaigns
/// that run.
pub(super) async fn of(
    app: &App,
    campaign: &Campaign,
    progress: &CampaignProgress,
    running: &[Campaign],
    now: UnixMs,
) -> Result<u32, Fault> {
    let Some(limit) = limit(app, campaign.tenant).await? else {
        return Ok(u32::MAX);
    };
    let store = app.store();
    let free = limit - store.n_open_attempts(Some(campaign.tenant)).await?;
    let reserving: Vec<&Campaign> = running
        .iter()
        .filter(|other| other.tenant == campaign.tenant && other.id != campaign.id)
        .filter(|other| other.settings.reserved > 0)
        .collect();
    let mut others = Vec::new();
    if !reserving.is_empty() {
        let tenant = store.tenant(campaign.tenant).await?;
        let rules = store.call_rules(campaign.tenant).await?;
        let ids: Vec<CampaignId> = reserving.iter().map(|other| other.id.clone()).collect();
        let progress = store.campaign_progress(&ids).await?;
        for other in reserving {
            let schedule = &other.settings.schedule;
            let calendars = calendars(schedule, &tenant, now)?;
            let may_dial = matches!(
                window(schedule, &rules.working_hours, &calendars, now),
                Window::Open { .. }
            );
            let due = store.next_due_contact(&other.id).await?;
            if may_dial && due.is_some_and(|due| due <= now) {
                let progress = progress.get(&other.id).copied().unwrap_or_default();
                others.push(share(other, &progress));
            }
        }
    }
    Ok(room(small(free), share(campaign, progress), &others))
}

fn share(campaign: &Campaign, progress: &CampaignProgress) -> Share {
    Share {
        is_urgent: campaign.settings.is_urgent,
        reserved: campaign.settings.reserved,
        dialing: small(progress.dialing),
        waiting: small(progress.waiting),
    }
}

/// A count; what is below nothing is nothing.
fn small(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}
