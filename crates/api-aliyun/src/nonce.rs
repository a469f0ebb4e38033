//! Requests that were here before.
//!
//! A nonce is remembered as long as a request that carries it could still be in time. Nonces are
//! kept by the time that they were signed with, so that whole tables can be forgotten at once. Only
//! nonces of proven requests are kept: strangers cannot fill the table.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    sync::Mutex,
};

use model::{CredentialId, UnixMs};

use crate::{fault::Fault, sign::CLOCK_MAX};

/// Nonces in memory, 9 to 18 bytes each: half an hour at more than 4,000 requests a second. A full
/// table refuses requests rather than forget any.
pub const NONCES_MAX: usize = 8_000_000;

/// What was seen.
pub(crate) struct Nonces {
    hasher: RandomState,
    /// By the quarter of an hour in which they were signed. Hashes with a key of this process
    /// stand for the nonces: two of eight million are alike with a chance below one in 500,000.
    seen: Mutex<BTreeMap<i64, HashSet<u64>>>,
    n_max: usize,
}

impl Nonces {
    pub fn new(n_max: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            seen: Mutex::default(),
            n_max,
        }
    }

    /// Takes a nonce that was not used before.
    pub fn take(
        &self,
        credential: &CredentialId,
        nonce: &str,
        signed_at: UnixMs,
        now: UnixMs,
    ) -> Result<(), Fault> {
        let hash = self.hasher.hash_one((credential.as_str(), nonce));
        let mut seen = self
            .seen
            .lock()
            .expect("nothing panics while it holds this lock");
        let oldest = quarter(now.minus(CLOCK_MAX));
        while seen.first_key_value().is_some_and(|(at, _)| *at < oldest) {
            seen.pop_first();
        }
        // The same nonce under another time is the same request signed again: still a new one only
        // if no table has it.
        if seen.values().any(|table| table.contains(&hash)) {
            return Err(Fault::nonce_used());
        }
        if seen.values().map(HashSet::len).sum::<usize>() >= self.n_max {
            return Err(Fault::busy());
        }
        seen.entry(quarter(signed_at)).or_default().insert(hash);
        Ok(())
    }
}

fn quarter(at: UnixMs) -> i64 {
    at.seconds().div_euclid(15 * 60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: UnixMs = UnixMs(1_767_323_045_000);

    #[test]
    fn a_nonce_is_taken_once_by_each_credential() {
        let nonces = Nonces::new(100);
        assert_eq!(take(&nonces, "a", "1", NOW), Ok(()));
        assert_eq!(take(&nonces, "a", "1", NOW), Err(Fault::nonce_used()));
        assert_eq!(take(&nonces, "b", "1", NOW), Ok(()));
        assert_eq!(take(&nonces, "a", "2", NOW), Ok(()));
    }

    #[test]
    fn a_nonce_is_remembered_while_its_request_could_be_in_time() {
        let nonces = Nonces::new(100);
        let signed_at = NOW.plus(CLOCK_MAX);
        let id = CredentialId("a".into());
        nonces.take(&id, "1", signed_at, NOW).unwrap();
        let last = signed_at.plus(CLOCK_MAX);
        assert!(nonces.take(&id, "1", signed_at, last).is_err());
        let later = last.plus(Duration::from_secs(16 * 60));
        assert!(nonces.take(&id, "1", later, later).is_ok());
    }

    #[test]
    fn a_full_table_refuses_and_forgets_nothing() {
        let nonces = Nonces::new(2);
        take(&nonces, "a", "1", NOW).unwrap();
        take(&nonces, "a", "2", NOW).unwrap();
        assert_eq!(take(&nonces, "a", "3", NOW), Err(Fault::busy()));
        assert_eq!(take(&nonces, "a", "1", NOW), Err(Fault::nonce_used()));
    }

    fn take(nonces: &Nonces, credential: &str, nonce: &str, now: UnixMs) -> Result<(), Fault> {
        nonces.take(&CredentialId(credential.into()), nonce, now, now)
    }
}
