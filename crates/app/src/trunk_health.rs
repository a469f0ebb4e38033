//! How the trunks are at present: whether calls go through, and whether carriers know us.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use engine::{
    circuit::{Circuit, CircuitState},
    targets::Targets,
};
use model::TrunkId;
use sip::{Link, Registration, RegistrationState};

/// What is known of every trunk that was looked at.
#[derive(Clone, Default)]
pub struct TrunkHealth(Arc<Mutex<HashMap<TrunkId, Watched>>>);

/// One trunk.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub circuit: Circuit,
    /// Its servers.
    pub targets: Targets,
    /// Only where we register.
    pub registration: Option<Registration>,
}

/// How a trunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrunkState {
    /// Whether calls go through.
    pub circuit: CircuitState,
    /// For how long that has been so.
    pub circuit_for: Duration,
    /// How long ago the trunk last answered a question or a call; `None`: never yet.
    pub answered_ago: Option<Duration>,
    /// Whether the carrier knows us; `None` where we do not register.
    pub registration: Option<RegistrationState>,
}

impl TrunkHealth {
    /// How a trunk is; `None`: nobody has looked yet.
    pub fn of(&self, trunk: TrunkId) -> Option<TrunkState> {
        let watched = self.lock();
        let Watched {
            circuit,
            registration,
            targets: _,
        } = watched.get(&trunk)?;
        Some(TrunkState {
            circuit: circuit.state(),
            circuit_for: circuit.since().elapsed(),
            answered_ago: circuit.answered_at().map(|at| at.elapsed()),
            registration: registration.as_ref().map(Registration::state),
        })
    }

    /// Every trunk that was looked at.
    pub fn all(&self) -> Vec<(TrunkId, TrunkState)> {
        let ids: Vec<TrunkId> = self.lock().keys().copied().collect();
        let mut all: Vec<_> = ids
            .into_iter()
            .filter_map(|id| Some((id, self.of(id)?)))
            .collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// Whether other trunks are to be tried first.
    pub fn is_open(&self, trunk: TrunkId) -> bool {
        let watched = self.lock();
        watched
            .get(&trunk)
            .is_some_and(|watched| watched.circuit.is_open())
    }

    /// A call of this trunk went its way, or failed for a reason of the trunk's.
    pub(crate) fn note_call(&self, trunk: TrunkId, went: bool) {
        let now = Instant::now();
        let changed = self.with(trunk, now, |watched| {
            if went {
                watched.circuit.call_went(now)
            } else {
                watched.circuit.call_failed(now)
            }
        });
        if changed {
            self.tell(trunk);
        }
    }

    /// Puts the ways to a trunk in the order in which they are to be tried: those last that failed lately.
    pub(crate) fn sort(&self, trunk: TrunkId, links: &mut [Link]) {
        let now = Instant::now();
        self.with(trunk, now, |watched| {
            watched.targets.sort(links, |link| link.remote, now);
        });
    }

    /// Changes what is known of a trunk.
    pub(crate) fn with<T>(
        &self,
        trunk: TrunkId,
        now: Instant,
        change: impl FnOnce(&mut Watched) -> T,
    ) -> T {
        let mut all = self.lock();
        change(all.entry(trunk).or_insert_with(|| Watched {
            circuit: Circuit::new(now),
            targets: Targets::default(),
            registration: None,
        }))
    }

    /// Forgets trunks that are not among `kept`.
    pub(crate) fn keep(&self, kept: &[TrunkId]) {
        self.lock().retain(|id, _| kept.contains(id));
    }

    /// A change of state is worth waking someone.
    pub(crate) fn tell(&self, trunk: TrunkId) {
        match self.of(trunk) {
            Some(state) if state.circuit == CircuitState::Open => {
                tracing::warn!(trunk = trunk.0, "calls do not go through a trunk");
            }
            Some(_) => tracing::info!(trunk = trunk.0, "calls go through a trunk"),
            None => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TrunkId, Watched>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
