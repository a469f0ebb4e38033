//! Telephone numbers.

use std::fmt;

/// A callable number in E.164 form, digits only, without the leading `+`.
///
/// Invariant: 3 to 15 ASCII digits (ITU-T E.164 6.2.1 allows 15). Parsing is the only way to
/// make one, so code that holds an `E164` never checks it again.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct E164(String);

/// The text is no telephone number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a telephone number of 3 to 15 digits")]
pub struct NotE164(pub String);

impl E164 {
    /// Parses `+86…`, `0086…`, `86…` with a country code, or a national number.
    ///
    /// A national number is one with a single leading zero (trunk prefix), or, where
    /// `country_code` is `86`, an 11-digit mobile number starting with 1: it gets `country_code`
    /// in front, as the vendors' campaigns accept it.
    pub fn parse(text: &str, country_code: &str) -> Result<Self, NotE164> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '(' | ')'))
            .collect();
        let international = digits
            .strip_prefix('+')
            .or_else(|| digits.strip_prefix("00"));
        let full = match international {
            Some(rest) => rest.to_owned(),
            None => match digits.strip_prefix('0') {
                Some(national) => format!("{country_code}{national}"),
                None if country_code == "86" && is_chinese_mobile(&digits) => format!("86{digits}"),
                None => digits.clone(),
            },
        };
        if (3..=15).contains(&full.len()) && full.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(full));
        }
        Err(NotE164(text.chars().take(40).collect()))
    }

    /// What stands for a number that nobody gave: six zeros, as some carriers send.
    pub fn unknown() -> Self {
        Self("000000".to_owned())
    }

    /// The digits with country code, no prefix: `8613800138000`.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// With the international prefix that the clouds' dialects show: `008613800138000`.
    pub fn with_00(&self) -> String {
        format!("00{}", self.0)
    }
}

fn is_chinese_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.starts_with('1')
        && !digits.starts_with("10")
        && !digits.starts_with("11")
        && !digits.starts_with("12")
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

/// Numbers belong to people: a debug print shows the last two digits only.
impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E164(…{})", &self.0[self.0.len() - 2..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_one_number_is_one_number() {
        for text in [
            "+8613800138000",
            "008613800138000",
            "8613800138000",
            "13800138000",
            "+86 138-0013-8000",
        ] {
            assert_eq!(
                E164::parse(text, "86").unwrap().digits(),
                "8613800138000",
                "{text}"
            );
        }
    }

    #[test]
    fn a_trunk_prefix_becomes_the_country_code() {
        assert_eq!(
            E164::parse("0755123456", "86").unwrap().digits(),
            "86755123456"
        );
    }

    #[test]
    fn a_foreign_number_without_prefix_is_left_alone() {
        assert_eq!(
            E164::parse("12025550101", "86").unwrap().digits(),
            "12025550101"
        );
    }

    #[test]
    fn words_and_long_rows_of_digits_are_refused() {
        for text in ["", "bob", "+", "00", "12", "1234567890123456", "138\n0013"] {
            assert!(E164::parse(text, "86").is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_debug_print_hides_the_number() {
        assert_eq!(
            format!("{:?}", E164::parse("+12025550101", "1").unwrap()),
            "E164(…01)"
        );
    }
}
