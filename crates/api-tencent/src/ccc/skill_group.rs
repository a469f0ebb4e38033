//! Skill groups and who is in them: `CreateCCCSkillGroup`, `UpdateCCCSkillGroup`,
//! `DeleteCCCSkillGroup`, `DescribeSkillGroupInfoList`, `BindStaffSkillGroupList`,
//! `UnbindStaffSkillGroupList`.

use api::kernel::{Action, Entry, Reached};
use model::{
    Membership, QueueRules, SkillGroup, SkillGroupDraft, SkillGroupId, SkillGroupKind, UnixMs,
    WrongField,
};
use serde::{Deserialize, Serialize};
use store::{Paging, SkillGroupFilter, StoreError};

use super::{
    Ccc, Context,
    staff::{DATABASE, DENIED, NO_ACCOUNT, NO_GROUP, Nothing, SKILL_GROUP_ERROR, own_staff},
};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<CreateSkillGroup>(),
    Entry::of::<UpdateSkillGroup>(),
    Entry::of::<DeleteSkillGroup>(),
    Entry::of::<DescribeSkillGroupInfoList>(),
    Entry::of::<BindStaffSkillGroupList>(),
    Entry::of::<UnbindStaffSkillGroupList>(),
];

/// Largest page of the list.
const PAGE_MAX: u32 = 100;
/// Groups that a list of people looks their names up in: as many as an instance may have.
const GROUPS_MAX: u32 = 1_000;
/// Most groups that one request binds or unbinds.
pub(super) const BOUND_MAX: usize = 200;
/// Priority of a member where the request does not say.
pub(super) const PRIORITY_DEFAULT: u8 = 3;

const EXISTS: Reached = Reached {
    code: "InvalidParameterValue.SkillGroupExist",
    when: "the instance has a skill group with this name",
};
const OVERFLOW: Reached = Reached {
    code: "InvalidParameterValue.RingAllGroupMemberOverflow",
    when: "a group that rings all would have more than 2 members",
};

/// Adds a skill group.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateSkillGroup {
    skill_group_name: String,
    skill_group_type: i64,
    max_concurrency: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateSkillGroupResponse {
    skill_group_id: i64,
}

impl Action for CreateSkillGroup {
    type Dialect = Ccc;
    type Response = CreateSkillGroupResponse;
    const NAME: &'static str = "CreateCCCSkillGroup";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`SkillGroupName` has not 1 to 64 characters, `SkillGroupType` is not 0, 1, 3 or 4, or `MaxConcurrency` is not 1 (of type 1: 1 to 100)",
        },
        EXISTS,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let kind = kind_of(self.skill_group_type)
            .ok_or_else(|| Fault::wrong_value("SkillGroupType", "it is 0, 1, 3 or 4"))?;
        let draft = SkillGroupDraft {
            name: self.skill_group_name,
            kind,
            concurrency_max: self.max_concurrency.unwrap_or(1),
            ring_all: false,
            last_staff_first: false,
            alias: String::new(),
            queue: QueueRules::default(),
        };
        draft.check().map_err(wrong)?;
        check_name(&context, &draft.name, None).await?;
        let group = context
            .app
            .add_group(context.tenant.id, &draft)
            .await
            .map_err(|fault| match fault {
                app::Fault::Store(StoreError::Conflict { .. }) => exists(),
                other => other.into(),
            })?;
        Ok(CreateSkillGroupResponse {
            skill_group_id: group.id.0,
        })
    }
}

/// Changes what is given of a skill group. The vendor spells its id `SkillGroupID` here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateSkillGroup {
    #[serde(rename = "SkillGroupID")]
    skill_group_id: i64,
    skill_group_name: Option<String>,
    max_concurrency: Option<i64>,
    ring_all: Option<bool>,
}

