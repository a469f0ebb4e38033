"""Extensions through the vendor's SDK, and a real phone that registers for one and calls."""

import hashlib
import json
import re
import socket
import subprocess
import time

import pytest

import sound
from centre import BIN, INSTANCE, Centre, wait_for
from cloud import Cloud, code_of
from conftest import quiet
from peers import Baresip

GREETING = "Welcome to Harbor Clinic."
MISSING = "InvalidParameterValue.AccountNotExist"


def listed(cloud, **more):
    return cloud.DescribeExtensions(PageNumber=0, **more)


def one(cloud, number):
    answer = listed(cloud, ExtensionIds=[number], IsNeedStatus=True)
    assert answer["Total"] == len(answer["ExtensionList"]) == 1
    return answer["ExtensionList"][0]


def baresip_account(known, transport="udp", **wrong):
    known = known | wrong
    return (
        f"<sip:{known['ExtensionId']}@{known['ExtensionDomain']};transport={transport}>"
        f";auth_pass={known['Password']};outbound=\"sip:{known['OutboundProxy']};transport={transport}\""
        ";regint=60;answermode=auto;audio_codecs=PCMA/8000/1\n"
    )


def phone_of(folder, cloud, number, transport="udp"):
    cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}")
    known = cloud.DescribeExtension(ExtensionId=number)
    account = baresip_account(known, transport)
    return Baresip(folder, number, sound.silence(1), account=account)


def is_registered(cloud, number):
    return one(cloud, number)["Register"]


def test_an_extension_is_added_changed_and_removed(centre, cloud):
    group = cloud.CreateCCCSkillGroup(SkillGroupName="Phones", SkillGroupType=0)["SkillGroupId"]
    seat = {"Name": "Lin", "Mail": "lin@harbor.example", "StaffNumber": "7"}
    cloud.CreateStaff(Staffs=[seat], SendPassword=False)
    cloud.CreateExtension(
        ExtensionId="7001", ExtensionName="Front", SkillGroupIds=[group], Relation=seat["Mail"]
    )
    found = one(cloud, "7001")
    assert found["FullExtensionId"] == f"7001@{INSTANCE}.switchboard.internal"
    assert (found["SkillGroupId"], found["Relation"]) == (str(group), seat["Mail"])
    assert (found["RelationName"], found["Status"], found["Register"]) == ("Lin", 0, False)
    assert found["SdkAppId"] == INSTANCE and found["CreateTime"] > 1_600_000_000

    cloud.ModifyExtension(ExtensionId="7001", ExtensionName="Back", SkillGroupIds=[], Relation="")
    found = one(cloud, "7001")
    assert (found["ExtensionName"], found["SkillGroupId"], found["Relation"]) == ("Back", "", "")

    known = cloud.DescribeExtension(ExtensionId="7001")
    assert known["ExtensionDomain"] == f"{INSTANCE}.switchboard.internal"
    assert known["OutboundProxy"] == f"127.0.0.1:{centre.sip_port}"
    assert known["Transport"] == "udp" and len(known["Password"]) == 16
    new = cloud.ResetExtensionPassword(ExtensionId="7001")["Password"]
    assert new != known["Password"]
    assert cloud.DescribeExtension(ExtensionId="7001")["Password"] == new
    assert new not in centre.log

    cloud.DeleteExtension(ExtensionId="7001")
    assert listed(cloud, ExtensionIds=["7001"])["Total"] == 0


def test_what_is_wrong_with_extensions_has_the_vendors_codes(cloud):
    cloud.CreateExtension(ExtensionId="7100", ExtensionName="A")
    create = cloud.CreateExtension
    again = code_of(create, ExtensionId="7100", ExtensionName="B")
    assert again == "FailedOperation.DuplicatedAccount"
    wrong = code_of(create, ExtensionId="12", ExtensionName="A")
    assert wrong == "InvalidParameterValue"
    group = code_of(create, ExtensionId="7101", ExtensionName="A", SkillGroupIds=[99999])
    assert group == "InvalidParameterValue.SkillGroupError"
    nobody = code_of(create, ExtensionId="7101", ExtensionName="A", Relation="no@x.example")
    assert nobody == MISSING
    for action in ["DescribeExtension", "ModifyExtension", "DeleteExtension", "ResetExtensionPassword"]:
        assert code_of(getattr(cloud, action), ExtensionId="7999") == MISSING
    assert listed(cloud, FuzzingKeyWord="7101")["Total"] == 0


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_phone_registers_and_talks_to_a_voice_agent(centre, cloud, tmp_path, transport):
    number = {"udp": "7201", "tcp": "7202"}[transport]
    agent = centre.add_agent(quiet(GREETING))
    phone = phone_of(tmp_path, cloud, number, transport)
    try:
        wait_for("the phone to register", lambda: is_registered(cloud, number))
        shown = centre.api("GET", f"/extensions/{number}", instance=INSTANCE)
        assert [place["transport"] for place in shown["phones"]] == [transport]
        assert "baresip" in shown["phones"][0]["user_agent"] and "password" not in shown
        phone.command("dial", f"*{agent}")
        phone.wait_event("CALL_ESTABLISHED")
        wait_for("the extension to be busy", lambda: one(cloud, number)["Status"] == 200)
        call = wait_for("the call", lambda: centre.api("GET", "/calls", number=f"+{number}")["items"])[0]
        greeting = sound.speak(GREETING, tmp_path)
        said = wait_for(
            "the greeting",
            lambda: [e for e in centre.events(call["id"]) if e["type"] == "agent_said"],
        )
        assert said
        # What its jitter buffer still holds, the telephone never writes down.
        time.sleep(0.5)
        phone.command("hangup")
        ended = centre.wait_state(call["id"], "ended")
        assert (ended["direction"], ended["ended_by"]) == ("inbound", "user")
        assert ended["caller"].lstrip("+") == number
        assert sound.match(greeting, phone.heard())[0] > 0.9
        wait_for("the extension to be free", lambda: one(cloud, number)["Status"] == 100)
    finally:
        phone.stop()


