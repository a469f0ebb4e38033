//! Every trunk with its numbers, kept in memory: each INVITE asks who sends it, strangers' INVITEs too,
//! and each call to outside asks which ways there are.

use std::{collections::HashMap, sync::Arc};

use model::{E164, NumberSettings, Trunk, TrunkId, TrunkNumber};

use crate::{Paging, Store, StoreError, at_hand::Tx};

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

impl Store {
    /// Every trunk with its numbers, from memory while nothing has changed them.
    ///
    /// # Errors
    /// As of any read, where they must be read.
    pub async fn known_trunks(&self) -> Result<Arc<Trunks>, StoreError> {
        self.known_trunks
            .or_read(async {
                let trunks = self.trunks(Paging::first(TRUNKS_MAX)).await?.items;
                Ok(Trunks::new(trunks, self.settings_of_numbers().await?))
            })
            .await
    }

    /// Makes a change of trunks or their numbers durable.
    pub(crate) async fn commit_trunks(&self, tx: Tx) -> Result<(), StoreError> {
        self.known_trunks.commit(tx).await
    }
}
