//! Appending to conversations.

use std::fmt::Write as _;

use sqlx::AnyConnection;

use super::{Dialogue, DialogueStep, NewDialogue, variables_text};
use crate::{
    Store, StoreError,
    statement::{composed_sql, sql},
    store::commit,
};

/// Turns in one statement: 10 values each, and SQLite takes 32,766 in a statement.
const TURNS_MAX: usize = 64;

impl Store {
    /// Appends a step to each of many conversations, all or none. As events in the middle of calls
    /// do, they survive the death of the process at once and a power cut after a second.
    ///
    /// # Errors
    ///
    /// A conversation that begins although one of its name is open, and a number of a turn that is
    /// there already, are a [`StoreError::Conflict`].
    pub async fn append_dialogues(&self, steps: &[DialogueStep]) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        for step in steps {
            if let Some(new) = &step.begins {
                begin(&mut tx, new).await?;
            }
        }
        for steps in steps.chunks(TURNS_MAX) {
            insert_turns(&mut tx, steps).await?;
        }
        for step in steps {
            if let Some(ending) = &step.ends {
                sql("UPDATE dialogue SET ended_at = $2, ending = $3 \
                     WHERE id = $1 AND ended_at IS NULL")
                .bind(step.dialogue.0.as_str())
                .bind(step.turn.at.0)
                .bind(ending.as_str())
                .run(&mut tx)
                .await?;
            }
        }
        commit(tx).await
    }

    /// Ends conversations without a turn since `idle_since`. Gives how many they were.
    pub async fn end_idle_dialogues(&self, idle_since: model::UnixMs) -> Result<u64, StoreError> {
        let mut tx = self.begin_small().await?;
        let n_ended = sql("UPDATE dialogue SET ending = 'idle', ended_at = \
             (SELECT MAX(happened_at) FROM dialogue_turn WHERE dialogue = dialogue.id) \
             WHERE ended_at IS NULL AND began_at < $1 AND NOT EXISTS \
             (SELECT 1 FROM dialogue_turn WHERE dialogue = dialogue.id AND happened_at >= $1)")
        .bind(idle_since.0)
        .run(&mut tx)
        .await?;
        commit(tx).await?;
        Ok(n_ended)
    }
}

async fn begin(tx: &mut AnyConnection, new: &NewDialogue) -> Result<(), StoreError> {
    let Dialogue {
        id,
        tenant,
        name,
        interface,
        voice_agent,
        version,
        profile,
        caller,
        callee,
        task,
        variables,
        began_at,
        ended_at: _,
        ending: _,
    } = &new.dialogue;
    sql(
        "INSERT INTO dialogue_script (voice_agent, version, definition) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
    )
    .bind(voice_agent.0)
    .bind(*version)
    .bind(new.definition.as_str())
    .run(tx)
    .await?;
    sql(
        "INSERT INTO dialogue (id, tenant, name, interface, voice_agent, version, profile, caller, \
         callee, task, variables, began_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id.0.as_str())
    .bind(tenant.0)
    .bind(name.as_str())
    .bind(interface.as_str())
    .bind(voice_agent.0)
    .bind(*version)
    .bind(profile.as_str())
    .bind(caller.as_str())
    .bind(callee.as_str())
    .bind(task.as_str())
    .bind(variables_text(variables))
    .bind(began_at.0)
    .insert(tx, "a conversation of this name is open")
    .await
}

async fn insert_turns(tx: &mut AnyConnection, steps: &[DialogueStep]) -> Result<(), StoreError> {
    let mut text = String::from(
        "INSERT INTO dialogue_turn (dialogue, n, happened_at, kind, heard, said, act, \
         interruptible, took_us, state) VALUES ",
    );
    for row in 0..steps.len() {
        let first = row * 10;
        let comma = if row == 0 { "" } else { ", " };
        write!(text, "{comma}(").expect("a String takes every write");
        for place in 1..=10 {
            let comma = if place == 1 { "" } else { ", " };
            write!(text, "{comma}${}", first + place).expect("a String takes every write");
        }
        text.push(')');
    }
    let mut statement = composed_sql(text);
    for DialogueStep { dialogue, turn, .. } in steps {
        statement = statement
            .bind(dialogue.0.as_str())
            .bind(turn.n)
            .bind(turn.at.0)
            .bind(turn.kind.as_str())
            .bind(turn.heard.as_str())
            .bind(turn.said.as_str())
            .bind(turn.act.as_str())
            .bind(turn.interruptible)
            .bind(turn.took_us)
            .bind(turn.state.clone());
    }
    statement
        .insert(tx, "a turn of this number is there already")
        .await
}
