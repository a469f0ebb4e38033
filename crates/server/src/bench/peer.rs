//! The peer: `rtpengine`, if it is on the path, relays the same calls on the same core.
//!
//! It runs without its kernel module and with one thread, and is told of calls by its control
//! protocol (NG: one datagram a request, a cookie and a bencoded dictionary). It learns where callers
//! are from their first packets, as we do.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use media::FRAME;

use super::{Figures, Load, WARM_UP, loss::Loss, usage};

/// Ports that it gives calls: below those that systems hand out by themselves.
const PORTS: [&str; 2] = ["--port-min=16384", "--port-max=29999"];

/// Longest wait for one answer.
const ANSWER_MAX: Duration = Duration::from_millis(500);

/// Longest wait until it runs.
const START_MAX: Duration = Duration::from_secs(10);

/// Longest answer.
const ANSWER_LEN_MAX: usize = 16 * 1024;

/// Measures `n_legs` legs, two of them a call; `None` if it is not on the path.
pub fn measure(n_legs: usize, measured: Duration) -> anyhow::Result<Option<Figures>> {
    // What is started from here inherits it.
    usage::pin(0);
    let Some(mut peer) = Peer::start()? else {
        return Ok(None);
    };
    let before = usage::resident_kilobytes_of(peer.child.id())?;
    let mut targets = Vec::with_capacity(n_legs);
    for call in 0..n_legs / 2 {
        targets.extend(peer.join(call)?);
    }
    let load = Load::start(&targets, WARM_UP + measured, false)?;
    std::thread::sleep(WARM_UP);
    let cpu = usage::cpu_of(peer.child.id())?;
    let begun = Instant::now();
    std::thread::sleep(measured);
    let (cpu, measured) = (usage::cpu_of(peer.child.id())? - cpu, begun.elapsed());
    let after = usage::resident_kilobytes_of(peer.child.id())?;
    let heard = load.finish()?;
    // It counts nothing that can be read at a moment: callers speak 50 times a second, each packet
    // comes in once and goes out once, and what does not is counted as lost.
    let packets =
        (targets.len() as f64 * measured.as_secs_f64() / FRAME.as_secs_f64() * 2.0) as u64;
    Ok(Some(Figures {
        cpu,
        packets,
        lost: Loss::of(&heard.callers),
        recorded_gaps: 0,
        kilobytes_a_leg: (after - before) / n_legs as f64,
        late_max_us: 0,
    }))
}

/// The process, and where it takes requests.
struct Peer {
    child: Child,
    control: UdpSocket,
    n_requests: u32,
}

impl Peer {
    fn start() -> anyhow::Result<Option<Self>> {
        let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let listen = taken.local_addr()?;
        drop(taken);
        let spawned = Command::new("rtpengine")
            .args(["--foreground", "--table=-1", "--interface=127.0.0.1"])
            .args(["--num-threads=1", "--endpoint-learning=immediate"])
            .args(["--log-stderr", "--log-level=1", "--config-file=none"])
            .args(PORTS)
            .arg(format!("--listen-ng={listen}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = match spawned {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("failed to start rtpengine"),
        };
        let control = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        control.connect(listen)?;
        control.set_read_timeout(Some(ANSWER_MAX))?;
        let mut peer = Self {
            child,
            control,
            n_requests: 0,
        };
        let begun = Instant::now();
        while peer.ask(&[("command", "ping")]).is_err() {
            let ended = peer.child.try_wait()?;
            ensure!(ended.is_none(), "rtpengine ended at once: {ended:?}");
            ensure!(begun.elapsed() < START_MAX, "rtpengine does not answer");
            std::thread::sleep(ANSWER_MAX / 10);
        }
        Ok(Some(peer))
    }

    /// Joins two callers. Gives where each of them speaks to.
    fn join(&mut self, call: usize) -> anyhow::Result<[SocketAddr; 2]> {
        let id = format!("bench-{call}");
        let sdp = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {} RTP/AVP 0\r\na=ptime:20\r\n",
            40_000 + call % 20_000
        );
        let offer = [
            ("call-id", id.as_str()),
            ("command", "offer"),
            ("from-tag", "a"),
            ("ICE", "remove"),
            ("sdp", &sdp),
        ];
        let callee_side = self.ask(&offer)?;
        let answer = [
            ("call-id", id.as_str()),
            ("command", "answer"),
            ("from-tag", "a"),
            ("to-tag", "b"),
            ("sdp", &sdp),
        ];
        let caller_side = self.ask(&answer)?;
        Ok([audio_address(&caller_side)?, audio_address(&callee_side)?])
    }

    fn ask(&mut self, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        self.n_requests += 1;
        let cookie = self.n_requests.to_string();
        let mut request = format!("{cookie} d");
        for text in fields.iter().flat_map(|(key, value)| [key, value]) {
            request.push_str(&format!("{}:{text}", text.len()));
        }
        request.push('e');
        self.control.send(request.as_bytes())?;
        let mut buffer = vec![0; ANSWER_LEN_MAX];
        loop {
            let len = self.control.recv(&mut buffer)?;
            let answer = String::from_utf8_lossy(&buffer[..len]).into_owned();
            if answer.split(' ').next() == Some(&cookie) {
                ensure!(!answer.contains("5:error"), "rtpengine refused: {answer}");
                return Ok(answer);
            }
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It keeps nothing, and has ended already if this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the session description within an answer takes sound.
fn audio_address(answer: &str) -> anyhow::Result<SocketAddr> {
    let (_, rest) = answer.split_once("m=audio ").context("no sound in it")?;
    let port = rest.split(' ').next().context("no port in it")?.parse()?;
    Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}
