//! The same load on the WebSocket of `nats-server`: memory of idle subscribers, and fan-out.
//!
//! It keeps nothing: what it forwards is not stored, and has no numbers to resume by.

use std::{
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use super::{ChatBenchFlags, Figures, Server, clock_us, free_port, pause, spread::Spread};

/// For what is still on its way when a part ends.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// Measures it; `None` if it is not on the path.
pub async fn measure(flags: &ChatBenchFlags) -> anyhow::Result<Option<Figures>> {
    let (port, client_port) = (free_port()?, free_port()?);
    let config = std::env::temp_dir().join(format!("switchboard-nats-{}", std::process::id()));
    let text = format!(
        "listen: \"127.0.0.1:{client_port}\"\nmax_connections: 200000\n\
         websocket {{ listen: \"127.0.0.1:{port}\", no_tls: true }}\n"
    );
    std::fs::write(&config, text).context("failed to write settings for nats-server")?;
    let spawned = Command::new("nats-server")
        .arg("-c")
        .arg(&config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let figures = match spawned {
        Ok(child) => Some(measure_at(flags, Server(child), port).await),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(error.into())),
    };
    std::fs::remove_file(&config).context("failed to remove the settings of nats-server")?;
    figures.transpose()
}

async fn measure_at(flags: &ChatBenchFlags, server: Server, port: u16) -> anyhow::Result<Figures> {
    let address = format!("127.0.0.1:{port}");
    let begun = tokio::time::Instant::now();
    while TcpStream::connect(&address).await.is_err() {
        anyhow::ensure!(begun.elapsed() < WAIT_MAX, "nats-server does not answer");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let empty = server.resident()?;
    let mut idle = Vec::with_capacity(flags.sockets);
    for n in 0..flags.sockets {
        idle.push(open(&address, &format!("idle.{n}")).await?);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let kilobytes = server.resident()?.saturating_sub(empty);

    let (n_seen, times) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(Mutex::new(Vec::new())),
    );
    let mut readers = Vec::new();
    for _ in 0..flags.readers {
        let socket = open(&address, "all").await?;
        readers.push(tokio::spawn(read(
            socket,
            Arc::clone(&n_seen),
            Arc::clone(&times),
        )));
    }
    let mut writer = open(&address, "none").await?;
    let mut ticks = tokio::time::interval(pause(flags.messages));
    let n_messages = flags.messages * flags.seconds;
    for _ in 0..n_messages {
        ticks.tick().await;
        let text = format!("@{:012}@", clock_us());
        let publish = format!("PUB all {}\r\n{text}\r\n", text.len());
        writer
            .send(Message::Binary(publish.into_bytes().into()))
            .await?;
    }
    let wanted = n_messages as usize * flags.readers;
    let begun = tokio::time::Instant::now();
    while n_seen.load(Ordering::Relaxed) < wanted && begun.elapsed() < WAIT_MAX {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    readers.iter().for_each(tokio::task::JoinHandle::abort);
    let found = times
        .lock()
        .expect("nothing panics while it holds this lock")
        .clone();
    drop(idle);
    Ok(Figures {
        name: "nats-server (stores nothing)",
        sockets: flags.sockets,
        kilobytes,
        fan_out: Spread::of(found),
        fan_out_missing: wanted.abs_diff(n_seen.load(Ordering::Relaxed)),
        pieces: None,
    })
}

async fn open(address: &str, subject: &str) -> anyhow::Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let config = WebSocketConfig::default().read_buffer_size(1024);
    let url = format!("ws://{address}/");
    let (mut socket, _) = client_async_with_config(url, stream, Some(config)).await?;
    let hello =
        format!("CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\nSUB {subject} 1\r\nPING\r\n");
    socket
        .send(Message::Binary(hello.into_bytes().into()))
        .await?;
    // INFO, then PONG: the subscription stands.
    loop {
        let said = socket
            .next()
            .await
            .context("nats-server closed a socket")??;
        if said.into_data().windows(4).any(|word| word == b"PONG") {
            return Ok(socket);
        }
    }
}

async fn read(
    mut socket: WebSocketStream<TcpStream>,
    n_seen: Arc<AtomicUsize>,
    times: Arc<Mutex<Vec<u64>>>,
) {
    while let Some(Ok(message)) = socket.next().await {
        let data = message.into_data();
        // Several messages may come in one frame.
        let text = String::from_utf8_lossy(&data);
        let sent = text.split('@').skip(1).step_by(2);
        for sent_at in sent.filter_map(|sent| sent.parse::<u64>().ok()) {
            let took = clock_us().saturating_sub(sent_at);
            n_seen.fetch_add(1, Ordering::Relaxed);
            let mut times = times
                .lock()
                .expect("nothing panics while it holds this lock");
            times.push(took);
        }
    }
}
