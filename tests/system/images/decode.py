"""Decodes pictures on the emulator: a job in JSON on each line of standard input, an answer in JSON for each.

A job with "measure" only has the header read, and the bytes of that counted; one with "compress" (the options) becomes a JPEG.

The rows go to the job's `out`: RGB565, the higher byte first, then the opacity of the row, if the picture has one.
"""

import gc
import json
import sys

from kiosk.errors import KioskError
from kiosk.pictures import compress, header
from kiosk.ui.images import banded, open_picture, plain, shown_header, streamed
from kiosk.ui.paint.surface import Surface

LOADED = (banded, plain, streamed)  # so that no picture pays for its module


class Counted:
    """A file that counts what is read of it."""

    def __init__(self, file):
        self._file = file
        self.bytes = 0

    def __getattr__(self, name):
        return getattr(self._file, name)

    def read(self, count):
        """Bytes."""
        data = self._file.read(count)
        self.bytes += len(data)
        return data


def measure(job):
    """dict: what wx.getImageInfo has of a picture."""
    with open(job["path"], "rb") as file:
        counted = Counted(file)
        try:
            head = header.read(counted)
        except ValueError as exc:
            return {"error": "ValueError", "reason": str(exc), "read": counted.bytes}
    size = (head.width, head.height)
    return {"format": head.format, "size": size, "orientation": head.orientation, "read": counted.bytes}


class Folder:
    """What compress() wants of kiosk.files."""

    def __init__(self, job):
        self._job = job

    def readable(self, url):
        """The path itself."""
        return url

    def file_size(self, path, url):
        """It is there."""

    def temporary(self, suffix):
        """Where the job wants it."""
        return suffix, self._job["out"]


def compressed(job):
    """dict: how making it smaller went."""
    gc.collect()
    before = gc.mem_alloc()
    try:
        for _ in compress.compress(Folder(job), job["path"], **job["compress"]):
            pass
        answer = {}
    except KioskError as exc:
        answer = {"error": exc.args[0], "reason": exc.reason}
    gc.collect()
    answer["left"] = gc.mem_alloc() - before
    return answer


def decode(job):
    """dict: what there is to say of one picture."""
    file = open(job["path"], "rb")  # noqa: SIM115  (the picture closes it)
    try:
        head = shown_header(file)
        gc.collect()
        before = gc.mem_alloc()
        picture = open_picture(file, job.get("part"), job.get("width", 0), job.get("height", 0))
    except (ValueError, MemoryError) as exc:
        file.close()
        return {"error": type(exc).__name__, "reason": str(exc)}
    gc.collect()
    answer = {"format": head.format, "size": (head.width, head.height), "orientation": head.orientation}
    answer.update({"shown": (picture.width, picture.height), "alpha": bool(picture.alpha)})
    answer["held"] = gc.mem_alloc() - before
    try:
        with open(job.get("out", "/dev/null"), "wb") as out:
            write_rows(picture, out)
    except (ValueError, MemoryError) as exc:
        answer.update({"error": type(exc).__name__, "reason": str(exc)})
    picture.close()
    picture = None
    gc.collect()
    answer["left"] = gc.mem_alloc() - before
    return answer


def write_rows(picture, out):
    """All rows, from top to bottom."""
    width = picture.width
    surface = None
    if picture.depth != 2 or picture.little:
        surface = Surface(2 * width)
        surface.aim(0, 0, width, 1)
    for number in range(picture.height):
        if surface:  # as a display gets it
            surface.aim(0, number, width, 1)
            surface.image(0, 0, width, picture.height, picture)
            out.write(surface.pixels())
            continue
        data = memoryview(picture.row(number))
        out.write(data[picture.start : picture.start + 2 * width])
        if picture.alpha:
            at = picture.start + picture.alpha
            out.write(data[at : at + width])


for line in sys.stdin:
    job = json.loads(line)
    if job.get("mutate"):
        with open(job["path"], "rb") as file:
            whole = file.read()
        ended = {}
        for at in range(0, len(whole), job["step"]):
            for flip in job["mutate"]:
                changed = bytearray(whole)
                changed[at] ^= flip
                with open(job["changed"], "wb") as file:
                    file.write(changed)
                answer = decode({"path": job["changed"]})
                said = answer.get("error", "shown")
                ended[said] = ended.get(said, 0) + 1
        print(json.dumps(ended))
    elif "compress" in job:
        print(json.dumps(compressed(job)))
    elif job.get("measure"):
        print(json.dumps(measure(job)))
    else:
        print(json.dumps(decode(job)))
