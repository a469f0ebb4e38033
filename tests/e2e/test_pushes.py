"""Data Push: what the customer's server receives, when, and how it is proven to be from us."""

import base64
import hashlib
import hmac
import time
import urllib.parse

import pytest

import sound
from centre import INSTANCE, wait_for
from receiver import Receiver

RECORD_FIELDS = {"SdkAppId", "RecordId", "SessionId", "Timestamp", "EndpointUser", "RecordURL"}

# The table of the vendor's page on the push of call records.
CDR_FIELDS = """
    SdkAppId SessionId Caller Callee Direction CallType Duration SeatUser CallerLocation IVRDuration
    RingTimestamp AcceptTimestamp EndedTimestamp StartTimestamp IVRKeyPressed IVRKeyPressedEx
    HungUpSide ServeParticipants EndStatusString QueuedTimestamp PostIVRKeyPressed
    QueuedSkillGroupName QueuedSkillGroupId RecordId TelLocation
""".split()


@pytest.fixture
def receivers(centre):
    """Makes receivers with a webhook endpoint each."""
    made = []

    def make(answers=None, **endpoint):
        receiver = Receiver(answers)
        auth = endpoint.pop("auth", None)
        if callable(auth):
            endpoint["auth"] = auth(receiver)
        elif auth:
            endpoint["auth"] = auth
        made.append((receiver, centre.add_webhook(receiver.url, **endpoint)))
        return receiver

    yield make
    for receiver, endpoint in made:
        centre.api("DELETE", f"/webhook-endpoints/{endpoint}", instance=INSTANCE)
        receiver.close()


@pytest.fixture
def short_call(cloud, line, quiet_agent):
    """Makes a call of a second that the callee ends; gives its id and its line."""

    def make():
        phone = line("answer_hang_up", args=("-d", "1000"))
        call_id = cloud.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=phone.callee)["SessionId"]
        phone.phone.wait_end()
        return call_id, phone

    return make


def test_a_call_is_told_with_every_field_and_its_two_tracks(centre, receivers, short_call, tmp_path):
    receiver = receivers()
    call_id, line = short_call()
    records = receiver.wait(call_id, "record", n=2)
    (cdr,) = receiver.wait(call_id, "cdr")

    users = set()
    for push in records:
        assert push.version == "1"
        assert push.headers["Content-Type"] == "application/json;charset=utf8"
        assert set(push.body) == RECORD_FIELDS
        assert push.body["SdkAppId"] == INSTANCE
        assert abs(push.body["Timestamp"] - time.time()) < 60
        users.add(push.body["EndpointUser"])
        fetched = centre.fetch(push.body["RecordURL"], tmp_path / f"{push.body['RecordId']}.mp3")
        assert sound.seconds(fetched) > 0.8
    assert line.callee.lstrip("+") in {user.lstrip("0+") for user in users}
    assert len(users) == 2, "the tracks are told apart by whose they are"

    body = cdr.body
    assert set(CDR_FIELDS) <= set(body)
    assert body["Callee"] == "00" + line.callee.lstrip("+")
    assert body["Caller"] == "00" + line.caller.lstrip("+")
    assert body["EndStatusString"] == "ok"
    assert body["HungUpSide"] == "user"
    assert body["StartTimestamp"] <= body["RingTimestamp"] <= body["AcceptTimestamp"]
    assert body["AcceptTimestamp"] < body["EndedTimestamp"]
    assert len({push.uuid for push in [*records, cdr]}) == 3


@pytest.mark.parametrize(
    "refusal",
    [(500, b"oops"), (200, b'{"ErrCode":7,"ErrMsg":"later"}'), (302, b"")],
    ids=["500", "ErrCode", "redirect"],
)
def test_a_refused_push_comes_again_with_the_same_bytes(receivers, short_call, refusal):
    receiver = receivers(
        lambda push, n: refusal if n == 1 else (200, b'{"ErrCode":0,"ErrMsg":""}'),
        topics=["cdr"],
    )
    call_id, _ = short_call()
    first, second = receiver.wait(call_id, "cdr", n=2)
    assert first.uuid == second.uuid
    assert first.raw == second.raw
    assert 4 < second.at - first.at < 15, "the first wait is 5 s"


