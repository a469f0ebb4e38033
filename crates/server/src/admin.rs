//! `switchboard admin`: for whoever has a shell on the machine, a way in that needs no sign-in.
//!
//! Works on the database itself, beside a running server or without one. Every use stands in the
//! audit log.

use std::{process::ExitCode, time::SystemTime};

use anyhow::{Context, bail};
use api::native::administrator;
use app::sign_in::hashed;
use clap::{Args, Subcommand};
use model::{AuditActor, AuditActorKind, AuditDraft, Language, StaffDraft, TenantId, UnixMs};
use store::{Paging, Store};

use crate::{
    cli::{print, tell},
    client::secret_from_stdin,
    config::{self, Flags},
    setup_link::seal_key,
};

/// What is to be done.
#[derive(Args)]
pub struct AdminFlags {
    #[command(subcommand)]
    verb: AdminVerb,
}

/// What is to be done.
#[derive(Subcommand)]
enum AdminVerb {
    /// Add an administrator who may do everything, everywhere.
    Add(Who),
    /// Give somebody a new password and sign them out everywhere.
    Reset(Who),
}

#[derive(Args)]
struct Who {
    /// E-mail.
    email: String,
    /// Read the password from standard input; without it, one is made and printed.
    #[arg(long)]
    password_stdin: bool,
    /// The same as for `serve`.
    #[command(flatten)]
    flags: Flags,
}

/// Carries out the command.
pub async fn run(flags: Box<AdminFlags>) -> anyhow::Result<ExitCode> {
    let (AdminVerb::Add(who) | AdminVerb::Reset(who)) = &flags.verb;
    let resolved = config::load(&who.flags)?;
    let settings = resolved.settings(resolved.listen);
    let store = Store::open(settings.database.clone(), seal_key(&resolved)?)
        .await
        .context("failed to open the database")?;
    let done = match &flags.verb {
        AdminVerb::Add(_) => add(&store, who).await,
        AdminVerb::Reset(_) => reset(&store, who).await,
    };
    store.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn add(store: &Store, who: &Who) -> anyhow::Result<()> {
    let email = StaffDraft::normal_email(&who.email);
    let name: String = email.chars().take(64).collect();
    let draft = administrator(&email, &name, Language::English);
    if let Err(wrong) = draft.check() {
        bail!("{}: {}", wrong.field, wrong.why);
    }
    let tenants = store.tenants(Paging::first(1)).await?;
    let Some(tenant) = tenants.items.first() else {
        bail!("there is no instance yet: finish set-up first, by switchboard setup-link");
    };
    let (password, made) = password(who)?;
    let hash = hashed(&password).await?;
    store
        .create_staff(tenant.id, &draft, Some(&hash), now())
        .await
        .context("failed to add the administrator")?;
    note(store, tenant.id, "admin add", &email).await?;
    say(made, &password);
    Ok(())
}

async fn reset(store: &Store, who: &Who) -> anyhow::Result<()> {
    let email = StaffDraft::normal_email(&who.email);
    let filter = store::StaffFilter {
        emails: vec![email.clone()],
        ..store::StaffFilter::default()
    };
    let found = store.staff_list(&filter, Paging::first(200)).await?;
    if found.items.is_empty() {
        bail!("nobody has the e-mail {email}; to add an administrator: switchboard admin add");
    }
    let (password, made) = password(who)?;
    let hash = hashed(&password).await?;
    for staff in found.items {
        store.set_staff_password(staff.id, &hash).await?;
        note(store, staff.tenant, "admin reset", &email).await?;
    }
    say(made, &password);
    Ok(())
}

/// The password, and whether it was made here.
fn password(who: &Who) -> anyhow::Result<(String, bool)> {
    if !who.password_stdin {
        return Ok((hex::encode(rand::random::<[u8; 10]>()), true));
    }
    let password = secret_from_stdin()?;
    match model::check_password(&password) {
        Ok(()) => Ok((password, false)),
        Err(wrong) => bail!("the password {}", wrong.why),
    }
}

fn say(made: bool, password: &str) {
    if made {
        tell("The password is shown once; it can be changed in the console.");
        print(password);
    }
}

async fn note(store: &Store, tenant: TenantId, action: &str, email: &str) -> anyhow::Result<()> {
    let entry = AuditDraft {
        at: now(),
        tenant: Some(tenant),
        actor: AuditActor {
            kind: AuditActorKind::Shell,
            name: std::env::var("USER").unwrap_or_default(),
        },
        address: String::new(),
        action: action.to_owned(),
        subject: format!("staff {email}"),
        outcome: "done".to_owned(),
        before: None,
        after: None,
    };
    store.audit(&entry).await?;
    Ok(())
}

fn now() -> UnixMs {
    UnixMs::from(SystemTime::now())
}
