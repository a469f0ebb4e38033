//! Writing calls and events.

use std::time::Duration;

use model::{
    Answerer, CallEvent, CallId, CallRuleKind, CallState, EndCause, Finding, FindingValue,
    HungUpSide, Instruction, InstructionKind, InstructionOutcome, ListenMode, NextAgent, Occasion,
    PartyEvent, PartyId, PartyRole, Recording, RecordingId, Review, ReviewItem, ReviewKind, Server,
    ServerKind, ServingEnd, SkillGroupId, SoundId, StaffId, Thought, ThoughtKind, ThoughtOutcome,
    Track, TransferFailure, TurnLatency, UnixMs, VoiceAgentId,
};
use store::{Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn a_call_is_what_its_events_made_of_it(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", T0).await;
        assert_eq!(call.state, CallState::Ended);
        assert_eq!(call.talk_seconds(), 90);
        assert_eq!(call.n_events, 4);
        assert_eq!(store.call(tenant, &call.id).await.unwrap(), call);
        assert_eq!(store.call_any(&call.id).await.unwrap(), call);
    }

    async fn every_kind_of_event_reads_back_as_it_was_written(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", T0).await;
        let call = store.call(tenant, &id).await.unwrap();
        let events: Vec<(UnixMs, CallEvent)> =
            every_event(&call).into_iter().map(|event| (at(9), event)).collect();
        store.append(&id, &events, &[]).await.unwrap();
        let stored = store.events(&id, 1, 100).await.unwrap();
        let read: Vec<_> = stored.iter().map(|s| (s.at, s.event.clone())).collect();
        assert_eq!(read, events);
        let numbers: Vec<_> = stored.iter().map(|s| s.n).collect();
        let last = 1 + i64::try_from(events.len()).unwrap();
        assert_eq!(numbers, (2..=last).collect::<Vec<_>>());
        let first = store.events(&id, 0, 1).await.unwrap();
        assert_eq!(first[0].event, requested(tenant));
    }

    async fn a_refused_call_leaves_a_record_in_one_step(store: Store) {
        let tenant = tenant(&store).await;
        let id = CallId("c1".into());
        let rule = CallEvent::RuleChecked {
            rule: CallRuleKind::DoNotCall,
            allowed: false,
            detail: "on the list since May".into(),
        };
        let events = [(T0, requested(tenant)), (T0, rule), (T0, refused())];
        let call = store.begin_call(&id, &events, &[]).await.unwrap();
        assert_eq!(call.cause, Some(EndCause::CalleeRestricted));
        assert_eq!(store.events(&id, 0, 10).await.unwrap().len(), 3);
        assert_eq!(store.quota(tenant).await.unwrap().1.call_minutes, 0);
    }

    async fn a_call_begins_once(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", T0).await;
        let again = store.begin_call(&id, &[(T0, requested(tenant))], &[]).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        let within = store.append(&id, &[(T0, requested(tenant))], &[]).await;
        assert!(matches!(within, Err(StoreError::Misuse { .. })), "{within:?}");
    }

    async fn a_call_begins_with_its_request(store: Store) {
        let id = CallId("c1".into());
        for events in [vec![], vec![(T0, dialed())]] {
            let begun = store.begin_call(&id, &events, &[]).await;
            assert!(matches!(begun, Err(StoreError::Misuse { .. })), "{begun:?}");
        }
    }

    async fn its_only_writer_need_not_read_a_call_to_go_on(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", T0).await;
        let other = new_call(&store, tenant, "c2", T0).await;
        let mut call = store.call_any(&id).await.unwrap();
        let batches = [
            vec![(at(1), dialed()), (at(2), CallEvent::Rang { sip_status: 180 })],
            vec![(at(3), answered())],
            vec![(at(4), digits())],
            vec![(at(5), ended())],
        ];
        for events in &batches {
            call = store.append_to(&call, events, &[]).await.unwrap();
            assert_eq!(store.call_any(&id).await.unwrap(), call);
        }
        let told: Vec<_> = batches.concat();
        let journal = store.events(&id, 0, 100).await.unwrap();
        let told_of = journal.iter().skip(1).map(|e| (e.at, e.event.clone()));
        assert_eq!(told_of.collect::<Vec<_>>(), told);
        let places: Vec<i64> = journal.iter().map(|e| e.n).collect();
        assert_eq!(places, [1, 2, 3, 4, 5, 6]);
        assert_eq!(store.call_any(&other).await.unwrap().n_events, 1);
    }

    async fn what_another_wrote_is_not_written_over(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", T0).await;
        let known = store.call_any(&id).await.unwrap();
        let other = store.append(&id, &[(at(1), digits())], &[]).await.unwrap();
        let late = store.append_to(&known, &[(at(2), CallEvent::NoInput)], &[]).await;
        assert!(matches!(late, Err(StoreError::Misuse { .. })), "{late:?}");
        assert_eq!(store.call_any(&id).await.unwrap(), other);
        // And the connection is as good as before.
        store.append(&id, &[(at(3), CallEvent::NoInput)], &[]).await.unwrap();
    }

    async fn an_ended_call_takes_only_recordings(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", T0).await;
        for event in [ended(), digits(), CallEvent::NoInput] {
            let late = store.append(&call.id, &[(at(99), event)], &[]).await;
            assert!(matches!(late, Err(StoreError::CallEnded)), "{late:?}");
        }
        let track = recording(&call, "r1", Track::User);
        let ready = [(at(200), CallEvent::RecordingReady(track))];
        store.append(&call.id, &ready, &[]).await.unwrap();
    }

    async fn a_batch_is_there_as_a_whole_or_not_at_all(store: Store) {
        let tenant = tenant(&store).await;
        let endpoint = endpoint(&store, tenant).await;
        let id = new_call(&store, tenant, "c1", T0).await;
        let events = [(at(1), dialed()), (at(2), ended()), (at(3), digits())];
        let pushes = [delivery(&endpoint, "u1", at(2))];
        let refused = store.append(&id, &events, &pushes).await;
        assert!(matches!(refused, Err(StoreError::CallEnded)), "{refused:?}");
        assert_eq!(store.call(tenant, &id).await.unwrap().n_events, 1);
        assert_eq!(store.events(&id, 0, 10).await.unwrap().len(), 1);
        assert_eq!(store.next_due().await.unwrap(), None);
        assert_eq!(store.last_seq().await.unwrap(), 1);
    }

    async fn an_unknown_call_takes_no_events(store: Store) {
        let appended = store.append(&CallId("nobody".into()), &[(T0, dialed())], &[]).await;
        assert!(matches!(appended, Err(StoreError::NotFound { what: "call" })), "{appended:?}");
    }

    async fn the_end_of_a_call_counts_started_minutes(store: Store) {
        let tenant = tenant(&store).await;
        ended_call(&store, tenant, "c1", T0).await;
        let usage = store.quota(tenant).await.unwrap().1;
        assert_eq!((usage.call_minutes, usage.agent_minutes), (2, 2));
        for (id, talk_ms, minutes) in [("c2", 60_000, 3), ("c3", 60_001, 5), ("c4", 0, 6)] {
            let id = new_call(&store, tenant, id, T0).await;
            let end = T0.plus(Duration::from_millis(talk_ms));
            store.append(&id, &[(T0, answered()), (end, ended())], &[]).await.unwrap();
            let usage = store.quota(tenant).await.unwrap().1;
            assert_eq!(usage.call_minutes, minutes, "{talk_ms} ms");
        }
    }

    async fn the_journal_numbers_all_events_without_gaps(store: Store) {
        let tenants = [tenant(&store).await, tenant(&store).await];
        for (id, tenant) in [("c1", tenants[0]), ("c2", tenants[1]), ("c3", tenants[0])] {
            ended_call(&store, tenant, id, T0).await;
        }
        let all = store.events_after(0, None, 100).await.unwrap();
        let numbers: Vec<_> = all.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
        assert_eq!(store.last_seq().await.unwrap(), 12);
        assert_eq!(store.events_after(10, None, 1).await.unwrap()[0].seq, 11);
        let mine = store.events_after(0, Some(tenants[1]), 100).await.unwrap();
        assert!(mine.iter().all(|event| event.tenant == tenants[1]));
        assert_eq!(mine.len(), 4);
        assert_eq!(mine[0].stamped.n, 1);
    }
}

