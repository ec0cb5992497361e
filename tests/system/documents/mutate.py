"""MicroPython: reads mutated documents; `mpkiosk mutate.py FOLDER`.  Whatever is in one, it is read or refused, and not for ever."""

import gc
import os
import sys
import time

from kiosk.documents.docx import Docx
from kiosk.documents.layout import lay
from kiosk.documents.parts import Parts
from kiosk.documents.pptx import Pptx
from kiosk.documents.txt import Txt
from kiosk.documents.xlsx import Xlsx
from kiosk.errors import KioskError

_MOST_STEPS = 300000  # a whole one takes some 10,000


def _reader(path, temporary):
    kind = path.rpartition(".")[2]
    if kind == "txt":
        return Txt(path)
    parts = Parts(path)
    return Xlsx(parts, temporary) if kind == "xlsx" else Docx(parts) if kind == "docx" else Pptx(parts)


def _read(path, temporary):
    steps = count = 0
    reader = _reader(path, temporary)
    try:
        for _ in reader.prepare():
            steps += 1
            assert steps < _MOST_STEPS
        for number in range(min(reader.count, 4)):
            for block in reader.read(number):
                steps += 1
                assert steps < _MOST_STEPS
                if block is not None:
                    assert 0 < len(block) <= 2100, len(block)
                    lay(bytes(block), 320)
                    count += 1
    finally:
        reader.close()
    return count


def main(folder):
    """Read all files; says how many were read and how many refused."""
    good = refused = most = 0
    for name in sorted(os.listdir(folder)):
        if name.startswith("part"):
            continue
        gc.collect()
        try:
            _read(folder + "/" + name, lambda: folder + "/part%d" % time.ticks_us())
            good += 1
        except MemoryError:  # which openDocument says, too
            refused += 1
        except KioskError as exc:
            assert exc.args[0] in ("document", "oom"), (name, exc.args)
            refused += 1
        except Exception:
            print("file:", name)
            raise
        gc.collect()
        most = max(most, gc.mem_alloc())
    print("read %d refused %d heap %d" % (good, refused, most))


main(sys.argv[1])
