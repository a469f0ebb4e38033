"""One call, several voice agents: a model or a flow hands the caller on, and the next agent has the same leg,
the same recording and what was said so far."""

import time

import pytest

import models
import sound
from centre import INSTANCE, wait_for

WELCOME = "Good morning, this is Harbor Clinic."
SALES = "Sales department, how can I help you?"


@pytest.fixture
def model(centre):
    made = []

    def make(script):
        model = models.Model(script)
        made.append(model)
        model.name = f"model-{model.server.server_port}"
        body = {"name": model.name, "url": model.url, "model": "m", "key": "sk-e2e"}
        centre.api("POST", "/language-models", body, instance=INSTANCE)
        return model

    yield make
    for model in made:
        model.close()


def place(cloud, model, line, items, **more):
    fields = {
        "Callee": line.callee, "LLMType": "openai", "APIKey": "sk-request", "APIUrl": model.url,
        "Model": "m", "WelcomeMessage": WELCOME, "Languages": ["en"], "EnableComplianceAudio": False,
        "TransferToAgentEnable": True, "TransferToAgentItems": items,
    }  # fmt: skip
    return cloud.CreateAICall(**(fields | more))["SessionId"]


def item(agent, name="to_sales"):
    return {"TransferToAgentName": name, "TransferToAgentDesc": "The caller wants to buy.",
            "TransferToAgentId": agent}  # fmt: skip


def events(centre, call_id, kind):
    return [e for e in centre.events(call_id) if e["type"] == kind]


def test_the_model_of_a_request_hands_the_caller_to_a_stored_agent(
    centre, cloud, line, model, tmp_path
):
    asked = []

    def first(n, body):
        asked.append(body)
        return models.call("to_sales", {"reason": "other"}, "I connect you.")

    answer = "The boat costs nine pounds."
    selling = model(lambda n, body: models.words(answer))
    agent = centre.add_agent(
        {"language": "en", "greeting": SALES, "variables": {"who": "nobody"},
         "thinker": {"models": [selling.name], "prompt": "You sell to ${name}."}},
        name="Sales",
    )  # fmt: skip
    own, phone = model(first), line()
    call_id = place(
        cloud, own, phone, [item(agent)], Variables=[{"Key": "name", "Value": "Lin"}],
    )  # fmt: skip
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    phone.phone.rtp.press("5")
    phone.phone.wait_heard(sound.speak(SALES, tmp_path), least=0.8)
    phone.phone.rtp.press("6")
    phone.phone.wait_heard(sound.speak(answer, tmp_path), least=0.8)
    # The manners are those of the next agent, and so is who answers by request.
    ask = {"Content": "Tell the weather.", "Interrupt": True}
    cloud.ControlAIConversation(SessionId=call_id, Command="InvokeLLM", InvokeLLM=ask)
    wait_for("the second question", lambda: len(selling.requests) == 2)
    assert selling.requests[1]["headers"]["x-invoke-llm"] == "1"
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    [tool] = asked[0]["tools"]
    assert tool["function"]["name"] == "to_sales"
    assert selling.messages(1) == [
        ("system", "You sell to Lin."),
        ("assistant", WELCOME),
        ("user", "5"),
        ("assistant", f"I connect you. {SALES}"),
        ("user", "(The caller pressed 6.)"),
    ]
    call = centre.wait_state(call_id, "ended")
    assert [(n["voice_agent"], n["name"]) for n in call["next_agents"]] == [(agent, "Sales")]
    kinds = [e["type"] for e in centre.events(call_id)]
    assert kinds.index("transfer_requested") < kinds.index("agent_changed")
    # One recording of the whole call: what both agents said is in the agent's track.
    record = centre.track(centre.wait_recordings(call_id), "agent")
    file = centre.fetch(record["url"], tmp_path / "agent.mp3")
    heard = sound.read(file)
    for words in (WELCOME, SALES, answer):
        assert sound.match(sound.speak(words, tmp_path), heard)[0] > 0.7, words
    now = int(time.time())
    span = {"StartTimeStamp": now - 3600, "EndTimeStamp": now + 3600}
    page = cloud.DescribeTelCdr(**span, SessionIds=[call_id], PageSize=10, PageNumber=0)
    cdr = page["TelCdrs"]
    parts = [(p["Type"], p["Mail"], p["TransferFrom"]) for p in cdr[0]["ServeParticipants"]]
    assert parts[-1] == ("aiAgent", f"agent:{agent}", parts[0][1]), parts
    rounds = cloud.DescribeAICallInteractionRecords(SessionId=call_id)["InteractionEventList"]
    spoken = {m["AISpeak"]["SpokenText"]: m["AISpeak"]["SpokenType"]
              for r in rounds for m in r["Messages"] if m.get("AISpeak")}  # fmt: skip
    assert spoken["I connect you."] == "TransferAgentPrompt", spoken


