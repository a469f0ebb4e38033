//! A centre in a temporary folder, and a phone on the other end of real SIP and RTP.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use app::{
    App, PushDialect, Settings,
    shell::{
        media::{LegHandle, MediaPool, NewLeg, Report as MediaReport},
        sip::{Report as SipReport, SipHandle, SipSettings},
    },
};
use media::{g711, leg, leg::LegSettings, port::PortSettings};
use model::{
    Call, CallId, Recording, SipTransport, Tenant, TrunkCodec, TrunkDraft, TrunkNumber,
    VoiceAgentDraft, VoiceAgentId, WebhookTopic,
};
use sip::{
    Command, Event, Incoming,
    sdp::{self, Codec, Direction, Local, Session},
};
use tokio::sync::mpsc;

pub const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Pushes whose body is the call's id and topic: the wire format is a dialect's matter.
struct PlainPush;

impl PushDialect for PlainPush {
    fn body(
        &self,
        topic: WebhookTopic,
        call: &Call,
        recording: Option<&Recording>,
        url: &dyn Fn(&Recording) -> String,
    ) -> String {
        let url = recording.map(url).unwrap_or_default();
        serde_json::json!({"topic": topic.name(), "call": call.id.as_str(), "url": url}).to_string()
    }

    fn query(&self, topic: WebhookTopic) -> String {
        format!("action={}&version=1", topic.name())
    }
}

/// A centre with one tenant, one trunk to a phone, and one agent.
pub struct World {
    pub app: Arc<App>,
    pub tenant: Tenant,
    pub agent: VoiceAgentId,
    pub phone: Phone,
    /// Removed when the world ends.
    _folder: tempfile::TempDir,
}

