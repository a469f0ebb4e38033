//! What people can take now, and what they could.

use std::time::Duration;

use model::{Presence, Staff, StaffId, StatusChange, TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use super::write::{staff_in, tell};
use crate::{
    Store, StoreError,
    codec::{presence_text, status_of},
    statement::{Columns as _, sql},
    store::commit,
};

/// How long changes of status are kept: the vendor answers for 180 days.
pub const STATUS_HISTORY: Duration = Duration::from_secs(181 * 24 * 3600);

impl Store {
    /// Changes a person's presence to what `decide` makes of it. What it refuses changes nothing
    /// and comes back as it is. Gives the person as they were and as they are.
    pub async fn change_presence<R>(
        &self,
        tenant: TenantId,
        id: StaffId,
        now: UnixMs,
        decide: impl FnOnce(&Presence) -> Result<Presence, R>,
    ) -> Result<Result<(Staff, Staff), R>, StoreError> {
        let mut tx = self.begin().await?;
        let before = staff_in(&mut tx, tenant, id).await?;
        let presence = match decide(&before.presence) {
            Ok(presence) => presence,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if presence == before.presence {
            return Ok(Ok((before.clone(), before)));
        }
        let after = Staff {
            presence,
            ..before.clone()
        };
        write(&mut tx, &before, &after, now).await?;
        tell(&mut tx, "status", &after, now).await?;
        commit(tx).await?;
        Ok(Ok((before, after)))
    }

    /// Changes of a person's status from `from` to before `to`, after number `after_n` (0 for
    /// all), in order.
    pub async fn status_changes(
        &self,
        staff: StaffId,
        (from, to): (UnixMs, UnixMs),
        after_n: i64,
        limit: u32,
    ) -> Result<Vec<StatusChange>, StoreError> {
        let rows = sql(
            "SELECT n, happened_at, status, reason, work FROM staff_status_change \
             WHERE staff = $1 AND happened_at >= $2 AND happened_at < $3 AND n > $4 \
             ORDER BY n LIMIT $5",
        )
        .bind(staff.0)
        .bind(from.0)
        .bind(to.0)
        .bind(after_n)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(change_of).collect()
    }

    /// The last change of a person's status before `at`, if it is kept.
    pub async fn status_change_before(
        &self,
        staff: StaffId,
        at: UnixMs,
    ) -> Result<Option<StatusChange>, StoreError> {
        let row = sql(
            "SELECT n, happened_at, status, reason, work FROM staff_status_change \
             WHERE staff = $1 AND happened_at < $2 ORDER BY n DESC LIMIT 1",
        )
        .bind(staff.0)
        .bind(at.0)
        .row(&mut *self.reader().await?)
        .await?;
        row.as_ref().map(change_of).transpose()
    }
}

async fn write(
    tx: &mut AnyConnection,
    before: &Staff,
    after: &Staff,
    now: UnixMs,
) -> Result<(), StoreError> {
    let presence = &after.presence;
    let is_change =
        presence.status != before.presence.status || presence.reason != before.presence.reason;
    let n = sql(
        "UPDATE staff SET status = $2, presence = $3, n_changes = n_changes + $4 WHERE id = $1 \
         RETURNING n_changes",
    )
    .bind(after.id.0)
    .bind(presence.status.name())
    .bind(presence_text(presence))
    .bind(is_change)
    .number(tx)
    .await?;
    if !is_change {
        return Ok(());
    }
    let work = presence.work.clone().or(before.presence.work.clone());
    sql(
        "INSERT INTO staff_status_change (staff, n, happened_at, status, reason, work) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(after.id.0)
    .bind(n)
    .bind(now.0)
    .bind(presence.status.name())
    .bind(presence.reason.as_str())
    .bind(work)
    .run(tx)
    .await?;
    // The newest of the old ones stays: it says what the status was when the history begins.
    sql(
        "DELETE FROM staff_status_change WHERE staff = $1 AND n < (SELECT COALESCE(MAX(n), 0) \
         FROM staff_status_change WHERE staff = $1 AND happened_at < $2)",
    )
    .bind(after.id.0)
    .bind(now.minus(STATUS_HISTORY).0)
    .run(tx)
    .await?;
    Ok(())
}

fn change_of(row: &AnyRow) -> Result<StatusChange, StoreError> {
    Ok(StatusChange {
        n: row.int("n")?,
        at: UnixMs(row.int("happened_at")?),
        status: status_of(&row.text("status")?)?,
        reason: row.text("reason")?,
        work: row.text_or_null("work")?,
    })
}
