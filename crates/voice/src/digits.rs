//! When a row of pressed keys is complete.
//!
//! A [`Row`] collects keys. It is complete at once when it is one of the expected rows and no
//! longer one begins with it, at `#`, at [`KEYS_MAX`] keys or as many as are gathered, or when no further key comes in time.

use std::time::{Duration, Instant};

use crate::thinker::Gather;

/// The longest row.
pub const KEYS_MAX: usize = 32;

/// Keys pressed so far.
#[derive(Clone, Debug)]
pub struct Row {
    next_digit_max: Duration,
    expected: Vec<String>,
    gather: Option<Gather>,
    keys: String,
    until: Option<Instant>,
}

impl Row {
    /// An empty row that expects anything and waits `next_digit_max` for each further key.
    pub fn new(next_digit_max: Duration) -> Self {
        Self {
            next_digit_max,
            expected: Vec::new(),
            gather: None,
            keys: String::new(),
            until: None,
        }
    }

    /// Changes what is expected; empty means anything. Keys already pressed stay.
    pub fn expect(&mut self, rows: Vec<String>, gather: Option<Gather>) {
        self.expected = rows;
        self.gather = gather;
    }

    /// Takes a key; returns the row if it is complete. Anything but `0`-`9`, `*`, `#`, `A`-`D`
    /// is ignored.
    pub fn press(&mut self, key: char, now: Instant) -> Option<String> {
        if !matches!(key, '0'..='9' | '*' | '#' | 'A'..='D') {
            return None;
        }
        let ends_row = key == '#' && !self.keys.is_empty() && !self.is_begun_with(key);
        if !ends_row {
            self.keys.push(key);
        }
        if ends_row || self.is_complete() {
            return self.take();
        }
        let gathered = self.gather.and_then(|gather| gather.next_key_max);
        self.until = Some(now + gathered.unwrap_or(self.next_digit_max));
        None
    }

    /// Returns the row if its last key was too long ago.
    pub fn timeout(&mut self, now: Instant) -> Option<String> {
        if self.until? > now {
            return None;
        }
        self.take()
    }

    /// When the row is complete without a further key.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        Some((self.until?, "next digit"))
    }

    fn is_begun_with(&self, key: char) -> bool {
        let longer = format!("{}{key}", self.keys);
        self.expected.iter().any(|row| row.starts_with(&longer))
    }

    fn is_complete(&self) -> bool {
        let may_grow = |row: &String| row.len() > self.keys.len() && row.starts_with(&self.keys);
        let is_expected = self.expected.contains(&self.keys);
        let keys_max = self.gather.map_or(KEYS_MAX, |gather| gather.keys_max);
        let is_full = self.keys.len() >= keys_max.min(KEYS_MAX);
        is_full || self.keys == "#" || (is_expected && !self.expected.iter().any(may_grow))
    }

    fn take(&mut self) -> Option<String> {
        self.until = None;
        Some(std::mem::take(&mut self.keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_key_counts_at_once() {
        assert_eq!(rows("1 2", &["1", "2"]), ["1", "2"]);
    }

    #[test]
    fn a_key_that_may_grow_waits_for_the_next() {
        assert_eq!(rows("1 .", &["1", "12"]), ["1"]);
        assert_eq!(rows("12", &["1", "12"]), ["12"]);
    }

    #[test]
    fn anything_is_ended_by_a_pause_or_the_hash_key() {
        assert_eq!(rows("2580#31.", &[]), ["2580", "31"]);
    }

    #[test]
    fn the_hash_key_alone_or_where_expected_is_a_key() {
        assert_eq!(rows("#", &[]), ["#"]);
        assert_eq!(rows("*9#", &["*9#"]), ["*9#"]);
    }

    #[test]
    fn a_row_does_not_grow_forever() {
        assert_eq!(rows(&"7".repeat(KEYS_MAX), &[]), ["7".repeat(KEYS_MAX)]);
    }

    #[test]
    fn what_is_gathered_is_complete_with_its_last_key_or_after_its_own_wait() {
        let mut now = Instant::now();
        let mut row = Row::new(Duration::from_secs(3));
        let gather = Gather {
            keys_max: 4,
            next_key_max: Some(Duration::from_secs(1)),
        };
        row.expect(Vec::new(), Some(gather));
        let pressed: Vec<_> = "12345"
            .chars()
            .filter_map(|key| row.press(key, now))
            .collect();
        assert_eq!(pressed, ["1234"]);
        now += Duration::from_secs(1);
        assert_eq!(row.timeout(now), Some("5".to_owned()));
    }

    #[test]
    fn what_is_no_key_is_ignored() {
        assert_eq!(rows("x1y", &["1"]), ["1"]);
    }

    /// Presses `keys` at once; `.` lets the wait for the next one run out.
    fn rows(keys: &str, expected: &[&str]) -> Vec<String> {
        let mut now = Instant::now();
        let wait = Duration::from_secs(3);
        let mut row = Row::new(wait);
        row.expect(expected.iter().map(|&row| row.to_owned()).collect(), None);
        let mut complete = Vec::new();
        for key in keys.chars() {
            if key == '.' {
                now += wait;
                complete.extend(row.timeout(now));
            } else {
                complete.extend(row.press(key, now));
            }
        }
        complete
    }
}
