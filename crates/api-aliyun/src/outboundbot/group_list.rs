//! Job groups in lists, at once or fetched later.

use api::kernel::{Action, Entry, Reached};
use model::{Campaign, CampaignId, CampaignProgress, TenantId, UnixMs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{AsyncQuery, AttemptFilter, CampaignFilter, Paging, QUERY_LIFE_MAX, StoreError};

use super::{
    Context, OutboundBot,
    job_group::{shown, status},
    paging::Paged,
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<ListJobGroups>(),
    Entry::of::<ListJobGroupsAsync>(),
];

/// Groups that are read at a time.
const READ_MAX: u32 = 1000;

/// The groups of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListJobGroups {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    async_query: bool,
}

/// What is asked for.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    page_number: Option<i64>,
    page_size: Option<i64>,
    search_text: Option<String>,
    job_group_status_filter: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(default)]
    only_min_concurrency_enabled: bool,
}

/// A page of groups.
struct Found {
    list: Vec<Value>,
    paged: Paged,
    total: i64,
}

impl Action for ListJobGroups {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListJobGroups";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let tenant = context.tenant_id()?;
        if self.async_query {
            // What is wrong is said now.
            Paged::of(self.asked.page_number, self.asked.page_size)?;
            let query = AsyncQuery {
                id: uuid::Uuid::new_v4().to_string(),
                tenant,
                body: serde_json::to_string(&self.asked)?,
                created_at: context.app().now(),
            };
            context.app().store().add_async_query(&query).await?;
            return Ok(full(json!({"AsyncTaskId": query.id})));
        }
        let Found { list, paged, total } = self.asked.found(&context, tenant).await?;
        Ok(full(json!({"JobGroups": {
            "List": list,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": total,
        }})))
    }
}

/// The answer to a `ListJobGroups` with `AsyncQuery`, as it is now.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListJobGroupsAsync {
    async_task_id: String,
}

impl Action for ListJobGroupsAsync {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListJobGroupsAsync";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "NotExist.AsyncTask",
        when: "no `ListJobGroups` of an instance of the credential gave this id within a day",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (app, gone) = (context.app(), || Fault::not_exist("AsyncTask"));
        let query = match app.store().async_query(&self.async_task_id).await {
            Ok(query) => query,
            Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => return Err(gone()),
            Err(error) => return Err(error.into()),
        };
        let is_old = app.now().since(query.created_at) >= QUERY_LIFE_MAX;
        // The request names no instance.
        if is_old || !context.credential.scope.tenants.contains(&query.tenant) {
            return Err(gone());
        }
        let asked: Asked = serde_json::from_str(&query.body)?;
        let Found { list, paged, total } = asked.found(&context, query.tenant).await?;
        Ok(full(json!({
            "JobGroups": list,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": total,
            "Timeout": false,
            // The vendor's own spelling.
            "Vaild": true,
        })))
    }
}

impl Asked {
    async fn found(&self, context: &Context, tenant: TenantId) -> Result<Found, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let filter = CampaignFilter {
            state: None,
            name_part: self.search_text.clone().filter(|text| !text.is_empty()),
            from: self.start_time.map(UnixMs),
            before: self.end_time.map(UnixMs),
        };
        let statuses = self.job_group_status_filter.as_deref().unwrap_or_default();
        let statuses: Vec<&str> = statuses
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .collect();
        let (store, now) = (context.app().store(), context.app().now());
        // A status is made of more than what the database sorts by.
        let looks_through = !statuses.is_empty() || self.only_min_concurrency_enabled;
        let (groups, total) = if looks_through {
            let mut wanted = Vec::new();
            for campaign in groups_of(context, tenant, &filter).await? {
                let is_reserved = campaign.settings.reserved > 0;
                if is_reserved || !self.only_min_concurrency_enabled {
                    wanted.push(campaign);
                }
            }
            if !statuses.is_empty() {
                let progress = progress_of(context, &wanted).await?;
                wanted = wanted
                    .into_iter()
                    .zip(&progress)
                    .filter(|(campaign, progress)| {
                        statuses.contains(&status(campaign, progress, now))
                    })
                    .map(|(campaign, _)| campaign)
                    .collect();
            }
            let total = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
            (paged.cut(wanted).collect(), total)
        } else {
            let page = store.campaigns(tenant, &filter, paged.store()).await?;
            (page.items, page.total)
        };
        let progress = progress_of(context, &groups).await?;
        let mut list = Vec::new();
        for (campaign, progress) in groups.iter().zip(&progress) {
            let mut group = listed(campaign, progress, now);
            group["TotalCallNum"] = json!(n_calls(context, campaign).await?);
            list.push(group);
        }
        Ok(Found { list, paged, total })
    }
}

/// Every group of the instance that `filter` lets through.
pub(super) async fn every_group(
    context: &Context,
    filter: &CampaignFilter,
) -> Result<Vec<Campaign>, Fault> {
    groups_of(context, context.tenant_id()?, filter).await
}

async fn groups_of(
    context: &Context,
    tenant: TenantId,
    filter: &CampaignFilter,
) -> Result<Vec<Campaign>, Fault> {
    let mut all = Vec::new();
    let mut paging = Paging::first(READ_MAX);
    loop {
        let page = context
            .app()
            .store()
            .campaigns(tenant, filter, paging)
            .await?;
        all.extend(page.items);
        paging.offset += READ_MAX;
        if i64::from(paging.offset) >= page.total {
            return Ok(all);
        }
    }
}

/// How far each of the groups is.
async fn progress_of(
    context: &Context,
    groups: &[Campaign],
) -> Result<Vec<CampaignProgress>, Fault> {
    let mut all = Vec::new();
    for groups in groups.chunks(READ_MAX as usize) {
        let ids: Vec<CampaignId> = groups.iter().map(|group| group.id.clone()).collect();
        let found = context.app().store().campaign_progress(&ids).await?;
        all.extend(
            ids.iter()
                .map(|id| found.get(id).copied().unwrap_or_default()),
        );
    }
    Ok(all)
}

/// How many calls of a group there were and are.
async fn n_calls(context: &Context, group: &Campaign) -> Result<i64, Fault> {
    let filter = AttemptFilter {
        campaign: Some(group.id.clone()),
        ..AttemptFilter::default()
    };
    let none = Paging::first(0);
    let order = store::AttemptOrder::default();
    let store = context.app().store();
    Ok(store
        .dial_attempts(group.tenant, &filter, order, none)
        .await?
        .total)
}

fn listed(campaign: &Campaign, progress: &CampaignProgress, now: UnixMs) -> Value {
    let mut group = shown(campaign, progress, now);
    group["Progress"] = json!({
        "TotalJobs": progress.total(),
        "Scheduling": progress.waiting,
        "ExecutingNum": progress.dialing,
        "PausedNum": progress.paused,
        "FailedNum": progress.failed,
        "CancelledNum": progress.canceled,
        "TotalCompleted": progress.settled(),
        "TotalNotAnswered": progress.failed,
        "StartTime": campaign.created_at.0,
        "Duration": now.since(campaign.created_at).as_secs(),
        "Status": group["Status"],
    });
    group
}
