//! Nouns with verbs of their own: call rules, do-not-call lists, quotas, deliveries.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde::Serialize;
use serde_json::json;

use super::{
    remote::Remote,
    resource::{ListFlags, document, path_part},
};

/// What is done with call rules.
#[derive(Subcommand)]
pub enum RuleVerb {
    /// Show them.
    Show,
    /// Replace them.
    Set {
        /// The rules, JSON or YAML; `-` is standard input.
        #[arg(long)]
        file: PathBuf,
    },
}

/// Carries out a verb on call rules.
pub async fn rule(remote: &Remote, verb: RuleVerb) -> anyhow::Result<()> {
    let asked = match verb {
        RuleVerb::Show => remote.of_instance(Method::GET, "/call-rules"),
        RuleVerb::Set { file } => remote
            .of_instance(Method::PUT, "/call-rules")
            .json(&document(&file)?),
    };
    remote.print_one(&remote.answer(asked).await?);
    Ok(())
}

/// What is done with the do-not-call list.
#[derive(Subcommand)]
pub enum DncVerb {
    /// List numbers that are never dialled.
    List(ListFlags),
    /// Put numbers on the list.
    Add {
        /// Numbers with + and country code.
        #[arg(required = true)]
        numbers: Vec<String>,
    },
    /// Take a number off the list.
    #[command(alias = "delete")]
    Remove {
        /// The number.
        number: String,
    },
}

/// Carries out a verb on the do-not-call list.
pub async fn dnc(remote: &Remote, verb: DncVerb) -> anyhow::Result<()> {
    const LIST: &str = "/do-not-call";
    match verb {
        DncVerb::List(flags) => {
            let asked = remote.of_instance(Method::GET, LIST).query(&flags.query());
            remote.print_list(&remote.answer(asked).await?, &["number", "added_at"]);
        }
        DncVerb::Add { numbers } => {
            let asked = remote
                .of_instance(Method::POST, LIST)
                .json(&json!({"numbers": numbers}));
            remote.print_one(&remote.answer(asked).await?);
        }
        DncVerb::Remove { number } => {
            let path = format!("{LIST}/{}", path_part(&number));
            remote
                .answer(remote.of_instance(Method::DELETE, &path))
                .await?;
        }
    }
    Ok(())
}

/// What is done with a quota.
#[derive(Subcommand)]
pub enum QuotaVerb {
    /// Show the quota and what is used of it.
    Show,
    /// Grant a quota in place of the present one; usage starts again at zero.
    Set(QuotaFlags),
}

/// A grant; what is absent is unlimited.
#[derive(Args, Serialize)]
pub struct QuotaFlags {
    /// Minutes of calls.
    #[arg(long)]
    call_minutes: Option<i64>,
    /// Until when call minutes are good, RFC 3339.
    #[arg(long)]
    call_until: Option<String>,
    /// Minutes of calls with a voice agent.
    #[arg(long)]
    agent_minutes: Option<i64>,
    /// Until when voice-agent minutes are good, RFC 3339.
    #[arg(long)]
    agent_until: Option<String>,
    /// Voice-agent calls at once.
    #[arg(long)]
    agent_calls_max: Option<i64>,
}

/// Carries out a verb on a quota.
pub async fn quota(remote: &Remote, verb: QuotaVerb) -> anyhow::Result<()> {
    let asked = match verb {
        QuotaVerb::Show => remote.of_instance(Method::GET, "/quotas"),
        QuotaVerb::Set(flags) => remote.of_instance(Method::PUT, "/quotas").json(&flags),
    };
    remote.print_one(&remote.answer(asked).await?);
    Ok(())
}

/// What is done with deliveries.
#[derive(Subcommand)]
pub enum DeliveryVerb {
    /// List them, newest first.
    List(DeliveryFlags),
    /// Show one with every attempt.
    Show {
        /// Its id.
        id: i64,
    },
    /// Send one again.
    Replay {
        /// Its id.
        id: i64,
    },
}

/// Which deliveries.
#[derive(Args)]
pub struct DeliveryFlags {
    #[command(flatten)]
    part: ListFlags,
    /// due, delivered or exhausted.
    #[arg(long)]
    state: Option<String>,
    /// Only of this call.
    #[arg(long)]
    call: Option<String>,
    /// Only to this webhook endpoint.
    #[arg(long)]
    endpoint: Option<i64>,
}

/// Carries out a verb on deliveries.
pub async fn delivery(remote: &Remote, verb: DeliveryVerb) -> anyhow::Result<()> {
    match verb {
        DeliveryVerb::List(flags) => {
            let asked = remote
                .of_instance(Method::GET, "/deliveries")
                .query(&flags.part.query())
                .query(&[("state", &flags.state), ("call", &flags.call)])
                .query(&[("endpoint", flags.endpoint)]);
            let columns = [
                "id",
                "topic",
                "state",
                "n_attempts",
                "endpoint",
                "call",
                "created_at",
            ];
            remote.print_list(&remote.answer(asked).await?, &columns);
        }
        DeliveryVerb::Show { id } => {
            let asked = remote.of_instance(Method::GET, &format!("/deliveries/{id}"));
            remote.print_one(&remote.answer(asked).await?);
        }
        DeliveryVerb::Replay { id } => {
            let asked = remote.of_instance(Method::POST, &format!("/deliveries/{id}/replay"));
            remote.print_one(&remote.answer(asked).await?);
        }
    }
    Ok(())
}
