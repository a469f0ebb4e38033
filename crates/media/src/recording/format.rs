//! The bytes around the voices: file header and chunk frame.

use super::runs;
use crate::{SAMPLE_RATE_HZ, g711::Codec};

const FILE_MAGIC: &[u8; 8] = b"SWBDREC\0";
const VERSION: u16 = 1;
const N_TRACKS: u8 = 2;

/// Longest call id in a header, in bytes.
pub const CALL_ID_MAX: usize = 64;

/// Bytes of a file header.
pub const HEADER_LEN: usize = 8 + 2 + 1 + 1 + 4 + 8 + 1 + CALL_ID_MAX + 3 + 4;

/// Longest recording that is read, in ticks: 24 hours. A chunk that claims to be later is
/// damaged.
pub const TICKS_MAX: u32 = 24 * 3600 * 50;

pub const CHUNK_MAGIC: &[u8; 4] = b"SWBK";
pub const CHUNK_HEAD_LEN: usize = 12;
pub const CRC_LEN: usize = 4;

/// Ticks in a full chunk: 200 ms.
pub const CHUNK_TICKS: u8 = 10;

/// These bytes do not start with the header of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a recording")]
pub struct NotARecording;

/// What stands once at the start of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// The call; at most [`CALL_ID_MAX`] bytes.
    pub call_id: String,
    /// Wall time of tick 0, milliseconds since 1970.
    pub started_at_ms: u64,
    /// Codec of both tracks.
    pub codec: Codec,
}

impl FileHeader {
    /// The bytes that start a recording, [`HEADER_LEN`] of them.
    ///
    /// # Panics
    ///
    /// Panics on a call id that is too long: ids are ours.
    pub fn to_bytes(&self) -> Vec<u8> {
        let id = self.call_id.as_bytes();
        assert!(id.len() <= CALL_ID_MAX, "a call id of {} bytes", id.len());
        let mut padded = [0; CALL_ID_MAX + 3];
        padded[..id.len()].copy_from_slice(id);
        let mut bytes = Vec::with_capacity(HEADER_LEN);
        bytes.extend(FILE_MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([self.codec.payload_type(), N_TRACKS]);
        bytes.extend(SAMPLE_RATE_HZ.to_le_bytes());
        bytes.extend(self.started_at_ms.to_le_bytes());
        bytes.push(u8::try_from(id.len()).expect("CALL_ID_MAX fits in a byte"));
        bytes.extend(padded);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the header at the start of a recording.
    ///
    /// # Errors
    ///
    /// Fails on bytes that are too short, damaged, or of another format or version.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotARecording> {
        let (header, _) = bytes
            .split_first_chunk::<HEADER_LEN>()
            .ok_or(NotARecording)?;
        let (fields, crc) = header.split_at(HEADER_LEN - CRC_LEN);
        let known = &fields[..8] == FILE_MAGIC
            && fields[8..10] == VERSION.to_le_bytes()
            && fields[11] == N_TRACKS
            && fields[12..16] == SAMPLE_RATE_HZ.to_le_bytes();
        if !known || crc != crc32fast::hash(fields).to_le_bytes() {
            return Err(NotARecording);
        }
        let started_at = fields[16..24].try_into().expect("eight bytes");
        let id = &fields[25..25 + CALL_ID_MAX];
        let id = id.get(..usize::from(fields[24])).ok_or(NotARecording)?;
        Ok(Self {
            call_id: String::from_utf8(id.to_vec()).map_err(|_| NotARecording)?,
            started_at_ms: u64::from_le_bytes(started_at),
            codec: Codec::from_payload_type(fields[10]).ok_or(NotARecording)?,
        })
    }
}

/// A valid chunk inside the bytes of a recording.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    pub first_tick: u32,
    pub n_ticks: u8,
    /// The runs of both tracks.
    pub tracks: [&'a [u8]; 2],
    /// Bytes of the whole chunk.
    pub len: usize,
}

impl<'a> Chunk<'a> {
    /// Reads the chunk that starts here; `None` if none does, or if it is damaged or torn.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let head = bytes.first_chunk::<CHUNK_HEAD_LEN>()?;
        let body_len = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let n_ticks = head[6];
        let first_tick = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
        let plausible = &head[..4] == CHUNK_MAGIC
            && (1..=CHUNK_TICKS).contains(&n_ticks)
            && head[7] == 0
            && first_tick <= TICKS_MAX - u32::from(n_ticks);
        if !plausible {
            return None;
        }
        let checked_len = CHUNK_HEAD_LEN + body_len;
        let crc = bytes.get(checked_len..checked_len + CRC_LEN)?;
        let body = &bytes[CHUNK_HEAD_LEN..checked_len];
        // The structure first: it is cheaper to refuse than the checksum.
        let user_len = runs::len(body, n_ticks)?;
        let (user, agent) = body.split_at(user_len);
        if runs::len(agent, n_ticks)? != agent.len() {
            return None;
        }
        (crc == crc32fast::hash(&bytes[..checked_len]).to_le_bytes()).then_some(Self {
            first_tick,
            n_ticks,
            tracks: [user, agent],
            len: checked_len + CRC_LEN,
        })
    }
}
