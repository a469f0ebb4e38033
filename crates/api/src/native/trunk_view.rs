//! Trunks as they are shown: what is written down of them, and how they are at present.

use app::{CircuitState, RegistrationState, TrunkHealth};
use model::{Trunk, TrunkDraft, UnixMs};
use schemars::JsonSchema;
use serde::Serialize;

use super::{field::Time, numbers::NumberView, trunk_body::TrunkBody};

/// A configured route to a carrier or PBX.
#[derive(Serialize, JsonSchema)]
pub(super) struct TrunkView {
    /// Its id.
    id: i64,
    /// Its settings, without the password.
    #[serde(flatten)]
    settings: TrunkBody,
    /// Whether a password is stored.
    has_password: bool,
    /// Whether a key of a certificate is stored.
    has_tls_key: bool,
    /// Whether calls go through at present.
    circuit: CircuitView,
    /// Since when; null before anybody has looked.
    circuit_since: Option<Time>,
    /// When it last answered a question or a call; null: not since the start.
    answered_at: Option<Time>,
    /// Whether the carrier knows us; null where we do not register.
    registration: Option<RegistrationView>,
    /// Its numbers, in the order in which they were added.
    numbers: Vec<NumberView>,
    /// When it was created.
    created_at: Time,
}

/// Whether calls go through.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CircuitView {
    /// Nothing is known yet.
    Unknown,
    /// Calls go through.
    Closed,
    /// They do not: other trunks are tried first.
    Open,
}

/// Whether a carrier knows us.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum RegistrationView {
    /// No answer yet.
    Unknown,
    /// It knows us.
    Registered,
    /// It refused.
    Refused {
        /// SIP status.
        status: u16,
    },
    /// It does not answer.
    Silent,
}

impl TrunkView {
    /// A trunk with how it is at present.
    pub(super) fn of(trunk: Trunk, health: &TrunkHealth, now: UnixMs) -> Self {
        let state = health.of(trunk.id);
        let ago = |long: std::time::Duration| Time(now.minus(long));
        let has_password = trunk.settings.password.is_some();
        let has_tls_key = trunk.settings.way.tls_key.is_some();
        let mut settings = TrunkDraft {
            password: None,
            ..trunk.settings
        };
        settings.way.tls_key = None;
        Self {
            id: trunk.id.0,
            settings: settings.into(),
            has_password,
            has_tls_key,
            circuit: match state.map(|state| state.circuit) {
                None | Some(CircuitState::Unknown) => CircuitView::Unknown,
                Some(CircuitState::Closed) => CircuitView::Closed,
                Some(CircuitState::Open) => CircuitView::Open,
            },
            circuit_since: state.map(|state| ago(state.circuit_for)),
            answered_at: state.and_then(|state| state.answered_ago).map(ago),
            registration: state
                .and_then(|state| state.registration)
                .map(RegistrationView::from),
            numbers: trunk
                .numbers
                .into_iter()
                .map(|number| NumberView::of(trunk.id, number))
                .collect(),
            created_at: Time(trunk.created_at),
        }
    }
}

impl From<RegistrationState> for RegistrationView {
    fn from(state: RegistrationState) -> Self {
        match state {
            RegistrationState::Unknown => Self::Unknown,
            RegistrationState::Registered => Self::Registered,
            RegistrationState::Refused(status) => Self::Refused { status },
            RegistrationState::Silent => Self::Silent,
        }
    }
}
