//! Calls: placed, watched, steered.

use std::collections::BTreeMap;

use anyhow::Context;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde::Serialize;
use serde_json::json;

use super::{
    remote::Remote,
    resource::{ListFlags, path_part},
};

/// What is done with calls.
#[derive(Subcommand)]
pub enum CallVerb {
    /// List them, newest first.
    List(CallFlags),
    /// Show one with everything known of it.
    Show {
        /// Its id.
        id: String,
    },
    /// List the events of one.
    Events {
        /// Its id.
        id: String,
        /// Only after this event.
        #[arg(long, default_value_t = 0)]
        after: i64,
    },
    /// Place one and put a voice agent on it.
    Place(PlaceFlags),
    /// End one.
    Hangup {
        /// Its id.
        id: String,
    },
    /// Hand the person of one over to somebody.
    Transfer {
        /// Its id.
        id: String,
        /// An extension, a number, a person's address or a skill group.
        target: String,
    },
    /// Put one side of one on hold.
    Hold(SideFlags),
    /// Let a side that was put on hold go on.
    Resume(SideFlags),
    /// Ring somebody who is to join one.
    Invite {
        /// Its id.
        id: String,
        /// An extension, a number, a person's address or a skill group.
        target: String,
    },
    /// Send a third party out of one.
    Dismiss {
        /// Its id.
        id: String,
        /// The third party's number in it.
        leg: u32,
    },
    /// Ring a supervisor who is to listen in to one, or change how one listens.
    Listen(ListenFlags),
    /// End listening in to one.
    Unlisten {
        /// Its id.
        id: String,
        /// The supervisor's number in it.
        leg: u32,
    },
    /// Have the voice agent of one say something.
    Say(SayFlags),
    /// Have the model of one answer something.
    Think {
        /// Its id.
        id: String,
        /// The words, as if the person had said them.
        words: String,
        /// Cut what is going on.
        #[arg(long)]
        interrupt: bool,
    },
    /// Play a sound into one.
    Play {
        /// Its id.
        id: String,
        /// Id of the sound.
        sound: i64,
        /// How many times.
        #[arg(long, default_value_t = 1)]
        times: u32,
        /// Mixed over the voice agent instead of in its place.
        #[arg(long)]
        over: bool,
    },
}

/// Who is to wait, or to go on.
#[derive(Args, Serialize)]
pub struct SideFlags {
    /// Id of the call.
    #[serde(skip)]
    id: String,
    /// The person (user), or whoever has taken the call over (staff).
    #[arg(long, default_value = "user", value_parser = ["user", "staff"])]
    side: String,
}

/// How to listen in.
#[derive(Args)]
pub struct ListenFlags {
    /// Id of the call.
    id: String,
    /// The extension to ring.
    #[arg(long, required_unless_present = "leg")]
    extension: Option<String>,
    /// Who listens in already: the supervisor's number in the call.
    #[arg(long, conflicts_with = "extension")]
    leg: Option<u32>,
    /// Who hears the supervisor: nobody (listen), those of the house (whisper) or all (barge).
    #[arg(long, default_value = "listen", value_parser = ["listen", "whisper", "barge"])]
    mode: String,
}

/// Something to say.
#[derive(Args, Serialize)]
pub struct SayFlags {
    /// Id of the call.
    #[serde(skip)]
    id: String,
    /// The words.
    #[serde(rename = "say")]
    words: String,
    /// Cut what is going on.
    #[arg(long)]
    interrupt: bool,
    /// Wait for silence instead of being dropped.
    #[arg(long = "wait")]
    waits: bool,
    /// The person cannot cut it.
    #[arg(long)]
    #[serde(skip)]
    uncut: bool,
    /// The model is told of it.
    #[arg(long = "remember")]
    remembered: bool,
    /// The call ends with it.
    #[arg(long = "hang-up")]
    then_hang_up: bool,
}

/// Which calls.
#[derive(Args)]
pub struct CallFlags {
    #[command(flatten)]
    part: ListFlags,
    /// Only those that have ended (true), or that have not (false).
    #[arg(long)]
    ended: Option<bool>,
    /// Only with this number.
    #[arg(long)]
    number: Option<String>,
    /// Started at or after, RFC 3339.
    #[arg(long)]
    from: Option<String>,
    /// Started before, RFC 3339.
    #[arg(long)]
    to: Option<String>,
}

