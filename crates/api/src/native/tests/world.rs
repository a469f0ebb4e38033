//! A centre to ask.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use app::{App, PushDialect, Settings};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use model::{Call, Recording, TenantId, WebhookTopic};
use serde_json::Value;
use tower::ServiceExt;

use crate::native::{self, Native, sha256_of_token};

/// Token of the operator.
pub(super) const OPERATOR: &str = "swb_operator";

/// Token of the first instance.
pub(super) const FIRST: &str = "swb_first";

/// Token of the second instance.
pub(super) const SECOND: &str = "swb_second";

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A running centre with two instances.
pub(super) struct Centre {
    pub app: Arc<App>,
    pub routes: Router,
    pub first: TenantId,
    pub second: TenantId,
    _folder: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Centre {
    /// Without any token or instance.
    pub(super) async fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = start(folder.path()).await;
        let native = Native::new(app.clone(), |_, _, _| "<svg/>".to_owned(), false);
        let routes = native::behind_setup(native.clone(), native::router(&native));
        Self {
            app,
            routes,
            first: TenantId(0),
            second: TenantId(0),
            _folder: folder,
        }
    }

    /// With two instances and three tokens.
    pub(super) async fn new() -> Self {
        let mut centre = Self::bare().await;
        let (store, now) = (centre.app.store(), centre.app.now());
        let first = store
            .create_tenant("first", "86", "Asia/Shanghai", now)
            .await
            .unwrap()
            .id;
        let second = store
            .create_tenant("second", "1", "America/New_York", now)
            .await
            .unwrap()
            .id;
        for (token, tenant) in [
            (OPERATOR, None),
            (FIRST, Some(first)),
            (SECOND, Some(second)),
        ] {
            let hash = sha256_of_token(token);
            store
                .create_api_token(token, &hash, tenant, now)
                .await
                .unwrap();
        }
        let picture: native::PictureDrawer = |call, _, _| {
            let (caller, callee) = (&call.caller, &call.callee);
            format!("<svg><text>{caller} → {callee}</text></svg>")
        };
        let native = Native::new(centre.app.clone(), picture, true);
        centre.routes = native::router(&native);
        (centre.first, centre.second) = (first, second);
        centre
    }

    /// Asks with JSON, or with nothing for `Value::Null`.
    pub(super) async fn ask(&self, method: &str, path: &str, token: &str, body: Value) -> Answer {
        let request = request(method, path, token);
        self.send(if body.is_null() {
            request.body(Body::empty()).unwrap()
        } else {
            request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap()
        })
        .await
    }

    /// Asks with JSON and expects this status.
    pub(super) async fn expect(
        &self,
        status: u16,
        method: &str,
        path: &str,
        token: &str,
        body: Value,
    ) -> Value {
        let answer = self.ask(method, path, token, body.clone()).await;
        assert_eq!(
            answer.status, status,
            "{method} {path} {body}: {}",
            answer.text
        );
        answer.json
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Answer {
            status,
            headers,
            text,
            json,
        }
    }
}

impl Answer {
    /// Checks that this is a problem document with all it has to have, and nothing it must not.
    pub(super) fn assert_problem(&self, status: u16, field: Option<&str>, of: &str) {
        assert_eq!(self.status, status, "{of}: {}", self.text);
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{of}"
        );
        assert_eq!(self.json["status"], status, "{of}");
        assert_eq!(
            self.json["request_id"],
            self.headers["x-request-id"].to_str().unwrap(),
            "{of}"
        );
        for name in ["type", "title", "detail"] {
            assert!(self.json[name].is_string(), "{of}: {name}");
        }
        if let Some(field) = field {
            assert_eq!(self.json["field"], field, "{of}: {}", self.text);
        }
    }
}

/// A request from this machine.
pub(super) fn request(method: &str, path: &str, token: &str) -> axum::http::request::Builder {
    request_from(LOOPBACK, method, path, token)
}

/// A request from somewhere.
pub(super) fn request_from(
    from: IpAddr,
    method: &str,
    path: &str,
    token: &str,
) -> axum::http::request::Builder {
    let request = Request::builder()
        .method(Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap())
        .uri(path)
        .extension(ConnectInfo(SocketAddr::new(from, 40_000)));
    if token.is_empty() {
        return request;
    }
    request.header(header::AUTHORIZATION, format!("Bearer {token}"))
}

async fn start(folder: &std::path::Path) -> Arc<App> {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = Settings {
        data: folder.to_owned(),
        database: store::Database::Sqlite {
            path: folder.join("switchboard.db"),
        },
        sip_listen: SocketAddr::new(LOOPBACK, 0),
        sip_streams: app::shell::sip::StreamSettings::default(),
        dns_server: None,
        rtp_ip: LOOPBACK,
        rtp_ports: None,
        media_workers: 1,
        public_ip: None,
        public_url: "http://127.0.0.1:8080".into(),
        requests_per_second_max: 100_000,
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
