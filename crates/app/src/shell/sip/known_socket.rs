//! A queue of their own for datagrams of peers that are known.
//!
//! One socket has one queue in the kernel, and a flood of strangers fills it before anybody has read
//! whose datagrams are whose. A second socket on the same address and socket port takes those of known
//! addresses, whatever their ports: the kernel asks a program of classic BPF for each datagram
//! (`SO_ATTACH_REUSEPORT_CBPF`, socket(7)), which compares its source. Where the kernel has no such
//! program there is one socket, as before.
//!
//! # Invariants
//!
//! - The first socket is bound without `SO_REUSEPORT`, and a TCP listener holds the same port: who binds
//!   later fails, or gets nothing, since the program never names a third socket.

use std::{
    io,
    net::IpAddr,
    os::fd::{AsFd, AsRawFd},
};

use socket2::SockRef;
use tokio::net::UdpSocket;

use super::sockets::new_udp;

/// Places in the group of sockets: in the order of binding.
const STRANGERS: u32 = 0;
const KNOWN: u32 = 1;

/// Where IP headers begin for BPF: `SKF_NET_OFF` of linux/filter.h, an offset that is negative.
const IP_HEADER: u32 = (-0x10_0000_i32).cast_unsigned();

/// Where sources stand in the headers of IPv4 (RFC 791) and IPv6 (RFC 8200).
const SOURCE_V4: u32 = IP_HEADER + 12;
const SOURCE_V6: u32 = IP_HEADER + 8;

/// Instructions that the kernel takes: `BPF_MAXINSNS` of linux/bpf_common.h. Peers beyond it share
/// the queue of strangers; an address of IPv4 takes two, of IPv6 nine.
const INSTRUCTIONS_MAX: usize = 4096;

/// Instructions around those of addresses.
const FRAME: usize = 8;

/// Opens the second socket beside `first`, for datagrams of `known`.
///
/// # Errors
///
/// When the system has no such socket; `first` goes on as it was.
pub fn open(first: &UdpSocket, known: &[IpAddr]) -> io::Result<UdpSocket> {
    let shared = SockRef::from(first);
    shared.set_reuse_port(true)?;
    let opened = beside(first).and_then(|second| {
        select(first, known)?;
        Ok(second)
    });
    if opened.is_err() {
        shared.set_reuse_port(false)?;
    }
    opened
}

fn beside(first: &UdpSocket) -> io::Result<UdpSocket> {
    let address = first.local_addr()?;
    let second = new_udp(address)?;
    second.set_reuse_port(true)?;
    second.bind(&address.into())?;
    UdpSocket::from_std(second.into())
}

/// Changes which datagrams go to the second socket.
///
/// # Errors
///
/// When the kernel does not take the program; what it had stays.
#[allow(unsafe_code)]
pub fn select(first: &UdpSocket, known: &[IpAddr]) -> io::Result<()> {
    let mut program = program(known);
    let filter = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(io::Error::other)?,
        filter: program.as_mut_ptr(),
    };
    let length = libc::socklen_t::try_from(size_of_val(&filter)).map_err(io::Error::other)?;
    // SAFETY: the call reads the structure and as many instructions as it says; both outlive it.
    let set = unsafe {
        libc::setsockopt(
            first.as_fd().as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_REUSEPORT_CBPF,
            (&raw const filter).cast(),
            length,
        )
    };
    match set {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn program(known: &[IpAddr]) -> Vec<libc::sock_filter> {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for ip in known {
        let (part, more) = match ip {
            IpAddr::V4(ip) => (
                &mut v4,
                vec![
                    jump_unless_equal(u32::from(*ip), 1),
                    statement(libc::BPF_RET | libc::BPF_K, KNOWN),
                ],
            ),
            IpAddr::V6(ip) => (&mut v6, of_v6(u128::from(*ip))),
        };
        part.extend(more);
        if FRAME + v4.len() + v6.len() + 9 > INSTRUCTIONS_MAX {
            break;
        }
    }
    let load = |size, at| statement(libc::BPF_LD | size | libc::BPF_ABS, at);
    let strangers = statement(libc::BPF_RET | libc::BPF_K, STRANGERS);
    let n_v4 = u32::try_from(v4.len() + 2).expect("fewer than a program has");
    let mut program = vec![
        // A socket of IPv6 may have datagrams of IPv4: the first four bits of a header tell.
        load(libc::BPF_B, IP_HEADER),
        statement(libc::BPF_ALU | libc::BPF_RSH | libc::BPF_K, 4),
        jump_unless_equal(6, 1),
        statement(libc::BPF_JMP | libc::BPF_JA, n_v4),
        load(libc::BPF_W, SOURCE_V4),
    ];
    program.append(&mut v4);
    program.push(strangers);
    program.append(&mut v6);
    program.push(strangers);
    program
}

/// Four words are compared, and the first that differs leads behind the rest.
fn of_v6(ip: u128) -> Vec<libc::sock_filter> {
    let mut all = Vec::with_capacity(9);
    for (word_idx, behind) in [(0_u32, 7), (1, 5), (2, 3), (3, 1)] {
        let word = (ip >> (96 - 32 * word_idx)) & u128::from(u32::MAX);
        let at = SOURCE_V6 + 4 * word_idx;
        all.push(statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, at));
        let word = u32::try_from(word).expect("it is masked");
        all.push(jump_unless_equal(word, behind));
    }
    all.push(statement(libc::BPF_RET | libc::BPF_K, KNOWN));
    all
}

