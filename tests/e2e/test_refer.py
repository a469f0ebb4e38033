"""Phones that give their places in calls to others: REFER and Replaces."""

import threading
import time

import pytest

import sound
from centre import INSTANCE, wait_for
from cloud import Cloud
from conftest import new_number, quiet
from handset import DOMAIN, Handset, field
from peers import new_ip
from test_sip_scenarios import Caller
from test_transfers import event_of, fetched, group_of, own, person, phones, piece, place  # noqa: F401

SWEEPS = {name: sound.sweep(40, *range_) for name, range_ in {
    "a": (300, 900), "b": (1000, 1800), "c": (1900, 3000),
}.items()}  # fmt: skip


@pytest.fixture
def handsets(own):  # noqa: F811
    """Makes handsets that are registered, and takes them down afterwards."""
    made = []

    def make(number, answers=200, **rules):
        cloud = Cloud(own)
        cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}")
        if rules:
            own.api("PATCH", f"/extensions/{number}", rules, instance=INSTANCE)
        password = cloud.DescribeExtension(ExtensionId=number)["Password"]
        phone = Handset(own, number, password, answers).register()
        made.append(phone)
        return phone

    yield make
    for phone in made:
        phone.stop()


def joined(first, second, of_first, of_second):
    """Whether two handsets hear each other now."""
    first.rtp.say(of_first)
    second.rtp.say(of_second)
    second.wait_heard(piece(of_first, 1, 1.0))
    first.wait_heard(piece(of_second, 1, 1.0))


def only_call(centre):
    """The one call that there is, once both of its phones have confirmed."""
    [call] = centre.api("GET", "/calls")["items"]
    centre.wait_state(call["id"], "up")
    return call["id"]


def steps(centre, call_id):
    return [
        (e["step"], e["side"]) for e in centre.events(call_id) if e["type"] == "referral"
    ]


def test_whoever_was_called_gives_the_call_to_another_phone(own, handsets, tmp_path):  # noqa: F811
    a, b, c = handsets("7801"), handsets("7802"), handsets("7803", answers=180)
    of_a = a.dial("7802")
    of_b = b.taken()
    joined(of_a, of_b, SWEEPS["a"], SWEEPS["b"])
    assert of_b.refer(f"<sip:7803@{DOMAIN}>") == 202
    of_b.wait_told(100)
    of_c = c.taken()
    of_b.wait_told(180)
    assert of_b.refer(f"<sip:7803@{DOMAIN}>") == 491, "one at a time"
    c.pick_up(of_c)
    of_b.wait_told(200)
    assert of_b.told[-1][1].startswith("terminated")
    of_b.hang_up()
    time.sleep(0.5)
    of_c.rtp.say(SWEEPS["c"])
    of_a.wait_heard(piece(SWEEPS["c"], 1, 1.0))
    of_c.wait_heard(piece(SWEEPS["a"], 6, 1.0))
    call_id = only_call(own)
    of_c.hang_up()
    of_a.wait_end()
    call = own.wait_recordings(call_id)
    assert (call["cause"], call["ended_by"]) == ("completed", "staff")
    assert [(s["address"], s["end"]) for s in call["servings"]] == [("7802", "served"), ("7803", "served")]
    assert call["servings"][0]["ended_at"] <= call["servings"][1]["answered_at"]
    assert steps(own, call_id) == [("asked", "staff"), ("taken", "staff")]
    # Everybody is on the tracks, one after the other.
    agent = fetched(own, call, "agent", tmp_path)
    at = [sound.match(piece(SWEEPS[name], 1, 1.0), agent) for name in ("b", "c")]
    assert at[0][0] > 0.9 and at[1][0] > 0.9 and at[0][1] < at[1][1]


