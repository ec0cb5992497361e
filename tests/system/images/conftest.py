"""Fixture: pictures through the emulator."""

import json
import subprocess

import numpy
import pytest

from host_tools.paths import ROOT, unix_image

DECODE = ROOT / "tests" / "system" / "images" / "decode.py"
TIMEOUT_S = 500  # for a loaded machine


class Decoded:
    """What the emulator said of a file, and its pixels as an array of rows of (red, green, blue, opacity), 0 to 255."""

    def __init__(self, answer, path):
        self.answer = answer
        self._path = path

    def pixels(self):
        """The colours have 5, 6 and 5 bits: the others are 0."""
        assert "error" not in self.answer, self.answer
        width, height = self.answer["shown"]
        pixel_bytes = 3 if self.answer["alpha"] else 2
        data = numpy.frombuffer(self._path.read_bytes(), numpy.uint8).reshape(height, width * pixel_bytes)
        words = data[:, : 2 * width : 2].astype(int) << 8 | data[:, 1 : 2 * width : 2]
        alpha = data[:, 2 * width :] if self.answer["alpha"] else numpy.full((height, width), 255)
        return numpy.stack([words >> 8 & 0xF8, words >> 3 & 0xFC, words << 3 & 0xF8, alpha], 2)


@pytest.fixture
def decode(tmp_path):
    """`decode(jobs, bits=32, heap="190k")`: a Decoded for each job; a job is a path, or a dict as decode.py takes it."""

    def run(jobs, bits=32, heap="190k"):
        jobs = [dict(job) if isinstance(job, dict) else {"path": job} for job in jobs]
        for number, job in enumerate(jobs):
            job.update(path=str(job["path"]), out=str(tmp_path / f"{number}.rows"), changed=str(tmp_path / "changed"))
        done = subprocess.run(
            [unix_image(bits), "-X", "heapsize=" + heap, DECODE],
            input="".join(json.dumps(job) + "\n" for job in jobs),
            capture_output=True, text=True, timeout=TIMEOUT_S, cwd=ROOT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(jobs)
        return [Decoded(answer, tmp_path / f"{number}.rows") for number, answer in enumerate(answers)]

    return run
