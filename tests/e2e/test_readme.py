"""What the documents tell a newcomer to type, run as it stands there."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

from centre import BIN, VENVS, Centre

ROOT = pathlib.Path(__file__).parents[2]
SHOWN = "127.0.0.1:8080"


@pytest.fixture(scope="module")
def dev(tmp_path_factory):
    """As the quick start starts it, but on ports of its own."""
    centre = Centre(tmp_path_factory.mktemp("dev"), "--simulated=true").start()
    yield centre
    centre.stop()


def snippet(document, language):
    """The only block of code in this language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    return found


@pytest.mark.parametrize(
    "document, language, program",
    [
        ("README.md", "python", [sys.executable, "-c"]),
        ("docs/clients.md", "js", ["node", "-e"]),
        ("docs/clients.md", "sh", ["sh", "-c"]),
    ],
)
def test_a_call_as_the_documents_place_it(dev, document, language, program):
    code = snippet(document, language)
    assert SHOWN in code
    code = code.replace(SHOWN, f"127.0.0.1:{dev.http_port}")
    path = f"{VENVS / 'tccli' / 'bin'}:{os.environ['PATH']}"
    said = subprocess.run(
        [*program, code], capture_output=True, text=True, timeout=120, env=os.environ | {"PATH": path}
    )
    assert said.returncode == 0, said.stderr
    (call_id,) = re.findall(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", said.stdout)[:1]
    dev.wait_state(call_id, "up")
    dev.api("POST", f"/calls/{call_id}/hangup")
    dev.wait_state(call_id, "ended")


def test_the_command_line_shows_the_calls(dev):
    environment = os.environ | {"SWITCHBOARD_TOKEN": dev.token, "SWITCHBOARD_SERVER": dev.url}
    for command in (["call", "list"], ["agent", "list"], ["trunk", "list"], ["delivery", "list"]):
        said = subprocess.run(
            [BIN, *command], capture_output=True, text=True, timeout=30, env=environment
        )
        assert said.returncode == 0 and said.stdout.startswith("ID"), said.stdout + said.stderr
