//! Which trunk carries an outbound call, and which number it shows.
//!
//! # Invariants
//!
//! - Only enabled outbound numbers of the tenant are shown, on a trunk that is on, reaches the
//!   callee, has a free channel and may start a call now.
//! - The range +1 202 555 0100 to 0199 is reserved for fiction: simulated callees live there, and
//!   no real trunk ever carries a call to it, whatever its prefixes say.
//! - A simulated trunk takes only callees of its own prefixes; without prefixes it takes none, so
//!   that a real callee is never "called" by a simulation.

use model::{E164, Refusal, TenantId, Trunk, TrunkId, TrunkNumber};

/// How many of the requested numbers a refusal explains.
const EXPLAINED_MAX: usize = 5;

/// What a trunk does at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrunkLoad {
    /// Calls on it, in both directions.
    pub channels_in_use: u32,
    /// Its limit of new calls a second allows one more now, and it can be reached.
    pub can_start_now: bool,
}

/// What is going on at present.
pub trait Load {
    /// What this trunk does.
    fn trunk(&self, trunk: TrunkId) -> TrunkLoad;
    /// Whether the carrier's limits for this number allow one more call now.
    fn number_can_start(&self, caller: &E164) -> bool {
        let _ = caller;
        true
    }
    /// How often this number was shown lately, in the shell's own measure; the number with the
    /// least is preferred when the command names none.
    fn shown(&self, caller: &E164) -> u64;
}

/// The way of one outbound call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Index into the trunks that were given.
    pub trunk_idx: usize,
    /// That trunk.
    pub trunk: TrunkId,
    /// The number to show.
    pub caller: E164,
}

/// Why a number cannot be used on a trunk; later ones are closer to success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    NotTheTenants,
    NotEnabled,
    NotReached,
    NoChannel,
    TooManyStarts,
}

impl Obstacle {
    /// The number fits, and the call would go if there were less to do.
    fn is_passing(self) -> bool {
        match self {
            Self::NotTheTenants | Self::NotEnabled | Self::NotReached => false,
            Self::NoChannel | Self::TooManyStarts => true,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NotTheTenants => "is no number of this instance",
            Self::NotEnabled => "may not be shown on outbound calls",
            Self::NotReached => "has no trunk that reaches the callee",
            Self::NoChannel => "has no free channel on its trunk",
            Self::TooManyStarts => "has a trunk that can start no call at present",
        }
    }
}

/// Chooses the way of a call to `callee`.
///
/// Requested `callers` are tried in their order, each on the trunks in theirs; the tenant's other
/// numbers are not used then. Without any, the number of the tenant that was shown least is taken,
/// the first in the order of trunks and numbers among equals.
///
/// # Errors
///
/// [`Refusal::NoCallerNumber`] if no number fits at all, [`Refusal::TrunkFailed`] if one fits but
/// its trunk is busy: the same command may succeed later.
pub fn choose(
    trunks: &[Trunk],
    load: &dyn Load,
    tenant: TenantId,
    callers: &[E164],
    callee: &E164,
) -> Result<Route, Refusal> {
    let search = Search {
        trunks,
        load,
        tenant,
        callee,
    };
    if callers.is_empty() {
        search.least_shown()
    } else {
        search.first_of(callers)
    }
}

/// The numbers reserved for fiction (North American Numbering Plan), where simulated callees live.
pub fn is_fictional(callee: &E164) -> bool {
    callee.digits().len() == 11 && callee.digits().starts_with("120255501")
}

struct Search<'a> {
    trunks: &'a [Trunk],
    load: &'a dyn Load,
    tenant: TenantId,
    callee: &'a E164,
}

impl Search<'_> {
    fn first_of(&self, callers: &[E164]) -> Result<Route, Refusal> {
        let mut failed = Vec::new();
        for caller in callers {
            match self.with(caller) {
                Ok(route) => return Ok(route),
                Err(obstacle) => failed.push((caller, obstacle)),
            }
        }
        let explained: Vec<String> = failed
            .iter()
            .take(EXPLAINED_MAX)
            .map(|(caller, obstacle)| format!("{caller} {}", obstacle.words()))
            .collect();
        let why = match failed.len().saturating_sub(EXPLAINED_MAX) {
            0 => explained.join("; "),
            n_more => format!("{}; and {n_more} more", explained.join("; ")),
        };
        Err(refusal(
            failed.iter().any(|(_, obstacle)| obstacle.is_passing()),
            why,
        ))
    }

    /// The first trunk on which `caller` can be shown, else what came closest.
    fn with(&self, caller: &E164) -> Result<Route, Obstacle> {
        let mut closest = Obstacle::NotTheTenants;
        for (trunk_idx, number) in self.numbers() {
            if number.number != *caller {
                continue;
            }
            match self.obstacle(&self.trunks[trunk_idx], number) {
                None => return Ok(self.route(trunk_idx, number)),
                Some(obstacle) => closest = closest.max(obstacle),
            }
        }
        Err(closest)
    }

    fn least_shown(&self) -> Result<Route, Refusal> {
        let usable = self
            .numbers()
            .filter(|(trunk_idx, number)| self.obstacle(&self.trunks[*trunk_idx], number).is_none())
            .min_by_key(|(_, number)| self.load.shown(&number.number));
        if let Some((trunk_idx, number)) = usable {
            return Ok(self.route(trunk_idx, number));
        }
        let closest = self
            .numbers()
            .filter_map(|(trunk_idx, number)| self.obstacle(&self.trunks[trunk_idx], number))
            .max();
        Err(match closest {
            Some(obstacle) => refusal(
                obstacle.is_passing(),
                format!(
                    "of the numbers of this instance the best {}",
                    obstacle.words()
                ),
            ),
            None => refusal(false, "this instance has no numbers".into()),
        })
    }

    /// Numbers of the tenant with the index of their trunk, in a stable order.
    fn numbers(&self) -> impl Iterator<Item = (usize, &TrunkNumber)> {
        self.trunks
            .iter()
            .enumerate()
            .flat_map(|(trunk_idx, trunk)| {
                trunk.numbers.iter().map(move |number| (trunk_idx, number))
            })
            .filter(|(_, number)| number.tenant == self.tenant)
    }

    fn obstacle(&self, trunk: &Trunk, number: &TrunkNumber) -> Option<Obstacle> {
        if !number.enabled || !number.outbound {
            return Some(Obstacle::NotEnabled);
        }
        if !carries(trunk, self.callee) {
            return Some(Obstacle::NotReached);
        }
        let load = self.load.trunk(trunk.id);
        if load.channels_in_use >= trunk.settings.channels_max {
            return Some(Obstacle::NoChannel);
        }
        let can_start = load.can_start_now && self.load.number_can_start(&number.number);
        (!can_start).then_some(Obstacle::TooManyStarts)
    }

    fn route(&self, trunk_idx: usize, number: &TrunkNumber) -> Route {
        Route {
            trunk_idx,
            trunk: self.trunks[trunk_idx].id,
            caller: number.number.clone(),
        }
    }
}

/// Whether `trunk` may carry a call to `callee` at all.
fn carries(trunk: &Trunk, callee: &E164) -> bool {
    let is_allowed = if trunk.settings.simulated {
        !trunk.settings.callee_prefixes.is_empty()
    } else {
        !is_fictional(callee)
    };
    is_allowed && trunk.settings.reaches(callee)
}

fn refusal(is_passing: bool, why: String) -> Refusal {
    if is_passing {
        Refusal::TrunkFailed { why }
    } else {
        Refusal::NoCallerNumber { why }
    }
}

#[cfg(test)]
mod tests;
