"""A telephone of a few lines, on loopback, that does with calls what people's phones do: several at
once, hold, REFER, Replaces. It answers what comes by itself, and keeps what it was told."""

import hashlib
import queue
import random
import re
import socket
import threading
import time

import sound
from centre import INSTANCE, wait_for
from peers import new_ip
from rtp import Rtp

DOMAIN = f"{INSTANCE}.switchboard.internal"


def field(message, name):
    found = re.search(rf"(?im)^{name}: *(.*?)\r$", message)
    return found.group(1) if found else None


def tag_of(value):
    found = re.search(r";tag=([^;>\s]+)", value or "")
    return found.group(1) if found else None


def status_of(answer):
    return int(answer.split()[1])


class Dialog:
    """One call of a handset, seen from it."""

    def __init__(self, phone, call_id, local, remote, target):
        self.phone, self.call_id = phone, call_id
        self.local, self.remote, self.target = local, remote, target
        self.cseq = random.randint(1, 1000)
        self.rtp = Rtp(phone.ip)
        self.told = []  # (status, Subscription-State) of NOTIFY
        self.ended = None  # the peer's BYE or CANCEL
        self.answered = threading.Event()
        self.asked_to_refer = None  # the peer's REFER
        self.invite = None  # the peer's INVITE
        self.asked = None  # our INVITE
        self.offered = []  # directions of the peer's offers since the answer

    @property
    def name(self):
        """What `Replaces` of somebody else's INVITE to the centre says of this dialog."""
        return f"{self.call_id};to-tag={tag_of(self.remote)};from-tag={tag_of(self.local)}"

    def sdp(self, direction="sendrecv", version=1):
        ip = self.phone.ip
        return (
            f"v=0\r\no=- 1 {version} IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n"
            f"m=audio {self.rtp.port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
            f"a=ptime:20\r\na={direction}\r\n"
        )

    def ask(self, method, *more, body="", kind="application/sdp", seconds=10):
        """Sends a request inside the dialog; the final answer."""
        self.cseq += 1
        return self.phone.transact(self, method, self.target, self.cseq, more, body, kind, seconds)

    def offer_answered(self, request):
        """Our description in answer to a re-INVITE: does the like."""
        found = re.search(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)\r$", request)
        direction = found.group(1) if found else "sendrecv"
        self.offered.append(direction)
        turned = {"sendonly": "recvonly", "recvonly": "sendonly"}
        return self.sdp(turned.get(direction, direction), 1 + len(self.offered))

    def hold(self, version=2):
        answer = self.ask("INVITE", body=self.sdp("sendonly", version))
        self.phone.ack(self, self.cseq)
        return status_of(answer)

    def refer(self, to, *more):
        return status_of(self.ask("REFER", f"Refer-To: {to}", *more))

    def notify(self, status, state):
        """Tells the centre how the transfer goes that it asked for."""
        return status_of(
            self.ask(
                "NOTIFY", "Event: refer", f"Subscription-State: {state}",
                body=f"SIP/2.0 {status} Words\r\n", kind="message/sipfrag",
            )
        )  # fmt: skip

    def hang_up(self):
        self.ask("BYE")
        self.rtp.close()

    def wait_told(self, status, seconds=15):
        def look():
            return any(told == status for told, _ in self.told)

        try:
            wait_for(f"NOTIFY of {status}", look, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; told {self.told}, ended {self.ended!r}") from None

    def wait_end(self, seconds=15):
        return wait_for("the end of a call", lambda: self.ended, seconds)

    def heard(self):
        """What arrived since the sender's time last jumped, as it does where another one sends."""
        packets = list(self.rtp.packets)
        begin = 0
        for n in range(1, len(packets)):
            step = (packets[n][2] - packets[n - 1][2]) & 0xFFFFFFFF
            if 16_000 < step < 0xFFFFFFFF - 16_000:
                begin = n
        return self.rtp.heard_of(packets[begin:])

    def wait_heard(self, needle, least=0.9, seconds=15):
        best = 0.0

        def look():
            nonlocal best
            heard = self.heard()
            best = sound.match(needle, heard)[0] if len(heard) > len(needle) else 0.0
            return best >= least

        try:
            wait_for("the sound", look, seconds, every=0.3)
        except AssertionError:
            raise AssertionError(f"the sound did not arrive: best match {best}") from None


class Handset:
    """`answers` is what it does with calls: 200, another final status, or 180 to let it ring; or a list
    of these, one for each call, which handsets may share."""

    moved_to = None  # a Contact: where 302 sends a call
    refuses_offers = False  # in a call that is up

    def __init__(self, centre, number=None, password=None, answers=200, ip=None):
        self.ip = ip or new_ip()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.ip, 0))
        self.port = self.socket.getsockname()[1]
        self.centre = (centre.ip, centre.sip_port)
        self.number, self.password, self.answers = number, password, answers
        self.dialogs, self.waiting, self.messages = {}, {}, []
        self.calls = queue.Queue()
        self.closed = False
        threading.Thread(target=self._listen, daemon=True).start()

    def stop(self):
        self.closed = True
        for dialog in self.dialogs.values():
            dialog.rtp.close()
        self.socket.close()

    def register(self):
        aor = f"<sip:{self.number}@{DOMAIN}>"
        dialog = Dialog(self, f"reg-{self.port}", f"{aor};tag=r", aor, f"sip:{DOMAIN}")
        dialog.rtp.close()
        contact = f"Contact: <sip:{self.number}@{self.ip}:{self.port}>;expires=300"
        answer = self._proved(dialog, "REGISTER", (contact,))
        assert status_of(answer) == 200, answer
        return self

    def dial(self, user, *more, host=DOMAIN, seconds=20):
        """Calls; the dialog, or the status of the refusal."""
        shown = self.number or "13900000001"
        ours = f"<sip:{shown}@{DOMAIN if self.number else self.ip}>;tag={random.getrandbits(40)}"
        target = f"sip:{user}@{host}"
        dialog = Dialog(self, f"{random.getrandbits(60)}@{self.ip}", ours, f"<{target}>", target)
        self.dialogs[dialog.call_id] = dialog
        answer = self._proved(dialog, "INVITE", more, dialog.sdp(), seconds)
        if status_of(answer) != 200:
            return status_of(answer)
        self._up(dialog, answer)
        self.ack(dialog, dialog.cseq)
        return dialog

    def taken(self, seconds=15):
        """The next call that has come in."""
        return self.calls.get(timeout=seconds)

    def _up(self, dialog, answer):
        dialog.remote = field(answer, "To")
        dialog.target = re.search(r"<(.*?)>", field(answer, "Contact")).group(1)
        port = int(re.search(r"m=audio (\d+)", answer).group(1))
        dialog.rtp.send_to((re.search(r"c=IN IP4 (\S+)", answer).group(1), port))
        dialog.answered.set()

    def _proved(self, dialog, method, more, body="", seconds=20):
        dialog.cseq += 1
        args = (more, body, "application/sdp", seconds)
        answer = self.transact(dialog, method, dialog.target, dialog.cseq, *args)
        if status_of(answer) not in (401, 407) or not self.password:
            return answer
        if method == "INVITE":
            self.ack(dialog, dialog.cseq)
        nonce = re.search(r'nonce="([^"]+)"', answer).group(1)
        realm = re.search(r'realm="([^"]+)"', answer).group(1)
        digest = lambda text: hashlib.md5(text.encode()).hexdigest()  # noqa: E731
        ha1 = digest(f"{self.number}:{realm}:{self.password}")
        proof = digest(f"{ha1}:{nonce}:00000001:c:auth:{digest(f'{method}:{dialog.target}')}")
        header = (
            f'Authorization: Digest username="{self.number}",realm="{realm}",nonce="{nonce}",'
            f'uri="{dialog.target}",response="{proof}",algorithm=MD5,qop=auth,nc=00000001,cnonce="c"'
        )
        dialog.cseq += 1
        args = ((*more, header), body, "application/sdp", seconds)
        return self.transact(dialog, method, dialog.target, dialog.cseq, *args)

    def transact(self, dialog, method, target, cseq, more, body, kind, seconds):
        key = (dialog.call_id, cseq)
        answers = self.waiting.setdefault(key, queue.Queue())
        packet = self._request(dialog, method, target, cseq, more, body, kind)
        if method == "INVITE":
            dialog.asked = packet.decode()
        deadline, patience, wait = time.monotonic() + seconds, 0.5, None
        self.socket.sendto(packet, self.centre)
        while time.monotonic() < deadline:
            try:
                answer = answers.get(timeout=min(wait or patience, deadline - time.monotonic()))
            except queue.Empty:
                # Nothing heard yet: once more (RFC 3261 section 17.1).
                if wait is None:
                    self.socket.sendto(packet, self.centre)
                continue
            if status_of(answer) >= 200:
                if method == "INVITE" and status_of(answer) >= 300:
                    dialog.remote = field(answer, "To")
                    self.ack(dialog, cseq)
                    dialog.remote = re.sub(r";tag=.*", "", dialog.remote)
                return answer
            wait = 1.0
        raise AssertionError(f"no answer to {method} within {seconds} s")

    def ack(self, dialog, cseq):
        self.socket.sendto(self._request(dialog, "ACK", dialog.target, cseq, (), "", ""), self.centre)

    def cancel(self, dialog):
        """Gives up what was not answered yet (RFC 3261 section 9.1)."""
        head = dialog.asked.partition("\r\n\r\n")[0].replace("INVITE", "CANCEL")
        kept = ("CANCEL", "Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards")
        lines = [line for line in head.split("\r\n") if line.startswith(kept)]
        self.socket.sendto(_packed(lines, "", ""), self.centre)

    def _request(self, dialog, method, target, cseq, more, body, kind):
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.ip}:{self.port};branch=z9hG4bK{random.getrandbits(60)};rport",
            f"From: {dialog.local}", f"To: {dialog.remote}", f"Call-ID: {dialog.call_id}",
            f"CSeq: {cseq} {method}", "Max-Forwards: 70",
        ]  # fmt: skip
        if not any(line.startswith("Contact:") for line in more):
            lines.append(f"Contact: <sip:{self.number or 'peer'}@{self.ip}:{self.port}>")
        return _packed([*lines, *more], body, kind)

    def _listen(self):
        while not self.closed:
            try:
                packet = self.socket.recv(65536).decode(errors="replace")
            except OSError:
                return
            if not packet.strip():
                continue
            self.messages.append(packet)
            if packet.startswith("SIP/2.0"):
                cseq, method = field(packet, "CSeq").split()
                answers = self.waiting.get((field(packet, "Call-ID"), int(cseq)))
                # That of a CANCEL has the number of what it cancels.
                if answers and method != "CANCEL":
                    answers.put(packet)
            else:
                try:
                    self._asked(packet)
                except OSError:
                    return  # Stopped meanwhile.

    def _asked(self, request):
        method = request.split()[0]
        dialog = self.dialogs.get(field(request, "Call-ID"))
        if method == "INVITE" and dialog is None:
            return self._called(request)
        if method == "ACK":
            return None
        if dialog is None:
            return self.answer(request, 481 if method != "OPTIONS" else 200)
        if method in ("BYE", "CANCEL"):
            dialog.ended = request
        if method == "NOTIFY":
            state = field(request, "Subscription-State")
            dialog.told.append((int(request.rpartition("SIP/2.0 ")[2].split()[0]), state))
        if method == "REFER":
            dialog.asked_to_refer = request
            return self.answer(request, 202, tag=tag_of(dialog.local))
        body = dialog.offer_answered(request) if method == "INVITE" else ""
        status = 488 if method == "INVITE" and self.refuses_offers else 200
        self.answer(request, status, tag=tag_of(dialog.local), body=body if status == 200 else "")
        if method == "CANCEL":
            self.answer(dialog.invite, 487, tag=tag_of(dialog.local))
        return None

    def _called(self, request):
        tag = str(random.getrandbits(40))
        target = re.search(r"<(.*?)>", field(request, "Contact")).group(1)
        local = f"{field(request, 'To')};tag={tag}"
        dialog = Dialog(self, field(request, "Call-ID"), local, field(request, "From"), target)
        self.dialogs[dialog.call_id] = dialog
        dialog.invite = request
        status = self.answers.pop(0) if isinstance(self.answers, list) else self.answers
        if status < 300:
            self.answer(request, 180, tag=tag)
        if status == 200:
            self.pick_up(dialog)
        elif status >= 300:
            self.answer(request, status, tag=tag)
        self.calls.put(dialog)

    def pick_up(self, dialog):
        """Answers a call that rings."""
        request = dialog.invite
        port = int(re.search(r"m=audio (\d+)", request).group(1))
        dialog.rtp.send_to((re.search(r"c=IN IP4 (\S+)", request).group(1), port))
        dialog.answered.set()
        self.answer(request, 200, tag=tag_of(dialog.local), body=dialog.sdp())

    def answer(self, request, status, tag=None, body=""):
        to = field(request, "To")
        if "tag=" not in to and tag:
            to += f";tag={tag}"
        vias = re.findall(r"(?im)^Via: *(.*?)\r$", request)
        lines = [f"SIP/2.0 {status} Words", *(f"Via: {via}" for via in vias)]
        lines += [f"{name}: {field(request, name)}" for name in ("From", "Call-ID", "CSeq")]
        contact = self.moved_to if status == 302 else f"<sip:{self.number or 'peer'}@{self.ip}:{self.port}>"
        lines += [f"To: {to}", f"Contact: {contact}"]
        self.socket.sendto(_packed(lines, body, "application/sdp"), self.centre)


def _packed(lines, body, kind):
    if body:
        lines = [*lines, f"Content-Type: {kind}"]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()
