//! RTCP compound packets on the wire (RFC 3550 section 6.4 to 6.6).
//!
//! Reading is an iterator that ends at the first packet that does not fit; writing fills a
//! caller's buffer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const GOODBYE: u8 = 203;
/// Item type of the canonical name (RFC 3550 section 6.5.1).
const CNAME: u8 = 1;
/// Bytes of a report block.
const REPORT_LEN: usize = 24;

/// Longest canonical name that is written, in bytes; the wire would allow 255.
pub const CNAME_MAX: usize = 64;

/// Wall time as RTCP has it: seconds since 1900 and a binary fraction (RFC 3550 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NtpTime(pub u64);

impl NtpTime {
    /// Seconds between 1900, where NTP starts, and 1970.
    const UNIX_EPOCH_SECOND: u64 = 2_208_988_800;

    /// A wall time; wraps in 2036 as the wire does.
    pub fn from_wall(wall: SystemTime) -> Self {
        let since_1970 = wall.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let second = since_1970.as_secs().wrapping_add(Self::UNIX_EPOCH_SECOND);
        let fraction = (u64::from(since_1970.subsec_nanos()) << 32) / 1_000_000_000;
        Self((second << 32) | fraction)
    }

    /// The middle 32 bits, in units of 1/65536 s, as in LSR.
    pub fn middle(self) -> u32 {
        (self.0 >> 16) as u32
    }
}

/// What a sender says about its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderInfo {
    /// Wall time of the report.
    pub ntp: NtpTime,
    /// The same instant on the stream's clock.
    pub rtp_timestamp: u32,
    /// Packets sent.
    pub packets: u32,
    /// Payload bytes sent.
    pub octets: u32,
}

/// What a receiver says about one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The stream.
    pub ssrc: u32,
    /// Share lost since the last report, in 1/256.
    pub fraction_lost: u8,
    /// Lost since the start, −2²³ to 2²³−1; negative when duplicates came.
    pub cumulative_lost: i32,
    /// Highest sequence number, with the count of wraps above it.
    pub highest_sequence: u32,
    /// Interarrival jitter in timestamp units.
    pub jitter: u32,
    /// Middle of the NTP time of the last sender report; 0 if none came.
    pub last_sender_report: u32,
    /// Time since it came, in 1/65536 s.
    pub delay_since: u32,
}

/// One packet of a compound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// SR.
    SenderReport {
        /// Who reports.
        ssrc: u32,
        /// About its own stream.
        sender: SenderInfo,
        /// About the streams that it receives.
        reports: Reports<'a>,
    },
    /// RR.
    ReceiverReport {
        /// Who reports.
        ssrc: u32,
        /// About the streams that it receives.
        reports: Reports<'a>,
    },
    /// BYE.
    Goodbye {
        /// The first stream that ends.
        ssrc: u32,
    },
    /// SDES, APP or another type, not looked into.
    Other {
        /// Packet type.
        packet_type: u8,
    },
}

/// The report blocks of an SR or RR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reports<'a>(&'a [u8]);

impl Iterator for Reports<'_> {
    type Item = Report;

    fn next(&mut self) -> Option<Report> {
        let (block, rest) = self.0.split_first_chunk::<REPORT_LEN>()?;
        self.0 = rest;
        // Sign extension of 24 bits.
        let cumulative = (word(block, 4) << 8).cast_signed() >> 8;
        Some(Report {
            ssrc: word(block, 0),
            fraction_lost: block[4],
            cumulative_lost: cumulative,
            highest_sequence: word(block, 8),
            jitter: word(block, 12),
            last_sender_report: word(block, 16),
            delay_since: word(block, 20),
        })
    }
}

/// The packets of a received datagram, up to the first that does not fit.
#[derive(Clone, Debug)]
pub struct Compound<'a> {
    rest: &'a [u8],
}

impl<'a> Compound<'a> {
    /// Reads a datagram. One that is not RTCP has no packets.
    pub fn new(datagram: &'a [u8]) -> Self {
        Self { rest: datagram }
    }
}

impl<'a> Iterator for Compound<'a> {
    type Item = Packet<'a>;

