//! Figures for Prometheus, in its text format (OpenMetrics without exemplars).

use std::{fmt::Write as _, sync::atomic::Ordering};

use crate::App;

impl App {
    /// Every figure of this process.
    pub fn metrics(&self) -> String {
        let mut text = String::new();
        let counters = self.media().counters();
        let count = |figure: &std::sync::atomic::AtomicU64| figure.load(Ordering::Relaxed);
        let late_max = count(&counters.late_max_us) as f64 / 1e6;
        let figures: [(&str, &str, &str, f64); 10] = [
            (
                "switchboard_uptime_seconds",
                "gauge",
                "Time since the start.",
                self.uptime().as_secs_f64(),
            ),
            (
                "switchboard_calls",
                "gauge",
                "Calls that run now.",
                self.n_calls() as f64,
            ),
            (
                "switchboard_media_legs",
                "gauge",
                "Media legs that run now.",
                self.media().n_legs() as f64,
            ),
            (
                "switchboard_media_ticks_total",
                "counter",
                "20 ms ticks of legs.",
                count(&counters.ticks) as f64,
            ),
            (
                "switchboard_media_late_slots_total",
                "counter",
                "Slots of 2 ms that began more than 5 ms late.",
                count(&counters.late_slots) as f64,
            ),
            (
                "switchboard_media_late_max_seconds",
                "gauge",
                "Latest beginning of a slot so far.",
                late_max,
            ),
            (
                "switchboard_media_reports_dropped_total",
                "counter",
                "Reports that a call was too slow for.",
                count(&counters.reports_dropped) as f64,
            ),
            (
                "switchboard_media_send_failures_total",
                "counter",
                "RTP packets that the kernel did not take.",
                count(&counters.send_failures) as f64,
            ),
            (
                "switchboard_recorder_chunks_dropped_total",
                "counter",
                "Recording chunks lost because the disk was too slow.",
                self.recorder().chunks_dropped() as f64,
            ),
            (
                "switchboard_recorder_failing",
                "gauge",
                "1 while recordings cannot be written.",
                f64::from(u8::from(self.recorder().is_failing())),
            ),
        ];
        for (name, kind, help, value) in figures {
            writeln!(
                text,
                "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}"
            )
            .expect("writing to a string does not fail");
        }
        self.figures()
            .write(&mut text)
            .expect("writing to a string does not fail");
        text
    }
}
