//! Finding campaigns, and how far they are.

use std::collections::BTreeMap;

use model::{
    Campaign, CampaignId, CampaignProgress, CampaignState, ContactState, TenantId, UnixMs,
};

use super::campaign_in;
use crate::{
    Page, Paging, Store, StoreError,
    codec::unknown,
    listing::Listing,
    statement::{Columns as _, composed_sql, sql},
};

/// Columns of a campaign.
const CAMPAIGN: &str =
    "id, tenant, name, settings, is_urgent, state, trouble, created_at, updated_at";

/// Most campaigns that run at once; the others wait until one of these has ended.
const RUNNING_MAX: i64 = 1000;

/// Which campaigns are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignFilter {
    /// Only in this state.
    pub state: Option<CampaignState>,
    /// Only with this text in their name.
    pub name_part: Option<String>,
    /// Created at or after.
    pub from: Option<UnixMs>,
    /// Created before.
    pub before: Option<UnixMs>,
}

impl Store {
    /// The tenant's campaign with this id.
    pub async fn campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
    ) -> Result<Campaign, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, settings, is_urgent, state, trouble, created_at, updated_at \
             FROM campaign WHERE id = $1 AND tenant = $2",
        )
        .bind(id.as_str())
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "campaign")
        .await?;
        campaign_in(&row)
    }

    /// The tenant's campaigns, newest first.
    pub async fn campaigns(
        &self,
        tenant: TenantId,
        filter: &CampaignFilter,
        paging: Paging,
    ) -> Result<Page<Campaign>, StoreError> {
        let pattern = filter.name_part.as_ref().map(|part| contains(part));
        let (rows, total) = Listing::of("campaign")
            .and("tenant =", tenant.0)
            .and_if("state =", filter.state.map(CampaignState::name))
            .and_if("name LIKE", pattern)
            .and_if("created_at >=", filter.from.map(|at| at.0))
            .and_if("created_at <", filter.before.map(|at| at.0))
            .page(
                &mut *self.reader().await?,
                CAMPAIGN,
                "created_at DESC, id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(campaign_in).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Campaigns of all tenants that run, the urgent ones first, then the oldest.
    pub async fn running_campaigns(&self) -> Result<Vec<Campaign>, StoreError> {
        let rows = sql(
            "SELECT id, tenant, name, settings, is_urgent, state, trouble, created_at, updated_at \
             FROM campaign WHERE state = 'running' \
             ORDER BY is_urgent DESC, created_at, id LIMIT $1",
        )
        .bind(RUNNING_MAX)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(campaign_in).collect()
    }

    /// How far campaigns are; one without contacts is not in it.
    pub async fn campaign_progress(
        &self,
        ids: &[CampaignId],
    ) -> Result<BTreeMap<CampaignId, CampaignProgress>, StoreError> {
        let mut all = BTreeMap::new();
        if ids.is_empty() {
            return Ok(all);
        }
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT campaign, state, COUNT(*) AS n FROM campaign_contact \
             WHERE campaign IN ({}) GROUP BY campaign, state",
            places.join(", ")
        );
        let rows = ids
            .iter()
            .fold(composed_sql(text), |sql, id| sql.bind(id.as_str()))
            .rows(&mut *self.reader().await?)
            .await?;
        for row in rows {
            let progress: &mut CampaignProgress =
                all.entry(CampaignId(row.text("campaign")?)).or_default();
            let state = ContactState::by_name(&row.text("state")?);
            *match state.ok_or_else(|| unknown("contact state"))? {
                ContactState::Waiting => &mut progress.waiting,
                ContactState::Dialing => &mut progress.dialing,
                ContactState::Paused => &mut progress.paused,
                ContactState::Reached => &mut progress.reached,
                ContactState::Failed => &mut progress.failed,
                ContactState::Canceled => &mut progress.canceled,
            } = row.int("n")?;
        }
        Ok(all)
    }
}

/// A pattern of LIKE for texts that hold `part`. What means something in a pattern matches any
/// character, which no name is long enough to make a difference for.
pub(crate) fn contains(part: &str) -> String {
    format!("%{}%", part.replace(['%', '\\'], "_"))
}
