//! Time for notes after a conversation, and conversations of people who have gone.

use std::sync::Arc;

use engine::{chat::Input, presence::Happening};
use model::{ConversationId, StaffId, StaffStatus, TenantId};

use super::{ChatFault, Chats};

/// Conversations that are looked at in one go.
const AT_ONCE: u32 = 200;

impl Chats {
    /// Gives a person time for notes, if this was their last conversation and they are free.
    pub(super) async fn begin_notes(
        &self,
        tenant: TenantId,
        id: &ConversationId,
        staff: StaffId,
    ) -> Result<(), ChatFault> {
        let seats = self.store.chat_seats(tenant).await?;
        if seats.iter().any(|seat| seat.staff == staff) {
            return Ok(());
        }
        let happening = Happening::NotesBegan { work: id.as_str() };
        let now = self.now();
        let changed = self
            .store
            .change_presence(tenant, staff, now, |present| {
                engine::presence::next(present, happening, now)
            })
            .await?;
        if changed.is_ok() {
            self.journal.send_modify(|n| *n = n.wrapping_add(1));
        }
        Ok(())
    }

    /// Conversations of people who have gone offline since they took them wait again, in the same
    /// group.
    pub(crate) async fn leave_absent(self: &Arc<Self>) {
        match self.store.chats_of_absent(AT_ONCE).await {
            Ok(left) => {
                for (tenant, id) in left {
                    if let Err(error) = self.leave(tenant, &id).await {
                        tracing::warn!(%error, "a conversation stays with who has gone");
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "failed to look who has gone"),
        }
    }

    async fn leave(
        self: &Arc<Self>,
        tenant: TenantId,
        id: &ConversationId,
    ) -> Result<(), ChatFault> {
        let conversation = self.store.conversation(tenant, id).await?;
        let Some(by) = conversation.staff else {
            return Ok(());
        };
        let has_left = match self.store.staff(tenant, by.id).await {
            Ok(person) => {
                let joined_at = conversation.joined_at.unwrap_or(conversation.began_at);
                person.presence.status == StaffStatus::Offline && person.presence.since >= joined_at
            }
            Err(store::StoreError::NotFound { .. }) => true,
            Err(error) => return Err(error.into()),
        };
        if !has_left {
            return Ok(());
        }
        let input = Input::PassOn {
            by,
            group: conversation.group,
            staff: Vec::new(),
        };
        match self.command(tenant, id, input).await {
            // Refused: somebody else has it by now.
            Ok(_) | Err(ChatFault::Refused(_) | ChatFault::Off) => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}