impl Action for UpdateSkillGroup {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "UpdateCCCSkillGroup";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`SkillGroupName` has not 1 to 64 characters, or `MaxConcurrency` does not fit the type",
        },
        NO_GROUP,
        EXISTS,
        OVERFLOW,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let present = found(&context, self.skill_group_id).await?;
        let settings = present.settings;
        let concurrency_max = match self.max_concurrency {
            Some(most) => u32::try_from(most)
                .map_err(|_| Fault::wrong_value("MaxConcurrency", "it is at least 1"))?,
            None => settings.concurrency_max,
        };
        let draft = SkillGroupDraft {
            name: self.skill_group_name.unwrap_or(settings.name),
            concurrency_max,
            ring_all: self.ring_all.unwrap_or(settings.ring_all),
            ..settings
        };
        draft.check().map_err(wrong)?;
        check_name(&context, &draft.name, Some(present.id)).await?;
        context
            .app
            .change_group(context.tenant.id, present.id, &draft)
            .await
            .map_err(joined)?;
        Ok(Nothing {})
    }
}

/// Removes a skill group; its members stay.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteSkillGroup {
    skill_group_id: i64,
}

impl Action for DeleteSkillGroup {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "DeleteCCCSkillGroup";
    const REFUSALS: &'static [Reached] = &[NO_GROUP, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let group = found(&context, self.skill_group_id).await?;
        let removed = context.app.remove_group(context.tenant.id, group.id).await;
        removed.map_err(joined)?;
        Ok(Nothing {})
    }
}

/// Skill groups by id.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeSkillGroupInfoList {
    page_size: i64,
    page_number: i64,
    #[serde(default)]
    skill_group_id: i64,
    #[serde(default)]
    modified_time: i64,
    #[serde(default)]
    skill_group_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeSkillGroupInfoListResponse {
    total_count: i64,
    skill_group_list: Vec<SkillGroupInfoItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SkillGroupInfoItem {
    skill_group_id: i64,
    skill_group_name: String,
    #[serde(rename = "Type")]
    word: &'static str,
    route_policy: &'static str,
    using_last_seat: i64,
    max_concurrency: u32,
    last_modify_timestamp: i64,
    skill_group_type: i64,
    alias: String,
    ring_all: bool,
}

impl Action for DescribeSkillGroupInfoList {
    type Dialect = Ccc;
    type Response = DescribeSkillGroupInfoListResponse;
    const NAME: &'static str = "DescribeSkillGroupInfoList";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`PageSize` is not 1 to 100, or `PageNumber` is below 0",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let paging = paging::parse(self.page_size, self.page_number, PAGE_MAX)?;
        let filter = SkillGroupFilter {
            id: (self.skill_group_id > 0).then_some(SkillGroupId(self.skill_group_id)),
            name: Some(self.skill_group_name).filter(|name| !name.is_empty()),
            modified_from: (self.modified_time > 0)
                .then(|| UnixMs::from_seconds(self.modified_time)),
        };
        let store = context.app.store();
        let page = store
            .skill_groups(context.tenant.id, &filter, paging)
            .await?;
        Ok(DescribeSkillGroupInfoListResponse {
            total_count: page.total,
            skill_group_list: page
                .items
                .into_iter()
                .map(SkillGroupInfoItem::from)
                .collect(),
        })
    }
}

impl From<SkillGroup> for SkillGroupInfoItem {
    fn from(group: SkillGroup) -> Self {
        let settings = group.settings;
        Self {
            skill_group_id: group.id.0,
            word: type_word(settings.kind),
            skill_group_name: settings.name,
            // The only value that the vendor's samples show.
            route_policy: "firstCreate",
            using_last_seat: settings.last_staff_first.into(),
            max_concurrency: settings.concurrency_max,
            last_modify_timestamp: group.modified_at.seconds(),
            skill_group_type: kind_code(settings.kind),
            alias: settings.alias,
            ring_all: settings.ring_all,
        }
    }
}

/// Puts a person into skill groups.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BindStaffSkillGroupList {
    staff_email: String,
    staff_skill_group_list: Vec<StaffSkillGroup>,
    /// The vendor's old form, without priorities.
    #[serde(default)]
    skill_group_list: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StaffSkillGroup {
    skill_group_id: i64,
    priority: Option<i64>,
}

