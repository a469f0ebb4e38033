//! How a call ends that a crash cut off.
//!
//! The next start finds calls in the journal that never ended. Each gets its end here, at the
//! last instant that is known of it, so that its minutes and the length of its tracks agree and
//! its pushes can be sent.

use model::{Call, CallEvent, CallState, EndCause, HungUpSide, Stamped, UnixMs};

/// What to append to the journal of `call`: its end, once; nothing if it has ended already.
///
/// `last_event_at` is the time of its last event, `audio_until` the end of what is on disk of its
/// audio. `now` bounds both: a clock that was set back, or a torn chunk, must not end a call in
/// the future.
pub fn close(
    call: &Call,
    last_event_at: UnixMs,
    audio_until: Option<UnixMs>,
    now: UnixMs,
) -> Option<Stamped> {
    match call.state {
        CallState::Ended => None,
        CallState::Dialing | CallState::Ringing | CallState::Up => Some(Stamped {
            n: call.n_events + 1,
            at: last_event_at
                .max(audio_until.unwrap_or(last_event_at))
                .min(now)
                .max(call.answered_at.unwrap_or(call.started_at)),
            event: CallEvent::Ended {
                cause: EndCause::Crashed,
                side: HungUpSide::System,
                sip_status: call.answered_at.map(|_| 200),
                sip_reason: String::new(),
                quality: None,
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::{CallId, Direction, E164, TenantId};

    use super::*;

    #[test]
    fn a_call_lasts_as_long_as_its_audio() {
        let call = call(true);
        let end = close(&call, UnixMs(3_000), Some(UnixMs(9_500)), UnixMs(60_000)).unwrap();
        assert_eq!((end.n, end.at), (3, UnixMs(9_500)));
        assert_eq!(fold(call, &end).talk_seconds(), 7);
    }

    #[test]
    fn without_audio_it_ends_with_its_last_event() {
        let end = close(&call(false), UnixMs(3_000), None, UnixMs(60_000)).unwrap();
        assert_eq!(end.at, UnixMs(3_000));
        let ended = fold(call(false), &end);
        assert_eq!(ended.cause, Some(EndCause::Crashed));
        assert_eq!(ended.sip_status, None);
        assert_eq!(ended.talk_seconds(), 0);
    }

    #[test]
    fn an_end_is_neither_in_the_future_nor_before_the_answer() {
        let late = close(
            &call(true),
            UnixMs(3_000),
            Some(UnixMs(90_000)),
            UnixMs(60_000),
        );
        assert_eq!(late.unwrap().at, UnixMs(60_000));
        let set_back = close(&call(true), UnixMs(3_000), None, UnixMs(500));
        assert_eq!(set_back.unwrap().at, UnixMs(2_000));
    }

    #[test]
    fn a_call_that_has_ended_is_left_alone() {
        let call = call(true);
        let end = close(&call, UnixMs(3_000), None, UnixMs(60_000)).unwrap();
        let ended = fold(call, &end);
        assert_eq!(close(&ended, UnixMs(3_000), None, UnixMs(60_000)), None);
    }

    fn fold(mut call: Call, end: &Stamped) -> Call {
        call.apply(&end.event, end.at);
        call
    }

    fn call(answered: bool) -> Call {
        let requested = CallEvent::Requested {
            tenant: TenantId(1),
            direction: Direction::Outbound,
            caller: E164::parse("+8675512345", "86").unwrap(),
            callee: E164::parse("+8613800138000", "86").unwrap(),
            voice_agent: None,
            voice_agent_name: String::new(),
            voice_agent_version: 1,
            trunk: None,
            variables: Vec::new(),
            user_data: None,
            ring_time_max: Duration::from_secs(60),
            credential: None,
        };
        let mut call = Call::begin(CallId("c".into()), &requested, UnixMs(1_000)).unwrap();
        if answered {
            let answered = CallEvent::Answered {
                codec: "PCMA".into(),
                peer: String::new(),
            };
            call.apply(&answered, UnixMs(2_000));
        }
        call
    }
}
