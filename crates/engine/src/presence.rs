//! What a person's status becomes.
//!
//! A function of what it is and what happens; the store keeps the result and the history.
//!
//! # Invariants
//!
//! - Work that runs is never taken from a person by a wish: a break waits until it has ended.
//! - Who was sent offline by a supervisor stays so until a supervisor lets them come back.

use std::{collections::BTreeMap, time::Duration};

use model::{Presence, Reserved, StaffStatus, StatusChange, UnixMs};

/// What happens to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening<'a> {
    /// The person, or somebody for them, wants another status.
    Wished(Wish<'a>),
    /// A call was given to them, or a chat that makes them as busy as they can be.
    WorkBegan {
        /// The call or conversation.
        work: &'a str,
    },
    /// That work is over.
    WorkEnded {
        /// The call or conversation.
        work: &'a str,
        /// Whether time for notes follows.
        wrap_up: bool,
    },
    /// Somebody who takes several chats at a time has ended the last one: time for notes, if they
    /// were free.
    NotesBegan {
        /// The conversation.
        work: &'a str,
    },
    /// The time for notes is over.
    WrapUpEnded,
    /// A supervisor sends them offline.
    ForcedOffline,
    /// A supervisor lets them come back; they stay offline until they wish otherwise.
    Restored,
}

/// A status that a person may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish<'a> {
    /// Take work.
    Free,
    /// Take nothing that comes in.
    NotReady,
    /// A break.
    Rest {
        /// Why; may be empty.
        reason: &'a str,
    },
    /// Leave.
    Offline,
}

/// Why a status stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stays {
    /// Work runs, and one cannot leave it.
    #[error("staff is busy")]
    Busy,
    /// A supervisor sent the person offline.
    #[error("staff was sent offline by a supervisor")]
    ForcedOffline,
    /// Nobody gives work to whom is offline.
    #[error("staff is offline")]
    Offline,
}

/// What `present` becomes. Equal to `present` if nothing changes.
pub fn next(present: &Presence, happening: Happening<'_>, now: UnixMs) -> Result<Presence, Stays> {
    match happening {
        Happening::Wished(wish) => wished(present, wish, now),
        Happening::WorkBegan { work } => {
            if present.status == StaffStatus::Offline {
                return Err(Stays::Offline);
            }
            let mut next = entered(present, StaffStatus::Busy, "", now);
            next.work = Some(work.to_owned());
            // What was chosen before the work holds after it.
            next.reserved = match present.status {
                StaffStatus::Rest | StaffStatus::NotReady => Some(Reserved {
                    status: present.status,
                    reason: present.reason.clone(),
                }),
                StaffStatus::Free
                | StaffStatus::Busy
                | StaffStatus::WrapUp
                | StaffStatus::Offline => present.reserved.clone(),
            };
            Ok(next)
        }
        Happening::WorkEnded { work, wrap_up } => {
            let is_it = present.work.as_deref() == Some(work);
            Ok(match present.status {
                StaffStatus::Busy if is_it && wrap_up => Presence {
                    work: present.work.clone(),
                    reserved: present.reserved.clone(),
                    ..entered(present, StaffStatus::WrapUp, "", now)
                },
                StaffStatus::Busy if is_it => after_work(present, now),
                StaffStatus::Busy
                | StaffStatus::Free
                | StaffStatus::WrapUp
                | StaffStatus::Rest
                | StaffStatus::NotReady
                | StaffStatus::Offline => present.clone(),
            })
        }
        Happening::NotesBegan { work } => Ok(match present.status {
            StaffStatus::Free => Presence {
                work: Some(work.to_owned()),
                ..entered(present, StaffStatus::WrapUp, "", now)
            },
            StaffStatus::Busy
            | StaffStatus::WrapUp
            | StaffStatus::Rest
            | StaffStatus::NotReady
            | StaffStatus::Offline => present.clone(),
        }),
        Happening::WrapUpEnded => Ok(match present.status {
            StaffStatus::WrapUp => after_work(present, now),
            StaffStatus::Free
            | StaffStatus::Busy
            | StaffStatus::Rest
            | StaffStatus::NotReady
            | StaffStatus::Offline => present.clone(),
        }),
        Happening::ForcedOffline => Ok(Presence {
            forced_offline: true,
            ..entered(present, StaffStatus::Offline, "", now)
        }),
        Happening::Restored => Ok(Presence {
            forced_offline: false,
            ..present.clone()
        }),
    }
}

