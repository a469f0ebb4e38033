//! What the centre adds to a reply, measured by callers on their sockets.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use app::{App, Engines, Settings};
use model::{
    E164, PlaceVoiceAgentCall, SipTransport, TenantId, TrunkCodec, TrunkDraft, TrunkNumber,
    VoiceAgentDraft, VoiceAgentId,
};

use super::{
    callers::{Callers, Measured},
    standins::{FixedRecognizer, FixedSpeaker},
};

/// From the end of speech, as the detector tells it, to its words.
pub const RECOGNIZER: Duration = Duration::from_millis(150);

/// From a text to its sound.
pub const SPEAKER: Duration = Duration::from_millis(100);

/// The agent's endpointing delay; the recognizer is done before.
pub const ENDPOINTING: Duration = Duration::from_millis(700);

/// Longest bench.
const BENCH_MAX: Duration = Duration::from_secs(300);

/// Between two calls that are placed.
const PLACE_EVERY: Duration = Duration::from_millis(20);

/// Every "yes" is answered with three seconds that can be talked over.
const AGENT: &str = r#"{
  "language": "en", "greeting": "Hello, this is the bench.", "start": "talk",
  "steps": {"talk": {"answers": [
    {"words": ["yes"], "say": "A reply that lasts about three seconds, long enough.", "then": "stay"}
  ]}},
  "no_input": {"after_second": 600, "max": 1, "then": "hang_up"},
  "limits": {"silence_second": 3600}
}"#;

/// Holds `n` calls at once, each of `turns` replies.
///
/// # Errors
///
/// Fails when the centre does not start, refuses a call, or the callers are not done in five
/// minutes.
pub async fn measure(n: usize, turns: usize) -> anyhow::Result<Measured> {
    let folder =
        std::env::temp_dir().join(format!("switchboard-bench-voice-{}", std::process::id()));
    let outcome = measure_in(&folder, n, turns).await;
    // What is left there is of no use to anybody.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

async fn measure_in(folder: &Path, n: usize, turns: usize) -> anyhow::Result<Measured> {
    std::fs::create_dir_all(folder)?;
    let mut callers = Callers::start(n, turns).await?;
    let app = start(folder).await?;
    let (tenant, agent) = prepare(&app, callers.local()).await?;
    for n_call in 0..n {
        // A callee each: nobody is called twice at once.
        let callee = format!("+1202555{:04}", 1000 + n_call);
        let call = PlaceVoiceAgentCall {
            tenant,
            voice_agent: agent,
            callee: E164::parse(&callee, "1").context("a number of ours")?,
            callers: Vec::new(),
            variables: Vec::new(),
            ring_time_max: None,
            slot_wait_max: Duration::from_secs(5),
            user_data: None,
            belongs: model::Belongs::default(),
        };
        app.place_voice_agent_call(call, None).await?;
        tokio::time::sleep(PLACE_EVERY).await;
    }
    let mut all = Measured::default();
    let collect = async {
        for _ in 0..n {
            let Some(measured) = callers.next().await else {
                bail!("the callers are gone");
            };
            all.replies.extend(measured.replies);
            all.cuts.extend(measured.cuts);
        }
        Ok(())
    };
    match tokio::time::timeout(BENCH_MAX, collect).await {
        Ok(collected) => collected?,
        Err(_) => bail!("the callers are not done after {} s", BENCH_MAX.as_secs()),
    }
    app.drain().await;
    all.replies.sort();
    all.cuts.sort();
    Ok(all)
}

async fn start(folder: &Path) -> anyhow::Result<Arc<App>> {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let settings = Settings {
        data: folder.to_owned(),
        database: store::Database::Sqlite {
            path: folder.join("switchboard.db"),
        },
        sip_listen: SocketAddr::new(loopback, 0),
        rtp_ip: loopback,
        rtp_ports: None,
        media_workers: 1,
        public_ip: None,
        public_url: "http://127.0.0.1:1".into(),
        requests_per_second_max: 20,
        customer_requests_per_second_max: 20,
        drain_max: Duration::from_secs(1),
        raw_kept: Duration::from_secs(60),
        recordings_kept: None,
        recognizer_worker: ("/bin/false".into(), Vec::new()),
        storage: None,
        fetch_private: false,
    };
    let seal = store::SealKey::from_bytes([7; 32]);
    let engines = Engines {
        speaker: Arc::new(FixedSpeaker(SPEAKER)),
        recognizer: Arc::new(FixedRecognizer(RECOGNIZER)),
    };
    let push = Arc::new(api_tencent::push::TencentPush);
    App::start_with(settings, seal, push, engines).await
}

async fn prepare(app: &App, callers: SocketAddr) -> anyhow::Result<(TenantId, VoiceAgentId)> {
    let (store, now) = (app.store(), app.now());
    let tenant = store.create_tenant("bench", "1", "UTC", now).await?.id;
    let draft = VoiceAgentDraft {
        name: "bench".into(),
        definition: AGENT.into(),
        variable_names: Vec::new(),
    };
    let agent = store.create_voice_agent(tenant, &draft, now).await?.id;
    let trunk = TrunkDraft {
        name: "bench".into(),
        host: callers.ip().to_string(),
        port: callers.port(),
        transport: SipTransport::Udp,
        user: None,
        password: None,
        register: false,
        domain: None,
        codecs: vec![TrunkCodec::Pcmu],
        channels_max: 10_000,
        calls_per_second_max: 1000,
        prefix_rules: Vec::new(),
        callee_prefixes: vec!["1202555".into()],
        signalling: model::TrunkSignalling::default(),
        simulated: true,
        enabled: true,
    };
    let trunk = store.create_trunk(&trunk, now).await?;
    let number = TrunkNumber {
        number: E164::parse("+12025550161", "1").context("a number of ours")?,
        tenant,
        outbound: true,
        inbound_agent: None,
        enabled: true,
    };
    store.add_number(trunk.id, &number, now).await?;
    Ok((tenant, agent))
}
