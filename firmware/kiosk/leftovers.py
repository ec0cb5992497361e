"""
What earlier runs have left on the flash: temporary files go, uploads go on.  Done at each launch, before a script runs.

Touches the mini-programs' folders.  Most launches find nothing, so nothing is imported for looking.
"""

import os

import board
from kiosk import log

_TEMPORARY = "tmp"  # kiosk.files.paths.TEMPORARY
_UPLOADS = "uploads"  # kiosk.files.paths.UPLOADS


def tend(program):
    """Sweep what a power cut has left of any mini-program's temporary files, and wake the uploads of this one."""
    for appid in _names(board.data_folder):
        folder = board.data_folder + "/" + appid
        names = _names(folder)
        if _TEMPORARY in names:
            from kiosk.files.sweep import sweep

            sweep(folder + "/" + _TEMPORARY)
        if appid == program.appid and _UPLOADS in names and _names(folder + "/" + _UPLOADS):
            _wake_uploads()


def _wake_uploads():
    from kiosk import uploads

    try:
        uploads.current()
    except OSError as exc:  # of the flash: no reason for the mini-program not to start
        log.exception("uploads", exc)


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError:  # nothing has been kept there yet, or it is no folder
        return ()
