"""Phones as people have them, in all that their keys do: Linphone and baresip, by every transport, codec and
way of encryption that they have."""

import shutil
import time

import pytest

import sound
from centre import INSTANCE, wait_for
from conftest import quiet
from likeness import likeness
from linphone import Linphone
from peers import Baresip
from test_extensions import baresip_account, is_registered
from test_transfers import fetched
from test_transports import authority, centre  # noqa: F401

pytestmark = pytest.mark.skipif(not shutil.which("linphonec"), reason="linphone-cli is not installed")

GREETING = "Good morning, this is Harbor Clinic. We are open from eight to six, and glad that you call."
SAID = sound.sweep(20, 400, 3000, level=0.3)


@pytest.fixture(scope="module")
def agent(centre):  # noqa: F811
    return centre.add_agent(quiet(GREETING))


@pytest.fixture
def desk(centre, cloud, tmp_path):  # noqa: F811
    """Makes a phone that is registered, and takes it down afterwards."""
    made = []

    def make(number, kind=Linphone, samples=SAID, encryption="optional", transport="udp", **more):
        cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}")
        centre.api("PATCH", f"/extensions/{number}", {"encryption": encryption}, instance=INSTANCE)
        known = cloud.DescribeExtension(ExtensionId=number)
        if transport == "tls":
            known["OutboundProxy"] = f"127.0.0.1:{centre.tls_port}"
        if kind is Linphone:
            phone = Linphone(tmp_path, known, samples, transport=transport, **more)
        else:
            account = baresip_account(known, transport).rstrip() + more.pop("account", "")
            phone = Baresip(tmp_path, number, samples, account=f"{account}\n", **more)
        made.append(phone)
        wait_for(f"phone {number} to register", lambda: is_registered(cloud, number))
        return phone

    yield make
    for phone in made:
        phone.stop()


def call_to(centre, number):  # noqa: F811
    """The call that was made last by this extension, once it is up."""
    look = lambda: centre.api("GET", "/calls", number=f"+{number}")["items"]
    call = wait_for(f"a call of {number}", look)[0]
    centre.wait_state(call["id"], "up")
    return call["id"]


def uri(known_user):
    return f"sip:{known_user}@{INSTANCE}.switchboard.internal"


@pytest.mark.parametrize(
    ("number", "transport", "codec", "media"),
    [
        ("8001", "udp", "PCMU/8000", "none"),
        ("8002", "tcp", "G722/8000", "none"),
        ("8003", "tls", "opus/48000", "srtp"),
        ("8004", "udp", "PCMA/8000", "srtp"),
        ("8010", "udp", "PCMU/8000", "dtls"),
    ],
)
def test_linphone_calls_an_agent_presses_keys_and_holds(
    centre, desk, agent, tmp_path, number, transport, codec, media  # noqa: F811
):
    encryption = "off" if media == "none" else "mandatory"
    by_info = codec.startswith("PCMA")
    phone = desk(
        number, transport=transport, codecs=(codec,), media=media, encryption=encryption, info=by_info
    )
    phone.type(f"call {uri(f'*{agent}')}")
    phone.wait_told("Media streams established")
    call_id = call_to(centre, number)
    time.sleep(4.5)
    phone.type("5")
    wait_for("the key", lambda: centre.call(call_id)["digits"])
    phone.type("pause")
    phone.wait_told("paused")
    time.sleep(1)
    before = len(phone.told())
    phone.type("resume")
    phone.wait_told("resumed|Media streams established", since=before)
    time.sleep(1)
    phone.type("terminate")
    call = centre.wait_recordings(call_id)
    assert [d["digits"] for d in call["digits"]] == ["5"] and call["ended_by"] == "user"
    [carried] = [e for e in centre.events(call_id) if e["type"] == "carried"]
    suite = {"none": "", "srtp": "AES_CM_128_HMAC_SHA1_80", "dtls": "DTLS-SRTP"}[media]
    assert (carried["transport"], carried["suite"]) == (transport, suite)
    # What it says on hold is not heard, nor what it says before there are keys.
    since = 1600 if media == "dtls" else 0
    user = likeness(SAID[since : 4 * 8000], fetched(centre, call, "user", tmp_path))
    heard = likeness(sound.trim(fetched(centre, call, "agent", tmp_path)), phone.heard())
    assert user.clear >= 0.9 and user.silent_ms <= 20 and user.spread_ms <= 60, user
    assert heard.clear >= 0.7, heard
    # Its G.722 is twice as loud in one direction, and half in the other: baresip's is as ours.
    expected = 6 if codec.startswith("G722") else 0
    assert abs(user.level_db + expected) < 1 and abs(heard.level_db - expected) < 1.5, (user, heard)


