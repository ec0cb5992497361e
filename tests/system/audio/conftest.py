"""Fixtures: boards with a speaker and a microphone where their own drivers look for them."""

import pytest

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wiring import I2sWiring
from host_tools.target import open_target

MICROPHONE = (16, 17, 18)
SPEAKER = (19, 20, 21)
NO_AAC = pytest.mark.emulator("the image without the GPL's codecs decodes no AAC")
# The console runs code between two awaits of the loop; tasks go on after it.  `ended` says how they did.
PRELUDE = """
import asyncio, board, sys
ended = []
async def watched(job):
    try:
        ended.append(await job)
    except Exception as exc:
        ended.append(repr(exc))
def begin(job):
    asyncio.create_task(watched(job))
"""


@pytest.fixture
def sounding(tmp_path):
    """Start a board with sound: `sounding("unix", samples)`; returns the target and the model of its speaker."""
    started = []

    def start(name, samples=(), rate_hz=None, side=0):
        output = open(tmp_path / f"output{len(started)}", "w+", encoding="utf-8")  # noqa: SIM115
        speaker = Speaker()
        microphone = Microphone(samples, side, rate_hz)
        settings = {"warp": True} if name == "virtual" else {"errors": output}
        if name == "unix32":  # with a board's heap
            name, settings["heap"] = "unix", 190 * 1024
        chips = [I2sWiring(speaker, *SPEAKER), I2sWiring(microphone, *MICROPHONE)]
        target = open_target(name, chips=chips, output=output, **settings)
        started.append((target, output))
        target.exec(PRELUDE)
        return target, speaker

    yield start
    for target, output in started:
        target.close()
        output.close()


@pytest.fixture
def studio(tmp_path):
    """Make a Studio: `studio(samples, "unix32")`."""
    from tests.system.audio.studio import Studio  # which has the pins from here

    made = []

    def make(*args, **settings):
        made.append(Studio(tmp_path, *args, **settings))
        return made[-1]

    yield make
    for one in made:
        one.kiosk.close()
