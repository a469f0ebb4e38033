//! `SessionId`, which the vendor's samples show with and without dashes.

use model::CallId;

/// The call that a `SessionId` names: a UUID in either spelling becomes the one with dashes.
/// Anything else is kept as it is and names no call.
pub(super) fn call_id(session_id: &str) -> CallId {
    match uuid::Uuid::try_parse(session_id) {
        Ok(uuid) => CallId(uuid.hyphenated().to_string()),
        Err(_) => CallId(session_id.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_name_the_same_call() {
        for text in [
            "6bb56a09-2787-40bc-80c5-dc6dab783eff",
            "6bb56a09278740bc80c5dc6dab783eff",
            "6BB56A09278740BC80C5DC6DAB783EFF",
        ] {
            assert_eq!(
                call_id(text).as_str(),
                "6bb56a09-2787-40bc-80c5-dc6dab783eff"
            );
        }
    }

    #[test]
    fn other_texts_name_themselves() {
        assert_eq!(call_id("sess-1").as_str(), "sess-1");
    }
}
