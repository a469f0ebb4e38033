"""The vendor's Desk API: who asks, growing messages, people, records; with faults in between."""

import base64
import http.client
import json
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import uuid
import zlib

import pytest
from websockets.sync.client import connect

from centre import INSTANCE, Centre, wait_for
from conftest import quiet
from desk import Customer, Desk, fold, refusal

NPM_PACKAGE = "tls-sig-api-v2@1.0.2"


@pytest.fixture(scope="module")
def desk(centre):
    return Desk(centre)


@pytest.fixture
def customer(centre):
    return Customer(centre)


def text_message(text, random, **more):
    element = {"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}
    return {"MsgRandom": random, "MsgBody": [element]} | more


# Who asks.


def test_names_that_do_not_fit_have_the_vendors_codes(desk):
    state = {"SessionId": str(uuid.uuid4())}

    def asked(**query):
        return refusal(desk.raw("get_session_state", state, **query))

    assert asked(sdkappid=None) == 60012
    assert asked(identifier=None) == 60004
    assert asked(usersig=None) == 70002
    assert asked(usersig="forged") == 70003
    assert asked(usersig=desk.sig()[:-12]) == 70003
    assert asked(usersig=desk.sig("bob")) == 70013
    assert asked(usersig=desk.sig(app=1400009999)) == 70014
    assert asked(usersig=desk.sig(secret="0" * 64)) == 70009
    assert asked(sdkappid=1400009999) == 70020
    assert asked(identifier="bob", usersig=desk.sig("bob")) == 90009
    assert asked(usersig=desk.sig(expire=-1)) == 70001
    assert asked(random="x") == 60002
    assert asked(contenttype="xml") == 60002
    assert refusal(desk.raw("get_session_state", state, method="GET")) == 60002
    assert refusal(desk.raw("no_such_command", state)) == 60002
    assert asked() == 141005


def test_guesses_of_the_secret_are_slowed_and_the_right_one_is_served(desk):
    codes = []
    for n in range(12):
        wrong = desk.sig(secret=f"{n:064}")
        codes.append(refusal(desk.raw("get_session_state", {}, usersig=wrong)))
    assert codes[0] == 70009 and codes[-1] == 70050
    assert desk.code("get_session_state", SessionId=str(uuid.uuid4())) == 141005


def test_a_replaced_secret_is_told_from_a_wrong_one(centre, desk):
    old = desk.sig()
    desk.secret = centre.api("POST", "/chat/secret", instance=INSTANCE)["secret"]
    assert refusal(desk.raw("get_session_state", {}, usersig=old)) == 70052


def test_an_instance_that_does_not_chat_is_no_desk_app(centre, desk):
    other = centre.api("POST", "/instances", {"name": "other"})["id"]
    asked = {"sdkappid": other, "usersig": desk.sig(app=other)}
    assert refusal(desk.raw("get_session_state", {}, **asked)) == 141000
    centre.api("PATCH", "/chat/settings", {"enabled": False}, instance=INSTANCE)
    try:
        assert desk.code("get_session_state", SessionId=str(uuid.uuid4())) == 141000
    finally:
        centre.api("PATCH", "/chat/settings", {"enabled": True}, instance=INSTANCE)


@pytest.mark.skipif(not shutil.which("npm"), reason="the vendor's other library needs Node")
def test_signatures_of_the_vendors_node_library_are_good(desk, customer, tmp_path):
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", NPM_PACKAGE]
    subprocess.run(npm, cwd=tmp_path, check=True, timeout=120)
    script = """
        const { Api } = require("tls-sig-api-v2");
        const api = new Api(Number(process.argv[1]), process.argv[2]);
        console.log(api.genUserSig("administrator", 3600));
        console.log(api.genPrivateMapKey("administrator", 3600, 10000, 255));
    """
    node = ["node", "-e", script, str(INSTANCE), desk.secret]
    made = subprocess.run(node, cwd=tmp_path, check=True, capture_output=True, text=True)
    plain, with_userbuf = made.stdout.split()
    for sig in (plain, with_userbuf):
        status, answer = desk.raw("get_session_state", {"SessionId": customer.id}, usersig=sig)
        assert (status, answer["ErrorCode"], answer["CurrentState"]) == (200, 0, "Chatbot")


def test_createusersig_proves_a_customer(centre, cloud, desk):
    data = json.dumps({"nickName": "企鹅一号"}, ensure_ascii=False)
    sig = cloud.CreateUserSig(Uid="staff1@xxx.com", ClientData=data, ExpiredTime=3600)["UserSig"]
    customer = Customer(centre, user_sig=sig, name="")
    assert customer.started["customer"] == {
        "id": "staff1@xxx.com",
        "name": "企鹅一号",
        "verified": True,
    }
    sent = desk("send_msg", FromAccount="@customer_service_account", ToAccount="staff1@xxx.com", **text_message("hi", 3))
    assert sent["MsgKey"]
    state = desk("get_session_state", ClientUserId="staff1@xxx.com", CustomerServiceId="@customer_service_account")
    assert (state["SessionId"], state["CurrentState"]) == (customer.id, "Chatbot")
    assert refusal(desk.raw("send_msg", {"FromAccount": "@a", "ToAccount": "nobody"} | text_message("x", 4))) == 20003


def test_a_signature_that_lacks_a_field_is_told_so(desk):
    packed = desk.sig().replace("*", "+").replace("-", "/").replace("_", "=")
    fields = json.loads(zlib.decompress(base64.b64decode(packed)))
    for wrong in ({"TLS.time": None}, {"TLS.expire": "soon"}):
        half = {name: value for name, value in (fields | wrong).items() if value is not None}
        text = base64.b64encode(zlib.compress(json.dumps(half).encode())).decode()
        sig = text.replace("+", "*").replace("/", "-").replace("=", "_")
        assert refusal(desk.raw("get_session_state", {}, usersig=sig)) == 70005


def test_a_server_that_asks_too_often_is_told_so(centre, desk):
    n_asked = 300
    body = b'{"SessionId": "x"}'
    query = f"sdkappid={INSTANCE}&identifier=administrator&usersig={desk.sig()}&random=1&contenttype=json"
    request = (
        f"POST /v4/desk_http_svc/describe_chat_messages?{query} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body

    def burst():
        codes = []

        def one(n_here):
            with socket.create_connection(("127.0.0.1", centre.http_port), timeout=30) as connection:
                connection.sendall(request * n_here)
                got = b""
                while got.count(b"ErrorCode") < n_here:
                    more = connection.recv(65536)
                    assert more, "the server hung up"
                    got += more
                codes.extend(int(code) for code in re.findall(rb'"ErrorCode":(\d+)', got))

        threads = [threading.Thread(target=one, args=(n_asked,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return codes

    # A slow machine may not reach the limit at once.
    codes = wait_for("the limit", lambda: (found := burst()) and 60007 in found and found, 60)
    assert set(codes) == {141006, 60007} and codes.count(141006) >= 200
    assert desk.code("get_session_state", SessionId="x") == 141006, "other commands have their own limit"
    wait_for("the next second", lambda: desk.code("describe_chat_messages", SessionId="x") == 141006)


# What is asked.


def test_bodies_that_do_not_fit_have_the_vendors_codes(desk, customer):
    def stream(body):
        return refusal(desk.raw("send_stream_msg", body))

    session = {"SessionId": customer.id}
    assert stream(b"{") == 90001
    assert stream(b"[]") == 90001
    assert stream(b'{"x": "' + b"x" * 12_288 + b'"}') == 93000
    assert stream({"Chunk": "x"}) == 141004
    assert stream({"SessionId": "not-an-id", "Chunk": "x"}) == 141006
    assert stream({"SessionId": 7, "Chunk": "x"}) == 141004
    assert stream({"SessionId": str(uuid.uuid4()), "Chunk": "x"}) == 141005
    assert stream(session) == 141004
    assert stream(session | {"Chunk": 7}) == 141004
    assert stream(session | {"Chunk": "x", "Finish": 2}) == 141004
    assert stream(session | {"Chunk": "x", "MsgKey": "1_1_1"}) == 141004

    def message(body):
        return refusal(desk.raw("send_msg", session | body))

    assert message({"MsgBody": []}) == 90005
    assert message({"MsgRandom": "7", "MsgBody": []}) == 90005
    assert message({"MsgRandom": 7}) == 90002
    assert message({"MsgRandom": 7, "MsgBody": {}}) == 90007
    assert message({"MsgRandom": 7, "MsgBody": [{"MsgType": "TIMTextElem"}]}) == 90010
    assert customer.messages() == [], "nothing of all that was written"


def test_a_message_grows_as_in_the_vendors_sample(desk, customer):
    first = desk("send_stream_msg", SessionId=customer.id, Chunk="Hello, ")
    seq, at, chance = first["MsgKey"].split("_")
    assert seq.isdigit() and abs(int(at) - time.time()) < 60 and len(chance) == 25
    key = first["MsgKey"]
    assert "MsgKey" not in desk("send_stream_msg", SessionId=customer.id, Chunk="this is ", MsgKey=key)
    desk("send_stream_msg", SessionId=customer.id, Chunk="Tencent Cloud.", MsgKey=key, Finish=1)
    assert customer.messages() == [("bot", "Hello, this is Tencent Cloud.")]
    assert desk.code("send_stream_msg", SessionId=customer.id, Chunk="!", MsgKey=key) == 141004
    page = desk("describe_chat_messages", SessionId=customer.id, Order=1)
    assert page["TotalCount"] == 1
    assert page["Messages"][0]["Messages"] == [{"Type": "Text", "Content": "Hello, this is Tencent Cloud."}]


def test_repeated_pieces_are_shown_once(desk, customer):
    def piece(random, chunk, key=None, **more):
        body = {"SessionId": customer.id, "Chunk": chunk} | more
        return desk("send_stream_msg", random=random, **(body | ({"MsgKey": key} if key else {})))

    key = piece(101, "a")["MsgKey"]
    assert piece(101, "a")["MsgKey"] == key
    piece(102, "b", key)
    piece(102, "b", key)
    assert piece(101, "a")["MsgKey"] == key, "late: the network held it back"
    piece(103, "c", key, Finish=1)
    piece(103, "c", key, Finish=1)
    assert customer.messages() == [("bot", "abc")]
    assert len(fold(customer.events()["events"])) == 1
    again = {"SessionId": customer.id} | text_message("once", 9)
    assert desk("send_msg", **again)["MsgKey"] == desk("send_msg", **again)["MsgKey"]
    assert customer.messages() == [("bot", "abc"), ("bot", "once")]


def test_a_key_is_good_in_its_session_only(centre, desk, customer):
    other = Customer(centre)
    key = desk("send_stream_msg", SessionId=customer.id, Chunk="a")["MsgKey"]
    assert desk.code("send_stream_msg", SessionId=other.id, Chunk="b", MsgKey=key) == 141004
    assert other.messages() == []


def test_two_messages_grow_at_once_and_a_message_has_12_kilobytes(desk, customer):
    one = desk("send_stream_msg", SessionId=customer.id, Chunk="a")["MsgKey"]
    two = desk("send_stream_msg", SessionId=customer.id, Chunk="x")["MsgKey"]
    desk("send_stream_msg", SessionId=customer.id, Chunk="b", MsgKey=one)
    desk("send_stream_msg", SessionId=customer.id, Chunk="y", MsgKey=two)
    assert customer.messages() == [("bot", "ab"), ("bot", "xy")]
    desk("send_stream_msg", SessionId=customer.id, Chunk="x" * 7000, MsgKey=one)
    assert desk.code("send_stream_msg", SessionId=customer.id, Chunk="x" * 7000, MsgKey=one) == 93000


def test_a_session_moves_and_ends(centre, desk, customer):
    def state():
        return desk("get_session_state", SessionId=customer.id)["CurrentState"]

    assert state() == "Chatbot"
    moved = desk("transfer_to_human", SessionId=customer.id, SendTipIfNoAgentOnline=1)
    assert (moved["AgentId"], moved["IsInQueue"]) == ("", 0)
    assert customer.messages()[-1][0] == "centre", "nobody is online, and the customer is told so"
    assert desk.code("transfer_to_human", SessionId=customer.id, AgentIdList=["no@body"]) == 141004
    assert desk.code("transfer_to_human", SessionId=customer.id, AgentGroupId=999) == 141004
    begun = int(time.time())
    desk("end_session", SessionId=customer.id)
    assert state() == "NotInSession"
    assert desk.code("end_session", SessionId=customer.id) == 141005
    assert desk.code("send_stream_msg", SessionId=customer.id, Chunk="x") == 141005
    assert customer.act("messages", {"text": "x", "client_id": "x"}, status=409)["detail"]
    customer.act("rating", {"score": 4})
    me = customer.started["customer"]["id"]
    page = desk("describe_im_cdr_list", StartTimestamp=begun - 60, EndTimestamp=begun + 60, ClientUserId=me)
    record = page["IMCdrList"][0]
    assert (page["TotalCount"], record["SessionId"], record["EndStatus"]) == (1, customer.id, 3)
    assert record["Satisfaction"] == {"Id": 4, "Label": "满意"}
    assert desk.code("describe_im_cdr_list", StartTimestamp=2, EndTimestamp=1) == 141004
    assert desk.code("describe_chat_messages", SessionId=customer.id, Limit=101) == 141004


def test_the_ccc_api_reads_the_same_records(cloud, desk, customer):
    desk("send_msg", SessionId=customer.id, **text_message("hello", 1))
    desk("end_session", SessionId=customer.id)
    now = int(time.time())
    window = {"StartTimestamp": now - 600, "EndTimestamp": now + 60, "Limit": 100}
    for action, field in (("DescribeIMCdrList", "IMCdrList"), ("DescribeIMCdrs", "IMCdrs")):
        page = getattr(cloud, action)(**window)
        record = next(r for r in page[field] if r["SessionId"] == customer.id)
        assert (record["Type"], record["EndStatus"], record["Nickname"]) == (2, 1, "Ann")
    page = cloud.DescribeChatMessages(SessionId=customer.id)
    assert page["Messages"][0]["Messages"] == [{"Type": "Text", "Content": "hello"}]
    page = cloud.DescribeChatMessages(CdrId=record["Id"])
    assert page["TotalCount"] == 1


# The widget's channel.


def test_a_socket_sees_a_message_grow_and_resumes_after_a_cut(desk, customer):
    protocols = ["switchboard.chat.v1", customer.token]
    seen = []
    with connect(customer.socket_url(), subprotocols=protocols) as socket:
        assert socket.subprotocol == "switchboard.chat.v1"
        hello = json.loads(socket.recv(timeout=10))
        assert hello["type"] == "hello"
        key = desk("send_stream_msg", SessionId=customer.id, Chunk="Hello, ")["MsgKey"]
        while not seen or seen[-1]["type"] != "stream":
            seen.append(json.loads(socket.recv(timeout=10)))
    desk("send_stream_msg", SessionId=customer.id, Chunk="unseen ", MsgKey=key)
    with connect(customer.socket_url(seen[-1]["n"]), subprotocols=protocols) as socket:
        desk("send_stream_msg", SessionId=customer.id, Chunk="end", MsgKey=key, Finish=1)
        while seen[-1]["type"] != "stream_end":
            seen.append(json.loads(socket.recv(timeout=10)))
    assert fold(seen)[key] == "Hello, unseen end"


def test_strangers_and_other_pages_stay_outside(centre, desk, customer):
    stranger = Customer(centre)
    assert stranger.ask("GET", f"/conversations/{customer.id}", status=404)
    stranger.token = "swv_nothing"
    assert stranger.ask("GET", f"/conversations/{customer.id}", status=401)
    with pytest.raises(Exception, match="401"):
        connect(customer.socket_url(), subprotocols=["switchboard.chat.v1", "swv_nothing"])
    stranger.token = None
    page = {"Origin": "https://elsewhere.example"}
    assert stranger.ask("POST", "/start", {"instance": INSTANCE}, page, status=403)
    centre.api("PATCH", "/chat/settings", {"origins": ["https://elsewhere.example"]}, instance=INSTANCE)
    assert stranger.ask("POST", "/start", {"instance": INSTANCE}, page)["token"]


def test_files_are_told_by_their_bytes(customer):
    png = b"\x89PNG\r\n\x1a\n" + bytes(100)
    sent = customer.act("files", png, headers={"X-File-Name": "%E5%9B%BE.png", "X-Client-Id": "f1"})
    assert sent["file"] | {"id": ""} == {"id": "", "name": "图.png", "media_type": "image/png", "n_bytes": 108}
    assert customer.ask("GET", f"/files/{sent['file']['id']}") == png
    page = customer.act("files", b"<html><script>", headers={"X-File-Name": "a.png"}, status=422)
    assert page["field"] == "file"


def test_a_customers_message_counts_once_and_comes_back_after_reload(centre, customer):
    assert customer.say("hi", "m1")["repeated"] is False
    assert customer.say("hi", "m1")["repeated"] is True
    again = Customer(centre, token=customer.token)
    assert again.id == customer.id and again.token == customer.token
    assert again.messages() == [("customer", "hi")]


def test_our_voice_agent_answers_and_streams(centre):
    agent = centre.add_agent(quiet("Good morning, this is Harbor Clinic. How may I help you today?"))
    centre.api("PATCH", "/chat/settings", {"bot": agent}, instance=INSTANCE)
    try:
        customer = Customer(centre)
        greeting = ("bot", "Good morning, this is Harbor Clinic. How may I help you today?")
        wait_for("the greeting", lambda: greeting in customer.messages())
        kinds = [event["type"] for event in customer.events()["events"]]
        assert kinds.count("chunk") >= 2, kinds
        customer.say("hello", "c1")
        customer.act("end")
    finally:
        centre.api("PATCH", "/chat/settings", {"bot": None}, instance=INSTANCE)


# Faults.


def test_kill_9_in_mid_stream_loses_and_doubles_nothing(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000")
    centre.start()
    try:
        desk = Desk(centre)
        customer = Customer(centre)
        chance = random.Random(7)
        key, text, n_kills = None, "", 0
        stopped = threading.Event()

        def keep_killing():
            nonlocal n_kills
            for _ in range(3):
                time.sleep(chance.uniform(0.2, 0.8))
                centre.kill()
                n_kills += 1
                centre.start()
            stopped.set()

        killer = threading.Thread(target=keep_killing)
        killer.start()
        n = 0
        while not stopped.is_set() or n < 40:
            piece = f"[{n}]"
            body = {"SessionId": customer.id, "Chunk": piece} | ({"MsgKey": key} if key else {})
            # The same request, again and again, until it is answered.
            answer = wait_for("an answer", lambda: insist(desk, body, 1000 + n), 60)
            assert answer["ErrorCode"] == 0, answer
            key = key or answer["MsgKey"]
            text += piece
            n += 1
            if len(text) > 10_000:
                break
        killer.join()
        desk("send_stream_msg", SessionId=customer.id, Chunk="", MsgKey=key, Finish=1)
        assert n_kills == 3
        assert customer.messages() == [("bot", text)]
        events, after = [], 0
        while page := customer.events(after)["events"]:
            events += page
            after = page[-1]["n"]
        assert fold(events)[key] == text
    finally:
        centre.stop()


def test_a_database_that_does_not_answer_is_an_internal_error_and_the_same_request_succeeds_later(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000")
    centre.start()
    try:
        desk, customer = Desk(centre), Customer(centre)
        asked = {"SessionId": customer.id} | text_message("once", 9)
        with sqlite3.connect(centre.data / "switchboard.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            assert desk.code("send_msg", **asked) == 141002
            other.execute("ROLLBACK")
        assert wait_for("an answer", lambda: desk.raw("send_msg", asked)[1].get("MsgKey"))
        assert customer.messages() == [("bot", "once")]
    finally:
        centre.stop()


def test_every_command_means_the_same_again_after_a_kill(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000")
    centre.start()

    def after_kill(command, random=None, **body):
        """The command, a kill, and the very same command."""
        query = {} if random is None else {"random": random}
        first = desk.raw(command, body, **query)[1]
        centre.kill()
        centre.start()
        return first, desk.raw(command, body, **query)[1]

    try:
        desk = Desk(centre)
        customer = Customer(centre)
        session = {"SessionId": customer.id}
        first, again = after_kill("send_msg", **session, **text_message("once", 9))
        assert first["MsgKey"] == again["MsgKey"]
        first, again = after_kill("send_stream_msg", 77, **session, Chunk="a")
        assert first["MsgKey"] == again["MsgKey"]
        key = first["MsgKey"]
        first, again = after_kill("send_stream_msg", 78, **session, Chunk="b", MsgKey=key, Finish=1)
        assert (first["ErrorCode"], again["ErrorCode"]) == (0, 0)
        assert customer.messages() == [("bot", "once"), ("bot", "ab")]
        first, again = after_kill("get_session_state", **session)
        assert first == again and first["CurrentState"] == "Chatbot"
        first, again = after_kill("transfer_to_human", **session)
        assert (first["ErrorCode"], again["ErrorCode"]) == (0, 0), "nobody is there, again"
        first, again = after_kill("describe_chat_messages", **session, Order=1)
        assert first == again and first["TotalCount"] == 2
        first, again = after_kill("end_session", **session)
        assert (first["ErrorCode"], again["ErrorCode"]) == (0, 141005)
        window = {"StartTimestamp": 0, "EndTimestamp": 2**40}
        first, again = after_kill("describe_im_cdr_list", **window)
        assert first == again and first["TotalCount"] == 1
    finally:
        centre.stop()


def insist(desk, body, random):
    """The answer, unless the server is gone or wants to be asked more slowly."""
    try:
        answer = desk.raw("send_stream_msg", body, random=random)[1]
    except (OSError, http.client.HTTPException):
        return None
    return None if answer["ErrorCode"] == 60007 else answer
