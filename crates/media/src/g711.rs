//! G.711: 8 kHz speech in one byte a sample, A-law and µ-law (ITU-T G.711, 1988).
//!
//! Decoding is a table of 256 entries, made at compile time; encoding finds the segment by
//! counting leading zeros. Both give the values of the reference code in ITU-T G.191.

/// A-law or µ-law: the codec of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// µ-law, payload type 0 (RFC 3551).
    Pcmu,
    /// A-law, payload type 8 (RFC 3551).
    Pcma,
}

impl Codec {
    /// Static RTP payload type (RFC 3551 table 4).
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
        }
    }

    /// The codec with this static payload type, if it is one of ours.
    pub fn from_payload_type(payload_type: u8) -> Option<Self> {
        match payload_type {
            0 => Some(Self::Pcmu),
            8 => Some(Self::Pcma),
            _ => None,
        }
    }

    /// The byte of the quietest sample.
    pub fn silence(self) -> u8 {
        match self {
            Self::Pcmu => 0xFF,
            Self::Pcma => 0xD5,
        }
    }

    /// Linear value of a byte.
    pub fn decode(self, byte: u8) -> i16 {
        self.table()[usize::from(byte)]
    }

    /// Byte of a linear value.
    pub fn encode(self, sample: i16) -> u8 {
        match self {
            Self::Pcmu => ulaw_compress(sample),
            Self::Pcma => alaw_compress(sample),
        }
    }

    /// Decodes as many bytes as both slices have.
    pub fn decode_into(self, bytes: &[u8], samples: &mut [i16]) {
        let table = self.table();
        for (sample, &byte) in samples.iter_mut().zip(bytes) {
            *sample = table[usize::from(byte)];
        }
    }

    /// Encodes as many samples as both slices have.
    pub fn encode_into(self, samples: &[i16], bytes: &mut [u8]) {
        match self {
            Self::Pcmu => {
                for (byte, &sample) in bytes.iter_mut().zip(samples) {
                    *byte = ulaw_compress(sample);
                }
            }
            Self::Pcma => {
                for (byte, &sample) in bytes.iter_mut().zip(samples) {
                    *byte = alaw_compress(sample);
                }
            }
        }
    }

    fn table(self) -> &'static [i16; 256] {
        match self {
            Self::Pcmu => &ULAW,
            Self::Pcma => &ALAW,
        }
    }
}

static ULAW: [i16; 256] = table(true);
static ALAW: [i16; 256] = table(false);

const fn table(ulaw: bool) -> [i16; 256] {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = if ulaw {
            ulaw_expand(code as u8)
        } else {
            alaw_expand(code as u8)
        };
        code += 1;
    }
    table
}

/// Offset that makes every µ-law segment a power of two long (G.711 table 2a), in 14 bits.
const ULAW_BIAS: i32 = 33;

const fn ulaw_expand(code: u8) -> i16 {
    let inverted = !code as i32;
    let exponent = (inverted >> 4) & 7;
    let mantissa = inverted & 0x0F;
    let step = 8 << exponent;
    let magnitude = (0x80 << exponent) + step * mantissa + step / 2 - 4 * ULAW_BIAS;
    if code < 0x80 {
        -magnitude as i16
    } else {
        magnitude as i16
    }
}

const fn alaw_expand(code: u8) -> i16 {
    let even = (code ^ 0x55) as i32;
    let exponent = (even >> 4) & 7;
    let mantissa = even & 0x0F;
    let magnitude = match exponent {
        0 => (mantissa << 4) + 8,
        _ => (((mantissa + 16) << 4) + 8) << (exponent - 1),
    };
    if code ^ 0x55 < 0x80 {
        -magnitude as i16
    } else {
        magnitude as i16
    }
}

/// Negative values are mirrored by one's complement, as in G.191, so that -1 and 0 meet.
const fn mirrored(sample: i16) -> u16 {
    (sample ^ (sample >> 15)) as u16
}

