//! Conversations by text: their journal, what it folds to, customers, files, settings.
//!
//! As with calls, events are the truth. [`Store::append_chats`](crate::Store::append_chats) writes them in one transaction with
//! the row of the conversation, the messages as they stand, the records of service and the
//! deliveries that follow from them. What the row becomes is decided in `engine`.

mod canned;
mod customers;
mod files;
mod history;
mod memory;
mod reads;
mod rows;
mod settings;
mod write;

use model::{ChatEvent, ChatRecord, Conversation, StampedChat, TenantId, UnixMs, WebhookTopic};

pub use history::HistoryEntry;
pub use reads::{ChatSeat, RecordFilter};

/// What happens to one conversation at once.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatStep {
    /// The conversation as it is afterwards.
    pub conversation: Conversation,
    /// When it is to be looked at again.
    pub wake_at: Option<UnixMs>,
    /// Something is to be done for it that a stop may cut off.
    pub wants_work: bool,
    /// What happened; not empty. Numbers follow those of what is stored.
    pub events: Vec<(UnixMs, ChatEvent)>,
    /// Stretches of service that are over. Ids are given here.
    pub records: Vec<ChatRecord>,
    /// Pushes that follow.
    pub deliveries: Vec<ChatDelivery>,
    /// What our bot knows afterwards, if that has changed.
    pub bot_memory: Option<BotMemory>,
}

/// What our bot has to know beside the events to go on after a restart. Forgotten with the
/// conversation's end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BotMemory {
    /// Questions that are settled: it has answered them, or has not and will not.
    pub n_settled: i64,
    /// In the thinker's own words; may be empty.
    pub memory: String,
}

/// A push that tells of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatDelivery {
    /// Its receiver.
    pub endpoint: model::WebhookEndpointId,
    /// What it tells.
    pub topic: WebhookTopic,
    /// The same on every attempt.
    pub uuid: String,
    /// The bytes, fixed now.
    pub body: String,
    /// When it is due first.
    pub at: UnixMs,
}

/// An event of a conversation with its place in the journal of all conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatJournalEvent {
    /// Grows with each event of the installation.
    pub seq: i64,
    /// The conversation's owner.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: model::ConversationId,
    /// The event with its place in the conversation.
    pub stamped: StampedChat,
}
