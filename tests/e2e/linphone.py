"""Linphone without a screen: it reads commands as a person types them, says a file and keeps what it hears."""

import pathlib
import re
import socket
import subprocess
import time

import sound
from centre import free_port, free_sip_port, wait_for

CONFIG = """\
[misc]
config_version=0
[net]
firewall_policy=0
enable_ipv6=0
mtu=1300
[sip]
sip_port={udp}
sip_tcp_port={tcp}
sip_tls_port={tls}
guess_hostname=0
media_encryption={media}
media_encryption_mandatory={mandatory}
use_ipv6=0
use_info={info}
use_rfc2833={events}
verify_server_certs=0
verify_server_cn=0
default_proxy=0
register_only_when_network_is_up=0
[rtp]
audio_rtp_port={rtp}
audio_jitt_comp=60
[sound]
echocancellation=0
[video]
enabled=0
[proxy_0]
reg_proxy=<sip:{proxy};transport={transport}>
reg_route=<sip:{proxy};transport={transport};lr>
reg_identity=sip:{user}@{domain}
reg_expires=120
reg_sendregister=1
publish=0
[auth_info_0]
username={user}
passwd={password}
realm={domain}
domain={domain}
"""
CODECS = ["PCMA/8000", "PCMU/8000", "G722/8000", "opus/48000", "speex/8000", "speex/16000", "speex/32000"]


class Linphone:
    """A phone of an extension: `known` is what DescribeExtension says of it."""

    def __init__(self, folder, known, samples, codecs=("PCMA/8000",), transport="udp", media="none", info=False):
        user = known["ExtensionId"]
        self.folder = pathlib.Path(folder) / f"linphone-{user}"
        self.folder.mkdir(parents=True)
        said = sound.write(self.folder / "said.wav", [*samples, *sound.silence(60)])
        values = {
            "user": user, "domain": known["ExtensionDomain"], "password": known["Password"],
            "proxy": known["OutboundProxy"], "transport": transport,
            "media": media, "mandatory": int(media != "none"), "info": int(info), "events": int(not info), "rtp": free_port(socket.SOCK_DGRAM),
            **{kind: free_sip_port() for kind in ("udp", "tcp", "tls")},
        }  # fmt: skip
        self.port = values["udp"]
        config = CONFIG.format(**values)
        wanted = [*codecs, *(codec for codec in CODECS if codec not in codecs)]
        for n, codec in enumerate([*wanted, "telephone-event/8000"]):
            name, rate = codec.split("/")
            enabled = int(codec in codecs or name == "telephone-event")
            config += f"[audio_codec_{n}]\nmime={name}\nrate={rate}\nchannels={2 if name == 'opus' else 1}\nenabled={enabled}\n"
        (self.folder / ".local/share/linphone").mkdir(parents=True)
        (self.folder / "config").write_text(config)
        self.screen = self.folder / "screen"
        with open(self.screen, "wb") as screen:
            self.process = subprocess.Popen(
                ["linphonec", "-c", str(self.folder / "config"), "-d", "6", "-l", str(self.folder / "log")],
                stdin=subprocess.PIPE, stdout=screen, stderr=screen, cwd=self.folder,
                env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"},
            )  # fmt: skip
        self.type("soundcard use files")
        self.type(f"play {said}")
        self.type(f"record {self.folder / 'heard.wav'}")

    def type(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def told(self):
        return self.screen.read_text(errors="replace")

    def wait_told(self, pattern, seconds=20, since=0):
        try:
            wait_for(pattern, lambda: re.search(pattern, self.told()[since:]), seconds)
        except AssertionError:
            raise AssertionError(f"linphone did not tell {pattern!r}:\n{self.told()[-3000:]}") from None

    def heard(self):
        return sound.read(self.folder / "heard.wav")

    def stop(self):
        if self.process.poll() is None:
            try:
                self.type("quit")
                self.process.wait(5)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
