//! Messages that are lost, doubled, late and crossed: whatever happens, both sides agree how it ended,
//! and nothing stays in memory.

use sip::{
    Event,
    sdp::{Codec, Direction},
};
use testkit::telephony::{Manners, Plan, Weather};

use super::*;

const SEEDS: u64 = 40;

/// The same call without sound: what is said does not matter here.
fn silent_call(seed: u64, weather: Weather) -> World {
    let mut world = call(seed, weather);
    for party in &mut world.parties {
        party.has_sound = false;
    }
    world
}

#[test]
fn calls_that_are_refused_end_once_on_both_sides() {
    for seed in 0..SEEDS {
        let mut world = silent_call(seed, Weather::STORM);
        world.parties[1].manners.refuse = Some(486);
        world.run(S(120));
        assert_ended_once(&world, seed);
        assert_eq!(world.left_over(), 0, "seed {seed}");
    }
}

#[test]
fn a_caller_who_gives_up_as_the_callee_answers_leaves_nobody_behind() {
    for seed in 0..SEEDS {
        let mut world = silent_call(seed, Weather::STORM);
        world.plan(0, MS(1_500 + 25 * seed), Plan::HangUp);
        world.run(S(180));
        assert_ended_once(&world, seed);
        assert_eq!(world.left_over(), 0, "seed {seed}");
    }
}

#[test]
fn both_sides_offer_at_once_and_both_offers_are_taken_in_the_end() {
    for seed in 0..SEEDS {
        let mut world = silent_call(seed, Weather::BAD);
        world.run(S(4));
        let hold = || Plan::Offer(vec![Codec::Pcma], Direction::SendOnly);
        world.plan(0, Duration::ZERO, hold());
        world.plan(1, MS(seed % 20), hold());
        world.run(S(30));
        for party in &world.parties {
            let refused = |event: &&Event| matches!(event, Event::OfferRefused { .. });
            assert_eq!(party.told.iter().filter(refused).count(), 0, "seed {seed}");
            let changed = |event: &&Event| matches!(event, Event::Reoffered { .. });
            assert!(
                party.told.iter().filter(changed).count() >= 2,
                "seed {seed}"
            );
            let agreed = party.agreed.as_ref().expect("something holds");
            let is_held = !agreed.direction.sends() || !agreed.direction.receives();
            assert!(is_held, "seed {seed}");
        }
        assert_ended_once(&end(world), seed);
    }
}

#[test]
fn early_media_in_a_storm_ends_like_any_other_call() {
    for seed in 0..SEEDS {
        let mut world = silent_call(seed, Weather::STORM);
        world.parties[1].manners = Manners {
            early_media: true,
            ..Manners::default()
        };
        world.run(S(40));
        let mut world = end(world);
        world.run(S(60));
        assert_ended_once(&world, seed);
    }
}

#[test]
fn the_same_seed_gives_the_same_call() {
    let play = || {
        let mut world = call(7, Weather::BAD);
        world.run(S(10));
        let world = end(world);
        world
            .parties
            .iter()
            .map(|party| party.heard.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(play(), play());
}
