//! Two endpoints against each other: in clear weather the exact ladder, in a storm (loss,
//! duplicates, reordering, each from a seed) the same end on both sides.

mod world;

use std::collections::BTreeMap;

use sip::{Canceler, EndedBy, Event, LegId, Transport, digest::Credentials};
use world::*;

/// How one side saw the last of its legs end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Answered, then over.
    Spoken,
    /// Refused with a status, or rejected by us.
    Refused,
    Canceled,
}

/// Every leg of one side ended once, and nothing was told after; how the last one ended.
fn end_of(told: &[Event]) -> End {
    let mut ends: BTreeMap<LegId, usize> = BTreeMap::new();
    for event in told {
        match (event, terminal(event)) {
            (_, Some(leg)) => *ends.entry(leg).or_default() += 1,
            (Event::Incoming(incoming), None) => {
                ends.insert(incoming.leg, 0);
            }
            (Event::Answered { leg, .. } | Event::Confirmed { leg, .. }, None) => {
                assert_ne!(ends.get(leg), Some(&1), "told after the end: {told:#?}");
            }
            _ => {}
        }
    }
    assert!(
        ends.values().all(|&n| n == 1),
        "not one end each: {told:#?}"
    );
    let answered = told
        .iter()
        .any(|event| matches!(event, Event::Answered { .. } | Event::Confirmed { .. }));
    match told.last() {
        _ if answered => End::Spoken,
        Some(Event::Canceled { .. }) => End::Canceled,
        // BYE has overtaken ACK.
        Some(Event::Ended {
            by: EndedBy::Peer, ..
        }) => End::Spoken,
        Some(_) => End::Refused,
        None => panic!("nothing was told"),
    }
}

fn storms(caller: &Caller, callee: &Callee, expected: &[[End; 2]]) {
    for seed in 0..200 {
        let world = World::new(seed, STORM, caller.clone(), callee.clone()).call();
        let ends = [end_of(&world.told[0]), end_of(&world.told[1])];
        assert!(
            expected.contains(&ends),
            "seed {seed}: {ends:?} {:#?}",
            world.told
        );
        assert_eq!(world.left_over(), [(0, 0); 2], "seed {seed}");
    }
}

fn clear(caller: Caller, callee: Callee) -> World {
    World::new(1, CLEAR, caller, callee).call()
}

fn password() -> Credentials {
    Credentials {
        username: "1001".into(),
        password: "Geheim".into(),
    }
}

#[test]
fn the_callee_answers_and_the_caller_hangs_up() {
    let caller = Caller {
        hang_up_after: Some(S(10)),
        ..Caller::default()
    };
    let world = clear(caller.clone(), Callee::default());
    assert_eq!(
        world.ladder(),
        [
            "> INVITE", "< 100", "< 180", "< 200", "> ACK", "> BYE", "< 200"
        ]
    );
    storms(&caller, &Callee::default(), &[[End::Spoken; 2]]);
}

#[test]
fn a_call_of_three_hours_is_refreshed_until_the_caller_hangs_up() {
    let caller = Caller {
        hang_up_after: Some(S(3 * 3600)),
        ..Caller::default()
    };
    let world = clear(caller.clone(), Callee::default());
    let n_updates = world
        .ladder()
        .iter()
        .filter(|line| line.ends_with(" UPDATE"))
        .count();
    // Every 15 min; the last one would come with the end.
    assert_eq!(n_updates, 11, "{:?}", world.ladder());
    storms(&caller, &Callee::default(), &[[End::Spoken; 2]]);
}

#[test]
fn the_callee_hangs_up() {
    let callee = Callee {
        hang_up_after: Some(S(5)),
        ..Callee::default()
    };
    let world = clear(Caller::default(), callee.clone());
    assert!(matches!(
        world.told[0].last(),
        Some(Event::Ended {
            by: EndedBy::Peer,
            ..
        })
    ));
    assert!(matches!(
        world.told[1].last(),
        Some(Event::Ended {
            by: EndedBy::Us,
            ..
        })
    ));
    storms(&Caller::default(), &callee, &[[End::Spoken; 2]]);
}

#[test]
fn the_callee_is_busy() {
    let callee = Callee {
        reject: Some(486),
        ..Callee::default()
    };
    let world = clear(Caller::default(), callee.clone());
    assert_eq!(
        world.ladder(),
        ["> INVITE", "< 100", "< 180", "< 486", "> ACK"]
    );
    let Some(Event::Refused { refusal, .. }) = world.told[0].last() else {
        panic!()
    };
    assert_eq!(
        (refusal.status, refusal.phrase.as_str()),
        (486, "Busy Here")
    );
    storms(&Caller::default(), &callee, &[[End::Refused; 2]]);
}

