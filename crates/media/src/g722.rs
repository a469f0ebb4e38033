//! G.722: speech in two bands at 64 kbit/s (ITU-T G.722, 1988), as far as a telephone of 8 kHz hears it.
//!
//! A byte holds 6 bits of the lower band, 0 to 4 kHz, and 2 bits of the upper one. The lower band is
//! speech of 8 kHz in itself, one sample a byte, so this decodes and encodes it alone and sends the
//! upper band silent. Packets then have the shape of G.711: one byte a sample of 8 kHz, and by RFC 3551
//! (section 4.5.2) even the timestamps count 8,000 a second, although the codec samples 16,000.
//!
//! # Invariants
//!
//! - The state of a direction is moved by each byte of it once, in order: lost bytes leave it where it
//!   was, and it finds back by itself.

/// Static RTP payload type (RFC 3551 table 4).
pub const PAYLOAD_TYPE: u8 = 9;

/// The upper band's bits of a byte that says nothing in it.
const UPPER_SILENT: u8 = 0xC0;

/// Quantizer intervals of the lower band, 6 bits (G.722 table 14).
const DECISIONS: [i32; 30] = [
    0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940,
    1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
];
/// Codes of negative and positive differences by interval (table 15).
const NEGATIVE: [u8; 31] = [
    0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11,
    10, 9, 8, 7, 6, 5, 4,
];
const POSITIVE: [u8; 31] = [
    0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39,
    38, 37, 36, 35, 34, 33, 32,
];
/// Inverse quantizer of 4 bits, which adaptation uses (table 18).
const INVERSE_4: [i32; 16] = [
    0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584,
    1200, 0,
];
/// Inverse quantizer of 6 bits, which is heard (table 16).
const INVERSE_6: [i32; 64] = [
    -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232,
    -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776,
    -2400, -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280,
    11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776,
    2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
];
/// Steps of the logarithmic scale factor (table 19), by the class of a 4-bit code.
const LOG_STEPS: [i32; 8] = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const CLASS: [usize; 16] = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
/// Antilogarithms (table 21).
const ANTILOG: [i32; 32] = [
    2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
    2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
];

/// What both directions remember of the lower band.
#[derive(Clone, Debug)]
struct Band {
    /// The predictor's value of the next sample.
    predicted: i32,
    predicted_zeros: i32,
    /// Reconstructed signal, newest first.
    reconstructed: [i32; 3],
    /// Partially reconstructed signal.
    partial: [i32; 3],
    /// Quantized differences, newest first.
    differences: [i32; 7],
    /// Coefficients of the poles.
    poles: [i32; 3],
    /// Coefficients of the zeros.
    zeros: [i32; 7],
    log_scale: i32,
    scale: i32,
}

/// One direction from the wire.
#[derive(Clone, Debug)]
pub struct Decoder(Band);

/// One direction to the wire.
#[derive(Clone, Debug)]
pub struct Encoder(Band);

impl Decoder {
    /// Before the first byte.
    pub fn new() -> Self {
        Self(Band::new())
    }

    /// The next sample.
    pub fn decode(&mut self, byte: u8) -> i16 {
        let code = byte & 0x3F;
        let band = &mut self.0;
        let heard = (band.scale * INVERSE_6[usize::from(code)]) >> 15;
        let sample = (band.predicted + heard).clamp(-16384, 16383);
        band.adapt(code);
        // 15 bits to 16.
        (sample << 1) as i16
    }
}

impl Encoder {
    /// Before the first sample.
    pub fn new() -> Self {
        Self(Band::new())
    }

    /// Encodes as many samples as both slices have.
    pub fn encode_into(&mut self, samples: &[i16], bytes: &mut [u8]) {
        for (byte, &sample) in bytes.iter_mut().zip(samples) {
            *byte = self.encode(sample);
        }
    }

