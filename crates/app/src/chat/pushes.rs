//! Pushes that tell a tenant's server of its conversations.

use engine::chat::Conversation;
use model::{ChatEvent, ChatRecord, MessageKey, UnixMs, WebhookTopic};
use store::{ChatDelivery, Paging, StoreError};
use uuid::Uuid;

use super::{ChatTold, Chats};

/// Messages of a conversation among which one that is whole now is looked for.
const MESSAGES_MAX: u32 = 50;

impl Chats {
    /// What follows from these events and records; bodies are fixed now.
    pub(super) async fn deliveries(
        &self,
        live: &Conversation,
        events: &[(UnixMs, ChatEvent)],
        records: &[ChatRecord],
    ) -> Result<Vec<ChatDelivery>, StoreError> {
        // Pieces of a growing message are told once it is whole.
        let is_piece = |event: &ChatEvent| {
            matches!(
                event,
                ChatEvent::ChunkAppended { .. } | ChatEvent::StreamOpened { .. }
            )
        };
        if records.is_empty() && events.iter().all(|(_, event)| is_piece(event)) {
            return Ok(Vec::new());
        }
        let tenant = live.view().tenant;
        let topics = [WebhookTopic::ChatEvent, WebhookTopic::ChatRecord];
        let mut deliveries = Vec::new();
        for topic in topics {
            let endpoints = self.store.webhook_endpoints_for(tenant, topic).await?;
            if endpoints.is_empty() {
                continue;
            }
            let bodies = match topic {
                WebhookTopic::ChatEvent => self.event_bodies(live, events).await?,
                WebhookTopic::ChatRecord => self.record_bodies(live, records).await?,
                WebhookTopic::Cdr | WebhookTopic::Recording | WebhookTopic::ChatRouting => {
                    Vec::new()
                }
            };
            for body in bodies {
                deliveries.extend(endpoints.iter().map(|endpoint| ChatDelivery {
                    endpoint: endpoint.id,
                    topic,
                    uuid: Uuid::new_v4().to_string(),
                    body: body.clone(),
                    at: self.now(),
                }));
            }
        }
        Ok(deliveries)
    }

    async fn event_bodies(
        &self,
        live: &Conversation,
        events: &[(UnixMs, ChatEvent)],
    ) -> Result<Vec<String>, StoreError> {
        let mut bodies = Vec::new();
        for (at, event) in events {
            let whole_text = match event {
                ChatEvent::StreamClosed { key, .. } => {
                    Some(self.whole_text(live, key, events).await?)
                }
                _ => None,
            };
            bodies.extend(self.push.chat_event(&ChatTold {
                conversation: live.view(),
                at: *at,
                event,
                whole_text: whole_text.as_deref(),
            }));
        }
        Ok(bodies)
    }

    /// A message that was closed: what is stored of it and what these events add.
    async fn whole_text(
        &self,
        live: &Conversation,
        closed: &MessageKey,
        events: &[(UnixMs, ChatEvent)],
    ) -> Result<String, StoreError> {
        let stored = self
            .store
            .chat_messages(&live.view().id, false, true, Paging::first(MESSAGES_MAX))
            .await?;
        let stored = stored.items.into_iter().find(|m| m.key == *closed);
        let mut text = stored.map(|m| m.content.text).unwrap_or_default();
        for (_, event) in events {
            match event {
                ChatEvent::StreamOpened { key, text: new, .. }
                | ChatEvent::ChunkAppended { key, text: new, .. }
                    if key == closed =>
                {
                    text.push_str(new);
                }
                _ => {}
            }
        }
        Ok(text)
    }

    async fn record_bodies(
        &self,
        live: &Conversation,
        records: &[ChatRecord],
    ) -> Result<Vec<String>, StoreError> {
        let mut bodies = Vec::new();
        for record in records {
            let customer = self.store.customer(record.tenant, &live.view().customer);
            let customer = customer.await?;
            let group = match record.group {
                Some(group) => match self.store.skill_group(record.tenant, group).await {
                    Ok(group) => group.settings.name,
                    Err(StoreError::NotFound { .. }) => String::new(),
                    Err(error) => return Err(error),
                },
                None => String::new(),
            };
            bodies.extend(self.push.chat_record(record, &group, &customer));
        }
        Ok(bodies)
    }
}
