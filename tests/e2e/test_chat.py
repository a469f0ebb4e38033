"""People in chats: who is asked, who takes it, what staff see and customers do not, callbacks."""

import http.server
import json
import threading
import urllib.parse
import urllib.request

import pytest

from centre import INSTANCE, Centre, Problem, wait_for
from desk import Customer, Desk, fold


class Server:
    """A tenant's own server: takes callbacks, and says whom a customer gets."""

    def __init__(self):
        self.told = []
        self.routing = {}
        self.refuse = 0
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                answer = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}
                if query.get("CallbackCommand") == "ChatBot.OnAssignHuman":
                    answer |= server.routing
                elif server.refuse:
                    server.refuse -= 1
                    answer |= {"ActionStatus": "FAIL", "ErrorCode": 1}
                else:
                    server.told.append((query, body))
                text = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/callback"

    def events(self, session):
        return [body["Event"] for _, body in self.told if body.get("Event") and body["SessionId"] == session]


class Person:
    """Somebody of the staff, in the native API with a token."""

    def __init__(self, centre, name):
        self.centre = centre
        self.mail = f"{name}@example.com"
        body = {"email": self.mail, "name": name, "roles": ["agent"]}
        self.id = centre.api("POST", "/staff", body, instance=INSTANCE)["id"]

    def status(self, status):
        self.centre.api("PUT", f"/staff/{self.id}/status", {"status": status}, instance=INSTANCE)
        return self

    def act(self, customer, verb, **body):
        path = f"/chat/conversations/{customer.id}/{verb}"
        return self.centre.api("POST", path, {"staff": self.id} | body, instance=INSTANCE)


