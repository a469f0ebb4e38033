//! How many connections there may be.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Connections at once, in both directions.
const CONNECTIONS_MAX: usize = 1000;

/// Connections that peers opened: the rest is kept for ours.
const ACCEPTED_MAX: usize = 800;

/// Connections that strangers opened: the rest is kept for trunks and registered phones.
const STRANGERS_MAX: usize = 600;

/// Connections that one address opened; a carrier's proxy needs a few.
const ACCEPTED_PER_ADDRESS_MAX: usize = 50;

/// Counts connections.
#[derive(Default)]
pub struct Places {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    n_open: usize,
    n_accepted: usize,
    /// Of those who were strangers then.
    n_strangers: usize,
    /// No entry for none.
    n_accepted_by_address: HashMap<IpAddr, usize>,
    known: HashSet<IpAddr>,
}

/// Counts one connection while it lives.
pub struct Place {
    places: Arc<Places>,
    /// Who opened it; `None`: we did.
    pub opened_by: Option<IpAddr>,
    is_of_a_stranger: bool,
}

impl Place {
    /// A place for a connection that we open.
    pub fn ours(places: &Arc<Places>) -> Option<Self> {
        let mut counts = places.lock();
        if counts.n_open >= CONNECTIONS_MAX {
            return None;
        }
        counts.n_open += 1;
        Some(Self {
            places: Arc::clone(places),
            opened_by: None,
            is_of_a_stranger: false,
        })
    }

    /// A place for a connection that a peer opened.
    pub fn accepted(places: &Arc<Places>, peer: IpAddr) -> Option<Self> {
        let mut counts = places.lock();
        let n_of_peer = counts.n_accepted_by_address.get(&peer).copied();
        let is_of_a_stranger = !counts.known.contains(&peer.to_canonical());
        if counts.n_open >= CONNECTIONS_MAX
            || counts.n_accepted >= ACCEPTED_MAX
            || is_of_a_stranger && counts.n_strangers >= STRANGERS_MAX
            || n_of_peer.is_some_and(|n| n >= ACCEPTED_PER_ADDRESS_MAX)
        {
            return None;
        }
        counts.n_open += 1;
        counts.n_accepted += 1;
        counts.n_strangers += usize::from(is_of_a_stranger);
        *counts.n_accepted_by_address.entry(peer).or_insert(0) += 1;
        Some(Self {
            places: Arc::clone(places),
            opened_by: Some(peer),
            is_of_a_stranger,
        })
    }
}

impl Places {
    /// These addresses are known, and nobody else. What is open stays what it was.
    pub fn know(&self, peers: impl IntoIterator<Item = IpAddr>) {
        self.lock().known = peers.into_iter().collect();
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.places.lock();
        counts.n_open -= 1;
        let Some(peer) = self.opened_by else {
            return;
        };
        counts.n_accepted -= 1;
        counts.n_strangers -= usize::from(self.is_of_a_stranger);
        if let Entry::Occupied(mut n) = counts.n_accepted_by_address.entry(peer) {
            *n.get_mut() -= 1;
            if *n.get() == 0 {
                n.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_leave_places_for_known_peers_and_all_peers_for_ours() {
        let places = Arc::<Places>::default();
        let peer = |n: u32| IpAddr::from(n.to_be_bytes());
        let of_one: Vec<_> = (0..100)
            .filter_map(|_| Place::accepted(&places, peer(1)))
            .collect();
        assert_eq!(of_one.len(), ACCEPTED_PER_ADDRESS_MAX);
        let of_all: Vec<_> = (0..2000)
            .filter_map(|n| Place::accepted(&places, peer(n)))
            .collect();
        assert_eq!(of_one.len() + of_all.len(), STRANGERS_MAX);
        assert!(Place::ours(&places).is_some());
        places.know((3000..4000).map(peer));
        let of_known: Vec<_> = (3000..4000)
            .filter_map(|n| Place::accepted(&places, peer(n)))
            .collect();
        assert_eq!(of_known.len(), ACCEPTED_MAX - STRANGERS_MAX);
        assert!(Place::ours(&places).is_some());
        drop((of_one, of_all, of_known));
        let counts = places.lock();
        assert_eq!(
            (counts.n_open, counts.n_accepted, counts.n_strangers),
            (0, 0, 0)
        );
        assert!(counts.n_accepted_by_address.is_empty());
    }
}
