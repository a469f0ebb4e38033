//! What else is written down of numbers, and the applications by which instances bring numbers along.

use std::collections::{BTreeMap, HashMap};

use model::{E164, NumberApplication, NumberSettings, OwnNumber, TenantId, TrunkId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Store, StoreError,
    codec::{number_of, number_settings_of, number_settings_text},
    statement::{Columns as _, sql},
    store::next_id,
};

/// A number and what is written down of it.
fn written_down(row: &AnyRow) -> Result<(E164, NumberSettings), StoreError> {
    let number = number_of(&row.text("number")?)?;
    Ok((number, number_settings_of(&row.text("settings")?)?))
}

const NUMBER_TAKEN: &str = "this number is on a trunk already";

impl Store {
    /// What is written down of a number; nothing is the default.
    pub async fn number_settings(&self, number: &E164) -> Result<NumberSettings, StoreError> {
        settings_in(&mut *self.reader().await?, number).await
    }

    /// What is written down of the tenant's numbers, without those of which nothing is.
    pub async fn all_number_settings(
        &self,
        tenant: TenantId,
    ) -> Result<BTreeMap<E164, NumberSettings>, StoreError> {
        let rows = sql("SELECT number, settings FROM number_setting WHERE tenant = $1")
            .bind(tenant.0)
            .rows(&mut *self.reader().await?)
            .await?;
        rows.iter().map(written_down).collect()
    }

    /// What is written down of any number of the installation.
    pub(crate) async fn settings_of_numbers(
        &self,
    ) -> Result<HashMap<E164, NumberSettings>, StoreError> {
        let rows = sql("SELECT number, settings FROM number_setting")
            .rows(&mut *self.reader().await?)
            .await?;
        rows.iter().map(written_down).collect()
    }

    /// Sets whom calls to the tenant's number ask; `None` asks nobody.
    pub async fn set_number_callback(
        &self,
        tenant: TenantId,
        number: &E164,
        url: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        own(&mut tx, tenant, number).await?;
        let settings = NumberSettings {
            callback_url: url.map(str::to_owned),
            ..settings_in(&mut tx, number).await?
        };
        write(&mut tx, tenant, number, &settings, None).await?;
        self.commit_trunks(tx).await
    }

    /// Switches the tenant's numbers on or off; all or none.
    pub async fn enable_numbers(
        &self,
        tenant: TenantId,
        numbers: &[E164],
        enabled: bool,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for number in numbers {
            sql("UPDATE trunk_number SET enabled = $3 WHERE number = $1 AND tenant = $2")
                .bind(number.digits())
                .bind(tenant.0)
                .bind(enabled)
                .change(&mut tx, "number")
                .await?;
        }
        self.commit_trunks(tx).await
    }

    /// Puts numbers that a tenant brings along on a trunk; all or none. A trunk that carries numbers
    /// of other tenants only is not found: it is not the tenant's. A number that is on a trunk is a
    /// conflict.
    pub async fn apply_for_numbers(
        &self,
        tenant: TenantId,
        trunk: TrunkId,
        numbers: &[OwnNumber],
        now: UnixMs,
    ) -> Result<NumberApplication, StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE trunk SET name = name WHERE id = $1")
            .bind(trunk.0)
            .change(&mut tx, "trunk")
            .await?;
        let count = |text: &'static str| sql(text).bind(trunk.0).bind(tenant.0);
        let own = count("SELECT COUNT(*) FROM trunk_number WHERE trunk = $1 AND tenant = $2")
            .number(&mut tx)
            .await?;
        let others = count("SELECT COUNT(*) FROM trunk_number WHERE trunk = $1 AND tenant <> $2")
            .number(&mut tx)
            .await?;
        if own == 0 && others > 0 {
            return Err(StoreError::NotFound { what: "trunk" });
        }
        let id = next_id(&mut tx, "number_application").await?;
        sql("INSERT INTO number_application (id, tenant, trunk, created_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(tenant.0)
            .bind(trunk.0)
            .bind(now.0)
            .run(&mut tx)
            .await?;
        let application = NumberApplication { id, tenant, trunk };
        for number in numbers {
            bring(&mut tx, &application, number, now).await?;
        }
        self.commit_trunks(tx).await?;
        Ok(application)
    }

