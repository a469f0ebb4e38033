//! Robots elsewhere as thinkers: Alibaba Cloud's `Dialogue`, one request an utterance.
//!
//! The robot keeps the history; it is told what happened on our call and says what to say and do
//! (the vendor's page *Dialogue*, 2019-12-26). `strict` sends only what that page documents;
//! `extended` names each event in `ActionKey`, as the product itself records them.
//!
//! # Invariants
//!
//! - A question is asked again only if the connection failed, timed out, or the robot reported a
//!   failure of its own; it then carries `x-acs-retry-attempts`, so that a robot which has answered
//!   already can know it.
//! - A newer question makes an older one void; its answer is not waited for.
//! - The end of the call is told once, when the thinker is dropped.

mod asked;
mod feedback;
mod request;
mod sign;
mod turns;

pub use asked::Wording;
pub use request::{CallFacts, RemoteSettings};

pub(super) use feedback::gather;
pub(crate) use request::cause;
pub(super) use request::{ANSWER_BYTES_MAX, Failure, Link};
pub(super) use turns::{Leaves, Robot, Turns};

use tokio::sync::mpsc;
use voice::thinker::ThinkRequest;

use self::request::DialogueLink;
use crate::port::{Thinker, Thoughts};

/// Questions that may wait; an older one is void as soon as a newer one is there.
pub(super) const QUESTIONS_MAX: usize = 16;

/// One call's robot elsewhere.
#[derive(Debug)]
pub struct DialogueThinker(mpsc::Sender<ThinkRequest>, Leaves);

impl DialogueThinker {
    /// Nothing is sent before the first question. Must be called within a tokio runtime.
    pub fn new(
        client: reqwest::Client,
        settings: RemoteSettings,
        facts: CallFacts,
        thoughts: Thoughts,
    ) -> Self {
        let (questions, inbox) = mpsc::channel(QUESTIONS_MAX);
        let robot = DialogueLink::new(Link { client, settings }, facts);
        let leaves = Leaves::default();
        tokio::spawn(Turns::new(robot, thoughts, leaves.clone()).run(inbox));
        Self(questions, leaves)
    }
}

impl Thinker for DialogueThinker {
    fn ask(&mut self, request: ThinkRequest) {
        if self.0.try_send(request).is_err() {
            tracing::warn!("a robot elsewhere is asked faster than it can be told");
        }
    }

    fn leave(&mut self) {
        self.1.set();
    }
}

#[cfg(test)]
mod tests;
