"""
The one stream of the project: a TCP connection, plain or under TLS, in the event loop.

Touches sockets and asyncio's poller.  Everything first tries the socket and waits only when that would block, which
saves most turns of the loop; after _BURST_BYTES without a wait it takes one all the same, so that others get theirs.
There are no timeouts in here: whoever uses a stream is cancelled when its time is up, and closes it.

Awaitables are written as generators, as in MicroPython's own asyncio: an `async def` cannot give way to the poller.
Raises KioskError "network" and "tls" (during the handshake); at the end of the stream reads return 0.
"""

import errno
import socket
from asyncio import core
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError
from kiosk.net import trust
from kiosk.net.reasons import failed, from_socket
from kiosk.net.resolve import ip_text, resolve, unwatched

_BUFFER_BYTES = const(1024)  # most heads with a small body come in one piece
_BURST_BYTES = const(16384)
_IPPROTO_TCP = const(6)
# The Unix port has the option but not its name; lwIP has a number of its own, so none is guessed elsewhere.
_NODELAY = getattr(socket, "TCP_NODELAY", 1 if hasattr(socket, "sockaddr") else 0)


class Stream:
    """A connection.  Counts bytes as `received` and `sent`; `secured_at` is ticks_ms() at the end of the handshake."""

    secured_at = 0
    connect_ms = 0  # what the TCP handshake took: one round trip
    peer = None  # the address connected to, as resolve() gave it
    answered = False  # whether the peer has answered what is still being written; see stop_waiting()
    _party = None  # trust.Party, during the handshake

    def __init__(self, sock):
        self._raw = self._sock = self._awaited = sock
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._start = self._end = 0
        self._burst = 0
        self.received = self.sent = 0

    @property
    def peer_ip(self):
        """str: the IP at the other end."""
        return ip_text(self.peer)

    def secure(self, party):
        """Put TLS over the connection, with `party` (trust.Party); the first write makes the handshake."""
        self._party = party
        try:
            self._sock = party.wrap(self._raw)
        except (OSError, ValueError, MemoryError) as exc:
            raise party.failed(exc)
        # The TLS object knows whether the handshake wants to read or to write.  Afterwards the socket's readiness is
        # what counts, and the faster thing to wait for: reads empty the TLS layer before they wait.
        self._awaited = self._sock

    def buffered(self):
        """int: bytes received and not yet read."""
        return self._end - self._start

    def until(self, mark):
        """memoryview: the buffered bytes before `mark` (bytes), taken with it; None if it has not come.

        Good until the next fill().
        """
        end = self._buffer.find(mark, self._start, self._end)
        if end < 0:
            return None
        start = self._start
        self._start = end + len(mark)
        return self._view[start:end]

    def until_empty_line(self):
        """memoryview: the buffered lines before the first empty one, taken with it; None if that has not come.

        Good until the next fill().  Lines end with CR LF or LF; the end of the last one is not among them.
        """
        end = self._buffer.find(b"\n\r\n", self._start, self._end)
        if self._buffer.find(b"\n\n", self._start, self._end if end < 0 else end + 1) >= 0:
            return self.until(b"\n\n")
        return self.until(b"\n\r\n") if end >= 0 else None

    def peek(self, count):
        """memoryview: up to `count` buffered bytes, which stay there."""
        return self._view[self._start : min(self._start + count, self._end)]

    def fill(self):
        """Awaitable: receive some bytes into the buffer; int: how many, 0 at the end of the stream.

        A buffer that is full of one line is made larger; the caller sets the limit by what it lets pile up.
        """
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == len(self._buffer):
            self._make_room()
        view = self._view[self._end :] if self._end else self._view
        while True:
            if self._burst >= _BURST_BYTES:
                yield from self._give_way()
            count = self._read_some(view)
            if count is not None:
                self._end += count
                return count
            yield core._io_queue.queue_read(self._awaited)

    def readline(self, limit):
        """Awaitable: memoryview, the next line without its end; None if the stream ends or piles up `limit` before."""
        while True:
            line = self.until(b"\n")
            if line is not None:
                return line[:-1] if line and line[-1] == 13 else line
            if self._end - self._start > limit or not (yield from self.fill()):
                return None

    def take(self, view):
        """int: how many buffered bytes were moved into `view` (memoryview)."""
        count = min(len(view), self._end - self._start)
        if count:
            view[:count] = self._view[self._start : self._start + count]
            self._start += count
        return count

    def readinto(self, view, last=False):
        """Awaitable: receive into `view` (memoryview, not empty); int: how many bytes, 0 at the end of the stream.

        last: nothing is expected to come behind what fills `view`, so nothing is asked for it either.  A Wi-Fi chip that
        is asked in vain takes as long as for an answer.
        """
        if self._start == self._end:
            if len(view) < _BUFFER_BYTES and not last:
                yield from self.fill()
                return self.take(view)
            while True:
                if self._burst >= _BURST_BYTES:
                    yield from self._give_way()
                count = self._read_some(view)
                if count is not None:
                    return count
                yield core._io_queue.queue_read(self._awaited)
        return self.take(view)

    def write(self, data):
        """Awaitable: send all of `data` (bytes-like).  The caller leaves `data` as it is meanwhile."""
        while True:
            if self._burst >= _BURST_BYTES:
                yield from self._give_way()
            count = self._write_some(data)
            if count == len(data):
                return
            if count:
                data = memoryview(data)[count:]
                continue
            if self.answered:
                raise failed("CONNECTION_ABORTED")  # it may never read on
            yield core._io_queue.queue_write(self._awaited)

    def stop_waiting(self, writer):
        """Let write() fail rather than wait, in `writer` (the task that is in it): the peer has answered already."""
        self.answered = True
        if writer.data is core._io_queue:
            core._io_queue.remove(writer)
            core._task_queue.push(writer)

    def write_now(self, data):
        """int: how many bytes of `data` (bytes-like) the system has taken at once; 0 if it takes none yet.

        After 0 under TLS the same bytes have to be next.
        """
        return self._write_some(data) or 0

    def is_idle(self):
        """bool: whether the connection is open and silent, as one that is to be used again must be."""
        if self._start != self._end:
            return False
        try:
            return self._sock.readinto(self._view) is None
        except OSError:
            return False

    def rest(self):
        """Prepare for lying idle: give back what a long line made the buffer grow by."""
        self._start = self._end = 0
        if len(self._buffer) > _BUFFER_BYTES:
            self._buffer = bytearray(_BUFFER_BYTES)
            self._view = memoryview(self._buffer)

    def close(self):
        """Close the connection, at any moment, as often as you like."""
        if self._sock is None:
            return
        # A TLS object closes the socket below it, except after a failed handshake: closing again does no harm as long
        # as nothing could have been opened in between.
        if self._sock is not self._raw:
            self._sock.close()
        self._raw.close()
        self._sock = self._raw = self._awaited = None

    def _make_room(self):
        if self._start:
            size = self._end - self._start
            self._view[:size] = bytes(self._view[self._start : self._end])  # the two may overlap
        else:
            size = self._end
            self._buffer = self._buffer + bytearray(size)
            self._view = memoryview(self._buffer)
        self._start, self._end = 0, size

    def _give_way(self):
        # One turn of the loop for the others.  Not by way of the poller, which does not see what the TLS layer holds.
        self._burst = 0
        yield from core.sleep_ms(0)

    def _read_some(self, view):
        # Returns how many bytes came, 0 at the end of the stream, None if it would block.
        try:
            count = self._sock.readinto(view)
        except OSError as exc:
            raise from_socket(exc)
        if count is None:
            self._burst = 0
            return None
        self.received += count
        self._burst += count
        return count

    def _write_some(self, data):
        # Returns how many bytes were taken, or None.
        if self._awaited is not self._raw:
            return self._shake_hands(data)
        try:
            count = self._sock.write(data)
        except OSError as exc:
            raise from_socket(exc)
        if count is None:
            self._burst = 0
        else:
            self.sent += count
            self._burst += count
        return count

    def _shake_hands(self, data):
        # One step of the handshake, which may take a board seconds of arithmetic; the last one sends data.
        unwatched(True)
        try:
            count = self._sock.write(data)
        except (OSError, ValueError, MemoryError) as exc:
            raise self._party.failed(exc)
        finally:
            unwatched(False)
        if count:
            self._party.succeeded()
            self._party = None
            self.sent += count
            self.secured_at = ticks_ms()
            self._awaited = self._raw
        return count

    def connected(self):
        """Awaitable: wait until the TCP connection stands, or raise what keeps it from standing."""
        yield core._io_queue.queue_write(self._raw)
        try:
            self._end = self._sock.readinto(self._view) or 0  # a failed connect is reported by the next operation
        except OSError as exc:
            raise from_socket(exc)


