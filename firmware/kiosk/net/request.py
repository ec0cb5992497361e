"""
The service under wx.request: from options to a request, from a response to a result.

Touches the network through call and http only.
"""

from kiosk.api import type_name
from kiosk.errors import KioskError, from_exception
from kiosk.net import fields, http
from kiosk.net.body import MemorySink
from kiosk.net.call import Call
from kiosk.net.jsontext import loads
from kiosk.net.text import decode, without_mark
from kiosk.net.url import parse, with_query

_METHODS = ("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT")
_WITHOUT_BODY = ("GET", "HEAD", "TRACE", "CONNECT")
_CHUNK_BYTES = const(2048)
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class _Request(Call):
    """One call of wx.request."""

    _sink = None

    def sink(self, response):
        """Tell the listeners of the head; the sink for the body."""
        options = self.options
        self.tell_head(response)
        if options["redirect"] == "manual" and 300 <= response.status < 400:
            return None
        if options["enableChunked"]:
            if response.get(b"content-encoding").lower() not in ("", "identity"):
                raise KioskError("unsupported", "enableChunked with a compressed response")
            return _ChunkSink(self.task)
        self._sink = MemorySink(response.length)
        return self._sink

    async def result(self):
        """dict: the fields of the success."""
        response = await self.fetch(_request(self.options))
        return {
            "data": await self._data(response),
            "statusCode": response.status,
            "header": response.header,
            "cookies": response.cookies,
            "profile": self.profile(),
            "exception": self.trace.exception(),
            "useHttpDNS": False,
        }

    async def _data(self, response):
        sink = self._sink
        if not sink:
            return b"" if self.options["responseType"] == "arraybuffer" else ""
        sink = self._sink = await plain(sink, response)
        if self.options["responseType"] == "arraybuffer":
            return bytes(sink.data())
        data = without_mark(sink.data())
        if self.options["dataType"] == "json":
            return await _parsed(sink.buffer, sink.size - len(data), data)
        return await decode(data)


async def plain(sink, response):
    """MemorySink: the body in `sink` (MemorySink), decompressed if the server has compressed it."""
    coding = response.get(b"content-encoding").lower()
    if sink.size and coding:
        from kiosk.net import inflate

        if inflate.is_compressed(coding):
            return await inflate.inflate(sink.data(), coding)
    return sink


class _ChunkSink:
    """Gives each piece of a body to the listeners as it comes."""

    def __init__(self, task):
        self._task = task
        self._view = memoryview(bytearray(_CHUNK_BYTES))

    def room(self, count):
        """memoryview: always the same."""
        return self._view

    def filled(self, count):
        """Emit ChunkReceived {data: bytes}."""
        self._task.emit("ChunkReceived", data=bytes(self._view[:count]))


async def request(options, task):
    """Answer wx.request: `options` as declared in wx/network.py, `task` its RequestTask."""
    call = _Request(options, task)
    try:
        return await call.run(call.result())
    except (KioskError, OSError, MemoryError) as exc:
        error = from_exception(exc)
        error.fields = {"exception": call.trace.exception(), "useHttpDNS": False}
        raise error


def _request(options):
    method = options["method"].upper()
    if method not in _METHODS:
        raise KioskError("parameter", "parameter.method should be one of %s;" % "|".join(_METHODS))
    header = fields.header(options["header"], {"Content-Type": _JSON})
    url, data = options["url"], options["data"]
    body = None
    if method in _WITHOUT_BODY:
        url = with_query(url, _query(data))
    elif data is not None:
        body = http.Bytes(_body(data, header))
    return http.Request(method, parse(url), header, body, options["redirect"] != "manual")


def _query(data):
    if data is None or isinstance(data, str):
        return data or ""
    if type_name(data) == "ArrayBuffer":
        raise KioskError("invalid data", "an ArrayBuffer cannot become a query")
    return fields.pairs(data)


def _body(data, header):
    if isinstance(data, str):
        return data.encode()
    if type_name(data) == "ArrayBuffer":
        return data
    if header["Content-Type"].lower().startswith(_FORM):
        return fields.pairs(data).encode()
    return fields.dumped(data).encode()


async def _parsed(buffer, start, data):
    try:
        return loads(buffer, start, len(data))
    except UnicodeError:
        text = await decode(data)
    except ValueError:
        return await decode(data)
    mended = bytearray(text.encode())
    try:
        return loads(mended, 0, len(mended))
    except ValueError:
        return text
