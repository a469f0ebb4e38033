"""The first start, its set-up link, the doctor, and the demonstration."""

import json
import pathlib
import re
import subprocess
import urllib.error
import urllib.request

import pytest

from centre import BIN, Centre, Problem, wait_for
from cloud import Cloud


@pytest.fixture
def real(tmp_path):
    """A server as an operator starts it: without fixed keys."""
    centre = Centre(tmp_path, dev=False).start()
    yield centre
    centre.stop()


def post(url, body):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def test_set_up_is_by_a_link_that_is_good_once(real):
    link_file = real.data / "setup-link"
    wait_for("the link", link_file.exists)
    assert link_file.stat().st_mode & 0o777 == 0o600
    link = wait_for("the link", lambda: link_file.read_text().strip())
    token = link.split("#")[1]
    assert link.startswith(f"{real.url}/setup#")
    assert token not in real.log, "no secret in the log"
    with pytest.raises(Problem) as refused:
        real.api("GET", "/instances")
    assert refused.value.status in (401, 503), "until set-up is finished only its page answers"

    made = post(f"{real.url}/setup", {"token": token})
    real.token = made["token"]
    instances = real.api("GET", "/instances")["items"]
    assert [instance["id"] for instance in instances] == [made["instance"]]
    cloud = Cloud(real, made["secret_id"], made["secret_key"], made["instance"])
    cloud.DescribeAIAgentInfoList(PageSize=10, PageNumber=0)
    with pytest.raises(urllib.error.HTTPError) as again:
        post(f"{real.url}/setup", {"token": token})
    assert again.value.code == 403

    real.terminate()
    assert real.process.wait(20) == 0
    real.start()
    assert real.api("GET", "/instances")["total"] == 1, "the second start continues"


def test_fixed_keys_are_for_loopback_only(tmp_path):
    said = subprocess.run(
        [BIN, "serve", "--dev", "--data", str(tmp_path / "data"), "--listen", "0.0.0.0:0"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert said.returncode != 0 and "loopback" in said.stderr


def test_a_misspelled_setting_is_refused_with_what_was_meant(tmp_path):
    config = tmp_path / "switchboard.toml"
    config.write_text('sip_liste = "127.0.0.1:5060"\n')
    said = subprocess.run(
        [BIN, "serve", "--config", str(config)], capture_output=True, text=True, timeout=30, cwd=tmp_path
    )
    assert said.returncode != 0 and "sip_listen" in said.stderr


def test_the_doctor_finds_nothing_broken(real):
    flags = real.command()[2:]
    said = subprocess.run([BIN, "doctor", *flags], capture_output=True, text=True, timeout=60)
    assert said.returncode in (0, 1), said.stdout + said.stderr


def test_the_demonstration_shows_a_whole_call(tmp_path):
    said = subprocess.run([BIN, "demo"], capture_output=True, text=True, timeout=180, cwd=tmp_path)
    assert said.returncode == 0, said.stdout[-4000:] + said.stderr[-4000:]
    told = said.stdout + said.stderr
    assert re.search(r"\.svg", told)
    assert list(pathlib.Path(tmp_path).rglob("*.svg")) or re.search(r"/\S+\.svg", told)
