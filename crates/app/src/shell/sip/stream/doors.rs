//! Where connections come in that peers opened: those of our own listeners, and WebSockets that HTTP has
//! agreed to.
//!
//! # Invariants
//!
//! - Whoever is let in has a place among the connections, and the SIP task knows of it before its first
//!   message.

use std::{net::IpAddr, sync::Arc};

use sip::Link;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
};

use super::{Arrival, Connection, Place, Places, WAITING_MAX, web_socket};

/// See the module.
#[derive(Clone)]
pub struct Doors {
    pub(super) arrivals: mpsc::Sender<Arrival>,
    pub(super) announce: mpsc::Sender<(Link, mpsc::Sender<Vec<u8>>)>,
    pub(super) places: Arc<Places>,
}

/// A peer that was let in, whose WebSocket is about to begin.
pub struct Admitted(Connection);

impl Doors {
    /// These addresses are known, and nobody else: strangers leave them places.
    pub(in crate::shell::sip) fn know(&self, peers: &[IpAddr]) {
        self.places.know(peers.iter().copied());
    }

    /// Lets in what a peer opened; `None` if there are too many.
    pub(super) fn admit(&self, link: Link) -> Option<Connection> {
        let place = Place::accepted(&self.places, link.remote.ip())?;
        let (out, waiting) = mpsc::channel(WAITING_MAX);
        self.announce.try_send((link, out)).ok()?;
        Some(Connection {
            link,
            waiting,
            arrivals: self.arrivals.clone(),
            place,
        })
    }

    /// The same for a WebSocket that HTTP has not begun yet.
    pub fn admit_web_socket(&self, link: Link) -> Option<Admitted> {
        self.admit(link).map(Admitted)
    }
}

impl Admitted {
    /// Carries SIP over the WebSocket (RFC 7118) until either side ends; `None` if it did not come about.
    pub async fn carry<S: AsyncRead + AsyncWrite + Unpin>(self, stream: Option<S>) {
        let Self(mut connection) = self;
        if let Some(stream) = stream {
            web_socket::go_on(&mut connection, stream).await;
        }
        connection.end().await;
    }
}