def test_a_certificate_of_rsa_ends_the_call_of_baresip_with_the_reason(centre, desk, agent):  # noqa: F811
    """OpenSSL shows it only to those who ask for one of RSA."""
    handshakes = {"account": ";mediaenc=dtls_srtp", "more_config": "module dtls_srtp.so\n"}
    phone = desk("8011", Baresip, encryption="mandatory", **handshakes)
    phone.command("dial", f"*{agent}")
    phone.wait_event("CALL_ESTABLISHED")
    call_id = call_to(centre, "8011")
    ended = centre.wait_state(call_id, "ended")
    assert (ended["cause"], ended["ended_by"]) == ("line_fault", "system")
    told = next(event for event in centre.events(call_id) if event["type"] == "ended")
    assert "could not be encrypted" in str(told), told


def test_linphone_is_called_by_the_api_and_talks_with_an_agent(centre, cloud, desk, agent, tmp_path):  # noqa: F811
    phone = desk("8005")
    trunk = centre.add_trunk("127.0.0.1", phone.port, callee_prefixes=["8613700008005"], options_ping=False)
    centre.add_number("+861013708005", trunk)
    call_id = cloud.CreateAIAgentCall(AIAgentId=agent, Callee="+8613700008005")["SessionId"]
    picked_up(phone)
    centre.wait_state(call_id, "up")
    time.sleep(4)
    cloud.HangUpCall(SessionId=call_id)
    call = centre.wait_recordings(call_id)
    assert likeness(SAID[: 3 * 8000], fetched(centre, call, "user", tmp_path)).clear > 0.9
    greeting = sound.trim(fetched(centre, call, "agent", tmp_path))
    assert likeness(greeting[: 3 * 8000], phone.heard()).clear > 0.7


def picked_up(phone):
    """Linphone, which rings, is answered."""
    phone.wait_told("Receiving new incoming call|is contacting you")
    phone.type("answer")
    phone.wait_told("Media streams established")


def test_linphone_is_called_and_gives_the_call_to_another_phone(centre, desk, tmp_path):  # noqa: F811
    """Blind: by its own REFER."""
    caller = desk("8101", Baresip, sound.sweep(40, 300, 900))
    phone = desk("8102", samples=sound.sweep(40, 1000, 1800))
    third = desk("8103", Baresip, sound.sweep(40, 1900, 3000))
    caller.command("dial", "8102")
    picked_up(phone)
    call_id = call_to(centre, "8101")
    time.sleep(3)
    phone.type(f"transfer 1 {uri('8103')}")
    third.wait_event("CALL_ESTABLISHED")
    time.sleep(4)
    caller.command("hangup")
    call = centre.wait_recordings(call_id)
    assert [(s["address"], s["end"]) for s in call["servings"]] == [("8102", "served"), ("8103", "served")]
    user = fetched(centre, call, "user", tmp_path)
    assert likeness(sound.sweep(40, 300, 900)[: 6 * 8000], user).clear > 0.9
    of_agent = fetched(centre, call, "agent", tmp_path)
    first = likeness(sound.sweep(40, 1000, 1800)[: 2 * 8000], of_agent)
    last = likeness(sound.sweep(40, 1900, 3000)[: 3 * 8000], of_agent)
    assert first.clear > 0.9 and last.clear > 0.9, (first, last)
    assert first.places[-1][1] < last.places[0][1]
    assert likeness(sound.sweep(40, 300, 900)[8000 : 3 * 8000], phone.heard()).clear > 0.7