    /// Makes these the numbers of a tenant's application: others of it are taken away, those that stay
    /// keep their voice agent and callback. All or none.
    pub async fn change_application(
        &self,
        tenant: TenantId,
        id: i64,
        numbers: &[OwnNumber],
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let row = sql("SELECT trunk FROM number_application WHERE id = $1 AND tenant = $2")
            .bind(id)
            .bind(tenant.0)
            .found(&mut tx, "application")
            .await?;
        let trunk = TrunkId(row.int("trunk")?);
        let application = NumberApplication { id, tenant, trunk };
        let rows = sql("SELECT number FROM number_setting WHERE application = $1 AND tenant = $2")
            .bind(id)
            .bind(tenant.0)
            .rows(&mut tx)
            .await?;
        for row in &rows {
            let present = number_of(&row.text("number")?)?;
            match numbers.iter().find(|number| number.number == present) {
                Some(number) => keep(&mut tx, &application, number).await?,
                None => remove(&mut tx, &present).await?,
            }
        }
        for number in numbers {
            let digits = number.number.digits();
            let is_new = rows
                .iter()
                .all(|row| row.text("number").is_ok_and(|present| present != digits));
            if is_new {
                bring(&mut tx, &application, number, now).await?;
            }
        }
        self.commit_trunks(tx).await
    }
}

async fn settings_in(
    connection: &mut AnyConnection,
    number: &E164,
) -> Result<NumberSettings, StoreError> {
    let row = sql("SELECT settings FROM number_setting WHERE number = $1")
        .bind(number.digits())
        .row(connection)
        .await?;
    row.map_or_else(
        || Ok(NumberSettings::default()),
        |row| number_settings_of(&row.text("settings")?),
    )
}

/// Locks the tenant's number.
async fn own(tx: &mut AnyConnection, tenant: TenantId, number: &E164) -> Result<(), StoreError> {
    sql("UPDATE trunk_number SET enabled = enabled WHERE number = $1 AND tenant = $2")
        .bind(number.digits())
        .bind(tenant.0)
        .change(tx, "number")
        .await
}

async fn write(
    tx: &mut AnyConnection,
    tenant: TenantId,
    number: &E164,
    settings: &NumberSettings,
    application: Option<i64>,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO number_setting (number, tenant, settings, application) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO UPDATE SET tenant = $2, settings = $3, \
         application = COALESCE($4, number_setting.application)",
    )
    .bind(number.digits())
    .bind(tenant.0)
    .bind(number_settings_text(settings))
    .bind(application)
    .run(tx)
    .await
    .map(|_| ())
}

async fn bring(
    tx: &mut AnyConnection,
    application: &NumberApplication,
    number: &OwnNumber,
    now: UnixMs,
) -> Result<(), StoreError> {
    let n = next_id(tx, "trunk_number").await?;
    sql(
        "INSERT INTO trunk_number (number, n, trunk, tenant, outbound, inbound_agent, enabled, \
         created_at) VALUES ($1, $2, $3, $4, $5, NULL, 1, $6)",
    )
    .bind(number.number.digits())
    .bind(n)
    .bind(application.trunk.0)
    .bind(application.tenant.0)
    .bind(number.outbound)
    .bind(now.0)
    .insert(tx, NUMBER_TAKEN)
    .await?;
    let settings = NumberSettings {
        callback_url: None,
        line: number.line.clone(),
    };
    let id = Some(application.id);
    write(tx, application.tenant, &number.number, &settings, id).await
}

async fn keep(
    tx: &mut AnyConnection,
    application: &NumberApplication,
    number: &OwnNumber,
) -> Result<(), StoreError> {
    sql("UPDATE trunk_number SET outbound = $3 WHERE number = $1 AND tenant = $2")
        .bind(number.number.digits())
        .bind(application.tenant.0)
        .bind(number.outbound)
        .change(tx, "number")
        .await?;
    let settings = NumberSettings {
        line: number.line.clone(),
        ..settings_in(tx, &number.number).await?
    };
    let id = Some(application.id);
    write(tx, application.tenant, &number.number, &settings, id).await
}

/// Takes a number from its trunk, with all that is written down of it.
pub(crate) async fn remove(tx: &mut AnyConnection, number: &E164) -> Result<(), StoreError> {
    for removal in [
        "DELETE FROM trunk_number WHERE number = $1",
        "DELETE FROM number_skill_group WHERE number = $1",
        "DELETE FROM number_setting WHERE number = $1",
    ] {
        sql(removal).bind(number.digits()).run(tx).await?;
    }
    Ok(())
}