@pytest.fixture
def own(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000", "--fetch-private")
    centre.start()
    yield centre
    centre.stop()


def state(customer, wanted):
    return wait_for(f"state {wanted}", lambda: customer.show()["state"] == wanted, every=0.25)


def test_a_customer_is_asked_for_served_passed_on_and_done(own):
    desk = Desk(own)
    lin, kim = Person(own, "lin").status("free"), Person(own, "kim")
    customer = Customer(own)
    customer.say("I need a person", "m1")
    moved = desk("transfer_to_human", SessionId=customer.id)
    assert (moved["AgentId"], moved["IsInQueue"]) == (lin.mail, 0)
    assert desk("get_session_state", SessionId=customer.id)["CurrentState"] == "WaitingForAgentAnswering"
    with pytest.raises(Problem, match="409"):
        kim.act(customer, "messages", text="me?")
    lin.act(customer, "messages", text="How can I help?", client_id="l1")
    assert customer.show() | {"staff": {"name": "lin"}, "state": "staffed"} == customer.show()
    lin.act(customer, "notes", text="a good customer")
    assert customer.messages() == [("customer", "I need a person"), ("staff", "How can I help?")]
    assert "note" not in [event["type"] for event in customer.events()["events"]]
    page = own.api("GET", f"/chat/conversations/{customer.id}/messages", instance=INSTANCE)
    assert [message.get("private", False) for message in page["items"]] == [False, False, True]
    kim.status("free")
    lin.act(customer, "transfer", to=kim.id)
    state(customer, "offered")
    kim.act(customer, "accept")
    kim.act(customer, "rating")
    kim.act(customer, "close")
    customer.act("rating", {"score": 5, "text": "quick"})
    records = desk("describe_im_cdr_list", StartTimestamp=0, EndTimestamp=2**40)["IMCdrList"]
    assert [(r["StaffId"], r["EndStatus"]) for r in records] == [(kim.mail, 1), (lin.mail, 101)]
    assert records[0]["Satisfaction"]["Id"] == 5


def test_who_is_full_keeps_customers_waiting_in_their_order(own):
    own.api("PATCH", "/chat/settings", {"per_staff_max": 1}, instance=INSTANCE)
    lin = Person(own, "lin").status("free")
    one, two, three = Customer(own), Customer(own), Customer(own)
    assert one.act("person")["state"] == "offered"
    assert two.act("person") | {"state": "queued"} == two.show()
    three.act("person")
    assert (two.show()["place"], three.show()["place"]) == (1, 2)
    lin.act(one, "accept")
    lin.act(one, "close")
    state(two, "offered")
    assert three.show()["state"] == "queued"
    lin.act(two, "decline")
    three_or_two = wait_for(
        "the next offer", lambda: [c for c in (two, three) if c.show()["state"] == "offered"], every=0.25
    )
    assert len(three_or_two) == 1
    lin.status("offline")
    # A customer may ask a few times a second only.
    wait_for("all told", lambda: {two.show()["state"], three.show()["state"]} == {"bot"}, every=0.25)


def test_a_person_takes_over_in_mid_message_and_gives_back(own):
    desk, lin = Desk(own), Person(own, "lin").status("free")
    customer = Customer(own)
    key = desk("send_stream_msg", SessionId=customer.id, Chunk="I think")["MsgKey"]
    lin.act(customer, "take-over")
    assert desk.code("send_stream_msg", SessionId=customer.id, Chunk=" that", MsgKey=key) == 141004
    assert desk.code("send_stream_msg", SessionId=customer.id, Chunk="new") == 141004
    ends = [e["end"] for e in customer.events()["events"] if e["type"] == "stream_end"]
    assert ends == ["cut"]
    lin.act(customer, "give-back")
    desk("send_stream_msg", SessionId=customer.id, Chunk="As I said", Finish=1)
    assert [text for _, text in customer.messages()] == ["I think", "As I said"]
    fold(customer.events()["events"])


@pytest.mark.parametrize("fault", ["bot", "bot and server"])
def test_a_bot_that_dies_in_mid_message_leaves_it_closed_and_the_next_one_goes_on(own, fault):
    own.api("PATCH", "/chat/settings", {"stream_silence_second": 5}, instance=INSTANCE)
    desk, customer = Desk(own), Customer(own)
    key = desk("send_stream_msg", SessionId=customer.id, Chunk="I will")["MsgKey"]
    if fault == "bot and server":
        own.kill()
        own.start()
    ends = lambda: [e["end"] for e in customer.events()["events"] if e["type"] == "stream_end"]
    assert wait_for("the message to be closed", ends, 30, every=0.5) == ["timed_out"]
    assert desk.code("send_stream_msg", SessionId=customer.id, Chunk=" never", MsgKey=key) == 141004
    desk("send_stream_msg", SessionId=customer.id, Chunk="Here I am again.", Finish=1)
    assert customer.messages() == [("bot", "I will"), ("bot", "Here I am again.")]
    fold(customer.events()["events"])


def test_the_tenants_server_routes_and_is_told_in_order_whatever_fails(own):
    server, desk = Server(), Desk(own)
    own.add_webhook(server.url, topics=["desk_event", "desk_assign", "imcdr"])
    lin, kim = Person(own, "lin").status("free"), Person(own, "kim").status("free")
    server.routing = {"AgentIdList": [kim.mail]}
    server.refuse = 1
    customer = Customer(own)
    customer.say("hi", "m1")
    desk("send_stream_msg", SessionId=customer.id, Chunk="Hello, ", random=1)
    key = desk("send_stream_msg", SessionId=customer.id, Chunk="Hello, ", random=1)["MsgKey"]
    desk("send_stream_msg", SessionId=customer.id, Chunk="Ann", MsgKey=key, Finish=1)
    customer.act("person")
    state(customer, "offered")
    kim.act(customer, "messages", text="here")
    kim.act(customer, "close")
    wanted = [
        "SessionBegin",
        "ChatBot.UserSendMsg",
        "ChatBot.RobotSendMsg",
        "TransferToAgent",
        "TransferToAgentSuccess",
        "Agent.AgentSendMsg",
        "SessionEnd",
    ]
    wait_for("every event", lambda: server.events(customer.id) == wanted, 30)
    said = next(body for _, body in server.told if body.get("Event") == "ChatBot.RobotSendMsg")
    assert said["MsgBody"][0]["MsgContent"]["Text"] == "Hello, Ann" and said["MsgKey"] == key
    query = next(query for query, body in server.told if body.get("Event") == "SessionBegin")
    assert query["SdkAppid"] == str(INSTANCE) and query["CallbackCommand"] == "Desk.SessionEventNotify"

    def record():
        return [body for query, body in server.told if query.get("action") == "imcdr"]

    record = wait_for("the record", record)[0]
    assert (record["SessionId"], record["EndStatusString"]) == (customer.id, "ok")
    assert record["SeatUser"]["Mail"] == kim.mail


def test_staff_follow_all_chats_by_one_numbered_stream(own):
    lin = Person(own, "lin").status("free")
    customer = Customer(own)
    customer.say("hi", "m1")
    lin.act(customer, "take-over")
    lin.act(customer, "messages", text="hello")
    url = f"{own.url}/api/v1/chat/events?after=0&instance={INSTANCE}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {own.token}"})
    seen = []
    with urllib.request.urlopen(request, timeout=20) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                seen.append(json.loads(line[6:]))
                if len(seen) == 4:
                    lin.act(customer, "notes", text="later")
                if len(seen) == 5:
                    break
    assert [event["type"] for event in seen] == ["began", "message", "state", "message", "note"]
    assert [event["seq"] for event in seen] == sorted(event["seq"] for event in seen)
    page = own.api("GET", "/chat/conversations", state="staffed", staff=lin.id, instance=INSTANCE)
    assert [c["id"] for c in page["items"]] == [customer.id]


def test_a_word_for_later_and_ready_answers(own):
    own.api("POST", "/chat/canned-answers", {"shortcut": "hi", "text": "Good morning!"}, instance=INSTANCE)
    with pytest.raises(Problem, match="409"):
        own.api("POST", "/chat/canned-answers", {"shortcut": "hi", "text": "x"}, instance=INSTANCE)
    page = own.api("GET", "/chat/canned-answers", instance=INSTANCE)
    assert [answer["text"] for answer in page["items"]] == ["Good morning!"]
    customer = Customer(own)
    assert customer.act("person")["state"] == "bot", "nobody is there"
    customer.act("word", {"contact": "ann@example.com", "text": "call me"})
    events = own.api("GET", f"/chat/conversations/{customer.id}/events", instance=INSTANCE)["events"]
    assert events[-1]["contact"] == "ann@example.com"
