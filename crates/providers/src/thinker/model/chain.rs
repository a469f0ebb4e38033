//! Which back end is asked, and when the next one.
//!
//! The first one is asked; the next one as soon as it fails, or beside it when it has said nothing
//! for [`Chain::failover_after`]. Whoever says the first word is listened to, the other connection
//! is closed. One that failed stands behind the others for a while.

use std::{
    future::poll_fn,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use voice::thinker::TurnId;

use super::{
    backend::{Asking, Backend, Delta, Item},
    failure::ModelFailure,
    prompt::Prompt,
};
use crate::port::{Asked, Noted, Outcome, Thoughts};

/// How long a back end that failed is asked last.
const UNWELL: Duration = Duration::from_secs(30);

/// Pause before a lone back end is asked again, and the longest one it may ask for.
const AGAIN_AFTER: Duration = Duration::from_millis(150);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(1);

/// Back ends asked at once.
const AT_ONCE_MAX: usize = 2;

/// The back ends of one conversation.
pub(super) struct Chain {
    backends: Vec<Backend>,
    unwell_until: Vec<Option<Instant>>,
    pub failover_after: Duration,
}

/// A back end that is asked; its end is noted, whichever it is.
pub(super) struct Attempt {
    asking: Asking,
    pub backend: usize,
    name: String,
    turn: TurnId,
    thoughts: Thoughts,
    first_token: Option<Duration>,
    outcome: Option<Outcome>,
    deadline: Instant,
}

/// A back end that has begun to answer.
pub(super) struct Opened {
    pub attempt: Attempt,
    /// What it said first; `None`: it had nothing to say.
    pub first: Option<Delta>,
}

/// Whose turn it is, and where notes go.
pub(super) struct Round<'a> {
    pub turn: TurnId,
    pub thoughts: &'a Thoughts,
    pub prompt: Arc<Prompt>,
    /// Nobody may begin later than this.
    pub until: Instant,
    /// Not to be asked: it broke off a moment ago.
    pub without: Option<usize>,
}

impl Chain {
    pub fn new(backends: Vec<Backend>, failover_after: Duration) -> Self {
        assert!(!backends.is_empty(), "a chain has a back end");
        Self {
            unwell_until: vec![None; backends.len()],
            backends,
            failover_after,
        }
    }

    /// All of them, in the order in which they are asked.
    pub fn backends(&self) -> impl Iterator<Item = &Backend> {
        self.backends.iter()
    }

    pub fn backend(&self, idx: usize) -> &Backend {
        &self.backends[idx]
    }

    /// Asks until a back end says its first word.
    ///
    /// # Errors
    ///
    /// Why nobody did, each in its own words.
    pub async fn open(&mut self, round: &Round<'_>) -> Result<Opened, String> {
        let mut waiting = self.order(round.without);
        let mut running: Vec<Attempt> = Vec::new();
        let mut whys = Vec::new();
        let mut may_ask_again = true;
        loop {
            if running.is_empty() {
                match (waiting.is_empty(), whys.is_empty()) {
                    (false, _) => running.push(self.ask(waiting.remove(0), round)),
                    (true, _) => return Err(whys.join("; ")),
                }
            }
            let hedge_at = running
                .last()
                .filter(|_| running.len() < AT_ONCE_MAX && !waiting.is_empty())
                .map(|attempt| attempt.asking.since + self.failover_after);
            let event = next(&mut running, hedge_at, round.until).await;
            match event {
                Event::Item(idx, Item::Delta(delta)) => {
                    return Ok(won(running, idx, Some(delta)));
                }
                Event::Item(idx, Item::End(Ok(()))) => return Ok(won(running, idx, None)),
                Event::Item(idx, Item::End(Err(why))) => {
                    let attempt = running.remove(idx);
                    let backend = attempt.backend;
                    whys.push(format!("{}: {why}", attempt.name));
                    let is_last = running.is_empty() && waiting.is_empty();
                    if is_last && may_ask_again && why.is_passing() {
                        may_ask_again = false;
                        waiting.push(backend);
                        pause(&why, round.until).await;
                    }
                    self.failed(attempt, &why);
                }
                Event::Hedge => running.push(self.ask(waiting.remove(0), round)),
                Event::Late(idx) => {
                    let attempt = running.remove(idx);
                    let waited = attempt.asking.since.elapsed();
                    let why = ModelFailure::Unreachable(format!("no word within {waited:.1?}"));
                    whys.push(format!("{}: {why}", attempt.name));
                    self.failed(attempt, &why);
                }
            }
            if Instant::now() >= round.until {
                for attempt in running {
                    let why = ModelFailure::Unreachable("no word in time".to_owned());
                    whys.push(format!("{}: {why}", attempt.name));
                    self.failed(attempt, &why);
                }
                return Err(whys.join("; "));
            }
        }
    }

