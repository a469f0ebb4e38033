"""Every error code of the vendor's tables, reached by a real condition through the official SDK.

The code for a failed database is shown in test_postgres.py, where a database can be taken away.
"""

import dataclasses
import time

import pytest

import centre as local
from cloud import Cloud, code_of
from conftest import new_number, quiet
from peers import Phone


@dataclasses.dataclass
class Tenant:
    """An instance with an agent and a line of its own: its rules bother nobody else."""

    id: int
    cloud: Cloud
    agent: int
    line: object

    def place(self, **more):
        wish = {"AIAgentId": self.agent, "Callee": self.line.callee} | more
        return self.cloud.CreateAIAgentCall(**wish)["SessionId"]

    def code(self, **more):
        return code_of(self.place, **more)

    def bring(self, **more):
        """A call whose model comes with the request; nobody asks the model."""
        wish = {
            "Callee": self.line.callee, "LLMType": "openai", "APIKey": "sk-request", "Model": "m",
            "APIUrl": "http://127.0.0.1:9/v1", "SystemPrompt": "You are kind.", "Languages": ["en"],
            "WelcomeMessage": "Good morning.", "EnableComplianceAudio": False,
        }  # fmt: skip
        return self.cloud.CreateAICall(**(wish | more))["SessionId"]

    def brings(self, **more):
        return code_of(self.bring, **more)


@pytest.fixture
def tenant(centre, lines, tmp_path):
    instance = centre.api("POST", "/instances", {"name": "one", "time_zone": "Asia/Shanghai"})["id"]
    keys = centre.api("POST", "/credentials", {"instances": [instance]})
    cloud = Cloud(centre, keys["id"], keys["secret"], instance)
    agent = centre.add_agent(quiet("Hello."), instance=instance)
    line = lines(centre, Phone(tmp_path, "answer", n_calls=10), instance=instance)
    return Tenant(instance, cloud, agent, line)


def rules(centre, tenant, **rules):
    centre.api("PUT", "/call-rules", rules, instance=tenant.id)


def quota(centre, tenant, **quota):
    centre.api("PUT", "/quotas", quota, instance=tenant.id)


def finish(centre, tenant, call_id):
    centre.wait_state(call_id, "up")
    tenant.cloud.HangUpCall(SessionId=call_id)
    return centre.wait_state(call_id, "ended")


def end_status(tenant):
    """`EndStatus` of the newest record of the tenant."""
    now = int(time.time())
    window = {"StartTimeStamp": now - 3600, "EndTimeStamp": now + 60}
    records = tenant.cloud.DescribeTelCdr(**window, PageSize=10, PageNumber=0)["TelCdrs"]
    return records[0]["EndStatus"] if records else None


# CreateAIAgentCall


@pytest.mark.parametrize(
    "grant",
    [{"agent_minutes": 0}, {"agent_until": "2020-01-01T00:00:00Z"}],
    ids=["used up", "expired"],
)
def test_ai_license_has_expired(centre, tenant, grant):
    quota(centre, tenant, **grant)
    assert tenant.code() == "FailedOperation.AILicenseHasExpired"


@pytest.mark.parametrize(
    "grant",
    [{"call_minutes": 0}, {"call_until": "2020-01-01T00:00:00Z"}],
    ids=["used up", "expired"],
)
def test_base_package_expired(centre, tenant, grant):
    quota(centre, tenant, **grant)
    assert tenant.code() == "LimitExceeded.BasePackageExpired"


def test_a_call_uses_the_package_up(centre, tenant):
    quota(centre, tenant, agent_minutes=1)
    finish(centre, tenant, tenant.place())
    assert tenant.code() == "FailedOperation.AILicenseHasExpired"


def test_call_out_failed_while_every_channel_is_taken(centre, tenant):
    centre.api("PATCH", f"/trunks/{tenant.line.trunk}", {"channels_max": 1})
    first = tenant.place()
    assert tenant.code() == "FailedOperation.CallOutFailed"
    finish(centre, tenant, first)
    finish(centre, tenant, tenant.place())


def test_callee_is_black_user(centre, tenant):
    centre.api("POST", "/do-not-call", {"numbers": [tenant.line.callee]}, instance=tenant.id)
    assert tenant.code() == "FailedOperation.CalleeIsBlackUser"
    assert end_status(tenant) == 108
    centre.api("DELETE", f"/do-not-call/{tenant.line.callee}", instance=tenant.id)
    finish(centre, tenant, tenant.place())


def test_caller_over_frequency(centre, tenant):
    rules(centre, tenant, caller_frequency={"calls_max": 1, "window_second": 3600})
    finish(centre, tenant, tenant.place())
    assert tenant.code() == "FailedOperation.CallerOverFrequency"
    assert end_status(tenant) == 109


