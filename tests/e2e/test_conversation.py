"""One conversation of a customer by text and by phone; times that end what people do."""

import json
import sqlite3
import time
import urllib.request

import pytest

from centre import INSTANCE, Centre, Problem, wait_for
from cloud import Cloud, code_of
from conftest import quiet
from desk import Customer, Desk
from peers import Phone
from test_chat import Person, state
from test_staff import PASSWORD, Browser


@pytest.fixture
def own(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000", "--fetch-private")
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def line(own, lines, tmp_path):
    return lines(own, Phone(tmp_path, "answer"))


def call(centre, agent, line, **more):
    body = {"voice_agent": agent, "callee": line.callee} | more
    return centre.api("POST", "/calls", body, instance=INSTANCE)


def whole(centre, conversation):
    return centre.api("GET", f"/conversations/{conversation}", instance=INSTANCE)


def parts(seen):
    calls = [one["id"] for one in seen["calls"]]
    return seen["conversation"], seen["customer"], seen["chat"]["id"], calls


# One conversation.


def test_a_call_from_a_chat_belongs_to_its_conversation(own, line):
    agent = own.add_agent(quiet("Good morning."))
    customer = Customer(own)
    placed = call(own, agent, line, conversation=customer.id)
    me = customer.started["customer"]["id"]
    assert (placed["conversation"], placed["customer"]) == (customer.id, me)
    seen = whole(own, customer.id)
    assert seen["chat"]["id"] == customer.id and seen["customer"] == me
    assert [one["id"] for one in seen["calls"]] == [placed["id"]]
    # The call goes on meanwhile; what belongs together stays.
    assert parts(whole(own, placed["id"])) == parts(seen), "the call's id leads there too"
    history = own.api("GET", f"/customers/{me}/history", instance=INSTANCE)["items"]
    assert [(entry["kind"], entry["conversation"]) for entry in history] == [
        ("call", customer.id),
        ("chat", customer.id),
    ]
    events = own.events(placed["id"])
    assert [event["type"] for event in events][:2] == ["requested", "conversation_joined"]
    own.kill()
    own.start()
    assert whole(own, customer.id)["calls"][0]["conversation"] == customer.id


def test_the_cloud_starts_a_call_in_a_conversation_too(own, line):
    agent = own.add_agent(quiet("Good morning."))
    customer = Customer(own)
    named = [{"Key": "conversation-id", "Value": customer.id}]
    cloud = Cloud(own)
    session = cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee, Variables=named)["SessionId"]
    assert own.api("GET", f"/calls/{session}")["conversation"] == customer.id
    named[0]["Value"] = "no-such-conversation"
    code = code_of(cloud.CreateAIAgentCall, AIAgentId=agent, Callee=line.callee, Variables=named)
    assert code == "InvalidParameterValue"


def test_the_cloud_hands_a_chat_to_a_skill_group_and_says_why_not(own, line):
    cloud, desk = Cloud(own), Desk(own)
    group = cloud.CreateCCCSkillGroup(SkillGroupName="chats", SkillGroupType=1)["SkillGroupId"]
    lin, kim = Person(own, "lin").status("free"), Person(own, "kim").status("free")
    cloud.BindStaffSkillGroupList(StaffEmail=kim.mail, StaffSkillGroupList=[{"SkillGroupId": group, "Priority": 1}])
    customer = Customer(own)
    cloud.TransferToManual(SessionId=customer.id, SkillGroupId=group)
    state(customer, "offered")
    assert desk("get_session_state", SessionId=customer.id)["AgentId"] == kim.mail
    kim.act(customer, "accept")

    def refused(session, group=group):
        return code_of(cloud.TransferToManual, SessionId=session, SkillGroupId=group)

    assert refused(customer.id) == "FailedOperation.SessionNotInControlState"
    assert refused(customer.id, group + 1) == "InvalidParameterValue"
    assert refused("6bb56a09-2787-40bc-80c5-dc6dab783eff") == "FailedOperation.SessionNotExists"
    placed = call(own, own.add_agent(quiet("Good morning.")), line)
    own.wait_state(placed["id"], "up")
    cloud.TransferToManual(SessionId=placed["id"], SkillGroupId=group)

    def failed():
        return [e for e in own.events(placed["id"]) if e["type"] == "transfer_failed"]

    assert wait_for("the transfer to fail", failed)[0]["why"] == "nobody_there", "kim has no phone"
    own.api("POST", f"/calls/{placed['id']}/hangup")
    assert refused(placed["id"]) == "FailedOperation.SessionNotInControlState"
    kim.act(customer, "close")
    assert refused(customer.id) == "FailedOperation.SessionNotExists"


