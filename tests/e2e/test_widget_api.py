"""What the widget's channel promises beside sockets: files within limits, a word for later, long polling."""

import threading
import time

import pytest

from centre import INSTANCE, Centre
from desk import Customer, Desk, fold

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    flags = ["--requests-per-second", "1000", "--customer-requests-per-second", "500"]
    centre = Centre(tmp_path_factory.mktemp("centre"), *flags)
    centre.start()
    yield centre
    centre.stop()


def settings(centre, **changes):
    centre.api("PATCH", "/chat/settings", changes, instance=INSTANCE)


def send_file(customer, payload, client_id, status=None):
    headers = {"X-File-Name": "a.png", "X-Client-Id": client_id}
    return customer.act("files", payload, headers=headers, status=status)


def test_files_have_a_longest_length_and_may_be_off(own):
    settings(own, file_bytes_max=1000)
    try:
        customer = Customer(own)
        assert customer.started["settings"]["file_bytes_max"] == 1000
        assert send_file(customer, PNG + bytes(992), "f1")["file"]["n_bytes"] == 1000
        problem = send_file(customer, PNG + bytes(993), "f2", status=422)
        assert problem["field"] == "file"
        settings(own, file_bytes_max=0)
        assert send_file(customer, PNG, "f3", status=422)["field"] == "file"
        assert len(customer.messages()) == 1, "what was refused is nowhere"
    finally:
        settings(own, file_bytes_max=10 * 1024 * 1024)


def test_a_conversation_has_fifty_files_and_the_fifty_first_is_refused(own):
    customer = Customer(own)
    most = customer.started["settings"]["files_max"]
    assert most == 50
    for n in range(most):
        send_file(customer, PNG + bytes(n), f"f{n}")
    assert send_file(customer, PNG, "one-more", status=422)["field"] == "file"
    assert len(customer.messages()) == most


def test_a_file_that_is_sent_again_is_there_once_and_only_its_customer_sees_it(own):
    customer, other = Customer(own), Customer(own)
    sent = send_file(customer, PNG + b"1", "f1")
    again = send_file(customer, PNG + b"1", "f1")
    assert again["key"] == sent["key"]
    assert len(customer.messages()) == 1
    assert other.ask("GET", f"/files/{sent['file']['id']}", status=404)
    for wrong in (b"", b"MZ\x90\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        assert send_file(customer, wrong, "f2", status=422)["field"] == "file"


def test_a_word_for_later_is_taken_in_any_state_and_kept_for_staff(own):
    customer = Customer(own)
    assert customer.act("word", {"contact": "", "text": "x"}, status=422)["field"] == "contact"
    assert customer.act("word", {"contact": "ann@example.com", "text": ""}, status=422)["field"] == "text"
    customer.act("word", {"contact": "ann@example.com", "text": "call me"})
    customer.act("end")
    customer.act("word", {"contact": "+8613800138000", "text": "or here"})
    own.kill()
    own.start()
    events = own.api("GET", f"/chat/conversations/{customer.id}/events", instance=INSTANCE)["events"]
    words = [(event["contact"], event["text"]) for event in events if event["type"] == "word_left"]
    assert words == [("ann@example.com", "call me"), ("+8613800138000", "or here")]


def test_long_polling_waits_for_the_next_event_and_ends_when_nothing_comes(own):
    desk, customer = Desk(own), Customer(own)
    page = customer.events()
    began = time.monotonic()
    assert customer.events(page["next"], wait=1) == {"events": [], "next": page["next"]}
    assert time.monotonic() - began >= 0.9
    later = threading.Timer(0.5, lambda: desk("send_stream_msg", SessionId=customer.id, Chunk="Hello, "))
    later.start()
    began = time.monotonic()
    news = customer.events(page["next"], wait=30)
    later.join()
    assert [event["text"] for event in news["events"]] == ["Hello, "]
    assert 0.3 < time.monotonic() - began < 20
    assert customer.ask("GET", f"/conversations/{customer.id}/events?after=0&wait=61", status=422)


def test_a_client_that_only_polls_sees_a_growing_message_whole_through_a_kill(own):
    desk, customer = Desk(own), Customer(own)
    seen, after, key = [], 0, None
    for n in range(12):
        body = {"SessionId": customer.id, "Chunk": f"[{n}]"} | ({"MsgKey": key} if key else {})
        key = desk("send_stream_msg", **body).get("MsgKey", key)
        if n == 5:
            own.kill()
            own.start()
        if n % 3 == 2:
            page = customer.events(after, wait=5)
            seen, after = seen + page["events"], page["next"]
    desk("send_stream_msg", SessionId=customer.id, Chunk="", MsgKey=key, Finish=1)
    seen += customer.events(after, wait=5)["events"]
    assert fold(seen)[key] == "".join(f"[{n}]" for n in range(12))
