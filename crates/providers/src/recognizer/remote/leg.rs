//! One leg's ear: which sound belongs to which utterance, and a task for each.

use std::sync::Arc;

use tokio::{
    runtime::Handle,
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

use super::{Shared, exchange};
use crate::{
    port::{Frame, Listening},
    recognizer::ear::{Ear, UTTERANCE_SAMPLES_MAX},
};

/// Frames that may wait for an utterance's task: as many as an utterance has.
const FEED_MAX: usize = UTTERANCE_SAMPLES_MAX / crate::port::FRAME_SAMPLES + 16;

/// What an utterance's task is fed with.
pub(super) enum Feed {
    /// 20 ms more.
    Sound(Box<Frame>),
    /// The utterance is over.
    End,
}

/// One leg's ear.
pub(super) struct Leg {
    shared: Arc<Shared>,
    runtime: Handle,
    ear: Ear,
    expected: Vec<String>,
    /// The open utterance's task.
    feed: Option<mpsc::Sender<Feed>>,
    /// The last utterance's task, in case it goes on.
    last: Option<AbortHandle>,
    /// All of them; they end with the ear.
    tasks: JoinSet<()>,
}

impl Leg {
    pub fn new(shared: Arc<Shared>, runtime: Handle) -> Self {
        Self {
            expected: shared.listen.expected.clone(),
            shared,
            runtime,
            ear: Ear::default(),
            feed: None,
            last: None,
            tasks: JoinSet::new(),
        }
    }

    /// Starts the task of the utterance that is open now.
    fn begin(&mut self, utterance: u64) {
        while self.tasks.try_join_next().is_some() {}
        let (feed, inbox) = mpsc::channel(FEED_MAX);
        let said = exchange::Said::new(self.ear.said().to_vec(), inbox);
        let shared = Arc::clone(&self.shared);
        let expected = self.expected.clone();
        let task = async move { exchange::run(&shared, utterance, said, expected).await };
        self.last = Some(self.tasks.spawn_on(task, &self.runtime));
        self.feed = Some(feed);
    }
}

impl Listening for Leg {
    fn push(&mut self, frame: &Frame) {
        self.ear.push(frame);
        let Some(feed) = &self.feed else { return };
        // The queue holds an utterance: what does not fit is longer than that, and is left out.
        let _ = feed.try_send(Feed::Sound(Box::new(*frame)));
    }

    fn expect(&mut self, phrases: Vec<String>) {
        self.expected = phrases;
    }

    fn utterance_started(&mut self) -> u64 {
        let utterance = self.ear.started();
        if self.feed.is_none() {
            self.begin(utterance);
        }
        utterance
    }

    fn utterance_ended(&mut self) {
        if self.ear.ended().is_none() {
            return;
        }
        if let Some(feed) = self.feed.take() {
            // Where the queue is full the task sees the end in its being closed.
            let _ = feed.try_send(Feed::End);
        }
    }

    fn utterance_resumed(&mut self) -> u64 {
        let (utterance, joined) = self.ear.resumed();
        if joined && let Some(last) = self.last.take() {
            last.abort();
        }
        if self.feed.is_none() {
            self.begin(utterance);
        }
        utterance
    }
}
