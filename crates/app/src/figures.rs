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

use model::{CallEvent, EndCause};

/// Upper bounds of the reply-time histogram, ms: dense where people notice a difference.
const REPLY_BOUNDS_MS: [u64; 10] = [300, 500, 700, 900, 1100, 1400, 1800, 2500, 4000, 8000];

/// Counts since the start of this process.
#[derive(Default)]
pub struct Figures {
    ended: Mutex<BTreeMap<EndCause, u64>>,
    replies: [AtomicU64; REPLY_BOUNDS_MS.len() + 1],
    reply_ms_total: AtomicU64,
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
        if let CallEvent::ReplyTimed(latency) = event {
            self.note_reply(latency.total);
        }
    }

    fn note_reply(&self, total: Duration) {
        let ms = u64::try_from(total.as_millis()).unwrap_or(u64::MAX);
        let bucket = REPLY_BOUNDS_MS.iter().position(|bound| ms <= *bound);
        let bucket = bucket.unwrap_or(REPLY_BOUNDS_MS.len());
        self.replies[bucket].fetch_add(1, Ordering::Relaxed);
        self.reply_ms_total.fetch_add(ms, Ordering::Relaxed);
    }

    /// Appends the figures in Prometheus' text format.
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
        let name = "switchboard_reply_seconds";
        writeln!(
            text,
            "# HELP {name} Last packet of the caller's speech to the first of the reply."
        )?;
        writeln!(text, "# TYPE {name} histogram")?;
        let mut n_below = 0;
        for (bound, count) in REPLY_BOUNDS_MS.iter().zip(&self.replies) {
            n_below += count.load(Ordering::Relaxed);
            writeln!(
                text,
                "{name}_bucket{{le=\"{}\"}} {n_below}",
                *bound as f64 / 1000.0
            )?;
        }
        n_below += self.replies[REPLY_BOUNDS_MS.len()].load(Ordering::Relaxed);
        writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {n_below}")?;
        let seconds = self.reply_ms_total.load(Ordering::Relaxed) as f64 / 1000.0;
        writeln!(text, "{name}_sum {seconds}\n{name}_count {n_below}")
    }
}

#[cfg(test)]
mod tests {
    use model::TurnLatency;

    use super::*;

    #[test]
    fn buckets_count_everything_below_their_bound() {
        let figures = Figures::default();
        for ms in [250, 720, 720, 9_000] {
            let total = Duration::from_millis(ms);
            figures.note(&CallEvent::ReplyTimed(TurnLatency {
                total,
                ..TurnLatency::default()
            }));
        }
        let mut text = String::new();
        figures.write(&mut text).unwrap();
        for line in [
            "_bucket{le=\"0.3\"} 1",
            "_bucket{le=\"0.9\"} 3",
            "_bucket{le=\"+Inf\"} 4",
            "_count 4",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
