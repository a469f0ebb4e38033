//! Our side: voice-agent legs on one media worker, each with detector, playout and recording.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

use app::shell::media::{LegHandle, MediaPool, NewLeg, Recorder, Report};
use media::{
    g711::Codec,
    leg::{Command, LegSettings},
    playout::{Clip, ClipId, PlayMode},
    port::PortSettings,
    recording::FileHeader,
};
use tokio::sync::mpsc;

use super::{Figures, Load, WARM_UP, usage};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Reports that may wait for the bench, which only throws them away.
const REPORTS_MAX: usize = 64;

/// Measures `calls` legs on the first core. Their recordings go to a folder that is removed.
pub fn measure(calls: usize, measured: Duration) -> anyhow::Result<Figures> {
    usage::pin(0);
    let folder = std::env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
    let pool = MediaPool::start(1, LOOPBACK, None)?;
    let recorder = Recorder::start()?;
    let before = usage::resident_kilobytes()?;
    let voice: Arc<[i16]> = (0..8000)
        .map(|i| (8000.0 * (f64::from(i) * 0.3).sin()) as i16)
        .collect();
    let mut legs = Vec::with_capacity(calls);
    let mut targets: Vec<SocketAddr> = Vec::with_capacity(calls);
    for n in 0..calls {
        let (leg, target, reports) = leg(&pool, &recorder, &folder, n)?;
        let clip = Clip::whole(ClipId(1), Arc::clone(&voice)).repeated(u32::MAX);
        leg.command(Command::Play {
            clip,
            mode: PlayMode::Queue,
        });
        legs.push((leg, reports));
        targets.push(target);
    }
    let load = Load::start(&targets, WARM_UP + measured)?;
    std::thread::sleep(WARM_UP);
    let ticks = || pool.counters().ticks.load(Ordering::Relaxed);
    let (cpu, count) = (usage::cpu(), ticks());
    std::thread::sleep(measured);
    // In each tick a leg takes one packet and sends one.
    let (cpu, packets) = (usage::cpu() - cpu, (ticks() - count) * 2);
    let kilobytes_a_leg = (usage::resident_kilobytes()? - before) / calls as f64;
    let (sent, _) = load.finish()?;
    let received = received(legs)?;
    let late_max_us = pool.counters().late_max_us.load(Ordering::Relaxed);
    std::fs::remove_dir_all(&folder)?;
    Ok(Figures {
        cpu,
        packets,
        sent,
        received,
        kilobytes_a_leg,
        late_max_us,
    })
}

fn leg(
    pool: &MediaPool,
    recorder: &Recorder,
    folder: &std::path::Path,
    n: usize,
) -> anyhow::Result<(LegHandle, SocketAddr, mpsc::Receiver<Report>)> {
    let sockets = pool.bind()?;
    let target = sockets.local();
    let mut port = PortSettings::new(Codec::Pcmu, None, SystemTime::now());
    port.latch = media::port::LatchRule::Any;
    let header = FileHeader {
        call_id: n.to_string(),
        started_at_ms: 0,
        codec: Codec::Pcmu,
    };
    let path = folder.join(format!("{n}-{}.sbr", target.port()));
    let (recording, _) = recorder.create(&path, &header)?;
    let (to_reports, reports) = mpsc::channel(REPORTS_MAX);
    let new = NewLeg {
        settings: LegSettings::new(port),
        sockets,
        reports: to_reports,
        recording: Some(recording),
    };
    Ok((pool.add(new)?, target, reports))
}

/// Packets that the legs took, by their own count.
fn received(legs: Vec<(LegHandle, mpsc::Receiver<Report>)>) -> anyhow::Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(async {
        let mut received = 0;
        for (leg, _) in legs {
            received += leg.remove().await.map_or(0, |stats| stats.packets_received);
        }
        received
    }))
}
