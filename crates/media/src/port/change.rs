//! What both sides agree on anew while packets flow.

use super::Port;
use crate::Codec;

impl Port {
    /// Goes on with another codec or other payload types, in both directions. Packets of the old ones
    /// that are still on their way are refused; what is missing by that is concealed.
    pub fn follow(&mut self, codec: Codec, payload_type: u8, dtmf_payload_type: Option<u8>) {
        if self.settings.codec != codec {
            self.settings.codec = codec;
            self.jitter.change(codec);
        }
        self.settings.payload_type = payload_type;
        self.settings.dtmf_payload_type = dtmf_payload_type;
    }
}
