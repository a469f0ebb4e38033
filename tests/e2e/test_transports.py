"""SIP by TLS and by WebSocket, with certificates that the tests make."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import time

import pytest
import websockets

import sound
from centre import INSTANCE, Centre, free_port, wait_for
from cloud import Cloud
from conftest import quiet
from peers import Baresip
from test_call import place
from test_extensions import baresip_account, is_registered
from test_secure import GREETING, assert_both_heard, talk

OPTIONS = (
    "OPTIONS sip:centre SIP/2.0\r\nVia: SIP/2.0/{by} df7jal23ls0d.invalid;branch=z9hG4bK56sdasks\r\n"
    "Max-Forwards: 70\r\nTo: <sip:centre>\r\nFrom: <sip:a@x.invalid>;tag=1\r\nCall-ID: {call}\r\n"
    "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


class Authority:
    """Certificates for 127.0.0.1 by a root of its own."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.folder.mkdir()
        self.root = self.folder / "root.pem"
        self._openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", "root.key", "-out", "root.pem",
        )  # fmt: skip

    def certificate(self, name, san="IP:127.0.0.1"):
        """Certificate and key; the common name is `name`."""
        (self.folder / "san").write_text(f"subjectAltName={san}\n")
        self._openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr",
        )  # fmt: skip
        self._openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", "root.pem", "-CAkey", "root.key",
            "-CAcreateserial", "-days", "2", "-extfile", "san", "-out", f"{name}.pem",
        )  # fmt: skip
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def _openssl(self, *args):
        subprocess.run(["openssl", *args], cwd=self.folder, check=True, capture_output=True)


class Secured(Centre):
    """A server with TLS and WebSocket."""

    def __init__(self, folder, authority, *flags):
        self.tls_port, self.ws_port, self.wss_port = free_port(), free_port(), free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self.key = folder / "sip.pem", folder / "sip.key"
        self.present(*authority.certificate("first"))
        super().__init__(
            folder,
            "--requests-per-second", "1000",
            "--sip-tls-listen", f"127.0.0.1:{self.tls_port}",
            "--sip-ws-listen", f"127.0.0.1:{self.ws_port}",
            "--sip-wss-listen", f"127.0.0.1:{self.wss_port}",
            "--sip-certificate", str(self.certificate),
            "--sip-key", str(self.key),
            *flags,
        )  # fmt: skip

    def present(self, certificate, key):
        shutil.copy(certificate, self.certificate)
        shutil.copy(key, self.key)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"), "ours")


@pytest.fixture(scope="module")
def centre(tmp_path_factory, authority):
    centre = Secured(tmp_path_factory.mktemp("secured"), authority)
    centre.start()
    yield centre
    centre.stop()


def tls(authority, port, identity=None):
    """A connection to the server; its certificate must be one of the authority's."""
    context = ssl.create_default_context(cafile=authority.root)
    if identity:
        context.load_cert_chain(*identity)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    return context.wrap_socket(plain, server_hostname="127.0.0.1")


def asked(connection, call):
    """What the server says to OPTIONS."""
    connection.sendall(OPTIONS.format(by="TLS", call=call).encode())
    return connection.recv(4096).decode()


def common_name(connection):
    return dict(pair[0] for pair in connection.getpeercert()["subject"])["commonName"]


def test_sip_is_answered_by_tls_and_a_new_certificate_is_shown_without_a_restart(centre, authority):
    with tls(authority, centre.tls_port) as old:
        assert common_name(old) == "first"
        assert asked(old, "a").startswith("SIP/2.0 200 ")
        time.sleep(1.1)
        centre.present(*authority.certificate("second"))
        with tls(authority, centre.tls_port) as new:
            assert common_name(new) == "second"
            assert asked(new, "b").startswith("SIP/2.0 200 ")
        assert asked(old, "c").startswith("SIP/2.0 200 "), "what is open goes on"
    # Half a change is none.
    time.sleep(1.1)
    centre.certificate.write_text("nonsense")
    with tls(authority, centre.tls_port) as still:
        assert common_name(still) == "second"
    centre.present(*authority.certificate("third"))


def test_a_peer_without_a_certificate_is_turned_away_where_one_is_needed(tmp_path, authority):
    others = Authority(tmp_path, "others")
    centre = Secured(tmp_path / "centre", authority, "--sip-client-authorities", str(authority.root))
    centre.start()
    try:
        for wrong in [None, others.certificate("stranger")]:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                with tls(authority, centre.tls_port, wrong) as connection:
                    assert asked(connection, "a") == ""
                    raise ConnectionError("closed without a word")
        with tls(authority, centre.tls_port, authority.certificate("phone")) as connection:
            assert asked(connection, "a").startswith("SIP/2.0 200 ")
    finally:
        centre.stop()


