//! The RTCP side of a port: when to report, what, and what the peer's reports tell.

use std::{
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use super::{PortSettings, inbound::Inbound, outbound::Outbound};
use crate::{
    rtcp::{CNAME_MAX, Compound, NtpTime, Packet, Report, Reports, SenderInfo, Writer, round_trip},
    srtp::RTCP_OVERHEAD,
};

/// Longest RTCP packet that a port writes: SR with one block, CNAME, BYE, and what SRTCP adds.
pub const RTCP_MAX: usize = PLAIN_MAX + RTCP_OVERHEAD;

/// The same without what SRTCP adds.
const PLAIN_MAX: usize = 52 + 12 + CNAME_MAX + 8;

/// See the module.
#[derive(Debug)]
pub struct Control {
    cname: String,
    mux: bool,
    /// Ticks of the wire's clock in one sample.
    clock_factor: u32,
    created: Instant,
    started_at: SystemTime,
    interval: Duration,
    due: Instant,
    /// RTP was sent since the last report: the next one is an SR.
    sent: bool,
    /// Where the peer's RTCP comes from.
    source: Option<SocketAddr>,
    /// Middle of the NTP time of the peer's last SR, and when it came.
    sender_report: Option<(u32, Instant)>,
    /// When the peer last told of its stream or of ours.
    told: Option<Instant>,
    rtt: Option<Duration>,
    remote_loss: Option<f32>,
}

impl Control {
    pub fn new(settings: &PortSettings, now: Instant) -> Self {
        // Ports that start together should not report together: the SSRC is random, so the
        // first report is due half an interval to one and a half from now.
        let share = f64::from(settings.ssrc % 1000) / 1000.0;
        Self {
            cname: settings.cname.clone(),
            mux: settings.rtcp_mux,
            clock_factor: settings.codec.clock_factor(),
            created: now,
            started_at: settings.started_at,
            interval: settings.rtcp_interval,
            due: now + settings.rtcp_interval.mul_f64(0.5 + share),
            sent: false,
            source: None,
            sender_report: None,
            told: None,
            rtt: None,
            remote_loss: None,
        }
    }

    pub fn due(&self) -> Instant {
        self.due
    }

    /// When the peer last told of its stream or of ours.
    pub fn told(&self) -> Option<Instant> {
        self.told
    }

    pub fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    pub fn remote_loss(&self) -> Option<f32> {
        self.remote_loss
    }

    /// The wire's clock changes.
    pub fn set_clock_factor(&mut self, factor: u32) {
        self.clock_factor = factor;
    }

    /// RTP was sent.
    pub fn sent(&mut self) {
        self.sent = true;
    }

    /// Where reports go when RTP goes to `remote`.
    pub fn remote(&self, remote: SocketAddr) -> SocketAddr {
        if self.mux {
            return remote;
        }
        let next = remote.port().checked_add(1).unwrap_or(remote.port());
        self.source
            .unwrap_or_else(|| SocketAddr::new(remote.ip(), next))
    }

    /// The peer has moved.
    pub fn forget_remote(&mut self) {
        self.source = None;
    }

    /// Takes a datagram of the peer. `streams` are our SSRC and the peer's.
    pub fn receive(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        streams: (u32, Option<u32>),
        now: Instant,
    ) {
        for packet in Compound::new(datagram) {
            self.source = Some(from);
            match packet {
                Packet::SenderReport {
                    ssrc,
                    sender,
                    reports,
                } => {
                    if Some(ssrc) == streams.1 {
                        self.told = Some(now);
                        self.sender_report = Some((sender.ntp.middle(), now));
                    }
                    self.heard_of_us(reports, streams.0, now);
                }
                Packet::ReceiverReport { reports, .. } => {
                    self.heard_of_us(reports, streams.0, now);
                }
                Packet::Goodbye { .. } | Packet::Other { .. } => {}
            }
        }
    }

    /// Writes the report if it is due.
    pub fn report(
        &mut self,
        outbound: &Outbound,
        inbound: &mut Inbound,
        now: Instant,
        buf: &mut [u8],
    ) -> Option<usize> {
        if now < self.due {
            return None;
        }
        self.due = now + self.interval;
        let mut writer = Writer::new(buf);
        self.write(outbound, inbound, now, &mut writer);
        Some(writer.len())
    }

    /// Writes the last report, with the farewell.
    pub fn goodbye(
        &mut self,
        outbound: &Outbound,
        inbound: &mut Inbound,
        now: Instant,
        buf: &mut [u8],
    ) -> usize {
        let mut writer = Writer::new(buf);
        self.write(outbound, inbound, now, &mut writer);
        writer.goodbye(outbound.ssrc());
        writer.len()
    }

    fn write(
        &mut self,
        outbound: &Outbound,
        inbound: &mut Inbound,
        now: Instant,
        writer: &mut Writer<'_>,
    ) {
        let sender = std::mem::take(&mut self.sent).then(|| SenderInfo {
            ntp: self.wall(now),
            rtp_timestamp: outbound.timestamp(),
            packets: outbound.packets() as u32,
            octets: outbound.octets() as u32,
        });
        let (last, since) = match self.sender_report {
            Some((middle, at)) => (middle, units(now.saturating_duration_since(at))),
            None => (0, 0),
        };
        let report = inbound.report(last, since).map(|report| Report {
            jitter: report.jitter.saturating_mul(self.clock_factor),
            ..report
        });
        writer.report(outbound.ssrc(), sender.as_ref(), report.as_ref());
        writer.cname(outbound.ssrc(), self.cname.as_bytes());
    }

    fn heard_of_us(&mut self, reports: Reports<'_>, our_ssrc: u32, now: Instant) {
        let wall = self.wall(now);
        for report in reports.filter(|report| report.ssrc == our_ssrc) {
            self.told = Some(now);
            self.remote_loss = Some(f32::from(report.fraction_lost) / 256.0);
            self.rtt = round_trip(&report, wall).or(self.rtt);
        }
    }

    fn wall(&self, now: Instant) -> NtpTime {
        NtpTime::from_wall(self.started_at + now.saturating_duration_since(self.created))
    }
}

/// A duration in 1/65536 s.
fn units(duration: Duration) -> u32 {
    (duration.as_micros() * 65_536 / 1_000_000) as u32
}
