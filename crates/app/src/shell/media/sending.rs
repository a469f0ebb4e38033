//! What a leg sends, and by which socket.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::atomic::Ordering,
    time::Instant,
};

use media::port::RTCP_MAX;

use super::{MediaCounters, worker::Running};

impl Running {
    pub(super) fn send_rtp(&self, bytes: &[u8], to: SocketAddr, counters: &MediaCounters) {
        if self.connection.send(&self.sockets.rtp, bytes, to).is_err() {
            counters.send_failures.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends answers to checks and steps of a handshake.
    pub(super) fn transmit(&mut self, counters: &MediaCounters) {
        let (connection, socket) = (&self.connection, &self.sockets.rtp);
        self.leg.transmit(&mut |bytes, to| {
            if connection.send(socket, bytes, to).is_err() {
                counters.send_failures.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    pub(super) fn send_rtcp(&mut self, now: Instant) {
        let mut packet = [0; RTCP_MAX];
        if let (Some(len), Some(to)) = (self.leg.rtcp(now, &mut packet), self.leg.rtcp_remote()) {
            // A lost report is followed by the next one.
            let _ = self.report_socket().send_to(&packet[..len], to);
        }
    }

    /// Where reports leave from: the peer may hear nothing but what comes from where RTP comes from.
    pub(super) fn report_socket(&self) -> &UdpSocket {
        match self.leg.shares_socket() {
            true => &self.sockets.rtp,
            false => &self.sockets.rtcp,
        }
    }
}
