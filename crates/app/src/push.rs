//! The port through which pushes get the wire format of a dialect.

use model::{Call, ChatRecord, Conversation, Customer, Recording, TenantId, UnixMs, WebhookTopic};

use crate::chat::{ChatTold, RoutingAnswer};

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
}
