"""Calls that strangers cannot listen to: SRTP with other people's phones."""

import re
import time

import pytest

import sound
from centre import INSTANCE, wait_for
from conftest import quiet
from peers import Baresip
from test_call import place
from test_extensions import baresip_account, is_registered

GREETING = "Good morning, this is Harbor Clinic."


def talk(cloud, phone, call_id):
    """Lets both sides speak, and hangs up."""
    phone.phone.wait_event("CALL_ESTABLISHED")
    time.sleep(7.5)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_event("CALL_CLOSED")


def assert_both_heard(centre, call_id, said, heard, folder):
    call = centre.wait_recordings(call_id)
    user = centre.fetch(centre.track(call, "user")["url"], folder / "user.mp3")
    assert sound.match(said, sound.read(user))[0] > 0.9
    assert sound.match(sound.speak(GREETING, folder), heard)[0] > 0.9


@pytest.mark.parametrize(
    ("encryption", "phone_does", "is_encrypted"),
    [
        ("mandatory", "srtp-mand", True),
        ("optional", "srtp", True),
        ("optional", None, False),
        ("off", "srtp", False),
    ],
)
def test_a_called_phone_and_the_agent_hear_each_other(
    centre, cloud, baresip_line, quiet_agent, tmp_path, encryption, phone_does, is_encrypted
):
    said = sound.sweep(2.0)
    account = f";mediaenc={phone_does}" if phone_does else ""
    phone = baresip_line([*sound.silence(4.0), *said], account=account, encryption=encryption)
    call_id = place(cloud, quiet_agent, phone)
    talk(cloud, phone, call_id)
    assert_both_heard(centre, call_id, said, phone.phone.heard(), tmp_path)
    screen = (phone.phone.folder / "screen").read_text(errors="replace")
    assert bool(re.search("srtp: .*AES_CM_128_HMAC_SHA1_80", screen)) == is_encrypted, screen
    [carried] = [event for event in centre.events(call_id) if event["type"] == "carried"]
    assert carried["suite"] == ("AES_CM_128_HMAC_SHA1_80" if is_encrypted else "")


def test_what_must_be_encrypted_is_not_said_to_a_plain_phone(centre, cloud, baresip_line, quiet_agent):
    phone = baresip_line(sound.silence(1.0), encryption="mandatory")
    call_id = place(cloud, quiet_agent, phone)
    ended = centre.wait_state(call_id, "ended")
    assert ended["sip_status"] == 488 and not ended["recordings"]


def test_a_phone_that_must_encrypt_is_not_reached_in_the_clear(
    centre, cloud, baresip_line, quiet_agent
):
    phone = baresip_line(sound.silence(1.0), account=";mediaenc=srtp-mand", encryption="off")
    call_id = place(cloud, quiet_agent, phone)
    ended = centre.wait_state(call_id, "ended")
    assert ended["sip_status"] == 488


@pytest.fixture
def extension(centre, cloud, tmp_path):
    """Makes a phone that is registered for an extension, and takes it down afterwards."""
    phones = []

    def make(number, encryption, phone_does, samples):
        cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}")
        centre.api("PATCH", f"/extensions/{number}", {"encryption": encryption}, instance=INSTANCE)
        known = cloud.DescribeExtension(ExtensionId=number)
        account = baresip_account(known).rstrip() + (f";mediaenc={phone_does}" if phone_does else "")
        phone = Baresip(tmp_path, number, samples, account=account + "\n")
        phones.append(phone)
        wait_for("the phone to register", lambda: is_registered(cloud, number))
        return phone

    yield make
    for phone in phones:
        phone.stop()


def test_a_calling_phone_is_answered_with_keys(centre, cloud, extension, tmp_path):
    agent = centre.add_agent(quiet(GREETING))
    said = sound.sweep(2.0)
    phone = extension("7101", "mandatory", "srtp-mand", [*sound.silence(4.0), *said])
    phone.command("dial", f"*{agent}")
    phone.wait_event("CALL_ESTABLISHED")
    time.sleep(7.5)
    phone.command("hangup")
    phone.wait_event("CALL_CLOSED")
    [call] = centre.api("GET", "/calls", number="+7101")["items"]
    assert_both_heard(centre, call["id"], said, phone.heard(), tmp_path)


def test_a_plain_phone_is_not_let_in_where_calls_must_be_encrypted(centre, cloud, extension):
    agent = centre.add_agent(quiet(GREETING))
    phone = extension("7102", "mandatory", None, sound.silence(1.0))
    phone.command("dial", f"*{agent}")
    closed = phone.wait_event("CALL_CLOSED")
    assert "488" in closed["param"], closed
