"""Whoever thinks for a voice agent thinks for it as a robot too: language models, flows and robots
elsewhere, asked through `Dialogue` by an official client."""

import json

import pytest

import models
from aliyun import Clients
from centre import INSTANCE, SECRET_ID, SECRET_KEY, Centre, wait_for
from sse_robot import SseRobot

FLAGS = ["--requests-per-second", "1000", "--fetch-private"]


@pytest.fixture(scope="module")
def clients():
    clients = Clients()
    yield clients
    clients.close()


def feedback(clients, centre, call, words, client="core", **more):
    """What a client is answered to one turn."""
    fields = {
        "InstanceId": str(INSTANCE),
        "CallId": call,
        "CallType": "Outbound",
        "CallingNumber": "1***6",
        "CalledNumber": "135****4353",
        "Utterance": words,
        **more,
    }
    told = clients.ask(client, centre, "Dialogue", **fields)
    assert "answer" in told, told
    answer = told["answer"]
    assert (answer["Code"], answer["Success"], answer["HttpStatusCode"]) == ("OK", True, 200)
    return answer["Feedback"]


def turns(centre, call):
    [seen] = centre.api("GET", "/dialogues", name=call)["items"]
    return centre.api("GET", f"/dialogues/{seen['id']}")["turns"]


def add_model(centre, model, name):
    body = {"name": name, "url": model.url, "model": "m", "key": "sk-e2e"}
    centre.api("POST", "/language-models", body, instance=INSTANCE)


def of_model(centre, name):
    thinker = {
        "models": [name],
        "prompt": "You are brief.",
        "transfers": [
            {
                "name": "transfer_to_human",
                "description": "The caller wants a person.",
                "target": "front desk",
                "say": "One moment.",
            }
        ],
    }
    return str(
        centre.add_agent(
            {
                "language": "en",
                "greeting": "Good morning.",
                "thinker": thinker,
                "goodbye": "Goodbye.",
                "fallback": "Something is wrong with me.",
            }
        )
    )


def test_a_language_model_answers_transfers_and_hangs_up_and_remembers_over_a_restart(clients, tmp_path):
    centre = Centre(tmp_path / "model", *FLAGS)
    centre.start()

    def script(n, body):
        last = body["messages"][-1]["content"]
        if "person" in last:
            return models.call("transfer_to_human", {"reason": "caller_asked", "summary": "s"})
        if "bye" in last:
            return models.call("call_end", {})
        if "broken" in last:
            return models.status(500)
        return models.words(f"You said {last}.")

    model = models.Model(script)
    try:
        add_model(centre, model, "main")
        robot = of_model(centre, "main")
        say = lambda call, words, **more: feedback(
            clients, centre, call, words, ScriptId=robot, **more
        )
        begun = say("one", "")
        assert (begun["Content"], begun["Action"], begun["ActionParams"]) == ("Good morning.", "broadcast", "")
        assert begun["Interruptible"] is True
        assert say("one", "seven")["Content"] == "You said seven."
        centre.kill()
        centre.start()
        assert say("one", "eight")["Content"] == "You said eight."
        said = [(message["role"], message["content"]) for message in model.requests[-1]["body"]["messages"]]
        assert said == [
            ("system", "You are brief."),
            ("assistant", "Good morning."),
            ("user", "seven"),
            ("assistant", "You said seven."),
            ("user", "eight"),
        ]
        # What is cut is what the model is told was heard.
        cut = {"abortDialogueInfo": {"abortDialogueType": "Interrupted", "answer": "You said"}}
        say("one", "", ActionKey="AbortDialogue", ActionParams=json.dumps(cut))
        say("one", "nine")
        heard = [m["content"] for m in model.requests[-1]["body"]["messages"] if m["role"] == "assistant"]
        assert heard == ["Good morning.", "You said seven.", "You said"]

        failed = say("one", "broken")
        assert (failed["Content"], failed["Action"]) == ("Something is wrong with me.", "broadcast")

        moved = say("one", "a person please")
        assert moved["Action"] == "TransferToAgent"
        assert "front desk" in moved["ActionParams"]
        assert "One moment." in moved["Content"]

        over = say("two", "bye")
        assert over["Action"] == "Hangup" and over["Content"].endswith("Goodbye.")
        assert [turn["act"].split(" ")[0] for turn in turns(centre, "two")] == ["hang_up"]
    finally:
        model.close()
        centre.stop()


