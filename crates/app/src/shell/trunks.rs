//! Registers at carriers, and asks trunks by OPTIONS whether they are alive.
//!
//! When is decided by [`sip::Registration`] and [`engine::circuit::Circuit`]; one task asks them, and
//! every question has a task of its own, so that a silent trunk delays no other.
//!
//! A trunk may have several servers (RFC 3263): all of them are asked by OPTIONS, and REGISTER goes from one
//! to the next until one takes it or refuses it for a reason of its own.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use model::{Trunk, TrunkId};
use sip::{
    Link, Register, RegisterAnswer, Registration, RegistrationState, Uri, digest::Credentials,
};
use tokio::task::JoinSet;

use super::{sip::Stopped, targets::ways_to};
use crate::App;

/// How often the trunks are looked through.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often they are read anew, which is how a change is noticed.
const READ_EVERY: Duration = Duration::from_secs(5);

/// How long a carrier is asked to keep our contact.
const EXPIRES: Duration = Duration::from_secs(3600);

/// Longest wait for a registrar while there is another: five datagrams, the last of which has half a second
/// (RFC 3261 section 17.1.2.2). The last one has 64·T1.
const REGISTRAR_SILENT_MAX: Duration = Duration::from_secs(8);

/// Requests that a registrar sees as one row (RFC 3261 section 10.2).
#[derive(Clone)]
struct Series {
    call_id: String,
    /// Of the last request.
    cseq: u32,
}

impl Series {
    fn new() -> Self {
        Self {
            call_id: uuid::Uuid::new_v4().to_string(),
            cseq: 0,
        }
    }
}

/// What is kept of a registration between two requests.
struct Account {
    series: Series,
    /// The settings that it is for: a change begins anew.
    settings: model::TrunkDraft,
    is_busy: bool,
}

