//! Where things go: rows of equal time, as the staves of a score, and words in lanes.

use super::scene::{Said, Scene};

/// Width of every picture.
pub const WIDTH: f64 = 1280.0;

/// Left end of the time line: names of the sides stand before it.
pub const LEFT: f64 = 92.0;

/// Right end of the time line.
pub const RIGHT: f64 = 1256.0;

/// Height of the header.
const HEADER: f64 = 118.0;

/// Height of the legend.
const LEGEND: f64 = 44.0;

/// Half the height of a waveform.
pub const WAVE_HALF: f64 = 34.0;

/// Between baselines of words.
pub const LINE: f64 = 15.0;

/// Height of the strip that holds reply latencies.
pub const REPLY_STRIP: f64 = 30.0;

/// Height of the axis.
const AXIS: f64 = 26.0;

/// Between rows.
const ROW_GAP: f64 = 22.0;

/// Time in one row, until there would be more than [`ROWS_MAX`].
const ROW_MS: i64 = 30_000;

/// Rows of the longest picture.
const ROWS_MAX: i64 = 24;

/// Shortest time line: a call of a second is not stretched over the page.
const ROW_MS_MIN: i64 = 10_000;

/// Narrowest block of words.
const WORDS_MIN: f64 = 110.0;

/// Most lines of one block of words.
const LINES_MAX: usize = 4;

/// Most lanes of words in one row; more are left out.
const LANES_MAX: usize = 4;

/// Rows from the top.
pub struct Page {
    rows: Vec<Row>,
    bottom: f64,
}

/// One stretch of the time line.
pub struct Row {
    /// Its time.
    pub from_ms: i64,
    /// End of its time; may be after the call's.
    pub to_ms: i64,
    /// Middle of the caller's waveform.
    pub caller_y: f64,
    /// Top of the strip of latencies.
    pub strip_y: f64,
    /// Middle of the agent's waveform.
    pub agent_y: f64,
    /// The axis.
    pub axis_y: f64,
    /// The caller's words.
    pub caller_words: Vec<Words>,
    /// The agent's words.
    pub agent_words: Vec<Words>,
}

/// A block of words.
pub struct Words {
    /// Left end.
    pub x: f64,
    /// First baseline, from the top of the words' place.
    pub y: f64,
    /// Lines: what was heard, then what was cut off.
    pub lines: Vec<Line>,
    /// All of it, for the title.
    pub said: Said,
}

/// A line of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The words.
    pub text: String,
    /// They were never heard.
    pub unsaid: bool,
}

impl Page {
    /// Lays out a scene.
    pub fn of(scene: &Scene) -> Self {
        let row_ms = row_ms(scene.len_ms);
        let mut rows = Vec::new();
        let (mut from_ms, mut top) = (0, HEADER);
        while from_ms < scene.len_ms {
            let row = Row::of(scene, from_ms, from_ms + row_ms, top);
            top = row.axis_y + AXIS + ROW_GAP;
            from_ms += row_ms;
            rows.push(row);
        }
        Self {
            rows,
            bottom: top - ROW_GAP,
        }
    }

    /// Its rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Where the legend is.
    pub fn legend_y(&self) -> f64 {
        self.bottom
    }

    /// The height of all.
    pub fn height(&self) -> f64 {
        self.bottom + LEGEND
    }
}

/// Short calls fill one row, long ones several.
fn row_ms(len_ms: i64) -> i64 {
    if len_ms <= ROW_MS * 4 / 3 {
        return (len_ms + 999) / 1000 * 1000;
    }
    ROW_MS.max((len_ms / ROWS_MAX + 1000) / 1000 * 1000)
}

impl Row {
    fn of(scene: &Scene, from_ms: i64, to_ms: i64, top: f64) -> Self {
        let to_ms = to_ms.max(from_ms + ROW_MS_MIN);
        let mut row = Self {
            from_ms,
            to_ms,
            caller_y: top + WAVE_HALF,
            strip_y: 0.0,
            agent_y: 0.0,
            axis_y: 0.0,
            caller_words: Vec::new(),
            agent_words: Vec::new(),
        };
        let (caller_words, caller_height) = row.words(&scene.caller.said);
        let (agent_words, agent_height) = row.words(&scene.agent.said);
        row.caller_words = caller_words;
        row.agent_words = agent_words;
        row.strip_y = row.caller_y + WAVE_HALF + caller_height;
        row.agent_y = row.strip_y + REPLY_STRIP + WAVE_HALF;
        row.axis_y = row.agent_y + WAVE_HALF + agent_height + 6.0;
        row
    }