FLOW = {
    "start": "menu",
    "nodes": {
        "menu": {
            "type": "dialogue",
            "say": "Do you want to order?",
            "branches": [{"name": "yes", "words": ["yes"], "next": "number"}],
            "other": "bye",
        },
        "number": {"type": "key_press", "say": "Enter your number.", "collect": "order", "next": "told"},
        "told": {"type": "end_call", "say": "Your order is ${order}."},
        "bye": {"type": "end_call", "say": "Goodbye."},
    },
}


def test_a_flow_goes_on_where_it_was_after_a_kill(clients, tmp_path):
    centre = Centre(tmp_path / "flow", *FLAGS)
    centre.start()
    try:
        robot = str(centre.add_agent({"language": "en", "flow": FLOW}))
        say = lambda words, **more: feedback(clients, centre, "f", words, "tea", ScriptId=robot, **more)
        assert say("")["Content"] == "Do you want to order?"
        centre.kill()
        centre.start()
        asked = say("yes")
        assert (asked["Content"], asked["Action"]) == ("Enter your number.", "CollectNumber")
        assert json.loads(asked["ActionParams"])["maxDigits"] == 32
        centre.kill()
        centre.start()
        told = say("", ActionKey="CollectedNumber", ActionParams='{"number":"77"}')
        assert (told["Content"], told["Action"]) == ("Your order is 77.", "Hangup")
        assert [turn["kind"] for turn in turns(centre, "f")] == ["silent", "said", "pressed"]
    finally:
        centre.stop()


ROBOT = {
    "language": "en",
    "greeting": "Words from elsewhere.",
    "replies": [
        {"words": ["yes"], "say": "Great.", "then": "hang_up"},
        {"words": ["maybe"], "say": "Yes or no?"},
        {"words": ["human"], "say": "One moment.", "then": {"transfer": "desk"}},
    ],
    "no_match": "Sorry?",
    "no_input": "Are you there?",
    "goodbye": "Goodbye.",
}


@pytest.mark.parametrize("interface", ["dialogue", "callbacks"])
def test_a_robot_has_its_words_from_the_robot_of_a_second_centre_also_after_a_kill(
    clients, tmp_path, interface
):
    """A caller asks one centre, which asks the other one: both are robots, and both may die."""
    first, second = Centre(tmp_path / "first", *FLAGS), Centre(tmp_path / "second", *FLAGS)
    first.start()
    second.start()
    try:
        robot = str(second.add_agent(ROBOT))
        agent = str(first.add_agent({"language": "en", "greeting": "Own words.", "fallback": "Alas."}))
        remote = {
            "url": second.url,
            "interface": interface,
            "access_key_id": SECRET_ID,
            "access_key_secret": SECRET_KEY,
            "instance": str(INSTANCE),
            "script": robot,
        }
        first.api("PUT", f"/remote-robots/{agent}", remote)
        say = lambda call, words, **more: feedback(clients, first, call, words, ScriptId=agent, **more)

        assert say("a", "")["Content"] == "Words from elsewhere."
        for centre in (first, second):
            centre.kill()
            centre.start()
        assert say("a", "maybe")["Content"] == "Yes or no?"
        assert say("a", "", ActionKey="SilenceTimeout")["Content"] == "Are you there?"
        over = say("a", "yes")
        assert (over["Content"], over["Action"]) == ("Great. Goodbye.", "Hangup")
        moved = say("b", "human")
        assert moved["Action"] == "TransferToAgent" and "desk" in moved["ActionParams"]

        # Whoever hangs up on the first centre hangs up on the second one.
        say("c", "")
        say("c", "", ActionKey="Hangup")
        seen = lambda: [d for d in second.api("GET", "/dialogues")["items"] if d["ending"] == "caller"]
        wait_for("the second centre to know of the end", seen)

        second.kill()
        failed = say("d", "")
        assert (failed["Content"], failed["Action"]) == ("Alas.", "broadcast")
    finally:
        first.stop()
        second.stop()


