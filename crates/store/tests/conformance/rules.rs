//! Call rules, do-not-call lists and quotas.

use std::time::Duration;

use model::{CallRules, CallsPer, Quota, QuotaUsage, TenantId, Weekday, WorkingHours};
use store::{Paging, Store};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn rules_read_back_as_they_were_written(store: Store) {
        let tenant = tenant(&store).await;
        assert_eq!(store.call_rules(tenant).await.unwrap(), CallRules::default());
        let rules = CallRules {
            working_hours: vec![WorkingHours {
                days: vec![Weekday::Sunday, Weekday::Monday],
                from: "09:30".parse().unwrap(),
                to: "24:00".parse().unwrap(),
            }],
            blind_areas: vec!["8610".into()],
            caller_frequency: Some(CallsPer { calls_max: 3, window: Duration::from_secs(60) }),
            callee_interval: None,
            callee_per_day: Some(2),
        };
        for rules in [rules, CallRules::default()] {
            store.set_call_rules(tenant, &rules).await.unwrap();
            assert_eq!(store.call_rules(tenant).await.unwrap(), rules);
        }
    }

    async fn a_number_is_on_the_list_of_one_tenant(store: Store) {
        let tenant = tenant(&store).await;
        let other = number("+8613900139000");
        let list = [callee(), other.clone(), callee()];
        assert_eq!(store.add_do_not_call(tenant, &list, at(3)).await.unwrap(), 2);
        assert_eq!(store.add_do_not_call(tenant, &list, at(4)).await.unwrap(), 0);
        assert!(store.is_do_not_call(tenant, &callee()).await.unwrap());
        assert!(!store.is_do_not_call(TenantId(1), &callee()).await.unwrap());
        let page = store.do_not_call(tenant, Paging::first(1)).await.unwrap();
        assert_eq!((page.items, page.total), (vec![(callee(), at(3))], 2));
        assert_eq!(store.remove_do_not_call(tenant, &[callee(), caller()]).await.unwrap(), 1);
        assert!(!store.is_do_not_call(tenant, &callee()).await.unwrap());
        assert!(store.is_do_not_call(tenant, &other).await.unwrap());
    }

    async fn a_new_grant_starts_usage_again(store: Store) {
        let tenant = tenant(&store).await;
        ended_call(&store, tenant, "c1", T0).await;
        let used = QuotaUsage { call_minutes: 2, agent_minutes: 2 };
        assert_eq!(store.quota(tenant).await.unwrap(), (Quota::default(), used));
        let quota = Quota {
            call_minutes: Some(100),
            call_until: Some(at(1_000)),
            agent_minutes: None,
            agent_until: None,
            agent_calls_max: Some(5),
        };
        store.set_quota(tenant, &quota).await.unwrap();
        let unused = QuotaUsage::default();
        assert_eq!(store.quota(tenant).await.unwrap(), (quota.clone(), unused));
        ended_call(&store, tenant, "c2", T0).await;
        assert_eq!(store.quota(tenant).await.unwrap(), (quota, used));
    }
}
