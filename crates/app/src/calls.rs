//! The calls that run in this process.

use std::{collections::HashMap, sync::Mutex};

use engine::call::Command;
use model::{CallId, InstructionOutcome, Refusal, TenantId};
use tokio::sync::{mpsc, oneshot};

use crate::shell::call::{CallCommand, Instruct, Told};

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
