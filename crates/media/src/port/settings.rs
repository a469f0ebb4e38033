//! What was negotiated for a port, as a plain value that can cross threads.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, SystemTime},
};

use crate::{Codec, jitter::JitterSettings, security::Protection};

/// Who may become the source of a port's media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatchRule {
    /// Only the IP address of the SDP, from any socket port.
    SdpAddress,
    /// Anyone, but rather this IP address, which its signalling comes from: for peers behind NAT whose SDP
    /// shows a private address.
    Behind(IpAddr),
    /// Whoever is authentic, by a way that checks of ICE have found: a port takes it by itself.
    Checked,
}

/// One negotiated RTP endpoint.
#[derive(Clone, Debug)]
pub struct PortSettings {
    /// Codec of both directions.
    pub codec: Codec,
    /// Payload type of what we send, 0 to 127.
    pub payload_type: u8,
    /// Payload type of what we receive: the peer's may differ (RFC 3264 section 5.1).
    pub payload_type_received: u8,
    /// Payload type of the `telephone-event` that we send, if negotiated.
    pub dtmf_payload_type: Option<u8>,
    /// The same of those that we receive.
    pub dtmf_payload_type_received: Option<u8>,
    /// ms of audio in a packet that we send, 10 to 60. Opus has 20 always.
    pub packet_ms: u16,
    /// Ticks of a sample of 8 kHz in the durations of its events: 6 for `telephone-event/48000`, else 1.
    pub dtmf_clock_factor: u16,
    /// Where the SDP says that the peer receives. `None` if it is not known yet.
    pub remote: Option<SocketAddr>,
    /// Who may become the source of media.
    pub latch: LatchRule,
    /// RTCP shares the RTP socket (RFC 5761). Otherwise its socket port is one higher.
    pub rtcp_mux: bool,
    /// Our SSRC; random (RFC 3550 section 8.1).
    pub ssrc: u32,
    /// First sequence number; random.
    pub first_sequence: u16,
    /// First timestamp; random.
    pub first_timestamp: u32,
    /// Name in RTCP, the same for all ports of a call; at most 64 bytes are sent.
    pub cname: String,
    /// Wall time of the construction, for the NTP time in sender reports.
    pub started_at: SystemTime,
    /// Time between RTCP reports. 5 s is RFC 3550's minimum (section 6.2).
    pub rtcp_interval: Duration,
    /// Delay and adaptation of the jitter buffer.
    pub jitter: JitterSettings,
    /// How media is encrypted; `None`: it is not.
    pub protection: Option<Protection>,
}

impl PortSettings {
    /// Settings with the usual values; set SSRC, sequence and timestamp to random ones.
    pub fn new(
        codec: impl Into<Codec>,
        remote: Option<SocketAddr>,
        started_at: SystemTime,
    ) -> Self {
        let codec = codec.into();
        Self {
            codec,
            payload_type: codec.payload_type(),
            payload_type_received: codec.payload_type(),
            dtmf_payload_type: Some(101),
            dtmf_payload_type_received: Some(101),
            packet_ms: 20,
            dtmf_clock_factor: 1,
            remote,
            latch: LatchRule::SdpAddress,
            rtcp_mux: false,
            ssrc: 0,
            first_sequence: 0,
            first_timestamp: 0,
            cname: String::from("switchboard"),
            started_at,
            rtcp_interval: Duration::from_secs(5),
            jitter: JitterSettings::default(),
            protection: None,
        }
    }
}
