//! What is told live: events of calls, and whatever else changes, under one numbering.
//!
//! Events of calls are the journal and stay. The others are only told: they go when the numbering
//! has moved on by [`LIVE_EVENTS_KEPT`], and who comes back later than that has to look anew.
//!
//! # Invariants
//!
//! - Numbers grow in the order in which events become visible: who has read up to a number has
//!   missed nothing before it.
//! - What is above the floor is complete.

use model::{TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    JournalEvent, Store, StoreError,
    codec::unknown,
    journal::journal_event_of,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// By how many numbers an event that is no call's may be passed before it goes.
pub const LIVE_EVENTS_KEPT: i64 = 500_000;

/// Old events go each time the numbering has moved on by so many.
const SWEEP_EVERY: i64 = 256;

/// What a live event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A person: added, changed, removed, another status.
    Staff,
    /// A skill group: added, changed, removed.
    SkillGroup,
    /// A chat.
    Chat,
}

/// Something that is told live and is no event of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// Its number.
    pub seq: i64,
    /// Whose it is.
    pub tenant: TenantId,
    /// What it is about.
    pub topic: Topic,
    /// The id of what it is about.
    pub subject: String,
    /// When it happened.
    pub at: UnixMs,
    /// A JSON object, sent as it is.
    pub body: String,
}

/// A live event that is to be told with the change it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLiveEvent {
    /// Whose it is.
    pub tenant: TenantId,
    /// What it is about.
    pub topic: Topic,
    /// The id of what it is about.
    pub subject: String,
    /// When it happened.
    pub at: UnixMs,
    /// A JSON object, sent as it is.
    pub body: String,
}

/// One event of the numbered stream.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    /// Of a call.
    Call(Box<JournalEvent>),
    /// Of anything else.
    Live(LiveEvent),
}

impl StreamEvent {
    /// Its number.
    pub fn seq(&self) -> i64 {
        match self {
            Self::Call(event) => event.seq,
            Self::Live(event) => event.seq,
        }
    }
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 3] = [Self::Staff, Self::SkillGroup, Self::Chat];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::SkillGroup => "skill_group",
            Self::Chat => "chat",
        }
    }
}

impl NewLiveEvent {
    /// Writes it. It has to be the last statement of its transaction: from here to the commit,
    /// all who write events stand in line.
    pub(crate) async fn insert(&self, tx: &mut AnyConnection) -> Result<i64, StoreError> {
        let seq = next_id(tx, "event").await?;
        sql(
            "INSERT INTO live_event (seq, tenant, topic, subject, happened_at, body) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(seq)
        .bind(self.tenant.0)
        .bind(self.topic.name())
        .bind(self.subject.as_str())
        .bind(self.at.0)
        .bind(self.body.as_str())
        .run(tx)
        .await?;
        if seq % SWEEP_EVERY == 0 && seq > LIVE_EVENTS_KEPT {
            sweep(tx, seq - LIVE_EVENTS_KEPT).await?;
        }
        Ok(seq)
    }
}

impl Store {
    /// Tells something by itself, without a change of anything stored.
    pub async fn tell_live(&self, event: &NewLiveEvent) -> Result<i64, StoreError> {
        let mut tx = self.begin_small().await?;
        let seq = event.insert(&mut tx).await?;
        commit(tx).await?;
        Ok(seq)
    }

    /// Events after `seq` (0 for all), in order, at most `limit`; only of `tenant`, if one is
    /// given. One statement reads both tables, so that it sees one state of both.
    pub async fn stream_after(
        &self,
        seq: i64,
        tenant: Option<TenantId>,
        limit: u32,
    ) -> Result<Vec<StreamEvent>, StoreError> {
        let statement = match tenant {
            None => sql(
                "SELECT * FROM (SELECT seq, tenant, '' AS topic, call_id AS subject, n, \
                 happened_at, body FROM event WHERE seq > $1 ORDER BY seq LIMIT $2) AS calls \
                 UNION ALL SELECT * FROM (SELECT seq, tenant, topic, subject, 0 AS n, \
                 happened_at, body FROM live_event WHERE seq > $1 ORDER BY seq LIMIT $2) AS others \
                 ORDER BY seq LIMIT $2",
            )
            .bind(seq)
            .bind(i64::from(limit)),
            Some(tenant) => sql(
                "SELECT * FROM (SELECT seq, tenant, '' AS topic, call_id AS subject, n, \
                 happened_at, body FROM event WHERE tenant = $3 AND seq > $1 \
                 ORDER BY seq LIMIT $2) AS calls \
                 UNION ALL SELECT * FROM (SELECT seq, tenant, topic, subject, 0 AS n, \
                 happened_at, body FROM live_event WHERE tenant = $3 AND seq > $1 \
                 ORDER BY seq LIMIT $2) AS others ORDER BY seq LIMIT $2",
            )
            .bind(seq)
            .bind(i64::from(limit))
            .bind(tenant.0),
        };
        let rows = statement.rows(&mut *self.reader().await?).await?;
        rows.iter().map(stream_event_of).collect()
    }

    /// The highest number up to which events are gone: who has read less has to look anew.
    pub async fn stream_floor(&self) -> Result<i64, StoreError> {
        sql("SELECT value FROM counter WHERE name = 'live_event_floor'")
            .number(&mut *self.reader().await?)
            .await
    }

    /// Drops live events up to number `seq`; events of calls stay.
    pub async fn forget_live_events(&self, seq: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sweep(&mut tx, seq).await?;
        commit(tx).await
    }
}

async fn sweep(tx: &mut AnyConnection, seq: i64) -> Result<(), StoreError> {
    sql("DELETE FROM live_event WHERE seq <= $1")
        .bind(seq)
        .run(tx)
        .await?;
    sql("UPDATE counter SET value = $1 WHERE name = 'live_event_floor' AND value < $1")
        .bind(seq)
        .run(tx)
        .await?;
    Ok(())
}

fn stream_event_of(row: &AnyRow) -> Result<StreamEvent, StoreError> {
    let topic = row.text("topic")?;
    if topic.is_empty() {
        return Ok(StreamEvent::Call(Box::new(journal_event_of(row)?)));
    }
    Ok(StreamEvent::Live(LiveEvent {
        seq: row.int("seq")?,
        tenant: TenantId(row.int("tenant")?),
        topic: Topic::ALL
            .into_iter()
            .find(|known| known.name() == topic)
            .ok_or_else(|| unknown("topic of a live event"))?,
        subject: row.text("subject")?,
        at: UnixMs(row.int("happened_at")?),
        body: row.text("body")?,
    }))
}
