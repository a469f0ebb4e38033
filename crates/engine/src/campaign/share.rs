//! How a tenant's limit of calls is shared among its campaigns.

/// What a campaign that may dial now asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Goes before campaigns that are not.
    pub is_urgent: bool,
    /// Attempts at once that are kept free for it.
    pub reserved: u32,
    /// Attempts that are under way.
    pub dialing: u32,
    /// Contacts that are due.
    pub waiting: u32,
}

impl Share {
    /// Attempts that are kept free for it and that it would use now.
    fn claim(&self) -> u32 {
        self.reserved.saturating_sub(self.dialing).min(self.waiting)
    }
}

/// Attempts that a campaign may begin when its tenant has `free` left of its limit and `others` dial
/// beside it: what no other campaign has reserved, and its own reservation. Reservations of campaigns
/// that are not urgent do not hold against one that is.
pub fn room(free: u32, own: Share, others: &[Share]) -> u32 {
    let claims = |is_urgent: bool| {
        let those = others.iter().filter(|other| other.is_urgent == is_urgent);
        those.map(Share::claim).fold(0, u32::saturating_add)
    };
    let before_us = if own.is_urgent { 0 } else { claims(true) };
    let left = free.saturating_sub(before_us);
    let unclaimed = left.saturating_sub(claims(own.is_urgent));
    unclaimed.max(own.claim().min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `3/1+9`: three reserved, one under way, nine wait; `!` is urgent.
    fn share(text: &str) -> Share {
        let is_urgent = text.starts_with('!');
        let numbers: Vec<u32> = text
            .trim_start_matches('!')
            .split(['/', '+'])
            .map(|n| n.parse().unwrap())
            .collect();
        Share {
            is_urgent,
            reserved: numbers[0],
            dialing: numbers[1],
            waiting: numbers[2],
        }
    }

    fn room_of(free: u32, own: &str, others: &[&str]) -> u32 {
        let others: Vec<Share> = others.iter().map(|text| share(text)).collect();
        room(free, share(own), &others)
    }

    #[test]
    fn what_nobody_has_reserved_is_for_everybody() {
        assert_eq!(room_of(5, "0/0+9", &["0/0+9"]), 5);
    }

    #[test]
    fn a_reservation_is_kept_free_from_others_and_for_its_own() {
        assert_eq!(room_of(5, "0/0+9", &["3/0+9"]), 2);
        assert_eq!(room_of(5, "3/0+9", &["4/0+9"]), 3);
    }

    #[test]
    fn a_reservation_that_is_used_or_has_nobody_to_call_keeps_nothing_free() {
        assert_eq!(room_of(5, "0/0+9", &["3/3+9"]), 5);
        assert_eq!(room_of(5, "0/0+9", &["3/0+1"]), 4);
    }

    #[test]
    fn the_urgent_come_first() {
        assert_eq!(room_of(5, "!0/0+9", &["4/0+9"]), 5);
        assert_eq!(room_of(5, "4/0+9", &["!3/0+9"]), 2);
        assert_eq!(room_of(2, "4/0+9", &["!3/0+9"]), 0);
    }
}