    fn encode(&mut self, sample: i16) -> u8 {
        let band = &mut self.0;
        // 16 bits to 15.
        let difference = saturated((i32::from(sample) >> 1) - band.predicted);
        let magnitude = if difference >= 0 {
            difference
        } else {
            -(difference + 1)
        };
        let interval = DECISIONS[1..]
            .iter()
            .position(|decision| magnitude < (decision * band.scale) >> 12)
            .map_or(DECISIONS.len(), |at| at + 1);
        let code = match difference < 0 {
            true => NEGATIVE[interval],
            false => POSITIVE[interval],
        };
        band.adapt(code);
        UPPER_SILENT | code
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Band {
    fn new() -> Self {
        Self {
            predicted: 0,
            predicted_zeros: 0,
            reconstructed: [0; 3],
            partial: [0; 3],
            differences: [0; 7],
            poles: [0; 3],
            zeros: [0; 7],
            log_scale: 0,
            scale: 32,
        }
    }

    /// Moves on by one code: scale factor (blocks LOGSCL and SCALEL), then predictor.
    fn adapt(&mut self, code: u8) {
        let coarse = usize::from(code >> 2);
        let difference = (self.scale * INVERSE_4[coarse]) >> 15;
        let log = ((self.log_scale * 127) >> 7) + LOG_STEPS[CLASS[coarse]];
        self.log_scale = log.clamp(0, 18432);
        let exponent = 8 - (self.log_scale >> 11);
        let fraction = ANTILOG[usize::try_from((self.log_scale >> 6) & 31).expect("it is 0 to 31")];
        self.scale = if exponent < 0 {
            fraction << -exponent
        } else {
            fraction >> exponent
        } << 2;
        self.predict(difference);
    }

    /// Block 4 of the recommendation: the adaptive predictor.
    fn predict(&mut self, difference: i32) {
        self.differences[0] = difference;
        self.reconstructed[0] = saturated(self.predicted + difference);
        self.partial[0] = saturated(self.predicted_zeros + difference);
        self.adapt_poles();
        self.adapt_zeros(difference);
        self.delay();
        // FILTEP, FILTEZ, PREDIC.
        let poles: i32 = (1..3)
            .map(|n| (self.poles[n] * saturated(2 * self.reconstructed[n])) >> 15)
            .sum();
        let zeros: i32 = (1..7)
            .rev()
            .map(|n| (self.zeros[n] * saturated(2 * self.differences[n])) >> 15)
            .sum();
        self.predicted_zeros = saturated(zeros);
        self.predicted = saturated(saturated(poles) + self.predicted_zeros);
    }

    /// UPPOL2 and UPPOL1.
    fn adapt_poles(&mut self) {
        let sign = |value: i32| value >> 15;
        let signs = self.partial.map(sign);
        let first = saturated(4 * self.poles[1]);
        let first = if signs[0] == signs[1] { -first } else { first }.min(32767);
        let step = if signs[0] == signs[2] { 128 } else { -128 };
        let second = step + (first >> 7) + ((self.poles[2] * 32512) >> 15);
        let second = second.clamp(-12288, 12288);
        let step = if signs[0] == signs[1] { 192 } else { -192 };
        let limit = saturated(15360 - second);
        self.poles[1] = saturated(step + ((self.poles[1] * 32640) >> 15)).clamp(-limit, limit);
        self.poles[2] = second;
    }

    /// UPZERO.
    fn adapt_zeros(&mut self, difference: i32) {
        let step = if difference == 0 { 0 } else { 128 };
        let sign = difference >> 15;
        for n in 1..7 {
            let step = if self.differences[n] >> 15 == sign {
                step
            } else {
                -step
            };
            self.zeros[n] = saturated(step + ((self.zeros[n] * 32640) >> 15));
        }
    }

    /// DELAYA.
    fn delay(&mut self) {
        self.differences.copy_within(0..6, 1);
        self.reconstructed.copy_within(0..2, 1);
        self.partial.copy_within(0..2, 1);
    }
}

/// A value kept within 16 bits.
fn saturated(value: i32) -> i32 {
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected sums are of what libg722 1.2 (after the code of ITU-T G.191) makes of the same input
    // at 8 kHz and 64 kbit/s.

    #[test]
    fn every_byte_is_that_of_the_reference_encoder() {
        let mut bytes = vec![0; 8000];
        Encoder::new().encode_into(&story(), &mut bytes);
        assert_eq!(bytes[..8], [196, 196, 196, 196, 196, 201, 213, 207]);
        assert_eq!(sum(bytes), 0x82d2_6eaf_882f_45e5);
    }

    #[test]
    fn every_sample_is_that_of_the_reference_decoder() {
        let mut bytes = vec![0; 8000];
        Encoder::new().encode_into(&story(), &mut bytes);
        assert_eq!(sum(decoded(&bytes)), 0xa0d2_916d_1d7b_c252);
    }

    #[test]
    fn whatever_is_in_the_upper_band_the_lower_one_is_that_of_the_reference_decoder() {
        let bytes: Vec<u8> = (0..8000_u32).map(|n| (n * n * 31 + n * 7) as u8).collect();
        assert_eq!(sum(decoded(&bytes)), 0xf168_2d0e_fd63_882b);
    }

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let mut decoder = Decoder::new();
        let samples = bytes.iter().map(|byte| decoder.decode(*byte));
        samples.flat_map(i16::to_le_bytes).collect()
    }

    /// A second of noise over a triangle, in four loudnesses.
    fn story() -> Vec<i16> {
        let mut seed = 12_345_u32;
        let sample = |n: i32| {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7FFF_FFFF;
            let noise = ((seed >> 16) % 2001).cast_signed() - 1000;
            let at = (n * 37) % 4000;
            let triangle = at.min(4000 - at) * 16 - 16_000;
            let loud = [4, 16, 1, 0][(n / 1000 % 4) as usize];
            let both = (triangle * loud).div_euclid(16) + if loud > 0 { noise } else { 0 };
            both.clamp(-32_768, 32_767) as i16
        };
        (0..8000).map(sample).collect()
    }

    /// FNV-1a, 64 bits.
    fn sum(bytes: Vec<u8>) -> u64 {
        bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}
