"""
What all network calls of a mini-program share: at most ten run at once, each has a time limit, all can be interrupted.

Touches the event loop only.  Raises KioskError: "timeout", "interrupted", "abort", "too many tasks".
"""

import asyncio
from asyncio import core
from time import ticks_ms

from kiosk.errors import KioskError

_RUNNING_MAX = const(10)  # wx-rules.md, rule 8
_WAITING_MAX = const(30)  # ten that run hold 36 KB on a 32-bit board, each that waits 1.3 KB
_TIMEOUT_MS_MAX = const(86400000)  # a day; asyncio's clock wraps after twelve

_running = []  # Activity
_waiting = []  # Activity, the next one first


class Activity:
    """One call of the current task, from its beginning to its end.  Cancels the task for the reasons that it knows."""

    def __init__(self, timeout_ms):
        self.cause = None  # name of the KioskError that the call is to end with, once it has been cancelled
        self._task = asyncio.current_task()
        self._turn = None
        self._timer = asyncio.create_task(self._expire(int(min(timeout_ms, _TIMEOUT_MS_MAX))))

    async def place(self):
        """Wait for one of the ten places, first come, first served.  More than _WAITING_MAX cannot wait."""
        if len(_running) < _RUNNING_MAX:
            _running.append(self)
            return
        if len(_waiting) >= _WAITING_MAX:
            raise KioskError("too many tasks", _RUNNING_MAX + _WAITING_MAX)
        self._turn = asyncio.Event()
        _waiting.append(self)
        await self._turn.wait()

    def end(self, cause):
        """Make the call end soon with KioskError(cause)."""
        if self.cause is None:
            self.cause = cause
            self._task.cancel()

    def finish(self):
        """Give back the place and the timer: the call has ended."""
        if not self._timer.done():
            core._task_queue.remove(self._timer)  # as it only ever sleeps; cancel() would cost a turn of the loop
        # asyncio's queue may still point to the timer, by way of another task, and would keep the whole call.
        self._task = self._timer = None
        if self in _waiting:
            _waiting.remove(self)
        elif self in _running:
            _running.remove(self)
            if _waiting:
                following = _waiting.pop(0)
                _running.append(following)
                following._turn.set()

    async def _expire(self, timeout_ms):
        await asyncio.sleep_ms(timeout_ms)
        self.end("timeout")


async def run(promise, timeout_ms, trace, work):
    """Run `work`, a coroutine, as one of the mini-program's calls; return what it returns.

    `promise` is the call's Promise, `timeout_ms` counts from now, waiting included; `trace` gets the times of the wait.
    """
    activity = Activity(timeout_ms)
    try:
        trace.times["queueStart"] = ticks_ms()
        await activity.place()
        trace.times["queueEnd"] = ticks_ms()
        return await work
    except asyncio.CancelledError:
        if promise.aborted:
            raise KioskError("abort")
        if activity.cause:
            raise KioskError(activity.cause)
        raise
    finally:
        activity.finish()


def interrupt_all():
    """Make every call fail with "interrupted": the mini-program has been in the background for long enough."""
    for activity in tuple(_running + _waiting):
        activity.end("interrupted")
