//! Campaigns, their contacts and their attempts.

use std::time::Duration;

use model::{
    CallEvent, CallId, CampaignDraft, CampaignEvent, CampaignId, CampaignState, Contact,
    ContactDraft, ContactFailure, ContactId, ContactState, DayTime, Days, DialAttempt, Disposition,
    E164, EndCause, Hours, Pacing, RetryRules, Schedule, TenantId, Variable, VoiceAgentDraft,
    VoiceAgentId,
};
use store::{
    Assignment, AsyncQuery, AttemptFilter, AttemptKey, AttemptOrder, CallCriteria, CampaignFilter,
    ContactChoice, ContactFilter, Outcomes, Paging, Publication, QUERY_LIFE_MAX, Robot, Script,
    Store, StoreError, Words,
};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn a_campaign_comes_back_as_it_was_written(store: Store) {
        let made = store.create_campaign(TENANT, &id(), &draft(), at(0)).await.unwrap();
        assert_eq!(store.campaign(TENANT, &id()).await.unwrap(), made);
        assert_eq!(made.state, CampaignState::Running);
        let other = CampaignDraft { name: "Other".into(), is_urgent: true, ..draft() };
        let changed = store.update_campaign(TENANT, &id(), &other, at(1)).await.unwrap();
        assert_eq!(changed.settings, other);
        let filter = CampaignFilter { name_part: Some("the".into()), ..CampaignFilter::default() };
        assert_eq!(store.campaigns(TENANT, &filter, Paging::first(9)).await.unwrap().items, [changed]);
        let strange = store.campaign(TenantId(1), &id()).await;
        assert!(matches!(strange, Err(StoreError::NotFound { .. })));
    }

    async fn a_campaign_can_begin_paused_and_with_its_people(store: Store) {
        let (named, paused) = (contacts(2), CampaignState::Paused);
        let create = async |n| {
            store.create_campaign_with(TENANT, &id(), &draft(), paused, &named, at(n)).await
        };
        let made = create(0).await.unwrap();
        assert_eq!(made.state, paused);
        assert_eq!(store.campaign(TENANT, &id()).await.unwrap(), made);
        let progress = store.campaign_progress(&[id()]).await.unwrap();
        assert_eq!(progress[&id()].waiting, 2);
        // All or nothing: where the id is taken, nobody is added.
        let again = create(1).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        let progress = store.campaign_progress(&[id()]).await.unwrap();
        assert_eq!(progress[&id()].waiting, 2);
    }

    async fn a_task_is_a_campaign_with_a_number_and_all_of_its_contacts(store: Store) {
        let named = contacts(2);
        let number = store.create_callout_task(TENANT, &id(), &draft(), &named, at(0)).await.unwrap();
        let found = store.callout_task(TENANT, number).await.unwrap();
        assert_eq!(found, store.campaign(TENANT, &id()).await.unwrap());
        let page = store.callout_tasks(TENANT, Paging::first(9)).await.unwrap();
        assert_eq!((page.total, page.items), (1, vec![(number, found)]));
        let progress = store.campaign_progress(&[id()]).await.unwrap();
        assert_eq!(progress[&id()].waiting, 2);
        let strange = store.callout_task(TenantId(1), number).await;
        assert!(matches!(strange, Err(StoreError::NotFound { what: "task" })), "{strange:?}");
        // All or nothing: a campaign whose id is taken leaves no number behind.
        let again = store.create_callout_task(TENANT, &id(), &draft(), &named, at(1)).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        assert_eq!(store.callout_tasks(TENANT, Paging::first(9)).await.unwrap().total, 1);
    }

    async fn a_contact_is_in_one_attempt_at_a_time_and_a_reference_on_the_list_once(store: Store) {
        let contacts = campaign_of(&store, 2).await;
        let again = store.add_contacts(TENANT, &id(), &contacts, at(1)).await.unwrap();
        assert!(again.iter().all(|contact| !contact.is_new), "{again:?}");

        let begun = begin(&store, 9, 1).await;
        assert_eq!(begun.len(), 2);
        assert_eq!(begun[0].0.state, ContactState::Dialing);
        assert_eq!(begun[0].1.callee, person(0));
        assert_eq!(begin(&store, 9, 1).await, []);
        assert_eq!(store.n_open_attempts(Some(TENANT)).await.unwrap(), 2);
    }

    async fn contacts_are_due_in_order_and_not_before_their_time(store: Store) {
        campaign_of(&store, 3).await;
        let (first, attempt) = begin(&store, 1, 0).await.remove(0);
        assert_eq!(first.settings.reference, "r0");
        let withdrawn = store.withdraw_attempt(&attempt, "busy", at(60), at(1)).await;
        withdrawn.unwrap();
        let next: Vec<String> = begin(&store, 9, 30)
            .await
            .into_iter()
            .map(|(contact, _)| contact.settings.reference)
            .collect();
        assert_eq!(next, ["r1", "r2"]);
        assert_eq!(store.next_due_contact(&id()).await.unwrap(), Some(at(60)));
        let (first, second_attempt) = begin(&store, 9, 60).await.remove(0);
        assert_eq!((first.n_attempts, second_attempt.n), (0, 1));
    }

    async fn an_attempt_ends_once_with_its_contact(store: Store) {
        campaign_of(&store, 1).await;
        let (_, attempt) = begin(&store, 1, 0).await.remove(0);
        let settle = |contact: &Contact| Contact {
            state: ContactState::Failed,
            failure: Some(ContactFailure::Outcome(Disposition::Busy)),
            n_attempts: 1,
            ..contact.clone()
        };
        let ended = store.end_attempt(&attempt, Disposition::Busy, settle, at(9)).await.unwrap();
        assert_eq!(ended.unwrap().state, ContactState::Failed);
        let again = store.end_attempt(&attempt, Disposition::Reached, settle, at(9)).await.unwrap();
        assert_eq!(again, None);
        let found = store.dial_attempts(TENANT, &AttemptFilter::default(), AttemptOrder::default(), Paging::first(9)).await.unwrap();
        assert_eq!(found.items[0].disposition, Some(Disposition::Busy));
        assert_eq!(found.items[0].ended_at, Some(at(9)));
        store.withdraw_attempt(&attempt, "late", at(10), at(10)).await.unwrap();
        let filter = ContactFilter {
            failures: vec![ContactFailure::Outcome(Disposition::Busy)],
            ..ContactFilter::default()
        };
        assert_eq!(store.contacts(TENANT, &filter, Paging::first(9)).await.unwrap().total, 1);
    }

    async fn what_is_under_way_is_found_with_its_call(store: Store) {
        campaign_of(&store, 2).await;
        let begun = begin(&store, 2, 0).await;
        let dialed = &begun[0].1;
        let events = [
            (at(1), requested_to(TENANT, dialed.callee.clone())),
            (at(2), ended()),
        ];
        store.begin_call(&dialed.id, &events, &[]).await.unwrap();
        let open = store.open_attempts().await.unwrap();
        let with_call: Vec<&CallId> = open
            .iter()
            .filter(|open| open.call.is_some())
            .map(|open| &open.attempt.id)
            .collect();
        assert_eq!((open.len(), with_call), (2, vec![&dialed.id]));
        let ended = store.ended_attempts().await.unwrap();
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0].0.contact, dialed.contact);
    }

    async fn contacts_are_paused_resumed_and_taken_off(store: Store) {
        let contacts = campaign_of(&store, 3).await;
        begin(&store, 1, 0).await;
        let all = ContactChoice::All(Some(id()));
        assert_eq!(move_to(&store, &all, ContactState::Paused).await, 3);
        assert_eq!(progress(&store).await, "0 waiting 1 dialing 2 paused 0 canceled");
        assert_eq!(begin(&store, 9, 5).await, []);
        assert_eq!(move_to(&store, &all, ContactState::Waiting).await, 3);
        assert_eq!(progress(&store).await, "2 waiting 1 dialing 0 paused 0 canceled");
        let second = ContactChoice::Ids(vec![contacts[1].0.clone()]);
        assert_eq!(move_to(&store, &second, ContactState::Canceled).await, 1);
        let third = ContactChoice::References(Some(id()), vec!["r2".into()]);
        assert_eq!(move_to(&store, &third, ContactState::Canceled).await, 1);
        assert_eq!(move_to(&store, &ContactChoice::Ids(Vec::new()), ContactState::Paused).await, 0);
        assert_eq!(progress(&store).await, "0 waiting 1 dialing 0 paused 2 canceled");
        let other = store.move_contacts(TenantId(1), &all, ContactState::Paused, at(9)).await;
        assert_eq!(other.unwrap(), 0);
    }

    async fn who_is_being_dialed_is_taken_off_after_an_attempt_in_vain(store: Store) {
        campaign_of(&store, 1).await;
        let (_, attempt) = begin(&store, 1, 0).await.remove(0);
        let states = [CampaignState::Running];
        store.move_campaign(TENANT, &id(), &states, CampaignState::Canceled, "", at(1)).await.unwrap();
        let removed = store.remove_campaign(TENANT, &id()).await;
        assert!(matches!(removed, Err(StoreError::Conflict { .. })));
        let settle = |contact: &Contact| Contact {
            state: contact.then.unwrap_or(ContactState::Waiting),
            ..contact.clone()
        };
        let ended = store.end_attempt(&attempt, Disposition::Busy, settle, at(2)).await.unwrap();
        assert_eq!(ended.unwrap().state, ContactState::Canceled);
        let contact = (ContactId("x".into()), contact(7));
        let refused = store.add_contacts(TENANT, &id(), &[contact], at(3)).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })));
        store.remove_campaign(TENANT, &id()).await.unwrap();
    }

    async fn new_contacts_wake_a_completed_campaign(store: Store) {
        campaign_of(&store, 0).await;
        let states = [CampaignState::Running];
        store.move_campaign(TENANT, &id(), &states, CampaignState::Completed, "", at(1)).await.unwrap();
        assert_eq!(store.running_campaigns().await.unwrap(), []);
        let one = (ContactId("x".into()), contact(7));
        store.add_contacts(TENANT, &id(), &[one], at(3)).await.unwrap();
        assert_eq!(store.running_campaigns().await.unwrap().len(), 1);
        assert_eq!(store.expire_contacts(&id(), at(4)).await.unwrap(), 1);
    }

    async fn a_single_contact_is_dialed_at_once(store: Store) {
        campaign_of(&store, 0).await;
        let single = (ContactId("x".into()), contact(7));
        let attempt = DialAttempt {
            id: CallId("a".into()),
            contact: single.0.clone(),
            campaign: id(),
            tenant: TENANT,
            n: 1,
            callee: person(7),
            planned_at: at(1),
            ended_at: None,
            disposition: None,
        };
        store.add_single_contact(TENANT, &id(), &single, &attempt, at(1)).await.unwrap();
        let found = store.contact(TENANT, &single.0).await.unwrap();
        assert!(found.is_single && found.state == ContactState::Dialing);
        let other = (ContactId("y".into()), contact(7));
        let again = store.add_single_contact(TENANT, &id(), &other, &attempt, at(1)).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })));
    }

    async fn what_happened_to_a_campaign_can_be_read_in_order(store: Store) {
        campaign_of(&store, 1).await;
        let (contact, attempt) = begin(&store, 1, 0).await.remove(0);
        store.withdraw_attempt(&attempt, "busy", at(2), at(1)).await.unwrap();
        let happened = store.campaign_events(&id(), 0, 9).await.unwrap();
        let events: Vec<CampaignEvent> = happened.iter().map(|one| one.event.clone()).collect();
        assert_eq!(events, [
            CampaignEvent::Created,
            CampaignEvent::ContactsAdded(1),
            CampaignEvent::AttemptStarted(contact.id, attempt.id.clone()),
            CampaignEvent::AttemptWithdrawn(attempt.id, "busy".into()),
        ]);
        assert_eq!(happened.iter().map(|one| one.n).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(store.campaign_events(&id(), 3, 9).await.unwrap().len(), 1);
    }

    async fn a_script_is_published_whole_or_not_at_all(store: Store) {
        let script = Script {
            tenant: TENANT,
            id: "s".into(),
            voice_agent: None,
            name: "Draft".into(),
            body: "{}".into(),
            created_at: at(0),
            updated_at: at(1),
        };
        let words = Words { settings: "{}".into(), secret: "secret".into() };
        let mut publication = Publication {
            script: script.clone(),
            present: None,
            draft: VoiceAgentDraft {
                name: "Draft".into(),
                definition: "{}".into(),
                variable_names: Vec::new(),
            },
            words: Some(words),
        };
        // Looked for before: what is known of it is not older than the script.
        assert!(store.remote_robot(TENANT, VoiceAgentId(1)).await.unwrap().is_none());
        let agent = store.publish_script(&publication).await.unwrap();
        assert_eq!(store.script(TENANT, "s").await.unwrap().voice_agent, Some(agent));
        assert_eq!(store.robot(TENANT, "s").await.unwrap().voice_agent, agent);
        let remote = store.remote_robot(TENANT, agent).await.unwrap().unwrap();
        assert_eq!(remote.secret, "secret");
        // What its callers understand was set by somebody, and stays.
        let strict = Robot { profile: "strict".into(), ..store.robot(TENANT, "s").await.unwrap() };
        store.put_robot(&strict).await.unwrap();

        publication.present = Some((agent, 7));
        publication.script.name = "Other".into();
        publication.words = None;
        let stale = store.publish_script(&publication).await;
        assert!(matches!(stale, Err(StoreError::Conflict { .. })), "{stale:?}");
        assert_eq!(store.script(TENANT, "s").await.unwrap().name, "Draft");
        assert!(store.remote_robot(TENANT, agent).await.unwrap().is_some());

        publication.present = Some((agent, 1));
        assert_eq!(store.publish_script(&publication).await.unwrap(), agent);
        assert_eq!(store.script(TENANT, "s").await.unwrap().name, "Other");
        assert_eq!(store.robot(TENANT, "s").await.unwrap().profile, "strict");
        assert!(store.remote_robot(TENANT, agent).await.unwrap().is_none());

        store.unpublish_script(TENANT, "s", Some(agent)).await.unwrap();
        let gone = store.voice_agent(TENANT, agent).await;
        assert!(matches!(gone, Err(StoreError::NotFound { .. })));
        assert!(matches!(store.robot(TENANT, "s").await, Err(StoreError::NotFound { .. })));
    }

    async fn attempts_are_found_by_what_their_calls_came_to(store: Store) {
        campaign_of(&store, 4).await;
        let begun = begin(&store, 3, 0).await;
        let ids: Vec<CallId> = begun.iter().map(|(_, attempt)| attempt.id.clone()).collect();
        // The first rings 2 s and talks 8 s; the second is busy; the third is under way.
        let requested = |n: usize| (at(1), requested_to(TENANT, begun[n].1.callee.clone()));
        let rang = (at(2), CallEvent::Rang { sip_status: 180 });
        let first = [requested(0), rang, (at(4), answered()), (at(12), ended())];
        store.begin_call(&ids[0], &first, &[]).await.unwrap();
        store.begin_call(&ids[1], &[requested(1), (at(2), refused())], &[]).await.unwrap();
        store.begin_call(&ids[2], &[requested(2)], &[]).await.unwrap();
        let keep = |contact: &Contact| Contact { state: ContactState::Reached, ..contact.clone() };
        for (n, disposition) in [(0, Disposition::Reached), (1, Disposition::Busy)] {
            store.end_attempt(&begun[n].1, disposition, keep, at(13)).await.unwrap();
        }
        let look = |call: CallCriteria| {
            let (store, ids) = (store.clone(), ids.clone());
            async move {
                let filter = AttemptFilter { call: call.clone(), ..AttemptFilter::default() };
                let order = AttemptOrder { by: AttemptKey::Callee, ascends: true };
                let page = store.dial_attempts(TENANT, &filter, order, Paging::first(9)).await.unwrap();
                let place = |one: &DialAttempt| ids.iter().position(|id| *id == one.id).unwrap();
                let found: Vec<usize> = page.items.iter().map(place).collect();
                let latest = ContactFilter { latest_call: call, ..ContactFilter::default() };
                let contacts = store.contacts(TENANT, &latest, Paging::first(9)).await.unwrap();
                (found, contacts.total)
            }
        };
        let none = CallCriteria::default;
        assert_eq!(look(none()).await, (vec![0, 1, 2], 4));
        let that = |is: fn(Disposition) -> bool, under_way: bool| CallCriteria {
            outcomes: Some(Outcomes::that(|one| one.map_or(under_way, |one| is(one.disposition)))),
            ..none()
        };
        assert_eq!(look(that(|one| one == Disposition::Busy, false)).await, (vec![1], 1));
        assert_eq!(look(that(|_| false, true)).await, (vec![2], 1));
        assert_eq!(look(that(|_| false, false)).await, (vec![], 0));
        let of_cause = CallCriteria {
            outcomes: Some(Outcomes::that(|one| {
                one.is_some_and(|one| one.cause == Some(EndCause::Completed))
            })),
            ..none()
        };
        assert_eq!(look(of_cause).await, (vec![0], 1));
        assert_eq!(look(CallCriteria { answered: Some(true), ..none() }).await, (vec![0], 1));
        assert_eq!(look(CallCriteria { answered: Some(false), ..none() }).await, (vec![1, 2], 2));
        assert_eq!(look(CallCriteria { talk_ms_min: Some(8_000), ..none() }).await, (vec![0], 1));
        assert_eq!(look(CallCriteria { talk_ms_min: Some(8_001), ..none() }).await, (vec![], 0));
        assert_eq!(look(CallCriteria { ring_ms_min: Some(2_000), ..none() }).await, (vec![0], 1));
        assert_eq!(look(CallCriteria { ring_ms_max: Some(1_999), talk_ms_max: Some(0), ..none() }).await.0, [1, 2]);
        assert_eq!(look(CallCriteria { from: Some(at(1)), to: Some(at(1)), ..none() }).await.0, [0, 1, 2]);
        assert_eq!(look(CallCriteria { from: Some(at(2)), ..none() }).await.0, [] as [usize; 0]);
        assert_eq!(look(CallCriteria { caller_part: Some("nobody".into()), ..none() }).await.0, [] as [usize; 0]);
    }

    async fn attempts_are_found_by_their_lists_and_contacts(store: Store) {
        campaign_of(&store, 2).await;
        let begun = begin(&store, 2, 0).await;
        let total = |filter: AttemptFilter| {
            let store = store.clone();
            async move {
                let order = AttemptOrder::default();
                store.dial_attempts(TENANT, &filter, order, Paging::first(9)).await.unwrap().total
            }
        };
        let none = AttemptFilter::default;
        let named = |name: &str| AttemptFilter { campaign_name_part: Some(name.into()), ..none() };
        assert_eq!(total(named("emind")).await, 2);
        assert_eq!(total(named("other")).await, 0);
        assert_eq!(total(AttemptFilter { campaigns: Some(vec![id()]), ..none() }).await, 2);
        assert_eq!(total(AttemptFilter { campaigns: Some(Vec::new()), ..none() }).await, 0);
        assert_eq!(total(AttemptFilter { reference_part: Some("r1".into()), ..none() }).await, 1);
        let state = |state| AttemptFilter { contact_states: Some(vec![state]), ..none() };
        assert_eq!(total(state(ContactState::Dialing)).await, 2);
        assert_eq!(total(state(ContactState::Reached)).await, 0);
        let any = |id: &str| AttemptFilter { any_id: Some(id.into()), ..none() };
        assert_eq!(total(any(begun[0].1.id.as_str())).await, 1);
        assert_eq!(total(any(begun[0].0.id.as_str())).await, 1);
    }

    async fn a_question_that_is_fetched_later_is_kept_for_a_day(store: Store) {
        let query = AsyncQuery { id: "q".into(), tenant: TENANT, body: "{}".into(), created_at: at(0) };
        store.add_async_query(&query).await.unwrap();
        assert_eq!(store.async_query("q").await.unwrap(), query);
        let later = AsyncQuery { id: "r".into(), created_at: at(1).plus(QUERY_LIFE_MAX), ..query };
        store.add_async_query(&later).await.unwrap();
        assert!(matches!(store.async_query("q").await, Err(StoreError::NotFound { .. })));
    }

    async fn scripts_and_assignments_come_back(store: Store) {
        let script = Script {
            tenant: TENANT,
            id: "s".into(),
            voice_agent: None,
            name: "Draft".into(),
            body: "{}".into(),
            created_at: at(0),
            updated_at: at(0),
        };
        store.put_script(&script).await.unwrap();
        let published = Script { voice_agent: Some(VoiceAgentId(3)), updated_at: at(1), ..script };
        store.put_script(&published).await.unwrap();
        assert_eq!(store.script(TENANT, "s").await.unwrap(), published);
        assert_eq!(store.scripts(TENANT).await.unwrap(), [published]);
        store.unpublish_script(TENANT, "s", None).await.unwrap();
        assert_eq!(store.scripts(TENANT).await.unwrap(), []);
        let assignment = Assignment {
            id: "a".into(),
            tenant: TENANT,
            campaign: id(),
            contacts: vec![ContactId("x".into())],
            created_at: at(0),
        };
        store.add_assignment(&assignment).await.unwrap();
        assert_eq!(store.assignment("a").await.unwrap(), assignment);
    }
}