impl World {
    /// `script` is the agent's document.
    pub async fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("switchboard.db");
        Self::on(store::Database::Sqlite { path }, folder, script).await
    }

    /// The same on this database, with other data in `folder`.
    pub async fn on(database: store::Database, folder: tempfile::TempDir, script: &str) -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let app = start_on(database, folder.path()).await;
        let phone = Phone::start().await;
        let store = app.store();
        let tenant = store
            .create_tenant("Clinic", "1", "UTC", app.now())
            .await
            .unwrap();
        let draft = VoiceAgentDraft {
            name: "Reminder".into(),
            definition: script.into(),
            variable_names: Vec::new(),
        };
        let agent = store
            .create_voice_agent(tenant.id, &draft, app.now())
            .await
            .unwrap();
        let trunk = store
            .create_trunk(&trunk_to(phone.address()), app.now())
            .await
            .unwrap();
        let number = TrunkNumber {
            number: model::E164::parse("+12025550001", "1").unwrap(),
            tenant: tenant.id,
            outbound: true,
            inbound_agent: None,
            inbound_group: None,
            enabled: true,
        };
        store
            .add_number(trunk.id, &number, app.now())
            .await
            .unwrap();
        Self {
            app,
            tenant,
            agent: agent.id,
            phone,
            _folder: folder,
        }
    }

    /// Places a call to the phone.
    pub async fn call(&self) -> CallId {
        let command = model::PlaceVoiceAgentCall {
            tenant: self.tenant.id,
            voice_agent: self.agent,
            callee: model::E164::parse("+12025550199", "1").unwrap(),
            callers: Vec::new(),
            variables: Vec::new(),
            ring_time_max: None,
            slot_wait_max: Duration::ZERO,
            user_data: None,
            belongs: model::Belongs::default(),
        };
        self.app
            .place_voice_agent_call(command, None)
            .await
            .unwrap()
    }

    /// Waits for the call as it is when `is_ready`.
    pub async fn until(&self, id: &CallId, is_ready: impl Fn(&Call) -> bool) -> Call {
        let mut journal = self.app.journal_watch();
        let waiting = async {
            loop {
                let call = self.app.store().call(self.tenant.id, id).await.unwrap();
                if is_ready(&call) {
                    return call;
                }
                journal.changed().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .expect("in time")
    }
}

/// Starts a centre on free ports of loopback.
async fn start_on(database: store::Database, folder: &std::path::Path) -> Arc<App> {
    let settings = Settings {
        data: folder.to_owned(),
        database,
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
        drain_max: Duration::from_secs(5),
        recognizer_worker: ("/bin/false".into(), Vec::new()),
        storage: None,
        raw_kept: Duration::from_secs(60),
        recordings_kept: None,
        fetch_private: true,
    };
    App::start(
        settings,
        store::SealKey::from_bytes([7; 32]),
        Arc::new(PlainPush),
    )
    .await
    .unwrap()
}

fn trunk_to(address: SocketAddr) -> TrunkDraft {
    TrunkDraft {
        name: "phone".into(),
        host: address.ip().to_string(),
        port: address.port(),
        transport: SipTransport::Udp,
        user: None,
        password: None,
        register: false,
        domain: None,
        codecs: vec![TrunkCodec::Pcma, TrunkCodec::Pcmu],
        way: model::TrunkWay::default(),
        channels_max: 10,
        calls_per_second_max: 100,
        prefix_rules: Vec::new(),
        callee_prefixes: vec!["1202555019".into()],
        signalling: model::TrunkSignalling::default(),
        // The number is of the fictional range, which only simulated trunks reach.
        simulated: true,
        enabled: true,
    }
}

/// A phone that does what its test says.
pub struct Phone {
    sip: SipHandle,
    media: MediaPool,
    incoming: tokio::sync::Mutex<mpsc::Receiver<Box<Incoming>>>,
}

/// An answered call on the phone.
pub struct Answered {
    pub leg: LegHandle,
    pub reports: mpsc::Receiver<MediaReport>,
    pub sip: mpsc::Receiver<SipReport>,
    pub id: sip::LegId,
}

impl Phone {
    async fn start() -> Self {
        let (to_incoming, incoming) = mpsc::channel(8);
        let settings = SipSettings {
            listen: SocketAddr::new(LOOPBACK, 0),
            public_ip: None,
            user_agent: "test phone".into(),
            streams: app::shell::sip::StreamSettings::default(),
        };
        Self {
            sip: SipHandle::start(settings, to_incoming).await.unwrap(),
            media: MediaPool::start(1, LOOPBACK, None).unwrap(),
            incoming: tokio::sync::Mutex::new(incoming),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.sip.local()
    }

    /// The next call that rings.
    pub async fn rings(&self) -> Box<Incoming> {
        let ringing = async { self.incoming.lock().await.recv().await.unwrap() };
        tokio::time::timeout(Duration::from_secs(10), ringing)
            .await
            .expect("a call in time")
    }

    pub async fn reject(&self, incoming: &Incoming, status: u16) {
        let reject = Command::Reject {
            leg: incoming.leg,
            status,
            reason: None,
            headers: Vec::new(),
        };
        self.sip.command(reject).await.unwrap();
    }

    /// Rings and answers.
    pub async fn answer(&self, incoming: &Incoming) -> Answered {
        let sockets = self.media.bind().unwrap();
        let local = Local {
            address: sockets.local(),
            session_id: 1,
            version: 1,
            ptime_ms: 20,
            direction: Direction::SendRecv,
            security: sip::sdp::Security::OFF,
            events: true,
        };
        let offer = Session::parse(incoming.sdp.as_ref().unwrap()).unwrap();
        let (ours, agreed) = sdp::answer(&offer, &local, &[Codec::Pcma, Codec::Pcmu]).unwrap();
        let sip = self.sip.adopt(incoming.leg).await.unwrap();
        self.sip
            .command(Command::Ring {
                leg: incoming.leg,
                sdp: None,
            })
            .await
            .unwrap();
        self.sip
            .command(Command::Accept {
                leg: incoming.leg,
                sdp: ours.to_bytes(),
            })
            .await
            .unwrap();
        let codec = match agreed.codec {
            Codec::Pcma => g711::Codec::Pcma,
            _ => g711::Codec::Pcmu,
        };
        let port = PortSettings::new(codec, Some(agreed.remote), std::time::SystemTime::now());
        let (to_reports, reports) = mpsc::channel(1024);
        let settings = LegSettings::new(port);
        let new = NewLeg {
            settings,
            sockets,
            reports: to_reports,
            recording: None,
        };
        let leg = self.media.add(new).unwrap();
        Answered {
            leg,
            reports,
            sip,
            id: incoming.leg,
        }
    }

    pub async fn hang_up(&self, answered: Answered) {
        self.sip
            .command(Command::HangUp {
                leg: answered.id,
                reason: None,
            })
            .await
            .unwrap();
        answered.leg.remove().await;
    }
}

impl Answered {
    /// Waits until the far end has begun to speak, and then has stopped.
    pub async fn hears_a_line(&mut self) {
        let line = async {
            let mut has_begun = false;
            loop {
                match self.reports.recv().await.expect("the leg lives") {
                    MediaReport::Event(leg::Event::SpeechStarted { .. }) => has_begun = true,
                    MediaReport::Event(leg::Event::SpeechStopped { .. }) if has_begun => return,
                    MediaReport::Event(_) | MediaReport::Sound(_) => {}
                    MediaReport::Failed => panic!("the phone's leg broke down"),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), line)
            .await
            .expect("a line in time");
    }

    /// Presses keys.
    pub fn press(&self, keys: &str) {
        let digits = keys.chars().map(|key| key.try_into().unwrap()).collect();
        self.leg.command(leg::Command::SendDigits(digits));
    }

    /// Waits until the far end hangs up.
    pub async fn is_hung_up(&mut self) {
        let end = async {
            loop {
                match self.sip.recv().await {
                    Some(SipReport::Event(Event::Ended { .. })) | None => return,
                    Some(_) => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), end)
            .await
            .expect("the end in time");
    }
}
