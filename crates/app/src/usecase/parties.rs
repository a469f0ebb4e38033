//! Third parties and supervisors of running calls.

use engine::call::Invitation;
use model::{CallId, ListenMode, PartyId, TenantId};

use crate::{App, Fault};

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
        let call = self.controllable(tenant, call).await?;
        Ok(call.invite(invitation).await?)
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
