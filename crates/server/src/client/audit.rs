//! `audit`: who changed what.

use anyhow::bail;
use clap::Subcommand;
use reqwest::Method;

use super::{remote::Remote, resource::ListFlags};

/// What to do with the audit log.
#[derive(Subcommand)]
pub enum AuditVerb {
    /// List entries, newest first.
    List {
        #[command(flatten)]
        list: ListFlags,
        /// By this actor: an e-mail, a token's id and name, a credential's id.
        #[arg(long)]
        actor: Option<String>,
        /// About this subject.
        #[arg(long)]
        subject: Option<String>,
    },
    /// Check that no entry was altered or cut out; fails if one was.
    Verify,
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: AuditVerb) -> anyhow::Result<()> {
    const COLUMNS: &[&str] = &[
        "n", "at", "actor", "address", "action", "subject", "outcome",
    ];
    match verb {
        AuditVerb::List {
            list,
            actor,
            subject,
        } => {
            let asked = remote
                .of_instance(Method::GET, "/audit")
                .query(&list.query())
                .query(&actor.map(|actor| ("actor", actor)).as_slice())
                .query(&subject.map(|subject| ("subject", subject)).as_slice());
            remote.print_list(&remote.answer(asked).await?, COLUMNS);
        }
        AuditVerb::Verify => {
            let asked = remote.request(Method::GET, "/audit/verify");
            let verified = remote.answer(asked).await?;
            remote.print_one(&verified);
            if verified["whole"] != true {
                bail!("the audit log is not what was written");
            }
        }
    }
    Ok(())
}