const TENANT: TenantId = TenantId(1_400_000_009);

fn id() -> CampaignId {
    CampaignId("5e0f6a3c".into())
}

fn draft() -> CampaignDraft {
    let time = |second| DayTime::from_seconds(second).unwrap();
    CampaignDraft {
        name: "Reminders".into(),
        description: "d".into(),
        voice_agent: VoiceAgentId(3),
        callers: vec![person(90)],
        recall_callers: vec![person(91)],
        is_urgent: false,
        ring_time_max: Some(Duration::from_secs(25)),
        pacing: Pacing::AtOnce(4),
        reserved: 2,
        schedule: Schedule {
            from: Some(at(0)),
            to: Some(at(9_999_999)),
            days: Days::OfMonth(vec![1, 31]),
            hours: vec![Hours {
                from: time(36_000),
                to: time(72_000),
            }],
            zone: Some("Europe/Paris".into()),
        },
        retry: RetryRules::default(),
        notes: "{}".into(),
    }
}

fn person(n: usize) -> E164 {
    E164::parse(&format!("+861380013{n:04}"), "86").unwrap()
}

fn contact(n: usize) -> ContactDraft {
    ContactDraft {
        numbers: vec![person(n)],
        name: "Ann".into(),
        reference: format!("r{n}"),
        callers: Vec::new(),
        variables: vec![Variable {
            key: "name".into(),
            value: "Ann".into(),
        }],
        notes: "{}".into(),
    }
}