def test_linphone_asks_before_it_gives_a_call_away(centre, desk, tmp_path):  # noqa: F811
    """Attended: a second call, with the first on hold, then REFER with Replaces."""
    caller = desk("8201", Baresip, sound.sweep(40, 300, 900))
    phone = desk("8202", samples=sound.sweep(40, 1000, 1800))
    third = desk("8203", Baresip, sound.sweep(40, 1900, 3000))
    caller.command("dial", "8202")
    picked_up(phone)
    call_id = call_to(centre, "8201")
    time.sleep(1)
    phone.type("pause")
    phone.wait_told("paused")
    phone.type(f"call {uri('8203')}")
    third.wait_event("CALL_ESTABLISHED")
    time.sleep(2)
    phone.type("transfer 1 --to-call 2")
    wait_for("the third to be in the call", lambda: len(centre.call(call_id)["servings"]) > 1)
    time.sleep(4)
    caller.command("hangup")
    call = centre.wait_recordings(call_id)
    assert [s["address"] for s in call["servings"]] == ["8202", "8203"]
    assert likeness(sound.sweep(40, 1900, 3000)[5 * 8000 : 6 * 8000], caller.heard()).clear > 0.6


def test_linphone_takes_a_second_call_while_it_is_in_one(centre, desk):  # noqa: F811
    one = desk("8301", Baresip, sound.sweep(30, 300, 900))
    other = desk("8302", Baresip, sound.sweep(30, 1000, 1800))
    phone = desk("8303", samples=sound.sweep(30, 1900, 3000))
    one.command("dial", "8303")
    picked_up(phone)
    first = call_to(centre, "8301")
    before = len(phone.told())
    other.command("dial", "8303")
    phone.wait_told("Receiving new incoming call|is contacting you", since=before)
    phone.type("answer 2")
    other.wait_event("CALL_ESTABLISHED")
    second = call_to(centre, "8302")
    time.sleep(2)
    assert centre.call(first)["state"] == "up"
    phone.type("terminate 2")
    centre.wait_state(second, "ended")
    phone.type("resume 1")
    time.sleep(2)
    phone.type("terminate 1")
    assert centre.wait_state(first, "ended")["cause"] == "completed"
    assert likeness(sound.sweep(30, 1900, 3000)[: 1 * 8000], one.heard()).clear > 0.6


def test_baresip_holds_and_gives_the_call_to_another_phone(centre, desk, tmp_path):  # noqa: F811
    caller = desk("8401", Baresip, sound.sweep(40, 300, 900))
    phone = desk("8402", Baresip, sound.sweep(40, 1000, 1800))
    third = desk("8403", Baresip, sound.sweep(40, 1900, 3000))
    caller.command("dial", "8402")
    phone.wait_event("CALL_ESTABLISHED")
    call_id = call_to(centre, "8401")
    time.sleep(1)
    phone.command("hold")
    wait_for("the hold", lambda: [e for e in centre.events(call_id) if e["type"] == "hold_changed"])
    phone.command("resume")
    time.sleep(1.5)
    phone.command("transfer", uri("8403"))
    third.wait_event("CALL_ESTABLISHED")
    time.sleep(3)
    caller.command("hangup")
    call = centre.wait_recordings(call_id)
    assert [(s["address"], s["end"]) for s in call["servings"]] == [("8402", "served"), ("8403", "served")]
    of_agent = fetched(centre, call, "agent", tmp_path)
    assert likeness(sound.sweep(40, 1900, 3000)[: 2 * 8000], of_agent).clear > 0.9
