//! Numbers of trunks. A number is on one trunk of the installation, or on none.

use model::{E164, SkillGroupId, TenantId, TrunkId, TrunkNumber, UnixMs, VoiceAgentId};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::number_of,
    listing::Listing,
    number_settings::remove,
    statement::{Columns as _, sql},
    store::next_id,
};

impl Store {
    /// Adds a number to a trunk. A number that is on any trunk already is a conflict.
    pub async fn add_number(
        &self,
        trunk: TrunkId,
        number: &TrunkNumber,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE trunk SET name = name WHERE id = $1")
            .bind(trunk.0)
            .change(&mut tx, "trunk")
            .await?;
        let n = next_id(&mut tx, "trunk_number").await?;
        sql(
            "INSERT INTO trunk_number (number, n, trunk, tenant, outbound, inbound_agent, \
             inbound_group, enabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(number.number.digits())
        .bind(n)
        .bind(trunk.0)
        .bind(number.tenant.0)
        .bind(number.outbound)
        .bind(number.inbound_agent.map(|id| id.0))
        .bind(number.inbound_group.map(|id| id.0))
        .bind(number.enabled)
        .bind(now.0)
        .insert(&mut tx, "this number is on a trunk already")
        .await?;
        self.commit_trunks(tx).await
    }

    /// Replaces what is known of a number; it stays on its trunk.
    pub async fn update_number(&self, number: &TrunkNumber) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "UPDATE trunk_number SET tenant = $2, outbound = $3, inbound_agent = $4, \
             inbound_group = $5, enabled = $6 WHERE number = $1",
        )
        .bind(number.number.digits())
        .bind(number.tenant.0)
        .bind(number.outbound)
        .bind(number.inbound_agent.map(|id| id.0))
        .bind(number.inbound_group.map(|id| id.0))
        .bind(number.enabled)
        .change(&mut tx, "number")
        .await?;
        self.commit_trunks(tx).await
    }

    /// Removes a number from its trunk.
    pub async fn remove_number(&self, number: &E164) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE trunk_number SET enabled = enabled WHERE number = $1")
            .bind(number.digits())
            .change(&mut tx, "number")
            .await?;
        remove(&mut tx, number).await?;
        self.commit_trunks(tx).await
    }

    /// A number and the trunk that it is on.
    pub async fn number(&self, number: &E164) -> Result<(TrunkId, TrunkNumber), StoreError> {
        let row = sql(
            "SELECT number, trunk, tenant, outbound, inbound_agent, inbound_group, enabled \
             FROM trunk_number WHERE number = $1",
        )
        .bind(number.digits())
        .found(&mut *self.reader().await?, "number")
        .await?;
        trunk_number_of(&row)
    }

    /// Numbers in the order in which they were added; only those of `tenant`, if one is given.
    pub async fn numbers(
        &self,
        tenant: Option<TenantId>,
        paging: Paging,
    ) -> Result<Page<(TrunkId, TrunkNumber)>, StoreError> {
        let (rows, total) = Listing::of("trunk_number")
            .and_if("tenant =", tenant.map(|id| id.0))
            .page(
                &mut *self.reader().await?,
                "number, trunk, tenant, outbound, inbound_agent, inbound_group, enabled",
                "n",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(trunk_number_of).collect::<Result<_, _>>()?,
            total,
        })
    }
}

/// The numbers of a trunk in the order in which they were added.
pub(crate) async fn numbers_of_trunk(
    connection: &mut AnyConnection,
    trunk: TrunkId,
) -> Result<Vec<TrunkNumber>, StoreError> {
    let rows = sql(
        "SELECT number, trunk, tenant, outbound, inbound_agent, inbound_group, enabled \
         FROM trunk_number WHERE trunk = $1 ORDER BY n",
    )
    .bind(trunk.0)
    .rows(connection)
    .await?;
    rows.iter()
        .map(|row| trunk_number_of(row).map(|(_, number)| number))
        .collect()
}

fn trunk_number_of(row: &AnyRow) -> Result<(TrunkId, TrunkNumber), StoreError> {
    let number = TrunkNumber {
        number: number_of(&row.text("number")?)?,
        tenant: TenantId(row.int("tenant")?),
        outbound: row.flag("outbound")?,
        inbound_agent: row.int_or_null("inbound_agent")?.map(VoiceAgentId),
        inbound_group: row.int_or_null("inbound_group")?.map(SkillGroupId),
        enabled: row.flag("enabled")?,
    };
    Ok((TrunkId(row.int("trunk")?), number))
}
