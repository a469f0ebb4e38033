//! Identifiers. Each is a type of its own, so that none can be passed for another.

use std::fmt;

macro_rules! numeric_id {
    ($( $(#[$doc:meta])* $Id:ident ),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Id(pub i64);

        impl fmt::Display for $Id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )* };
}

macro_rules! text_id {
    ($( $(#[$doc:meta])* $Id:ident ),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Id(pub String);

        impl $Id {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $Id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )* };
}

impl VoiceAgentId {
    /// The voice agent that the request of its only call brought along; no stored one has this id.
    pub const BROUGHT: Self = Self(0);
}

numeric_id! {
    /// A tenant: `SdkAppId` in Tencent's dialect. Ten digits from 1400000001 upwards.
    TenantId,
    /// A voice agent: `AIAgentId`. Unique in the installation.
    VoiceAgentId,
    /// An uploaded sound: `FileId`. Unique in the installation.
    SoundId,
    /// A trunk.
    TrunkId,
    /// A webhook endpoint.
    WebhookEndpointId,
    /// One event on its way to one webhook endpoint.
    DeliveryId,
    /// A token of the native dialect.
    ApiTokenId,
    /// A person who works with the centre.
    StaffId,
    /// Staff who take the same kind of work: `SkillGroupId`. Unique in the installation.
    SkillGroupId,
    /// One browser that a person is signed in with.
    SignInId,
    /// One stretch of service in a conversation: `Id` of a chat record.
    ChatRecordId,
    /// A language model that voice agents think with. Unique in the installation.
    LanguageModelId,
    /// A recognizer or speaker elsewhere. Unique in the installation.
    SpeechServiceId,
}

text_id! {
    /// A call: a UUID with dashes. `SessionId` in Tencent's dialect.
    CallId,
    /// A campaign: a UUID with dashes. `JobGroupId` in Alibaba's dialect.
    CampaignId,
    /// One person on a campaign's list: a UUID with dashes. `JobId` in Alibaba's dialect.
    ContactId,
    /// The public half of a credential: `SecretId` (`AKID…`).
    CredentialId,
    /// One track of one call: a UUID with dashes. `RecordId`.
    RecordingId,
    /// A conversation: a UUID with dashes, of the same kind as a call's. `SessionId`.
    ConversationId,
    /// One message of a conversation: `MsgKey`.
    MessageKey,
    /// A customer of a tenant who chats: `ClientUserId`. At most 128 characters, chosen by the
    /// tenant or drawn by us.
    CustomerId,
    /// A file in a conversation: a UUID with dashes.
    ChatFileId,
}
