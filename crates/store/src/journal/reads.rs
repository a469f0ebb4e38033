//! Finding calls, events and recordings.

use model::{Call, CallFilter, CallId, E164, Recording, RecordingId, Stamped, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    JournalEvent, Page, Paging, Store, StoreError,
    codec::{call_of, event_of, recording_of},
    listing::Listing,
    statement::{Columns as _, sql},
};

/// Columns of a call row that [`call_of`] reads.
const CALL: &str = "id, tenant, direction, state, caller, callee, started_at, answered_at, \
                    ended_at, n_events, body";

macro_rules! select_call {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, direction, state, caller, callee, started_at, answered_at, \
             ended_at, n_events, body FROM call ",
            $rest
        )
    };
}

impl Store {
    /// The tenant's call with this id.
    pub async fn call(&self, tenant: TenantId, id: &CallId) -> Result<Call, StoreError> {
        let call = self.call_any(id).await?;
        if call.tenant == tenant {
            Ok(call)
        } else {
            Err(StoreError::NotFound { what: "call" })
        }
    }

    /// The call with this id, of whichever tenant.
    pub async fn call_any(&self, id: &CallId) -> Result<Call, StoreError> {
        let row = sql(select_call!("WHERE id = $1"))
            .bind(id.as_str())
            .found(&mut *self.reader().await?, "call")
            .await?;
        call_of(&row)
    }

    /// Calls that match, newest first.
    pub async fn calls(
        &self,
        filter: &CallFilter,
        paging: Paging,
    ) -> Result<Page<Call>, StoreError> {
        let mut listing = Listing::of("call")
            .and("tenant =", filter.tenant.0)
            .and("started_at >=", filter.from.0)
            .and("started_at <", filter.to.0)
            .one_of(
                &["caller", "callee"],
                filter.numbers.iter().map(E164::digits),
            )
            .one_of(&["id"], filter.ids.iter().map(CallId::as_str));
        if filter.ended_only {
            listing = listing.when("state = 'ended'");
        }
        self.page_of_calls(listing, paging).await
    }

