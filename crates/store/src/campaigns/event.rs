//! The journal of a campaign.

use model::{CampaignEvent, CampaignHappening, CampaignId, UnixMs};
use sqlx::AnyConnection;

use crate::{
    Store, StoreError,
    codec::{campaign_event_of, campaign_event_text},
    statement::{Columns as _, sql},
};

/// Writes events in the transaction of what they tell of. Locks the campaign's row.
pub(super) async fn note(
    tx: &mut AnyConnection,
    campaign: &CampaignId,
    now: UnixMs,
    events: &[CampaignEvent],
) -> Result<(), StoreError> {
    let n_events = i64::try_from(events.len()).expect("batches are small");
    let last = sql("UPDATE campaign SET n_events = n_events + $2 WHERE id = $1 RETURNING n_events")
        .bind(campaign.as_str())
        .bind(n_events)
        .number(tx)
        .await?;
    for (n, event) in (last - n_events + 1..).zip(events) {
        let (kind, body) = campaign_event_text(event);
        sql(
            "INSERT INTO campaign_event (campaign, n, happened_at, kind, body) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(campaign.as_str())
        .bind(n)
        .bind(now.0)
        .bind(kind)
        .bind(body)
        .run(tx)
        .await?;
    }
    Ok(())
}

impl Store {
    /// At most `limit` events of a campaign after the one numbered `after`, in order.
    pub async fn campaign_events(
        &self,
        campaign: &CampaignId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<CampaignHappening>, StoreError> {
        let rows = sql("SELECT n, happened_at, kind, body FROM campaign_event \
             WHERE campaign = $1 AND n > $2 ORDER BY n LIMIT $3")
        .bind(campaign.as_str())
        .bind(after)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CampaignHappening {
                    n: row.int("n")?,
                    at: UnixMs(row.int("happened_at")?),
                    event: campaign_event_of(&row.text("kind")?, &row.text("body")?)?,
                })
            })
            .collect()
    }
}