const fn ulaw_compress(sample: i16) -> u8 {
    let biased = (mirrored(sample) >> 2) + ULAW_BIAS as u16;
    let magnitude = if biased > 0x1FFF { 0x1FFF } else { biased };
    // The bias makes the magnitude at least 33, so the first segment starts at bit 5.
    let exponent = 10 - magnitude.leading_zeros() as u16;
    let mantissa = (magnitude >> (exponent + 1)) & 0x0F;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !(sign | ((exponent << 4) | mantissa) as u8)
}

const fn alaw_compress(sample: i16) -> u8 {
    let magnitude = mirrored(sample) >> 4;
    let code = if magnitude < 32 {
        magnitude
    } else {
        let shift = 11 - magnitude.leading_zeros() as u16;
        ((shift + 1) << 4) | ((magnitude >> shift) & 0x0F)
    };
    let sign = if sample < 0 { 0 } else { 0x80 };
    (code as u8 | sign) ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decision values of G.711 table 2a: 0, 1, then 15 steps of 2, then 16 steps each of 4, 8,
    /// … 256, up to 8159, in units of 14-bit samples.
    fn ulaw_decisions() -> Vec<i32> {
        let mut values = vec![0, 1];
        for segment in 0..8 {
            for _ in 0..if segment == 0 { 15 } else { 16 } {
                values.push(values.last().unwrap() + (2 << segment));
            }
        }
        values
    }

    /// Decision values of G.711 table 1a: 32 steps of 2, then 16 steps each of 4 … 128, up to
    /// 4096, in units of 13-bit samples.
    fn alaw_decisions() -> Vec<i32> {
        let mut values = vec![0];
        for segment in 0..7 {
            for _ in 0..if segment == 0 { 32 } else { 16 } {
                values.push(values.last().unwrap() + (2 << segment));
            }
        }
        values
    }

    /// Checks every interval of a law: its code, the first and last sample in it, its value.
    fn check(codec: Codec, decisions: &[i32], unit: i32, code_of: fn(usize) -> u8) {
        assert_eq!(decisions.len(), 129);
        for n in 0..128 {
            let (low, high) = (decisions[n] * unit, decisions[n + 1] * unit);
            let value = if n == 0 && unit == 4 {
                0
            } else {
                (low + high) / 2
            };
            let code = code_of(n);
            assert_eq!(i32::from(codec.decode(code)), value, "value {n}");
            assert_eq!(i32::from(codec.decode(code ^ 0x80)), -value, "value -{n}");
            for sample in [low, high - 1] {
                if let Ok(sample) = i16::try_from(sample) {
                    assert_eq!(codec.encode(sample), code, "sample {sample}");
                    assert_eq!(codec.encode(!sample), code ^ 0x80, "sample {}", !sample);
                }
            }
        }
    }

    #[test]
    fn ulaw_follows_table_2_of_g711() {
        let decisions = ulaw_decisions();
        assert_eq!(decisions[128], 8159);
        check(Codec::Pcmu, &decisions, 4, |n| !u8::try_from(n).unwrap());
    }

    #[test]
    fn alaw_follows_table_1_of_g711() {
        let decisions = alaw_decisions();
        assert_eq!(decisions[128], 4096);
        check(Codec::Pcma, &decisions, 8, |n| {
            (u8::try_from(n).unwrap() | 0x80) ^ 0x55
        });
    }

    #[test]
    fn every_code_survives_a_round_trip() {
        for code in 0..=255u8 {
            assert_eq!(Codec::Pcma.encode(Codec::Pcma.decode(code)), code);
            // µ-law has two zeros; the negative one comes back as the positive one.
            let expected = if code == 0x7F { 0xFF } else { code };
            assert_eq!(Codec::Pcmu.encode(Codec::Pcmu.decode(code)), expected);
        }
    }

    #[test]
    fn the_loudest_samples_do_not_wrap() {
        assert_eq!(Codec::Pcmu.decode(Codec::Pcmu.encode(i16::MAX)), 32124);
        assert_eq!(Codec::Pcmu.decode(Codec::Pcmu.encode(i16::MIN)), -32124);
        assert_eq!(Codec::Pcma.decode(Codec::Pcma.encode(i16::MAX)), 32256);
        assert_eq!(Codec::Pcma.decode(Codec::Pcma.encode(i16::MIN)), -32256);
    }
}
