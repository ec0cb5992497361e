"""
Connections kept for the next request to the same origin.

Touches nothing but the streams given to it.  Holds at most _KEPT of them, each for at most _IDLE_MS.
"""

import asyncio
from asyncio import core
from time import ticks_diff, ticks_ms

_KEPT = const(2)
_IDLE_MS = const(15000)

_idle = []  # (key of the origin, stream, ticks_ms() since when), the oldest first
_sweeper = None  # the task that closes what has lain too long, while there is any
_sweeper_queue = None  # the queue of the event loop that it runs in: another loop means that it runs no more


def take(key):
    """Stream of an earlier request to the origin `key` (Url.key), or None.  What has been closed meanwhile is dropped."""
    for index in range(len(_idle) - 1, -1, -1):
        if _idle[index][0] == key:
            _, stream, since = _idle.pop(index)
            if ticks_diff(ticks_ms(), since) < _IDLE_MS and stream.is_idle():
                return stream
            stream.close()
    return None


def give(key, stream):
    """Keep a stream on which a response has been read to its end; the oldest makes room."""
    global _sweeper, _sweeper_queue
    stream.rest()
    if len(_idle) >= _KEPT:
        _idle.pop(0)[1].close()
    _idle.append((key, stream, ticks_ms()))
    if _sweeper is None or _sweeper_queue is not core._task_queue:
        _sweeper_queue = core._task_queue
        _sweeper = asyncio.create_task(_sweep())


def drop(key):
    """Close the idle connections to an origin: one of them has turned out to be dead."""
    for index in range(len(_idle) - 1, -1, -1):
        if _idle[index][0] == key:
            _idle.pop(index)[1].close()


def close_all():
    """Close every idle connection: the mini-program has closed."""
    global _sweeper
    while _idle:
        _idle.pop()[1].close()
    if _sweeper and _sweeper_queue is core._task_queue and not _sweeper.done():
        core._task_queue.remove(_sweeper)  # as it only ever sleeps; cancel() would cost a turn of the loop
    _sweeper = None


async def _sweep():
    global _sweeper
    while _idle:
        left_ms = _IDLE_MS - ticks_diff(ticks_ms(), _idle[0][2])
        if left_ms > 0:
            await asyncio.sleep_ms(left_ms)
        else:
            _idle.pop(0)[1].close()
    _sweeper = None
