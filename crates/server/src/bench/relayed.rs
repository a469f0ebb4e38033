//! What a relayed call costs: pairs of legs that hear each other, on the first core.

use std::{sync::atomic::Ordering, time::Duration};

use super::{
    Figures, Load, WARM_UP,
    fleet::{BenchLeg, Fleet},
    loss::Loss,
    usage,
};

/// Measures `n_legs` legs, two of them a call.
pub fn measure(n_legs: usize, measured: Duration, is_recorded: bool) -> anyhow::Result<Figures> {
    usage::pin(0);
    let fleet = Fleet::start()?;
    let before = usage::resident_kilobytes()?;
    let pairs: Vec<[BenchLeg; 2]> = (0..n_legs / 2)
        .map(|n| fleet.add_pair(n, is_recorded))
        .collect::<anyhow::Result<_>>()?;
    let legs: Vec<BenchLeg> = pairs.into_iter().flatten().collect();
    let targets: Vec<_> = legs.iter().map(|leg| leg.target).collect();
    let load = Load::start(&targets, WARM_UP + measured, false)?;
    std::thread::sleep(WARM_UP);
    let ticks = || fleet.pool.counters().ticks.load(Ordering::Relaxed);
    let (cpu, count) = (usage::cpu(), ticks());
    std::thread::sleep(measured);
    // In each tick a leg takes one packet, and the other one sends it.
    let (cpu, packets) = (usage::cpu() - cpu, (ticks() - count) * 2);
    let kilobytes_a_leg = (usage::resident_kilobytes()? - before) / n_legs as f64;
    let heard = load.finish()?;
    let late_max_us = fleet.pool.counters().late_max_us.load(Ordering::Relaxed);
    let (mut taken, mut recorded_gaps) = (Vec::new(), 0);
    for leg in legs {
        let left = fleet.remove(leg)?;
        taken.push(left.received);
        recorded_gaps += left.gaps;
    }
    Ok(Figures {
        cpu,
        packets,
        lost: Loss::of_both_ways(&heard.callers, &taken),
        recorded_gaps,
        kilobytes_a_leg,
        late_max_us,
    })
}
