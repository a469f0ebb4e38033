//! Which extensions are in a call at present.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::TenantId;

/// Counts calls by extension; no entry for none.
#[derive(Clone, Default)]
pub struct PhoneCalls(Arc<Mutex<HashMap<(TenantId, String), u32>>>);

/// One call of an extension; dropping it ends the count.
pub struct PhoneGuard {
    calls: PhoneCalls,
    extension: (TenantId, String),
}

impl PhoneCalls {
    /// Counts a call.
    pub fn begin(&self, tenant: TenantId, number: &str) -> PhoneGuard {
        let extension = (tenant, number.to_owned());
        *self.lock().entry(extension.clone()).or_default() += 1;
        PhoneGuard {
            calls: self.clone(),
            extension,
        }
    }

    /// Whether the extension is in a call.
    pub fn is_busy(&self, tenant: TenantId, number: &str) -> bool {
        self.lock().contains_key(&(tenant, number.to_owned()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(TenantId, String), u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PhoneGuard {
    fn drop(&mut self) {
        let mut counts = self.calls.lock();
        if let Entry::Occupied(mut n) = counts.entry(self.extension.clone()) {
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
    fn an_extension_is_busy_until_its_last_call_ends() {
        let (calls, tenant) = (PhoneCalls::default(), TenantId(1));
        let first = calls.begin(tenant, "1001");
        let second = calls.begin(tenant, "1001");
        assert!(calls.is_busy(tenant, "1001") && !calls.is_busy(TenantId(2), "1001"));
        drop(first);
        assert!(calls.is_busy(tenant, "1001"));
        drop(second);
        assert!(!calls.is_busy(tenant, "1001"));
    }
}
