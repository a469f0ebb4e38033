//! What decides what a voice agent says.

use voice::{
    script::ScriptRun,
    thinker::{Decision, ThinkRequest},
};

/// One caller's thinker. Later back ends that take time answer through the same decisions.
pub trait Thinker: Send {
    /// The whole answer to one request, never empty.
    fn think(&mut self, request: &ThinkRequest) -> Vec<Decision>;
}

impl Thinker for ScriptRun {
    fn think(&mut self, request: &ThinkRequest) -> Vec<Decision> {
        ScriptRun::think(self, request)
    }
}
