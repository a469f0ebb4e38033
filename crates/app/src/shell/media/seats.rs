//! Places of a call that go from one peer to another: sockets that move between legs and workers.

use std::time::Instant;

use media::leg::LegSettings;

use super::{RtpSockets, connection::Connection, worker::Worker};

/// Another peer for a leg.
pub struct Seat {
    /// What was negotiated with it.
    pub settings: LegSettings,
    /// Its sockets.
    pub sockets: RtpSockets,
}

impl Worker<'_> {
    /// Lets a leg go on with another peer; its own sockets are closed.
    pub(super) fn reseat(&mut self, id: u64, mut seat: Seat) {
        self.watch(&seat.sockets, id);
        let Some(running) = self.find(id) else {
            return;
        };
        running.leg.reseat(seat.settings, Instant::now());
        if let Some(seat) = &running.seat {
            seat.hold(running.leg.is_away());
        }
        if let Some(kept) = seat.sockets.kept.take() {
            running.leg.go_on(kept);
        }
        running.sockets = seat.sockets;
        running.connection = Connection::default();
        self.take_early(id);
        self.join_again(id);
    }

    /// Ends a leg, and gives its sockets back, which hear everybody again.
    pub(super) fn release(&mut self, id: u64) -> Option<RtpSockets> {
        let mut running = self.take(id)?;
        running.connection.let_go(&running.sockets.rtp);
        self.forget(&running.sockets);
        Some(running.finish().1)
    }
}
