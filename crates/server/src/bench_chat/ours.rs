//! Our own side of the bench.

use std::{
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use futures::{SinkExt as _, StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message, client::IntoClientRequest as _, http::HeaderValue, protocol::WebSocketConfig,
    },
};

use super::{ChatBenchFlags, Figures, Server, clock_us, free_port, pause, spread::Spread};

/// Sockets of one conversation while they are idle.
const SOCKETS_EACH: usize = 20;

/// Sockets that are opened at a time.
const AT_ONCE: usize = 32;

/// Longest wait for what must come.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// For what is still on its way when a part ends.
const LATE_MAX: Duration = Duration::from_secs(3);

/// The instance of `--dev`.
const INSTANCE: i64 = 1_400_000_001;

struct Centre {
    base: String,
    address: String,
    http: reqwest::Client,
    sig: String,
}

/// A conversation with the token of its customer.
struct Chat {
    id: String,
    token: String,
}

/// What readers saw.
#[derive(Default)]
struct Seen {
    n: AtomicUsize,
    times: Mutex<Vec<u64>>,
}

pub async fn measure(flags: &ChatBenchFlags) -> anyhow::Result<Figures> {
    let folder = std::env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context("failed to make a folder for the bench")?;
    let figures = measure_in(flags, &folder).await;
    std::fs::remove_dir_all(&folder).context("failed to remove the folder of the bench")?;
    figures
}

