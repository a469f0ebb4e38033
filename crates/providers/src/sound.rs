//! Uploaded sounds: WAV or MP3 to the 8 kHz that a call plays.
//!
//! # Invariants
//!
//! - A file is hostile until decoded: at most [`FILE_BYTES_MAX`] are read, at most
//!   [`DURATION_MAX`] of audio comes out, and a panic of the decoder is a [`SoundFault`].

use std::io::Cursor;
use std::time::Duration;

use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use crate::pcm::{self, RATES_HZ};
use crate::port::SAMPLE_RATE_HZ;

/// Largest file, 5 MB: the limit of Tencent's `UploadIvrAudio`.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Longest sound.
pub const DURATION_MAX: Duration = Duration::from_secs(600);

/// Most packets that are tried; the smallest MP3 frame is 24 bytes.
const N_PACKETS_MAX: usize = FILE_BYTES_MAX / 24;

/// Why a file is no sound: who uploaded it must change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoundFault {
    /// More bytes than [`FILE_BYTES_MAX`].
    #[error("file is larger than 5 MB")]
    TooLarge,
    /// More audio than [`DURATION_MAX`].
    #[error("sound is longer than 10 minutes")]
    TooLong,
    /// Neither WAV nor MP3, or damaged beyond use.
    #[error("file is neither WAV nor MP3")]
    NotASound,
    /// A sample rate or number of channels that no recording has.
    #[error("sample rate or number of channels is out of range")]
    OddFormat,
    /// Nothing to hear in it.
    #[error("sound is empty")]
    Empty,
}

/// Decodes a file on a blocking thread to 8 kHz mono.
pub async fn decode(file: Vec<u8>) -> Result<Vec<i16>, SoundFault> {
    // A panic of the decoder ends here as well.
    tokio::task::spawn_blocking(move || decode_now(&file))
        .await
        .unwrap_or(Err(SoundFault::NotASound))
}

/// Decodes a file to 8 kHz mono on this thread.
pub fn decode_now(file: &[u8]) -> Result<Vec<i16>, SoundFault> {
    if file.len() > FILE_BYTES_MAX {
        return Err(SoundFault::TooLarge);
    }
    // The decoder's arithmetic overflows on some damaged files; a panic there is theirs, not ours.
    let decoded = std::panic::catch_unwind(|| decode_mono(file));
    let (mono, rate_hz) = decoded.map_err(|_| SoundFault::NotASound)??;
    if mono.is_empty() {
        return Err(SoundFault::Empty);
    }
    Ok(pcm::resample(&mono, rate_hz, SAMPLE_RATE_HZ))
}

/// Decodes what came with a request on a blocking thread to 8 kHz mono: a WAV file, or bare samples
/// of `rate_hz`, signed, of 16 bits, little endian, in one channel.
pub async fn decode_sent(bytes: Vec<u8>, rate_hz: u32) -> Result<Vec<i16>, SoundFault> {
    if bytes.starts_with(b"RIFF") {
        return decode(bytes).await;
    }
    tokio::task::spawn_blocking(move || decode_bare(&bytes, rate_hz))
        .await
        .unwrap_or(Err(SoundFault::NotASound))
}

fn decode_bare(bytes: &[u8], rate_hz: u32) -> Result<Vec<i16>, SoundFault> {
    if !bytes.len().is_multiple_of(2) {
        return Err(SoundFault::NotASound);
    }
    if !RATES_HZ.contains(&rate_hz) {
        return Err(SoundFault::OddFormat);
    }
    let samples: Vec<i16> = bytes
        .chunks_exact(2)
        .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    if samples.len() as u64 > DURATION_MAX.as_secs() * u64::from(rate_hz) {
        return Err(SoundFault::TooLong);
    }
    let samples = pcm::resample(&samples, rate_hz, SAMPLE_RATE_HZ);
    if samples.is_empty() {
        return Err(SoundFault::Empty);
    }
    Ok(samples)
}

/// The first audio track as mono with its rate. Damaged packets are passed over.
fn decode_mono(file: &[u8]) -> Result<(Vec<i16>, u32), SoundFault> {
    let not_a_sound = |_: Error| SoundFault::NotASound;
    let file = with_true_length(file.to_vec());
    let source = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), source, format, metadata)
        .map_err(not_a_sound)?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or(SoundFault::NotASound)?;
    let track_id = track.id;
    let parameters = track.codec_params.as_ref().and_then(|codec| codec.audio());
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(
            parameters.ok_or(SoundFault::NotASound)?,
            &AudioDecoderOptions::default(),
        )
        .map_err(not_a_sound)?;

    let (mut mono, mut rate_hz, mut interleaved) = (Vec::new(), None, Vec::<i16>::new());
    for _ in 0..N_PACKETS_MAX {
        // The end, or damage in the container: what came before counts.
        let Ok(Some(packet)) = format.next_packet() else {
            break;
        };
        if packet.track_id != track_id {
            continue;
        }
        let decoded = match decoder.decode(&packet) {
            Ok(decoded) => decoded,
            Err(Error::DecodeError(_) | Error::IoError(_)) => continue,
            Err(_) => break,
        };
        let (rate, n_channels) = (decoded.spec().rate(), decoded.spec().channels().count());
        let same_rate = *rate_hz.get_or_insert(rate) == rate;
        if !same_rate || !RATES_HZ.contains(&rate) || !(1..=8).contains(&n_channels) {
            return Err(SoundFault::OddFormat);
        }
        interleaved.resize(decoded.samples_interleaved(), 0);
        decoded.copy_to_slice_interleaved(&mut interleaved);
        mono.extend(interleaved.chunks_exact(n_channels).map(mixed));
        if mono.len() as u64 > DURATION_MAX.as_secs() * u64::from(rate) {
            return Err(SoundFault::TooLong);
        }
    }
    Ok((mono, rate_hz.ok_or(SoundFault::Empty)?))
}

