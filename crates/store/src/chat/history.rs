//! What belongs to one customer: chats and calls, joined by their conversation.

use model::{Call, CallId, ConversationId, CustomerId, E164, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    codec::number_of,
    statement::{Columns as _, sql},
    store::commit,
};

/// One chat or call of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryEntry {
    /// By text.
    Chat(ConversationId),
    /// By phone.
    Call(CallId),
}

impl Store {
    /// A customer's chats and calls, those that began last first.
    pub async fn customer_history(
        &self,
        tenant: TenantId,
        customer: &CustomerId,
        paging: Paging,
    ) -> Result<Page<(UnixMs, HistoryEntry)>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sql(
            "SELECT 'chat' AS kind, id, began_at AS at FROM conversation \
             WHERE tenant = $1 AND customer = $2 UNION ALL \
             SELECT 'call' AS kind, call_id AS id, at FROM call_conversation \
             WHERE tenant = $1 AND customer = $2 ORDER BY at DESC, id LIMIT $3 OFFSET $4",
        )
        .bind(tenant.0)
        .bind(customer.as_str())
        .bind(i64::from(paging.limit))
        .bind(i64::from(paging.offset))
        .rows(&mut reader)
        .await?;
        let total = sql(
            "SELECT (SELECT COUNT(*) FROM conversation WHERE tenant = $1 AND customer = $2) + \
             (SELECT COUNT(*) FROM call_conversation WHERE tenant = $1 AND customer = $2)",
        )
        .bind(tenant.0)
        .bind(customer.as_str())
        .number(&mut reader)
        .await?;
        let entry = |row: &AnyRow| {
            let id = row.text("id")?;
            let entry = match row.text("kind")?.as_str() {
                "chat" => HistoryEntry::Chat(ConversationId(id)),
                _ => HistoryEntry::Call(CallId(id)),
            };
            Ok((UnixMs(row.int("at")?), entry))
        };
        let items = rows.iter().map(entry).collect::<Result<_, StoreError>>()?;
        Ok(Page { items, total })
    }

    /// The calls of a conversation, those that began first first; the call whose own it is among
    /// them.
    pub async fn calls_of_conversation(
        &self,
        tenant: TenantId,
        id: &ConversationId,
        limit: u32,
    ) -> Result<Vec<CallId>, StoreError> {
        let rows = sql("SELECT call_id AS id, at FROM call_conversation \
             WHERE tenant = $1 AND conversation = $2 UNION \
             SELECT id, started_at AS at FROM call WHERE tenant = $1 AND id = $2 \
             ORDER BY at, id LIMIT $3")
        .bind(tenant.0)
        .bind(id.as_str())
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(|row| row.text("id").map(CallId)).collect()
    }

    /// The conversation of a customer's call that has not ended, if no chat has it yet.
    pub async fn conversation_of_running_call(
        &self,
        tenant: TenantId,
        customer: &CustomerId,
    ) -> Result<Option<ConversationId>, StoreError> {
        let row = sql("SELECT conversation FROM call_conversation \
             JOIN call ON call.id = call_conversation.call_id \
             WHERE call_conversation.tenant = $1 AND call_conversation.customer = $2 \
             AND call.state <> 'ended' AND NOT EXISTS (SELECT 1 FROM conversation \
             WHERE conversation.id = call_conversation.conversation) \
             ORDER BY call_conversation.at DESC LIMIT 1")
        .bind(tenant.0)
        .bind(customer.as_str())
        .row(&mut *self.reader().await?)
        .await?;
        row.map(|row| row.text("conversation").map(ConversationId))
            .transpose()
    }

    /// Makes these the only numbers of a customer.
    ///
    /// # Errors
    ///
    /// A number of another customer is a [`StoreError::Conflict`]; nothing changes then.
    pub async fn set_customer_numbers(
        &self,
        tenant: TenantId,
        customer: &CustomerId,
        numbers: &[E164],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM customer_number WHERE tenant = $1 AND customer = $2")
            .bind(tenant.0)
            .bind(customer.as_str())
            .run(&mut tx)
            .await?;
        for number in numbers {
            sql("INSERT INTO customer_number (tenant, number, customer) VALUES ($1, $2, $3)")
                .bind(tenant.0)
                .bind(number.digits())
                .bind(customer.as_str())
                .insert(&mut tx, "the number is another customer's")
                .await?;
        }
        commit(tx).await
    }

    /// The numbers of a customer.
    pub async fn customer_numbers(
        &self,
        tenant: TenantId,
        customer: &CustomerId,
    ) -> Result<Vec<E164>, StoreError> {
        let rows = sql(
            "SELECT number FROM customer_number WHERE tenant = $1 AND customer = $2 \
             ORDER BY number",
        )
        .bind(tenant.0)
        .bind(customer.as_str())
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| number_of(&row.text("number")?))
            .collect()
    }

    /// Whose number it is.
    pub async fn customer_of_number(
        &self,
        tenant: TenantId,
        number: &E164,
    ) -> Result<Option<CustomerId>, StoreError> {
        let row = sql("SELECT customer FROM customer_number WHERE tenant = $1 AND number = $2")
            .bind(tenant.0)
            .bind(number.digits())
            .row(&mut *self.reader().await?)
            .await?;
        row.map(|row| row.text("customer").map(CustomerId))
            .transpose()
    }

    /// These calls, in this order; those that are not there are left out.
    pub async fn calls_in_order(
        &self,
        tenant: TenantId,
        ids: &[CallId],
    ) -> Result<Vec<Call>, StoreError> {
        let mut calls = Vec::with_capacity(ids.len());
        for id in ids {
            match self.call(tenant, id).await {
                Ok(call) => calls.push(call),
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(calls)
    }
}
