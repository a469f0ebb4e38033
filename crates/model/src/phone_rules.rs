//! What the phone of an extension may do, and where calls to it go instead.

use std::time::Duration;

use crate::WrongField;

/// What the phone of an extension may do, and where calls to it go instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneRules {
    /// It may call numbers outside, and have them called (REFER).
    pub calls_outside: bool,
    /// Where calls to it go instead.
    pub forwarding: PhoneForwarding,
}

/// Where calls to an extension go instead of its phone. Each is the number of an extension, or one
/// outside, in digits. Calls to a skill group or a person are not forwarded: those have others to ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneForwarding {
    /// Every call.
    pub always: Option<String>,
    /// While its phone is in a call, or says so.
    pub busy: Option<String>,
    /// When its phone was not answered, or cannot be reached.
    pub no_answer: Option<String>,
    /// How long its phone rings before that, 5 s to 20 s: no phone rings longer for one call.
    pub ring_time_max: Duration,
}

impl Default for PhoneRules {
    fn default() -> Self {
        Self {
            calls_outside: true,
            forwarding: PhoneForwarding::default(),
        }
    }
}

impl Default for PhoneForwarding {
    fn default() -> Self {
        Self {
            always: None,
            busy: None,
            no_answer: None,
            ring_time_max: Self::RING_TIME_MAX,
        }
    }
}

impl PhoneForwarding {
    /// Forwardings that one call follows: then it is not answered, so that circles end.
    pub const FORWARDS_MAX: usize = 5;
    /// Longest ringing.
    pub const RING_TIME_MAX: Duration = Duration::from_secs(20);
    /// Shortest ringing: one ring.
    pub const RING_TIME_MIN: Duration = Duration::from_secs(5);

    /// Whether every field is within its bounds.
    ///
    /// # Errors
    ///
    /// Names the first field that is not.
    pub fn check(&self) -> Result<(), WrongField> {
        let wrong = |field, why| Err(WrongField { field, why });
        for (field, target) in [
            ("forward_always", &self.always),
            ("forward_busy", &self.busy),
            ("forward_no_answer", &self.no_answer),
        ] {
            let Some(target) = target else { continue };
            let digits = target.strip_prefix('+').unwrap_or(target);
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || !(3..=15).contains(&digits.len()) {
                return wrong(field, "must be 3 to 15 digits");
            }
        }
        if !(Self::RING_TIME_MIN..=Self::RING_TIME_MAX).contains(&self.ring_time_max) {
            return wrong("forward_after_second", "must be 5 to 20");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_goes_on_to_a_number_and_to_nothing_else() {
        let to = |target: &str| PhoneForwarding {
            busy: Some(target.into()),
            ..PhoneForwarding::default()
        };
        for right in ["1001", "+8613800138000", "010"] {
            assert_eq!(to(right).check(), Ok(()), "{right}");
        }
        for wrong in ["", "12", "sip:a@b", "1234567890123456", "desk"] {
            assert_eq!(to(wrong).check().unwrap_err().field, "forward_busy");
        }
        let late = PhoneForwarding {
            ring_time_max: Duration::from_secs(21),
            ..PhoneForwarding::default()
        };
        assert_eq!(late.check().unwrap_err().field, "forward_after_second");
    }
}
