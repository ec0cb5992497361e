"""
Logging with levels, and the one place where a traceback is written.

Two streams, which the board names at the start: `out` takes what a mini-program prints and logs, as it is; `err` takes
the kiosk's own lines and every traceback.  Without a board both are the console.
"""

import sys

DEBUG = 10
INFO = 20
WARN = 30
ERROR = 40

_NAMES = {DEBUG: "D", INFO: "I", WARN: "W", ERROR: "E"}

level = WARN  # lines of the kiosk below this are dropped; a mini-program's own output never is
out = sys.stdout
err = sys.stdout
_print = print  # the real one: while a mini-program runs, `builtins.print` is write() below


def debug(tag, text, *args):
    """Write a line that only somebody who looks for a fault wants."""
    _line(DEBUG, tag, text, args)


def info(tag, text, *args):
    """Write a line about what the kiosk does."""
    _line(INFO, tag, text, args)


def warn(tag, text, *args):
    """Write a line about something that was mended or ignored."""
    _line(WARN, tag, text, args)


def error(tag, text, *args):
    """Write a line about something that failed."""
    _line(ERROR, tag, text, args)


def exception(tag, exc):
    """Write an exception with its traceback."""
    _line(ERROR, tag, type(exc).__name__, ())
    sys.print_exception(exc, err)


def write(*args, **options):
    """The `print` of a mini-program: same arguments, but to the mini-program's stream."""
    options.setdefault("file", out)
    _print(*args, **options)


def _line(severity, tag, text, args):
    if severity >= level:
        _print("%s %s: %s" % (_NAMES[severity], tag, text % args if args else text), file=err)