def test_whoever_called_gives_the_call_to_another_phone(own, handsets, tmp_path):  # noqa: F811
    a, b, c = handsets("7811"), handsets("7812"), handsets("7813")
    of_a = a.dial("7812")
    of_b = b.taken()
    joined(of_a, of_b, SWEEPS["a"], SWEEPS["b"])
    assert of_a.hold() == 200
    assert of_a.refer(f"<sip:7813@{DOMAIN}>") == 202
    of_c = c.taken()
    of_a.wait_told(200)
    # Whom nobody says goodbye to is said goodbye to.
    of_a.wait_end()
    of_c.rtp.say(SWEEPS["c"])
    of_b.wait_heard(piece(SWEEPS["c"], 1, 1.0))
    of_c.wait_heard(piece(SWEEPS["b"], 6, 1.0))
    call_id = only_call(own)
    of_b.hang_up()
    of_c.wait_end()
    call = own.wait_recordings(call_id)
    user = fetched(own, call, "user", tmp_path)
    at = [sound.match(piece(SWEEPS[name], 1, 1.0), user) for name in ("a", "c")]
    assert at[0][0] > 0.9 and at[1][0] > 0.9 and at[0][1] < at[1][1]
    assert steps(own, call_id) == [("asked", "user"), ("taken", "user")]


def test_a_transfer_that_comes_to_nothing_gives_the_parties_back(own, handsets):  # noqa: F811
    a, b = handsets("7821"), handsets("7822")
    handsets("7823", answers=486)
    Cloud(own).CreateExtension(ExtensionId="7824", ExtensionName="No phone")
    of_a = a.dial("7822")
    of_b = b.taken()
    only_call(own)
    for target, status in (("7823", 486), ("7824", 480)):
        of_b.told.clear()
        assert of_b.refer(f"<sip:{target}@{DOMAIN}>") == 202
        of_b.wait_told(status)
    # Nobody, no user, another house, no address.
    for target, status in (
        (f"<sip:7899@{DOMAIN}>", 404),
        (f"<sip:{DOMAIN}>", 404),
        ("<sip:7823@elsewhere.example>", 603),
        (f"<sip:7823@{DOMAIN}?Replaces=none%3Bto-tag%3D1%3Bfrom-tag%3D2>", 481),
        ("nonsense", 400),
    ):
        assert of_b.refer(target) == status, target
    joined(of_a, of_b, SWEEPS["a"], SWEEPS["b"])
    of_a.hang_up()
    of_b.wait_end()


def test_a_phone_that_may_not_call_outside_may_not_transfer_there(own, handsets):  # noqa: F811
    a, b = handsets("7831"), handsets("7832", calls_outside=False)
    of_a = a.dial("7832")
    of_b = b.taken()
    only_call(own)
    assert of_b.refer(f"<sip:13800138000@{DOMAIN}>") == 603
    assert of_b.refer("<tel:+8613800138000>") == 603
    assert b.dial("13800138000") == 403
    of_a.hang_up()


def test_a_quiet_referrer_that_leaves_at_once_is_not_missed(own, handsets):  # noqa: F811
    a, b, c = handsets("7841"), handsets("7842"), handsets("7843", answers=180)
    of_a = a.dial("7842")
    of_b = b.taken()
    only_call(own)
    assert of_b.refer(f"<sip:7843@{DOMAIN}>", "Refer-Sub: false") == 202
    of_b.hang_up()
    of_c = c.taken()
    time.sleep(0.5)
    c.pick_up(of_c)
    joined(of_a, of_c, SWEEPS["a"], SWEEPS["c"])
    assert of_b.told == []
    call_id = only_call(own)
    assert steps(own, call_id) == [("asked", "staff"), ("left", "staff"), ("taken", "staff")]
    of_a.hang_up()
    of_c.wait_end()


def attended(second_call):
    """The Refer-To of a transfer to whoever talks in the second call, as RFC 5589 section 7 has it."""
    name = second_call.name.replace("@", "%40").replace(";", "%3B").replace("=", "%3D")
    user = second_call.target.split(":", 1)[1].split("@")[0]
    return f"<sip:{user}@{DOMAIN}?Replaces={name}>"


