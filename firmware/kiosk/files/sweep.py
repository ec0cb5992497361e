"""
Temporary files go when the mini-program closes; what a power cut has left, when files are next used.
"""

from kiosk import log
from kiosk.files import tree

_TAG = "files"


def sweep(folder):
    """Remove the folder of temporary files.  A failure is logged: the next sweep tries again."""
    try:
        tree.remove(folder)
    except OSError as exc:
        log.warn(_TAG, "temporary files stay in %s: %s", folder, exc)
