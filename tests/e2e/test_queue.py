"""Callers who come for a skill group: music, who is rung, and where they go who wait in vain. Callers are
sipp, phones are baresip."""

import time

import pytest

import sound
from centre import INSTANCE, Problem, free_sip_port, wait_for
from cloud import Cloud
from conftest import new_number, quiet
from peers import Sipp, new_ip
from rtp import Rtp
from test_transfers import (  # noqa: F401
    STAFF_SAYS,
    event_of,
    group_of,
    loud_at,
    metrics,
    music,
    own,
    person,
    phones,
    piece,
    status_of,
)

CALLER_SAYS = sound.sweep(20, 300, 3000)
GREETING = "Nobody is here, but I am."


class Caller:
    """Somebody who calls a number of the centre, and hangs up after `seconds`."""

    def __init__(self, centre, folder, ip, number, seconds):
        self.rtp = Rtp(ip)
        self.number = number
        self.sipp = Sipp(
            folder, "place", f"127.0.0.1:{centre.sip_port}", "-s", number, "-d", str(int(seconds * 1000)),
            ip=ip, keys={"rtp_port": self.rtp.port, "caller": "+8613911112222"},
        )  # fmt: skip

    def wait_heard(self, needle, least=0.9, seconds=20):
        wait_for("the sound", lambda: sound.match(needle, self.rtp.heard())[0] >= least, seconds, every=0.3)

    def stop(self):
        self.sipp.stop()
        self.rtp.close()


@pytest.fixture
def queue(own, tmp_path):  # noqa: F811
    """Gives a group a number, and makes callers of it."""
    made = []

    class Queue:
        def __init__(self):
            self.trunks = {}

        def open(self, group, **rules):
            own.api("PATCH", f"/skill-groups/{group}", {"queue": rules}, instance=INSTANCE)
            ip, number = new_ip(), new_number()
            trunk = own.add_trunk(ip, free_sip_port(ip), callee_prefixes=["999"])
            own.add_number(number, trunk, inbound_group=group)
            self.trunks[number] = ip
            return number

        def call(self, number, seconds=60):
            before = {call["id"] for call in own.api("GET", "/calls")["items"]}
            caller = Caller(own, tmp_path, self.trunks[number], number, seconds)
            made.append(caller)
            new = wait_for(
                "the call",
                lambda: [c["id"] for c in own.api("GET", "/calls")["items"] if c["id"] not in before],
            )
            return new[0], caller

    yield Queue()
    for caller in made:
        caller.stop()


def shown(centre, group):
    items = centre.api("GET", "/queues", instance=INSTANCE)["items"]
    return next(item for item in items if item["skill_group"] == group)


def test_a_caller_reaches_whoever_is_free_and_both_hear_each_other(own, phones, queue):  # noqa: F811
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    desk = phones("8001", Relation=mail)
    number = queue.open(group)
    call_id, caller = queue.call(number)
    served = event_of(own, call_id, "served")
    assert served and status_of(own, lin) == "busy"
    caller.rtp.say(CALLER_SAYS)
    caller.wait_heard(piece(STAFF_SAYS, 2, 1.0))
    time.sleep(2)
    desk.command("hangup")
    call = own.wait_recordings(call_id)
    assert (call["cause"], call["ended_by"], call["voice_agent"]) == ("completed", "staff", None)
    [serving] = call["servings"]
    assert (serving["address"], serving["end"], serving["skill_group"]) == ("8001", "served", group)
    assert sound.match(piece(CALLER_SAYS, 1, 1.0), desk.heard())[0] > 0.9
    queue_now = shown(own, group)
    assert (queue_now["answered"], queue_now["answered_in_time"], queue_now["waiting"]) == (1, 1, 0)
    assert queue_now["service_level"] == 1.0
    [push] = own.receiver.wait(call_id, "cdr")
    assert (push.body["SeatUser"]["Mail"], push.body["EndStatusString"]) == (mail, "ok")
    assert push.body["QueuedSkillGroupId"] == group


