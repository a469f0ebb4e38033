//! What somebody else wants of the call.

use std::time::Instant;

use engine::call::Command;
use model::{InstructionOutcome, Refusal};

use super::Task;
use crate::shell::call::{CallCommand, Instruct, Told};

impl Task {
    pub(super) async fn on_command(&mut self, command: CallCommand) {
        // Whoever asked may have given up.
        match command {
            CallCommand::Call { command, answer } => {
                let _ = answer.send(self.session.command(&command, Instant::now()));
            }
            CallCommand::Agent(Instruct { told, answer }) => {
                let _ = answer.send(self.instruct(told));
            }
            CallCommand::Party(ask) => self.on_party_ask(ask),
            CallCommand::Give { leg, to, answer } => {
                Box::pin(self.give(leg, to, answer)).await;
            }
            CallCommand::Replace(replace) => Box::pin(self.replace(*replace)).await,
        }
    }

    fn instruct(&mut self, told: Told) -> Result<InstructionOutcome, Refusal> {
        self.session.command(&Command::Instruct, Instant::now())?;
        let state = "without a voice agent";
        match (&mut self.agent, &self.leg) {
            (Some(agent), Some(leg)) => Ok(agent.voice.told(told, &self.app, leg)),
            (None, _) | (_, None) => Err(Refusal::CallNotControllable { state }),
        }
    }
}
