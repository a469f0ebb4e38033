//! Whether a tenant's packages pay for a call, and for how long.
//!
//! Minutes are counted when a call has ended, so calls that run at the same time may together
//! overdraw a package; each alone is capped by [`remaining`].

use std::time::Duration;

use model::{Call, Quota, QuotaUsage, Refusal, UnixMs};

const MINUTE: Duration = Duration::from_secs(60);

/// Whether a voice-agent call may start now.
///
/// The voice-agent package is looked at first: a tenant with neither is told of the package that
/// is special to this call, `AILicenseHasExpired`, before `BasePackageExpired`.
pub fn check(quota: &Quota, usage: &QuotaUsage, now: UnixMs) -> Result<(), Refusal> {
    if left(
        quota.agent_minutes,
        usage.agent_minutes,
        quota.agent_until,
        now,
    ) == Some(Duration::ZERO)
    {
        return Err(Refusal::AgentQuotaExhausted);
    }
    if left(
        quota.call_minutes,
        usage.call_minutes,
        quota.call_until,
        now,
    ) == Some(Duration::ZERO)
    {
        return Err(Refusal::CallQuotaExhausted);
    }
    Ok(())
}

/// How long a voice-agent call that is answered now may last; `None` is unlimited.
pub fn remaining(quota: &Quota, usage: &QuotaUsage, now: UnixMs) -> Option<Duration> {
    let agent = left(
        quota.agent_minutes,
        usage.agent_minutes,
        quota.agent_until,
        now,
    );
    let call = left(
        quota.call_minutes,
        usage.call_minutes,
        quota.call_until,
        now,
    );
    [agent, call].into_iter().flatten().min()
}

/// What an ended call adds to the usage: its started minutes, one at least if it was answered,
/// none otherwise; minutes of the voice agent too if one was on it.
pub fn used_by(call: &Call) -> QuotaUsage {
    let minutes = match (call.answered_at, call.ended_at) {
        (Some(answered), Some(ended)) => started_minutes(ended.since(answered)),
        (Some(_) | None, None) | (None, Some(_)) => 0,
    };
    QuotaUsage {
        call_minutes: minutes,
        agent_minutes: if call.voice_agent.is_some() {
            minutes
        } else {
            0
        },
    }
}

/// Minutes that `talk` has begun, at least 1.
fn started_minutes(talk: Duration) -> i64 {
    let minutes = talk.as_millis().div_ceil(MINUTE.as_millis()).max(1);
    i64::try_from(minutes).unwrap_or(i64::MAX)
}

/// Time that is left of one package; `None` is unlimited.
fn left(granted: Option<i64>, used: i64, until: Option<UnixMs>, now: UnixMs) -> Option<Duration> {
    let by_minutes = granted.map(|granted| {
        let minutes = granted.saturating_sub(used).max(0);
        Duration::from_secs(u64::try_from(minutes).unwrap_or(0).saturating_mul(60))
    });
    let by_date = until.map(|until| until.since(now));
    [by_minutes, by_date].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use model::{CallEvent, CallId, Direction, E164, EndCause, HungUpSide, TenantId, VoiceAgentId};

    use super::*;

    const NOW: UnixMs = UnixMs(1_800_000_000_000);

    #[test]
    fn without_limits_everything_is_paid_for() {
        assert_eq!(check(&Quota::default(), &used(1_000_000), NOW), Ok(()));
        assert_eq!(remaining(&Quota::default(), &used(1_000_000), NOW), None);
    }

    #[test]
    fn the_last_minute_is_a_minute() {
        let quota = Quota {
            call_minutes: Some(10),
            ..Quota::default()
        };
        assert_eq!(check(&quota, &used(9), NOW), Ok(()));
        assert_eq!(remaining(&quota, &used(9), NOW), Some(MINUTE));
        assert_eq!(
            check(&quota, &used(10), NOW),
            Err(Refusal::CallQuotaExhausted)
        );
        assert_eq!(
            check(&quota, &used(99), NOW),
            Err(Refusal::CallQuotaExhausted)
        );
    }

    #[test]
    fn a_package_is_good_until_its_date() {
        let quota = Quota {
            call_until: Some(NOW),
            ..Quota::default()
        };
        assert_eq!(
            check(&quota, &used(0), NOW),
            Err(Refusal::CallQuotaExhausted)
        );
        let before = NOW.minus(Duration::from_millis(5));
        assert_eq!(check(&quota, &used(0), before), Ok(()));
        assert_eq!(
            remaining(&quota, &used(0), before),
            Some(Duration::from_millis(5))
        );
    }

    #[test]
    fn of_two_empty_packages_the_voice_agent_s_is_named() {
        let quota = Quota {
            call_minutes: Some(0),
            agent_until: Some(NOW),
            ..Quota::default()
        };
        assert_eq!(
            check(&quota, &used(0), NOW),
            Err(Refusal::AgentQuotaExhausted)
        );
    }

    #[test]
    fn the_shortest_package_caps_a_call() {
        let quota = Quota {
            call_minutes: Some(30),
            agent_minutes: Some(12),
            call_until: Some(NOW.plus(MINUTE * 40)),
            ..Quota::default()
        };
        assert_eq!(remaining(&quota, &used(2), NOW), Some(MINUTE * 10));
    }

    #[test]
    fn started_minutes_count_and_unanswered_calls_cost_nothing() {
        for (talk_ms, minutes) in [(0, 1), (1, 1), (60_000, 1), (60_001, 2), (150_000, 3)] {
            assert_eq!(
                used_by(&call(Some(talk_ms))).call_minutes,
                minutes,
                "{talk_ms}"
            );
            assert_eq!(used_by(&call(Some(talk_ms))).agent_minutes, minutes);
        }
        assert_eq!(used_by(&call(None)), QuotaUsage::default());
    }

    #[test]
    fn without_a_voice_agent_its_package_is_not_touched() {
        let mut human = call(Some(1));
        human.voice_agent = None;
        assert_eq!(used_by(&human).agent_minutes, 0);
        assert_eq!(used_by(&human).call_minutes, 1);
    }

    fn used(minutes: i64) -> QuotaUsage {
        QuotaUsage {
            call_minutes: minutes,
            agent_minutes: minutes,
        }
    }

    fn call(talk_ms: Option<i64>) -> Call {
        let requested = CallEvent::Requested {
            tenant: TenantId(1),
            direction: Direction::Outbound,
            caller: E164::parse("+8675512345", "86").unwrap(),
            callee: E164::parse("+8613800138000", "86").unwrap(),
            voice_agent: Some(VoiceAgentId(1)),
            voice_agent_name: "Clinic".into(),
            voice_agent_version: 1,
            trunk: None,
            variables: Vec::new(),
            user_data: None,
            ring_time_max: MINUTE,
            credential: None,
        };
        let mut call = Call::begin(CallId("c".into()), &requested, NOW).unwrap();
        if talk_ms.is_some() {
            let answered = CallEvent::Answered {
                codec: "PCMA".into(),
                peer: String::new(),
            };
            call.apply(&answered, NOW);
        }
        let ended = CallEvent::Ended {
            cause: EndCause::Completed,
            side: HungUpSide::User,
            sip_status: None,
            sip_reason: String::new(),
            quality: None,
        };
        call.apply(&ended, UnixMs(NOW.0 + talk_ms.unwrap_or(0)));
        call
    }
}