def test_registrations_survive_a_restart(tmp_path):
    centre = Centre(tmp_path / "centre").start()
    cloud = Cloud(centre)
    phone = None
    try:
        phone = phone_of(tmp_path, cloud, "7301")
        wait_for("the phone to register", lambda: is_registered(cloud, "7301"))
        # A phone that ends politely takes its registration back.
        phone.process.kill()
        centre.kill()
        centre.start()
        assert is_registered(cloud, "7301")
        cloud.ResetExtensionPassword(ExtensionId="7301")
        assert not is_registered(cloud, "7301")
    finally:
        if phone:
            phone.stop()
        centre.stop()


def register(user, realm_user, password, ip, port, server, nonce=None, cseq=1, expires=60):
    """A REGISTER by hand, with a proof for `nonce`."""
    domain = f"{INSTANCE}.switchboard.internal"
    proof = ""
    if nonce:
        uri = f"sip:{domain}"
        ha1 = hashlib.md5(f"{realm_user}:switchboard:{password}".encode()).hexdigest()
        ha2 = hashlib.md5(f"REGISTER:{uri}".encode()).hexdigest()
        response = hashlib.md5(f"{ha1}:{nonce}:00000001:c:auth:{ha2}".encode()).hexdigest()
        proof = (
            f'Authorization: Digest username="{realm_user}",realm="switchboard",nonce="{nonce}",uri="{uri}",'
            f'response="{response}",algorithm=MD5,qop=auth,nc=00000001,cnonce="c"\r\n'
        )
    return (
        f"REGISTER sip:{domain} SIP/2.0\r\nVia: SIP/2.0/UDP {ip}:{port};rport;branch=z9hG4bK{user}{cseq}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:{user}@{domain}>;tag=1\r\nTo: <sip:{user}@{domain}>\r\n"
        f"Call-ID: {user}-{port}\r\nCSeq: {cseq} REGISTER\r\nContact: <sip:{user}@{ip}:{port}>;expires={expires}\r\n"
        f"{proof}Content-Length: 0\r\n\r\n"
    ).encode()


class Raw:
    """A phone that is written by hand."""

    def __init__(self, centre, ip):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((ip, 0))
        self.socket.settimeout(3)
        self.ip, self.port = self.socket.getsockname()
        self.server = ("127.0.0.1", centre.sip_port)
        self.cseq = 0

    def ask(self, user, password=None, nonce=None, **more):
        self.cseq += 1
        packet = register(
            user, user, password, self.ip, self.port, self.server, nonce, self.cseq, **more
        )
        self.socket.sendto(packet, self.server)
        while True:
            answer = self.socket.recv(65536).decode()
            if f"CSeq: {self.cseq} " in answer:
                return answer

    def register(self, user, password, **more):
        nonce = re.search(r'nonce="([^"]+)"', self.ask(user)).group(1)
        return self.ask(user, password, nonce, **more)


def status(answer):
    return int(answer.split()[1])


def test_a_registrar_tells_strangers_nothing_and_phones_what_they_need(centre, cloud):
    cloud.CreateExtension(ExtensionId="7401", ExtensionName="A")
    password = cloud.DescribeExtension(ExtensionId="7401")["Password"]
    phone = Raw(centre, "127.77.0.1")
    accepted = phone.register("7401", password)
    assert status(accepted) == 200 and "expires=60" in accepted
    brief = phone.register("7401", password, expires=5)
    assert status(brief) == 423 and "Min-Expires: 60" in brief
    assert status(phone.register("7401", password, expires=0)) == 200
    assert not is_registered(cloud, "7401")
    known, unknown = Raw(centre, "127.77.0.2"), Raw(centre, "127.77.0.3")
    assert status(known.register("7401", "wrong")) == status(unknown.register("7499", "x")) == 403


def test_guessing_passwords_is_slowed_down(centre, cloud):
    cloud.CreateExtension(ExtensionId="7501", ExtensionName="A")
    phone = Raw(centre, "127.77.0.9")
    answered = 0
    for n in range(20):
        try:
            assert status(phone.register("7501", f"guess-{n}")) == 403
            answered += 1
        except TimeoutError:
            break
    assert answered < 10, "the guesser is not heard any more"


def test_the_command_line_manages_extensions(centre):
    def run(*words):
        command = [BIN, "extension", *words, "--server", centre.url, "--token", centre.token, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        return json.loads(done.stdout) if done.stdout.strip() else None

    added = run("add", "7601", "Desk")
    assert added["number"] == "7601" and len(added["password"]) == 16
    assert run("password", "7601")["password"] != added["password"]
    assert run("set", "7601", "name=Door")["name"] == "Door"
    run("remove", "7601")
