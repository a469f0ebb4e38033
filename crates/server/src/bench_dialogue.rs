//! `switchboard bench dialogue`: how many signed questions one core answers with the history stored.
//!
//! The server runs on a core of its own, its database threads included; the questions are signed
//! beforehand and asked over real connections from the other core. Three figures: answers a second
//! with all connections busy (and the CPU of one, which tells the same on a machine that is not idle),
//! the latency at a steady rate, and the memory of a live conversation.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use api_aliyun::{form, sign::v1};
use app::{App, Settings, dialogue::Dialogues};
use clap::Args;
use model::{ActionScope, Credential, CredentialId, CredentialScope, TenantId, VoiceAgentDraft};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::cli;

/// What the bench is told.
#[derive(Args)]
pub struct DialogueBenchFlags {
    /// Questions that are asked as fast as possible.
    #[arg(long, default_value_t = 40_000)]
    questions: usize,
    /// Connections that ask.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Questions a second of the steady part.
    #[arg(long, default_value_t = 1_000)]
    rate: usize,
    /// Seconds of the steady part.
    #[arg(long, default_value_t = 10)]
    seconds: usize,
}

/// Questions of one conversation.
const TURNS: usize = 10;

/// Conversations that are opened to see what they weigh.
const WEIGHED: usize = 20_000;

const KEY: &str = "LTAIbench";
const SECRET: &str = "bench";

/// The robot: a script that stays where it is until somebody says yes.
const AGENT: &str = r#"{"language": "zh", "greeting": "您好，这里是海港诊所，请问您明天能来吗？",
    "replies": [{"words": ["不"], "say": "好的，那我们改天再联系您，方便的话请告诉我时间。"},
                {"words": ["可以"], "say": "谢谢。", "then": "hang_up"}],
    "goodbye": "再见。"}"#;

/// Runs all three parts and prints their figures.
pub async fn run(flags: Box<DialogueBenchFlags>) -> anyhow::Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context("failed to make a folder for the bench")?;
    let (ready, started) = mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let place = folder.clone();
    let server = std::thread::Builder::new()
        .name("server".to_owned())
        .spawn(move || serve(&place, &ready, stopped))?;
    let figures = tokio::task::spawn_blocking(move || -> anyhow::Result<String> {
        pin_to(1);
        let centre = started.recv().context("the server did not start")??;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(measure(&flags, centre))
    })
    .await?;
    // A server that failed has said so already.
    let _ = stop.send(());
    let ended = server.join();
    std::fs::remove_dir_all(&folder).context("failed to remove the folder of the bench")?;
    if ended.is_err() {
        anyhow::bail!("the server panicked");
    }
    cli::print(&figures?);
    Ok(ExitCode::SUCCESS)
}

/// Where the server is, and whom to ask.
#[derive(Clone, Copy)]
struct Centre {
    address: SocketAddr,
    tenant: TenantId,
}

fn serve(
    folder: &std::path::Path,
    ready: &mpsc::Sender<anyhow::Result<Centre>>,
    stopped: tokio::sync::oneshot::Receiver<()>,
) {
    // Threads that are started from here stay on this core too: those of the database.
    pin_to(0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            let (app, centre, listener) = start(folder).await?;
            let routes = api_aliyun::http::router(Dialogues::start(&app));
            let listener = tokio::net::TcpListener::from_std(listener)?;
            // Whoever measures may have given up.
            let _ = ready.send(Ok(centre));
            axum::serve(
                listener,
                routes.into_make_service_with_connect_info::<SocketAddr>(),
            )
            .with_graceful_shutdown(async {
                let _ = stopped.await;
            })
            .await?;
            app.drain().await;
            anyhow::Ok(())
        })
    });
    if let Err(error) = outcome {
        let _ = ready.send(Err(error));
    }
}

