"""Voice agents that think with language models: the official SDK asks, a phone rings, a model answers."""

import json
import subprocess
import urllib.error
import urllib.request

import pytest

import models
import sound
from centre import INSTANCE, TOKEN, VENVS, BIN, Problem, wait_for

GREETING = "Good morning, this is Harbor Clinic."


@pytest.fixture
def model(centre):
    """Makes models and the back ends that lead to them."""
    made = []

    def make(script, name=None):
        model = models.Model(script)
        made.append(model)
        model.name = name or f"model-{model.server.server_port}"
        body = {"name": model.name, "url": model.url, "model": "m", "key": "sk-e2e"}
        model.id = centre.api("POST", "/language-models", body, instance=INSTANCE)["id"]
        return model

    yield make
    for model in made:
        model.close()


def agent_of(centre, *models, **thinker):
    names = [model.name for model in models]
    return centre.add_agent(
        {
            "language": "en",
            "greeting": GREETING,
            "thinker": {"models": names, "prompt": "You serve ${name}.", **thinker},
            "goodbye": "Goodbye.",
            "fallback": "Something is wrong with me.",
        }
    )


def place(cloud, agent, line, **more):
    return cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee, **more)["SessionId"]


def thoughts(centre, call_id, what):
    return [e for e in centre.events(call_id) if e["type"] == "thought" and e["what"] == what]


def test_the_words_of_a_model_are_heard_on_the_phone(centre, cloud, line, model, tmp_path):
    reply = "You have pressed seven."
    answering = model(lambda n, body: models.words(reply))
    agent = agent_of(centre, answering)
    phone = line()
    call_id = place(cloud, agent, phone, Variables=[{"Key": "name", "Value": "Lin"}])
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    phone.phone.rtp.press("7")
    phone.phone.wait_heard(sound.speak(reply, tmp_path))
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    assert answering.messages(1) == [
        ("system", "You serve Lin."),
        ("assistant", GREETING),
        ("user", "(The caller pressed 7.)"),
    ]
    assert answering.requests[0]["headers"]["authorization"] == "Bearer sk-e2e"
    [asked] = thoughts(centre, call_id, "asked")
    assert (asked["backend"], asked["outcome"]) == (answering.name, "answered")


