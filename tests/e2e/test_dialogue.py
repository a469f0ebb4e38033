"""Our voice agents as robots of Alibaba's clients, and as robots of one another on the phone."""

import concurrent.futures
import json
import urllib.error
import urllib.request

import pytest

from aliyun import Clients, signed_url
from centre import INSTANCE, SECRET_ID, SECRET_KEY, Centre, wait_for

AGENT = {
    "language": "en",
    "greeting": "Hello, can you come?",
    "replies": [
        {"words": ["yes"], "keys": ["1"], "say": "Great.", "then": "hang_up"},
        {"words": ["maybe"], "keys": ["2"], "say": "Yes or no?"},
        {"words": ["human"], "say": "One moment.", "then": {"transfer": "desk"}},
    ],
    "no_input": "Are you there?",
    "no_match": "Sorry?",
    "goodbye": "Goodbye.",
}


@pytest.fixture(scope="module")
def clients():
    clients = Clients()
    yield clients
    clients.close()


@pytest.fixture(scope="module")
def robot(centre):
    return str(centre.add_agent(AGENT))


def turn(clients, client, centre, robot, call, words, **more):
    told = clients.ask(
        client,
        centre,
        "Dialogue",
        **{
            "InstanceId": str(INSTANCE),
            "CallId": call,
            "CallType": "Outbound",
            "CallingNumber": "1***6",
            "CalledNumber": "135****4353",
            "Utterance": words,
            "ScriptId": robot,
            **more,
        },
    )
    assert "answer" in told, told
    assert told["answer"]["Code"] == "OK" and told["answer"]["Success"] is True
    feedback = told["answer"]["Feedback"]
    return feedback["Content"], feedback["Action"]


CLIENTS = ["core", "tea", "node-core", "node-tea"]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_conversation_by_an_official_client(clients, centre, robot, client):
    call = f"call {client}"
    say = lambda words: turn(clients, client, centre, robot, call, words)
    assert say("") == ("Hello, can you come?", "broadcast")
    assert say("well, maybe 是的 a+b~*'/") == ("Yes or no?", "broadcast")
    assert say("yes") == ("Great. Goodbye.", "Hangup")
    [seen] = centre.api("GET", "/dialogues", name=call)["items"]
    turns = centre.api("GET", f"/dialogues/{seen['id']}")["turns"]
    assert [t["act"] for t in turns] == ["speak", "speak", "hang_up"]


@pytest.mark.parametrize("client", CLIENTS)
def test_errors_reach_the_official_clients(clients, centre, client):
    fields = {
        "InstanceId": "af81a389",
        "CallId": "1",
        "CallType": "Outbound",
        "CallingNumber": "1",
        "CalledNumber": "2",
        "Utterance": "x",
    }
    unknown = clients.ask(client, centre, "Dialogue", **fields)
    assert unknown["code"] == "NotExist.Instance", unknown
    # The old client for Node tells no status.
    assert unknown["status"] == (None if client == "node-core" else 404)
    forged = clients.ask(client, centre, "Dialogue", secret="wrong", **fields)
    # The old client finds its own string to sign in the message, and knows that the secret is wrong.
    expected = "InvalidAccessKeySecret" if client == "core" else "SignatureDoesNotMatch"
    assert forged["code"] == expected, forged


def test_a_conversation_outlives_the_server(clients, tmp_path):
    centre = Centre(tmp_path / "outlives")
    centre.start()
    try:
        robot = str(centre.add_agent(AGENT))
        say = lambda words: turn(clients, "core", centre, robot, "c", words)
        say("")
        assert say("maybe") == ("Yes or no?", "broadcast")
        centre.kill()
        centre.start()
        assert say("yes") == ("Great. Goodbye.", "Hangup")
    finally:
        centre.stop()