def test_a_phone_registers_and_talks_by_tls_with_encrypted_sound(centre, authority, tmp_path):
    cloud = Cloud(centre)
    agent = centre.add_agent(quiet(GREETING))
    cloud.CreateExtension(ExtensionId="7301", ExtensionName="Desk")
    known = cloud.DescribeExtension(ExtensionId="7301")
    shown = centre.api("GET", "/extensions/7301", instance=INSTANCE)
    assert shown["outbound_proxy_tls"] == f"127.0.0.1:{centre.tls_port}"
    account = baresip_account(known, "tls", OutboundProxy=shown["outbound_proxy_tls"])
    account = account.rstrip() + ";mediaenc=srtp-mand\n"
    said = sound.sweep(2.0)
    config = f"sip_cafile {authority.root}\n"
    samples = [*sound.silence(4.0), *said]
    phone = Baresip(tmp_path, "7301", samples, account=account, more_config=config)
    try:
        wait_for("the phone to register", lambda: is_registered(cloud, "7301"))
        shown = centre.api("GET", "/extensions/7301", instance=INSTANCE)
        assert [place["transport"] for place in shown["phones"]] == ["tls"]
        phone.command("dial", f"*{agent}")
        phone.wait_event("CALL_ESTABLISHED")
        time.sleep(7.5)
        phone.command("hangup")
        phone.wait_event("CALL_CLOSED")
        [call] = centre.api("GET", "/calls", number="+7301")["items"]
        assert_both_heard(centre, call["id"], said, phone.heard(), tmp_path)
    finally:
        phone.stop()


@pytest.fixture
def carrier(centre, baresip_line, authority, tmp_path):
    """A baresip that is called by TLS: it listens for that on the port after."""

    def make(certificate, **trunk):
        pem = tmp_path / "carrier.pem"
        pem.write_text("".join(path.read_text() for path in certificate))
        said = sound.sweep(2.0)
        line = baresip_line(
            [*sound.silence(4.0), *said],
            account=";mediaenc=srtp",
            config=f"sip_certificate {pem}\n",
        )
        changes = {"transport": "tls", "port": line.phone.port + 1, "encryption": "optional"} | trunk
        centre.api("PATCH", f"/trunks/{line.trunk}", changes)
        return line, said

    return make


def test_a_trunk_is_called_by_tls(centre, carrier, authority, tmp_path):
    cloud = Cloud(centre)
    agent = centre.add_agent(quiet(GREETING))
    line, said = carrier(authority.certificate("carrier"), tls_authorities=authority.root.read_text())
    call_id = place(cloud, agent, line)
    talk(cloud, line, call_id)
    assert_both_heard(centre, call_id, said, line.phone.heard(), tmp_path)


@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_carrier_that_is_not_who_it_should_be_hears_nothing(
    centre, carrier, authority, tmp_path, wrong
):
    cloud = Cloud(centre)
    agent = centre.add_agent(quiet(GREETING))
    if wrong == "authority":
        certificate = Authority(tmp_path, "others").certificate("carrier")
    else:
        certificate = authority.certificate("other", san="DNS:other.example")
    line, _ = carrier(certificate, tls_authorities=authority.root.read_text())
    ended = centre.wait_state(place(cloud, agent, line), "ended")
    assert ended["cause"] == "line_fault" and not ended["recordings"]


def test_certificates_of_a_trunk_are_looked_at_when_they_are_written_down(centre, authority):
    certificate, key = authority.certificate("shown")
    trunk = centre.add_trunk("127.0.0.1", 5999, transport="tls", enabled=False)
    for changes, field in [
        ({"tls_authorities": "nonsense"}, "tls_authorities"),
        ({"tls_certificate": certificate.read_text()}, "tls_key"),
        ({"tls_certificate": "nonsense", "tls_key": key.read_text()}, "tls_certificate"),
    ]:
        with pytest.raises(Exception) as refused:
            centre.api("PATCH", f"/trunks/{trunk}", changes)
        assert field in str(refused.value)
    pair = {"tls_certificate": certificate.read_text(), "tls_key": key.read_text()}
    shown = centre.api("PATCH", f"/trunks/{trunk}", pair)
    assert shown["has_tls_key"] and "tls_key" not in shown
    assert key.read_text().splitlines()[1] not in centre.log


def ask_by_web_socket(url, context=None, protocols=("sip",)):
    """What the server says to OPTIONS."""

    async def ask():
        async with websockets.connect(url, subprotocols=protocols, ssl=context) as socket:
            assert socket.subprotocol == "sip"
            await socket.send(OPTIONS.format(by="WS", call="w"))
            first = await asyncio.wait_for(socket.recv(), 10)
            await socket.send("\r\n\r\n")
            assert await asyncio.wait_for(socket.recv(), 10) == "\r\n"
            return first

    return asyncio.run(ask())


def test_sip_is_answered_by_web_socket(centre, authority):
    answer = ask_by_web_socket(f"ws://127.0.0.1:{centre.ws_port}")
    assert answer.startswith("SIP/2.0 200 ") and "Via: SIP/2.0/WS df7jal23ls0d.invalid" in answer
    context = ssl.create_default_context(cafile=authority.root)
    answer = ask_by_web_socket(f"wss://127.0.0.1:{centre.wss_port}", context)
    assert answer.startswith("SIP/2.0 200 ")
    with pytest.raises(websockets.InvalidStatus) as refused:
        ask_by_web_socket(f"ws://127.0.0.1:{centre.ws_port}", protocols=("chat",))
    assert refused.value.response.status_code == 400


def test_a_web_socket_that_says_too_much_is_closed(centre):
    async def flood():
        async with websockets.connect(
            f"ws://127.0.0.1:{centre.ws_port}", subprotocols=("sip",)
        ) as socket:
            await socket.send("OPTIONS sip:a SIP/2.0\r\n" + "x" * 70_000)
            await asyncio.wait_for(socket.recv(), 10)

    with pytest.raises(websockets.ConnectionClosed):
        asyncio.run(flood())
