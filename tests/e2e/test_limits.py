"""20 requests a second for each action and instance, unless the operator says otherwise."""

import concurrent.futures
import socket
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


def test_guesses_are_answered_late_or_not_at_all_and_right_keys_at_once(strict):
    def guess(key):
        began = time.monotonic()
        code = rawtc3.code(rawtc3.post(strict, "DescribeAIAgentInfoList", ASK, key=key))
        return code, time.monotonic() - began

    first, took = guess("guess")
    assert first == "AuthFailure.SignatureFailure" and took < 1
    guesses = [guess(f"guess {n}") for n in range(8)]
    assert None not in [code for code, _ in guesses]
    code, took = guesses[-1]
    assert took > 0.5 or code != "AuthFailure.SignatureFailure"
    code, took = guess(rawtc3.local.SECRET_KEY)
    assert code is None and took < 0.5


def test_connections_that_say_nothing_or_half_a_request_are_closed_in_time(strict):
    """Else a handful of machines could hold every file that the server may open."""
    whole = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{strict.http_port}\r\n\r\n".encode()
    held = []
    for said in (b"", b"POST / HTTP/1.1\r\nHost: x\r\n", whole):
        connection = socket.create_connection(("127.0.0.1", strict.http_port))
        connection.settimeout(45)
        connection.sendall(said)
        held.append(connection)
    assert held[2].recv(4096).startswith(b"HTTP/1.1 200")
    began = time.monotonic()
    for connection in held:
        assert connection.recv(4096) == b"", "the server closes it"
        connection.close()
    assert 20 < time.monotonic() - began < 45, "after 30 s"
