"""Other people's phones: sipp by a scenario file, and baresip by its control socket.

A sipp has a loopback address of its own, so that the server can tell it from others. It signals;
the sound of its calls is ours (see rtp.py), for sipp cannot record.
"""

import itertools
import json
import os
import pathlib
import socket
import subprocess
import time

import numpy as np

import sound
from centre import free_port, free_sip_port, wait_for
from rtp import Rtp

HERE = pathlib.Path(__file__).parent
_numbers = itertools.count(1)
CALL_SECONDS_MAX = 90


def new_ip():
    """A loopback address that no other peer of this run has."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    n = next(_numbers)
    return f"127.{100 + worker}.{n // 250}.{n % 250 + 1}"


# What stands in scenarios as lines `%%name words`: the heads that all messages of a kind have.
BLOCKS = {
    # A request of sipp inside the call that it made: method, number.
    "ask": """\
{0} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:@caller@@[local_ip]:[local_port]>;tag=sipp-[pid]-[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {1} {0}
Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70""",
    # The INVITE that makes the call: its number.
    "call": """\
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:@caller@@[local_ip]:[local_port]>;tag=sipp-[pid]-[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: {0} INVITE
Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70""",
    # ACK to a refusal of the INVITE before: its number.
    "ack_refusal": """\
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: {0} ACK
Max-Forwards: 70
Content-Length: 0""",
    # An answer to the request that came last: status and phrase.
    "answer": """\
SIP/2.0 {0} {1}
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>""",
    # An answer to the INVITE that `remember` kept, by the phone with this tag: status, phrase, tag.
    "answer_invite": """\
SIP/2.0 {0} {1}
Via: [$via]
From: [$theirs]
To: <[$ours]>;tag={2}-[pid]-[call_number]
Call-ID: [call_id]
CSeq: [$cseq]
Contact: <sip:{2}@[local_ip]:[local_port];transport=[transport]>""",
    # A request of sipp inside the call that it was called by: method, number, its tag.
    "called": """\
{0} [$target] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <[$ours]>;tag={2}-[pid]-[call_number]
To: [$theirs]
Call-ID: [call_id]
CSeq: {1} {0}
Contact: <sip:{2}@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70""",
    "remember": """\
<ereg regexp="sip:[^>]*" search_in="hdr" header="Contact:" assign_to="target"/>
<ereg regexp="SIP/.*" search_in="hdr" header="Via:" assign_to="via"/>
<ereg regexp="[0-9]+ INVITE" search_in="hdr" header="CSeq:" assign_to="cseq"/>
<ereg regexp="sip:[^>]*" search_in="hdr" header="To:" assign_to="ours"/>
<ereg regexp="&lt;.*" search_in="hdr" header="From:" assign_to="theirs"/>""",
    # A description: its edition, and the direction.
    "sdp": """\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 {0} IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio @rtp_port@ RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=ptime:20
a={1}""",
}


def expanded(scenario):
    """A scenario with its blocks written out. A phrase has `_` for its spaces."""

    def written(line):
        if not line.startswith("%%"):
            return line
        name, *words = line.removeprefix("%%").split()
        return BLOCKS[name].format(*(word.replace("_", " ") for word in words))

    return "\n".join(map(written, scenario.splitlines())) + "\n"


class Sipp:
    """One run of a scenario of the folder `sipp`, with values for what stands there as `@name@`:
    sipp's own `-key` does not reach the status of a response."""

    def __init__(self, folder, scenario, *args, ip=None, n_calls=1, keys=()):
        self.ip = ip or new_ip()
        self.port = free_sip_port(self.ip)
        self.folder = pathlib.Path(folder) / f"sipp-{self.ip}-{self.port}"
        self.folder.mkdir(parents=True)
        text = expanded((HERE / "sipp" / f"{scenario}.xml").read_text())
        for name, value in dict(keys).items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "scenario.xml").write_text(text)
        command = ["sipp", *args, "-sf", "scenario.xml"]
        command += ["-i", self.ip, "-p", str(self.port), "-m", str(n_calls), "-nostdin"]
        command += ["-timeout", f"{CALL_SECONDS_MAX}s", "-timeout_error"]
        command += ["-trace_msg", "-message_file", "messages", "-trace_err", "-error_file", "errors"]
        with open(self.folder / "screen", "wb") as screen:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen, cwd=self.folder
            )

    @property
    def messages(self):
        path = self.folder / "messages"
        return path.read_text(errors="replace") if path.exists() else ""

    def is_listening(self):
        """sipp binds before it reads; the kernel lists what is bound."""
        address = "".join(reversed([f"{int(part):02X}" for part in self.ip.split(".")]))
        bound = "".join(pathlib.Path(f"/proc/net/{kind}").read_text() for kind in ("udp", "tcp"))
        return f"{address}:{self.port:04X}" in bound

    def wait(self, seconds=30):
        """Until the scenario has ended as written."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"sipp still waits; messages:\n{self.messages[-6000:]}") from None
        errors = self.folder / "errors"
        told = errors.read_text(errors="replace") if errors.exists() else ""
        assert code == 0, f"sipp ended with {code}\n{told}\n{self.messages[-6000:]}"

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Phone:
    """A callee: sipp answers, rings or refuses as its scenario says."""

    def __init__(self, folder, scenario="answer", n_calls=1, args=(), **keys):
        ip = new_ip()
        self.rtp = Rtp(ip)
        keys = {"rtp_port": self.rtp.port} | keys
        self.sipp = Sipp(folder, scenario, *args, ip=ip, n_calls=n_calls, keys=keys)
        self.ip, self.port = ip, self.sipp.port
        wait_for("sipp to listen", self.sipp.is_listening)

    def wait_said(self, seconds=30):
        """Until all that was queued has left."""
        wait_for("the phone to have spoken", self.rtp.is_done, seconds)

    def wait_heard(self, needle, seconds=20, least=0.9):
        """Until `needle` is found in what arrived: (correlation, second of its beginning)."""
        best = (0.0, 0.0)

        def look():
            nonlocal best
            best = sound.match(needle, self.rtp.heard())
            return best if best[0] >= least else None

        try:
            return wait_for("the sound to arrive", look, seconds, every=0.3)
        except AssertionError:
            raise AssertionError(
                f"the sound did not arrive: best match is {best}; {self._told()}"
            ) from None

    def _told(self):
        """What did arrive, for whoever reads a failure."""
        heard = self.rtp.heard()
        lines = [line for line in self.sipp.messages.splitlines() if "SIP/2.0" in line]
        starts = [line for line in lines if not line.startswith("Via")]
        return (
            f"{len(self.rtp.packets)} packets, {len(heard) / sound.RATE:.1f} s, "
            f"loudness {sound.loudness(heard):.4f}; signalling: {starts}"
        )

    def wait_end(self, seconds=30):
        self.sipp.wait(seconds)

    def stop(self):
        self.rtp.close()
        self.sipp.stop()


CONFIG = """\
poll_method        epoll
sip_listen         {ip}:{port}
net_interface      {ip}
call_max_calls     4
audio_player       aubridge,null1
audio_source       aufile,{wav}
audio_alert        aubridge,null2
ausrc_srate        8000
auplay_srate       8000
ausrc_channels     1
auplay_channels    1
audio_level        no
rtp_ports          {rtp_first}-{rtp_last}
rtcp_mux           no
jitter_buffer_delay 5-10
snd_path           {folder}
module_path        {modules}
module             g711.so
module             g722.so
module             opus.so
module             srtp.so
module             aufile.so
module             aubridge.so
module             sndfile.so
module_tmp         uuid.so
module_tmp         account.so
module_app         menu.so
module_app         ctrl_tcp.so
ctrl_tcp_listen    {ip}:{control}
"""

ACCOUNT = (
    "<sip:{user}@{ip}:{port};transport=udp>;regint=0;answermode=auto;"
    "audio_codecs={codecs};dtmfmode=rtpevent{more}\n"
)


class Baresip:
    """baresip answers by itself, plays a file from the first moment, and keeps what it hears.

    Its RTP sockets are bound to no address, so the kernel would send from another one than its SDP
    names, if that were not 127.0.0.1."""

    def __init__(self, folder, user, samples, codecs="PCMA/8000/1,PCMU/8000/1", account=None, more="",
                 more_config="", ip="127.0.0.1"):
        self.ip = ip
        # It takes the next port for TLS, whether anybody wants that or not.
        self.port, control = free_sip_port(self.ip, n_ports=2), free_port(ip=self.ip)
        self.folder = pathlib.Path(folder) / f"baresip-{self.port}"
        self.folder.mkdir(parents=True)
        # It hangs up at the end of the file: silence behind lasts longer than any call here.
        wav = sound.write(self.folder / "said.wav", _padded(samples))
        rtp_first = free_port(socket.SOCK_DGRAM, self.ip)
        modules = next(pathlib.Path("/usr/lib").glob("**/baresip/modules"))
        config = CONFIG.format(
            ip=self.ip, port=self.port, wav=wav, folder=self.folder, control=control,
            rtp_first=rtp_first, rtp_last=rtp_first + 20, modules=modules,
        )  # fmt: skip
        (self.folder / "config").write_text(config + more_config)
        account = account or ACCOUNT.format(
            user=user, ip=self.ip, port=self.port, codecs=codecs, more=more
        )
        (self.folder / "accounts").write_text(account)
        (self.folder / "contacts").write_text("")
        with open(self.folder / "screen", "wb") as screen:
            self.process = subprocess.Popen(
                ["baresip", "-f", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=screen,
                cwd=self.folder,
            )
        self.control = wait_for("baresip to start", lambda: self._connect(control))
        self.unread = b""

    def _connect(self, control):
        try:
            return socket.create_connection((self.ip, control), timeout=2)
        except OSError:
            return None

    def command(self, name, params=None):
        body = {"command": name, "token": "t"} | ({"params": params} if params else {})
        text = json.dumps(body).encode()
        self.control.sendall(b"%d:%s," % (len(text), text))

    def wait_event(self, kind, seconds=20):
        """Messages are netstrings; others than the one waited for are passed over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            length, colon, rest = self.unread.partition(b":")
            if colon and len(rest) > int(length):
                message = json.loads(rest[: int(length)])
                self.unread = rest[int(length) + 1 :]
                if message.get("type") == kind:
                    return message
                continue
            self.control.settimeout(max(0.05, deadline - time.monotonic()))
            try:
                self.unread += self.control.recv(65536)
            except TimeoutError:
                break
        screen = (self.folder / "screen").read_text(errors="replace")
        raise AssertionError(f"no {kind} from baresip within {seconds} s:\n{screen[-3000:]}")

    def heard(self):
        """What it heard, once the call is over. Only what arrived: lost packets leave no gap."""
        dump = next(self.folder.glob("dump-*-dec.wav"))
        return sound.read(dump)

    def stop(self):
        self.control.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _padded(samples):
    return np.concatenate([samples, sound.silence(120)])
