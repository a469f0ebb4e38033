"""Every client that we know of, unchanged, and requests that none of them would send."""

import json
import subprocess
import time

import pytest

import rawtc3
from centre import INSTANCE, SECRET_ID, SECRET_KEY, VENVS
from cloud import Cloud, code_of
from peers import new_ip

UNKNOWN = "6bb56a09-2787-40bc-80c5-dc6dab783eff"
LIST = {"SdkAppId": INSTANCE, "PageSize": 10, "PageNumber": 0}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sign", ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"])
def test_the_sdk_signs_in_each_of_its_ways(centre, quiet_agent, method, sign):
    cloud = Cloud(centre, method=method, sign=sign)
    agents = cloud.DescribeAIAgentInfoList(PageSize=10, PageNumber=0)
    assert quiet_agent in [agent["AIAgentId"] for agent in agents["AIAgentInfoList"]]
    assert code_of(cloud.HangUpCall, SessionId=UNKNOWN) == "FailedOperation.SessionNotExists"


def test_the_sdk_places_a_call_by_a_flattened_get(centre, line, quiet_agent):
    phone = line("answer_hang_up", args=("-d", "500"))
    cloud = Cloud(centre, method="GET", sign="HmacSHA256")
    variables = [{"Key": "name", "Value": "王"}, {"Key": "dify-inputs-user", "Value": "a b&c=d"}]
    call_id = cloud.CreateAIAgentCall(
        AIAgentId=quiet_agent, Callee=phone.callee, Callers=[phone.caller], Variables=variables
    )["SessionId"]
    phone.phone.wait_end()
    shown = centre.call(call_id)["variables"]
    assert {variable["key"]: variable["value"] for variable in shown} == {
        variable["Key"]: variable["Value"] for variable in variables
    }


INTERNATIONAL = """
import json, sys
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ccc.v20200210 import ccc_client, models
endpoint, instance, secret_id, secret_key, agent, callee = sys.argv[1:]
here = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint))
ccc = ccc_client.CccClient(credential.Credential(secret_id, secret_key), "", here)
call = models.CreateAIAgentCallRequest()
call.SdkAppId, call.AIAgentId, call.Callee = int(instance), int(agent), callee
print(ccc.CreateAIAgentCall(call).SessionId)
"""


