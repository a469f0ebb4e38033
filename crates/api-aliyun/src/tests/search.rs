//! Finding tasks and jobs by what their calls came to.

use std::time::Duration;

use model::{
    CallEvent, CampaignId, Contact, ContactState, Direction, Disposition, E164, EndCause,
    HungUpSide,
};
use serde_json::{Value, json};

use super::{
    life::{ask, group, refused, text},
    world::Centre,
};

/// Three tasks of one group: `ann` talked for 8 s after ringing for 2 s, `bob` was busy, and `cid` is
/// under way.
async fn three(centre: &Centre) -> String {
    let group = group(centre).await;
    let job = |n: usize, name: &str| {
        json!({"contacts": [{"phoneNumber": format!("1380013800{n}"), "referenceId": name, "name": name}]})
            .to_string()
    };
    let (ann, bob, cid) = (job(0, "ann"), job(1, "bob"), job(2, "cid"));
    let jobs = [
        ("JobGroupId", group.as_str()),
        ("JobsJson.1", ann.as_str()),
        ("JobsJson.2", bob.as_str()),
        ("JobsJson.3", cid.as_str()),
    ];
    ask(centre, "AssignJobs", &jobs).await;
    let (store, now) = (centre.app.store(), centre.app.now());
    let new_id = || model::CallId(uuid::Uuid::new_v4().to_string());
    let campaign = CampaignId(group.clone());
    let mut begun = store
        .begin_attempts(centre.tenant, &campaign, 3, new_id, now)
        .await
        .unwrap();
    begun.sort_by(|a, b| a.1.callee.digits().cmp(b.1.callee.digits()));
    let later = |second| now.plus(Duration::from_secs(second));
    let caller = E164::parse("+861088880000", "86").unwrap();
    for (n, (_, attempt)) in begun.iter().enumerate() {
        let requested = CallEvent::Requested {
            tenant: centre.tenant,
            direction: Direction::Outbound,
            caller: caller.clone(),
            callee: attempt.callee.clone(),
            voice_agent: Some(centre.agent),
            voice_agent_name: "Reminder".into(),
            voice_agent_version: 1,
            trunk: None,
            variables: Vec::new(),
            user_data: None,
            ring_time_max: Duration::from_secs(25),
            credential: None,
        };
        let ended = |cause, side| CallEvent::Ended {
            cause,
            side,
            sip_status: None,
            sip_reason: String::new(),
            quality: None,
        };
        let mut events = vec![(later(n as u64), requested)];
        match n {
            0 => events.extend([
                (later(1), CallEvent::Rang { sip_status: 180 }),
                (
                    later(3),
                    CallEvent::Answered {
                        codec: "PCMA".into(),
                        peer: "p".into(),
                    },
                ),
                (
                    later(11),
                    ended(EndCause::AgentFinished, HungUpSide::System),
                ),
            ]),
            1 => events.push((later(2), ended(EndCause::Busy, HungUpSide::User))),
            _ => {}
        }
        store.begin_call(&attempt.id, &events, &[]).await.unwrap();
    }
    for (n, state, disposition) in [
        (0, ContactState::Reached, Disposition::Reached),
        (1, ContactState::Failed, Disposition::Busy),
    ] {
        let settle = |contact: &Contact| Contact {
            state,
            ..contact.clone()
        };
        store
            .end_attempt(&begun[n].1, disposition, settle, later(12))
            .await
            .unwrap();
    }
    group
}

/// Who is found, in the order found.
async fn found(centre: &Centre, pairs: &[(&str, &str)]) -> String {
    let answer = ask(centre, "SearchTask", pairs).await;
    let tasks = answer["SearchTaskInfoList"].as_array().unwrap();
    assert_eq!(answer["Total"], tasks.len());
    let names: Vec<String> = tasks.iter().map(|task| text(&task["UserId"])).collect();
    names.join(" ")
}

#[tokio::test]
async fn each_condition_of_a_search_counts() {
    let centre = Centre::new().await;
    let group = three(&centre).await;
    for (name, value, who) in [
        ("JobGroupId", group.as_str(), "cid bob ann"),
        ("JobGroupNameQuery", "emind", "cid bob ann"),
        ("JobGroupNameQuery", "other", ""),
        ("ScriptNameQuery", "Remi", "cid bob ann"),
        ("ScriptNameQuery", "other", ""),
        ("CalledNumber", "13800138001", "bob"),
        ("CallingNumber", "88880000", "cid bob ann"),
        ("CallingNumber", "88880001", ""),
        ("UserIdMatch", "o", "bob"),
        ("TaskStatusStringList", "SucceededFinish,Busy", "bob ann"),
        ("TaskStatusStringList", "Succeeded", "ann"),
        ("TaskStatusStringList", "0", "cid"),
        ("TaskStatusStringList", "InArrears", ""),
        ("JobStatusStringList", "Executing", "cid"),
        ("JobStatusStringList", "Drafted", ""),
    ] {
        assert_eq!(
            found(&centre, &[(name, value)]).await,
            who,
            "{name} {value}"
        );
    }
}

