//! Who may call which API.

use crate::{ApiTokenId, CredentialId, TenantId, UnixMs};

/// A key pair for the clouds' signed dialects.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The public half.
    pub id: CredentialId,
    /// The signing key; sealed at rest, shown once.
    pub secret: String,
    /// What it may do.
    pub scope: CredentialScope,
    /// Off keys are refused as if they were unknown.
    pub enabled: bool,
    /// When it was created.
    pub created_at: UnixMs,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The tenants and actions a credential is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialScope {
    /// Tenants it may act for; empty means none.
    pub tenants: Vec<TenantId>,
    /// Actions it may call.
    pub actions: ActionScope,
}

/// Which actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionScope {
    /// Every action.
    All,
    /// Only these names, spelled as on the wire.
    Only(Vec<String>),
}

impl CredentialScope {
    /// Whether `action` on `tenant` is allowed.
    pub fn allows(&self, tenant: TenantId, action: &str) -> bool {
        let named = match &self.actions {
            ActionScope::All => true,
            ActionScope::Only(names) => names.iter().any(|name| name == action),
        };
        named && self.tenants.contains(&tenant)
    }
}

/// A bearer token of the native dialect. Only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Unique in the installation.
    pub id: ApiTokenId,
    /// What it is for, written by its owner.
    pub name: String,
    /// SHA-256 of the token, lower-case hex.
    pub sha256: String,
    /// Limited to one tenant; `None` is an operator of the whole installation.
    pub tenant: Option<TenantId>,
    /// When it was created.
    pub created_at: UnixMs,
}