def test_an_agent_that_is_gone_by_then_is_an_error_to_the_model_which_goes_on(
    centre, cloud, line, model, tmp_path
):
    def script(n, body):
        if n == 1:
            return models.call("to_sales", {"reason": "other"})
        return models.words("I can sell it to you myself.")

    gone = centre.add_agent({"language": "en", "greeting": SALES, "goodbye": "Bye."}, name="Gone")
    own, phone = model(script), line()
    call_id = place(cloud, own, phone, [item(gone)])
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    centre.api("DELETE", f"/voice-agents/{gone}")
    phone.phone.rtp.press("5")
    phone.phone.wait_heard(sound.speak("I can sell it to you myself.", tmp_path), least=0.8)
    told = own.messages(2)[-1][1]
    assert "Error: there is no such agent" in told, own.messages(2)
    [failed] = events(centre, call_id, "transfer_failed")
    assert failed["why"] == "unknown"
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["next_agents"] == []


def test_a_flow_hands_on_what_it_has_found_out(centre, cloud, line, tmp_path):
    last = centre.add_agent(
        {"language": "en", "greeting": "Your number is ${order}, goodbye.", "steps": {
            "end": {"then": "hang_up"}}, "start": "end"},
        name="Last of the flow",
    )  # fmt: skip
    flow = {
        "start": "number",
        "nodes": {
            "number": {"type": "key_press", "say": "Enter your number.", "collect": "order", "next": "on"},
            "on": {"type": "transfer_agent", "say": "One moment.", "target": "Last of the flow",
                   "failed": "bye"},
            "bye": {"type": "end_call", "say": "Nobody is here."},
        },
    }  # fmt: skip
    agent = centre.add_agent({"language": "en", "flow": flow}, name="Flow")
    phone = line()
    call_id = cloud.CreateAIAgentCall(AIAgentId=agent, Callee=phone.callee)["SessionId"]
    phone.phone.wait_heard(sound.speak("Enter your number.", tmp_path))
    phone.phone.rtp.press("42#")
    phone.phone.wait_end()
    said = [e["heard"] for e in events(centre, call_id, "agent_said")]
    assert said == ["Enter your number.", "One moment.", "Your number is 42, goodbye."], said
    call = centre.wait_state(call_id, "ended")
    assert call["cause"] == "agent_finished"
    assert [n["voice_agent"] for n in call["next_agents"]] == [last]


def test_two_agents_that_send_the_caller_to_each_other_stop_in_time(
    centre, cloud, line, tmp_path
):
    to = lambda name: {"language": "en", "greeting": "Hi.", "start": "on", "steps": {
        "on": {"then": {"transfer": f"agent:{name}"}}}, "goodbye": "Enough of that, goodbye."}  # fmt: skip
    ping = centre.add_agent(to("Pong"), name="Ping")
    centre.add_agent(to("Ping"), name="Pong")
    phone = line()
    call_id = cloud.CreateAIAgentCall(AIAgentId=ping, Callee=phone.callee)["SessionId"]
    phone.phone.wait_end(60)
    assert len(centre.wait_state(call_id, "ended")["next_agents"]) == 10
    [failed] = events(centre, call_id, "transfer_failed")
    assert failed["why"] == "too_often"
