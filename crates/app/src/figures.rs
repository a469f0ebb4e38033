//! Counts of what happened to calls, for metrics.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use model::{CallEvent, EndCause, TurnLatency};

/// Upper bounds of the reply-time histogram, ms: dense where people notice a difference.
const REPLY_BOUNDS_MS: [u64; 10] = [300, 500, 700, 900, 1100, 1400, 1800, 2500, 4000, 8000];

/// Upper bounds of the histograms of its parts, ms: most parts are small.
const PART_BOUNDS_MS: [u64; 10] = [5, 20, 50, 100, 200, 300, 500, 800, 1500, 4000];

/// Names of the parts, in the order in which they come.
const PARTS: [&str; 6] = [
    "endpointing",
    "recognizer",
    "first_token",
    "first_sentence",
    "first_audio",
    "queue",
];

/// Counts since the start of this process.
#[derive(Default)]
pub struct Figures {
    ended: Mutex<BTreeMap<EndCause, u64>>,
    happened: Mutex<BTreeMap<(Happening, &'static str), u64>>,
    replies: Histogram,
    parts: [Histogram; PARTS.len()],
}

/// What is counted by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    FalseInterruption,
    AnswererFound,
    Instructed,
    Reviewed,
}

impl Happening {
    const ALL: [Self; 4] = [
        Self::FalseInterruption,
        Self::AnswererFound,
        Self::Instructed,
        Self::Reviewed,
    ];

    /// The figure's name, its help, and what its label is called; empty: it has none.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::FalseInterruption => (
                "false_interruptions_total",
                "Times that an agent was stopped by no interruption and went on.",
                "",
            ),
            Self::AnswererFound => (
                "answerers_found_total",
                "Calls in which it was found out who has answered.",
                "who",
            ),
            Self::Instructed => (
                "instructions_total",
                "Instructions to voice agents in calls, by what became of them.",
                "outcome",
            ),
            Self::Reviewed => ("reviews_total", "Calls that were reviewed.", "by"),
        }
    }

    /// What an event is counted as, and its label.
    fn of(event: &CallEvent) -> Option<(Self, &'static str)> {
        match event {
            CallEvent::FalseInterruption => Some((Self::FalseInterruption, "")),
            CallEvent::AnswererFound { answerer } => Some((Self::AnswererFound, answerer.name())),
            CallEvent::Instructed(told) => Some((Self::Instructed, told.outcome.name())),
            CallEvent::Reviewed(review) if review.by.is_some() => Some((Self::Reviewed, "model")),
            CallEvent::Reviewed(_) => Some((Self::Reviewed, "rules")),
            CallEvent::ReviewFailed { .. } => Some((Self::Reviewed, "nobody")),
            _ => None,
        }
    }
}

/// How often a time fell between two bounds; the last place is for what is above all of them.
#[derive(Default)]
struct Histogram {
    counts: [AtomicU64; 11],
    micros_total: AtomicU64,
}

impl Figures {
    /// Counts an event that was stored.
    pub fn note(&self, event: &CallEvent) {
        if let CallEvent::Ended { cause, .. } = event {
            let mut ended = self
                .ended
                .lock()
                .expect("nothing panics while it holds this lock");
            *ended.entry(*cause).or_default() += 1;
        }
        if let Some(what) = Happening::of(event) {
            let mut happened = self
                .happened
                .lock()
                .expect("nothing panics while it holds this lock");
            *happened.entry(what).or_default() += 1;
        }
        if let CallEvent::ReplyTimed(latency) = event {
            self.replies.note(latency.total, &REPLY_BOUNDS_MS);
            for (part, time) in self.parts.iter().zip(times(latency)) {
                part.note(time, &PART_BOUNDS_MS);
            }
        }
    }

