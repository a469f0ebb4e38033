"""Our voice agents as robots of Alibaba's clients, and as robots of one another on the phone."""

import json
import subprocess

import pytest

from centre import INSTANCE, SECRET_ID, SECRET_KEY, VENVS, Centre, wait_for

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


class Clients:
    """The official clients in an environment of their own."""

    def __init__(self):
        python = VENVS / "aliyun" / "bin" / "python"
        self.process = subprocess.Popen(
            [python, "-W", "ignore", "tests/e2e/aliyun_client.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, client, centre, action, key=SECRET_ID, secret=SECRET_KEY, **fields):
        ask = {
            "client": client,
            "endpoint": centre.url.removeprefix("http://"),
            "key": key,
            "secret": secret,
            "action": action,
            "fields": fields,
        }
        self.process.stdin.write(json.dumps(ask) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


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


@pytest.mark.parametrize("client", ["core", "tea"])
def test_a_conversation_by_an_official_client(clients, centre, robot, client):
    call = f"call {client}"
    say = lambda words: turn(clients, client, centre, robot, call, words)
    assert say("") == ("Hello, can you come?", "broadcast")
    assert say("well, maybe 是的 a+b~*'/") == ("Yes or no?", "broadcast")
    assert say("yes") == ("Great. Goodbye.", "Hangup")
    [seen] = centre.api("GET", "/dialogues", name=call)["items"]
    turns = centre.api("GET", f"/dialogues/{seen['id']}")["turns"]
    assert [t["act"] for t in turns] == ["speak", "speak", "hang_up"]


@pytest.mark.parametrize("client", ["core", "tea"])
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
    assert (unknown["code"], unknown["status"]) == ("NotExist.Instance", 404)
    forged = clients.ask(client, centre, "Dialogue", secret="wrong", **fields)
    # The old client finds its own string to sign in the message, and knows that the secret is wrong.
    expected = {"core": "InvalidAccessKeySecret", "tea": "SignatureDoesNotMatch"}[client]
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


@pytest.mark.parametrize("interface", ["dialogue", "callbacks"])
def test_a_voice_agent_speaks_the_words_of_a_second_centre(centre, line, tmp_path, interface):
    """Both roles against each other: the words on the phone are those of the other centre's robot."""
    second = Centre(tmp_path / "second")
    second.start()
    try:
        robot = str(second.add_agent({**AGENT, "greeting": "Words from elsewhere.", "replies": []}))
        agent = centre.add_agent({"language": "en", "greeting": "Own words."})
        centre.api(
            "PUT",
            f"/remote-robots/{agent}",
            {
                "url": second.url,
                "interface": interface,
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
        said = lambda: [
            event for event in centre.events(placed["id"]) if "elsewhere" in json.dumps(event)
        ]
        wait_for("the words of the other centre", said, seconds=30)
        [seen] = second.api("GET", "/dialogues", name=placed["id"])["items"]
        assert seen["voice_agent"] == int(robot)
    finally:
        second.stop()