async fn measure_in(flags: &ChatBenchFlags, folder: &std::path::Path) -> anyhow::Result<Figures> {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let server = Command::new(std::env::current_exe()?)
        .args(["serve", "--dev", "--simulated=false", "--rtp-ports", "any"])
        .args([
            "--sip-listen",
            "127.0.0.1:0",
            "--requests-per-second",
            "100000",
            "--customer-requests-per-second",
            "100000",
        ])
        .args(["--listen", &address, "--data"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("failed to start the server")?;
    let server = Server(server);
    let centre = Centre::reach(address).await?;

    let empty = server.resident()?;
    let idle = centre.idle(flags.sockets).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let kilobytes = server.resident()?.saturating_sub(empty);

    let (fan_out, fan_out_missing) = centre.fan_out(flags).await?;
    let pieces = centre.pieces(flags).await?;
    drop(idle);
    Ok(Figures {
        name: "switchboard",
        sockets: flags.sockets,
        kilobytes,
        fan_out,
        fan_out_missing,
        pieces: Some(pieces),
    })
}

impl Centre {
    /// Waits until the server answers.
    async fn reach(address: String) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let base = format!("http://{address}");
        let begun = tokio::time::Instant::now();
        let body = json!({"identifier": "administrator"});
        let sig = loop {
            let asked = http
                .post(format!("{base}/api/v1/chat/user-sigs"))
                .bearer_auth("swb_dev")
                .json(&body)
                .send()
                .await;
            match asked {
                Ok(answer) if answer.status().is_success() => {
                    let answer: Value = answer.json().await?;
                    break answer["user_sig"].as_str().unwrap_or_default().to_owned();
                }
                _ if begun.elapsed() > WAIT_MAX => anyhow::bail!("the server does not answer"),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        Ok(Self {
            base,
            address,
            http,
            sig,
        })
    }

    /// So many sockets of many conversations.
    async fn idle(&self, n_sockets: usize) -> anyhow::Result<Vec<WebSocketStream<TcpStream>>> {
        let n_chats = n_sockets.div_ceil(SOCKETS_EACH);
        let opening = stream::iter(0..n_chats).map(|nth| async move {
            let chat = self.begin().await?;
            let n_here = SOCKETS_EACH.min(n_sockets - nth * SOCKETS_EACH);
            let mut sockets = Vec::with_capacity(n_here);
            for _ in 0..n_here {
                sockets.push(self.open(&chat).await?);
            }
            anyhow::Ok(sockets)
        });
        let opened: Vec<_> = opening.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(opened.into_iter().flatten().collect())
    }

    async fn begin(&self) -> anyhow::Result<Chat> {
        let body = json!({"instance": INSTANCE});
        loop {
            let started = self.http.post(format!("{}/chat/v1/start", self.base));
            let started = started.json(&body).send().await?;
            if started.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
            let started: Value = started.error_for_status()?.json().await?;
            let text = |value: &Value| value.as_str().map(str::to_owned);
            return Ok(Chat {
                id: text(&started["conversation"]["id"]).context("no conversation")?,
                token: text(&started["token"]).context("no token")?,
            });
        }
    }

    /// A socket that has said hello and has been told what there was.
    async fn open(&self, chat: &Chat) -> anyhow::Result<WebSocketStream<TcpStream>> {
        let url = format!(
            "ws://{}/chat/v1/conversations/{}/socket?after=0",
            self.address, chat.id
        );
        let config = WebSocketConfig::default().read_buffer_size(1024);
        loop {
            let mut request = url.as_str().into_client_request()?;
            let protocols = format!("switchboard.chat.v1, {}", chat.token);
            let protocols = HeaderValue::from_str(&protocols)?;
            request
                .headers_mut()
                .insert("Sec-WebSocket-Protocol", protocols);
            let stream = TcpStream::connect(&self.address).await?;
            match client_async_with_config(request, stream, Some(config)).await {
                Ok((mut socket, _)) => {
                    socket.next().await.context("no hello")??;
                    return Ok(socket);
                }
                // So many a second of one customer.
                Err(tokio_tungstenite::tungstenite::Error::Http(answer))
                    if answer.status().as_u16() == 429 =>
                {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn desk(&self, command: &str, random: u32, body: &Value) -> anyhow::Result<Value> {
        let url = format!(
            "{}/v4/desk_http_svc/{command}?sdkappid={INSTANCE}&identifier=administrator\
             &usersig={}&random={random}&contenttype=json",
            self.base, self.sig
        );
        let answer: Value = self.http.post(url).json(body).send().await?.json().await?;
        anyhow::ensure!(answer["ErrorCode"] == 0, "{answer}");
        Ok(answer)
    }

    /// Messages into one conversation with many readers.
    async fn fan_out(&self, flags: &ChatBenchFlags) -> anyhow::Result<(Spread, usize)> {
        let chat = self.begin().await?;
        let seen = Arc::new(Seen::default());
        let opening = stream::iter(0..flags.readers).map(|_| self.open(&chat));
        let sockets: Vec<_> = opening.buffer_unordered(AT_ONCE).try_collect().await?;
        let readers: Vec<_> = sockets
            .into_iter()
            .map(|socket| tokio::spawn(read(socket, Arc::clone(&seen))))
            .collect();
        let n_messages = flags.messages * flags.seconds;
        let mut ticks = tokio::time::interval(pause(flags.messages));
        for n in 0..n_messages {
            ticks.tick().await;
            let element = json!({
                "MsgType": "TIMTextElem",
                "MsgContent": {"Text": format!("@{}@", clock_us())},
            });
            let body = json!({"SessionId": chat.id, "MsgRandom": n, "MsgBody": [element]});
            self.desk("send_msg", n, &body).await?;
        }
        let wanted = n_messages as usize * flags.readers;
        let found = settled(&seen, wanted).await;
        readers.iter().for_each(tokio::task::JoinHandle::abort);
        Ok((found, wanted.abs_diff(seen.n.load(Ordering::Relaxed))))
    }

    /// Pieces of one growing message to one reader.
    async fn pieces(&self, flags: &ChatBenchFlags) -> anyhow::Result<(Spread, usize)> {
        let chat = self.begin().await?;
        let seen = Arc::new(Seen::default());
        let reader = tokio::spawn(read(self.open(&chat).await?, Arc::clone(&seen)));
        let n_pieces = flags.pieces * flags.seconds;
        let mut ticks = tokio::time::interval(pause(flags.pieces));
        let mut key = Value::Null;
        for n in 0..n_pieces {
            ticks.tick().await;
            // A message has 12 KB: a new one begins where it would be longer.
            if n % 500 == 0 {
                key = Value::Null;
            }
            let chunk = format!("@{}@", clock_us());
            let finish = u32::from(n % 500 == 499);
            let body =
                json!({"SessionId": chat.id, "Chunk": chunk, "MsgKey": key, "Finish": finish});
            let answer = self.desk("send_stream_msg", n, &body).await?;
            if key.is_null() {
                key = answer["MsgKey"].clone();
            }
        }
        let found = settled(&seen, n_pieces as usize).await;
        reader.abort();
        let n_seen = seen.n.load(Ordering::Relaxed);
        Ok((found, (n_pieces as usize).abs_diff(n_seen)))
    }
}

/// Waits for what is still on its way.
async fn settled(seen: &Seen, wanted: usize) -> Spread {
    let begun = tokio::time::Instant::now();
    while seen.n.load(Ordering::Relaxed) < wanted && begun.elapsed() < WAIT_MAX {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // One too many would come now.
    tokio::time::sleep(LATE_MAX / 3).await;
    let times = seen
        .times
        .lock()
        .expect("nothing panics while it holds this lock");
    Spread::of(times.clone())
}

/// Counts what comes with a time in it, and how old it is.
async fn read(mut socket: WebSocketStream<TcpStream>, seen: Arc<Seen>) {
    while let Some(Ok(message)) = socket.next().await {
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(data) => {
                let _ = socket.send(Message::Pong(data)).await;
                continue;
            }
            _ => continue,
        };
        let sent_at = text
            .split('@')
            .nth(1)
            .and_then(|sent| sent.parse::<u64>().ok());
        if let Some(sent_at) = sent_at {
            let took = clock_us().saturating_sub(sent_at);
            seen.n.fetch_add(1, Ordering::Relaxed);
            let mut times = seen
                .times
                .lock()
                .expect("nothing panics while it holds this lock");
            times.push(took);
        }
    }
}
