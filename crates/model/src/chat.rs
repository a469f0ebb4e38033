//! Conversations by text: who writes to whom, what was written, and where a conversation is.

use crate::{
    ChatFileId, ChatRecordId, ConversationId, CustomerId, MessageKey, SkillGroupId, StaffId,
    TenantId, UnixMs, VoiceAgentId,
};

/// Where a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConversationState {
    /// A bot answers: ours, or the tenant's own server through the API. `Chatbot`.
    Bot,
    /// The customer waits for a person. `Queueing`.
    Queued,
    /// A person is asked to take it. `WaitingForAgentAnswering`.
    Offered,
    /// A person has it. `Agent`.
    Staffed,
    /// It is over. `NotInSession`.
    Ended,
}

impl ConversationState {
    /// All, in the order in which a conversation usually meets them.
    pub const ALL: [Self; 5] = [
        Self::Bot,
        Self::Queued,
        Self::Offered,
        Self::Staffed,
        Self::Ended,
    ];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Queued => "queued",
            Self::Offered => "offered",
            Self::Staffed => "staffed",
            Self::Ended => "ended",
        }
    }

    /// The state with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How the customer reaches us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatChannel {
    /// Our widget on a page. `Web(H5)`.
    Web,
    /// The tenant's own application. `SDK`.
    App,
}

impl ChatChannel {
    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::App => "app",
        }
    }

    /// The channel with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Web, Self::App]
            .into_iter()
            .find(|channel| channel.name() == name)
    }
}

/// A person of the tenant's staff, with the name that the customer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffed {
    /// Who.
    pub id: StaffId,
    /// As it is shown; the name of that time.
    pub name: String,
    /// The address that the clouds know a staff member by.
    pub mail: String,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The customer.
    Customer,
    /// A bot: ours, or the tenant's own server.
    Bot,
    /// A person.
    Staff(Staffed),
    /// The centre itself: tips such as *nobody is there*.
    Centre,
}

impl Author {
    /// Stable lower-case name of the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::Staff(_) => "staff",
            Self::Centre => "centre",
        }
    }
}

/// A file that somebody sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatFile {
    /// Unique in the installation.
    pub id: ChatFileId,
    /// Its owner.
    pub tenant: TenantId,
    /// Where it was sent.
    pub conversation: ConversationId,
    /// As the sender called it; without a path.
    pub name: String,
    /// As it was found by its first bytes, not as the sender called it.
    pub media_type: String,
    /// Length in bytes.
    pub n_bytes: i64,
    /// Of its bytes, lower-case hex: the name on disk.
    pub sha256: String,
    /// When it came.
    pub at: UnixMs,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Plain text; of other kinds what a reader without them is shown.
    pub text: String,
    /// The file that it is.
    pub file: Option<ChatFileId>,
    /// The message as the cloud's API gave it: JSON of its `MsgBody`.
    pub elements: Option<String>,
    /// The sender's own data, passed on as they are: `CloudCustomData`.
    pub custom_data: String,
}

impl Content {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// A message as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatMessage {
    /// Unique in the installation.
    pub key: MessageKey,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Number of the event that began it.
    pub n: i64,
    /// When it was begun.
    pub at: UnixMs,
    /// Who wrote it.
    pub author: Author,
    /// What it says so far.
    pub content: Content,
    /// Only staff see it.
    pub is_private: bool,
    /// It is still growing.
    pub is_open: bool,
    /// It was cut before its end: a person took over, or its writer fell silent.
    pub is_cut: bool,
}

/// Somebody who chats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Unique in the tenant.
    pub id: CustomerId,
    /// The tenant.
    pub tenant: TenantId,
    /// As staff see it; may be empty.
    pub name: String,
    /// What the tenant's own server says of them: JSON or any text of `ClientData`; may be empty.
    pub client_data: String,
    /// The tenant's server has vouched for the id; otherwise it is only the same browser.
    pub is_verified: bool,
    /// When they came first.
    pub created_at: UnixMs,
}

