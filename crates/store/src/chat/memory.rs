//! What our bots remember of open conversations.

use model::{ChatEvent, ConversationId};
use sqlx::AnyConnection;

use super::{BotMemory, ChatStep};
use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
};

impl Store {
    /// What the bot of a conversation remembers; nothing before it has answered, and after the end.
    pub async fn bot_memory(&self, id: &ConversationId) -> Result<Option<BotMemory>, StoreError> {
        let found = sql("SELECT n_settled, memory FROM conversation_bot WHERE conversation = $1")
            .bind(id.as_str())
            .row(&mut *self.reader().await?)
            .await?;
        let Some(row) = found else {
            return Ok(None);
        };
        Ok(Some(BotMemory {
            n_settled: row.int("n_settled")?,
            memory: row.text("memory")?,
        }))
    }
}

/// Writes down what a step says, and forgets it with the end.
pub(super) async fn put(tx: &mut AnyConnection, step: &ChatStep) -> Result<(), StoreError> {
    let id = step.conversation.id.as_str();
    let ends = |(_, event): &(_, ChatEvent)| matches!(event, ChatEvent::Ended { .. });
    if step.events.iter().any(ends) {
        sql("DELETE FROM conversation_bot WHERE conversation = $1")
            .bind(id)
            .run(tx)
            .await?;
        return Ok(());
    }
    if let Some(memory) = &step.bot_memory {
        sql(
            "INSERT INTO conversation_bot (conversation, n_settled, memory) VALUES ($1, $2, $3) \
             ON CONFLICT (conversation) DO UPDATE SET n_settled = excluded.n_settled, \
             memory = excluded.memory",
        )
        .bind(id)
        .bind(memory.n_settled)
        .bind(memory.memory.as_str())
        .run(tx)
        .await?;
    }
    Ok(())
}
