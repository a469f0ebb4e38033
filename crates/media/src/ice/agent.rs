//! One lite agent: whom it knows, which ways are checked, and which one media takes.

use std::{net::SocketAddr, time::Instant};

use super::stun::{self, Refused, Request, STUN_MAX};
use crate::security::{IceCredentials, IceSettings};

/// Checked addresses that are remembered: browsers have one for each network, seldom more than four.
const CHECKED_MAX: usize = 8;

/// See the module.
#[derive(Debug)]
pub struct Agent {
    settings: IceSettings,
    /// The credentials before a restart: they count until the first check with the present ones
    /// (RFC 8445 section 2.4).
    previous: Option<(IceCredentials, IceCredentials)>,
    checked: [Option<SocketAddr>; CHECKED_MAX],
    next_idx: usize,
    nominated: Option<SocketAddr>,
    last_check: Option<Instant>,
}

/// What is to be done after a datagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Bytes of the answer; 0: there is none.
    pub len: usize,
    /// Media goes elsewhere from now on.
    pub moved: bool,
}

impl Agent {
    /// Nobody has asked yet.
    pub fn new(settings: IceSettings) -> Self {
        Self {
            settings,
            previous: None,
            checked: [None; CHECKED_MAX],
            next_idx: 0,
            nominated: None,
            last_check: None,
        }
    }

    /// Signalling named credentials again: others are a restart, and media stays where it is until the
    /// peer names another way.
    pub fn restart(&mut self, settings: IceSettings) {
        if self.settings == settings {
            return;
        }
        let before = std::mem::replace(&mut self.settings, settings);
        if self.last_check.is_some() {
            self.previous = Some((before.ours, before.theirs));
        }
    }

    /// Whether nobody will check anything.
    pub fn is_peer_lite(&self) -> bool {
        self.settings.peer_is_lite
    }

    /// Whether the peer was heard at an address by a check.
    pub fn is_checked(&self, address: SocketAddr) -> bool {
        self.checked.contains(&Some(address))
    }

    /// The way that media takes: the one that the peer named, or the first that was checked.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.nominated.or(self.checked[0])
    }

    /// When the peer last asked.
    pub fn last_check(&self) -> Option<Instant> {
        self.last_check
    }

    /// Takes a datagram of STUN, and writes the answer.
    pub fn receive(
        &mut self,
        datagram: &[u8],
        from: SocketAddr,
        now: Instant,
        buf: &mut [u8; STUN_MAX],
    ) -> Answered {
        let Some(request) = Request::parse(datagram) else {
            return Answered::default();
        };
        let (pwd, is_previous) = match self.password_of(&request) {
            Ok(known) => known,
            Err(why) => {
                let len = stun::refusal(&request, why, None, buf);
                // Nobody makes us send more than they do.
                let len = if len > datagram.len() { 0 } else { len };
                return Answered { len, moved: false };
            }
        };
        let refused = match (request.unknown(), request.is_controlled) {
            ([_, ..], _) => Some(Refused::UnknownAttribute),
            ([], true) => Some(Refused::RoleConflict),
            ([], false) => None,
        };
        if let Some(why) = refused {
            let len = stun::refusal(&request, why, Some(pwd), buf);
            return Answered { len, moved: false };
        }
        let len = stun::success(&request, from, pwd, buf);
        if !is_previous {
            self.previous = None;
        }
        let moved = self.note(from, request.nominates, now);
        Answered { len, moved }
    }

    /// The password of whoever asks, and whether it is that of before a restart (RFC 8489 section 9.1.3).
    fn password_of(&self, request: &Request<'_>) -> Result<(&str, bool), Refused> {
        let (Some(username), true) = (request.username, request.has_integrity()) else {
            return Err(Refused::BadRequest);
        };
        let present = (&self.settings.ours, &self.settings.theirs);
        let previous = self.previous.as_ref();
        let previous = previous.map(|(ours, theirs)| (ours, theirs));
        [Some((present, false)), previous.map(|both| (both, true))]
            .into_iter()
            .flatten()
            .find(|((ours, theirs), _)| is_name(username, ours, theirs))
            .map(|((ours, _), is_previous)| (ours.pwd(), is_previous))
            .filter(|(pwd, _)| request.is_authentic(pwd))
            .ok_or(Refused::Unauthenticated)
    }

    fn note(&mut self, from: SocketAddr, nominates: bool, now: Instant) -> bool {
        let before = self.remote();
        self.last_check = Some(now);
        if !self.is_checked(from) {
            self.remember(from);
        }
        if nominates {
            self.nominated = Some(from);
        }
        self.remote() != before
    }

    /// The oldest is forgotten for it, but never the one that media takes.
    fn remember(&mut self, from: SocketAddr) {
        if self.checked[self.next_idx].is_some() && self.checked[self.next_idx] == self.remote() {
            self.next_idx = (self.next_idx + 1) % CHECKED_MAX;
        }
        self.checked[self.next_idx] = Some(from);
        self.next_idx = (self.next_idx + 1) % CHECKED_MAX;
    }
}

