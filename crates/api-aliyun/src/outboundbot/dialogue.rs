//! `Dialogue`: what the robot says to each utterance of somebody else's call.

use api::kernel::{Action, Entry, Reached};
use app::dialogue::{Names, Question};
use serde::{Deserialize, Serialize};

use super::{Context, OutboundBot};
use crate::{
    asked::{self, Spelling},
    fault::Fault,
};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[Entry::of::<Dialogue>()];

/// Longest name of a call, task, script or number.
pub(crate) const NAME_MAX: usize = 128;

/// Longest utterance, in characters: minutes of speech.
pub(crate) const UTTERANCE_MAX: usize = 4096;

/// One turn.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Dialogue {
    call_id: String,
    call_type: String,
    calling_number: String,
    called_number: String,
    utterance: String,
    scenario_id: Option<String>,
    script_id: Option<String>,
    task_id: Option<String>,
    action_key: Option<String>,
    action_params: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DialogueResponse {
    feedback: Feedback,
    code: &'static str,
    success: bool,
    http_status_code: u16,
    message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Feedback {
    action: &'static str,
    action_params: String,
    content: String,
    content_params: &'static str,
    interruptible: bool,
}

impl Action for Dialogue {
    type Dialect = OutboundBot;
    type Response = DialogueResponse;
    const NAME: &'static str = "Dialogue";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "NotExist.Instance",
            when: "no instance has the `InstanceId`, or the credential may do nothing for it",
        },
        Reached {
            code: "NotExist.Script",
            when: "neither `ScriptId` nor `ScenarioId` names a robot, there is no default robot, and the instance has not exactly one voice agent",
        },
        Reached {
            code: "Throttling.Api",
            when: "more questions wait for the database than may",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        self.check()?;
        let params = self.action_params.as_deref().unwrap_or_default();
        let key = self.action_key.as_deref().unwrap_or_default();
        let reply = context
            .gate
            .dialogues
            .ask(Question {
                tenant: context.tenant_id()?,
                asked: asked::of_dialogue(key, params, &self.utterance),
                robot: Names::of([self.script_id.as_deref(), self.scenario_id.as_deref()]),
                name: self.call_id,
                interface: "dialogue",
                caller: self.calling_number,
                callee: self.called_number,
                task: self.task_id.unwrap_or_default(),
                variables: Vec::new(),
                turn: None,
                again: context.again,
            })
            .await?;
        Ok(DialogueResponse {
            feedback: Feedback {
                action: asked::action(&reply.answer, Spelling::Dialogue),
                action_params: asked::action_params(&reply.answer, reply.profile),
                content: reply.answer.says,
                content_params: "",
                interruptible: reply.answer.interruptible,
            },
            code: "OK",
            success: true,
            http_status_code: 200,
            message: "Success",
        })
    }
}

impl Dialogue {
    /// Lengths, and that a call can be told from others.
    fn check(&self) -> Result<(), Fault> {
        if self.call_id.is_empty() {
            return Err(Fault::missing("CallId"));
        }
        for (name, value) in [
            ("CallId", Some(&self.call_id)),
            ("CallType", Some(&self.call_type)),
            ("CallingNumber", Some(&self.calling_number)),
            ("CalledNumber", Some(&self.called_number)),
            ("ScenarioId", self.scenario_id.as_ref()),
            ("ScriptId", self.script_id.as_ref()),
            ("TaskId", self.task_id.as_ref()),
        ] {
            short(name, value.map_or("", String::as_str), NAME_MAX)?;
        }
        short("Utterance", &self.utterance, UTTERANCE_MAX)?;
        let params = self.action_params.as_deref().unwrap_or_default();
        short("ActionParams", params, UTTERANCE_MAX)
    }
}

/// A text of `max` characters at most, without NUL, which no database here takes.
pub(crate) fn short(name: &str, text: &str, max: usize) -> Result<(), Fault> {
    if text.len() > max && text.chars().count() > max {
        return Err(Fault::invalid(
            name,
            &format!("it has {max} characters at most"),
        ));
    }
    if text.contains('\0') {
        return Err(Fault::invalid(name, "it holds a NUL character"));
    }
    Ok(())
}
