"""Simulated callers: scenarios over real SIP and RTP, and in virtual time."""

import pathlib
import re
import subprocess

from centre import BIN

SCENARIOS = pathlib.Path(__file__).parents[2] / "crates/server/src/simulate/scenarios"


def simulate(tmp_path, *arguments):
    command = [BIN, "simulate", *map(str, arguments)]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)


def test_scenarios_go_over_real_sip_and_rtp_as_expected(tmp_path):
    # The one is answered with keys; in the other a machine beeps and is left a message.
    files = [SCENARIOS / "confirms.yaml", SCENARIOS / "voicemail.yaml"]

    done = simulate(tmp_path, "--verbose", "--out", tmp_path / "out", *files)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASS") == 2
    assert "Please call us back" in done.stdout


def test_a_scenario_that_goes_wrong_says_how_and_fails(tmp_path):
    wrong = (SCENARIOS / "confirms.yaml").read_text().replace("on Friday", "on the moon")
    (tmp_path / "wrong.yaml").write_text(wrong)

    done = simulate(tmp_path, "--virtual", "wrong.yaml")

    assert done.returncode == 1
    assert "the agent never says `appointment on the moon`" in done.stdout


def test_a_thousand_calls_in_virtual_time_are_the_same_twice(tmp_path):
    arguments = ["--virtual", "--calls", 1000, "--seed", 7, *sorted(SCENARIOS.glob("*.yaml"))]

    runs = [simulate(tmp_path, *arguments) for _ in range(2)]

    assert [run.returncode for run in runs] == [0, 0], runs[0].stdout
    digests = [re.findall(r"digest (\w+)", run.stdout) for run in runs]
    assert digests[0] == digests[1]
    assert len(digests[0]) == len(arguments[5:])
