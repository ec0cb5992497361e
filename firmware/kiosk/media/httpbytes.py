"""
A response's body as a byte source (see bytesource.py): HTTP and HTTPS, heard while it comes.

Holds a ring of 8 KB and a connection.  Another place is asked for by a Range (RFC 9110, 14); a server that has none sends
everything again, and what is before that place is dropped.  A connection that breaks in the middle is taken up again once,
and once more for each 64 KB that have come since.  A wait of 20 s without a byte is an error, as are all answers but 200
and 206: KioskError "sound network".

The `src` of a sound is not checked against the domains of kiosk.json: WeChat's lists are those of request, uploadFile,
downloadFile and sockets (wx-rules.md, rule 8), and its players go to any server.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk import app
from kiosk.errors import KioskError, from_exception
from kiosk.media.ring import SIZE, Ring
from kiosk.net import http, pool
from kiosk.net.url import parse

_STALL_MS = const(20000)
_SKIPPED_BYTES = const(16384)  # read over rather than asked for by another request
_PROGRESS_BYTES = const(65536)


def failed(reason):
    """KioskError 10002."""
    return KioskError("sound network", reason)


def explained(exc):
    """KioskError: any exception of the network's, as one of a sound's."""
    exc = from_exception(exc)
    if exc.args[0] == "oom":
        return KioskError("sound system", exc.reason)
    return exc if 10001 <= exc.errno <= 10004 else failed(exc.reason)


def _stalled():
    return failed("nothing has come from the server for %d s" % (_STALL_MS // 1000))


class NoTrace:
    """A Trace (see kiosk/net/trace.py) that keeps nothing."""

    def __init__(self):
        self.times = {}

    def use(self, stream, port, reused):
        """Nothing."""

    def count(self, stream):
        """Nothing."""

    def redirected(self, same_origin):
        """Nothing."""

    def failed(self, error):
        """Nothing."""

    def prepare(self):
        """Nothing."""


class Handler:
    """Of one exchange (see kiosk/net/http.py).  take(response) gives the sink, or raises."""

    def __init__(self, take):
        self.sink = take

    def check(self, url):
        """Any server; but no other scheme."""
        if url.scheme not in ("http", "https"):
            raise failed("a sound cannot come over " + url.scheme)


async def get(url, header, take):
    """Awaitable: one GET of `url` (str), whose body goes where take(response) says."""
    program = app.current
    if program and pool.close_all not in program.at_close:
        program.at_close += (pool.close_all,)
    header["User-Agent"] = "mpkiosk"
    await http.fetch(http.Request("GET", parse(url), header), Handler(take), NoTrace())


class HttpBytes:
    """url (str).  The first request goes out at once; nothing is raised before something is read."""

    def __init__(self, url):
        self.url = url
        self.size = None
        self.kind = ""  # Content-Type, of the answer
        self._ring = Ring()
        self._error = None
        self._over = self._closed = False
        self._whole = False  # the server sends all or nothing
        self._validator = ""
        self._heard_at = ticks_ms()
        self._far = None  # _Far
        self._task = asyncio.create_task(self._run(0))

    @property
    def ahead(self):
        """See bytesource.py."""
        return self._ring.ready(self._has_all())

    def readinto(self, view):
        """See bytesource.py."""
        count = self._ring.take(view, self._has_all())
        if not count:
            return self._nothing(self._ring.position)
        self._heard_at = ticks_ms()  # a pause is no wait for the server
        return count

    def seek(self, offset) -> None:
        """See bytesource.py."""
        ring = self._ring
        near = 0 <= offset - ring.written <= _SKIPPED_BYTES and not self._over
        if ring.has(offset) or near or (self.size is not None and offset >= self.size):
            ring.move(offset)
            return
        if self._whole and offset > ring.written and not self._over:
            ring.move(offset)
            return
        self._end()
        ring.start(offset)
        self._begin(offset)

    def read_at(self, offset, view):
        """See bytesource.py.  What is not in the ring, or about to be, is asked for by a request of its own."""
        ring, size = self._ring, len(view)
        if self.size is not None:
            size = min(size, self.size - offset)
            if size <= 0:
                return 0
        if offset >= ring.position and offset + size <= ring.position + SIZE:
            if ring.written >= offset + size:
                return ring.look(offset, view[:size])
            if self._nothing(ring.written) == 0:
                return ring.look(offset, view)
            return None
        if not self._far or (self._far.over and self._far.asked != (offset, size)):
            self._far = _Far(self, offset, size, view)
        if not self._far.over or self._far.asked != (offset, size):
            if ticks_diff(ticks_ms(), self._far.began_at) > _STALL_MS:
                raise _stalled()
            return None
        far, self._far = self._far, None
        if far.error:
            raise far.error
        return far.count

    async def changed(self) -> None:
        """See bytesource.py."""
        try:
            await asyncio.wait_for_ms(self._ring.changed(), _STALL_MS)
        except asyncio.TimeoutError:
            raise _stalled()

    def close(self) -> None:
        """See bytesource.py."""
        self._closed = True
        self._end()
        if self._far:
            self._far.close()
            self._far = None

    def tell(self):
        """Wake whoever is in changed()."""
        self._ring.tell()

    def _has_all(self):
        return self._over or self._error or (self.size is not None and self._ring.written >= self.size)

    def _nothing(self, position):
        """What it means that there are no bytes there."""
        if self._error:
            raise self._error
        if self._over or self._closed or (self.size is not None and position >= self.size):
            return 0
        if ticks_diff(ticks_ms(), self._heard_at) > _STALL_MS:
            self._end()
            self._error = _stalled()
            raise self._error
        return None

    def _begin(self, offset):
        self._over, self._error = False, None
        self._heard_at = ticks_ms()
        self._task = asyncio.create_task(self._run(offset))

    def _end(self):
        if self._task and not self._task.done():
            self._task.cancel()
        self._task = None

    # The task.

    async def _run(self, offset):
        tried_at = None  # where the connection broke before
        while True:
            header = {}
            if offset:
                header["Range"] = "bytes=%d-" % offset
                if self._validator:
                    header["If-Range"] = self._validator
            self._asked = offset
            try:
                await get(self.url, header, self._take)
                self._over = True
                break
            except (KioskError, OSError, MemoryError) as exc:
                offset = self._ring.written
                again = isinstance(exc, KioskError) and exc.args[0] == "network" and offset > self._asked
                if not again or (tried_at is not None and offset - tried_at < _PROGRESS_BYTES):
                    self._error = explained(exc)
                    break
                tried_at = offset
        self._ring.tell()

    def _take(self, response):
        """Where the body goes: on from where it was asked for, or from the beginning."""
        ring = self._ring
        coding = response.get(b"content-encoding").lower()
        if response.status == 206:
            start, size = _range(response.get(b"content-range"))
            if start != self._asked:
                raise failed("the server sends another part than was asked for")
        elif response.status == 200:
            start, size = 0, response.length
            if self._asked and size is None:
                raise failed("the server cannot go to another place in the sound")
            self._whole = self._asked > 0 or response.get(b"accept-ranges").lower() == "none"
            ring.first = ring.written = 0  # what is before the place that is read is dropped
        elif response.status == 416:
            self._over = True
            return None
        else:
            raise failed("HTTP %d" % response.status)
        if coding not in ("", "identity"):
            raise failed("the server has compressed the sound: " + coding)
        if self.size is not None and size is not None and size != self.size:
            raise failed("the file at the server is another one now")
        self.size = self.size if size is None else size
        self.kind = response.get(b"content-type").lower().partition(";")[0].strip()
        tag = response.get(b"etag")
        self._validator = tag if tag and not tag.startswith("W/") else response.get(b"last-modified")
        self._heard_at = ticks_ms()
        return self

    def room(self, count):
        """See kiosk/net/body.py."""
        return self._ring.room(count)

    def filled(self, count):
        """See kiosk/net/body.py."""
        self._heard_at = ticks_ms()
        return self._ring.filled(count)


class _Far:
    """Some bytes at another place, by a request of their own: part of a table."""

    def __init__(self, source, offset, size, view):
        self.asked = (offset, size)
        self.count, self.error, self.over = 0, None, False
        self.began_at = ticks_ms()
        self._source, self._view = source, view[:size]
        self._task = asyncio.create_task(self._run())

    async def _run(self):
        offset, size = self.asked
        try:
            await get(self._source.url, {"Range": "bytes=%d-%d" % (offset, offset + size - 1)}, self._take)
        except (KioskError, OSError, MemoryError) as exc:
            self.error = explained(exc)
        self.over = True
        self._source.tell()

    def _take(self, response):
        if response.status != 206 or _range(response.get(b"content-range"))[0] != self.asked[0]:
            raise failed("the server gives no parts of a file, which the index of this one needs")
        return self

    def room(self, count):
        """See kiosk/net/body.py."""
        if self.count == len(self._view):
            raise failed("the server sends more than was asked for")
        return self._view[self.count :]

    def filled(self, count):
        """See kiosk/net/body.py."""
        self.count += count

    def close(self):
        """Not wanted any more."""
        if not self.over:
            self._task.cancel()


def _range(text):
    """(start, size of the whole or None) of "bytes 100-199/200"; (None, None) for what is none."""
    span, _, size = text.partition(" ")[2].partition("/")
    first = span.partition("-")[0]
    if not first.isdigit() or len(first) > 15:
        return None, None
    return int(first), int(size) if size.isdigit() and len(size) <= 15 else None
