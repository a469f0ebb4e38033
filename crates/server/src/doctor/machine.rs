//! The machine: files, buffers, clock, disk.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    time::{Duration, Instant, SystemTime},
};

use app::Settings;

use super::report::Report;

/// Open files that a centre of a few hundred calls needs: four sockets and files a call.
const FILES_MIN: u64 = 4096;

/// Receive buffer that takes the packets of 200 ms of a thousand legs.
const UDP_BUFFER_MIN: u64 = 2 * 1024 * 1024;

/// Nothing of this program is older; a clock before this is wrong (2026-01-01).
const CLOCK_MIN: Duration = Duration::from_secs(1_767_225_600);

/// A clock after this is wrong (2100-01-01).
const CLOCK_MAX: Duration = Duration::from_secs(4_102_444_800);

/// Free space below which recordings soon fail.
const DISK_FREE_MIN: u64 = 1024 * 1024 * 1024;

/// What is written to measure the disk.
const DISK_TEST_BYTES: usize = 16 * 1024 * 1024;

/// MB a second below which recordings of many calls fall behind: 1,000 calls write 16.
const DISK_SPEED_MIN: f64 = 20.0;

/// Looks at everything.
pub fn check(report: &mut Report, settings: &Settings) {
    check_lightly(report, settings);
    if settings.data.exists() {
        check_speed(report, &settings.data);
    }
}

/// Looks at everything but the speed of the disk, which takes writing to it.
pub fn check_lightly(report: &mut Report, settings: &Settings) {
    check_files(report);
    check_buffers(report);
    check_clock(report);
    check_folder(report, &settings.data);
}

fn check_files(report: &mut Report) {
    let limit = fs::read_to_string("/proc/self/limits")
        .ok()
        .and_then(|limits| {
            let line = limits
                .lines()
                .find(|line| line.starts_with("Max open files"))?;
            line.split_whitespace().nth(3)?.parse::<u64>().ok()
        });
    match limit {
        Some(limit) if limit < FILES_MIN => report.warn(
            "open files",
            format!("at most {limit}"),
            "raise it to 65536: LimitNOFILE=65536 in the unit, or ulimit -n 65536",
        ),
        Some(limit) => report.good("open files", format!("at most {limit}")),
        None => report.good("open files", "no limit that can be read"),
    }
}

fn check_buffers(report: &mut Report) {
    let read = |path: &str| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    match read("/proc/sys/net/core/rmem_max") {
        Some(bytes) if bytes < UDP_BUFFER_MIN => report.warn(
            "udp buffers",
            format!("at most {bytes} bytes"),
            "above a few hundred calls: sysctl -w net.core.rmem_max=4194304",
        ),
        Some(bytes) => report.good("udp buffers", format!("at most {bytes} bytes")),
        None => report.good("udp buffers", "set by the kernel"),
    }
}

fn check_clock(report: &mut Report) {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let shown = jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| "far away".to_owned(), |time| time.to_string());
    if (CLOCK_MIN..CLOCK_MAX).contains(&now) {
        report.good("clock", shown);
    } else {
        let fix = "set the clock: signatures of requests die when it is 5 minutes off";
        report.broken("clock", shown, fix);
    }
}

fn check_folder(report: &mut Report, folder: &Path) {
    let Ok(found) = fs::metadata(folder) else {
        let shown = format!("{} is not there yet", folder.display());
        return report.good("data folder", shown);
    };
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        report.good(
            "data folder",
            format!("{}, mode {mode:o}", folder.display()),
        );
    } else {
        let fix = format!("chmod 700 {}", folder.display());
        report.warn(
            "data folder",
            format!("mode {mode:o}: others may look into it"),
            &fix,
        );
    }
    match free_bytes(folder) {
        Some(bytes) if bytes < DISK_FREE_MIN => report.warn(
            "disk free",
            format!("{} MB", bytes / 1_048_576),
            "free at least 1 GB: a call of an hour takes 115 MB while it is rendered",
        ),
        Some(bytes) => report.good("disk free", format!("{} GB", bytes / 1_073_741_824)),
        None => report.warn("disk free", "cannot be read", "install coreutils (df)"),
    }
}

/// Free space as df(1) tells it.
fn free_bytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kilobytes: u64 = text
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kilobytes * 1024)
}

fn check_speed(report: &mut Report, folder: &Path) {
    match write_speed(folder) {
        Ok(speed) if speed < DISK_SPEED_MIN => report.warn(
            "disk speed",
            format!("{speed:.0} MB/s"),
            "a faster disk, or fewer recorded calls at once",
        ),
        Ok(speed) => report.good("disk speed", format!("{speed:.0} MB/s written and synced")),
        Err(error) => report.broken(
            "disk speed",
            format!("cannot write: {error}"),
            "give the data folder to the user that runs switchboard",
        ),
    }
}

fn write_speed(folder: &Path) -> std::io::Result<f64> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let begun = Instant::now();
    let written = fs::File::create(&path).and_then(|mut file| {
        file.write_all(&vec![0x5A; DISK_TEST_BYTES])?;
        file.sync_all()
    });
    let took = begun.elapsed().as_secs_f64();
    fs::remove_file(&path)?;
    written?;
    let megabytes =
        f64::from(u32::try_from(DISK_TEST_BYTES / 1_048_576).expect("a small constant"));
    Ok(megabytes / took.max(0.001))
}
