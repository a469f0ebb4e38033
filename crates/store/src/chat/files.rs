//! Files in conversations. Their bytes are on disk, by hash.

use model::{ChatFile, ChatFileId, ConversationId, TenantId};

use super::rows::file_of;
use crate::{Store, StoreError, statement::sql, store::commit};

impl Store {
    /// Writes down a file whose bytes are on disk.
    pub async fn add_chat_file(&self, file: &ChatFile) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO chat_file (id, tenant, conversation, name, media_type, n_bytes, sha256, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(file.id.as_str())
        .bind(file.tenant.0)
        .bind(file.conversation.as_str())
        .bind(file.name.as_str())
        .bind(file.media_type.as_str())
        .bind(file.n_bytes)
        .bind(file.sha256.as_str())
        .bind(file.at.0)
        .insert(&mut tx, "a file with this id exists")
        .await?;
        commit(tx).await
    }

    /// The tenant's file with this id.
    pub async fn chat_file(
        &self,
        tenant: TenantId,
        id: &ChatFileId,
    ) -> Result<ChatFile, StoreError> {
        let row = sql(
            "SELECT id, tenant, conversation, name, media_type, n_bytes, sha256, created_at \
             FROM chat_file WHERE id = $1 AND tenant = $2",
        )
        .bind(id.as_str())
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "file")
        .await?;
        file_of(&row)
    }

    /// How many files a conversation has.
    pub async fn n_chat_files(&self, conversation: &ConversationId) -> Result<i64, StoreError> {
        sql("SELECT COUNT(*) FROM chat_file WHERE conversation = $1")
            .bind(conversation.as_str())
            .number(&mut *self.reader().await?)
            .await
    }
}