def test_the_international_sdk(centre, line, quiet_agent):
    phone = line("answer_hang_up", args=("-d", "500"))
    python = VENVS / "intl" / "bin" / "python"
    endpoint = f"127.0.0.1:{centre.http_port}"
    said = subprocess.run(
        [python, "-c", INTERNATIONAL, endpoint, str(INSTANCE), SECRET_ID, SECRET_KEY,
         str(quiet_agent), phone.callee],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    phone.phone.wait_end()
    assert centre.wait_state(said.stdout.strip(), "ended")["cause"] == "completed"


def tccli(centre, action, *arguments):
    program = VENVS / "tccli" / "bin" / "tccli"
    return subprocess.run(
        [program, "ccc", action, "--endpoint", centre.url, "--secretId", SECRET_ID,
         "--secretKey", SECRET_KEY, "--region", "ap-guangzhou", "--SdkAppId", str(INSTANCE), *arguments],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_vendors_command_line(centre, line, quiet_agent):
    phone = line("answer_hang_up", args=("-d", "500"))
    said = tccli(
        centre, "CreateAIAgentCall", "--AIAgentId", str(quiet_agent), "--Callee", phone.callee
    )
    assert said.returncode == 0, said.stdout + said.stderr
    call_id = json.loads(said.stdout)["SessionId"]
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")
    said = tccli(centre, "PlaySoundCall", "--SessionId", call_id, "--FileId", "1")
    assert "FailedOperation.SessionNotInControlState" in said.stdout + said.stderr


@pytest.mark.parametrize("service", ["ccc", "127"])
def test_the_node_sdks_scope_is_taken_as_it_is(centre, service):
    """Node's SDK names the first label of the host as the service."""
    answer = rawtc3.post(centre, "DescribeAIAgentInfoList", LIST, service=service)
    assert rawtc3.code(answer) is None


@pytest.mark.parametrize("sign", ["HmacSHA256", "HmacSHA1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_signature_v1_by_hand(centre, method, sign):
    answer = rawtc3.v1(centre, "DescribeAIAgentInfoList", LIST, method=method, sign=sign)
    assert rawtc3.code(answer) is None
    forged = rawtc3.v1(centre, "DescribeAIAgentInfoList", LIST, method=method, sign=sign, key="no", ip=new_ip())
    assert rawtc3.code(forged) == "AuthFailure.SignatureFailure"


def test_a_clock_may_be_wrong_by_five_minutes_and_no_more(centre):
    for skew, code in [(-280, None), (280, None), (-320, "expired"), (320, "expired")]:
        answer = rawtc3.post(centre, "DescribeAIAgentInfoList", LIST, at=time.time() + skew)
        expected = "AuthFailure.SignatureExpire" if code else None
        assert rawtc3.code(answer) == expected, skew


def test_forged_requests_change_nothing(centre, line, quiet_agent):
    phone = line()
    wish = {"SdkAppId": INSTANCE, "AIAgentId": quiet_agent, "Callee": phone.callee}
    n_calls = centre.api("GET", "/calls", instance=INSTANCE)["total"]
    ip = new_ip()  # Whoever guesses is slowed down: not the tests that follow.
    other = json.dumps(wish | {"Callee": "+8613900000000"}).encode()
    for answer, code in [
        (rawtc3.post(centre, "CreateAIAgentCall", wish, spoil=other, ip=ip), "SignatureFailure"),
        (rawtc3.post(centre, "CreateAIAgentCall", wish, key="guess", ip=ip), "SignatureFailure"),
        (rawtc3.post(centre, "CreateAIAgentCall", wish, secret_id="AKIDnobody", ip=ip), "SecretIdNotFound"),
        (
            rawtc3.post(centre, "CreateAIAgentCall", wish, headers={"X-TC-Token": "temporary"}),
            "TokenFailure",
        ),
    ]:
        assert rawtc3.code(answer) == f"AuthFailure.{code}"
    assert centre.api("GET", "/calls", instance=INSTANCE)["total"] == n_calls


@pytest.mark.parametrize(
    "change, code",
    [
        ({"AIAgentId": "one"}, "InvalidParameter"),
        ({"Callee": 8613800000000}, "InvalidParameter"),
        ({"Callers": "+861012345678"}, "InvalidParameter"),
        ({"Variables": [{"Key": 1, "Value": "v"}]}, "InvalidParameter"),
        ({"Variables": {"Key": "a", "Value": "v"}}, "InvalidParameter"),
        ({"Calee": "+8613800000000"}, "UnknownParameter"),
        ({"SdkAppId": None}, "MissingParameter"),
        ({"Callee": None}, "MissingParameter"),
        ({"AIAgentId": 1 << 70}, "InvalidParameter"),
    ],
    ids=str,
)
def test_wrong_types_are_named(centre, quiet_agent, change, code):
    wish = {"SdkAppId": INSTANCE, "AIAgentId": quiet_agent, "Callee": "+8613800000000"} | change
    wish = {name: value for name, value in wish.items() if value is not None}
    answer = rawtc3.post(centre, "CreateAIAgentCall", wish)
    assert rawtc3.code(answer) == code
    (name,) = change
    assert name in answer[2]["Error"]["Message"]


@pytest.mark.parametrize(
    "action, raw, code",
    [
        ("CreateAIAgentCall", b"", "MissingParameter"),
        ("CreateAIAgentCall", b"[]", "InvalidParameter"),
        ("CreateAIAgentCall", b"{", "InvalidParameter"),
        ("CreateAIAgentCall", b"\xff\xfe", "InvalidParameter"),
        ("CreateAIAgentCall", b"[" * 100_000, "InvalidParameter"),
        ("CreateAIAgentCall", b" " * (10 * 1024 * 1024 + 1), "RequestSizeLimitExceeded"),
        ("RunInstances", b"{}", "InvalidAction"),
    ],
    ids=["empty", "list", "half", "no text", "deep", "long", "action"],
)
def test_bodies_that_are_no_requests(centre, action, raw, code):
    assert rawtc3.code(rawtc3.post(centre, action, None, raw=raw)) == code


def test_other_methods_are_no_protocol(centre):
    headers = {"X-TC-Action": "HangUpCall", "X-TC-Version": rawtc3.VERSION}
    assert rawtc3.code(rawtc3.ask(centre, "PUT", "/", b"{}", headers)) == "UnsupportedProtocol"
