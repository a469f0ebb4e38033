//! How long a peer may be silent, on the wire.

use std::borrow::Cow;

use model::MediaTimeout;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Seconds that the other side of a call may send neither sound nor a report of it; 0 for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Silence(pub MediaTimeout);

impl Serialize for Silence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0.second())
    }
}

impl<'de> Deserialize<'de> for Silence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let second = i64::deserialize(deserializer)?;
        MediaTimeout::from_second(second).map(Self).ok_or_else(|| {
            let (min, max) = (MediaTimeout::SECOND_MIN, MediaTimeout::SECOND_MAX);
            de::Error::custom(format!("must be {min} to {max}, or 0 for never"))
        })
    }
}

impl JsonSchema for Silence {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "MediaTimeout".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (min, max) = (MediaTimeout::SECOND_MIN, MediaTimeout::SECOND_MAX);
        // The type stands in each, for generators of clients look no further.
        json_schema!({"anyOf": [
            {"type": "integer", "minimum": min, "maximum": max},
            {"type": "integer", "const": 0},
        ]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_missed_before_five_seconds() {
        for second in ["0", "5", "3600"] {
            let silence: Silence = serde_json::from_str(second).unwrap();
            assert_eq!(serde_json::to_string(&silence).unwrap(), second);
        }
        for second in ["-1", "1", "4", "3601", "5.5", "\"30\"", "null"] {
            assert!(serde_json::from_str::<Silence>(second).is_err(), "{second}");
        }
    }
}
