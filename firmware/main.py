"""Starts the kiosk: the board first, then the supervisor with the console beside it."""

import micropython

# From here on Ctrl-C is a byte like any other, so no host can leave the kiosk half booted.  A port lets Ctrl-C in just
# before it runs this file, and no bytecode so far looks for a pending exception.
micropython.kbd_intr(-1)

import board  # noqa: E402

board.start()

from kiosk import console, log, supervisor  # noqa: E402  the board says where the log goes before anything logs

log.level = log.LEVELS.index(board.log_level)
supervisor.run(lambda: console.serve(board.Console()))
