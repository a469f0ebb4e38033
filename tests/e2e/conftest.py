"""What every test can ask for. A module has a server of its own; a test has phones of its own."""

import dataclasses
import itertools

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from centre import Centre, INSTANCE
from cloud import Cloud
from peers import Baresip, Phone
from receiver import Receiver

_lines = itertools.count(1)


def new_number():
    """A number that no other phone of this module has."""
    return f"+86138{next(_lines):08}"


@dataclasses.dataclass
class Line:
    """A phone, the number that reaches it and the number that it sees."""

    phone: object
    trunk: int
    callee: str
    caller: str


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    flags = ["--requests-per-second", "1000", "--fetch-private"]
    centre = Centre(tmp_path_factory.mktemp("centre"), *flags)
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture(scope="module")
def cloud(centre):
    return Cloud(centre)


def extension(cloud, number, **more):
    """An extension with its password. A second go of a test has that of the first."""
    try:
        return cloud.DescribeExtension(ExtensionId=number)
    except TencentCloudSDKException:
        cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}", **more)
    return cloud.DescribeExtension(ExtensionId=number)


@pytest.fixture(scope="module")
def receiver(centre):
    receiver = Receiver()
    centre.add_webhook(receiver.url)
    yield receiver
    receiver.close()


@pytest.fixture
def lines(tmp_path):
    """Makes phones with trunks that lead to them, and takes them down afterwards."""
    made = []

    def to(centre, phone, callee=None, instance=INSTANCE, **trunk):
        made.append(phone)
        callee = callee or new_number()
        caller = f"+8610{next(_lines):08}"
        prefixes = [callee.lstrip("+")]
        if isinstance(phone, Phone):
            # An OPTIONS that comes first would be the one call of a sipp.
            trunk.setdefault("options_ping", False)
        trunk = centre.add_trunk(phone.ip, phone.port, callee_prefixes=prefixes, **trunk)
        centre.add_number(caller, trunk, instance)
        return Line(phone, trunk, callee, caller)

    yield to
    for phone in made:
        phone.stop()


@pytest.fixture
def line(centre, lines, tmp_path):
    """Makes a sipp phone of a scenario at the end of a trunk of its own."""

    def make(scenario="answer", *, trunk=None, **phone):
        return lines(centre, Phone(tmp_path, scenario, **phone), **(trunk or {}))

    return make


@pytest.fixture
def baresip_line(centre, lines, tmp_path):
    """Makes a baresip at the end of a trunk of its own, which says `samples`."""

    def make(
        samples, codecs="PCMA/8000/1,PCMU/8000/1", offered=("pcma", "pcmu"), account="", config="", **trunk
    ):
        callee = new_number()
        phone = Baresip(tmp_path, callee, samples, codecs, more=account, more_config=config)
        trunk["codecs"] = list(offered)
        return lines(centre, phone, callee, **trunk)

    return make


@pytest.fixture(scope="module")
def quiet_agent(centre):
    """Says one sentence and then waits for as long as a test may take."""
    return centre.add_agent(quiet("Good morning, this is Harbor Clinic."))


def quiet(greeting):
    """The definition of an agent that says one sentence and waits."""
    wait = {"answers": [{"keys": ["0"], "then": "hang_up"}]}
    return {
        "language": "en",
        "greeting": greeting,
        "greeting_interruptible": False,
        "start": "wait",
        "steps": {"wait": wait},
        "no_input": {"after_second": 600, "lines": ["Hello?"]},
        "no_match": {"max": 100},
        "limits": {"silence_second": 3600},
    }
