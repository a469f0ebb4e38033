//! One HTTP port for every dialect.
//!
//! # Invariants
//!
//! - A connection whose next request does not come, or comes too slowly, is closed.
//! - Connections are bounded; beyond the bound new ones wait in the kernel until one ends. Those of one
//!   address are bounded too: beyond its share they are closed at once.

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
use hyper::{body::Incoming, server::conn::http1, service::service_fn as answer_with};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, oneshot, watch},
};
use tower::{ServiceExt, service_fn};

use super::{
    places::{Place, Places},
    web,
};

/// Longest wait for the head of a request, from its connection or from the answer before it.
const HEAD_MAX: Duration = Duration::from_secs(30);

/// Pause after a connection could not be taken, as when all files are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Every route: requests that look like Alibaba's or Tencent's go to their dialect, those for
/// screens to the web front end, all others to the native dialect.
pub fn routes(app: &Arc<App>, native: Native) -> Router {
    let aliyun = api_aliyun::http::router(Dialogues::start(app));
    let tencent = api_tencent::http::router(app.clone());
    let desk = api_tencent::desk::http::router(app.clone());
    let own = native::router(&native);
    let dispatch = service_fn(move |request: Request| {
        let (parts, body) = request.into_parts();
        let cloud = api_aliyun::http::is_aliyun(&parts) || api_tencent::http::is_tencent(&parts);
        let page = if cloud { None } else { web::answer(&parts) };
        let chosen = if api_aliyun::http::is_aliyun(&parts) {
            &aliyun
        } else if api_tencent::desk::http::is_desk(&parts) {
            &desk
        } else if api_tencent::http::is_tencent(&parts) {
            &tencent
        } else {
            &own
        };
        let routed = chosen.clone();
        async move {
            match page {
                Some(page) => Ok(page),
                None => routed.oneshot(Request::from_parts(parts, body)).await,
            }
        }
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
    let closing = watch::Sender::new(());
    let places = Places::new();
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            (room, accepted) = accept(&listener, &places) => match accepted {
                Ok((stream, from)) => {
                    let Some(place) = places.take(room, from.ip()) else {
                        tracing::debug!(address = %from.ip(), "an address has too many HTTP connections");
                        continue;
                    };
                    let answering = answer(stream, from, routes.clone(), closing.subscribe(), place);
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
    closing.send_replace(());
    // Each connection gives its place back when what it answers is answered.
    places.wait_empty().await;
    Ok(())
}

async fn accept(
    listener: &tokio::net::TcpListener,
    places: &Places,
) -> (OwnedSemaphorePermit, io::Result<(TcpStream, SocketAddr)>) {
    (places.room().await, listener.accept().await)
}

/// Answers the requests of one connection, one after the other. One that becomes a WebSocket gives its
/// place back: whoever speaks on it counts those.
async fn answer(
    stream: TcpStream,
    from: SocketAddr,
    routes: Router,
    mut closing: watch::Receiver<()>,
    place: Place,
) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let service = answer_with(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        routes.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "an HTTP connection ended early");
    }
    drop(place);
}