impl Action for BindStaffSkillGroupList {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "BindStaffSkillGroupList";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "no group or more than 200 are named, or a `Priority` is not 1 to 5; nothing is bound",
        },
        NO_ACCOUNT,
        NO_GROUP,
        OVERFLOW,
        DENIED,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let memberships = self.memberships()?;
        let staff = own_staff(&context, &self.staff_email).await?;
        context
            .app
            .join_groups(context.tenant.id, staff.id, &memberships)
            .await
            .map_err(joined)?;
        Ok(Nothing {})
    }
}

impl BindStaffSkillGroupList {
    fn memberships(&self) -> Result<Vec<Membership>, Fault> {
        let old = self.skill_group_list.iter().map(|id| (*id, None));
        let new = self
            .staff_skill_group_list
            .iter()
            .map(|item| (item.skill_group_id, item.priority));
        let all: Vec<(i64, Option<i64>)> = new.chain(old).collect();
        if !(1..=BOUND_MAX).contains(&all.len()) {
            let why = "it has 1 to 200 items";
            return Err(Fault::wrong_value("StaffSkillGroupList", why));
        }
        all.into_iter()
            .map(|(id, priority)| {
                let priority = match priority {
                    None => PRIORITY_DEFAULT,
                    Some(priority) => u8::try_from(priority)
                        .ok()
                        .filter(|priority| (1..=5).contains(priority))
                        .ok_or_else(|| Fault::wrong_value("Priority", "it is 1 to 5"))?,
                };
                Ok(Membership {
                    group: SkillGroupId(id),
                    priority,
                })
            })
            .collect()
    }
}

/// Takes a person out of skill groups; those they are not in are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UnbindStaffSkillGroupList {
    staff_email: String,
    skill_group_list: Vec<i64>,
}

impl Action for UnbindStaffSkillGroupList {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "UnbindStaffSkillGroupList";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`SkillGroupList` is empty or has more than 200 items",
        },
        NO_ACCOUNT,
        NO_GROUP,
        DENIED,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let groups = group_ids("SkillGroupList", &self.skill_group_list)?;
        let staff = own_staff(&context, &self.staff_email).await?;
        context
            .app
            .leave_groups(context.tenant.id, staff.id, &groups)
            .await
            .map_err(joined)?;
        Ok(Nothing {})
    }
}

/// A list of groups that is neither empty nor too long.
pub(super) fn group_ids(name: &str, ids: &[i64]) -> Result<Vec<SkillGroupId>, Fault> {
    if !(1..=BOUND_MAX).contains(&ids.len()) {
        return Err(Fault::wrong_value(name, "it has 1 to 200 items"));
    }
    Ok(ids.iter().copied().map(SkillGroupId).collect())
}

/// Every skill group of the instance.
pub(super) async fn all_groups(context: &Context) -> Result<Vec<SkillGroup>, Fault> {
    let store = context.app.store();
    let page = store
        .skill_groups(
            context.tenant.id,
            &SkillGroupFilter::default(),
            Paging::first(GROUPS_MAX),
        )
        .await?;
    Ok(page.items)
}

/// What stands for a kind in `Type`, which the vendor calls old.
pub(super) fn type_word(kind: SkillGroupKind) -> &'static str {
    match kind {
        SkillGroupKind::Phone => "TEL",
        SkillGroupKind::Chat => "IM",
        SkillGroupKind::Audio | SkillGroupKind::Video => "ALL",
    }
}

/// No such skill group.
pub(super) fn unknown() -> Fault {
    Fault::new(
        SKILL_GROUP_ERROR,
        "The skill group does not exist.",
        "技能组不存在。",
    )
}

/// What goes wrong where people and groups come together.
pub(super) fn joined(fault: app::Fault) -> Fault {
    match fault {
        app::Fault::Store(StoreError::NotFound {
            what: "skill group",
        }) => unknown(),
        app::Fault::Store(StoreError::Conflict { .. }) => Fault::new(
            OVERFLOW.code,
            "A skill group that rings all has at most 2 members.",
            "同振技能组最多允许 2 名成员。",
        ),
        other => other.into(),
    }
}

