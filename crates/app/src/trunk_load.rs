//! What the trunks carry at present.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Instant,
};

use engine::{
    bucket::Bucket,
    route::{Load, TrunkLoad},
};
use model::{E164, NumberLine, NumberSettings, Trunk, TrunkId};

/// Caller numbers whose use is remembered; beyond it counting starts anew.
const SHOWN_MAX: usize = 10_000;

/// Counts of every trunk.
#[derive(Clone, Default)]
pub struct TrunkLoads(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    trunks: HashMap<TrunkId, Counted>,
    shown: HashMap<E164, u64>,
    /// Numbers with limits of their own that are in use, or were in the last second.
    numbers: HashMap<E164, Counted>,
}

struct Counted {
    channels: u32,
    starts: Bucket,
}

/// One call's channel on a trunk; dropping it frees the channel.
pub struct ChannelGuard {
    loads: TrunkLoads,
    trunk: TrunkId,
    /// The number that is shown, if it has limits of its own.
    caller: Option<E164>,
}

impl TrunkLoads {
    /// Takes a channel for an outbound call that starts now and shows `caller`, which has this place
    /// on the carrier's line.
    pub fn start(&self, trunk: &Trunk, caller: &E164, line: &NumberLine) -> ChannelGuard {
        let is_limited = line.calls_max.is_some() || line.calls_per_second_max.is_some();
        {
            let mut counts = self.counts();
            if is_limited {
                let number = counts.number(caller, line);
                number.channels += 1;
                number.starts.take(Instant::now());
            }
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
            caller: is_limited.then(|| caller.clone()),
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
            caller: None,
        })
    }

    /// What is going on, seen with the limits of `trunks` and of their numbers.
    pub fn seen(&self, trunks: &[Trunk], lines: &BTreeMap<E164, NumberSettings>) -> Seen {
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
        let full = lines
            .iter()
            .filter(|(number, settings)| counts.is_full(number, &settings.line, now))
            .map(|(number, _)| number.clone())
            .collect();
        let numbers = trunks.iter().flat_map(|trunk| &trunk.numbers);
        let shown = numbers
            .filter_map(|number| Some((number.number.clone(), *counts.shown.get(&number.number)?)))
            .collect();
        Seen { loads, shown, full }
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
    full: BTreeSet<E164>,
}

impl Load for Seen {
    fn trunk(&self, trunk: TrunkId) -> TrunkLoad {
        self.loads.get(&trunk).copied().unwrap_or(TrunkLoad {
            channels_in_use: 0,
            can_start_now: true,
        })
    }

    fn number_can_start(&self, caller: &E164) -> bool {
        !self.full.contains(caller)
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

    fn number(&mut self, caller: &E164, line: &NumberLine) -> &mut Counted {
        let per_second = line.calls_per_second_max.unwrap_or(u32::MAX);
        let now = Instant::now();
        if self.numbers.len() >= SHOWN_MAX {
            self.numbers
                .retain(|_, counted| counted.channels > 0 || counted.starts.passed_lately(now) > 0);
        }
        let counted = self
            .numbers
            .entry(caller.clone())
            .or_insert_with(|| Counted {
                channels: 0,
                starts: Bucket::new(per_second),
            });
        counted.starts.limit(per_second);
        counted
    }

    /// Whether a number has as many calls, or new calls, as the carrier allows it.
    fn is_full(&self, number: &E164, line: &NumberLine, now: Instant) -> bool {
        let Some(counted) = self.numbers.get(number) else {
            return false;
        };
        line.calls_max.is_some_and(|most| counted.channels >= most)
            || line
                .calls_per_second_max
                .is_some_and(|most| counted.starts.passed_lately(now) >= most as usize)
    }
}

impl Drop for ChannelGuard {
    fn drop(&mut self) {
        let mut counts = self.loads.counts();
        if let Some(counted) = counts.trunks.get_mut(&self.trunk) {
            counted.channels = counted.channels.saturating_sub(1);
        }
        let caller = self.caller.as_ref();
        if let Some(counted) = caller.and_then(|caller| counts.numbers.get_mut(caller)) {
            counted.channels = counted.channels.saturating_sub(1);
        }
    }
}
