"""
Store and forward: uploads that are kept on the flash until a server has taken them, however long the network is away.

Touches the shelf (kiosk/uploads/shelf.py) and, through kiosk/net/upload, the network.  One upload at a time, the oldest
first; the queue belongs to a mini-program and works while that runs, from its launch on (kiosk/leftovers.py).

What a server has answered decides: 2xx, and the entry is gone; 408, 425, 429 and 5xx, and it is tried again, as after a
failure of the network; anything else, and it is refused: it stays, and is not tried again until somebody asks for that.
Between attempts that fail the queue waits: a second, then twice as long each time, up to five minutes, or for as long
as the server has asked for (Retry-After).  Attempts are not counted on the flash, which they would wear out.

A server may get an upload twice: when its answer is lost, or power, before the entry is removed.  It knows that by the
header Idempotency-Key, which is the same each time.
"""

import asyncio
import binascii
import os
import random

from kiosk import app, files, log
from kiosk.api import Result
from kiosk.errors import KioskError, from_exception
from kiosk.events import Emitter
from kiosk.net import domains, fields, upload
from kiosk.net.url import parse
from kiosk.tasks import finished, spawn
from kiosk.uploads.shelf import Shelf

_TAG = "uploads"
_PAUSE_MS = const(1000)
_PAUSE_MS_MAX = const(300000)
_LATER = (408, 425, 429, 500, 502, 503, 504)
_DOUBLINGS = const(9)  # from a second to five minutes
_FOR_GOOD = ("domain", "url", "redirects", "parameter", "invalid data", "no file", "file io")

_queue = None


def current():
    """Queue: that of the running mini-program, at work since it was first asked for."""
    global _queue
    program = app.current
    if _queue is None or _queue.program is not program:
        _queue = Queue(program)
        program.at_close += (_forget,)
    return _queue


def network_is_back():
    """Let the queue, if there is one, try again now."""
    if _queue:
        _queue.wake()


def _forget():
    global _queue
    _queue = None


class _Call:
    """What kiosk/net/upload wants to know of a Task: this one is nobody's, and tells the queue the head."""

    aborted = False
    retry_after_s = 0

    def emit(self, event, **told):
        """Keep what the server says about another attempt."""
        if event == "HeadersReceived":
            for name, value in told["header"].items():
                if name.lower() == "retry-after" and value.isdigit():  # as a date it takes a clock that may not be set
                    self.retry_after_s = int(value)


class Queue:
    """Uploads in the order in which they came.  Holds their numbers; what is to be done with them stays on the flash."""

    def __init__(self, program):
        self.program = program
        self.events = Emitter()  # Sent, Refused, Failed; each with a Result
        self._shelf = Shelf(files.current())
        self._wake = asyncio.Event()
        self._failures = 0  # attempts in a row that failed
        self._busy = None  # the entry that is under way
        self._ask_s = 0  # what a server asked to wait
        self._task = spawn(self._work())

    async def add(self, options):
        """int: the id of a new entry.  Options as of wx.uploadFile; what can be found wrong with them is found now."""
        url = parse(options["url"])
        domains.check("upload", url, self.program.settings)
        given = options["header"] or {}
        fields.header(given, {})
        order = {
            "url": options["url"],
            "filePath": options["filePath"],
            "name": options["name"],
            "header": {name: fields.text(value) for name, value in given.items() if value is not None},
            "formData": {fields.text(key): fields.text(value) for key, value in (options["formData"] or {}).items()},
            "timeout": options["timeout"],
            "key": binascii.hexlify(os.urandom(16)).decode(),
        }
        number = await files.gently(_add, self._shelf, options["filePath"], order)
        self._wake.set()
        return number

    def entries(self):
        """list of Result: id, url, filePath, name, size (bytes), state ("waiting", "sending", "refused"), statusCode."""
        found = []
        for number in self._shelf.ids:
            order = self._shelf.order(number)
            entry = Result([(name, order[name]) for name in ("url", "filePath", "name")])
            entry.update({"id": number, "size": self._shelf.size(number), "statusCode": order.get("status", 0)})
            entry["state"] = "sending" if number == self._busy else "refused" if "refused" in order else "waiting"
            entry["reason"] = order.get("refused", "")
            found.append(entry)
        return found

    def remove(self, number):
        """Give an entry up.  KioskError for one that is not there, or under way."""
        if number == self._busy:
            raise KioskError("file operation", "upload %s" % number)
        self._shelf.remove(number)

    def retry(self):
        """Try all again now, those that were refused included."""
        for number in self._shelf.ids:
            order = self._shelf.order(number)
            if "refused" in order:
                del order["refused"]
                self._shelf.change(number, order)
        self.wake()

    def wake(self):
        """Try again now: something has changed, such as the network."""
        self._failures = 0
        self._ask_s = 0
        self._wake.set()

    async def _work(self):
        try:
            while True:
                self._wake.clear()
                try:
                    waiting = await self._round()
                except OSError as exc:  # of the flash
                    log.exception(_TAG, exc)
                    waiting = True
                    self._failures += 1
                await self._pause(waiting)
        finally:
            finished()

    async def _round(self):
        # Tries each entry once, but none for a server that has just failed; bool: whether any is left.
        failed = []
        left = False
        for number in tuple(self._shelf.ids):
            if number not in self._shelf.ids:
                continue  # removed meanwhile
            order = self._shelf.order(number)
            if "refused" in order:
                continue
            origin = parse(order["url"]).origin
            if origin not in failed:
                if await self._attempt(number, order):
                    self._failures = 0
                    continue
                failed.append(origin)
            left = True
        if failed:
            self._failures += 1
        return left

    async def _pause(self, waiting):
        if not waiting:
            await self._wake.wait()
            return
        doublings = min(max(self._failures - 1, 0), _DOUBLINGS)
        pause_ms = min(_PAUSE_MS << doublings, _PAUSE_MS_MAX)
        pause_ms = max(pause_ms // 2 + random.randint(0, pause_ms // 2), self._ask_s * 1000)
        self._ask_s = 0
        try:
            await asyncio.wait_for_ms(self._wake.wait(), pause_ms)
        except asyncio.TimeoutError:
            return

    async def _attempt(self, number, order):
        # bool: whether the entry is done with, one way or the other.
        call = _Call()
        order["header"]["Idempotency-Key"] = order["key"]
        order["enableProfile"] = False
        self._busy = number
        try:
            result = await upload.send(order, call, self._shelf.path(number), self._shelf.size(number))
        except (KioskError, OSError, MemoryError) as exc:
            error = from_exception(exc)
            if error.args[0] in _FOR_GOOD:
                return self._refuse(number, error.reason, 0)
            self.events.emit("Failed", Result(id=number, errMsg=error.reason, errno=error.errno))
            return False
        finally:
            self._busy = None
        status = result["statusCode"]
        if 200 <= status < 300:
            self._shelf.remove(number)
            self.events.emit("Sent", Result(id=number, statusCode=status, data=result["data"]))
            return True
        if status in _LATER:
            self._ask_s = max(self._ask_s, min(call.retry_after_s, 3600))
            self.events.emit("Failed", Result(id=number, errMsg="status %d" % status, errno=0, statusCode=status))
            return False
        return self._refuse(number, "status %d" % status, status)

    def _refuse(self, number, reason, status):
        order = self._shelf.order(number)
        order["refused"] = reason
        order["status"] = status
        self._shelf.change(number, order)
        self.events.emit("Refused", Result(id=number, errMsg=reason, statusCode=status))
        return True


def _add(shelf, url, order):
    # Shelf.add() as an operation of kiosk.files.
    return (yield from shelf.add(url, order))
