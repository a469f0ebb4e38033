//! Records and messages of conversations as the vendor writes them, in both its APIs.

use std::collections::BTreeMap;

use model::{
    Author, ChatMessage, ChatRecord, Conversation, ServiceEnd, SkillGroupId, TenantId, UnixMs,
};
use serde::Serialize;
use store::{Page, Paging, RecordFilter, SkillGroupFilter, Store, StoreError};

/// Groups of one tenant whose names are looked up.
const GROUPS_MAX: u32 = 1000;

/// The kind of every record here: text, not the vendor's *full media*.
pub(crate) const TEXT: i64 = 2;

/// The account that bots write under.
pub(crate) const SERVICE_ACCOUNT: &str = "@customer_service_account";

/// A record of service: the vendor's `IMCdrInfo`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ImCdrInfo {
    id: String,
    duration: i64,
    end_status: i64,
    nickname: String,
    #[serde(rename = "Type")]
    kind: i64,
    staff_id: String,
    timestamp: i64,
    session_id: String,
    skill_group_id: String,
    skill_group_name: String,
    satisfaction: Option<ImSatisfaction>,
    client_user_id: String,
}

/// The customer's opinion.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ImSatisfaction {
    id: i64,
    label: &'static str,
}

/// A message: the vendor's `MessageBody`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MessageBody {
    timestamp: i64,
    from: String,
    messages: Vec<Message>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Message {
    #[serde(rename = "Type")]
    kind: &'static str,
    content: String,
}

/// Records that match, newest first, and how many there are.
pub(crate) async fn list(
    store: &Store,
    tenant: TenantId,
    filter: &RecordFilter,
    paging: Paging,
) -> Result<(i64, Vec<ImCdrInfo>), StoreError> {
    let page = store.chat_records(tenant, filter, paging).await?;
    let names = match page.items.is_empty() {
        true => BTreeMap::new(),
        false => group_names(store, tenant).await?,
    };
    let records = page
        .items
        .iter()
        .map(|record| ImCdrInfo::of(record, &names));
    Ok((page.total, records.collect()))
}

/// Messages of a conversation that the customer saw, and how many there are.
pub(crate) async fn messages(
    store: &Store,
    conversation: &Conversation,
    newest_first: bool,
    paging: Paging,
) -> Result<(i64, Vec<MessageBody>), StoreError> {
    let page: Page<ChatMessage> = store
        .chat_messages(&conversation.id, false, newest_first, paging)
        .await?;
    let messages = page.items.iter();
    let messages = messages.map(|message| MessageBody::of(message, conversation));
    Ok((page.total, messages.collect()))
}

/// The last instant of a second: bounds of the vendor's windows belong to them.
pub(crate) fn end_of_second(seconds: i64) -> UnixMs {
    UnixMs(UnixMs::from_seconds(seconds.saturating_add(1)).0 - 1)
}

/// The opinion's words, 1 to 5.
pub(crate) fn satisfaction_label(score: i64) -> &'static str {
    match score {
        1 => "非常不满意",
        2 => "不满意",
        3 => "一般",
        4 => "满意",
        _ => "非常满意",
    }
}

/// The vendor's number for how a service ended.
pub(crate) fn end_status(end: ServiceEnd) -> i64 {
    match end {
        ServiceEnd::Broken => 0,
        ServiceEnd::Normal => 1,
        ServiceEnd::NobodyOnline => 3,
        ServiceEnd::NotTaken => 17,
        ServiceEnd::PassedOn => 101,
        ServiceEnd::LeftBeforePerson => 102,
        ServiceEnd::CustomerSilent => 108,
        ServiceEnd::ByCustomer => 109,
    }
}

async fn group_names(
    store: &Store,
    tenant: TenantId,
) -> Result<BTreeMap<SkillGroupId, String>, StoreError> {
    let groups = store
        .skill_groups(
            tenant,
            &SkillGroupFilter::default(),
            Paging::first(GROUPS_MAX),
        )
        .await?;
    let named = groups.items.into_iter();
    Ok(named.map(|group| (group.id, group.settings.name)).collect())
}

impl ImCdrInfo {
    fn of(record: &ChatRecord, names: &BTreeMap<SkillGroupId, String>) -> Self {
        let staff = record.staff.as_ref();
        let group = record.group;
        Self {
            id: record.id.to_string(),
            duration: record.ended_at.seconds() - record.began_at.seconds(),
            end_status: end_status(record.end),
            nickname: record.customer_name.clone(),
            kind: TEXT,
            staff_id: staff.map(|staff| staff.mail.clone()).unwrap_or_default(),
            timestamp: record.began_at.seconds(),
            session_id: record.conversation.to_string(),
            skill_group_id: group.map(|group| group.to_string()).unwrap_or_default(),
            skill_group_name: group
                .and_then(|group| names.get(&group).cloned())
                .unwrap_or_default(),
            satisfaction: record.rating.map(|score| ImSatisfaction {
                id: score,
                label: satisfaction_label(score),
            }),
            client_user_id: record.customer.to_string(),
        }
    }
}

impl MessageBody {
    fn of(message: &ChatMessage, conversation: &Conversation) -> Self {
        let from = match &message.author {
            Author::Customer => conversation.customer.to_string(),
            Author::Staff(staff) => staff.mail.clone(),
            Author::Bot | Author::Centre => SERVICE_ACCOUNT.to_owned(),
        };
        let content = &message.content;
        let (kind, content) = match (&content.file, &content.elements) {
            (Some(_), _) => ("File", content.text.clone()),
            (None, Some(elements)) => ("Custom", elements.clone()),
            (None, None) => ("Text", content.text.clone()),
        };
        Self {
            timestamp: message.at.seconds(),
            from,
            messages: vec![Message { kind, content }],
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{ChatRecordId, ConversationId, CustomerId};

    use super::*;
    use crate::{definition, sample::assert_fields};

    #[test]
    fn a_record_has_the_vendors_fields_and_no_other() {
        let record = ChatRecord {
            id: ChatRecordId(12933),
            tenant: TenantId(1_400_000_001),
            conversation: ConversationId("87fa1d7a-4194-4f2a-83dc-d7c293411720".into()),
            customer: CustomerId("8b997a86199ac962210017263".into()),
            customer_name: "bar".into(),
            staff: None,
            group: Some(SkillGroupId(1001)),
            began_at: UnixMs(1_632_814_604_000),
            queued_at: None,
            offered_at: None,
            joined_at: None,
            ended_at: UnixMs(1_632_814_704_000),
            end: ServiceEnd::Normal,
            rating: Some(4),
        };
        let info = ImCdrInfo::of(&record, &BTreeMap::new());
        assert_fields(&info, definition::ccc().object("IMCdrInfo"));
        assert_eq!((info.duration, info.end_status), (100, 1));
        assert_eq!(info.satisfaction.unwrap().label, "满意");
    }

    #[test]
    fn every_end_has_a_number_of_its_own() {
        let mut numbers: Vec<i64> = ServiceEnd::ALL.into_iter().map(end_status).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 3, 17, 101, 102, 108, 109]);
    }
}
