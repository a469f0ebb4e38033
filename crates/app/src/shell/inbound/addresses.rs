//! Addresses of trunks, so that a call that comes in waits for no DNS.
//!
//! # Invariants
//!
//! - A host is looked up at most once in [`FRESH_MAX`], whoever calls and however often.
//! - Calls wait for the first lookup of a host only; later they are judged by what is known while
//!   it is looked up again.
//! - A failed lookup forgets nothing: DNS that is down does not lock a carrier out.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use store::TRUNKS_MAX;
use tokio::sync::OnceCell;

/// Age from which addresses are looked up again.
const FRESH_MAX: Duration = Duration::from_secs(30);

/// Longest wait for DNS.
const LOOKUP_MAX: Duration = Duration::from_secs(2);

/// Hosts remembered: those of every trunk, and of as many that were changed.
const HOSTS_MAX: usize = 2 * TRUNKS_MAX as usize;

/// What DNS said of the hosts of trunks.
#[derive(Clone, Default)]
pub struct Addresses {
    known: Arc<Mutex<HashMap<String, Known>>>,
}

struct Known {
    ips: Vec<IpAddr>,
    asked_at: Instant,
    /// Set when the first lookup is over.
    first: Arc<OnceCell<()>>,
}

/// What is to be done about a host that is asked for.
struct Next {
    /// Look it up while the caller goes on with what is known.
    refresh: bool,
    /// Wait for this, or do it.
    first: Arc<OnceCell<()>>,
}

impl Addresses {
    /// Whether `host` has this address.
    pub async fn has(&self, host: &str, ip: IpAddr) -> bool {
        self.of(host).await.contains(&ip)
    }

    /// The addresses of `host`, as far as they are known.
    pub async fn of(&self, host: &str) -> Vec<IpAddr> {
        let host = host.trim_matches(['[', ']']);
        if let Ok(literal) = host.parse::<IpAddr>() {
            return vec![literal];
        }
        let next = self.next(host, Instant::now());
        if next.refresh {
            let (addresses, host) = (self.clone(), host.to_owned());
            tokio::spawn(async move { addresses.look_up(&host).await });
        }
        next.first.get_or_init(|| self.look_up(host)).await;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(host)
            .map(|known| known.ips.clone())
            .unwrap_or_default()
    }

    /// Decides, and counts the host as asked.
    fn next(&self, host: &str, now: Instant) -> Next {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get_mut(host) {
            let refresh = now.duration_since(known.asked_at) >= FRESH_MAX;
            if refresh {
                known.asked_at = now;
            }
            let first = Arc::clone(&known.first);
            return Next { refresh, first };
        }
        if known.len() >= HOSTS_MAX {
            known.clear();
        }
        let first = Arc::<OnceCell<()>>::default();
        let asked = Known {
            ips: Vec::new(),
            asked_at: now,
            first: Arc::clone(&first),
        };
        known.insert(host.to_owned(), asked);
        Next {
            refresh: false,
            first,
        }
    }

    async fn look_up(&self, host: &str) {
        let found = tokio::time::timeout(LOOKUP_MAX, tokio::net::lookup_host((host, 0))).await;
        match found {
            Ok(Ok(found)) => {
                let ips = found.map(|address| address.ip()).collect();
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(known) = known.get_mut(host) {
                    known.ips = ips;
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, host, "failed to look up a trunk's host"),
            Err(_) => tracing::warn!(host, "DNS does not answer for a trunk's host"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_looked_up_once_in_thirty_seconds() {
        let addresses = Addresses::default();
        let begin = Instant::now();
        let refreshes = |after_s| {
            let now = begin + Duration::from_secs(after_s);
            addresses.next("sip.example", now).refresh
        };
        assert_eq!(
            [0, 29, 30, 31, 60].map(refreshes),
            [false, false, true, false, true]
        );
    }

    #[tokio::test]
    async fn a_written_address_needs_no_lookup() {
        let addresses = Addresses::default();
        assert!(
            addresses
                .has("[2001:db8::1]", "2001:db8::1".parse().unwrap())
                .await
        );
        assert!(
            !addresses
                .has("192.0.2.1", "192.0.2.2".parse().unwrap())
                .await
        );
        assert!(addresses.known.lock().unwrap().is_empty());
    }
}
