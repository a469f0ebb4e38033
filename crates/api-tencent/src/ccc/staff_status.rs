//! What staff can take: `DescribeStaffStatusMetrics`, `DescribeStaffStatusHistory`,
//! `SetStaffStatus`, `ForceMemberOffline`, `RestoreMemberOnline`; and `CreateAdminURL`.

use std::time::Duration;

use api::kernel::{Action, Entry, Reached};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::presence::Wish;
use model::{
    MobileAccept, Permission, Presence, Refusal, SkillGroupId, Staff, StaffDraft, StaffStatus,
    StatusChange, UnixMs,
};
use serde::{Deserialize, Serialize};
use store::{Paging, StaffFilter};

use super::{
    Ccc, Context, permission_denied,
    staff::{DATABASE, DENIED, NO_ACCOUNT, Nothing, own_staff, staff_of},
};
use crate::fault::{Fault, Language};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DescribeStaffStatusMetrics>(),
    Entry::of::<DescribeStaffStatusHistory>(),
    Entry::of::<SetStaffStatus>(),
    Entry::of::<ForceMemberOffline>(),
    Entry::of::<RestoreMemberOnline>(),
    Entry::of::<CreateAdminUrl>(),
];

/// Most values of one filter.
const FILTER_MAX: usize = 1_000;
/// Most people of one answer: as many as an instance may have.
const METRICS_MAX: u32 = 9_999;
/// How far back the history goes.
const HISTORY: Duration = Duration::from_secs(180 * 24 * 3600);
/// Longest time that one request may ask for; it has to be shorter.
const WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);
/// Largest page of the history, and its size where the request does not say.
const PAGE_MAX: i64 = 1_000;
const PAGE_DEFAULT: i64 = 100;
/// Most people whose status one request sets.
const SET_MAX: usize = 10;
/// How long a link to the console is good.
const LINK_TTL: Duration = Duration::from_secs(10 * 60);
/// The person is in a call.
const SEAT_BUSY: &str = "FailedOperation.SeatStatusBusy";

/// Present status and times of today, by id.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeStaffStatusMetrics {
    #[serde(default)]
    staff_list: Vec<String>,
    #[serde(default)]
    group_id_list: Vec<i64>,
    #[serde(default)]
    status_list: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeStaffStatusMetricsResponse {
    metrics: Vec<StaffStatusMetrics>,
}

/// Times are seconds since midnight in the instance's time zone.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StaffStatusMetrics {
    email: String,
    status: &'static str,
    status_extra: StaffStatusExtra,
    online_duration: u64,
    free_duration: u64,
    busy_duration: u64,
    not_ready_duration: u64,
    rest_duration: u64,
    after_call_work_duration: u64,
    reason: String,
    reserve_rest: bool,
    reserve_not_ready: bool,
    use_mobile_accept: i64,
    use_mobile_call_out: bool,
    last_online_timestamp: i64,
    last_status_timestamp: i64,
    client_info: Vec<ClientInfo>,
}

/// What a busy person is busy with; empty for others. Which way the work came is not known here.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StaffStatusExtra {
    #[serde(rename = "Type")]
    kind: &'static str,
    direct: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ClientInfo {
    client_type: &'static str,
    is_connected: bool,
}

impl Action for DescribeStaffStatusMetrics {
    type Dialect = Ccc;
    type Response = DescribeStaffStatusMetricsResponse;
    const NAME: &'static str = "DescribeStaffStatusMetrics";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "a filter has more than 1000 values, or `StatusList` names no status",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let filter = self.filter(&context)?;
        let store = context.app.store();
        let page = store
            .staff_list(&filter, Paging::first(METRICS_MAX))
            .await?;
        let mut metrics = Vec::with_capacity(page.items.len());
        for staff in page.items {
            metrics.push(StaffStatusMetrics::of(&context, staff).await?);
        }
        Ok(DescribeStaffStatusMetricsResponse { metrics })
    }
}

