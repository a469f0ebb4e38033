//! The unit of audio: 20 ms of linear PCM at 8 kHz.

use std::time::Duration;

/// Samples in a second, of every frame in this crate.
pub const SAMPLE_RATE_HZ: u32 = 8000;

/// Samples in a frame.
pub const FRAME_SAMPLES: usize = 160;

/// Length of a frame, and of the tick that drives every leg.
pub const FRAME: Duration = Duration::from_millis(20);

/// 20 ms of 16-bit linear PCM, mono, 8 kHz.
pub type Frame = [i16; FRAME_SAMPLES];

/// A frame in which nobody speaks.
pub const SILENT_FRAME: Frame = [0; FRAME_SAMPLES];

/// Where the samples of a frame came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// Sent by the peer (or by us), and here in time.
    Audio,
    /// Lost or late; the samples are made up from the past.
    Concealed,
    /// Nothing was sent: before the first packet, in a pause, or during a key press.
    Silence,
    /// Lost or late for so long that nothing could be made up; the samples are silent.
    Gap,
}
