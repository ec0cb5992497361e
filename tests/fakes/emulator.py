"""What a test asks of the emulator, and what it leaves out on a board, which is a hundred times slower."""

import sys

_HERE = sys.platform == "linux"


class OnlyInTheEmulator(Exception):
    """A test wants what no board has; it is skipped there (tests/unit/onboard.py), with this as the reason."""


def step(most):
    """int: how far from one place of a long row to the next that is tried: all in the emulator, one of `most` elsewhere."""
    return 1 if _HERE else most


def only(reason):
    """Skip the test on a board; `reason` says what is wrong with it there."""
    if not _HERE:
        raise OnlyInTheEmulator(reason)
