//! How many contacts of a campaign to dial, and when it is over.
//!
//! The runner of a campaign remembers only how the last attempts to dial went; all else it is told
//! with every [`Look`], so that a restart begins where the database is.

use std::{collections::VecDeque, time::Duration};

use model::{CampaignProgress, Pacing, UnixMs};

use super::Window;

/// Attempts that are started after one look; the next look comes a second later.
pub const START_MAX: u32 = 20;

/// A campaign that could dial nobody for so long pauses itself.
pub const BLOCKED_MAX: Duration = Duration::from_secs(3600);

/// First wait when lines or voice agents are busy; it doubles up to [`BLOCKED_WAIT`].
const BUSY_WAIT: Duration = Duration::from_secs(2);

/// Wait when somebody must change something before anybody can be dialled.
const BLOCKED_WAIT: Duration = Duration::from_secs(60);

/// Time between two looks that both start attempts.
const PACE: Duration = Duration::from_secs(1);

/// Longest time without a look: clocks may be set, and the tenant's rules may change.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// What the shell saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether the campaign may dial.
    pub window: Window,
    /// Its contacts.
    pub progress: CampaignProgress,
    /// When the first of those who wait is due; `None` if nobody waits.
    pub next_due: Option<UnixMs>,
    /// Attempts that its tenant may begin beside those of all its campaigns that are under way.
    pub room: u32,
}

/// What the shell is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Take so many contacts that are due, store an attempt for each, and dial.
    Start {
        /// At least 1.
        n: u32,
    },
    /// Fail those who wait or are paused: the campaign's time is up.
    Expire,
    /// Nobody is left.
    Complete,
    /// Nobody could be dialled for [`BLOCKED_MAX`].
    Pause {
        /// For people.
        why: String,
    },
}

/// Why an attempt was not dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Lines or voice agents are busy, or the server is stopping.
    Busy,
    /// Somebody must change something.
    Blocked {
        /// What, for people.
        why: String,
    },
}

/// Decides for one campaign.
#[derive(Debug)]
pub struct Runner {
    pacing: Pacing,
    hold_until: UnixMs,
    n_busy: u32,
    blocked_since: Option<UnixMs>,
    wants: VecDeque<Want>,
    look_at: UnixMs,
}

impl Runner {
    /// A campaign that is looked at for the first time.
    pub fn new(pacing: Pacing, now: UnixMs) -> Self {
        Self {
            pacing,
            hold_until: now,
            n_busy: 0,
            blocked_since: None,
            wants: VecDeque::new(),
            look_at: now,
        }
    }

    /// The campaign's settings have changed, or it was resumed: what held it up may be gone.
    pub fn change(&mut self, pacing: Pacing, now: UnixMs) {
        *self = Self::new(pacing, now);
    }

    /// Takes what the shell saw.
    pub fn handle(&mut self, look: &Look, now: UnixMs) {
        self.look_at = now.plus(LOOK_EVERY);
        let progress = &look.progress;
        if look.window == Window::Over && progress.waiting + progress.paused > 0 {
            self.wants.push_back(Want::Expire);
            self.look_at = now;
            return;
        }
        let is_idle = progress.waiting + progress.dialing + progress.paused == 0;
        if is_idle && (progress.total() > 0 || look.window == Window::Over) {
            self.wants.push_back(Want::Complete);
            return;
        }
        match look.window {
            Window::Over => {}
            Window::Closed { look_at } => self.look_before(look_at),
            Window::Open { look_at } => {
                self.look_before(look_at);
                self.start(look, now);
            }
        }
    }

    fn start(&mut self, look: &Look, now: UnixMs) {
        let Some(due) = look.next_due else { return };
        if due > now {
            return self.look_before(due);
        }
        if self.hold_until > now {
            return self.look_before(self.hold_until);
        }
        let Pacing::AtOnce(limit) = self.pacing;
        let dialing = u32::try_from(look.progress.dialing).unwrap_or(u32::MAX);
        let n = limit.saturating_sub(dialing).min(look.room).min(START_MAX);
        if n > 0 {
            self.wants.push_back(Want::Start { n });
        }
        // Who is full is told of every end; the time is for what nobody tells.
        self.look_before(now.plus(PACE));
    }

    /// An attempt was dialled.
    pub fn dialed(&mut self) {
        self.n_busy = 0;
        self.blocked_since = None;
    }

    /// An attempt was not dialled; it does not count.
    pub fn not_dialed(&mut self, trouble: Trouble, now: UnixMs) {
        let wait = match trouble {
            Trouble::Busy => {
                let doubled = BUSY_WAIT.saturating_mul(1 << self.n_busy.min(5));
                // Attempts that were started together fail together, and count once.
                if self.hold_until <= now {
                    self.n_busy += 1;
                }
                doubled.min(BLOCKED_WAIT)
            }
            Trouble::Blocked { why } => {
                let since = *self.blocked_since.get_or_insert(now);
                if now.since(since) >= BLOCKED_MAX {
                    self.blocked_since = None;
                    self.wants.push_back(Want::Pause { why });
                }
                BLOCKED_WAIT
            }
        };
        self.hold_until = self.hold_until.max(now.plus(wait));
        self.look_before(self.hold_until);
    }

    /// The next thing to do; drain it after each of the other methods.
    pub fn poll(&mut self) -> Option<Want> {
        self.wants.pop_front()
    }

    /// When to look again, and why.
    pub fn poll_timeout(&self) -> (UnixMs, &'static str) {
        (self.look_at, "look at a campaign")
    }

    fn look_before(&mut self, at: UnixMs) {
        self.look_at = self.look_at.min(at);
    }
}
