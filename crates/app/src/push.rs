//! The port through which pushes get the wire format of a dialect.

use model::{Call, Recording, WebhookTopic};

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
}
