//! The sockets of one leg, behind one small type.
//!
//! Receiving is one system call: for all datagrams that wait (`recvmmsg`), or for just one, which
//! costs less and is what a tick finds of a stream in step.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    os::fd::{AsRawFd, FromRawFd as _, OwnedFd},
    sync::atomic::{AtomicU32, Ordering},
};

use media::port::Kept;
use socket2::{Domain, Protocol, Socket, Type};

/// Datagrams taken by one system call: 160 ms of a stream, more than any tick finds.
const BATCH: usize = 8;

/// Longest datagram read; RTP over Ethernet is below 1500 bytes. Longer ones are cut and fail
/// to parse.
const DATAGRAM_MAX: usize = 1500;

/// The RTP socket of a leg and, one socket port higher, its RTCP socket (RFC 3550 section 11).
#[derive(Debug)]
pub struct RtpSockets {
    /// Media.
    pub rtp: UdpSocket,
    /// Reports.
    pub rtcp: UdpSocket,
    /// What a leg had with the peer of these sockets, for the leg that goes on with it.
    pub kept: Option<Kept>,
}

impl RtpSockets {
    /// The address of the RTP socket.
    pub fn local(&self) -> SocketAddr {
        self.rtp
            .local_addr()
            .unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0))
    }
}

/// Where socket ports come from.
#[derive(Debug)]
pub struct PortRange {
    /// First even socket port and number of pairs.
    range: Option<(u16, u32)>,
    next_pair: AtomicU32,
}

impl PortRange {
    /// Pairs of an even and the following odd socket port between `first` and `last`.
    pub fn new(range: Option<(u16, u16)>) -> Self {
        let range = range.map(|(first, last)| {
            let even = first.saturating_add(first % 2);
            (
                even,
                u32::from(last.saturating_sub(even).saturating_add(1)) / 2,
            )
        });
        Self {
            range,
            next_pair: AtomicU32::new(0),
        }
    }

    /// Binds the next free pair.
    ///
    /// # Errors
    ///
    /// Fails when every pair is in use.
    pub fn bind(&self, ip: IpAddr) -> io::Result<RtpSockets> {
        let Some((first, n_pairs)) = self.range else {
            return bind_any(ip);
        };
        for _ in 0..n_pairs {
            let pair = self.next_pair.fetch_add(1, Ordering::Relaxed) % n_pairs;
            let port = first + u16::try_from(pair * 2).expect("a pair lies within the range");
            if let Ok(sockets) = bind_pair(ip, port) {
                return Ok(sockets);
            }
        }
        Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "every RTP port of the range is in use",
        ))
    }
}

/// A pair wherever the kernel has one: an even port whose successor is free too. Both are bound by
/// their number: a port of the kernel's own choice is lost when a connected socket is let go.
fn bind_any(ip: IpAddr) -> io::Result<RtpSockets> {
    for _ in 0..64 {
        let port = bind_one(ip, 0)?.local_addr()?.port();
        if let Ok(sockets) = bind_pair(ip, port & !1) {
            return Ok(sockets);
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AddrInUse,
        "no free pair of RTP ports was found",
    ))
}

fn bind_pair(ip: IpAddr, port: u16) -> io::Result<RtpSockets> {
    Ok(RtpSockets {
        rtp: bind_one(ip, port)?,
        rtcp: bind_one(ip, port + 1)?,
        kept: None,
    })
}

fn bind_one(ip: IpAddr, port: u16) -> io::Result<UdpSocket> {
    let domain = if ip.is_ipv4() {
        Domain::IPV4
    } else {
        Domain::IPV6
    };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // Expedited forwarding (RFC 3246, DSCP 46), as carriers expect of voice.
    if ip.is_ipv4() {
        socket.set_tos_v4(46 << 2)?;
    }
    socket.bind(&SocketAddr::new(ip, port).into())?;
    Ok(socket.into())
}

/// Which RTCP sockets of a worker have something to read.
///
/// Reports are seconds apart, but the round trip is measured from the moment one arrives: asking
/// every socket each tick would cost as much as the media itself, one question for all does not.
#[derive(Debug)]
pub struct ReportPoll(OwnedFd);

