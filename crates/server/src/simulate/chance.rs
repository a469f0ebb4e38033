//! Chance that is the same on every machine and in every version.

/// Xorshift with a multiplication (Vigna 2016): plenty for paces.
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The chance of call `n` of a seed.
    pub fn of(seed: u64, n: u32) -> Self {
        let mut chance = Self((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(n) << 17) | 1);
        // Neighboring seeds must not begin alike.
        for _ in 0..4 {
            chance.next();
        }
        chance
    }

    /// A number from `min` to `max`.
    pub fn between(&mut self, min: u64, max: u64) -> u64 {
        min + self.next() % (max - min + 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}