def test_two_calls_of_one_phone_become_one(own, handsets, tmp_path):  # noqa: F811
    a, b, c = handsets("7851"), handsets("7852"), handsets("7853")
    first = a.dial("7852")
    of_b = b.taken()
    call_id = only_call(own)
    joined(first, of_b, SWEEPS["a"], SWEEPS["b"])
    assert first.hold() == 200
    second = a.dial("7853")
    of_c = c.taken()
    time.sleep(1)
    assert first.refer(attended(second)) == 202
    first.wait_told(200)
    first.wait_end()
    second.wait_end()
    time.sleep(0.3)
    of_c.rtp.say(SWEEPS["c"])
    of_b.wait_heard(piece(SWEEPS["c"], 1, 1.0))
    of_c.wait_heard(piece(SWEEPS["b"], 8, 1.0))
    of_c.hang_up()
    of_b.wait_end()
    kept = own.wait_recordings(call_id)
    [consultation] = [call["id"] for call in own.api("GET", "/calls")["items"] if call["id"] != call_id]
    asked = next(e for e in own.events(call_id) if e["type"] == "referral")
    assert (asked["step"], asked["call"]) == ("asked", consultation)
    assert steps(own, consultation) == [("moved", "staff")]
    assert own.wait_recordings(consultation)["cause"] == "completed"
    user = fetched(own, kept, "user", tmp_path)
    assert sound.match(piece(SWEEPS["c"], 1, 1.0), user)[0] > 0.9


def test_whoever_only_rings_is_rung_for_the_place_when_the_phone_does_not_wait_for_the_answer(own, handsets):  # noqa: F811
    a, b, c = handsets("7855"), handsets("7856"), handsets("7857", answers=180)
    first = a.dial("7856")
    of_b = b.taken()
    call_id = only_call(own)
    assert of_b.hold() == 200
    # B consults C, and transfers while that rings (semi-attended).
    said = []
    dials = threading.Thread(target=lambda: said.append(b.dial("7857")))
    dials.start()
    rung = c.taken()
    [second] = [dialog for dialog in b.dialogs.values() if dialog is not of_b]
    ringing = lambda: [m for m in b.messages if second.call_id in m and m.startswith("SIP/2.0 180")]  # noqa: E731
    second.remote = field(wait_for("the ringing", ringing)[0], "To")
    second.target = f"sip:7857@{DOMAIN}"
    assert of_b.refer(attended(second)) == 202
    dials.join(10)
    assert said == [480], "its own call is over"
    rung.wait_end()
    of_c = c.taken()
    of_b.wait_told(180)
    assert of_c.answered.is_set() is False
    c.pick_up(of_c)
    of_b.wait_told(200)
    joined(first, of_c, SWEEPS["a"], SWEEPS["c"])
    assert steps(own, call_id) == [("asked", "staff"), ("taken", "staff")]
    [consultation] = [call for call in own.api("GET", "/calls")["items"] if call["id"] != call_id]
    assert (consultation["cause"], steps(own, consultation["id"])) == (
        "canceled_while_ringing", [("moved", "staff")],
    )  # fmt: skip
    first.hang_up()
    of_c.wait_end()


def test_staff_consults_and_joins_the_person_with_a_colleague(own, handsets, lines, tmp_path):  # noqa: F811
    b, c = handsets("7861"), handsets("7862")
    call_id, phone = place(own, lines, tmp_path, "extension:7861")
    phone.rtp.press("1")
    event_of(own, call_id, "served")
    of_b = b.taken()
    consultation = b.dial("7862")
    of_c = c.taken()
    wait_for("both calls", lambda: all(c["state"] == "up" for c in own.api("GET", "/calls")["items"]))
    assert of_b.refer(attended(consultation)) == 202
    of_b.wait_told(200)
    consultation.wait_end()
    of_c.rtp.say(SWEEPS["c"])
    phone.wait_heard(piece(SWEEPS["c"], 1, 1.0))
    Cloud(own).HangUpCall(SessionId=call_id)
    of_c.wait_end()
    phone.wait_end()
    call = own.wait_state(call_id, "ended")
    assert [s["address"] for s in call["servings"]] == ["7861", "7862"]


def test_a_call_that_replaces_a_leg_takes_its_place(own, handsets):  # noqa: F811
    a, b, c = handsets("7871"), handsets("7872"), handsets("7873")
    of_a = a.dial("7872")
    of_b = b.taken()
    only_call(own)
    for replaces, status in (
        ("none;to-tag=1;from-tag=2", 481),
        (f"{of_b.name};early-only", 486),
        ("nonsense", 400),
    ):
        assert c.dial("7872", f"Replaces: {replaces}") == status, replaces
    of_c = c.dial("7872", f"Replaces: {of_b.name}")
    of_b.wait_end()
    joined(of_a, of_c, SWEEPS["a"], SWEEPS["c"])
    of_a.hang_up()
    of_c.wait_end()