def test_a_number_tells_whose_call_it_is_and_a_chat_in_mid_call_joins_it(own, line):
    agent = own.add_agent(quiet("Good morning."))
    desk = Desk(own)
    body = {"name": "Ann", "numbers": [line.callee]}
    shown = own.api("PUT", "/customers/ann@example.com", body, instance=INSTANCE)
    assert (shown["name"], shown["numbers"]) == ("Ann", [line.callee])
    with pytest.raises(Problem, match="409"):
        own.api("PUT", "/customers/bob@example.com", {"numbers": [line.callee]}, instance=INSTANCE)
    placed = call(own, agent, line)
    assert (placed["customer"], placed["conversation"]) == ("ann@example.com", placed["id"])
    customer = Customer(own, user_sig=desk.sig("ann@example.com"), name="")
    assert customer.id == placed["id"], "the chat goes on with what the call has begun"
    second = call(own, agent, line)
    assert second["conversation"] == placed["id"], "and the next call with the chat"
    assert [one["id"] for one in whole(own, customer.id)["calls"]] == [placed["id"], second["id"]]
    customer.act("end")
    third = call(own, agent, line)
    assert third["conversation"] == third["id"]


def test_what_is_not_there_is_refused_and_nothing_is_dialled(own, line):
    agent = own.add_agent(quiet("Good morning."))
    for wrong in ({"conversation": "no-such"}, {"customer": "nobody"}):
        with pytest.raises(Problem, match="404"):
            call(own, agent, line, **wrong)
    customer = Customer(own)
    own.api("PUT", "/customers/bob", {}, instance=INSTANCE)
    with pytest.raises(Problem, match="422"):
        call(own, agent, line, conversation=customer.id, customer="bob")
    assert own.api("GET", "/calls", instance=INSTANCE)["total"] == 0


# Times.


def test_notes_keep_new_customers_away_for_their_time(own):
    own.api("PATCH", "/chat/settings", {"wrap_up_second": 2}, instance=INSTANCE)
    lin = Person(own, "lin").status("free")

    def status():
        return own.api("GET", f"/staff/{lin.id}", instance=INSTANCE)["presence"]["status"]

    one, two = Customer(own), Customer(own)
    one.act("person")
    lin.act(one, "accept")
    lin.act(one, "close")
    assert status() == "wrap_up"
    assert two.act("person")["state"] == "queued", "they write notes"
    ended = time.monotonic()
    state(two, "offered")
    assert 0.5 < time.monotonic() - ended < 10
    assert status() == "free"


def test_who_goes_offline_leaves_their_customers_to_others(own):
    lin, kim = Person(own, "lin").status("free"), Person(own, "kim")
    customer = Customer(own)
    customer.act("person")
    lin.act(customer, "messages", text="hello")
    kim.status("free")
    lin.status("offline")
    state(customer, "offered")
    kim.act(customer, "accept")
    assert customer.show()["staff"] == {"name": "kim"}


def test_a_sign_in_that_is_over_ends_the_presence_of_whom_nobody_is_signed_in_as(own):
    lin, kim = Person(own, "lin"), Person(own, "kim").status("free")
    own.api("PATCH", f"/staff/{lin.id}", {"password": PASSWORD}, instance=INSTANCE)
    first, second = Browser(own), Browser(own)
    assert (first.sign_in(lin.mail), second.sign_in(lin.mail)) == (200, 200)
    lin.status("free")
    customer = Customer(own)
    lin.act(customer, "take-over")

    def status(person):
        return own.api("GET", f"/staff/{person.id}", instance=INSTANCE)["presence"]["status"]

    expire(own, first.session()["csrf"])
    wait_for("the first browser to be out", lambda: first.session() == 401)
    time.sleep(2.5)
    assert status(lin) == "free", "the other browser is still signed in"
    expire(own, second.session()["csrf"])
    wait_for("the status", lambda: status(lin) == "offline")
    state(customer, "offered")
    assert status(kim) == "free", "who uses no browser is not signed out"


def expire(centre, csrf):
    with sqlite3.connect(centre.data / "switchboard.db", timeout=20) as connection:
        connection.execute("UPDATE sign_in SET expires_at = 1 WHERE csrf = ?", (csrf,))


def test_the_stream_of_everything_tells_staff_what_changes_in_lists_of_chats(own):
    customer = Customer(own)
    customer.say("hi", "m1")
    url = f"{own.url}/api/v1/events?after=0"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {own.token}"})
    seen = []
    with urllib.request.urlopen(request, timeout=20) as stream:
        event = None
        for line in stream:
            if line.startswith(b"event: "):
                event = line[7:].strip()
            if line.startswith(b"data: ") and event == b"chat":
                seen.append(json.loads(line[6:]))
                if len(seen) == 2:
                    customer.act("end")
                if len(seen) == 3:
                    break
    assert [one["subject"] for one in seen] == [customer.id] * 3
    assert [one["body"]["state"] for one in seen] == ["bot", "bot", "ended"]
    assert [one["seq"] for one in seen] == sorted(one["seq"] for one in seen)
