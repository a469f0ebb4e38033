//! What is looked up before a call that came in is answered: in one statement, as the way to the
//! database costs more than what is read there.

use model::{CustomerId, E164, Quota, QuotaUsage, TenantId, VoiceAgent, VoiceAgentId};

use crate::{
    Store, StoreError,
    quotas::quota_of,
    statement::{Columns as _, sql},
    voice_agents::voice_agent_of,
};

/// What is known before a call is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answering {
    /// Who is to answer; `None` where the tenant has none with this id, or nobody was named.
    pub voice_agent: Option<VoiceAgent>,
    /// What the tenant was granted; unlimited if nothing was.
    pub quota: Quota,
    /// What is used of it.
    pub usage: QuotaUsage,
    /// Whose number the caller's is.
    pub customer: Option<CustomerId>,
}

impl Store {
    /// A tenant's quota, the voice agent that is to answer, and the customer whose number calls.
    pub async fn answering(
        &self,
        tenant: TenantId,
        voice_agent: Option<VoiceAgentId>,
        caller: &E164,
    ) -> Result<Answering, StoreError> {
        let row = sql(
            "SELECT a.id, a.tenant, a.name, a.definition, a.variable_names, a.version, \
             a.created_at, a.updated_at, q.call_minutes, q.call_until, q.agent_minutes, \
             q.agent_until, q.agent_calls_max, q.used_call_minutes, q.used_agent_minutes, \
             c.customer FROM (SELECT 1 AS one) asked \
             LEFT JOIN voice_agent a ON a.id = $1 AND a.tenant = $2 \
             LEFT JOIN quota q ON q.tenant = $2 \
             LEFT JOIN customer_number c ON c.tenant = $2 AND c.number = $3",
        )
        .bind(voice_agent.map(|id| id.0))
        .bind(tenant.0)
        .bind(caller.digits())
        .found(&mut *self.reader().await?, "tenant")
        .await?;
        let (quota, usage) = quota_of(&row)?;
        let voice_agent = match row.int_or_null("id")? {
            Some(_) => Some(voice_agent_of(&row)?),
            None => None,
        };
        Ok(Answering {
            voice_agent,
            quota,
            usage,
            customer: row.text_or_null("customer")?.map(CustomerId),
        })
    }
}
