//! Instances: tenants, made, read, listed and changed.
//!
//! An instance that is made here belongs to the credential that made it. It has no number: these are
//! set by an operator, so a new instance telephones nobody.

use api::kernel::{Action, Entry, Reached};
use model::{Tenant, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{InstanceName, StoreError};

use super::{Context, OutboundBot, paging::Paged};
use crate::{envelope::full, fault::Fault, outboundbot::dialogue::short};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<CreateInstance>(),
    Entry::of::<DescribeInstance>(),
    Entry::of::<ListInstances>(),
    Entry::of::<ModifyInstance>(),
    Entry::of::<DeleteInstance>(),
];

/// Longest name of an instance.
const NAME_MAX: usize = 64;

const GONE: Reached = Reached {
    code: "NotExist.Instance",
    when: "no instance has the `InstanceId`, or the credential may do nothing for it",
};

/// Instances of one credential.
const INSTANCES_MAX: usize = 100;

/// Calls at once that an instance may ask for.
const CONVERSATIONS_MAX: i64 = 10_000;

const BAD_NAME: Reached = Reached {
    code: "InvalidInstanceName",
    when: "the name has not 1 to 64 characters",
};
const BAD_LIMIT: Reached = Reached {
    code: "InvalidMaxConcurrentConversation",
    when: "the limit is not 1 to 10,000",
};
const NO_NUMBERS: Reached = Reached {
    code: "InvalidCallingNumber",
    when: "numbers are given that the instance does not have: an operator gives them in the native API",
};

/// Calls at once that an instance may have: what it asked for, within its quota; 0 is no limit.
pub(super) async fn concurrency(context: &Context, tenant: TenantId) -> Result<i64, Fault> {
    let store = context.app().store();
    let (quota, _) = store.quota(tenant).await?;
    let named = store.name_of_instance(tenant).await?;
    let limits = [
        quota.agent_calls_max,
        named.and_then(|named| named.n_conversations_max),
    ];
    Ok(limits.into_iter().flatten().min().unwrap_or_default())
}

/// Numbers that are given must be there: they are set elsewhere.
async fn check_numbers(
    context: &Context,
    tenant: Option<TenantId>,
    numbers: &[String],
) -> Result<(), Fault> {
    let fault = || Fault::invalid("CallingNumber", "an operator gives numbers to instances");
    for text in numbers {
        let number = model::E164::parse(text, "86").map_err(|_| fault())?;
        match context.app().store().number(&number).await {
            Ok((_, found)) if Some(found.tenant) == tenant => {}
            Ok(_) | Err(StoreError::NotFound { .. }) => return Err(fault()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn checked(name: &str, n_conversations_max: i64) -> Result<(), Fault> {
    short("InstanceName", name, NAME_MAX)?;
    if name.is_empty() {
        return Err(Fault::invalid("InstanceName", "it has 1 to 64 characters"));
    }
    if !(1..=CONVERSATIONS_MAX).contains(&n_conversations_max) {
        return Err(Fault::invalid(
            "MaxConcurrentConversation",
            "it is 1 to 10000",
        ));
    }
    Ok(())
}

/// An instance as all show it. What has no counterpart here is absent or empty.
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
    let max_concurrent_conversation = concurrency(context, tenant.id).await?;
    let (id, description) = match named {
        Some(named) => (named.name, named.description),
        None => (tenant.id.to_string(), String::new()),
    };
    Ok(Instance {
        instance_id: id,
        instance_name: tenant.name,
        instance_description: description,
        max_concurrent_conversation,
        creation_time: tenant.created_at.0,
        creator_id: 0,
        creator_name: "",
        owner_name: "",
        resource_group_id: "",
    })
}

/// A new instance of the credential.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateInstance {
    instance_name: String,
    #[serde(default)]
    instance_description: String,
    max_concurrent_conversation: i64,
    #[serde(default)]
    calling_number: Vec<String>,
}

impl Action for CreateInstance {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "CreateInstance";
    const REFUSALS: &'static [Reached] = &[
        BAD_NAME,
        BAD_LIMIT,
        NO_NUMBERS,
        Reached {
            code: "LimitExceeded.Instance",
            when: "the credential has 100 instances",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        checked(&self.instance_name, self.max_concurrent_conversation)?;
        short("InstanceDescription", &self.instance_description, 1024)?;
        check_numbers(&context, None, &self.calling_number).await?;
        if context.credential.scope.tenants.len() >= INSTANCES_MAX {
            let message = "A credential has 100 instances at most.";
            return Err(Fault::new(400, "LimitExceeded.Instance", message));
        }
        let (store, now) = (context.app().store(), context.app().now());
        let name = InstanceName {
            name: uuid::Uuid::new_v4().to_string(),
            tenant: TenantId(0),
            description: self.instance_description,
            n_conversations_max: Some(self.max_concurrent_conversation),
            created_at: now,
        };
        let made = store
            .create_instance(&context.credential.id, &self.instance_name, name)
            .await?;
        context.gate.forget(&context.credential.id);
        Ok(full(json!({"Instance": shown(&context, made).await?})))
    }
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

/// Another name, description or limit for an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyInstance {
    instance_name: Option<String>,
    instance_description: Option<String>,
    max_concurrent_conversation: i64,
    #[serde(default)]
    calling_number: Vec<String>,
}

impl Action for ModifyInstance {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ModifyInstance";
    const REFUSALS: &'static [Reached] = &[GONE, BAD_NAME, BAD_LIMIT, NO_NUMBERS];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let mut tenant = context.tenant().await?;
        if let Some(name) = self.instance_name {
            tenant.name = name;
        }
        checked(&tenant.name, self.max_concurrent_conversation)?;
        let description = self.instance_description;
        short(
            "InstanceDescription",
            description.as_deref().unwrap_or_default(),
            1024,
        )?;
        check_numbers(&context, Some(tenant.id), &self.calling_number).await?;
        let store = context.app().store();
        let named = store.name_of_instance(tenant.id).await?;
        let present = named.clone().unwrap_or_else(|| InstanceName {
            name: tenant.id.to_string(),
            tenant: tenant.id,
            description: String::new(),
            n_conversations_max: None,
            created_at: context.app().now(),
        });
        let changed = InstanceName {
            description: description.unwrap_or(present.description),
            n_conversations_max: Some(self.max_concurrent_conversation),
            ..present
        };
        match named {
            Some(_) => store.update_instance_name(&changed).await?,
            None => store.add_instance_name(&changed).await?,
        }
        store.update_tenant(&tenant).await?;
        context.app().wake_campaigns();
        Ok(full(json!({"Instance": shown(&context, tenant).await?})))
    }
}

/// Removes an instance that owns nothing any more.
#[derive(Deserialize)]
struct DeleteInstance {}

impl Action for DeleteInstance {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DeleteInstance";
    const REFUSALS: &'static [Reached] = &[
        GONE,
        Reached {
            code: "InvalidInstanceId",
            when: "the instance owns calls, numbers, voice agents, sounds, webhook endpoints, staff or job groups: who was called must stay known",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let tenant = context.tenant_id()?;
        match context.app().store().remove_tenant(tenant).await {
            Ok(()) => {}
            Err(StoreError::NotFound { .. }) => return Err(Fault::no_instance()),
            Err(StoreError::Conflict { what }) => return Err(Fault::invalid("InstanceId", &what)),
            Err(error) => return Err(error.into()),
        }
        context.gate.forget(&context.credential.id);
        Ok(full(json!({})))
    }
}
