//! Commands to running calls.

use std::sync::Arc;

use engine::call::Command;
use model::{CallId, HungUpSide, InstructionOutcome, PlaySound, Refusal, TenantId};
use store::StoreError;

use crate::{App, Fault, calls::CallHandle, shell::call::Told};

/// Most times that a sound can be asked to play. The vendor names no limit; this one keeps a typing
/// error from playing for a day.
const PLAY_TIMES_MAX: u32 = 100;

impl App {
    /// Plays a sound into a running call.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call, one that is not up, an unknown sound, and counts outside 1 to 100.
    pub async fn play_sound(&self, command: PlaySound) -> Result<(), Fault> {
        if !(1..=PLAY_TIMES_MAX).contains(&command.times) {
            let why = format!("must be 1 to {PLAY_TIMES_MAX}");
            return Err(Refusal::Invalid {
                field: "times",
                why,
            }
            .into());
        }
        let call = self.controllable(command.tenant, &command.call).await?;
        match self.store().sound(command.tenant, command.sound).await {
            Ok(_) => {}
            Err(StoreError::NotFound { .. }) => {
                return Err(Refusal::SoundNotFound(command.sound.0).into());
            }
            Err(error) => return Err(error.into()),
        }
        let PlaySound {
            sound, times, over, ..
        } = command;
        Ok(call
            .command(Command::PlaySound { sound, times, over })
            .await?)
    }

    /// Hands the person of a running call over to whoever `target` names, instead of its voice agent.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call, one that is not up, and one that a person has or is asked to take.
    pub async fn hand_over(
        &self,
        tenant: TenantId,
        call: &CallId,
        target: &str,
    ) -> Result<(), Fault> {
        let call = self.controllable(tenant, call).await?;
        let target = target.to_owned();
        Ok(call.command(Command::HandOver { target }).await?)
    }

    /// Puts one of two who talk with each other on hold, or lets it go on: its phone is told so by re-INVITE and
    /// hears music, the other side hears nobody.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call, one that is not up, and to hold where a voice agent or several people have the
    /// call.
    pub async fn hold(
        &self,
        tenant: TenantId,
        call: &CallId,
        side: HungUpSide,
        on: bool,
    ) -> Result<(), Fault> {
        let call = self.controllable(tenant, call).await?;
        Ok(call.command(Command::Hold { side, on }).await?)
    }

    /// Ends a call. `by` is noted in its events.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call and one that has ended.
    pub async fn hang_up(&self, tenant: TenantId, call: &CallId, by: &str) -> Result<(), Fault> {
        let call = self.controllable(tenant, call).await?;
        Ok(call.command(Command::HangUp { by: by.to_owned() }).await?)
    }

    /// Tells the voice agent of a running call what to say or to think about. Gives what becomes of
    /// it.
    ///
    /// # Errors
    ///
    /// Refuses an unknown call and one that is not up.
    pub async fn instruct(
        &self,
        tenant: TenantId,
        call: &CallId,
        told: Told,
    ) -> Result<InstructionOutcome, Fault> {
        let call = self.controllable(tenant, call).await?;
        Ok(call.instruct(told).await?)
    }

    pub(super) async fn controllable(
        &self,
        tenant: TenantId,
        id: &CallId,
    ) -> Result<CallHandle, Fault> {
        if let Some(call) = self.calls().find(id).filter(|call| call.tenant() == tenant) {
            return Ok(call);
        }
        match self.store().call(tenant, id).await {
            Ok(call) => Err(Refusal::CallNotControllable {
                state: call.state.name(),
            }
            .into()),
            Err(StoreError::NotFound { .. }) => Err(Refusal::CallNotFound.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Tells every running call to be over by `deadline`.
    pub(crate) async fn drain_calls(self: &Arc<Self>, deadline: std::time::Instant) {
        for call in self.calls().all() {
            // A call that is just ending needs no telling.
            let _ = call.command(Command::Drain { deadline }).await;
        }
    }
}
