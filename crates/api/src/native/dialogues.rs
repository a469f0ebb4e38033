//! Conversations in which a voice agent is the robot of somebody else's call.

use axum::{Json, extract::State};
use model::{Permission, VoiceAgentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Dialogue, DialogueFilter, DialogueId, DialogueTurn};

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Int, Text, Time},
    page::{InstanceAsk, Limit, Offset, PageView, paging},
    problem::Problem,
    read::{Ask, PathText},
    table::{Row, get},
};

/// Which conversations.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DialoguesAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// The other side's name: `CallId`, `ConversationId`, `sessionId`.
    name: Option<Text<1, 128>>,
    /// The other side's task.
    task: Option<Text<1, 128>>,
    /// Who talks.
    voice_agent: Option<Int<1, { i64::MAX }>>,
    /// Only those that have not ended.
    #[serde(default)]
    only_open: bool,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// A conversation, without its turns.
#[derive(Serialize, JsonSchema)]
pub(super) struct DialogueView {
    /// Its id.
    id: String,
    /// The owner of the voice agent.
    instance: i64,
    /// The other side's name of it.
    name: String,
    /// Over which interface it came: `dialogue`, `navigator`, `callback`.
    interface: String,
    /// Who talks.
    voice_agent: i64,
    /// Its version at the beginning.
    version: i64,
    /// Which answers the other side understands: `strict`, `extended`.
    profile: String,
    /// The number that calls, as it was given.
    caller: String,
    /// The number that is called, as it was given.
    callee: String,
    /// The other side's task; may be empty.
    task: String,
    /// First question.
    began_at: Time,
    /// When it ended, if it has.
    ended_at: Option<Time>,
    /// Why it ended: `robot`, `caller`, `idle`.
    ending: Option<String>,
}

/// One turn.
#[derive(Serialize, JsonSchema)]
pub(super) struct TurnView {
    /// Counts from 1.
    n: i64,
    /// When it was asked.
    at: Time,
    /// What happened: `begins`, `said`, `pressed`, `silent`, `cut`, `failed`, `ended`.
    kind: String,
    /// The caller's words or keys.
    heard: String,
    /// What the robot said.
    said: String,
    /// What the robot did: `speak`, `collect 4`, `transfer desk`, `hang_up`.
    act: String,
    /// Whether the caller may cut it.
    interruptible: bool,
    /// Time until the answer was made, microseconds; storing it is not in this.
    took_us: i64,
}

/// A conversation with its turns.
#[derive(Serialize, JsonSchema)]
pub(super) struct TranscriptView {
    /// What lists show of it.
    #[serde(flatten)]
    dialogue: DialogueView,
    /// All turns, in order.
    turns: Vec<TurnView>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/dialogues",
            "List conversations of robots, newest first",
            list,
        )
        .needs(Permission::ReadCalls)
        .asks::<DialoguesAsk>()
        .gives::<PageView<DialogueView>>(),
        get(
            "/api/v1/dialogues/{id}",
            "Show a conversation of a robot with every turn",
            show,
        )
        .needs(Permission::ReadCalls)
        .asks::<InstanceAsk>()
        .gives::<TranscriptView>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<DialoguesAsk>,
) -> Result<Json<PageView<DialogueView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let filter = DialogueFilter {
        name: ask.name.map(|name| name.0),
        task: ask.task.map(|task| task.0),
        voice_agent: ask.voice_agent.map(|id| VoiceAgentId(id.0)),
        only_open: ask.only_open,
        ..DialogueFilter::default()
    };
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().dialogues(tenant, &filter, paging).await?;
    Ok(Json(PageView::of(page, DialogueView::of)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<TranscriptView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let dialogue = native.store().dialogue(tenant, &DialogueId(id)).await?;
    let turns = native.store().dialogue_turns(&dialogue.id).await?;
    Ok(Json(TranscriptView {
        dialogue: DialogueView::of(dialogue),
        turns: turns.into_iter().map(TurnView::of).collect(),
    }))
}

impl DialogueView {
    fn of(dialogue: Dialogue) -> Self {
        Self {
            id: dialogue.id.0,
            instance: dialogue.tenant.0,
            name: dialogue.name,
            interface: dialogue.interface,
            voice_agent: dialogue.voice_agent.0,
            version: dialogue.version,
            profile: dialogue.profile,
            caller: dialogue.caller,
            callee: dialogue.callee,
            task: dialogue.task,
            began_at: Time(dialogue.began_at),
            ended_at: dialogue.ended_at.map(Time),
            ending: dialogue.ending,
        }
    }
}

impl TurnView {
    fn of(turn: DialogueTurn) -> Self {
        Self {
            n: turn.n,
            at: Time(turn.at),
            kind: turn.kind,
            heard: turn.heard,
            said: turn.said,
            act: turn.act,
            interruptible: turn.interruptible,
            took_us: turn.took_us,
        }
    }
}
