//! Sends what is due to webhook endpoints.
//!
//! Claims due deliveries, POSTs each with a deadline, and stores what came of it. Which attempt is
//! the last is decided by [`engine::webhook::Delivery`].
//!
//! Of what a receiver answers only its status and its `ErrMsg` are kept: who may name receivers
//! must not read with them what stands on other addresses. Nor may they reach into the operator's
//! network: see [`reach`].

mod places;
mod reach;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use engine::webhook::{Answer, Delivery as Machine};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::{
    DeliveryAttempt, DeliveryState, UnixMs, WebhookAuth, WebhookEndpoint, WebhookEndpointId,
};
use reqwest::header;
use sha2::Sha256;
use store::{Claim, NextAttempt};

use self::places::{Place, Places};
use crate::App;
pub(in crate::shell) use reach::Outside;

/// Longest time for one POST. The vendor's is not published.
const ATTEMPT_MAX: Duration = Duration::from_secs(10);

/// A claim is another's to take after this, should this process die meanwhile.
const LEASE: Duration = Duration::from_secs(60);

/// Attempts begin no later than this after their claim: two POSTs, one of them for a token, end
/// within the lease.
const BEGIN_WITHIN: Duration = Duration::from_secs(35);

/// Deliveries that are claimed at a time.
const CLAIMED_AT_ONCE: u32 = 32;

/// Longest wait without looking: another process may have stored something.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read.
const ANSWER_MAX: usize = 16 * 1024;

/// Characters of a receiver's `ErrMsg` or of a fault that are kept.
const NOTE_MAX: usize = 500;

/// Kept from an OAuth2 token's life, so that it is not used when it expires on the way.
const TOKEN_MARGIN: Duration = Duration::from_secs(30);

/// OAuth2 tokens by endpoint, with their end.
#[derive(Default)]
struct Tokens(Mutex<HashMap<WebhookEndpointId, (String, Instant)>>);

struct Sender {
    app: Arc<App>,
    reach: Outside,
    tokens: Tokens,
}

/// What one POST came to.
struct Outcome {
    answer: Answer,
    status: Option<u16>,
    note: String,
}

/// Sends until the process ends.
pub async fn run(app: Arc<App>) {
    let reach = Outside::new(app.settings().fetch_private, ATTEMPT_MAX);
    let sender = Arc::new(Sender {
        app,
        reach,
        tokens: Tokens::default(),
    });
    let places = Places::default();
    loop {
        let app = &sender.app;
        let due = app.store().claim_due(app.now(), CLAIMED_AT_ONCE, LEASE);
        let claims = match due.await {
            Ok(claims) => claims,
            Err(error) => {
                tracing::warn!(%error, "failed to look for due pushes");
                Vec::new()
            }
        };
        if claims.is_empty() {
            sender.wait().await;
            continue;
        }
        for claim in claims {
            // Without a place it waits for the end of its lease, and others go on.
            if let Some(place) = places.enter(claim.delivery.endpoint) {
                tokio::spawn(Arc::clone(&sender).attempt_in_turn(claim, place));
            }
        }
    }
}

impl Sender {
    async fn wait(&self) {
        let due = match self.app.store().next_due().await {
            Ok(Some(due)) => due.since(self.app.now()).max(Duration::from_millis(20)),
            Ok(None) => LOOK_EVERY,
            Err(_) => Duration::from_secs(1),
        };
        tokio::select! {
            () = tokio::time::sleep(due.min(LOOK_EVERY)) => {}
            () = self.app.webhooks_woken() => {}
        }
    }

    async fn attempt_in_turn(self: Arc<Self>, claim: Claim, place: Place) {
        let began = Instant::now();
        let turn = place.turn().await;
        // Later the lease could end during the attempt, and it would be sent twice.
        if began.elapsed() <= BEGIN_WITHIN {
            self.attempt(claim).await;
        }
        drop(turn);
        // The next push of the same call may be due behind this one.
        self.app.wake_webhooks();
    }

