//! The middle and the ends of many figures.

use std::fmt;

/// Half of the figures are at most `p50`, 99 % at most `p99`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Spread {
    /// The middle.
    pub p50: u32,
    /// One in a hundred is larger.
    pub p99: u32,
    /// The largest.
    pub max: u32,
    /// How many there were.
    pub count: usize,
}

impl Spread {
    /// Of these figures; all zeros if there are none.
    pub fn of(mut figures: Vec<u32>) -> Self {
        figures.sort_unstable();
        let at = |percent: usize| {
            let last = figures.len().saturating_sub(1);
            figures.get(last * percent / 100).copied().unwrap_or(0)
        };
        Self {
            p50: at(50),
            p99: at(99),
            max: at(100),
            count: figures.len(),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {} p99 {} max {}", self.p50, self.p99, self.max)
    }
}

/// The middle one; of two in the middle the larger.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_of_sorted_figures() {
        let spread = Spread::of((1..=101).rev().collect());
        assert_eq!((spread.p50, spread.p99, spread.max), (51, 100, 101));
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }

    #[test]
    fn the_median_of_three_is_the_middle_one() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
    }
}