def test_a_phone_that_rings_elsewhere_is_picked_up(own, handsets):  # noqa: F811
    import threading

    a, b, c = handsets("7881"), handsets("7882", answers=180), handsets("7883")
    answer = []
    dialing = threading.Thread(target=lambda: answer.append(a.dial("7882")))
    dialing.start()
    ringing = b.taken()
    of_c = c.dial("7882", f"Replaces: {ringing.name}")
    canceled = ringing.wait_end()
    assert canceled.startswith("CANCEL") and "Call completed elsewhere" in canceled
    dialing.join()
    joined(answer[0], of_c, SWEEPS["a"], SWEEPS["c"])
    of_c.hang_up()
    answer[0].wait_end()


def test_what_is_behind_a_trunk_may_transfer_only_where_the_trunk_is_trusted(own, handsets, lines, tmp_path):  # noqa: F811
    b, c = handsets("7891"), handsets("7892")
    call_id, phone = place(own, lines, tmp_path, "extension:7891")
    phone.rtp.press("1")
    event_of(own, call_id, "served")
    of_b = b.taken()
    carrier = Handset(own)
    trunk = own.add_trunk(carrier.ip, carrier.port)
    number = own.api("POST", "/numbers", {"number": "+8675588880001", "trunk": trunk, "instance": INSTANCE,
                     "inbound_agent": own.add_agent(quiet("Hello."))})  # fmt: skip
    assert number
    inbound = carrier.dial("+8675588880001", host="127.0.0.1")
    assert inbound.refer(f"<sip:7892@{carrier.ip}>") == 603
    own.api("PATCH", f"/trunks/{trunk}", {"accepts_transfers": True})
    assert inbound.refer(f"<sip:7892@{carrier.ip}>") == 202
    inbound.wait_told(200)
    of_c = c.taken()
    inbound.wait_end()
    of_c.wait_heard(sound.speak("Hello.", tmp_path), least=0.0)
    # Nor may it take over what is none of its own.
    assert carrier.dial("+8675588880001", f"Replaces: {of_b.name}", host="127.0.0.1") == 603
    Cloud(own).HangUpCall(SessionId=call_id)
    of_b.wait_end()
    carrier.stop()


def test_every_phone_of_an_extension_rings_and_the_first_that_answers_has_the_call(own, handsets):  # noqa: F811
    a, first = handsets("7901"), handsets("7902", answers=180)
    second = Handset(own, "7902", first.password, 180).register()
    answer = dialed(a, "7902")
    ringing, other = first.taken(), second.taken()
    second.pick_up(other)
    canceled = ringing.wait_end()
    assert canceled.startswith("CANCEL") and "Call completed elsewhere" in canceled
    of_a = answer()
    joined(of_a, other, SWEEPS["a"], SWEEPS["b"])
    of_a.hang_up()
    other.wait_end()
    second.stop()


def test_one_phone_that_is_busy_does_not_end_the_ringing_of_another_but_a_refusal_for_all_does(own, handsets):  # noqa: F811
    a, busy = handsets("7911"), handsets("7912", answers=486)
    other = Handset(own, "7912", busy.password, 180).register()
    answer = dialed(a, "7912")
    busy.taken()
    ringing = other.taken()
    time.sleep(0.5)
    assert ringing.ended is None
    other.answer(ringing.invite, 603, tag="declined")
    assert answer() == 603
    busy.answers = 603
    answer = dialed(a, "7912")
    other.taken().wait_end()
    assert answer() == 603
    other.stop()


def dialed(phone, number):
    """Dials meanwhile; what comes of it, when asked for."""
    import threading

    answers = []
    dialing = threading.Thread(target=lambda: answers.append(phone.dial(number, seconds=60)))
    dialing.start()

    def wait():
        dialing.join()
        return answers[0]

    return wait