    /// The tenant's calls that have not ended, newest first.
    pub async fn active_calls(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<Call>, StoreError> {
        let listing = Listing::of("call")
            .when("state <> 'ended'")
            .and("tenant =", tenant.0);
        self.page_of_calls(listing, paging).await
    }

    async fn page_of_calls(
        &self,
        listing: Listing,
        paging: Paging,
    ) -> Result<Page<Call>, StoreError> {
        let (rows, total) = listing
            .page(
                &mut *self.reader().await?,
                CALL,
                "started_at DESC, id DESC",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(call_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Every call that has not ended, oldest first: what a start after a crash must close.
    pub async fn open_calls(&self) -> Result<Vec<Call>, StoreError> {
        let rows = sql(select_call!(
            "WHERE state <> 'ended' ORDER BY started_at, id"
        ))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(call_of).collect()
    }

    /// Answered calls that have ended, with fewer than two tracks rendered and none given up
    /// ([`model::CallEvent::RecordingFailed`]); newest first.
    pub async fn ended_without_recording(&self, limit: u32) -> Result<Vec<Call>, StoreError> {
        let rows = sql(select_call!(
            "WHERE lacks_recording = 1 AND state = 'ended' ORDER BY ended_at DESC, id LIMIT $1"
        ))
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(call_of).collect()
    }

    /// Events of a call after number `after_n` (0 for all), in order.
    pub async fn events(
        &self,
        call: &CallId,
        after_n: i64,
        limit: u32,
    ) -> Result<Vec<Stamped>, StoreError> {
        let rows = sql(
            "SELECT n, happened_at, body FROM event WHERE call_id = $1 AND n > $2 \
             ORDER BY n LIMIT $3",
        )
        .bind(call.as_str())
        .bind(after_n)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(stamped_of).collect()
    }

    /// Events of all calls after `seq` (0 for all), in order; only of `tenant`, if one is given.
    pub async fn events_after(
        &self,
        seq: i64,
        tenant: Option<TenantId>,
        limit: u32,
    ) -> Result<Vec<JournalEvent>, StoreError> {
        let statement = match tenant {
            None => sql(
                "SELECT seq, tenant, call_id, n, happened_at, body FROM event WHERE seq > $1 \
                 ORDER BY seq LIMIT $2",
            )
            .bind(seq)
            .bind(i64::from(limit)),
            Some(tenant) => sql(
                "SELECT seq, tenant, call_id, n, happened_at, body FROM event \
                 WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            )
            .bind(tenant.0)
            .bind(seq)
            .bind(i64::from(limit)),
        };
        let rows = statement.rows(&mut *self.reader().await?).await?;
        let event = |row: &AnyRow| {
            Ok(JournalEvent {
                seq: row.int("seq")?,
                tenant: TenantId(row.int("tenant")?),
                call: CallId(row.text("call_id")?),
                stamped: stamped_of(row)?,
            })
        };
        rows.iter().map(event).collect()
    }

    /// Place of the newest event in the journal; 0 if there is none.
    pub async fn last_seq(&self) -> Result<i64, StoreError> {
        sql("SELECT value FROM counter WHERE name = 'event'")
            .number(&mut *self.reader().await?)
            .await
    }

    /// The recording with this id.
    pub async fn recording(&self, id: &RecordingId) -> Result<Recording, StoreError> {
        let row = sql("SELECT body FROM recording WHERE id = $1")
            .bind(id.as_str())
            .found(&mut *self.reader().await?, "recording")
            .await?;
        recording_of(&row.text("body")?)
    }

    /// Recordings of `tenant` that were not copied to its own store yet, oldest first.
    pub async fn recordings_without_copy(
        &self,
        tenant: TenantId,
        limit: u32,
    ) -> Result<Vec<Recording>, StoreError> {
        let rows = sql(
            "SELECT body FROM recording WHERE copied = 0 AND tenant = $1 \
             ORDER BY ready_at, id LIMIT $2",
        )
        .bind(tenant.0)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| recording_of(&row.text("body")?))
            .collect()
    }

    /// How many calls of the tenant to `callee` were dialled at or after `since`, also for calls that run
    /// (a person who is handed over, a phone that calls outside), or are about to be:
    /// two requests at once must not both find room for one.
    pub async fn n_calls_to(
        &self,
        tenant: TenantId,
        callee: &E164,
        since: UnixMs,
    ) -> Result<i64, StoreError> {
        sql("SELECT (SELECT COUNT(*) FROM call \
             WHERE tenant = $1 AND callee = $2 AND direction = 'outbound' \
             AND (dialed_at >= $3 OR (dialed_at IS NULL AND state <> 'ended'))) \
             + (SELECT COUNT(*) FROM outside_dial \
             WHERE tenant = $1 AND callee = $2 AND dialed_at >= $3)")
        .bind(tenant.0)
        .bind(callee.digits())
        .bind(since.0)
        .number(&mut *self.reader().await?)
        .await
    }

    /// How many calls of the tenant began at or after `since`, and how many of them were answered.
    pub async fn n_calls_since(
        &self,
        tenant: TenantId,
        since: UnixMs,
    ) -> Result<(i64, i64), StoreError> {
        let row = sql(
            "SELECT COUNT(*) AS began, COUNT(answered_at) AS answered FROM call \
             WHERE tenant = $1 AND started_at >= $2",
        )
        .bind(tenant.0)
        .bind(since.0)
        .found(&mut *self.reader().await?, "count of calls")
        .await?;
        Ok((row.int("began")?, row.int("answered")?))
    }

    /// How many calls of the tenant that showed `caller` were dialled at or after `since`, or are
    /// about to be.
    pub async fn n_calls_from(
        &self,
        tenant: TenantId,
        caller: &E164,
        since: UnixMs,
    ) -> Result<i64, StoreError> {
        sql(
            "SELECT COUNT(*) FROM call WHERE tenant = $1 AND caller = $2 AND direction = 'outbound' \
             AND (dialed_at >= $3 OR (dialed_at IS NULL AND state <> 'ended'))",
        )
        .bind(tenant.0)
        .bind(caller.digits())
        .bind(since.0)
        .number(&mut *self.reader().await?)
        .await
    }
}

fn stamped_of(row: &AnyRow) -> Result<Stamped, StoreError> {
    Ok(Stamped {
        n: row.int("n")?,
        at: UnixMs(row.int("happened_at")?),
        event: event_of(&row.text("body")?)?,
    })
}

/// The event of a row whose call is named `subject`.
pub(crate) fn journal_event_of(row: &AnyRow) -> Result<JournalEvent, StoreError> {
    Ok(JournalEvent {
        seq: row.int("seq")?,
        tenant: TenantId(row.int("tenant")?),
        call: CallId(row.text("subject")?),
        stamped: stamped_of(row)?,
    })
}
