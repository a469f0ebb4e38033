//! The codecs of a port: one byte for each sample of 8 kHz, whichever it is. Opus is brought to that
//! as it comes ([`crate::opus`]).

use crate::{g711, g722, opus};

/// Codec of both directions of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Each byte stands for itself.
    G711(g711::Codec),
    /// Each byte goes on from those before it.
    G722,
    /// Packets of any length.
    Opus,
}

impl Codec {
    /// Static RTP payload type (RFC 3551 table 4), or the one that we offer.
    pub fn payload_type(self) -> u8 {
        match self {
            Self::G711(codec) => codec.payload_type(),
            Self::G722 => g722::PAYLOAD_TYPE,
            Self::Opus => opus::PAYLOAD_TYPE,
        }
    }

    /// Timestamp ticks of a sample of 8 kHz.
    pub fn clock_factor(self) -> u32 {
        match self {
            Self::G711(_) | Self::G722 => 1,
            Self::Opus => opus::CLOCK_FACTOR,
        }
    }

    /// Codec of the recorded tracks: what was on the wire, as far as it can be read from any place.
    pub fn of_tracks(self) -> g711::Codec {
        match self {
            Self::G711(codec) => codec,
            Self::G722 | Self::Opus => g711::Codec::Pcma,
        }
    }
}

impl From<g711::Codec> for Codec {
    fn from(codec: g711::Codec) -> Self {
        Self::G711(codec)
    }
}

/// What comes from the wire.
#[derive(Clone, Debug)]
pub(crate) enum Decoder {
    G711(g711::Codec),
    G722(g722::Decoder),
}

impl Decoder {
    /// Before the first byte of a stream.
    pub fn new(codec: Codec) -> Self {
        match codec {
            Codec::G711(codec) => Self::G711(codec),
            Codec::G722 => Self::G722(g722::Decoder::new()),
            // It was decoded when it came.
            Codec::Opus => Self::G711(codec.of_tracks()),
        }
    }

    /// The next sample.
    pub fn decode(&mut self, byte: u8) -> i16 {
        match self {
            Self::G711(codec) => codec.decode(byte),
            Self::G722(decoder) => decoder.decode(byte),
        }
    }

    /// Decodes a frame, and brings `bytes` into the codec of tracks.
    pub fn decode_frame(&mut self, bytes: &mut [u8], samples: &mut [i16], tracks: g711::Codec) {
        match self {
            Self::G711(codec) => {
                codec.decode_into(bytes, samples);
                if *codec != tracks {
                    tracks.encode_into(samples, bytes);
                }
            }
            Self::G722(decoder) => {
                for (sample, &byte) in samples.iter_mut().zip(bytes.iter()) {
                    *sample = decoder.decode(byte);
                }
                tracks.encode_into(samples, bytes);
            }
        }
    }
}

/// What goes to the wire.
#[derive(Debug)]
pub(crate) enum Encoder {
    G711(g711::Codec),
    G722(g722::Encoder),
    Opus(opus::Encoder),
}

impl Encoder {
    /// Before the first sample of a stream.
    pub fn new(codec: Codec) -> Self {
        match codec {
            Codec::G711(codec) => Self::G711(codec),
            Codec::G722 => Self::G722(g722::Encoder::new()),
            Codec::Opus => Self::Opus(opus::Encoder::new()),
        }
    }

    /// Encodes a frame into as many bytes at most, and returns the length.
    pub fn encode_frame(&mut self, samples: &[i16], bytes: &mut [u8]) -> usize {
        match self {
            Self::G711(codec) => codec.encode_into(samples, bytes),
            Self::G722(encoder) => encoder.encode_into(samples, bytes),
            Self::Opus(encoder) => return encoder.encode_frame(samples, bytes),
        }
        samples.len()
    }
}