def test_calls_to_an_extension_go_where_it_says(own, handsets):  # noqa: F811
    a, c = handsets("7921"), handsets("7923")
    handsets("7922", answers=486, forward_always="7923")
    of_a = a.dial("7922")
    of_c = c.taken()
    of_a.hang_up()
    of_c.wait_end()
    own.api("PATCH", "/extensions/7922", {"forward_always": None, "forward_busy": "7923"}, instance=INSTANCE)
    of_a = a.dial("7922")
    c.taken()
    of_a.hang_up()
    call = own.api("GET", "/calls")["items"][0]
    servings = [(s["address"], s["end"]) for s in own.wait_state(call["id"], "ended")["servings"]]
    assert servings == [("7922", "busy"), ("7923", "served")]
    # Nobody there, and a circle.
    Cloud(own).CreateExtension(ExtensionId="7924", ExtensionName="No phone")
    own.api("PATCH", "/extensions/7924", {"forward_no_answer": "7923"}, instance=INSTANCE)
    of_a = a.dial("7924")
    c.taken()
    of_a.hang_up()
    own.api("PATCH", "/extensions/7923", {"forward_always": "7924"}, instance=INSTANCE)
    own.api("PATCH", "/extensions/7924", {"forward_always": "7923"}, instance=INSTANCE)
    assert a.dial("7924") == 480


def rung(own, phone):  # noqa: F811
    """Whom the last call has rung, once the phone that dialed it is done, and how each has ended."""
    call = own.api("GET", "/calls")["items"][0]
    assert call["caller"].lstrip("+") == phone.number
    return [(s["address"], s["end"]) for s in own.wait_state(call["id"], "ended")["servings"]]


def test_a_phone_forwards_by_its_own_key(own, handsets):  # noqa: F811
    """302 as pjsua sends it, its Contact without brackets, and as others do."""
    a, b, c = handsets("7941"), handsets("7942", answers=302), handsets("7943")
    for contact in (f"sip:7943@{DOMAIN}", f'"C" <sip:7943@{own.ip}:{own.sip_port};user=phone>;q=1', "<tel:7943>"):
        b.moved_to = contact
        of_a = a.dial("7942")
        of_c = c.taken()
        joined(of_a, of_c, SWEEPS["a"], SWEEPS["c"])
        of_a.hang_up()
        of_c.wait_end()
        assert rung(own, a) == [("7942", "not_reachable"), ("7943", "served")]
    # Who calls is told what the last phone says.
    c.answers = 486
    assert a.dial("7942") == 486
    assert rung(own, a) == [("7942", "not_reachable"), ("7943", "busy")]


def test_phones_that_forward_in_a_circle_ring_once_each(own, handsets):  # noqa: F811
    a, b, c = handsets("7951"), handsets("7952", answers=302), handsets("7953", answers=302)
    b.moved_to = f"sip:7952@{DOMAIN}"
    assert a.dial("7952") == 480
    assert rung(own, a) == [("7952", "not_reachable")]
    b.moved_to, c.moved_to = f"sip:7953@{DOMAIN}", f"sip:7952@{DOMAIN}"
    assert a.dial("7952") == 480
    assert rung(own, a) == [("7952", "not_reachable"), ("7953", "not_reachable")]
    # A row of phones without a circle ends too.
    row = [handsets(str(number), answers=302) for number in range(7960, 7967)]
    for phone in row:
        phone.moved_to = f"sip:{int(phone.number) + 1}@{DOMAIN}"
    row[-1].answers = 200
    assert a.dial("7960") == 480
    assert [address for address, _ in rung(own, a)] == [phone.number for phone in row[:6]]


