"""
Logging with levels, and the one place where a traceback is written.

Two streams, which the board names at the start: `out` takes what a mini-program prints and logs, as it is; `err` takes
the kiosk's own lines and every traceback.  Without a board both are the console.
"""

import sys

LEVELS = ("debug", "info", "warn", "error")

_DEBUG = const(0)
_INFO = const(1)
_WARN = const(2)
_ERROR = const(3)

level = _WARN  # lines of the kiosk below this are dropped; a mini-program's own output never is
out = sys.stdout
err = sys.stdout
console_print = print  # the real one: while a mini-program runs, `builtins.print` is write() below


def debug(tag, text, *args):
    """Write a line that only somebody who looks for a fault wants."""
    _line(_DEBUG, tag, text, args)


def info(tag, text, *args):
    """Write a line about what the kiosk does."""
    _line(_INFO, tag, text, args)


def warn(tag, text, *args):
    """Write a line about something that was mended or ignored."""
    _line(_WARN, tag, text, args)


def error(tag, text, *args):
    """Write a line about something that failed."""
    _line(_ERROR, tag, text, args)


def exception(tag, exc):
    """Write an exception with its traceback."""
    _line(_ERROR, tag, type(exc).__name__, ())
    sys.print_exception(exc, err)


def write(*args, **options):
    """The `print` of a mini-program: same arguments, but to the mini-program's stream."""
    options.setdefault("file", out)
    console_print(*args, **options)


def _line(severity, tag, text, args):
    if severity >= level:
        console_print("%s %s: %s" % (LEVELS[severity], tag, text % args if args else text), file=err)
