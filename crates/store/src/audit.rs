//! The audit log: what was changed and heard by whom. Rows are added and never touched again.
//!
//! Each row has a hash over itself and the hash before, so that a change of any row shows in all
//! that follow. What is about to be done is noted first ([`Store::begin_audit`]); the note becomes
//! a row when its outcome is known, and at the next start if a crash came between.
//!
//! A chain shows what was altered or cut out. It does not show that its newest rows are missing
//! where the counter beside it was set back too: for that, keep the newest hash elsewhere.

use model::{AuditActor, AuditActorKind, AuditDraft, AuditEntry, TenantId, UnixMs};
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::unknown,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// Columns of an entry.
const AUDIT: &str = "n, happened_at, tenant, actor_kind, actor, address, action, subject, \
                     outcome, before_text, after_text, hash";

/// Outcome of what a crash cut off: whether it took effect is not known.
const INTERRUPTED: &str = "interrupted";

/// Entries that are verified at a time.
const VERIFIED_AT_ONCE: i64 = 500;

/// The hash before the first entry.
const NOTHING_BEFORE: &str = "";

/// Which entries are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// About things of this instance.
    pub tenant: Option<TenantId>,
    /// By this actor.
    pub actor: Option<String>,
    /// About this subject.
    pub subject: Option<String>,
    /// At this time or later.
    pub from: Option<UnixMs>,
    /// Before this time.
    pub to: Option<UnixMs>,
}

/// Where the log is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditBreak {
    /// The place of the first entry that is missing or altered.
    pub n: i64,
    /// What is wrong there.
    pub why: &'static str,
}

impl Store {
    /// Writes an entry.
    pub async fn audit(&self, entry: &AuditDraft) -> Result<AuditEntry, StoreError> {
        let mut tx = self.begin().await?;
        let written = append(&mut tx, entry).await?;
        commit(tx).await?;
        Ok(written)
    }

    /// Notes under `id`, which is fresh, what is about to be done; its outcome is still to come.
    pub async fn begin_audit(&self, id: &str, draft: &AuditDraft) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO audit_intent (id, happened_at, tenant, actor_kind, actor, address, \
             action, subject, before_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(draft.at.0)
        .bind(draft.tenant.map(|id| id.0))
        .bind(draft.actor.kind.name())
        .bind(draft.actor.name.as_str())
        .bind(draft.address.as_str())
        .bind(draft.action.as_str())
        .bind(draft.subject.as_str())
        .bind(draft.before.clone())
        .insert(&mut tx, "this intent is noted")
        .await?;
        commit(tx).await
    }

