//! The machine of one conversation.

use std::{collections::VecDeque, time::Instant};

use super::{Exchange, Input, Output, Settings};

/// The conversation of one call.
#[derive(Debug)]
pub struct Conversation {
    settings: Settings,
    utterance: u32,
    history: Vec<Exchange>,
    outputs: VecDeque<Output>,
}

impl Conversation {
    /// A conversation that begins with [`Input::Started`].
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            utterance: 0,
            history: Vec::new(),
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`Conversation::poll`] before the next one.
    pub fn handle(&mut self, _input: Input, _now: Instant) {}

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next instant something happens by itself, and what. `None` only before the start and
    /// after the end.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        None
    }

    /// The number of the stretch of caller speech that started last, from 1.
    pub fn utterance(&self) -> u32 {
        self.utterance
    }

    /// What was said and heard so far, oldest first. What was not heard is not in it.
    pub fn history(&self) -> &[Exchange] {
        &self.history
    }

    /// Whether the conversation has ended.
    pub fn is_over(&self) -> bool {
        false
    }

    /// How this conversation is held.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