/// How long each status lasted from `from` to `to`. `before` is the status at `from`; `changes`
/// are those after it, in order.
pub fn lasted(
    before: StaffStatus,
    changes: &[StatusChange],
    from: UnixMs,
    to: UnixMs,
) -> BTreeMap<StaffStatus, Duration> {
    let mut lasted = BTreeMap::new();
    let (mut status, mut since) = (before, from);
    for change in changes.iter().filter(|change| change.at < to) {
        *lasted.entry(status).or_default() += change.at.since(since);
        (status, since) = (change.status, change.at.max(since));
    }
    *lasted.entry(status).or_default() += to.since(since);
    lasted
}

fn wished(present: &Presence, wish: Wish<'_>, now: UnixMs) -> Result<Presence, Stays> {
    let (status, reason) = match wish {
        Wish::Free => (StaffStatus::Free, ""),
        Wish::NotReady => (StaffStatus::NotReady, ""),
        Wish::Rest { reason } => (StaffStatus::Rest, reason),
        Wish::Offline => (StaffStatus::Offline, ""),
    };
    if present.forced_offline && status != StaffStatus::Offline {
        return Err(Stays::ForcedOffline);
    }
    if present.status != StaffStatus::Busy {
        return Ok(entered(present, status, reason, now));
    }
    let reserved = match wish {
        Wish::Free => None,
        Wish::Offline => return Err(Stays::Busy),
        Wish::NotReady | Wish::Rest { .. } => Some(Reserved {
            status,
            reason: reason.to_owned(),
        }),
    };
    Ok(Presence {
        reserved,
        ..present.clone()
    })
}

fn after_work(present: &Presence, now: UnixMs) -> Presence {
    match &present.reserved {
        Some(reserved) => entered(present, reserved.status, &reserved.reason, now),
        None => entered(present, StaffStatus::Free, "", now),
    }
}

