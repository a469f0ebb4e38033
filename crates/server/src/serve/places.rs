//! Room for HTTP connections: so many at once, and of one far address only a part of them, so that
//! whoever opens connections and says nothing on them shuts nobody else out.
//!
//! Addresses of this machine have no share of their own: a proxy in front of us stands for everybody.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections at once. A machine gives a process 20,000 files or more; calls need three each.
const ALL_MAX: u32 = 4096;

/// Of these, connections of one address: an office behind one address, each browser with six of them,
/// has room for 170 people.
const ADDRESS_MAX: u32 = ALL_MAX / 4;

/// See the module.
pub struct Places {
    all: Arc<Semaphore>,
    shares: Arc<Shares>,
}

/// Connections of each far address that has any.
#[derive(Default)]
struct Shares(Mutex<HashMap<IpAddr, u32>>);

/// Room for one connection, given back when it is dropped.
pub struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_address: Option<Share>,
}

/// A connection's part of its address's share.
struct Share {
    shares: Arc<Shares>,
    network: IpAddr,
}

impl Places {
    /// All of them free.
    pub fn new() -> Self {
        Self {
            all: Arc::new(Semaphore::new(ALL_MAX as usize)),
            shares: Arc::default(),
        }
    }

    /// Waits until there is room for anybody.
    pub async fn room(&self) -> OwnedSemaphorePermit {
        let all = Arc::clone(&self.all);
        all.acquire_owned()
            .await
            .expect("nobody closes this semaphore")
    }

    /// Makes `room` the place of a connection from `address`; `None` if that has its share already.
    pub fn take(&self, room: OwnedSemaphorePermit, address: IpAddr) -> Option<Place> {
        let of_address = match address.to_canonical() {
            near if near.is_loopback() => None,
            far => Some(self.shares.take(far)?),
        };
        Some(Place {
            _of_all: room,
            _of_address: of_address,
        })
    }

    /// Waits until every place has been given back.
    pub async fn wait_empty(&self) {
        let _all = self.all.acquire_many(ALL_MAX).await;
    }
}

impl Shares {
    fn take(self: &Arc<Self>, address: IpAddr) -> Option<Share> {
        let network = network(address);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if *count >= ADDRESS_MAX {
            return None;
        }
        *count += 1;
        Some(Share {
            shares: Arc::clone(self),
            network,
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.shares.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = counts.entry(self.network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let prefix = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many places as `address` is given, up to `n`.
    async fn take(places: &Places, address: &str, n: u32) -> Vec<Place> {
        let address = address.parse().unwrap();
        let mut taken = Vec::new();
        for _ in 0..n {
            taken.extend(places.take(places.room().await, address));
        }
        taken
    }

    #[tokio::test]
    async fn one_address_has_its_share_and_leaves_the_rest_to_others() {
        let places = Places::new();
        let held = take(&places, "203.0.113.7", ADDRESS_MAX + 5).await;
        assert_eq!(held.len() as u32, ADDRESS_MAX);
        assert_eq!(take(&places, "203.0.113.8", 1).await.len(), 1);
        assert!(
            take(&places, "::ffff:203.0.113.7", 1).await.is_empty(),
            "the same address"
        );
    }

    #[tokio::test]
    async fn an_ipv6_network_is_one_address() {
        let places = Places::new();
        let held = take(&places, "2001:db8::1", ADDRESS_MAX).await;
        assert!(take(&places, "2001:db8::ffff:2", 1).await.is_empty());
        assert_eq!(take(&places, "2001:db8:0:1::1", 1).await.len(), 1);
        drop(held);
    }

    #[tokio::test]
    async fn what_ends_makes_room_and_leaves_nothing_behind() {
        let places = Places::new();
        let mut held = take(&places, "203.0.113.7", ADDRESS_MAX).await;
        held.pop();
        held.extend(take(&places, "203.0.113.7", 2).await);
        assert_eq!(held.len() as u32, ADDRESS_MAX);
        drop(held);
        assert!(places.shares.0.lock().unwrap().is_empty());
        places.wait_empty().await;
    }

    #[tokio::test]
    async fn a_proxy_on_this_machine_stands_for_everybody() {
        let places = Places::new();
        let held = take(&places, "127.0.0.1", ADDRESS_MAX + 5).await;
        assert_eq!(held.len() as u32, ADDRESS_MAX + 5);
    }
}
