//! Finding conversations.

use model::{TenantId, UnixMs, VoiceAgentId};
use sqlx::any::AnyRow;

use super::{Dialogue, DialogueId, DialogueTurn, variables_of};
use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
};

/// Columns of a conversation.
const DIALOGUE: &str = "id, tenant, name, interface, voice_agent, version, profile, caller, \
                        callee, task, variables, began_at, ended_at, ending";

/// Which conversations are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogueFilter {
    /// The other side's name.
    pub name: Option<String>,
    /// The other side's task.
    pub task: Option<String>,
    /// Who talks.
    pub voice_agent: Option<VoiceAgentId>,
    /// Began at this time or later.
    pub began_from: Option<UnixMs>,
    /// Began before this time.
    pub began_before: Option<UnixMs>,
    /// Only those that have not ended.
    pub only_open: bool,
}

impl Store {
    /// The tenant's conversation with this id.
    pub async fn dialogue(
        &self,
        tenant: TenantId,
        id: &DialogueId,
    ) -> Result<Dialogue, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, interface, voice_agent, version, profile, caller, callee, \
             task, variables, began_at, ended_at, ending FROM dialogue \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0.as_str())
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "conversation")
        .await?;
        dialogue_of(&row)
    }

    /// The latest conversation of this name, open or not.
    pub async fn latest_dialogue(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Dialogue>, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, interface, voice_agent, version, profile, caller, callee, \
             task, variables, began_at, ended_at, ending FROM dialogue \
             WHERE tenant = $1 AND name = $2 ORDER BY began_at DESC LIMIT 1",
        )
        .bind(tenant.0)
        .bind(name)
        .row(&mut *self.reader().await?)
        .await?;
        row.as_ref().map(dialogue_of).transpose()
    }

    /// The turns of a conversation, in order.
    pub async fn dialogue_turns(&self, id: &DialogueId) -> Result<Vec<DialogueTurn>, StoreError> {
        let rows = sql(
            "SELECT n, happened_at, kind, heard, said, act, interruptible, took_us, state \
             FROM dialogue_turn WHERE dialogue = $1 ORDER BY n",
        )
        .bind(id.0.as_str())
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(turn_of).collect()
    }

    /// The definition of a voice agent by which a conversation began.
    pub async fn dialogue_script(
        &self,
        voice_agent: VoiceAgentId,
        version: i64,
    ) -> Result<String, StoreError> {
        sql("SELECT definition FROM dialogue_script WHERE voice_agent = $1 AND version = $2")
            .bind(voice_agent.0)
            .bind(version)
            .found(&mut *self.reader().await?, "definition")
            .await?
            .text("definition")
    }

    /// The tenant's conversations, newest first.
    pub async fn dialogues(
        &self,
        tenant: TenantId,
        filter: &DialogueFilter,
        paging: Paging,
    ) -> Result<Page<Dialogue>, StoreError> {
        let mut listing = Listing::of("dialogue")
            .and("tenant =", tenant.0)
            .and_if("name =", filter.name.clone())
            .and_if("task =", filter.task.clone())
            .and_if("voice_agent =", filter.voice_agent.map(|id| id.0))
            .and_if("began_at >=", filter.began_from.map(|at| at.0))
            .and_if("began_at <", filter.began_before.map(|at| at.0));
        if filter.only_open {
            listing = listing.when("ended_at IS NULL");
        }
        let (rows, total) = listing
            .page(
                &mut *self.reader().await?,
                DIALOGUE,
                "began_at DESC, id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(dialogue_of).collect::<Result<_, _>>()?,
            total,
        })
    }
}

fn dialogue_of(row: &AnyRow) -> Result<Dialogue, StoreError> {
    Ok(Dialogue {
        id: DialogueId(row.text("id")?),
        tenant: TenantId(row.int("tenant")?),
        name: row.text("name")?,
        interface: row.text("interface")?,
        voice_agent: VoiceAgentId(row.int("voice_agent")?),
        version: row.int("version")?,
        profile: row.text("profile")?,
        caller: row.text("caller")?,
        callee: row.text("callee")?,
        task: row.text("task")?,
        variables: variables_of(&row.text("variables")?)?,
        began_at: UnixMs(row.int("began_at")?),
        ended_at: row.int_or_null("ended_at")?.map(UnixMs),
        ending: row.text_or_null("ending")?,
    })
}

fn turn_of(row: &AnyRow) -> Result<DialogueTurn, StoreError> {
    Ok(DialogueTurn {
        n: row.int("n")?,
        at: UnixMs(row.int("happened_at")?),
        kind: row.text("kind")?,
        heard: row.text("heard")?,
        said: row.text("said")?,
        act: row.text("act")?,
        interruptible: row.flag("interruptible")?,
        took_us: row.int("took_us")?,
        state: row.text_or_null("state")?,
    })
}
