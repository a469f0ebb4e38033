//! The port through which pushes get the wire format of a dialect.

use model::{
    Call, CallId, ChatRecord, Conversation, Customer, E164, Recording, TenantId, UnixMs, Variable,
    VoiceAgentId, WebhookTopic,
};

use crate::chat::{ChatTold, RoutingAnswer};

/// What is asked when somebody calls a number with a callback.
#[derive(Clone, Copy, Debug)]
pub struct CallInQuestion<'a> {
    /// The call that would be.
    pub call: &'a CallId,
    /// Whose number it is.
    pub tenant: TenantId,
    /// The voice agent that answers if nobody says otherwise.
    pub agent: Option<VoiceAgentId>,
    /// Who calls.
    pub caller: &'a E164,
    /// Whom.
    pub callee: &'a E164,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallInAnswer {
    /// This voice agent answers, with these variables.
    Agent(VoiceAgentId, Vec<Variable>),
    /// The call is not answered.
    HangUp,
}

/// Renders the bodies of pushes. The body is fixed when the event happens; retries send the
/// same bytes.
pub trait PushDialect: Send + Sync {
    /// The JSON body for `call`, and for `recording` where the topic is one track. `url` gives
    /// the signed address of a recording.
    fn body(
        &self,
        topic: WebhookTopic,
        call: &Call,
        recording: Option<&Recording>,
        url: &dyn Fn(&Recording) -> String,
    ) -> String;

    /// The query that is put behind the endpoint's address: `action=cdr&version=1`.
    fn query(&self, topic: WebhookTopic) -> String;

    /// The same where it names the tenant too: pushes that tell of conversations.
    fn query_of(&self, topic: WebhookTopic, tenant: TenantId) -> String {
        let _ = tenant;
        self.query(topic)
    }

    /// The body that tells of an event of a conversation; `None` for events that are not told.
    fn chat_event(&self, told: &ChatTold<'_>) -> Option<String> {
        let _ = told;
        None
    }

    /// The body that tells of a stretch of service that is over; `None` if that is not told.
    fn chat_record(
        &self,
        record: &ChatRecord,
        group_name: &str,
        customer: &Customer,
    ) -> Option<String> {
        let _ = (record, group_name, customer);
        None
    }

    /// The question whom a customer should get; `None` if the dialect has none.
    fn routing_question(&self, conversation: &Conversation, now: UnixMs) -> Option<String> {
        let _ = (conversation, now);
        None
    }

    /// Reads the answer to that question.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a fragment for people.
    fn routing_answer(&self, answer: &str) -> Result<RoutingAnswer, String> {
        let _ = answer;
        Ok(RoutingAnswer::default())
    }

    /// The question which voice agent answers a call; `None` if the dialect has none.
    fn call_in_question(&self, asked: &CallInQuestion<'_>) -> Option<String> {
        let _ = asked;
        None
    }

    /// Reads the answer to it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a fragment for people.
    fn call_in_answer(&self, answer: &str) -> Result<CallInAnswer, String> {
        Err(format!(
            "there is no question that {} bytes answer",
            answer.len()
        ))
    }
}
