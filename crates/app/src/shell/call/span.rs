//! One clip of the agent, as far as it is made.

use std::sync::Arc;

use media::{FRAME_SAMPLES, sounding::sounding};
use tokio::task::AbortHandle;

/// One clip of the agent, as far as it is made.
pub(super) struct Span {
    pub pieces: Vec<Arc<[i16]>>,
    /// Samples of the last piece that fill no frame yet.
    pub tail: Vec<i16>,
    /// No more pieces will come.
    pub is_whole: bool,
    pub maker: Option<AbortHandle>,
}

impl Span {
    /// Adds a piece; returns for each 20 ms that it completes whether they sound.
    pub fn add(&mut self, samples: Arc<[i16]>, last: bool) -> Vec<bool> {
        self.tail.extend_from_slice(&samples);
        let n_whole = if last {
            self.tail.len()
        } else {
            self.tail.len() - self.tail.len() % FRAME_SAMPLES
        };
        let heard = sounding(&self.tail[..n_whole]);
        self.tail.drain(..n_whole);
        if !samples.is_empty() {
            self.pieces.push(samples);
        }
        self.is_whole |= last;
        heard
    }

    /// Nobody needs it any more.
    pub fn abandon(self) {
        if let Some(maker) = self.maker {
            maker.abort();
        }
    }
}
