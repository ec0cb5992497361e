"""Timers with delays that are none: as JavaScript takes them."""

import asyncio

from kiosk import tasks, timers


async def test_what_is_no_delay_is_none():
    heard = []
    for delay in (None, "soon", [], float("nan"), -5, -float("inf"), 0, True):
        timers.setTimeout(heard.append, delay, delay)
    await asyncio.sleep_ms(50)
    assert len(heard) == 8 and not tasks.running()


async def test_the_longest_delays_wait():
    heard, failures = [], []
    asyncio.get_event_loop().set_exception_handler(lambda loop, context: failures.append(context))
    for delay in (1 << 29, 1 << 40, 1 << 80, float("inf")):
        timers.setTimeout(heard.append, delay, delay)
        timers.setInterval(heard.append, delay, delay)
    await asyncio.sleep_ms(50)
    assert heard == [] and failures == []
    timers.clear_all()
