//! Where questions come in and answers go out.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use model::{TenantId, UnixMs, Variable, VoiceAgent};
use store::{DialogueId, DialogueStep, DialogueTurn};
use tokio::sync::Mutex as AsyncMutex;
use voice::dialogue::{Act, Answer, Asked, Profile};

use super::{
    DialogueFault,
    find::{self, Names},
    live::{Given, IDLE_MAX, Live, TURNS_MAX},
    writer::{Failed, Writer},
};
use crate::App;

/// Conversations in memory, each about 2 KB. Beyond that those that were silent longest leave it;
/// they come back from the database with their next question.
pub const LIVE_MAX: usize = 50_000;

/// How often idle conversations are ended.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A question of another call centre.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose voice agent is asked.
    pub tenant: TenantId,
    /// The other side's name of the conversation.
    pub name: String,
    /// Over which interface: `dialogue`, `navigator`, `callback`.
    pub interface: &'static str,
    /// Names that may mean a voice agent, the best first.
    pub robot: Names,
    /// The number that calls, as it was given.
    pub caller: String,
    /// The number that is called, as it was given.
    pub callee: String,
    /// The other side's task; may be empty.
    pub task: String,
    /// Values for the voice agent's lines, taken at the beginning.
    pub variables: Vec<Variable>,
    /// What happened.
    pub asked: Asked,
    /// The other side's name of this turn, if its interface has one: a second question of the same
    /// name is a repetition.
    pub turn: Option<String>,
    /// The other side says that it has asked this before and had no answer.
    pub again: bool,
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The conversation.
    pub dialogue: DialogueId,
    /// What the robot says and does.
    pub answer: Answer,
    /// Which answers the other side understands.
    pub profile: Profile,
}

/// The conversations of all tenants.
pub struct Dialogues {
    app: Arc<App>,
    writer: Writer,
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
    began: Instant,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    tenant: TenantId,
    name: Box<str>,
}

/// The place of one conversation. Whoever holds the lock answers its question.
struct Slot {
    live: AsyncMutex<Option<Box<Live>>>,
    /// When it was last asked for, milliseconds since the start.
    touched_ms: AtomicU64,
}

