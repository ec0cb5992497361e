"""setTimeout and its kin.  Each timer is one task of the mini-program, so closing the mini-program ends them all."""

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from kiosk.tasks import finished, launch, spawn

# Three days.  The loop's clock tells six from the past, but compares with tasks that were due some time ago, too.
_LONGEST_MS = const(0x0FFFFFFF)

_timers = {}  # id -> task
_last_id = 0


def setTimeout(callback, delay=0, *args):
    """Call `callback(*args)` once, `delay` ms from now; return an id for clearTimeout()."""
    return _start(callback, delay, args, False)


def setInterval(callback, delay=0, *args):
    """Call `callback(*args)` every `delay` ms; return an id for clearInterval().  Late calls are not made up for."""
    return _start(callback, delay, args, True)


def clearTimeout(timer_id):
    """End a timer.  An id that is unknown or has ended is no error."""
    task = _timers.pop(timer_id, None)
    if task and task is not asyncio.current_task():
        task.cancel()


clearInterval = clearTimeout


def clear_all():
    """End every timer."""
    for timer_id in list(_timers):
        clearTimeout(timer_id)


def _start(callback, delay, args, repeat):
    global _last_id
    if not callable(callback):
        raise TypeError("callback should be a function")
    _last_id += 1
    # As in JavaScript, what is no number, or less than nothing, is 0; NaN is not more than anything.
    delay_ms = int(min(delay, _LONGEST_MS)) if isinstance(delay, (int, float)) and delay > 0 else 0
    _timers[_last_id] = spawn(_run(_last_id, callback, delay_ms, args, repeat))
    return _last_id


async def _run(timer_id, callback, delay, args, repeat):
    try:
        due = ticks_ms()
        while timer_id in _timers:
            due = ticks_add(due, delay)
            late = ticks_diff(ticks_ms(), due)
            if late > 0 and repeat:
                due = ticks_add(due, late)
            await asyncio.sleep_ms(max(1 if repeat else 0, -late))
            launch(callback, *args)
            if not repeat:
                break
    finally:
        _timers.pop(timer_id, None)
        finished()
