//! What calls of campaigns are searched for and sorted by.
//!
//! Conditions are over the attempt as `a` and its call, if there is one, as `c`.

use model::{Call, Disposition, EndCause, HungUpSide, UnixMs};

use crate::listing::Listing;

/// How the call of an ended attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptOutcome {
    /// What it came to.
    pub disposition: Disposition,
    /// Why the call ended; `None` if there was no call.
    pub cause: Option<EndCause>,
    /// Who ended it, if it was answered.
    pub side: Option<HungUpSide>,
}

/// Outcomes that are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Attempts that are under way count too.
    pub under_way: bool,
    /// Attempts that ended like one of these.
    pub ended: Vec<AttemptOutcome>,
}

/// What is wanted of calls; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallCriteria {
    /// How they ended.
    pub outcomes: Option<Outcomes>,
    /// Whether they were answered.
    pub answered: Option<bool>,
    /// From numbers that hold these digits.
    pub caller_part: Option<String>,
    /// Placed at or after.
    pub from: Option<UnixMs>,
    /// Placed at or before.
    pub to: Option<UnixMs>,
    /// Answered for at least so many milliseconds.
    pub talk_ms_min: Option<i64>,
    /// Answered for at most so many milliseconds.
    pub talk_ms_max: Option<i64>,
    /// Rang for at least so many milliseconds.
    pub ring_ms_min: Option<i64>,
    /// Rang for at most so many milliseconds.
    pub ring_ms_max: Option<i64>,
}

/// What attempts are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttemptKey {
    /// When they were decided.
    #[default]
    Planned,
    /// When their call was placed; when they were decided if there is none yet.
    Started,
    /// How long they talked.
    Talk,
    /// How long they rang.
    Ring,
    /// The number called.
    Callee,
}

/// An order of attempts: the largest or newest first, unless it ascends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttemptOrder {
    /// By what.
    pub by: AttemptKey,
    /// The smallest or oldest first.
    pub ascends: bool,
}

impl AttemptOutcome {
    /// How an attempt ended whose call is this.
    pub fn of(disposition: Disposition, call: Option<&Call>) -> Self {
        Self {
            disposition,
            cause: call.and_then(|call| call.cause),
            side: call.and_then(|call| call.side),
        }
    }

    /// Every outcome that there may be.
    pub fn all() -> impl Iterator<Item = Self> {
        let sides = [
            None,
            Some(HungUpSide::User),
            Some(HungUpSide::Staff),
            Some(HungUpSide::System),
        ];
        let causes = EndCause::ALL.into_iter().map(Some).chain([None]);
        Disposition::ALL
            .iter()
            .copied()
            .flat_map(move |disposition| {
                causes.clone().flat_map(move |cause| {
                    sides.into_iter().map(move |side| Self {
                        disposition,
                        cause,
                        side,
                    })
                })
            })
    }

    pub(super) fn text(&self) -> String {
        let cause = self.cause.map_or("-", EndCause::name);
        let side = self.side.map_or("-", HungUpSide::name);
        format!("{} {cause} {side}", self.disposition.name())
    }
}

impl Outcomes {
    /// Those for which `is` holds; it is asked about `None` for attempts under way.
    pub fn that(is: impl Fn(Option<AttemptOutcome>) -> bool) -> Self {
        Self {
            under_way: is(None),
            ended: AttemptOutcome::all().filter(|one| is(Some(*one))).collect(),
        }
    }
}

impl CallCriteria {
    /// The rows of `listing` whose call is as wanted.
    pub(super) fn of(&self, listing: Listing) -> Listing {
        let outcomes = self.outcomes.as_ref().map(|outcomes| {
            let under_way = outcomes.under_way.then(String::new);
            let ended = outcomes.ended.iter().map(AttemptOutcome::text);
            under_way.into_iter().chain(ended).collect()
        });
        let caller = self.caller_part.as_ref();
        let listing = listing
            .one_of_these("a.outcome", outcomes)
            .and_if(
                "c.caller LIKE",
                caller.map(|part| super::lists::contains(part)),
            )
            .and_if("c.started_at >=", self.from.map(|at| at.0))
            .and_if("c.started_at <=", self.to.map(|at| at.0))
            .and_if(
                "COALESCE(c.ended_at - c.answered_at, 0) >=",
                self.talk_ms_min,
            )
            .and_if(
                "COALESCE(c.ended_at - c.answered_at, 0) <=",
                self.talk_ms_max,
            )
            .and_if("a.ring_ms >=", self.ring_ms_min)
            .and_if("a.ring_ms <=", self.ring_ms_max);
        match self.answered {
            None => listing,
            Some(true) => listing.when("c.answered_at IS NOT NULL"),
            // Of somebody who was never called there is no call that was not answered.
            Some(false) => listing.when("a.id IS NOT NULL AND c.answered_at IS NULL"),
        }
    }
}

impl AttemptOrder {
    /// The same for the database. Attempts that are alike come in the order of their ids.
    pub(super) fn sql(self) -> &'static str {
        match (self.by, self.ascends) {
            (AttemptKey::Planned, false) => "a.planned_at DESC, a.id",
            (AttemptKey::Planned, true) => "a.planned_at, a.id",
            (AttemptKey::Started, false) => "COALESCE(c.started_at, a.planned_at) DESC, a.id",
            (AttemptKey::Started, true) => "COALESCE(c.started_at, a.planned_at), a.id",
            (AttemptKey::Talk, false) => "COALESCE(c.ended_at - c.answered_at, 0) DESC, a.id",
            (AttemptKey::Talk, true) => "COALESCE(c.ended_at - c.answered_at, 0), a.id",
            (AttemptKey::Ring, false) => "a.ring_ms DESC, a.id",
            (AttemptKey::Ring, true) => "a.ring_ms, a.id",
            (AttemptKey::Callee, false) => "a.callee DESC, a.id",
            (AttemptKey::Callee, true) => "a.callee, a.id",
        }
    }
}
