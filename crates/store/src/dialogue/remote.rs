//! Robots elsewhere that voice agents of ours have their words from.
//!
//! Every call asks for its agent's, and few agents have one: which do is kept in memory.

use std::collections::BTreeSet;

use model::{TenantId, VoiceAgentId};
use sqlx::AnyConnection;

use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
};

/// A robot elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteRobot {
    /// Whose words come from there.
    pub voice_agent: VoiceAgentId,
    /// The owner of the voice agent.
    pub tenant: TenantId,
    /// Where it is and how it is spoken to: a JSON document of the app.
    pub settings: String,
    /// The secret that requests to it are signed with.
    pub secret: String,
}

/// The secret never prints.
impl std::fmt::Debug for RemoteRobot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteRobot")
            .field("voice_agent", &self.voice_agent)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Says where a voice agent has its words from; the secret is sealed.
    pub async fn set_remote_robot(&self, robot: &RemoteRobot) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sealed = self.sealed_remote_secret(robot.voice_agent, &robot.secret);
        put_remote_robot(
            &mut tx,
            robot.voice_agent,
            robot.tenant,
            &robot.settings,
            sealed,
        )
        .await?;
        self.known_remote_robots.commit(tx).await
    }

    pub(crate) fn sealed_remote_secret(&self, voice_agent: VoiceAgentId, secret: &str) -> String {
        self.key.seal(&place(voice_agent), secret)
    }

    /// Where a voice agent has its words from, if not from its own script.
    pub async fn remote_robot(
        &self,
        tenant: TenantId,
        voice_agent: VoiceAgentId,
    ) -> Result<Option<RemoteRobot>, StoreError> {
        let known = self.known_remote_robots.or_read(self.with_remote_robots());
        if !known.await?.contains(&voice_agent) {
            return Ok(None);
        }
        let row = sql("SELECT settings, sealed_secret FROM remote_robot \
             WHERE voice_agent = $1 AND tenant = $2")
        .bind(voice_agent.0)
        .bind(tenant.0)
        .row(&mut *self.reader().await?)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(RemoteRobot {
            voice_agent,
            tenant,
            settings: row.text("settings")?,
            secret: self
                .key
                .open(&place(voice_agent), &row.text("sealed_secret")?)?,
        }))
    }

    /// The voice agents of all tenants that have their words from elsewhere.
    async fn with_remote_robots(&self) -> Result<BTreeSet<VoiceAgentId>, StoreError> {
        let rows = sql("SELECT voice_agent FROM remote_robot")
            .rows(&mut *self.reader().await?)
            .await?;
        let agents = rows.iter().map(|row| row.int("voice_agent"));
        agents.map(|id| id.map(VoiceAgentId)).collect()
    }

    /// A voice agent has its words from its own script again.
    pub async fn remove_remote_robot(
        &self,
        tenant: TenantId,
        voice_agent: VoiceAgentId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM remote_robot WHERE voice_agent = $1 AND tenant = $2")
            .bind(voice_agent.0)
            .bind(tenant.0)
            .change(&mut tx, "remote robot")
            .await?;
        self.known_remote_robots.commit(tx).await
    }
}

pub(crate) async fn put_remote_robot(
    tx: &mut AnyConnection,
    voice_agent: VoiceAgentId,
    tenant: TenantId,
    settings: &str,
    sealed_secret: String,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO remote_robot (voice_agent, tenant, settings, sealed_secret) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (voice_agent) DO UPDATE SET \
         settings = excluded.settings, sealed_secret = excluded.sealed_secret",
    )
    .bind(voice_agent.0)
    .bind(tenant.0)
    .bind(settings)
    .bind(sealed_secret)
    .run(tx)
    .await?;
    Ok(())
}

/// A voice agent has its words from its own script, whatever was before.
pub(crate) async fn remote_robot_removed(
    tx: &mut AnyConnection,
    voice_agent: VoiceAgentId,
) -> Result<(), StoreError> {
    sql("DELETE FROM remote_robot WHERE voice_agent = $1")
        .bind(voice_agent.0)
        .run(tx)
        .await?;
    Ok(())
}

/// What the secret is sealed for.
fn place(voice_agent: VoiceAgentId) -> String {
    format!("remote_robot/{voice_agent}/secret")
}
