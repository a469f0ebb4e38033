//! Datagrams between parties: lost, doubled, delayed, overtaken, and rewritten by NATs.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// First socket port that a NAT gives away.
const FIRST_MAPPED: u16 = 20_000;

/// How bad a network is. Delays differ from packet to packet, so that one overtakes another.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Share of datagrams that never arrive.
    pub loss: f64,
    /// Share of datagrams that arrive twice.
    pub duplication: f64,
    /// Shortest way.
    pub delay_min: Duration,
    /// Longest way.
    pub delay_max: Duration,
}

impl Weather {
    /// Nothing is lost, and everything takes 5 ms.
    pub const CLEAR: Self = Self {
        loss: 0.0,
        duplication: 0.0,
        delay_min: Duration::from_millis(5),
        delay_max: Duration::from_millis(5),
    };

    /// A bad line: 5 % lost, 60 ms of jitter.
    pub const BAD: Self = Self {
        loss: 0.05,
        duplication: 0.02,
        delay_min: Duration::from_millis(10),
        delay_max: Duration::from_millis(70),
    };

    /// Signalling at its worst: a tenth lost, a tenth doubled, answers that cross.
    pub const STORM: Self = Self {
        loss: 0.1,
        duplication: 0.1,
        delay_min: Duration::from_millis(1),
        delay_max: Duration::from_millis(700),
    };
}

/// A datagram on its way.
#[derive(Clone, Debug)]
pub struct Datagram {
    /// As the receiver sees it.
    pub from: SocketAddr,
    /// Where it arrives.
    pub to: SocketAddr,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A box that hides one address behind another: the same outside port for all peers, open for those
/// that were sent to (RFC 4787: endpoint-independent mapping, address- and port-dependent filtering).
#[derive(Debug)]
struct Nat {
    inside: IpAddr,
    outside: IpAddr,
    mapped: BTreeMap<SocketAddr, SocketAddr>,
    opened: BTreeSet<(SocketAddr, SocketAddr)>,
}

/// See the module.
#[derive(Debug)]
pub struct Network {
    rng: StdRng,
    weather: Weather,
    flying: BTreeMap<(Instant, u64), Datagram>,
    n_sent: u64,
    nats: Vec<Nat>,
}

impl Network {
    /// A network whose chance comes from this seed.
    #[must_use]
    pub fn new(seed: u64, weather: Weather) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            weather,
            flying: BTreeMap::new(),
            n_sent: 0,
            nats: Vec::new(),
        }
    }

    /// Puts the host `inside` behind a NAT whose address is `outside`.
    pub fn hide(&mut self, inside: IpAddr, outside: IpAddr) {
        self.nats.push(Nat {
            inside,
            outside,
            mapped: BTreeMap::new(),
            opened: BTreeSet::new(),
        });
    }

    /// Sends a datagram, or loses it.
    pub fn send(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8], now: Instant) {
        if from.ip() != to.ip() && self.nats.iter().any(|nat| nat.inside == to.ip()) {
            // No route leads to a private address.
            return;
        }
        let hidden = self.nats.iter_mut().find(|nat| nat.inside == from.ip());
        let from = hidden.map_or(from, |nat| nat.leave(from, to));
        let copies = if self.rng.random_bool(self.weather.duplication) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            let Weather {
                loss,
                delay_min,
                delay_max,
                ..
            } = self.weather;
            let share = self.rng.random_range(0.0..=1.0);
            if self.rng.random_bool(loss) {
                continue;
            }
            let at = now + delay_min + (delay_max - delay_min).mul_f64(share);
            self.n_sent += 1;
            let datagram = Datagram {
                from,
                to,
                bytes: bytes.to_vec(),
            };
            self.flying.insert((at, self.n_sent), datagram);
        }
    }

    /// When the next datagram arrives.
    #[must_use]
    pub fn next(&self) -> Option<Instant> {
        self.flying.keys().next().map(|(at, _)| *at)
    }

    /// Takes one that has arrived. What a NAT does not let in is gone.
    pub fn take(&mut self, now: Instant) -> Option<Datagram> {
        loop {
            let arrived = self.flying.first_entry()?;
            if arrived.key().0 > now {
                return None;
            }
            let mut datagram = arrived.remove();
            let outside = datagram.to.ip();
            match self.nats.iter().find(|nat| nat.outside == outside) {
                None => return Some(datagram),
                Some(nat) => {
                    if let Some(inside) = nat.enter(datagram.from, datagram.to) {
                        datagram.to = inside;
                        return Some(datagram);
                    }
                }
            }
        }
    }
}

impl Nat {
    fn leave(&mut self, from: SocketAddr, to: SocketAddr) -> SocketAddr {
        let n_mapped = u16::try_from(self.mapped.len()).unwrap_or(0);
        let outside = SocketAddr::new(self.outside, FIRST_MAPPED + n_mapped);
        let mapped = *self.mapped.entry(from).or_insert(outside);
        self.opened.insert((mapped, to));
        mapped
    }

    fn enter(&self, from: SocketAddr, to: SocketAddr) -> Option<SocketAddr> {
        self.opened.contains(&(to, from)).then_some(())?;
        let inside = self.mapped.iter().find(|(_, outside)| **outside == to);
        inside.map(|(inside, _)| *inside)
    }
}
