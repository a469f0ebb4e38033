//! Instances: the tenants of the installation. `SdkAppId` is an instance's id.

use axum::{Json, extract::State, http::StatusCode};
use model::{Permission, Tenant, TenantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Page;

use super::{
    admit::Caller,
    context::Native,
    field::{Digits, Text, Time},
    page::{NoAsk, PageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathId},
    table::{Row, delete, get, patch, post},
};

/// What an operator writes down of an instance.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceBody {
    /// Shown to people.
    name: Text<1, 64>,
    /// Country code for numbers that API callers write nationally.
    #[serde(default = "country_code")]
    country_code: Digits,
    /// IANA time zone of its days and working hours.
    #[serde(default = "time_zone")]
    time_zone: Text<1, 64>,
}

/// One customer of the installation; owns everything else.
#[derive(Serialize, JsonSchema)]
pub(super) struct InstanceView {
    /// `SdkAppId`.
    id: i64,
    /// Shown to people.
    name: String,
    /// Country code for numbers that API callers write nationally.
    country_code: String,
    /// IANA time zone of its days and working hours.
    time_zone: String,
    /// When it was created.
    created_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/instances/{id}";
    vec![
        get("/api/v1/instances", "List instances", list)
            .needs(Permission::Own)
            .asks::<PageAsk>()
            .gives::<PageView<InstanceView>>(),
        post("/api/v1/instances", "Create an instance", create)
            .needs(Permission::ChangeSettings)
            .operator()
            .asks::<NoAsk>()
            .takes::<InstanceBody>()
            .gives::<InstanceView>(),
        get(ONE, "Show an instance", show)
            .needs(Permission::Own)
            .gives::<InstanceView>(),
        patch(ONE, "Change an instance", change)
            .needs(Permission::ChangeSettings)
            .operator()
            .takes_patch::<InstanceBody>()
            .gives::<InstanceView>(),
        delete(ONE, "Remove an instance that owns nothing", remove)
            .needs(Permission::ChangeSettings)
            .operator()
            .refuses(&[Kind::Conflict]),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<PageView<InstanceView>>, Problem> {
    let paging = paging(ask.offset, ask.limit);
    let page = match caller {
        Caller::Operator => native.store().tenants(paging).await?,
        Caller::Tenant(own) => {
            let own = native.store().tenant(own).await?;
            let shown = paging.offset == 0 && paging.limit > 0;
            Page {
                items: if shown { vec![own] } else { Vec::new() },
                total: 1,
            }
        }
    };
    Ok(Json(PageView::of(page, InstanceView::from)))
}

async fn create(
    State(native): State<Native>,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<InstanceBody>,
) -> Result<(StatusCode, Json<InstanceView>), Problem> {
    body.check()?;
    let tenant = native
        .store()
        .create_tenant(
            &body.name.0,
            &body.country_code.0,
            &body.time_zone.0,
            native.now(),
        )
        .await?;
    native.welcome(tenant.id).await;
    Ok((StatusCode::CREATED, Json(tenant.into())))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Json<InstanceView>, Problem> {
    if caller.limit().is_some_and(|own| own.0 != id) {
        return Err(Problem::not_found("instance"));
    }
    Ok(Json(native.store().tenant(TenantId(id)).await?.into()))
}

async fn change(
    State(native): State<Native>,
    PathId(id): PathId,
    changes: Patch,
) -> Result<Json<InstanceView>, Problem> {
    let present = native.store().tenant(TenantId(id)).await?;
    let body = changes.onto(&InstanceBody {
        name: present.name.clone().into(),
        country_code: Digits(present.country_code.clone()),
        time_zone: present.time_zone.clone().into(),
    })?;
    body.check()?;
    let changed = Tenant {
        name: body.name.0,
        country_code: body.country_code.0,
        time_zone: body.time_zone.0,
        ..present
    };
    native.store().update_tenant(&changed).await?;
    Ok(Json(changed.into()))
}

async fn remove(State(native): State<Native>, PathId(id): PathId) -> Result<StatusCode, Problem> {
    native.store().remove_tenant(TenantId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl InstanceBody {
    fn check(&self) -> Result<(), Problem> {
        if jiff::tz::TimeZone::get(&self.time_zone.0).is_err() {
            return Err(Problem::invalid(
                "time_zone",
                "is no IANA time zone such as Asia/Shanghai",
            ));
        }
        if self.country_code.0.len() > 3 || self.country_code.0.starts_with('0') {
            return Err(Problem::invalid(
                "country_code",
                "must be 1 to 3 digits such as 86",
            ));
        }
        Ok(())
    }
}

impl From<Tenant> for InstanceView {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.id.0,
            name: tenant.name,
            country_code: tenant.country_code,
            time_zone: tenant.time_zone,
            created_at: Time(tenant.created_at),
        }
    }
}

fn country_code() -> Digits {
    Digits("86".to_owned())
}

fn time_zone() -> Text<1, 64> {
    "Asia/Shanghai".to_owned().into()
}
