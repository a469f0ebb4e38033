//! How many files and sockets this process may have open.

/// What the system allowed before, and what it allows now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Before.
    pub from: u64,
    /// Now: as many as the process may ask for.
    pub to: u64,
}

/// Raises the soft limit to the hard one; children have the same. `None` if it stands there
/// already, or if the system does not say.
#[expect(unsafe_code, reason = "the system calls have no safe name")]
pub fn raise() -> Option<Raised> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the structure is plain numbers and outlives both calls.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) != 0 {
            return None;
        }
        let from = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max;
        let is_raised =
            from < limit.rlim_max && libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) == 0;
        is_raised.then_some(Raised {
            from,
            to: limit.rlim_max,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_raised_once_stays_so() {
        raise();
        assert_eq!(raise(), None);
    }
}
