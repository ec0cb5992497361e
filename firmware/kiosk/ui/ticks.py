"""
What goes on by itself on a page: an animation, a slide show, what is to be done when the loop turns next.

    self._ticks = Ticks()
    self._ticks.start(step)         # step(ms since now) is called every 33 ms until it returns False
    self._ticks.stop()              # when the component is closed

A Ticks that runs takes some 300 bytes.
"""

import asyncio
import time

FRAME_MS = const(33)


class Ticks:
    """One thing at a time: what is started ends what was."""

    def __init__(self):
        self._task = None

    def start(self, step, every_ms=FRAME_MS):
        """Call `step(ms)` again and again, first after `every_ms`, until it returns False; ms: since start()."""
        self.stop()
        self._task = asyncio.create_task(self._run(step, every_ms))

    def soon(self, function):
        """Call `function()` when the loop turns next."""

        def once(ms):
            function()
            return False

        self.start(once, 0)

    def is_running(self):
        """bool: whether something is to be called yet."""
        return self._task is not None

    def stop(self):
        """No further calls."""
        task, self._task = self._task, None
        if task and task is not asyncio.current_task():
            task.cancel()

    async def _run(self, step, every_ms):
        since_ms = time.ticks_ms()
        own = asyncio.current_task()
        while True:
            await asyncio.sleep_ms(every_ms)
            if self._task is not own or step(time.ticks_diff(time.ticks_ms(), since_ms)) is False:
                break
        if self._task is own:
            self._task = None
