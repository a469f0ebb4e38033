//! Events of conversations.

use std::time::Duration;

use model::{
    Asker, Author, ChatChannel, ChatEvent, ChatFileId, Content, ConversationEnd, CustomerId,
    MessageKey, SkillGroupId, StaffId, Staffed, StreamEnd, TenantId, VoiceAgentId,
};
use serde::{Deserialize, Serialize};

use super::{document, text, unknown};
use crate::StoreError;

/// An event as it is stored; `kind` names it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum EventDoc {
    Began {
        tenant: i64,
        customer: String,
        customer_name: String,
        channel: String,
        language: String,
        page: String,
        bot: Option<i64>,
    },
    MessageSent {
        key: String,
        author: PartyDoc,
        content: ContentDoc,
        request: Option<String>,
    },
    StreamOpened {
        key: String,
        author: PartyDoc,
        text: String,
        request: Option<String>,
    },
    ChunkAppended {
        key: String,
        text: String,
        offset: i64,
        request: Option<String>,
    },
    StreamClosed {
        key: String,
        end: String,
    },
    BotFailed {
        why: String,
    },
    PersonAsked {
        by: PartyDoc,
        group: Option<i64>,
        staff: Vec<i64>,
        tip: bool,
        routed: bool,
    },
    Routed {
        group: Option<i64>,
        staff: Vec<i64>,
        fault: String,
    },
    NobodyThere,
    Offered {
        staff: StaffedDoc,
        group: Option<i64>,
        answer_ms: u64,
    },
    OfferEnded {
        staff: i64,
        declined: bool,
    },
    Joined {
        staff: StaffedDoc,
        took_over: bool,
    },
    PassedOn {
        by: StaffedDoc,
        group: Option<i64>,
        staff: Vec<i64>,
    },
    GivenBack {
        by: StaffedDoc,
    },
    NoteWritten {
        key: String,
        by: StaffedDoc,
        text: String,
    },
    RatingAsked,
    Rated {
        score: i64,
        text: String,
    },
    WordLeft {
        contact: String,
        text: String,
    },
    Ended {
        by: Option<PartyDoc>,
    },
}

#[derive(Serialize, Deserialize)]
struct StaffedDoc {
    id: i64,
    name: String,
    mail: String,
}

/// Who wrote or asked: a name, with the person if it is one.
#[derive(Serialize, Deserialize)]
struct PartyDoc {
    who: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    staff: Option<StaffedDoc>,
}

#[derive(Serialize, Deserialize)]
struct ContentDoc {
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    elements: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    custom_data: String,
}

/// The stored text of an event.
pub(crate) fn chat_event_text(event: &ChatEvent) -> String {
    text(&doc_of(event))
}

/// The stored name of an event's kind.
pub(crate) fn chat_event_kind(event: &ChatEvent) -> &'static str {
    match event {
        ChatEvent::Began { .. } => "began",
        ChatEvent::MessageSent { .. } => "message_sent",
        ChatEvent::StreamOpened { .. } => "stream_opened",
        ChatEvent::ChunkAppended { .. } => "chunk_appended",
        ChatEvent::StreamClosed { .. } => "stream_closed",
        ChatEvent::BotFailed { .. } => "bot_failed",
        ChatEvent::PersonAsked { .. } => "person_asked",
        ChatEvent::Routed { .. } => "routed",
        ChatEvent::NobodyThere => "nobody_there",
        ChatEvent::Offered { .. } => "offered",
        ChatEvent::OfferEnded { .. } => "offer_ended",
        ChatEvent::Joined { .. } => "joined",
        ChatEvent::PassedOn { .. } => "passed_on",
        ChatEvent::GivenBack { .. } => "given_back",
        ChatEvent::NoteWritten { .. } => "note_written",
        ChatEvent::RatingAsked => "rating_asked",
        ChatEvent::Rated { .. } => "rated",
        ChatEvent::WordLeft { .. } => "word_left",
        ChatEvent::Ended { .. } => "ended",
    }
}

fn doc_of(event: &ChatEvent) -> EventDoc {
    match event.clone() {
        ChatEvent::Began {
            tenant,
            customer,
            customer_name,
            channel,
            language,
            page,
            bot,
        } => EventDoc::Began {
            tenant: tenant.0,
            customer: customer.0,
            customer_name,
            channel: channel.name().to_owned(),
            language,
            page,
            bot: bot.map(|bot| bot.0),
        },
        ChatEvent::MessageSent {
            key,
            author,
            content,
            request,
        } => EventDoc::MessageSent {
            key: key.0,
            author: author.into(),
            content: content.into(),
            request,
        },
        ChatEvent::StreamOpened {
            key,
            author,
            text,
            request,
        } => EventDoc::StreamOpened {
            key: key.0,
            author: author.into(),
            text,
            request,
        },
        ChatEvent::ChunkAppended {
            key,
            text,
            offset,
            request,
        } => EventDoc::ChunkAppended {
            key: key.0,
            text,
            offset,
            request,
        },
        ChatEvent::StreamClosed { key, end } => EventDoc::StreamClosed {
            key: key.0,
            end: end.name().to_owned(),
        },
        ChatEvent::BotFailed { why } => EventDoc::BotFailed { why },
        ChatEvent::NoteWritten { key, by, text } => EventDoc::NoteWritten {
            key: key.0,
            by: by.into(),
            text,
        },
        ChatEvent::RatingAsked => EventDoc::RatingAsked,
        ChatEvent::Rated { score, text } => EventDoc::Rated { score, text },
        ChatEvent::WordLeft { contact, text } => EventDoc::WordLeft { contact, text },
        moved => moved_doc(moved),
    }
}