/// The status as it begins: without work and without anything reserved. Time does not start anew
/// in a status that one is in already.
fn entered(present: &Presence, status: StaffStatus, reason: &str, now: UnixMs) -> Presence {
    let stays = present.status == status && present.reason == reason;
    let was_offline = present.status == StaffStatus::Offline;
    let is_offline = status == StaffStatus::Offline;
    Presence {
        status,
        reason: reason.to_owned(),
        since: if stays { present.since } else { now },
        work: None,
        reserved: None,
        forced_offline: present.forced_offline,
        online_since: match (is_offline, was_offline) {
            (true, _) => None,
            (false, true) => Some(now),
            (false, false) => present.online_since,
        },
        last_online_at: if was_offline && !is_offline {
            Some(now)
        } else {
            present.last_online_at
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Happening<'_> = Happening::Wished(Wish::Free);
    const LUNCH: Happening<'_> = Happening::Wished(Wish::Rest { reason: "lunch" });
    const LEAVE: Happening<'_> = Happening::Wished(Wish::Offline);
    const BEGAN: Happening<'_> = Happening::WorkBegan { work: "c1" };
    const ENDED: Happening<'_> = Happening::WorkEnded {
        work: "c1",
        wrap_up: false,
    };
    const ENDED_WITH_NOTES: Happening<'_> = Happening::WorkEnded {
        work: "c1",
        wrap_up: true,
    };

    #[test]
    fn a_break_that_is_wished_in_a_call_begins_after_the_notes() {
        let statuses = live(&[FREE, BEGAN, LUNCH, ENDED_WITH_NOTES, Happening::WrapUpEnded]);
        assert_eq!(statuses, ["free", "busy", "busy", "wrap_up", "rest lunch"]);
    }

    #[test]
    fn notes_after_a_chat_keep_new_work_away_from_who_was_free_and_from_nobody_else() {
        let notes = Happening::NotesBegan { work: "c1" };
        assert_eq!(
            live(&[FREE, notes, Happening::WrapUpEnded]),
            ["free", "wrap_up", "free"]
        );
        assert_eq!(live(&[LUNCH, notes]), ["rest lunch", "rest lunch"]);
        assert_eq!(live(&[FREE, BEGAN, notes]), ["free", "busy", "busy"]);
        assert_eq!(live(&[FREE, notes, LEAVE]), ["free", "wrap_up", "offline"]);
    }

    #[test]
    fn work_given_in_a_break_leads_back_to_the_break() {
        assert_eq!(
            live(&[LUNCH, BEGAN, ENDED]),
            ["rest lunch", "busy", "rest lunch"]
        );
    }

    #[test]
    fn a_wish_to_be_free_takes_the_reserved_break_back() {
        assert_eq!(
            live(&[FREE, BEGAN, LUNCH, FREE, ENDED]),
            ["free", "busy", "busy", "busy", "free"]
        );
    }

    #[test]
    fn nobody_leaves_in_the_middle_of_a_call() {
        assert_eq!(
            live(&[FREE, BEGAN, LEAVE]),
            ["free", "busy", "staff is busy"]
        );
    }

    #[test]
    fn who_is_sent_offline_comes_back_only_when_allowed() {
        let sent = live(&[FREE, Happening::ForcedOffline, FREE]);
        assert_eq!(sent[2], "staff was sent offline by a supervisor");
        let back = live(&[FREE, Happening::ForcedOffline, Happening::Restored, FREE]);
        assert_eq!(back, ["free", "offline", "offline", "free"]);
    }

    #[test]
    fn an_end_of_other_work_changes_nothing() {
        let other = Happening::WorkEnded {
            work: "c2",
            wrap_up: true,
        };
        assert_eq!(live(&[FREE, BEGAN, other]), ["free", "busy", "busy"]);
        assert_eq!(live(&[FREE, ENDED]), ["free", "free"]);
    }

    #[test]
    fn work_is_not_given_to_whom_is_offline() {
        assert_eq!(live(&[BEGAN]), ["staff is offline"]);
    }

    #[test]
    fn a_wish_for_the_same_does_not_restart_the_clock() {
        let first = next(&Presence::new(UnixMs(0)), LUNCH, UnixMs(5)).unwrap();
        assert_eq!(next(&first, LUNCH, UnixMs(9)).unwrap(), first);
        assert_eq!(
            (first.since, first.online_since),
            (UnixMs(5), Some(UnixMs(5)))
        );
    }

    #[test]
    fn a_day_is_shared_among_its_statuses() {
        let change = |second: i64, status| StatusChange {
            n: 1,
            at: UnixMs(second * 1000),
            status,
            reason: String::new(),
            work: None,
        };
        let changes = [
            change(10, StaffStatus::Free),
            change(15, StaffStatus::Busy),
            change(45, StaffStatus::Free),
            change(99, StaffStatus::Rest),
        ];
        let day = lasted(
            StaffStatus::Offline,
            &changes,
            UnixMs(4_000),
            UnixMs(50_000),
        );
        let seconds: Vec<_> = day
            .into_iter()
            .map(|(status, time)| (status.name(), time.as_secs()))
            .collect();
        assert_eq!(seconds, [("free", 10), ("busy", 30), ("offline", 6)]);
    }

    /// The status after each happening, a second apart, beginning offline.
    fn live(happenings: &[Happening<'_>]) -> Vec<String> {
        let mut presence = Presence::new(UnixMs(0));
        (1..)
            .zip(happenings)
            .map(
                |(second, happening)| match next(&presence, *happening, UnixMs(second * 1000)) {
                    Ok(after) => {
                        presence = after;
                        format!("{} {}", presence.status.name(), presence.reason)
                            .trim()
                            .to_owned()
                    }
                    Err(stays) => stays.to_string(),
                },
            )
            .collect()
    }
}
