//! Lets a media thread run before others.
//!
//! A packet that leaves late is heard; anything else that this process does may wait for the fraction
//! of a millisecond that a slot takes. Where real-time scheduling is not permitted (it takes root,
//! `CAP_SYS_NICE` or an `RLIMIT_RTPRIO` of at least 1), the thread stays as it is.
//!
//! Such a thread must not spin until another one has done something: on the same core that one never runs,
//! and the system stops the first after 950 ms only. The standard library's channels do so where a sender
//! was interrupted between taking a place and filling it; `flume` has a lock, in which one sleeps.

use std::io;

/// Lowest real-time priority: before everything that is not real-time, after everything that is.
const PRIORITY: libc::c_int = 1;

/// Puts the calling thread under round-robin real-time scheduling. What it starts is not.
///
/// # Errors
///
/// Fails when the system does not permit it.
#[allow(unsafe_code)]
pub fn raise() -> io::Result<()> {
    let param = libc::sched_param {
        sched_priority: PRIORITY,
    };
    // SAFETY: the parameter is a local that the call only reads; 0 is the calling thread.
    let set = unsafe {
        libc::sched_setscheduler(
            0,
            libc::SCHED_RR | libc::SCHED_RESET_ON_FORK,
            &raw const param,
        )
    };
    match set {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
