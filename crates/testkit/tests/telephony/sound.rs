//! What both sides hear.

use std::net::IpAddr;

use sip::{
    Event,
    sdp::{Codec, Direction},
};
use testkit::telephony::{Manners, Plan, Weather};

use super::*;

/// Share of what is heard that is the other's tone: the rest is what a bad line does to it.
const GOOD: f64 = 0.97;
const FAIR: f64 = 0.6;

#[test]
fn both_hear_each_other_over_a_clear_line() {
    let mut world = call(1, Weather::CLEAR);
    world.run(S(6));
    assert!(world.parties[0].hears(CALLEE) > GOOD);
    assert!(world.parties[1].hears(CALLER) > GOOD);
    assert_ended_once(&end(world), 1);
}

#[test]
fn both_hear_each_other_over_a_bad_line() {
    for seed in 0..6 {
        let mut world = call(seed, Weather::BAD);
        world.run(S(8));
        let heard = [
            world.parties[0].hears(CALLEE),
            world.parties[1].hears(CALLER),
        ];
        assert!(
            heard.iter().all(|share| *share > FAIR),
            "seed {seed}: {heard:?}"
        );
        assert_ended_once(&end(world), seed);
    }
}

#[test]
fn a_phone_behind_a_nat_is_reached_and_heard() {
    // A NAT at home, one of a carrier, and a phone in a network without IPv4.
    let [home, carrier, phone] = [[192, 168, 1, 20], [100, 72, 3, 4], [192, 0, 0, 4]];
    for (seed, weather, private) in [
        (1, Weather::CLEAR, home),
        (2, Weather::BAD, home),
        (3, Weather::BAD, carrier),
        (4, Weather::CLEAR, phone),
    ] {
        let private = IpAddr::from(private);
        let parties = vec![
            Party::new(SocketAddr::new(private, 5060), CALLER, &BOTH, 1),
            Party::new(at(2), CALLEE, &BOTH, 2),
        ];
        let mut world = World::new(seed, weather, parties);
        world.network.hide(private, [203, 0, 113, 7].into());
        world.plan(0, Duration::ZERO, Plan::Call(at(2)));
        world.run(S(8));
        let heard = [
            world.parties[0].hears(CALLEE),
            world.parties[1].hears(CALLER),
        ];
        assert!(
            heard.iter().all(|share| *share > FAIR),
            "seed {seed}: {heard:?}"
        );
        // The callee hangs up: its BYE finds the way back through the NAT.
        world.plan(1, Duration::ZERO, Plan::HangUp);
        world.run(S(120));
        assert_eq!(world.left_over(), 0);
        assert_ended_once(&world, seed);
    }
}

#[test]
fn what_the_callee_plays_before_it_answers_is_heard() {
    let mut world = call(3, Weather::CLEAR);
    world.parties[1].manners = Manners {
        early_media: true,
        answer_after: S(5),
        ..Manners::default()
    };
    world.run(S(4));
    assert!(world.parties[0].hears(CALLEE) > GOOD);
    let is_answer = |event: &Event| matches!(event, Event::Answered { .. });
    assert!(!world.parties[0].told.iter().any(is_answer));
    world.run(S(4));
    assert!(world.parties[0].told.iter().any(is_answer));
    assert!(world.parties[0].hears(CALLEE) > GOOD);
    end(world);
}

#[test]
fn a_side_that_holds_is_not_talked_to_and_is_talked_to_again() {
    for (holder, held) in [(0, 1), (1, 0)] {
        let mut world = call(4, Weather::CLEAR);
        world.run(S(4));
        let hold = Plan::Offer(vec![Codec::Pcma], Direction::SendOnly);
        world.plan(holder, Duration::ZERO, hold);
        world.run(S(3));
        let tone = if held == 0 { CALLER } else { CALLEE };
        assert!(
            world.parties[holder].hears(tone) < 0.01,
            "it talks to nobody"
        );
        let resume = Plan::Offer(vec![Codec::Pcma], Direction::SendRecv);
        world.plan(holder, Duration::ZERO, resume);
        world.run(S(3));
        assert!(world.parties[holder].hears(tone) > GOOD);
        end(world);
    }
}

#[test]
fn either_side_changes_the_codec_and_nobody_notices() {
    for (seed, changer) in [(5, 0), (6, 1)] {
        let mut world = call(seed, Weather::CLEAR);
        world.run(S(4));
        let allow = sip::Command::AllowCodecs {
            leg: world.parties[0].leg.expect("a call"),
            codecs: BOTH.to_vec(),
            events: true,
        };
        world.plan(0, Duration::ZERO, Plan::Command(allow));
        let change = Plan::Offer(vec![Codec::Pcmu], Direction::SendRecv);
        world.plan(changer, MS(10), change);
        world.run(S(3));
        for party in &world.parties {
            assert_eq!(party.agreed.as_ref().map(|a| a.codec), Some(Codec::Pcmu));
        }
        assert!(world.parties[0].hears(CALLEE) > GOOD);
        assert!(world.parties[1].hears(CALLER) > GOOD);
        end(world);
    }
}