    fn next(&mut self) -> Option<Packet<'a>> {
        let head = self.rest.first_chunk::<4>()?;
        let length = 4 + 4 * usize::from(u16::from_be_bytes([head[2], head[3]]));
        if head[0] >> 6 != 2 || length > self.rest.len() {
            self.rest = &[];
            return None;
        }
        let (count, packet_type) = (usize::from(head[0] & 0x1F), head[1]);
        let (packet, rest) = self.rest.split_at(length);
        self.rest = rest;
        let body = &packet[4..];
        let parsed = match packet_type {
            SENDER_REPORT => sender_report(body, count),
            RECEIVER_REPORT => receiver_report(body, count),
            GOODBYE if count > 0 && body.len() >= 4 => Some(Packet::Goodbye {
                ssrc: word(body, 0),
            }),
            _ => Some(Packet::Other { packet_type }),
        };
        if parsed.is_none() {
            self.rest = &[];
        }
        parsed
    }
}

fn sender_report(body: &[u8], count: usize) -> Option<Packet<'_>> {
    let (info, rest) = body.split_first_chunk::<24>()?;
    Some(Packet::SenderReport {
        ssrc: word(info, 0),
        sender: SenderInfo {
            ntp: NtpTime((u64::from(word(info, 4)) << 32) | u64::from(word(info, 8))),
            rtp_timestamp: word(info, 12),
            packets: word(info, 16),
            octets: word(info, 20),
        },
        reports: Reports(rest.get(..count * REPORT_LEN)?),
    })
}

fn receiver_report(body: &[u8], count: usize) -> Option<Packet<'_>> {
    let (info, rest) = body.split_first_chunk::<4>()?;
    Some(Packet::ReceiverReport {
        ssrc: word(info, 0),
        reports: Reports(rest.get(..count * REPORT_LEN)?),
    })
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Writes a compound packet into a buffer.
///
/// # Panics
///
/// Its methods panic when the buffer is too short: its owner knows what will be written.
#[derive(Debug)]
pub struct Writer<'a> {
    buf: &'a mut [u8],
    len: usize,
}

