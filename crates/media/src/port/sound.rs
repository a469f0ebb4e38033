//! How a port sends sound: a packet a tick, or packets of the length that the peer wants.

use super::{
    PACKET_BYTES_MAX, Port, RTP_MAX,
    packets::{Packet, Packets},
};

impl Port {
    /// Writes this tick's packet of audio, and returns its length; 0: it waits to be part of a longer
    /// one.
    pub fn send_audio(&mut self, payload: &[u8], buf: &mut [u8; RTP_MAX]) -> usize {
        let Some(packets) = &mut self.packets else {
            self.control.sent();
            let len = self
                .outbound
                .audio(self.settings.payload_type, payload, buf);
            return self.sealed(buf, len);
        };
        let (timestamp, marker) = self.outbound.take_frame();
        packets.push(payload, timestamp, marker);
        self.send_more(buf)
    }

    /// Writes another packet of audio of this tick, where packets are shorter than a frame, and returns
    /// its length; 0: there is none.
    pub fn send_more(&mut self, buf: &mut [u8; RTP_MAX]) -> usize {
        self.send_cut(buf, Packets::pop)
    }

    /// Writes what waits to be part of a longer packet as one of its own, before something else goes, and
    /// returns its length; 0: nothing waits.
    pub fn send_rest(&mut self, buf: &mut [u8; RTP_MAX]) -> usize {
        self.send_cut(buf, Packets::rest)
    }

    fn send_cut(
        &mut self,
        buf: &mut [u8; RTP_MAX],
        cut: impl for<'a> FnOnce(&mut Packets, &'a mut [u8; PACKET_BYTES_MAX]) -> Option<Packet<'a>>,
    ) -> usize {
        let mut payload = [0; PACKET_BYTES_MAX];
        let waiting = self.packets.as_mut();
        let Some(packet) = waiting.and_then(|packets| cut(packets, &mut payload)) else {
            return 0;
        };
        self.control.sent();
        let len = self
            .outbound
            .packet(self.settings.payload_type, &packet, buf);
        self.sealed(buf, len)
    }

    pub(super) fn leave_out(&mut self) {
        if let Some(packets) = &mut self.packets {
            packets.clear();
        }
    }
}
