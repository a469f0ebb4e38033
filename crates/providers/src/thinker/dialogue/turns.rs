//! One question at a time, the newest first.

use std::future::Future;

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
}

impl<R: Robot> Turns<R> {
    pub fn new(robot: R, thoughts: Thoughts) -> Self {
        Self { robot, thoughts }
    }

    /// Answers until nobody asks any more, then says goodbye.
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
        if has_begun && let Err(why) = self.robot.end().await {
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
