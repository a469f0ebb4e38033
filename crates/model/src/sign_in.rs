//! Who is signed in, and what was done by whom.

use crate::{SignInId, StaffId, TenantId, UnixMs};

/// One browser that a person is signed in with. What the browser holds is not kept, only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Unique in the installation.
    pub id: SignInId,
    /// Who.
    pub staff: StaffId,
    /// What changes have to repeat, so that no other site can make them.
    pub csrf: String,
    /// What the browser calls itself, cut to 200 characters.
    pub browser: String,
    /// The address it signed in from.
    pub address: String,
    /// When.
    pub created_at: UnixMs,
    /// When it was last used, to the minute.
    pub seen_at: UnixMs,
    /// When it ends if it is not used until then.
    pub expires_at: UnixMs,
}

/// An entry of the audit log before it has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditDraft {
    /// When it happened.
    pub at: UnixMs,
    /// Whose things it was about; `None` is the whole installation.
    pub tenant: Option<TenantId>,
    /// Who did it.
    pub actor: AuditActor,
    /// The network address it came from; empty for what happened inside.
    pub address: String,
    /// What was done: a method and route, or an action of a cloud's dialect.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// How it ended: a status, an error code, or `interrupted`.
    pub outcome: String,
    /// What was there before, as JSON with secrets masked.
    pub before: Option<String>,
    /// What is there after, as JSON with secrets masked.
    pub after: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditActor {
    /// What kind of actor it is.
    pub kind: AuditActorKind,
    /// E-mail of a person, id and name of a token, id of a credential.
    pub name: String,
}

/// What kind of actor did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditActorKind {
    /// A person who was signed in.
    Staff,
    /// A bearer token.
    Token,
    /// A credential of a cloud's dialect.
    Credential,
    /// Whoever holds a signed address.
    Link,
    /// Somebody with a shell on the machine.
    Shell,
    /// Nobody who could be known.
    Stranger,
}

/// An entry of the audit log. It never changes; the next one's hash covers its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Place in the log, from 1 without gaps.
    pub n: i64,
    /// What is written.
    pub entry: AuditDraft,
    /// SHA-256 of the hash before and of this entry, lower-case hex.
    pub hash: String,
}

impl AuditActorKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Staff,
        Self::Token,
        Self::Credential,
        Self::Link,
        Self::Shell,
        Self::Stranger,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Token => "token",
            Self::Credential => "credential",
            Self::Link => "link",
            Self::Shell => "shell",
            Self::Stranger => "stranger",
        }
    }

    /// The kind with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("id", &self.id)
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}
