//! Tasks of automatic callouts, which are campaigns with a number: `CreateAutoCalloutTask`,
//! `DescribeAutoCalloutTask`, `DescribeAutoCalloutTasks`, `PauseAutoCalloutTask`,
//! `ResumeAutoCalloutTask` and `StopAutoCalloutTask`.

mod create;
mod view;

use api::kernel::{Action, Entry, Reached};
use model::{CampaignState, Refusal, Tenant};
use serde::{Deserialize, Serialize};
use store::{AttemptFilter, AttemptOrder, ContactFilter, Paging, StoreError};

use super::{Ccc, Context, code};
use crate::{fault::Fault, paging};
use create::CreateAutoCalloutTask;
use view::{AutoCalloutTaskInfo, DescribeAutoCalloutTaskResponse};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<CreateAutoCalloutTask>(),
    Entry::of::<DescribeAutoCalloutTask>(),
    Entry::of::<DescribeAutoCalloutTasks>(),
    Entry::of::<PauseAutoCalloutTask>(),
    Entry::of::<ResumeAutoCalloutTask>(),
    Entry::of::<StopAutoCalloutTask>(),
];

/// Most callees of one task.
const CALLEES_MAX: usize = 10_000;

/// Most tries of one callee.
const TRIES_MAX: u32 = 3;

/// Largest page of the list.
const PAGE_MAX: u32 = 100;

/// What a task that is not there answers with.
const NOT_FOUND: Reached = Reached {
    code: "ResourceNotFound",
    when: "the instance has no task with this `TaskId`",
};

/// What a task in another state answers with.
const WRONG_STATE: Reached = Reached {
    code: "FailedOperation",
    when: "the task is not in a state for this",
};

/// One task with its callees.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAutoCalloutTask {
    task_id: i64,
}

impl Action for DescribeAutoCalloutTask {
    type Dialect = Ccc;
    type Response = DescribeAutoCalloutTaskResponse;
    const NAME: &'static str = "DescribeAutoCalloutTask";
    const REFUSALS: &'static [Reached] = &[NOT_FOUND];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (store, tenant) = (context.app.store(), context.tenant.id);
        let task = store.callout_task(tenant, self.task_id).await?;
        let contacts = ContactFilter {
            campaign: Some(task.id.clone()),
            ..ContactFilter::default()
        };
        let all = |n: usize| Paging::first(u32::try_from(n).unwrap_or(u32::MAX));
        let contacts = store.contacts(tenant, &contacts, all(CALLEES_MAX)).await?;
        let attempts = AttemptFilter {
            campaign: Some(task.id.clone()),
            ..AttemptFilter::default()
        };
        let n_attempts = CALLEES_MAX * TRIES_MAX as usize;
        let attempts = store
            .dial_attempts(tenant, &attempts, AttemptOrder::default(), all(n_attempts))
            .await?;
        let now = context.app.now();
        Ok(view::task(&task, &contacts.items, &attempts.items, now))
    }
}

/// The instance's tasks, newest first.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAutoCalloutTasks {
    page_size: i64,
    page_number: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAutoCalloutTasksResponse {
    total_count: i64,
    tasks: Vec<AutoCalloutTaskInfo>,
}

impl Action for DescribeAutoCalloutTasks {
    type Dialect = Ccc;
    type Response = DescribeAutoCalloutTasksResponse;
    const NAME: &'static str = "DescribeAutoCalloutTasks";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidParameterValue",
        when: "`PageSize` is not 1 to 100, or `PageNumber` is below 0",
    }];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let paging = paging::parse(self.page_size, self.page_number, PAGE_MAX)?;
        let (store, tenant) = (context.app.store(), context.tenant.id);
        let page = store.callout_tasks(tenant, paging).await?;
        let ids: Vec<_> = page.items.iter().map(|(_, task)| task.id.clone()).collect();
        let progress = store.campaign_progress(&ids).await?;
        let now = context.app.now();
        let tasks = page.items.iter().map(|(number, task)| {
            let progress = progress.get(&task.id).copied().unwrap_or_default();
            AutoCalloutTaskInfo::of(*number, task, &progress, now)
        });
        Ok(DescribeAutoCalloutTasksResponse {
            total_count: page.total,
            tasks: tasks.collect(),
        })
    }
}

#[derive(Serialize)]
struct Nothing {}

/// Steers a task.
macro_rules! steers {
    ($( $(#[$doc:meta])* $Action:ident $name:literal to $State:ident; )*) => { $(
        $(#[$doc])*
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct $Action {
            task_id: i64,
        }

        impl Action for $Action {
            type Dialect = Ccc;
            type Response = Nothing;
            const NAME: &'static str = $name;
            const REFUSALS: &'static [Reached] = &[NOT_FOUND, WRONG_STATE];

            async fn run(self, context: Context) -> Result<Self::Response, Fault> {
                steer(&context, self.task_id, CampaignState::$State).await
            }
        }
    )* };
}

steers! {
    /// No further callee is dialled; calls that were begun go on.
    PauseAutoCalloutTask "PauseAutoCalloutTask" to Paused;
    /// It goes on.
    ResumeAutoCalloutTask "ResumeAutoCalloutTask" to Running;
    /// It ends for good; calls that were begun go on.
    StopAutoCalloutTask "StopAutoCalloutTask" to Canceled;
}

async fn steer(context: &Context, number: i64, to: CampaignState) -> Result<Nothing, Fault> {
    let (app, tenant) = (&context.app, context.tenant.id);
    let task = app.store().callout_task(tenant, number).await?;
    app.move_campaign(tenant, &task.id, to).await?;
    Ok(Nothing {})
}

impl Action for CreateAutoCalloutTask {
    type Dialect = Ccc;
    type Response = create::CreateAutoCalloutTaskResponse;
    const NAME: &'static str = "CreateAutoCalloutTask";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "a field has a value out of its range, a number cannot be dialled, or the agent or IVR is unknown: an IVR is a voice agent with a flow",
        },
        Reached {
            code: "MissingParameter",
            when: "neither `AIAgentId` nor `IvrId` is given",
        },
        Reached {
            code: "UnsupportedOperation",
            when: "`TriggerStrategy`, working days or holidays of a country, or hours that differ between days are asked for",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        self.check_agent(&context.tenant, &context).await?;
        let draft = self.draft(&context.tenant)?;
        let contacts = self.contacts(&context.tenant)?;
        let app = &context.app;
        let task_id = app
            .create_callout_task(context.tenant.id, &draft, contacts)
            .await?;
        Ok(create::CreateAutoCalloutTaskResponse { task_id })
    }
}

impl CreateAutoCalloutTask {
    async fn check_agent(&self, tenant: &Tenant, context: &Context) -> Result<(), Fault> {
        let agent = self.agent()?;
        let unknown_ivr = || Fault::wrong_value("IvrId", "the instance has no such IVR");
        match context.app.store().voice_agent(tenant.id, agent).await {
            Ok(found) if self.ivr().is_some() => {
                let parsed = app::agent_document::parse(&found.settings.definition);
                let is_flow = parsed.is_ok_and(|parsed| parsed.is_flow());
                is_flow.then_some(()).ok_or_else(unknown_ivr)
            }
            Ok(_) => Ok(()),
            Err(StoreError::NotFound { .. }) if self.ivr().is_some() => Err(unknown_ivr()),
            Err(StoreError::NotFound { .. }) => Err(code::of(&Refusal::NotFound {
                what: "voice agent",
            })),
            Err(error) => Err(error.into()),
        }
    }
}
