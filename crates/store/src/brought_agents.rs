//! Voice agents that requests brought along, kept with their keys as long as their calls need them.

use model::{CallId, TenantId};
use sqlx::AnyConnection;

use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
};

/// An agent's document, with its keys in it. Never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct BroughtDocument(pub String);

impl std::fmt::Debug for BroughtDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BroughtDocument(…)")
    }
}

impl Store {
    /// The agent that the request of a call brought along, while the call or its review needs it.
    pub async fn brought_agent(
        &self,
        call: &CallId,
    ) -> Result<Option<BroughtDocument>, StoreError> {
        let row = sql("SELECT sealed FROM brought_agent WHERE call_id = $1")
            .bind(call.as_str())
            .row(&mut *self.reader().await?)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let document = self.key.open(&place(call), &row.text("sealed")?)?;
        Ok(Some(BroughtDocument(document)))
    }

    /// Keeps the agent of a call that begins.
    pub(crate) async fn keep_brought(
        &self,
        tx: &mut AnyConnection,
        call: &CallId,
        tenant: TenantId,
        agent: &BroughtDocument,
    ) -> Result<(), StoreError> {
        sql("INSERT INTO brought_agent (call_id, tenant, sealed) VALUES ($1, $2, $3)")
            .bind(call.as_str())
            .bind(tenant.0)
            .bind(self.key.seal(&place(call), &agent.0))
            .insert(tx, "a call with this id exists")
            .await
    }
}

/// Forgets the agent of a call that nobody needs any more.
pub(crate) async fn forget(tx: &mut AnyConnection, call: &CallId) -> Result<(), StoreError> {
    sql("DELETE FROM brought_agent WHERE call_id = $1")
        .bind(call.as_str())
        .run(tx)
        .await?;
    Ok(())
}

/// What the document is sealed for.
fn place(call: &CallId) -> String {
    format!("brought_agent/{call}")
}
