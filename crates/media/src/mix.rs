//! Adding voices.

/// Adds `other` to `samples`, as far as both go; what exceeds 16 bits is clipped.
pub fn add(samples: &mut [i16], other: &[i16]) {
    for (sample, &other) in samples.iter_mut().zip(other) {
        *sample = sample.saturating_add(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_voices_clip_and_do_not_wrap() {
        let mut samples = [30_000, -30_000, 100];
        add(&mut samples, &[10_000, -10_000, -40]);
        assert_eq!(samples, [i16::MAX, i16::MIN, 60]);
    }
}
