//! The customer's server of the demo: takes pushes and keeps them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::{Query, State},
    http::HeaderMap,
};
use serde::Deserialize;
use tokio::{net::TcpListener, sync::watch};

/// Longest wait for pushes after the call.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// Pushes that are kept.
const PUSHES_MAX: usize = 100;

/// The answer that the vendor's documentation asks for.
const TAKEN: &str = r#"{"ErrCode":0,"ErrMsg":""}"#;

/// One push as it came.
#[derive(Clone, Debug)]
pub struct Push {
    /// `action` of its query.
    pub action: String,
    /// `X-TCCC-PUSH-UUID`.
    pub uuid: String,
    /// Its body.
    pub body: String,
}

/// A receiver that listens.
pub struct Receiver {
    address: SocketAddr,
    kept: Arc<Kept>,
}

struct Kept {
    pushes: Mutex<Vec<Push>>,
    count: watch::Sender<usize>,
}

#[derive(Deserialize)]
struct Asked {
    action: Option<String>,
}

impl Receiver {
    /// Listens on a free port of loopback until the process ends.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let kept = Arc::new(Kept {
            pushes: Mutex::default(),
            count: watch::Sender::new(0),
        });
        let routes = Router::new().fallback(take).with_state(Arc::clone(&kept));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the demo's receiver has ended");
            }
        });
        Ok(Self { address, kept })
    }

    /// Where pushes go.
    pub fn url(&self) -> String {
        format!("http://{}/tccc", self.address)
    }

    /// Returns when so many pushes have come, or when that takes too long.
    pub async fn wait_for(&self, n: usize) {
        let mut count = self.kept.count.subscribe();
        let enough = count.wait_for(|have| *have >= n);
        // What is missing is told by the checks.
        let _ = tokio::time::timeout(WAIT_MAX, enough).await;
    }

    /// What came so far.
    pub fn pushes(&self) -> Vec<Push> {
        self.kept
            .pushes
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone()
    }
}

async fn take(
    State(kept): State<Arc<Kept>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: String,
) -> &'static str {
    let uuid = headers
        .get("x-tccc-push-uuid")
        .and_then(|uuid| uuid.to_str().ok());
    let push = Push {
        action: asked.action.unwrap_or_default(),
        uuid: uuid.unwrap_or_default().to_owned(),
        body,
    };
    let mut pushes = kept
        .pushes
        .lock()
        .expect("nothing panics while it holds this lock");
    if pushes.len() < PUSHES_MAX {
        pushes.push(push);
    }
    kept.count.send_replace(pushes.len());
    TAKEN
}
