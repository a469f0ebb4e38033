"""Calls of a real browser: Chromium with JsSIP, whose media is DTLS-SRTP found by ICE. Everybody hums a
tone of their own, and is known by it."""

import re
import threading
import time

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

import sound
from browser_phone import SLOW, BrowserPhone
from centre import INSTANCE, Centre, free_port, free_sip_port, wait_for
from cloud import Cloud
from conftest import extension, new_number, quiet
from handset import Handset
from likeness import likeness
from peers import new_ip
from test_extensions import is_registered
from test_transfers import event_of, fetched, group_of, person

pytestmark = pytest.mark.alone

GREETING = "Welcome to Harbor Clinic."
HZ = {"browser": 701, "other": 1019, "phone": 437}


def hum(who, seconds=60):
    return np.sin(np.arange(sound.RATE * seconds) / sound.RATE * 2 * np.pi * HZ[who]) * 0.3


def heard_in(samples):
    """Whose tone stands out in these samples."""
    if len(samples) < 4000:
        return set()
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) / len(samples) * 4

    def level(hz):
        at = round(hz * len(samples) / sound.RATE)
        return spectrum[at - 3 : at + 4].max()

    return {who for who, hz in HZ.items() if level(hz) > 0.05}


def hears(said, heard):
    """Piece by piece: a browser stretches and shortens what comes first, until its buffer has its length."""
    return likeness(sound.trim(said), heard).clear >= 0.75


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    ws_port = free_port()
    flags = ["--requests-per-second", "1000", "--sip-ws-listen", f"127.0.0.1:{ws_port}"]
    centre = Centre(tmp_path_factory.mktemp("centre"), *flags)
    centre.socket = f"ws://127.0.0.1:{ws_port}"
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def browsers(centre, cloud, playwright, tmp_path):
    """Makes browsers that are registered for an extension, and takes them down afterwards."""
    made = []

    def make(number, who="browser", auto=True, encryption="optional", **more):
        account = extension(cloud, number, **more)
        centre.api("PATCH", f"/extensions/{number}", {"encryption": encryption}, instance=INSTANCE)
        phone = BrowserPhone(playwright, tmp_path / number, hum(who), auto)
        made.append(phone)
        return phone.register(centre.socket, account, number)

    yield make
    for phone in made:
        phone.stop()


@pytest.fixture
def handsets(centre, cloud):
    """Makes telephones with plain RTP, registered unless they have no number, which hum."""
    made = []

    def make(number=None, ip=None, answers=200):
        if number is None:
            made.append(Handset(centre, ip=ip))
            return made[-1]
        password = extension(cloud, number)["Password"]
        made.append(Handset(centre, number, password, answers=answers).register())
        return made[-1]

    yield make
    for phone in made:
        phone.stop()


def wait_hears(dialog, *who):
    """Until the person at the telephone hears these, and nobody else."""
    wanted, last = set(who), set()

    def look():
        nonlocal last
        last = heard_in(dialog.rtp.heard()[-6000:])
        return last == wanted

    try:
        wait_for(f"the telephone to hear {sorted(wanted)}", look, SLOW)
    except AssertionError:
        raise AssertionError(f"the telephone hears {sorted(last)}, not {sorted(wanted)}") from None


def wait_browser_hears(browser, call, *who):
    wanted, last = set(who), set()

    def look():
        nonlocal last
        last = heard_in(browser.heard(call, 0.8))
        return last == wanted

    try:
        wait_for(f"the browser to hear {sorted(wanted)}", look, SLOW, every=0.2)
    except AssertionError:
        told = browser.page.evaluate(f"phone.told({call})")
        inbound = browser.inbound(call)
        raise AssertionError(
            f"the browser hears {sorted(last)}, not {sorted(wanted)}: {told} {inbound} {browser.console[-10:]}"
        ) from None


def sends_nothing(browser, call):
    """Within 0.4 s."""
    before = browser.n_sent(call)
    time.sleep(0.4)
    return browser.n_sent(call) == before


def call_of(centre, number):
    found = wait_for("the call", lambda: centre.api("GET", "/calls", number=number)["items"], SLOW)
    return found[0]["id"]


def carried(centre, call_id):
    return {e["side"]: (e["transport"], e["suite"]) for e in centre.events(call_id) if e["type"] == "carried"}


def all_of(samples):
    """Whose tones are in any second of it."""
    return set().union(*(heard_in(samples[at : at + 8000]) for at in range(0, len(samples) - 8000, 8000)))