#[tokio::test]
async fn tasks_are_found_by_times_lengths_and_any_id_and_come_in_the_order_asked_for() {
    let centre = Centre::new().await;
    three(&centre).await;
    for (name, value, who) in [
        ("CallDurationGte", "8000", "ann"),
        ("CallDurationGte", "8001", ""),
        ("CallDurationLte", "0", "cid bob"),
        ("RecordingDurationGte", "2", "ann"),
        ("RecordingDurationLte", "1", "cid bob"),
        // Half of a span of creation has no effect with the vendor either.
        ("TaskCreateTimeGte", "4102444800000", "cid bob ann"),
        ("ActualTimeGte", "4102444800000", ""),
        ("SortBy", "calledNumber", "cid bob ann"),
    ] {
        assert_eq!(
            found(&centre, &[(name, value)]).await,
            who,
            "{name} {value}"
        );
    }
    let ascends = [("SortBy", "CallDuration"), ("SortOrder", "asc")];
    assert!(found(&centre, &ascends).await.ends_with("ann"));
    let all = ask(&centre, "SearchTask", &[("SortOrder", "asc")]).await;
    let first = &all["SearchTaskInfoList"][0];
    assert_eq!(
        (
            &first["CallDuration"],
            &first["RecordingDuration"],
            &first["TaskStatusString"]
        ),
        (&json!(8000), &json!(2), &json!("SucceededFinish"))
    );
    assert_eq!(first["ScriptName"], "Reminder");
    for id in ["TaskId", "JobId"] {
        let id = text(&first[id]);
        assert_eq!(found(&centre, &[("OtherId", &id)]).await, "ann");
    }
    let span = [
        ("TaskCreateTimeGte", "0"),
        ("TaskCreateTimeLte", "4102444800000"),
    ];
    assert_eq!(found(&centre, &span).await, "cid bob ann");
    for (pair, code) in [
        (("SortBy", "mood"), "InvalidSortBy"),
        (("SortOrder", "up"), "InvalidSortOrder"),
        (("LabelsJson.1", r#"{"name":"x"}"#), "InvalidLabelsJson"),
        (
            ("TaskStatusStringList", "Odd"),
            "InvalidTaskStatusStringList",
        ),
        (("JobStatusStringList", "Odd"), "InvalidJobStatusStringList"),
    ] {
        assert_eq!(refused(&centre, "SearchTask", &[pair]).await, code);
    }
}

#[tokio::test]
async fn jobs_are_found_by_what_their_latest_call_came_to() {
    let centre = Centre::new().await;
    let group = three(&centre).await;
    for (name, value, who) in [
        ("HasAnsweredFilter", "true", "ann"),
        ("HasAnsweredFilter", "False", "bob cid"),
        ("HasReachedEndOfFlowFilter", "true", "ann"),
        ("HasReachedEndOfFlowFilter", "false", "bob cid"),
        ("HasHangUpByRejectionFilter", "true", ""),
        ("HasHangUpByRejectionFilter", "false", "ann bob cid"),
        ("TaskStatusFilter", r#"["Busy","Executing"]"#, "bob cid"),
        ("StartActualTimeFilter", "4102444800000", ""),
        ("EndActualTimeFilter", "4102444800000", "ann bob cid"),
        ("JobStatusFilter", "Failed", "bob"),
        ("QueryText", "13800138002", "cid"),
    ] {
        let pairs = [
            ("JobGroupId", group.as_str()),
            ("PageNumber", "1"),
            ("PageSize", "10"),
            (name, value),
        ];
        let answer = ask(&centre, "QueryJobsWithResult", &pairs).await;
        let jobs = answer["Jobs"]["List"].as_array().unwrap();
        let name_of = |job: &Value| text(&job["LatestTask"]["Contact"]["ReferenceId"]);
        let names: Vec<String> = jobs.iter().map(name_of).collect();
        assert_eq!(names.join(" "), who, "{name} {value}");
        assert_eq!(answer["Jobs"]["RowCount"], jobs.len());
    }
}
