//! Samples as bytes: PCM and WAV as they come in, piece by piece, and as they go out.

use super::{AudioFormat, ServiceFailure};
use crate::{pcm::RATES_HZ, port::SAMPLE_RATE_HZ, resampler::Resampler};

/// Longest header of a WAV stream before its samples, in bytes.
const HEADER_BYTES_MAX: usize = 4_096;

/// Sound of one speech as it comes from a service, brought to the telephone's rate.
#[derive(Debug)]
pub(crate) struct SoundReader {
    /// Bytes of a header or of half a sample.
    pending: Vec<u8>,
    /// `None` until the header was read.
    resampler: Option<Resampler>,
    n_channels: usize,
}

impl SoundReader {
    /// Reads what a service was asked for; a WAV header wins over `rate_hz`.
    pub fn new(format: AudioFormat, rate_hz: u32) -> Self {
        let resampler = match format {
            AudioFormat::Pcm => Some(Resampler::new(rate_hz, SAMPLE_RATE_HZ)),
            AudioFormat::Wav => None,
        };
        Self {
            pending: Vec::new(),
            resampler,
            n_channels: 1,
        }
    }

    /// Takes bytes of any length.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<i16>, ServiceFailure> {
        self.pending.extend_from_slice(bytes);
        if self.resampler.is_none() {
            let Some((rate_hz, n_channels, n_header)) = wav_header(&self.pending)? else {
                return Ok(Vec::new());
            };
            self.pending.drain(..n_header);
            self.n_channels = n_channels;
            self.resampler = Some(Resampler::new(rate_hz, SAMPLE_RATE_HZ));
        }
        let n_whole = self.pending.len() - self.pending.len() % (2 * self.n_channels);
        let samples: Vec<i16> = self.pending[..n_whole]
            .chunks_exact(2 * self.n_channels)
            .map(mono)
            .collect();
        self.pending.drain(..n_whole);
        let resampler = self.resampler.as_mut().expect("the header was read above");
        Ok(resampler.push(&samples))
    }

    /// The rest, after the last byte.
    pub fn finish(&mut self) -> Result<Vec<i16>, ServiceFailure> {
        match &mut self.resampler {
            Some(resampler) => Ok(resampler.finish()),
            None if self.pending.is_empty() => Ok(Vec::new()),
            None => Err(unreadable("it is no WAV")),
        }
    }
}

/// One sample of all channels.
fn mono(frame: &[u8]) -> i16 {
    let n = (frame.len() / 2) as i32;
    let sum: i32 = frame
        .chunks_exact(2)
        .map(|b| i32::from(i16::from_le_bytes([b[0], b[1]])))
        .sum();
    (sum / n) as i16
}

/// Rate, channels and length of a header; `None` while it is not complete.
fn wav_header(bytes: &[u8]) -> Result<Option<(u32, usize, usize)>, ServiceFailure> {
    if bytes.len() < 12 {
        return Ok(None);
    }
    if &bytes[..4] != b"RIFF" || &bytes[8..12] != b"WAVE" {
        return Err(unreadable("it is no WAV"));
    }
    let (mut at, mut found) = (12, None);
    loop {
        if at > HEADER_BYTES_MAX {
            return Err(unreadable("a WAV without samples"));
        }
        let Some(head) = bytes.get(at..at + 8) else {
            return Ok(None);
        };
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        at += 8;
        if &head[..4] == b"data" {
            let (rate_hz, n_channels) = found.ok_or_else(|| unreadable("a WAV without a rate"))?;
            return Ok(Some((rate_hz, n_channels, at)));
        }
        if &head[..4] == b"fmt " {
            let Some(fields) = bytes.get(at..at + 16) else {
                return Ok(None);
            };
            let word = |at: usize| u16::from_le_bytes([fields[at], fields[at + 1]]);
            let rate_hz = u32::from_le_bytes([fields[4], fields[5], fields[6], fields[7]]);
            // PCM (1), 16 bits.
            let is_pcm = (word(0), word(14)) == (1, 16) && (1..=2).contains(&word(2));
            if !is_pcm || !RATES_HZ.contains(&rate_hz) {
                return Err(unreadable("a WAV that is not 16-bit PCM"));
            }
            found = Some((rate_hz, usize::from(word(2))));
        }
        at = at.saturating_add(length + length % 2);
    }
}

/// Samples as signed 16-bit little-endian bytes.
pub(crate) fn pcm_bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}

/// A WAV file of mono samples.
pub(crate) fn wav_file(samples: &[i16], rate_hz: u32) -> Vec<u8> {
    let n_bytes = u32::try_from(samples.len() * 2).expect("an utterance is seconds long");
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend(b"RIFF");
    file.extend((36 + n_bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate_hz.to_le_bytes());
    file.extend((rate_hz * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(n_bytes.to_le_bytes());
    file.extend(pcm_bytes(samples));
    file
}

fn unreadable(why: &str) -> ServiceFailure {
    ServiceFailure::Unreadable(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: AudioFormat, rate_hz: u32, bytes: &[u8], by: usize) -> Vec<i16> {
        let mut reader = SoundReader::new(format, rate_hz);
        let mut samples = Vec::new();
        for piece in bytes.chunks(by) {
            samples.extend(reader.push(piece).unwrap());
        }
        samples.extend(reader.finish().unwrap());
        samples
    }

    #[test]
    fn samples_survive_any_cut() {
        let samples = [1, -2, 300, -32_768, 32_767];
        for by in [1, 3, 64] {
            assert_eq!(
                read(AudioFormat::Pcm, 8_000, &pcm_bytes(&samples), by),
                samples
            );
            assert_eq!(
                read(AudioFormat::Wav, 16_000, &wav_file(&samples, 8_000), by),
                samples
            );
        }
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        let mut reader = SoundReader::new(AudioFormat::Wav, 8_000);
        assert!(reader.push(b"{\"error\": \"no such voice\"}").is_err());
        let mut short = SoundReader::new(AudioFormat::Wav, 8_000);
        assert!(short.push(b"RIF").unwrap().is_empty());
        assert!(short.finish().is_err());
    }
}