/// Whether a name is ours and theirs, with a colon between (RFC 8445 section 7.2.2).
fn is_name(name: &[u8], ours: &IceCredentials, theirs: &IceCredentials) -> bool {
    let rest = name.strip_prefix(ours.ufrag().as_bytes());
    rest.and_then(|rest| rest.strip_prefix(b":")) == Some(theirs.ufrag().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{beginning, check};

    const HOME: &str = "192.0.2.1:4000";
    const PHONE: &str = "198.51.100.7:5000";

    fn at(address: &str) -> SocketAddr {
        address.parse().unwrap()
    }

    fn credentials(letter: &str) -> IceCredentials {
        IceCredentials::new(&letter.repeat(8), &letter.repeat(24)).unwrap()
    }

    fn settings(ours: &str) -> IceSettings {
        IceSettings {
            ours: credentials(ours),
            theirs: credentials("t"),
            peer_is_lite: false,
        }
    }

    /// Asks, and gives the answer's class and code with whether media moved.
    fn ask(agent: &mut Agent, name: &str, key: &str, nominates: bool, from: &str) -> (u16, bool) {
        let request = check(name, &key.repeat(24), nominates);
        let mut buf = [0; STUN_MAX];
        let answered = agent.receive(&request, at(from), beginning(), &mut buf);
        let status = match (answered.len, &buf[..2]) {
            (0, _) => 0,
            (_, [1, 1]) => 200,
            (_, _) => u16::from(buf[26]) * 100 + u16::from(buf[27]),
        };
        (status, answered.moved)
    }

    #[test]
    fn media_takes_the_first_checked_way_until_another_is_named() {
        let mut agent = Agent::new(settings("o"));
        let name = "oooooooo:tttttttt";
        assert_eq!(agent.remote(), None);
        assert_eq!(ask(&mut agent, name, "o", false, HOME), (200, true));
        assert_eq!(agent.remote(), Some(at(HOME)));
        assert_eq!(ask(&mut agent, name, "o", false, PHONE), (200, false));
        assert_eq!(ask(&mut agent, name, "o", true, PHONE), (200, true));
        assert_eq!(agent.remote(), Some(at(PHONE)));
        assert_eq!(ask(&mut agent, name, "o", true, PHONE), (200, false));
        assert!(agent.is_checked(at(HOME)) && agent.is_checked(at(PHONE)));
    }

    #[test]
    fn strangers_change_nothing_and_get_no_more_than_they_send() {
        let mut agent = Agent::new(settings("o"));
        for (name, key) in [
            ("oooooooo:tttttttt", "x"),
            ("xxxxxxxx:tttttttt", "o"),
            ("oooooooo:xxxxxxxx", "o"),
            ("oooooooo", "o"),
        ] {
            assert_eq!(ask(&mut agent, name, key, true, HOME), (401, false));
        }
        // A header alone names nobody: the refusal would be longer.
        let bare = [&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42][..], &[7; 12]].concat();
        let mut buf = [0; STUN_MAX];
        let answered = agent.receive(&bare, at(HOME), beginning(), &mut buf);
        assert_eq!(answered, Answered::default());
        assert_eq!((agent.remote(), agent.last_check()), (None, None));
    }

    #[test]
    fn credentials_of_before_a_restart_count_until_the_first_check_with_the_new_ones() {
        let mut agent = Agent::new(settings("o"));
        ask(&mut agent, "oooooooo:tttttttt", "o", true, HOME);
        agent.restart(settings("n"));
        assert_eq!(agent.remote(), Some(at(HOME)));
        assert_eq!(ask(&mut agent, "oooooooo:tttttttt", "o", true, HOME).0, 200);
        assert_eq!(
            ask(&mut agent, "nnnnnnnn:tttttttt", "n", true, PHONE),
            (200, true)
        );
        assert_eq!(ask(&mut agent, "oooooooo:tttttttt", "o", true, HOME).0, 401);
        assert_eq!(agent.remote(), Some(at(PHONE)));
    }

    #[test]
    fn many_addresses_do_not_push_the_one_of_media_out() {
        let mut agent = Agent::new(settings("o"));
        let name = "oooooooo:tttttttt";
        ask(&mut agent, name, "o", true, HOME);
        for port in 1..50 {
            ask(&mut agent, name, "o", false, &format!("192.0.2.1:{port}"));
        }
        assert!(agent.is_checked(at(HOME)));
        assert_eq!(agent.remote(), Some(at(HOME)));
    }
}
