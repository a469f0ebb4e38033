//! Lets a thread that keeps the pace of sound run before what can wait.

use std::io;

/// Among real-time threads: above nothing else that matters here, below the kernel's own, which
/// start at 50 (`sched(7)`).
const PRIORITY: libc::c_int = 10;

/// Gives the calling thread the round-robin real-time policy, which threads and programs that it
/// starts do not inherit. The kernel keeps 5 % of each core for others even then (`sched(7)`,
/// `sched_rt_runtime_us`).
///
/// # Errors
///
/// Fails without the right to it: `CAP_SYS_NICE`, or `LimitRTPRIO=` of a service.
#[allow(unsafe_code)]
pub fn run_in_real_time() -> io::Result<()> {
    let param = libc::sched_param {
        sched_priority: PRIORITY,
    };
    let policy = libc::SCHED_RR | libc::SCHED_RESET_ON_FORK;
    // SAFETY: 0 names the calling thread, and `param` outlives the call.
    match unsafe { libc::sched_setscheduler(0, policy, &raw const param) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