impl DescribeStaffStatusMetrics {
    fn filter(self, context: &Context) -> Result<StaffFilter, Fault> {
        for (name, count) in [
            ("StaffList", self.staff_list.len()),
            ("GroupIdList", self.group_id_list.len()),
            ("StatusList", self.status_list.len()),
        ] {
            if count > FILTER_MAX {
                return Err(Fault::wrong_value(name, "it holds at most 1000 values"));
            }
        }
        let status = |word: &String| {
            status_of(word).ok_or_else(|| Fault::wrong_value("StatusList", "it names no status"))
        };
        Ok(StaffFilter {
            tenant: Some(context.tenant.id),
            emails: self
                .staff_list
                .iter()
                .map(|email| StaffDraft::normal_email(email))
                .collect(),
            modified_from: None,
            skill_groups: self.group_id_list.into_iter().map(SkillGroupId).collect(),
            statuses: self
                .status_list
                .iter()
                .map(status)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl StaffStatusMetrics {
    async fn of(context: &Context, staff: Staff) -> Result<Self, Fault> {
        let app = &context.app;
        let lasted = app.status_times(&context.tenant, &staff).await?;
        let sign_ins = app.store().sign_ins(staff.id, app.now()).await?;
        let seconds = |status| lasted.get(&status).map_or(0, Duration::as_secs);
        let online = lasted
            .iter()
            .filter(|(status, _)| **status != StaffStatus::Offline)
            .map(|(_, lasted)| *lasted)
            .sum::<Duration>();
        Ok(Self {
            online_duration: online.as_secs(),
            free_duration: seconds(StaffStatus::Free),
            busy_duration: seconds(StaffStatus::Busy),
            not_ready_duration: seconds(StaffStatus::NotReady),
            rest_duration: seconds(StaffStatus::Rest),
            after_call_work_duration: seconds(StaffStatus::WrapUp),
            client_info: sign_ins
                .first()
                .map(|_| ClientInfo {
                    client_type: "Web",
                    is_connected: true,
                })
                .into_iter()
                .collect(),
            ..Self::at_present(staff)
        })
    }

    /// Everything but the times.
    fn at_present(staff: Staff) -> Self {
        let Presence {
            status,
            reason,
            since,
            reserved,
            last_online_at,
            ..
        } = staff.presence;
        let reserves = |status| reserved.as_ref().is_some_and(|next| next.status == status);
        Self {
            email: staff.settings.email,
            status: word_of(status),
            status_extra: match status {
                StaffStatus::Busy => StaffStatusExtra {
                    kind: "all",
                    direct: "",
                },
                StaffStatus::Free
                | StaffStatus::WrapUp
                | StaffStatus::Rest
                | StaffStatus::NotReady
                | StaffStatus::Offline => StaffStatusExtra::default(),
            },
            reserve_rest: reserves(StaffStatus::Rest),
            reserve_not_ready: reserves(StaffStatus::NotReady),
            reason,
            use_mobile_accept: match staff.settings.mobile_accept {
                MobileAccept::Off => 0,
                MobileAccept::WhenOffline => 1,
                MobileAccept::Always => 2,
            },
            use_mobile_call_out: staff.settings.mobile_call_out,
            last_online_timestamp: last_online_at.map_or(0, UnixMs::seconds),
            last_status_timestamp: since.seconds(),
            ..Self::default()
        }
    }
}

/// Changes of one person's status, oldest first.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeStaffStatusHistory {
    staff_user_id: String,
    start_timestamp: i64,
    end_timestamp: i64,
    #[serde(default)]
    cursor: String,
    page_size: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeStaffStatusHistoryResponse {
    data: Vec<StaffStatusRow>,
}

/// The vendor's `StaffStatus`. A row's cursor leads to the rows after it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StaffStatusRow {
    cursor: String,
    timestamp: i64,
    status: &'static str,
    session_id: String,
    reason: String,
    staff_email: String,
    staff_no: String,
}

impl Action for DescribeStaffStatusHistory {
    type Dialect = Ccc;
    type Response = DescribeStaffStatusHistoryResponse;
    const NAME: &'static str = "DescribeStaffStatusHistory";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "the time is more than 180 days ago, ends before it begins, or is not shorter than 7 days; `PageSize` is not 1 to 1000; or `Cursor` is none",
        },
        NO_ACCOUNT,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let window = self.window(context.app.now())?;
        let after = self.after()?;
        let size = self.page_size.unwrap_or(PAGE_DEFAULT);
        let size = u32::try_from(size)
            .ok()
            .filter(|size| (1..=PAGE_MAX).contains(&i64::from(*size)))
            .ok_or_else(|| Fault::wrong_value("PageSize", "it is 1 to 1000"))?;
        let staff = staff_of(&context, &self.staff_user_id).await?;
        let store = context.app.store();
        let changes = store.status_changes(staff.id, window, after, size).await?;
        Ok(DescribeStaffStatusHistoryResponse {
            data: changes
                .into_iter()
                .map(|change| StaffStatusRow::of(change, &staff.settings))
                .collect(),
        })
    }
}

impl DescribeStaffStatusHistory {
    fn window(&self, now: UnixMs) -> Result<(UnixMs, UnixMs), Fault> {
        let from = UnixMs::from_seconds(self.start_timestamp);
        let to = UnixMs::from_seconds(self.end_timestamp);
        if from < now.minus(HISTORY) {
            let why = "it is at most 180 days ago";
            return Err(Fault::wrong_value("StartTimestamp", why));
        }
        if to < from || to.since(from) >= WINDOW {
            let why = "it is after `StartTimestamp`, by less than 7 days";
            return Err(Fault::wrong_value("EndTimestamp", why));
        }
        // The end is a whole second, and belongs to the time.
        Ok((from, to.plus(Duration::from_secs(1))))
    }

