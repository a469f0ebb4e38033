//! The phone itself: one SIP address, media of its own, and a task for each call.

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use app::shell::{
    media::{MediaPool, Recorder},
    sip::{SipHandle, SipSettings},
};
use providers::port::Speaker;
use sip::Incoming;
use tokio::sync::{Semaphore, mpsc};

use super::{
    call::{self, Ringing},
    script::Script,
};

/// Calls that come in and may wait to be looked at.
const INCOMING_MAX: usize = 64;

/// Calls at once; the next one is refused as busy.
const CALLS_MAX: usize = 500;

/// Which script answers a call to this user part; nobody is there if there is none (404).
pub type Choose = Box<dyn Fn(&str) -> Option<Arc<Script>> + Send + Sync>;

/// What a phone is told.
pub struct PhoneSettings {
    /// Where SIP is spoken; port 0 lets the kernel choose. RTP uses the same address.
    pub listen: SocketAddr,
    /// First and last RTP socket port; `None` lets the kernel choose.
    pub rtp_ports: Option<(u16, u16)>,
    /// Folder for what it hears, one WAV a call; `None` to keep nothing.
    pub record: Option<PathBuf>,
}

/// A phone that answers until its last handle is dropped with the process.
pub struct Phone {
    sip: SipHandle,
}

/// What every call of a phone shares.
pub struct Shared {
    pub sip: SipHandle,
    pub media: MediaPool,
    pub recorder: Option<(Recorder, PathBuf)>,
    pub speaker: Arc<dyn Speaker>,
    n_calls: AtomicU64,
}

impl Phone {
    /// Binds the sockets and starts to answer.
    ///
    /// # Errors
    ///
    /// Fails when a socket, a thread or the folder cannot be had.
    pub async fn start(
        settings: PhoneSettings,
        speaker: Arc<dyn Speaker>,
        choose: Choose,
    ) -> io::Result<Self> {
        let (incoming, calls) = mpsc::channel(INCOMING_MAX);
        let sip_settings = SipSettings {
            listen: settings.listen,
            public_ip: None,
            user_agent: concat!("Switchboard-Phone/", env!("CARGO_PKG_VERSION")).to_owned(),
            streams: app::shell::sip::StreamSettings::default(),
        };
        let sip = SipHandle::start(sip_settings, incoming).await?;
        let recorder = match settings.record {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                Some((Recorder::start()?, folder))
            }
            None => None,
        };
        let shared = Shared {
            media: MediaPool::start(1, sip.local().ip(), settings.rtp_ports)?,
            recorder,
            speaker,
            n_calls: AtomicU64::new(0),
            sip: sip.clone(),
        };
        tokio::spawn(answer(Arc::new(shared), calls, choose));
        Ok(Self { sip })
    }

    /// Where it is called.
    pub fn local(&self) -> SocketAddr {
        self.sip.local()
    }
}

async fn answer(shared: Arc<Shared>, mut calls: mpsc::Receiver<Box<Incoming>>, choose: Choose) {
    let places = Arc::new(Semaphore::new(CALLS_MAX));
    while let Some(incoming) = calls.recv().await {
        let dialed = dialed(&incoming).to_owned();
        let leg = incoming.leg;
        let script = choose(&dialed);
        let (Some(script), Ok(place)) = (&script, Arc::clone(&places).try_acquire_owned()) else {
            let status = if script.is_none() { 404 } else { 486 };
            call::refuse(&shared.sip, leg, status).await;
            continue;
        };
        let n = shared.n_calls.fetch_add(1, Ordering::Relaxed) + 1;
        let ringing = Ringing {
            n,
            dialed,
            incoming,
            script: Arc::clone(script),
        };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let dialed = ringing.dialed.clone();
            if let Err(error) = call::run(&shared, ringing).await {
                let error = format!("{error:#}");
                tracing::warn!(call = n, dialed, error, "a simulated call failed");
                call::hang_up(&shared.sip, leg).await;
            }
            drop(place);
        });
    }
}

/// The number that was dialed: the user part without parameters.
fn dialed(incoming: &Incoming) -> &str {
    let user = incoming.request_uri.user.as_deref().unwrap_or_default();
    user.split(';').next().unwrap_or(user)
}
