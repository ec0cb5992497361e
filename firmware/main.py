"""Starts the kiosk: the board first, then the supervisor with the console beside it."""

import micropython

# From here on Ctrl-C is a byte like any other, so no host can leave the kiosk half booted.  A port lets it in just before
# it runs this file; one that came since then is raised by the loop's jump, the first to look for it.
try:
    while micropython.kbd_intr(-1):
        pass
except KeyboardInterrupt:
    pass

import board

board.start()

from kiosk import console, log, supervisor  # noqa: E402  the board says where the log goes before anything logs

log.level = log.LEVELS.index(board.log_level)
supervisor.run(lambda: console.serve(board.Console()))
