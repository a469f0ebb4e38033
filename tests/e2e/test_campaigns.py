"""Campaigns: by Alibaba's client, by the command line, and through a `kill -9`."""

import json
import os
import random
import subprocess
import time

import pytest

from aliyun import Clients
from centre import BIN, INSTANCE, Centre, wait_for
from peers import Phone

# Says one sentence and hangs up.
SCRIPT = {
    "language": "en",
    "greeting": "Hello, your order is ready.",
    "start": "end",
    "steps": {"end": {"then": "hang_up"}},
}


@pytest.fixture(scope="module")
def clients():
    clients = Clients()
    yield clients
    clients.close()


@pytest.mark.parametrize("client", ["core", "tea"])
def test_a_job_group_by_an_official_client(clients, centre, line, client):
    """Script, group and jobs are made by the client; one contact answers, one number does not exist."""

    def ask(action, **fields):
        told = clients.ask(client, centre, action, InstanceId=str(INSTANCE), **fields)
        assert "answer" in told, (action, told)
        return told["answer"]

    made = ask(
        "CreateScript",
        ScriptName=f"Ready {client}",
        Industry="shop",
        Scene="notice",
        **({} if client == "core" else {"ScriptContent": [json.dumps(SCRIPT)]}),
        **({"ScriptContents": [json.dumps(SCRIPT)]} if client == "core" else {}),
    )
    script = made["Script"]["ScriptId"]
    ask("PublishScript", ScriptId=script, Description="first")
    group = ask(
        "CreateJobGroup",
        JobGroupName=f"Orders {client}",
        ScriptId=script,
        StrategyJson=json.dumps({"maxAttemptsPerDay": 1, "minAttemptInterval": 1, "repeatBy": "Once"}),
        RecallStrategyJson=json.dumps({"emptyNumberIgnore": True}),
    )["JobGroup"]["JobGroupId"]
    there, gone = line(), line("refuse", status="404 Not Found")
    job = lambda n, number: json.dumps(
        {
            "extras": [{"key": "order", "value": str(n)}],
            "contacts": [{"phoneNumber": number, "name": "Ann", "referenceId": f"r{n}"}],
        }
    )
    jobs = [job(1, there.callee), job(2, gone.callee)]
    name = "JobsJsons" if client == "core" else "JobsJson"
    ids = ask("AssignJobs", JobGroupId=group, **{name: jobs})["JobsId"]
    assert len(ids) == 2

    def listed():
        page = ask("ListJobsByGroup", JobGroupId=group, PageNumber=1, PageSize=10)
        statuses = {job["ReferenceId"]: job["Status"] for job in page["Jobs"]["List"]}
        return statuses if set(statuses.values()) <= {"Succeeded", "Failed"} else None

    statuses = wait_for("both jobs to be settled", listed, seconds=60)
    assert statuses == {"r1": "Succeeded", "r2": "Failed"}
    reached = ask("DescribeJob", JobId=ids[0])["Job"]
    [task] = reached["Tasks"]
    assert task["Status"] == "SucceededFinish"
    said = [turn["Script"] for turn in task["Conversation"] if turn["Speaker"] == "Robot"]
    assert said == ["Hello, your order is ready."]
    failed = ask("DescribeJob", JobId=ids[1])["Job"]
    assert failed["FailureReason"] == "EmptyNumber"
    found = ask("SearchTask", JobGroupId=group, PageIndex=0, PageSize=10)
    assert found["Total"] == 2
    search = lambda **fields: ask("SearchTask", JobGroupId=group, PageIndex=0, PageSize=10, **fields)
    assert search(TaskStatusStringList="SucceededFinish,Busy")["Total"] == 1
    assert search(CallDurationGte=500, JobStatusStringList="Succeeded")["Total"] == 1
    assert search(CallDurationGte=60_000)["Total"] == 0
    assert search(UserIdMatch="r2", ScriptNameQuery="Ready")["SearchTaskInfoList"][0]["TaskStatusString"] == "NotExist"
    by_length = search(SortBy="callDuration", SortOrder="asc")["SearchTaskInfoList"]
    assert [task["UserId"] for task in by_length] == ["r2", "r1"]
    results = ask(
        "QueryJobsWithResult", JobGroupId=group, HasAnsweredFilter=True, PageNumber=1, PageSize=10
    )["Jobs"]
    assert [job["LatestTask"]["Contact"]["ReferenceId"] for job in results["List"]] == ["r1"]
    later = ask("ListJobGroups", AsyncQuery=True, SearchText=f"Orders {client}", PageNumber=1, PageSize=10)
    listed = clients.ask(client, centre, "ListJobGroupsAsync", AsyncTaskId=later["AsyncTaskId"])["answer"]
    assert [one["JobGroupId"] for one in listed["JobGroups"]] == [group]
    assert listed["JobGroups"][0]["TotalCallNum"] == 2
    copy = ask("DuplicateScript", SourceScriptId=script, Name=f"Copy {client}")["ScriptId"]
    assert ask("DescribeScript", ScriptId=copy)["Script"]["Status"] == "DRAFTED"
    blocked = json.dumps([{"phoneNumber": "13900000000", "name": client, "remark": "", "creator": "e2e"}])
    ask("SaveContactBlockList", ContactBlockListsJson=blocked)
    block_list = ask("GetContactBlockList", PageNumber=1, PageSize=10)["ContactBlocklistList"]
    assert [entry["PhoneNumber"] for entry in block_list["List"]] == ["+8613900000000"]
    ask("DeleteContactBlockList", ContactBlockListId=block_list["List"][0]["ContactBlockListId"])
    group_now = wait_for(
        "the group to be completed",
        lambda: (
            lambda g: g if g["Status"] == "Completed" else None
        )(ask("DescribeJobGroup", JobGroupId=group)["JobGroup"]),
    )
    assert group_now["Progress"]["TotalCompleted"] == 2
    recording = wait_for(
        "the recording",
        lambda: clients.ask(
            client, centre, "DownloadRecording", InstanceId=str(INSTANCE), TaskId=task["TaskId"]
        ).get("answer"),
        seconds=30,
    )
    assert recording["DownloadParams"]["SignatureUrl"].startswith("http")


