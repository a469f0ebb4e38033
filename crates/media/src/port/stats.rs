//! What a port counted.

use std::time::Duration;

/// Counts and estimates of a port from its construction on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// RTP packets sent, digits among them.
    pub packets_sent: u64,
    /// Payload bytes sent.
    pub octets_sent: u64,
    /// Valid RTP packets received from the latched source, each counted once.
    pub packets_received: u64,
    /// Packets that never came, by sequence numbers.
    pub lost: u64,
    /// Packets that came after their time to be played.
    pub late: u64,
    /// Packets that came more than once.
    pub duplicate: u64,
    /// Datagrams refused: malformed, wrong payload type, or from a stranger.
    pub refused: u64,
    /// Datagrams of an encrypted call that were not made with the peer's key, or changed on their way.
    pub unauthentic: u64,
    /// Interarrival jitter (RFC 3550 A.8) in milliseconds, its mean over all packets: what the network was
    /// like, not what the last packets were.
    pub jitter_ms: f32,
    /// Delay that the jitter buffer adds now, in milliseconds.
    pub playout_delay_ms: f32,
    /// Round trip from the last RTCP report that allowed to compute it.
    pub rtt: Option<Duration>,
    /// Time since the last valid RTP packet; `None` before the first.
    pub silent_for: Option<Duration>,
    /// Frames handed on.
    pub frames: u64,
    /// Of these, as the peer sent them.
    pub audio_frames: u64,
    /// Of these, made up for lost or late packets.
    pub concealed_frames: u64,
    /// Of these, silent because there was nothing to make up from.
    pub gap_frames: u64,
    /// Share of packets that the peer says it lost, 0 to 1, from its last report.
    pub remote_loss: Option<f32>,
    /// Estimated listening quality of what the peer sends us, 1 to 4.5 (see `quality`).
    pub mos: f32,
}

impl Stats {
    /// The same of a call whose leg had other peers before, of which these are the counts: what is counted is
    /// of all, what is a mean is weighed, and what is now is the last peer's.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        let mean = |now: f32, of_now: u64, then: f32, of_then: u64| match of_now + of_then {
            0 => now,
            all => {
                (f64::from(now) * of_now as f64 + f64::from(then) * of_then as f64) as f32
                    / all as f32
            }
        };
        Self {
            packets_sent: self.packets_sent + before.packets_sent,
            octets_sent: self.octets_sent + before.octets_sent,
            packets_received: self.packets_received + before.packets_received,
            lost: self.lost + before.lost,
            late: self.late + before.late,
            duplicate: self.duplicate + before.duplicate,
            refused: self.refused + before.refused,
            unauthentic: self.unauthentic + before.unauthentic,
            jitter_ms: mean(
                self.jitter_ms,
                self.packets_received,
                before.jitter_ms,
                before.packets_received,
            ),
            rtt: self.rtt.or(before.rtt),
            frames: self.frames + before.frames,
            audio_frames: self.audio_frames + before.audio_frames,
            concealed_frames: self.concealed_frames + before.concealed_frames,
            gap_frames: self.gap_frames + before.gap_frames,
            mos: mean(self.mos, self.frames, before.mos, before.frames),
            ..self
        }
    }
}
