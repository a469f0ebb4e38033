//! What the target of a handover names.
//!
//! A kind in front is exact: `skill_group:7`, `staff:lin@example.com`, `extension:1001`,
//! `number:+8613800138000`. Without one, the text is the first of these that there is: a skill group by
//! its name or internal number, a person by e-mail, an extension, a number outside, a skill group by
//! its id. `people` is anybody who takes calls.

use model::{E164, Extension, SkillGroup, SkillGroupId, SkillGroupKind, Staff, TenantId};
use store::{Paging, SkillGroupFilter, StoreError};

use crate::App;

/// Skill groups that are looked through.
const GROUPS_MAX: u32 = 1_000;

/// Calls that may wait for anybody: more than people serve in the time that a caller waits.
const WAITING_MAX: usize = 100;

/// Anybody who takes calls.
const ANYBODY: &str = "people";

/// Shortest row of digits that is a number outside: local ones have seven.
const OUTSIDE_DIGITS_MIN: usize = 7;

/// Whom a target names.
pub enum Target {
    /// One of these.
    Group(Group),
    /// A person.
    Staff(Box<Staff>),
    /// A phone of the house.
    Extension(Box<Extension>),
    /// A phone outside.
    Outside(E164),
}

/// People who take the same kind of call.
pub enum Group {
    /// Those of one group.
    One(Box<SkillGroup>),
    /// Those of every group for calls.
    Any(Vec<SkillGroupId>),
}

impl Group {
    /// The one group.
    pub fn id(&self) -> Option<SkillGroupId> {
        match self {
            Self::One(group) => Some(group.id),
            Self::Any(_) => None,
        }
    }

    /// Every group.
    pub fn all(&self) -> Vec<SkillGroupId> {
        match self {
            Self::One(group) => vec![group.id],
            Self::Any(groups) => groups.clone(),
        }
    }

    /// Calls that may wait for them at once.
    pub fn waiting_max(&self) -> usize {
        match self {
            Self::One(group) => {
                usize::try_from(group.settings.queue.waiting_max).unwrap_or(WAITING_MAX)
            }
            Self::Any(_) => WAITING_MAX,
        }
    }

    /// Whether everybody who is free is rung at once.
    pub fn rings_all(&self) -> bool {
        match self {
            Self::One(group) => group.settings.ring_all,
            Self::Any(_) => false,
        }
    }

    /// The one group with its name.
    pub fn named(&self) -> Option<(SkillGroupId, String)> {
        match self {
            Self::One(group) => Some((group.id, group.settings.name.clone())),
            Self::Any(_) => None,
        }
    }
}

/// Reads a target; `None` if it names nobody.
pub async fn read(app: &App, tenant: TenantId, text: &str) -> Result<Option<Target>, StoreError> {
    let text = text.trim();
    match text.split_once(':') {
        Some(("skill_group", id)) => group(app, tenant, id).await,
        Some(("staff", email)) => staff(app, tenant, email).await,
        Some(("extension", number)) => Ok(extension(app, tenant, number.trim())
            .await?
            .map(|extension| Target::Extension(Box::new(extension)))),
        Some(("number" | "tel", number)) => outside(app, tenant, number).await,
        Some(_) | None => bare(app, tenant, text).await,
    }
}

async fn bare(app: &App, tenant: TenantId, text: &str) -> Result<Option<Target>, StoreError> {
    let groups = app
        .store()
        .skill_groups(
            tenant,
            &SkillGroupFilter::default(),
            Paging::first(GROUPS_MAX),
        )
        .await?
        .items;
    let mut groups: Vec<SkillGroup> = groups
        .into_iter()
        .filter(|group| group.settings.kind == SkillGroupKind::Phone)
        .collect();
    let is_named = |group: &SkillGroup| group.settings.name == text || group.settings.alias == text;
    if !text.is_empty()
        && let Some(named) = groups.iter().position(is_named)
    {
        let named = Box::new(groups.swap_remove(named));
        return Ok(Some(Target::Group(Group::One(named))));
    }
    if text == ANYBODY {
        let all = groups.iter().map(|group| group.id).collect();
        return Ok(Some(Target::Group(Group::Any(all))));
    }
    if text.contains('@') {
        return staff(app, tenant, text).await;
    }
    if let Some(found) = extension(app, tenant, text).await? {
        return Ok(Some(Target::Extension(Box::new(found))));
    }
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    if n_digits >= OUTSIDE_DIGITS_MIN {
        return outside(app, tenant, text).await;
    }
    group(app, tenant, text).await
}

async fn group(app: &App, tenant: TenantId, id: &str) -> Result<Option<Target>, StoreError> {
    let Ok(id) = id.trim().parse() else {
        return Ok(None);
    };
    match app.store().skill_group(tenant, SkillGroupId(id)).await {
        Ok(group) => Ok(Some(Target::Group(Group::One(Box::new(group))))),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn staff(app: &App, tenant: TenantId, email: &str) -> Result<Option<Target>, StoreError> {
    let email = model::StaffDraft::normal_email(email);
    match app.store().staff_by_email(tenant, &email).await {
        Ok(staff) => Ok(Some(Target::Staff(Box::new(staff)))),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The extension with this number.
pub async fn extension(
    app: &App,
    tenant: TenantId,
    number: &str,
) -> Result<Option<Extension>, StoreError> {
    match app.store().extension(tenant, number).await {
        Ok(extension) => Ok(Some(extension)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn outside(app: &App, tenant: TenantId, text: &str) -> Result<Option<Target>, StoreError> {
    let country_code = app.store().tenant(tenant).await?.country_code;
    Ok(E164::parse(text.trim(), &country_code)
        .ok()
        .map(Target::Outside))
}
