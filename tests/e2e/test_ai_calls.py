"""Calls whose model comes with the request, through the official SDK, over real SIP and RTP."""

import base64
import json
import struct
import time
import urllib.request

import pytest

import models
import sound
from centre import wait_for
from cloud import code_of
from conftest import quiet
from peers import Phone

WELCOME = "Good morning, this is Harbor Clinic."


@pytest.fixture
def model():
    made = []

    def make(script):
        made.append(models.Model(script))
        return made[-1]

    yield make
    for model in made:
        model.close()


def place(cloud, model, line, **more):
    fields = {
        "Callee": line.callee, "LLMType": "openai", "APIKey": "sk-request", "APIUrl": model.url,
        "Model": "m", "SystemPrompt": "You serve ${name}.", "WelcomeMessage": WELCOME,
        "Languages": ["en"], "EnableComplianceAudio": False,
    }  # fmt: skip
    return cloud.CreateAICall(**(fields | more))["SessionId"]


def window():
    now = int(time.time())
    return {"StartTime": now - 3600, "EndTime": now + 3600}


def review(n_body):
    """What a model answers about an ended call, and what it answers in the call."""
    return json.dumps(n_body)


def is_review(body):
    return "JSON object" in body["messages"][0]["content"]


def events(centre, call_id, kind):
    return [e for e in centre.events(call_id) if e["type"] == kind]


def test_a_request_brings_its_own_model_and_the_call_is_reviewed_by_it(
    centre, cloud, line, model, tmp_path
):
    reply = "You have pressed seven."
    found = {
        "summary": "The person pressed seven.", "mood": "calm", "intention": "to press",
        "findings": {"key": 7, "wish": ["price"], "comes": True, "town": None},
    }  # fmt: skip

    def script(n, body):
        return models.words(review(found) if is_review(body) else reply)

    own = model(script)
    phone = line()
    items = [
        {"InfoType": "Number", "InfoName": "key", "InfoContent": "The key that was pressed"},
        {"InfoType": "Selector", "InfoName": "wish", "Choices": ["price", "colour"]},
        {"InfoType": "Boolean", "InfoName": "comes", "InfoContent": "Whether the person comes"},
        {"InfoType": "Text", "InfoName": "town", "Examples": ["Leeds"]},
    ]
    call_id = place(
        cloud, own, phone, ExtractConfig=items, LLMExtraBody='{"seed": 7}', Temperature=0.1,
        Variables=[{"Key": "name", "Value": "Lin"}],
    )  # fmt: skip
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    phone.phone.rtp.press("7")
    phone.phone.wait_heard(sound.speak(reply, tmp_path))
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    first = own.requests[0]
    assert own.messages(1)[:2] == [("system", "You serve Lin."), ("assistant", WELCOME)]
    assert first["headers"]["authorization"] == "Bearer sk-request"
    assert (first["body"]["seed"], first["body"]["temperature"]) == (7, 0.1)

    look = lambda: cloud.DescribeAICallExtractResult(SessionId=call_id, **window())["ResultList"]
    results = wait_for("the review", look)
    values = {r["InfoName"]: (r["InfoType"], r["Result"]) for r in results}
    assert values["key"][1]["Number"] == 7
    assert values["wish"][1]["Chosen"] == ["price"]
    assert values["comes"] == ("Boolean", {"Text": "", "Chosen": [], "Boolean": True, "Number": 0})
    assert "town" not in values
    analysis = cloud.DescribeAIAnalysisResult(SessionId=call_id, **window())["ResultList"]
    assert {r["Type"]: r["Result"] for r in analysis} == {
        "summary": "The person pressed seven.", "mood": "calm", "intention": "to press",
    }  # fmt: skip
    assert centre.call(call_id)["review"]["by"] == "m"
    assert "sk-request" not in centre.log


