//! Every trunk with its numbers, kept in memory: each INVITE asks who sends it, strangers' INVITEs too,
//! and each call to outside asks which ways there are.
//!
//! # Invariants
//!
//! - Whoever changed trunks or numbers and has been told so finds the change.
//! - What is kept is read again after [`FRESH_MAX`], whatever happened: a change whose answer was lost
//!   may have taken effect.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use model::{E164, NumberSettings, Trunk, TrunkId, TrunkNumber};

use crate::{Paging, Store, StoreError, at_hand::Tx, store::commit};

/// Longest time for which what was read is given without another look.
const FRESH_MAX: Duration = Duration::from_secs(5);

/// Most trunks that calls are looked for on.
pub const TRUNKS_MAX: u32 = 1000;

/// The trunks of the installation, up to [`TRUNKS_MAX`] of them.
#[derive(Debug, Default)]
pub struct Trunks {
    all: Vec<Trunk>,
    /// For each number the place of its trunk in `all`, and its own in that.
    places: HashMap<E164, (usize, usize)>,
    /// What else is written down of numbers.
    settings: HashMap<E164, NumberSettings>,
}

impl Trunks {
    fn new(all: Vec<Trunk>, settings: HashMap<E164, NumberSettings>) -> Self {
        let mut places = HashMap::new();
        for (trunk, numbers) in all.iter().map(|trunk| &trunk.numbers).enumerate() {
            for (n, number) in numbers.iter().enumerate() {
                places.insert(number.number.clone(), (trunk, n));
            }
        }
        Self {
            all,
            places,
            settings,
        }
    }

    /// All of them by id.
    pub fn all(&self) -> &[Trunk] {
        &self.all
    }

    /// What is written down of a number; nothing is the default.
    pub fn settings(&self, number: &E164) -> NumberSettings {
        self.settings.get(number).cloned().unwrap_or_default()
    }

    /// A number and the trunk that it is on.
    pub fn number(&self, number: &E164) -> Option<(TrunkId, &TrunkNumber)> {
        let (trunk, n) = self.places.get(number)?;
        let trunk = self.all.get(*trunk)?;
        Some((trunk.id, trunk.numbers.get(*n)?))
    }
}

/// What was read last.
#[derive(Default)]
pub(crate) struct KnownTrunks {
    n_changes: AtomicU64,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    n_changes: u64,
    read_at: Instant,
    trunks: Arc<Trunks>,
}

impl KnownTrunks {
    fn kept(&self, n_changes: u64) -> Option<Arc<Trunks>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref()?;
        let is_fresh = kept.n_changes == n_changes && kept.read_at.elapsed() < FRESH_MAX;
        is_fresh.then(|| Arc::clone(&kept.trunks))
    }
}

impl Store {
    /// Every trunk with its numbers, from memory while nothing has changed them.
    ///
    /// # Errors
    /// As of any read, where they must be read.
    pub async fn known_trunks(&self) -> Result<Arc<Trunks>, StoreError> {
        // Counted before they are read: a change in between makes what was read old at once.
        let n_changes = self.known_trunks.n_changes.load(Ordering::Acquire);
        if let Some(trunks) = self.known_trunks.kept(n_changes) {
            return Ok(trunks);
        }
        let read_at = Instant::now();
        let trunks = self.trunks(Paging::first(TRUNKS_MAX)).await?.items;
        let settings = self.settings_of_numbers().await?;
        let trunks = Arc::new(Trunks::new(trunks, settings));
        let kept = Kept {
            n_changes,
            read_at,
            trunks: Arc::clone(&trunks),
        };
        *self
            .known_trunks
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(trunks)
    }

    /// Makes a change of trunks or their numbers durable.
    pub(crate) async fn commit_trunks(&self, tx: Tx) -> Result<(), StoreError> {
        // Also where the answer was lost: it may have taken effect.
        let done = commit(tx).await;
        self.known_trunks.n_changes.fetch_add(1, Ordering::AcqRel);
        done
    }
}
