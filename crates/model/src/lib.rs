//! The nouns of a contact centre, free of any wire format, database or clock.
//!
//! Everything here is plain data. What may happen to it is decided in `engine`, kept in `store`
//! and spoken in the dialects. There is no serde: each edge owns its wire format.

mod agent;
mod call;
mod campaign;
mod chat;
mod chat_event;
mod chat_settings;
mod command;
mod credential;
mod encryption;
mod end_cause;
mod event;
mod extension;
mod id;
mod instruction;
mod key_presses;
mod media_timeout;
mod number;
mod number_settings;
mod party;
mod phone_rules;
mod queue;
mod quota;
mod recording;
mod referral;
mod refusal;
mod review;
mod role;
mod rules;
mod serving;
mod sign_in;
mod skill_group;
mod sound;
mod staff;
mod tenant;
mod thought;
mod time;
mod transcript;
mod trunk;
mod webhook;

pub use agent::{VoiceAgent, VoiceAgentDraft};
pub use call::{Call, CallFilter, CallState, Direction, Participant, ParticipantKind};
pub use campaign::{
    Campaign, CampaignDraft, CampaignEvent, CampaignHappening, CampaignProgress, CampaignState,
    Contact, ContactDraft, ContactFailure, ContactState, Days, DialAttempt, Disposition, Hours,
    Pacing, RetryRules, RetryTag, Schedule,
};
pub use chat::{
    Author, ChatChannel, ChatFile, ChatMessage, ChatRecord, Content, Conversation,
    ConversationFilter, ConversationState, Customer, ServiceEnd, Staffed,
};
pub use chat_event::{Asker, ChatEvent, ConversationEnd, StampedChat, StreamEnd};
pub use chat_settings::{CannedAnswer, ChatLimits, ChatSettings};
pub use command::{Belongs, PlaceVoiceAgentCall, PlaySound, Variable};
pub use credential::{ActionScope, ApiToken, Credential, CredentialScope};
pub use encryption::MediaEncryption;
pub use end_cause::{EndCause, HungUpSide};
pub use event::{Answerer, CallEvent, LegQuality, Occasion, Stamped, TurnLatency};
pub use extension::{Extension, ExtensionDraft, PhoneContact, PhoneTransport};
pub use id::{
    ApiTokenId, CallId, CampaignId, ChatFileId, ChatRecordId, ContactId, ConversationId,
    CredentialId, CustomerId, DeliveryId, LanguageModelId, MessageKey, RecordingId, SignInId,
    SkillGroupId, SoundId, SpeechServiceId, StaffId, TenantId, TrunkId, VoiceAgentId,
    WebhookEndpointId,
};
pub use instruction::{Instruction, InstructionKind, InstructionOutcome};
pub use key_presses::KeyPresses;
pub use media_timeout::MediaTimeout;
pub use number::{E164, NotE164};
pub use number_settings::{CalleeFormat, NumberApplication, NumberLine, NumberSettings, OwnNumber};
pub use party::{ListenMode, Party, PartyEvent, PartyId, PartyRole};
pub use phone_rules::{PhoneForwarding, PhoneRules};
pub use queue::{Overflow, QueueRules};
pub use quota::{Quota, QuotaUsage};
pub use recording::{Gap, GapCause, Recording, Track};
pub use referral::Referral;
pub use refusal::{CallRuleKind, Refusal};
pub use review::{Finding, FindingValue, Review, ReviewItem, ReviewKind};
pub use role::{Permission, Role};
pub use rules::{CallRules, CallsPer, DayTime, NotDayTime, Weekday, WorkingHours};
pub use serving::{NextAgent, Server, ServerKind, Serving, ServingEnd, TransferFailure};
pub use sign_in::{AuditActor, AuditActorKind, AuditDraft, AuditEntry, SignIn};
pub use skill_group::{SkillGroup, SkillGroupDraft, SkillGroupKind};
pub use sound::{Sound, SoundDraft};
pub use staff::{
    Forwarding, ForwardingTarget, Language, Membership, MobileAccept, PASSWORD_CHARS, Presence,
    Reserved, Staff, StaffDraft, StaffStatus, StatusChange, WrongField, check_password,
};
pub use tenant::Tenant;
pub use thought::{Thought, ThoughtKind, ThoughtOutcome};
pub use time::UnixMs;
pub use transcript::{Sentence, Transcript, WordsState};
pub use trunk::{
    CallerIdentity, PrefixRule, SipTransport, Trunk, TrunkCodec, TrunkDraft, TrunkNumber,
    TrunkSignalling, TrunkTransfers, TrunkWay,
};
pub use webhook::{
    Delivery, DeliveryAttempt, DeliveryState, WebhookAuth, WebhookEndpoint, WebhookEndpointDraft,
    WebhookTopic,
};