impl Dialogues {
    /// Starts the writer and the sweeper. Both end with the last clone of the result.
    pub fn start(app: &Arc<App>) -> Arc<Self> {
        let dialogues = Arc::new(Self {
            writer: Writer::start(app.store().clone()),
            app: Arc::clone(app),
            slots: Mutex::default(),
            began: Instant::now(),
        });
        let weak = Arc::downgrade(&dialogues);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(SWEEP_EVERY);
            loop {
                ticks.tick().await;
                match weak.upgrade() {
                    Some(dialogues) => dialogues.sweep().await,
                    None => return,
                }
            }
        });
        dialogues
    }

    /// The centre.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Conversations in memory.
    pub fn n_live(&self) -> usize {
        self.slots().len()
    }

    /// The voice agent that one of these names means; no default counts.
    ///
    /// # Errors
    ///
    /// Fails when the database does not answer.
    pub async fn named_robot(
        &self,
        tenant: TenantId,
        names: &Names,
    ) -> Result<Option<VoiceAgent>, DialogueFault> {
        find::by_name(self.app.store(), tenant, names).await
    }

    /// Answers a question. The answer is stored when this returns.
    ///
    /// # Errors
    ///
    /// As [`DialogueFault`] says; the question has changed nothing then and may be asked again.
    pub async fn ask(&self, question: Question) -> Result<Reply, DialogueFault> {
        let arrived = Instant::now();
        let slot = self.slot(question.tenant, &question.name);
        let mut place = slot.live.lock().await;
        // Another process of the centre may have answered meanwhile: then what is stored counts.
        match self.answer(&mut place, &question, arrived).await {
            Err(Failed::Overtaken) => {
                *place = None;
                match self.answer(&mut place, &question, arrived).await {
                    Err(Failed::Overtaken) => {
                        *place = None;
                        Err(DialogueFault::Busy)
                    }
                    other => other.map_err(Failed::fault),
                }
            }
            other => other.map_err(Failed::fault),
        }
    }

    async fn answer(
        &self,
        place: &mut Option<Box<Live>>,
        question: &Question,
        arrived: Instant,
    ) -> Result<Reply, Failed> {
        let now = self.app.now();
        if place.as_ref().is_some_and(|live| live.is_forgotten(now)) {
            *place = None;
        }
        if place.is_none() {
            let stored = Live::resume(&self.app, question.tenant, &question.name, now);
            *place = stored.await?.map(Box::new);
        }
        // A name may be used again once its conversation is over, by saying that one begins.
        let begins_again = |live: &Live| {
            matches!(question.asked, Asked::Begins { .. })
                && live.robot.is_over()
                && live.given(question, arrived).is_none()
        };
        if place.as_deref().is_some_and(begins_again) {
            *place = None;
        }
        let mut begins = None;
        let live = match place {
            Some(live) => live,
            None => {
                self.app
                    .store()
                    .end_idle_dialogues(now.minus(IDLE_MAX))
                    .await?;
                let (live, new) = Live::begin(&self.app, question, now).await?;
                begins = Some(Box::new(new));
                place.insert(Box::new(live))
            }
        };
        if let Some(given) = live.given(question, arrived) {
            return Ok(live.reply(given));
        }
        if live.robot.is_over() {
            let answer = live.robot.ask(&question.asked);
            return Ok(live.reply(answer));
        }
        let Some(answer) = answered(live, &question.asked).await else {
            *place = None;
            return Err(DialogueFault::Internal(anyhow::anyhow!("a mind has panicked")).into());
        };
        let step = DialogueStep {
            dialogue: live.id.clone(),
            begins,
            turn: turn(live, question, &answer, arrived, now),
            ends: live.robot.is_over().then(|| ending(&question.asked).into()),
        };
        if let Err(failed) = self.writer.append(step).await {
            // What was not stored was not said.
            *place = None;
            return Err(failed);
        }
        live.note(Given {
            asked: question.asked.clone(),
            turn: question.turn.clone(),
            answer: answer.clone(),
            arrived,
            at: now,
            given: Instant::now(),
        });
        Ok(live.reply(answer))
    }

    fn slot(&self, tenant: TenantId, name: &str) -> Arc<Slot> {
        let touched_ms = self.elapsed_ms();
        let mut slots = self.slots();
        let key = Key {
            tenant,
            name: name.into(),
        };
        if slots.len() >= LIVE_MAX && !slots.contains_key(&key) {
            forget_older_half(&mut slots);
        }
        let slot = slots.entry(key).or_insert_with(|| {
            Arc::new(Slot {
                live: AsyncMutex::new(None),
                touched_ms: AtomicU64::new(touched_ms),
            })
        });
        slot.touched_ms.store(touched_ms, Ordering::Relaxed);
        Arc::clone(slot)
    }

    /// Forgets and ends conversations that were idle for too long.
    async fn sweep(&self) {
        let idle_ms = u64::try_from(IDLE_MAX.as_millis()).expect("minutes are few");
        let oldest = self.elapsed_ms().saturating_sub(idle_ms);
        self.slots()
            .retain(|_, slot| is_held(slot) || slot.touched_ms.load(Ordering::Relaxed) > oldest);
        let since = self.app.now().minus(IDLE_MAX);
        if let Err(error) = self.app.store().end_idle_dialogues(since).await {
            tracing::warn!(%error, "idle conversations are not ended yet");
        }
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).expect("a process is younger than ages")
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<Key, Arc<Slot>>> {
        self.slots
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// What the robot answers; one that was asked too often hangs up.
async fn answered(live: &mut Live, asked: &Asked) -> Option<Answer> {
    if live.robot.n_asked() >= TURNS_MAX {
        return live.ask(&Asked::Ended).await;
    }
    live.ask(asked).await
}

fn turn(
    live: &Live,
    question: &Question,
    answer: &Answer,
    arrived: Instant,
    now: UnixMs,
) -> DialogueTurn {
    DialogueTurn {
        n: i64::from(live.robot.n_asked()),
        at: now,
        kind: question.asked.kind().to_owned(),
        heard: question.asked.words().to_owned(),
        said: answer.says.clone(),
        act: act_text(&answer.act),
        interruptible: answer.interruptible,
        took_us: i64::try_from(arrived.elapsed().as_micros()).unwrap_or(i64::MAX),
        state: live.robot.state(),
    }
}

/// The stored name of an act.
pub(crate) fn act_text(act: &Act) -> String {
    match act {
        Act::Speak => "speak".to_owned(),
        Act::Collect { keys_max } => format!("collect {keys_max}"),
        Act::Transfer { target } => format!("transfer {target}"),
        Act::HangUp => "hang_up".to_owned(),
    }
}

/// The act with a stored name.
pub(crate) fn act_of(text: &str) -> Act {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    match name {
        "collect" => Act::Collect {
            keys_max: rest.parse().unwrap_or(1),
        },
        "transfer" => Act::Transfer {
            target: rest.to_owned(),
        },
        "hang_up" => Act::HangUp,
        _ => Act::Speak,
    }
}

fn ending(asked: &Asked) -> &'static str {
    match asked {
        Asked::Ended => "caller",
        Asked::Begins { .. }
        | Asked::Said(_)
        | Asked::Pressed(_)
        | Asked::Silent
        | Asked::Cut { .. }
        | Asked::Failed => "robot",
    }
}

/// Whether somebody has a hand on it beside the table.
fn is_held(slot: &Arc<Slot>) -> bool {
    Arc::strong_count(slot) > 1
}

fn forget_older_half(slots: &mut HashMap<Key, Arc<Slot>>) {
    let mut ages: Vec<u64> = slots
        .values()
        .map(|slot| slot.touched_ms.load(Ordering::Relaxed))
        .collect();
    let middle = ages.len() / 2;
    let (_, median, _) = ages.select_nth_unstable(middle);
    let median = *median;
    slots.retain(|_, slot| is_held(slot) || slot.touched_ms.load(Ordering::Relaxed) > median);
}
