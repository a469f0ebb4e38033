//! How evenly packets leave, and how soon a voice stops.

use std::{
    sync::atomic::Ordering,
    time::{Duration, SystemTime},
};

use super::{
    Load, Spread, WARM_UP,
    fleet::{BenchLeg, Fleet},
    loss::Loss,
    usage,
};

/// Time after the barge-in for the last voice to stop.
const STOP_WAIT: Duration = Duration::from_secs(1);

/// What one run found, all by the kernel's stamps at the receiver.
#[derive(Debug, serde::Serialize)]
pub struct Pacing {
    /// How far the time between two packets of a leg was from 20 ms.
    pub jitter_us: Spread,
    /// From the order to stop until a silent packet arrived. Within a tick of 20 ms the order meets
    /// the leg, and the packet of that tick fades out.
    pub stop_us: Spread,
    /// Voices that did not stop.
    pub not_stopped: usize,
    /// Packets missing, in either direction.
    pub lost: Loss,
    /// Stretches in which recordings lack sound.
    pub recorded_gaps: usize,
    /// Latest beginning of a slot, µs.
    pub late_max_us: u64,
}

/// Measures `calls` legs on the first core.
pub fn measure(calls: usize, measured: Duration) -> anyhow::Result<Pacing> {
    usage::pin(0);
    let fleet = Fleet::start()?;
    let legs: Vec<BenchLeg> = (0..calls)
        .map(|n| fleet.add(n))
        .collect::<anyhow::Result<_>>()?;
    let targets: Vec<_> = legs.iter().map(|leg| leg.target).collect();
    let load = Load::start(&targets, WARM_UP + measured + STOP_WAIT, true)?;
    std::thread::sleep(WARM_UP + measured);
    let late_max_us = fleet.pool.counters().late_max_us.load(Ordering::Relaxed);
    let ordered_ns: Vec<u64> = legs
        .iter()
        .map(|leg| {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
            leg.cut();
            Ok(u64::try_from(now.as_nanos())?)
        })
        .collect::<anyhow::Result<_>>()?;
    let heard = load.finish()?;
    let (mut taken, mut recorded_gaps) = (Vec::new(), 0);
    for leg in legs {
        let left = fleet.remove(leg)?;
        taken.push(left.received);
        recorded_gaps += left.gaps;
    }
    let stops: Vec<u32> = ordered_ns
        .iter()
        .zip(&heard.silent_since_ns)
        .filter(|(ordered, silent)| silent >= ordered)
        .map(|(ordered, silent)| u32::try_from((silent - ordered) / 1000).unwrap_or(u32::MAX))
        .collect();
    Ok(Pacing {
        not_stopped: calls - stops.len(),
        jitter_us: Spread::of(heard.jitter_us),
        stop_us: Spread::of(stops),
        lost: Loss::of_both_ways(&heard.callers, &taken),
        recorded_gaps,
        late_max_us,
    })
}
