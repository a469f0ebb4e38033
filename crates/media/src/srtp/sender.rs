//! What we send (RFC 3711 sections 3.3 and 3.4).

use super::keys::{MasterKey, Purpose, SessionKeys, Suite};
use crate::rtp::HEADER_LEN;

/// Says in an SRTCP index that the packet is encrypted.
const ENCRYPTED: u32 = 1 << 31;

/// Bytes of an RTCP packet that stay readable: the first header with its SSRC.
const RTCP_CLEAR: usize = 8;

/// One stream out.
#[derive(Debug)]
pub struct Sender {
    media: SessionKeys,
    reports: SessionKeys,
    /// Highest index of an RTP packet so far: rollover counter and sequence number.
    highest: Option<u64>,
    /// Index of the next RTCP packet.
    report_index: u32,
}

impl Sender {
    /// Before the first packet.
    pub fn new(suite: Suite, key: &MasterKey) -> Self {
        Self {
            media: SessionKeys::new(suite, key, Purpose::Media),
            reports: SessionKeys::new(suite, key, Purpose::Reports),
            highest: None,
            report_index: 1,
        }
    }

    /// Seals an RTP packet of ours, whose header has no extension. No sequence number comes twice; a
    /// relayed stream may be out of order.
    pub fn rtp(&mut self, buf: &mut [u8], len: usize) -> usize {
        let sequence = u16::from_be_bytes([buf[2], buf[3]]);
        let ssrc = u32::from_be_bytes([buf[8], buf[9], buf[10], buf[11]]);
        let index = match self.highest {
            None => u64::from(sequence),
            Some(highest) => {
                let ahead = sequence.wrapping_sub(highest as u16).cast_signed();
                highest.saturating_add_signed(i64::from(ahead))
            }
        };
        self.highest = self.highest.max(Some(index));
        self.media.crypt(ssrc, index, &mut buf[HEADER_LEN..len]);
        let (packet, rest) = buf.split_at_mut(len);
        let rollovers = ((index >> 16) as u32).to_be_bytes();
        let tag_len = self.media.tag_len;
        self.media.tag(packet, &rollovers, &mut rest[..tag_len]);
        len + tag_len
    }

    /// Seals an RTCP packet of ours.
    pub fn rtcp(&mut self, buf: &mut [u8], len: usize) -> usize {
        let ssrc = u32::from_be_bytes([buf[4], buf[5], buf[6], buf[7]]);
        let index = self.report_index;
        self.report_index = (index + 1) & !ENCRYPTED;
        self.reports
            .crypt(ssrc, u64::from(index), &mut buf[RTCP_CLEAR..len]);
        let with_index = len + 4;
        buf[len..with_index].copy_from_slice(&(ENCRYPTED | index).to_be_bytes());
        let (packet, rest) = buf.split_at_mut(with_index);
        let tag_len = self.reports.tag_len;
        self.reports.tag(packet, &[], &mut rest[..tag_len]);
        with_index + tag_len
    }
}