/// A WAV that was written to a pipe did not know its length: sox and ffmpeg leave the largest number
/// there. Its sound ends with the file.
fn with_true_length(mut file: Vec<u8>) -> Vec<u8> {
    if file.len() < 12 || &file[..4] != b"RIFF" || &file[8..12] != b"WAVE" {
        return file;
    }
    let mut at = 12;
    // A chunk is a name, a length, and as many bytes, padded to an even number.
    while let Some(head) = file.get(at..at + 8) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let rest = file.len() - (at + 8);
        if &head[..4] == b"data" {
            if length > rest {
                let true_length = u32::try_from(rest).expect("a file is at most 5 MB");
                file[at + 4..at + 8].copy_from_slice(&true_length.to_le_bytes());
                let whole = u32::try_from(file.len() - 8).expect("a file is at most 5 MB");
                file[4..8].copy_from_slice(&whole.to_le_bytes());
            }
            return file;
        }
        at += 8 + length + length % 2;
    }
    file
}

fn mixed(channels: &[i16]) -> i16 {
    let sum: i32 = channels.iter().map(|sample| i32::from(*sample)).sum();
    // The mean of i16 values is an i16.
    (sum / channels.len() as i32) as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{BitRate, Mp3};
    use proptest::prelude::*;

    #[test]
    fn a_wav_from_a_pipe_ends_with_its_file() {
        let samples: Vec<i16> = (0..8_000).map(|n| (n % 100) * 100).collect();
        let whole = wav(1, 8_000, &samples);
        for claimed in [u32::MAX, 0x7fff_ffff - 36] {
            let mut piped = whole.clone();
            piped[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
            piped[40..44].copy_from_slice(&claimed.to_le_bytes());
            assert_eq!(decode_now(&piped), decode_now(&whole), "{claimed:x}");
        }
    }

    fn wav(n_channels: u16, rate_hz: u32, samples: &[i16]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let spec = hound::WavSpec {
            channels: n_channels,
            sample_rate: rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        samples
            .iter()
            .for_each(|sample| writer.write_sample(*sample).unwrap());
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    fn mp3() -> Vec<u8> {
        let mut mp3 = Mp3::new(Cursor::new(Vec::new()), 1, BitRate::Kbps24).unwrap();
        let tone: Vec<i16> = (0..4_000)
            .map(|t| ((t as f32 * 0.4).sin() * 8e3) as i16)
            .collect();
        mp3.write(&tone).unwrap();
        mp3.finish().unwrap().into_inner()
    }

    #[tokio::test]
    async fn a_stereo_file_becomes_telephone_audio() {
        let both = wav(2, 44_100, &[1_000, 3_000].repeat(44_100));
        let samples = decode(both).await.unwrap();
        assert_eq!(samples.len(), 8_000);
        assert!(
            samples[1_000..7_000]
                .iter()
                .all(|sample| (1_950..2_050).contains(sample))
        );
    }

    #[test]
    fn limits_have_names() {
        assert_eq!(
            decode_now(&vec![0; FILE_BYTES_MAX + 1]),
            Err(SoundFault::TooLarge)
        );
        assert_eq!(
            decode_now(b"MZ this is a program"),
            Err(SoundFault::NotASound)
        );
        assert_eq!(decode_now(&wav(1, 8_000, &[])), Err(SoundFault::Empty));
        let long = wav(1, 4_000, &vec![9; 2_500_000]);
        assert_eq!(decode_now(&long), Err(SoundFault::TooLong));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn damaged_files_do_no_harm(
            is_mp3 in any::<bool>(),
            damage in proptest::collection::vec((0_usize..400, any::<u8>()), 1..12),
            cut in 0_usize..4_000,
        ) {
            let mut file = if is_mp3 { mp3() } else { wav(2, 16_000, &[700; 1_500]) };
            for (at, byte) in damage {
                let at = at % file.len();
                file[at] = byte;
            }
            file.truncate(cut.max(20));
            let _ = decode_now(&file);
        }
    }
}
