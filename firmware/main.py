"""Starts the kiosk: the board first, then the supervisor with the console beside it."""

import board

board.start()

from kiosk import console, log, supervisor  # noqa: E402  the board says where the log goes before anything logs

log.level = log.LEVELS.index(board.log_level)
supervisor.run(lambda: console.serve(board.Console()))
