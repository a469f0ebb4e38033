//! One WebSocket to a speech service.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures::{SinkExt as _, StreamExt as _};
use rustls::{ClientConfig, RootCertStore};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderValue, Request},
        protocol::WebSocketConfig,
    },
};

use super::{ServiceFailure, short};

/// The largest message that is taken, in bytes: half a minute of sound.
const MESSAGE_BYTES_MAX: usize = 2 << 20;

/// Longest wait for room to send: the service reads too slowly, or is gone.
const SEND_MAX: Duration = Duration::from_secs(3);

/// Where a socket leads.
pub(crate) struct Address {
    /// `ws://` or `wss://`, with its query.
    pub url: String,
    /// Headers of the request.
    pub headers: Vec<(&'static str, String)>,
    /// The protocol that is asked for (`Sec-WebSocket-Protocol`).
    pub protocol: Option<&'static str>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Words, usually JSON.
    Text(String),
    /// Sound, usually.
    Bytes(Vec<u8>),
}

/// One connection. Dropping it closes it.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects, greets and is let in, all within `wait`.
    pub async fn connect(address: Address, wait: Duration) -> Result<Self, ServiceFailure> {
        // The handshakes of TLS and WebSocket are large.
        timeout(wait, Box::pin(dial(address)))
            .await
            .map_err(|_| ServiceFailure::Unreachable(format!("no connection within {wait:?}")))?
    }

    /// Sends one message.
    pub async fn send(&mut self, wire: Wire) -> Result<(), ServiceFailure> {
        let message = match wire {
            Wire::Text(text) => Message::text(text),
            Wire::Bytes(bytes) => Message::binary(bytes),
        };
        timeout(SEND_MAX, self.0.send(message))
            .await
            .map_err(|_| ServiceFailure::Late(SEND_MAX))?
            .map_err(broken)
    }

    /// The next message; `None` when the service has closed the connection in good order.
    /// Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Wire, ServiceFailure>> {
        loop {
            return match self.0.next().await? {
                Ok(Message::Text(text)) => Some(Ok(Wire::Text(text.as_str().to_owned()))),
                Ok(Message::Binary(bytes)) => Some(Ok(Wire::Bytes(bytes.to_vec()))),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => continue,
                Ok(Message::Close(Some(close))) if u16::from(close.code) != 1000 => {
                    let code = u16::from(close.code);
                    Some(Err(ServiceFailure::refused(code, close.reason.as_str())))
                }
                Ok(Message::Close(_)) | Err(Error::ConnectionClosed) => None,
                Err(error) => Some(Err(broken(error))),
            };
        }
    }
}

async fn dial(address: Address) -> Result<Socket, ServiceFailure> {
    let request = request(address)?;
    let host = request.uri().host().unwrap_or_default();
    let host = host.trim_matches(['[', ']']).to_owned();
    let is_secure = request.uri().scheme_str() == Some("wss");
    let usual_port = if is_secure { 443 } else { 80 };
    let port = request.uri().port_u16().unwrap_or(usual_port);
    let unreachable =
        |error: std::io::Error| ServiceFailure::Unreachable(short(&error.to_string()));
    let stream = TcpStream::connect((host.as_str(), port))
        .await
        .map_err(unreachable)?;
    // Words and sound are small and must not wait for one another.
    stream.set_nodelay(true).map_err(unreachable)?;
    let connector = if is_secure {
        Connector::Rustls(tls())
    } else {
        Connector::Plain
    };
    let config = WebSocketConfig::default().max_message_size(Some(MESSAGE_BYTES_MAX));
    let opened = client_async_tls_with_config(request, stream, Some(config), Some(connector)).await;
    match opened {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(Error::Http(response)) => {
            let status = response.status().as_u16();
            let body = response.body().as_deref().unwrap_or_default();
            let why = String::from_utf8_lossy(&body[..body.len().min(4096)]).into_owned();
            Err(ServiceFailure::refused(status, &why))
        }
        Err(error) => Err(ServiceFailure::Unreachable(short(&error.to_string()))),
    }
}

fn request(address: Address) -> Result<Request<()>, ServiceFailure> {
    let wrong = |what: &str| ServiceFailure::Unreachable(format!("{what} cannot be sent"));
    let mut request = address
        .url
        .into_client_request()
        .map_err(|_| wrong("the address"))?;
    for (name, value) in address.headers {
        let value = HeaderValue::from_str(&value).map_err(|_| wrong("the key"))?;
        request.headers_mut().insert(name, value);
    }
    if let Some(protocol) = address.protocol {
        let protocol = HeaderValue::from_static(protocol);
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
    }
    Ok(request)
}

/// The certificates that this machine trusts, read once.
fn tls() -> Arc<ClientConfig> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        // One that cannot be read is not trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    });
    Arc::clone(config)
}

#[expect(clippy::needless_pass_by_value, reason = "called through `map_err`")]
fn broken(error: Error) -> ServiceFailure {
    ServiceFailure::Broken(short(&error.to_string()))
}
