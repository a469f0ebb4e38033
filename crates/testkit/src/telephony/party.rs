//! One party: a SIP endpoint with one call at a time, its media, and what it does with a call.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use media::{
    FrameKind, SAMPLE_RATE_HZ, g711,
    leg::{Command as MediaCommand, Leg, LegSettings, Stream, TickOut},
    playout::{Clip, ClipId, PlayMode},
    port::{LatchRule, PortSettings},
};
use sip::{
    Command, Config, Endpoint, Event, Invite, InviteRules, LegId, Link, NameAddr, Transport, Uri,
    sdp::{self, Codec, Direction, Local, Negotiated, Session},
};

/// The sound that a party makes for as long as its call lasts.
const CLIP: ClipId = ClipId(1);

/// What a party does with a call that comes in.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// From the INVITE to 180, or to 183 if it plays something.
    pub ring_after: Duration,
    /// From the INVITE to 200.
    pub answer_after: Duration,
    /// It is heard before it answers.
    pub early_media: bool,
    /// It refuses with this status instead.
    pub refuse: Option<u16>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            ring_after: Duration::from_millis(300),
            answer_after: Duration::from_secs(2),
            early_media: false,
            refuse: None,
        }
    }
}

/// See the module.
pub struct Party {
    /// Its signalling.
    pub endpoint: Endpoint,
    /// Where it listens for SIP.
    pub address: SocketAddr,
    /// What it does with a call that comes in.
    pub manners: Manners,
    /// It sends and hears; without that, time passes faster.
    pub has_sound: bool,
    /// Its call.
    pub leg: Option<LegId>,
    /// Everything that it was told.
    pub told: Vec<Event>,
    /// What it heard, from the first tick of its media on; made up and missing frames included.
    pub heard: Vec<i16>,
    /// What holds now.
    pub agreed: Option<Negotiated>,
    codecs: Vec<Codec>,
    /// Pitch of what it says, Hz.
    pitch: f32,
    ours: Option<Session>,
    media: Option<Leg>,
    out: TickOut,
}

impl Party {
    /// A party at this address, RTP at port 4000, that says a tone of this pitch.
    #[must_use]
    pub fn new(address: SocketAddr, pitch: f32, codecs: &[Codec], seed: u8) -> Self {
        Self {
            endpoint: Endpoint::new(Config::default(), [seed; 32]),
            address,
            manners: Manners::default(),
            has_sound: true,
            leg: None,
            told: Vec::new(),
            heard: Vec::new(),
            agreed: None,
            codecs: codecs.to_vec(),
            pitch,
            ours: None,
            media: None,
            out: TickOut::new(),
        }
    }

    /// Where it receives RTP.
    #[must_use]
    pub fn rtp(&self) -> SocketAddr {
        SocketAddr::new(self.address.ip(), 4000)
    }

    /// The INVITE of a call to somebody.
    pub fn call(&mut self, to: SocketAddr) -> Command {
        let leg = LegId(1);
        self.leg = Some(leg);
        let offer = sdp::offer(&self.local(Direction::SendRecv), &self.codecs);
        let sdp = offer.to_bytes();
        self.ours = Some(offer);
        let host = |address: SocketAddr| address.ip().to_string();
        Command::Invite(Box::new(Invite {
            leg,
            to: Uri::sip("callee", &host(to), Some(to.port())),
            from: NameAddr::new(Uri::sip("caller", &host(self.address), None)),
            link: self.link(to),
            routes: Vec::new(),
            credentials: None,
            headers: Vec::new(),
            sdp,
            ring_time_max: Duration::from_secs(60),
            rules: InviteRules::default(),
        }))
    }

    /// Our offer in a call that is up.
    #[must_use]
    pub fn offer(&self, codecs: &[Codec], direction: Direction) -> Option<Command> {
        let sdp = sdp::offer(&self.local(direction), codecs).to_bytes();
        Some(Command::Offer {
            leg: self.leg?,
            sdp,
        })
    }

    /// The way to a peer.
    #[must_use]
    pub fn link(&self, remote: SocketAddr) -> Link {
        Link {
            transport: Transport::Udp,
            local: self.address,
            remote,
        }
    }

