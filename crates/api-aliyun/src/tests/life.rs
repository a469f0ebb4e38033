//! What surrounds `Dialogue`: instances, scripts, job groups and jobs.

use serde_json::{Value, json};

use super::world::Centre;

const JOB: &str = r#"{"extras":[{"key":"plan","value":"gold"}],
    "contacts":[{"phoneNumber":"13800138000","name":"Ann","referenceId":"r1"}]}"#;

#[tokio::test]
async fn a_script_is_a_draft_until_it_is_published() {
    let centre = Centre::new().await;
    let made = ask(&centre, "CreateScript", &script("Front desk")).await;
    let id = text(&made["Script"]["ScriptId"]);
    assert_eq!(
        (&made["Script"]["Status"], &made["Script"]["IsDrafted"]),
        (&json!("DRAFTED"), &json!(true))
    );
    // The instance has one voice agent, which answers where no script of this name is published.
    let publish = [("ScriptId", id.as_str()), ("Description", "first")];
    ask(&centre, "PublishScript", &publish).await;
    let described = ask(&centre, "DescribeScript", &[("ScriptId", &id)]).await;
    assert_eq!(described["Script"]["Status"], "PUBLISHED");
    assert_eq!(described["Script"]["IsDrafted"], false);
    let begins = [("ScriptId", id.as_str())];
    assert_eq!(
        centre.turn("c", &begins).await,
        "Front desk, hello. | broadcast"
    );

    let mut changed = script("Back desk");
    changed.push(("ScriptId", id.as_str()));
    ask(&centre, "ModifyScript", &changed).await;
    assert_eq!(
        centre.turn("d", &begins).await,
        "Front desk, hello. | broadcast"
    );
    ask(&centre, "PublishScript", &publish).await;
    assert_eq!(
        centre.turn("e", &begins).await,
        "Back desk, hello. | broadcast"
    );

    let listed = ask(
        &centre,
        "ListScripts",
        &[("PageNumber", "1"), ("PageSize", "10")],
    )
    .await;
    assert_eq!(listed["Scripts"]["TotalCount"], 2);
    ask(&centre, "DeleteScript", &[("ScriptId", &id)]).await;
    assert_eq!(
        refused(&centre, "DescribeScript", &[("ScriptId", &id)]).await,
        "NotExist.Script"
    );
}