/// A call to place.
#[derive(Args, Serialize)]
pub struct PlaceFlags {
    /// Who is called, with + and country code.
    callee: String,
    /// Id of the voice agent.
    #[arg(long = "agent")]
    #[serde(rename = "voice_agent")]
    agent: i64,
    /// Number that the callee may see [default: any of the instance]
    #[arg(long = "caller")]
    callers: Vec<String>,
    /// Value for the agent's texts: name=Ann.
    #[arg(long = "variable", value_name = "NAME=VALUE")]
    #[serde(skip)]
    variables: Vec<String>,
    /// Longest ringing in seconds [default: 60]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ring_second_max: Option<u32>,
    /// Your own text for the records.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    user_data: Option<String>,
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: CallVerb) -> anyhow::Result<()> {
    let one = |id: &str, rest: &str| format!("/calls/{}{rest}", path_part(id));
    match verb {
        CallVerb::List(flags) => list(remote, flags).await,
        CallVerb::Show { id } => {
            let asked = remote.request(Method::GET, &one(&id, ""));
            remote.print_one(&remote.answer(asked).await?);
            Ok(())
        }
        CallVerb::Events { id, after } => {
            let asked = remote
                .request(Method::GET, &one(&id, "/events"))
                .query(&[("after", after), ("limit", 200)]);
            remote.print_list(
                &remote.answer(asked).await?,
                &["n", "at", "type", "text", "heard", "cause", "total_ms"],
            );
            Ok(())
        }
        CallVerb::Place(flags) => {
            let mut body = serde_json::to_value(&flags)?;
            body["variables"] = json!(variables(&flags.variables)?);
            let asked = remote.of_instance(Method::POST, "/calls").json(&body);
            remote.print_one(&remote.answer(asked).await?);
            Ok(())
        }
        CallVerb::Hangup { id } => {
            remote
                .answer(remote.request(Method::POST, &one(&id, "/hangup")))
                .await?;
            Ok(())
        }
        CallVerb::Hold(flags) => turn(remote, &flags, "/hold").await,
        CallVerb::Resume(flags) => turn(remote, &flags, "/resume").await,
        verb @ (CallVerb::Transfer { .. }
        | CallVerb::Invite { .. }
        | CallVerb::Dismiss { .. }
        | CallVerb::Listen(_)
        | CallVerb::Unlisten { .. }) => parties(remote, verb).await,
        CallVerb::Say(flags) => {
            let mut body = serde_json::to_value(&flags)?;
            body["interruptible"] = json!(!flags.uncut);
            instruct(remote, &flags.id, &body).await
        }
        CallVerb::Think {
            id,
            words,
            interrupt,
        } => {
            let body = json!({"think": words, "interrupt": interrupt});
            instruct(remote, &id, &body).await
        }
        CallVerb::Play {
            id,
            sound,
            times,
            over,
        } => {
            let asked = remote
                .request(Method::POST, &one(&id, "/sounds"))
                .json(&json!({"sound": sound, "times": times, "over": over}));
            remote.answer(asked).await?;
            Ok(())
        }
    }
}

async fn turn(remote: &Remote, flags: &SideFlags, what: &str) -> anyhow::Result<()> {
    let path = format!("/calls/{}{what}", path_part(&flags.id));
    let asked = remote.request(Method::POST, &path).json(flags);
    remote.answer(asked).await?;
    Ok(())
}

/// Whoever takes a call over, third parties and supervisors.
async fn parties(remote: &Remote, verb: CallVerb) -> anyhow::Result<()> {
    let one = |id: &str, rest: &str| format!("/calls/{}{rest}", path_part(id));
    match verb {
        CallVerb::Transfer { id, target } => {
            let asked = remote
                .request(Method::POST, &one(&id, "/transfer"))
                .json(&json!({"target": target}));
            remote.answer(asked).await?;
            Ok(())
        }
        CallVerb::Invite { id, target } => {
            let asked = remote
                .request(Method::POST, &one(&id, "/participants"))
                .json(&json!({"target": target}));
            remote.print_one(&remote.answer(asked).await?);
            Ok(())
        }
        CallVerb::Dismiss { id, leg } => {
            let path = one(&id, &format!("/participants/{leg}"));
            remote.answer(remote.request(Method::DELETE, &path)).await?;
            Ok(())
        }
        CallVerb::Listen(flags) => listen(remote, &flags).await,
        CallVerb::Unlisten { id, leg } => {
            let path = one(&id, &format!("/listeners/{leg}"));
            remote.answer(remote.request(Method::DELETE, &path)).await?;
            Ok(())
        }
        _ => unreachable!("only verbs of other parties get here"),
    }
}

async fn listen(remote: &Remote, flags: &ListenFlags) -> anyhow::Result<()> {
    let path = format!("/calls/{}/listeners", path_part(&flags.id));
    let Some(leg) = flags.leg else {
        let body = json!({"extension": flags.extension, "mode": flags.mode});
        let asked = remote.request(Method::POST, &path).json(&body);
        remote.print_one(&remote.answer(asked).await?);
        return Ok(());
    };
    let asked = remote
        .request(Method::PUT, &format!("{path}/{leg}"))
        .json(&json!({"mode": flags.mode}));
    remote.answer(asked).await?;
    Ok(())
}

async fn instruct(remote: &Remote, id: &str, body: &serde_json::Value) -> anyhow::Result<()> {
    let path = format!("/calls/{}/instructions", path_part(id));
    let asked = remote.request(Method::POST, &path).json(body);
    remote.print_one(&remote.answer(asked).await?);
    Ok(())
}

async fn list(remote: &Remote, flags: CallFlags) -> anyhow::Result<()> {
    let asked = remote
        .of_instance(Method::GET, "/calls")
        .query(&flags.part.query())
        .query(&[("ended", flags.ended)])
        .query(&[
            ("number", flags.number),
            ("from", flags.from),
            ("to", flags.to),
        ]);
    let columns = [
        "id",
        "state",
        "caller",
        "callee",
        "voice_agent_name",
        "started_at",
        "talk_second",
        "cause",
    ];
    remote.print_list(&remote.answer(asked).await?, &columns);
    Ok(())
}

fn variables(pairs: &[String]) -> anyhow::Result<BTreeMap<&str, &str>> {
    pairs
        .iter()
        .map(|pair| {
            pair.split_once('=')
                .with_context(|| format!("`{pair}` is not of the form name=value"))
        })
        .collect()
}
