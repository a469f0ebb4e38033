//! One HTTP port for every dialect.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use api::native::{self, Native};
use app::{App, dialogue::Dialogues};
use axum::{Router, extract::Request};
use tokio::sync::oneshot;
use tower::{ServiceExt, service_fn};

use super::web;

/// Every route: requests that look like Alibaba's or Tencent's go to their dialect, those for
/// screens to the web front end, all others to the native dialect.
pub fn routes(app: &Arc<App>, native: Native) -> Router {
    let aliyun = api_aliyun::http::router(Dialogues::start(app));
    let tencent = api_tencent::http::router(app.clone());
    let own = native::router(&native);
    let dispatch = service_fn(move |request: Request| {
        let (parts, body) = request.into_parts();
        let cloud = api_aliyun::http::is_aliyun(&parts) || api_tencent::http::is_tencent(&parts);
        let page = if cloud { None } else { web::answer(&parts) };
        let chosen = if api_aliyun::http::is_aliyun(&parts) {
            &aliyun
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
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async {
            // A sender that is gone means the same as its word.
            let _ = stopped.await;
        })
        .await
}
