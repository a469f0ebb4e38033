//! Which call a SIP leg belongs to, for peers that name a dialog of another call (`Replaces`).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::CallId;
use sip::LegId;

/// The legs of every running call.
#[derive(Clone, Default)]
pub struct CallLegs(Arc<Mutex<HashMap<LegId, CallId>>>);

/// One leg of a call; dropping it forgets the leg.
pub struct LegEntry {
    legs: CallLegs,
    leg: LegId,
}

impl CallLegs {
    /// Notes that a leg belongs to a call.
    pub fn enter(&self, leg: LegId, call: &CallId) -> LegEntry {
        self.lock().insert(leg, call.clone());
        LegEntry {
            legs: self.clone(),
            leg,
        }
    }

    /// The call that a leg belongs to.
    pub fn call_of(&self, leg: LegId) -> Option<CallId> {
        self.lock().get(&leg).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LegId, CallId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LegEntry {
    /// The leg goes on in another call.
    pub fn moves_to(&self, call: &CallId) {
        self.legs.lock().insert(self.leg, call.clone());
    }
}

impl Drop for LegEntry {
    fn drop(&mut self) {
        self.legs.lock().remove(&self.leg);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_is_found_in_the_call_where_it_is_and_nowhere_once_it_is_over() {
        let (legs, first, second) = (CallLegs::default(), CallId("a".into()), CallId("b".into()));
        let entry = legs.enter(LegId(1), &first);
        assert_eq!(legs.call_of(LegId(1)), Some(first));
        entry.moves_to(&second);
        assert_eq!(legs.call_of(LegId(1)), Some(second));
        drop(entry);
        assert_eq!(legs.call_of(LegId(1)), None);
    }
}
