"""
Coroutines that a blocking call waits for.  Touches the event loop: puts another in its place for as long.
"""

from asyncio import core


class Loop:
    """An event loop of its own.  It turns only within run(), and while it does, no other loop turns.

    So a call that blocks can be made outside of the kiosk's loop and within a task of it alike.
    """

    def __init__(self):
        self._queues = core.TaskQueue(), core.IOQueue()

    def run(self, coroutine):
        """Run a coroutine to its end; return or raise what it does."""
        kept = core._task_queue, core._io_queue, core.cur_task
        core._task_queue, core._io_queue = self._queues
        try:
            return core.run_until_complete(core.create_task(coroutine))
        finally:
            core._task_queue, core._io_queue, core.cur_task = kept
