//! Nonces of our own, and the check of what comes back.
//!
//! A nonce carries its time and a keyed hash, so that a challenge costs no memory. Only a
//! client that proved the password is remembered, with the nonce counts it has used.
//!
//! # Invariants
//!
//! - A proof is accepted once: the same nonce count never again, and a proof without one only
//!   for an unused nonce.
//! - At most [`NONCES_MAX`] nonces are remembered; when one is forgotten early, every nonce as
//!   old as it becomes stale, so that nothing can be replayed.

use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

use super::{Credentials, DigestResponse};

/// Nonces with at least one accepted proof.
const NONCES_MAX: usize = 10_000;
/// Nonce counts that may arrive late, behind the highest.
const WINDOW: u32 = 64;

/// What an endpoint says of a caller's proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The caller knows the password.
    Proved,
    /// The caller knows the password, but the nonce is too old or was used before: challenge
    /// with `stale`.
    Stale,
    /// Wrong password, user, realm or nonce: count it with a [`Guard`](crate::Guard).
    Wrong,
}

/// Makes nonces and checks proofs.
#[derive(Debug)]
pub(crate) struct Verifier {
    key: [u8; 32],
    life: Duration,
    /// Instants are counted from here.
    epoch: Option<Instant>,
    used: HashMap<Stamp, Counts>,
    by_age: BTreeSet<Stamp>,
    /// Nonces up to this one are stale.
    floor: Option<Stamp>,
}

/// Milliseconds since the epoch, and a salt that makes it unique.
type Stamp = (u64, u64);

/// Nonce counts that were used: the highest, and which of the 64 below it.
#[derive(Clone, Copy, Debug)]
struct Counts {
    highest: u32,
    seen: u64,
}

impl Verifier {
    pub fn new(key: [u8; 32], life: Duration) -> Self {
        Self {
            key,
            life,
            epoch: None,
            used: HashMap::new(),
            by_age: BTreeSet::new(),
            floor: None,
        }
    }

    /// A new nonce for this realm.
    pub fn nonce(&mut self, realm: &str, salt: u64, now: Instant) -> String {
        let at = self.millis(now);
        self.write((at, salt), realm)
    }

    /// Judges a proof, and remembers it if it is good.
    pub fn check(&mut self, proof: &DigestResponse, known: &Credentials, now: Instant) -> Verdict {
        let now = self.millis(now);
        let Some(stamp) = self.read(&proof.nonce, &proof.realm) else {
            return Verdict::Wrong;
        };
        // The uri is part of the hash but not compared with the Request-URI: proxies rewrite
        // the latter, and the count already forbids a replay.
        if proof.username != known.username || !proof.proves(&known.password) {
            return Verdict::Wrong;
        }
        self.forget(now);
        let age = Duration::from_millis(now.saturating_sub(stamp.0));
        if age > self.life || self.floor.is_some_and(|floor| stamp <= floor) {
            return Verdict::Stale;
        }
        if self.count(stamp, proof.nc()) {
            Verdict::Proved
        } else {
            Verdict::Stale
        }
    }

    /// Uses a nonce count; whether it was unused. Without counts a nonce serves once.
    fn count(&mut self, stamp: Stamp, nc: Option<u32>) -> bool {
        let nc = nc.unwrap_or(u32::MAX);
        match self.used.get_mut(&stamp) {
            Some(counts) => counts.take(nc),
            None => {
                self.used.insert(
                    stamp,
                    Counts {
                        highest: nc,
                        seen: 1,
                    },
                );
                self.by_age.insert(stamp);
                true
            }
        }
    }

    /// Forgets nonces that are too old anyway, and the oldest ones when there are too many.
    fn forget(&mut self, now: u64) {
        let life = u64::try_from(self.life.as_millis()).unwrap_or(u64::MAX);
        while let Some(&stamp) = self.by_age.first() {
            let expired = now.saturating_sub(stamp.0) > life;
            if !expired && self.used.len() < NONCES_MAX {
                return;
            }
            self.by_age.pop_first();
            self.used.remove(&stamp);
            self.floor = self.floor.max(Some(stamp));
        }
    }