#[tokio::test]
async fn a_script_that_cannot_be_is_refused_with_its_place() {
    let centre = Centre::new().await;
    let with = |more: (&'static str, &'static str)| {
        let mut pairs = vec![("ScriptName", "x"), ("Industry", "i"), ("Scene", "s")];
        pairs.push(more);
        pairs
    };
    for (more, code) in [
        (
            ("ScriptContent.1", r#"{"language":"en","greting":"x"}"#),
            "InvalidScriptContent",
        ),
        (("NluEngine", "Prompts"), "InvalidNluEngine"),
        (
            ("NluEngine", "SSE_FUNCTION"),
            "MissingScriptNluProfileJsonString",
        ),
        (
            (
                "ScriptNluProfileJsonString",
                r#"{"fcHttpTriggerUrl":"http://127.0.0.1/x"}"#,
            ),
            "InvalidScriptNluProfileJsonString",
        ),
    ] {
        assert_eq!(
            refused(&centre, "CreateScript", &with(more)).await,
            code,
            "{more:?}"
        );
    }
    let made = ask(&centre, "CreateScript", &with(("ScriptDescription", "d"))).await;
    let id = text(&made["Script"]["ScriptId"]);
    let publish = [("ScriptId", id.as_str()), ("Description", "")];
    assert_eq!(
        refused(&centre, "PublishScript", &publish).await,
        "MissingScriptContent"
    );
}

#[tokio::test]
async fn a_group_takes_jobs_and_shows_how_far_it_is() {
    let centre = Centre::new().await;
    let group = group(&centre).await;
    let of = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        let mut pairs = vec![("JobGroupId", group.as_str())];
        pairs.extend_from_slice(more);
        pairs
    };
    let jobs = ask(&centre, "AssignJobs", &of(&[("JobsJson.1", JOB)])).await;
    let job = text(&jobs["JobsId"][0]);
    let again = ask(&centre, "AssignJobs", &of(&[("JobsJson.1", JOB)])).await;
    assert_eq!(
        text(&again["JobsId"][0]),
        job,
        "a reference is on the list once"
    );

    let described = ask(&centre, "DescribeJobGroup", &of(&[])).await;
    let progress = &described["JobGroup"]["Progress"];
    assert_eq!(
        (&progress["TotalJobs"], &progress["TotalCompleted"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(described["JobGroup"]["Strategy"]["MaxAttemptsPerDay"], 2);
    let one = ask(&centre, "DescribeJob", &[("JobId", &job)]).await;
    assert_eq!(one["Job"]["Contacts"][0]["PhoneNumber"], "+8613800138000");
    assert_eq!(
        one["Job"]["Extras"],
        json!([{"Key": "plan", "Value": "gold"}])
    );

    ask(&centre, "SuspendJobs", &of(&[("All", "True")])).await;
    assert_eq!(status_of(&centre, &job).await, "Paused");
    let page = [("PageNumber", "1"), ("PageSize", "10")];
    let paused = [page[0], page[1], ("JobStatus", "Paused")];
    let listed = ask(&centre, "ListJobsByGroup", &of(&paused)).await;
    assert_eq!(listed["Jobs"]["TotalCount"], 1);
    let ids = [("All", "false"), ("JobId.1", job.as_str())];
    ask(&centre, "ResumeJobs", &ids).await;
    let cancel = [("All", "false"), ("JobReferenceId.1", "r1")];
    ask(&centre, "CancelJobs", &cancel).await;
    assert_eq!(status_of(&centre, &job).await, "Cancelled");
    let results = ask(&centre, "QueryJobsWithResult", &of(&page)).await;
    assert_eq!(results["Jobs"]["RowCount"], 1);
    assert_eq!(results["Jobs"]["List"][0]["StatusName"], "Cancelled");
    let tasks = ask(&centre, "SearchTask", &[]).await;
    assert_eq!(tasks["Total"], 0);
}

#[tokio::test]
async fn jobs_that_are_assigned_for_later_are_named_when_asked_for() {
    let centre = Centre::new().await;
    let group = group(&centre).await;
    let list = json!([JOB]).to_string();
    let pairs = [("JobGroupId", group.as_str()), ("JobsJson", list.as_str())];
    let task = ask(&centre, "AssignJobsAsync", &pairs).await;
    let id = text(&task["AsyncTaskId"]);
    let result = ask(&centre, "GetAssignJobsAsyncResult", &[("AsyncTaskId", &id)]).await;
    assert_eq!(
        (&result["Valid"], result["JobsId"].as_array().unwrap().len()),
        (&json!(true), 1)
    );
    let unknown = [("AsyncTaskId", "x")];
    assert_eq!(
        refused(&centre, "GetAssignJobsAsyncResult", &unknown).await,
        "NotExist.AsyncTask"
    );
}

#[tokio::test]
async fn a_job_that_cannot_be_called_at_once_is_refused_and_stays_as_failed() {
    let centre = Centre::new().await;
    let group = group(&centre).await;
    let pairs = [("JobGroupId", group.as_str()), ("JobJson", JOB)];
    assert_eq!(
        refused(&centre, "StartJob", &pairs).await,
        "InvalidCallingNumber"
    );
    let page = [
        ("JobGroupId", group.as_str()),
        ("PageNumber", "1"),
        ("PageSize", "10"),
    ];
    let listed = ask(&centre, "ListJobsByGroup", &page).await;
    assert_eq!(listed["Jobs"]["List"][0]["Status"], "Failed");
    assert_eq!(listed["Jobs"]["List"][0]["FailureReason"], "CallFailed");
}

#[tokio::test]
async fn groups_are_paused_listed_and_removed() {
    let centre = Centre::new().await;
    let group = group(&centre).await;
    let change = [
        ("JobGroupId", group.as_str()),
        ("Name", "Other"),
        ("JobGroupStatus", "Paused"),
        ("Priority", "Urgent"),
    ];
    let changed = ask(&centre, "ModifyJobGroup", &change).await;
    assert_eq!(changed["JobGroup"]["Status"], "Paused");
    assert_eq!(changed["JobGroup"]["Priority"], "Urgent");
    let page = [
        ("PageNumber", "1"),
        ("PageSize", "10"),
        ("JobGroupStatusFilter", "Paused,Failed"),
    ];
    let listed = ask(&centre, "ListJobGroups", &page).await;
    assert_eq!(listed["JobGroups"]["List"][0]["JobGroupName"], "Other");
    let info = ask(
        &centre,
        "DescribeGroupExecutingInfo",
        &[("JobGroupId", &group)],
    )
    .await;
    assert_eq!(info["ExecutingInfo"]["JobsProgress"]["TotalJobs"], 0);
    ask(&centre, "DeleteJobGroup", &[("JobGroupId", &group)]).await;
    let gone = refused(&centre, "DescribeJobGroup", &[("JobGroupId", &group)]).await;
    assert_eq!(gone, "NotExist.JobGroup");
}

#[tokio::test]
async fn a_list_that_is_asked_for_later_is_the_list_of_then() {
    let centre = Centre::new().await;
    let page = [
        ("PageNumber", "1"),
        ("PageSize", "10"),
        ("SearchText", "emind"),
        ("AsyncQuery", "true"),
    ];
    let asked = ask(&centre, "ListJobGroups", &page).await;
    assert_eq!(asked["JobGroups"], Value::Null);
    let id = text(&asked["AsyncTaskId"]);
    let made = group(&centre).await;
    let task = [("AsyncTaskId", id.as_str())];
    let listed = ask(&centre, "ListJobGroupsAsync", &task).await;
    assert_eq!(listed["JobGroups"][0]["JobGroupId"], made.as_str());
    assert_eq!(listed["JobGroups"][0]["TotalCallNum"], 0);
    assert_eq!(
        (&listed["TotalCount"], &listed["Timeout"], &listed["Vaild"]),
        (&json!(1), &json!(false), &json!(true))
    );
    let unknown = refused(&centre, "ListJobGroupsAsync", &[("AsyncTaskId", "x")]).await;
    assert_eq!(unknown, "NotExist.AsyncTask");
    let odd = [
        ("PageNumber", "0"),
        ("PageSize", "1"),
        ("AsyncQuery", "true"),
    ];
    assert_eq!(
        refused(&centre, "ListJobGroups", &odd).await,
        "InvalidPageNumber"
    );
}

#[tokio::test]
async fn no_more_calls_are_promised_to_groups_of_a_priority_than_the_instance_has() {
    let centre = Centre::new().await;
    let id = centre.tenant.to_string();
    let limit = [
        ("InstanceId", id.as_str()),
        ("MaxConcurrentConversation", "5"),
    ];
    ask(&centre, "ModifyInstance", &limit).await;
    let (first, second) = (group(&centre).await, group(&centre).await);
    let promise = |group: &str, n: &str, priority: &str| {
        let pairs = [
            ("JobGroupId", group.to_owned()),
            ("Name", "x".to_owned()),
            ("MinConcurrency", n.to_owned()),
            ("Priority", priority.to_owned()),
        ];
        let centre = &centre;
        async move {
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (*k, v.as_str())).collect();
            text(&send(centre, "ModifyJobGroup", &pairs).await["Code"])
        }
    };
    assert_eq!(promise(&first, "3", "Daily").await, "OK");
    assert_eq!(
        promise(&second, "3", "Daily").await,
        "InvalidMinConcurrency"
    );
    assert_eq!(promise(&second, "3", "Urgent").await, "OK");
    assert_eq!(promise(&first, "5", "Daily").await, "OK");
    let page = [
        ("PageNumber", "1"),
        ("PageSize", "10"),
        ("OnlyMinConcurrencyEnabled", "true"),
    ];
    group(&centre).await;
    let listed = ask(&centre, "ListJobGroups", &page).await;
    assert_eq!(listed["JobGroups"]["TotalCount"], 2);
}

#[tokio::test]
async fn an_instance_that_is_made_belongs_to_its_maker_at_once() {
    let centre = Centre::new().await;
    let new = [
        ("InstanceName", "Second"),
        ("MaxConcurrentConversation", "5"),
    ];
    let made = ask(&centre, "CreateInstance", &new).await;
    let id = text(&made["Instance"]["InstanceId"]);
    let described = ask(&centre, "DescribeInstance", &[("InstanceId", &id)]).await;
    assert_eq!(described["Instance"]["MaxConcurrentConversation"], 5);
    let listed = ask(&centre, "ListInstances", &[]).await;
    assert_eq!(listed["TotalCount"], 2);
    let more = [
        ("InstanceId", id.as_str()),
        ("MaxConcurrentConversation", "7"),
    ];
    let changed = ask(&centre, "ModifyInstance", &more).await;
    assert_eq!(changed["Instance"]["MaxConcurrentConversation"], 7);
    let number = [
        ("InstanceName", "x"),
        ("MaxConcurrentConversation", "5"),
        ("CallingNumber.1", "13800138000"),
    ];
    assert_eq!(
        refused(&centre, "CreateInstance", &number).await,
        "InvalidCallingNumber"
    );
}

#[tokio::test]
async fn an_instance_is_removed_once_it_owns_nothing() {
    let centre = Centre::new().await;
    let owner = refused(&centre, "DeleteInstance", &[]).await;
    assert_eq!(owner, "InvalidInstanceId", "it owns a voice agent");
    let new = [
        ("InstanceName", "Second"),
        ("MaxConcurrentConversation", "5"),
    ];
    let made = ask(&centre, "CreateInstance", &new).await;
    let id = text(&made["Instance"]["InstanceId"]);
    ask(&centre, "DeleteInstance", &[("InstanceId", &id)]).await;
    assert_eq!(ask(&centre, "ListInstances", &[]).await["TotalCount"], 1);
}

#[tokio::test]
async fn a_number_on_the_block_list_is_never_called_until_it_is_taken_off() {
    let centre = Centre::new().await;
    let list =
        json!([{"phoneNumber": "13800138000", "name": "安娜", "remark": "asked", "creator": "me"}]);
    let list = list.to_string();
    let saved = [("ContactBlockListsJson", list.as_str())];
    assert_eq!(
        ask(&centre, "SaveContactBlockList", &saved).await["AffectedRows"],
        1
    );
    let number = model::E164::parse("13800138000", "86").unwrap();
    let store = centre.app.store();
    assert!(store.is_do_not_call(centre.tenant, &number).await.unwrap());
    for (pattern, n) in [("", 1), ("138001", 1), ("安娜", 1), ("bob", 0)] {
        let found = ask(
            &centre,
            "GetContactBlockList",
            &[("SearchPattern", pattern)],
        )
        .await;
        assert_eq!(found["ContactBlocklistList"]["TotalCount"], n, "{pattern}");
    }
    let found = ask(&centre, "GetContactBlockList", &[]).await;
    let entry = &found["ContactBlocklistList"]["List"][0];
    assert_eq!(
        (&entry["Name"], &entry["Remark"], &entry["PhoneNumber"]),
        (&json!("安娜"), &json!("asked"), &json!("+8613800138000"))
    );
    let id = text(&entry["ContactBlockListId"]);
    let remove = [("ContactBlockListId", id.as_str())];
    ask(&centre, "DeleteContactBlockList", &remove).await;
    assert_eq!(
        refused(&centre, "DeleteContactBlockList", &remove).await,
        "NotExist.ContactBlockList"
    );
    assert!(!store.is_do_not_call(centre.tenant, &number).await.unwrap());
    let odd = [("ContactBlockListsJson", "[{}]")];
    assert_eq!(
        refused(&centre, "SaveContactBlockList", &odd).await,
        "InvalidContactBlockListsJson"
    );
}

#[tokio::test]
async fn the_calls_to_one_number_in_a_day_are_a_rule_of_the_instance() {
    let centre = Centre::new().await;
    let entry = centre.tenant.to_string();
    let of = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        let mut pairs = vec![("EntryId", entry.as_str()), ("StrategyLevel", "2")];
        pairs.extend_from_slice(more);
        pairs
    };
    ask(
        &centre,
        "SaveMaxAttemptsPerDay",
        &of(&[("MaxAttemptsPerDay", "7")]),
    )
    .await;
    let rules = centre.app.store().call_rules(centre.tenant).await.unwrap();
    assert_eq!(rules.callee_per_day, Some(7));
    let shown = ask(&centre, "GetMaxAttemptsPerDay", &of(&[])).await;
    assert_eq!(shown["MaxAttemptsPerDay"], 7);
    let system = [("EntryId", entry.as_str()), ("StrategyLevel", "0")];
    assert_eq!(
        refused(&centre, "GetMaxAttemptsPerDay", &system).await,
        "InvalidStrategyLevel"
    );
    let unknown = [("EntryId", "x"), ("StrategyLevel", "2")];
    assert_eq!(
        refused(&centre, "GetMaxAttemptsPerDay", &unknown).await,
        "NotExist.Instance"
    );
}

#[tokio::test]
async fn a_script_is_copied_found_by_its_status_and_tells_its_variables() {
    let centre = Centre::new().await;
    let content = r#"{"language":"en","greeting":"Hello ${name}."}"#;
    let new = [
        ("ScriptName", "Shop"),
        ("Industry", "i"),
        ("Scene", "s"),
        ("ScriptContent.1", content),
    ];
    let made = ask(&centre, "CreateScript", &new).await;
    let id = text(&made["Script"]["ScriptId"]);
    ask(
        &centre,
        "PublishScript",
        &[("ScriptId", &id), ("Description", "x")],
    )
    .await;
    let copy = [("SourceScriptId", id.as_str()), ("Name", "Copy")];
    let copied = text(&ask(&centre, "DuplicateScript", &copy).await["ScriptId"]);
    for (status, n) in [("PUBLISHED", 2), ("DRAFTED", 1), ("IMPORT_FAILED", 0)] {
        let pairs = [
            ("StatusList.1", status),
            ("PageNumber", "1"),
            ("PageSize", "10"),
        ];
        let found = ask(&centre, "QueryScriptsByStatus", &pairs).await;
        assert_eq!(found["Scripts"]["TotalCount"], n, "{status}");
    }
    for (script, sandbox) in [(&id, "false"), (&id, "true"), (&copied, "true")] {
        let pairs = [("ScriptId", script.as_str()), ("Sandbox", sandbox)];
        let told = ask(&centre, "ListScriptVariables", &pairs).await;
        assert_eq!(told["Variables"][0]["Name"], "name", "{told}");
    }
}

fn script(greeting: &str) -> Vec<(&'static str, &'static str)> {
    let content = match greeting {
        "Front desk" => r#"{"language":"en","greeting":"Front desk, hello."}"#,
        _ => r#"{"language":"en","greeting":"Back desk, hello."}"#,
    };
    vec![
        ("ScriptName", "Desk"),
        ("Industry", "clinic"),
        ("Scene", "reminder"),
        ("ScriptContent.1", content),
    ]
}

pub(super) async fn group(centre: &Centre) -> String {
    let agent = centre.agent.to_string();
    // It begins in the year 2100: nobody is dialled while the test looks.
    let strategy = r#"{"maxAttemptsPerDay":2,"repeatBy":"Once","startTime":4102444800000}"#;
    let pairs = [
        ("JobGroupName", "Reminders"),
        ("ScriptId", agent.as_str()),
        ("StrategyJson", strategy),
    ];
    text(&ask(centre, "CreateJobGroup", &pairs).await["JobGroup"]["JobGroupId"])
}

async fn status_of(centre: &Centre, job: &str) -> String {
    text(&ask(centre, "DescribeJob", &[("JobId", job)]).await["Job"]["Status"])
}

pub(super) async fn ask(centre: &Centre, action: &str, pairs: &[(&str, &str)]) -> Value {
    let answer = send(centre, action, pairs).await;
    assert_eq!(answer["Code"], "OK", "{action} {answer}");
    assert_eq!(answer["Success"], true);
    answer
}

pub(super) async fn refused(centre: &Centre, action: &str, pairs: &[(&str, &str)]) -> String {
    let answer = send(centre, action, pairs).await;
    assert_ne!(answer["Code"], "OK", "{action} {answer}");
    text(&answer["Code"])
}

async fn send(centre: &Centre, action: &str, pairs: &[(&str, &str)]) -> Value {
    let instance = centre.tenant.to_string();
    let mut all = vec![("Action", action)];
    if pairs.iter().all(|(name, _)| *name != "InstanceId") && action != "CreateInstance" {
        all.push(("InstanceId", instance.as_str()));
    }
    all.extend_from_slice(pairs);
    centre.rpc(&all).await.json
}

pub(super) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