def test_a_job_is_called_at_once(clients, centre, line):
    agent = centre.add_agent(SCRIPT)
    phone = line()
    contact = {"contacts": [{"phoneNumber": phone.callee, "referenceId": "now"}]}
    told = clients.ask(
        "tea", centre, "StartJob",
        InstanceId=str(INSTANCE), ScriptId=str(agent), JobJson=json.dumps(contact),
    )  # fmt: skip
    [pair] = told["answer"]["TaskIds"]
    assert pair["Key"] == "now"
    call = centre.wait_state(pair["Value"], "ended", seconds=30)
    assert call["cause"] == "agent_finished"


def test_campaigns_by_the_command_line(centre, line):
    def run(*words):
        env = {**os.environ, "SWITCHBOARD_TOKEN": centre.token, "SWITCHBOARD_SERVER": centre.url}
        done = subprocess.run(
            [BIN, "campaign", *words], env=env, text=True, capture_output=True, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    agent = centre.add_agent(SCRIPT)
    phone = line()
    at = ["--instance", str(INSTANCE), "--json"]
    made = json.loads(run(*at, "add", "Orders", "--agent", str(agent)))
    run(*at, "call", made["id"], phone.callee)

    def is_done():
        now = json.loads(run(*at, "show", made["id"]))
        return now if now["state"] == "completed" else None

    now = wait_for("the campaign to be completed", is_done, seconds=40)
    assert now["progress"]["reached"] == 1


def test_a_kill_in_a_campaign_loses_nobody_and_calls_nobody_twice_at_once(tmp_path):
    """Whenever the server dies: afterwards everybody is reached, and each attempt has one call."""
    centre = Centre(tmp_path / "centre")
    centre.start()
    phone = Phone(tmp_path, n_calls=100)
    try:
        agent = centre.add_agent(SCRIPT)
        trunk = centre.add_trunk(phone.ip, phone.port, callee_prefixes=["86139"], channels_max=50)
        centre.add_number("+861088880000", trunk)
        settings = {
            "name": "Orders",
            "voice_agent": agent,
            "at_once": 3,
            "retry": {"attempts_max": 20, "attempts_per_day_max": 20, "interval_second": 0},
        }
        made = centre.api("POST", "/campaigns", settings, instance=INSTANCE)
        path = f"/campaigns/{made['id']}"
        numbers = [f"+86139{n:08}" for n in range(12)]
        contacts = [{"numbers": [number], "reference": number} for number in numbers]
        centre.api("POST", f"{path}/contacts", {"contacts": contacts}, instance=INSTANCE)
        for _ in range(3):
            time.sleep(random.uniform(0.5, 2.5))
            centre.kill()
            centre.start()

        def is_done():
            now = centre.api("GET", path, instance=INSTANCE)
            return now if now["state"] == "completed" else None

        now = wait_for("the campaign to be completed", is_done, seconds=120)
        assert now["progress"]["reached"] == len(numbers), now
        attempts = centre.api("GET", f"{path}/attempts", instance=INSTANCE, limit=200)["items"]
        calls = centre.api("GET", "/calls", instance=INSTANCE, limit=200)["items"]
        assert {attempt["call"] for attempt in attempts} == {call["id"] for call in calls}
        for number in numbers:
            own = sorted((c["started_at"], c["ended_at"]) for c in calls if c["callee"] == number)
            overlaps = [a for a, b in zip(own, own[1:]) if b[0] < a[1]]
            assert not overlaps, (number, own)
    finally:
        phone.stop()
        centre.stop()
