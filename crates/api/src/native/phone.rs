//! The phone of who is signed in, in their browser: what it registers with, and SIP over a WebSocket
//! (RFC 7118) on the port of everything else, so that one proxy with one certificate serves both.

use std::net::SocketAddr;

use app::{OwnPhone, shell::sip::web_socket_answer};
use axum::{
    Json,
    body::Body,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse as _, Response},
};
use hyper_util::rt::TokioIo;
use model::Permission;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    admit::Actor,
    context::Native,
    page::NoAsk,
    problem::{Kind, Problem},
    read::Ask,
    table::{Row, get},
};

/// Where a browser speaks SIP.
const SOCKET: &str = "/api/v1/phone/socket";

/// What a browser registers the phone of who is signed in with.
#[derive(Serialize, JsonSchema)]
pub(super) struct OwnPhoneView {
    /// Number of the extension, and user of its address.
    number: String,
    /// Shown to people.
    name: String,
    /// Domain of its address.
    domain: String,
    /// Realm of our challenges.
    realm: &'static str,
    /// The hash that proves the password in this realm: MD5 of user, realm and password (RFC 7616 section
    /// 3.4.2), in hex. A new password of the extension ends it.
    ha1: String,
    /// Path of the WebSocket (protocol `sip`) on this server.
    socket: &'static str,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/phone",
            "Show what a browser registers one's own phone with",
            show,
        )
        .needs(Permission::Own)
        .asks::<NoAsk>()
        .gives::<OwnPhoneView>()
        .refuses(&[Kind::NotFound, Kind::Forbidden]),
        get(SOCKET, "Speak SIP over a WebSocket", socket)
            .needs(Permission::Own)
            .gives_media("application/sip")
            .refuses(&[Kind::TooMany]),
    ]
}

async fn show(
    State(native): State<Native>,
    actor: Actor,
    Ask(NoAsk {}): Ask<NoAsk>,
) -> Result<Json<OwnPhoneView>, Problem> {
    let Some(staff) = actor.person() else {
        let detail = "tokens have no phone of their own: sign in, or see GET /api/v1/extensions";
        return Err(Problem::new(Kind::Forbidden, detail));
    };
    let phone = native.app().own_phone(staff).await?;
    let detail = "no extension has you as its `staff`";
    phone
        .map(|phone| Json(phone.into()))
        .ok_or_else(|| Problem::new(Kind::NotFound, detail))
}

/// The SIP of the socket proves itself by digest, as on every other way in.
async fn socket(State(native): State<Native>, mut request: Request) -> Result<Response, Problem> {
    let upgrading = hyper::upgrade::on(&mut request);
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = from.map(|from| from.0);
    let agreed = match web_socket_answer(&request.map(|_| ())) {
        Ok(agreed) => agreed,
        Err(refused) => {
            let why = refused.into_body().unwrap_or_default();
            return Err(Problem::invalid("Upgrade", &why));
        }
    };
    let guest = from.and_then(|from| native.app().invite_phone(from));
    let Some(guest) = guest else {
        let detail = "too many connections of SIP, or of this address";
        return Err(Problem::new(Kind::TooMany, detail).retry_after(10));
    };
    tokio::spawn(async move {
        let stream = upgrading.await.ok().map(TokioIo::new);
        guest.carry(stream).await;
    });
    Ok(agreed.map(|()| Body::empty()).into_response())
}

impl From<OwnPhone> for OwnPhoneView {
    fn from(phone: OwnPhone) -> Self {
        Self {
            number: phone.number,
            name: phone.name,
            domain: phone.domain,
            realm: phone.realm,
            ha1: phone.hash,
            socket: SOCKET,
        }
    }
}
