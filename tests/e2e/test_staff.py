"""People and skill groups through the vendor's SDK, and a browser that signs in."""

import http.client
import json
import re
import subprocess
import time

import pytest

from centre import BIN, INSTANCE, Centre, Problem
from cloud import Cloud, code_of

PASSWORD = "correct horse"


def add(cloud, email, **more):
    seat = {"Name": "Lin", "Mail": email, "StaffNumber": "7"} | more
    answer = cloud.CreateStaff(Staffs=[seat], SendPassword=False)
    assert answer["ErrorStaffList"] == []


def info(cloud, email):
    answer = cloud.DescribeStaffInfoList(PageSize=10, PageNumber=0, StaffMail=email)
    assert answer["TotalCount"] == len(answer["StaffList"]) <= 1
    return answer["StaffList"][0] if answer["StaffList"] else None


def metrics(cloud, email):
    return cloud.DescribeStaffStatusMetrics(StaffList=[email])["Metrics"][0]


class Browser:
    """Keeps the cookie, and repeats the session's secret."""

    def __init__(self, centre):
        self.port = centre.http_port
        self.cookie = ""
        self.csrf = ""

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if self.cookie:
            headers["Cookie"] = self.cookie
        if method != "GET" and self.csrf:
            headers["X-CSRF-Token"] = self.csrf
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        cookie = answer.headers.get("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        connection.close()
        return answer, text

    def sign_in(self, email, password=PASSWORD):
        body = {"email": email, "password": password}
        answer, text = self.ask("POST", "/api/v1/session", body)
        if answer.status == 200:
            self.csrf = json.loads(text)["csrf"]
        return answer.status

    def session(self):
        answer, text = self.ask("GET", "/api/v1/session")
        return json.loads(text) if answer.status == 200 else answer.status


def test_a_person_lives_from_creation_to_removal(cloud):
    group = cloud.CreateCCCSkillGroup(SkillGroupName="Sales", SkillGroupType=0)["SkillGroupId"]
    add(
        cloud,
        "lin@example.com",
        Phone="008613800138000",
        Nick="小林",
        Role=2,
        SkillGroupNameList=["Sales"],
        ExtensionNumber="1001",
    )
    made = info(cloud, "lin@example.com")
    assert made["Phone"] == "008613800138000" and made["Nick"] == "小林"
    assert made["RoleList"] == [2] and made["ExtensionNumber"] == "1001"
    [member] = made["SkillGroupList"]
    assert member == {
        "SkillGroupId": group, "SkillGroupName": "Sales", "Priority": 3, "Type": "TEL",
    }  # fmt: skip
    cloud.ModifyStaff(
        Email="lin@example.com",
        Name="Lin Wei",
        UseMobileAccept=1,
        SkillGroupIds=[],
        ForwardingConfig={
            "Enabled": True, "Condition": 1, "Target": {"Type": 2, "SkillGroupId": group},
        },
    )  # fmt: skip
    changed = info(cloud, "lin@example.com")
    assert changed["Name"] == "Lin Wei" and changed["Nick"] == "小林"
    assert changed["SkillGroupList"] == []
    assert changed["ForwardingConfig"]["Target"]["SkillGroupId"] == group
    done = cloud.DeleteStaff(StaffList=["lin@example.com"])
    assert done["OnlineStaffList"] == []
    assert done["DeleteStatusInfo"] == "All members have been deleted"
    assert info(cloud, "lin@example.com") is None


def test_staff_that_cannot_be_added_are_listed_and_the_others_stay(cloud):
    add(cloud, "first@example.com")
    seats = [
        {"Name": "A", "Mail": "first@example.com", "StaffNumber": "1"},
        {"Name": "B", "Mail": "no-mail", "StaffNumber": "2"},
        {"Name": "C", "Mail": "c@example.com", "StaffNumber": "3", "SkillGroupNameList": ["None"]},
        {"Name": "D", "Mail": "d@example.com", "StaffNumber": "4", "Role": 9},
        {"Name": "E", "Mail": "e@example.com", "StaffNumber": "5"},
    ]
    errors = cloud.CreateStaff(Staffs=seats)["ErrorStaffList"]
    assert [(error["StaffEmail"], error["Code"]) for error in errors] == [
        ("first@example.com", "FailedOperation.DuplicatedAccount"),
        ("no-mail", "InvalidParameterValue"),
        ("c@example.com", "InvalidParameterValue.SkillGroupError"),
        ("d@example.com", "InvalidParameterValue"),
    ]
    assert all(error["Message"] for error in errors)
    assert info(cloud, "e@example.com")
    assert info(cloud, "c@example.com") is None
    assert code_of(cloud.CreateStaff, Staffs=seats * 3) == "InvalidParameterValue"


def test_statuses_are_set_measured_and_remembered(cloud):
    add(cloud, "status@example.com")
    began = int(time.time())
    assert metrics(cloud, "status@example.com")["Status"] == "offline"

    def set_to(status, reason="", email="status@example.com"):
        item = {"StaffUserId": email, "Status": status, "Reason": reason}
        return cloud.SetStaffStatus(StaffStatusList=[item])["StaffStatusList"][0]

    assert set_to("free")["PreviousStatus"] == "offline"
    done = set_to("rest", "lunch")
    assert (done["Status"], done["Reason"], done["PreviousStatus"]) == ("rest", "lunch", "free")
    assert done["ErrorCode"] == ""
    assert set_to("busy")["ErrorCode"] == "InvalidParameterValue"
    gone = set_to("free", email="nobody@example.com")
    assert gone["ErrorCode"] == "InvalidParameterValue.AccountNotExist"
    now = metrics(cloud, "status@example.com")
    assert (now["Status"], now["Reason"]) == ("rest", "lunch")
    assert now["LastOnlineTimestamp"] >= began
    resting = cloud.DescribeStaffStatusMetrics(StatusList=["rest"])["Metrics"]
    assert "status@example.com" in [one["Email"] for one in resting]
    assert code_of(cloud.DescribeStaffStatusMetrics, StatusList=["x"]) == "InvalidParameterValue"
    refused = cloud.DeleteStaff(StaffList=["status@example.com"])
    assert refused["OnlineStaffList"] == ["status@example.com"]

    ask = {
        "StaffUserId": "status@example.com",
        "StartTimestamp": began - 60,
        "EndTimestamp": int(time.time()) + 60,
    }
    rows = cloud.DescribeStaffStatusHistory(**ask)["Data"]
    assert [row["Status"] for row in rows] == ["free", "rest"]
    after = cloud.DescribeStaffStatusHistory(Cursor=rows[0]["Cursor"], PageSize=5, **ask)["Data"]
    assert [row["Status"] for row in after] == ["rest"]
    week = ask | {"StartTimestamp": began - 7 * 24 * 3600 - 60}
    assert code_of(cloud.DescribeStaffStatusHistory, **week) == "InvalidParameterValue"
    assert code_of(cloud.DescribeStaffStatusHistory, Cursor="x", **ask) == "InvalidParameterValue"


def test_who_is_forced_offline_stays_so_until_restored(cloud):
    add(cloud, "forced@example.com")
    item = {"StaffUserId": "forced@example.com", "Status": "free"}
    cloud.SetStaffStatus(StaffStatusList=[item])
    cloud.ForceMemberOffline(UserId="forced@example.com")
    assert metrics(cloud, "forced@example.com")["Status"] == "offline"
    refused = cloud.SetStaffStatus(StaffStatusList=[item])["StaffStatusList"][0]
    assert refused["ErrorCode"] == "FailedOperation.SeatStatusBusy"
    cloud.RestoreMemberOnline(UserId="forced@example.com")
    done = cloud.SetStaffStatus(StaffStatusList=[item])["StaffStatusList"][0]
    assert (done["ErrorCode"], done["Status"]) == ("", "free")


def test_skill_groups_are_made_filled_and_removed(cloud):
    chat = cloud.CreateCCCSkillGroup(
        SkillGroupName="Chat", SkillGroupType=1, MaxConcurrency=5
    )["SkillGroupId"]
    shown = cloud.DescribeSkillGroupInfoList(PageSize=10, PageNumber=0, SkillGroupId=chat)
    [item] = shown["SkillGroupList"]
    assert (item["SkillGroupType"], item["MaxConcurrency"], item["Type"]) == (1, 5, "IM")
    assert item["RoutePolicy"] == "firstCreate" and item["RingAll"] is False
    create = cloud.CreateCCCSkillGroup
    exist = "InvalidParameterValue.SkillGroupExist"
    assert code_of(create, SkillGroupName="Chat", SkillGroupType=1) == exist
    wrong = {"SkillGroupName": "Tel", "SkillGroupType": 0, "MaxConcurrency": 2}
    assert code_of(create, **wrong) == "InvalidParameterValue"
    assert code_of(create, SkillGroupName="X", SkillGroupType=2) == "InvalidParameterValue"
    for n in range(3):
        add(cloud, f"member{n}@example.com")
        bound = [{"SkillGroupId": chat, "Priority": n + 1}]
        cloud.BindStaffSkillGroupList(
            StaffEmail=f"member{n}@example.com", StaffSkillGroupList=bound
        )
    members = cloud.DescribeStaffInfoList(PageSize=10, PageNumber=0, SkillGroupId=chat)
    assert members["TotalCount"] == 3
    overflow = "InvalidParameterValue.RingAllGroupMemberOverflow"
    assert code_of(cloud.UpdateCCCSkillGroup, SkillGroupID=chat, RingAll=True) == overflow
    cloud.UnbindStaffSkillGroupList(StaffEmail="member2@example.com", SkillGroupList=[chat])
    cloud.UpdateCCCSkillGroup(SkillGroupID=chat, RingAll=True, SkillGroupName="Chats")
    named = cloud.DescribeSkillGroupInfoList(PageSize=10, PageNumber=0, SkillGroupName="Chats")
    assert named["TotalCount"] == 1
    bound = [{"SkillGroupId": chat}]
    full = {"StaffEmail": "member2@example.com", "StaffSkillGroupList": bound}
    assert code_of(cloud.BindStaffSkillGroupList, **full) == overflow
    cloud.DeleteCCCSkillGroup(SkillGroupId=chat)
    error = "InvalidParameterValue.SkillGroupError"
    assert code_of(cloud.DeleteCCCSkillGroup, SkillGroupId=chat) == error
    assert code_of(cloud.BindStaffSkillGroupList, **full) == error
    stranger = {"StaffEmail": "nobody@example.com", "StaffSkillGroupList": bound}
    account = "InvalidParameterValue.AccountNotExist"
    assert code_of(cloud.BindStaffSkillGroupList, **stranger) == account


def test_numbers_are_bound_to_groups_that_call_out(centre, cloud):
    trunk = centre.add_trunk("127.0.0.1", 5999, callee_prefixes=["999"])
    centre.add_number("+8675500000001", trunk)
    group = cloud.CreateCCCSkillGroup(SkillGroupName="Out", SkillGroupType=0)["SkillGroupId"]
    bind = {"Number": "008675500000001", "SkillGroupIds": [group]}
    cloud.BindNumberCallOutSkillGroup(**bind)

    def bound():
        numbers = cloud.DescribeNumbers(PageNumber=0, PageSize=100)["Numbers"]
        [one] = [one for one in numbers if one["Number"] == "008675500000001"]
        assert one["State"] == 1
        return one["CallOutSkillGroupIds"]

    assert bound() == [group]
    cloud.UnbindNumberCallOutSkillGroup(**bind)
    assert bound() == []
    unknown = bind | {"Number": "008675599999999"}
    wrong = "InvalidParameterValue.PhoneNumInvalid"
    assert code_of(cloud.BindNumberCallOutSkillGroup, **unknown) == wrong
    no_group = bind | {"SkillGroupIds": [999]}
    error = "InvalidParameterValue.SkillGroupError"
    assert code_of(cloud.BindNumberCallOutSkillGroup, **no_group) == error


def test_a_password_set_by_the_cloud_signs_in_a_browser(centre, cloud):
    add(cloud, "browser@example.com")
    browser = Browser(centre)
    assert browser.sign_in("browser@example.com") == 401
    short = {"Email": "browser@example.com", "Password": "short"}
    assert code_of(cloud.ModifyStaffPassword, **short) == "InvalidParameterValue"
    cloud.ModifyStaffPassword(Email="browser@example.com", Password=PASSWORD)
    assert browser.sign_in("browser@example.com") == 200
    assert browser.session()["staff"]["roles"] == ["agent"]
    answer, _ = browser.ask("GET", "/api/v1/credentials")
    assert answer.status == 403


def test_an_admin_url_signs_in_once(centre, cloud):
    add(cloud, "boss@example.com", Role=1)
    url = cloud.CreateAdminURL(SeatUserId="boss@example.com")["URL"]
    path = url.removeprefix(f"http://127.0.0.1:{centre.http_port}")
    browser = Browser(centre)
    answer, _ = browser.ask("GET", path)
    assert (answer.status, answer.headers["Location"]) == (303, "/console")
    assert browser.session()["staff"]["email"] == "boss@example.com"
    answer, _ = Browser(centre).ask("GET", path)
    assert answer.status == 401
    add(cloud, "agent@example.com")
    denied = "FailedOperation.PermissionDenied"
    assert code_of(cloud.CreateAdminURL, SeatUserId="agent@example.com") == denied
    # Who works for every instance is not for the credentials of one.
    assert code_of(cloud.CreateAdminURL, SeatUserId="dev") == denied
    takeover = {"Email": "dev", "Password": PASSWORD}
    assert code_of(cloud.ModifyStaffPassword, **takeover) == denied


def test_an_sdk_token_signs_one_person_in_to_the_workspace(centre, cloud):
    add(cloud, "widget@example.com")

    def entered(token):
        browser = Browser(centre)
        answer, _ = browser.ask("GET", f"/sign-in/{token}")
        return answer.status == 303 and (answer.headers["Location"], browser.session()["staff"]["email"])

    there = ("/work", "widget@example.com")
    many = cloud.CreateSDKLoginToken(SeatUserId="widget@example.com")
    assert re.fullmatch("[0-9a-f]{32}", many["Token"])
    assert 0 < many["ExpiredTime"] - time.time() <= 600
    assert many["SdkURL"] == f"{centre.url}/chat/workspace.js"
    assert [entered(many["Token"]), entered(many["Token"])] == [there, there]
    once = cloud.CreateSDKLoginToken(SeatUserId="widget@example.com", OnlyOnce=True)["Token"]
    assert [entered(once), entered(once)] == [there, False]
    assert entered("0" * 32) is False
    strange = "InvalidParameterValue.AccountNotExist"
    assert code_of(cloud.CreateSDKLoginToken, SeatUserId="nobody@example.com") == strange
    # Who works for every instance is not for the credentials of one.
    assert code_of(cloud.CreateSDKLoginToken, SeatUserId="dev") == "FailedOperation.PermissionDenied"
    log = centre.api("GET", "/audit", subject="staff widget@example.com", instance=INSTANCE)
    assert log["items"][0]["action"] == "CreateSDKLoginToken"
    assert once not in json.dumps(log) and many["Token"] not in json.dumps(log)
    # What the person may sign in with ends with their password.
    left = cloud.CreateSDKLoginToken(SeatUserId="widget@example.com")["Token"]
    cloud.ModifyStaffPassword(Email="widget@example.com", Password=PASSWORD)
    assert entered(left) is False


def test_what_the_cloud_changed_stands_in_the_audit_log(centre, cloud):
    add(cloud, "audited@example.com")
    cloud.ModifyStaff(Email="audited@example.com", Nick="A")
    cloud.ModifyStaffPassword(Email="audited@example.com", Password="not to be seen")
    log = centre.api("GET", "/audit", subject="staff audited@example.com", instance=INSTANCE)
    assert [entry["action"] for entry in log["items"]] == ["ModifyStaffPassword", "ModifyStaff"]
    entry = log["items"][1]
    assert (entry["actor_kind"], entry["actor"], entry["outcome"]) == ("credential", "AKIDdev", "OK")
    assert entry["before"]["Nick"] == "" and entry["after"]["present"]["Nick"] == "A"
    assert "not to be seen" not in json.dumps(log)
    assert centre.api("GET", "/audit/verify")["whole"] is True


def test_people_stay_signed_in_over_a_kill_and_status_and_log_survive(tmp_path):
    centre = Centre(tmp_path).start()
    try:
        browser = Browser(centre)
        assert browser.sign_in("dev", "dev") == 200
        own = browser.session()["staff"]["id"]
        answer, text = browser.ask("PUT", f"/api/v1/staff/{own}/status", {"status": "free"})
        assert answer.status == 200, text
        centre.kill()
        centre.start()
        assert browser.session()["staff"]["status"] == "free"
        assert centre.api("GET", "/audit/verify")["whole"] is True
        centre.kill()
        # Without --dev, everybody's password is nobody's.
        strict = Centre(tmp_path, dev=False)
        strict.http_port, strict.sip_port = centre.http_port, centre.sip_port
        centre = strict
        centre.launch()
        time.sleep(0.1)
        wait = time.monotonic() + 60
        while not centre.is_ready():
            assert time.monotonic() < wait
        assert browser.session() in (401, 503)
    finally:
        centre.stop()


def test_a_shell_lets_an_administrator_in_again(tmp_path):
    centre = Centre(tmp_path).start()
    try:
        run = [BIN, "admin", "add", "root@example.com", "--data", str(centre.data)]
        made = subprocess.run(run, capture_output=True, text=True, check=True, timeout=120)
        browser = Browser(centre)
        assert browser.sign_in("root@example.com", made.stdout.strip()) == 200
        assert browser.session()["staff"]["everywhere"] is True
        reset = [BIN, "admin", "reset", "root@example.com", "--data", str(centre.data)]
        again = subprocess.run(
            [*reset, "--password-stdin"],
            input="another horse\n", capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        assert again.stdout == ""
        assert browser.session() == 401, "signed out everywhere"
        assert browser.sign_in("root@example.com", "another horse") == 200
        log = centre.api("GET", "/audit", subject="staff root@example.com")
        assert [entry["action"] for entry in log["items"]] == ["admin reset", "admin add"]
        unknown = [*reset[:3], "nobody@example.com", *reset[4:]]
        assert subprocess.run(unknown, capture_output=True, timeout=120).returncode == 2
    finally:
        centre.stop()


def test_screens_come_with_a_strict_policy_whether_built_or_not(centre):
    browser = Browser(centre)
    answer, _ = browser.ask("GET", "/")
    assert (answer.status, answer.headers["Location"]) == (303, "/console")
    for path in ["/console", "/console/calls/1", "/work"]:
        answer, text = browser.ask("GET", path)
        assert answer.status in (200, 404)
        assert answer.headers["Content-Type"].startswith("text/html"), path
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self'") and "unsafe" not in policy
        if answer.status == 404:
            assert b"make build" in text
            continue
        tag = answer.headers["ETag"]
        again, _ = browser.ask("GET", path, **{"If-None-Match": tag})
        assert again.status == 304
        packed, _ = browser.ask("GET", path, **{"Accept-Encoding": "br"})
        assert packed.headers.get("Content-Encoding") in ("br", None)


def test_the_overview_tells_of_health_and_trunks(centre):
    shown = centre.api("GET", "/overview")
    assert {finding["what"] for finding in shown["findings"]} >= {"database", "disk free", "clock"}
    assert shown["health"] in ("good", "warning", "broken")
    assert all(trunk["channels"] == 0 for trunk in shown["trunks"])
    with pytest.raises(Problem):
        centre.api("GET", "/overview", token="swb_none")


def test_the_command_line_manages_people(centre):
    def run(*args):
        command = [BIN, *args, "--server", centre.url, "--token", centre.token, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    group = run("skill-group", "add", "Desk", "--kind", "chat", "--concurrency-max", "3")
    staff = run("staff", "add", "cli@example.com", "Cli", "--role", "supervisor")
    joined = run("staff", "groups", str(staff["id"]), f"{group['id']}:1")
    assert joined["skill_groups"] == [{"skill_group": group["id"], "priority": 1}]
    rest = run("staff", "status", str(staff["id"]), "rest", "--reason", "tea")
    assert rest["presence"]["reason"] == "tea"
    assert run("staff", "status", str(staff["id"]))["presence"]["status"] == "rest"
    run("staff", "force-offline", str(staff["id"]))
    run("staff", "restore", str(staff["id"]))
    run("staff", "remove", str(staff["id"]))
    assert run("audit", "list", "--subject", f"/api/v1/staff/{staff['id']}")["total"] == 1
    assert run("audit", "verify")["whole"] is True


def test_events_of_people_are_streamed_and_resumed(centre, cloud):
    add(cloud, "stream@example.com")
    connection = http.client.HTTPConnection("127.0.0.1", centre.http_port, timeout=30)
    headers = {"Authorization": f"Bearer {centre.token}"}
    connection.request("GET", "/api/v1/events?after=0", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    seen = []
    while not any(event.get("subject") for event in seen):
        line = answer.readline().decode()
        if line.startswith("data:"):
            seen.append(json.loads(line[5:]))
    connection.close()
    numbers = [event["seq"] for event in seen]
    assert numbers == sorted(set(numbers))