def test_callout_rule_blind_area(centre, tenant):
    rules(centre, tenant, blind_areas=[tenant.line.callee.lstrip("+")[:6]])
    assert tenant.code() == "FailedOperation.CalloutRuleBlindArea"
    assert end_status(tenant) == 110


def test_callout_rule_max_call_count_callee_interval_time(centre, tenant):
    rules(centre, tenant, callee_interval={"calls_max": 1, "window_second": 3600})
    finish(centre, tenant, tenant.place())
    assert tenant.code() == "FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime"


def test_callout_rule_max_call_count_callee_per_day(centre, tenant):
    rules(centre, tenant, callee_per_day=1)
    finish(centre, tenant, tenant.place())
    assert tenant.code() == "FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID"


def test_callout_rule_not_work_time(centre, tenant):
    # Open in one second of the week, which is not now.
    day = "monday" if time.gmtime(time.time() + 8 * 3600).tm_wday != 0 else "wednesday"
    hours = {"days": [day], "from": "03:00:00", "to": "03:00:01"}
    rules(centre, tenant, working_hours=[hours])
    assert tenant.code() == "FailedOperation.CalloutRuleNotWorkTime"
    assert end_status(tenant) == 111


def test_no_call_out_number(centre, tenant):
    code = "FailedOperation.NoCallOutNumber"
    assert tenant.code(Callers=["+861099999999"]) == code, "not the instance's"
    assert tenant.code(Callee=new_number()) == code, "no trunk reaches it"
    centre.api("PATCH", f"/numbers/{tenant.line.caller}", {"outbound": False})
    assert tenant.code() == code, "may not be shown"


def test_permission_denied_for_another_instance_and_another_action(centre, tenant, quiet_agent):
    denied = "FailedOperation.PermissionDenied"
    tenant.cloud.instance = local.INSTANCE
    assert tenant.code(AIAgentId=quiet_agent) == denied
    assert code_of(tenant.cloud.PlaySoundCall, SessionId="x", FileId=1) == denied
    keys = centre.api("POST", "/credentials", {"instances": [tenant.id], "actions": ["HangUpCall"]})
    limited = Cloud(centre, keys["id"], keys["secret"], tenant.id)
    wish = {"AIAgentId": tenant.agent, "Callee": tenant.line.callee}
    assert code_of(limited.CreateAIAgentCall, **wish) == denied


@pytest.mark.parametrize(
    "wrong",
    [
        {"Callee": "12ab"},
        {"Callee": ""},
        {"Callers": ["x"]},
        {"AIAgentId": 999_999},
        {"MaxRingTimeoutSecond": 0},
        {"MaxRingTimeoutSecond": 121},
        {"Variables": [{"Key": "k" * 65, "Value": "v"}]},
        {"Variables": [{"Key": "welcome-message-delay", "Value": "soon"}]},
    ],
    ids=str,
)
def test_invalid_parameter_value(tenant, wrong):
    assert tenant.code(**wrong) == "InvalidParameterValue"


def test_instance_not_exist(tenant):
    tenant.cloud.instance = 1
    assert tenant.code() == "InvalidParameterValue.InstanceNotExist"


def test_acquire_quota(centre, tenant):
    quota(centre, tenant, agent_calls_max=1)
    first = tenant.place()
    began = time.monotonic()
    # The Python SDK has no such field on this request; what it does not know it does not send.
    assert tenant.code() == "FailedOperation.AcquireQuota"
    assert 4 < time.monotonic() - began < 8, "waits 5 s for a slot"
    finish(centre, tenant, first)


# PlaySoundCall


def test_play_sound_call_refuses_by_call_state_and_file(centre, tenant, tmp_path):
    import sound

    file_id = centre.add_sound(sound.write(tmp_path / "a.wav", sound.sweep(1)), instance=tenant.id)
    play = tenant.cloud.PlaySoundCall
    unknown = "6bb56a09-2787-40bc-80c5-dc6dab783eff"
    assert code_of(play, SessionId=unknown, FileId=file_id) == "FailedOperation.SessionNotExists"
    call_id = tenant.place()
    centre.wait_state(call_id, "up")
    not_exist = "InvalidParameterValue.FileNotExist"
    assert code_of(play, SessionId=call_id, FileId=999_999) == not_exist
    assert code_of(play, SessionId=call_id) == not_exist
    wrong = "InvalidParameterValue"
    assert code_of(play, SessionId=call_id, FileId=file_id, PlayTimes=0) == wrong
    play(SessionId=call_id, FileId=file_id)
    finish(centre, tenant, call_id)
    ended = "FailedOperation.SessionNotInControlState"
    assert code_of(play, SessionId=call_id, FileId=file_id) == ended


