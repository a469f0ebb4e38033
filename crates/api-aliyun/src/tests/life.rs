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

async fn group(centre: &Centre) -> String {
    let agent = centre.agent.to_string();
    let strategy = r#"{"maxAttemptsPerDay":2,"minAttemptInterval":5,"repeatBy":"Once"}"#;
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

async fn ask(centre: &Centre, action: &str, pairs: &[(&str, &str)]) -> Value {
    let answer = send(centre, action, pairs).await;
    assert_eq!(answer["Code"], "OK", "{action} {answer}");
    assert_eq!(answer["Success"], true);
    answer
}

async fn refused(centre: &Centre, action: &str, pairs: &[(&str, &str)]) -> String {
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

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
