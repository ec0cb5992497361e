"""
How much a file may take that is written until it is full.  Touches what the flash says of itself.

littlefs forgets of a file that meets the end of the flash all that came since it was last made safe, so whoever writes for long
ends before.
"""

import os

_RESERVE_BYTES = const(16384)  # of the flash: for its own tables, and the last that an encoder gives


def left(folder):
    """int: bytes that a file in `folder` may take; below 0: none.  A block of littlefs holds up to 8 of its own for each 4,096."""
    status = os.statvfs(folder)
    free = status[1] * status[3]
    return free - max(_RESERVE_BYTES, 4 * status[1]) - free // 128