async fn start(folder: &std::path::Path) -> anyhow::Result<(Arc<App>, Centre, TcpListener)> {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let listener = TcpListener::bind((loopback, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
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
        public_url: format!("http://{address}"),
        requests_per_second_max: 20,
        customer_requests_per_second_max: 20,
        drain_max: Duration::from_secs(1),
        recognizer_worker: ("/bin/false".into(), Vec::new()),
        storage: None,
        raw_kept: Duration::from_secs(60),
        recordings_kept: None,
        fetch_private: false,
    };
    let seal = store::SealKey::from_bytes([7; 32]);
    let app = App::start(settings, seal, Arc::new(api_tencent::push::TencentPush)).await?;
    let (store, now) = (app.store(), app.now());
    let tenant = store
        .create_tenant("bench", "86", "Asia/Shanghai", now)
        .await?
        .id;
    let draft = VoiceAgentDraft {
        name: "bench".into(),
        definition: AGENT.into(),
        variable_names: Vec::new(),
    };
    store.create_voice_agent(tenant, &draft, now).await?;
    let credential = Credential {
        id: CredentialId(KEY.into()),
        secret: SECRET.into(),
        scope: CredentialScope {
            tenants: vec![tenant],
            actions: ActionScope::All,
        },
        enabled: true,
        created_at: now,
    };
    store.add_credential(&credential).await?;
    Ok((app, Centre { address, tenant }, listener))
}

async fn measure(flags: &DialogueBenchFlags, centre: Centre) -> anyhow::Result<String> {
    let conversations = |from: usize, n_questions: usize| -> anyhow::Result<Vec<Vec<Vec<u8>>>> {
        (from..from + n_questions.div_ceil(TURNS))
            .map(|call| {
                (0..TURNS)
                    .map(|turn| question(centre, call, turn))
                    .collect()
            })
            .collect()
    };
    let fast = conversations(0, flags.questions)?;
    let n_fast = fast.len() * TURNS;
    let cpu_before = server_cpu()?;
    let took = ask_all(centre, fast, flags.connections).await?;
    let per_second = n_fast as f64 / took.as_secs_f64();
    let cpu = server_cpu()?.saturating_sub(cpu_before).as_secs_f64() / n_fast as f64;

    let steady = conversations(1_000_000, flags.rate * flags.seconds)?;
    let mut latencies = ask_steadily(centre, steady, flags.rate).await?;
    latencies.sort_unstable();
    let at = |share: f64| {
        let idx = (latencies.len() as f64 * share) as usize;
        latencies[idx.min(latencies.len() - 1)].as_secs_f64() * 1000.0
    };

    let before = resident_bytes()?;
    let openings: anyhow::Result<Vec<Vec<Vec<u8>>>> = (0..WEIGHED)
        .map(|call| Ok(vec![question(centre, 2_000_000 + call, 0)?]))
        .collect();
    let openings = openings?;
    let signed: usize = openings.iter().flatten().map(Vec::len).sum();
    ask_all(centre, openings, flags.connections).await?;
    let weight = resident_bytes()?.saturating_sub(before + signed as u64) / WEIGHED as u64;
    Ok(format!(
        "answers a second on one core   {per_second:>8.0}\n\
         CPU of an answer               {:>8.0} µs\n\
         answers a second, core's own   {:>8.0}\n\
         latency at {:>5} a second, p50  {:>8.2} ms\n\
         {:>31}  {:>8.2} ms\n\
         {:>31}  {:>8.2} ms\n\
         memory of a live conversation  {weight:>8} bytes",
        cpu * 1e6,
        1.0 / cpu,
        flags.rate,
        at(0.5),
        "p99",
        at(0.99),
        "max",
        at(1.0),
    ))
}

/// One signed question as the bytes of a request.
fn question(centre: Centre, call: usize, turn: usize) -> anyhow::Result<Vec<u8>> {
    let words = if turn == 0 {
        ""
    } else {
        "不行，我明天没有时间"
    };
    let now = jiff::Timestamp::now().round(jiff::Unit::Second)?;
    let mut pairs: Vec<(String, String)> = [
        ("Action", "Dialogue".to_owned()),
        ("Version", "2019-12-26".to_owned()),
        ("Format", "JSON".to_owned()),
        ("InstanceId", centre.tenant.to_string()),
        ("CallId", format!("call-{call}")),
        ("CallType", "Outbound".to_owned()),
        ("CallingNumber", "0571123456".to_owned()),
        ("CalledNumber", "13800000000".to_owned()),
        ("TaskId", "ff44709e-39a6-43ba-959b-20fcabe3e496".to_owned()),
        ("Utterance", words.to_owned()),
        ("AccessKeyId", KEY.to_owned()),
        ("SignatureMethod", "HMAC-SHA1".to_owned()),
        ("SignatureVersion", "1.0".to_owned()),
        ("SignatureNonce", format!("{call}-{turn}")),
        ("Timestamp", now.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let signature = v1::signature(SECRET, "POST", &pairs)?;
    pairs.push(("Signature".to_owned(), signature));
    let mut query = String::new();
    for (name, value) in &pairs {
        query.push_str(if query.is_empty() { "" } else { "&" });
        form::encode_into(&mut query, name);
        query.push('=');
        form::encode_into(&mut query, value);
    }
    let head = format!(
        "POST /?{query} HTTP/1.1\r\nHost: {}\r\nx-acs-action: Dialogue\r\nContent-Length: 0\r\n\r\n",
        centre.address
    );
    Ok(head.into_bytes())
}

/// Asks as fast as the connections can; each takes whole conversations.
async fn ask_all(
    centre: Centre,
    conversations: Vec<Vec<Vec<u8>>>,
    n_connections: usize,
) -> anyhow::Result<Duration> {
    let (conversations, next) = (Arc::new(conversations), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..n_connections {
        let (conversations, next) = (Arc::clone(&conversations), Arc::clone(&next));
        asking.spawn(async move {
            let mut connection = Connection::open(centre).await?;
            while let Some(questions) = conversations.get(next.fetch_add(1, Ordering::Relaxed)) {
                for question in questions {
                    connection.ask(question).await?;
                }
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = asking.join_next().await {
        done??;
    }
    Ok(began.elapsed())
}

/// Asks at a steady rate, whether or not the answers keep up; gives the time from when each question
/// was due to its answer.
async fn ask_steadily(
    centre: Centre,
    conversations: Vec<Vec<Vec<u8>>>,
    rate: usize,
) -> anyhow::Result<Vec<Duration>> {
    // Every conversation has a connection while it lasts; its questions are a second apart.
    let n_at_once = rate;
    let began = Instant::now() + Duration::from_millis(200);
    let mut asking = tokio::task::JoinSet::new();
    let conversations = Arc::new(conversations);
    for lane in 0..n_at_once {
        let conversations = Arc::clone(&conversations);
        asking.spawn(async move {
            let mut connection = Connection::open(centre).await?;
            let mut latencies = Vec::new();
            let mut due = began + Duration::from_secs(1).mul_f64(lane as f64 / rate as f64);
            for questions in conversations.iter().skip(lane).step_by(n_at_once) {
                for question in questions {
                    tokio::time::sleep_until(due.into()).await;
                    connection.ask(question).await?;
                    latencies.push(due.elapsed());
                    due += Duration::from_secs(1);
                }
            }
            anyhow::Ok(latencies)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = asking.join_next().await {
        all.extend(done??);
    }
    Ok(all)
}

/// A connection that is kept.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(centre: Centre) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(centre.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 16 * 1024],
        })
    }

    /// Asks, and reads one whole answer, which must be a good one.
    async fn ask(&mut self, question: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(question).await?;
        let mut n_read = 0;
        loop {
            let n = self.stream.read(&mut self.buffer[n_read..]).await?;
            anyhow::ensure!(n > 0, "the server has closed the connection");
            n_read += n;
            let text = std::str::from_utf8(&self.buffer[..n_read]).unwrap_or_default();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .context("an answer without a length")?
                .parse()?;
            if body.len() >= length {
                anyhow::ensure!(head.starts_with("HTTP/1.1 200"), "{body}");
                return Ok(());
            }
        }
    }
}

/// CPU time that the threads on the server's core have used. Unlike the clock on the wall it does not
/// count what other programs take, so that it can be measured on a machine that is not idle.
fn server_cpu() -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let folder = task?.path();
        // A thread may end between the listing and the reading.
        let (Ok(status), Ok(stat)) = (
            std::fs::read_to_string(folder.join("status")),
            std::fs::read_to_string(folder.join("stat")),
        ) else {
            continue;
        };
        if !status.lines().any(|line| line == "Cpus_allowed_list:\t0") {
            continue;
        }
        // proc(5): the name may hold blanks; behind it utime and stime are the 12th and 13th.
        let (_, fields) = stat.rsplit_once(") ").context("stat has a name")?;
        let times = fields.split(' ').skip(11).take(2);
        ticks += times.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    }
    // USER_HZ is 100 on every architecture that Linux has kept.
    Ok(Duration::from_millis(ticks * 10))
}

/// Memory of this process that is really there.
fn resident_bytes() -> anyhow::Result<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let resident = pages.split(' ').nth(1).context("statm has a second word")?;
    Ok(resident.parse::<u64>()? * 4096)
}

/// Keeps the calling thread, and those that it starts later, on one core. On a machine without
/// that core it stays where it is.
#[expect(unsafe_code, reason = "the system call has no safe name")]
fn pin_to(core: usize) {
    // SAFETY: the set is a plain bit field of the size that is passed, and outlives the call.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set);
    }
}
