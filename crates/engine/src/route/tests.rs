//! Choosing a way, on small sets of trunks.

use std::collections::BTreeMap;

use model::{SipTransport, TrunkCodec, TrunkDraft, UnixMs};

use super::*;

const TENANT: TenantId = TenantId(1);
const A: &str = "+8675500001";
const B: &str = "+8675500002";
const CHINESE: &str = "+8613800138000";
const FICTIONAL: &str = "+12025550101";

#[test]
fn requested_callers_are_tried_in_their_order() {
    let trunks = [trunk(1, &[A, B])];
    assert_eq!(chosen(&trunks, &Quiet, &[B, A], CHINESE), Ok((1, B)));
    let elsewhere = "+8675599999";
    assert_eq!(
        chosen(&trunks, &Quiet, &[elsewhere, A], CHINESE),
        Ok((1, A))
    );
}

#[test]
fn a_number_on_two_trunks_takes_the_first_that_has_room() {
    let trunks = [trunk(1, &[A]), trunk(2, &[A])];
    let busy = Loads {
        channels: BTreeMap::from([(1, 10)]),
        ..Loads::default()
    };
    assert_eq!(chosen(&trunks, &busy, &[A], CHINESE), Ok((2, A)));
}

#[test]
fn without_requested_callers_the_number_shown_least_is_taken() {
    let trunks = [trunk(1, &[A, B])];
    let used = Loads {
        shown: BTreeMap::from([(e164(A), 3), (e164(B), 2)]),
        ..Loads::default()
    };
    assert_eq!(chosen(&trunks, &used, &[], CHINESE), Ok((1, B)));
    assert_eq!(chosen(&trunks, &Quiet, &[], CHINESE), Ok((1, A)));
}

#[test]
fn numbers_of_others_and_numbers_that_are_off_are_not_shown() {
    let mut others = trunk(1, &[A]);
    others.numbers[0].tenant = TenantId(2);
    let mut disabled = trunk(2, &[A]);
    disabled.numbers[0].enabled = false;
    let mut only_inbound = trunk(3, &[A]);
    only_inbound.numbers[0].outbound = false;
    let mut off = trunk(4, &[A]);
    off.settings.enabled = false;
    for (trunk, why) in [
        (others, "is no number of this instance"),
        (disabled, "may not be shown on outbound calls"),
        (only_inbound, "may not be shown on outbound calls"),
        (off, "has no trunk that reaches the callee"),
    ] {
        let trunks = [trunk];
        let refusal = chosen(&trunks, &Quiet, &[A], CHINESE).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::NoCallerNumber {
                why: format!("{A} {why}")
            }
        );
        assert!(matches!(
            chosen(&trunks, &Quiet, &[], CHINESE),
            Err(Refusal::NoCallerNumber { .. })
        ));
    }
}

#[test]
fn a_busy_trunk_is_another_refusal_than_a_missing_number() {
    let trunks = [trunk(1, &[A])];
    let full = Loads {
        channels: BTreeMap::from([(1, 10)]),
        ..Loads::default()
    };
    let fast = Loads {
        is_too_fast: true,
        ..Loads::default()
    };
    for (load, why) in [
        (full, "has no free channel on its trunk"),
        (fast, "has a trunk that can start no call at present"),
    ] {
        assert_eq!(
            chosen(&trunks, &load, &[A, "+8675599999"], CHINESE),
            Err(Refusal::TrunkFailed {
                why: format!("{A} {why}; +8675599999 is no number of this instance")
            })
        );
        assert_eq!(
            chosen(&trunks, &load, &[], CHINESE),
            Err(Refusal::TrunkFailed {
                why: format!("of the numbers of this instance the best {why}")
            })
        );
    }
}

