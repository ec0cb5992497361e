"""
The WebSocket that blocks.  Touches the stream it is given, through the kiosk's reader and frames.

Names and behaviour are those of danni/uwebsockets, which existing programs were written for.  What differs: messages
in fragments arrive whole, text is checked, and close() waits for the peer's answer.
"""

import asyncio
import errno

from kiosk.errors import KioskError
from kiosk.net.websocket.frames import BINARY, CLOSE, NORMAL, PING, PONG, TEXT, Refused, close_data, parse_close
from kiosk.net.websocket.outbox import send_frame
from kiosk.net.websocket.reader import Reader

CLOSE_OK = NORMAL
_GOODBYE_MS = const(1000)  # for the peer's answer to a close frame


class ConnectionClosed(Exception):
    """The peer has broken the protocol; the WebSocket is closed."""


class Websocket:
    """A WebSocket.  open (bool); reads only while recv() runs, so pings are answered then."""

    is_client = False

    def __init__(self, loop, stream):
        self.open = True
        self._loop = loop
        self._stream = stream
        self._reader = Reader(stream)
        self._receiving = False
        self._arrived = asyncio.Event()
        self._arrival = None  # (opcode, data), or the exception that reading has ended with
        self._timeout_ms = None

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.close()

    def settimeout(self, timeout):
        """Let recv() and send() raise OSError(ETIMEDOUT) after `timeout` seconds; None: never.

        The next recv() goes on where one has ended so; a send() that has ended so closes the WebSocket.
        """
        self._timeout_ms = None if timeout is None else int(timeout * 1000)

    def recv(self):
        """The next message, str or bytes; None once the peer has closed, "" where it has hung up without a word.

        Raises ConnectionClosed, and OSError.
        """
        assert self.open
        try:
            return self._run(self._received())
        except EOFError:
            self._close()
            return ""

    def send(self, buf):
        """Send a str as text, bytes-like as binary.  Raises OSError."""
        assert self.open
        if not isinstance(buf, (str, bytes, bytearray, memoryview)):
            raise TypeError("str or bytes expected")
        try:
            self._run(send_frame(self._stream, TEXT if isinstance(buf, str) else BINARY, buf))
        except OSError:
            self._close()  # the peer could make nothing of what comes after a part of a frame
            raise

    def close(self, code=CLOSE_OK, reason=""):
        """Say goodbye, wait a second for the answer, and close."""
        if self.open:
            try:
                self._loop.run(self._say_goodbye(close_data(code, reason)))
            except (KioskError, Refused, EOFError, asyncio.TimeoutError):
                return  # it is closed all the same
            finally:
                self._close()

    def _run(self, coroutine):
        try:
            if self._timeout_ms is None:
                return self._loop.run(coroutine)
            return self._loop.run(asyncio.wait_for_ms(coroutine, self._timeout_ms))
        except asyncio.TimeoutError:
            raise OSError(errno.ETIMEDOUT, "timeout")
        except EOFError:
            raise
        except KioskError as exc:
            self._close()
            raise OSError(exc.errno, exc.reason)
        except Refused as exc:
            self.close(exc.code, exc.reason)
            raise ConnectionClosed(exc.reason)
        except BaseException:  # the guard, Ctrl-C: a frame may be half sent
            self._close()
            raise

    async def _received(self):
        opcode, data = await self._next()
        if opcode != CLOSE:
            return data
        code, _ = parse_close(data)
        await send_frame(self._stream, CLOSE, close_data(code, ""))
        self._close()
        return None

    async def _next(self):
        # Another task reads, so that a timeout ends the waiting and not the reading of a message.
        if not self._receiving:
            self._receiving = True
            asyncio.create_task(self._receive())
        await self._arrived.wait()
        self._arrived.clear()
        self._receiving = False
        arrival, self._arrival = self._arrival, None
        if isinstance(arrival, Exception):
            raise arrival
        return arrival

    async def _receive(self):
        try:
            while not self._arrival:
                opcode, data = await self._reader.next()
                if opcode == PING:
                    await send_frame(self._stream, PONG, data)
                elif opcode != PONG:
                    self._arrival = (opcode, data)
        except (KioskError, Refused, EOFError) as exc:
            self._arrival = exc
        self._arrived.set()

    async def _say_goodbye(self, data):
        await send_frame(self._stream, CLOSE, data)
        await asyncio.wait_for_ms(self._until_close(), _GOODBYE_MS)

    async def _until_close(self):
        while (await self._next())[0] != CLOSE:
            pass

    def _close(self):
        self.open = False
        self._stream.close()
