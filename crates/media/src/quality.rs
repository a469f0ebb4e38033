//! How good a call sounds, estimated from what the network did to it.
//!
//! The E-model of ITU-T G.107 (06/2015), reduced to what can be measured here: delay and loss.
//! Echo, loudness and room noise keep the model's default values.

use std::time::Duration;

/// Rating of a call without impairments, all parameters at their defaults (G.107 table 2).
const R_DEFAULT: f32 = 93.2;
/// Equipment impairment of G.711 without loss (G.113 table I.1).
const IE_G711: f32 = 0.0;
/// Robustness of G.711 with the concealment of its Appendix I against random loss (G.113
/// table I.2); without concealment it would be 4.3.
const BPL_G711_CONCEALED: f32 = 25.1;
/// Delay from which conversations suffer (Cole and Rosenbluth, "Voice over IP performance
/// monitoring", 2001, a linear fit of G.107 section 7.4).
const DELAY_NOTICED_MS: f32 = 177.3;

/// Mean opinion score, 1 (bad) to 4.4 (as good as G.711 gets).
///
/// `delay` is one way from mouth to ear; `loss` is the share of frames that were made up or
/// missing, 0 to 1.
pub fn mos(delay: Duration, loss: f32) -> f32 {
    let delay_ms = delay.as_secs_f32() * 1000.0;
    let noticed = (delay_ms - DELAY_NOTICED_MS).max(0.0);
    let delay_impairment = 0.024 * delay_ms + 0.11 * noticed;
    // G.107 equation 7-29, with random loss (BurstR = 1).
    let loss_percent = loss.clamp(0.0, 1.0) * 100.0;
    let equipment = IE_G711 + (95.0 - IE_G711) * loss_percent / (loss_percent + BPL_G711_CONCEALED);
    mos_of_rating(R_DEFAULT - delay_impairment - equipment)
}

/// G.107 Annex B, equation B-4.
fn mos_of_rating(r: f32) -> f32 {
    match r {
        r if r <= 0.0 => 1.0,
        r if r >= 100.0 => 4.5,
        r => (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).max(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_perfect_line_scores_what_g107_says() {
        // R = 93.2 is MOS 4.41 (G.107 table B.1 rounds 93.2 to 4.41).
        assert!((mos(ms(0), 0.0) - 4.41).abs() < 0.01);
    }

    #[test]
    fn loss_and_delay_lower_the_score() {
        assert!(mos(ms(50), 0.05) < mos(ms(50), 0.01));
        assert!(mos(ms(400), 0.0) < mos(ms(100), 0.0));
        assert!(mos(ms(100), 0.05) < 4.1);
    }

    #[test]
    fn the_score_stays_on_its_scale() {
        assert_eq!(mos(ms(60_000), 1.0), 1.0);
        assert!(mos(ms(0), f32::NAN.max(0.0)) <= 4.5);
    }
}
