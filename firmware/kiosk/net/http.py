"""
HTTP/1.1 exchanges: a request goes out, redirects are followed, the response's body goes into a sink.

Touches connections only through stream and pool.  Raises KioskError: "network", "tls", "redirects", "url", "oom", and
whatever the handler raises.

A body source is an object with `length` (int), `data` (its bytes-like content if all of it is in memory, else None) and
`send(stream)`, a coroutine function that writes it from its beginning each time it is called.
"""

import asyncio
from time import ticks_ms

from kiosk.errors import KioskError
from kiosk.net import body, pool
from kiosk.net.message import read_head
from kiosk.net.reasons import failed
from kiosk.net.stream import connect
from kiosk.net.url import join

_REDIRECTS_MAX = const(5)
_UNWANTED_BYTES_MAX = const(4096)  # reading that much is cheaper than another connection
_TOGETHER_BYTES = const(2048)  # a body up to this goes out in one piece with the head
_STATUS_AT = const(9)  # in "HTTP/1.1 200 OK"
_REDIRECTIONS = (301, 302, 303, 307, 308)
_IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE")
_PRIVATE = ("authorization", "cookie")


class Bytes:
    """Body source: bytes-like data in memory, which is not copied."""

    def __init__(self, data):
        self.data = data
        self.length = len(data)

    async def send(self, stream):
        """Write all of it."""
        await stream.write(self.data)


class Request:
    """What is to be sent: method (str), url (Url), header (dict of str), body (a source or None).

    With `follow`, redirects are followed, which changes all four.
    """

    def __init__(self, method, url, header, body=None, follow=True):
        self.method = method
        self.url = url
        self.header = header
        self.body = body
        self.follow = follow

    def head(self):
        """bytes: request line and header lines."""
        url = self.url
        target = url.host_and_port if self.method == "CONNECT" else url.target
        parts = [self.method, " ", target, " HTTP/1.1\r\nHost: ", url.authority, "\r\n"]
        for name, value in self.header.items():
            parts.extend((name, ": ", value, "\r\n"))
        if self.body:
            parts.append("Content-Length: %d\r\n" % self.body.length)
        elif self.method in ("POST", "PUT"):
            parts.append("Content-Length: 0\r\n")
        parts.append("\r\n")
        return "".join(parts).encode()

    def redirect(self, response, handler):
        """bool: whether `response` sends this request elsewhere; it has been changed to go there."""
        location = response.get(b"location")
        if not self.follow or response.status not in _REDIRECTIONS or not location:
            return False
        url = join(self.url, location)
        if self.url.secure and not url.secure:
            raise failed("UNSAFE_REDIRECT")
        handler.check(url)
        if (response.status in (301, 302) and self.method == "POST") or (
            response.status == 303 and self.method != "HEAD"
        ):
            self.method = "GET"
            self.body = None
        if url.key != self.url.key:
            for name in tuple(self.header):
                if name.lower() in _PRIVATE:
                    del self.header[name]
        self.url = url
        return True


async def fetch(request, handler, trace):
    """Response: the last one to `request` (Request), its body taken.

    `handler` has `check(url)`, which raises for a Url that must not be asked, and `sink(response)`, called once with
    the final Response, which returns the sink for its body, or None to leave the body.  `trace` is a Trace.
    """
    trace.times["fetchStart"] = ticks_ms()
    handler.check(request.url)
    for _ in range(_REDIRECTS_MAX + 1):
        key = request.url.key
        stream, response = await _respond(request, trace)
        try:
            if not request.redirect(response, handler):
                await _deliver(stream, response, handler, trace)
                _release(key, stream, response)
                return response
            await _skip(stream, response)
        except BaseException:  # cancelled, too: the connection ends with its user
            stream.close()
            raise
        finally:
            trace.count(stream)
        _release(key, stream, response)
        trace.redirected(key == request.url.key)
    raise KioskError("redirects", _REDIRECTS_MAX)


async def _respond(request, trace):
    # The stream and the head that came.  A kept connection that turns out to have been closed is tried anew once, if
    # the server cannot have acted on the request, or may do so twice.
    key = request.url.key
    stream = pool.take(key)
    if stream:
        stream.sent = stream.received = 0
        try:
            return stream, await _attempt(stream, request, trace, True)
        except KioskError as exc:
            if exc.args[0] != "network" or stream.received or (stream.sent and request.method not in _IDEMPOTENT):
                raise
            pool.drop(key)
            trace.failed(exc)
    stream = await connect(request.url, trace.times)
    return stream, await _attempt(stream, request, trace, False)


async def _attempt(stream, request, trace, reused):
    trace.use(stream, request.url.port, reused)
    try:
        times = trace.times
        times["requestStart"] = ticks_ms()
        unsent = await _send(stream, request)
        if stream.secured_at and not reused:
            times["requestStart"] = times["SSLconnectionEnd"] = stream.secured_at
        times["requestEnd"] = ticks_ms()
        trace.prepare()
        try:
            if not stream.buffered():
                await stream.fill()
            times["responseStart"] = ticks_ms()
            response = await read_head(stream, request.method)
        except KioskError as exc:
            raise unsent or exc
        if response.status == 101:
            raise failed("INVALID_HTTP_RESPONSE")  # nobody asked for another protocol
        if unsent:
            response.keep_alive = False
        return response
    except BaseException:  # cancelled, too: the connection ends with its user
        stream.close()
        trace.count(stream)
        raise


async def _send(stream, request):
    # Returns the KioskError that kept the body from being sent in full: the server may have answered before.
    head = request.head()
    source = request.body
    if source is None:
        await stream.write(head)
    elif source.data is not None and source.length <= _TOGETHER_BYTES:
        await stream.write(head + bytes(source.data))
    else:
        await stream.write(head)
        stream.answered = False
        heeding = asyncio.create_task(_heed(stream, asyncio.current_task()))
        try:
            await source.send(stream)
        except KioskError as exc:
            if exc.args[0] != "network":
                raise
            return exc
        finally:
            heeding.cancel()
    return None


async def _heed(stream, writer):
    # A server that refuses a body may answer before it has read all of it, and then read no further.
    try:
        while stream.buffered() < _STATUS_AT + 1 and await stream.fill():
            pass
    except KioskError:
        return  # the writer meets the same failure
    if stream.peek(_STATUS_AT + 1)[_STATUS_AT:] != b"1":  # an interim response is from one that reads on
        stream.stop_waiting(writer)


async def _deliver(stream, response, handler, trace):
    sink = handler.sink(response)
    if sink is None:
        await _skip(stream, response)
    else:
        before = stream.received - stream.buffered()
        await body.read(stream, response, sink)
        trace.body_bytes = stream.received - stream.buffered() - before
    trace.times["responseEnd"] = ticks_ms()


async def _skip(stream, response):
    # Read a small body that nobody wants, so that the connection can be used again; leave any other.
    if not response.keep_alive or (response.length or 0) > _UNWANTED_BYTES_MAX:
        response.keep_alive = False
        return
    try:
        await body.read(stream, response, body.NullSink(_UNWANTED_BYTES_MAX))
    except KioskError:
        response.keep_alive = False


def _release(key, stream, response):
    if response.keep_alive and not stream.buffered():
        pool.give(key, stream)
    else:
        stream.close()