    /// The number after which rows are wanted.
    fn after(&self) -> Result<i64, Fault> {
        if self.cursor.is_empty() {
            return Ok(0);
        }
        STANDARD
            .decode(&self.cursor)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.rsplit_once(',')?.1.parse::<i64>().ok())
            .filter(|n| *n >= 0)
            .ok_or_else(|| Fault::wrong_value("Cursor", "it is none of ours"))
    }
}

impl StaffStatusRow {
    fn of(change: StatusChange, person: &StaffDraft) -> Self {
        let cursor = format!("{},{},{}", change.at.0, person.email, change.n);
        Self {
            cursor: STANDARD.encode(cursor),
            timestamp: change.at.seconds(),
            status: word_of(change.status),
            session_id: change.work.unwrap_or_default(),
            reason: change.reason,
            staff_email: person.email.clone(),
            staff_no: person.staff_number.clone(),
        }
    }
}

/// Sets the status of several people; each has a result of its own.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetStaffStatus {
    staff_status_list: Vec<SetStaffStatusItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetStaffStatusItem {
    staff_user_id: String,
    status: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SetStaffStatusResponse {
    staff_status_list: Vec<SetStaffStatusRspItem>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SetStaffStatusRspItem {
    staff_user_id: String,
    error_code: String,
    error_message: String,
    status: &'static str,
    reason: String,
    previous_status: &'static str,
    previous_reason: String,
}

impl Action for SetStaffStatus {
    type Dialect = Ccc;
    type Response = SetStaffStatusResponse;
    const NAME: &'static str = "SetStaffStatus";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`StaffStatusList` has not 1 to 10 items; of one item, in `ErrorCode`: `Status` is not free, notReady or rest, or `Reason` has more than 64 characters",
        },
        Reached {
            code: super::staff::ACCOUNT_NOT_EXIST,
            when: "in `ErrorCode`: the instance has no staff with this e-mail",
        },
        Reached {
            code: SEAT_BUSY,
            when: "in `ErrorCode`: the person was sent offline",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        if !(1..=SET_MAX).contains(&self.staff_status_list.len()) {
            return Err(Fault::wrong_value(
                "StaffStatusList",
                "it has 1 to 10 items",
            ));
        }
        let mut staff_status_list = Vec::new();
        for item in self.staff_status_list {
            let done = match item.set(&context).await {
                Ok(done) => done,
                Err(fault) if fault.code == super::code::DB_ERROR => return Err(fault),
                Err(fault) => SetStaffStatusRspItem {
                    error_code: fault.code.to_owned(),
                    error_message: fault.message(Language::English).to_owned(),
                    ..SetStaffStatusRspItem::default()
                },
            };
            staff_status_list.push(SetStaffStatusRspItem {
                staff_user_id: item.staff_user_id,
                ..done
            });
        }
        Ok(SetStaffStatusResponse { staff_status_list })
    }
}

impl SetStaffStatusItem {
    async fn set(&self, context: &Context) -> Result<SetStaffStatusRspItem, Fault> {
        let wish = match self.status.as_str() {
            "free" => Wish::Free,
            "notReady" => Wish::NotReady,
            "rest" => Wish::Rest {
                reason: &self.reason,
            },
            _ => return Err(Fault::wrong_value("Status", "it is free, notReady or rest")),
        };
        if self.reason.chars().count() > 64 {
            return Err(Fault::wrong_value("Reason", "it has at most 64 characters"));
        }
        let staff = staff_of(context, &self.staff_user_id).await?;
        let wished = context
            .app
            .wish_status(context.tenant.id, staff.id, wish)
            .await;
        let (before, after) = wished.map_err(busy)?;
        Ok(SetStaffStatusRspItem {
            status: word_of(after.presence.status),
            reason: after.presence.reason,
            previous_status: word_of(before.presence.status),
            previous_reason: before.presence.reason,
            ..SetStaffStatusRspItem::default()
        })
    }
}

/// Sends a person offline and signs them out; they cannot come back by themselves.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ForceMemberOffline {
    user_id: String,
}

