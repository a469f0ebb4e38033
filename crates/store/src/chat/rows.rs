//! From rows to nouns.

use model::{
    Author, ChatChannel, ChatFile, ChatFileId, ChatMessage, ChatRecord, ChatRecordId, Content,
    Conversation, ConversationId, ConversationState, Customer, CustomerId, MessageKey, ServiceEnd,
    SkillGroupId, StaffId, Staffed, StampedChat, TenantId, UnixMs, VoiceAgentId,
};
use sqlx::any::AnyRow;

use super::ChatJournalEvent;
use crate::{
    StoreError,
    codec::{chat_event_of, unknown},
    statement::Columns as _,
};

/// Columns of a conversation.
pub(super) const CONVERSATION: &str = "id, tenant, customer, customer_name, channel, language, \
     page, bot, state, staff, staff_name, staff_mail, skill_group, began_at, queued_at, \
     offered_at, joined_at, ended_at, touched_at, last_text, n_unanswered, rating, n_events";

/// Columns of a record of service.
pub(super) const RECORD: &str = "id, tenant, conversation, customer, customer_name, staff, \
     staff_name, staff_mail, skill_group, began_at, queued_at, offered_at, joined_at, ended_at, \
     ended_how, rating";

/// Columns of a message.
pub(super) const MESSAGE: &str = "conversation, n, key, happened_at, author, staff, staff_name, \
     staff_mail, text, file, elements, custom_data, private, open, cut";

pub(super) fn conversation_of(row: &AnyRow) -> Result<Conversation, StoreError> {
    let channel = ChatChannel::by_name(&row.text("channel")?);
    let state = ConversationState::by_name(&row.text("state")?);
    let at = |column| Ok::<_, StoreError>(row.int_or_null(column)?.map(UnixMs));
    Ok(Conversation {
        id: ConversationId(row.text("id")?),
        tenant: TenantId(row.int("tenant")?),
        customer: CustomerId(row.text("customer")?),
        customer_name: row.text("customer_name")?,
        channel: channel.ok_or_else(|| unknown("chat channel"))?,
        language: row.text("language")?,
        page: row.text("page")?,
        bot: row.int_or_null("bot")?.map(VoiceAgentId),
        state: state.ok_or_else(|| unknown("state of a conversation"))?,
        staff: staffed_of(row)?,
        group: row.int_or_null("skill_group")?.map(SkillGroupId),
        began_at: UnixMs(row.int("began_at")?),
        queued_at: at("queued_at")?,
        offered_at: at("offered_at")?,
        joined_at: at("joined_at")?,
        ended_at: at("ended_at")?,
        touched_at: UnixMs(row.int("touched_at")?),
        last_text: row.text("last_text")?,
        n_unanswered: row.int("n_unanswered")?,
        rating: row.int_or_null("rating")?,
        n_events: row.int("n_events")?,
    })
}

pub(super) fn record_of(row: &AnyRow) -> Result<ChatRecord, StoreError> {
    let end = ServiceEnd::by_name(&row.text("ended_how")?);
    let at = |column| Ok::<_, StoreError>(row.int_or_null(column)?.map(UnixMs));
    Ok(ChatRecord {
        id: ChatRecordId(row.int("id")?),
        tenant: TenantId(row.int("tenant")?),
        conversation: ConversationId(row.text("conversation")?),
        customer: CustomerId(row.text("customer")?),
        customer_name: row.text("customer_name")?,
        staff: staffed_of(row)?,
        group: row.int_or_null("skill_group")?.map(SkillGroupId),
        began_at: UnixMs(row.int("began_at")?),
        queued_at: at("queued_at")?,
        offered_at: at("offered_at")?,
        joined_at: at("joined_at")?,
        ended_at: UnixMs(row.int("ended_at")?),
        end: end.ok_or_else(|| unknown("end of a service"))?,
        rating: row.int_or_null("rating")?,
    })
}

pub(super) fn message_of(row: &AnyRow) -> Result<ChatMessage, StoreError> {
    let author = match (row.text("author")?.as_str(), staffed_of(row)?) {
        ("customer", None) => Author::Customer,
        ("bot", None) => Author::Bot,
        ("centre", None) => Author::Centre,
        ("staff", Some(staff)) => Author::Staff(staff),
        _ => return Err(unknown("author")),
    };
    Ok(ChatMessage {
        key: MessageKey(row.text("key")?),
        conversation: ConversationId(row.text("conversation")?),
        n: row.int("n")?,
        at: UnixMs(row.int("happened_at")?),
        author,
        content: Content {
            text: row.text("text")?,
            file: row.text_or_null("file")?.map(ChatFileId),
            elements: row.text_or_null("elements")?,
            custom_data: row.text("custom_data")?,
        },
        is_private: row.flag("private")?,
        is_open: row.flag("open")?,
        is_cut: row.flag("cut")?,
    })
}

pub(super) fn journal_event_of(row: &AnyRow) -> Result<ChatJournalEvent, StoreError> {
    Ok(ChatJournalEvent {
        seq: row.int("seq")?,
        tenant: TenantId(row.int("tenant")?),
        conversation: ConversationId(row.text("conversation")?),
        stamped: StampedChat {
            n: row.int("n")?,
            at: UnixMs(row.int("happened_at")?),
            event: chat_event_of(&row.text("body")?)?,
        },
    })
}

pub(super) fn customer_of(row: &AnyRow) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: CustomerId(row.text("id")?),
        tenant: TenantId(row.int("tenant")?),
        name: row.text("name")?,
        client_data: row.text("client_data")?,
        is_verified: row.flag("verified")?,
        created_at: UnixMs(row.int("created_at")?),
    })
}

pub(super) fn file_of(row: &AnyRow) -> Result<ChatFile, StoreError> {
    Ok(ChatFile {
        id: ChatFileId(row.text("id")?),
        tenant: TenantId(row.int("tenant")?),
        conversation: ConversationId(row.text("conversation")?),
        name: row.text("name")?,
        media_type: row.text("media_type")?,
        n_bytes: row.int("n_bytes")?,
        sha256: row.text("sha256")?,
        at: UnixMs(row.int("created_at")?),
    })
}

fn staffed_of(row: &AnyRow) -> Result<Option<Staffed>, StoreError> {
    let Some(id) = row.int_or_null("staff")? else {
        return Ok(None);
    };
    Ok(Some(Staffed {
        id: StaffId(id),
        name: row.text_or_null("staff_name")?.unwrap_or_default(),
        mail: row.text_or_null("staff_mail")?.unwrap_or_default(),
    }))
}
