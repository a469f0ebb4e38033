//! A centre with one instance, one voice agent and one credential, and a client that signs.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use app::{App, PushDialect, Settings, dialogue::Dialogues};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use model::{
    ActionScope, Call, Credential, CredentialId, CredentialScope, Recording, TenantId, UnixMs,
    VoiceAgentDraft, VoiceAgentId, WebhookTopic,
};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{form, http, sign::v1};

pub(super) const KEY: &str = "LTAItest";
pub(super) const SECRET: &str = "secrettest";

/// Asks whether the callee can come.
pub(super) const AGENT: &str = r#"{
    "language": "en",
    "greeting": "Hello, can you come?",
    "replies": [
        {"words": ["yes"], "keys": ["1"], "say": "Great.", "then": "hang_up"},
        {"words": ["maybe"], "keys": ["2"], "say": "Yes or no?"},
        {"words": ["human"], "keys": ["0"], "say": "One moment.", "then": {"transfer": "desk"}}
    ],
    "no_input": "Are you there?",
    "no_match": "Sorry?",
    "goodbye": "Goodbye."
}"#;

pub(super) struct Centre {
    pub app: Arc<App>,
    pub routes: Router,
    pub tenant: TenantId,
    pub agent: VoiceAgentId,
    n_requests: AtomicU32,
    /// Removed when the world ends.
    _folder: tempfile::TempDir,
}

pub(super) struct Answer {
    pub status: StatusCode,
    pub kind: String,
    pub text: String,
    pub json: Value,
}

impl Centre {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = start(folder.path()).await;
        let (store, now) = (app.store(), app.now());
        let tenant = store
            .create_tenant("first", "86", "Asia/Shanghai", now)
            .await
            .unwrap()
            .id;
        let draft = VoiceAgentDraft {
            name: "Reminder".into(),
            definition: AGENT.into(),
            variable_names: Vec::new(),
        };
        let agent = store
            .create_voice_agent(tenant, &draft, now)
            .await
            .unwrap()
            .id;
        let centre = Self {
            routes: http::router(Dialogues::start(&app)),
            app,
            tenant,
            agent,
            n_requests: AtomicU32::new(0),
            _folder: folder,
        };
        centre.add_credential(KEY, ActionScope::All).await;
        centre
    }

    /// The same database, a new process; the old one still holds its folder.
    pub(super) async fn restarted(self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("switchboard.db");
        self.app.store().backup_to(&copy).await.unwrap();
        self.app.store().close().await;
        let app = start(folder.path()).await;
        Self {
            routes: http::router(Dialogues::start(&app)),
            app,
            n_requests: AtomicU32::new(1_000_000),
            _folder: folder,
            ..self
        }
    }

    pub(super) async fn add_credential(&self, id: &str, actions: ActionScope) {
        let credential = Credential {
            id: CredentialId(id.into()),
            secret: SECRET.into(),
            scope: CredentialScope {
                tenants: vec![self.tenant],
                actions,
            },
            enabled: true,
            created_at: self.app.now(),
        };
        self.app.store().add_credential(&credential).await.unwrap();
    }

    /// One turn of a call; `more` are further or other parameters.
    pub(super) async fn dialogue(&self, call: &str, more: &[(&str, &str)]) -> Answer {
        let instance = self.tenant.to_string();
        let mut pairs = vec![
            ("Action", "Dialogue"),
            ("InstanceId", instance.as_str()),
            ("CallId", call),
            ("CallType", "Outbound"),
            ("CallingNumber", "1***6"),
            ("CalledNumber", "135****4353"),
            ("Utterance", ""),
        ];
        pairs.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        pairs.extend_from_slice(more);
        self.rpc(&pairs).await
    }

    /// What is said and done: `Hello. | broadcast`.
    pub(super) async fn turn(&self, call: &str, more: &[(&str, &str)]) -> String {
        let answer = self.dialogue(call, more).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json["Code"], "OK");
        assert_eq!(answer.json["Success"], true);
        let told = &answer.json["Feedback"];
        let text = |name: &str| told[name].as_str().unwrap();
        let mark = if told["Interruptible"] == true {
            ""
        } else {
            "!"
        };
        let params = text("ActionParams");
        let space = if params.is_empty() { "" } else { " " };
        format!(
            "{mark}{} | {}{space}{params}",
            text("Content"),
            text("Action")
        )
    }

    /// A request of signature v1.
    pub(super) async fn rpc(&self, pairs: &[(&str, &str)]) -> Answer {
        let signed = self.signed(pairs, self.app.now());
        self.send(post(&signed)).await
    }

    /// Parameters with those of a signature.
    pub(super) fn signed(&self, pairs: &[(&str, &str)], at: UnixMs) -> Vec<(String, String)> {
        let n = self.n_requests.fetch_add(1, Ordering::Relaxed);
        let time = jiff::Timestamp::from_second(at.seconds()).unwrap();
        let common = [
            ("Version", "2019-12-26".to_owned()),
            ("Format", "JSON".to_owned()),
            ("AccessKeyId", KEY.to_owned()),
            ("SignatureMethod", "HMAC-SHA1".to_owned()),
            ("SignatureVersion", "1.0".to_owned()),
            ("SignatureNonce", format!("nonce-{n}")),
            ("Timestamp", time.to_string()),
        ];
        let mut all: Vec<(String, String)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        for (name, value) in common {
            if pairs.iter().all(|(given, _)| *given != name) {
                all.push((name.to_owned(), value));
            }
        }
        sign(&mut all);
        all
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response.headers()[CONTENT_TYPE]
            .to_str()
            .unwrap()
            .to_owned();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Answer {
            status,
            kind,
            text,
            json,
        }
    }
}

/// Adds the signature of a POST.
pub(super) fn sign(pairs: &mut Vec<(String, String)>) {
    let signature = v1::signature(SECRET, "POST", pairs).unwrap();
    pairs.push(("Signature".into(), signature));
}

/// The parameters in the query of a POST, as the old client sends them.
pub(super) fn post(pairs: &[(String, String)]) -> Request<Body> {
    let mut query = String::new();
    for (name, value) in pairs {
        query.push_str(if query.is_empty() { "" } else { "&" });
        form::encode_into(&mut query, name);
        query.push('=');
        form::encode_into(&mut query, value);
    }
    Request::post(format!("/?{query}"))
        .body(Body::empty())
        .unwrap()
}

async fn start(folder: &Path) -> Arc<App> {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
        public_url: "http://127.0.0.1:8080".into(),
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
    App::start(settings, seal, Arc::new(NoPush)).await.unwrap()
}

/// No test here sends a push.
struct NoPush;

impl PushDialect for NoPush {
    fn body(
        &self,
        _: WebhookTopic,
        _: &Call,
        _: Option<&Recording>,
        _: &dyn Fn(&Recording) -> String,
    ) -> String {
        String::new()
    }

    fn query(&self, _: WebhookTopic) -> String {
        String::new()
    }
}
