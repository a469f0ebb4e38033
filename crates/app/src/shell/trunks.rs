//! Registers at carriers, and asks trunks by OPTIONS whether they are alive.
//!
//! When is decided by [`sip::Registration`] and [`engine::circuit::Circuit`]; one task asks them, and
//! every question has a task of its own, so that a silent trunk delays no other.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use model::{Trunk, TrunkId};
use sip::{Link, Register, Registration, RegistrationState, Uri, digest::Credentials};

use super::targets::links_to;
use crate::App;

/// How often the trunks are looked through.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often they are read anew, which is how a change is noticed.
const READ_EVERY: Duration = Duration::from_secs(5);

/// How long a carrier is asked to keep our contact.
const EXPIRES: Duration = Duration::from_secs(3600);

/// What is kept of a registration between two requests: Call-ID and the last CSeq.
struct Series {
    call_id: String,
    cseq: u32,
    /// The settings that it is for: a change begins anew.
    settings: model::TrunkDraft,
    is_busy: bool,
}

/// Watches until the process ends.
pub async fn run(app: Arc<App>) {
    let (done, mut finished) = tokio::sync::mpsc::channel::<(TrunkId, u32)>(64);
    let mut series: HashMap<TrunkId, Series> = HashMap::new();
    let mut trunks: Vec<Trunk> = Vec::new();
    let mut read_at: Option<Instant> = None;
    loop {
        while let Ok((trunk, cseq)) = finished.try_recv() {
            if let Some(series) = series.get_mut(&trunk) {
                series.cseq = cseq;
                series.is_busy = false;
            }
        }
        let now = Instant::now();
        if read_at.is_none_or(|at| now.duration_since(at) >= READ_EVERY) {
            match app.store().known_trunks().await {
                Ok(known) => trunks = known.all().to_vec(),
                Err(error) => tracing::warn!(%error, "failed to read the trunks"),
            }
            trunks.retain(|trunk| trunk.settings.enabled && !trunk.settings.simulated);
            let ids: Vec<TrunkId> = trunks.iter().map(|trunk| trunk.id).collect();
            app.trunk_health().keep(&ids);
            series.retain(|id, _| ids.contains(id));
            read_at = Some(now);
        }
        for trunk in &trunks {
            ask_if_due(&app, trunk, now);
            if let Some(call) = register_if_due(&app, trunk, &mut series, now) {
                let (app, trunk, done) = (Arc::clone(&app), trunk.clone(), done.clone());
                tokio::spawn(async move {
                    let cseq = register(&app, &trunk, call).await;
                    // The loop ends with the process.
                    let _ = done.send((trunk.id, cseq)).await;
                });
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn ask_if_due(app: &Arc<App>, trunk: &Trunk, now: Instant) {
    let is_due = app.trunk_health().with(trunk.id, now, |watched| {
        let is_wanted = trunk.settings.signalling.options_ping || watched.circuit.has_failed();
        let is_due = is_wanted && watched.circuit.ask_at() <= now;
        if is_due {
            watched.circuit.asked(now);
        }
        is_due
    });
    if !is_due {
        return;
    }
    let (app, trunk) = (Arc::clone(app), trunk.clone());
    tokio::spawn(async move {
        let is_alive = ask(&app, &trunk).await;
        let now = Instant::now();
        let health = app.trunk_health();
        let changed = health.with(trunk.id, now, |watched| {
            watched.circuit.answered(is_alive, now)
        });
        if changed {
            health.tell(trunk.id);
        }
    });
}

/// Whether a trunk answers, with whatever status.
async fn ask(app: &App, trunk: &Trunk) -> bool {
    let Ok(link) = link_to(app, trunk).await else {
        return false;
    };
    let to = Uri::sip("", domain(trunk), None);
    matches!(app.sip().options(to, link).await, Ok(Some(_)))
}

/// A REGISTER that is due: its Call-ID and CSeq, and for how long.
fn register_if_due(
    app: &App,
    trunk: &Trunk,
    all: &mut HashMap<TrunkId, Series>,
    now: Instant,
) -> Option<(String, u32, Duration)> {
    let settings = &trunk.settings;
    if !settings.register {
        all.remove(&trunk.id);
        app.trunk_health()
            .with(trunk.id, now, |watched| watched.registration = None);
        return None;
    }
    let series = all.entry(trunk.id).or_insert_with(|| Series {
        call_id: uuid::Uuid::new_v4().to_string(),
        cseq: 0,
        settings: settings.clone(),
        is_busy: false,
    });
    if series.is_busy {
        return None;
    }
    let changed = series.settings != *settings;
    let (is_due, expires) = app.trunk_health().with(trunk.id, now, |watched| {
        if changed || watched.registration.is_none() {
            watched.registration = Some(Registration::new(EXPIRES, now));
        }
        let registration = watched.registration.as_ref();
        let registration = registration.expect("it was made above");
        (registration.next_at() <= now, registration.expires())
    });
    if !is_due {
        return None;
    }
    if changed {
        series.settings = settings.clone();
    }
    series.is_busy = true;
    Some((series.call_id.clone(), series.cseq + 1, expires))
}

/// Gives the CSeq that was used last.
async fn register(app: &App, trunk: &Trunk, call: (String, u32, Duration)) -> u32 {
    let (call_id, cseq, expires) = call;
    let answer = match link_to(app, trunk).await {
        Ok(link) => {
            let register = registration(trunk, link, call_id, cseq, expires);
            app.sip().register(register).await.ok()
        }
        Err(error) => {
            tracing::warn!(
                trunk = trunk.id.0,
                error = format!("{error:#}"),
                "no way to a registrar"
            );
            None
        }
    };
    let answer = answer.map_or_else(|| sip::RegisterAnswer::unanswered(cseq), |answer| *answer);
    let (now, chance) = (Instant::now(), rand::random::<f64>());
    let states = app.trunk_health().with(trunk.id, now, |watched| {
        let registration = watched.registration.as_mut()?;
        let before = registration.state();
        registration.answered(&answer, chance, now);
        Some((before, registration.state()))
    });
    if let Some((before, after)) = states.filter(|(before, after)| before != after) {
        match after {
            RegistrationState::Registered => {
                tracing::info!(trunk = trunk.id.0, "registered at a carrier");
            }
            RegistrationState::Refused(_)
            | RegistrationState::Silent
            | RegistrationState::Unknown => {
                tracing::warn!(
                    trunk = trunk.id.0,
                    ?before,
                    ?after,
                    "not registered at a carrier"
                );
            }
        }
    }
    answer.cseq
}

fn registration(
    trunk: &Trunk,
    link: Link,
    call_id: String,
    cseq: u32,
    expires: Duration,
) -> Register {
    let settings = &trunk.settings;
    let user = settings.user.clone().unwrap_or_default();
    Register {
        query: sip::QueryId(0),
        registrar: Uri::sip("", domain(trunk), None),
        aor: Uri::sip(&user, domain(trunk), None),
        contact_user: user.clone(),
        expires,
        credentials: settings.password.clone().map(|password| Credentials {
            username: user,
            password,
        }),
        link,
        call_id,
        cseq,
    }
}

fn domain(trunk: &Trunk) -> &str {
    let settings = &trunk.settings;
    settings.domain.as_deref().unwrap_or(&settings.host)
}

async fn link_to(app: &App, trunk: &Trunk) -> anyhow::Result<Link> {
    let found = links_to(app, &trunk.settings).await?;
    found.first().copied().context("no way to the trunk")
}
