//! Numbers that an instance brings along on a trunk: `CreateOwnNumberApply`, `ModifyOwnNumberApply`.
//!
//! Nobody has to approve: the numbers are on the trunk when the application is answered. Each is on
//! one trunk of the installation, and a trunk that carries only others' numbers is not found.

use api::kernel::{Action, Entry, Reached};
use model::{CalleeFormat, E164, NumberLine, OwnNumber, TrunkId};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{
    Ccc, Context,
    staff::{DATABASE, Nothing},
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<CreateOwnNumberApply>(),
    Entry::of::<ModifyOwnNumberApply>(),
];

/// Numbers of one application.
const NUMBERS_MAX: usize = 200;
/// Calls at once, and new calls a second, of one number: what a trunk may have.
const CALLS_MAX: i64 = 10_000;
/// `CallType`: takes calls, is shown on calls, or both.
const INBOUND: i64 = 0;
const OUTBOUND: i64 = 1;
const BOTH: i64 = 2;

const DUPLICATE: Reached = Reached {
    code: "InvalidParameter.DuplicatePhoneNumber",
    when: "a number is named twice or is on a trunk already; nothing is changed",
};
const NO_NUMBER: Reached = Reached {
    code: "InvalidParameter.InvalidPhoneNumber",
    when: "a `PhoneNumber` or `CarrierPhoneNumber` is no telephone number",
};
const WRONG: Reached = Reached {
    code: "InvalidParameterValue",
    when: "`DetailList` has not 1 to 200 items, a limit is not 1 to 10000, a `CallType`, `OutboundCalleeFormat` or `Prefix` is wrong, or one of `MobileNddPrefix`, `InternationalNumberPrefix`, `LocalNumberTrimAC`, `CalleeFormatPassthrough` and `CallerFormatPassthrough` is set: such rules are the trunk's",
};

/// What both actions say of numbers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Numbers {
    detail_list: Vec<Detail>,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    mobile_ndd_prefix: String,
    #[serde(default, rename = "LocalNumberTrimAC")]
    local_number_trim_ac: bool,
    #[serde(default)]
    callee_format_passthrough: bool,
    #[serde(default)]
    caller_format_passthrough: bool,
    #[serde(default)]
    international_number_prefix: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    call_type: i64,
    phone_number: String,
    max_call_count: i64,
    #[serde(rename = "MaxCallPSec")]
    max_call_p_sec: i64,
    #[serde(default)]
    outbound_callee_format: String,
    #[serde(default)]
    carrier_phone_number: String,
}

/// Puts numbers on a trunk.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateOwnNumberApply {
    sip_trunk_id: i64,
    #[serde(flatten)]
    numbers: Numbers,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateOwnNumberApplyResponse {
    apply_id: i64,
}

impl Action for CreateOwnNumberApply {
    type Dialect = Ccc;
    type Response = CreateOwnNumberApplyResponse;
    const NAME: &'static str = "CreateOwnNumberApply";
    const REFUSALS: &'static [Reached] = &[
        WRONG,
        Reached {
            code: "InvalidParameter.SipTrunkNotFound",
            when: "there is no such trunk, or it carries numbers of other instances only",
        },
        NO_NUMBER,
        DUPLICATE,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let numbers = self.numbers.parse(&context.tenant.country_code)?;
        let (store, now) = (context.app.store(), context.app.now());
        let trunk = TrunkId(self.sip_trunk_id);
        let applied = store
            .apply_for_numbers(context.tenant.id, trunk, &numbers, now)
            .await
            .map_err(refused)?;
        Ok(CreateOwnNumberApplyResponse {
            apply_id: applied.id,
        })
    }
}

/// Replaces the numbers of an application. Those that stay keep what they are bound to.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyOwnNumberApply {
    apply_id: Option<i64>,
    #[serde(flatten)]
    numbers: Numbers,
}

impl Action for ModifyOwnNumberApply {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "ModifyOwnNumberApply";
    const REFUSALS: &'static [Reached] = &[
        WRONG,
        Reached {
            code: "InvalidParameterValue.ApplyIDNotExist",
            when: "`ApplyId` is absent or none of the instance's",
        },
        NO_NUMBER,
        DUPLICATE,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let numbers = self.numbers.parse(&context.tenant.country_code)?;
        let id = self.apply_id.ok_or_else(no_application)?;
        let (store, now) = (context.app.store(), context.app.now());
        store
            .change_application(context.tenant.id, id, &numbers, now)
            .await
            .map_err(refused)?;
        Ok(Nothing {})
    }
}

impl Numbers {
    fn parse(&self, country_code: &str) -> Result<Vec<OwnNumber>, Fault> {
        let by_trunk = "it is set in the prefix rules of the trunk";
        let set = [
            ("MobileNddPrefix", !self.mobile_ndd_prefix.is_empty()),
            (
                "InternationalNumberPrefix",
                !self.international_number_prefix.is_empty(),
            ),
            ("LocalNumberTrimAC", self.local_number_trim_ac),
            ("CalleeFormatPassthrough", self.callee_format_passthrough),
            ("CallerFormatPassthrough", self.caller_format_passthrough),
        ];
        if let Some((name, _)) = set.into_iter().find(|(_, is_set)| *is_set) {
            return Err(Fault::wrong_value(name, by_trunk));
        }
        let is_dialable = |c: char| c.is_ascii_digit() || "+*#".contains(c);
        if self.prefix.chars().count() > 16 || !self.prefix.chars().all(is_dialable) {
            let why = "it is at most 16 digits, +, * or #";
            return Err(Fault::wrong_value("Prefix", why));
        }
        if !(1..=NUMBERS_MAX).contains(&self.detail_list.len()) {
            return Err(Fault::wrong_value("DetailList", "it has 1 to 200 items"));
        }
        let mut numbers: Vec<OwnNumber> = Vec::with_capacity(self.detail_list.len());
        for (idx, detail) in self.detail_list.iter().enumerate() {
            let number = detail.parse(&format!("DetailList.{idx}"), &self.prefix, country_code)?;
            if numbers.iter().any(|other| other.number == number.number) {
                return Err(duplicate());
            }
            numbers.push(number);
        }
        Ok(numbers)
    }
}

