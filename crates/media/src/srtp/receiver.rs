//! What the peer sends (RFC 3711 sections 3.3 and 3.4).

use super::{
    aead,
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
        let (packet, tag) = match &self.media {
            SessionKeys::Counter(keys) => self.cut(datagram, keys.tag_len)?,
            SessionKeys::Aead(_) => self.cut_aead(datagram)?,
        };
        let header_len = rtp::header_len(packet).ok_or(Rejected::Malformed)?;
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        let ssrc = u32::from_be_bytes([packet[8], packet[9], packet[10], packet[11]]);
        let out = &mut out[..packet.len()];
        let mut open =
            |index: u64| open_rtp(&self.media, packet, header_len, (ssrc, index), tag, out);
        let index = match self.media_streams.of(ssrc) {
            Some(stream) => new_index(stream, sequence, open)?,
            // Its sequence numbers may have begun again before we listened. Once a stream is known, another
            // one begins while we listen: what strangers send costs no more than two tries.
            None => (0..=self.rollovers_before_max())
                .map(|rollovers| (rollovers << 16) + u64::from(sequence))
                .find(|index| open(*index))
                .ok_or(Rejected::Unauthentic)?,
        };
        self.media_streams.note(ssrc, index);
        Ok(packet.len())
    }

    /// Opens an RTCP packet into `out` and gives its length.
    pub fn rtcp(&mut self, datagram: &[u8], out: &mut [u8]) -> Result<usize, Rejected> {
        let cut = match &self.reports {
            SessionKeys::Counter(keys) => self.cut_report(datagram, keys.tag_len)?,
            SessionKeys::Aead(_) => self.cut_report_aead(datagram)?,
        };
        let report = cut.report;
        if report.len() < RTCP_CLEAR {
            return Err(Rejected::Malformed);
        }
        let ssrc = u32::from_be_bytes([report[4], report[5], report[6], report[7]]);
        let index = u64::from(cut.word & !ENCRYPTED);
        let known = self.report_streams.of(ssrc);
        if known.is_some_and(|stream| !stream.is_new(index)) {
            return Err(Rejected::Replayed);
        }
        let out = &mut out[..report.len()];
        if !open_rtcp(&self.reports, &cut, ssrc, out) {
            return Err(Rejected::Unauthentic);
        }
        self.report_streams.note(ssrc, index);
        Ok(report.len())
    }

    fn rollovers_before_max(&self) -> u64 {
        match self.media_streams.is_empty() {
            true => ROLLOVERS_BEFORE_MAX,
            false => 1,
        }
    }

    /// Takes the tag and the key identifier before it off.
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

    /// The same of AES-GCM, whose tag belongs to the text and stands before the key identifier (RFC 7714
    /// section 5.2).
    fn cut_aead<'a>(&self, datagram: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), Rejected> {
        let end = datagram.len().checked_sub(self.mki_len);
        let with_tag = &datagram[..end.ok_or(Rejected::Malformed)?];
        let cut = with_tag.split_last_chunk::<{ aead::TAG_LEN }>();
        let (packet, tag) = cut.ok_or(Rejected::Malformed)?;
        Ok((packet, tag))
    }

    fn cut_report<'a>(&self, datagram: &'a [u8], tag_len: usize) -> Result<Cut<'a>, Rejected> {
        let (packet, tag) = self.cut(datagram, tag_len)?;
        let (report, word) = packet.split_last_chunk::<4>().ok_or(Rejected::Malformed)?;
        Ok(Cut {
            report,
            authenticated: packet,
            word: u32::from_be_bytes(*word),
            tag,
        })
    }

    /// Of AES-GCM, whose index stands behind the tag (RFC 7714 section 9.2).
    fn cut_report_aead<'a>(&self, datagram: &'a [u8]) -> Result<Cut<'a>, Rejected> {
        let end = datagram.len().checked_sub(self.mki_len);
        let packet = &datagram[..end.ok_or(Rejected::Malformed)?];
        let (with_tag, word) = packet.split_last_chunk::<4>().ok_or(Rejected::Malformed)?;
        let cut = with_tag.split_last_chunk::<{ aead::TAG_LEN }>();
        let (report, tag) = cut.ok_or(Rejected::Malformed)?;
        Ok(Cut {
            report,
            authenticated: report,
            word: u32::from_be_bytes(*word),
            tag,
        })
    }
}

/// An RTCP packet in its parts.
struct Cut<'a> {
    /// As it was before it was sealed, but perhaps encrypted.
    report: &'a [u8],
    /// What a tag of HMAC-SHA1 covers.
    authenticated: &'a [u8],
    /// The index, and whether the report is encrypted.
    word: u32,
    tag: &'a [u8],
}

/// Opens an RTP packet of stream and index into `out`, as long as it is, if it is authentic.
fn open_rtp(
    keys: &SessionKeys,
    packet: &[u8],
    header_len: usize,
    (ssrc, index): (u32, u64),
    tag: &[u8],
    out: &mut [u8],
) -> bool {
    match keys {
        SessionKeys::Counter(keys) => {
            let rollovers = ((index >> 16) as u32).to_be_bytes();
            if !keys.is_authentic(packet, &rollovers, tag) {
                return false;
            }
            out.copy_from_slice(packet);
            keys.crypt(ssrc, index, &mut out[header_len..]);
            true
        }
        SessionKeys::Aead(keys) => {
            out.copy_from_slice(packet);
            let (header, payload) = out.split_at_mut(header_len);
            let Ok(tag) = tag.try_into() else {
                return false;
            };
            keys.open(aead::of_rtp(ssrc, index), header, payload, tag)
        }
    }
}

/// Opens an RTCP packet into `out`, as long as its report is, if it is authentic.
fn open_rtcp(keys: &SessionKeys, cut: &Cut<'_>, ssrc: u32, out: &mut [u8]) -> bool {
    let is_encrypted = cut.word & ENCRYPTED != 0;
    let index = cut.word & !ENCRYPTED;
    out.copy_from_slice(cut.report);
    match keys {
        SessionKeys::Counter(keys) => {
            if !keys.is_authentic(cut.authenticated, &[], cut.tag) {
                return false;
            }
            if is_encrypted {
                keys.crypt(ssrc, u64::from(index), &mut out[RTCP_CLEAR..]);
            }
            true
        }
        SessionKeys::Aead(keys) => {
            let n_clear = match is_encrypted {
                true => RTCP_CLEAR,
                false => out.len(),
            };
            let mut with = [0; super::DATAGRAM_MAX + 4];
            let with = &mut with[..n_clear + 4];
            with[..n_clear].copy_from_slice(&out[..n_clear]);
            with[n_clear..].copy_from_slice(&cut.word.to_be_bytes());
            let Ok(tag) = cut.tag.try_into() else {
                return false;
            };
            keys.open(aead::of_rtcp(ssrc, index), with, &mut out[n_clear..], tag)
        }
    }
}

/// The index of a packet of a known stream that is new and authentic.
fn new_index(
    stream: &Stream,
    sequence: u16,
    mut open: impl FnMut(u64) -> bool,
) -> Result<u64, Rejected> {
    let index = stream.index_of(sequence).ok_or(Rejected::Replayed)?;
    match stream.is_new(index) {
        false => Err(Rejected::Replayed),
        true if open(index) => Ok(index),
        true => Err(Rejected::Unauthentic),
    }
}