    /// An attempt failed, before its first word or after.
    pub fn failed(&mut self, mut attempt: Attempt, why: &ModelFailure) {
        self.unwell_until[attempt.backend] = Some(Instant::now() + UNWELL);
        attempt.outcome = Some(Outcome::Failed(why.to_string()));
    }

    fn ask(&self, idx: usize, round: &Round<'_>) -> Attempt {
        let backend = &self.backends[idx];
        let asking = backend.ask(Arc::clone(&round.prompt));
        let deadline = (asking.since + backend.settings.first_token_max).min(round.until);
        Attempt {
            asking,
            backend: idx,
            name: backend.settings.name.clone(),
            turn: round.turn,
            thoughts: round.thoughts.clone(),
            first_token: None,
            outcome: None,
            deadline,
        }
    }

    /// Back ends in the order in which they are asked: those that are unwell last.
    fn order(&self, without: Option<usize>) -> Vec<usize> {
        let now = Instant::now();
        let is_unwell = |idx: &usize| self.unwell_until[*idx].is_some_and(|until| until > now);
        let mut order: Vec<usize> = (0..self.backends.len()).collect();
        order.sort_by_key(|idx| (Some(*idx) == without, is_unwell(idx)));
        order
    }
}

/// What happened first.
enum Event {
    /// Something came from this attempt.
    Item(usize, Item),
    /// It is time to ask the next one as well.
    Hedge,
    /// This attempt has had its time.
    Late(usize),
}

async fn next(running: &mut [Attempt], hedge_at: Option<Instant>, until: Instant) -> Event {
    let (late_idx, late_at) = running
        .iter()
        .enumerate()
        .map(|(idx, attempt)| (idx, attempt.deadline.min(until)))
        .min_by_key(|(_, at)| *at)
        .expect("an attempt is running");
    let hedge_first = hedge_at.filter(|at| *at < late_at);
    let wake = hedge_first.unwrap_or(late_at);
    let item = poll_fn(|context| {
        for (idx, attempt) in running.iter_mut().enumerate() {
            if let Poll::Ready(item) = attempt.asking.poll(context) {
                return Poll::Ready((idx, item));
            }
        }
        Poll::Pending
    });
    tokio::select! {
        biased;
        (idx, item) = item => Event::Item(idx, item),
        () = tokio::time::sleep_until(wake.into()) => match hedge_first {
            Some(_) => Event::Hedge,
            None => Event::Late(late_idx),
        },
    }
}

/// This attempt is listened to, the others are given up.
fn won(mut running: Vec<Attempt>, idx: usize, first: Option<Delta>) -> Opened {
    let mut attempt = running.swap_remove(idx);
    for other in &mut running {
        other.outcome = Some(Outcome::Overtaken);
    }
    if first.is_some() {
        attempt.first_token = Some(attempt.asking.since.elapsed());
    }
    Opened { attempt, first }
}

async fn pause(why: &ModelFailure, until: Instant) {
    let wanted = match why {
        ModelFailure::Busy { retry_after, .. } => retry_after.unwrap_or(AGAIN_AFTER),
        _ => AGAIN_AFTER,
    };
    let left = until.saturating_duration_since(Instant::now());
    tokio::time::sleep(wanted.min(AGAIN_AFTER_MAX).min(left)).await;
}

impl Attempt {
    /// What comes next of the answer.
    pub async fn next(&mut self) -> Item {
        self.asking.next().await
    }

    /// The answer is complete.
    pub fn answered(mut self) {
        self.outcome = Some(Outcome::Answered);
    }
}

/// Notes how it went; one that nobody said anything of was stopped.
impl Drop for Attempt {
    fn drop(&mut self) {
        let asked = Asked {
            backend: std::mem::take(&mut self.name),
            outcome: self.outcome.take().unwrap_or(Outcome::Stopped),
            first_token: self.first_token,
            took: self.asking.since.elapsed(),
        };
        self.thoughts.note(self.turn, Noted::Asked(asked));
    }
}