def fetched(url):
    """Status and text of an answer to a POST without a body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, b"", method="POST"), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def asked(robot, call, words):
    return {
        "Action": "Dialogue",
        "InstanceId": str(INSTANCE),
        "CallId": call,
        "CallType": "Outbound",
        "CallingNumber": "1",
        "CalledNumber": "2",
        "Utterance": words,
        "ScriptId": robot,
    }


def test_what_is_forged_or_replayed_changes_nothing(centre, robot):
    first = signed_url(centre.url, asked(robot, "replay", ""))
    assert fetched(first)[0] == 200
    status, text = fetched(first)
    assert (status, "SignatureNonceUsed" in text) == (400, True)
    forged = signed_url(centre.url, asked(robot, "replay", "yes")).replace("Utterance=yes", "Utterance=no")
    status, text = fetched(forged)
    assert (status, "SignatureDoesNotMatch" in text) == (400, True)
    old = signed_url(centre.url, asked(robot, "replay", "yes"), ago_second=3600)
    assert "InvalidTimeStamp.Expired" in fetched(old)[1]
    [seen] = centre.api("GET", "/dialogues", name="replay")["items"]
    assert len(centre.api("GET", f"/dialogues/{seen['id']}")["turns"]) == 1


def test_a_question_that_comes_many_times_at_once_is_counted_once(centre, robot):
    fetched(signed_url(centre.url, asked(robot, "twice", "")))
    urls = [signed_url(centre.url, asked(robot, "twice", "maybe")) for _ in range(8)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(fetched, urls))
    assert all(status == 200 and "Yes or no?" in text for status, text in answers), answers
    [seen] = centre.api("GET", "/dialogues", name="twice")["items"]
    assert len(centre.api("GET", f"/dialogues/{seen['id']}")["turns"]) == 2


def test_an_end_that_overtakes_a_question_ends_the_conversation(centre, robot):
    fetched(signed_url(centre.url, asked(robot, "late", "")))
    over = asked(robot, "late", "") | {"ActionKey": "Hangup"}
    fetched(signed_url(centre.url, over))
    status, text = fetched(signed_url(centre.url, asked(robot, "late", "maybe")))
    assert (status, "Hangup" in text) == (200, True)


@pytest.mark.parametrize(
    "interface, profile",
    [("dialogue", "strict"), ("dialogue", "extended"), ("callbacks", "extended")],
)
def test_a_voice_agent_speaks_the_words_of_a_second_centre(centre, line, tmp_path, interface, profile):
    """Both roles against each other: the words on the phone are those of the other centre's robot,
    keys reach it, and the call ends when it says so."""
    second = Centre(tmp_path / "second")
    second.start()
    try:
        robot = str(second.add_agent({**AGENT, "greeting": "Words from elsewhere."}))
        agent = centre.add_agent({"language": "en", "greeting": "Own words."})
        centre.api(
            "PUT",
            f"/remote-robots/{agent}",
            {
                "url": second.url,
                "interface": interface,
                "profile": profile,
                "access_key_id": SECRET_ID,
                "access_key_secret": SECRET_KEY,
                "instance": str(INSTANCE),
                "script": robot,
            },
        )
        phone = line()
        placed = centre.api(
            "POST", "/calls", {"voice_agent": agent, "callee": phone.callee}, instance=INSTANCE
        )
        said = lambda text: [
            event for event in centre.events(placed["id"]) if text in json.dumps(event)
        ]
        wait_for("the words of the other centre", lambda: said("elsewhere"), seconds=40)
        phone.phone.rtp.press("1")
        call = centre.wait_state(placed["id"], "ended", seconds=40)
        assert call["cause"] == "agent_finished", call
        assert said("Great"), "the answer to the key was spoken"
        [seen] = second.api("GET", "/dialogues", name=placed["id"])["items"]
        assert (seen["voice_agent"], seen["ending"]) == (int(robot), "robot")
        turns = second.api("GET", f"/dialogues/{seen['id']}")["turns"]
        assert turns[-1]["act"] == "hang_up"
        # Strict callers have no word for keys: they are said.
        assert any(turn["heard"] == "1" for turn in turns)
    finally:
        second.stop()
