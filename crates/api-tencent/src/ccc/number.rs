//! Numbers, the skill groups that call out with them, and whom their calls ask: `DescribeNumbers`,
//! `BindNumberCallOutSkillGroup`, `UnbindNumberCallOutSkillGroup`, `BindNumberCallInInterface`,
//! `DisableCCCPhoneNumber`.

use api::kernel::{Action, Entry, Reached};
use model::{E164, TrunkNumber};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{
    Ccc, Context,
    skill_group::{group_ids, joined},
    staff::{DATABASE, NO_GROUP, Nothing},
};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DescribeNumbers>(),
    Entry::of::<BindNumberCallOutSkillGroup>(),
    Entry::of::<UnbindNumberCallOutSkillGroup>(),
    Entry::of::<BindNumberCallInInterface>(),
    Entry::of::<DisableCCCPhoneNumber>(),
];

/// Largest page of the list, and its size where the request does not say.
const PAGE_MAX: u32 = 100;
const PAGE_DEFAULT: i64 = 20;
/// Numbers that one request switches.
const NUMBERS_MAX: usize = 200;
/// The number may be used.
const NORMAL: i64 = 1;
/// An administrator took it out of use.
const DISABLED: i64 = 4;
/// Every number here is brought along, on a trunk of the customer.
const OWN: i64 = 1;

const NO_NUMBER: Reached = Reached {
    code: "InvalidParameterValue.PhoneNumInvalid",
    when: "`Number` is no telephone number, or none of the instance's",
};
const NO_LIST: Reached = Reached {
    code: "InvalidParameterValue",
    when: "`SkillGroupIds` is empty or has more than 200 items",
};

/// The instance's numbers in the order in which they were added.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeNumbers {
    #[serde(default)]
    page_number: i64,
    page_size: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeNumbersResponse {
    total_count: i64,
    numbers: Vec<NumberInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NumberInfo {
    number: String,
    call_out_skill_group_ids: Vec<i64>,
    state: i64,
    cost_type: i64,
}

impl Action for DescribeNumbers {
    type Dialect = Ccc;
    type Response = DescribeNumbersResponse;
    const NAME: &'static str = "DescribeNumbers";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`PageSize` is not 1 to 100, or `PageNumber` is below 0",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let size = self.page_size.unwrap_or(PAGE_DEFAULT);
        let paging = paging::parse(size, self.page_number, PAGE_MAX)?;
        let store = context.app.store();
        let page = store.numbers(Some(context.tenant.id), paging).await?;
        let mut numbers = Vec::with_capacity(page.items.len());
        for (_, number) in page.items {
            let groups = store.groups_of_number(&number.number).await?;
            let groups = groups.into_iter().map(|group| group.0).collect();
            numbers.push(NumberInfo::of(&number, groups));
        }
        Ok(DescribeNumbersResponse {
            total_count: page.total,
            numbers,
        })
    }
}

impl NumberInfo {
    fn of(number: &TrunkNumber, call_out_skill_group_ids: Vec<i64>) -> Self {
        Self {
            number: number.number.with_00(),
            call_out_skill_group_ids,
            state: if number.enabled { NORMAL } else { DISABLED },
            cost_type: OWN,
        }
    }
}

/// Lets skill groups call out with a number.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BindNumberCallOutSkillGroup {
    number: String,
    skill_group_ids: Vec<i64>,
}

impl Action for BindNumberCallOutSkillGroup {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "BindNumberCallOutSkillGroup";
    const REFUSALS: &'static [Reached] = &[NO_LIST, NO_NUMBER, NO_GROUP, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let groups = group_ids("SkillGroupIds", &self.skill_group_ids)?;
        let number = parsed(&context, &self.number)?;
        let (store, now) = (context.app.store(), context.app.now());
        store
            .bind_number(context.tenant.id, &number, &groups, now)
            .await
            .map_err(unbound)?;
        Ok(Nothing {})
    }
}

/// Stops skill groups from calling out with a number.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UnbindNumberCallOutSkillGroup {
    number: String,
    skill_group_ids: Vec<i64>,
}

