//! Rules of an instance's calls: whom it never calls, and how often it calls one number in a day.
//!
//! They are the call rules of the tenant, which hold for all its calls, however they come about.

use api::kernel::{Action, Entry, Reached};
use model::E164;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Context, OutboundBot, dialogue::short, paging::Paged};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<GetContactBlockList>(),
    Entry::of::<SaveContactBlockList>(),
    Entry::of::<DeleteContactBlockList>(),
    Entry::of::<GetMaxAttemptsPerDay>(),
    Entry::of::<SaveMaxAttemptsPerDay>(),
];

/// The vendor's level of rules that hold for an instance, the only one here.
const OF_INSTANCE: i64 = 2;

/// Calls to one number in a day that a rule may allow.
const PER_DAY_MAX: i64 = 100;

/// The vendor's default of a rule that is saved without a number.
const PER_DAY: i64 = 3;

/// Numbers of one request.
const NUMBERS_MAX: usize = 1000;

const BAD_LEVEL: Reached = Reached {
    code: "InvalidStrategyLevel",
    when: "the level is not 2: rules hold for an instance here",
};

/// Who is never called.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetContactBlockList {
    instance_id: String,
    #[serde(default)]
    search_pattern: String,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

/// What is kept beside a number that is never called.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Blocked {
    name: String,
    remark: String,
    creator: String,
}

impl Action for GetContactBlockList {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "GetContactBlockList";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let (store, tenant) = (context.app().store(), context.tenant_id()?);
        let part = Some(self.search_pattern).filter(|part| !part.is_empty());
        let page = store
            .do_not_call_with_notes(tenant, part.as_deref(), paged.store())
            .await?;
        let list: Vec<Value> = page
            .items
            .into_iter()
            .map(|entry| {
                let kept: Blocked = serde_json::from_str(&entry.notes).unwrap_or_default();
                json!({
                    "ContactBlockListId": entry.number.digits(),
                    "PhoneNumber": entry.number.to_string(),
                    "CreationTime": entry.created_at.0,
                    "InstanceId": self.instance_id,
                    "Name": kept.name,
                    "Remark": kept.remark,
                    "Creator": kept.creator,
                    "Operator": "",
                })
            })
            .collect();
        Ok(full(json!({"ContactBlocklistList": {
            "List": list,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": page.total,
        }})))
    }
}

/// Puts numbers on the list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SaveContactBlockList {
    contact_block_lists_json: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Blocking {
    phone_number: String,
    #[serde(flatten)]
    kept: Blocked,
}

impl Action for SaveContactBlockList {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "SaveContactBlockList";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidContactBlockListsJson",
        when: "it is no JSON list of 1 to 1,000 contacts with a telephone number each",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        const FIELD: &str = "ContactBlockListsJson";
        let contacts: Vec<Blocking> = serde_json::from_str(&self.contact_block_lists_json)
            .map_err(|error| {
                Fault::invalid(FIELD, &format!("it is a list of contacts: {error}"))
            })?;
        if !(1..=NUMBERS_MAX).contains(&contacts.len()) {
            return Err(Fault::invalid(FIELD, "it has 1 to 1000 contacts"));
        }
        let tenant = context.tenant().await?;
        let mut numbers = Vec::new();
        for contact in &contacts {
            let number = E164::parse(&contact.phone_number, &tenant.country_code)
                .map_err(|_| Fault::invalid(FIELD, "a contact has no telephone number"))?;
            let kept = serde_json::to_string(&contact.kept)?;
            short(FIELD, &kept, 1024)?;
            numbers.push((number, kept));
        }
        let (store, now) = (context.app().store(), context.app().now());
        let n = store
            .add_do_not_call_with_notes(tenant.id, &numbers, now)
            .await?;
        Ok(full(json!({"AffectedRows": n})))
    }
}

/// Takes a number off the list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteContactBlockList {
    contact_block_list_id: String,
}

impl Action for DeleteContactBlockList {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DeleteContactBlockList";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "NotExist.ContactBlockList",
        when: "no number on the list has this id",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let gone = || Fault::not_exist("ContactBlockList");
        let text = format!("+{}", self.contact_block_list_id.trim_start_matches('+'));
        let number = E164::parse(&text, "86").map_err(|_| gone())?;
        let (store, tenant) = (context.app().store(), context.tenant_id()?);
        match store.remove_do_not_call(tenant, &[number]).await? {
            0 => Err(gone()),
            n => Ok(full(json!({"AffectedRows": n}))),
        }
    }
}

/// How often one number may be called in a day.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetMaxAttemptsPerDay {
    strategy_level: Option<i64>,
}

impl Action for GetMaxAttemptsPerDay {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "GetMaxAttemptsPerDay";
    const REFUSALS: &'static [Reached] = &[BAD_LEVEL];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        of_instance(self.strategy_level)?;
        let rules = context
            .app()
            .store()
            .call_rules(context.tenant_id()?)
            .await?;
        // Absent: the instance has no such rule.
        Ok(full(json!({"MaxAttemptsPerDay": rules.callee_per_day})))
    }
}

/// Says how often one number may be called in a day.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SaveMaxAttemptsPerDay {
    strategy_level: Option<i64>,
    max_attempts_per_day: Option<i64>,
}

impl Action for SaveMaxAttemptsPerDay {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "SaveMaxAttemptsPerDay";
    const REFUSALS: &'static [Reached] = &[
        BAD_LEVEL,
        Reached {
            code: "InvalidMaxAttemptsPerDay",
            when: "the number is not 1 to 100",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        of_instance(self.strategy_level)?;
        let n = self.max_attempts_per_day.unwrap_or(PER_DAY);
        if !(1..=PER_DAY_MAX).contains(&n) {
            return Err(Fault::invalid("MaxAttemptsPerDay", "it is 1 to 100"));
        }
        let (store, tenant) = (context.app().store(), context.tenant_id()?);
        let mut rules = store.call_rules(tenant).await?;
        rules.callee_per_day = u32::try_from(n).ok();
        store.set_call_rules(tenant, &rules).await?;
        Ok(full(json!({})))
    }
}

fn of_instance(level: Option<i64>) -> Result<(), Fault> {
    match level.unwrap_or(OF_INSTANCE) {
        OF_INSTANCE => Ok(()),
        _ => Err(Fault::invalid(
            "StrategyLevel",
            "rules hold for an instance here: 2",
        )),
    }
}