    /// Writes the entry of what was noted under `id`. Its outcome is in `entry`.
    pub async fn finish_audit(
        &self,
        id: &str,
        entry: &AuditDraft,
    ) -> Result<AuditEntry, StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM audit_intent WHERE id = $1")
            .bind(id)
            .change(&mut tx, "audit intent")
            .await?;
        let written = append(&mut tx, entry).await?;
        commit(tx).await?;
        Ok(written)
    }

    /// Writes entries of everything that was noted and has no outcome: the process that noted it
    /// is gone. Gives how many.
    pub async fn close_audits(&self) -> Result<usize, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sql(
            "SELECT id, 0 AS n, happened_at, tenant, actor_kind, actor, address, action, subject, \
             'interrupted' AS outcome, before_text, CAST(NULL AS TEXT) AS after_text, '' AS hash \
             FROM audit_intent ORDER BY happened_at, id",
        )
        .rows(&mut tx)
        .await?;
        for row in &rows {
            let mut entry = entry_of(row)?.entry;
            INTERRUPTED.clone_into(&mut entry.outcome);
            append(&mut tx, &entry).await?;
        }
        sql("DELETE FROM audit_intent").run(&mut tx).await?;
        commit(tx).await?;
        Ok(rows.len())
    }

    /// Entries, newest first.
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        paging: Paging,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let (rows, total) = Listing::of("audit")
            .and_if("tenant =", filter.tenant.map(|id| id.0))
            .and_if("actor =", filter.actor.clone())
            .and_if("subject =", filter.subject.clone())
            .and_if("happened_at >=", filter.from.map(|at| at.0))
            .and_if("happened_at <", filter.to.map(|at| at.0))
            .page(&mut *self.reader().await?, AUDIT, "n DESC", paging)
            .await?;
        Ok(Page {
            items: rows.iter().map(entry_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Goes through the whole log. Gives how many entries there are and the newest hash, or where
    /// the log is not what was written.
    pub async fn verify_audit(&self) -> Result<Result<(i64, String), AuditBreak>, StoreError> {
        let (mut n, mut hash) = (0, NOTHING_BEFORE.to_owned());
        loop {
            let rows = sql(
                "SELECT n, happened_at, tenant, actor_kind, actor, address, action, subject, \
                 outcome, before_text, after_text, hash FROM audit WHERE n > $1 \
                 ORDER BY n LIMIT $2",
            )
            .bind(n)
            .bind(VERIFIED_AT_ONCE)
            .rows(&mut *self.reader().await?)
            .await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let found = entry_of(row)?;
                n += 1;
                if found.n != n {
                    return Ok(Err(AuditBreak {
                        n,
                        why: "the entry is missing",
                    }));
                }
                if found.hash != hash_of(&hash, n, &found.entry) {
                    return Ok(Err(AuditBreak {
                        n,
                        why: "the entry, or one before it, was altered",
                    }));
                }
                hash = found.hash;
            }
        }
        let last = sql("SELECT value FROM counter WHERE name = 'audit'")
            .number(&mut *self.reader().await?)
            .await?;
        if last > n {
            return Ok(Err(AuditBreak {
                n: n + 1,
                why: "the newest entries are missing",
            }));
        }
        Ok(Ok((n, hash)))
    }
}

/// The counter stays locked until the transaction ends, so that entries stand in one line.
async fn append(tx: &mut AnyConnection, entry: &AuditDraft) -> Result<AuditEntry, StoreError> {
    let n = next_id(tx, "audit").await?;
    let before = sql("SELECT hash FROM audit WHERE n = $1")
        .bind(n - 1)
        .row(tx)
        .await?
        .map(|row| row.text("hash"))
        .transpose()?;
    let hash = hash_of(before.as_deref().unwrap_or(NOTHING_BEFORE), n, entry);
    sql(
        "INSERT INTO audit (n, happened_at, tenant, actor_kind, actor, address, action, subject, \
         outcome, before_text, after_text, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(n)
    .bind(entry.at.0)
    .bind(entry.tenant.map(|id| id.0))
    .bind(entry.actor.kind.name())
    .bind(entry.actor.name.as_str())
    .bind(entry.address.as_str())
    .bind(entry.action.as_str())
    .bind(entry.subject.as_str())
    .bind(entry.outcome.as_str())
    .bind(entry.before.clone())
    .bind(entry.after.clone())
    .bind(hash.as_str())
    .run(tx)
    .await?;
    Ok(AuditEntry {
        n,
        entry: entry.clone(),
        hash,
    })
}

/// Each field with its length in front, so that no two entries are the same bytes.
fn hash_of(before: &str, n: i64, entry: &AuditDraft) -> String {
    let n = n.to_string();
    let at = entry.at.0.to_string();
    let tenant = entry.tenant.map(|id| id.to_string());
    let fields = [
        Some(before),
        Some(&n),
        Some(&at),
        tenant.as_deref(),
        Some(entry.actor.kind.name()),
        Some(&entry.actor.name),
        Some(&entry.address),
        Some(&entry.action),
        Some(&entry.subject),
        Some(&entry.outcome),
        entry.before.as_deref(),
        entry.after.as_deref(),
    ];
    let mut sha = Sha256::new();
    for field in fields {
        match field {
            Some(text) => {
                sha.update(b"+");
                sha.update(text.len().to_be_bytes());
                sha.update(text.as_bytes());
            }
            None => sha.update(b"-"),
        }
    }
    hex::encode(sha.finalize())
}

fn entry_of(row: &AnyRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        n: row.int("n")?,
        entry: AuditDraft {
            at: UnixMs(row.int("happened_at")?),
            tenant: row.int_or_null("tenant")?.map(TenantId),
            actor: AuditActor {
                kind: AuditActorKind::by_name(&row.text("actor_kind")?)
                    .ok_or_else(|| unknown("kind of actor"))?,
                name: row.text("actor")?,
            },
            address: row.text("address")?,
            action: row.text("action")?,
            subject: row.text("subject")?,
            outcome: row.text("outcome")?,
            before: row.text_or_null("before_text")?,
            after: row.text_or_null("after_text")?,
        },
        hash: row.text("hash")?,
    })
}
