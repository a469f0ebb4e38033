"""Calls and jobs as Alibaba's clients look them up and end them, and what an instance holds."""

import json
import uuid

import pytest

from aliyun import Clients
from centre import INSTANCE, wait_for
from conftest import quiet

GREETING = "Hello, your order is ready."
PATIENT = quiet(GREETING)


@pytest.fixture(scope="module")
def clients():
    clients = Clients()
    yield clients
    clients.close()


@pytest.fixture(params=["core", "tea"])
def ask(clients, centre, request):
    def ask(action, instance=str(INSTANCE), **fields):
        fields |= {"InstanceId": instance} if instance else {}
        return clients.ask(request.param, centre, action, **fields)

    ask.client = request.param
    return ask


def started(ask, agent, phone, reference):
    contact = {"contacts": [{"phoneNumber": phone.callee, "name": "Ann", "referenceId": reference}]}
    told = ask("StartJob", ScriptId=str(agent), JobJson=json.dumps(contact))
    return told["answer"]["TaskIds"][0]["Value"]


def job_ids(ask, *ids):
    # The old client counts the fields of a list by its own name.
    return ask("ListJobs", **({"JobIds": list(ids)} if ask.client == "core" else {"JobId": list(ids)}))


def test_a_running_call_is_looked_up_and_ended(ask, centre, line):
    phone, reference = line(), f"r-{uuid.uuid4().hex[:8]}"
    call = started(ask, centre.add_agent(PATIENT), phone, reference)
    wait_for("the call", lambda: centre.api("GET", "/calls", number=phone.callee)["items"])
    centre.wait_state(call, "up")
    is_said = lambda: "agent_said" in [event["type"] for event in centre.events(call)]
    wait_for("the greeting to end", is_said)
    now = ask("GetCurrentConcurrency")["answer"]
    assert now["InstanceId"] == str(INSTANCE)
    assert now["CurrentConcurrency"] >= 1
    assert now["MaxConcurrentConversation"] == 0, "no limit was set"

    assert ask("TerminateCall", CallId="6bb56a09-2787-40bc-80c5-dc6dab783eff")["code"] == "NotExist.Call"
    assert ask("TerminateCall", CallId=call)["answer"]["Success"] is True
    ended = centre.wait_state(call, "ended")
    assert ended["cause"] == "api_request"
    assert ask("TerminateCall", CallId=call)["code"] == "InvalidCallId"

    task = ask("GetTaskByUuid", TaskId=call, WithConversations=True)["answer"]["Task"]
    assert (task["Id"], task["CallId"], task["CalledNumber"]) == (call, call, phone.callee)
    assert task["ActualTime"] < task["EndTime"]
    spoken = [(turn["Speaker"], turn["Script"]) for turn in task["Conversations"]]
    assert ("Robot", GREETING) in spoken
    short = ask("GetTaskByUuid", TaskId=call, WithConversations=False)["answer"]["Task"]
    assert short["Conversations"] == []
    assert ask("GetTaskByUuid", TaskId="nobody")["code"] == "NotExist.Task"

    found = job_ids(ask, task["JobId"])["answer"]["Jobs"]
    assert [(job["JobId"], job["JobGroupId"]) for job in found] == [(task["JobId"], task["JobGroupId"])]
    assert [one["TaskId"] for one in found[0]["Tasks"]] == [call]
    assert job_ids(ask, *(str(uuid.uuid4()) for _ in range(100)))["code"] == "InvalidJobId"
    assert job_ids(ask, str(uuid.uuid4()))["answer"]["Jobs"] == []

    page = ask("QueryJobs", JobGroupId=task["JobGroupId"], ContactName="An", PageNumber=1, PageSize=10)
    assert [job["JobId"] for job in page["answer"]["Jobs"]["List"]] == [task["JobId"]]
    nobody = ask("QueryJobs", JobGroupId=task["JobGroupId"], ContactName="Bob", PageNumber=1, PageSize=10)
    assert nobody["answer"]["Jobs"]["TotalCount"] == 0


def test_a_conversation_of_a_robot_is_a_task(ask, centre):
    robot, name, task = centre.add_agent(PATIENT), f"c-{uuid.uuid4().hex}", f"t-{uuid.uuid4().hex}"
    asked = {"CallId": name, "CallType": "Outbound", "CallingNumber": "1***6", "CalledNumber": "135****4353"}
    # Nobody has said a word yet: that begins the conversation.
    for words in ["", "hello"]:
        told = ask("Dialogue", Utterance=words, ScriptId=str(robot), TaskId=task, **asked)
        assert told["answer"]["Code"] == "OK"
    found = ask("GetTaskByUuid", TaskId=task, WithConversations=True)["answer"]["Task"]
    assert (found["Id"], found["CallId"], found["CalledNumber"]) == (task, name, "135****4353")
    turns = [(turn["Speaker"], turn["Action"]) for turn in found["Conversations"]]
    assert turns[:3] == [("Contact", "BeginDialogue"), ("Robot", "CollectNumber"), ("Contact", "Dialogue")]
    assert found["Conversations"][1]["Script"] == GREETING


def test_numbers_of_an_instance(ask, centre, line):
    caller = line().caller
    page = ask("ListOutboundCallNumbers", PageNumber=1, PageSize=100)["answer"]["OutboundCallNumbers"]
    assert caller in [number["Number"] for number in page["List"]]
    assert page["TotalCount"] >= len(page["List"])
    bound = lambda number: {
        entry["InstanceId"]: entry["IsBinding"]
        for entry in ask("DescribeTenantBindNumber", instance=None, Number=number)["answer"]["Data"]["List"]
    }
    assert bound(caller)[str(INSTANCE)] is True
    assert bound("+8613999999999")[str(INSTANCE)] is False
    assert ask("DescribeTenantBindNumber", instance=None, Number="x")["code"] == "InvalidNumber"
    if ask.client == "core":  # The new one has no class for a request without fields.
        assert ask("GetVersion", instance=None)["answer"]["Version"] == "2019-12-26"
