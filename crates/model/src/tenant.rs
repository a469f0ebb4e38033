//! Tenants.

use crate::{TenantId, UnixMs};

/// One customer of the installation; owns everything else. `SdkAppId` is its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Unique in the installation.
    pub id: TenantId,
    /// Shown to people, 1 to 64 characters.
    pub name: String,
    /// Country code for numbers written nationally: `86`, `1` …
    pub country_code: String,
    /// IANA time zone of its days and working hours: `Asia/Shanghai`.
    pub time_zone: String,
    /// When it was created.
    pub created_at: UnixMs,
}
