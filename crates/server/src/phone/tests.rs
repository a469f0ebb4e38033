//! Real calls to the phone over loopback, from a caller made of the same parts as the centre.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use app::shell::{
    media::{MediaPool, NewLeg, Report as Heard, RtpSockets},
    sip::{Report, SipHandle, SipSettings},
};
use media::{g711::Codec, leg, leg::LegSettings, port::PortSettings};
use providers::port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech};
use sip::{
    Event, Invite, NameAddr, Transport, Uri,
    sdp::{self, Direction, Local, Session},
};
use tokio::sync::mpsc;

use super::*;

/// Longest story.
const STORY_MAX: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_busy_phone_rings_and_refuses() {
    let mut caller = Caller::call("ring_for_ms: 20\nanswer: busy", None).await;
    assert_eq!(caller.story().await, ["rings 180", "refused 486"]);
}

#[tokio::test]
async fn nobody_answers_a_number_that_is_not_there() {
    let mut caller = Caller::call_where(Box::new(|_| None), None).await;
    assert_eq!(caller.story().await, ["refused 404"]);
}

#[tokio::test]
async fn keys_are_pressed_and_the_phone_hangs_up() {
    let script = "ring_for_ms: 20\nsteps: [{wait_ms: 300}, {press: \"12#\"}, hang_up]";
    let mut caller = Caller::call(script, None).await;
    assert_eq!(
        caller.story().await,
        ["rings 180", "answered", "key 1", "key 2", "key #", "ended"]
    );
}

#[tokio::test]
async fn what_was_heard_is_kept_as_a_wav() {
    let folder = tempfile::tempdir().unwrap();
    let script = "ring_for_ms: 20\nsteps: [{wait_ms: 400}, hang_up]";
    let mut caller = Caller::call(script, Some(folder.path())).await;
    assert_eq!(
        caller.story().await.last().map(String::as_str),
        Some("ended")
    );
    let wav = tokio::time::timeout(STORY_MAX, async {
        loop {
            let files = std::fs::read_dir(folder.path()).unwrap();
            let mut paths = files.map(|file| file.unwrap().path());
            let whole = paths.find(|path| path.extension().is_some_and(|ext| ext == "wav"));
            if let Some(samples) = whole
                .and_then(|path| providers::sound::decode_now(&std::fs::read(path).unwrap()).ok())
            {
                return samples;
            }
            tokio::task::yield_now().await;
        }
    });
    let n_samples = wav.await.expect("a WAV in time").len();
    assert!(
        (2400..8000).contains(&n_samples),
        "{n_samples} samples of a call of 0.4 s"
    );
}

/// A caller with one call.
struct Caller {
    _phone: Phone,
    _sip: SipHandle,
    reports: mpsc::Receiver<Report>,
    media: MediaPool,
    offer: Session,
    sockets: Option<RtpSockets>,
}

impl Caller {
    /// Calls a phone with this script.
    async fn call(script: &str, record: Option<&std::path::Path>) -> Self {
        let script = Arc::new(Script::parse(script).unwrap());
        Self::call_where(Box::new(move |_| Some(Arc::clone(&script))), record).await
    }

    async fn call_where(choose: start::Choose, record: Option<&std::path::Path>) -> Self {
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let record = record.map(std::path::Path::to_owned);
        let settings = PhoneSettings {
            listen,
            rtp_ports: None,
            record,
        };
        let phone = Phone::start(settings, Arc::new(Mute), choose)
            .await
            .unwrap();
        let settings = SipSettings {
            listen,
            public_ip: None,
            user_agent: "caller".into(),
            streams: app::shell::sip::StreamSettings::default(),
        };
        let sip = SipHandle::start(settings, mpsc::channel(1).0)
            .await
            .unwrap();
        let media = MediaPool::start(1, listen.ip(), None).unwrap();
        let sockets = media.bind().unwrap();
        let local = Local {
            address: sockets.local(),
            session_id: 1,
            version: 1,
            ptime_ms: 20,
            direction: Direction::SendRecv,
            security: sip::sdp::Security::OFF,
            events: true,
        };
        let offer = sdp::offer(&local, &[sdp::Codec::Pcmu]);
        let host = phone.local().ip().to_string();
        let invite = Invite {
            leg: sip.new_leg(),
            to: Uri::sip("+12025550101", &host, Some(phone.local().port())),
            from: NameAddr::new(Uri::sip("+12025550199", &host, None)),
            link: sip.link(Transport::Udp, phone.local()),
            routes: Vec::new(),
            credentials: None,
            headers: Vec::new(),
            sdp: offer.to_bytes(),
            ring_time_max: STORY_MAX,
            rules: sip::InviteRules::default(),
        };
        let reports = sip.invite(invite).await.unwrap();
        Self {
            _phone: phone,
            _sip: sip,
            reports,
            media,
            offer,
            sockets: Some(sockets),
        }
    }

    /// What happened until the end.
    async fn story(&mut self) -> Vec<String> {
        tokio::time::timeout(STORY_MAX, self.listen())
            .await
            .expect("the call ends in time")
    }

    async fn listen(&mut self) -> Vec<String> {
        let (to_us, mut heard) = mpsc::channel(64);
        let (mut story, mut leg) = (Vec::new(), None);
        loop {
            tokio::select! {
                Some(report) = self.reports.recv() => {
                    let Report::Event(event) = report else { continue };
                    match event {
                        Event::Progress { status, .. } => story.push(format!("rings {status}")),
                        Event::Answered { sdp, .. } => {
                            story.push("answered".to_owned());
                            leg = Some(self.talk(&sdp, to_us.clone()));
                        }
                        Event::Refused { refusal, .. } => {
                            story.push(format!("refused {}", refusal.status));
                            return story;
                        }
                        Event::Ended { .. } => {
                            story.push("ended".to_owned());
                            drop(leg);
                            return story;
                        }
                        other => panic!("unexpected: {other:?}"),
                    }
                }
                Some(heard) = heard.recv() => {
                    if let Heard::Event(leg::Event::Digit { digit, .. }) = heard {
                        story.push(format!("key {digit}"));
                    }
                }
            }
        }
    }

    fn talk(
        &mut self,
        answer: &[u8],
        reports: mpsc::Sender<Heard>,
    ) -> app::shell::media::LegHandle {
        let agreed = sdp::negotiated(&self.offer, &Session::parse(answer).unwrap()).unwrap();
        let now = std::time::SystemTime::now();
        let mut port = PortSettings::new(Codec::Pcmu, Some(agreed.remote), now);
        port.dtmf_payload_type = agreed.dtmf_sent;
        port.dtmf_payload_type_received = agreed.dtmf_received;
        let settings = LegSettings {
            record: false,
            ..LegSettings::new(port)
        };
        let sockets = self.sockets.take().unwrap();
        self.media
            .add(NewLeg {
                settings,
                sockets,
                reports,
                recording: None,
            })
            .unwrap()
    }
}

/// A speaker without a voice: these scripts say nothing.
struct Mute;

impl Speaker for Mute {
    fn name(&self) -> &'static str {
        "mute"
    }

    fn speak(&self, _: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(async { Err(SpeakerFault::NothingToSay) })
    }
}
