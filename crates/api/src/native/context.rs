//! What every handler of the native dialect may reach.

use std::{
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app::App;
use futures::future::BoxFuture;
use model::{Call, StaffId, Staffed, Stamped, TenantId, UnixMs};
use store::{Paging, Store, StoreError};
use tokio::sync::{Mutex as AsyncMutex, Semaphore};

use super::{
    admit::{Actor, Caller},
    field::Instance,
    overview::Finding,
    problem::{Kind, Problem},
    recordings::Heard,
};

/// Event streams at once; the next one is refused.
const STREAMS_MAX: usize = 512;

/// How long findings about the machine are shown before it is looked at again.
const FINDINGS_KEPT: Duration = Duration::from_secs(60);

/// Customers' live chats at once; the next one is refused.
const SOCKETS_MAX: usize = 60_000;

/// Draws the picture of a call as an SVG, from the call, its events in order, and the tracks as
/// they were recorded ([`App::raw_recording`]). Takes processor time, so it runs on a thread where
/// that is allowed.
pub type PictureDrawer = fn(&Call, &[Stamped], Option<&[u8]>) -> String;

/// Gives a new instance what every instance of this server has. Its answer waits for this.
pub type Welcome = Box<dyn Fn(TenantId) -> BoxFuture<'static, ()> + Send + Sync>;

/// Looks at the machine and the centre, as `switchboard doctor` does. May take seconds.
pub type Checks = Box<dyn Fn() -> BoxFuture<'static, Vec<Finding>> + Send + Sync>;

/// What every handler of the native dialect may reach. Cheap to clone.
#[derive(Clone)]
pub struct Native {
    shared: Arc<Shared>,
}

struct Shared {
    app: Arc<App>,
    draw_picture: PictureDrawer,
    welcome: OnceLock<Welcome>,
    checks: OnceLock<Checks>,
    findings: AsyncMutex<Option<(Instant, Vec<Finding>)>>,
    heard: Mutex<Heard>,
    is_set_up: AtomicBool,
    streams: Arc<Semaphore>,
    sockets: Arc<Semaphore>,
}

impl Native {
    /// The dialect of `app`. `is_set_up` tells whether there is an operator already;
    /// until there is, only the set-up page answers.
    pub fn new(app: Arc<App>, draw_picture: PictureDrawer, is_set_up: bool) -> Self {
        Self {
            shared: Arc::new(Shared {
                app,
                draw_picture,
                welcome: OnceLock::new(),
                checks: OnceLock::new(),
                findings: AsyncMutex::new(None),
                heard: Mutex::default(),
                is_set_up: AtomicBool::new(is_set_up),
                streams: Arc::new(Semaphore::new(STREAMS_MAX)),
                sockets: Arc::new(Semaphore::new(SOCKETS_MAX)),
            }),
        }
    }

    /// Has every instance welcomed that is created from now on. Only the first call counts.
    #[must_use]
    pub fn welcoming(self, welcome: Welcome) -> Self {
        let _ = self.shared.welcome.set(welcome);
        self
    }

    /// Has the overview look at the machine by this. Only the first call counts.
    #[must_use]
    pub fn checking(self, checks: Checks) -> Self {
        let _ = self.shared.checks.set(checks);
        self
    }

    /// What was found the last time somebody looked, at most [`FINDINGS_KEPT`] ago.
    pub(super) async fn findings(&self) -> Vec<Finding> {
        let Some(checks) = self.shared.checks.get() else {
            return Vec::new();
        };
        let mut kept = self.shared.findings.lock().await;
        if let Some((at, findings)) = kept.as_ref()
            && at.elapsed() < FINDINGS_KEPT
        {
            return findings.clone();
        }
        let findings = checks().await;
        *kept = Some((Instant::now(), findings.clone()));
        findings
    }

    /// Who heard which recording lately.
    pub(super) fn heard(&self) -> &Mutex<Heard> {
        &self.shared.heard
    }

    pub(super) async fn welcome(&self, tenant: TenantId) {
        if let Some(welcome) = self.shared.welcome.get() {
            welcome(tenant).await;
        }
    }

    pub(super) fn app(&self) -> &Arc<App> {
        &self.shared.app
    }

    pub(super) fn store(&self) -> &Store {
        self.shared.app.store()
    }

    pub(super) fn now(&self) -> UnixMs {
        self.shared.app.now()
    }

    pub(super) fn drawer(&self) -> PictureDrawer {
        self.shared.draw_picture
    }

    pub(super) fn streams(&self) -> Arc<Semaphore> {
        self.shared.streams.clone()
    }

    pub(super) fn sockets(&self) -> Arc<Semaphore> {
        self.shared.sockets.clone()
    }

    pub(super) fn is_set_up(&self) -> bool {
        self.shared.is_set_up.load(Ordering::Relaxed)
    }

    pub(super) fn mark_set_up(&self) {
        self.shared.is_set_up.store(true, Ordering::Relaxed);
    }

    /// The person in whose name something is done in a conversation of `tenant`: who is signed in,
    /// or whom a token's request names.
    pub(super) async fn acting(
        &self,
        actor: &Actor,
        named: Option<StaffId>,
        tenant: TenantId,
    ) -> Result<Staffed, Problem> {
        if let Some(person) = actor.person() {
            if named.is_some_and(|named| named != person.id) {
                let why = "names another person than the one who is signed in";
                return Err(Problem::invalid("staff", why));
            }
            return Ok(app::chat::staffed(person));
        }
        let why = "is required with a token: it names the person who acts";
        let id = named.ok_or_else(|| Problem::invalid("staff", why))?;
        match self.store().staff(tenant, id).await {
            Ok(staff) => Ok(app::chat::staffed(&staff)),
            Err(StoreError::NotFound { .. }) => Err(Problem::invalid("staff", "names nobody")),
            Err(error) => Err(error.into()),
        }
    }

    /// Whose things a request is about: the token's instance, or the one that an operator names,
    /// or the only one there is.
    pub(super) async fn tenant(
        &self,
        caller: Caller,
        asked: Option<Instance>,
    ) -> Result<TenantId, Problem> {
        match (caller, asked) {
            (Caller::Tenant(own), None) => Ok(own),
            (Caller::Tenant(own), Some(Instance(asked))) if asked == own => Ok(own),
            (Caller::Tenant(_), Some(_)) => Err(Problem::not_found("instance")),
            (Caller::Operator, Some(Instance(asked))) => Ok(self.store().tenant(asked).await?.id),
            (Caller::Operator, None) => {
                let tenants = self.store().tenants(Paging::first(2)).await?;
                match tenants.items.as_slice() {
                    [only] => Ok(only.id),
                    [] => Err(Problem::new(Kind::NotFound, "there is no instance yet")),
                    _ => Err(Problem::invalid(
                        "instance",
                        "is required: there are several instances, and the token is an operator's",
                    )),
                }
            }
        }
    }
}
