//! One HTTP port for every dialect.
//!
//! # Invariants
//!
//! - A connection whose next request does not come, or comes too slowly, is closed.
//! - Connections are bounded; beyond the bound new ones wait in the kernel until one ends.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use api::native::{self, Native};
use app::{App, dialogue::Dialogues};
use axum::{Router, body::Body, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, service::service_fn as answer_with};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
};
use tower::{ServiceExt, service_fn};

/// Longest wait for the head of a request, from its connection or from the answer before it.
const HEAD_MAX: Duration = Duration::from_secs(30);

/// Connections at once. A machine gives a process 20,000 files or more; calls need three each.
const CONNECTIONS_MAX: usize = 4096;

/// Pause after a connection could not be taken, as when all files are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Every route: requests that look like Alibaba's or Tencent's go to their dialect, all others to the
/// native one.
pub fn routes(app: &Arc<App>, native: Native) -> Router {
    let aliyun = api_aliyun::http::router(Dialogues::start(app));
    let tencent = api_tencent::http::router(app.clone());
    let desk = api_tencent::desk::http::router(app.clone());
    let own = native::router(&native);
    let dispatch = service_fn(move |request: Request| {
        let (parts, body) = request.into_parts();
        let chosen = if api_aliyun::http::is_aliyun(&parts) {
            &aliyun
        } else if api_tencent::desk::http::is_desk(&parts) {
            &desk
        } else if api_tencent::http::is_tencent(&parts) {
            &tencent
        } else {
            &own
        };
        chosen.clone().oneshot(Request::from_parts(parts, body))
    });
    native::behind_setup(native, Router::new().fallback_service(dispatch))
}

/// Serves until told to stop; then finishes what is being answered.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            (place, accepted) = accept(&listener, &places) => match accepted {
                Ok((stream, from)) => {
                    let answering = answer(stream, from, routes.clone(), graceful.watcher(), place);
                    tokio::spawn(answering);
                }
                Err(error) => {
                    tracing::warn!(%error, "an HTTP connection could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            // A sender that is gone means the same as its word.
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    graceful.shutdown().await;
    Ok(())
}

async fn accept(
    listener: &tokio::net::TcpListener,
    places: &Arc<Semaphore>,
) -> (OwnedSemaphorePermit, io::Result<(TcpStream, SocketAddr)>) {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .expect("nobody closes this semaphore");
    (place, listener.accept().await)
}

/// Answers the requests of one connection, one after the other.
async fn answer(
    stream: TcpStream,
    from: SocketAddr,
    routes: Router,
    watcher: Watcher,
    place: OwnedSemaphorePermit,
) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let service = answer_with(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        routes.clone().oneshot(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX);
    // With upgrades: chats are seen live by WebSocket.
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "an HTTP connection ended early");
    }
    drop(place);
}