/// Watches until the process ends.
pub async fn run(app: Arc<App>) {
    let (done, mut finished) = tokio::sync::mpsc::channel::<(TrunkId, Series)>(64);
    let mut accounts: HashMap<TrunkId, Account> = HashMap::new();
    let mut trunks: Vec<Trunk> = Vec::new();
    let mut read_at: Option<Instant> = None;
    loop {
        while let Ok((trunk, series)) = finished.try_recv() {
            if let Some(account) = accounts.get_mut(&trunk) {
                account.series = series;
                account.is_busy = false;
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
            accounts.retain(|id, _| ids.contains(id));
            read_at = Some(now);
        }
        for trunk in &trunks {
            ask_if_due(&app, trunk, now);
            if let Some((series, expires)) = register_if_due(&app, trunk, &mut accounts, now) {
                let (app, trunk, done) = (Arc::clone(&app), trunk.clone(), done.clone());
                tokio::spawn(async move {
                    let series = register(&app, &trunk, series, expires).await;
                    // The loop ends with the process.
                    let _ = done.send((trunk.id, series)).await;
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

/// Whether a server of a trunk answers, with whatever status: the first that does says so. The others are
/// waited for elsewhere.
async fn ask(app: &Arc<App>, trunk: &Trunk) -> bool {
    let Ok(links) = ways_to(app, trunk).await else {
        return false;
    };
    let mut asked = JoinSet::new();
    for link in links {
        let (app, trunk, to) = (Arc::clone(app), trunk.id, Uri::sip("", domain(trunk), None));
        asked.spawn(async move {
            let status = app.sip().options(to, link).await.ok().flatten();
            let now = Instant::now();
            app.trunk_health().with(trunk, now, |watched| match status {
                Some(502..=504) => watched.targets.failed(link.remote, now),
                Some(_) => watched.targets.answered_question(link.remote),
                None => watched.targets.left_question(link.remote, now),
            });
            status.is_some()
        });
    }
    while let Some(is_alive) = asked.join_next().await {
        if is_alive.unwrap_or(false) {
            asked.detach_all();
            return true;
        }
    }
    false
}

/// A REGISTER that is due: the row that it belongs to, and for how long.
fn register_if_due(
    app: &App,
    trunk: &Trunk,
    all: &mut HashMap<TrunkId, Account>,
    now: Instant,
) -> Option<(Series, Duration)> {
    let settings = &trunk.settings;
    if !settings.register {
        all.remove(&trunk.id);
        app.trunk_health()
            .with(trunk.id, now, |watched| watched.registration = None);
        return None;
    }
    let account = all.entry(trunk.id).or_insert_with(|| Account {
        series: Series::new(),
        settings: settings.clone(),
        is_busy: false,
    });
    if account.is_busy {
        return None;
    }
    let changed = account.settings != *settings;
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
        account.settings = settings.clone();
    }
    account.is_busy = true;
    Some((account.series.clone(), expires))
}

/// Gives the row with the number that was used last.
async fn register(app: &App, trunk: &Trunk, mut series: Series, expires: Duration) -> Series {
    let answer = match ways_to(app, trunk).await {
        Ok(links) => register_at_one(app, trunk, links, &mut series, expires).await,
        Err(error) => {
            tracing::warn!(
                trunk = trunk.id.0,
                error = format!("{error:#}"),
                "no way to a registrar"
            );
            RegisterAnswer::unanswered(series.cseq)
        }
    };
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
    series
}

/// Registers at the first server that takes it or refuses it for a reason of its own; those before it were
/// silent, out of reach or out of service. If all were, what was said counts more than silence.
async fn register_at_one(
    app: &App,
    trunk: &Trunk,
    links: Vec<Link>,
    series: &mut Series,
    expires: Duration,
) -> RegisterAnswer {
    let mut said = RegisterAnswer::unanswered(series.cseq);
    let n_links = links.len();
    for (link_idx, link) in links.into_iter().enumerate() {
        series.cseq += 1;
        let asked = app
            .sip()
            .register(registration(trunk, link, series, expires));
        let answer = match link_idx + 1 < n_links {
            true => tokio::time::timeout(REGISTRAR_SILENT_MAX, asked).await,
            false => Ok(asked.await),
        };
        let answer = match answer {
            Ok(Ok(answer)) => *answer,
            Ok(Err(Stopped)) => return said,
            Err(_) => {
                // It may still come to something, and the next one may know of it (RFC 3261 section 10.2).
                *series = Series::new();
                RegisterAnswer::unanswered(0)
            }
        };
        series.cseq = series.cseq.max(answer.cseq);
        let is_next = is_for_the_next(answer.status);
        let now = Instant::now();
        app.trunk_health()
            .with(trunk.id, now, |watched| match is_next {
                true => watched.targets.failed(link.remote, now),
                false => watched.targets.answered(link.remote),
            });
        if !is_next {
            return answer;
        }
        tracing::info!(trunk = trunk.id.0, status = ?answer.status, "a registrar does not serve us");
        if answer.status.is_some() || said.status.is_none() {
            said = answer;
        }
    }
    said
}

/// Whether another server may do better (RFC 3263 section 4.3): this one is silent or out of reach, or says
/// that it, or whom it asks, cannot serve now.
fn is_for_the_next(status: Option<u16>) -> bool {
    matches!(status, None | Some(502..=504))
}

fn registration(trunk: &Trunk, link: Link, series: &Series, expires: Duration) -> Register {
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
        call_id: series.call_id.clone(),
        cseq: series.cseq,
    }
}

fn domain(trunk: &Trunk) -> &str {
    let settings = &trunk.settings;
    settings.domain.as_deref().unwrap_or(&settings.host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registrar_that_refuses_us_itself_is_not_asked_around() {
        for status in [None, Some(502), Some(503), Some(504)] {
            assert!(is_for_the_next(status), "{status:?}");
        }
        for status in [200, 401, 403, 404, 407, 423, 500, 603] {
            assert!(!is_for_the_next(Some(status)), "{status}");
        }
    }
}