def test_after_a_cut_the_model_knows_what_was_heard_and_nothing_more(
    centre, cloud, line, model, tmp_path
):
    first = "This is the first sentence of a long answer."
    rest = " ".join(f"Here comes sentence number {n} of it." for n in range(40))

    def script(n, body):
        return models.words(f"{first} {rest}", between=0.05) if n == 1 else models.words("Fine.")

    long = model(script)
    phone = line()
    call_id = place(cloud, agent_of(centre, long), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    phone.phone.rtp.press("1")
    phone.phone.wait_heard(sound.speak(first, tmp_path), least=0.8)
    phone.phone.rtp.press("2")
    wait_for("the second question", lambda: len(long.requests) == 2)
    wait_for("the first connection to be closed", lambda: long.requests[0].get("cut"))
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    [said] = [e for e in centre.events(call_id) if e["type"] == "agent_said" and e["interrupted"]]
    assert said["heard"].startswith(first) and said["unsaid"]
    told = [text for role, text in long.messages(2) if role == "assistant"]
    assert told == [GREETING, said["heard"]]
    assert thoughts(centre, call_id, "asked")[0]["outcome"] == "stopped"


def test_a_flow_asks_an_api_and_says_what_it_knows(centre, cloud, line, tmp_path):
    api = models.Model(lambda n, body: models.words("unused"))
    api.server.RequestHandlerClass.do_GET = lambda handler: orders(api, handler)
    flow = {
        "start": "number",
        "nodes": {
            "number": {"type": "key_press", "say": "Enter your number.", "collect": "order", "next": "look"},
            "look": {
                "type": "api_call",
                "request": {"url": api.url + "/orders/{order}"},
                "inputs": {"order": "${order}"},
                "outputs": ["state"],
                "success": "told",
                "failure": "bye",
            },
            "told": {"type": "end_call", "say": "Your order is ${state}."},
            "bye": {"type": "end_call", "say": "Goodbye."},
        },
    }
    try:
        agent = centre.add_agent({"language": "en", "flow": flow})
        phone = line()
        call_id = place(cloud, agent, phone)
        phone.phone.wait_heard(sound.speak("Enter your number.", tmp_path))
        phone.phone.rtp.press("77#")
        phone.phone.wait_heard(sound.speak("Your order is on the truck.", tmp_path), least=0.8)
        phone.phone.wait_end()
    finally:
        api.close()
    assert centre.wait_state(call_id, "ended")["cause"] == "agent_finished"
    moved = [(e["node_kind"], e["branch"]) for e in thoughts(centre, call_id, "moved")]
    assert moved == [("KEY_PRESS", ""), ("API_CALL", "DTMFCollection"), ("END_CALL", "Success")]
    assert api.requests == ["/v1/orders/77"]


def orders(api, handler):
    api.requests.append(handler.path)
    body = b'{"state": "on the truck", "noise": 1}'
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_the_model_ends_the_call(centre, cloud, line, model, tmp_path):
    ending = model(lambda n, body: models.call("call_end", {}))
    phone = line()
    call_id = place(cloud, agent_of(centre, ending), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    phone.phone.rtp.press("1")
    phone.phone.wait_end()
    call = centre.wait_state(call_id, "ended")
    assert call["cause"] == "function_called"
    assert call["transcript"][-1]["text"] == "Goodbye."


def test_a_model_that_breaks_in_mid_call_is_followed_by_the_next_one(
    centre, cloud, line, model, tmp_path
):
    def first(n, body):
        return models.words("All is well.") if n == 1 else models.status(503)

    one, two = model(first), model(lambda n, body: models.words("The second one speaks."))
    phone = line()
    call_id = place(cloud, agent_of(centre, one, two), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    phone.phone.rtp.press("1")
    phone.phone.wait_heard(sound.speak("All is well.", tmp_path), least=0.8)
    phone.phone.rtp.press("2")
    phone.phone.wait_heard(sound.speak("The second one speaks.", tmp_path), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    asked = [(e["backend"], e["outcome"]) for e in thoughts(centre, call_id, "asked")]
    assert asked == [(one.name, "answered"), (one.name, "failed"), (two.name, "answered")]
    # What was heard of the first one is known to the second one.
    assert ("assistant", "All is well.") in two.messages(1)


def test_when_all_models_fail_the_fallback_is_said_and_the_call_ends_with_its_cause(
    centre, cloud, line, model, tmp_path
):
    broken = model(lambda n, body: models.status(500))
    phone = line()
    call_id = place(cloud, agent_of(centre, broken), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    phone.phone.rtp.press("1")
    phone.phone.wait_heard(sound.speak("Something is wrong with me.", tmp_path), least=0.8)
    phone.phone.rtp.press("1")
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "thinker_failed"


def test_a_tool_of_a_real_mcp_server_is_called(centre, cloud, line, model, tmp_path):
    python = VENVS / "mcp" / "bin" / "python"
    tools = subprocess.Popen(
        [python, "tests/e2e/mcp_tools.py"], stdout=subprocess.PIPE, text=True
    )
    try:
        port = int(tools.stdout.readline())
        url = f"http://127.0.0.1:{port}/mcp"
        wait_for("the MCP server", lambda: answers(url))

        def script(n, body):
            last = body["messages"][-1]
            if last["role"] == "tool":
                return models.words(f"I see that {last['content']}.")
            return models.call("order_state", {"order": "seven"})

        calling = model(script)
        mcp = [{"url": url, "only": ["order_state"]}]
        phone = line()
        call_id = place(cloud, agent_of(centre, calling, mcp=mcp), phone)
        phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
        phone.phone.rtp.press("7")
        said = "I see that order seven is on the truck."
        phone.phone.wait_heard(sound.speak(said, tmp_path), least=0.8)
        cloud.HangUpCall(SessionId=call_id)
        phone.phone.wait_end()
        offered = [tool["function"]["name"] for tool in calling.requests[0]["body"]["tools"]]
        assert offered == ["call_end", "order_state"]
        [called] = thoughts(centre, call_id, "called")
        assert (called["tool"], called["outcome"]) == ("order_state", "answered")
        assert called["answer"] == "order seven is on the truck"
    finally:
        tools.kill()
        tools.wait()


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=2)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_a_model_is_added_tried_and_removed_by_the_command_line(centre, model):
    server = models.Model(lambda n, body: script_of_a_trial(body))
    flags = ["--server", centre.url, "--token", TOKEN]
    run = lambda *args: subprocess.run([BIN, "llm", *args, *flags], capture_output=True, text=True)
    try:
        added = run("add", "main", "--url", server.url, "--model", "m", "--key", "sk-1")
        assert added.returncode == 0, added.stderr
        assert "has_key: true" in added.stdout and "sk-1" not in added.stdout
        tried = run("test", "main", "--questions", "3")
        assert tried.returncode == 0, tried.stderr
        assert tried.stdout.startswith("3 requests: first token p50 ")
        assert "streaming yes; tool calls yes; Chinese yes" in tried.stdout
        assert "Good." in tried.stdout
        assert run("rm", "main").returncode == 0
        assert run("test", "main").returncode != 0
    finally:
        server.close()


def script_of_a_trial(body):
    if "tools" in body:
        return models.call("get_time", {"city": "Beijing"})
    if "北京" in body["messages"][-1]["content"]:
        return models.words("北京 是 首都。")
    return models.words("one two three four", between=0.01)


def test_an_agent_must_name_models_that_exist(centre):
    definition = {"language": "en", "thinker": {"models": ["nobody"]}}
    with pytest.raises(Problem) as refused:
        centre.add_agent(definition)
    assert refused.value.status == 422
    assert json.loads(refused.value.body)["field"] == "definition.thinker.models[0]"


def test_a_draft_is_tried_by_text_and_is_asked_only_for_what_is_new(centre, model):
    def script(n, body):
        last = body["messages"][-1]["content"]
        return models.status(500) if "broken" in last else models.words(f"You said {last}.")

    main = model(script)
    draft = {
        "language": "en",
        "greeting": GREETING,
        "goodbye": "Goodbye.",
        "fallback": "Something is wrong with me.",
        "thinker": {"models": [main.name]},
    }

    def tried(*steps):
        body = {"definition": draft, "steps": list(steps)}
        return centre.api("POST", "/voice-agents/try", body, instance=INSTANCE)["answers"]

    def known(step, answer):
        kept = {name: answer.get(name) for name in ("says", "act", "state")}
        return {**step, "answered": kept}

    first = [{"act": "answers"}, {"act": "says", "words": "seven"}]
    greeted, seven = tried(*first)
    assert (greeted["says"], seven["says"]) == (GREETING, "You said seven.")
    [thought] = [one for one in seven["thoughts"] if one["what"] == "asked"]
    assert thought["backend"] == main.name and thought["outcome"] == "answered"
    assert 0 < thought["first_token_ms"] <= thought["took_ms"]

    asked = len(main.requests)
    so_far = [known(step, answer) for step, answer in zip(first, (greeted, seven))]
    again = tried(*so_far, {"act": "says", "words": "eight"})
    assert [one["says"] for one in again] == [GREETING, "You said seven.", "You said eight."]
    assert len(main.requests) == asked + 1
    heard = [message["content"] for message in main.requests[-1]["body"]["messages"] if message["role"] != "system"]
    assert heard == [GREETING, "seven", "You said seven.", "eight"]

    failed = tried(*so_far, {"act": "says", "words": "broken"})[-1]
    assert failed["says"] == "Something is wrong with me."
    assert any(one["outcome"] == "failed" and one["why"] for one in failed["thoughts"])

    with pytest.raises(Problem) as refused:
        tried({"act": "answers"}, *[{"act": "says", "words": "x"}] * 3)
    assert refused.value.status == 422
    assert json.loads(refused.value.body)["field"] == "steps"