#[test]
fn a_refusal_explains_a_few_numbers_and_counts_the_rest() {
    let callers: Vec<String> = (0..8).map(|n| format!("+867559999{n}")).collect();
    let callers: Vec<&str> = callers.iter().map(String::as_str).collect();
    let refusal = chosen(&[], &Quiet, &callers, CHINESE).unwrap_err();
    assert!(refusal.to_string().ends_with("; and 3 more"), "{refusal}");
}

#[test]
fn no_real_trunk_carries_a_fictional_callee() {
    let trunks = [trunk(1, &[A])];
    assert!(chosen(&trunks, &Quiet, &[A], FICTIONAL).is_err());
    assert_eq!(chosen(&trunks, &Quiet, &[A], "+12025550200"), Ok((1, A)));
    assert_eq!(chosen(&trunks, &Quiet, &[A], "+120255501011"), Ok((1, A)));
}

#[test]
fn a_simulated_trunk_takes_its_own_callees_only() {
    let mut simulated = trunk(1, &[A]);
    simulated.settings.simulated = true;
    let trunks = [simulated.clone()];
    assert!(chosen(&trunks, &Quiet, &[A], FICTIONAL).is_err());

    simulated.settings.callee_prefixes = vec!["120255501".into()];
    let trunks = [simulated];
    assert_eq!(chosen(&trunks, &Quiet, &[A], FICTIONAL), Ok((1, A)));
    assert!(chosen(&trunks, &Quiet, &[A], CHINESE).is_err());
}

/// Nothing goes on.
struct Quiet;

impl Load for Quiet {
    fn trunk(&self, _: TrunkId) -> TrunkLoad {
        TrunkLoad {
            channels_in_use: 9,
            can_start_now: true,
        }
    }

    fn shown(&self, _: &E164) -> u64 {
        0
    }
}

#[derive(Default)]
struct Loads {
    channels: BTreeMap<i64, u32>,
    is_too_fast: bool,
    shown: BTreeMap<E164, u64>,
}

impl Load for Loads {
    fn trunk(&self, trunk: TrunkId) -> TrunkLoad {
        TrunkLoad {
            channels_in_use: self.channels.get(&trunk.0).copied().unwrap_or(0),
            can_start_now: !self.is_too_fast,
        }
    }

    fn shown(&self, caller: &E164) -> u64 {
        self.shown.get(caller).copied().unwrap_or(0)
    }
}

/// Trunk and caller that were chosen.
fn chosen<'a>(
    trunks: &[Trunk],
    load: &dyn Load,
    callers: &[&'a str],
    callee: &str,
) -> Result<(i64, &'a str), Refusal> {
    let numbers: Vec<E164> = callers.iter().map(|text| e164(text)).collect();
    let route = choose(trunks, load, TENANT, &numbers, &e164(callee))?;
    assert_eq!(trunks[route.trunk_idx].id, route.trunk);
    let shown = callers
        .iter()
        .chain(&[A, B])
        .find(|text| e164(text) == route.caller)
        .unwrap();
    Ok((route.trunk.0, shown))
}

fn trunk(id: i64, numbers: &[&str]) -> Trunk {
    Trunk {
        id: TrunkId(id),
        settings: TrunkDraft {
            name: format!("carrier {id}"),
            host: "sip.carrier.example".into(),
            port: 5060,
            transport: SipTransport::Udp,
            user: None,
            password: None,
            register: false,
            domain: None,
            codecs: vec![TrunkCodec::Pcma],
            way: model::TrunkWay::default(),
            channels_max: 10,
            calls_per_second_max: 5,
            prefix_rules: Vec::new(),
            callee_prefixes: Vec::new(),
            signalling: model::TrunkSignalling::default(),
            simulated: false,
            enabled: true,
        },
        numbers: numbers
            .iter()
            .map(|number| TrunkNumber {
                number: e164(number),
                tenant: TENANT,
                outbound: true,
                inbound_agent: None,
                inbound_group: None,
                enabled: true,
            })
            .collect(),
        created_at: UnixMs(0),
    }
}

fn e164(text: &str) -> E164 {
    E164::parse(text, "86").unwrap()
}