def test_a_ringing_call_takes_no_sound(centre, tenant, line, tmp_path):
    import sound

    file_id = centre.add_sound(sound.write(tmp_path / "a.wav", sound.sweep(1)))
    agent = centre.add_agent(quiet("Hello."))
    ringing = line("ring")
    cloud = Cloud(centre)
    call_id = cloud.CreateAIAgentCall(AIAgentId=agent, Callee=ringing.callee)["SessionId"]
    centre.wait_state(call_id, "ringing")
    refused = code_of(cloud.PlaySoundCall, SessionId=call_id, FileId=file_id)
    assert refused == "FailedOperation.SessionNotInControlState"
    cloud.HangUpCall(SessionId=call_id)
    ringing.phone.wait_end()


def test_another_instances_call_does_not_exist(centre, tenant, line, quiet_agent):
    theirs = line()
    owner = Cloud(centre)
    call_id = owner.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=theirs.callee)["SessionId"]
    centre.wait_state(call_id, "up")
    code = code_of(tenant.cloud.PlaySoundCall, SessionId=call_id, FileId=1)
    assert code == "FailedOperation.SessionNotExists"
    owner.HangUpCall(SessionId=call_id)
    theirs.phone.wait_end()


# CreateAICall


def test_a_brought_agent_is_refused_by_what_the_package_and_the_rules_say(centre, tenant):
    for grant, code in [
        ({"agent_minutes": 0}, "FailedOperation.AILicenseHasExpired"),
        ({"call_minutes": 0}, "LimitExceeded.BasePackageExpired"),
    ]:
        quota(centre, tenant, **grant)
        assert tenant.brings() == code
    quota(centre, tenant)
    finish(centre, tenant, tenant.bring())
    digits = tenant.line.callee.lstrip("+")
    day = "monday" if time.gmtime(time.time() + 8 * 3600).tm_wday != 0 else "wednesday"
    hours = {"days": [day], "from": "03:00:00", "to": "03:00:01"}
    often = {"calls_max": 1, "window_second": 3600}
    for rule, code in [
        ({"caller_frequency": often}, "FailedOperation.CallerOverFrequency"),
        ({"blind_areas": [digits[:6]]}, "FailedOperation.CalloutRuleBlindArea"),
        (
            {"callee_interval": often},
            "FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime",
        ),
        ({"callee_per_day": 1}, "FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID"),
        ({"working_hours": [hours]}, "FailedOperation.CalloutRuleNotWorkTime"),
    ]:
        rules(centre, tenant, **rule)
        assert tenant.brings() == code
    rules(centre, tenant)
    centre.api("POST", "/do-not-call", {"numbers": [tenant.line.callee]}, instance=tenant.id)
    assert tenant.brings() == "FailedOperation.CalleeIsBlackUser"


def test_a_brought_agent_is_refused_where_no_line_or_slot_is_free(centre, tenant):
    assert tenant.brings(Callers=["+861099999999"]) == "FailedOperation.NoCallOutNumber"
    first = tenant.bring()
    quota(centre, tenant, agent_calls_max=1)
    assert tenant.brings(AcquireTimeoutSecond=0) == "FailedOperation.AcquireQuota"
    quota(centre, tenant)
    centre.api("PATCH", f"/trunks/{tenant.line.trunk}", {"channels_max": 1})
    assert tenant.brings() == "FailedOperation.CallOutFailed"
    finish(centre, tenant, first)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Callee": "12ab"},
        {"LLMType": "bard"},
        {"LLMExtraBody": "[]"},
        {"InterruptMode": 2},
        {"NotifyDuration": 9},
        {"ExtractConfig": [{"InfoType": "Date", "InfoName": "a"}]},
        {"CustomSTTConfig": "no"},
        {"TransferToAgentEnable": True, "TransferToAgentItems": [
            {"TransferToAgentName": "a", "TransferToAgentDesc": "b", "TransferToAgentId": 99_999}
        ]},
    ],
    ids=str,
)  # fmt: skip
def test_a_brought_agent_that_cannot_be_is_refused(tenant, wrong):
    assert tenant.brings(**wrong) == "InvalidParameterValue"


# ControlAIConversation, and what is asked about AI calls afterwards


def test_control_ai_conversation_refuses_by_call_state_and_value(centre, tenant):
    control = tenant.cloud.ControlAIConversation
    push = {"Command": "ServerPushText", "ServerPushText": {"Text": "Hello."}}
    unknown = "6bb56a09-2787-40bc-80c5-dc6dab783eff"
    assert code_of(control, SessionId=unknown, **push) == "FailedOperation.SessionNotExists"
    call_id = tenant.bring()
    centre.wait_state(call_id, "up")

    def refused(**fields):
        return code_of(control, SessionId=call_id, **fields)

    for wrong in ({"DropMode": 2}, {"Priority": 2}, {"Text": "a" * 4097}, {"Audio": "%"}):
        told = {"Text": "Hello."} | wrong
        assert refused(Command="ServerPushText", ServerPushText=told) == "InvalidParameterValue"
    assert refused(Command="Sing") == "InvalidParameterValue"
    for absent in ({"Command": "InvokeLLM"}, {"Command": "ServerPushText"}, {}):
        assert refused(**absent) == "MissingParameter"
    finish(centre, tenant, call_id)
    assert refused(**push) == "FailedOperation.SessionNotInControlState"