def test_what_happened_is_told_in_the_vendors_words(centre, cloud, line, model, tmp_path):
    own = model(lambda n, body: models.words("That is seven."))
    phone = line()
    call_id = place(cloud, own, phone)
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    phone.phone.rtp.press("7")
    phone.phone.wait_heard(sound.speak("That is seven.", tmp_path), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")

    rounds = cloud.DescribeAICallInteractionRecords(SessionId=call_id)["InteractionEventList"]
    assert [r["RoundIndex"] for r in rounds] == [1, 2]
    assert rounds[0]["Messages"][0]["AISpeak"]["SpokenText"] == WELCOME
    pressed, said = rounds[1]["Messages"]
    assert pressed["UserReply"]["ASRTranscript"] == "7"
    assert said["AISpeak"]["SpokenText"] == "That is seven."
    said = cloud.DescribeTelRecordAsr(SessionId=call_id)["AsrDataList"]
    assert [s["Message"] for s in said] == [WELCOME, "That is seven."]
    assert all(s["Start"] <= s["End"] for s in said)
    latency = cloud.DescribeAILatency(SessionId=call_id, **window())
    assert "AILatencyStatistics" in latency


def test_the_model_ends_the_call_by_its_function(centre, cloud, line, model, tmp_path):
    def script(n, body):
        return models.words("bye") if is_review(body) else models.call("call_end", {}, "Goodbye.")

    own = model(script)
    phone = line()
    call_id = place(cloud, own, phone, EndFunctionEnable=True, EndFunctionDesc="End it on 1.")
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    phone.phone.rtp.press("1")
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "function_called"
    [tool] = own.requests[0]["body"]["tools"]
    assert tool["function"]["name"] == "call_end"
    assert tool["function"]["description"] == "End it on 1."


def test_nobody_takes_the_caller_over_and_the_model_goes_on(centre, cloud, line, model, tmp_path):
    def script(n, body):
        if n == 1:
            return models.call("transfer_to_human", {"reason": "caller_asked"})
        return models.words("Nobody is there now.")

    own = model(script)
    phone = line()
    call_id = place(cloud, own, phone, TransferFunctionEnable=True)
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    phone.phone.rtp.press("1")
    phone.phone.wait_heard(sound.speak("Nobody is there now.", tmp_path), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_text_is_pushed_into_a_call(centre, cloud, line, model, tmp_path):
    own = model(lambda n, body: models.words("Yes."))
    phone = line()
    call_id = place(cloud, own, phone)
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    push = {"Text": "The doctor is late today.", "Interrupt": True, "AddHistory": True}
    cloud.ControlAIConversation(SessionId=call_id, Command="ServerPushText", ServerPushText=push)
    phone.phone.wait_heard(sound.speak(push["Text"], tmp_path))
    last = {"Text": "This call ends now, goodbye.", "Interrupt": True, "StopAfterPlay": True}
    phone.phone.rtp.press("1")
    wait_for("the model to be asked", lambda: own.requests)
    cloud.ControlAIConversation(SessionId=call_id, Command="ServerPushText", ServerPushText=last)
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "api_request"
    told = [(role, text) for role, text in own.messages(1) if role == "assistant"]
    assert any(push["Text"] in text for _, text in told), told
    outcomes = [(e["what"], e["outcome"]) for e in events(centre, call_id, "instructed")]
    assert outcomes == [("say", "taken"), ("say", "taken")]
    ended = code_of(
        cloud.ControlAIConversation, SessionId=call_id, Command="ServerPushText", ServerPushText=push
    )
    assert ended == "FailedOperation.SessionNotInControlState"


def test_the_model_is_asked_by_request_and_knows_it(centre, cloud, line, model, tmp_path):
    own = model(lambda n, body: models.words("It is sunny today."))
    phone = line()
    call_id = place(cloud, own, phone)
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    ask = {"Content": "Tell the weather.", "Interrupt": False}
    cloud.ControlAIConversation(SessionId=call_id, Command="InvokeLLM", InvokeLLM=ask)
    phone.phone.wait_heard(sound.speak("It is sunny today.", tmp_path), least=0.8)
    assert own.requests[0]["headers"]["x-invoke-llm"] == "1"
    assert own.messages(1)[-1] == ("user", "Tell the weather.")
    phone.phone.rtp.press("1")
    wait_for("the model to be asked again", lambda: len(own.requests) == 2)
    assert "x-invoke-llm" not in own.requests[1]["headers"]
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_sound_is_pushed_into_a_call(centre, cloud, line, model, tmp_path):
    own = model(lambda n, body: models.words("Yes."))
    phone = line()
    call_id = place(cloud, own, phone, WelcomeMessage="")
    centre.wait_state(call_id, "up")
    # Half a second at 16 kHz.
    samples = [8000 if n // 20 % 2 else -8000 for n in range(8000)]
    audio = base64.b64encode(struct.pack("<8000h", *samples)).decode()
    push = {"Audio": audio, "Interrupt": True, "StopAfterPlay": True, "Priority": 1}
    cloud.ControlAIConversation(SessionId=call_id, Command="ServerPushText", ServerPushText=push)
    phone.phone.wait_end()
    [told] = events(centre, call_id, "instructed")
    assert (told["what"], told["outcome"]) == ("play", "taken")
    assert centre.wait_state(call_id, "ended")["cause"] == "api_request"


def end_status(cloud, call_id):
    """How a call ended, in the vendor's number and word."""
    now = int(time.time())
    span = {"StartTimeStamp": now - 3600, "EndTimeStamp": now + 60}
    page = cloud.DescribeTelCdr(**span, SessionIds=[call_id], PageSize=10, PageNumber=0)
    return page["TelCdrs"][0]["EndStatus"], page["TelCdrs"][0]["EndStatusString"]


@pytest.mark.parametrize(
    "ends, status",
    [
        ("by its model that fails", (226, "llmasrError")),
        ("by its function", (228, "functionCallHangup")),
        ("by its longest time", (229, "maxCallDurationReached")),
        ("by the caller's silence", (230, "userInactivity")),
        ("by the API", (231, "callTerminatedByAPI")),
        ("by words that are the last", (231, "callTerminatedByAPI")),
    ],
)
def test_a_call_ends_with_the_vendors_cause(centre, cloud, line, model, tmp_path, ends, status):
    """225 and 227 are in test_speech.py, 232 in test_inbound.py, 233 in test_causes.py."""
    answer = {
        "by its model that fails": models.status(500),
        "by its function": models.call("call_end", {}),
    }.get(ends, models.words("Yes."))
    limits = {
        "by its longest time": {"MaxCallDurationMs": 4000},
        "by the caller's silence": {"MaxDuration": 1500, "NotifyMaxCount": 0},
        "by its function": {"EndFunctionEnable": True},
    }.get(ends, {})
    own = model(lambda n, body: answer)
    phone = line()
    call_id = place(cloud, own, phone, **limits)
    if ends != "by its longest time":
        phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    match ends:
        case "by its model that fails" | "by its function":
            phone.phone.rtp.press("1")
        case "by the API":
            cloud.HangUpCall(SessionId=call_id)
        case "by words that are the last":
            last = {"Text": "Goodbye.", "Interrupt": True, "StopAfterPlay": True}
            cloud.ControlAIConversation(SessionId=call_id, ServerPushText=last)
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")
    assert end_status(cloud, call_id) == status


def test_a_late_first_sentence_is_bridged_by_a_tone_word(centre, cloud, line, model, tmp_path):
    late = model(lambda n, body: models.words("Your parcel is in Leeds.", after=3.0))
    phone = line()
    tone = {"FirstSentenceTimeout": 0.5, "ZHToneWords": {"Neutral": ["Well, let me see."]}}
    call_id = place(cloud, late, phone, ToneWord=tone)
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    phone.phone.rtp.press("7")
    filler, _ = phone.phone.wait_heard(sound.speak("Well, let me see.", tmp_path), least=0.8)
    answer = sound.speak("Your parcel is in Leeds.", tmp_path)
    phone.phone.wait_heard(answer, least=0.8)
    heard = phone.phone.rtp.heard()
    at = lambda words: sound.match(sound.speak(words, tmp_path), heard)[1]
    gap = at("Your parcel is in Leeds.") - at("Well, let me see.")
    # The filler left half a second after the question, the answer three seconds after it.
    assert filler >= 0.8 and 1.8 < gap < 3.5, gap
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_what_cannot_be_is_refused(cloud, line, model):
    own = model(lambda n, body: models.words("Yes."))
    phone = line()
    wrong = lambda **more: code_of(lambda: place(cloud, own, phone, **more))
    assert wrong(LLMType="bard") == "InvalidParameterValue"
    assert wrong(VoiceType="Nobody") == "InvalidParameterValue"
    assert wrong(CustomTTSConfig='{"TTSType": "siren"}') == "InvalidParameterValue"
    transfer = [{"TransferFunctionName": "a", "TransferFunctionDesc": "b", "TransferSkillGroupId": 99999}]
    assert wrong(TransferFunctionEnable=True, TransferItems=transfer) == "InvalidParameterValue"
    unknown = code_of(cloud.ControlAIConversation, SessionId="none", Command="InvokeLLM",
                      InvokeLLM={"Content": "a"})  # fmt: skip
    assert unknown == "FailedOperation.SessionNotExists"
    assert code_of(cloud.DescribeAILatency, SessionId="none", **window()) == "FailedOperation.SessionNotExists"


def test_figures_count_what_was_told(centre):
    with urllib.request.urlopen(f"{centre.url}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    assert "switchboard_instructions_total" in text
    assert "switchboard_reviews_total" in text


def test_a_task_calls_everybody_on_its_list(centre, cloud, lines, tmp_path):
    agent = centre.add_agent(quiet("Hello."))
    phone = Phone(tmp_path, "answer", n_calls=1)
    line = lines(centre, phone)
    now = int(time.time())
    callee = "00" + line.callee.lstrip("+")
    task = cloud.CreateAutoCalloutTask(
        NotBefore=now - 1, NotAfter=now + 3600, Callees=[callee], Callers=[line.caller],
        AIAgentId=agent, Name="list", UUI="order 7", ConcurrencyLimit=1,
    )["TaskId"]  # fmt: skip

    def look():
        found = cloud.DescribeAutoCalloutTask(TaskId=task)
        return found if found["Callees"][0]["State"] in (1, 3) and found["Callees"][0]["Sessions"] else None

    found = wait_for("the callee to be called", look)
    [session] = found["Callees"][0]["Sessions"]
    assert found["Callees"][0]["Callee"] == callee
    # An attempt is stored before it is dialled.
    on_line = lambda: centre.api("GET", "/calls", number=line.callee, limit=1)["items"]
    wait_for("the call", on_line)
    assert centre.wait_state(session, "up")["user_data"] == "order 7"
    cloud.HangUpCall(SessionId=session)
    done = lambda: cloud.DescribeAutoCalloutTask(TaskId=task)["State"] == 2
    wait_for("the task to be completed", done)
    assert cloud.DescribeAutoCalloutTask(TaskId=task)["Callees"][0]["State"] == 1
    listed = cloud.DescribeAutoCalloutTasks(PageSize=10, PageNumber=0)
    assert (listed["Tasks"][0]["TaskId"], listed["Tasks"][0]["CalleeCount"]) == (task, 1)


def test_a_task_with_a_flow_as_its_ivr_calls_again_by_a_tag(centre, cloud, lines, tmp_path):
    flow = {
        "start": "ask",
        "nodes": {
            "ask": {
                "type": "dialogue",
                "say": "Press one to be called later.",
                "branches": [{"name": "later", "keys": ["1"], "tags": {"wish": "later"}, "next": "end"}],
            },
            "end": {"type": "end_call", "say": "Goodbye then."},
        },
    }
    ivr = centre.add_agent({"language": "en", "flow": flow})
    phone = Phone(tmp_path, "answer", n_calls=1)
    line = lines(centre, phone)
    now = int(time.time())
    callee = "00" + line.callee.lstrip("+")
    task = cloud.CreateAutoCalloutTask(
        NotBefore=now - 1, NotAfter=now + 36000, Callees=[callee], Callers=[line.caller], IvrId=ivr,
        Tries=2, RetryInterval=600, RetryTags=[{"TagName": "wish", "TagValue": "later"}],
    )["TaskId"]  # fmt: skip
    phone.wait_heard(sound.speak("Press one to be called later.", tmp_path))
    phone.rtp.press("1")
    phone.wait_end()
    state = lambda: cloud.DescribeAutoCalloutTask(TaskId=task)["Callees"][0]["State"] == 4
    wait_for("the callee to wait for another call", state)
    shown = cloud.DescribeAutoCalloutTask(TaskId=task)
    assert (shown["IvrId"], shown["State"]) == (ivr, 1)
    cloud.StopAutoCalloutTask(TaskId=task)


def test_a_task_is_paused_resumed_and_stopped(centre, cloud):
    agent = centre.add_agent(quiet("Hello."))
    later = int(time.time()) + 3600
    task = cloud.CreateAutoCalloutTask(
        NotBefore=later, Callees=["008613000000001"], Callers=[], AIAgentId=agent
    )["TaskId"]
    state = lambda: cloud.DescribeAutoCalloutTask(TaskId=task)["State"]
    assert state() == 0
    cloud.PauseAutoCalloutTask(TaskId=task)
    assert state() == 5
    cloud.ResumeAutoCalloutTask(TaskId=task)
    assert state() == 0
    cloud.StopAutoCalloutTask(TaskId=task)
    assert state() == 4
    assert code_of(cloud.ResumeAutoCalloutTask, TaskId=task) == "FailedOperation"
    assert code_of(cloud.StopAutoCalloutTask, TaskId=99999) == "ResourceNotFound"
    strategy = [{"InterfaceConfig": {"Url": "https://a.example"}, "TriggerMode": "ALWAYS_ON_MATCH"}]
    refused = code_of(
        cloud.CreateAutoCalloutTask, NotBefore=later, Callees=["008613000000001"], Callers=[],
        AIAgentId=agent, TriggerStrategy=strategy,
    )  # fmt: skip
    assert refused == "UnsupportedOperation"
