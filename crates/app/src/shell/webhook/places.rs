//! Who may send now: so many at once altogether, and fewer to one endpoint, so that a receiver
//! that is dead holds up no other.
//!
//! # Invariants
//!
//! - Whoever waits for its endpoint holds no place of the others.
//! - Those that wait are bounded, by endpoint and altogether.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use model::WebhookEndpointId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// POSTs at once.
const AT_ONCE_MAX: usize = 32;

/// POSTs at once to one endpoint.
const PER_ENDPOINT_MAX: usize = 8;

/// Deliveries of one endpoint that are held, the ones being sent among them.
const HELD_PER_ENDPOINT_MAX: usize = 256;

/// Deliveries that are held altogether: with some kilobytes each, a few megabytes.
const HELD_MAX: usize = 2048;

/// Places of all endpoints. Cheap to clone.
#[derive(Clone)]
pub(super) struct Places {
    held: Arc<Semaphore>,
    at_once: Arc<Semaphore>,
    endpoints: Arc<Mutex<HashMap<WebhookEndpointId, Endpoint>>>,
}

struct Endpoint {
    n_held: usize,
    at_once: Arc<Semaphore>,
}

/// A place in the queue of one endpoint; given back when it is dropped.
pub(super) struct Place {
    places: Places,
    endpoint: WebhookEndpointId,
    at_once: Arc<Semaphore>,
    _held: OwnedSemaphorePermit,
}

/// Its holder may send. Keeps the place in the queue too.
pub(super) struct Turn {
    _of_endpoint: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
    _place: Place,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            held: Arc::new(Semaphore::new(HELD_MAX)),
            at_once: Arc::new(Semaphore::new(AT_ONCE_MAX)),
            endpoints: Arc::default(),
        }
    }
}

impl Places {
    /// A place in the queue of `endpoint`; `None` when too many wait.
    pub(super) fn enter(&self, endpoint: WebhookEndpointId) -> Option<Place> {
        let held = Arc::clone(&self.held).try_acquire_owned().ok()?;
        let mut endpoints = self.endpoints.lock().expect(LOCK);
        let known = endpoints.entry(endpoint).or_insert_with(|| Endpoint {
            n_held: 0,
            at_once: Arc::new(Semaphore::new(PER_ENDPOINT_MAX)),
        });
        if known.n_held == HELD_PER_ENDPOINT_MAX {
            return None;
        }
        known.n_held += 1;
        Some(Place {
            places: self.clone(),
            endpoint,
            at_once: Arc::clone(&known.at_once),
            _held: held,
        })
    }
}

impl Place {
    /// Waits until its holder may send; first come, first served.
    pub(super) async fn turn(self) -> Turn {
        let of_endpoint = Arc::clone(&self.at_once).acquire_owned().await;
        let of_all = Arc::clone(&self.places.at_once).acquire_owned().await;
        Turn {
            _of_endpoint: of_endpoint.expect("nothing closes it"),
            _of_all: of_all.expect("nothing closes it"),
            _place: self,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut endpoints = self.places.endpoints.lock().expect(LOCK);
        if let Some(known) = endpoints.get_mut(&self.endpoint) {
            known.n_held -= 1;
            if known.n_held == 0 {
                endpoints.remove(&self.endpoint);
            }
        }
    }
}

const LOCK: &str = "nothing panics while it holds this lock";

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    const DEAD: WebhookEndpointId = WebhookEndpointId(1);
    const ALIVE: WebhookEndpointId = WebhookEndpointId(2);

    #[test]
    fn a_dead_receiver_leaves_places_to_others() {
        let places = Places::default();
        let sending: Vec<Turn> = (0..AT_ONCE_MAX)
            .filter_map(|_| turn_now(places.enter(DEAD).unwrap()))
            .collect();
        assert_eq!(sending.len(), PER_ENDPOINT_MAX);
        assert!(turn_now(places.enter(ALIVE).unwrap()).is_some());
    }

    #[test]
    fn the_queue_of_an_endpoint_ends_and_is_free_again() {
        let places = Places::default();
        let queue: Vec<Place> = (0..HELD_PER_ENDPOINT_MAX)
            .map(|_| places.enter(DEAD).unwrap())
            .collect();
        assert!(places.enter(DEAD).is_none());
        assert!(places.enter(ALIVE).is_some());
        drop(queue);
        assert!(places.enter(DEAD).is_some());
        assert!(places.endpoints.lock().unwrap().is_empty());
    }

    fn turn_now(place: Place) -> Option<Turn> {
        let mut context = Context::from_waker(Waker::noop());
        match pin!(place.turn()).poll(&mut context) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }
}
