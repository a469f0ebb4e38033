//! The floor: an epoll loop on one thread that sends every packet back where it came from.

use std::{
    net::{SocketAddr, UdpSocket},
    os::fd::AsRawFd as _,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{Figures, Load, WARM_UP, loss::Loss, usage};

const LOOPBACK: &str = "127.0.0.1:0";

/// Measures `calls` echoing sockets on the first core. Scheduled as media workers are, the loop wakes
/// for every packet; scheduled as anything else, it finds several on a busy machine, and is cheaper.
pub fn measure(calls: usize, measured: Duration, as_media: bool) -> anyhow::Result<Figures> {
    let sockets: Vec<UdpSocket> = (0..calls)
        .map(|_| UdpSocket::bind(LOOPBACK))
        .collect::<std::io::Result<_>>()?;
    let targets: Vec<SocketAddr> = sockets
        .iter()
        .map(UdpSocket::local_addr)
        .collect::<std::io::Result<_>>()?;
    let (packets, stop) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let echo = {
        let (packets, stop) = (Arc::clone(&packets), Arc::clone(&stop));
        std::thread::spawn(move || {
            usage::pin(0);
            if as_media {
                // Where it is not permitted here, it is not permitted to media workers.
                let _ = app::shell::media::raise_priority();
            }
            echo(&sockets, &packets, &stop)
        })
    };
    let load = Load::start(&targets, WARM_UP + measured, false)?;
    std::thread::sleep(WARM_UP);
    let (cpu, count) = (usage::cpu(), packets.load(Ordering::Relaxed));
    std::thread::sleep(measured);
    let (cpu, count) = (usage::cpu() - cpu, packets.load(Ordering::Relaxed) - count);
    let heard = load.finish()?;
    stop.store(true, Ordering::Relaxed);
    echo.join()
        .map_err(|_| anyhow::anyhow!("the floor's thread panicked"))??;
    Ok(Figures {
        cpu,
        packets: count,
        lost: Loss::of(&heard.callers),
        recorded_gaps: 0,
        kilobytes_a_leg: 0.0,
        late_max_us: 0,
    })
}

#[allow(unsafe_code)]
fn echo(sockets: &[UdpSocket], packets: &AtomicU64, stop: &AtomicBool) -> std::io::Result<()> {
    // SAFETY: a plain system call without pointers.
    let epoll = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
    if epoll < 0 {
        return Err(std::io::Error::last_os_error());
    }
    for (n, socket) in sockets.iter().enumerate() {
        socket.set_nonblocking(true)?;
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: n as u64,
        };
        // SAFETY: both descriptors are open, and the event is a local that the call only reads.
        let added = unsafe {
            libc::epoll_ctl(
                epoll,
                libc::EPOLL_CTL_ADD,
                socket.as_raw_fd(),
                &raw mut event,
            )
        };
        if added < 0 {
            return Err(std::io::Error::last_os_error());
        }
    }
    let mut events = [libc::epoll_event { events: 0, u64: 0 }; 64];
    let mut buffer = [0; 1500];
    while !stop.load(Ordering::Relaxed) {
        // SAFETY: the array is a local with room for as many events as the call is told.
        let n = unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), 64, 100) };
        for event in events.iter().take(usize::try_from(n).unwrap_or(0)) {
            let socket = &sockets[usize::try_from(event.u64).unwrap_or(0)];
            if let Ok((len, from)) = socket.recv_from(&mut buffer) {
                // A packet that the kernel does not take is seen as missing by the load.
                let _ = socket.send_to(&buffer[..len], from);
                packets.fetch_add(2, Ordering::Relaxed);
            }
        }
    }
    // SAFETY: the descriptor was opened above and is used by nobody after this.
    unsafe { libc::close(epoll) };
    Ok(())
}
