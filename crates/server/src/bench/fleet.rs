//! Legs on one media worker, as the server runs them, each with a task that takes its reports:
//! voice-agent legs with jitter buffer, voice detector, playout and two recorded tracks, and pairs of
//! legs that hear each other, recorded or not.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use anyhow::Context as _;
use app::shell::media::{LegHandle, MediaPool, NewLeg, REPORTS_MAX, Recorder, Report};
use media::{
    g711::Codec,
    leg::{Command, LegSettings},
    playout::{Clip, ClipId, PlayMode},
    port::{PortSettings, Stats},
    recording::{FileHeader, Recording, Track},
};
use tokio::{runtime::Runtime, sync::mpsc};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Where legs live, and their recordings: a folder that is removed with the fleet.
pub struct Fleet {
    /// The worker with its counters.
    pub pool: MediaPool,
    recorder: Recorder,
    /// Of the tasks that take reports.
    runtime: Runtime,
    folder: PathBuf,
    voice: Arc<[i16]>,
}

/// One leg of a fleet.
pub struct BenchLeg {
    handle: LegHandle,
    /// Where its caller sends.
    pub target: SocketAddr,
    recorded: Option<Recorded>,
}

/// The recording of a leg.
struct Recorded {
    path: PathBuf,
    written: tokio::sync::oneshot::Receiver<std::io::Result<()>>,
}

/// What a leg leaves behind.
#[derive(Debug, Default)]
pub struct Left {
    /// Packets that it took, by its own count.
    pub received: u64,
    /// Stretches in which its recording lacks sound of the caller or of the agent, but for the one
    /// at its end, when the caller had gone already.
    pub gaps: usize,
}

impl Fleet {
    /// An empty fleet; its threads stay on the core of the caller.
    pub fn start() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
        Ok(Self {
            pool: MediaPool::start(1, LOOPBACK, None)?,
            recorder: Recorder::start()?,
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()?,
            folder,
            voice: (0..8000)
                .map(|i| (8000.0 * (f64::from(i) * 0.3).sin()) as i16)
                .collect(),
        })
    }

    /// Adds a leg whose agent speaks without end.
    pub fn add(&self, n: usize) -> anyhow::Result<BenchLeg> {
        let leg = self.leg(n, true, None)?;
        let clip = Clip::whole(ClipId(1), Arc::clone(&self.voice)).repeated(u32::MAX);
        leg.handle.command(Command::Play {
            clip,
            mode: PlayMode::Queue,
        });
        Ok(leg)
    }

    /// Adds two legs that hear each other.
    pub fn add_pair(&self, n: usize, is_recorded: bool) -> anyhow::Result<[BenchLeg; 2]> {
        let first = self.leg(n, is_recorded, None)?;
        let second = self.leg(n, is_recorded, Some(&first.handle))?;
        first.handle.join(&second.handle)?;
        Ok([first, second])
    }

    /// A recorded leg is recorded with both tracks, but the second of a pair stands on the second
    /// track of the first.
    fn leg(
        &self,
        n: usize,
        is_recorded: bool,
        beside: Option<&LegHandle>,
    ) -> anyhow::Result<BenchLeg> {
        let sockets = self.pool.bind()?;
        let target = sockets.local();
        let mut port = PortSettings::new(Codec::Pcmu, None, SystemTime::now());
        port.latch = media::port::LatchRule::Behind(target.ip());
        let mut settings = LegSettings::new(port);
        settings.record = is_recorded;
        settings.tap = is_recorded;
        let (recording, recorded) = match is_recorded && beside.is_none() {
            true => {
                let header = FileHeader {
                    call_id: n.to_string(),
                    started_at_ms: 0,
                    codec: Codec::Pcmu,
                };
                let path = self.folder.join(format!("{n}.sbr"));
                let (file, written) = self.recorder.create(&path, &header)?;
                (Some(file), Some(Recorded { path, written }))
            }
            false => (None, None),
        };
        let (to_reports, reports) = mpsc::channel(REPORTS_MAX);
        self.runtime.spawn(take(reports));
        let new = NewLeg {
            settings,
            sockets,
            reports: to_reports,
            recording,
        };
        let handle = match beside {
            None => self.pool.add(new)?,
            Some(beside) => self.pool.add_beside(beside, new)?,
        };
        Ok(BenchLeg {
            handle,
            target,
            recorded,
        })
    }

    /// Ends a leg, and reads its recording back.
    pub fn remove(&self, leg: BenchLeg) -> anyhow::Result<Left> {
        let BenchLeg {
            handle, recorded, ..
        } = leg;
        let stats: Option<Stats> = self.runtime.block_on(handle.remove());
        let received = stats.map_or(0, |stats| stats.packets_received);
        let Some(Recorded { path, written }) = recorded else {
            return Ok(Left { received, gaps: 0 });
        };
        self.runtime.block_on(written)??;
        let left = judge(&path, received)?;
        std::fs::remove_file(&path)?;
        Ok(left)
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        // A bench that failed half-way leaves files; nobody needs them.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl BenchLeg {
    /// What barge-in does: the agent stops.
    pub fn cut(&self) {
        self.handle.command(Command::CutAll);
    }
}

/// What the task of a call does first of all with its reports; what they mean costs no time here.
async fn take(mut reports: mpsc::Receiver<Report>) {
    while reports.recv().await.is_some() {}
}

fn judge(path: &Path, received: u64) -> anyhow::Result<Left> {
    let bytes = std::fs::read(path)?;
    let recording = Recording::open(&bytes).context("a recording cannot be read")?;
    let gaps = [Track::User, Track::Agent]
        .into_iter()
        .map(|track| {
            let mut end_ms = recording.len_ms();
            let mut gaps = recording.gaps(track);
            while let Some(gap) = gaps.pop_if(|gap| gap.start_ms + gap.len_ms == end_ms) {
                end_ms = gap.start_ms;
            }
            gaps.len()
        })
        .sum();
    Ok(Left { received, gaps })
}
