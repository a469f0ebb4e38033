//! `staff` and `skill-group`: people and what they can take.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    remote::Remote,
    resource::{self, New, Verb, path_part, secret_from_stdin},
};

/// What to do with people.
#[derive(Subcommand)]
pub enum StaffVerb {
    #[command(flatten)]
    Plain(Verb<NewStaff>),
    /// Change what somebody can take: free, not_ready, rest, offline.
    Status {
        /// Id of the person.
        id: String,
        /// free, not_ready, rest or offline; without it, show what it is and was today.
        status: Option<String>,
        /// Why; of a break.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Make these the skill groups of somebody.
    Groups {
        /// Id of the person.
        id: String,
        /// Ids of skill groups, with a priority of 1 to 5 behind a colon: `7:1`.
        groups: Vec<String>,
    },
    /// Send somebody offline and sign them out.
    ForceOffline {
        /// Id of the person.
        id: String,
    },
    /// Let somebody come back who was sent offline.
    Restore {
        /// Id of the person.
        id: String,
    },
}

/// A new person.
#[derive(Args, Serialize)]
pub struct NewStaff {
    /// E-mail to sign in with.
    email: String,
    /// Name shown to colleagues.
    name: String,
    /// administrator, supervisor, designer, officer or agent [default: agent]
    #[arg(long = "role")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
    /// en-US or zh-CN [default: en-US]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// Number of the person in the house.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    staff_number: Option<String>,
    /// Internal number, 4 to 6 digits.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    /// The roles hold for every instance.
    #[arg(long)]
    everywhere: bool,
    /// Read the password from standard input.
    #[arg(long)]
    #[serde(skip)]
    password_stdin: bool,
}

impl New for NewStaff {
    const PATH: &'static str = "/staff";
    const COLUMNS: &'static [&'static str] =
        &["id", "email", "name", "roles", "staff_number", "created_at"];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        let password_stdin = self.password_stdin;
        let mut body = serde_json::to_value(self)?;
        if password_stdin {
            body["password"] = Value::from(secret_from_stdin()?);
        }
        Ok(body)
    }
}

/// A new skill group.
#[derive(Args, Serialize)]
pub struct NewSkillGroup {
    /// Its name.
    name: String,
    /// phone, chat, audio or video
    #[arg(long, default_value = "phone")]
    kind: String,
    /// How many at once one member takes; above 1 for chats only.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    concurrency_max: Option<u32>,
    /// Ring every free member at once; such a group has at most 2 members.
    #[arg(long)]
    ring_all: bool,
}

impl New for NewSkillGroup {
    const PATH: &'static str = "/skill-groups";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "kind",
        "concurrency_max",
        "ring_all",
        "modified_at",
    ];
    const OF_INSTANCE: bool = true;

    fn body(self) -> anyhow::Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// Carries out a verb.
pub async fn run(remote: &Remote, verb: StaffVerb) -> anyhow::Result<()> {
    let path = |id: &str, end: &str| format!("/staff/{}/{end}", path_part(id));
    let asked = match verb {
        StaffVerb::Plain(verb) => return resource::run(remote, verb).await,
        StaffVerb::Status {
            id, status: None, ..
        } => remote.of_instance(Method::GET, &path(&id, "status")),
        StaffVerb::Status {
            id,
            status: Some(status),
            reason,
        } => {
            let wish = json!({"status": status, "reason": reason});
            remote
                .of_instance(Method::PUT, &path(&id, "status"))
                .json(&wish)
        }
        StaffVerb::Groups { id, groups } => {
            let groups = groups
                .iter()
                .map(|text| membership(text))
                .collect::<anyhow::Result<Vec<_>>>()?;
            remote
                .of_instance(Method::PUT, &path(&id, "skill-groups"))
                .json(&json!({"skill_groups": groups}))
        }
        StaffVerb::ForceOffline { id } => {
            remote.of_instance(Method::POST, &path(&id, "force-offline"))
        }
        StaffVerb::Restore { id } => remote.of_instance(Method::POST, &path(&id, "restore")),
    };
    remote.print_one(&remote.answer(asked).await?);
    Ok(())
}

/// `7:1` is group 7 with priority 1.
fn membership(text: &str) -> anyhow::Result<Value> {
    let (group, priority) = text.split_once(':').unwrap_or((text, "3"));
    let (group, priority): (i64, i64) = (group.parse()?, priority.parse()?);
    Ok(json!({"skill_group": group, "priority": priority}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_its_priority_behind_a_colon() {
        let of = |text| membership(text).unwrap();
        assert_eq!(of("7:1"), json!({"skill_group": 7, "priority": 1}));
        assert_eq!(of("7"), json!({"skill_group": 7, "priority": 3}));
        assert!(membership("seven").is_err());
    }
}
