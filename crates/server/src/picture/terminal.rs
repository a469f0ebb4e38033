//! A call in four lines of text, for a terminal: both voices, the replies, the seconds.
//!
//! ```text
//! caller  ·········▁▃▅▂·▂▃··············▂▅▆▃▅▂·······▂▅▃▁··········
//! agent   ▂▅▃▂▅▆▃▂·········▃▅▆▃▅▅▂▃▅▂··········▂▅▃▅▂✂·······▂▅▆▃▅▂
//! reply ms              ├702┤              ├806┤         ├1096┤
//! ```
//!
//! It needs no server: whoever has the two tracks and the times of a call can draw it.

use super::scene::{self, LEVELS_PER_SECOND};

/// Before the time line.
const NAME_COLUMNS: usize = 9;

/// Narrowest drawing.
const COLUMNS_MIN: usize = 40;

/// Loudness from soft to loud.
const BARS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];

/// What is drawn; times are ms from the first sample of the tracks.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// Loudness of the caller: see [`levels`].
    pub caller: Vec<f64>,
    /// Loudness of the agent.
    pub agent: Vec<f64>,
    /// Where the agent was interrupted.
    pub cuts_ms: Vec<i64>,
    /// Replies: where the caller ended, where the reply began, and the latency.
    pub replies: Vec<(i64, i64, u64)>,
}

/// Loudness of a track of 8 kHz, 0 to 1.
pub fn levels(samples: &[i16]) -> Vec<f64> {
    let per_level = (media::SAMPLE_RATE_HZ / LEVELS_PER_SECOND) as usize;
    let loudest = |part: &[i16]| {
        part.iter()
            .map(|sample| sample.unsigned_abs())
            .max()
            .unwrap_or(0)
    };
    scene::shown(samples.chunks(per_level).map(loudest).collect())
}

/// Draws at most `columns` wide, at least 40, with a line break after each line. Figures for which
/// there is no room are left out.
pub fn draw(drawing: &Drawing, columns: usize) -> String {
    let n = columns.max(COLUMNS_MIN) - NAME_COLUMNS;
    let n_levels = drawing.caller.len().max(drawing.agent.len()).max(1);
    let len_ms = n_levels as i64 * 1000 / i64::from(LEVELS_PER_SECOND);
    let column = |ms: i64| {
        let at = ms.clamp(0, len_ms).saturating_mul(n as i64) / len_ms;
        usize::try_from(at).unwrap_or(0).min(n - 1)
    };
    let caller = voice(&drawing.caller, n_levels, n);
    let mut agent = voice(&drawing.agent, n_levels, n);
    for cut_ms in &drawing.cuts_ms {
        agent[column(*cut_ms)] = '✂';
    }
    let mut replies = vec![' '; n];
    for (from_ms, to_ms, latency_ms) in &drawing.replies {
        place(
            &mut replies,
            column(i64::midpoint(*from_ms, *to_ms)),
            &format!("├{latency_ms}┤"),
        );
    }
    let line = |name: &str, cells: &[char]| {
        let cells: String = cells.iter().collect();
        format!("{name:<NAME_COLUMNS$}{}\n", cells.trim_end())
    };
    let mut text = line("caller", &caller) + &line("agent", &agent);
    if !drawing.replies.is_empty() {
        text += &line("reply ms", &replies);
    }
    text + &line("", &axis(len_ms, n))
}

fn voice(levels: &[f64], n_levels: usize, n: usize) -> Vec<char> {
    let at = |column: usize| (column * n_levels / n).min(levels.len());
    (0..n)
        .map(|column| {
            let last = at(column + 1).max((at(column) + 1).min(levels.len()));
            let level = levels[at(column)..last].iter().copied().fold(0.0, f64::max);
            if level <= 0.0 {
                return '·';
            }
            BARS[((level * BARS.len() as f64) as usize).min(BARS.len() - 1)]
        })
        .collect()
}

/// Puts a label around a column, or a little to the right where something is in its way.
fn place(cells: &mut [char], middle: usize, label: &str) {
    let label: Vec<char> = label.chars().collect();
    if label.len() > cells.len() {
        return;
    }
    let last = cells.len() - label.len();
    let wanted = middle.saturating_sub(label.len() / 2).min(last);
    for start in wanted..=(wanted + label.len()).min(last) {
        let end = start + label.len();
        if cells[start.saturating_sub(1)..end]
            .iter()
            .all(|cell| *cell == ' ')
        {
            cells[start..end].copy_from_slice(&label);
            return;
        }
    }
}

/// Seconds, about one figure in twelve columns.
fn axis(len_ms: i64, n: usize) -> Vec<char> {
    let mut cells = vec![' '; n];
    let fits = n as i64 / 12;
    let step_s = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800]
        .into_iter()
        .find(|step| len_ms / 1000 / step <= fits)
        .unwrap_or(3600);
    let mut at_s = 0;
    while at_s * 1000 <= len_ms {
        let column = usize::try_from(at_s * 1000 * n as i64 / len_ms).unwrap_or(n);
        let label: Vec<char> = format!("{at_s}s").chars().collect();
        if column + label.len() <= n {
            cells[column..column + label.len()].copy_from_slice(&label);
        }
        at_s += step_s;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_cuts_and_latencies_share_one_time_line() {
        let drawing = Drawing {
            caller: [vec![0.0; 50], vec![1.0; 50], vec![0.0; 100]].concat(),
            agent: [vec![0.5; 40], vec![0.0; 110], vec![0.5; 50]].concat(),
            cuts_ms: vec![3900],
            replies: vec![(2000, 3000, 1000)],
        };
        assert_eq!(
            draw(&drawing, 49),
            "caller   ··········▇▇▇▇▇▇▇▇▇▇····················\n\
             agent    ▄▄▄▄▄▄▄▄······················▄▄▄▄▄▄▄▄▄✂\n\
             reply ms                       ├1000┤\n         \
             0s                  2s\n"
        );
    }

    #[test]
    fn a_figure_without_room_is_left_out_and_nothing_is_too_wide() {
        let replies = (0..40).map(|n| (n * 100, n * 100 + 50, 800)).collect();
        let drawing = Drawing {
            caller: vec![0.3; 500],
            replies,
            ..Drawing::default()
        };
        for columns in [0, 40, 80, 200] {
            let drawn = draw(&drawing, columns);
            assert!(
                drawn
                    .lines()
                    .all(|line| line.chars().count() <= columns.max(COLUMNS_MIN))
            );
        }
    }

    #[test]
    fn silence_is_flat_and_a_voice_is_not() {
        assert_eq!(levels(&[0; 320]), [0.0, 0.0]);
        assert!(levels(&[8000; 320]).iter().all(|level| *level == 1.0));
    }
}
