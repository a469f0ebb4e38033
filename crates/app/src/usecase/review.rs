//! Having a call looked at once more after its end: the agent may look for other things by now, or a
//! model may be there that was not.

use model::{CallId, Refusal, TenantId, VoiceAgentId};

use crate::{App, Fault};

impl App {
    /// Has a call reviewed again. What is found becomes an event of the call; the latest one counts.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call, one that goes on, one that nobody answered or that had no voice
    /// agent of the tenant's, and one that waits for a review already.
    pub async fn ask_review(&self, tenant: TenantId, id: &CallId) -> Result<(), Fault> {
        let call = self.store().call(tenant, id).await?;
        let why = match (call.ended_at, call.answered_at, call.voice_agent) {
            (None, _, _) => "the call goes on: it is reviewed when it has ended",
            (Some(_), None, _) => "nobody answered the call, so there is nothing to review",
            (Some(_), Some(_), None) => "no voice agent talked on the call",
            // Its keys and what it looks for were forgotten with the first review.
            (Some(_), Some(_), Some(VoiceAgentId::BROUGHT)) => {
                "the voice agent came with the request of the call and is forgotten"
            }
            (Some(_), Some(_), Some(_)) => {
                self.store().ask_review(&call, self.now()).await?;
                self.wake_reviews();
                return Ok(());
            }
        };
        let what = why.to_owned();
        Err(Refusal::Conflict { what }.into())
    }
}
