//! Third parties and supervisors of running calls.

use std::time::Duration;

use engine::call::Invitation;
use model::{CallId, ListenMode, PartyId, TenantId};

use crate::{App, Fault};

/// Longest wait until whoever was invited is in the call's record.
const WRITTEN_MAX: Duration = Duration::from_secs(2);

impl App {
    /// Rings somebody for a running call; they are in it once they answer. Gives their number there.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call, one that is not up, one whose person is being handed over, and one
    /// that has too many parties. That nobody is found or answers is an event of the call.
    pub async fn invite(
        &self,
        tenant: TenantId,
        call: &CallId,
        invitation: Invitation,
    ) -> Result<PartyId, Fault> {
        let running = self.controllable(tenant, call).await?;
        let party = running.invite(invitation).await?;
        // Whoever is told the number looks for it at once.
        let written = tokio::time::timeout(WRITTEN_MAX, self.has_party(call, party));
        if !matches!(written.await, Ok(Ok(()))) {
            tracing::warn!(%call, "the database is late: a party rings that is not in the record yet");
        }
        Ok(party)
    }

    /// Waits until the call's record has this party.
    async fn has_party(&self, call: &CallId, party: PartyId) -> Result<(), Fault> {
        let mut journal = self.journal_watch();
        loop {
            let stored = self.store().call_any(call).await?;
            if stored.parties.iter().any(|present| present.id == party) {
                return Ok(());
            }
            if journal.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    /// Sends a further party out of a running call; `is_supervisor`: one who listens in.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call or party, and a call that is not up.
    pub async fn dismiss(
        &self,
        tenant: TenantId,
        call: &CallId,
        party: PartyId,
        is_supervisor: bool,
        by: &str,
    ) -> Result<(), Fault> {
        let call = self.controllable(tenant, call).await?;
        let by = by.to_owned();
        Ok(call.dismiss(party, is_supervisor, by).await?)
    }

    /// Lets a supervisor who listens in be heard by others, or by nobody.
    ///
    /// # Errors
    ///
    /// As [`App::dismiss`]; and a third party, who talks with everybody.
    pub async fn change_listen_mode(
        &self,
        tenant: TenantId,
        call: &CallId,
        party: PartyId,
        mode: ListenMode,
        by: &str,
    ) -> Result<(), Fault> {
        let call = self.controllable(tenant, call).await?;
        Ok(call.change_mode(party, mode, by.to_owned()).await?)
    }
}
