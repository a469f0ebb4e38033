//! Recordings of which nobody understood the person while the call ran, and what was understood
//! afterwards.
//!
//! Such a recording is written down here in the transaction in which it becomes ready, so that no
//! crash forgets it.
//!
//! # Invariants
//!
//! - A recording is leased to one claimer at a time; one whose claimer died is claimed again.
//! - A call of which words were recognized while it ran is never here.

use std::{collections::BTreeMap, time::Duration};

use model::{CallId, Recording, Sentence, TenantId, Transcript, UnixMs, WordsState};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Store, StoreError,
    codec::{sentences_of, sentences_text, unknown},
    statement::{Columns as _, Sql, composed_sql, sql},
    store::commit,
};

/// A recording that is ours to recognize until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptClaim {
    /// The call.
    pub call: CallId,
    /// Its owner.
    pub tenant: TenantId,
    /// How often it was claimed, this time included.
    pub n_claims: i64,
}

impl Store {
    /// Takes recordings that are due at `now`, oldest first, for `lease`.
    pub async fn claim_transcripts(
        &self,
        now: UnixMs,
        limit: u32,
        lease: Duration,
    ) -> Result<Vec<TranscriptClaim>, StoreError> {
        let mut tx = self.begin_small().await?;
        let rows = sql(self.dialect().claim_transcripts())
            .bind(now.0)
            .bind(now.plus(lease).0)
            .bind(i64::from(limit))
            .rows(&mut tx)
            .await?;
        commit(tx).await?;
        rows.iter().map(claim_of).collect()
    }

    /// When the next recording is due, leases counted; `None` if there is none.
    pub async fn next_transcript_at(&self) -> Result<Option<UnixMs>, StoreError> {
        let row = sql(
            "SELECT MIN(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) AS at \
             FROM transcript WHERE state = 'due'",
        )
        .row(&mut *self.reader().await?)
        .await?;
        let at = row.map(|row| row.int_or_null("at")).transpose()?;
        Ok(at.flatten().map(UnixMs))
    }

    /// Writes down what was understood; `None`: nobody could. Gives [`StoreError::Conflict`] if
    /// somebody else claimed or settled it meanwhile: nothing is written then.
    pub async fn settle_transcript(
        &self,
        claim: &TranscriptClaim,
        sentences: Option<&[Sentence]>,
    ) -> Result<(), StoreError> {
        let state = match sentences {
            Some(_) => "done",
            None => "absent",
        };
        self.change_transcript(
            sql(
                "UPDATE transcript SET state = $3, body = $4, leased_until = 0 \
                 WHERE call_id = $1 AND n_claims = $2 AND state = 'due'",
            )
            .bind(claim.call.as_str())
            .bind(claim.n_claims)
            .bind(state)
            .bind(sentences_text(sentences.unwrap_or_default())),
        )
        .await
    }

    /// Puts a recording off. A conflict as in [`Store::settle_transcript`].
    pub async fn put_off_transcript(
        &self,
        claim: &TranscriptClaim,
        until: UnixMs,
    ) -> Result<(), StoreError> {
        self.change_transcript(
            sql("UPDATE transcript SET due_at = $3, leased_until = 0 \
                 WHERE call_id = $1 AND n_claims = $2 AND state = 'due'")
            .bind(claim.call.as_str())
            .bind(claim.n_claims)
            .bind(until.0),
        )
        .await
    }

    async fn change_transcript(&self, change: Sql) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        if change.run(&mut tx).await? == 0 {
            return Err(StoreError::Conflict {
                what: "the recording is recognized by somebody else by now".into(),
            });
        }
        commit(tx).await
    }

    /// Ends every lease: whoever held one is gone. For the owner of the database at its start.
    pub async fn end_transcript_leases(&self) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        sql("UPDATE transcript SET leased_until = 0 WHERE leased_until > 0")
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    /// What was understood of a call after its end; `None` where that was never asked for.
    pub async fn transcript(
        &self,
        tenant: TenantId,
        call: &CallId,
    ) -> Result<Option<Transcript>, StoreError> {
        let row = sql("SELECT state, body FROM transcript WHERE call_id = $1 AND tenant = $2")
            .bind(call.as_str())
            .bind(tenant.0)
            .row(&mut *self.reader().await?)
            .await?;
        row.map(|row| transcript_of(&row)).transpose()
    }

    /// Whether there are words of each of these calls, at most a page of them.
    pub async fn words_states(
        &self,
        tenant: TenantId,
        calls: &[CallId],
    ) -> Result<BTreeMap<CallId, WordsState>, StoreError> {
        if calls.is_empty() {
            return Ok(BTreeMap::new());
        }
        let places: Vec<String> = (2..calls.len() + 2).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT c.id AS id, t.state AS state, \
             (SELECT COUNT(*) FROM event e WHERE e.call_id = c.id AND e.kind = 'caller_said') \
             AS n_said \
             FROM call c LEFT JOIN transcript t ON t.call_id = c.id \
             WHERE c.tenant = $1 AND c.id IN ({})",
            places.join(", ")
        );
        let rows = calls
            .iter()
            .fold(composed_sql(text).bind(tenant.0), |sql, id| {
                sql.bind(id.as_str())
            })
            .rows(&mut *self.reader().await?)
            .await?;
        rows.iter().map(words_state).collect()
    }
}

/// Writes down that a recording that has just become ready is to be recognized, unless the person
/// was understood while the call ran, or never answered: a carrier's announcement is no conversation.
/// A call has several tracks; the first of them counts.
pub(crate) async fn of_recorded(
    tx: &mut AnyConnection,
    recording: &Recording,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO transcript (call_id, tenant, state, due_at, leased_until, n_claims, body) \
         SELECT $1, $2, 'due', $3, 0, 0, '[]' WHERE NOT EXISTS \
         (SELECT 1 FROM event e WHERE e.call_id = $1 AND e.kind = 'caller_said') AND EXISTS \
         (SELECT 1 FROM event e WHERE e.call_id = $1 AND e.kind = 'answered') \
         ON CONFLICT (call_id) DO NOTHING",
    )
    .bind(recording.call.as_str())
    .bind(recording.tenant.0)
    .bind(recording.ready_at.0)
    .run(tx)
    .await?;
    Ok(())
}

fn claim_of(row: &AnyRow) -> Result<TranscriptClaim, StoreError> {
    Ok(TranscriptClaim {
        call: CallId(row.text("call_id")?),
        tenant: TenantId(row.int("tenant")?),
        n_claims: row.int("n_claims")?,
    })
}

fn transcript_of(row: &AnyRow) -> Result<Transcript, StoreError> {
    match row.text("state")?.as_str() {
        "due" => Ok(Transcript::Due),
        "done" => sentences_of(&row.text("body")?).map(Transcript::Done),
        "absent" => Ok(Transcript::Absent),
        _ => Err(unknown("transcript")),
    }
}

fn words_state(row: &AnyRow) -> Result<(CallId, WordsState), StoreError> {
    let state = match (row.int("n_said")?, row.text_or_null("state")?.as_deref()) {
        (1.., _) | (_, Some("done")) => WordsState::There,
        (_, Some("due")) => WordsState::Due,
        (_, _) => WordsState::None,
    };
    Ok((CallId(row.text("id")?), state))
}
