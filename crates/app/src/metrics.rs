//! Figures for Prometheus, in its text format (OpenMetrics without exemplars).

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use engine::circuit::CircuitState;
use sip::RegistrationState;

use crate::{App, queues::QueueNow};

impl App {
    /// Every figure of this process.
    pub fn metrics(&self) -> String {
        let mut text = Text(String::new());
        text.gauge(
            "uptime_seconds",
            "Time since the start.",
            self.uptime().as_secs_f64(),
        );
        text.gauge("calls", "Calls that run now.", self.n_calls() as f64);
        text.gauge(
            "media_legs",
            "Media legs that run now.",
            self.media().n_legs() as f64,
        );
        text.gauge(
            "bridged_calls",
            "Calls in which two legs hear each other now.",
            self.handovers().n_bridged() as f64,
        );
        text.gauge(
            "conference_parties",
            "Third parties and supervisors that are in calls now.",
            self.handovers().n_parties() as f64,
        );
        text.gauge(
            "waiting_calls",
            "Calls that wait for somebody of a skill group now.",
            self.handovers().n_waiting() as f64,
        );
        self.queue_figures(&mut text);
        self.media_figures(&mut text);
        self.recorder_figures(&mut text);
        self.trunk_figures(&mut text);
        let figures = self.figures().write(&mut text.0);
        figures.expect("writing to a string does not fail");
        text.0
    }

    /// Of callers who came for a skill group.
    fn queue_figures(&self, text: &mut Text) {
        type Figure = fn(&QueueNow) -> f64;
        let all = self.queues().all(Instant::now());
        let figures: [(&str, &str, &str, Figure); 7] = [
            (
                "queue_waiting",
                "gauge",
                "Callers who wait for a skill group now.",
                |queue| queue.waiting as f64,
            ),
            (
                "queue_longest_wait_seconds",
                "gauge",
                "How long the first of them has waited.",
                |queue| queue.longest_wait.as_secs_f64(),
            ),
            (
                "queue_answered_total",
                "counter",
                "Callers of a skill group whom somebody talked with.",
                |queue| queue.counts.answered as f64,
            ),
            (
                "queue_answered_in_time_total",
                "counter",
                "Of these, those who were answered within the group's time.",
                |queue| queue.counts.answered_in_time as f64,
            ),
            (
                "queue_answered_wait_seconds_total",
                "counter",
                "How long those who were answered had waited.",
                |queue| queue.counts.answered_wait.as_secs_f64(),
            ),
            (
                "queue_abandoned_total",
                "counter",
                "Callers of a skill group who hung up before somebody talked with them.",
                |queue| queue.counts.abandoned as f64,
            ),
            (
                "queue_passed_on_total",
                "counter",
                "Callers whom the group's rules sent elsewhere, or ended.",
                |queue| queue.counts.passed_on as f64,
            ),
        ];
        for (name, kind, help, figure) in figures {
            let values = all.iter();
            let values = values.map(|(group, queue)| (group.to_string(), figure(queue)));
            text.labeled_as(name, (kind, help), "skill_group", values);
        }
    }

    fn media_figures(&self, text: &mut Text) {
        let counters = self.media().counters();
        let count = |figure: &AtomicU64| figure.load(Ordering::Relaxed) as f64;
        text.counter(
            "media_ticks_total",
            "20 ms ticks of legs.",
            count(&counters.ticks),
        );
        text.counter(
            "media_late_slots_total",
            "Slots of 2 ms that began more than 5 ms late.",
            count(&counters.late_slots),
        );
        text.gauge(
            "media_late_max_seconds",
            "Latest beginning of a slot so far.",
            count(&counters.late_max_us) / 1e6,
        );
        text.counter(
            "media_reports_dropped_total",
            "Reports that a call was too slow for.",
            count(&counters.reports_dropped),
        );
        text.counter(
            "media_send_failures_total",
            "RTP packets that the kernel did not take.",
            count(&counters.send_failures),
        );
        text.counter(
            "media_unauthentic_total",
            "Packets of encrypted legs that have ended which were not made with the peer's key.",
            count(&counters.unauthentic),
        );
    }

    fn trunk_figures(&self, text: &mut Text) {
        let all = self.trunk_health().all();
        let up = all.iter().map(|(id, state)| {
            let is_up = state.circuit != CircuitState::Open;
            (id.to_string(), f64::from(u8::from(is_up)))
        });
        text.labeled(
            "trunk_up",
            "0 while calls do not go through a trunk.",
            "trunk",
            up,
        );
        let registered = all.iter().filter_map(|(id, state)| {
            let is_known = state.registration? == RegistrationState::Registered;
            Some((id.to_string(), f64::from(u8::from(is_known))))
        });
        text.labeled(
            "trunk_registered",
            "1 while the carrier of a trunk that registers knows us.",
            "trunk",
            registered,
        );
    }

    fn recorder_figures(&self, text: &mut Text) {
        text.counter(
            "recorder_chunks_dropped_total",
            "Recording chunks lost because the disk was too slow.",
            self.recorder().chunks_dropped() as f64,
        );
        text.gauge(
            "recorder_failing",
            "1 while recordings cannot be written.",
            f64::from(u8::from(self.recorder().is_failing())),
        );
    }
}

/// Figures that are being written down.
struct Text(String);

impl Text {
    fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.figure(name, "gauge", help, value);
    }

    fn counter(&mut self, name: &str, help: &str, value: f64) {
        self.figure(name, "counter", help, value);
    }

    /// A gauge for each value of a label.
    fn labeled(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl Iterator<Item = (String, f64)>,
    ) {
        self.labeled_as(name, ("gauge", help), label, values);
    }

    /// A figure of a kind for each value of a label.
    fn labeled_as(
        &mut self,
        name: &str,
        (kind, help): (&str, &str),
        label: &str,
        values: impl Iterator<Item = (String, f64)>,
    ) {
        let name = format!("switchboard_{name}");
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}")
            .expect("writing to a string does not fail");
        for (of, value) in values {
            writeln!(self.0, "{name}{{{label}=\"{of}\"}} {value}")
                .expect("writing to a string does not fail");
        }
    }

    fn figure(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        let name = format!("switchboard_{name}");
        writeln!(
            self.0,
            "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}"
        )
        .expect("writing to a string does not fail");
    }
}
