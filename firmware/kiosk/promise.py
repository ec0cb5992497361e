"""The Tasks that `request` and its kin return.  Loaded with the first chapter that has one."""

import asyncio

from kiosk.api import Error
from kiosk.errors import KioskError


class Promise:
    """Base of the Tasks that `request` and its kin return: already running, awaitable, can be aborted."""

    aborted = False
    _task = None

    def abort(self):
        """End the call: it fails with `<api>:fail abort`, soon but never before abort() has returned."""
        if self._task.done() or self.aborted:
            return
        self.aborted = True
        if self._started and asyncio.current_task() is not self._task:
            self._task.cancel()

    def check(self):
        """Raise if abort() was called by a listener of this very Task, which cannot be cancelled from inside."""
        if self.aborted:
            raise KioskError("abort")

    _started = False

    def __iter__(self):
        # Unlike the promise of other APIs, a Task that nobody awaits is not an unhandled rejection when it fails.
        result = yield from self._task
        if isinstance(result, Error):
            raise result
        return result