    async fn attempt(&self, claim: Claim) {
        let delivery = &claim.delivery;
        let (at, began) = (self.app.now(), Instant::now());
        let outcome = match self
            .app
            .store()
            .webhook_endpoint_any(delivery.endpoint)
            .await
        {
            Ok(endpoint) => self.post(&endpoint, &claim).await,
            Err(error) => Outcome::failed(&format!("endpoint: {error}")),
        };
        let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let attempt = DeliveryAttempt {
            at,
            status: outcome.status,
            note: outcome.note,
            took_ms,
        };
        let next = next_attempt(&claim, outcome.answer, self.app.now());
        tracing::info!(
            delivery = delivery.id.0,
            topic = delivery.topic.name(),
            status = attempt.status,
            took_ms,
            ?next,
            "push attempted"
        );
        if let Err(error) = self.app.store().settle(&claim, &attempt, next).await {
            // The lease ends, and the push is sent again under the same id.
            tracing::warn!(%error, "failed to store what came of a push");
        }
    }

    async fn post(&self, endpoint: &WebhookEndpoint, claim: &Claim) -> Outcome {
        match self.try_post(endpoint, claim).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::failed(&format!("{error:#}")),
        }
    }

    async fn try_post(&self, endpoint: &WebhookEndpoint, claim: &Claim) -> anyhow::Result<Outcome> {
        let delivery = &claim.delivery;
        let settings = &endpoint.settings;
        let mut url = reqwest::Url::parse(&settings.url)?;
        let query = self
            .app
            .push_dialect()
            .query_of(delivery.topic, delivery.tenant);
        let query = match url.query() {
            Some(own) if !own.is_empty() => format!("{own}&{query}"),
            _ => query,
        };
        url.set_query(Some(&query));
        let mut request = self
            .reach
            .client(endpoint.settings.reaches_private, &url)?
            .post(url)
            .header(header::CONTENT_TYPE, "application/json;charset=utf8")
            .header("X-TCCC-PUSH-UUID", &delivery.uuid)
            .body(delivery.body.clone());
        request = match &settings.auth {
            WebhookAuth::None => request,
            WebhookAuth::Basic { user, password } => request.basic_auth(user, Some(password)),
            WebhookAuth::OAuth2 { .. } => request.bearer_auth(self.token(endpoint).await?),
        };
        if let Some(secret) = &settings.signing_secret {
            request = request.header(
                "X-Switchboard-Signature",
                signature(secret, &delivery.body, self.app.now()),
            );
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        if status == 401 {
            self.tokens.forget(endpoint.id);
        }
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let text = read_bounded(response).await?;
        let answer = Answer::read(status, error_code(&text), retry_after);
        Ok(Outcome {
            answer,
            status: Some(status),
            note: note(&text),
        })
    }

    /// A token by client credentials (RFC 6749 section 4.4), fetched once in its life.
    async fn token(&self, endpoint: &WebhookEndpoint) -> anyhow::Result<String> {
        let WebhookAuth::OAuth2 {
            token_url,
            client_id,
            client_secret,
        } = &endpoint.settings.auth
        else {
            anyhow::bail!("endpoint has no OAuth2 settings");
        };
        if let Some(token) = self.tokens.good(endpoint.id) {
            return Ok(token);
        }
        let form = [("grant_type", "client_credentials")];
        let url = reqwest::Url::parse(token_url)?;
        let request = self
            .reach
            .client(endpoint.settings.reaches_private, &url)?
            .post(url)
            .basic_auth(client_id, Some(client_secret))
            .form(&form);
        let response = request.send().await?;
        let status = response.status();
        let text = read_bounded(response).await?;
        anyhow::ensure!(status.is_success(), "token endpoint answered {status}");
        let answer: serde_json::Value = serde_json::from_str(&text)?;
        let token = answer["access_token"]
            .as_str()
            .ok_or_else(|| anyhow::anyhow!("token endpoint gave no access_token"))?;
        let life = Duration::from_secs(answer["expires_in"].as_u64().unwrap_or(300).min(86_400));
        self.tokens.keep(
            endpoint.id,
            token,
            Instant::now() + life.saturating_sub(TOKEN_MARGIN),
        );
        Ok(token.to_owned())
    }
}