fn statement(code: u32, k: u32) -> libc::sock_filter {
    libc::sock_filter {
        code: u16::try_from(code).expect("codes have sixteen bits"),
        jt: 0,
        jf: 0,
        k,
    }
}

/// Goes on where the accumulator is `k`, and else passes over `n` instructions.
fn jump_unless_equal(k: u32, n: u8) -> libc::sock_filter {
    libc::sock_filter {
        jf: n,
        ..statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, k)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, UdpSocket as StdUdpSocket};

    use super::*;

    /// Which sources come by the second socket.
    async fn known_of(listen: &str, to: &str, known: &[&str], sources: &[&str]) -> Vec<String> {
        let first = new_udp(listen.parse().unwrap()).unwrap();
        first
            .bind(&listen.parse::<SocketAddr>().unwrap().into())
            .unwrap();
        let first = UdpSocket::from_std(first.into()).unwrap();
        let port = first.local_addr().unwrap().port();
        let second = open(&first, &[]).unwrap();
        let known: Vec<IpAddr> = known.iter().map(|ip| ip.parse().unwrap()).collect();
        select(&first, &known).unwrap();
        for source in sources {
            let peer = StdUdpSocket::bind((source.parse::<IpAddr>().unwrap(), 0)).unwrap();
            peer.send_to(b"x", (to.parse::<IpAddr>().unwrap(), port))
                .unwrap();
        }
        let mut buffer = [0; 8];
        let mut found = Vec::new();
        let mut n_all = 0;
        first.readable().await.unwrap();
        while first.try_recv_from(&mut buffer).is_ok() {
            n_all += 1;
        }
        second.readable().await.unwrap();
        while let Ok((_, source)) = second.try_recv_from(&mut buffer) {
            found.push(source.ip().to_canonical().to_string());
            n_all += 1;
        }
        assert_eq!(n_all, sources.len(), "each comes once");
        found
    }

    #[tokio::test]
    async fn a_known_peer_has_a_queue_of_its_own() {
        let sources = ["127.0.0.1", "127.9.0.1", "127.9.0.2", "127.9.0.3"];
        let known = ["127.9.0.3", "127.9.0.1", "2001:db8::1"];
        for listen in ["0.0.0.0:0", "127.0.0.1:0"] {
            let found = known_of(listen, "127.0.0.1", &known, &sources).await;
            assert_eq!(found, ["127.9.0.1", "127.9.0.3"], "{listen}");
        }
    }

    #[tokio::test]
    async fn a_socket_of_both_families_tells_them_apart() {
        if StdUdpSocket::bind("[::1]:0").is_err() {
            return;
        }
        let known = ["127.9.0.1", "2001:db8::1"];
        let sources = ["127.0.0.1", "127.9.0.1"];
        let found = known_of("[::]:0", "127.0.0.1", &known, &sources).await;
        assert_eq!(found, ["127.9.0.1"]);
        let known = ["::1", "127.0.0.1"];
        assert_eq!(
            known_of("[::]:0", "127.0.0.1", &known, &["127.9.0.1", "127.0.0.1"]).await,
            ["127.0.0.1"]
        );
        let mut beside = vec!["2001:db8::1"; 1];
        beside.push("::1");
        let peer = StdUdpSocket::bind("[::1]:0").unwrap();
        let first = new_udp("[::]:0".parse().unwrap()).unwrap();
        let any: SocketAddr = "[::]:0".parse().unwrap();
        first.bind(&any.into()).unwrap();
        let first = UdpSocket::from_std(first.into()).unwrap();
        let known: Vec<IpAddr> = beside.iter().map(|ip| ip.parse().unwrap()).collect();
        let second = open(&first, &known).unwrap();
        let to = SocketAddr::new("::1".parse().unwrap(), first.local_addr().unwrap().port());
        peer.send_to(b"x", to).unwrap();
        second.readable().await.unwrap();
        assert!(second.try_recv_from(&mut [0; 8]).is_ok());
    }

    #[tokio::test]
    async fn more_peers_than_a_program_holds_share_the_queue_of_strangers() {
        let known: Vec<IpAddr> = (0..5000_u32)
            .map(|n| IpAddr::from((0x0a00_0000 + n).to_be_bytes()))
            .collect();
        assert!(program(&known).len() <= INSTRUCTIONS_MAX);
        let first = new_udp("127.0.0.1:0".parse().unwrap()).unwrap();
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        first.bind(&any.into()).unwrap();
        let first = UdpSocket::from_std(first.into()).unwrap();
        open(&first, &known).unwrap();
    }

    #[tokio::test]
    async fn nobody_else_binds_the_port_as_servers_do() {
        let (first, _tcp) = super::super::sockets::bind("127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
        let _second = open(&first, &[]).unwrap();
        let taken = super::super::sockets::bind(first.local_addr().unwrap()).await;
        assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}
