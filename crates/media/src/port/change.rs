//! What both sides agree on anew while packets flow.

use super::{Port, clock::Clock, decoder, packets};
use crate::leg::Stream;

impl Port {
    /// Goes on with another codec or other payload types, in both directions. Packets of the old ones
    /// that are still on their way are refused; what is missing by that is concealed.
    pub fn follow(&mut self, stream: &Stream) {
        if self.settings.codec != stream.codec {
            self.settings.codec = stream.codec;
            self.jitter.change(stream.codec);
            self.opus = decoder(stream.codec);
            let factor = stream.codec.clock_factor();
            self.clock = Clock::new(factor);
            self.outbound.set_clock_factor(factor);
            self.control.set_clock_factor(factor);
        }
        let is_other_length = self.settings.packet_ms != stream.packet_ms;
        if is_other_length
            || self.packets.is_some() != packets(stream.codec, stream.packet_ms).is_some()
        {
            self.packets = packets(stream.codec, stream.packet_ms);
        }
        self.settings.packet_ms = stream.packet_ms;
        self.settings.payload_type = stream.payload_type;
        self.settings.payload_type_received = stream.payload_type_received;
        self.settings.dtmf_payload_type = stream.dtmf_payload_type;
        self.settings.dtmf_payload_type_received = stream.dtmf_payload_type_received;
        self.settings.dtmf_clock_factor = stream.dtmf_clock_factor;
    }
}