def test_deliveries_show_their_attempts_and_can_be_replayed(centre, receivers, short_call):
    receiver = receivers(topics=["cdr"])
    call_id, _ = short_call()
    (push,) = receiver.wait(call_id, "cdr")

    def delivered():
        listed = centre.api("GET", "/deliveries", instance=INSTANCE, call=call_id)["items"]
        mine = [delivery for delivery in listed if delivery["uuid"] == push.uuid]
        return mine and mine[0]["state"] == "delivered" and mine[0]

    delivery = wait_for("the delivery to be settled", delivered)
    shown = centre.api("GET", f"/deliveries/{delivery['id']}", instance=INSTANCE)
    assert [attempt["status"] for attempt in shown["attempts"]] == [200]
    assert shown["body"].encode() == push.raw
    centre.api("POST", f"/deliveries/{delivery['id']}/replay", instance=INSTANCE)
    first, again = receiver.wait(call_id, "cdr", n=2)
    assert (again.uuid, again.raw) == (first.uuid, first.raw)


def test_basic_authentication(receivers, short_call):
    receiver = receivers(
        topics=["cdr"], auth={"type": "basic", "user": "switch", "password": "b:oard"}
    )
    call_id, _ = short_call()
    (push,) = receiver.wait(call_id, "cdr")
    expected = "Basic " + base64.b64encode(b"switch:b:oard").decode()
    assert push.headers["Authorization"] == expected


def test_oauth2_client_credentials_with_a_new_token_after_401(receivers, short_call):
    def answers(push, _):
        good = push.headers.get("Authorization") == f"Bearer {receiver.tokens[-1]}"
        return (200, b"") if good else (401, b"")

    receiver = receivers(
        answers,
        topics=["cdr"],
        auth=lambda receiver: {
            "type": "oauth2",
            "token_url": f"{receiver.base}/token",
            "client_id": "centre",
            "client_secret": "s3cret",
        },
    )
    call_id, _ = short_call()
    (push,) = receiver.wait(call_id, "cdr")
    assert push.headers["Authorization"] == "Bearer token-1"
    headers, form = receiver.token_requests[0]
    fields = dict(urllib.parse.parse_qsl(form))
    assert fields["grant_type"] == "client_credentials"
    basic = "Basic " + base64.b64encode(b"centre:s3cret").decode()
    assert headers.get("Authorization") == basic or fields.get("client_secret") == "s3cret"

    receiver.tokens.append("token-2")  # The first is revoked: the receiver answers 401 to it.
    call_id, _ = short_call()
    pushes = receiver.wait(call_id, "cdr")
    wait_for(
        "a push with the new token",
        lambda: [
            push
            for push in receiver.of(call_id, "cdr")
            if push.headers["Authorization"] == "Bearer token-2"
        ],
    )
    assert pushes


def test_the_signature_header_is_the_hmac_of_what_arrived(receivers, short_call):
    receiver = receivers(topics=["cdr"], signing_secret="a secret of ours")
    call_id, _ = short_call()
    (push,) = receiver.wait(call_id, "cdr")
    header = push.headers["X-Switchboard-Signature"]
    parts = dict(part.strip().split("=", 1) for part in header.split(","))
    signed = f"{parts['t']}.".encode() + push.raw
    expected = hmac.new(b"a secret of ours", signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(parts["v1"], expected)
    assert abs(int(parts["t"]) - time.time()) < 60


def test_recordings_are_not_given_without_a_good_signature(centre, receivers, short_call):
    import urllib.error
    import urllib.request

    receiver = receivers(topics=["record"])
    call_id, _ = short_call()
    url = receiver.wait(call_id, "record")[0].body["RecordURL"]
    address, query = url.split("?", 1)
    fields = dict(urllib.parse.parse_qsl(query))
    later = urllib.parse.urlencode(fields | {"expires": int(fields["expires"]) + 1})
    past = urllib.parse.urlencode(fields | {"expires": 1})
    forged = urllib.parse.urlencode(fields | {"signature": "A" * len(fields["signature"])})
    for query in (later, past, forged):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}?{query}")
        assert refused.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address)
    assert refused.value.code in (400, 403, 422)
