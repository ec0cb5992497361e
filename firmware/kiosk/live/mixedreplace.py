"""
Pictures one behind the other, each a part of a message that does not end: multipart/x-mixed-replace (Motion JPEG over HTTP).

    parts = Parts("multipart/x-mixed-replace; boundary=x", taker)
    await parts.feed(view)      # as it comes, in whatever pieces

A part ends after its Content-Length, or where it has none before the next boundary.  Nothing of a picture is held but the few bytes
that a boundary may begin with.  taker: see jpegframes.py.  KioskError (network): what comes is no such message.
"""

from time import ticks_ms

from kiosk.net.reasons import failed

_HEAD_MAX = const(1024)
_BOUNDARY_MAX = const(70)  # RFC 2046, 5.1.1
_PART_MAX = const(8388608)
_HEAD = const(0)
_SIZED = const(1)
_UNSIZED = const(2)


class Parts:
    """content: the value of Content-Type."""

    def __init__(self, content, taker):
        boundary = ""
        for part in content.split(";")[1:]:
            name, _, value = part.strip().partition("=")
            if name.strip().lower() == "boundary":
                boundary = value.strip().strip('"')
        if boundary.startswith("--"):  # some servers write the dashes here, too
            boundary = boundary[2:]
        if not 0 < len(boundary) <= _BOUNDARY_MAX:
            raise failed("INVALID_RESPONSE")
        self._mark = b"--" + boundary.encode()
        self._taker = taker
        self._state = _HEAD
        self._head = b""
        self._kept = b""  # of an unsized part: what a boundary may begin with
        self._left = 0

    async def feed(self, view):
        """The bytes that follow (memoryview)."""
        while len(view):
            if self._state == _HEAD:
                view = self._take_head(view)
            elif self._state == _SIZED:
                count = min(self._left, len(view))
                await self._taker.write(view[:count])
                self._left -= count
                view = view[count:]
                if not self._left:
                    await self._end()
            else:
                view = await self._take_unsized(view)

    def _take_head(self, view):
        # What comes before the head is left out with it: the end of the line of the last part, or a preamble.
        before = len(self._head)
        head = self._head + bytes(view[: _HEAD_MAX + len(self._mark)])
        start = head.find(self._mark)
        if start < 0:
            if before + len(view) > _HEAD_MAX:
                raise failed("INVALID_RESPONSE")
            self._head = head
            return view[len(view) :]
        lines = head.find(b"\n", start) + 1
        end, skip = head.find(b"\r\n\r\n", start), 4
        other = head.find(b"\n\n", start)
        if end < 0 or 0 <= other < end:
            end, skip = other, 2
        if not lines or end < 0:
            if before + len(view) > _HEAD_MAX:
                raise failed("INVALID_RESPONSE")
            self._head = head
            return view[len(view) :]
        self._head = b""
        self._begin(head[lines:end].split(b"\n"))
        return view[end + skip - before :]

    def _begin(self, lines):
        size = None
        for line in lines:
            name, _, value = line.partition(b":")
            name, value = name.strip().lower(), value.strip()
            if name == b"content-length":
                if not value.isdigit() or len(value) > 8 or not 0 < int(value) <= _PART_MAX:
                    raise failed("INVALID_RESPONSE")
                size = int(value)
            elif name == b"content-type" and value.partition(b";")[0].strip().lower() not in (
                b"image/jpeg",
                b"image/jpg",
            ):
                raise failed("INVALID_RESPONSE")
        self._state = _UNSIZED if size is None else _SIZED
        self._left = size or _PART_MAX
        self._kept = b""
        self._taker.begin(size or 0, ticks_ms())

    async def _take_unsized(self, view):
        data = self._kept + bytes(view)
        at = data.find(self._mark)
        if at >= 0:
            end = at  # the end of the line before the boundary is its own
            while end and at - end < 2 and data[end - 1] in b"\r\n":
                end -= 1
            if end:
                await self._taker.write(memoryview(data)[:end])
            kept, self._kept = len(self._kept), b""
            await self._end()
            self._head = data[at : max(at, kept)]
            return view[max(0, at - kept) :]
        keep = min(len(data), len(self._mark) + 1)
        out = len(data) - keep
        self._left -= out
        if self._left < 0:
            raise failed("INVALID_RESPONSE")
        if out:
            await self._taker.write(memoryview(data)[:out])
        self._kept = data[out:]
        return view[len(view) :]

    async def _end(self):
        self._state = _HEAD
        await self._taker.end(True)
