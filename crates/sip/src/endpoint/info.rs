//! INFO inside a call from our side (RFC 6086): key presses towards peers that want them so.
//!
//! What the peer answers changes nothing, but for a password that it asks for: a key that is not taken cannot
//! be pressed in another way.

use std::time::Instant;

use super::{Endpoint, clients::Purpose, leg::Phase};
use crate::{LegId, message::Method};

impl Endpoint {
    /// Sends INFO to the peer of a leg that is up.
    pub(super) fn send_info(&mut self, id: LegId, content_type: &str, body: &[u8], now: Instant) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        if !matches!(leg.phase, Phase::Up) || self.is_full() {
            return;
        }
        let link = leg.dialog.next_hop();
        let (branch, via) = self.new_via(&link);
        let (contact, cnonce) = (self.contact(&link), self.token());
        let leg = self.legs.get_mut(&id).expect("the leg is up");
        leg.dialog.local_cseq += 1;
        let (uri, mut builder) = leg
            .dialog
            .request(&Method::Info, leg.dialog.local_cseq, &via);
        builder.header("Contact", contact);
        if let Some(prover) = &mut leg.prover {
            for (name, value) in prover.headers(&Method::Info, &uri, &cnonce) {
                builder.header(name, value);
            }
        }
        builder.header("User-Agent", &self.config.user_agent);
        let bytes = builder.finish_with(content_type, body);
        self.start_client(bytes, link, &branch, Method::Info, Purpose::Info(id), now);
    }
}
