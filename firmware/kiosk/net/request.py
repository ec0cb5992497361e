"""
The service under wx.request: from options to a request, from a response to a result.

Touches the network through http only, and asks kiosk.app for the running mini-program's settings.
"""

import json
import re

from kiosk import app
from kiosk.api import type_name
from kiosk.errors import KioskError, from_exception
from kiosk.net import activity, domains, http, pool
from kiosk.net.body import MemorySink
from kiosk.net.jsontext import loads
from kiosk.net.text import decode, without_mark
from kiosk.net.trace import Trace
from kiosk.net.url import encode_component, parse, with_query

_METHODS = ("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT")
_WITHOUT_BODY = ("GET", "HEAD", "TRACE", "CONNECT")
_TIMEOUT_MS = const(60000)  # wx-rules.md, rule 8
_CHUNK_BYTES = const(2048)
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"

# What a mini-program cannot set: Referer by WeChat's rule, the others because they are this client's own business.
_REFUSED = ("referer", "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "expect")


class _Call:
    """One call of wx.request, as the handler of its exchange (see http.fetch)."""

    def __init__(self, options, task, settings):
        self._options = options
        self._task = task
        self._settings = settings
        self._sink = None

    def check(self, url):
        """Raise for a server that the mini-program may not talk to."""
        domains.check("request", url, self._settings)

    def sink(self, response):
        """Tell the listeners of the head; the sink for the body."""
        options = self._options
        self._task.emit("HeadersReceived", header=response.header, statusCode=response.status, cookies=response.cookies)
        if options["redirect"] == "manual" and 300 <= response.status < 400:
            return None
        if options["enableChunked"]:
            if response.get(b"content-encoding").lower() not in ("", "identity"):
                raise KioskError("unsupported", "enableChunked with a compressed response")
            return _ChunkSink(self._task)
        self._sink = MemorySink(response.length)
        return self._sink

    async def run(self, trace):
        """Result of the success."""
        response = await http.fetch(_request(self._options), self, trace)
        return {
            "data": await self._data(response),
            "statusCode": response.status,
            "header": response.header,
            "cookies": response.cookies,
            "profile": trace.profile() if self._options["enableProfile"] else None,
            "exception": trace.exception(),
            "useHttpDNS": False,
        }

    async def _data(self, response):
        sink = self._sink
        if not sink:
            return b"" if self._options["responseType"] == "arraybuffer" else ""
        coding = response.get(b"content-encoding").lower()
        if sink.size and coding:
            from kiosk.net import inflate

            if inflate.is_compressed(coding):
                sink = self._sink = await inflate.inflate(sink.data(), coding)
        if self._options["responseType"] == "arraybuffer":
            return bytes(sink.data())
        data = without_mark(sink.data())
        if self._options["dataType"] == "json":
            return await _parsed(sink.buffer, sink.size - len(data), data)
        return await decode(data)


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
    program = app.current
    trace = Trace()
    try:
        call = _Call(options, task, program.settings if program else {})
        if program:
            _attach(program)
        return await activity.run(task, _timeout_ms(options["timeout"], program), trace, call.run(trace))
    except (KioskError, OSError, MemoryError) as exc:
        error = from_exception(exc)
        error.fields = {"exception": trace.exception(), "useHttpDNS": False}
        raise error


def _attach(program):
    if pool.close_all not in program.at_close:
        program.at_close.append(pool.close_all)
        program.at_background.append(activity.interrupt_all)


def _timeout_ms(timeout, program):
    if not timeout and program:
        timeout = program.config.get("networkTimeout", {}).get("request")
    return int(timeout) if timeout and timeout > 0 else _TIMEOUT_MS


def _request(options):
    method = options["method"].upper()
    if method not in _METHODS:
        raise KioskError("parameter", "parameter.method should be one of %s;" % "|".join(_METHODS))
    header = _header(options["header"] or {})
    url, data = options["url"], options["data"]
    body = None
    if method in _WITHOUT_BODY:
        url = with_query(url, _query(data))
    elif data is not None:
        body = http.Bytes(_body(data, header))
    return http.Request(method, parse(url), header, body, options["redirect"] != "manual")


def _header(given):
    header = {"Content-Type": _JSON, "User-Agent": "mpkiosk"}
    for name, value in given.items():
        lower = name.lower() if isinstance(name, str) else ""
        if lower in _REFUSED or value is None:
            continue
        value = _text(value)
        if not lower or re.search("[^!#$%&'*+.^_`|~0-9a-z-]", lower) or any(char in value for char in "\r\n\0"):
            raise KioskError("parameter", "parameter.header has an invalid field %r;" % name)
        if lower == "content-type":
            name = "Content-Type"
        elif lower == "user-agent":
            name = "User-Agent"
        header[name] = value
    return header


def _query(data):
    if data is None or isinstance(data, str):
        return data or ""
    if type_name(data) == "ArrayBuffer":
        raise KioskError("invalid data", "an ArrayBuffer cannot become a query")
    return _pairs(data)


def _body(data, header):
    if isinstance(data, str):
        return data.encode()
    if type_name(data) == "ArrayBuffer":
        return data
    if header["Content-Type"].lower().startswith(_FORM):
        return _pairs(data).encode()
    return _dumped(data).encode()


def _pairs(data):
    items = data.items() if isinstance(data, dict) else enumerate(data)
    return "&".join(
        ["%s=%s" % (encode_component(_text(name)), encode_component(_text(value))) for name, value in items]
    )


def _text(value):
    # A value as JavaScript's String() has it; but objects and arrays as JSON, which WeChat makes of them.
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return _dumped(value)


def _dumped(value):
    try:
        return json.dumps(value)
    except (TypeError, ValueError) as exc:
        raise KioskError("invalid data", str(exc))


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
