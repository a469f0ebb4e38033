//! People, skill groups, statuses and what is told of them.

use model::{
    E164, Language, Membership, MobileAccept, Overflow, Presence, QueueRules, Role,
    SkillGroupDraft, SkillGroupId, SkillGroupKind, SoundId, StaffDraft, StaffStatus, TenantId,
    TrunkNumber, VoiceAgentId,
};
use store::{
    LiveEvent, NewLiveEvent, Paging, SkillGroupFilter, StaffFilter, Store, StoreError, StreamEvent,
    Topic,
};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn a_person_is_found_by_id_and_by_email_in_their_tenant_only(store: Store) {
        let (own, other) = (tenant(&store).await, tenant(&store).await);
        let lin = store.create_staff(own, &person("lin@x.com"), Some("hash"), T0).await.unwrap();
        assert_eq!(store.staff(own, lin.id).await.unwrap(), lin);
        assert_eq!(store.staff_by_email(own, "lin@x.com").await.unwrap(), lin);
        assert!(matches!(store.staff(other, lin.id).await, Err(StoreError::NotFound { .. })));
        let twin = store.create_staff(other, &person("lin@x.com"), None, T0).await.unwrap();
        assert_ne!(twin.id, lin.id);
        let who = store.staff_who_sign_in("lin@x.com").await.unwrap();
        assert_eq!(who, [(lin, "hash".to_owned())]);
    }

    async fn an_email_and_an_extension_belong_to_one_person(store: Store) {
        let own = tenant(&store).await;
        store.create_staff(own, &person("a@x.com"), None, T0).await.unwrap();
        let again = store.create_staff(own, &person("a@x.com"), None, T0).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        let phone = StaffDraft { extension: Some("1001".into()), ..person("b@x.com") };
        store.create_staff(own, &phone, None, T0).await.unwrap();
        let same_phone = StaffDraft { email: "c@x.com".into(), ..phone.clone() };
        let again = store.create_staff(own, &same_phone, None, T0).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        assert_eq!(total(&store, StaffFilter::default()).await, 2);
    }

    async fn a_person_is_changed_and_removed_with_all_that_is_theirs(store: Store) {
        let own = tenant(&store).await;
        let lin = store.create_staff(own, &person("lin@x.com"), None, T0).await.unwrap();
        let draft = StaffDraft {
            name: "Lin Wei".into(),
            roles: vec![Role::Supervisor, Role::Agent],
            phone: Some(callee()),
            ..person("wei@x.com")
        };
        let changed = store.update_staff(own, lin.id, &draft, at(5)).await.unwrap();
        assert_eq!((changed.settings.clone(), changed.modified_at), (draft, at(5)));
        let group = group(&store, own, "Sales", false).await;
        store.join_skill_groups(own, lin.id, &[member(group, 1)], at(6)).await.unwrap();
        store.remove_staff(own, lin.id, at(7)).await.unwrap();
        assert!(store.staff_any(lin.id).await.is_err());
        assert_eq!(total(&store, in_group(group)).await, 0);
    }

    async fn people_are_listed_by_group_status_and_change(store: Store) {
        let own = tenant(&store).await;
        let sales = group(&store, own, "Sales", false).await;
        let a = store.create_staff(own, &person("a@x.com"), None, T0).await.unwrap();
        let b = store.create_staff(own, &person("b@x.com"), None, at(9)).await.unwrap();
        let both = [member(sales, 2)];
        let a = store.join_skill_groups(own, a.id, &both, T0).await.unwrap();
        assert_eq!(a.skill_groups, both);
        become_status(&store, own, &b, StaffStatus::Free, 10).await;
        assert_eq!(emails(&store, in_group(sales)).await, ["a@x.com"]);
        let free = StaffFilter { statuses: vec![StaffStatus::Free], ..StaffFilter::default() };
        assert_eq!(emails(&store, free).await, ["b@x.com"]);
        let late = StaffFilter { modified_from: Some(at(9)), ..StaffFilter::default() };
        assert_eq!(emails(&store, late).await, ["b@x.com"]);
        let named = StaffFilter { emails: vec!["a@x.com".into()], ..StaffFilter::default() };
        assert_eq!(emails(&store, named).await, ["a@x.com"]);
        let all = store.staff_list(&StaffFilter::default(), Paging::first(9)).await.unwrap();
        assert_eq!(all.items[0].skill_groups, both);
        assert_eq!(all.items[1].skill_groups, []);
    }

    async fn a_group_that_rings_all_keeps_to_two_members(store: Store) {
        let own = tenant(&store).await;
        let loud = group(&store, own, "Loud", true).await;
        for (n, email) in ["a@x.com", "b@x.com", "c@x.com"].into_iter().enumerate() {
            let staff = store.create_staff(own, &person(email), None, T0).await.unwrap();
            let joined = store.join_skill_groups(own, staff.id, &[member(loud, 3)], T0).await;
            assert_eq!(joined.is_ok(), n < 2, "{joined:?}");
        }
        let quiet = SkillGroupDraft { ring_all: false, ..group_draft("Loud") };
        store.update_skill_group(own, loud, &quiet, T0).await.unwrap();
        let third = store.staff_by_email(own, "c@x.com").await.unwrap();
        store.join_skill_groups(own, third.id, &[member(loud, 3)], T0).await.unwrap();
        let loud_again = SkillGroupDraft { ring_all: true, ..quiet };
        let again = store.update_skill_group(own, loud, &loud_again, T0).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })));
        assert_eq!(total(&store, in_group(loud)).await, 3);
    }

    async fn a_group_keeps_how_callers_wait_and_takes_its_numbers_destination_along(store: Store) {
        let own = tenant(&store).await;
        let draft = SkillGroupDraft {
            queue: QueueRules {
                wait_max: std::time::Duration::from_secs(45),
                late: Overflow::VoiceAgent(VoiceAgentId(4)),
                full: Overflow::SkillGroup(SkillGroupId(9)),
                music: Some(SoundId(3)),
                ..QueueRules::default()
            },
            ..group_draft("Sales")
        };
        let made = store.create_skill_group(own, &draft, T0).await.unwrap();
        let kept = store.skill_group(own, made.id).await.unwrap();
        assert_eq!(kept.settings, draft);

        let trunk = store.create_trunk(&trunk_draft("a"), T0).await.unwrap();
        let number = E164::parse("+8610", "86").unwrap();
        let leads = TrunkNumber {
            inbound_group: Some(made.id),
            ..trunk_number(own, &number)
        };
        store.add_number(trunk.id, &leads, T0).await.unwrap();
        assert_eq!(store.number(&number).await.unwrap().1, leads);
        assert_eq!(store.known_trunks().await.unwrap().number(&number), Some((trunk.id, &leads)));
        store.remove_skill_group(own, made.id, T0).await.unwrap();
        assert_eq!(store.number(&number).await.unwrap().1.inbound_group, None);
        let known = store.known_trunks().await.unwrap();
        assert_eq!(known.number(&number).unwrap().1.inbound_group, None);
    }

    async fn groups_are_joined_all_or_none_and_left(store: Store) {
        let (own, other) = (tenant(&store).await, tenant(&store).await);
        let (one, two) = (group(&store, own, "1", false).await, group(&store, own, "2", false).await);
        let foreign = group(&store, other, "1", false).await;
        let lin = store.create_staff(own, &person("lin@x.com"), None, T0).await.unwrap();
        let refused = store
            .join_skill_groups(own, lin.id, &[member(one, 1), member(foreign, 1)], T0)
            .await;
        assert!(matches!(refused, Err(StoreError::NotFound { what: "skill group" })));
        assert_eq!(store.staff_any(lin.id).await.unwrap().skill_groups, []);
        let both = [member(one, 1), member(two, 5)];
        store.join_skill_groups(own, lin.id, &both, T0).await.unwrap();
        let left = store.leave_skill_groups(own, lin.id, &[one], T0).await.unwrap();
        assert_eq!(left.skill_groups, [member(two, 5)]);
        let set = store.set_skill_groups(own, lin.id, &[member(one, 4)], T0).await.unwrap();
        assert_eq!(set.skill_groups, [member(one, 4)]);
        store.remove_skill_group(own, one, T0).await.unwrap();
        assert_eq!(store.staff_any(lin.id).await.unwrap().skill_groups, []);
    }

    async fn groups_are_named_once_and_listed(store: Store) {
        let own = tenant(&store).await;
        let sales = store.create_skill_group(own, &group_draft("Sales"), T0).await.unwrap();
        let again = store.create_skill_group(own, &group_draft("Sales"), T0).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        store.create_skill_group(own, &group_draft("Help"), at(9)).await.unwrap();
        let list = async |filter: SkillGroupFilter| {
            let page = store.skill_groups(own, &filter, Paging::first(9)).await.unwrap();
            page.items.into_iter().map(|group| group.settings.name).collect::<Vec<_>>()
        };
        assert_eq!(list(SkillGroupFilter::default()).await, ["Sales", "Help"]);
        let late = SkillGroupFilter { modified_from: Some(at(9)), ..Default::default() };
        assert_eq!(list(late).await, ["Help"]);
        let one = SkillGroupFilter { id: Some(sales.id), name: Some("Sales".into()), ..Default::default() };
        assert_eq!(list(one).await, ["Sales"]);
        assert_eq!(store.skill_group(own, sales.id).await.unwrap(), sales);
    }

    async fn a_status_leaves_a_line_in_the_history(store: Store) {
        let own = tenant(&store).await;
        let lin = store.create_staff(own, &person("lin@x.com"), None, T0).await.unwrap();
        for (second, status) in [
            (1, StaffStatus::Free),
            (2, StaffStatus::Free),
            (3, StaffStatus::Busy),
            (4, StaffStatus::Offline),
        ] {
            become_status(&store, own, &lin, status, second).await;
        }
        let history = store.status_changes(lin.id, (at(0), at(99)), 0, 9).await.unwrap();
        let told: Vec<_> = history.iter().map(|change| (change.n, change.status)).collect();
        assert_eq!(told, [(1, StaffStatus::Free), (2, StaffStatus::Busy), (3, StaffStatus::Offline)]);
        let later = store.status_changes(lin.id, (at(2), at(4)), 0, 9).await.unwrap();
        assert_eq!(later.len(), 1);
        let before = store.status_change_before(lin.id, at(3)).await.unwrap().unwrap();
        assert_eq!((before.n, before.at), (1, at(1)));
        assert_eq!(store.status_change_before(lin.id, at(1)).await.unwrap(), None);
    }

    async fn a_refused_status_changes_nothing_and_tells_nothing(store: Store) {
        let own = tenant(&store).await;
        let lin = store.create_staff(own, &person("lin@x.com"), None, T0).await.unwrap();
        let seq = store.last_seq().await.unwrap();
        let refused = store.change_presence(own, lin.id, T0, |_| Err("no")).await.unwrap();
        assert_eq!(refused.unwrap_err(), "no");
        assert_eq!(store.staff_any(lin.id).await.unwrap(), lin);
        assert_eq!(store.last_seq().await.unwrap(), seq);
    }

    async fn calls_and_people_share_one_numbering(store: Store) {
        let (own, other) = (tenant(&store).await, tenant(&store).await);
        let lin = store.create_staff(own, &person("lin@x.com"), None, T0).await.unwrap();
        new_call(&store, other, "c1", T0).await;
        become_status(&store, own, &lin, StaffStatus::Free, 1).await;
        let all = store.stream_after(0, None, 9).await.unwrap();
        let seqs: Vec<i64> = all.iter().map(StreamEvent::seq).collect();
        assert_eq!(seqs, [1, 2, 3]);
        assert!(matches!(&all[1], StreamEvent::Call(event) if event.call.0 == "c1"));
        let StreamEvent::Live(LiveEvent { topic, subject, body, .. }) = &all[2] else {
            panic!("{:?}", all[2]);
        };
        assert_eq!((*topic, subject.as_str()), (Topic::Staff, "1"));
        assert!(body.contains(r#""status":"free""#), "{body}");
        let mine = store.stream_after(1, Some(own), 9).await.unwrap();
        assert_eq!(mine.iter().map(StreamEvent::seq).collect::<Vec<_>>(), [3]);
        assert_eq!(store.stream_after(0, None, 2).await.unwrap().len(), 2);
    }

    async fn what_is_forgotten_raises_the_floor_and_leaves_calls(store: Store) {
        let own = tenant(&store).await;
        for _ in 0..3 {
            let event = NewLiveEvent {
                tenant: own,
                topic: Topic::Chat,
                subject: "k1".into(),
                at: T0,
                body: "{}".into(),
            };
            store.tell_live(&event).await.unwrap();
        }
        new_call(&store, own, "c1", T0).await;
        assert_eq!(store.stream_floor().await.unwrap(), 0);
        store.forget_live_events(2).await.unwrap();
        store.forget_live_events(1).await.unwrap();
        assert_eq!(store.stream_floor().await.unwrap(), 2);
        let left = store.stream_after(0, None, 9).await.unwrap();
        assert_eq!(left.iter().map(StreamEvent::seq).collect::<Vec<_>>(), [3, 4]);
    }

    async fn groups_call_out_with_numbers_of_their_tenant(store: Store) {
        let (own, other) = (tenant(&store).await, tenant(&store).await);
        let trunk = store.create_trunk(&trunk_draft("carrier"), T0).await.unwrap();
        let number = caller();
        store.add_number(trunk.id, &trunk_number(own, &number), T0).await.unwrap();
        let sales = group(&store, own, "Sales", false).await;
        let foreign = group(&store, other, "Sales", false).await;
        store.bind_number(own, &number, &[sales, sales], T0).await.unwrap();
        assert_eq!(store.groups_of_number(&number).await.unwrap(), [sales]);
        assert!(store.bind_number(own, &number, &[foreign], T0).await.is_err());
        assert!(store.bind_number(other, &number, &[foreign], T0).await.is_err());
        store.unbind_number(own, &number, &[sales], T0).await.unwrap();
        assert_eq!(store.groups_of_number(&number).await.unwrap(), []);
    }

    async fn an_administrator_of_everything_is_known(store: Store) {
        let own = tenant(&store).await;
        let boss = StaffDraft {
            everywhere: true,
            roles: vec![Role::Administrator],
            ..person("boss@x.com")
        };
        let boss = store.create_staff(own, &boss, None, T0).await.unwrap();
        assert!(!store.has_administrator().await.unwrap(), "nobody can sign in yet");
        store.set_staff_password(boss.id, "hash").await.unwrap();
        assert!(store.has_administrator().await.unwrap());
    }
}

fn person(email: &str) -> StaffDraft {
    StaffDraft {
        email: email.into(),
        name: "Lin".into(),
        nick: "小林".into(),
        phone: None,
        staff_number: "007".into(),
        extension: None,
        language: Language::Chinese,
        roles: vec![Role::Agent],
        everywhere: false,
        mobile_call_out: true,
        mobile_accept: MobileAccept::WhenOffline,
        forwarding: Some(model::Forwarding {
            enabled: true,
            unconditional: false,
            target: model::ForwardingTarget::Extension("1002".into()),
        }),
    }
}

fn group_draft(name: &str) -> SkillGroupDraft {
    SkillGroupDraft {
        name: name.into(),
        kind: SkillGroupKind::Chat,
        concurrency_max: 3,
        ring_all: false,
        last_staff_first: true,
        alias: "88".into(),
        queue: QueueRules::default(),
    }
}

async fn group(store: &Store, tenant: TenantId, name: &str, ring_all: bool) -> SkillGroupId {
    let draft = SkillGroupDraft {
        ring_all,
        ..group_draft(name)
    };
    store
        .create_skill_group(tenant, &draft, T0)
        .await
        .unwrap()
        .id
}

fn member(group: SkillGroupId, priority: u8) -> Membership {
    Membership { group, priority }
}

fn in_group(group: SkillGroupId) -> StaffFilter {
    StaffFilter {
        skill_groups: vec![group],
        ..StaffFilter::default()
    }
}

fn trunk_number(tenant: TenantId, number: &E164) -> TrunkNumber {
    TrunkNumber {
        number: number.clone(),
        tenant,
        outbound: true,
        inbound_agent: None,
        inbound_group: None,
        enabled: true,
    }
}

async fn become_status(
    store: &Store,
    tenant: TenantId,
    staff: &model::Staff,
    status: StaffStatus,
    second: u64,
) {
    let change = |present: &Presence| {
        Ok::<_, ()>(Presence {
            status,
            since: at(second),
            ..present.clone()
        })
    };
    let changed = store
        .change_presence(tenant, staff.id, at(second), change)
        .await;
    assert_eq!(changed.unwrap().unwrap().1.presence.status, status);
}

async fn emails(store: &Store, filter: StaffFilter) -> Vec<String> {
    let page = store.staff_list(&filter, Paging::first(9)).await.unwrap();
    page.items
        .into_iter()
        .map(|staff| staff.settings.email)
        .collect()
}

async fn total(store: &Store, filter: StaffFilter) -> i64 {
    store
        .staff_list(&filter, Paging::first(0))
        .await
        .unwrap()
        .total
}
