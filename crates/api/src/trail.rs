//! The trail that one change leaves in the audit log, whatever dialect it came in.
//!
//! What is about to be done is noted first; when it is done the note becomes an entry. A change
//! that a crash cut off gets its entry at the next start.

use model::AuditDraft;
use serde_json::Value;
use store::{Store, StoreError};

pub use crate::native::text_for_audit;

/// A change that is being made.
pub struct Trail {
    id: String,
    entry: AuditDraft,
}

impl Trail {
    /// Notes what is about to be done. The outcome and what is there after are still to come.
    pub async fn begin(store: &Store, entry: AuditDraft) -> Result<Self, StoreError> {
        let id = uuid::Uuid::new_v4().to_string();
        store.begin_audit(&id, &entry).await?;
        Ok(Self { id, entry })
    }

    /// Writes down that it was done, and what is there now. Secrets are masked here.
    pub async fn done(
        mut self,
        store: &Store,
        outcome: &str,
        after: Option<&Value>,
    ) -> Result<(), StoreError> {
        outcome.clone_into(&mut self.entry.outcome);
        self.entry.after = after.map(text_for_audit);
        if self.entry.tenant.is_none() {
            let named = after.and_then(|after| after.get("instance")?.as_i64());
            self.entry.tenant = named.map(model::TenantId);
        }
        self.finish(store).await
    }

    /// Writes down that it was refused, with the error's code. Nothing was changed, so what was
    /// there before is of no interest.
    pub async fn refused(mut self, store: &Store, code: &str) -> Result<(), StoreError> {
        code.clone_into(&mut self.entry.outcome);
        self.entry.before = None;
        self.finish(store).await
    }

    async fn finish(self, store: &Store) -> Result<(), StoreError> {
        store.finish_audit(&self.id, &self.entry).await.map(|_| ())
    }
}