async fn found(context: &Context, id: i64) -> Result<SkillGroup, Fault> {
    let store = context.app.store();
    match store.skill_group(context.tenant.id, SkillGroupId(id)).await {
        Ok(group) => Ok(group),
        Err(StoreError::NotFound { .. }) => Err(unknown()),
        Err(error) => Err(error.into()),
    }
}

/// Refuses a name that another group than `own` has.
async fn check_name(context: &Context, name: &str, own: Option<SkillGroupId>) -> Result<(), Fault> {
    let filter = SkillGroupFilter {
        name: Some(name.to_owned()),
        ..SkillGroupFilter::default()
    };
    let store = context.app.store();
    let page = store
        .skill_groups(context.tenant.id, &filter, Paging::first(1))
        .await?;
    match page.items.first() {
        Some(group) if Some(group.id) != own => Err(exists()),
        Some(_) | None => Ok(()),
    }
}

fn exists() -> Fault {
    Fault::new(
        EXISTS.code,
        "The skill group already exists.",
        "技能组已存在。",
    )
}

/// A field of the model by the vendor's name.
fn wrong(wrong: WrongField) -> Fault {
    let name = match wrong.field {
        "name" => "SkillGroupName",
        "concurrency_max" => "MaxConcurrency",
        other => other,
    };
    Fault::wrong_value(name, wrong.why)
}

fn kind_code(kind: SkillGroupKind) -> i64 {
    match kind {
        SkillGroupKind::Phone => 0,
        SkillGroupKind::Chat => 1,
        SkillGroupKind::Audio => 3,
        SkillGroupKind::Video => 4,
    }
}

fn kind_of(code: i64) -> Option<SkillGroupKind> {
    SkillGroupKind::ALL
        .into_iter()
        .find(|kind| kind_code(*kind) == code)
}

#[cfg(test)]
mod tests {
    use model::TenantId;
    use serde_json::json;

    use super::*;
    use crate::{definition, sample::assert_fields};

    #[test]
    fn a_group_has_every_field_of_the_vendor() {
        let group = SkillGroup {
            id: SkillGroupId(7),
            tenant: TenantId(1_400_000_001),
            settings: SkillGroupDraft {
                name: "Sales".into(),
                kind: SkillGroupKind::Chat,
                concurrency_max: 3,
                ring_all: false,
                last_staff_first: true,
                alias: String::new(),
                queue: QueueRules::default(),
            },
            created_at: UnixMs(0),
            modified_at: UnixMs(5_000),
        };
        let item = SkillGroupInfoItem::from(group);
        assert_eq!(
            (item.skill_group_type, item.word, item.using_last_seat),
            (1, "IM", 1)
        );
        assert_fields(&item, definition::ccc().object("SkillGroupInfoItem"));
    }

    #[test]
    fn kinds_have_the_vendors_numbers() {
        let kinds: Vec<i64> = SkillGroupKind::ALL.into_iter().map(kind_code).collect();
        assert_eq!(kinds, [0, 1, 3, 4]);
        assert_eq!(kind_of(2), None);
    }

    #[test]
    fn both_forms_of_a_binding_are_taken() {
        let bind = |value| serde_json::from_value::<BindStaffSkillGroupList>(value).unwrap();
        let both = bind(json!({
            "StaffEmail": "lin@x.com",
            "StaffSkillGroupList": [{"SkillGroupId": 7, "Priority": 1}, {"SkillGroupId": 8}],
            "SkillGroupList": [9],
        }));
        let told: Vec<(i64, u8)> = both
            .memberships()
            .unwrap()
            .into_iter()
            .map(|membership| (membership.group.0, membership.priority))
            .collect();
        assert_eq!(told, [(7, 1), (8, 3), (9, 3)]);
        for wrong in [
            json!({"StaffEmail": "l", "StaffSkillGroupList": []}),
            json!({"StaffEmail": "l", "StaffSkillGroupList": [{"SkillGroupId": 7, "Priority": 6}]}),
        ] {
            assert!(bind(wrong.clone()).memberships().is_err(), "{wrong}");
        }
    }
}
