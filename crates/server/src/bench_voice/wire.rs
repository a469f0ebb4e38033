//! What the centre adds to a reply, measured by callers on their sockets.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use app::{App, Engines, Settings};
use model::{
    CallEvent, CallId, CallState, E164, PlaceVoiceAgentCall, SipTransport, TenantId, TrunkCodec,
    TrunkDraft, TrunkNumber, VoiceAgentDraft, VoiceAgentId,
};

use super::{
    callers::Callers,
    standins::{CHAR_MS, FixedRecognizer, FixedSpeaker},
};
use crate::bench::usage;

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

/// Between two looks at the memory in use.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Events of one call that are read.
const EVENTS_MAX: u32 = 1_000;

/// What was measured. Processor time and memory are those of the whole process: the centre and its
/// callers.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// From the last packet of speech to the first packet of the reply, shortest first.
    pub replies: Vec<Duration>,
    /// From the first packet of speech over the agent to the last packet of its voice.
    pub cuts: Vec<Duration>,
    /// For each cut, by how many words the stored text is longer or shorter than the words whose
    /// samples left.
    pub words_off: Vec<usize>,
    /// Processor time over wall time, while the calls were up.
    pub cores: f64,
    /// The most that was resident while they were up beyond what was before, in MB a call.
    pub call_megabytes: f64,
}

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
    let resident = usage::resident_kilobytes()?;
    let (cpu, began) = (usage::cpu(), Instant::now());
    let mut calls = BTreeMap::new();
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
        let id = app.place_voice_agent_call(call, None).await?;
        calls.insert(callee.trim_start_matches('+').to_owned(), id);
        tokio::time::sleep(PLACE_EVERY).await;
    }
    let (mut all, mut packets) = (Measured::default(), BTreeMap::new());
    let mut most = resident;
    let deadline = tokio::time::Instant::now() + BENCH_MAX;
    let mut look = tokio::time::interval(LOOK_EVERY);
    while packets.len() < n {
        tokio::select! {
            next = callers.next() => {
                let (callee, measured) = next.context("the callers are gone")?;
                all.replies.extend(measured.replies);
                all.cuts.extend(measured.cuts);
                packets.insert(callee.trim_start_matches('+').to_owned(), measured.packets);
            }
            _ = look.tick() => most = most.max(usage::resident_kilobytes()?),
            () = tokio::time::sleep_until(deadline) => {
                bail!("the callers are not done after {} s", BENCH_MAX.as_secs());
            }
        }
    }
    all.cores = (usage::cpu() - cpu).as_secs_f64() / began.elapsed().as_secs_f64();
    all.call_megabytes = (most - resident) / 1000.0 / n.max(1) as f64;
    for (callee, packets) in packets {
        let call = calls.get(&callee).context("a call of ours")?;
        wait_ended(&app, call, deadline).await?;
        all.words_off.extend(words_off(&app, call, &packets).await?);
    }
    app.drain().await;
    all.replies.sort();
    all.cuts.sort();
    all.words_off.sort_unstable();
    Ok(all)
}

/// Waits until all of a call is in the journal.
async fn wait_ended(
    app: &App,
    call: &CallId,
    deadline: tokio::time::Instant,
) -> anyhow::Result<()> {
    while app.store().call_any(call).await?.state != CallState::Ended {
        if tokio::time::Instant::now() >= deadline {
            bail!("a call has not ended in time");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Compares what the journal of a call holds of its replies that were cut with the packets that left
/// of them.
async fn words_off(app: &App, call: &CallId, packets: &[usize]) -> anyhow::Result<Vec<usize>> {
    let events = app.store().events(call, 0, EVENTS_MAX).await?;
    let cut = events
        .into_iter()
        .filter_map(|stamped| match stamped.event {
            CallEvent::AgentSaid {
                heard,
                unsaid,
                interrupted: true,
                ..
            } => Some((heard, unsaid)),
            _ => None,
        });
    let cut: Vec<(String, String)> = cut.collect();
    if cut.len() != packets.len() {
        bail!(
            "{} replies were cut, {} of them are stored",
            packets.len(),
            cut.len()
        );
    }
    let off = cut.iter().zip(packets).map(|((heard, unsaid), n_packets)| {
        let whole = format!("{heard} {unsaid}");
        let n_chars = n_packets * 20 / CHAR_MS as usize;
        let left: String = whole.chars().take(n_chars).collect();
        let n_words = |text: &str| text.split_whitespace().count();
        n_words(&left).abs_diff(n_words(heard))
    });
    Ok(off.collect())
}

async fn start(folder: &Path) -> anyhow::Result<Arc<App>> {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let settings = Settings {
        data: folder.to_owned(),
        database: store::Database::Sqlite {
            path: folder.join("switchboard.db"),
        },
        sip_listen: SocketAddr::new(loopback, 0),
        sip_streams: app::shell::sip::StreamSettings::default(),
        dns_server: None,
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
        way: model::TrunkWay::default(),
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
        inbound_group: None,
        enabled: true,
    };
    store.add_number(trunk.id, &number, now).await?;
    Ok((tenant, agent))
}
