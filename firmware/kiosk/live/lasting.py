"""
A connection that is to last: one that breaks off is tried again, three times with 3 s between them, then it is over, as WeChat has it.

What is connected, an inlet or an outlet, has open(), close(), is_connected and may_try_again(exc).
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError
from kiosk.live import states

retry_ms = 3000
_RETRIES = const(3)
_STEADY_MS = const(5000)


async def keep(made, use, tell, codes):
    """Return when it is over.

    made(): one that is not open yet; use(it): a coroutine function that returns the KioskError that has ended it; tell(code, text=None).
    codes: what is told when it is (connected, running, of no use to try again, tried again, over).
    """
    connected, running, hopeless, again, lost = codes
    tries = 0
    while True:
        it = made()
        fault = None
        try:
            try:
                await it.open()
            except KioskError as exc:
                fault = exc
                tell(states.of_fault(exc, it.is_connected) if it.may_try_again(exc) else hopeless, exc.reason)
            if not fault:
                tell(connected)
                tell(running)
                began_at = ticks_ms()
                fault = await use(it)
                if ticks_diff(ticks_ms(), began_at) > _STEADY_MS:  # else it lets in whomever it then turns away
                    tries = 0
                tell(states.of_end(fault), fault.reason)
        finally:
            await it.close()
        if tries == _RETRIES or not it.may_try_again(fault):
            tell(lost)
            return
        tries += 1
        tell(again)
        await asyncio.sleep_ms(retry_ms)
