//! Scripts of another dialect brought into their voice agents, and removed with them: each in one
//! transaction, so that a crash leaves the old or the new and nothing between.

use model::{TenantId, VoiceAgentDraft, VoiceAgentId};

use crate::{
    Script, Store, StoreError,
    campaigns::put_script,
    dialogue::{put_remote_robot, remote_robot_removed},
    statement::sql,
    voice_agents::{delete, insert, replace},
};

/// A script that is published.
#[derive(Clone, Debug)]
pub struct Publication {
    /// As it is afterwards; its voice agent is filled in.
    pub script: Script,
    /// The voice agent that there is already, in the version that is replaced.
    pub present: Option<(VoiceAgentId, i64)>,
    /// What the voice agent is from now on.
    pub draft: VoiceAgentDraft,
    /// Where its words come from, if not from itself.
    pub words: Option<Words>,
}

/// A robot elsewhere whose words a published script speaks.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// Where it is and how it is spoken to: a JSON document of the app.
    pub settings: String,
    /// The secret that requests to it are signed with.
    pub secret: String,
}

/// The secret never prints.
impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

impl Store {
    /// Publishes a script: its voice agent, its name as a robot, where its words come from, and the
    /// script itself. What callers of the robot understand stays as it was. Gives the voice agent.
    ///
    /// # Errors
    ///
    /// A voice agent that was changed meanwhile is a [`StoreError::Conflict`].
    pub async fn publish_script(
        &self,
        publication: &Publication,
    ) -> Result<VoiceAgentId, StoreError> {
        let Publication {
            script,
            present,
            draft,
            words,
        } = publication;
        let (tenant, now) = (script.tenant, script.updated_at);
        let mut tx = self.begin().await?;
        let agent = match present {
            Some((id, version)) => {
                replace(&mut tx, tenant, *id, *version, draft, now)
                    .await?
                    .id
            }
            None => insert(&mut tx, tenant, draft, now).await?,
        };
        sql(
            "INSERT INTO robot (tenant, name, voice_agent, profile, notes, created_at) \
             VALUES ($1, $2, $3, 'extended', '{}', $4) ON CONFLICT (tenant, name) DO UPDATE SET \
             voice_agent = excluded.voice_agent",
        )
        .bind(tenant.0)
        .bind(script.id.as_str())
        .bind(agent.0)
        .bind(now.0)
        .run(&mut tx)
        .await?;
        match words {
            Some(words) => {
                let sealed = self.sealed_remote_secret(agent, &words.secret);
                put_remote_robot(&mut tx, agent, tenant, &words.settings, sealed).await?;
            }
            None => remote_robot_removed(&mut tx, agent).await?,
        }
        let published = Script {
            voice_agent: Some(agent),
            ..script.clone()
        };
        put_script(&mut tx, &published).await?;
        self.known_remote_robots.commit(tx).await?;
        Ok(agent)
    }

    /// Removes a script, its name as a robot, and its voice agent if there is one.
    ///
    /// # Errors
    ///
    /// A voice agent that answers a number is a [`StoreError::Conflict`].
    pub async fn unpublish_script(
        &self,
        tenant: TenantId,
        id: &str,
        agent: Option<VoiceAgentId>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if let Some(agent) = agent {
            delete(&mut tx, tenant, agent).await?;
            remote_robot_removed(&mut tx, agent).await?;
        }
        for text in [
            "DELETE FROM robot WHERE tenant = $1 AND name = $2",
            "DELETE FROM script WHERE tenant = $1 AND id = $2",
        ] {
            sql(text).bind(tenant.0).bind(id).run(&mut tx).await?;
        }
        self.known_remote_robots.commit(tx).await
    }
}