def test_a_phone_forwards_to_numbers_of_ours_that_it_may_call(own, handsets):  # noqa: F811
    a, b, c = handsets("7971"), handsets("7972", answers=302), handsets("7973")
    elsewhere = (
        f"sip:7973@{c.ip}:{c.port}", "sip:7973@elsewhere.test", "sip:bob@" + DOMAIN, f"sip:{DOMAIN}", "*",
        f"sip:skill_group:1@{DOMAIN}", f"sip:7999@{DOMAIN}", "mailto:7973@" + DOMAIN,
    )  # fmt: skip
    for contact in elsewhere:
        b.moved_to = contact
        assert a.dial("7972") == 480, contact
        assert rung(own, a) == [("7972", "not_reachable")], contact
    carrier = Handset(own)
    trunk = own.add_trunk(carrier.ip, carrier.port)
    own.api("POST", "/numbers", {"number": "+8675588880003", "trunk": trunk, "instance": INSTANCE})
    b.moved_to = f"sip:13800138000@{DOMAIN}"
    of_a = a.dial("7972")
    assert "13800138000@" in carrier.taken().invite.split()[1]
    of_a.hang_up()
    assert rung(own, a) == [("7972", "not_reachable"), ("+8613800138000", "served")]
    own.api("PATCH", "/extensions/7972", {"calls_outside": False}, instance=INSTANCE)
    assert a.dial("7972") == 480
    assert rung(own, a) == [("7972", "not_reachable")]
    assert carrier.calls.empty()
    carrier.stop()


def test_a_phone_that_is_not_answered_in_time_gives_the_call_on(own, handsets):  # noqa: F811
    a, c = handsets("7931"), handsets("7933")
    b = handsets("7932", answers=180, forward_no_answer="7933", forward_after_second=5)
    answer = dialed(a, "7932")
    ringing = b.taken()
    began = time.monotonic()
    of_c = c.taken()
    assert 4 < time.monotonic() - began < 8
    ringing.wait_end()
    answer().hang_up()
    of_c.wait_end()


def carrier_call(own, lines, tmp_path, **more):  # noqa: F811
    """A voice agent's call by a carrier that does with it what its test says."""
    carrier = Handset(own)
    trunk = own.add_trunk(carrier.ip, carrier.port, **more)
    own.api("POST", "/numbers", {"number": "+8675588880002", "trunk": trunk, "instance": INSTANCE})
    from test_transfers import transferring

    agent = own.add_agent(transferring("number:+8613900139000"))
    call_id = Cloud(own).CreateAIAgentCall(
        AIAgentId=agent, Callee="+8613800138001", Callers=["+8675588880002"]
    )["SessionId"]
    dialog = carrier.taken()
    own.wait_state(call_id, "up")
    return carrier, dialog, call_id


def test_a_carrier_is_asked_to_take_the_person_to_a_number_outside_itself(own, lines, tmp_path):  # noqa: F811
    carrier, dialog, call_id = carrier_call(own, lines, tmp_path, asks_transfers=True)
    time.sleep(2)
    own.api("POST", f"/calls/{call_id}/transfer", {"target": "number:+8613900139000"})
    refer = wait_for("REFER", lambda: dialog.asked_to_refer)
    assert f"Refer-To: <sip:+8613900139000@{carrier.ip}>" in refer
    assert dialog.notify(486, "terminated;reason=noresource") == 200
    failed = event_of(own, call_id, "transfer_failed")
    assert failed["why"] == "busy"
    assert own.call(call_id)["state"] == "up", "the agent goes on"
    dialog.asked_to_refer = None
    own.api("POST", f"/calls/{call_id}/transfer", {"target": "number:+8613900139000"})
    wait_for("REFER", lambda: dialog.asked_to_refer)
    assert dialog.notify(180, "active;expires=60") == 200
    assert dialog.notify(200, "terminated;reason=noresource") == 200
    dialog.wait_end()
    call = own.wait_state(call_id, "ended")
    assert (call["cause"], call["ended_by"]) == ("completed", "system")
    assert [s["end"] for s in call["servings"]] == ["busy", "served"]
    assert steps(own, call_id) == [("sent", "user")]
    carrier.stop()


def test_a_call_that_is_handed_over_goes_by_the_next_trunk_and_counts_for_the_rules(own, lines, tmp_path):  # noqa: F811
    carrier, dialog, call_id = carrier_call(own, lines, tmp_path, callee_prefixes=["8613800138001"])
    # Of two trunks that lead to the number, the first that is asked answers 503.
    answers = [503, 200]
    others = [Handset(own, answers=answers) for _ in range(2)]
    for n, other in enumerate(others):
        trunk = own.add_trunk(other.ip, other.port)
        own.api("POST", "/numbers", {"number": f"+867558888001{n}", "trunk": trunk, "instance": INSTANCE})
    own.api("POST", f"/calls/{call_id}/transfer", {"target": "number:+8613900139000"})
    dialogs = [other.taken() for other in others]
    event_of(own, call_id, "served")
    outside = next(dialog for dialog in dialogs if dialog.answered.is_set())
    joined(dialog, outside, SWEEPS["a"], SWEEPS["b"])
    own.api("PUT", "/call-rules", {"callee_per_day": 1}, instance=INSTANCE)
    from cloud import code_of

    again = {"AIAgentId": own.add_agent(quiet("Hello."), name="Second"), "Callee": "+8613900139000"}
    forbidden = "FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID"
    assert code_of(Cloud(own).CreateAIAgentCall, **again) == forbidden
    Cloud(own).HangUpCall(SessionId=call_id)
    outside.wait_end()
    carrier.stop()
    for other in others:
        other.stop()