def test_a_trunks_caller_is_answered_in_a_browser_and_each_hears_the_other(
    centre, browsers, handsets, tmp_path
):
    new = new_number()[-3:]
    group = group_of(centre, f"Sales {new}")
    _, mail = person(centre, f"lin{new}", group)
    browser = browsers(f"88{new}", Relation=mail)
    ip, number = new_ip(), new_number()
    trunk = centre.add_trunk(ip, free_sip_port(ip), callee_prefixes=["999"])
    centre.add_number(number, trunk, inbound_group=group)
    call = handsets(ip=ip).dial(number, host="127.0.0.1", seconds=SLOW)
    call.rtp.say(hum("phone"))
    browser.wait_call()
    wait_hears(call, "browser")
    wait_browser_hears(browser, 0, "phone")
    wait_for("packets", lambda: browser.inbound(0).get("packetsReceived", 0) > 50, SLOW)
    assert browser.inbound(0)["packetsLost"] <= 2, browser.inbound(0)
    transport = browser.transport(0)
    assert (transport["dtlsState"], transport["iceState"]) == ("connected", "connected")
    call_id = call_of(centre, number)
    assert carried(centre, call_id) == {"user": ("udp", ""), "staff": ("ws", "DTLS-SRTP")}
    time.sleep(2)
    browser.do("hangUp", 0)
    call.wait_end(SLOW)
    ended = centre.wait_recordings(call_id, SLOW)
    assert (ended["cause"], ended["ended_by"]) == ("completed", "staff")
    assert all_of(fetched(centre, ended, "user", tmp_path)) == {"phone"}
    assert all_of(fetched(centre, ended, "agent", tmp_path)) == {"browser"}


def test_a_browser_calls_a_voice_agent_and_presses_keys(centre, browsers, tmp_path):
    answers = [{"keys": ["5"], "say": "Goodbye.", "then": "hang_up"}]
    definition = quiet(GREETING) | {"steps": {"wait": {"answers": answers}}}
    agent = centre.add_agent(definition)
    # Browsers have no plain sound: what is off for other phones is not for them.
    browser = browsers("8101", encryption="off")
    call = browser.dial(f"*{agent}")
    browser.wait_state(call, "up")
    greeting = sound.speak(GREETING, tmp_path)
    wait_for("the greeting", lambda: hears(greeting, browser.heard(call, 30)), SLOW, every=0.5)
    browser.do("press", call, "5")
    told = browser.wait_state(call, "over")
    assert told["by"] == "remote", told
    ended = centre.wait_recordings(call_of(centre, "+8101"), SLOW)
    assert [digit["digits"] for digit in ended["digits"]] == ["5"]
    assert carried(centre, ended["id"]) == {"user": ("ws", "DTLS-SRTP")}
    assert "browser" in all_of(fetched(centre, ended, "user", tmp_path))


def test_a_browser_holds_a_telephone_and_goes_on_and_ice_may_begin_anew(centre, browsers, handsets):
    desk = handsets("8201")
    browser = browsers("8202")
    call = browser.dial("8201")
    dialog = desk.taken(SLOW)
    dialog.rtp.say(hum("phone"))
    wait_hears(dialog, "browser")
    wait_browser_hears(browser, call, "phone")
    browser.do("hold", call)
    call_id = call_of(centre, "+8202")
    assert event_of(centre, call_id, "hold_changed", SLOW)["held"]
    wait_for("silence", lambda: heard_in(dialog.rtp.heard()[-6000:]) == set(), SLOW)
    browser.do("resume", call)
    wait_hears(dialog, "browser")
    wait_browser_hears(browser, call, "phone")
    browser.do("restart", call)
    wait_hears(dialog, "browser")
    wait_browser_hears(browser, call, "phone")
    # From outside: the browser is told by re-INVITE, and sends nothing until the next one.
    centre.api("POST", f"/calls/{call_id}/hold", {"side": "user"})
    wait_hears(dialog)
    wait_for("no more packets of the browser", lambda: sends_nothing(browser, call), SLOW)
    centre.api("POST", f"/calls/{call_id}/resume", {"side": "user"})
    wait_hears(dialog, "browser")
    wait_browser_hears(browser, call, "phone")
    dialog.hang_up()
    assert browser.wait_state(call, "over")["by"] == "remote"
    assert centre.wait_state(call_id, "ended", SLOW)["cause"] == "completed"


def test_a_telephone_calls_a_browser_which_gives_the_call_away(centre, browsers, handsets):
    third, caller = handsets("8301"), handsets("8302")
    browser = browsers("8303")
    dialog = caller.dial("8303", seconds=SLOW)
    dialog.rtp.say(hum("phone"))
    wait_hears(dialog, "browser")
    wait_browser_hears(browser, 0, "phone")
    browser.do("refer", 0, "8301")
    next_one = third.taken(SLOW)
    next_one.rtp.say(hum("other"))
    wait_hears(dialog, "other")
    browser.wait_state(0, "over")
    dialog.hang_up()
    next_one.wait_end(SLOW)


def test_browsers_call_each_other(centre, browsers):
    one, other = browsers("8401"), browsers("8402", "other")
    call = one.dial("8402")
    other.wait_call()
    wait_browser_hears(one, call, "other")
    wait_browser_hears(other, 0, "browser")
    call_id = call_of(centre, "+8401")
    assert set(carried(centre, call_id).values()) == {("ws", "DTLS-SRTP")}
    other.do("hangUp", 0)
    assert one.wait_state(call, "over")["by"] == "remote"


