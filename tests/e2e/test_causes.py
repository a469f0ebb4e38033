"""Calls that do not come about: what the phone or the carrier says, and what the record says."""

import hashlib
import re
import time

import pytest

import sound


def record(cloud, call_id):
    """The call's `TelCdrInfo`."""
    now = int(time.time())
    window = {"StartTimeStamp": now - 3600, "EndTimeStamp": now + 60}
    found = cloud.DescribeTelCdr(**window, PageSize=10, PageNumber=0, SessionIds=[call_id])
    assert found["TotalCount"] == 1
    return found["TelCdrs"][0]


def place(cloud, agent, line, **more):
    return cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee, **more)["SessionId"]


@pytest.mark.parametrize(
    "status, end_status, word",
    [
        ("486 Busy Here", 206, "busy"),
        ("600 Busy Everywhere", 206, "busy"),
        ("480 Temporarily Unavailable", 202, "notAnswer"),
        ("408 Request Timeout", 202, "notAnswer"),
        ("603 Decline", 203, "userReject"),
        ("404 Not Found", 205, "numberNotExist"),
        ("484 Address Incomplete", 215, "numberInvalid"),
        ("403 Forbidden", 212, "carrierBlocked"),
        ("503 Service Unavailable", 208, "operatorError"),
        ("480 Subscriber absent", 210, "notInService"),
    ],
)
def test_a_refused_call_has_its_end_status(centre, cloud, line, quiet_agent, status, end_status, word):
    phone = line("refuse", status=status)
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_end()
    call = centre.wait_state(call_id, "ended")
    assert call["sip_status"] == int(status[:3])
    cdr = record(cloud, call_id)
    assert (cdr["EndStatus"], cdr["EndStatusString"]) == (end_status, word)
    assert cdr["Duration"] == 0 and not cdr["RecordId"]


def test_a_call_that_its_agent_ends_is_the_agents_end(centre, cloud, line, quiet_agent, tmp_path):
    phone = line()
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_heard(sound.speak("Good morning, this is Harbor Clinic.", tmp_path))
    phone.phone.rtp.press("0")
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")
    cdr = record(cloud, call_id)
    assert (cdr["EndStatus"], cdr["EndStatusString"]) == (233, "aiAgentEndCall")


def test_a_phone_that_nobody_takes_is_given_up_in_time(centre, cloud, line, quiet_agent):
    phone = line("ring")
    began = time.monotonic()
    call_id = place(cloud, quiet_agent, phone, MaxRingTimeoutSecond=2)
    phone.phone.wait_end()
    assert 1.5 < time.monotonic() - began < 5
    centre.wait_state(call_id, "ended")
    assert record(cloud, call_id)["EndStatus"] == 202


def test_a_call_that_is_hung_up_while_it_rings_is_cancelled(centre, cloud, line, quiet_agent):
    phone = line("ring")
    call_id = place(cloud, quiet_agent, phone)
    centre.wait_state(call_id, "ringing")
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")
    assert record(cloud, call_id)["EndStatus"] in (220, 231)


def test_a_trunk_that_says_nothing_does_not_hold_the_call(centre, cloud, line, quiet_agent):
    phone = line("silent")
    call_id = place(cloud, quiet_agent, phone, MaxRingTimeoutSecond=2)
    call = centre.wait_state(call_id, "ended", seconds=40)
    assert call["answered_at"] is None


TRUNK_USER = {"user": "400123", "password": "trunk-pass"}


def test_a_trunk_that_asks_who_calls_is_told(centre, cloud, line, quiet_agent):
    phone = line("challenge", trunk=TRUNK_USER)
    call_id = place(cloud, quiet_agent, phone)
    centre.wait_state(call_id, "up")
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_proxy_that_asks_who_calls_is_told(centre, cloud, line, quiet_agent):
    phone = line("challenge_as_proxy", trunk=TRUNK_USER)
    call_id = place(cloud, quiet_agent, phone)
    centre.wait_state(call_id, "up")
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    header = re.search(r"Proxy-Authorization: Digest (.*)", phone.phone.sipp.messages)[1]
    told = dict(re.findall(r'(\w+)="?([^",\r]*)"?', header))
    assert told["nc"] == "00000001"
    assert told["response"] == digest("400123", "trunk-pass", told)


def digest(user, password, told):
    """RFC 2617 section 3.2.2.1, with qop=auth."""

    def md5(*parts):
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    secret = md5(user, told["realm"], password)
    asked = md5("INVITE", told["uri"])
    return md5(secret, told["nonce"], told["nc"], told["cnonce"], told["qop"], asked)


def test_a_wrong_trunk_password_is_a_line_fault(centre, cloud, line, quiet_agent):
    phone = line("challenge", trunk=TRUNK_USER | {"password": "wrong"})
    call_id = place(cloud, quiet_agent, phone)
    centre.wait_state(call_id, "ended")
    assert record(cloud, call_id)["EndStatus"] in (208, 212)


def test_a_trunk_over_tcp(centre, cloud, line, quiet_agent):
    phone = line("answer_hang_up", args=("-t", "t1", "-d", "1000"), trunk={"transport": "tcp"})
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")
    assert record(cloud, call_id)["EndStatus"] == 1
