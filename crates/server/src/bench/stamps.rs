//! Datagrams with the kernel's time of arrival.

use std::{io, net::UdpSocket, os::fd::AsRawFd as _};

/// Room for one control message with a `timespec`.
const CONTROL_MAX: usize = 64;

/// Has the kernel stamp every datagram that arrives on a socket.
#[allow(unsafe_code)]
pub fn enable(socket: &UdpSocket) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the value is a local that the call only reads, and its size is given.
    let set = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    match set {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Takes one datagram: its length, and when it came (ns since 1970) if the socket has stamps.
#[allow(unsafe_code)]
pub fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, Option<u64>)> {
    // Aligned for the `cmsghdr` at its start.
    let mut control = [0_u64; CONTROL_MAX / 8];
    let mut iovec = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: buffer.len(),
    };
    // SAFETY: `msghdr` is plain old data; all zeros is a valid value of it.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut iovec;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = CONTROL_MAX;
    // SAFETY: the header points to locals that live until after the call, with their sizes.
    let len = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, libc::MSG_DONTWAIT) };
    let Ok(len) = usize::try_from(len) else {
        return Err(io::Error::last_os_error());
    };
    // SAFETY: the kernel has filled the header and the control messages that it points to; a
    // message of this kind holds one `timespec`, read without assuming its alignment.
    let stamp = unsafe {
        let message = libc::CMSG_FIRSTHDR(&raw const header);
        (!message.is_null()
            && (*message).cmsg_level == libc::SOL_SOCKET
            && (*message).cmsg_type == libc::SCM_TIMESTAMPNS)
            .then(|| {
                libc::CMSG_DATA(message)
                    .cast::<libc::timespec>()
                    .read_unaligned()
            })
    };
    let stamp_ns =
        stamp.map(|at| at.tv_sec.unsigned_abs() * 1_000_000_000 + at.tv_nsec.unsigned_abs());
    Ok((len, stamp_ns))
}