    /// Takes what the endpoint told it; gives what it does then, and how much later.
    pub fn told(&mut self, event: Event, now: Instant) -> Vec<(Duration, Command)> {
        let commands = match &event {
            Event::Incoming(incoming) => {
                self.leg = Some(incoming.leg);
                self.incoming(incoming.leg, incoming.sdp.as_deref(), now)
            }
            Event::Progress { sdp: Some(sdp), .. } | Event::Answered { sdp, .. } => {
                self.answered(sdp, now);
                Vec::new()
            }
            Event::Confirmed { sdp, .. } => {
                if let Some(sdp) = sdp {
                    self.answered(sdp, now);
                }
                self.listen(now);
                Vec::new()
            }
            Event::Reoffered { negotiated, .. } => {
                self.agree((**negotiated).clone());
                Vec::new()
            }
            Event::Refused { .. } | Event::Canceled { .. } | Event::Ended { .. } => {
                self.leg = None;
                self.media = None;
                Vec::new()
            }
            Event::Progress { sdp: None, .. }
            | Event::Redirected { .. }
            | Event::OfferRefused { .. }
            | Event::Referred(_)
            | Event::ReferAnswered { .. }
            | Event::ReferTold { .. }
            | Event::UserData { .. }
            | Event::Info { .. }
            | Event::Registering(_)
            | Event::RegisterAnswered { .. }
            | Event::OptionsAnswered { .. } => Vec::new(),
        };
        self.told.push(event);
        commands
    }

    /// Whether its media runs.
    #[must_use]
    pub fn sounds(&self) -> bool {
        self.media.is_some()
    }

    /// Takes a datagram of RTP or RTCP.
    pub fn receive(&mut self, bytes: &[u8], from: SocketAddr, now: Instant) {
        if let Some(media) = &mut self.media {
            media.receive(bytes, from, now);
        }
    }

    /// Lets 20 ms of media pass; gives the packet that leaves.
    pub fn tick(&mut self, now: Instant) -> Option<(SocketAddr, Vec<u8>)> {
        let media = self.media.as_mut()?;
        media.tick(now, &mut self.out);
        if let Some((kind, frame)) = self.out.tap() {
            match kind {
                FrameKind::Audio | FrameKind::Concealed => self.heard.extend(frame),
                FrameKind::Silence | FrameKind::Gap => self.heard.extend([0; 160]),
            }
        }
        let datagram = self.out.datagram()?;
        Some((datagram.to, datagram.bytes().to_vec()))
    }

    /// How strongly the tone of this pitch is in the last second of what was heard: 1 for all of it.
    #[must_use]
    pub fn hears(&self, pitch: f32) -> f64 {
        let last = self.heard.len().saturating_sub(8000);
        let heard = &self.heard[last..];
        let turn = std::f64::consts::TAU * f64::from(pitch) / f64::from(SAMPLE_RATE_HZ);
        let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
        for (n, &sample) in heard.iter().enumerate() {
            let (sample, angle) = (f64::from(sample), turn * n as f64);
            re += sample * angle.cos();
            im += sample * angle.sin();
            all += sample * sample;
        }
        if all == 0.0 {
            return 0.0;
        }
        2.0 * (re * re + im * im) / (heard.len() as f64 * all)
    }

    fn incoming(
        &mut self,
        leg: LegId,
        offer: Option<&[u8]>,
        now: Instant,
    ) -> Vec<(Duration, Command)> {
        let Manners {
            ring_after,
            answer_after,
            early_media,
            refuse,
        } = self.manners;
        let codecs = self.codecs.clone();
        let events = true;
        let allow = Command::AllowCodecs {
            leg,
            codecs,
            events,
        };
        let allow = (Duration::ZERO, allow);
        let local = self.local(Direction::SendRecv);
        let (ours, agreed) = match offer.map(Session::parse) {
            Some(Ok(offer)) => match sdp::answer(&offer, &local, &self.codecs) {
                Ok((ours, agreed)) => (ours, Some(agreed)),
                Err(_) => return vec![(Duration::ZERO, reject(leg, 488))],
            },
            Some(Err(_)) => return vec![(Duration::ZERO, reject(leg, 400))],
            None => (sdp::offer(&local, &self.codecs), None),
        };
        let sdp = ours.to_bytes();
        self.ours = Some(ours);
        let early = early_media && agreed.is_some();
        if let Some(agreed) = agreed {
            self.agreed = Some(agreed);
        }
        if early {
            self.listen(now);
        }
        let ring = Command::Ring {
            leg,
            sdp: early.then(|| sdp.clone()),
        };
        let last = match refuse {
            Some(status) => reject(leg, status),
            None => Command::Accept { leg, sdp },
        };
        vec![allow, (ring_after, ring), (answer_after, last)]
    }