def test_who_waits_hears_music_and_comes_in_turn(own, phones, queue):  # noqa: F811
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    phones("8101", Relation=mail)
    number = queue.open(group)
    first, _ = queue.call(number)
    event_of(own, first, "served")
    second, waiting = queue.call(number)
    waiting.wait_heard(music(), least=0.8)
    third, impatient = queue.call(number)
    impatient.wait_heard(music(), least=0.8)
    queue_now = shown(own, group)
    assert (queue_now["waiting"], queue_now["staff_busy"]) == (2, 1)
    assert queue_now["longest_wait_second"] > 0.5
    assert f'switchboard_queue_waiting{{skill_group="{group}"}} 2' in metrics(own)

    # Whoever gives up is told from whoever was served.
    impatient.sipp.stop()
    Cloud(own).HangUpCall(SessionId=third)
    own.wait_state(third, "ended")
    wait_for("the caller to be counted", lambda: shown(own, group)["abandoned"] == 1)

    Cloud(own).HangUpCall(SessionId=first)
    event_of(own, second, "served")
    waiting.wait_heard(piece(STAFF_SAYS, 2, 1.0))
    assert status_of(own, lin) == "busy"
    Cloud(own).HangUpCall(SessionId=second)
    own.wait_state(second, "ended")


def test_a_caller_who_hangs_up_in_the_queue_has_the_vendors_word_for_it(own, phones, queue):  # noqa: F811
    group = group_of(own)
    _, mail = person(own, "lin", group)
    phones("8201", Relation=mail)
    number = queue.open(group)
    first, _ = queue.call(number)
    event_of(own, first, "served")
    second, _ = queue.call(number, seconds=3)
    call = own.wait_state(second, "ended")
    assert (call["cause"], call["ended_by"]) == ("completed", "user")
    [push] = own.receiver.wait(second, "cdr")
    assert (push.body["EndStatus"], push.body["EndStatusString"]) == (103, "waitingGiveUp")
    Cloud(own).HangUpCall(SessionId=first)


def test_where_nobody_works_the_caller_is_refused_or_goes_to_the_voice_agent(own, queue, tmp_path):  # noqa: F811
    group = group_of(own)
    person(own, "kim", group, status="not_ready")
    number = queue.open(group)
    refused, caller = queue.call(number)
    call = own.wait_state(refused, "ended")
    assert (call["cause"], call["answered_at"]) == ("not_reachable", None)
    assert "SIP/2.0 480" in wait_for("480", lambda: caller.sipp.messages)
    [push] = own.receiver.wait(refused, "cdr")
    assert push.body["EndStatusString"] == "noSeatOnline"

    agent = own.add_agent(quiet(GREETING))
    other = queue.open(group, nobody_there=f"voice_agent:{agent}")
    taken, caller = queue.call(other, seconds=12)
    caller.wait_heard(sound.speak(GREETING, tmp_path))
    call = own.wait_state(taken, "ended")
    assert [next_agent["voice_agent"] for next_agent in call["next_agents"]] == [agent]
    assert shown(own, group)["passed_on"] == 2


def test_who_waits_for_too_long_goes_to_the_other_group(own, phones, queue):  # noqa: F811
    day, night = group_of(own), group_of(own, "Night")
    _, mail = person(own, "lin", day)
    _, late = person(own, "moon", night)
    phones("8301", Relation=mail)
    phones("8302", Relation=late)
    number = queue.open(day, wait_max_second=5, late=f"skill_group:{night}")
    first, _ = queue.call(number)
    event_of(own, first, "served")
    second, caller = queue.call(number)
    event_of(own, second, "transfer_failed")
    event_of(own, second, "served")
    caller.wait_heard(piece(STAFF_SAYS, 2, 1.0))
    call = own.call(second)
    assert call["servings"][-1]["address"] == "8302"
    for running in (first, second):
        Cloud(own).HangUpCall(SessionId=running)


def test_a_full_queue_takes_nobody_more(own, phones, queue):  # noqa: F811
    group = group_of(own)
    _, mail = person(own, "lin", group)
    phones("8401", Relation=mail)
    number = queue.open(group, waiting_max=1)
    first, _ = queue.call(number)
    event_of(own, first, "served")
    second, waiting = queue.call(number)
    waiting.wait_heard(music(), least=0.8)
    third, _ = queue.call(number)
    call = own.wait_state(third, "ended")
    assert call["cause"] == "busy"
    failed = event_of(own, third, "transfer_failed")
    assert failed["why"] == "queue_full"
    for running in (first, second):
        Cloud(own).HangUpCall(SessionId=running)


