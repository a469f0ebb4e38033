//! Webhook endpoints and the deliveries on their way to them.

use crate::{CallId, DeliveryId, TenantId, UnixMs, WebhookEndpointId};

/// What an endpoint wants to hear of. The names are those of the clouds' pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebhookTopic {
    /// A CDR, once a call has ended. `action=cdr`.
    Cdr,
    /// A recorded track that can be fetched. `action=record`.
    Recording,
    /// A stretch of service in a conversation, once it is over. `action=imcdr`.
    ChatRecord,
    /// What happens in conversations. `CallbackCommand=Desk.SessionEventNotify`.
    ChatEvent,
    /// A question, not a push: whom a customer should get. `CallbackCommand=ChatBot.OnAssignHuman`.
    ChatRouting,
}

impl WebhookTopic {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::Cdr,
        Self::Recording,
        Self::ChatRecord,
        Self::ChatEvent,
        Self::ChatRouting,
    ];

    /// Stable name; of those that have one, the `action` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cdr => "cdr",
            Self::Recording => "record",
            Self::ChatRecord => "imcdr",
            Self::ChatEvent => "desk_event",
            Self::ChatRouting => "desk_assign",
        }
    }

    /// The topic with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// How we prove who we are to an endpoint.
#[derive(Clone, PartialEq, Eq)]
pub enum WebhookAuth {
    /// Not at all.
    None,
    /// RFC 7617.
    Basic {
        /// User name.
        user: String,
        /// Sealed at rest, never shown.
        password: String,
    },
    /// OAuth 2.0 client credentials (RFC 6749 4.4).
    OAuth2 {
        /// Where tokens come from.
        token_url: String,
        /// Client id.
        client_id: String,
        /// Sealed at rest, never shown.
        client_secret: String,
    },
}

impl std::fmt::Debug for WebhookAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Basic { .. } => "Basic",
            Self::OAuth2 { .. } => "OAuth2",
        })
    }
}

/// What an operator writes down of a webhook endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookEndpointDraft {
    /// `http` or `https`, without a query of its own for `action` and `version`.
    pub url: String,
    /// What it wants to hear of; not empty.
    pub topics: Vec<WebhookTopic>,
    /// Who we are.
    pub auth: WebhookAuth,
    /// Key of the optional signature header; sealed at rest, never shown.
    pub signing_secret: Option<String>,
    /// Off endpoints get nothing.
    pub enabled: bool,
    /// Whether its addresses may lead to this machine or into a private network: only where an
    /// operator named them.
    pub reaches_private: bool,
}

impl std::fmt::Debug for WebhookEndpointDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookEndpointDraft")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// A receiver of a tenant's pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEndpoint {
    /// Unique in the installation.
    pub id: WebhookEndpointId,
    /// Its owner.
    pub tenant: TenantId,
    /// Its settings.
    pub settings: WebhookEndpointDraft,
    /// When it was created.
    pub created_at: UnixMs,
}

/// Where a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be attempted at its due time.
    Due,
    /// The receiver took it.
    Delivered,
    /// Every attempt failed; it can be replayed.
    Exhausted,
}

impl DeliveryState {
    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Delivered => "delivered",
            Self::Exhausted => "exhausted",
        }
    }

    /// The state with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Due, Self::Delivered, Self::Exhausted]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// One event on its way to one webhook endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Unique in the installation.
    pub id: DeliveryId,
    /// Its receiver.
    pub endpoint: WebhookEndpointId,
    /// Its owner.
    pub tenant: TenantId,
    /// The call it tells of, or the conversation: their ids are of one kind and never the same.
    pub call: CallId,
    /// What it tells.
    pub topic: WebhookTopic,
    /// Same on every attempt: `X-TCCC-PUSH-UUID`.
    pub uuid: String,
    /// The bytes, fixed when the event happened.
    pub body: String,
    /// Where it is.
    pub state: DeliveryState,
    /// When the next attempt is due.
    pub due_at: UnixMs,
    /// Attempts so far of the current round; a replay starts a new round.
    pub n_attempts: i64,
    /// When the event happened.
    pub created_at: UnixMs,
}

/// One POST of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryAttempt {
    /// When it was sent.
    pub at: UnixMs,
    /// HTTP status, if one came.
    pub status: Option<u16>,
    /// What went wrong, or the receiver's answer, at most 500 characters.
    pub note: String,
    /// How long it took.
    pub took_ms: i64,
}