@pytest.mark.parametrize(
    "action",
    ["DescribeAILatency", "DescribeAICallExtractResult", "DescribeAIAnalysisResult"],
)
def test_what_is_asked_about_ai_calls_is_refused_by_session_and_window(centre, tenant, action):
    ask, now = getattr(tenant.cloud, action), int(time.time())
    session = "6bb56a09-2787-40bc-80c5-dc6dab783eff"
    window = {"StartTime": now - 3600, "EndTime": now + 60}
    assert code_of(ask, SessionId=session, **window) == "FailedOperation.SessionNotExists"
    backwards = {"StartTime": now, "EndTime": now - 1}
    assert code_of(ask, SessionId=session, **backwards) == "InvalidParameterValue"


def test_words_of_a_recording_are_refused_until_the_call_has_ended(centre, tenant):
    ask = tenant.cloud.DescribeTelRecordAsr
    unknown = "6bb56a09-2787-40bc-80c5-dc6dab783eff"
    assert code_of(ask, SessionId=unknown) == "FailedOperation.SessionNotExists"
    call_id = tenant.place()
    centre.wait_state(call_id, "up")
    assert code_of(ask, SessionId=call_id) == "FailedOperation.SessionNotExists"
    finish(centre, tenant, call_id)
    assert ask(SessionId=call_id)["AsrDataList"] is not None


# Tasks of automatic callouts


def test_a_callout_task_is_refused_by_what_cannot_be(centre, tenant):
    later = int(time.time()) + 3600

    def refused(**fields):
        wish = {"NotBefore": later, "Callees": ["008613000000001"], "Callers": []}
        return code_of(tenant.cloud.CreateAutoCalloutTask, **(wish | fields))

    assert refused() == "MissingParameter"
    agent = {"AIAgentId": tenant.agent}
    for wrong in (
        {"Callees": []},
        {"Callees": ["12ab"]},
        {"Tries": 4},
        {"RetryInterval": 1},
        {"NotAfter": later - 1},
        {"RetryHangupTypes": ["1"]},
        {"RetryTags": [{"TagName": "", "TagValue": "a"}]},
        {"IvrId": 99_999},
        {"TimeZone": "Mars/Base"},
        {"AvailableTime": [{"StartTime": "18:00:00", "EndTime": "09:00:00"}]},
    ):
        assert refused(**(agent | wrong)) == "InvalidParameterValue", wrong
    assert refused(AIAgentId=999_999) == "InvalidParameterValue"
    # An agent without a flow is no IVR.
    assert refused(IvrId=tenant.agent) == "InvalidParameterValue"
    beyond = {"AvailableWorkTimeConfig": [{"DayType": "Holiday"}]}
    assert refused(**(agent | beyond)) == "UnsupportedOperation"


def test_a_callout_task_that_is_not_there_is_refused(tenant):
    cloud = tenant.cloud
    for action in ("Describe", "Pause", "Resume", "Stop"):
        ask = getattr(cloud, f"{action}AutoCalloutTask")
        assert code_of(ask, TaskId=99_999) == "ResourceNotFound"
    for page in ({"PageSize": 0, "PageNumber": 0}, {"PageSize": 101, "PageNumber": 0}):
        assert code_of(cloud.DescribeAutoCalloutTasks, **page) == "InvalidParameterValue"
    later = int(time.time()) + 3600
    task = cloud.CreateAutoCalloutTask(
        NotBefore=later, Callees=["008613000000001"], Callers=[], AIAgentId=tenant.agent
    )["TaskId"]
    cloud.StopAutoCalloutTask(TaskId=task)
    for action in ("Pause", "Resume"):
        ask = getattr(cloud, f"{action}AutoCalloutTask")
        assert code_of(ask, TaskId=task) == "FailedOperation"


# What is not built, and what draws a line


def test_actions_that_are_not_built_say_so(cloud):
    code = code_of(cloud.AbortAgentCruiseDialingCampaign, CampaignId=1)
    assert code == "UnsupportedOperation"


def test_messages_speak_the_language_that_was_asked_for(centre):
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    for language, word in [("zh-CN", "会话不存在"), ("en-US", "Session does not exist")]:
        with pytest.raises(TencentCloudSDKException) as refused:
            Cloud(centre, language=language).HangUpCall(SessionId="6bb56a09-2787-40bc-80c5-dc6dab783eff")
        assert word in refused.value.get_message()
