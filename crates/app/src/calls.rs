//! The calls that run in this process.

use std::{collections::HashMap, sync::Mutex};

use engine::call::{Command, Invitation};
use model::{CallId, InstructionOutcome, ListenMode, PartyId, Refusal, TenantId};
use tokio::sync::{mpsc, oneshot};

use crate::shell::call::{CallCommand, Instruct, PartyAsk, Told};

/// A running call, for whoever wants something of it.
#[derive(Clone)]
pub struct CallHandle {
    tenant: TenantId,
    commands: mpsc::Sender<CallCommand>,
}

/// Every running call.
#[derive(Default)]
pub struct Calls(Mutex<HashMap<CallId, CallHandle>>);

impl CallHandle {
    /// A call of `tenant` that takes commands here.
    pub fn new(tenant: TenantId, commands: mpsc::Sender<CallCommand>) -> Self {
        Self { tenant, commands }
    }

    /// Whose call it is.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Asks the call's task; a call that ended meanwhile cannot be controlled any more.
    pub async fn command(&self, command: Command) -> Result<(), Refusal> {
        let gone = || Refusal::CallNotControllable { state: "ended" };
        let (answer, taken) = oneshot::channel();
        self.commands
            .send(CallCommand::Call { command, answer })
            .await
            .map_err(|_| gone())?;
        taken.await.map_err(|_| gone())?
    }

    /// Wants somebody in the call; gives their number there.
    pub async fn invite(&self, invitation: Invitation) -> Result<PartyId, Refusal> {
        self.ask(|answer| PartyAsk::Invite { invitation, answer })
            .await
    }

    /// Wants somebody out of the call.
    pub async fn dismiss(
        &self,
        party: PartyId,
        is_supervisor: bool,
        by: String,
    ) -> Result<(), Refusal> {
        self.ask(|answer| PartyAsk::Dismiss {
            party,
            is_supervisor,
            by,
            answer,
        })
        .await
    }

    /// Lets a supervisor be heard by others.
    pub async fn change_mode(
        &self,
        party: PartyId,
        mode: ListenMode,
        by: String,
    ) -> Result<(), Refusal> {
        self.ask(|answer| PartyAsk::Mode {
            party,
            mode,
            by,
            answer,
        })
        .await
    }

    async fn ask<T>(
        &self,
        ask: impl FnOnce(oneshot::Sender<Result<T, Refusal>>) -> PartyAsk,
    ) -> Result<T, Refusal> {
        let gone = || Refusal::CallNotControllable { state: "ended" };
        let (answer, answered) = oneshot::channel();
        self.commands
            .send(CallCommand::Party(ask(answer)))
            .await
            .map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Gives the call's task something to do; `false` if it has ended.
    pub(crate) async fn pass(&self, command: CallCommand) -> bool {
        self.commands.send(command).await.is_ok()
    }

    /// Tells the call's voice agent what to do; gives what becomes of it.
    pub async fn instruct(&self, told: Told) -> Result<InstructionOutcome, Refusal> {
        let gone = || Refusal::CallNotControllable { state: "ended" };
        let (answer, outcome) = oneshot::channel();
        self.commands
            .send(CallCommand::Agent(Instruct { told, answer }))
            .await
            .map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}

impl Calls {
    /// Adds a call that starts.
    pub fn insert(&self, id: CallId, call: CallHandle) {
        self.map().insert(id, call);
    }

    /// Forgets a call that is over.
    pub fn remove(&self, id: &CallId) {
        self.map().remove(id);
    }

    /// The call with this id, if it runs.
    pub fn find(&self, id: &CallId) -> Option<CallHandle> {
        self.map().get(id).cloned()
    }

    /// Every running call.
    pub fn all(&self) -> Vec<CallHandle> {
        self.map().values().cloned().collect()
    }

    /// How many run.
    pub fn len(&self) -> usize {
        self.map().len()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<CallId, CallHandle>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
