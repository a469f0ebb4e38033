//! The codecs of a port: one byte for each sample of 8 kHz, whichever it is.

use crate::{g711, g722};

/// Codec of both directions of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Each byte stands for itself.
    G711(g711::Codec),
    /// Each byte goes on from those before it.
    G722,
}

impl Codec {
    /// Static RTP payload type (RFC 3551 table 4).
    pub fn payload_type(self) -> u8 {
        match self {
            Self::G711(codec) => codec.payload_type(),
            Self::G722 => g722::PAYLOAD_TYPE,
        }
    }

    /// Codec of the recorded tracks: what was on the wire, as far as it can be read from any place.
    pub fn of_tracks(self) -> g711::Codec {
        match self {
            Self::G711(codec) => codec,
            Self::G722 => g711::Codec::Pcma,
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
#[derive(Clone, Debug)]
pub(crate) enum Encoder {
    G711(g711::Codec),
    G722(g722::Encoder),
}

impl Encoder {
    /// Before the first sample of a stream.
    pub fn new(codec: Codec) -> Self {
        match codec {
            Codec::G711(codec) => Self::G711(codec),
            Codec::G722 => Self::G722(g722::Encoder::new()),
        }
    }

    /// Encodes a frame.
    pub fn encode_frame(&mut self, samples: &[i16], bytes: &mut [u8]) {
        match self {
            Self::G711(codec) => codec.encode_into(samples, bytes),
            Self::G722(encoder) => encoder.encode_into(samples, bytes),
        }
    }
}
