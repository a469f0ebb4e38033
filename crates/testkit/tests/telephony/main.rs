//! Calls over bad networks, as peers' own test suites and other people's telephones have them. Each
//! story is played with many seeds; one that fails names its seed.

mod signalling;
mod sound;

use std::{net::SocketAddr, time::Duration};

use sip::{Event, sdp::Codec};
use testkit::telephony::{Party, Plan, Weather, World};

const S: fn(u64) -> Duration = Duration::from_secs;
const MS: fn(u64) -> Duration = Duration::from_millis;

/// What caller and callee say, Hz.
const CALLER: f32 = 400.0;
const CALLEE: f32 = 1000.0;

const BOTH: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

fn at(last: u8) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, last], 5060))
}

/// Two parties; the first calls the second at once.
fn call(seed: u64, weather: Weather) -> World {
    let parties = vec![
        Party::new(at(1), CALLER, &BOTH, 1),
        Party::new(at(2), CALLEE, &BOTH, 2),
    ];
    let mut world = World::new(seed, weather, parties);
    world.plan(0, Duration::ZERO, Plan::Call(at(2)));
    world
}

/// Lets everything end by itself.
fn end(mut world: World) -> World {
    world.plan(0, Duration::ZERO, Plan::HangUp);
    world.run(S(120));
    assert_eq!(world.left_over(), 0);
    world
}

fn is_end(event: &Event) -> bool {
    matches!(
        event,
        Event::Refused { .. } | Event::Canceled { .. } | Event::Ended { .. }
    )
}

/// Every leg ends once, and nothing follows.
fn assert_ended_once(world: &World, seed: u64) {
    for party in &world.parties {
        let n_ends = party.told.iter().filter(|event| is_end(event)).count();
        assert_eq!(n_ends, 1, "seed {seed}: {:#?}", party.told);
        assert!(party.told.last().is_some_and(is_end), "seed {seed}");
    }
}
