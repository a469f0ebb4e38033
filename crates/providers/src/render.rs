//! From recorded PCM to files that people open: MP3 and WAV.
//!
//! Blocking and busy (0.6 ms CPU for each second of audio): call it on a blocking thread. Audio goes
//! in by pieces and the file grows behind them, so that an hour is never held in memory.

use std::io::{self, Seek, SeekFrom, Write};

use rusty_mp3::{Error, Mp3Encoder, Mp3EncoderConfig};

use crate::port::SAMPLE_RATE_HZ;

/// Bit rate of an MP3 file. Telephone speech is clear at the lower one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitRate {
    /// 16 kb/s: 7.2 MB an hour.
    Kbps16,
    /// 24 kb/s: 10.8 MB an hour.
    Kbps24,
}

/// An MP3 file that grows: 8 kHz, one or two channels.
pub struct Mp3<W> {
    encoder: Mp3Encoder,
    n_channels: u16,
    file: W,
    /// Where the file's first frame, which holds the length, lies.
    begin: u64,
}

impl<W: Write + Seek> Mp3<W> {
    /// Starts a file at the writer's position.
    ///
    /// # Panics
    ///
    /// Panics unless `n_channels` is 1 or 2.
    pub fn new(mut file: W, n_channels: u16, rate: BitRate) -> io::Result<Mp3<W>> {
        assert!((1..=2).contains(&n_channels), "MP3 has one or two channels");
        let bitrate_kbps = match rate {
            BitRate::Kbps16 => 16,
            BitRate::Kbps24 => 24,
        };
        let encoder = Mp3Encoder::new(Mp3EncoderConfig {
            bitrate_kbps,
            vbr_quality: None,
        });
        let begin = file.stream_position()?;
        let mut mp3 = Mp3 {
            encoder,
            n_channels,
            file,
            begin,
        };
        // Fixes the format, so that a recording without a sample is a valid file, too.
        mp3.write(&[])?;
        Ok(mp3)
    }

    /// Adds samples, interleaved when there are two channels.
    pub fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        self.encoder
            .push_pcm_s16(samples, self.n_channels, SAMPLE_RATE_HZ)
            .map_err(io::Error::other)?;
        self.drain()
    }

    /// Writes what is left and the length into the first frame; returns the writer at the end.
    pub fn finish(mut self) -> io::Result<W> {
        self.encoder.finish();
        self.drain()?;
        if let Some(tag) = self.encoder.lame_tag_frame() {
            let end = self.file.stream_position()?;
            self.file.seek(SeekFrom::Start(self.begin))?;
            self.file.write_all(tag)?;
            self.file.seek(SeekFrom::Start(end))?;
        }
        self.file.flush()?;
        Ok(self.file)
    }

    fn drain(&mut self) -> io::Result<()> {
        loop {
            match self.encoder.next_packet() {
                Ok(packet) => self.file.write_all(&packet)?,
                Err(Error::Again | Error::Eof) => return Ok(()),
                Err(fault) => return Err(io::Error::other(fault)),
            }
        }
    }
}

/// A 16-bit WAV file that grows: 8 kHz.
pub struct Wav<W: Write + Seek>(hound::WavWriter<W>);

impl<W: Write + Seek> Wav<W> {
    /// Starts a file.
    pub fn new(file: W, n_channels: u16) -> io::Result<Wav<W>> {
        let spec = hound::WavSpec {
            channels: n_channels,
            sample_rate: SAMPLE_RATE_HZ,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        hound::WavWriter::new(file, spec)
            .map(Wav)
            .map_err(io::Error::other)
    }

    /// Adds samples, interleaved when there are several channels.
    pub fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        samples
            .iter()
            .try_for_each(|sample| self.0.write_sample(*sample))
            .map_err(io::Error::other)
    }

    /// Writes the length into the header.
    pub fn finish(self) -> io::Result<()> {
        self.0.finalize().map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound;
    use std::io::Cursor;

    fn tone(n_samples: usize) -> Vec<i16> {
        (0..n_samples)
            .map(|t| ((t as f32 * 0.4).sin() * 8_000.0) as i16)
            .collect()
    }

    #[test]
    fn an_mp3_written_in_pieces_opens_with_its_length() {
        let mut mp3 = Mp3::new(Cursor::new(Vec::new()), 1, BitRate::Kbps16).unwrap();
        tone(10 * 8_000)
            .chunks(160)
            .for_each(|frame| mp3.write(frame).unwrap());
        let bytes = mp3.finish().unwrap().into_inner();
        assert!((19_000..22_000).contains(&bytes.len()), "{}", bytes.len());
        let n_samples = sound::decode_now(&bytes).unwrap().len();
        assert!(n_samples.abs_diff(80_000) < 1_600, "{n_samples}");
    }

    #[test]
    fn an_empty_recording_is_a_file() {
        let mp3 = Mp3::new(Cursor::new(Vec::new()), 2, BitRate::Kbps24).unwrap();
        assert!(!mp3.finish().unwrap().into_inner().is_empty());
    }

    #[test]
    fn a_wav_holds_the_samples_as_they_were() {
        let mut bytes = Cursor::new(Vec::new());
        let mut wav = Wav::new(&mut bytes, 1).unwrap();
        wav.write(&tone(800)).unwrap();
        wav.finish().unwrap();
        assert_eq!(sound::decode_now(&bytes.into_inner()).unwrap(), tone(800));
    }
}
