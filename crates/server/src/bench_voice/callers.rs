//! Callers on the other end of real SIP and RTP, who measure on their own sockets.
//!
//! A caller waits until the agent has been silent, says something and waits for the first packet of
//! the reply; then it talks over the reply and waits for the last packet of it; and so on.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use app::shell::sip::{Report, SipHandle, SipSettings};
use media::{FRAME, FRAME_SAMPLES, Frame, g711::Codec};
use sip::{
    Command, Event, Incoming,
    sdp::{self, Direction, Local, Session},
};
use tokio::{
    net::UdpSocket,
    sync::{Semaphore, mpsc},
    time::MissedTickBehavior,
};

use super::clips::Kind;
use crate::simulate::Chance;

/// Bytes of an RTP header without extensions (RFC 3550 section 5.1).
const RTP_HEADER: usize = 12;

/// Root mean square above which a packet holds the agent's voice.
const VOICE_RMS: f32 = 500.0;

/// Silence of the agent before a caller speaks.
const POLITE: Duration = Duration::from_millis(500);

/// Of a reply that is talked over, so much is listened to, ms: by chance, within these.
const LISTENS_MS: (u64, u64) = (300, 2_200);

/// What a caller says: 1.2 s, which is longer than what cuts an agent.
const SPEECH_FRAMES: usize = 60;

/// Packets without voice after which the agent is silent.
const QUIET: Duration = Duration::from_millis(120);

/// What callers have measured.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// From the last packet of speech to the first packet of the reply.
    pub replies: Vec<Duration>,
    /// From the first packet of speech over the agent to the last packet of its voice.
    pub cuts: Vec<Duration>,
    /// Packets with voice that came of each reply that was talked over.
    pub packets: Vec<usize>,
}

/// Answers `n` calls, all at once, for `turns` turns each.
pub struct Callers {
    sip: SipHandle,
    measured: mpsc::Receiver<(String, Measured)>,
}

impl Callers {
    /// Binds a SIP address and starts to answer.
    pub async fn start(n: usize, turns: usize) -> anyhow::Result<Self> {
        let (incoming, mut calls) = mpsc::channel::<Box<Incoming>>(n.max(1));
        let settings = SipSettings {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            public_ip: None,
            user_agent: "bench".to_owned(),
            streams: app::shell::sip::StreamSettings::default(),
        };
        let sip = SipHandle::start(settings, incoming).await?;
        let (done, measured) = mpsc::channel(n.max(1));
        let answering = sip.clone();
        let places = Arc::new(Semaphore::new(n));
        tokio::spawn(async move {
            while let (Some(incoming), Ok(place)) = (
                calls.recv().await,
                Arc::clone(&places).acquire_owned().await,
            ) {
                let (sip, done) = (answering.clone(), done.clone());
                tokio::spawn(async move {
                    let outcome = call(&sip, &incoming, turns).await;
                    match outcome {
                        // The bench may have given up.
                        Ok(measured) => {
                            let callee = incoming.to.uri.user.clone().unwrap_or_default();
                            drop(done.send((callee, measured)).await);
                        }
                        Err(error) => tracing::warn!(%error, "a caller failed"),
                    }
                    drop(place);
                });
            }
        });
        Ok(Self { sip, measured })
    }

    /// Where they are called.
    pub fn local(&self) -> SocketAddr {
        self.sip.local()
    }

    /// What the next caller who is done has measured, and by which number they were called.
    pub async fn next(&mut self) -> Option<(String, Measured)> {
        self.measured.recv().await
    }
}

async fn call(sip: &SipHandle, incoming: &Incoming, turns: usize) -> anyhow::Result<Measured> {
    let leg = incoming.leg;
    let mut reports = sip.adopt(leg).await?;
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let local = Local {
        address: socket.local_addr()?,
        session_id: 1,
        version: 1,
        ptime_ms: 20,
        direction: Direction::SendRecv,
        security: sip::sdp::Security::OFF,
        events: true,
    };
    let offer = incoming.sdp.as_deref().context("an INVITE without SDP")?;
    let (answer, agreed) = sdp::answer(&Session::parse(offer)?, &local, &[sdp::Codec::Pcmu])?;
    let sdp = answer.to_bytes();
    sip.command(Command::Accept { leg, sdp }).await?;
    loop {
        match reports.recv().await.context("the SIP task has ended")? {
            Report::Event(Event::Confirmed { .. }) => break,
            Report::Event(Event::Ended { .. } | Event::Canceled { .. }) => {
                anyhow::bail!("the call ended before it began")
            }
            _ => {}
        }
    }
    let chance = Chance::of(7, u32::try_from(leg.0).unwrap_or(u32::MAX));
    let caller = Caller::new(socket, agreed.remote, turns, chance);
    let measured = caller.talk().await?;
    sip.command(Command::HangUp { leg, reason: None }).await?;
    Ok(measured)
}

/// What a caller does now.
#[derive(Clone, Copy, Debug)]
enum Doing {
    /// Waits until the agent has spoken and is silent.
    Waits,
    /// Speaks; `over` the agent, or after it.
    Speaks {
        at: usize,
        began: Instant,
        over: bool,
    },
    /// Waits for the reply.
    Listens { ended: Instant },
    /// Has heard the reply begin, and lets it go on a little.
    LetsTalk { until: Instant },
}