fn moved_doc(event: ChatEvent) -> EventDoc {
    match event {
        ChatEvent::PersonAsked {
            by,
            group,
            staff,
            tip,
            routed,
        } => EventDoc::PersonAsked {
            by: by.into(),
            group: group.map(|group| group.0),
            staff: staff.into_iter().map(|id| id.0).collect(),
            tip,
            routed,
        },
        ChatEvent::Routed {
            group,
            staff,
            fault,
        } => EventDoc::Routed {
            group: group.map(|group| group.0),
            staff: staff.into_iter().map(|id| id.0).collect(),
            fault,
        },
        ChatEvent::Offered {
            staff,
            group,
            answer_time_max,
        } => EventDoc::Offered {
            staff: staff.into(),
            group: group.map(|group| group.0),
            answer_ms: ms(answer_time_max),
        },
        ChatEvent::OfferEnded { staff, declined } => EventDoc::OfferEnded {
            staff: staff.0,
            declined,
        },
        ChatEvent::Joined { staff, took_over } => EventDoc::Joined {
            staff: staff.into(),
            took_over,
        },
        ChatEvent::PassedOn { by, group, staff } => EventDoc::PassedOn {
            by: by.into(),
            group: group.map(|group| group.0),
            staff: staff.into_iter().map(|id| id.0).collect(),
        },
        ChatEvent::GivenBack { by } => EventDoc::GivenBack { by: by.into() },
        ChatEvent::Ended { why } => EventDoc::Ended {
            by: match why {
                ConversationEnd::By(asker) => Some(asker.into()),
                ConversationEnd::CustomerSilent => None,
            },
        },
        ChatEvent::NobodyThere => EventDoc::NobodyThere,
        ChatEvent::Began { .. }
        | ChatEvent::MessageSent { .. }
        | ChatEvent::StreamOpened { .. }
        | ChatEvent::ChunkAppended { .. }
        | ChatEvent::StreamClosed { .. }
        | ChatEvent::BotFailed { .. }
        | ChatEvent::NoteWritten { .. }
        | ChatEvent::RatingAsked
        | ChatEvent::Rated { .. }
        | ChatEvent::WordLeft { .. } => unreachable!("written by the caller"),
    }
}

/// The event in a column.
pub(crate) fn chat_event_of(body: &str) -> Result<ChatEvent, StoreError> {
    Ok(
        match document::<EventDoc>("event of a conversation", body)? {
            EventDoc::Began {
                tenant,
                customer,
                customer_name,
                channel,
                language,
                page,
                bot,
            } => ChatEvent::Began {
                tenant: TenantId(tenant),
                customer: CustomerId(customer),
                customer_name,
                channel: ChatChannel::by_name(&channel).ok_or_else(|| unknown("chat channel"))?,
                language,
                page,
                bot: bot.map(VoiceAgentId),
            },
            EventDoc::MessageSent {
                key,
                author,
                content,
                request,
            } => ChatEvent::MessageSent {
                key: MessageKey(key),
                author: author.author()?,
                content: content.into(),
                request,
            },
            EventDoc::StreamOpened {
                key,
                author,
                text,
                request,
            } => ChatEvent::StreamOpened {
                key: MessageKey(key),
                author: author.author()?,
                text,
                request,
            },
            EventDoc::ChunkAppended {
                key,
                text,
                offset,
                request,
            } => ChatEvent::ChunkAppended {
                key: MessageKey(key),
                text,
                offset,
                request,
            },
            EventDoc::StreamClosed { key, end } => ChatEvent::StreamClosed {
                key: MessageKey(key),
                end: StreamEnd::by_name(&end).ok_or_else(|| unknown("end of a message"))?,
            },
            EventDoc::BotFailed { why } => ChatEvent::BotFailed { why },
            EventDoc::NoteWritten { key, by, text } => ChatEvent::NoteWritten {
                key: MessageKey(key),
                by: by.into(),
                text,
            },
            EventDoc::RatingAsked => ChatEvent::RatingAsked,
            EventDoc::Rated { score, text } => ChatEvent::Rated { score, text },
            EventDoc::WordLeft { contact, text } => ChatEvent::WordLeft { contact, text },
            moved => moved_of(moved)?,
        },
    )
}

