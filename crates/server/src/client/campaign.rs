//! Campaigns.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    remote::Remote,
    resource::{ListFlags, SetFlags, document, path_part},
};

const CAMPAIGNS: &str = "/campaigns";

/// What is done with campaigns.
#[derive(Subcommand)]
pub enum CampaignVerb {
    /// List them, newest first.
    List(ListFlags),
    /// Show one and how far it is.
    Show {
        /// Its id.
        id: String,
    },
    /// Make one.
    #[command(alias = "create")]
    Add(NewCampaign),
    /// Change one.
    Set(SetFlags),
    /// Remove one with its contacts.
    #[command(alias = "delete")]
    Remove {
        /// Its id.
        id: String,
    },
    /// Pause one: nobody is dialled until it is resumed.
    Pause {
        /// Its id.
        id: String,
    },
    /// Let a paused one go on.
    Resume {
        /// Its id.
        id: String,
    },
    /// Take one off for good.
    Cancel {
        /// Its id.
        id: String,
    },
    /// Add contacts: numbers, or a document with a list of contacts.
    Call(NewContacts),
    /// List contacts.
    Contacts {
        /// The campaign.
        id: String,
        /// Only in this state: waiting, dialing, paused, reached, failed, canceled.
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        part: ListFlags,
    },
    /// List dial attempts, newest first.
    Attempts {
        /// The campaign.
        id: String,
        #[command(flatten)]
        part: ListFlags,
    },
}

/// A new campaign.
#[derive(Args)]
pub struct NewCampaign {
    /// Its name.
    name: String,
    /// Id of the voice agent that talks.
    #[arg(long)]
    agent: i64,
    /// Attempts at once [default: 10]
    #[arg(long)]
    at_once: Option<u32>,
    /// A document with further settings, JSON or YAML; `-` is standard input.
    #[arg(long)]
    file: Option<PathBuf>,
}

/// New contacts of a campaign.
#[derive(Args)]
pub struct NewContacts {
    /// The campaign.
    id: String,
    /// Numbers, each a contact.
    numbers: Vec<String>,
    /// A list of contacts, JSON or YAML; `-` is standard input.
    #[arg(long)]
    file: Option<PathBuf>,
}

/// Carries out a verb on campaigns.
pub async fn run(remote: &Remote, verb: CampaignVerb) -> anyhow::Result<()> {
    let one = |id: &str| format!("{CAMPAIGNS}/{}", path_part(id));
    match verb {
        CampaignVerb::List(flags) => {
            let asked = remote
                .of_instance(Method::GET, CAMPAIGNS)
                .query(&flags.query());
            let columns = [
                "id",
                "name",
                "state",
                "voice_agent",
                "progress",
                "created_at",
            ];
            remote.print_list(&remote.answer(asked).await?, &columns);
        }
        CampaignVerb::Show { id } => {
            remote.print_one(
                &remote
                    .answer(remote.of_instance(Method::GET, &one(&id)))
                    .await?,
            );
        }
        CampaignVerb::Add(new) => {
            let asked = remote
                .of_instance(Method::POST, CAMPAIGNS)
                .json(&new.body()?);
            remote.print_one(&remote.answer(asked).await?);
        }
        CampaignVerb::Set(set) => {
            let asked = remote
                .of_instance(Method::PATCH, &one(&set.id))
                .json(&set.body()?);
            remote.print_one(&remote.answer(asked).await?);
        }
        CampaignVerb::Remove { id } => {
            remote
                .answer(remote.of_instance(Method::DELETE, &one(&id)))
                .await?;
        }
        CampaignVerb::Pause { id } => steer(remote, &one(&id), "pause").await?,
        CampaignVerb::Resume { id } => steer(remote, &one(&id), "resume").await?,
        CampaignVerb::Cancel { id } => steer(remote, &one(&id), "cancel").await?,
        CampaignVerb::Call(new) => {
            let path = format!("{}/contacts", one(&new.id));
            let asked = remote.of_instance(Method::POST, &path).json(&new.body()?);
            remote.print_list(&remote.answer(asked).await?, &["id", "is_new"]);
        }
        CampaignVerb::Contacts { id, state, part } => {
            let asked = remote
                .of_instance(Method::GET, &format!("{}/contacts", one(&id)))
                .query(&part.query())
                .query(&[("state", state)]);
            let columns = [
                "id",
                "numbers",
                "name",
                "reference",
                "state",
                "failure",
                "n_attempts",
            ];
            remote.print_list(&remote.answer(asked).await?, &columns);
        }
        CampaignVerb::Attempts { id, part } => {
            let asked = remote
                .of_instance(Method::GET, &format!("{}/attempts", one(&id)))
                .query(&part.query());
            let columns = ["call", "contact", "n", "callee", "outcome", "planned_at"];
            remote.print_list(&remote.answer(asked).await?, &columns);
        }
    }
    Ok(())
}

async fn steer(remote: &Remote, path: &str, verb: &str) -> anyhow::Result<()> {
    let asked = remote.of_instance(Method::POST, &format!("{path}/{verb}"));
    remote.answer(asked).await.map(|_| ())
}

impl NewCampaign {
    fn body(self) -> anyhow::Result<Value> {
        let mut body = match &self.file {
            Some(path) => document(path)?,
            None => json!({}),
        };
        let fields = body.as_object_mut().context("the document is no object")?;
        fields.insert("name".to_owned(), self.name.into());
        fields.insert("voice_agent".to_owned(), self.agent.into());
        if let Some(at_once) = self.at_once {
            fields.insert("at_once".to_owned(), at_once.into());
        }
        Ok(body)
    }
}

impl NewContacts {
    fn body(self) -> anyhow::Result<Value> {
        let mut contacts: Vec<Value> = self
            .numbers
            .iter()
            .map(|number| json!({"numbers": [number]}))
            .collect();
        if let Some(path) = &self.file {
            let list = document(path)?;
            contacts.extend(
                list.as_array()
                    .context("the document is no list")?
                    .iter()
                    .cloned(),
            );
        }
        anyhow::ensure!(
            !contacts.is_empty(),
            "nobody to add: give numbers or --file"
        );
        Ok(json!({"contacts": contacts}))
    }
}