impl Action for UnbindNumberCallOutSkillGroup {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "UnbindNumberCallOutSkillGroup";
    const REFUSALS: &'static [Reached] = &[NO_LIST, NO_NUMBER, NO_GROUP, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let groups = group_ids("SkillGroupIds", &self.skill_group_ids)?;
        let number = parsed(&context, &self.number)?;
        let (store, now) = (context.app.store(), context.app.now());
        store
            .unbind_number(context.tenant.id, &number, &groups, now)
            .await
            .map_err(unbound)?;
        Ok(Nothing {})
    }
}

/// Sets the address that calls to a number ask which voice agent answers; without `CallInInterface`
/// nobody is asked any more.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BindNumberCallInInterface {
    number: String,
    call_in_interface: Option<Interface>,
    #[serde(default)]
    number_type: String,
}

#[derive(Deserialize)]
struct Interface {
    #[serde(rename = "URL")]
    url: String,
}

impl Action for BindNumberCallInInterface {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "BindNumberCallInInterface";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`URL` is no http or https address of at most 2048 characters, or `NumberType` is `inner`: internal numbers are called by phones of the instance only",
        },
        NO_NUMBER,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        if !matches!(self.number_type.as_str(), "" | "number") {
            return Err(Fault::wrong_value("NumberType", "it is number"));
        }
        let number = parsed(&context, &self.number)?;
        let url = self.call_in_interface.map(|interface| interface.url);
        let url = url.filter(|url| !url.is_empty());
        if url.as_ref().is_some_and(|url| !app::is_web_address(url)) {
            let why = "it is an http or https address";
            return Err(Fault::wrong_value("CallInInterface.URL", why));
        }
        let store = context.app.store();
        store
            .set_number_callback(context.tenant.id, &number, url.as_deref())
            .await
            .map_err(unbound)?;
        Ok(Nothing {})
    }
}

/// Takes numbers out of use, or puts them back; all or none.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DisableCCCPhoneNumber {
    phone_numbers: Vec<String>,
    disabled: i64,
}

impl Action for DisableCCCPhoneNumber {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "DisableCCCPhoneNumber";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`PhoneNumbers` has not 1 to 200 items, or `Disabled` is not 0 or 1",
        },
        NO_NUMBER,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        if !(1..=NUMBERS_MAX).contains(&self.phone_numbers.len()) {
            return Err(Fault::wrong_value("PhoneNumbers", "it has 1 to 200 items"));
        }
        let enabled = match self.disabled {
            0 => true,
            1 => false,
            _ => return Err(Fault::wrong_value("Disabled", "it is 0 or 1")),
        };
        let numbers: Result<Vec<E164>, Fault> = self
            .phone_numbers
            .iter()
            .map(|text| parsed(&context, text))
            .collect();
        let store = context.app.store();
        store
            .enable_numbers(context.tenant.id, &numbers?, enabled)
            .await
            .map_err(unbound)?;
        Ok(Nothing {})
    }
}

fn parsed(context: &Context, text: &str) -> Result<E164, Fault> {
    E164::parse(text, &context.tenant.country_code).map_err(|_| no_number())
}

fn unbound(error: StoreError) -> Fault {
    match error {
        StoreError::NotFound { what: "number" } => no_number(),
        other => joined(app::Fault::Store(other)),
    }
}

fn no_number() -> Fault {
    Fault::new(
        NO_NUMBER.code,
        "The phone number is not valid here.",
        "号码无效。",
    )
}

#[cfg(test)]
mod tests {
    use model::TenantId;

    use super::*;
    use crate::{definition, sample::assert_fields};

    #[test]
    fn a_number_has_every_field_of_the_vendor() {
        let number = TrunkNumber {
            number: E164::parse("+8675512345678", "86").unwrap(),
            tenant: TenantId(1_400_000_001),
            outbound: true,
            inbound_agent: None,
            inbound_group: None,
            enabled: false,
        };
        let info = NumberInfo::of(&number, vec![7]);
        assert_eq!(
            (info.number.as_str(), info.state),
            ("008675512345678", DISABLED)
        );
        assert_fields(&info, definition::ccc().object("NumberInfo"));
    }
}