    fn answered(&mut self, sdp: &[u8], now: Instant) {
        let (Some(ours), Ok(theirs)) = (&self.ours, Session::parse(sdp)) else {
            return;
        };
        if let Ok(agreed) = sdp::negotiated(ours, &theirs) {
            self.agree(agreed);
            self.listen(now);
        }
    }

    /// What holds changes; media that runs follows.
    fn agree(&mut self, agreed: Negotiated) {
        if let (Some(media), Some(stream)) = (&mut self.media, stream_of(&agreed)) {
            media.command(MediaCommand::Remote {
                to: agreed.remote,
                latch: LatchRule::Behind(agreed.remote.ip()),
            });
            media.command(MediaCommand::Follow(stream));
            media.command(MediaCommand::Hold(!agreed.direction.sends()));
            media.command(MediaCommand::Expect(agreed.direction.receives()));
        }
        self.agreed = Some(agreed);
    }

    /// Starts media, once.
    fn listen(&mut self, now: Instant) {
        let is_wanted = self.has_sound && self.media.is_none();
        let Some(agreed) = self.agreed.as_ref().filter(|_| is_wanted) else {
            return;
        };
        let Some(stream) = stream_of(agreed) else {
            return;
        };
        let mut port = PortSettings::new(stream.codec, Some(agreed.remote), SystemTime::UNIX_EPOCH);
        port.payload_type = stream.payload_type;
        port.payload_type_received = stream.payload_type_received;
        port.dtmf_payload_type_received = stream.dtmf_payload_type_received;
        port.dtmf_payload_type = stream.dtmf_payload_type;
        port.ssrc = self.pitch as u32;
        port.latch = LatchRule::Behind(agreed.remote.ip());
        let mut settings = LegSettings::new(port);
        settings.held = !agreed.direction.sends();
        settings.expected = agreed.direction.receives();
        let mut media = Leg::new(settings, now);
        let clip = Clip::whole(CLIP, tone(self.pitch)).repeated(u32::MAX);
        let mode = PlayMode::Over;
        media.command(MediaCommand::Play { clip, mode });
        self.media = Some(media);
    }

    fn local(&self, direction: Direction) -> Local {
        Local {
            address: self.rtp(),
            session_id: 1,
            version: 1,
            ptime_ms: 20,
            direction,
            security: sip::sdp::Security::OFF,
            events: true,
        }
    }
}

fn reject(leg: LegId, status: u16) -> Command {
    Command::Reject {
        leg,
        status,
        reason: None,
        headers: Vec::new(),
    }
}

fn stream_of(agreed: &Negotiated) -> Option<Stream> {
    let codec = match agreed.codec {
        Codec::Pcma => g711::Codec::Pcma.into(),
        Codec::Pcmu => g711::Codec::Pcmu.into(),
        Codec::G722 => media::Codec::G722,
        Codec::Opus => return None,
    };
    Some(Stream {
        codec,
        payload_type: agreed.payload_type_sent,
        payload_type_received: agreed.payload_type_received,
        dtmf_payload_type: agreed.dtmf_sent,
        dtmf_payload_type_received: agreed.dtmf_received,
        dtmf_clock_factor: 1,
        packet_ms: agreed.ptime_ms,
    })
}

/// A second of a tone; whole turns, so that it can be repeated.
fn tone(pitch: f32) -> Arc<[i16]> {
    (0..8000)
        .map(|n| {
            let angle = std::f32::consts::TAU * pitch * n as f32 / 8000.0;
            (angle.sin() * 8000.0) as i16
        })
        .collect()
}