@pytest.mark.parametrize("identity", ["from", "asserted"])
def test_who_diverted_a_call_and_its_text_go_on_with_it(own, handsets, identity):  # noqa: F811
    desk = handsets("7981")
    handsets("7982", forward_always="13800138000")
    carrier = Handset(own)
    out = own.add_trunk(carrier.ip, carrier.port, caller_identity=identity)
    own.api("POST", "/numbers", {"number": "+8675588880004", "trunk": out, "instance": INSTANCE})
    ip, number = new_ip(), new_number()
    own.add_number(number, own.add_trunk(ip, 5060, callee_prefixes=["999"]), inbound_agent=own.add_agent(quiet("Hello.")))

    def handed_to(target):
        caller = Caller(own, ip, number)
        text = "order 7".encode().hex()
        caller.request(
            "INVITE", 1, f"User-to-User: {text};encoding=hex",
            "Diversion: <sip:hidden@pbx>;reason=no-answer;privacy=full, <tel:+861057>;reason=user-busy",
            "History-Info: <sip:hidden@pbx?Privacy=history>;index=1",
            f"History-Info: <sip:{number}@{own.ip}>;index=1.1;mp=1",
            body=caller.sdp(),
        )  # fmt: skip
        status, answer = caller.final()
        assert status == 200
        caller.to_tag = answer.split("\nTo: ")[1].split("\r")[0].split("tag=")[1]
        caller.request("ACK", 1)
        [call] = [c for c in own.api("GET", "/calls", number=number)["items"] if c["state"] != "ended"]
        own.wait_state(call["id"], "up")
        own.api("POST", f"/calls/{call['id']}/transfer", {"target": target})
        return caller, call["id"], f"User-to-User: {text};encoding=hex"

    caller, call_id, text = handed_to("extension:7981")
    of_desk = desk.taken()
    assert text in of_desk.invite and "Diversion" not in of_desk.invite
    caller.request("BYE", 2)
    own.wait_state(call_id, "ended")

    caller, call_id, text = handed_to("extension:7982")
    invite = carrier.taken().invite
    assert text in invite
    diverted = [line.removeprefix("Diversion: ") for line in invite.split("\r\n") if line.startswith("Diversion: ")]
    hidden = ["<sip:hidden@pbx>;reason=no-answer;counter=1;privacy=full"]
    assert diverted == [
        f"<sip:7982@{DOMAIN}>;reason=unconditional;counter=1",
        f"<sip:{number}@{carrier.ip}>;reason=deflection;counter=1",
        *(hidden if identity == "asserted" else []),
        "<tel:+861057>;reason=user-busy;counter=1",
    ]
    history = [line.removeprefix("History-Info: ") for line in invite.split("\r\n") if line.startswith("History-Info: ")]
    first = "sip:hidden@pbx?Privacy=history" if identity == "asserted" else "sip:anonymous@anonymous.invalid"
    assert history == [
        f"<{first}>;index=1",
        f"<sip:{number}@{own.ip}>;index=1.1;mp=1",
        f"<sip:7982@{DOMAIN};cause=480>;index=1.1.1;mp=1.1",
        f"<{invite.split()[1]};cause=302>;index=1.1.1.1;mp=1.1.1",
    ]
    caller.request("BYE", 2)
    own.wait_state(call_id, "ended")
    assert [e["by"] for e in own.events(call_id) if e["type"] == "diverted"] == ["sip:hidden@pbx", "tel:+861057"]
    carrier.stop()
