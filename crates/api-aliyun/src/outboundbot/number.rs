//! Numbers of instances. They are set on trunks by an operator, in the native API; here they are read.

use api::kernel::{Action, Entry, Reached};
use model::E164;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Paging, StoreError};

use super::{Context, OutboundBot, paging::Paged};
use crate::{definition, envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<ListOutboundCallNumbers>(),
    Entry::of::<DescribeTenantBindNumber>(),
    Entry::of::<GetCurrentConcurrency>(),
    Entry::of::<GetVersion>(),
];

/// The numbers that an instance may show.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutboundCallNumbers {
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for ListOutboundCallNumbers {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListOutboundCallNumbers";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let tenant = context.tenant_id()?;
        let store = context.app().store();
        let page = store.numbers(Some(tenant), paged.store()).await?;
        let numbers: Vec<Value> = page
            .items
            .iter()
            .map(|(_, number)| {
                json!({
                    "Number": number.number.to_string(),
                    "OutboundCallNumberId": number.number.digits(),
                    "RateLimitCount": "",
                    "RateLimitPeriod": "",
                })
            })
            .collect();
        Ok(full(json!({"OutboundCallNumbers": {
            "List": numbers,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": page.total,
        }})))
    }
}

/// Which instances of the credential may show a number.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTenantBindNumber {
    number: Option<String>,
}

impl Action for DescribeTenantBindNumber {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DescribeTenantBindNumber";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidNumber",
        when: "the number is no telephone number",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let text = self.number.ok_or_else(|| Fault::missing("Number"))?;
        let store = context.app().store();
        let mut list = Vec::new();
        for id in &context.credential.scope.tenants {
            let tenant = match store.tenant(*id).await {
                Ok(tenant) => tenant,
                Err(StoreError::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let number = E164::parse(&text, &tenant.country_code)
                .map_err(|_| Fault::invalid("Number", "it is no telephone number"))?;
            let is_bound = match store.number(&number).await {
                Ok((_, found)) => found.tenant == *id && found.outbound && found.enabled,
                Err(StoreError::NotFound { .. }) => false,
                Err(error) => return Err(error.into()),
            };
            let named = store.name_of_instance(*id).await?;
            list.push(json!({
                "InstanceId": named.map_or_else(|| id.to_string(), |named| named.name),
                "InstanceName": tenant.name,
                "IsBinding": is_bound,
            }));
        }
        Ok(full(json!({"Data": {"List": list}})))
    }
}

/// How many calls of an instance run, and how many may.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetCurrentConcurrency {
    instance_id: String,
}

impl Action for GetCurrentConcurrency {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "GetCurrentConcurrency";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (store, tenant) = (context.app().store(), context.tenant_id()?);
        let running = store.active_calls(tenant, Paging::first(0)).await?.total;
        Ok(full(json!({
            "InstanceId": self.instance_id,
            "CurrentConcurrency": running,
            "MaxConcurrentConversation": super::instance::concurrency(&context, tenant).await?,
        })))
    }
}

/// The version of these actions.
#[derive(Deserialize)]
struct GetVersion {}

impl Action for GetVersion {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "GetVersion";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, _: Context) -> Result<Value, Fault> {
        Ok(full(json!({"Version": definition::VERSION})))
    }
}
