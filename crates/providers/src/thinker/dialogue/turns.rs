//! One question at a time, the newest first.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::mpsc;
use voice::thinker::{ThinkRequest, TurnId};

use super::Failure;
use crate::port::{Step, Thought, Thoughts};

/// What answers questions one after the other.
pub(crate) trait Robot: Send + 'static {
    /// Answers a question with any number of thoughts.
    fn answer(
        &mut self,
        request: &ThinkRequest,
        thoughts: &Thoughts,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// The call is over.
    fn end(&mut self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// The task of one thinker.
pub(crate) struct Turns<R> {
    robot: R,
    thoughts: Thoughts,
    leaves: Leaves,
}

/// Whether the end is kept back: the conversation goes on without this thinker.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaves(Arc<AtomicBool>);

impl Leaves {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<R: Robot> Turns<R> {
    pub fn new(robot: R, thoughts: Thoughts, leaves: Leaves) -> Self {
        Self {
            robot,
            thoughts,
            leaves,
        }
    }

    /// Answers until nobody asks any more, then says goodbye, unless the thinker has left.
    pub async fn run(mut self, mut questions: mpsc::Receiver<ThinkRequest>) {
        let mut next = questions.recv().await;
        let has_begun = next.is_some();
        while let Some(request) = next {
            let turn = request.turn;
            next = tokio::select! {
                newer = questions.recv() => newer,
                done = self.robot.answer(&request, &self.thoughts) => {
                    if let Err(why) = done {
                        self.fail(turn, &why).await;
                    }
                    questions.recv().await
                }
            };
        }
        let tells = has_begun && !self.leaves.0.load(Ordering::Relaxed);
        if tells && let Err(why) = self.robot.end().await {
            tracing::info!(%why, "a robot elsewhere does not know that its call is over");
        }
    }

    async fn fail(&self, turn: TurnId, why: &Failure) {
        let failed = Thought {
            turn,
            step: Step::Failed {
                why: why.to_string(),
            },
        };
        self.thoughts.put(failed).await;
    }
}