fn contacts(n_contacts: usize) -> Vec<(ContactId, ContactDraft)> {
    (0..n_contacts)
        .map(|n| (ContactId(format!("c{n}")), contact(n)))
        .collect()
}

async fn campaign_of(store: &Store, n_contacts: usize) -> Vec<(ContactId, ContactDraft)> {
    store
        .create_campaign(TENANT, &id(), &draft(), at(0))
        .await
        .unwrap();
    let contacts = contacts(n_contacts);
    if !contacts.is_empty() {
        store
            .add_contacts(TENANT, &id(), &contacts, at(0))
            .await
            .unwrap();
    }
    contacts
}

async fn begin(store: &Store, n: u32, second: u64) -> Vec<(Contact, DialAttempt)> {
    let number = std::sync::atomic::AtomicU32::new(0);
    let new_id = || {
        let n = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        CallId(format!("call {second} {n}"))
    };
    let mut begun = store
        .begin_attempts(TENANT, &id(), n, new_id, at(second))
        .await
        .unwrap();
    begun.sort_by(|a, b| a.0.settings.reference.cmp(&b.0.settings.reference));
    begun
}

async fn move_to(store: &Store, choice: &ContactChoice, to: ContactState) -> u64 {
    store
        .move_contacts(TENANT, choice, to, at(9))
        .await
        .unwrap()
}

async fn progress(store: &Store) -> String {
    let all = store.campaign_progress(&[id()]).await.unwrap();
    let of = all[&id()];
    format!(
        "{} waiting {} dialing {} paused {} canceled",
        of.waiting, of.dialing, of.paused, of.canceled
    )
}
