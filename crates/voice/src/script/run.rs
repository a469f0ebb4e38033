//! One caller's way through a script.

use std::sync::Arc;

use super::Script;
use crate::{
    line::Variables,
    thinker::{Decision, ThinkRequest},
};

/// One caller's way through a script.
#[derive(Clone, Debug)]
pub struct ScriptRun {
    script: Arc<Script>,
    variables: Variables,
}

impl ScriptRun {
    /// Begins before the greeting.
    pub fn new(script: Arc<Script>, variables: Variables) -> Self {
        Self { script, variables }
    }

    /// The whole answer to one request, never empty.
    pub fn think(&mut self, request: &ThinkRequest) -> Vec<Decision> {
        let _ = (request, &self.script, &self.variables);
        Vec::new()
    }

    /// The name of the step at which the caller is.
    pub fn step(&self) -> &str {
        &self.script.parts().start
    }
}