fn moved_of(doc: EventDoc) -> Result<ChatEvent, StoreError> {
    let ids = |staff: Vec<i64>| staff.into_iter().map(StaffId).collect();
    Ok(match doc {
        EventDoc::PersonAsked {
            by,
            group,
            staff,
            tip,
            routed,
        } => ChatEvent::PersonAsked {
            by: by.asker()?,
            group: group.map(SkillGroupId),
            staff: ids(staff),
            tip,
            routed,
        },
        EventDoc::Routed {
            group,
            staff,
            fault,
        } => ChatEvent::Routed {
            group: group.map(SkillGroupId),
            staff: ids(staff),
            fault,
        },
        EventDoc::Offered {
            staff,
            group,
            answer_ms,
        } => ChatEvent::Offered {
            staff: staff.into(),
            group: group.map(SkillGroupId),
            answer_time_max: Duration::from_millis(answer_ms),
        },
        EventDoc::OfferEnded { staff, declined } => ChatEvent::OfferEnded {
            staff: StaffId(staff),
            declined,
        },
        EventDoc::Joined { staff, took_over } => ChatEvent::Joined {
            staff: staff.into(),
            took_over,
        },
        EventDoc::PassedOn { by, group, staff } => ChatEvent::PassedOn {
            by: by.into(),
            group: group.map(SkillGroupId),
            staff: ids(staff),
        },
        EventDoc::GivenBack { by } => ChatEvent::GivenBack { by: by.into() },
        EventDoc::Ended { by } => ChatEvent::Ended {
            why: match by {
                Some(by) => ConversationEnd::By(by.asker()?),
                None => ConversationEnd::CustomerSilent,
            },
        },
        EventDoc::NobodyThere => ChatEvent::NobodyThere,
        EventDoc::Began { .. }
        | EventDoc::MessageSent { .. }
        | EventDoc::StreamOpened { .. }
        | EventDoc::ChunkAppended { .. }
        | EventDoc::StreamClosed { .. }
        | EventDoc::BotFailed { .. }
        | EventDoc::NoteWritten { .. }
        | EventDoc::RatingAsked
        | EventDoc::Rated { .. }
        | EventDoc::WordLeft { .. } => unreachable!("read by the caller"),
    })
}

impl From<Staffed> for StaffedDoc {
    fn from(staff: Staffed) -> Self {
        Self {
            id: staff.id.0,
            name: staff.name,
            mail: staff.mail,
        }
    }
}

impl From<StaffedDoc> for Staffed {
    fn from(doc: StaffedDoc) -> Self {
        Self {
            id: StaffId(doc.id),
            name: doc.name,
            mail: doc.mail,
        }
    }
}

impl From<Author> for PartyDoc {
    fn from(author: Author) -> Self {
        Self {
            who: author.kind().to_owned(),
            staff: match author {
                Author::Staff(staff) => Some(staff.into()),
                Author::Customer | Author::Bot | Author::Centre => None,
            },
        }
    }
}

impl From<Asker> for PartyDoc {
    fn from(asker: Asker) -> Self {
        Self {
            who: asker.kind().to_owned(),
            staff: match asker {
                Asker::Staff(staff) => Some(staff.into()),
                Asker::Customer | Asker::Bot | Asker::Api | Asker::Centre => None,
            },
        }
    }
}

impl PartyDoc {
    fn author(self) -> Result<Author, StoreError> {
        Ok(match (self.who.as_str(), self.staff) {
            ("customer", None) => Author::Customer,
            ("bot", None) => Author::Bot,
            ("centre", None) => Author::Centre,
            ("staff", Some(staff)) => Author::Staff(staff.into()),
            _ => return Err(unknown("author")),
        })
    }

    fn asker(self) -> Result<Asker, StoreError> {
        Ok(match (self.who.as_str(), self.staff) {
            ("customer", None) => Asker::Customer,
            ("bot", None) => Asker::Bot,
            ("api", None) => Asker::Api,
            ("centre", None) => Asker::Centre,
            ("staff", Some(staff)) => Asker::Staff(staff.into()),
            _ => return Err(unknown("asker")),
        })
    }
}

impl From<Content> for ContentDoc {
    fn from(content: Content) -> Self {
        Self {
            text: content.text,
            file: content.file.map(|file| file.0),
            elements: content.elements,
            custom_data: content.custom_data,
        }
    }
}

impl From<ContentDoc> for Content {
    fn from(doc: ContentDoc) -> Self {
        Self {
            text: doc.text,
            file: doc.file.map(ChatFileId),
            elements: doc.elements,
            custom_data: doc.custom_data,
        }
    }
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
