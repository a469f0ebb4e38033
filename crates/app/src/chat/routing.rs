//! Asking the tenant's server whom a customer should get.
//!
//! The question is not a push: the customer waits for its answer. Two attempts with a deadline each;
//! after that the centre chooses by itself. The wish to be routed is part of the conversation, so
//! that a restart asks again.

use std::{sync::Arc, time::Duration};

use engine::chat::Input;
use model::{ConversationId, StaffId, TenantId, WebhookAuth, WebhookEndpoint, WebhookTopic};
use store::StoreError;

use super::{ChatFault, Chats, RoutingAnswer};

/// Longest wait for one answer.
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// Attempts.
const ATTEMPTS_MAX: u32 = 2;

/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// Characters of a fault that are kept.
const FAULT_MAX: usize = 300;

pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .timeout(ANSWER_MAX)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("Switchboard/", env!("CARGO_PKG_VERSION")))
        .build()
        .expect("these settings make a client")
}

impl Chats {
    /// Whether the tenant's server wants to be asked.
    pub(super) async fn is_routed(&self, tenant: TenantId) -> Result<bool, ChatFault> {
        Ok(self.router(tenant).await?.is_some())
    }

    async fn router(&self, tenant: TenantId) -> Result<Option<WebhookEndpoint>, StoreError> {
        let routers = self
            .store
            .webhook_endpoints_for(tenant, WebhookTopic::ChatRouting);
        Ok(routers.await?.into_iter().next())
    }

    /// Asks, and tells the conversation what came of it.
    pub(super) async fn route(self: Arc<Self>, tenant: TenantId, id: ConversationId) {
        let (group, staff, fault) = match self.ask_router(tenant, &id).await {
            Ok(answer) => {
                let staff = self.named(tenant, &answer.mails).await;
                (answer.group, staff, String::new())
            }
            Err(error) => {
                let fault: String = format!("{error:#}").chars().take(FAULT_MAX).collect();
                tracing::warn!(
                    fault,
                    "the tenant's server did not say whom a customer gets"
                );
                (None, Vec::new(), fault)
            }
        };
        let input = Input::Route {
            group,
            staff,
            fault,
        };
        match self.command(tenant, &id, input).await {
            // Refused: a person took it while the question was on its way.
            Ok(_) | Err(ChatFault::Refused(_)) => {}
            Err(error) => tracing::warn!(%error, "an answer about a customer is lost"),
        }
    }

    async fn ask_router(
        &self,
        tenant: TenantId,
        id: &ConversationId,
    ) -> anyhow::Result<RoutingAnswer> {
        let endpoint = self.router(tenant).await?;
        let endpoint = endpoint.ok_or_else(|| anyhow::anyhow!("there is no endpoint any more"))?;
        let conversation = self.store.conversation(tenant, id).await?;
        let body = self.push.routing_question(&conversation, self.now());
        let body = body.ok_or_else(|| anyhow::anyhow!("there is nothing to ask"))?;
        let mut last = anyhow::anyhow!("not asked");
        for _ in 0..ATTEMPTS_MAX {
            match self.post_question(&endpoint, &body).await {
                Ok(text) => {
                    return self
                        .push
                        .routing_answer(&text)
                        .map_err(|why| anyhow::anyhow!(why));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn post_question(
        &self,
        endpoint: &WebhookEndpoint,
        body: &str,
    ) -> anyhow::Result<String> {
        let mut url = reqwest::Url::parse(&endpoint.settings.url)?;
        let query = self
            .push
            .query_of(WebhookTopic::ChatRouting, endpoint.tenant);
        let query = match url.query() {
            Some(own) if !own.is_empty() => format!("{own}&{query}"),
            _ => query,
        };
        url.set_query(Some(&query));
        let request = self
            .http
            .post(url)
            .header(
                reqwest::header::CONTENT_TYPE,
                "application/json;charset=utf8",
            )
            .body(body.to_owned());
        let request = match &endpoint.settings.auth {
            WebhookAuth::None => request,
            WebhookAuth::Basic { user, password } => request.basic_auth(user, Some(password)),
            WebhookAuth::OAuth2 { .. } => anyhow::bail!("OAuth2 is for pushes only"),
        };
        let mut response = request.send().await?;
        let status = response.status();
        anyhow::ensure!(status.is_success(), "it answered {status}");
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            bytes.extend_from_slice(&chunk);
            anyhow::ensure!(bytes.len() <= ANSWER_BYTES_MAX, "its answer is too long");
        }
        Ok(String::from_utf8(bytes)?)
    }

    /// The staff with these addresses; addresses that nobody has are passed over.
    pub async fn named(&self, tenant: TenantId, mails: &[String]) -> Vec<StaffId> {
        let mut named = Vec::new();
        for mail in mails {
            match self.store.staff_by_email(tenant, mail).await {
                Ok(staff) => named.push(staff.id),
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => tracing::warn!(%error, "failed to look for staff by address"),
            }
        }
        named
    }
}