    fn millis(&mut self, now: Instant) -> u64 {
        let epoch = *self.epoch.get_or_insert(now);
        u64::try_from(now.saturating_duration_since(epoch).as_millis()).unwrap_or(u64::MAX)
    }

    fn write(&self, (at, salt): Stamp, realm: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(at.to_be_bytes());
        hash.update(salt.to_be_bytes());
        hash.update(realm);
        format!(
            "{at:016x}{salt:016x}{}",
            hex::encode(&hash.finalize()[..16])
        )
    }

    fn read(&self, nonce: &str, realm: &str) -> Option<Stamp> {
        let at = u64::from_str_radix(nonce.get(..16)?, 16).ok()?;
        let salt = u64::from_str_radix(nonce.get(16..32)?, 16).ok()?;
        (self.write((at, salt), realm) == nonce).then_some((at, salt))
    }
}

impl Counts {
    fn take(&mut self, nc: u32) -> bool {
        if nc > self.highest {
            let ahead = nc - self.highest;
            self.seen = if ahead < WINDOW {
                self.seen << ahead | 1
            } else {
                1
            };
            self.highest = nc;
            return true;
        }
        let behind = self.highest - nc;
        if behind >= WINDOW || self.seen >> behind & 1 == 1 {
            return false;
        }
        self.seen |= 1 << behind;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::{Algorithm, Challenge, answer::authorization},
        message::Method,
        timers::tests::start,
    };

    struct Stage {
        verifier: Verifier,
        known: Credentials,
    }

    fn stage() -> Stage {
        let known = Credentials {
            username: "1001".into(),
            password: "secret".into(),
        };
        Stage {
            verifier: Verifier::new([7; 32], Duration::from_secs(300)),
            known,
        }
    }

    impl Stage {
        fn prove(&mut self, nonce: &str, password: &str, nc: Option<u32>, now: Instant) -> Verdict {
            let challenge = Challenge {
                realm: "r".into(),
                nonce: nonce.into(),
                opaque: None,
                algorithm: Algorithm::Sha256,
                algorithm_named: true,
                qop_auth: nc.is_some(),
                stale: false,
            };
            let mine = Credentials {
                username: "1001".into(),
                password: password.into(),
            };
            let nc = nc.unwrap_or(0);
            let field = authorization(&challenge, &mine, &Method::Invite, "sip:h", "c", nc);
            let proof = DigestResponse::parse(&field, "INVITE").unwrap();
            self.verifier.check(&proof, &self.known, now)
        }
    }

    #[test]
    fn a_proof_is_good_once() {
        let (mut stage, now) = (stage(), start());
        let nonce = stage.verifier.nonce("r", 1, now);
        assert_eq!(stage.prove(&nonce, "guess", Some(1), now), Verdict::Wrong);
        assert_eq!(stage.prove(&nonce, "secret", Some(1), now), Verdict::Proved);
        assert_eq!(stage.prove(&nonce, "secret", Some(1), now), Verdict::Stale);
        assert_eq!(
            stage.prove(&nonce, "secret", Some(0x11), now),
            Verdict::Proved
        );
        assert_eq!(
            stage.prove(&nonce, "secret", Some(0x0a), now),
            Verdict::Proved,
            "late, unused"
        );
        assert_eq!(
            stage.prove(&nonce, "secret", Some(0x0a), now),
            Verdict::Stale
        );
        let other = stage.verifier.nonce("r", 2, now);
        assert_eq!(stage.prove(&other, "secret", None, now), Verdict::Proved);
        assert_eq!(stage.prove(&other, "secret", None, now), Verdict::Stale);
    }

    #[test]
    fn an_old_nonce_is_stale_and_a_foreign_one_wrong() {
        let (mut stage, now) = (stage(), start());
        let nonce = stage.verifier.nonce("r", 1, now);
        let later = now + Duration::from_secs(301);
        assert_eq!(
            stage.prove(&nonce, "secret", Some(1), later),
            Verdict::Stale
        );
        let other_realm = stage.verifier.nonce("x", 1, now);
        assert_eq!(
            stage.prove(&other_realm, "secret", Some(1), now),
            Verdict::Wrong
        );
        assert_eq!(stage.prove("0000", "secret", Some(1), now), Verdict::Wrong);
    }
}
