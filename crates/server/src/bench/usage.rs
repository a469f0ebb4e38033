//! What this process uses.

use std::time::Duration;

use anyhow::Context as _;

/// Processor time of every thread so far.
#[allow(unsafe_code)]
pub fn cpu() -> Duration {
    // SAFETY: `rusage` is plain old data, and the pointer is to a local of that type.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
        usage
    };
    let time = |t: libc::timeval| {
        Duration::from_secs(u64::try_from(t.tv_sec).unwrap_or(0))
            + Duration::from_micros(u64::try_from(t.tv_usec).unwrap_or(0))
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// Resident memory, kB.
pub fn resident_kilobytes() -> anyhow::Result<f64> {
    resident_kilobytes_of(std::process::id())
}

/// Resident memory of any process, kB.
pub fn resident_kilobytes_of(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .context("no VmRSS")?;
    Ok(line
        .split_whitespace()
        .nth(1)
        .context("no figure")?
        .parse()?)
}

/// Processor time of every thread that a process has now.
pub fn cpu_of(process: u32) -> anyhow::Result<Duration> {
    let mut all_ns = 0;
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let times = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let ran_ns = times.split(' ').next().context("no time")?;
        all_ns += ran_ns.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(all_ns))
}

/// Keeps the calling thread, and those it starts, on one core.
#[allow(unsafe_code)]
pub fn pin(core: usize) {
    // SAFETY: `cpu_set_t` is plain old data; the set is a local and its size is given. A core that
    // is not there leaves the thread where it was, which only makes figures noisier.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set);
    }
}

/// The number of the last core.
pub fn last_core() -> usize {
    std::thread::available_parallelism().map_or(0, |n| n.get() - 1)
}