impl<'a> Writer<'a> {
    /// An empty compound.
    pub fn new(buf: &'a mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    /// Bytes written.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// SR if `sender` is given, else RR; with at most one report block.
    pub fn report(&mut self, ssrc: u32, sender: Option<&SenderInfo>, report: Option<&Report>) {
        let packet_type = match sender {
            Some(_) => SENDER_REPORT,
            None => RECEIVER_REPORT,
        };
        let start = self.begin(u8::from(report.is_some()), packet_type, ssrc);
        if let Some(sender) = sender {
            self.put(&sender.ntp.0.to_be_bytes());
            self.word(sender.rtp_timestamp);
            self.word(sender.packets);
            self.word(sender.octets);
        }
        if let Some(report) = report {
            self.word(report.ssrc);
            let lost = report.cumulative_lost.clamp(-0x80_0000, 0x7F_FFFF);
            self.word((u32::from(report.fraction_lost) << 24) | (lost.cast_unsigned() & 0xFF_FFFF));
            self.word(report.highest_sequence);
            self.word(report.jitter);
            self.word(report.last_sender_report);
            self.word(report.delay_since);
        }
        self.end(start);
    }

    /// SDES with the canonical name, which every compound must have; cut to [`CNAME_MAX`].
    pub fn cname(&mut self, ssrc: u32, name: &[u8]) {
        let name = &name[..name.len().min(CNAME_MAX)];
        let start = self.begin(1, SOURCE_DESCRIPTION, ssrc);
        let length = u8::try_from(name.len()).expect("CNAME_MAX fits in a byte");
        self.put(&[CNAME, length]);
        self.put(name);
        // The list of items ends with at least one zero, up to the next word.
        let padding = 4 - (self.len - start) % 4;
        self.put(&[0; 4][..padding]);
        self.end(start);
    }

    /// BYE.
    pub fn goodbye(&mut self, ssrc: u32) {
        let start = self.begin(1, GOODBYE, ssrc);
        self.end(start);
    }

    fn begin(&mut self, count: u8, packet_type: u8, ssrc: u32) -> usize {
        let start = self.len;
        self.put(&[0x80 | count, packet_type, 0, 0]);
        self.word(ssrc);
        start
    }

    fn end(&mut self, start: usize) {
        let words = u16::try_from((self.len - start) / 4 - 1).expect("our packets are short");
        self.buf[start + 2..start + 4].copy_from_slice(&words.to_be_bytes());
    }

    fn word(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }

    fn put(&mut self, bytes: &[u8]) {
        self.buf[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }
}

/// Round trip from a report about our stream that came at `now` (RFC 3550 section 6.4.1,
/// figure 2). `None` if the peer has had no report of ours, or if its numbers are impossible
/// (negative, or over 60 s).
pub fn round_trip(report: &Report, now: NtpTime) -> Option<Duration> {
    if report.last_sender_report == 0 {
        return None;
    }
    let units = now
        .middle()
        .wrapping_sub(report.last_sender_report)
        .wrapping_sub(report.delay_since);
    let round_trip = Duration::from_micros(u64::from(units) * 1_000_000 / 65_536);
    (round_trip <= Duration::from_secs(60)).then_some(round_trip)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SENDER: SenderInfo = SenderInfo {
        ntp: NtpTime(0xB44D_B705_2000_0000),
        rtp_timestamp: 160,
        packets: 7,
        octets: 1120,
    };

    const REPORT: Report = Report {
        ssrc: 99,
        fraction_lost: 64,
        cumulative_lost: -3,
        highest_sequence: 0x0001_FFFF,
        jitter: 40,
        last_sender_report: 0xB705_2000,
        delay_since: 0x0005_4000,
    };

    #[test]
    fn what_is_written_is_read() {
        let mut buf = [0; 256];
        let mut writer = Writer::new(&mut buf);
        writer.report(1, Some(&SENDER), Some(&REPORT));
        writer.cname(1, b"call");
        writer.goodbye(1);
        let len = writer.len();

        let packets: Vec<_> = Compound::new(&buf[..len]).collect();
        let [
            Packet::SenderReport {
                ssrc,
                sender,
                reports,
            },
            other,
            bye,
        ] = packets[..]
        else {
            panic!("{packets:?}");
        };
        assert_eq!((ssrc, sender), (1, SENDER));
        assert_eq!(reports.collect::<Vec<_>>(), [REPORT]);
        assert_eq!(other, Packet::Other { packet_type: 202 });
        assert_eq!(bye, Packet::Goodbye { ssrc: 1 });
    }

    #[test]
    fn names_of_every_length_keep_the_compound_aligned() {
        for n in 0..80 {
            let mut buf = [0; 256];
            let mut writer = Writer::new(&mut buf);
            writer.report(1, None, None);
            writer.cname(1, &vec![b'x'; n]);
            let len = writer.len();
            assert_eq!(len % 4, 0);
            assert_eq!(Compound::new(&buf[..len]).count(), 2);
        }
    }

    #[test]
    fn the_round_trip_of_the_example_in_rfc_3550_is_right() {
        // Figure 2: A = 0xb710:8000, DLSR = 0x0005:4000, LSR = 0xb705:2000: 6.125 s.
        let now = NtpTime(0xB44D_B710_8000_0000);
        assert_eq!(round_trip(&REPORT, now), Some(Duration::from_millis(6125)));
    }

    #[test]
    fn an_impossible_round_trip_is_none() {
        let early = NtpTime(0xB44D_B705_0000_0000);
        assert_eq!(round_trip(&REPORT, early), None);
        let never = Report {
            last_sender_report: 0,
            ..REPORT
        };
        assert_eq!(round_trip(&never, NtpTime(0)), None);
    }

    #[test]
    fn wall_time_becomes_ntp_time() {
        let wall = UNIX_EPOCH + Duration::from_millis(1500);
        assert_eq!(NtpTime::from_wall(wall), NtpTime(0x83AA_7E81_8000_0000));
    }

    #[test]
    fn a_report_shorter_than_its_count_ends_the_compound() {
        let mut buf = [0; 64];
        let mut writer = Writer::new(&mut buf);
        writer.report(1, None, Some(&REPORT));
        let len = writer.len();
        buf[0] = 0x80 | 31;
        assert_eq!(Compound::new(&buf[..len]).count(), 0);
    }

    proptest! {
        #[test]
        fn no_datagram_panics(mut bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 198u8..206) {
            if bytes.len() > 4 {
                bytes[0] = (bytes[0] & 0x3F) | 0x80;
                bytes[1] = kind;
                bytes[2] = 0;
            }
            for packet in Compound::new(&bytes) {
                if let Packet::SenderReport { reports, .. } | Packet::ReceiverReport { reports, .. } = packet {
                    for report in reports {
                        let _ = round_trip(&report, NtpTime(7));
                    }
                }
            }
        }
    }
}