fn every_event(call: &model::Call) -> Vec<CallEvent> {
    let track: Recording = recording(call, "r1", Track::Agent);
    vec![
        CallEvent::RuleChecked {
            rule: CallRuleKind::CalleePerDay,
            allowed: true,
            detail: "1 of 3".into(),
        },
        dialed(),
        CallEvent::Rang { sip_status: 183 },
        answered(),
        CallEvent::AgentSaid {
            heard: "Hello".into(),
            unsaid: ", how are you".into(),
            from: at(5),
            to: at(6),
            interrupted: true,
            interruptible: false,
            occasion: Occasion::Welcome,
        },
        CallEvent::CallerSaid {
            text: "\u{4f60}\u{597d}".into(),
            from: at(6),
            to: at(7),
        },
        digits(),
        CallEvent::NoInput,
        CallEvent::FalseInterruption,
        CallEvent::AnswererFound {
            answerer: Answerer::MachineByWords,
        },
        CallEvent::Instructed(Instruction {
            kind: InstructionKind::Say,
            text: "the doctor is late".into(),
            outcome: InstructionOutcome::Waits,
        }),
        CallEvent::ReplyTimed(TurnLatency {
            first_token: Duration::from_micros(4_321),
            turn: 1,
            endpointing: Duration::from_micros(500_250),
            recognizer: Duration::from_millis(20),
            thinker: Duration::from_millis(30),
            speaker: Duration::from_millis(40),
            queue: Duration::from_millis(10),
            total: Duration::from_micros(600_250),
        }),
        CallEvent::Thought(Thought {
            turn: 1,
            what: ThoughtKind::Asked {
                backend: "main".into(),
                outcome: ThoughtOutcome::Failed,
                why: "broke off".into(),
                first_token: Some(Duration::from_millis(300)),
                took: Duration::from_micros(900_001),
            },
        }),
        CallEvent::Thought(Thought {
            turn: 2,
            what: ThoughtKind::Called {
                tool: "order".into(),
                arguments: "{}".into(),
                outcome: ThoughtOutcome::Answered,
                why: String::new(),
                answer: "sent".into(),
                took: Duration::from_millis(12),
            },
        }),
        CallEvent::Thought(Thought {
            turn: 3,
            what: ThoughtKind::Moved {
                node: "menu".into(),
                kind: "KEY_PRESS".into(),
                branch: "one".into(),
                tags: vec![("plan".into(), "gold".into())],
            },
        }),
        CallEvent::SoundStarted {
            sound: SoundId(4),
            times: 2,
            over: true,
        },
        CallEvent::SoundEnded {
            sound: SoundId(4),
            cut: false,
        },
        CallEvent::TransferRequested {
            target: "desk".into(),
        },
        CallEvent::Queued {
            skill_group: Some(SkillGroupId(7)),
        },
        CallEvent::Queued { skill_group: None },
        CallEvent::Offered(Server {
            kind: ServerKind::Staff,
            address: "1001".into(),
            staff: Some(StaffId(3)),
            email: "lin@example.com".into(),
            name: "Lin".into(),
            skill_group: Some((SkillGroupId(7), "Sales".into())),
        }),
        CallEvent::OfferRang,
        CallEvent::Served {
            codec: "PCMA".into(),
            peer: "192.0.2.2:4000".into(),
        },
        CallEvent::Party(PartyEvent::Wanted {
            party: PartyId(1),
            role: PartyRole::Supervisor(ListenMode::Whisper),
            target: "extension:1003".into(),
            by: "lin@example.com".into(),
        }),
        CallEvent::Party(PartyEvent::Rang { party: PartyId(1) }),
        CallEvent::Party(PartyEvent::Joined {
            party: PartyId(1),
            codec: "PCMU".into(),
            peer: "192.0.2.3:4000".into(),
        }),
        CallEvent::Party(PartyEvent::ModeChanged {
            party: PartyId(1),
            mode: ListenMode::Barge,
            by: "api".into(),
        }),
        CallEvent::Party(PartyEvent::HoldChanged {
            party: PartyId(1),
            held: true,
        }),
        CallEvent::Party(PartyEvent::DigitsPressed {
            party: PartyId(1),
            digits: "5".into(),
        }),
        CallEvent::Party(PartyEvent::Left {
            party: PartyId(1),
            end: ServingEnd::Served,
            by: String::new(),
        }),
        CallEvent::Party(PartyEvent::Failed {
            party: PartyId(2),
            why: TransferFailure::Unknown,
        }),
        CallEvent::Referral(model::Referral::Asked {
            side: HungUpSide::Staff,
            target: "extension:1002".into(),
            call: Some(CallId("other".into())),
        }),
        CallEvent::Referral(model::Referral::Taken {
            side: HungUpSide::Staff,
            codec: "PCMA".into(),
            peer: "192.0.2.1:4000".into(),
        }),
        CallEvent::Referral(model::Referral::Left {
            side: HungUpSide::User,
        }),
        CallEvent::Referral(model::Referral::Sent {
            side: HungUpSide::User,
        }),
        CallEvent::Referral(model::Referral::Moved {
            side: HungUpSide::Staff,
            call: CallId("other".into()),
        }),
        CallEvent::HoldChanged {
            by: HungUpSide::Staff,
            held: true,
        },
        CallEvent::ServingEnded {
            end: ServingEnd::NotReachable,
        },
        CallEvent::AgentChanged(NextAgent {
            voice_agent: VoiceAgentId(12),
            name: "Sales".into(),
            version: 2,
        }),
        CallEvent::TransferFailed {
            why: TransferFailure::NobodyFree,
        },
        CallEvent::Diverted {
            by: "sip:desk@pbx.example".into(),
            reason: "no-answer".into(),
        },
        CallEvent::Carried {
            side: HungUpSide::User,
            transport: "tls".into(),
            suite: "AES_CM_128_HMAC_SHA1_80".into(),
        },
        CallEvent::UserDataCame {
            side: HungUpSide::Staff,
            text: "order 7".into(),
        },
        CallEvent::HangUpRequested { by: "api".into() },
        ended(),
        CallEvent::Reviewed(review()),
        CallEvent::ReviewFailed {
            why: "no model answers".into(),
        },
        CallEvent::RecordingReady(track),
        CallEvent::RecordingFailed {
            why: "disk full".into(),
        },
        CallEvent::RecordingCopied {
            recording: RecordingId("r1".into()),
            url: "https://s3.example/r1".into(),
        },
    ]
}

/// A review with something of every kind.
fn review() -> Review {
    let found = |name: &str, kind, value| Finding {
        item: ReviewItem {
            name: name.into(),
            description: String::new(),
            kind,
        },
        value,
    };
    Review {
        by: Some("gpt".into()),
        findings: vec![
            found(
                "name",
                ReviewKind::Text {
                    examples: vec!["Ann".into()],
                },
                FindingValue::Text("Lin".into()),
            ),
            found(
                "wish",
                ReviewKind::Choice {
                    choices: vec!["price".into(), "colour".into()],
                },
                FindingValue::Chosen(vec!["price".into()]),
            ),
            found("comes", ReviewKind::YesNo, FindingValue::YesNo(true)),
            found("age", ReviewKind::Number, FindingValue::Number(41.5)),
        ],
        summary: "Comes on Monday.".into(),
        mood: "calm".into(),
        intention: "to come".into(),
    }
}
