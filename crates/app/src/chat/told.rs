//! What a dialect is given to tell a tenant's server of a conversation.

use model::{ChatEvent, Conversation, SkillGroupId, UnixMs};

/// One event of a conversation, with what a receiver needs beside.
#[derive(Clone, Copy, Debug)]
pub struct ChatTold<'a> {
    /// The conversation after the event.
    pub conversation: &'a Conversation,
    /// When it happened.
    pub at: UnixMs,
    /// What.
    pub event: &'a ChatEvent,
    /// Of a message that grows no more: all of it.
    pub whole_text: Option<&'a str>,
}

/// Whom the tenant's server wants a customer to get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoutingAnswer {
    /// Somebody of this group.
    pub group: Option<SkillGroupId>,
    /// One of these, by the address that the clouds know staff by.
    pub mails: Vec<String>,
}