def test_a_script_with_a_function_speaks_its_words_by_dialogue_and_on_the_phone(clients, centre, line):
    def words(callback, body):
        if callback == "beginSession":
            return "Good morning. Press a key.", [{"type": "GatherDtmf", "maxDigits": 2}]
        keys = [extra["dtmf"] for extra in body["extras"] if extra["dataType"] == "DTMF"]
        said = keys[0] if keys else body["utterance"]
        return f"You gave {said}. Bye now.", [{"type": "HangUp", "delay": 0}]

    robot = SseRobot(words)
    try:
        ask = lambda action, **fields: clients.ask(
            "tea", centre, action, InstanceId=str(INSTANCE), **fields
        )["answer"]
        script = ask(
            "CreateScript",
            ScriptName="Function",
            Industry="shop",
            Scene="notice",
            NluEngine="SSE_FUNCTION",
            ScriptNluProfileJsonString=json.dumps({"fcHttpTriggerUrl": robot.url, "fcRegion": "", "fcFunction": ""}),
        )["Script"]["ScriptId"]
        ask("PublishScript", ScriptId=script, Description="first")
        described = ask("DescribeScript", ScriptId=script)["Script"]
        assert described["NluProfile"]["FcHttpTriggerUrl"] == robot.url

        say = lambda words, **more: feedback(clients, centre, "sse", words, ScriptId=script, **more)
        assert say("")["Content"] == "Good morning. Press a key."
        over = say("seven")
        assert (over["Content"], over["Action"]) == ("You gave seven. Bye now.", "Hangup")
        wait_for("the end of the session", lambda: "endSession" in robot.callbacks())
        assert robot.callbacks() == ["beginSession", "dialogue", "endSession"]
        callback, body, headers = robot.asked[1]
        assert (body["utterance"], body["extras"], body["scriptId"]) == ("seven", [], script)
        assert body["sessionId"] == robot.asked[0][1]["sessionId"]
        assert body["streamId"] != robot.asked[0][1]["streamId"]
        assert headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=" + SECRET_ID)

        # The same on a telephone: two keys are enough, without `#` and without a pause.
        phone = line()
        contact = {"contacts": [{"phoneNumber": phone.callee, "referenceId": "sse"}]}
        [pair] = ask("StartJob", ScriptId=script, JobJson=json.dumps(contact))["TaskIds"]
        said = lambda text: [e for e in centre.events(pair["Value"]) if text in json.dumps(e)]
        wait_for("the greeting", lambda: said("Press a key"), seconds=40)
        phone.phone.rtp.press("42")
        call = centre.wait_state(pair["Value"], "ended", seconds=40)
        assert call["cause"] == "agent_finished", call
        assert said("You gave 42."), "the two keys were one row"
    finally:
        robot.close()


def test_changing_actions_leave_entries_in_the_audit_log(clients, centre):
    ask = lambda action, **fields: clients.ask(
        "core", centre, action, InstanceId=str(INSTANCE), **fields
    )
    made = ask("CreateScript", ScriptName="Audited", Industry="shop", Scene="notice")
    script = made["answer"]["Script"]["ScriptId"]
    assert ask("PublishScript", ScriptId=script, Description="x")["code"] == "MissingScriptContent"
    ask("ListScripts", PageNumber=1, PageSize=10)
    feedback(clients, centre, "audited", "", ScriptId=str(centre.add_agent(ROBOT)))
    ask("DeleteScript", ScriptId=script)
    entries = centre.api("GET", "/audit", actor=SECRET_ID, limit=200)["items"]
    seen = {(entry["action"], entry["outcome"]) for entry in entries}
    assert {("CreateScript", "OK"), ("PublishScript", "MissingScriptContent"), ("DeleteScript", "OK")} <= seen
    assert not {"ListScripts", "Dialogue"} & {entry["action"] for entry in entries}
    [published] = [entry for entry in entries if entry["subject"] == f"ScriptId {script}" and entry["action"] == "PublishScript"]
    assert (published["actor_kind"], published["instance"]) == ("credential", INSTANCE)
    assert SECRET_KEY not in json.dumps(entries)
    assert centre.api("GET", "/audit/verify")["whole"] is True