    /// Appends the figures in the text format of Prometheus, which OpenMetrics has taken over.
    pub fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "# HELP switchboard_calls_ended_total Calls that ended, by cause."
        )?;
        writeln!(text, "# TYPE switchboard_calls_ended_total counter")?;
        let ended = self
            .ended
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone();
        for (cause, n) in ended {
            writeln!(
                text,
                "switchboard_calls_ended_total{{cause=\"{}\"}} {n}",
                cause.name()
            )?;
        }
        self.write_happened(text)?;
        let name = "switchboard_reply_seconds";
        writeln!(
            text,
            "# HELP {name} Last packet of the caller's speech to the first of the reply."
        )?;
        writeln!(text, "# TYPE {name} histogram")?;
        self.replies.write(text, name, "", &REPLY_BOUNDS_MS)?;
        let name = "switchboard_reply_part_seconds";
        writeln!(
            text,
            "# HELP {name} Where the time of switchboard_reply_seconds went."
        )?;
        writeln!(text, "# TYPE {name} histogram")?;
        for (part, histogram) in PARTS.iter().zip(&self.parts) {
            let label = format!("part=\"{part}\"");
            histogram.write(text, name, &label, &PART_BOUNDS_MS)?;
        }
        Ok(())
    }
}

impl Figures {
    fn write_happened(&self, text: &mut String) -> std::fmt::Result {
        let happened = self
            .happened
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone();
        for what in Happening::ALL {
            let (name, help, label) = what.words();
            let name = format!("switchboard_{name}");
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter")?;
            let counts = happened.iter().filter(|((of, _), _)| *of == what);
            for ((_, value), n) in counts {
                match label {
                    "" => writeln!(text, "{name} {n}")?,
                    label => writeln!(text, "{name}{{{label}=\"{value}\"}} {n}")?,
                }
            }
        }
        Ok(())
    }
}

/// In the order of [`PARTS`].
fn times(latency: &TurnLatency) -> [Duration; PARTS.len()] {
    [
        latency.endpointing,
        latency.recognizer,
        latency.first_token,
        latency.thinker.saturating_sub(latency.first_token),
        latency.speaker,
        latency.queue,
    ]
}

impl Histogram {
    fn note(&self, time: Duration, bounds_ms: &[u64; 10]) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let bucket = bounds_ms.iter().position(|bound| micros <= *bound * 1000);
        let bucket = bucket.unwrap_or(bounds_ms.len());
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.micros_total.fetch_add(micros, Ordering::Relaxed);
    }

    fn write(
        &self,
        text: &mut String,
        name: &str,
        label: &str,
        bounds_ms: &[u64; 10],
    ) -> std::fmt::Result {
        let (before, alone) = if label.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("{label},"), format!("{{{label}}}"))
        };
        let mut n_below = 0;
        for (bound, count) in bounds_ms.iter().zip(&self.counts) {
            n_below += count.load(Ordering::Relaxed);
            let bound = *bound as f64 / 1000.0;
            writeln!(text, "{name}_bucket{{{before}le=\"{bound}\"}} {n_below}")?;
        }
        n_below += self.counts[bounds_ms.len()].load(Ordering::Relaxed);
        writeln!(text, "{name}_bucket{{{before}le=\"+Inf\"}} {n_below}")?;
        let seconds = self.micros_total.load(Ordering::Relaxed) as f64 / 1e6;
        writeln!(text, "{name}_sum{alone} {seconds}")?;
        writeln!(text, "{name}_count{alone} {n_below}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_count_everything_below_their_bound() {
        let figures = Figures::default();
        for ms in [250, 720, 720, 9_000] {
            let total = Duration::from_millis(ms);
            figures.note(&CallEvent::ReplyTimed(TurnLatency {
                total,
                thinker: Duration::from_millis(130),
                first_token: Duration::from_millis(90),
                ..TurnLatency::default()
            }));
        }
        figures.note(&CallEvent::FalseInterruption);
        figures.note(&CallEvent::AnswererFound {
            answerer: model::Answerer::MachineByBeep,
        });
        let mut text = String::new();
        figures.write(&mut text).unwrap();
        for line in [
            "switchboard_false_interruptions_total 1",
            "switchboard_answerers_found_total{who=\"machine_by_beep\"} 1",
            "_bucket{le=\"0.3\"} 1",
            "_bucket{le=\"0.9\"} 3",
            "_bucket{le=\"+Inf\"} 4",
            "switchboard_reply_seconds_count 4",
            "_bucket{part=\"first_token\",le=\"0.05\"} 0",
            "_bucket{part=\"first_token\",le=\"0.1\"} 4",
            "_bucket{part=\"first_sentence\",le=\"0.05\"} 4",
            "switchboard_reply_part_seconds_count{part=\"queue\"} 4",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