#[test]
fn the_caller_gives_up_while_it_rings() {
    let caller = Caller {
        give_up_after: Some(S(3)),
        ..Caller::default()
    };
    let callee = Callee {
        decide_after: None,
        ..Callee::default()
    };
    let world = clear(caller.clone(), callee.clone());
    assert_eq!(
        world.ladder(),
        [
            "> INVITE", "< 100", "< 180", "> CANCEL", "< 200", "< 487", "> ACK"
        ]
    );
    assert!(matches!(
        world.told[0].last(),
        Some(Event::Canceled {
            by: Canceler::Us,
            ..
        })
    ));
    storms(&caller, &callee, &[[End::Canceled; 2]]);
}

#[test]
fn cancel_waits_for_a_provisional_answer() {
    let caller = Caller {
        give_up_after: Some(MS(0)),
        ..Caller::default()
    };
    let world = clear(
        caller,
        Callee {
            decide_after: None,
            ..Callee::default()
        },
    );
    assert_eq!(
        world.ladder(),
        ["> INVITE", "< 100", "> CANCEL", "< 200", "< 487", "> ACK"]
    );
}

#[test]
fn cancel_and_answer_may_cross() {
    let caller = Caller {
        give_up_after: Some(S(2)),
        ..Caller::default()
    };
    let callee = Callee {
        decide_after: Some(MS(2100)),
        ..Callee::default()
    };
    for seed in 0..200 {
        let world = World::new(seed, STORM, caller.clone(), callee.clone()).call();
        end_of(&world.told[0]);
        end_of(&world.told[1]);
        assert_eq!(world.left_over(), [(0, 0); 2], "seed {seed}");
    }
}

#[test]
fn nobody_answers_within_the_ring_time() {
    let caller = Caller {
        ring_time_max: S(20),
        ..Caller::default()
    };
    let callee = Callee {
        decide_after: None,
        ..Callee::default()
    };
    let world = clear(caller.clone(), callee.clone());
    assert!(matches!(
        world.told[0].last(),
        Some(Event::Canceled {
            by: Canceler::RingTime,
            ..
        })
    ));
    storms(&caller, &callee, &[[End::Canceled; 2]]);
}

#[test]
fn the_callee_wants_a_password() {
    let caller = Caller {
        hang_up_after: Some(S(1)),
        credentials: Some(password()),
        ..Caller::default()
    };
    let callee = Callee {
        password: Some(password()),
        ..Callee::default()
    };
    let world = clear(caller.clone(), callee.clone());
    assert_eq!(
        world.ladder(),
        [
            "> INVITE", "< 401", "> ACK", "> INVITE", "< 100", "< 180", "< 200", "> ACK", "> BYE",
            "< 200"
        ]
    );
    storms(&caller, &callee, &[[End::Spoken; 2]]);
}

#[test]
fn a_wrong_password_is_refused_once_and_for_all() {
    let wrong = Credentials {
        password: "Gehiem".into(),
        ..password()
    };
    let caller = Caller {
        credentials: Some(wrong),
        ..Caller::default()
    };
    let callee = Callee {
        password: Some(password()),
        ..Callee::default()
    };
    let world = clear(caller.clone(), callee.clone());
    let n_invites = world
        .ladder()
        .iter()
        .filter(|line| *line == "> INVITE")
        .count();
    assert_eq!(n_invites, 2);
    let Some(Event::Refused { refusal, .. }) = world.told[0].last() else {
        panic!()
    };
    assert_eq!(refusal.status, 401);
    storms(&caller, &callee, &[[End::Refused; 2]]);
}

#[test]
fn over_tcp_nothing_is_repeated() {
    let weather = Weather {
        transport: Transport::Tcp,
        ..CLEAR
    };
    let caller = Caller {
        hang_up_after: Some(S(60)),
        ..Caller::default()
    };
    let world = World::new(1, weather, caller, Callee::default()).call();
    assert_eq!(
        world.ladder(),
        [
            "> INVITE", "< 100", "< 180", "< 200", "> ACK", "> BYE", "< 200"
        ]
    );
    assert_eq!(world.left_over(), [(0, 0); 2]);
}
