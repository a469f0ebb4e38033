//! What the trunks carry at present.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Instant,
};

use engine::{
    bucket::Bucket,
    route::{Load, TrunkLoad},
};
use model::{E164, Trunk, TrunkId};

/// Caller numbers whose use is remembered; beyond it counting starts anew.
const SHOWN_MAX: usize = 10_000;

/// Counts of every trunk.
#[derive(Clone, Default)]
pub struct TrunkLoads(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    trunks: HashMap<TrunkId, Counted>,
    shown: HashMap<E164, u64>,
}

struct Counted {
    channels: u32,
    starts: Bucket,
}

/// One call's channel on a trunk; dropping it frees the channel.
pub struct ChannelGuard {
    loads: TrunkLoads,
    trunk: TrunkId,
}

impl TrunkLoads {
    /// Takes a channel for an outbound call that starts now and shows `caller`.
    pub fn start(&self, trunk: &Trunk, caller: &E164) -> ChannelGuard {
        {
            let mut counts = self.counts();
            let counted = counts.of(trunk);
            counted.channels += 1;
            counted.starts.take(Instant::now());
            if counts.shown.len() >= SHOWN_MAX {
                counts.shown.clear();
            }
            *counts.shown.entry(caller.clone()).or_default() += 1;
        }
        ChannelGuard {
            loads: self.clone(),
            trunk: trunk.id,
        }
    }

    /// Takes a channel for a call that comes in; `None` if all are in use.
    pub fn accept(&self, trunk: &Trunk) -> Option<ChannelGuard> {
        let mut counts = self.counts();
        let counted = counts.of(trunk);
        if counted.channels >= trunk.settings.channels_max {
            return None;
        }
        counted.channels += 1;
        drop(counts);
        Some(ChannelGuard {
            loads: self.clone(),
            trunk: trunk.id,
        })
    }

    /// What is going on, seen with the limits of `trunks`.
    pub fn seen(&self, trunks: &[Trunk]) -> Seen {
        let mut counts = self.counts();
        let now = Instant::now();
        let mut loads = HashMap::new();
        for trunk in trunks {
            let counted = counts.of(trunk);
            let can_start_now = counted.starts.allows(now);
            let channels_in_use = counted.channels;
            loads.insert(
                trunk.id,
                TrunkLoad {
                    channels_in_use,
                    can_start_now,
                },
            );
        }
        let numbers = trunks.iter().flat_map(|trunk| &trunk.numbers);
        let shown = numbers
            .filter_map(|number| Some((number.number.clone(), *counts.shown.get(&number.number)?)))
            .collect();
        Seen { loads, shown }
    }

    /// Calls that a trunk carries now.
    pub fn channels(&self, trunk: TrunkId) -> u32 {
        let counts = self.counts();
        counts
            .trunks
            .get(&trunk)
            .map_or(0, |counted| counted.channels)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// The load of the trunks at one moment.
pub struct Seen {
    loads: HashMap<TrunkId, TrunkLoad>,
    shown: HashMap<E164, u64>,
}

impl Load for Seen {
    fn trunk(&self, trunk: TrunkId) -> TrunkLoad {
        self.loads.get(&trunk).copied().unwrap_or(TrunkLoad {
            channels_in_use: 0,
            can_start_now: true,
        })
    }

    fn shown(&self, caller: &E164) -> u64 {
        self.shown.get(caller).copied().unwrap_or(0)
    }
}

impl Counts {
    fn of(&mut self, trunk: &Trunk) -> &mut Counted {
        let per_second = trunk.settings.calls_per_second_max;
        let counted = self.trunks.entry(trunk.id).or_insert_with(|| Counted {
            channels: 0,
            starts: Bucket::new(per_second),
        });
        counted.starts.limit(per_second);
        counted
    }
}

impl Drop for ChannelGuard {
    fn drop(&mut self) {
        let mut counts = self.loads.counts();
        if let Some(counted) = counts.trunks.get_mut(&self.trunk) {
            counted.channels = counted.channels.saturating_sub(1);
        }
    }
}