impl Tokens {
    fn good(&self, endpoint: WebhookEndpointId) -> Option<String> {
        let tokens = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock");
        let (token, until) = tokens.get(&endpoint)?;
        (Instant::now() < *until).then(|| token.clone())
    }

    fn keep(&self, endpoint: WebhookEndpointId, token: &str, until: Instant) {
        let mut tokens = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock");
        tokens.insert(endpoint, (token.to_owned(), until));
    }

    fn forget(&self, endpoint: WebhookEndpointId) {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
            .remove(&endpoint);
    }
}

impl Outcome {
    fn failed(note: &str) -> Self {
        Self {
            answer: Answer::Failed { retry_after: None },
            status: None,
            note: cut(note),
        }
    }
}

fn next_attempt(claim: &Claim, answer: Answer, now: UnixMs) -> NextAttempt {
    let mut machine = Machine::resume(claim.delivery.n_attempts, claim.delivery.due_at);
    machine.attempted(answer, now);
    match machine.state() {
        DeliveryState::Due => NextAttempt::Due(machine.due_at()),
        DeliveryState::Delivered => NextAttempt::Delivered,
        DeliveryState::Exhausted => NextAttempt::Exhausted,
    }
}

/// `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`: a receiver refuses old or altered pushes.
fn signature(secret: &str, body: &str, now: UnixMs) -> String {
    let at = now.seconds();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes any key length");
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// `ErrCode` of the receiver's answer, as a number or as text; callbacks of chats call it
/// `ErrorCode`.
fn error_code(text: &str) -> Option<i64> {
    let answer: serde_json::Value = serde_json::from_str(text).ok()?;
    let number = |code: &serde_json::Value| code.as_i64().or_else(|| code.as_str()?.parse().ok());
    number(&answer["ErrCode"]).or_else(|| number(&answer["ErrorCode"]))
}

/// What is kept of an answer: its `ErrMsg`, if it is JSON that has one.
fn note(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|answer| {
            let said = answer["ErrMsg"].as_str().or(answer["ErrorInfo"].as_str());
            said.map(cut)
        })
        .unwrap_or_default()
}

/// The answer's text, cut at [`ANSWER_MAX`].
pub(in crate::shell) async fn read_bounded(
    mut response: reqwest::Response,
) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = ANSWER_MAX - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if bytes.len() == ANSWER_MAX {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cut(text: &str) -> String {
    text.chars().take(NOTE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_receivers_word_may_be_a_number_or_a_text() {
        assert_eq!(error_code(r#"{"ErrCode":0,"ErrMsg":""}"#), Some(0));
        assert_eq!(error_code(r#"{"ErrCode":"7"}"#), Some(7));
        assert_eq!(
            error_code(r#"{"ActionStatus":"FAIL","ErrorCode":3}"#),
            Some(3)
        );
        assert_eq!(error_code("OK"), None);
        assert_eq!(error_code("{}"), None);
    }

    #[test]
    fn nothing_but_the_receivers_message_is_kept() {
        assert_eq!(note(r#"{"ErrCode":7,"ErrMsg":"full","Key":"k"}"#), "full");
        let long = format!(r#"{{"ErrMsg":"{}"}}"#, "x".repeat(NOTE_MAX + 1));
        assert_eq!(note(&long).len(), NOTE_MAX);
        for other in [
            "<html>intranet</html>",
            r#"{"Key":"k"}"#,
            r#""text""#,
            "[]",
            "",
        ] {
            assert_eq!(note(other), "", "{other}");
        }
    }

    #[test]
    fn the_signature_covers_time_and_body() {
        let at = UnixMs(1_700_000_000_000);
        let one = signature("key", "{}", at);
        assert!(one.starts_with("t=1700000000,v1="));
        assert_ne!(one, signature("key", "{ }", at));
        assert_ne!(one, signature("other", "{}", at));
    }
}
