//! Finds out about calls that ended: claims what is due, asks the agent's language models or lets
//! rules look, and stores what was found.
//!
//! # Invariants
//!
//! - A review that was begun and not stored is begun again, here or by the next start.
//! - A model is asked at most [`TRIES_MAX`] times about a call; rules look after that.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use engine::review;
use model::{Call, CallEvent, Review, VoiceAgentId};
use providers::thinker::model::{ModelSettings, Once, ask_once};
use store::{ReviewClaim, StoreError};
use tokio::sync::Semaphore;

use crate::{
    App,
    agent_document::{self, BroughtAgent, Parsed, Thinking},
    language_model::client,
    reviewing::{self, Transcript},
    thinking,
};

/// Reviews at once.
const AT_ONCE: u32 = 4;

/// Longest time for the answer of a model.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// A claim is another's to take after this, should this process die meanwhile.
const LEASE: Duration = Duration::from_secs(150);

/// Longest wait without looking: another process may have stored something.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Pauses before a model is asked again.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];

/// How often a model is asked about one call.
const TRIES_MAX: usize = PAUSES.len() + 1;

/// Events of one call that are read.
const EVENTS_MAX: u32 = 20_000;

/// What becomes of a review.
enum Done {
    /// This was found.
    Found(CallEvent),
    /// It is tried again after a pause.
    Later(Duration),
}

/// Reviews until the server drains.
pub async fn run(app: Arc<App>) {
    if let Err(error) = app.store().end_review_leases().await {
        tracing::warn!(%error, "reviews of the last run wait for the end of their leases");
    }
    let places = Arc::new(Semaphore::new(AT_ONCE as usize));
    while !app.is_draining() {
        let place = Arc::clone(&places).acquire_owned().await;
        let place = place.expect("nobody closes it");
        let due = app.store().claim_reviews(app.now(), 1, LEASE).await;
        let claim = match due {
            Ok(claims) => claims.into_iter().next(),
            Err(error) => {
                tracing::warn!(%error, "failed to look for calls to review");
                None
            }
        };
        let Some(claim) = claim else {
            drop(place);
            wait(&app).await;
            continue;
        };
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            attempt(&app, claim).await;
            drop(place);
        });
    }
}

async fn wait(app: &App) {
    let due = match app.store().next_review_at().await {
        Ok(Some(due)) => due.since(app.now()).max(Duration::from_millis(50)),
        Ok(None) => LOOK_EVERY,
        Err(_) => Duration::from_secs(1),
    };
    tokio::select! {
        () = tokio::time::sleep(due.min(LOOK_EVERY)) => {}
        () = app.reviews_woken() => {}
    }
}

async fn attempt(app: &App, claim: ReviewClaim) {
    let done = match work(app, &claim).await {
        Ok(done) => done,
        // What is stored cannot be read: that does not pass.
        Err(why) => {
            let why = format!("{why:#}");
            tracing::error!(call = %claim.call, why, "a call cannot be reviewed");
            Done::Found(CallEvent::ReviewFailed { why })
        }
    };
    let stored = match done {
        Done::Later(pause) => {
            let until = app.now().plus(pause);
            app.store().put_off_review(&claim, until).await
        }
        Done::Found(event) => {
            let settled = app.store().settle_review(&claim, event.clone(), app.now());
            settled.await.map(|_| {
                app.figures().note(&event);
                app.note_journal_growth();
            })
        }
    };
    match stored {
        Ok(()) => {}
        Err(StoreError::Conflict { .. }) => {
            tracing::warn!(call = %claim.call, "a review was too slow: another one counts");
        }
        // Its lease ends, and it is begun again.
        Err(error) => {
            tracing::warn!(%error, call = %claim.call, "a review was not stored");
        }
    }
    app.wake_reviews();
}

async fn work(app: &App, claim: &ReviewClaim) -> anyhow::Result<Done> {
    let store = app.store();
    let read = async {
        let call = store.call_any(&claim.call).await?;
        let events = store.events(&claim.call, 0, EVENTS_MAX).await?;
        Ok::<_, StoreError>((call, events))
    };
    let (call, events) = match read.await {
        Ok(read) => read,
        Err(error) if error.is_transient() => return Ok(Done::Later(PAUSES[0])),
        Err(error) => return Err(error).context("failed to read the call"),
    };
    let agent = agent_of(app, &call).await?;
    let is_chinese = agent.as_ref().is_some_and(Parsed::is_chinese);
    let transcript = Transcript::of(&call, &events, is_chinese);
    let items = agent.as_ref().map_or(&[][..], |agent| &agent.review.items);
    let backends = match &agent {
        Some(agent) if agent.review.by_models && transcript.has_words() => {
            backends(app, &call, agent).await
        }
        Some(_) | None => Vec::new(),
    };
    let by_rules = || {
        Done::Found(CallEvent::Reviewed(review::by_rules(
            items,
            &transcript.said,
        )))
    };
    if backends.is_empty() {
        return Ok(by_rules());
    }
    let once = Once {
        system: reviewing::task(items, is_chinese),
        text: transcript.text(),
        answer_max: ANSWER_MAX,
    };
    let why = match ask_once(&client(), backends, once).await {
        Ok(answer) => match reviewing::read(answer.by, &answer.object, items) {
            Some(review) => return Ok(found(review)),
            None => "the answer lacks what was asked for".to_owned(),
        },
        Err(why) => why,
    };
    let n_tries = usize::try_from(claim.n_claims).unwrap_or(TRIES_MAX);
    match PAUSES.get(n_tries.saturating_sub(1)) {
        Some(pause) => {
            tracing::info!(call = %call.id, why, ?pause, "a model did not review a call");
            Ok(Done::Later(*pause))
        }
        None => {
            tracing::warn!(call = %call.id, why, "no model reviews a call: rules do");
            Ok(by_rules())
        }
    }
}

fn found(review: Review) -> Done {
    Done::Found(CallEvent::Reviewed(review))
}

/// The agent of a call as it is now; `None` if it was removed.
pub(super) async fn agent_of(app: &App, call: &Call) -> anyhow::Result<Option<Parsed>> {
    let id = call.voice_agent.context("a reviewed call has an agent")?;
    if id == VoiceAgentId::BROUGHT {
        let kept = app.store().brought_agent(&call.id).await?;
        let Some(kept) = kept else {
            return Ok(None);
        };
        return Ok(Some(BroughtAgent::kept(&kept)?.parsed()?));
    }
    match app.store().voice_agent(call.tenant, id).await {
        Ok(agent) => Ok(Some(agent_document::parse(&agent.settings.definition)?)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The models that the agent thinks with; they may take their time here.
async fn backends(app: &App, call: &Call, agent: &Parsed) -> Vec<ModelSettings> {
    let mut backends = match (&agent.brought, &agent.thinker) {
        (Some(brought), _) => vec![thinking::brought_model(brought)],
        (None, Some(Thinking::Models(thinker))) => {
            thinking::backends(app.store(), call.tenant, &thinker.models).await
        }
        (None, Some(Thinking::Flow(flow))) => {
            thinking::backends(app.store(), call.tenant, &flow.models).await
        }
        (None, None) => Vec::new(),
    };
    for backend in &mut backends {
        backend.first_token_max = ANSWER_MAX;
        backend.piece_max = ANSWER_MAX;
    }
    backends
}
