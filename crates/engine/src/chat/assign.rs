//! Who is asked to take a waiting customer.

use std::collections::BTreeSet;

use model::{SkillGroupId, StaffId, UnixMs};

/// A person who may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub staff: StaffId,
    /// Groups that they are in, with the priority there: 1 is asked first.
    pub groups: Vec<(SkillGroupId, u8)>,
    /// They can take something now.
    pub is_free: bool,
    /// Conversations that they have or are asked to take.
    pub n_open: i64,
    /// Most that they take at a time.
    pub n_open_max: i64,
    /// When they got the last one.
    pub last_given_at: UnixMs,
}

/// Whom a customer waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Somebody of this group.
    pub group: Option<SkillGroupId>,
    /// One of these, if any is named.
    pub staff: Vec<StaffId>,
    /// They were asked already and did not take it; they are asked again only after all others.
    pub asked: BTreeSet<StaffId>,
}

/// What comes of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This person is asked.
    Ask(StaffId),
    /// Somebody is there but has enough to do, or is on a call.
    Wait,
    /// Nobody who may take it is there at all.
    Nobody,
}

/// Chooses among those who are online: a person who was not asked yet before one who was, then by
/// priority in the group, then who has least to do, then who has waited longest, then by id.
pub fn choose(online: &[Candidate], wish: &Wish) -> Choice {
    let may = |candidate: &&Candidate| {
        let named = wish.staff.is_empty() || wish.staff.contains(&candidate.staff);
        // Named people take it whatever group they are in.
        let grouped = !wish.staff.is_empty() || priority(candidate, wish.group).is_some();
        named && grouped
    };
    let mut able: Vec<&Candidate> = online.iter().filter(may).collect();
    if able.is_empty() {
        return Choice::Nobody;
    }
    able.retain(|candidate| candidate.is_free && candidate.n_open < candidate.n_open_max);
    let best = able.into_iter().min_by_key(|candidate| {
        (
            wish.asked.contains(&candidate.staff),
            priority(candidate, wish.group).unwrap_or(u8::MAX),
            candidate.n_open,
            candidate.last_given_at,
            candidate.staff,
        )
    });
    best.map_or(Choice::Wait, |candidate| Choice::Ask(candidate.staff))
}

/// The priority in the wished group, or the best of all where none is wished.
fn priority(candidate: &Candidate, group: Option<SkillGroupId>) -> Option<u8> {
    match group {
        Some(wished) => candidate
            .groups
            .iter()
            .find(|(group, _)| *group == wished)
            .map(|(_, priority)| *priority),
        None => Some(
            candidate
                .groups
                .iter()
                .map(|(_, priority)| *priority)
                .min()
                .unwrap_or(u8::MAX),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_least_to_do_is_asked_and_of_those_who_waited_longest() {
        let online = [person(1, 2, 10), person(2, 1, 20), person(3, 1, 15)];
        assert_eq!(choose(&online, &Wish::default()), Choice::Ask(StaffId(3)));
    }

    #[test]
    fn only_members_of_the_wished_group_are_asked_the_first_priority_first() {
        let mut online = [person(1, 0, 0), person(2, 4, 0), person(3, 0, 0)];
        online[1].groups = vec![(SkillGroupId(7), 1)];
        online[2].groups = vec![(SkillGroupId(7), 2)];
        let wish = Wish {
            group: Some(SkillGroupId(7)),
            ..Wish::default()
        };
        assert_eq!(choose(&online, &wish), Choice::Ask(StaffId(2)));
        let other = Wish {
            group: Some(SkillGroupId(8)),
            ..Wish::default()
        };
        assert_eq!(choose(&online, &other), Choice::Nobody);
    }

    #[test]
    fn who_is_full_or_on_a_call_is_waited_for() {
        let mut online = [person(1, 5, 0), person(2, 0, 0)];
        online[1].is_free = false;
        assert_eq!(choose(&online, &Wish::default()), Choice::Wait);
        assert_eq!(choose(&[], &Wish::default()), Choice::Nobody);
    }

    #[test]
    fn named_people_are_asked_whatever_their_group_and_nobody_else_is() {
        let online = [person(1, 0, 0), person(2, 3, 0)];
        let wish = Wish {
            group: Some(SkillGroupId(7)),
            staff: vec![StaffId(2)],
            ..Wish::default()
        };
        assert_eq!(choose(&online, &wish), Choice::Ask(StaffId(2)));
    }

    #[test]
    fn who_did_not_answer_is_asked_again_after_all_others() {
        let online = [person(1, 0, 0), person(2, 4, 9)];
        let mut wish = Wish::default();
        wish.asked.insert(StaffId(1));
        assert_eq!(choose(&online, &wish), Choice::Ask(StaffId(2)));
        assert_eq!(choose(&online[..1], &wish), Choice::Ask(StaffId(1)));
    }

    fn person(id: i64, n_open: i64, last_given_at: i64) -> Candidate {
        Candidate {
            staff: StaffId(id),
            groups: Vec::new(),
            is_free: true,
            n_open,
            n_open_max: 5,
            last_given_at: UnixMs(last_given_at),
        }
    }
}
