//! How many requests of one action a tenant may make in a second.
//!
//! The clouds limit each action of each instance to 20 requests a second and answer the rest with
//! `RequestLimitExceeded`.

use std::time::Instant;

use model::TenantId;

use crate::{bucket::Bucket, recent::Recent};

/// Requests a second of one action and tenant, unless configured otherwise.
pub const PER_SECOND: u32 = 20;

/// Pairs of tenant and action that are remembered: 84 actions of some hundred tenants. Those
/// beyond are forgotten, the longest unused first, and start with an empty count.
const PAIRS_MAX: usize = 20_000;

/// Counts requests by tenant and action.
#[derive(Debug)]
pub struct Requests {
    per_second: u32,
    counted: Recent<(TenantId, String), Bucket>,
}

impl Requests {
    /// At most `per_second` requests of each pair; [`PER_SECOND`] as the vendor does.
    pub fn new(per_second: u32) -> Self {
        Self {
            per_second,
            counted: Recent::new(PAIRS_MAX),
        }
    }

    /// Whether `action` of `tenant` is below its limit; counts the request if it is.
    ///
    /// `action` must be a name that we know: names are kept, so that whoever makes them up could
    /// push out the others.
    pub fn allow(&mut self, tenant: TenantId, action: &str, now: Instant) -> bool {
        self.counted
            .used((tenant, action.to_owned()), now, || {
                Bucket::new(self.per_second)
            })
            .take(now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_twenty_first_request_of_a_second_is_refused() {
        let start = Instant::now();
        let mut requests = Requests::new(PER_SECOND);
        let tenant = TenantId(1);
        let n_allowed = (0..100)
            .filter(|_| requests.allow(tenant, "PlaySoundCall", start))
            .count();
        assert_eq!(n_allowed, 20);
        assert!(requests.allow(tenant, "PlaySoundCall", start + Duration::from_secs(1)));
    }

    #[test]
    fn actions_and_tenants_are_counted_apart() {
        let now = Instant::now();
        let mut requests = Requests::new(1);
        assert!(requests.allow(TenantId(1), "HangUpCall", now));
        assert!(!requests.allow(TenantId(1), "HangUpCall", now));
        assert!(requests.allow(TenantId(1), "PlaySoundCall", now));
        assert!(requests.allow(TenantId(2), "HangUpCall", now));
    }
}
