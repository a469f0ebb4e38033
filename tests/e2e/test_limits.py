"""20 requests a second for each action and instance, unless the operator says otherwise."""

import concurrent.futures
import time

import pytest

import rawtc3
from centre import INSTANCE, Centre

ASK = {"SdkAppId": INSTANCE, "PageSize": 10, "PageNumber": 0}


@pytest.fixture
def strict(tmp_path):
    centre = Centre(tmp_path).start()
    yield centre
    centre.stop()


def test_the_21st_request_of_a_second_is_refused_and_other_actions_are_not(strict):
    def ask(_):
        return rawtc3.code(rawtc3.post(strict, "DescribeAIAgentInfoList", ASK))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(ask, range(60)))
    refused = codes.count("RequestLimitExceeded")
    assert set(codes) == {None, "RequestLimitExceeded"}
    # However slowly this machine asks, some second of it had more than 20.
    assert refused >= 1
    other = {"SdkAppId": INSTANCE, "Offset": 0, "Limit": 10}
    assert rawtc3.code(rawtc3.post(strict, "DescribePSTNActiveSessionList", other)) is None
    time.sleep(1.1)
    assert ask(0) is None, "the next second is a new one"


def test_guessing_a_key_is_slowed_and_then_forgiven(strict):
    codes = [
        rawtc3.code(rawtc3.post(strict, "DescribeAIAgentInfoList", ASK, key=f"guess {n}"))
        for n in range(12)
    ]
    assert codes[0] == "AuthFailure.SignatureFailure"
    assert codes[-1] != "AuthFailure.SignatureFailure", "no answer to the question any more"
