//! RTP to PCM and back, for telephone calls: everything between a datagram and a voice.
//!
//! [`leg::Leg`] is the whole of it for one party: a shell gives it datagrams, commands and a
//! tick each 20 ms, and sends, records and forwards what it gets back. The other modules are
//! its parts and can be used alone. Nothing here reads a clock, opens a socket or starts a
//! thread: `now` is an argument.
//!
//! # Invariants
//!
//! - All audio is 8 kHz mono in frames of 20 ms ([`Frame`]).
//! - After construction nothing on the path of a packet or a tick allocates or logs.
//! - What arrives from a peer can be anything: it is counted, never trusted, and never panics.

mod codec;
mod frame;

pub mod ambience;
pub mod beep;
pub mod conference;
pub mod dtls;
pub mod dtmf;
pub mod g711;
pub mod g722;
pub mod ice;
pub mod jitter;
pub mod leg;
pub mod mix;
pub mod opus;
pub mod playout;
pub mod port;
pub mod quality;
pub mod recording;
pub mod resample;
pub mod rtcp;
pub mod rtp;
pub mod security;
pub mod sounding;
pub mod srtp;
pub mod tone;
pub mod vad;

#[cfg(test)]
mod story;

pub use codec::Codec;
pub use frame::{FRAME, FRAME_SAMPLES, Frame, FrameKind, SAMPLE_RATE_HZ, SILENT_FRAME};
