//! Requests of late, so that a repeated one is known.
//!
//! A request is named by its sender as `nonce:digest`: a number drawn for the request, and a digest
//! of what was asked. A sender that draws anew for each request is repeated only when both agree. A
//! sender that always gives the same number says nothing with it; then only what was asked last can
//! be a repetition, as equal pieces (`ha`, `ha`) may be meant.

use std::time::Duration;

use model::UnixMs;

/// A request of a server may be repeated within this time.
pub const REQUEST_WINDOW: Duration = Duration::from_secs(5 * 60);

/// Requests that are remembered of one message and of one conversation.
pub const REQUESTS_MAX: usize = 64;

/// Requests of late with what they led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recent<T> {
    requests: Vec<(String, UnixMs, T)>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self {
            requests: Vec::new(),
        }
    }
}

impl<T> Recent<T> {
    /// Remembers a request; the oldest is forgotten for it where there are too many.
    pub fn note(&mut self, request: &str, at: UnixMs, led_to: T) {
        if self.requests.len() == REQUESTS_MAX {
            self.requests.remove(0);
        }
        self.requests.push((request.to_owned(), at, led_to));
    }

    /// What this request led to when it was made before, and whether it was the last one.
    pub fn find(&self, request: &str, now: UnixMs) -> Option<Found<'_, T>> {
        let at = self
            .requests
            .iter()
            .rposition(|(known, at, _)| known == request && now.since(*at) < REQUEST_WINDOW)?;
        Some(Found {
            led_to: &self.requests[at].2,
            was_last: at + 1 == self.requests.len(),
            is_drawn: self.is_drawn(request),
        })
    }

    /// Whether the sender drew its number for this request only.
    fn is_drawn(&self, request: &str) -> bool {
        let nonce = nonce(request);
        self.requests
            .iter()
            .all(|(known, ..)| known == request || self::nonce(known) != nonce)
    }
}

/// A request that was made before.
pub(super) struct Found<'a, T> {
    /// What it led to.
    pub led_to: &'a T,
    /// Nothing else was asked since.
    pub was_last: bool,
    /// Its number was given with nothing else.
    pub is_drawn: bool,
}

fn nonce(request: &str) -> &str {
    request.split_once(':').map_or(request, |(nonce, _)| nonce)
}
