//! What else is written down of a number: whom its calls ask, and its place on the carrier's line.

use crate::{E164, TenantId, TrunkId};

/// What is written down of a number beside what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberSettings {
    /// Address that is asked which voice agent answers a call to it; none asks nobody.
    pub callback_url: Option<String>,
    /// What the carrier lets it do.
    pub line: NumberLine,
}

/// What the carrier lets a number do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberLine {
    /// Calls to it are not taken.
    pub outbound_only: bool,
    /// Outbound calls at once that show it; no limit of its own if absent.
    pub calls_max: Option<u32>,
    /// New outbound calls a second that show it; no limit of its own if absent.
    pub calls_per_second_max: Option<u32>,
    /// Put in front of the callee; digits, `+`, `*` or `#`, at most 16.
    pub callee_prefix: String,
    /// How the callee is written; the trunk's rules if absent.
    pub callee_format: Option<CalleeFormat>,
    /// What the carrier calls it, if not by its E.164 form; at most 32 characters of a number.
    pub carrier_number: Option<String>,
}

/// How a callee is written to a carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalleeFormat {
    /// `+8613800138000`.
    PlusE164,
    /// `8613800138000`.
    E164,
}

/// A number that an instance brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnNumber {
    /// The number.
    pub number: E164,
    /// Takes calls.
    pub inbound: bool,
    /// May be shown on outbound calls.
    pub outbound: bool,
    /// What the carrier lets it do.
    pub line: NumberLine,
}

/// Numbers that an instance brings along on one trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberApplication {
    /// Unique in the installation.
    pub id: i64,
    /// Whose numbers.
    pub tenant: TenantId,
    /// Where they are.
    pub trunk: TrunkId,
}

impl NumberLine {
    /// The callee as the carrier wants it; `by_trunk` is what the trunk's rules make of it.
    pub fn dialed(&self, callee: &E164, by_trunk: String) -> String {
        let digits = callee.digits();
        let written = match self.callee_format {
            None => by_trunk,
            Some(CalleeFormat::PlusE164) => format!("+{digits}"),
            Some(CalleeFormat::E164) => digits.to_owned(),
        };
        format!("{}{written}", self.callee_prefix)
    }

    /// The number as the carrier wants to see it.
    pub fn shown(&self, caller: &E164) -> String {
        match &self.carrier_number {
            Some(number) => number.clone(),
            None => format!("+{}", caller.digits()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_gets_numbers_in_its_own_form() {
        let callee = E164::parse("+8613800138000", "86").unwrap();
        let dialed = |prefix: &str, format| {
            let line = NumberLine {
                callee_prefix: prefix.into(),
                callee_format: format,
                ..NumberLine::default()
            };
            line.dialed(&callee, "013800138000".into())
        };
        assert_eq!(dialed("", None), "013800138000");
        assert_eq!(dialed("1145", None), "1145013800138000");
        assert_eq!(dialed("9", Some(CalleeFormat::E164)), "98613800138000");
        assert_eq!(dialed("", Some(CalleeFormat::PlusE164)), "+8613800138000");
        let own = NumberLine {
            carrier_number: Some("66660000".into()),
            ..NumberLine::default()
        };
        assert_eq!(own.shown(&callee), "66660000");
        assert_eq!(NumberLine::default().shown(&callee), "+8613800138000");
    }
}
