//! Contact-center actions, version 2020-02-10, one file for each group of the vendor's reference.

mod ai_agent;
mod ai_call;
mod ai_control;
mod ai_records;
mod ai_review;
mod callout_task;
mod cdr;
mod code;
mod end_status;
mod extension;
mod hang_up;
mod im_cdr;
mod ivr_audio;
mod not_built;
mod number;
mod own_number;
mod play_sound;
mod sdk_login;
mod session_detail;
mod session_id;
mod skill_group;
mod staff;
mod staff_list;
mod staff_status;
mod tel_cdr;
mod tel_record_asr;
mod tel_session;
mod time_window;
pub(crate) mod trail;
mod transfer_to_manual;
mod user_sig;

pub(crate) use cdr::endpoint_user;
pub use cdr::{KeyPressed, SeatUser, ServeParticipant, TelCdrInfo};
pub use not_built::{NotBuilt, Standing, not_built};

use std::sync::Arc;

use api::kernel::{self, Dialect, Entry};
use app::App;
use model::{CredentialId, Tenant};

use crate::fault::Fault;

/// What a handler may reach, and in whose name.
pub struct Context {
    /// The use cases.
    pub app: Arc<App>,
    /// The instance that `SdkAppId` names; the credential may act for it.
    pub tenant: Tenant,
    /// Who asks.
    pub credential: CredentialId,
}

/// The vendor's contact-center API.
pub struct Ccc;

impl Dialect for Ccc {
    type Context = Context;
    type Fault = Fault;
}

/// Every action that is built, one slice for each group.
pub static ACTIONS: &[&[Entry<Ccc>]] = &[
    ai_agent::ACTIONS,
    ai_call::ACTIONS,
    ai_control::ACTIONS,
    ai_records::ACTIONS,
    ai_review::ACTIONS,
    hang_up::ACTIONS,
    transfer_to_manual::ACTIONS,
    play_sound::ACTIONS,
    ivr_audio::ACTIONS,
    tel_session::ACTIONS,
    callout_task::ACTIONS,
    tel_cdr::ACTIONS,
    tel_record_asr::ACTIONS,
    session_detail::ACTIONS,
    im_cdr::ACTIONS,
    user_sig::ACTIONS,
    staff::ACTIONS,
    staff_list::ACTIONS,
    staff_status::ACTIONS,
    sdk_login::ACTIONS,
    skill_group::ACTIONS,
    number::ACTIONS,
    own_number::ACTIONS,
    extension::ACTIONS,
];

/// The built action with this name.
pub fn find(name: &str) -> Option<&'static Entry<Ccc>> {
    kernel::find(ACTIONS, name)
}

/// A fault in the codes that `entry` has. The vendor has two codes each for *not permitted* and
/// for *the database failed*, a special one and a general one; an action answers with the special
/// one only if its list holds it.
pub fn narrowed(entry: &Entry<Ccc>, fault: Fault) -> Fault {
    if entry.reaches(fault.code) {
        return fault;
    }
    match fault.code {
        code::PERMISSION_DENIED => Fault::unauthorized(),
        code::DB_ERROR => Fault::internal("InternalError"),
        _ => fault,
    }
}

/// The credential may not act for this instance, or not with this action.
pub fn permission_denied() -> Fault {
    code::of(&model::Refusal::NotPermitted)
}

/// No instance has this id.
pub fn instance_not_exist(id: i64) -> Fault {
    code::of(&model::Refusal::TenantNotFound(id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::definition;

    /// The vendor's list is data; what is not built must be written down with a reason.
    #[test]
    fn every_vendor_action_is_built_or_its_absence_explained() {
        let vendor: BTreeSet<&str> = definition::ccc().actions().collect();
        let built: BTreeSet<&str> = ACTIONS
            .iter()
            .flat_map(|group| group.iter())
            .map(|entry| entry.name)
            .collect();
        let absent: BTreeSet<&str> = not_built().iter().map(|action| action.name).collect();

        assert_eq!(built.intersection(&absent).count(), 0);
        let covered: BTreeSet<&str> = built.union(&absent).copied().collect();
        assert_eq!(covered, vendor);
    }

    #[test]
    fn an_action_answers_with_the_special_code_only_if_its_list_has_it() {
        let code = |action, fault| narrowed(find(action).unwrap(), fault).code;
        let denied = || permission_denied();
        let broken = || Fault::internal(code::DB_ERROR);
        assert_eq!(
            code("PlaySoundCall", denied()),
            "FailedOperation.PermissionDenied"
        );
        assert_eq!(
            code("DescribeTelCdr", denied()),
            "AuthFailure.UnauthorizedOperation"
        );
        assert_eq!(code("DescribeTelCdr", broken()), "InternalError.DBError");
        assert_eq!(code("PlaySoundCall", broken()), "InternalError");
    }
}
