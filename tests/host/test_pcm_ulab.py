"""The arithmetic on samples that is written for ulab, which numpy plays here, against the machine code of the device."""

import importlib.util
import random
import subprocess
import sys
import types

import numpy
import pytest

from host_tools.paths import ROOT, unix_image

SAMPLES = 600
EDGES = [0, 1, -1, 127, -128, 255, -256, 32766, 32767, -32767, -32768]
# Of numpy no more than ulab has, and its float: 32 bits.
WORDS = ("array", "arange", "clip", "floor", "frombuffer", "int16")
ON_THE_DEVICE = """
import kiosk
from kiosk.media import pcm
for functions in (kiosk._pcm, pcm.PLAIN):
    copies = [bytearray(each) for each in data]
    functions[("scale", "mix", "spread", "fold").index(name)](*copies, *numbers)
    print(copies[0].hex())
"""
CASES = [("scale", (SAMPLES, gain << 6, 0, 1)) for gain in (0, 1, 77, 255, 256, 16384, 23170, 32767, 32768)]
CASES += [("scale", (SAMPLES, 0, 6990, 2)), ("scale", (SAMPLES, 1 << 21, -3495, 1))]
CASES += [("mix", (SAMPLES,)), ("spread", (SAMPLES // 2,)), ("fold", (SAMPLES // 2,))]


@pytest.fixture
def ulab(monkeypatch):
    """The module as the device would have it."""
    words = {name: getattr(numpy, name) for name in WORDS}
    played = types.SimpleNamespace(**words, float=numpy.float32)
    monkeypatch.setitem(sys.modules, "ulab", types.SimpleNamespace(numpy=played))
    spec = importlib.util.spec_from_file_location("pcmarray", ROOT / "firmware" / "kiosk" / "media" / "pcmarray.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "numbers"), CASES)
def test_ulab_viper_and_plain_python_give_the_same_samples(ulab, tmp_path, name, numbers):
    made = random.Random(5)
    first, second = (
        numpy.array(EDGES + [made.randint(-32768, 32767) for _ in range(SAMPLES - len(EDGES))], dtype="<i2").tobytes()
        for _ in range(2)
    )
    data = [bytearray(first), bytearray(second)] if name == "mix" else [bytearray(first)]
    script = tmp_path / "script.py"
    script.write_text(f"name, data, numbers = {name!r}, {data!r}, {numbers!r}\n{ON_THE_DEVICE}", encoding="utf-8")
    getattr(ulab, name)(*data, *numbers)
    done = subprocess.run([str(unix_image(64)), str(script)], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == [data[0].hex()] * 2, done.stderr