def test_a_group_that_rings_all_rings_both_and_the_first_answer_counts(own, phones, queue):  # noqa: F811
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    kim, mail_of_kim = person(own, "kim", group)
    own.api("PATCH", f"/skill-groups/{group}", {"ring_all": True}, instance=INSTANCE)
    slow = phones("8501", answermode="manual", Relation=mail)
    quick = phones("8502", answermode="manual", Relation=mail_of_kim)
    number = queue.open(group)
    call_id, caller = queue.call(number)
    slow.wait_event("CALL_INCOMING")
    quick.wait_event("CALL_INCOMING")
    assert (status_of(own, lin), status_of(own, kim)) == ("busy", "busy")
    quick.command("accept")
    event_of(own, call_id, "served")
    slow.wait_event("CALL_CLOSED")
    wait_for("the other one to be free", lambda: status_of(own, lin) == "free")
    caller.wait_heard(piece(STAFF_SAYS, 2, 1.0))
    assert own.call(call_id)["servings"][-1]["address"] == "8502"
    quick.command("hangup")
    call = own.wait_state(call_id, "ended")
    assert (call["cause"], call["ended_by"]) == ("completed", "staff")


def test_who_does_not_answer_is_followed_by_the_next_and_rung_again_later(own, phones, queue):  # noqa: F811
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    desk = phones("8601", answermode="manual", Relation=mail)
    number = queue.open(group)
    call_id, _ = queue.call(number, seconds=90)
    desk.wait_event("CALL_INCOMING")
    desk.command("hangup")
    event_of(own, call_id, "serving_ended")
    assert own.call(call_id)["state"] == "up", "the caller goes on to wait"
    desk.wait_event("CALL_INCOMING", seconds=45)
    desk.command("accept")
    event_of(own, call_id, "served")
    Cloud(own).HangUpCall(SessionId=call_id)
    assert [s["end"] for s in own.wait_state(call_id, "ended")["servings"]] == ["busy", "served"]
    assert lin


def test_an_announcement_and_music_of_the_groups_own(own, phones, queue, tmp_path):  # noqa: F811
    group = group_of(own)
    _, mail = person(own, "lin", group)
    phones("8701", Relation=mail)
    hello = sound.speak("Please hold the line.", tmp_path)
    announcement = own.add_sound(sound.write(tmp_path / "hello.wav", hello), "hello")
    tune = own.add_sound(sound.write(tmp_path / "tune.wav", sound.sweep(3, 400, 900)), "tune")
    number = queue.open(group, announcement=announcement, music=tune)
    first, _ = queue.call(number)
    event_of(own, first, "served")
    second, waiting = queue.call(number)
    waiting.wait_heard(hello)
    waiting.wait_heard(sound.sweep(3, 400, 900))
    for running in (first, second):
        Cloud(own).HangUpCall(SessionId=running)


def test_a_kill_with_a_caller_in_the_queue_ends_the_call_in_its_record(own, phones, queue):  # noqa: F811
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    phones("8801", Relation=mail)
    number = queue.open(group)
    first, _ = queue.call(number)
    event_of(own, first, "served")
    second, waiting = queue.call(number)
    waiting.wait_heard(music(), least=0.8)
    own.kill()
    own.start()
    call = own.wait_state(second, "ended", seconds=60)
    assert (call["cause"], call["answered_at"] is not None) == ("crashed", True)
    assert status_of(own, lin) in ("wrap_up", "free")
    assert shown(own, group)["waiting"] == 0
    own.receiver.wait(second, "cdr")


def test_rules_that_name_nobody_are_refused(own):  # noqa: F811
    group = group_of(own)

    def refused(rules):
        with pytest.raises(Problem) as problem:
            own.api("PATCH", f"/skill-groups/{group}", {"queue": rules}, instance=INSTANCE)
        return problem.value

    assert refused({"late": "voice_agent:99"}).status == 422
    assert refused({"full": "skill_group:99"}).status == 422
    assert refused({"full": "somewhere"}).status == 422
    assert refused({"music": 99}).status == 422
    assert refused({"wait_max_second": 4}).status == 422
    ip, number = new_ip(), new_number()
    trunk = own.add_trunk(ip, free_sip_port(ip))
    agent = own.add_agent(quiet("Hello"))
    with pytest.raises(Problem) as both:
        own.add_number(number, trunk, inbound_group=group, inbound_agent=agent)
    assert both.value.status == 422