impl ReportPoll {
    /// Watches nothing yet.
    ///
    /// # Errors
    ///
    /// Fails when the process has no file descriptor left.
    #[allow(unsafe_code)]
    pub fn new() -> io::Result<Self> {
        // SAFETY: a system call without pointers.
        let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor was just opened and belongs to nobody else.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Watches a socket until it is closed.
    ///
    /// # Errors
    ///
    /// Fails when the kernel has no memory for it.
    #[allow(unsafe_code)]
    pub fn watch(&self, socket: &UdpSocket, key: u64) -> io::Result<()> {
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN.cast_unsigned(),
            u64: key,
        };
        let (poll, fd) = (self.0.as_raw_fd(), socket.as_raw_fd());
        // SAFETY: both descriptors are open, and the event is a local that the call only reads.
        match unsafe { libc::epoll_ctl(poll, libc::EPOLL_CTL_ADD, fd, &raw mut event) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Watches a socket no more, which goes on elsewhere.
    ///
    /// # Errors
    ///
    /// Fails if it was not watched.
    #[allow(unsafe_code)]
    pub fn forget(&self, socket: &UdpSocket) -> io::Result<()> {
        let (poll, fd) = (self.0.as_raw_fd(), socket.as_raw_fd());
        // SAFETY: both descriptors are open; the event is not read by this operation.
        match unsafe { libc::epoll_ctl(poll, libc::EPOLL_CTL_DEL, fd, std::ptr::null_mut()) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// The keys of sockets that can be read now, at most [`BATCH`] of them; never waits.
    #[allow(unsafe_code)]
    pub fn ready(&self) -> impl Iterator<Item = u64> + use<> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; BATCH];
        let poll = self.0.as_raw_fd();
        // SAFETY: the array is a local with room for as many events as the call is told.
        let n = unsafe { libc::epoll_wait(poll, events.as_mut_ptr(), BATCH as i32, 0) };
        events
            .into_iter()
            .take(usize::try_from(n).unwrap_or(0))
            .map(|event| event.u64)
    }
}

/// Buffers for one worker's receiving; made once.
pub struct Inbox {
    buffers: Box<[[u8; DATAGRAM_MAX]; BATCH]>,
    names: Box<[libc::sockaddr_storage; BATCH]>,
}

impl Inbox {
    /// Allocates all it will ever need.
    #[allow(unsafe_code)]
    pub fn new() -> Self {
        // SAFETY: `sockaddr_storage` is plain old data; all zeros is a valid value of it.
        let zeroed: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
        Self {
            buffers: Box::new([[0; DATAGRAM_MAX]; BATCH]),
            names: Box::new([zeroed; BATCH]),
        }
    }

    /// Hands one datagram to `each` if one waits, and returns how many did. Errors of the socket
    /// (such as an ICMP refusal for an earlier send) are nothing to a stream.
    pub fn take(&mut self, socket: &UdpSocket, mut each: impl FnMut(&[u8], SocketAddr)) -> usize {
        let buffer = &mut self.buffers[0];
        let Ok((len, from)) = socket.recv_from(buffer) else {
            return 0;
        };
        each(&buffer[..len], from);
        1
    }

    /// Hands every datagram that waits on `socket` to `each`, and returns how many did. An error of
    /// the socket ends the round.
    #[allow(unsafe_code)]
    pub fn drain(&mut self, socket: &UdpSocket, mut each: impl FnMut(&[u8], SocketAddr)) -> usize {
        let mut n_taken = 0;
        loop {
            let mut iovecs: [libc::iovec; BATCH] = std::array::from_fn(|i| libc::iovec {
                iov_base: self.buffers[i].as_mut_ptr().cast(),
                iov_len: DATAGRAM_MAX,
            });
            let name_len = u32::try_from(size_of::<libc::sockaddr_storage>()).unwrap_or(0);
            let mut headers: [libc::mmsghdr; BATCH] = std::array::from_fn(|i| {
                // SAFETY: `mmsghdr` is plain old data; all zeros is a valid value of it.
                let mut header: libc::mmsghdr = unsafe { std::mem::zeroed() };
                header.msg_hdr.msg_name = (&raw mut self.names[i]).cast();
                header.msg_hdr.msg_namelen = name_len;
                header.msg_hdr.msg_iov = &raw mut iovecs[i];
                header.msg_hdr.msg_iovlen = 1;
                header
            });
            // SAFETY: every header points to a buffer, a name and an iovec that live until after
            // the call and belong to this inbox alone; the count is that of the array.
            let n = unsafe {
                libc::recvmmsg(
                    socket.as_raw_fd(),
                    headers.as_mut_ptr(),
                    BATCH as u32,
                    libc::MSG_DONTWAIT,
                    std::ptr::null_mut(),
                )
            };
            let Ok(n) = usize::try_from(n) else {
                return n_taken;
            };
            n_taken += n;
            for (i, header) in headers.iter().take(n).enumerate() {
                let len = usize::try_from(header.msg_len)
                    .unwrap_or(0)
                    .min(DATAGRAM_MAX);
                if let Some(from) = address(&self.names[i]) {
                    each(&self.buffers[i][..len], from);
                }
            }
            if n < BATCH {
                return n_taken;
            }
        }
    }
}

/// The address that the kernel wrote.
#[allow(unsafe_code)]
fn address(name: &libc::sockaddr_storage) -> Option<SocketAddr> {
    match i32::from(name.ss_family) {
        libc::AF_INET => {
            // SAFETY: the family says that the kernel wrote a `sockaddr_in`, which is smaller
            // than the storage and needs no stricter alignment.
            let v4 = unsafe { &*(&raw const *name).cast::<libc::sockaddr_in>() };
            let ip = Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr));
            Some(SocketAddr::new(IpAddr::V4(ip), u16::from_be(v4.sin_port)))
        }
        libc::AF_INET6 => {
            // SAFETY: the family says that the kernel wrote a `sockaddr_in6`, which is smaller
            // than the storage and needs no stricter alignment.
            let v6 = unsafe { &*(&raw const *name).cast::<libc::sockaddr_in6>() };
            let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
            Some(SocketAddr::new(IpAddr::V6(ip), u16::from_be(v6.sin6_port)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn rtp_is_even_and_rtcp_the_next() {
        let sockets = PortRange::new(None).bind(LOOPBACK).unwrap();
        let rtp = sockets.local().port();
        assert_eq!(rtp % 2, 0);
        assert_eq!(sockets.rtcp.local_addr().unwrap().port(), rtp + 1);
    }

    #[test]
    fn a_full_range_is_an_error_and_not_a_loop() {
        let taken = PortRange::new(None).bind(LOOPBACK).unwrap();
        let port = taken.local().port();
        let range = PortRange::new(Some((port, port + 1)));
        assert_eq!(
            range.bind(LOOPBACK).unwrap_err().kind(),
            io::ErrorKind::AddrInUse
        );
    }

    #[test]
    fn a_report_is_seen_and_its_socket_forgotten_with_its_end() {
        let poll = ReportPoll::new().unwrap();
        let sockets = PortRange::new(None).bind(LOOPBACK).unwrap();
        poll.watch(&sockets.rtcp, 7).unwrap();
        assert_eq!(poll.ready().count(), 0);

        let peer = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        peer.send_to(b"report", sockets.rtcp.local_addr().unwrap())
            .unwrap();
        assert_eq!(poll.ready().collect::<Vec<_>>(), [7]);

        drop(sockets);
        assert_eq!(poll.ready().count(), 0);
    }

    #[test]
    fn a_socket_that_goes_on_elsewhere_is_seen_there_alone() {
        let (here, there) = (ReportPoll::new().unwrap(), ReportPoll::new().unwrap());
        let sockets = PortRange::new(None).bind(LOOPBACK).unwrap();
        here.watch(&sockets.rtcp, 7).unwrap();
        here.forget(&sockets.rtcp).unwrap();
        there.watch(&sockets.rtcp, 9).unwrap();
        let peer = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        peer.send_to(b"report", sockets.rtcp.local_addr().unwrap())
            .unwrap();
        assert_eq!(here.ready().count(), 0);
        assert_eq!(there.ready().collect::<Vec<_>>(), [9]);
    }

    #[test]
    fn one_round_takes_everything_that_waits() {
        let sockets = PortRange::new(None).bind(LOOPBACK).unwrap();
        let peer = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        for n in 0..20_u8 {
            peer.send_to(&[n; 3], sockets.local()).unwrap();
        }
        let mut seen = Vec::new();
        Inbox::new().drain(&sockets.rtp, |datagram, from| {
            assert_eq!(from, peer.local_addr().unwrap());
            seen.push(datagram.to_vec());
        });
        assert_eq!(seen, (0..20_u8).map(|n| vec![n; 3]).collect::<Vec<_>>());
    }

    #[test]
    fn a_stream_in_step_is_taken_one_by_one_and_nothing_is_left_behind() {
        let sockets = PortRange::new(None).bind(LOOPBACK).unwrap();
        let peer = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        for n in 0..3_u8 {
            peer.send_to(&[n], sockets.local()).unwrap();
        }
        let (mut inbox, mut seen) = (Inbox::new(), Vec::new());
        let mut each = |datagram: &[u8], from| {
            assert_eq!(from, peer.local_addr().unwrap());
            seen.push(datagram[0]);
        };
        assert_eq!(inbox.take(&sockets.rtp, &mut each), 1);
        assert_eq!(inbox.drain(&sockets.rtp, &mut each), 2);
        assert_eq!(inbox.take(&sockets.rtp, &mut each), 0);
        assert_eq!(seen, [0, 1, 2]);
    }
}
