//! Values of requests that prove their bounds: to parse one is to check it.
//!
//! Each type refuses what does not fit with a fragment that stands well behind the field's name,
//! and describes the same bounds in the OpenAPI document.

use std::{borrow::Cow, fmt, marker::PhantomData};

use model::{E164, TenantId, UnixMs};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, SeqAccess, Visitor},
};

/// A text of `MIN` to `MAX` characters, without control characters but tab and newline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Text<const MIN: usize, const MAX: usize>(pub String);

/// A whole number of `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Int<const MIN: i64, const MAX: i64>(pub i64);

/// A list of `MIN` to `MAX` items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct List<T, const MIN: usize, const MAX: usize>(pub Vec<T>);

/// A telephone number with `+` or `00` and country code, at most 15 digits; shown with `+`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phone(pub E164);

/// An instant, RFC 3339; shown in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time(pub UnixMs);

/// Leading digits of telephone numbers, without `+`; 1 to 15.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Digits(pub String);

/// The id of an instance (a tenant).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instance(pub TenantId);

impl<T, const MAX: usize> Default for List<T, 0, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<const MIN: usize, const MAX: usize> From<String> for Text<MIN, MAX> {
    /// Trusts what the model holds: it came in through the same bounds.
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let n = text.chars().count();
        if !(MIN..=MAX).contains(&n) {
            return Err(de::Error::custom(format!(
                "must have {MIN} to {MAX} characters, has {n}"
            )));
        }
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        {
            return Err(de::Error::custom("must not hold control characters"));
        }
        Ok(Self(text))
    }
}

impl<const MIN: usize, const MAX: usize> JsonSchema for Text<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Text{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": MIN, "maxLength": MAX})
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Int<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        if (MIN..=MAX).contains(&value) {
            return Ok(Self(value));
        }
        Err(de::Error::custom(format!("must be {MIN} to {MAX}")))
    }
}

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// The number as a `u32`; the bounds of the field must lie within it.
    pub(super) fn as_u32(self) -> u32 {
        u32::try_from(self.0).expect("the field's bounds lie within u32")
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for Int<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Int{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

impl<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize> Deserialize<'de>
    for List<T, MIN, MAX>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<T, MIN, MAX>(PhantomData))
    }
}

struct ListVisitor<T, const MIN: usize, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize> Visitor<'de>
    for ListVisitor<T, MIN, MAX>
{
    type Value = List<T, MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {MIN} to {MAX} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            if items.len() == MAX {
                return Err(de::Error::custom(format!("must have at most {MAX} items")));
            }
            items.push(item);
        }
        if items.len() < MIN {
            return Err(de::Error::custom(format!("must have at least {MIN} items")));
        }
        Ok(List(items))
    }
}

impl<T: JsonSchema, const MIN: usize, const MAX: usize> JsonSchema for List<T, MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("List{MIN}To{MAX}Of{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({"type": "array", "items": items, "minItems": MIN, "maxItems": MAX})
    }
}

impl std::str::FromStr for Phone {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let why = "must be a number with country code such as +8613800138000";
        if !text.starts_with('+') && !text.starts_with("00") {
            return Err(why);
        }
        E164::parse(text, "").map(Self).map_err(|_| why)
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for Phone {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Phone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^(\+|00)[0-9]{3,15}$",
            "examples": ["+12025550101"],
        })
    }
}

impl Time {
    /// As it stands on the wire: `2026-03-01T09:00:00.000Z`.
    pub(super) fn text(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0.0) {
            Ok(time) => format!("{time:.3}"),
            Err(_) => "9999-12-30T22:00:00.000Z".to_owned(),
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time: jiff::Timestamp = text.parse().map_err(|_| {
            de::Error::custom("must be a time as in RFC 3339, such as 2026-03-01T09:00:00Z")
        })?;
        Ok(Self(UnixMs(time.as_millisecond())))
    }
}

impl JsonSchema for Time {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(text));
        }
        Err(de::Error::custom("must be 1 to 15 digits"))
    }
}

impl JsonSchema for Digits {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Digits".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]{1,15}$"})
    }
}

impl Serialize for Instance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.0)
    }
}

impl<'de> Deserialize<'de> for Instance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(|id| Self(TenantId(id)))
    }
}

impl JsonSchema for Instance {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Instance".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1_400_000_001, "examples": [1_400_000_001]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_inclusive_and_count_characters() {
        assert!(read::<Text<1, 3>>(r#""你好吗""#).is_ok());
        assert!(read::<Text<1, 3>>(r#""""#).is_err());
        assert!(read::<Text<1, 3>>(r#""abcd""#).is_err());
        assert!(read::<Int<1, 3>>("3").is_ok());
        assert!(read::<Int<1, 3>>("0").is_err());
        assert!(read::<Int<1, 3>>("1.5").is_err());
        assert!(read::<List<bool, 1, 2>>("[true,true]").is_ok());
        assert!(read::<List<bool, 1, 2>>("[]").is_err());
        assert!(read::<List<bool, 1, 2>>("[true,true,true]").is_err());
    }

    #[test]
    fn no_text_holds_what_a_database_or_a_terminal_chokes_on() {
        assert!(read::<Text<1, 9>>(r#""a\u0000b""#).is_err());
        assert!(read::<Text<1, 9>>(r#""a\u001bb""#).is_err());
    }

    #[test]
    fn a_number_without_country_code_is_ambiguous_and_refused() {
        assert_eq!(
            shown::<Phone>(r#""008613800138000""#),
            r#""+8613800138000""#
        );
        for text in [r#""13800138000""#, r#""+""#, r#""+12x""#, "5"] {
            assert!(read::<Phone>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_shown_in_utc_with_milliseconds() {
        assert_eq!(
            shown::<Time>(r#""2026-03-01T09:00:00+08:00""#),
            r#""2026-03-01T01:00:00.000Z""#
        );
        assert!(read::<Time>(r#""yesterday""#).is_err());
    }

    fn read<T: for<'de> Deserialize<'de>>(json: &str) -> Result<T, serde_json::Error> {
        serde_json::from_str(json)
    }

    fn shown<T: for<'de> Deserialize<'de> + Serialize>(json: &str) -> String {
        serde_json::to_string(&read::<T>(json).unwrap()).unwrap()
    }
}
