//! A language as a BCP 47 tag, reduced to what choosing an engine needs.

use std::fmt;
use std::str::FromStr;

/// Longest tag taken, in bytes: RFC 5646 section 4.4.1 asks for buffers of at least 35.
const TAG_BYTES_MAX: usize = 35;

/// A language tag such as `en-US` or `zh`, in lower case. Not looked up in any registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(String);

/// Why a text is not a language tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag: letters and digits in parts of 1 to 8, joined by `-`")]
pub struct NotALanguage;

impl Language {
    /// English, the default of the local engines.
    pub fn english() -> Language {
        Language("en".to_owned())
    }

    /// The whole tag, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first part: `zh` of `zh-hans-cn`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(tag: &str) -> Result<Language, NotALanguage> {
        let part_is_good = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let starts_with_letter = tag
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic());
        if tag.len() > TAG_BYTES_MAX || !starts_with_letter || !tag.split('-').all(part_is_good) {
            return Err(NotALanguage);
        }
        Ok(Language(tag.to_ascii_lowercase()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_kept_in_lower_case_and_knows_its_first_part() {
        let language: Language = "zh-Hans-CN".parse().unwrap();
        assert_eq!(
            (language.as_str(), language.primary()),
            ("zh-hans-cn", "zh")
        );
    }

    #[test]
    fn what_could_be_an_option_or_a_path_is_no_language() {
        for tag in [
            "",
            "-v",
            "en/../x",
            "en us",
            "en-",
            "toolongpart1",
            "1en",
            "é",
        ] {
            assert_eq!(tag.parse::<Language>(), Err(NotALanguage), "{tag}");
        }
    }
}
