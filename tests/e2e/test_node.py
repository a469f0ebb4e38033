"""The vendor's SDK for Node, unchanged but for its endpoint.

It signs the host without its port, and names the first label of the host as the service."""

import itertools
import json
import pathlib
import subprocess

import pytest

import sound
from centre import INSTANCE, SECRET_ID, SECRET_KEY

ASK = pathlib.Path(__file__).parent / "node" / "ask.js"
WAYS = list(itertools.product(["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"], ["POST", "GET"]))


@pytest.fixture(scope="module")
def node(centre):
    """Asks one action; the answer, or what the SDK raised."""
    process = subprocess.Popen(
        ["node", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )

    def ask(action, sign="TC3-HMAC-SHA256", method="POST", key=SECRET_KEY, **fields):
        question = {
            "endpoint": f"127.0.0.1:{centre.http_port}",
            "id": SECRET_ID,
            "key": key,
            "sign": sign,
            "method": method,
            "action": action,
            "fields": {"SdkAppId": INSTANCE} | fields,
        }
        process.stdin.write(json.dumps(question) + "\n")
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    process.wait(10)


@pytest.mark.parametrize("sign, method", WAYS)
def test_node_signs_in_each_of_its_ways(node, quiet_agent, sign, method):
    said = node("DescribeAIAgentInfoList", sign, method, PageSize=100, PageNumber=0)
    agents = said["answer"]["AIAgentInfoList"]
    assert quiet_agent in [agent["AIAgentId"] for agent in agents]


def test_a_call_by_node_is_placed_played_into_and_hung_up(node, centre, line, quiet_agent, tmp_path):
    tone = sound.sweep(1.0, 500, 2000)
    file_id = centre.add_sound(sound.write(tmp_path / "tone.wav", tone))
    phone = line()
    variables = [{"Key": "name", "Value": "王 a&b=c"}]
    wish = {"AIAgentId": quiet_agent, "Callee": phone.callee, "Variables": variables}
    call_id = node("CreateAIAgentCall", "HmacSHA256", "GET", **wish)["answer"]["SessionId"]
    centre.wait_state(call_id, "up")
    assert node("PlaySoundCall", SessionId=call_id, FileId=file_id)["answer"]["RequestId"]
    phone.phone.wait_heard(tone)
    node("HangUpCall", SessionId=call_id)
    phone.phone.wait_end()
    shown = centre.wait_state(call_id, "ended")
    assert shown["variables"] == [{"key": "name", "value": "王 a&b=c"}]


@pytest.mark.parametrize("sign, method", WAYS)
def test_node_sees_the_vendors_codes(node, sign, method):
    said = node("PlaySoundCall", sign, method, SessionId="none", FileId=1)
    assert said["code"] == "FailedOperation.SessionNotExists"
    assert said["message"] and said["requestId"]