async def connect(url, times):
    """Stream: connected to the host of `url` (Url), under TLS if that is secure; its times go into `times` (dict, see Trace).

    The TLS handshake is made by the first write.
    """
    if url.secure:
        trust.check()
    times["domainLookUpStart"] = ticks_ms()
    addresses = await resolve(url.host, url.port)
    times["connectStart"] = times["domainLookUpEnd"] = ticks_ms()
    stream = await _first_that_answers(addresses)
    times["connectEnd"] = ticks_ms()
    if url.secure:
        times["SSLconnectionStart"] = times["connectEnd"]
        try:
            stream.secure(trust.Party(url.host, url.port))
        except (KioskError, MemoryError):
            stream.close()
            raise
    return stream


async def _first_that_answers(addresses):
    error = None
    for family, address in addresses:
        started = ticks_ms()
        stream = Stream(_open(family))
        try:
            await _connect(stream, address)
        except KioskError as exc:
            stream.close()
            error = exc
            continue
        except BaseException:  # cancelled: nobody else knows of this socket
            stream.close()
            raise
        stream.peer = address
        stream.connect_ms = ticks_diff(ticks_ms(), started)
        return stream
    raise error


def _open(family):
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as exc:
        raise from_socket(exc)
    sock.setblocking(False)
    if _NODELAY:
        sock.setsockopt(_IPPROTO_TCP, _NODELAY, 1)
    return sock


async def _connect(stream, address):
    try:
        stream._raw.connect(address)
    except OSError as exc:
        if exc.args[0] != errno.EINPROGRESS:
            raise from_socket(exc)
        await stream.connected()
