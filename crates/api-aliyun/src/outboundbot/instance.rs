//! Instances: reading, listing and changing tenants. `CreateInstance` belongs to an operator and is
//! done in the native API.

use api::kernel::{Action, Entry, Reached};
use model::Tenant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::StoreError;

use super::{Context, OutboundBot, paging::Paged};
use crate::{envelope::full, fault::Fault, outboundbot::dialogue::short};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<DescribeInstance>(),
    Entry::of::<ListInstances>(),
    Entry::of::<ModifyInstance>(),
];

/// Longest name of an instance.
const NAME_MAX: usize = 64;

const GONE: Reached = Reached {
    code: "NotExist.Instance",
    when: "no instance has the `InstanceId`, or the credential may do nothing for it",
};

/// An instance as all three show it. What has no counterpart here is absent or empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Instance {
    instance_id: String,
    instance_name: String,
    instance_description: String,
    max_concurrent_conversation: i64,
    creation_time: i64,
    creator_id: i64,
    creator_name: &'static str,
    owner_name: &'static str,
    resource_group_id: &'static str,
}

async fn shown(context: &Context, tenant: Tenant) -> Result<Instance, Fault> {
    let store = context.app().store();
    let named = store.name_of_instance(tenant.id).await?;
    let (quota, _) = store.quota(tenant.id).await?;
    let (id, description) = match named {
        Some(named) => (named.name, named.description),
        None => (tenant.id.to_string(), String::new()),
    };
    Ok(Instance {
        instance_id: id,
        instance_name: tenant.name,
        instance_description: description,
        max_concurrent_conversation: quota.agent_calls_max.unwrap_or_default(),
        creation_time: tenant.created_at.0,
        creator_id: 0,
        creator_name: "",
        owner_name: "",
        resource_group_id: "",
    })
}

/// One instance.
#[derive(Deserialize)]
struct DescribeInstance {}

impl Action for DescribeInstance {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DescribeInstance";
    const REFUSALS: &'static [Reached] = &[GONE];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let tenant = context.tenant().await?;
        Ok(full(json!({"Instance": shown(&context, tenant).await?})))
    }
}

/// The instances that the credential may act for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInstances {
    name: Option<String>,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for ListInstances {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListInstances";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let wanted = self.name.unwrap_or_default();
        let mut all = Vec::new();
        for id in &context.credential.scope.tenants {
            match context.app().store().tenant(*id).await {
                Ok(tenant) if tenant.name.contains(&wanted) => all.push(tenant),
                Ok(_) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let total = all.len();
        let mut shown_now = Vec::new();
        for tenant in paged.cut(all) {
            shown_now.push(shown(&context, tenant).await?);
        }
        Ok(full(json!({
            "Instances": shown_now,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": total,
        })))
    }
}

/// Another name for an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyInstance {
    instance_name: Option<String>,
}

impl Action for ModifyInstance {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ModifyInstance";
    const REFUSALS: &'static [Reached] = &[
        GONE,
        Reached {
            code: "InvalidInstanceName",
            when: "the name has not 1 to 64 characters",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let mut tenant = context.tenant().await?;
        if let Some(name) = self.instance_name {
            short("InstanceName", &name, NAME_MAX)?;
            if name.is_empty() {
                return Err(Fault::invalid("InstanceName", "it has 1 to 64 characters"));
            }
            tenant.name = name;
            context.app().store().update_tenant(&tenant).await?;
        }
        Ok(full(json!({"Instance": shown(&context, tenant).await?})))
    }
}
