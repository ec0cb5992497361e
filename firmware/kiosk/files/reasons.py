"""
What a file system says, in WeChat's words.  Touches nothing.
"""

from kiosk.errors import KioskError
from kiosk.files.paths import shown

# errno, row of kiosk/errors.py.  Numbers: MicroPython's errno module lacks half of them.
_ROWS = (
    (1, "file operation"),
    (2, "no file"),
    (5, "file io"),
    (9, "file descriptor"),
    (13, "file permission"),
    (16, "file operation"),
    (17, "file exists"),
    (20, "not a folder"),
    (21, "is a folder"),
    (22, "file argument"),
    (30, "file permission"),
    (36, "file name"),
    (39, "folder not empty"),
    (84, "file io"),  # littlefs: a damaged block
)
_OTHERS = (12, 28)  # ENOMEM, ENOSPC: errors.from_exception() has rows for them


def explain(exc, url):
    """Return what to raise in place of an OSError that came of working on `url`."""
    for number, row in _ROWS:
        if exc.errno == number:
            return KioskError(row, shown(url))
    return exc if exc.errno in _OTHERS else KioskError("file system", "errno %s %s" % (exc.errno, shown(url)))
