//! The called side of the set-up bench, in a process of its own on the first core.
//!
//! Bare, it is the SIP endpoint with its shell, and answers everything. Whole, it is the centre:
//! trunk, digest, voice agent, call record and recording. It prints its SIP address, and what it has
//! used so far for each line that it reads.

use std::{
    io::{BufRead as _, Write as _},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use app::{
    App, Settings,
    shell::sip::{Report, SipHandle, SipSettings},
};
use model::{E164, SipTransport, TrunkCodec, TrunkDraft, TrunkNumber, VoiceAgentDraft};
use serde::{Deserialize, Serialize};
use sip::{
    Command, Event, Incoming,
    sdp::{self, Codec, Direction, Local, Session},
};
use tokio::sync::mpsc;

use super::usage;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Calls that may wait to be answered.
const INCOMING_MAX: usize = 1024;

/// The number that is called.
pub const NUMBER: &str = "+8675512345678";
/// Digest user and password of the trunk of the whole centre.
pub const USER: &str = "bench";
/// See [`USER`].
pub const PASSWORD: &str = "bench";

/// The voice agent: it greets, and waits.
const AGENT: &str = r#"{"language": "en", "greeting": "Hello.", "goodbye": "Bye."}"#;

/// What the called side is.
#[derive(Debug, clap::Args)]
pub struct CalleeArgs {
    /// Where a folder for its data is made.
    scratch: PathBuf,
    /// The whole centre, not only SIP.
    #[arg(long)]
    whole: bool,
}

/// What a process has used so far.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Usage {
    /// Processor time of all its threads.
    pub cpu_us: u64,
    /// Resident memory.
    pub resident_kilobytes: f64,
}

/// Answers calls until its input ends.
pub fn run(args: &CalleeArgs) -> anyhow::Result<()> {
    usage::pin(0);
    let folder = args.scratch.join(std::process::id().to_string());
    std::fs::create_dir_all(&folder)?;
    // As `serve` has it, on a machine with one core.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let (address, centre) = match args.whole {
            true => {
                let app = centre(&folder).await?;
                (app.sip().local(), Some(app))
            }
            false => (endpoint().await?, None),
        };
        writeln!(std::io::stdout(), "{address}")?;
        tokio::task::spawn_blocking(tell_usage).await??;
        drop(centre);
        anyhow::Ok(())
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

fn tell_usage() -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        line?;
        let used = Usage {
            cpu_us: u64::try_from(usage::cpu().as_micros())?,
            resident_kilobytes: usage::resident_kilobytes()?,
        };
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&used)?)?;
    }
    Ok(())
}

async fn endpoint() -> anyhow::Result<SocketAddr> {
    let (to_incoming, mut incoming) = mpsc::channel::<Box<Incoming>>(INCOMING_MAX);
    let settings = SipSettings {
        listen: SocketAddr::new(LOOPBACK, 0),
        public_ip: None,
        user_agent: "bench".into(),
        streams: app::shell::sip::StreamSettings::default(),
    };
    let sip = SipHandle::start(settings, to_incoming).await?;
    let address = sip.local();
    tokio::spawn(async move {
        while let Some(call) = incoming.recv().await {
            let sip = sip.clone();
            tokio::spawn(async move {
                // The caller counts the calls that fail.
                let _ = answer(&sip, &call).await;
            });
        }
    });
    Ok(address)
}

/// Answers, and takes what is reported until the call is over.
async fn answer(sip: &SipHandle, call: &Incoming) -> anyhow::Result<()> {
    let offer = Session::parse(call.sdp.as_ref().context("no offer")?)?;
    let (ours, _) = sdp::answer(&offer, &local(sip.local()), &[Codec::Pcmu])?;
    let mut reports = sip.adopt(call.leg).await?;
    sip.command(Command::Accept {
        leg: call.leg,
        sdp: ours.to_bytes(),
    })
    .await?;
    while let Some(report) = reports.recv().await {
        if let Report::Event(Event::Ended { .. } | Event::Canceled { .. }) = report {
            break;
        }
    }
    Ok(())
}

/// What we say of our media.
pub fn local(address: SocketAddr) -> Local {
    Local {
        address,
        session_id: 1,
        version: 1,
        ptime_ms: 20,
        direction: Direction::SendRecv,
        security: sip::sdp::Security::OFF,
        events: true,
    }
}

async fn centre(folder: &Path) -> anyhow::Result<Arc<App>> {
    // Another process's push receivers are not called: there are none. The library wants one all
    // the same; a second installation would be the first one's.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = Settings {
        data: folder.to_owned(),
        database: store::Database::Sqlite {
            path: folder.join("switchboard.db"),
        },
        sip_listen: SocketAddr::new(LOOPBACK, 0),
        sip_streams: app::shell::sip::StreamSettings::default(),
        dns_server: None,
        rtp_ip: LOOPBACK,
        rtp_ports: None,
        media_workers: 1,
        public_ip: None,
        public_url: "http://127.0.0.1:1".into(),
        requests_per_second_max: 20,
        customer_requests_per_second_max: 20,
        drain_max: Duration::from_secs(1),
        recognizer_worker: ("/bin/false".into(), Vec::new()),
        storage: None,
        fetch_private: false,
        raw_kept: Duration::from_secs(60),
        recordings_kept: None,
    };
    let seal = store::SealKey::from_bytes([7; 32]);
    let app = App::start(settings, seal, Arc::new(api_tencent::push::TencentPush)).await?;
    let (store, now) = (app.store(), app.now());
    let tenant = store.create_tenant("bench", "86", "UTC", now).await?.id;
    let agent = VoiceAgentDraft {
        name: "bench".into(),
        definition: AGENT.into(),
        variable_names: Vec::new(),
    };
    let agent = store.create_voice_agent(tenant, &agent, now).await?.id;
    let trunk = store.create_trunk(&trunk(), now).await?.id;
    let number = TrunkNumber {
        number: E164::parse(NUMBER, "86").context("the bench's number")?,
        tenant,
        outbound: false,
        inbound_agent: Some(agent),
        inbound_group: None,
        enabled: true,
    };
    store.add_number(trunk, &number, now).await?;
    Ok(app)
}

fn trunk() -> TrunkDraft {
    TrunkDraft {
        name: "bench".into(),
        host: LOOPBACK.to_string(),
        port: 5060,
        transport: SipTransport::Udp,
        user: Some(USER.into()),
        password: Some(PASSWORD.into()),
        register: false,
        domain: None,
        codecs: vec![TrunkCodec::Pcmu],
        way: model::TrunkWay::default(),
        channels_max: 5000,
        calls_per_second_max: 1000,
        prefix_rules: Vec::new(),
        callee_prefixes: Vec::new(),
        signalling: model::TrunkSignalling::default(),
        simulated: false,
        enabled: true,
    }
}