struct Caller {
    socket: UdpSocket,
    remote: SocketAddr,
    turns: usize,
    speech: Vec<[u8; FRAME_SAMPLES]>,
    doing: Doing,
    /// The agent's last packet with voice, since this caller spoke last.
    voice: Option<Instant>,
    /// Packets with voice of the reply that is heard now.
    n_packets: usize,
    chance: Chance,
    sequence: u16,
    timestamp: u32,
    measured: Measured,
}

impl Caller {
    fn new(socket: UdpSocket, remote: SocketAddr, turns: usize, chance: Chance) -> Self {
        // Of the clip only the speech: what is quiet around it would blur its end.
        let clip = Kind::Interruption.clip(&mut Chance::of(5, 5));
        let is_speech = |frame: &&Frame| rms(frame) > 300.0;
        let encode = |frame: &Frame| {
            let mut payload = [0; FRAME_SAMPLES];
            Codec::Pcmu.encode_into(frame, &mut payload);
            payload
        };
        let spoken = clip.frames.iter().filter(is_speech).map(encode);
        Self {
            socket,
            remote,
            turns,
            speech: spoken.cycle().take(SPEECH_FRAMES).collect(),
            doing: Doing::Waits,
            voice: None,
            n_packets: 0,
            chance,
            sequence: 1,
            timestamp: 0,
            measured: Measured::default(),
        }
    }

    async fn talk(mut self) -> anyhow::Result<Measured> {
        let mut tick = tokio::time::interval(FRAME);
        tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut packet = [0; 2048];
        while self.measured.replies.len() < self.turns {
            tokio::select! {
                _ = tick.tick() => self.send().await?,
                received = self.socket.recv_from(&mut packet) => {
                    let (len, _) = received?;
                    self.hear(&packet[..len], Instant::now());
                }
            }
        }
        Ok(self.measured)
    }

    /// One packet of what the caller does now.
    async fn send(&mut self) -> anyhow::Result<()> {
        let now = Instant::now();
        let quiet_for = self.voice.map(|voice| now.saturating_duration_since(voice));
        let mut payload = [Codec::Pcmu.silence(); FRAME_SAMPLES];
        match self.doing {
            Doing::Waits if quiet_for.is_some_and(|quiet| quiet >= POLITE) => {
                self.begin(now, false);
            }
            Doing::LetsTalk { until } if now >= until => self.begin(now, true),
            Doing::Waits
            | Doing::Speaks { .. }
            | Doing::Listens { .. }
            | Doing::LetsTalk { .. } => {}
        }
        if let Doing::Speaks { at, began, over } = self.doing {
            payload = self.speech[at];
            let is_last = at + 1 == self.speech.len();
            self.doing = if is_last {
                if over && let Some(voice) = self.voice {
                    let cut = voice.saturating_duration_since(began);
                    self.measured.cuts.push(cut);
                    self.measured.packets.push(self.n_packets);
                }
                self.voice = None;
                Doing::Listens { ended: now }
            } else {
                let at = at + 1;
                Doing::Speaks { at, began, over }
            };
        }
        let mut packet = [0; RTP_HEADER + FRAME_SAMPLES];
        packet[0] = 0x80;
        packet[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        packet[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        packet[8..12].copy_from_slice(&7_u32.to_be_bytes());
        packet[RTP_HEADER..].copy_from_slice(&payload);
        self.socket.send_to(&packet, self.remote).await?;
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(FRAME_SAMPLES as u32);
        Ok(())
    }

    fn begin(&mut self, now: Instant, over: bool) {
        self.doing = Doing::Speaks {
            at: 0,
            began: now,
            over,
        };
    }

    fn hear(&mut self, packet: &[u8], now: Instant) {
        let Some(payload) = packet.get(RTP_HEADER..) else {
            return;
        };
        let Ok(payload) = <&[u8; FRAME_SAMPLES]>::try_from(payload) else {
            return;
        };
        let mut frame = [0; FRAME_SAMPLES];
        Codec::Pcmu.decode_into(payload, &mut frame);
        if rms(&frame) < VOICE_RMS {
            return;
        }
        match self.doing {
            Doing::Listens { ended } => {
                let reply = now.saturating_duration_since(ended);
                // The rest of a reply that is being cut is no reply to what cut it.
                if reply >= QUIET {
                    self.measured.replies.push(reply);
                    self.n_packets = 1;
                    let is_even = self.measured.replies.len().is_multiple_of(2);
                    let (min, max) = LISTENS_MS;
                    let listens = Duration::from_millis(self.chance.between(min, max));
                    self.doing = if is_even {
                        Doing::Waits
                    } else {
                        let until = now + listens;
                        Doing::LetsTalk { until }
                    };
                }
            }
            Doing::Waits | Doing::Speaks { .. } | Doing::LetsTalk { .. } => self.n_packets += 1,
        }
        self.voice = Some(now);
    }
}

fn rms(frame: &Frame) -> f32 {
    let energy: f32 = frame.iter().map(|&s| f32::from(s) * f32::from(s)).sum();
    (energy / FRAME_SAMPLES as f32).sqrt()
}
