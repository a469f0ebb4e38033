//! What we send (RFC 3711 sections 3.3 and 3.4).

use super::{
    aead,
    keys::{MasterKey, Purpose, SessionKeys, Suite},
};
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
    /// The stream and the highest index of its packets so far: rollover counter and sequence number.
    highest: Option<(u32, u64)>,
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
            Some((known, highest)) if known == ssrc => {
                let ahead = sequence.wrapping_sub(highest as u16).cast_signed();
                highest.saturating_add_signed(i64::from(ahead))
            }
            // Another stream of ours under the same key counts for itself.
            Some(_) | None => u64::from(sequence),
        };
        match &mut self.highest {
            Some((known, highest)) if *known == ssrc => *highest = index.max(*highest),
            other => *other = Some((ssrc, index)),
        }
        match &self.media {
            SessionKeys::Counter(keys) => {
                keys.crypt(ssrc, index, &mut buf[HEADER_LEN..len]);
                let (packet, rest) = buf.split_at_mut(len);
                let rollovers = ((index >> 16) as u32).to_be_bytes();
                keys.tag(packet, &rollovers, &mut rest[..keys.tag_len]);
                len + keys.tag_len
            }
            SessionKeys::Aead(keys) => {
                let (header, rest) = buf.split_at_mut(HEADER_LEN);
                let (payload, rest) = rest.split_at_mut(len - HEADER_LEN);
                let tag = keys.seal(aead::of_rtp(ssrc, index), header, payload);
                rest[..aead::TAG_LEN].copy_from_slice(&tag);
                len + aead::TAG_LEN
            }
        }
    }

    /// Seals an RTCP packet of ours.
    pub fn rtcp(&mut self, buf: &mut [u8], len: usize) -> usize {
        let ssrc = u32::from_be_bytes([buf[4], buf[5], buf[6], buf[7]]);
        let index = self.report_index;
        self.report_index = (index + 1) & !ENCRYPTED;
        let word = (ENCRYPTED | index).to_be_bytes();
        match &self.reports {
            SessionKeys::Counter(keys) => {
                keys.crypt(ssrc, u64::from(index), &mut buf[RTCP_CLEAR..len]);
                let with_index = len + 4;
                buf[len..with_index].copy_from_slice(&word);
                let (packet, rest) = buf.split_at_mut(with_index);
                keys.tag(packet, &[], &mut rest[..keys.tag_len]);
                with_index + keys.tag_len
            }
            SessionKeys::Aead(keys) => {
                let mut with = [0; RTCP_CLEAR + 4];
                with[..RTCP_CLEAR].copy_from_slice(&buf[..RTCP_CLEAR]);
                with[RTCP_CLEAR..].copy_from_slice(&word);
                let counter = aead::of_rtcp(ssrc, index);
                let tag = keys.seal(counter, &with, &mut buf[RTCP_CLEAR..len]);
                let with_tag = len + aead::TAG_LEN;
                buf[len..with_tag].copy_from_slice(&tag);
                buf[with_tag..with_tag + 4].copy_from_slice(&word);
                with_tag + 4
            }
        }
    }
}
