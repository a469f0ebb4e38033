//! The audit log, for reading. It is written by [`super::trail`] and by the clouds' dialects.

use axum::{Json, extract::State};
use model::{AuditEntry, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::AuditFilter;

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Text, Time},
    page::{Limit, NoAsk, Offset, PageView, paging},
    problem::Problem,
    read::Ask,
    table::{Row, get},
};

/// Which entries.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditAsk {
    /// About things of this instance; all that the caller may see if absent.
    instance: Option<Instance>,
    /// By this actor: an e-mail, a token's id and name, a credential's id.
    actor: Option<Text<1, 128>>,
    /// About this subject, such as a path.
    subject: Option<Text<1, 256>>,
    /// At this time or later.
    from: Option<Time>,
    /// Before this time.
    to: Option<Time>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// An entry of the audit log.
#[derive(Serialize, JsonSchema)]
pub(super) struct AuditView {
    /// Place in the log, from 1 without gaps.
    n: i64,
    /// When it happened.
    at: Time,
    /// Whose things it was about; null is the whole installation.
    instance: Option<i64>,
    /// `staff`, `token`, `credential`, `link`, `shell` or `stranger`.
    actor_kind: &'static str,
    /// E-mail of a person, id and name of a token, id of a credential.
    actor: String,
    /// The network address it came from.
    address: String,
    /// A method and route, or an action of a cloud's dialect.
    action: String,
    /// What it was done to.
    subject: String,
    /// A status, an error code, or `interrupted`: a crash cut it off.
    outcome: String,
    /// What was there before; secrets are masked. A text if it was too long for the log.
    before: Option<Value>,
    /// What is there after; secrets are masked. A text if it was too long for the log.
    after: Option<Value>,
    /// SHA-256 over the hash before and this entry.
    hash: String,
}

/// Whether the log is what was written.
#[derive(Serialize, JsonSchema)]
pub(super) struct VerifiedView {
    /// Whether every entry is there and as it was written.
    whole: bool,
    /// Entries that are good, from the first on.
    entries: i64,
    /// Hash of the newest entry: keep it elsewhere to notice if entries are cut off at the end.
    hash: Option<String>,
    /// What is wrong behind them.
    problem: Option<&'static str>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/api/v1/audit", "List who changed what, newest first", list)
            .needs(Permission::ReadAudit)
            .asks::<AuditAsk>()
            .gives::<PageView<AuditView>>(),
        get(
            "/api/v1/audit/verify",
            "Check that no entry of the audit log was altered or cut out",
            verify,
        )
        .operator()
        .needs(Permission::ReadAudit)
        .asks::<NoAsk>()
        .gives::<VerifiedView>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<AuditAsk>,
) -> Result<Json<PageView<AuditView>>, Problem> {
    let tenant = match ask.instance {
        Some(instance) => Some(native.tenant(caller, Some(instance)).await?),
        None => caller.limit(),
    };
    let filter = AuditFilter {
        tenant,
        actor: ask.actor.map(|text| text.0),
        subject: ask.subject.map(|text| text.0),
        from: ask.from.map(|time| time.0),
        to: ask.to.map(|time| time.0),
    };
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().audit_entries(&filter, paging).await?;
    Ok(Json(PageView::of(page, AuditView::from)))
}

async fn verify(
    State(native): State<Native>,
    Ask(NoAsk {}): Ask<NoAsk>,
) -> Result<Json<VerifiedView>, Problem> {
    let view = match native.store().verify_audit().await? {
        Ok((entries, hash)) => VerifiedView {
            whole: true,
            entries,
            hash: Some(hash),
            problem: None,
        },
        Err(found) => VerifiedView {
            whole: false,
            entries: found.n - 1,
            hash: None,
            problem: Some(found.why),
        },
    };
    Ok(Json(view))
}

impl From<AuditEntry> for AuditView {
    fn from(written: AuditEntry) -> Self {
        let AuditEntry { n, entry, hash } = written;
        let value = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self {
            n,
            at: Time(entry.at),
            instance: entry.tenant.map(|tenant| tenant.0),
            actor_kind: entry.actor.kind.name(),
            actor: entry.actor.name,
            address: entry.address,
            action: entry.action,
            subject: entry.subject,
            outcome: entry.outcome,
            before: entry.before.map(value),
            after: entry.after.map(value),
            hash,
        }
    }
}