impl Detail {
    fn parse(&self, at: &str, prefix: &str, country_code: &str) -> Result<OwnNumber, Fault> {
        let number = E164::parse(&self.phone_number, country_code).map_err(|_| invalid_number())?;
        let (inbound, outbound) = match self.call_type {
            INBOUND => (true, false),
            OUTBOUND => (false, true),
            BOTH => (true, true),
            _ => {
                return Err(Fault::wrong_value(
                    &format!("{at}.CallType"),
                    "it is 0, 1 or 2",
                ));
            }
        };
        let limit = |name: &str, most: i64| {
            u32::try_from(most)
                .ok()
                .filter(|_| (1..=CALLS_MAX).contains(&most))
                .ok_or_else(|| Fault::wrong_value(&format!("{at}.{name}"), "it is 1 to 10000"))
        };
        let callee_format = match self.outbound_callee_format.as_str() {
            "" => None,
            "{+E.164}" => Some(CalleeFormat::PlusE164),
            "{E.164}" => Some(CalleeFormat::E164),
            _ => {
                let name = format!("{at}.OutboundCalleeFormat");
                return Err(Fault::wrong_value(&name, "it is {+E.164} or {E.164}"));
            }
        };
        let carrier = &self.carrier_phone_number;
        let is_number = carrier.len() <= 32
            && carrier
                .trim_start_matches('+')
                .bytes()
                .all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(invalid_number());
        }
        Ok(OwnNumber {
            number,
            inbound,
            outbound,
            line: NumberLine {
                outbound_only: !inbound,
                calls_max: Some(limit("MaxCallCount", self.max_call_count)?),
                calls_per_second_max: Some(limit("MaxCallPSec", self.max_call_p_sec)?),
                callee_prefix: prefix.to_owned(),
                callee_format,
                carrier_number: Some(carrier.clone()).filter(|number| !number.is_empty()),
            },
        })
    }
}

fn refused(error: StoreError) -> Fault {
    match error {
        StoreError::NotFound { what: "trunk" } => Fault::new(
            "InvalidParameter.SipTrunkNotFound",
            "The SIP trunk does not exist.",
            "SIP 中继不存在。",
        ),
        StoreError::NotFound { .. } => no_application(),
        StoreError::Conflict { .. } => duplicate(),
        other => other.into(),
    }
}

fn no_application() -> Fault {
    Fault::new(
        "InvalidParameterValue.ApplyIDNotExist",
        "The application does not exist.",
        "审批单不存在。",
    )
}

fn duplicate() -> Fault {
    Fault::new(
        DUPLICATE.code,
        "The phone number is duplicated.",
        "号码重复。",
    )
}

fn invalid_number() -> Fault {
    Fault::new(
        NO_NUMBER.code,
        "The phone number is not valid.",
        "号码不合法。",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(numbers: serde_json::Value) -> Result<Vec<OwnNumber>, &'static str> {
        let numbers: Numbers = serde_json::from_value(numbers).unwrap();
        numbers.parse("86").map_err(|fault| fault.code)
    }

    fn detail(phone: &str, call_type: i64) -> serde_json::Value {
        json!({"CallType": call_type, "PhoneNumber": phone, "MaxCallCount": 3, "MaxCallPSec": 1})
    }

    #[test]
    fn the_vendors_sample_brings_a_number_along() {
        let found = parsed(json!({"Prefix": "1145", "DetailList": [detail("02012345678", 2)]}));
        let number = &found.unwrap()[0];
        assert_eq!(number.number.digits(), "862012345678");
        assert!(number.inbound && number.outbound && !number.line.outbound_only);
        assert_eq!(number.line.calls_max, Some(3));
        assert_eq!(number.line.callee_prefix, "1145");
    }

    #[test]
    fn what_is_wrong_has_the_vendors_code() {
        for (numbers, code) in [
            (json!({"DetailList": []}), "InvalidParameterValue"),
            (
                json!({"DetailList": [detail("02012345678", 3)]}),
                "InvalidParameterValue",
            ),
            (json!({"DetailList": [detail("bob", 2)]}), NO_NUMBER.code),
            (
                json!({"DetailList": [detail("02012345678", 2), detail("+862012345678", 0)]}),
                DUPLICATE.code,
            ),
            (
                json!({"DetailList": [detail("02012345678", 2)], "LocalNumberTrimAC": true}),
                "InvalidParameterValue",
            ),
            (
                json!({"DetailList": [detail("02012345678", 2)], "Prefix": "a"}),
                "InvalidParameterValue",
            ),
        ] {
            assert_eq!(parsed(numbers.clone()), Err(code), "{numbers}");
        }
    }
}
