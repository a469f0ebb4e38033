//! Who writes: a customer's token, in `Authorization` or, for a WebSocket, among its protocols.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{Conversation, ConversationId, CustomerId, TenantId};
use store::StoreError;

use crate::native::{
    context::Native,
    problem::{Kind, Problem},
    tokens::sha256_of_token,
};

/// The protocol that a WebSocket of this channel speaks. A browser's script cannot send headers
/// with a WebSocket, so that its token comes as a second protocol.
pub(super) const PROTOCOL: &str = "switchboard.chat.v1";

/// What every token begins with.
const PREFIX: &str = "swv_";

/// The longest token that is looked up at all, in bytes.
const TOKEN_BYTES_MAX: usize = 128;

/// A customer whose token is known.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub tenant: TenantId,
    pub customer: CustomerId,
}

/// A new token.
pub(super) fn fresh() -> String {
    let random = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    format!("{PREFIX}{random}")
}

impl Visitor {
    /// Whose token this is.
    pub(super) async fn of(native: &Native, token: &str) -> Result<Self, Problem> {
        let unknown = || Problem::new(Kind::Unauthorized, "the token is not known: start again");
        if !token.starts_with(PREFIX) || token.len() > TOKEN_BYTES_MAX {
            return Err(unknown());
        }
        match native.store().chat_token(&sha256_of_token(token)).await {
            Ok((tenant, customer)) => Ok(Self { tenant, customer }),
            Err(StoreError::NotFound { .. }) => Err(unknown()),
            Err(error) => Err(error.into()),
        }
    }

    /// One of the visitor's conversations.
    pub(super) async fn conversation(
        &self,
        native: &Native,
        id: String,
    ) -> Result<Conversation, Problem> {
        let id = ConversationId(id);
        let found = native.store().conversation(self.tenant, &id).await?;
        if found.customer != self.customer {
            return Err(Problem::not_found("conversation"));
        }
        Ok(found)
    }
}

impl FromRequestParts<Native> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, native: &Native) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).or_else(|| among_protocols(&parts.headers));
        let token = token.ok_or_else(|| {
            Problem::new(
                Kind::Unauthorized,
                "a token is needed: Authorization: Bearer swv_…",
            )
        })?;
        let visitor = Self::of(native, token).await?;
        let chats = native.app().chats();
        if !chats.allow_customer(visitor.tenant, visitor.customer.as_str()) {
            let detail = "too many requests a second";
            return Err(Problem::new(Kind::TooMany, detail).retry_after(1));
        }
        Ok(visitor)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = sent.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn among_protocols(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let mut protocols = sent.split(',').map(str::trim);
    protocols.find(|protocol| protocol.starts_with(PREFIX))
}
