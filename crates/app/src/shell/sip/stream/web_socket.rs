//! SIP over WebSocket (RFC 7118): one message of SIP in each of WebSocket's, and no framing.

use futures::{SinkExt as _, StreamExt as _};
use sip::message::MESSAGE_BYTES_MAX;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async_with_config,
    tungstenite::{
        self, Message,
        handshake::server::{ErrorResponse, Request, Response, create_response},
        http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{Connection, HANDSHAKE_MAX, IDLE_MAX, WRITE_MAX};

/// Name of SIP among the protocols of WebSocket (section 4.1).
const PROTOCOL: &str = "sip";

/// Bytes that may wait for a peer to read, beyond one message.
const WRITE_BUFFER_MAX: usize = 2 * MESSAGE_BYTES_MAX;

/// Begins a WebSocket, and moves messages both ways until either side ends.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(connection: &mut Connection, stream: S) {
    let upgrading = accept_hdr_async_with_config(stream, speaks_sip, Some(config()));
    if let Ok(Ok(socket)) = timeout(HANDSHAKE_MAX, upgrading).await {
        carry(connection, socket).await;
    }
}

/// The same for one that HTTP has begun.
pub async fn go_on<S: AsyncRead + AsyncWrite + Unpin>(connection: &mut Connection, stream: S) {
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config())).await;
    carry(connection, socket).await;
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX))
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER_MAX)
}

async fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    connection: &mut Connection,
    mut socket: WebSocketStream<S>,
) {
    let (mut silent_until, mut heard) = connection.begin();
    loop {
        tokio::select! {
            message = timeout_at(silent_until, socket.next()) => {
                let Ok(Some(Ok(message))) = message else { break };
                match taken(connection, &mut socket, message).await {
                    Some(is_message) => heard |= is_message,
                    None => break,
                }
            }
            bytes = connection.waiting.recv() => {
                let Some(bytes) = bytes else { break };
                if !write(&mut socket, framed(bytes)).await {
                    break;
                }
            }
        }
        if heard {
            silent_until = Instant::now() + IDLE_MAX;
        }
    }
}

/// Takes what the peer sent: whether it was a message of SIP; `None` ends the connection.
async fn taken<S: AsyncRead + AsyncWrite + Unpin>(
    connection: &Connection,
    socket: &mut WebSocketStream<S>,
    message: Message,
) -> Option<bool> {
    let bytes = match message {
        Message::Text(text) => text.as_bytes().to_vec(),
        Message::Binary(bytes) => bytes.to_vec(),
        // The library answers pings.
        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Some(false),
        Message::Close(_) => return None,
    };
    // A keep-alive as on other streams (RFC 5626 section 3.5.1).
    if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
        return write(socket, Message::text("\r\n")).await.then_some(false);
    }
    connection.hand_on(bytes).await?;
    Some(true)
}

/// Text wherever it is (section 5.1); a keep-alive is a ping.
fn framed(bytes: Vec<u8>) -> Message {
    if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
        return Message::Ping(bytes.into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Message::text(text),
        Err(other) => Message::binary(other.into_bytes()),
    }
}

/// Whether the peer took it in time.
async fn write<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    message: Message,
) -> bool {
    matches!(timeout(WRITE_MAX, socket.send(message)).await, Ok(Ok(())))
}

/// The answer that begins a WebSocket of SIP.
///
/// # Errors
///
/// The refusal, when the request asks for none, or for another protocol.
#[allow(
    clippy::result_large_err,
    reason = "the library wants the refusal by value"
)]
pub fn web_socket_answer(request: &Request) -> Result<Response, ErrorResponse> {
    let refused = |error: tungstenite::Error| {
        let mut refused = ErrorResponse::new(Some(error.to_string()));
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        refused
    };
    speaks_sip(request, create_response(request).map_err(refused)?)
}

/// Lets in who asks for SIP (section 4.2).
#[allow(
    clippy::result_large_err,
    reason = "the library wants the refusal by value"
)]
fn speaks_sip(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let asked = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let mut names = asked
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    if names.any(|name| name.trim().eq_ignore_ascii_case(PROTOCOL)) {
        let sip = HeaderValue::from_static(PROTOCOL);
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, sip);
        return Ok(response);
    }
    let mut refused = ErrorResponse::new(Some("the protocol here is sip".to_owned()));
    *refused.status_mut() = StatusCode::BAD_REQUEST;
    Err(refused)
}