/// A conversation: the fold of its events, as far as others search for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Unique in the installation.
    pub id: ConversationId,
    /// Its owner.
    pub tenant: TenantId,
    /// Who began it.
    pub customer: CustomerId,
    /// Their name at that time.
    pub customer_name: String,
    /// How they reach us.
    pub channel: ChatChannel,
    /// As a BCP 47 tag, as the browser gave it; may be empty.
    pub language: String,
    /// The page it was begun on; may be empty.
    pub page: String,
    /// The voice agent that answers while a bot does; the tenant's own server if absent.
    pub bot: Option<VoiceAgentId>,
    /// Where it is.
    pub state: ConversationState,
    /// Who has it, or is asked to take it; the last one once it has ended.
    pub staff: Option<Staffed>,
    /// The group that it waits for or came through.
    pub group: Option<SkillGroupId>,
    /// When it was begun.
    pub began_at: UnixMs,
    /// Since when the customer waits for a person, or when they began to the last time.
    pub queued_at: Option<UnixMs>,
    /// When a person was asked the last time.
    pub offered_at: Option<UnixMs>,
    /// When a person took it the last time.
    pub joined_at: Option<UnixMs>,
    /// When it ended.
    pub ended_at: Option<UnixMs>,
    /// The last message or change.
    pub touched_at: UnixMs,
    /// Beginning of the last message that the customer may see.
    pub last_text: String,
    /// Customer's messages since somebody else wrote the last time.
    pub n_unanswered: i64,
    /// The customer's opinion, 1 to 5.
    pub rating: Option<i64>,
    /// Events so far; the number of the last one.
    pub n_events: i64,
}

/// Which conversations to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Only in one of these states; all if empty.
    pub states: Vec<ConversationState>,
    /// Only of this staff member.
    pub staff: Option<StaffId>,
    /// Only of this customer.
    pub customer: Option<CustomerId>,
    /// Only begun then or later.
    pub from: Option<UnixMs>,
    /// Only begun before.
    pub to: Option<UnixMs>,
}

/// How one stretch of service ended, in the words of the clouds' records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceEnd {
    /// By us or with everybody's consent: 1.
    Normal,
    /// Something broke: 0.
    Broken,
    /// Nobody was online: 3.
    NobodyOnline,
    /// No one who was asked took it: 17.
    NotTaken,
    /// A person passed it on: 101.
    PassedOn,
    /// The customer left while a bot answered or while they waited: 102.
    LeftBeforePerson,
    /// The customer fell silent: 108.
    CustomerSilent,
    /// The customer ended it: 109.
    ByCustomer,
}

impl ServiceEnd {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Normal,
        Self::Broken,
        Self::NobodyOnline,
        Self::NotTaken,
        Self::PassedOn,
        Self::LeftBeforePerson,
        Self::CustomerSilent,
        Self::ByCustomer,
    ];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Broken => "broken",
            Self::NobodyOnline => "nobody_online",
            Self::NotTaken => "not_taken",
            Self::PassedOn => "passed_on",
            Self::LeftBeforePerson => "left_before_person",
            Self::CustomerSilent => "customer_silent",
            Self::ByCustomer => "by_customer",
        }
    }

    /// The end with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.name() == name)
    }
}

/// One stretch of service: from the beginning, or from when a person got it, until it was passed
/// on or ended. The clouds' chat record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatRecord {
    /// Unique in the installation.
    pub id: ChatRecordId,
    /// Its owner.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who was served.
    pub customer: CustomerId,
    /// Their name.
    pub customer_name: String,
    /// The person who served; nobody if a bot did alone.
    pub staff: Option<Staffed>,
    /// Through which group.
    pub group: Option<SkillGroupId>,
    /// When it began.
    pub began_at: UnixMs,
    /// When the customer began to wait.
    pub queued_at: Option<UnixMs>,
    /// When the person was asked.
    pub offered_at: Option<UnixMs>,
    /// When the person took it.
    pub joined_at: Option<UnixMs>,
    /// When it ended.
    pub ended_at: UnixMs,
    /// How.
    pub end: ServiceEnd,
    /// The customer's opinion, 1 to 5.
    pub rating: Option<i64>,
}
