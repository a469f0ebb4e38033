//! One conversation in memory.

use std::time::{Duration, Instant};

use model::{TenantId, UnixMs, Variable};
use store::{Dialogue, DialogueId, NewDialogue};
use voice::{
    dialogue::{Answer, Asked, Profile, Robot},
    line::Variables,
};

use super::{
    DialogueFault, Question, Reply,
    desk::act_of,
    find::{self, Found},
    mind,
    writer::Failed,
};
use crate::{App, agent_document};

/// A conversation without a question for so long has ended.
pub const IDLE_MAX: Duration = Duration::from_secs(10 * 60);

/// Questions of one conversation; with the next one the robot hangs up.
pub const TURNS_MAX: u32 = 1000;

/// The same words within so short a time cannot be the caller's twice: the answer in between has
/// not been heard.
const ECHO_MAX: Duration = Duration::from_millis(300);

/// For so long a caller that asks *again* may mean the last question.
const AGAIN_MAX: Duration = Duration::from_secs(60);

/// A conversation.
#[derive(Debug)]
pub(super) struct Live {
    pub id: DialogueId,
    pub robot: Robot,
    profile: Profile,
    /// The last answer, for whoever asks twice.
    last: Option<Given>,
    /// The last question, or the end.
    touched_at: UnixMs,
}

/// An answer that was given.
#[derive(Debug)]
pub(super) struct Given {
    pub asked: Asked,
    pub turn: Option<String>,
    pub answer: Answer,
    pub arrived: Instant,
    pub at: UnixMs,
    pub given: Instant,
}

impl Live {
    /// A conversation that begins with `question`.
    pub async fn begin(
        app: &App,
        question: &Question,
        now: UnixMs,
    ) -> Result<(Self, NewDialogue), DialogueFault> {
        let Found {
            agent,
            profile,
            parsed,
        } = find::robot(app.store(), question.tenant, &question.robot).await?;
        let dialogue = Dialogue {
            id: DialogueId(uuid::Uuid::new_v4().to_string()),
            tenant: question.tenant,
            name: question.name.clone(),
            interface: question.interface.to_owned(),
            voice_agent: agent.id,
            version: agent.version,
            profile: profile.name().to_owned(),
            caller: question.caller.clone(),
            callee: question.callee.clone(),
            task: question.task.clone(),
            variables: question.variables.clone(),
            began_at: now,
            ended_at: None,
            ending: None,
        };
        let live = Self {
            id: dialogue.id.clone(),
            robot: mind::robot(app, &dialogue, parsed, profile, None).await,
            profile,
            last: None,
            touched_at: now,
        };
        let new = NewDialogue {
            dialogue,
            definition: agent.settings.definition,
        };
        Ok((live, new))
    }

    /// The stored conversation of this name, its questions played again. `None` if there is none,
    /// or none that is young enough to go on.
    pub async fn resume(
        app: &App,
        tenant: TenantId,
        name: &str,
        now: UnixMs,
    ) -> Result<Option<Self>, Failed> {
        let store = app.store();
        let Some(dialogue) = store.latest_dialogue(tenant, name).await? else {
            return Ok(None);
        };
        let turns = store.dialogue_turns(&dialogue.id).await?;
        let touched_at = turns.last().map_or(dialogue.began_at, |turn| turn.at);
        if now.since(touched_at) >= IDLE_MAX {
            return Ok(None);
        }
        let definition = store
            .dialogue_script(dialogue.voice_agent, dialogue.version)
            .await?;
        let broken = |why: String| DialogueFault::Internal(anyhow::anyhow!(why));
        let parsed = agent_document::parse(&definition)
            .map_err(|fault| broken(format!("stored definition: {fault}")))?;
        let profile = Profile::by_name(&dialogue.profile)
            .ok_or_else(|| broken(format!("stored profile `{}`", dialogue.profile)))?;
        let state = turns.last().and_then(|turn| turn.state.clone());
        let mut robot = mind::robot(app, &dialogue, parsed, profile, state).await;
        let mut last = None;
        for turn in turns {
            let asked = Asked::from_parts(&turn.kind, turn.heard)
                .map_err(|unknown| broken(unknown.to_string()))?;
            let answer = if robot.may_wait() {
                let act = act_of(&turn.act);
                robot.recall(&asked, &turn.said, &act);
                Answer {
                    says: turn.said,
                    interruptible: turn.interruptible,
                    act,
                }
            } else {
                robot.ask(&asked)
            };
            last = Some((asked, answer));
        }
        let long_ago = Instant::now();
        Ok(Some(Self {
            id: dialogue.id,
            robot,
            profile,
            last: last.map(|(asked, answer)| Given {
                asked,
                turn: None,
                answer,
                arrived: long_ago,
                at: touched_at,
                given: long_ago,
            }),
            touched_at,
        }))
    }

    /// Answers a question; `None` if the mind has panicked, and the conversation is lost from memory.
    /// A mind that may take its time thinks where nobody else waits.
    pub async fn ask(&mut self, asked: &Asked) -> Option<Answer> {
        if !self.robot.may_wait() {
            return Some(self.robot.ask(asked));
        }
        let mut robot = std::mem::replace(&mut self.robot, mind::nobody(self.profile));
        let asked = asked.clone();
        let thinking = tokio::task::spawn_blocking(move || {
            let answer = robot.ask(&asked);
            (robot, answer)
        });
        let (robot, answer) = thinking.await.ok()?;
        self.robot = robot;
        Some(answer)
    }

    /// The answer that this question was given already, if it is a repetition.
    pub fn given(&self, question: &Question, arrived: Instant) -> Option<Answer> {
        let last = self.last.as_ref()?;
        if let (Some(turn), Some(last_turn)) = (&question.turn, &last.turn) {
            return (turn == last_turn).then(|| last.answer.clone());
        }
        if question.asked != last.asked {
            return None;
        }
        let overlaps = arrived < last.given;
        let echoes = arrived.saturating_duration_since(last.arrived) < ECHO_MAX;
        let is_recent = arrived.saturating_duration_since(last.given) < AGAIN_MAX;
        (overlaps || echoes || (question.again && is_recent)).then(|| last.answer.clone())
    }

    /// Keeps an answer for whoever asks again.
    pub fn note(&mut self, given: Given) {
        self.touched_at = given.at;
        self.last = Some(given);
    }

    /// Whether it was idle for so long that a question of its name begins another one.
    pub fn is_forgotten(&self, now: UnixMs) -> bool {
        now.since(self.touched_at) >= IDLE_MAX
    }

    pub fn reply(&self, answer: Answer) -> Reply {
        Reply {
            dialogue: self.id.clone(),
            answer,
            profile: self.profile,
        }
    }
}

pub(super) fn variables(variables: &[Variable]) -> Variables {
    variables
        .iter()
        .map(|variable| (variable.key.clone(), variable.value.clone()))
        .collect()
}
