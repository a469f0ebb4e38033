"""The same centre on PostgreSQL, and what it does when the database goes away."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import sound
from centre import Centre, free_port, wait_for
from cloud import Cloud, code_of


class Postgres:
    """A server of its own, in a folder of its own, on a free port. It refuses to run as root."""

    def __init__(self):
        versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.programs = versions[-1]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="switchboard-e2e-"))
        self.port = free_port()
        self.as_owner = {}
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.as_owner = {"user": owner.pw_uid, "group": owner.pw_gid}
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D", "data")

    def run(self, program, *arguments):
        subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder, check=True, stdout=subprocess.DEVNULL, **self.as_owner,
        )  # fmt: skip

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run("pg_ctl", "-D", "data", "-o", options, "-l", "log", "-w", "start")

    def stop(self):
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    @property
    def url(self):
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def new_database(self, name):
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="module")
def postgres():
    postgres = Postgres()
    postgres.start()
    yield postgres
    postgres.stop()
    shutil.rmtree(postgres.folder)


@pytest.fixture(scope="module")
def centre(postgres, tmp_path_factory):
    """In the place of the usual one: the same fixtures work on it."""
    centre = Centre(tmp_path_factory.mktemp("centre"), "--database", postgres.url)
    centre.start()
    yield centre
    centre.stop()


def test_a_call_on_postgresql_is_recorded_told_and_survives_a_kill(
    centre, cloud, receiver, line, quiet_agent, tmp_path
):
    phone = line()
    call_id = cloud.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=phone.callee)["SessionId"]
    phone.phone.wait_heard(sound.speak("Good morning, this is Harbor Clinic.", tmp_path))
    centre.kill()
    centre.start()
    call = centre.wait_recordings(call_id)
    assert call["cause"] == "crashed"
    agent = centre.fetch(centre.track(call, "agent")["url"], tmp_path / "agent.mp3")
    assert sound.seconds(agent) > 1
    receiver.wait(call_id, "cdr")
    receiver.wait(call_id, "record", n=2)


def test_a_second_server_on_the_same_database_does_not_start_and_ends_no_call(
    centre, cloud, line, quiet_agent, postgres, tmp_path
):
    phone = line()
    call_id = cloud.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=phone.callee)["SessionId"]
    centre.wait_state(call_id, "up")
    second = Centre(tmp_path / "second", "--database", postgres.url)
    second.data.mkdir(mode=0o700)
    shutil.copy(centre.data / "seal.key", second.data)
    said = subprocess.run(second.command(), capture_output=True, text=True, timeout=60)
    assert said.returncode != 0
    assert f"database is in use by switchboard, process {centre.process.pid}" in said.stderr
    assert centre.call(call_id)["state"] == "up"
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_server_that_lost_its_database_to_another_one_stops(postgres, tmp_path):
    url = postgres.new_database("lost")
    first = Centre(tmp_path / "first", "--database", url).start()
    second = Centre(tmp_path / "second", "--database", url)
    second.data.mkdir(mode=0o700)
    shutil.copy(first.data / "seal.key", second.data)
    wait_for("the first to have told that it is ready", lambda: '"message":"ready"' in first.log)
    try:
        # A machine that is asleep while its database is started again.
        first.process.send_signal(signal.SIGSTOP)
        postgres.stop()
        postgres.start()
        second.start()
        first.process.send_signal(signal.SIGCONT)
        assert first.process.wait(30) == 75
        assert "another server has taken the database" in first.log
        assert second.is_ready()
    finally:
        first.stop()
        second.stop()


def test_a_call_goes_on_while_the_database_is_gone_and_is_written_down_later(
    centre, cloud, receiver, line, quiet_agent, postgres
):
    phone = line("answer_hang_up", args=("-d", "4000"))
    call_id = cloud.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=phone.callee)["SessionId"]
    centre.wait_state(call_id, "up")
    postgres.stop()
    try:
        phone.phone.wait_end()
        assert len(phone.phone.rtp.packets) > 150, "the agent went on"
    finally:
        postgres.start()
    call = centre.wait_recordings(call_id, seconds=60)
    assert (call["cause"], call["ended_by"]) == ("completed", "user")
    receiver.wait(call_id, "cdr")
    receiver.wait(call_id, "record", n=2)


def test_a_database_that_is_gone_is_an_internal_error_until_it_is_back(
    centre, cloud, line, quiet_agent, postgres
):
    phone = line("answer_hang_up", args=("-d", "500"))
    wish = {"AIAgentId": quiet_agent, "Callee": phone.callee}
    postgres.stop()
    try:
        assert code_of(cloud.CreateAIAgentCall, **wish) == "InternalError"
        assert code_of(cloud.PlaySoundCall, SessionId="x", FileId=1) == "InternalError"
        now = int(time.time())
        window = {"StartTimeStamp": now - 60, "EndTimeStamp": now, "PageSize": 10, "PageNumber": 0}
        assert code_of(cloud.DescribeTelCdr, **window).startswith("InternalError")
    finally:
        postgres.start()

    def place():
        try:
            return cloud.CreateAIAgentCall(**wish)["SessionId"]
        except TencentCloudSDKException:
            return None

    call_id = wait_for("the database to be used again", place, seconds=30, every=0.5)
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"
