//! What the peer sends (RFC 3711 sections 3.3 and 3.4).

use super::{
    keys::{MasterKey, Purpose, SessionKeys, Suite},
    window::{Stream, Streams},
};
use crate::rtp;

/// Why a datagram is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// It is no packet.
    Malformed,
    /// It was not made with the peer's key, or was changed on its way.
    Unauthentic,
    /// It has come before, or is too old to tell.
    Replayed,
}

/// Says in an SRTCP index that the packet is encrypted.
const ENCRYPTED: u32 = 1 << 31;

/// How often the numbers of a stream may have begun again before its first packet comes here: a phone whose
/// call goes on at another port, by a transfer, goes on counting. At 50 packets a second, 32 are 11 h 39 min.
const ROLLOVERS_BEFORE_MAX: u64 = 32;

/// Bytes of an RTCP packet that are readable: the first header with its SSRC.
const RTCP_CLEAR: usize = 8;

/// Everything that comes from one peer.
#[derive(Debug)]
pub struct Receiver {
    media: SessionKeys,
    reports: SessionKeys,
    mki_len: usize,
    media_streams: Streams,
    report_streams: Streams,
}

impl Receiver {
    /// Before the first packet.
    pub fn new(suite: Suite, key: &MasterKey, mki_len: usize) -> Self {
        Self {
            media: SessionKeys::new(suite, key, Purpose::Media),
            reports: SessionKeys::new(suite, key, Purpose::Reports),
            mki_len,
            media_streams: Streams::default(),
            report_streams: Streams::default(),
        }
    }

    /// Opens an RTP packet into `out` and gives its length.
    pub fn rtp(&mut self, datagram: &[u8], out: &mut [u8]) -> Result<usize, Rejected> {
        let (packet, tag) = self.cut(datagram, self.media.tag_len)?;
        let header_len = rtp::header_len(packet).ok_or(Rejected::Malformed)?;
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        let ssrc = u32::from_be_bytes([packet[8], packet[9], packet[10], packet[11]]);
        let is_authentic = |index: u64| {
            let rollovers = ((index >> 16) as u32).to_be_bytes();
            self.media.is_authentic(packet, &rollovers, tag)
        };
        let index = match self.media_streams.of(ssrc) {
            Some(stream) => new_index(stream, sequence, is_authentic)?,
            // Its sequence numbers may have begun again before we listened. Once a stream is known, another
            // one begins while we listen: what strangers send costs no more than two tries.
            None => (0..=self.rollovers_before_max())
                .map(|rollovers| (rollovers << 16) + u64::from(sequence))
                .find(|index| is_authentic(*index))
                .ok_or(Rejected::Unauthentic)?,
        };
        self.media_streams.note(ssrc, index);
        let out = &mut out[..packet.len()];
        out.copy_from_slice(packet);
        self.media.crypt(ssrc, index, &mut out[header_len..]);
        Ok(packet.len())
    }

    /// Opens an RTCP packet into `out` and gives its length.
    pub fn rtcp(&mut self, datagram: &[u8], out: &mut [u8]) -> Result<usize, Rejected> {
        let (packet, tag) = self.cut(datagram, self.reports.tag_len)?;
        let (report, index) = packet.split_last_chunk::<4>().ok_or(Rejected::Malformed)?;
        if report.len() < RTCP_CLEAR {
            return Err(Rejected::Malformed);
        }
        let ssrc = u32::from_be_bytes([report[4], report[5], report[6], report[7]]);
        let word = u32::from_be_bytes(*index);
        let index = u64::from(word & !ENCRYPTED);
        let known = self.report_streams.of(ssrc);
        if known.is_some_and(|stream| !stream.is_new(index)) {
            return Err(Rejected::Replayed);
        }
        if !self.reports.is_authentic(packet, &[], tag) {
            return Err(Rejected::Unauthentic);
        }
        self.report_streams.note(ssrc, index);
        let out = &mut out[..report.len()];
        out.copy_from_slice(report);
        if word & ENCRYPTED != 0 {
            self.reports.crypt(ssrc, index, &mut out[RTCP_CLEAR..]);
        }
        Ok(report.len())
    }

    fn rollovers_before_max(&self) -> u64 {
        match self.media_streams.is_empty() {
            true => ROLLOVERS_BEFORE_MAX,
            false => 1,
        }
    }

    /// Takes the tag and the key identifier off.
    fn cut<'a>(
        &self,
        datagram: &'a [u8],
        tag_len: usize,
    ) -> Result<(&'a [u8], &'a [u8]), Rejected> {
        let tag_at = datagram.len().checked_sub(tag_len);
        let end = tag_at.and_then(|at| at.checked_sub(self.mki_len));
        let (Some(tag_at), Some(end)) = (tag_at, end) else {
            return Err(Rejected::Malformed);
        };
        Ok((&datagram[..end], &datagram[tag_at..]))
    }
}

/// The index of a packet of a known stream that is new and authentic.
fn new_index(
    stream: &Stream,
    sequence: u16,
    is_authentic: impl Fn(u64) -> bool,
) -> Result<u64, Rejected> {
    let index = stream.index_of(sequence).ok_or(Rejected::Replayed)?;
    match (stream.is_new(index), is_authentic(index)) {
        (false, _) => Err(Rejected::Replayed),
        (true, false) => Err(Rejected::Unauthentic),
        (true, true) => Ok(index),
    }
}