impl Action for ForceMemberOffline {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "ForceMemberOffline";
    const REFUSALS: &'static [Reached] = &[NO_ACCOUNT, DENIED, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let staff = own_staff(&context, &self.user_id).await?;
        context
            .app
            .force_offline(context.tenant.id, staff.id)
            .await?;
        Ok(Nothing {})
    }
}

/// Lets a person come back who was sent offline.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RestoreMemberOnline {
    user_id: String,
}

impl Action for RestoreMemberOnline {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "RestoreMemberOnline";
    const REFUSALS: &'static [Reached] = &[NO_ACCOUNT, DENIED, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let staff = own_staff(&context, &self.user_id).await?;
        context
            .app
            .restore_staff(context.tenant.id, staff.id)
            .await?;
        Ok(Nothing {})
    }
}

/// An address that signs an administrator of the instance in to the console: once, within ten
/// minutes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateAdminUrl {
    seat_user_id: String,
}

#[derive(Serialize)]
struct CreateAdminUrlResponse {
    #[serde(rename = "URL")]
    url: String,
}

impl Action for CreateAdminUrl {
    type Dialect = Ccc;
    type Response = CreateAdminUrlResponse;
    const NAME: &'static str = "CreateAdminURL";
    const REFUSALS: &'static [Reached] = &[
        NO_ACCOUNT,
        Reached {
            code: super::code::PERMISSION_DENIED,
            when: "the credential is not allowed this, the person is no administrator, or works for every instance",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let staff = own_staff(&context, &self.seat_user_id).await?;
        if !staff.settings.may(Permission::ManageStaff) {
            return Err(permission_denied());
        }
        let (token, _) = context.app.sign_in_token(staff.id, true, LINK_TTL).await?;
        let base = &context.app.settings().public_url;
        Ok(CreateAdminUrlResponse {
            url: format!("{base}/sign-in/{token}"),
        })
    }
}

/// Whom a wish does not reach: who was sent offline.
fn busy(fault: app::Fault) -> Fault {
    match fault {
        app::Fault::Refused(Refusal::Conflict { what }) => Fault::new(
            SEAT_BUSY,
            format!("The seat status cannot be changed: {what}."),
            format!("座席状态无法变更：{what}。"),
        ),
        other => other.into(),
    }
}

/// The vendor's word for a status.
pub(super) fn word_of(status: StaffStatus) -> &'static str {
    match status {
        StaffStatus::Free => "free",
        StaffStatus::Busy => "busy",
        StaffStatus::WrapUp => "afterCallWork",
        StaffStatus::Rest => "rest",
        StaffStatus::NotReady => "notReady",
        StaffStatus::Offline => "offline",
    }
}

fn status_of(word: &str) -> Option<StaffStatus> {
    StaffStatus::ALL
        .into_iter()
        .find(|status| word_of(*status) == word)
}

#[cfg(test)]
mod tests;