    /// Where a moment is; moments outside the row are at its ends.
    pub fn x(&self, ms: i64) -> f64 {
        let share = (ms - self.from_ms) as f64 / (self.to_ms - self.from_ms) as f64;
        LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    /// Whether a moment is in this row.
    pub fn holds(&self, ms: i64) -> bool {
        (self.from_ms..self.to_ms).contains(&ms)
    }

    /// Blocks of what began in this row, and the height that they need.
    fn words(&self, said: &[Said]) -> (Vec<Words>, f64) {
        let mut lanes: Vec<Lane> = Vec::new();
        for said in said.iter().filter(|said| self.holds(said.from_ms)) {
            let wide = (self.x(said.to_ms) - self.x(said.from_ms)).max(WORDS_MIN);
            let lines = wrap(said, wide);
            let longest = lines
                .iter()
                .map(|line| width(&line.text))
                .fold(0.0, f64::max);
            let x = self.x(said.from_ms).min(RIGHT - longest);
            let free = lanes.iter().position(|lane| lane.end + 10.0 <= x);
            let lane_idx = match free {
                Some(lane_idx) => lane_idx,
                None if lanes.len() < LANES_MAX => {
                    lanes.push(Lane::default());
                    lanes.len() - 1
                }
                None => continue,
            };
            let lane = &mut lanes[lane_idx];
            lane.end = x + longest;
            lane.n_lines = lane.n_lines.max(lines.len());
            lane.words.push(Words {
                x,
                y: 0.0,
                lines,
                said: said.clone(),
            });
        }
        let (mut words, mut y) = (Vec::new(), 0.0);
        for lane in lanes {
            words.extend(lane.words.into_iter().map(|block| Words {
                y: y + LINE - 2.0,
                ..block
            }));
            y += lane.n_lines as f64 * LINE + 3.0;
        }
        (words, if y > 0.0 { y + 4.0 } else { LINE })
    }
}

#[derive(Default)]
struct Lane {
    end: f64,
    n_lines: usize,
    words: Vec<Words>,
}

/// Breaks an utterance into lines of at most `wide` pixels.
fn wrap(said: &Said, wide: f64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (text, unsaid) in [(&said.text, false), (&said.unsaid, true)] {
        let mut line = String::new();
        for word in pieces(text) {
            if !line.is_empty() && width(&line) + width(word.trim_end()) > wide {
                lines.push(Line {
                    text: line.trim_end().to_owned(),
                    unsaid,
                });
                line = String::new();
            }
            if lines.len() > LINES_MAX {
                break;
            }
            line.push_str(word);
        }
        if !line.trim().is_empty() {
            lines.push(Line {
                text: line.trim_end().to_owned(),
                unsaid,
            });
        }
    }
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX);
        lines[LINES_MAX - 1].text.push('…');
    }
    for line in &mut lines {
        shorten(&mut line.text, wide.max(WORDS_MIN) * 1.5);
    }
    lines
}

/// Words with the space behind them; characters of scripts without spaces stand alone.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if is_wide(first) {
            // Punctuation stays with what it ends.
            let after = first.len_utf8();
            rest[after..]
                .chars()
                .next()
                .filter(|c| "，。？！、；：".contains(*c))
                .map_or(after, |c| after + c.len_utf8())
        } else {
            rest.char_indices()
                .find(|(_, c)| c.is_whitespace() || is_wide(*c))
                .map_or(rest.len(), |(at, c)| {
                    if c.is_whitespace() {
                        at + c.len_utf8()
                    } else {
                        at
                    }
                })
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// One word may be longer than any line.
fn shorten(text: &mut String, wide: f64) {
    let mut at = 0.0;
    for (idx, c) in text.char_indices() {
        at += char_width(c);
        if at > wide {
            text.truncate(idx);
            text.push('…');
            return;
        }
    }
}

/// Pixels of a text at 12 px, on the wide side of what fonts do.
pub fn width(text: &str) -> f64 {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> f64 {
    match c {
        c if is_wide(c) => 12.4,
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | '\'' | '!' | ':' | ';' | 'I' => 4.6,
        'm' | 'w' | 'M' | 'W' | '…' => 11.6,
        'A'..='Z' => 8.6,
        _ => 7.6,
    }
}

/// Scripts written in squares and without spaces.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_calls_fill_one_row_and_the_longest_has_twenty_four() {
        assert_eq!(row_ms(24_300), 25_000);
        assert_eq!(row_ms(61_000), 30_000);
        let day = 24 * 3600 * 1000;
        assert!(day / row_ms(day) <= ROWS_MAX);
    }

    #[test]
    fn lines_break_between_words_and_between_chinese_characters() {
        assert_eq!(lines("one two three", 60.0), ["one two", "three"]);
        assert_eq!(
            lines("您好，这里是海港诊所。", 64.0),
            ["您好，这里", "是海港诊", "所。"]
        );
    }

    #[test]
    fn a_long_speech_is_cut_after_four_lines() {
        let lines = lines(&"word ".repeat(500), 60.0);
        assert_eq!(lines.len(), LINES_MAX);
        assert!(lines[LINES_MAX - 1].ends_with('…'));
    }

    #[test]
    fn a_word_without_end_does_not_leave_the_page() {
        assert!(width(&lines(&"w".repeat(4000), 60.0)[0]) < 200.0);
    }

    fn lines(text: &str, wide: f64) -> Vec<String> {
        let said = Said {
            from_ms: 0,
            to_ms: 1,
            text: text.to_owned(),
            unsaid: String::new(),
            interrupted: false,
        };
        wrap(&said, wide)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }
}
