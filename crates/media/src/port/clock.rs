//! A wire clock that counts faster than samples of 8 kHz, brought to theirs.

/// Timestamps of one direction.
#[derive(Debug)]
pub struct Clock {
    /// Ticks of one sample.
    factor: u32,
    /// The last timestamp on the wire, and the same without wrapping.
    last: Option<(u32, u64)>,
}

/// Where the unwrapped count begins: earlier timestamps must not fall below zero.
const BEGINNING: u64 = 1 << 40;

impl Clock {
    /// A clock with this many ticks a sample.
    pub fn new(factor: u32) -> Self {
        Self { factor, last: None }
    }

    /// A timestamp in samples; what wraps on the wire does not jump here.
    pub fn samples(&mut self, timestamp: u32) -> u32 {
        if self.factor == 1 {
            return timestamp;
        }
        let unwrapped = match self.last {
            None => BEGINNING * u64::from(self.factor),
            Some((last, unwrapped)) => {
                let ahead = timestamp.wrapping_sub(last).cast_signed();
                unwrapped.saturating_add_signed(ahead.into())
            }
        };
        self.last = Some((timestamp, unwrapped));
        (unwrapped / u64::from(self.factor)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_on_the_wire_is_no_jump() {
        let mut clock = Clock::new(6);
        let first = clock.samples(u32::MAX - 959);
        assert_eq!(clock.samples(0).wrapping_sub(first), 160);
        assert_eq!(clock.samples(960).wrapping_sub(first), 320);
        assert_eq!(clock.samples(u32::MAX - 959), first, "one that comes late");
    }

    #[test]
    fn the_clock_of_g711_is_taken_as_it_is() {
        let mut clock = Clock::new(1);
        assert_eq!((clock.samples(7), clock.samples(u32::MAX)), (7, u32::MAX));
    }
}
