//! Campaigns that are known by a number: the vendor's tasks of automatic callouts.

use model::{Campaign, CampaignDraft, CampaignId, ContactDraft, ContactId, TenantId, UnixMs};

use super::{campaign_in, contacts::add_within, insert_campaign};
use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

impl Store {
    /// Adds a campaign that runs, with its contacts and its number, in one transaction. Gives the
    /// number, which is unique in the installation.
    pub async fn create_callout_task(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        draft: &CampaignDraft,
        contacts: &[(ContactId, ContactDraft)],
        now: UnixMs,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        insert_campaign(&mut tx, tenant, id, draft, now).await?;
        let number = next_id(&mut tx, "callout_task").await?;
        sql("INSERT INTO callout_task (id, tenant, campaign) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(tenant.0)
            .bind(id.as_str())
            .insert(&mut tx, "a task with this number exists")
            .await?;
        add_within(&mut tx, tenant, id, contacts, now).await?;
        commit(tx).await?;
        Ok(number)
    }

    /// The tenant's campaign with this number.
    pub async fn callout_task(
        &self,
        tenant: TenantId,
        number: i64,
    ) -> Result<Campaign, StoreError> {
        let row = sql(
            "SELECT c.id AS id, c.tenant AS tenant, c.name AS name, c.settings AS settings, \
             c.is_urgent AS is_urgent, c.state AS state, c.trouble AS trouble, \
             c.created_at AS created_at, c.updated_at AS updated_at \
             FROM callout_task t JOIN campaign c ON c.id = t.campaign \
             WHERE t.id = $1 AND t.tenant = $2",
        )
        .bind(number)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "task")
        .await?;
        campaign_in(&row)
    }

    /// The tenant's campaigns that have a number, newest first.
    pub async fn callout_tasks(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<(i64, Campaign)>, StoreError> {
        let (rows, total) = Listing::of("callout_task t JOIN campaign c ON c.id = t.campaign")
            .and("t.tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "t.id AS number, c.id AS id, c.tenant AS tenant, c.name AS name, \
                 c.settings AS settings, c.is_urgent AS is_urgent, c.state AS state, \
                 c.trouble AS trouble, c.created_at AS created_at, c.updated_at AS updated_at",
                "t.id DESC",
                paging,
            )
            .await?;
        let numbered = rows
            .iter()
            .map(|row| Ok((row.int("number")?, campaign_in(row)?)));
        Ok(Page {
            items: numbered.collect::<Result<_, StoreError>>()?,
            total,
        })
    }
}
