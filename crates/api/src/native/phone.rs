//! The phone of who is signed in, in their browser: what it registers with, and SIP over a WebSocket
//! (RFC 7118) on the port of everything else, so that one proxy with one certificate serves both.

use std::net::{IpAddr, SocketAddr};

use app::{OwnPhone, shell::sip::web_socket_answer};
use axum::{
    Json,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName},
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

/// Where proxies write down whom they speak for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

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
    let from = from.map(|from| came_from(from.0, request.headers()));
    let agreed = match web_socket_answer(&request.map(|_| ())) {
        Ok(agreed) => agreed,
        Err(refused) => {
            let why = refused.into_body().unwrap_or_default();
            return Err(Problem::invalid("Upgrade", &why));
        }
    };
    let admitted = from.and_then(|from| native.app().admit_phone(from));
    let Some(admitted) = admitted else {
        let detail = "too many connections of SIP, or of this address";
        return Err(Problem::new(Kind::TooMany, detail).retry_after(10));
    };
    tokio::spawn(async move {
        let stream = upgrading.await.ok().map(TokioIo::new);
        admitted.carry(stream).await;
    });
    Ok(agreed.map(|()| Body::empty()).into_response())
}

/// Whose browser it is. A proxy on this machine says so in `X-Forwarded-For`, of whose addresses the
/// last is the one that it saw itself; media goes by the address of ours that this browser reaches.
fn came_from(peer: SocketAddr, headers: &HeaderMap) -> SocketAddr {
    let told = headers.get_all(FORWARDED_FOR).iter().next_back();
    let told = told
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok())
        .filter(|_| peer.ip().is_loopback());
    told.map_or(peer, |ip| SocketAddr::new(ip, peer.port()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, told: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in told {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        came_from(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_proxy_on_this_machine_tells_whose_browser_it_is() {
        for (told, from) in [
            (vec![], "127.0.0.1:7"),
            (vec!["203.0.113.9"], "203.0.113.9:7"),
            (vec!["198.51.100.1, 203.0.113.9"], "203.0.113.9:7"),
            (vec!["198.51.100.1", "203.0.113.9"], "203.0.113.9:7"),
            (vec!["2001:db8::9"], "[2001:db8::9]:7"),
            (vec!["unknown"], "127.0.0.1:7"),
        ] {
            assert_eq!(seen("127.0.0.1:7", &told), from, "{told:?}");
        }
    }

    #[test]
    fn a_stranger_tells_nothing_of_where_it_is() {
        assert_eq!(seen("192.0.2.1:7", &["203.0.113.9"]), "192.0.2.1:7");
    }
}