def test_a_browser_rings_beside_a_telephone_of_the_same_extension(centre, cloud, browsers, handsets):
    browser = browsers("8501", auto=False)
    password = cloud.DescribeExtension(ExtensionId="8501")["Password"]
    telephone = Handset(centre, "8501", password, answers=180).register()
    try:
        caller = handsets("8502", answers=180)
        offers = []

        def ring():
            offers.append(caller.dial("8501", seconds=SLOW))

        dialing = threading.Thread(target=ring)
        dialing.start()
        rings = telephone.taken(SLOW)
        browser.wait_call()
        assert "RTP/AVP" in rings.invite and "fingerprint" not in rings.invite
        browser.do("answer", 0)
        dialing.join(SLOW)
        [dialog] = offers
        dialog.rtp.say(hum("phone"))
        wait_hears(dialog, "browser")
        wait_browser_hears(browser, 0, "phone")
        assert "CANCEL" in rings.wait_end(SLOW)
        dialog.hang_up()
        browser.wait_state(0, "over")
    finally:
        telephone.stop()


def test_a_browser_joins_a_call_of_two_and_all_hear_all(centre, browsers, handsets):
    desk = handsets("8701")
    one, other = browsers("8702"), browsers("8703", "other")
    call = one.dial("8701")
    dialog = desk.taken(SLOW)
    dialog.rtp.say(hum("phone"))
    wait_hears(dialog, "browser")
    call_id = call_of(centre, "+8702")
    centre.api("POST", f"/calls/{call_id}/participants", {"target": "extension:8703"})
    other.wait_call()
    wait_hears(dialog, "browser", "other")
    wait_browser_hears(one, call, "phone", "other")
    wait_browser_hears(other, 0, "phone", "browser")
    other.do("hangUp", 0)
    wait_hears(dialog, "browser")
    wait_browser_hears(one, call, "phone")
    one.do("hangUp", call)
    dialog.wait_end(SLOW)


def test_a_trunks_caller_whom_an_agent_hands_over_is_talked_to_in_a_browser(
    centre, browsers, handsets, tmp_path
):
    browser = browsers("8801")
    answers = [{"keys": ["1"], "say": "One moment.", "then": {"transfer": "extension:8801"}}]
    steps = {"steps": {"wait": {"answers": answers}}, "fallback": "Nobody is free."}
    agent = centre.add_agent(quiet(GREETING) | steps)
    ip, number = new_ip(), new_number()
    trunk = centre.add_trunk(ip, free_sip_port(ip), callee_prefixes=["998"])
    centre.add_number(number, trunk, inbound_agent=agent)
    call = handsets(ip=ip).dial(number, host="127.0.0.1", seconds=SLOW)
    greeting = sound.speak(GREETING, tmp_path)
    call.wait_heard(greeting, seconds=SLOW)
    call.rtp.press("1")
    browser.wait_call()
    call.rtp.say(hum("phone"))
    wait_hears(call, "browser")
    wait_browser_hears(browser, 0, "phone")
    call.hang_up()
    assert browser.wait_state(0, "over")["by"] == "remote"


def shows_another_certificate(browser):
    spoil = "phone.spoil = sdp => sdp.replace(/(a=fingerprint:sha-256 )..:/, '$100:')"
    browser.page.evaluate(f"() => {{ {spoil}; }}")
    return browser


def test_a_browser_that_shows_another_certificate_is_hung_up_on(centre, browsers):
    agent = centre.add_agent(quiet(GREETING))
    browser = shows_another_certificate(browsers("8601"))
    call = browser.dial(f"*{agent}")
    told = browser.wait_state(call, "over")
    assert told["by"] == "remote", told
    ended = centre.wait_state(call_of(centre, "+8601"), "ended", SLOW)
    assert ended["cause"] == "line_fault", ended
    last = [event for event in centre.events(ended["id"]) if event["type"] == "ended"]
    assert re.search("could not be encrypted", str(last)), last


def test_a_browser_that_is_called_and_shows_another_certificate_ends_the_call_with_the_reason(centre, browsers, handsets):
    browser = shows_another_certificate(browsers("8603"))
    dialog = handsets("8602").dial("8603", seconds=SLOW)
    dialog.wait_end(SLOW)
    assert browser.wait_state(0, "over")["by"] == "remote"
    ended = centre.wait_state(call_of(centre, "+8602"), "ended", SLOW)
    assert (ended["cause"], ended["ended_by"]) == ("line_fault", "system"), ended
    assert [serving["end"] for serving in ended["servings"]] == ["not_encrypted"], ended
    last = [event for event in centre.events(ended["id"]) if event["type"] == "ended"]
    assert re.search("could not be encrypted", str(last)), last
