//! The audit log, and who is signed in.

use std::time::Duration;

use model::{
    AuditActor, AuditActorKind, AuditDraft, Language, MobileAccept, Role, StaffDraft, StaffId,
};
use store::{AuditBreak, AuditFilter, Database, NewSignIn, Paging, Store, StoreError};

use crate::{
    fixtures::*,
    harness::{World, stories},
};

stories! {
    async fn entries_stand_in_one_line_and_newest_first(store: Store) {
        let own = tenant(&store).await;
        store.audit(&entry("a", None)).await.unwrap();
        let second = AuditDraft { tenant: Some(own), ..entry("b", Some("{}")) };
        let written = store.audit(&second).await.unwrap();
        assert_eq!(written.n, 2);
        let all = store.audit_entries(&AuditFilter::default(), Paging::first(9)).await.unwrap();
        assert_eq!(all.items.iter().map(|entry| entry.n).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(all.items[0], written);
        let mine = AuditFilter { tenant: Some(own), ..AuditFilter::default() };
        assert_eq!(store.audit_entries(&mine, Paging::first(9)).await.unwrap().total, 1);
        assert_eq!(store.verify_audit().await.unwrap(), Ok((2, written.hash)));
    }

    async fn an_entry_that_was_altered_is_found(world: World) {
        for subject in ["a", "b", "c"] {
            world.store.audit(&entry(subject, None)).await.unwrap();
        }
        run(&world.database, "UPDATE audit SET outcome = '500' WHERE n = 2").await;
        let found = world.store.verify_audit().await.unwrap();
        let AuditBreak { n, why } = found.unwrap_err();
        assert_eq!((n, why), (2, "the entry, or one before it, was altered"));
    }

    async fn entries_that_are_missing_are_found(world: World) {
        for subject in ["a", "b", "c"] {
            world.store.audit(&entry(subject, None)).await.unwrap();
        }
        run(&world.database, "DELETE FROM audit WHERE n = 3").await;
        assert_eq!(world.store.verify_audit().await.unwrap().unwrap_err().n, 3);
        run(&world.database, "DELETE FROM audit WHERE n = 1").await;
        assert_eq!(world.store.verify_audit().await.unwrap().unwrap_err().n, 1);
    }

    async fn what_a_crash_cut_off_is_written_down_as_interrupted(store: Store) {
        store.begin_audit("i1", &entry("a", None)).await.unwrap();
        store.begin_audit("i2", &entry("b", None)).await.unwrap();
        store.finish_audit("i2", &entry("b", Some("1"))).await.unwrap();
        assert_eq!(store.close_audits().await.unwrap(), 1);
        assert_eq!(store.close_audits().await.unwrap(), 0);
        let all = store.audit_entries(&AuditFilter::default(), Paging::first(9)).await.unwrap();
        let told: Vec<_> = all.items.iter().map(|e| (e.entry.subject.as_str(), e.entry.outcome.as_str())).collect();
        assert_eq!(told, [("a", "interrupted"), ("b", "200")]);
        assert!(store.verify_audit().await.unwrap().is_ok());
    }

    async fn writers_at_once_keep_the_chain_whole(store: Store) {
        let mut writers = Vec::new();
        for n in 0..8 {
            let store = store.clone();
            writers.push(tokio::spawn(async move {
                store.audit(&entry(&n.to_string(), None)).await.unwrap();
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(store.verify_audit().await.unwrap().unwrap().0, 8);
    }

    async fn a_browser_stays_signed_in_until_its_time_is_over(store: Store) {
        let lin = person(&store).await;
        let new = sign_in(lin, "aa");
        let signed = store.create_sign_in(&new, T0).await.unwrap();
        assert_eq!(store.sign_in_by_sha256("aa", at(59)).await.unwrap(), signed);
        store.touch_sign_in(signed.id, at(50), at(110)).await.unwrap();
        assert_eq!(store.sign_in_by_sha256("aa", at(109)).await.unwrap().seen_at, at(50));
        assert!(store.sign_in_by_sha256("aa", at(110)).await.is_err());
        assert_eq!(store.sign_ins(lin, at(60)).await.unwrap().len(), 1);
        store.create_sign_in(&sign_in(lin, "bb"), at(4000)).await.unwrap();
        assert_eq!(store.sign_ins(lin, T0).await.unwrap().len(), 1, "the old one was swept");
    }

    async fn sign_ins_end_one_by_one_with_a_password_and_with_the_person(store: Store) {
        let lin = person(&store).await;
        let first = store.create_sign_in(&sign_in(lin, "aa"), T0).await.unwrap();
        store.create_sign_in(&sign_in(lin, "bb"), T0).await.unwrap();
        let foreign = store.remove_sign_in(StaffId(99), first.id).await;
        assert!(matches!(foreign, Err(StoreError::NotFound { .. })));
        store.remove_sign_in(lin, first.id).await.unwrap();
        assert!(store.sign_in_by_sha256("aa", T0).await.is_err());
        store.set_staff_password(lin, "other").await.unwrap();
        assert!(store.sign_in_by_sha256("bb", T0).await.is_err());
        store.create_sign_in(&sign_in(lin, "cc"), T0).await.unwrap();
        assert_eq!(store.remove_sign_ins(lin).await.unwrap(), 1);
        let gone = store.create_sign_in(&sign_in(StaffId(99), "dd"), T0).await;
        assert!(matches!(gone, Err(StoreError::NotFound { .. })));
    }

    async fn a_token_to_sign_in_with_is_good_once_or_often(store: Store) {
        let lin = person(&store).await;
        store.add_sign_in_token(lin, "once", true, at(60)).await.unwrap();
        store.add_sign_in_token(lin, "often", false, at(60)).await.unwrap();
        assert_eq!(store.take_sign_in_token("once", T0).await.unwrap(), lin);
        assert!(store.take_sign_in_token("once", T0).await.is_err());
        for _ in 0..2 {
            assert_eq!(store.take_sign_in_token("often", at(59)).await.unwrap(), lin);
        }
        assert!(store.take_sign_in_token("often", at(60)).await.is_err());
    }
}

fn entry(subject: &str, after: Option<&str>) -> AuditDraft {
    AuditDraft {
        at: T0,
        tenant: None,
        actor: AuditActor {
            kind: AuditActorKind::Token,
            name: "1 ci".into(),
        },
        address: "127.0.0.1".into(),
        action: "post /api/v1/staff".into(),
        subject: subject.into(),
        outcome: "200".into(),
        before: None,
        after: after.map(str::to_owned),
    }
}

async fn person(store: &Store) -> StaffId {
    let own = tenant(store).await;
    let draft = StaffDraft {
        email: "lin@x.com".into(),
        name: "Lin".into(),
        nick: String::new(),
        phone: None,
        staff_number: String::new(),
        extension: None,
        language: Language::English,
        roles: vec![Role::Agent],
        everywhere: false,
        mobile_call_out: false,
        mobile_accept: MobileAccept::Off,
        forwarding: None,
    };
    let staff = store.create_staff(own, &draft, Some("hash"), T0).await;
    staff.unwrap().id
}

fn sign_in(staff: StaffId, sha256: &str) -> NewSignIn {
    NewSignIn {
        staff,
        sha256: sha256.into(),
        csrf: "csrf".into(),
        browser: "Firefox".into(),
        address: "127.0.0.1".into(),
        expires_at: T0.plus(Duration::from_secs(60)),
    }
}

/// Runs a statement behind the store's back.
async fn run(database: &Database, statement: &'static str) {
    use sqlx::Connection as _;

    let url = match database {
        Database::Sqlite { path } => format!("sqlite:{}", path.display()),
        Database::Postgres { url } => url.clone(),
    };
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(statement)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
